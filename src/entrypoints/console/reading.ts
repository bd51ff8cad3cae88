// Customer data is shown to whoever names a published purpose, and only after the reading is on record (promise P1).
import { ACTIONS, type ActionContext, type ActionHandler, type ActionRequest, type ActionResponse, type ListActionResponse, type RecordActionResponse } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../app.js';
import { PURPOSES, type Purpose } from '../../kernel/actor.js';
import type { Json } from '../../kernel/canonical-json.js';
import { refuse } from '../../kernel/result.js';
import { readingFor } from '../views/hide-expired.js';
import { operatorOf, refusedAnswer } from './action-handler.js';
import { actorOf } from './security/session.js';

/** Names of the ledger records that a reading leaves. */
export interface Reading { readonly list: string; /** Absent where records have no page of their own. */ readonly view?: string; /** Kind of the subject of `view`. */ readonly subject: string }

const NOTHING = { records: [], meta: { total: 0, perPage: 0, page: 0 } };

/** AdminJS's list with `?purpose=` required. The record names the filters too, so an auditor sees what was looked for. */
export function readingList(app: App, resourceId: string, reading: Reading): ActionHandler<ListActionResponse> {
  const list = ACTIONS.list.handler as ActionHandler<ListActionResponse>;
  return async (request, response: Response, context) => {
    const purpose = purposeOf(request.query?.['purpose']);
    if (!purpose) return { ...withoutPurpose(response), ...NOTHING } as unknown as ListActionResponse;
    const answer = await readingFor(app, actorOf(operatorOf(context.currentAdmin)), purpose, async () => list(request, response, context));
    const filter = Object.fromEntries(Object.entries(request.query ?? {}).filter(([name]) => name.startsWith('filters.')).map(([name, value]) => [name.slice('filters.'.length), String(value)]));
    await record(app, context, { action: reading.list, subjectKind: resourceId, subjectId: 'list', purpose, after: { filter, rows: answer.records.length } });
    return answer;
  };
}

/** AdminJS's page of one record with `?purpose=` required. */
export function readingShow(app: App, action: string, subjectKind: string): ActionHandler<ActionResponse> {
  const show = ACTIONS.show.handler as ActionHandler<RecordActionResponse>;
  return async (request: ActionRequest, response: Response, context) => {
    const purpose = purposeOf(request.query?.['purpose']);
    if (!purpose) return withoutPurpose(response);
    const answer = await readingFor(app, actorOf(operatorOf(context.currentAdmin)), purpose, async () => show(request, response, context));
    await record(app, context, { action, subjectKind, subjectId: String(request.params.recordId), purpose });
    return answer;
  };
}

async function record(app: App, { currentAdmin }: ActionContext, entry: { action: string; subjectKind: string; subjectId: string; purpose: Purpose; after?: Json }): Promise<void> {
  await app.act(actorOf(operatorOf(currentAdmin)), (tx) => app.ledger.append(tx, entry));
}

function withoutPurpose(response: Response): ActionResponse {
  return refusedAnswer(response, refuse('purpose_required', `name the purpose of reading: ${PURPOSES.join(', ')}`, 'purpose'));
}

function purposeOf(value: unknown): Purpose | undefined {
  return PURPOSES.find((purpose) => purpose === value);
}
