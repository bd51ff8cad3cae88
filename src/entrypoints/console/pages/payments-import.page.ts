// The page that takes in a file of payments: what its columns are called. The file itself goes to /console/upload/payments.
import type { PageHandler } from 'adminjs';
import type { Response } from 'express';
import type { App } from '../../../app.js';
import { MOST_PAYMENTS, PAYMENT_FILE_COLUMNS } from '../../../domain/billing/index.js';
import { can } from '../../../domain/security/index.js';
import { refuse } from '../../../kernel/result.js';
import { operatorOf, refusedAnswer } from '../action-handler.js';
import { actorOf } from '../security/session.js';

export interface PaymentsImportAnswer { readonly columns: readonly string[]; readonly most: number; readonly may: boolean }

export function paymentsImportPage(_app: App): PageHandler {
  return (_request: unknown, response: Response, { currentAdmin }) => {
    const actor = actorOf(operatorOf(currentAdmin));
    if (!can(actor, 'accounts.read')) return Promise.resolve(refusedAnswer(response, refuse('forbidden', 'your role does not include accounts')));
    return Promise.resolve({ columns: PAYMENT_FILE_COLUMNS, most: MOST_PAYMENTS, may: can(actor, 'payments.write') } satisfies PaymentsImportAnswer);
  };
}
