// The pack of a case, asked for from its page: kind, account, calls, window, types and instrument are those of the case.
import { z } from 'zod';
import { MACHINES, type CaseKind, type WholeCase } from '../../../domain/cases/index.js';
import { PACK_DATA_TYPES, PACK_LANGUAGES, type PackRequest } from '../../../domain/evidence/index.js';
import { addPeriod, startOfDay } from '../../../kernel/period.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { consoleAction, type ConsoleAction } from '../console-action.js';
import type { Row } from '../views/read-model.view.js';
import { text } from './form-fields.js';

/** States in which what was collected is on the table. A correction and an erasure hand nothing over. */
const WHEN: Readonly<Record<CaseKind, readonly string[]>> = { dispute: ['working', 'review', 'approved', 'submitted'], lawful_request: ['minimising', 'release_approval', 'releasing'], subject_request: ['review', 'approval_1', 'responding'] };

export function packAction(kind: CaseKind): ConsoleAction {
  return consoleAction({
    name: 'pack', on: 'record', permission: 'evidence.create', when: (record) => mayHavePack(kind, record),
    fields: [{ name: 'language', type: 'choice', required: true, values: PACK_LANGUAGES, initial: 'both' }, { name: 'question', type: 'area', required: true, from: kind === 'dispute' ? 'complaint' : 'asked_for' }],
    schema: z.strictObject({ language: z.enum(PACK_LANGUAGES, 'required'), question: text(500) }),
    run: async ({ app, actor, recordId, payload }) => {
      const one = await app.cases.findCase(actor, recordId);
      if (!one) return refuse('not_found', 'there is no such case, or your role does not show it');
      const answer = await app.act(actor, (tx) => app.evidence.requestPack(tx, { ...selectorsOf(one, app.config.timeZone), purpose: MACHINES[kind].purpose, language: payload.language, reason: payload.question, caseNumber: one.number }));
      return isRefusal(answer) ? refuse(answer.code, answer.message, answer.field === 'reason' ? 'question' : undefined) : { show: { pack_id: answer } };
    },
  });
}

function mayHavePack(kind: CaseKind, record: Row): boolean {
  return WHEN[kind].includes(String(record['state'])) && (kind !== 'subject_request' || record['right'] === 'access' || record['right'] === 'portability');
}

/** What the frozen query of the case asks for, as a pack asks for it. Days are meant in the operator's zone, the last one included. */
function selectorsOf(one: WholeCase, timeZone: string): Pick<PackRequest, 'kind' | 'requestId' | 'accountId' | 'from' | 'until' | 'dataTypes' | 'legal'> {
  const said = (name: string): string | undefined => { const value = one.facts[name]; return typeof value === 'string' ? value : undefined; };
  if (one.kind === 'dispute') return { kind: 'dispute', requestId: one.requestIds[0] };
  const asked = one.facts['data_types'], types = Array.isArray(asked) ? PACK_DATA_TYPES.filter((type) => (asked as readonly string[]).includes(type)) : [];
  const from = said('period_from'), to = said('period_to'), servedOn = said('served_on'), dueOn = said('due_on');
  return {
    kind: one.kind === 'lawful_request' ? 'lawful_request' : 'subject_access', accountId: one.accountId ?? undefined, ...(types.length > 0 ? { dataTypes: types } : {}),
    ...(from === undefined ? {} : { from: startOfDay(from, timeZone) }), ...(to === undefined ? {} : { until: addPeriod(startOfDay(to, timeZone), 'P1D', timeZone) }),
    ...(one.kind === 'lawful_request' ? { legal: { authority: said('authority') ?? '', instrument: `${said('instrument_type') ?? ''} ${said('reference') ?? ''}`.trim(), ...(servedOn ? { servedOn } : {}), ...(dueOn ? { dueOn } : {}) } } : {}),
  };
}
