// What each kind of pack needs to be asked for. How it is printed stands in its template.
import type { PackDataType, PackKind } from './pack.js';

/** call: one call · account: all of an account, a period of it where one is given · period: a period, of one account where one is given · run: a purge run. */
export type PackSubject = 'call' | 'account' | 'period' | 'run';
export interface PackKindRule { readonly subject: PackSubject; readonly dataTypes: readonly PackDataType[]; /** Whether the legal side must be stated. */ readonly legal: boolean }

const CALLS = ['api_call_metadata', 'third_party_call_records'] as const;

export const KIND_RULES: Readonly<Record<PackKind, PackKindRule>> = {
  dispute: { subject: 'call', dataTypes: CALLS, legal: false },
  scheme_exhibit: { subject: 'call', dataTypes: CALLS, legal: false },
  lawful_request: { subject: 'account', dataTypes: CALLS, legal: true },
  subject_access: { subject: 'account', dataTypes: [...CALLS, 'security_logs'], legal: false },
  audit_period: { subject: 'period', dataTypes: CALLS, legal: false },
  purge_certificate: { subject: 'run', dataTypes: [], legal: false },
  custom: { subject: 'period', dataTypes: CALLS, legal: false },
};

/** Record tables of a data type, in the order in which a pack has them. */
export const TABLES_OF = {
  api_call_metadata: ['calls'], third_party_call_records: ['transfers', 'transfer_outcomes'], security_logs: ['security_events'],
} as const satisfies Record<PackDataType, readonly string[]>;

/** Records a volume holds at most. */
export const VOLUME_ROWS = 10_000;
/** Records a pack holds at most: nobody gets an export without an end. */
export const MOST_ROWS = 500_000;
