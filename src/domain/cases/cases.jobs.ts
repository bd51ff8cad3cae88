// What the worker runs for cases. Each looks at rows, so that a lost or repeated job changes nothing.
import { coerceError } from '../../kernel/errors.js';
import type { Logger } from '../../platform/log/log.js';
import type { JobDefinition } from '../../platform/queue/queue.js';
import type { CaseFiles } from './case-files.js';
import type { CaseHolds } from './case-holds.js';
import type { Query } from './case.view.js';

export function createCaseJobs(deps: { remind: () => Promise<{ noted: number; mailed: number }>; holds: CaseHolds; files: CaseFiles; query: Query; log: Logger }): JobDefinition[] {
  return [
    { name: 'remind-cases', run: async () => {
      const { noted, mailed } = await deps.remind();
      if (noted + mailed > 0) deps.log.info('deadlines of cases came closer', { noted, mailed });
    } },
    { name: 'settle-ended-cases', run: async () => {
      await deps.holds.askDueReleases();
      for (const { file_id: fileId } of await deps.query<{ file_id: string }>("SELECT file_id FROM case_files WHERE destroyed_at > now() - interval '7 days'", [])) {
        try { deps.files.destroy(fileId); } catch (error) { deps.log.warn('a destroyed file of a case is still there', { file: fileId, error: coerceError(error).message }); }
      }
    } },
  ];
}
