// Legal floors and ceilings as data, each with its source. Suggested presets: an officer confirms them with counsel.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import type { Period } from '../../kernel/period.js';
import type { ClockStart } from './policy.js';

/** floor and ceiling bind: no policy is published against them. advice is shown to who publishes and binds nobody. */
export interface LegalLimit {
  readonly id: string;
  readonly kind: 'floor' | 'ceiling' | 'advice';
  readonly dataType: DataType;
  /** '*' means everywhere. */
  readonly jurisdiction: Jurisdiction;
  /** Whose jurisdiction brings it in: the operator's alone (its books), or the operator's or the account's. */
  readonly party: 'operator' | 'either';
  readonly period: Period;
  readonly startsAt: ClockStart;
  readonly source: string;
}

/** States of the European Economic Area, for what applies in all of them. */
const EEA = ['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE', 'IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT',
  'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'];

export const LEGAL_LIMITS: readonly LegalLimit[] = [
  { id: 'metadata-cn', kind: 'floor', dataType: 'api_call_metadata', jurisdiction: 'CN', party: 'either', period: 'P6M', startsAt: 'created',
    source: 'Cybersecurity Law of the PRC, art. 23: network logs at least six months' },
  { id: 'security-logs', kind: 'floor', dataType: 'security_logs', jurisdiction: '*', party: 'either', period: 'P6M', startsAt: 'created',
    source: 'Published promise P4, after the Cybersecurity Law of the PRC, art. 23: at least six months' },
  { id: 'third-party-calls', kind: 'floor', dataType: 'third_party_call_records', jurisdiction: '*', party: 'either', period: 'P3Y', startsAt: 'created',
    source: 'Published promise P4, after PIPL art. 56 and the Network Data Security Regulations, art. 12: at least three years' },
  { id: 'payments-cn', kind: 'floor', dataType: 'payment_records', jurisdiction: 'CN', party: 'operator', period: 'P30Y', startsAt: 'fiscal-year-end',
    source: 'Measures for the Administration of Accounting Archives of the PRC: vouchers and ledgers 30 years' },
  { id: 'payments-de', kind: 'floor', dataType: 'payment_records', jurisdiction: 'DE', party: 'operator', period: 'P8Y', startsAt: 'fiscal-year-end',
    source: 'HGB § 257 and AO § 147: vouchers and invoices eight years' },
  { id: 'payments-us', kind: 'floor', dataType: 'payment_records', jurisdiction: 'US', party: 'operator', period: 'P3Y', startsAt: 'fiscal-year-end',
    source: '26 CFR 1.6001-1 and the period of limitation of 26 USC 6501: three years' },
  { id: 'input-content', kind: 'ceiling', dataType: 'input_content', jurisdiction: '*', party: 'either', period: 'P30D', startsAt: 'created',
    source: 'Published promise P8: content at most 30 days, under an authorisation or a security review' },
  { id: 'output-content', kind: 'ceiling', dataType: 'output_content', jurisdiction: '*', party: 'either', period: 'P30D', startsAt: 'created',
    source: 'Published promise P8: content at most 30 days, under an authorisation or a security review' },
  { id: 'security-logs-cn', kind: 'advice', dataType: 'security_logs', jurisdiction: 'CN', party: 'either', period: 'P24M', startsAt: 'created',
    source: 'PIPL art. 19: no longer than necessary; longer than 24 months needs a reason on file' },
  ...EEA.flatMap((jurisdiction): LegalLimit[] => [
    { id: `metadata-${jurisdiction.toLowerCase()}`, kind: 'advice', dataType: 'api_call_metadata', jurisdiction, party: 'either', period: 'P13M', startsAt: 'created',
      source: 'GDPR art. 5(1)(e): longer than 13 months needs a note in the impact assessment' },
    { id: `security-logs-${jurisdiction.toLowerCase()}`, kind: 'advice', dataType: 'security_logs', jurisdiction, party: 'either', period: 'P12M', startsAt: 'created',
      source: 'GDPR art. 5(1)(e): longer than 12 months only under an incident hold' },
    ...(jurisdiction === 'DE' ? [] : [{ id: `payments-${jurisdiction.toLowerCase()}`, kind: 'advice', dataType: 'payment_records', jurisdiction, party: 'operator',
      period: 'P10Y', startsAt: 'fiscal-year-end', source: 'National accounting and tax law: six to ten years by state; ten under the One Stop Shop (Regulation 282/2011, art. 63c)' } satisfies LegalLimit]),
  ]),
];
