// The benchmark's upstream: as little HTTP as will do, straight on sockets, so that the two cores are left to what is measured.
// Arguments: delay in ms before an answer, and the number of words of a stream.
import { createServer } from 'node:net';

const delay = Number(process.argv[2] ?? 0), words = Number(process.argv[3] ?? 20);
const usage = { prompt_tokens: 120, completion_tokens: words, total_tokens: 120 + words, prompt_tokens_details: { cached_tokens: 64 } };
const body = JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion', created: 1, model: 'bench', choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(words) }, finish_reason: 'stop' }], usage });
const plain = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: up\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
const chunk = (text) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const event = (choices, more = {}) => chunk(`data: ${JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion.chunk', created: 1, model: 'bench', choices, ...more })}\n\n`);
const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nx-request-id: up\r\ntransfer-encoding: chunked\r\n\r\n';
const pieces = [head + event([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
  ...Array.from({ length: words }, () => event([{ index: 0, delta: { content: 'word ' }, finish_reason: null }])),
  event([{ index: 0, delta: {}, finish_reason: 'stop' }]) + event([], { usage }) + chunk('data: [DONE]\n\n') + '0\r\n\r\n'].map((text) => Buffer.from(text));

function answer(socket, stream) {
  if (!stream) { socket.write(plain); return; }
  let next = 0;
  // One write a word, as a provider does; setImmediate lets other streams in between.
  const step = () => { socket.write(pieces[next]); next += 1; if (next < pieces.length) setImmediate(step); };
  step();
}

createServer((socket) => {
  let held = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    held = held.length > 0 ? Buffer.concat([held, data]) : data;
    for (;;) {
      const end = held.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(held.toString('latin1', 0, end))?.[1] ?? 0), total = end + 4 + length;
      if (held.length < total) return;
      const stream = held.includes('"stream":true');
      held = held.subarray(total);
      if (delay > 0) setTimeout(answer, delay, socket, stream); else answer(socket, stream);
    }
  });
}).listen(0, '127.0.0.1', function listening() { process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${this.address().port}` })}\n`); });
