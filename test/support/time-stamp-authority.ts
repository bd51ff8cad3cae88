// A time stamp authority of OpenSSL's making behind HTTP on loopback: what it signs, others wrote.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Authority { readonly url: string; /** Requests answered. */ answered: number; /** Answers with this status instead, when set. */ failWith: number | undefined; /** Changes the answers, when set. */ spoil: ((answer: Buffer) => Buffer) | undefined; /** PEM of its certificate. */ readonly certificatePath: string; /** What `openssl ts -verify` says of a token over these bytes. */ verify(token: Buffer, bytes: Buffer): string; close(): Promise<void> }

export async function startAuthority(): Promise<Authority> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-tsa-')), at = (name: string): string => join(folder, name);
  writeFileSync(at('tsa.cnf'), `[req]\ndistinguished_name=dn\nprompt=no\nx509_extensions=ext\n[dn]\nCN=Test Time Stamp Authority\n[ext]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=critical,timeStamping\n`
    + `[tsa]\ndefault_tsa=t\n[t]\nserial=${at('serial')}\ncrypto_device=builtin\nsigner_cert=${at('cert.pem')}\nsigner_key=${at('key.pem')}\nsigner_digest=sha256\ndefault_policy=1.2.3.4.1\ndigests=sha256\naccuracy=secs:1\nordering=no\ntsa_name=no\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n`);
  const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '3650', '-config', at('tsa.cnf'), '-keyout', at('key.pem'), '-out', at('cert.pem'));
  writeFileSync(at('serial'), '01\n');
  const authority: Authority = {
    url: '', answered: 0, failWith: undefined, spoil: undefined, certificatePath: at('cert.pem'),
    verify: (token, bytes) => { writeFileSync(at('token'), token); writeFileSync(at('bytes'), bytes); return openssl('ts', '-verify', '-data', at('bytes'), '-in', at('token'), '-token_in', '-CAfile', at('cert.pem')); },
    close: () => new Promise((resolve) => { server.close(() => { rmSync(folder, { recursive: true, force: true }); resolve(); }); server.closeAllConnections(); }),
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      if (authority.failWith !== undefined) { response.writeHead(authority.failWith).end(); return; }
      writeFileSync(at('query'), Buffer.concat(parts));
      openssl('ts', '-reply', '-config', at('tsa.cnf'), '-queryfile', at('query'), '-out', at('reply'));
      authority.answered += 1;
      response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(authority.spoil ? authority.spoil(readFileSync(at('reply'))) : readFileSync(at('reply')));
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', () => resolve()); });
  return Object.assign(authority, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/tsa` });
}
