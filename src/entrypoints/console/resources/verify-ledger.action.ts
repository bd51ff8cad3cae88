import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import { startVerification } from '../../http/api/verify-log.js';
import { consoleAction } from '../console-action.js';

/** Starts checking the whole database against what was signed. The home board shows how far it is; the result is an audit record. */
export const verifyLedgerAction = consoleAction({
  name: 'verifyLedger', on: 'resource', permission: 'ledger.verify', fields: [], schema: z.strictObject({}),
  run: ({ app, actor }) => {
    const started = startVerification(app, actor);
    return Promise.resolve(isRefusal(started) ? started : {});
  },
});
