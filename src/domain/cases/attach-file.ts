// Files of a case: stored sealed before their record, read only with a record.
import type { Actor } from '../../kernel/actor.js';
import type { Clock } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { mintId } from '../../kernel/ids.js';
import { isRefusal, refuse, type Refusal } from '../../kernel/result.js';
import { cleanText, isPlainLine } from '../../kernel/text.js';
import type { Act } from '../../platform/db/index.js';
import type { AppendRecord } from '../ledger/index.js';
import { can, forbid } from '../security/index.js';
import { LARGEST_FILE, type CaseFiles } from './case-files.js';
import { FILE_ROLES, type CaseFile, type FileRole } from './case.js';
import { insertFile } from './case.store.js';
import { readCase, readFile, type Query } from './case.view.js';
import { MACHINES } from './kinds.js';
import { lockVisible } from './move-case.js';

export interface FileInput { readonly role: FileRole; readonly name: string; readonly mediaType: string; readonly bytes: Buffer }
export interface FileDesk {
  /** Stores a file of at most 20 MB. Refusals: not_found, forbidden, conflict (the case ended), invalid_request, body_too_large. */
  attachFile(actor: Actor, caseId: string, input: FileInput): Promise<CaseFile | Refusal>;
  /** The plain bytes, after the reading is on record. Refusals: not_found (also what one may not see), conflict (destroyed). */
  readFile(actor: Actor, fileId: string): Promise<{ file: CaseFile; bytes: Buffer } | Refusal>;
}

export function createFileDesk(deps: { clock: Clock; act: Act; append: AppendRecord; files: CaseFiles; query: Query }): FileDesk {
  return {
    attachFile: async (actor, caseId, input) => {
      const wrong = checkInput(input);
      if (wrong) return wrong;
      const found = await readCase(deps.query, caseId);
      // Asked before anything is written to the disk; the transaction asks again.
      if (!found || !can(actor, MACHINES[found.kind].read)) return noCase(caseId);
      const no = forbid(actor, MACHINES[found.kind].open);
      if (no) return no;
      const now = deps.clock.now(), fileId = mintId(now);
      // A crash after this leaves sealed bytes without a record: nobody can read them, nothing refers to them.
      deps.files.write(fileId, input.bytes);
      const stored = await deps.act(actor, async (tx) => {
        const one = await lockVisible(tx, found.caseId);
        if (isRefusal(one)) return one;
        if (one.endedAt) return refuse('conflict', `case ${one.number} ended as ${one.state}; files are attached to open cases`);
        const file = { fileId, caseId: one.caseId, role: input.role, name: input.name, mediaType: input.mediaType, bytes: input.bytes.length, sha256: sha256Hex(input.bytes), storedBy: actor.name, storedAt: now };
        await insertFile(tx, file);
        await deps.append(tx, { action: 'case.attach_file', subjectKind: 'case', subjectId: one.caseId, purpose: MACHINES[one.kind].purpose, after: { number: one.number, file_id: fileId, role: input.role, bytes: input.bytes.length, sha256: file.sha256 } });
        return { ...file, destroyedAt: null };
      });
      if (isRefusal(stored)) deps.files.destroy(fileId);
      return stored;
    },
    readFile: async (actor, fileId) => {
      const file = await readFile(deps.query, fileId), one = file && await readCase(deps.query, file.caseId);
      if (!file || !one || !can(actor, MACHINES[one.kind].read)) return refuse('not_found', 'there is no such file, or your role does not show it');
      if (file.destroyedAt) return refuse('conflict', `the file was destroyed on ${file.destroyedAt.toISOString()}; its record stays`);
      const bytes = deps.files.read(file.fileId, file.sha256);
      await deps.act(actor, (tx) => deps.append(tx, { action: 'case.read_file', subjectKind: 'case', subjectId: one.caseId, purpose: MACHINES[one.kind].purpose, after: { number: one.number, file_id: fileId, sha256: file.sha256 } }));
      return { file, bytes };
    },
  };
}

function checkInput({ role, name, mediaType, bytes }: FileInput): Refusal | undefined {
  if (!FILE_ROLES.includes(role)) return refuse('invalid_request', `a file is one of ${FILE_ROLES.join(', ')}`, 'role');
  if (!isPlainLine(name, 200) || /[/\\]/.test(name)) return refuse('invalid_request', 'the name is one line of 1 to 200 characters without slashes', 'name');
  if (!/^[a-z0-9!#$&^_.+-]{1,60}\/[a-z0-9!#$&^_.+-]{1,60}$/i.test(mediaType)) return refuse('invalid_request', 'the media type has the form application/pdf', 'mediaType');
  if (bytes.length === 0) return refuse('invalid_request', 'the file is empty', 'file');
  return bytes.length > LARGEST_FILE ? refuse('body_too_large', `a file has at most ${LARGEST_FILE / 1_048_576} MB`) : undefined;
}

function noCase(caseId: string): Refusal { return refuse('not_found', `there is no case ${cleanText(caseId, 60)}, or your role does not show it`); }
