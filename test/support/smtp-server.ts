// A mail server on loopback that speaks enough SMTP (RFC 5321) for a client, and keeps what it was given.
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface ReceivedMail { readonly from: string; readonly to: readonly string[]; /** Headers and body, its quoted-printable undone. */ readonly data: string; readonly user: string | null }
export interface TestSmtp {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** While set, every recipient is refused with this answer. */
  refuseWith(answer: string | null): void;
  close(): Promise<void>;
}

export async function startTestSmtp(): Promise<TestSmtp> {
  const mails: ReceivedMail[] = [], open = new Set<Socket>();
  let refusal: string | null = null;
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => { open.delete(socket); }).on('error', () => { socket.destroy(); });
    let from = '', to: string[] = [], user: string | null = null, body: string[] | null = null, rest = '';
    const say = (line: string): void => { socket.write(`${line}\r\n`); };
    const command = (line: string): void => {
      if (body) {
        if (line === '.') { mails.push({ from, to, data: unquoted(body.join('\n')), user }); body = null; to = []; say('250 kept'); } else body.push(line.startsWith('.') ? line.slice(1) : line);
        return;
      }
      const [verb = ''] = line.toUpperCase().split(/[ :]/);
      if (verb === 'EHLO' || verb === 'HELO') say(verb === 'EHLO' ? '250-loopback\r\n250-AUTH PLAIN\r\n250 8BITMIME' : '250 loopback');
      else if (verb === 'AUTH') { user = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString().split('\u0000')[1] ?? null; say('235 hello'); }
      else if (verb === 'MAIL') { from = /<([^>]*)>/.exec(line)?.[1] ?? ''; say('250 ok'); }
      else if (verb === 'RCPT') { if (refusal) say(refusal); else { to.push(/<([^>]*)>/.exec(line)?.[1] ?? ''); say('250 ok'); } }
      else if (verb === 'DATA') { body = []; say('354 go on'); }
      else if (verb === 'QUIT') { say('221 bye'); socket.end(); }
      else if (verb === 'RSET' || verb === 'NOOP') say('250 ok');
      else say('502 unknown');
    };
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) command(line);
    });
    say('220 loopback');
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    url: `smtp://reminder:secret@127.0.0.1:${(server.address() as AddressInfo).port}`, mails,
    refuseWith: (answer) => { refusal = answer; },
    close: () => new Promise((resolve) => { for (const socket of open) socket.destroy(); server.close(() => { resolve(); }); }),
  };
}

function unquoted(text: string): string { return text.replaceAll(/=\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))); }
