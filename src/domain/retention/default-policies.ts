// The product's own policies (DESIGN §5), in force until an officer publishes others.
import type { DataType } from '../../kernel/data-types.js';
import type { Period } from '../../kernel/period.js';

export const DEFAULT_POLICIES: Record<DataType, { readonly keep: Period; readonly purpose: string }> = {
  account_information: { keep: 'P6M', purpose: 'To serve the account while it lives, and to settle what is left after it closed' },
  api_call_metadata: { keep: 'P12M', purpose: 'Service delivery, billing, troubleshooting and security audit' },
  input_content: { keep: 'P0D', purpose: 'To complete the call; kept longer only under a grant' },
  output_content: { keep: 'P0D', purpose: 'To complete the call; kept longer only under a grant' },
  payment_records: { keep: 'P10Y', purpose: 'Billing, accounting and tax law' },
  security_logs: { keep: 'P12M', purpose: 'Security audit, anomaly detection and abuse prevention' },
  third_party_call_records: { keep: 'P3Y', purpose: 'Compliance retention: what was sent to whom, under which terms' },
};
export const DEFAULT_SOURCE = 'product default';
