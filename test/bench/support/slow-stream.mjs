// An upstream whose streams stay open: a word every so many ms. Arguments: ms between two words, how many words.
import { createServer } from 'node:http';

const every = Number(process.argv[2]), words = Number(process.argv[3]);
const event = (choices, more = {}) => `data: ${JSON.stringify({ id: 'chatcmpl-slow', object: 'chat.completion.chunk', created: 1, model: 'slow', choices, ...more })}\n\n`;
createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    let said = 0;
    const timer = setInterval(() => {
      said += 1;
      if (said <= words) { response.write(event([{ index: 0, delta: { content: 'word ' }, finish_reason: null }])); return; }
      clearInterval(timer);
      response.end(`${event([{ index: 0, delta: {}, finish_reason: 'stop' }])}${event([], { usage: { prompt_tokens: 3, completion_tokens: words } })}data: [DONE]\n\n`);
    }, every);
    response.on('close', () => { clearInterval(timer); });
  });
}).listen({ port: 0, host: '127.0.0.1', backlog: 2_048 }, function listening() { process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${this.address().port}` })}\n`); });
