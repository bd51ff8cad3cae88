// Starts another gateway's server script on a free port and prints its URL once it answers. Argument: the script.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const port = await new Promise((resolve) => { const probe = createServer().listen(0, '127.0.0.1', () => { const { port: free } = probe.address(); probe.close(() => { resolve(free); }); }); });
const child = spawn(process.execPath, [process.argv[2], `--port=${port}`, '--headless'], { stdio: 'ignore' });
process.once('SIGTERM', () => { child.kill('SIGKILL'); process.exit(0); });
process.once('exit', () => { child.kill('SIGKILL'); });
const url = `http://127.0.0.1:${port}`;
for (let i = 0; i < 600; i++) {
  if (await fetch(url).then(() => true, () => false)) { process.stdout.write(`${JSON.stringify({ url, pid: child.pid })}\n`); break; }
  await new Promise((done) => { setTimeout(done, 50); });
}
