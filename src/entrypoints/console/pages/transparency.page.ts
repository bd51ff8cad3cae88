// The transparency report as a page. Counts alone; no reading of customer data.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../../app.js';
import { FIGURES, type TransparencyReport } from '../../../domain/cases/index.js';
import { can } from '../../../domain/security/index.js';
import { isRefusal, refuse } from '../../../kernel/result.js';
import { transparencyWindow } from '../../views/transparency-window.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

export interface TransparencyAnswer { readonly figures: readonly string[]; readonly rows: readonly { readonly country: string; readonly instrument_type: string; readonly cells: Readonly<Record<string, string | number>> }[]; readonly total: Readonly<Record<string, string | number>> }

/** GET ?from=&to= (days, both included) → the report. */
export function transparencyPage(app: App): PageHandler {
  return async (request: { query?: Record<string, unknown> }, response: Response, { currentAdmin }) => {
    if (!can(actorOf(operatorOf(currentAdmin)), 'lawful.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include lawful requests'));
    const window = transparencyWindow(request.query ?? {}, app.config.timeZone);
    return isRefusal(window) ? refusedAnswer(response, window) : answerOf(await app.cases.transparency(window.from, window.to));
  };
}

/** The report as pages and files say it. */
export function answerOf(report: TransparencyReport): TransparencyAnswer {
  return { figures: FIGURES, rows: report.rows.map(({ country, instrumentType, cells }) => ({ country, instrument_type: instrumentType, cells })), total: report.total };
}
