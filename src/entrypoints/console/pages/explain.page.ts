// The page that explains one record's retention: which rules speak of it, which decides, when it goes and what stops it. Reading only.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { DATA_TYPES } from '../../../kernel/data-types.js';
import { refuse } from '../../../kernel/result.js';
import { jsonAnswer } from '../../http/api/json-answer.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

/** GET ?data_type=&id= → {record, explanation, time_zone}; `id` is the record's own or that of its call. */
export function explainPage(app: App): PageHandler {
  return async (request: { query?: Record<string, unknown> }, response: Response, { currentAdmin }) => {
    if (!can(actorOf(operatorOf(currentAdmin)), 'retention.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include retention policies'));
    const { data_type: asked, id: given } = request.query ?? {}, dataType = DATA_TYPES.find((one) => one === asked), id = typeof given === 'string' ? given.trim() : '';
    if (!dataType) return refusedAnswer(response, refuse('invalid_request', 'required', 'data_type'));
    if (id === '') return refusedAnswer(response, refuse('invalid_request', 'required', 'record_id'));
    const record = await app.retention.findRecord(dataType, id);
    if (!record) return refusedAnswer(response, refuse('not_found', `no record ${id} of ${dataType} is on record`, 'record_id'));
    const explanation = await app.retention.explain({ dataType, createdAt: record.at, accountId: record.accountId, clockStart: record.clockStart, keyId: record.keyId, requestId: record.requestId, itemId: record.itemId });
    return { record: jsonAnswer(record), explanation: jsonAnswer(explanation), time_zone: app.config.timeZone };
  };
}
