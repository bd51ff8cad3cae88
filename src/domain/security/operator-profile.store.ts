import { managerOf, type Tx } from '../../platform/db/index.js';

export interface ProfileRow { readonly name: string; readonly jurisdiction: string; readonly contact: string }

export async function findProfile(tx: Tx): Promise<ProfileRow | undefined> {
  const [row] = await managerOf(tx).query('SELECT name, jurisdiction, contact FROM operator_profile') as ProfileRow[];
  return row;
}

export async function writeProfile(tx: Tx, row: ProfileRow): Promise<void> {
  await managerOf(tx).query(`INSERT INTO operator_profile (name, jurisdiction, contact) VALUES ($1, $2, $3)
    ON CONFLICT (singleton) DO UPDATE SET name = excluded.name, jurisdiction = excluded.jurisdiction, contact = excluded.contact`, [row.name, row.jurisdiction, row.contact]);
}
