// Lists of customer data: shown to whoever names a published purpose, and only after the reading is on record.
import { ACTIONS, type ActionHandler, type ListActionResponse } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../app.js';
import { PURPOSES, type Purpose } from '../../kernel/actor.js';
import { refuse } from '../../kernel/result.js';
import { operatorOf, refusedAnswer } from './action-handler.js';
import { actorOf } from './security/session.js';

const NOTHING = { records: [], meta: { total: 0, perPage: 0, page: 0 } };

/** AdminJS's list with `?purpose=` required. The record names the purpose and the filters, so an auditor sees what was looked for. */
export function readingList(app: App, resourceId: string, action: string): ActionHandler<ListActionResponse> {
  const list = ACTIONS.list.handler as ActionHandler<ListActionResponse>;
  return async (request, response: Response, context) => {
    const purpose = purposeOf(request.query?.['purpose']);
    if (!purpose) return { ...refusedAnswer(response, refuse('purpose_required', `name the purpose of reading: ${PURPOSES.join(', ')}`, 'purpose')), ...NOTHING } as unknown as ListActionResponse;
    const answer = await list(request, response, context);
    const filter = Object.fromEntries(Object.entries(request.query ?? {}).filter(([name]) => name.startsWith('filters.')).map(([name, value]) => [name.slice('filters.'.length), String(value)]));
    await app.act(actorOf(operatorOf(context.currentAdmin)), (tx) => app.ledger.append(tx, {
      action, subjectKind: resourceId, subjectId: 'list', purpose, after: { filter, rows: answer.records.length },
    }));
    return answer;
  };
}

/** The published purpose of that name; undefined for anything else. */
export function purposeOf(value: unknown): Purpose | undefined {
  return PURPOSES.find((purpose) => purpose === value);
}
