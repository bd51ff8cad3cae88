// What one would write without an engine: DELETE in batches, each going on behind the last, then VACUUM.
const BATCH = 10_000, NOTHING = '00000000-0000-0000-0000-000000000000';

/** Empties the partition of all calls but those of the account `held`; seconds and bytes on disk. */
export async function deleteInBatches(pool, name, held) {
  const size = async () => Number((await pool.query('SELECT pg_total_relation_size($1::regclass) AS bytes', [name])).rows[0].bytes);
  const before = await size(), stays = held ? `AND account_id <> '${held}'` : '';
  await pool.query('CHECKPOINT');
  const from = performance.now();
  for (let after = NOTHING; after !== null;) {
    const { rows: [batch] } = await pool.query(`WITH doomed AS MATERIALIZED (SELECT request_id FROM ${name} WHERE request_id > $1 ${stays} ORDER BY request_id LIMIT ${BATCH}),
      removed AS (DELETE FROM ${name} c USING doomed d WHERE c.request_id = d.request_id) SELECT (SELECT request_id FROM doomed ORDER BY 1 DESC LIMIT 1) AS last, (SELECT count(*) FROM doomed)::int AS n`, [after]);
    after = batch.n < BATCH ? null : batch.last;
  }
  const deleted = performance.now();
  await pool.query(`VACUUM ${name}`);
  return { name, deleteSeconds: (deleted - from) / 1000, vacuumSeconds: (performance.now() - deleted) / 1000, before, after: await size() };
}
