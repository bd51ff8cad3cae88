import { managerOf, type Tx } from '../../platform/db/index.js';

export interface ProfileRow { readonly name: string; readonly jurisdiction: string; readonly contact: string; readonly unpriced_calls: string }

export async function findProfile(tx: Tx): Promise<ProfileRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT name, jurisdiction, contact, unpriced_calls FROM operator_profile') as ProfileRow[];
  return row;
}

export async function writeProfile(tx: Tx, row: ProfileRow): Promise<void> {
  await managerOf(tx).query(`INSERT INTO operator_profile (name, jurisdiction, contact, unpriced_calls) VALUES ($1, $2, $3, $4)
    ON CONFLICT (singleton) DO UPDATE SET name = excluded.name, jurisdiction = excluded.jurisdiction, contact = excluded.contact, unpriced_calls = excluded.unpriced_calls`,
  [row.name, row.jurisdiction, row.contact, row.unpriced_calls]);
}
