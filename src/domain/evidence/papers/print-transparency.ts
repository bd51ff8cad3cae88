// The transparency report of a period as a file to publish.
import type { Clock } from '../../../kernel/clock.js';
import { addPeriod, startOfDay } from '../../../kernel/period.js';
import type { Config } from '../../../platform/config/config.js';
import type { TransparencyReport } from '../../cases/index.js';
import type { Security } from '../../security/index.js';
import type { PaperLanguage } from './paper-words.js';
import { printPaper, type PrintDeps, type PrintedPaper } from './print-paper.js';
import { transparencyPaper } from './transparency-pages.js';

/** `from` and `to`: days, both included. Nothing is kept: the same report is printed the same way again, but for the signature. */
export type TransparencyPdf = (report: TransparencyReport, period: { readonly from: string; readonly to: string; readonly language: PaperLanguage }) => Promise<PrintedPaper & { readonly name: string }>;

export function createTransparencyPdf(deps: PrintDeps & { readonly clock: Clock; readonly config: Pick<Config, 'timeZone'>; readonly security: Pick<Security, 'operatorProfile'> }): TransparencyPdf {
  return async (report, { from, to, language }) => {
    const end = addPeriod(startOfDay(to, deps.config.timeZone), 'P1D', deps.config.timeZone), now = deps.clock.now(), operator = await deps.security.operatorProfile();
    const { paper, words } = transparencyPaper({ report, from, to, language, timeZone: deps.config.timeZone, operator: operator ? { name: operator.name, jurisdiction: operator.jurisdiction, contact: operator.contact } : null, at: end < now ? end : now });
    return { ...await printPaper(deps, paper, words), name: `transparency-${from}-${to}.pdf` };
  };
}
