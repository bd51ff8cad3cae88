// The home board: is the log sealed, what happened today, what is overdue, what wants doing.
import type { PageHandler } from 'adminjs';
import type { App } from '../../../app.js';
import { can } from '../../../domain/security/index.js';
import { dayOf, startOfDay } from '../../../kernel/period.js';
import { jsonAnswer } from '../../http/api/json-answer.js';
import { verificationUnderWay } from '../../http/api/verify-log.js';
import { operatorOf } from '../action-handler.js';
import { actorOf } from '../security/session.js';
import { CASE_KINDS, MACHINES } from '../../../domain/cases/index.js';
import { readCaseFigures } from '../../views/case-figures.view.js';
import { caseTasks } from '../views/case-tasks.js';
import { readBoard, readTasks } from '../views/home.view.js';

/** GET → figures and tasks; with ?part=overdue → {overdue}, which counts rows and may take seconds. */
export function homePage(app: App): PageHandler {
  return async (request: { query?: Record<string, unknown> }, _response: unknown, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    const seesPurges = can(actor, 'purges.read');
    if (request.query?.['part'] === 'overdue') {
      const previews = seesPurges ? await app.retention.previewPurge() : [];
      const due = previews.filter((preview) => preview.rowsDue > 0n || preview.rowsHeld > 0n);
      return { overdue: due.map(({ dataType, rowsDue, rowsHeld, oldest, overdueSince }) => jsonAnswer({ dataType, rowsDue, rowsHeld, oldest, overdueSince })) };
    }
    const now = app.clock.now();
    const midnight = startOfDay(dayOf(now, app.config.timeZone), app.config.timeZone);
    const [ledger, board, tasks, upcoming, figures] = await Promise.all([
      app.ledger.status(), readBoard(app.database.reader, { now, midnight }), readTasks(app.database.reader, now), seesPurges ? app.retention.upcomingRuns(1) : [], readCaseFigures(app.database.reader, now),
    ]);
    const verifying = verificationUnderWay(app), kinds = CASE_KINDS.filter((kind) => can(actor, MACHINES[kind].read)), sum = (part: 'open' | 'due' | 'overdue'): number => kinds.reduce((total, kind) => total + figures[kind][part], 0);
    return {
      ledger: jsonAnswer(ledger), ...board, upcoming: jsonAnswer(upcoming), verifying: verifying ? jsonAnswer(verifying) : null,
      cases: kinds.length === 0 ? null : { open: sum('open'), due: sum('due'), overdue: sum('overdue') },
      tasks: [...caseTasks(figures), ...tasks].filter((task) => can(actor, task.permission)), may: { verify: can(actor, 'ledger.verify'), purges: seesPurges, lookup: can(actor, 'calls.read') }, time_zone: app.config.timeZone,
    };
  };
}
