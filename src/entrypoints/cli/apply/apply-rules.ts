// Availability and redaction as one list each, then retention: the narrower policies first, so that a general one is judged by what it really governs.
import { isRefusal, type Refusal } from '../../../kernel/result.js';
import type { Applying } from './apply-configuration.js';
import type { RetentionItem } from './configuration.schemas.js';
import type { Configuration } from './read-configuration.js';

/** rules[2].conditions.model → availability[2].when.model: `rules` is the list itself. */
function inFile<T extends object>(answer: T | Refusal): T | Refusal {
  return isRefusal(answer) && answer.field ? { ...answer, field: answer.field.replace(/^rules/, '').replace('.conditions', '.when').replace('.outcome', '.then') } : answer;
}

export async function applyRules({ app, tx, take, confirmShortening }: Applying, { availability, redaction, retention }: Configuration): Promise<void> {
  if (availability) {
    const rules = availability.map(({ value }) => ({ conditions: value.when, outcome: value.then, reason: value.reason }));
    await take({ kind: 'availability', name: rules.length === 1 ? '1 rule' : `${rules.length} rules`, path: ['availability'] }, app.providers.setAvailabilityRules(tx, rules).then((answer) => inFile(answer)));
  }
  if (redaction) {
    const rules = redaction.map(({ value }) => ({ conditions: value.when, outcome: value.then, kinds: value.kinds }));
    await take({ kind: 'redaction', name: rules.length === 1 ? '1 rule' : `${rules.length} rules`, path: ['redaction'] }, app.crossBorder.setRedactionRules(tx, rules).then((answer) => inFile(answer)));
  }
  const scope = ({ where }: RetentionItem): number => (where?.account !== undefined ? 0 : where?.jurisdiction !== undefined ? 1 : 2);
  for (const { path, value } of [...retention].sort((a, b) => scope(a.value) - scope(b.value))) {
    const { where, ...policy } = value;
    const place = where?.account ?? where?.jurisdiction;
    await take({ kind: 'retention', name: place === undefined ? value.dataType : `${value.dataType} for ${place}`, path, fields: { accountId: 'where.account', jurisdiction: 'where.jurisdiction', confirmShortening: 'keep' } },
      app.retention.publishPolicy(tx, { ...policy, accountId: where?.account, jurisdiction: where?.jurisdiction, confirmShortening })
        .then((answer) => ('refused' in answer && answer.code === 'confirmation_required' ? { ...answer, message: `${answer.message} with --confirm-shortening` } : answer)),
      (answer) => {
        const notes = [...(answer.approvalId && !answer.changed ? [`a second person has to approve this shortening: approval ${answer.approvalId}`] : []), ...(answer.advice.length > 0 ? [`advised at most ${answer.advice.join('; ')}`] : [])];
        return { outcome: answer.version === 1 ? 'created' : 'changed', ...(notes.length > 0 ? { note: notes.join('; ') } : {}) };
      });
  }
}
