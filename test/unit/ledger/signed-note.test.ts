import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { checkpointText, openSignedNote, parseCheckpointText } from '../../../src/domain/ledger/log/checkpoint.js';
import { formatLogProof, parseLogProof, verifyLogProof } from '../../../src/domain/ledger/log/log-proof.js';
import { leafHash, nodeHash } from '../../../src/domain/ledger/log/merkle.js';
import { formatVerifierKey, noteKey, openNote, parseVerifierKey, signNote, type NoteKey } from '../../../src/domain/ledger/log/signed-note.js';

interface Signer { readonly key: NoteKey; sign(message: Buffer): Buffer }
function signer(name: string): Signer {
  const { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject } = generateKeyPairSync('ed25519');
  return { key: noteKey(name, Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url')), sign: (message) => sign(null, message, privateKey) };
}

// golang.org/x/mod/sumdb/note, the reference implementation's own example.
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const NOTE = `${TEXT}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;

test('the published example note opens with its published key', () => {
  expect(openNote(NOTE, [parseVerifierKey(VKEY)])).toMatchObject({ text: TEXT, verified: [{ name: 'PeterNeumann' }] });
  expect(formatVerifierKey(parseVerifierKey(VKEY))).toBe(VKEY);
  expect(openNote(Buffer.from(NOTE), [parseVerifierKey(VKEY)]).text).toBe(TEXT);
});

test('every single-bit change of the published note is refused', () => {
  const bytes = Buffer.from(NOTE);
  const key = parseVerifierKey(VKEY);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes);
    changed[bit >> 3]! ^= 1 << (bit & 7);
    expect(() => openNote(changed, [key])).toThrow();
  }
});

test.each([
  ['another id', VKEY.replace('c74f20a3', 'c74f20a4')], ['an id of other length', VKEY.replace('c74f20a3', 'c74f20a')], ['upper-case id', VKEY.replace('c74f20a3', 'C74F20A3')],
  ['another name', VKEY.replace('Peter', 'Paul')], ['another type', VKEY.replace('+ARpc', '+BRpc')], ['other base64', `${VKEY}=`], ['no key', 'PeterNeumann+c74f20a3+'], ['no parts', 'PeterNeumann'],
])('a verifier key with %s is refused', (_, vkey) => {
  expect(() => parseVerifierKey(vkey)).toThrow();
});

test.each(['', 'a b', 'a+b', 'a\u2003b', 'a\tb', 'a\nb'])('%j is no key name', (name) => {
  expect(() => noteKey(name, Buffer.alloc(32))).toThrow('key name');
});

test('signatures of unknown keys are passed over, a false one by a known key refuses the note', () => {
  const [known, other, stranger] = [signer('a.example/log'), signer('witness.example'), signer('stranger.example')];
  const note = signNote('text\n', [stranger, known, other]);
  expect(openNote(note, [known.key]).verified).toEqual([known.key]);
  expect(openNote(note, [known.key, other.key]).verified).toEqual([known.key, other.key]);
  expect(() => openNote(note, [signer('nobody').key])).toThrow('no signature of a known key');
  const forged = signNote('text\n', [known, { key: other.key, sign: (message) => stranger.sign(message) }]);
  expect(() => openNote(forged, [known.key, other.key])).toThrow('does not match');
  expect(openNote(forged, [known.key]).verified).toEqual([known.key]);
});

test('a key of the same name and another id is unknown', () => {
  const [one, two] = [signer('same.example'), signer('same.example')];
  expect(() => openNote(signNote('t\n', [one]), [two.key])).toThrow('no signature of a known key');
});

test('sixteen signatures are read, seventeen are refused', () => {
  const signers = Array.from({ length: 17 }, (_, i) => signer(`w${i}`));
  expect(openNote(signNote('t\n', signers.slice(0, 16)), [signers[15]!.key]).verified).toHaveLength(1);
  expect(() => openNote(signNote('t\n', signers), [signers[0]!.key])).toThrow('more than 16');
});

test('the text ends at the last blank line and may hold blank lines itself', () => {
  const one = signer('a');
  expect(openNote(signNote('a\n\nb\n', [one]), [one.key]).text).toBe('a\n\nb\n');
});

test.each([['no newline at the end', NOTE.slice(0, -1)], ['a carriage return', NOTE.replace(',\n', ',\r\n')], ['a tab', NOTE.replace('If you', 'If\tyou')], ['no signature', `${TEXT}\n`], ['no blank line', TEXT],
  ['a hyphen for the dash', NOTE.replace('\u2014', '-')], ['two spaces', NOTE.replace('Neumann x', 'Neumann  x')], ['base64 without padding', NOTE.replace('nAM=', 'nAM')], ['other trailing bits', NOTE.replace('nAM=', 'nAN=')]])('a note with %s is refused', (_, note) => {
  expect(() => openNote(note, [parseVerifierKey(VKEY)])).toThrow();
});

test('bytes that are not UTF-8 are no note', () => {
  expect(() => openNote(Buffer.concat([Buffer.from([0xff]), Buffer.from(NOTE)]), [parseVerifierKey(VKEY)])).toThrow('UTF-8');
  expect(() => signNote('a\r\n', [])).toThrow();
  expect(() => signNote('a', [])).toThrow();
});

const root = Buffer.alloc(32, 9);
test('a checkpoint is origin, size and root, and opens to the same', () => {
  const log = signer('holdfast.example/log');
  const text = checkpointText({ origin: log.key.name, treeSize: 20_852_163n, root });
  expect(text).toBe(`holdfast.example/log\n20852163\n${root.toString('base64')}\n`);
  expect(openSignedNote(signNote(text, [log]), formatVerifierKey(log.key))).toEqual({ origin: 'holdfast.example/log', treeSize: 20_852_163n, root });
  expect(() => openSignedNote(signNote(text.replace('holdfast', 'other'), [log]), formatVerifierKey(log.key))).toThrow('is of other.example');
});

const base64 = root.toString('base64');
test.each([['leading zeros', `o\n07\n${base64}\n`], ['a sign', `o\n+7\n${base64}\n`], ['hex', `o\n0x7\n${base64}\n`], ['a space', `o\n7 \n${base64}\n`], ['no size', `o\n\n${base64}\n`], ['no origin', `\n7\n${base64}\n`],
  ['two lines', 'o\n7\n'], ['no end', `o\n7\n${base64}`], ['a short root', `o\n7\n${Buffer.alloc(31).toString('base64')}\n`], ['url base64', `o\n7\n${Buffer.alloc(32, 255).toString('base64url')}=\n`],
  ['an empty extension line', `o\n7\n${base64}\n\n`], ['twenty digits', `o\n${'9'.repeat(20)}\n${base64}\n`]])('a checkpoint text with %s is refused', (_, text) => {
  expect(() => parseCheckpointText(text)).toThrow();
});

test('size zero and extension lines are allowed', () => {
  expect(parseCheckpointText(`o\n0\n${base64}\nextension\n`)).toMatchObject({ treeSize: 0n });
});

test('a .tlog-proof verifies offline with entry and verifier key alone', () => {
  const log = signer('holdfast.example/log');
  const [one, two] = [Buffer.from('one'), Buffer.from('two')];
  const checkpoint = signNote(checkpointText({ origin: log.key.name, treeSize: 2n, root: nodeHash(leafHash(one), leafHash(two)) }), [log]);
  const text = formatLogProof({ index: 1n, path: [leafHash(one)], checkpoint, extra: Buffer.from('salt') });
  expect(text.split('\n').slice(0, 4)).toEqual(['c2sp.org/tlog-proof@v1', 'extra c2FsdA==', 'index 1', leafHash(one).toString('base64')]);
  expect(verifyLogProof(text, two, formatVerifierKey(log.key))).toMatchObject({ index: 1n, treeSize: 2n });
  expect(parseLogProof(text)).toEqual({ index: 1n, path: [leafHash(one)], checkpoint, extra: Buffer.from('salt') });
  expect(() => verifyLogProof(text, one, formatVerifierKey(log.key))).toThrow('is not leaf 1');
  expect(() => verifyLogProof(text, two, formatVerifierKey(signer('holdfast.example/log').key))).toThrow('known key');
});

// transparency-dev/merkle, proof/tlog_proof_test.go: TestVerifyTLogProofErrors.
test.each([['wrong-header\nindex 0\n\ncheckpoint\n'], ['c2sp.org/tlog-proof@v1\nextra !!notbase64!!\nindex 0\n\ncheckpoint\n'], ['c2sp.org/tlog-proof@v1\n\n\ncheckpoint\n'], ['c2sp.org/tlog-proof@v1\nindex notanumber\n\ncheckpoint\n'],
  ['c2sp.org/tlog-proof@v1\nindex -5\n\ncheckpoint\n'], ['c2sp.org/tlog-proof@v1\nindex 0\n!!notbase64!!\n\ncheckpoint\n'], [`c2sp.org/tlog-proof@v1\nindex 0\n${Buffer.alloc(64).toString('base64')}\n\ncheckpoint\n`],
  ['c2sp.org/tlog-proof@v1\nindex 01\n\ncheckpoint\n']])('a malformed proof is refused: %j', (text) => {
  expect(() => parseLogProof(text)).toThrow();
});
