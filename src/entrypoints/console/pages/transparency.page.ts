// The transparency report as a page. Counts alone; no reading of customer data.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../../app.js';
import { FIGURES, type TransparencyReport } from '../../../domain/cases/index.js';
import { can } from '../../../domain/security/index.js';
import { addPeriod, isDay, startOfDay } from '../../../kernel/period.js';
import { isRefusal, refuse, type Refusal } from '../../../kernel/result.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

export interface TransparencyAnswer { readonly figures: readonly string[]; readonly rows: readonly { readonly country: string; readonly instrument_type: string; readonly cells: Readonly<Record<string, string | number>> }[]; readonly total: Readonly<Record<string, string | number>> }

/** GET ?from=&to= (days, both included) → the report. */
export function transparencyPage(app: App): PageHandler {
  return async (request: { query?: Record<string, unknown> }, response: Response, { currentAdmin }) => {
    if (!can(actorOf(operatorOf(currentAdmin)), 'lawful.read')) return refusedAnswer(response, refuse('forbidden', 'your role does not include lawful requests'));
    const window = windowOf(request.query ?? {}, app.config.timeZone);
    return isRefusal(window) ? refusedAnswer(response, window) : answerOf(await app.cases.transparency(window.from, window.to));
  };
}

/** Days of a query as instants: midnight to midnight of the operator's zone, the last day included. */
export function windowOf(query: Readonly<Record<string, unknown>>, timeZone: string): { from: Date; to: Date; days: string } | Refusal {
  const { from, to } = query;
  if (typeof from !== 'string' || typeof to !== 'string' || !isDay(from) || !isDay(to) || from > to) return refuse('invalid_request', 'from and to are days as YYYY-MM-DD, in this order', 'from');
  return { from: startOfDay(from, timeZone), to: addPeriod(startOfDay(to, timeZone), 'P1D', timeZone), days: `${from}-${to}` };
}

/** The report as pages and files say it. */
export function answerOf(report: TransparencyReport): TransparencyAnswer {
  return { figures: FIGURES, rows: report.rows.map(({ country, instrumentType, cells }) => ({ country, instrument_type: instrumentType, cells })), total: report.total };
}
