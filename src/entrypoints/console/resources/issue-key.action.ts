import { z } from 'zod';
import { isRefusal } from '../../../kernel/result.js';
import { consoleAction } from '../console-action.js';
import { text } from './form-fields.js';

/** Issues a key to the account whose record is open. The secret is in this one answer and nowhere else. */
export const issueKeyAction = consoleAction({
  name: 'issueKey', on: 'record', permission: 'keys.write', when: (record) => record['status'] === 'active',
  fields: [{ name: 'key_name', type: 'text', required: true }], schema: z.strictObject({ key_name: text(120) }),
  run: async ({ app, actor, recordId, payload }) => {
    const answer = await app.act(actor, (tx) => app.security.issueKey(tx, { accountId: recordId, name: payload.key_name }));
    return isRefusal(answer) ? answer : { show: { key_id: answer.keyId, key_secret: answer.secret } };
  },
});
