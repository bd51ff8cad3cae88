// The yardstick: a bare node:http + undici forwarder that checks nothing, meters nothing and records nothing. Argument: the upstream's URL.
import { createServer } from 'node:http';
import { Agent } from 'undici';

const target = process.argv[2], agent = new Agent({ pipelining: 1 });
const drop = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

createServer((request, response) => {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !drop.has(name)));
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    agent.stream({ origin: target, path: request.url, method: request.method, headers, body: Buffer.concat(chunks), opaque: response }, ({ statusCode, headers: given, opaque }) => {
      delete given['transfer-encoding'];
      delete given.connection;
      opaque.writeHead(statusCode, given);
      return opaque;
    }).catch(() => response.destroy());
  });
}).listen(0, '127.0.0.1', function listening() { process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${this.address().port}` })}\n`); });
