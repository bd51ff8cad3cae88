// What stands behind each transfer: the terms that were in force and the confirmations that allowed it.
import type { CrossBorder } from '../cross-border/index.js';
import type { CallStory } from '../gateway/index.js';
import type { Providers } from '../providers/index.js';
import type { PackDocument } from './pack-document.js';

type TransferFacts = PackDocument['transfers'][number];

/** One entry for each transfer in `story` that `itemOf` finds among the records, in order of the attempts. */
export async function describeTransfers(
  deps: { providers: Pick<Providers, 'findProvider'>; crossBorder: Pick<CrossBorder, 'confirmations'> }, story: CallStory, itemOf: (transferId: string) => string | undefined,
): Promise<TransferFacts[]> {
  const facts: TransferFacts[] = [];
  for (const transfer of story.transfers) {
    const item = itemOf(transfer.transfer_id);
    if (item === undefined) continue;
    const provider = await deps.providers.findProvider(transfer.provider_id);
    const terms = provider?.terms.find((one) => one.version === transfer.terms_version);
    const confirmations = (await deps.crossBorder.confirmations(transfer.account_id)).filter((one) => transfer.confirmation_ids.includes(one.confirmationId));
    facts.push({
      item,
      terms: terms ? { version: terms.version, effective_from: terms.effectiveFrom, url: terms.url, trains_on_inputs: terms.trainsOnInputs, retention_days: terms.retentionDays } : null,
      confirmations: confirmations.map((one) => ({
        confirmation_id: one.confirmationId, destination: one.destination, basis: one.basis, covers: [...one.covers], confirmed_by: one.confirmedBy,
        confirmed_at: one.confirmedAt, valid_until: one.validUntil, withdrawn_at: one.withdrawnAt?.toISOString() ?? null,
      })),
    });
  }
  return facts;
}
