import { managerOf, type Tx } from '../../platform/db/index.js';

/** Holds the sealer off until the transaction ends: no checkpoint comes between reading the last one and handing over. */
export async function lockSealer(tx: Tx): Promise<void> {
  await managerOf(tx).query("INSERT INTO sealer_lease (lease, holder, expires_at) VALUES ('sealer', '', '-infinity') ON CONFLICT (lease) DO NOTHING");
  await managerOf(tx).query("SELECT 1 FROM sealer_lease WHERE lease = 'sealer' FOR UPDATE");
}

/** The hand-overs as the transaction sees them, oldest first. */
export async function handovers(tx: Tx): Promise<string[]> {
  return (await managerOf(tx).query('SELECT handover FROM ledger_keys ORDER BY key_number') as { handover: string }[]).map((row) => row.handover);
}

export async function insertKey(tx: Tx, key: { place: number; verifierKey: string; fromSize: bigint; handover: string; at: Date }): Promise<void> {
  await managerOf(tx).query('INSERT INTO ledger_keys (key_number, verifier_key, from_size, handover, at) VALUES ($1, $2, $3, $4, $5)', [key.place, key.verifierKey, String(key.fromSize), key.handover, key.at]);
}
