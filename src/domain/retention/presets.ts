// The preset library: what is usual for a data type in a jurisdiction, each with its source. Suggested, editable, to be confirmed with counsel.
// What binds stands in legal-limits; an applied preset is a policy like any other and goes the same way.
import type { DataType } from '../../kernel/data-types.js';
import type { Jurisdiction } from '../../kernel/jurisdiction.js';
import type { Period } from '../../kernel/period.js';
import type { ClockStart } from './policy.js';

export interface Preset {
  readonly id: string;
  readonly dataType: DataType;
  readonly region: 'CN' | 'EEA' | 'US' | 'GLOBAL';
  /** For whom an applied policy is; null means all accounts. A region of many states is applied to one of them. */
  readonly jurisdiction: Jurisdiction | null;
  readonly startsAt: ClockStart;
  /** Null: no statutory figure is known. */
  readonly min: Period | null;
  readonly suggested: Period;
  readonly max: Period | null;
  readonly basis: string;
  readonly source: string;
  readonly appliesIf: string | null;
}

const CONTENT = 'The published page: content never longer than its authorisation';
type Cell = readonly [region: Preset['region'], min: Period | null, suggested: Period, max: Period | null, basis: string, source: string, appliesIf?: string];

function presetsOf(dataType: DataType, startsAt: ClockStart, cells: readonly Cell[]): Preset[] {
  return cells.map(([region, min, suggested, max, basis, source, appliesIf]) => ({ id: `${dataType.replaceAll('_', '-')}-${region.toLowerCase()}`, dataType, region,
    jurisdiction: region === 'CN' || region === 'US' ? region : null, startsAt, min, suggested, max, basis, source, appliesIf: appliesIf ?? null }));
}

export const PRESETS: readonly Preset[] = [
  ...presetsOf('account_information', 'account-closed', [
    ['CN', null, 'P30D', null, 'No longer than necessary once the service has ended; then a minimal contract identity for the limitation of claims', 'PIPL art. 19, 47; Civil Code art. 188 (three years)', 'E-commerce operators keep the identity of a transaction three years (E-Commerce Law art. 31)'],
    ['EEA', null, 'P30D', null, 'Storage limitation; what claims need may stay three years', 'GDPR art. 5(1)(e), 17(3)(e)'],
    ['US', null, 'P30D', null, 'Not longer than reasonably necessary, and as disclosed', 'Cal. Civ. Code § 1798.100(c)'],
  ]),
  ...presetsOf('api_call_metadata', 'created', [
    ['CN', 'P6M', 'P12M', null, 'Network logs of at least six calendar months; longer needs a reason', 'Cybersecurity Law of the PRC art. 23', 'Output without an AI label at the user’s request: its log six months (labelling measures art. 9)'],
    ['EEA', null, 'P12M', 'P13M', 'Storage limitation; beyond 13 months with a note in the impact assessment', 'GDPR art. 5(1)(e)', 'High-risk AI systems: six months (AI Act art. 26(6), from 2027-12-02)'],
    ['US', null, 'P12M', null, 'The disclosed period', 'Cal. Civ. Code § 1798.100(a)(3)'],
    ['GLOBAL', null, 'P18M', null, 'Disputes of payments look at the login of a year and the dispute window', 'Card scheme rules on compelling evidence 3.0', 'Only for calls that belong to a disputed payment'],
  ]),
  ...(['input_content', 'output_content'] as const).flatMap((dataType) => presetsOf(dataType, 'created', [
    ['CN', 'P0D', 'P0D', 'P30D', 'No unnecessary keeping of inputs; unlawful content is recorded under a hold', 'Generative AI Interim Measures art. 11, 14'],
    ['EEA', 'P0D', 'P0D', 'P30D', 'A processor keeps content on instruction only', 'GDPR art. 28(3)(g)'],
    ['US', 'P0D', 'P0D', 'P30D', 'As authorised by the customer', 'Cal. Civ. Code § 1798.100(c)'],
    ['GLOBAL', 'P0D', 'P0D', 'P30D', CONTENT, 'Published promise P8'],
  ])),
  ...presetsOf('payment_records', 'fiscal-year-end', [
    ['CN', 'P30Y', 'P30Y', null, 'Vouchers and ledgers thirty years, bank statements and returns ten, transaction information three', 'Accounting Archives Measures (Order 79); tax rules art. 29; E-Commerce Law art. 31', 'Operators whose books are under the law of the PRC'],
    ['EEA', 'P6Y', 'P10Y', null, 'Six to ten years by state: DE eight for invoices and ten for books, ES and IE six, NL seven, IT and FR ten; One Stop Shop ten', 'National accounting and tax law; Regulation 282/2011 art. 63c', 'An open assessment prolongs it'],
    ['US', 'P3Y', 'P7Y', null, 'Period of limitation of three, six or seven years', '26 CFR 1.6001-1; 26 USC 6501'],
    ['GLOBAL', null, 'P10Y', null, 'Never a card verification value; card numbers cut off', 'PCI DSS 4.0.1'],
  ]),
  ...presetsOf('security_logs', 'created', [
    ['CN', 'P6M', 'P12M', 'P24M', 'Network logs of at least six calendar months', 'Cybersecurity Law of the PRC art. 23; PIPL art. 19'],
    ['EEA', null, 'P12M', 'P12M', 'Longer only under the hold of an incident', 'GDPR art. 5(1)(e); CNIL recommends six to twelve months'],
    ['US', null, 'P12M', null, 'The disclosed period', 'Cal. Civ. Code § 1798.100(a)(3)'],
    ['GLOBAL', 'P12M', 'P12M', null, 'Twelve months, three of them at hand', 'PCI DSS 4.0.1, 10.5.1', 'Where card data is in scope'],
  ]),
  ...presetsOf('third_party_call_records', 'created', [
    ['CN', 'P3Y', 'P3Y', null, 'Recipient, purpose, method and scope of what was provided; no content', 'PIPL art. 56; Network Data Security Regulations art. 12'],
    ['EEA', null, 'P3Y', null, 'Accountability until claims are time-barred', 'GDPR art. 5(2), 30'],
    ['US', null, 'P3Y', null, 'Until claims are time-barred', 'State law on limitation'],
  ]),
];
