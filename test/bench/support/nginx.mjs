// The benchmark's upstream for JSON answers where nginx is installed (apt-get install nginx-light): one process, a fixed answer. Prints its URL.
// Arguments: the number of words of the answer, and a folder for its files.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

const words = Number(process.argv[2]), folder = process.argv[3];
const port = await new Promise((resolve) => { const probe = createServer().listen(0, '127.0.0.1', () => { const { port: free } = probe.address(); probe.close(() => { resolve(free); }); }); });
const usage = { prompt_tokens: 120, completion_tokens: words, total_tokens: 120 + words, prompt_tokens_details: { cached_tokens: 64 } };
const body = JSON.stringify({ id: 'chatcmpl-bench', object: 'chat.completion', created: 1, model: 'bench', choices: [{ index: 0, message: { role: 'assistant', content: 'word '.repeat(words) }, finish_reason: 'stop' }], usage });
const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder};`).join(' ');
writeFileSync(join(folder, 'nginx.conf'), `daemon off; master_process off; pid ${folder}/pid; error_log stderr error; events { worker_connections 4096; }
http { access_log off; ${kept} keepalive_requests 100000000; server { listen 127.0.0.1:${port}; default_type application/json;
location / { add_header x-request-id up; return 200 '${body}'; } } }`);
// Killed with this process, however that ends: nginx would outlive a benchmark that is killed.
const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'nginx', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
child.once('error', () => process.exit(1));
const url = `http://127.0.0.1:${port}`;
for (let i = 0; i < 200; i++) {
  if (await fetch(url, { method: 'POST', body: '{}' }).then((answer) => answer.ok, () => false)) { process.stdout.write(`${JSON.stringify({ url, pid: child.pid })}\n`); break; }
  await new Promise((done) => { setTimeout(done, 25); });
}
