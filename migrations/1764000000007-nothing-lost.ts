import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Epochs whose gateway keeps a journal of its own, and registry versions that rise for changes alone. */
export class NothingLost1764000000007 implements MigrationInterface {
  readonly name = 'NothingLost1764000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE gateway_epochs ADD COLUMN spools boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN gateway_epochs.spools IS 'records of this epoch may wait in a journal beside its gateway; the sweep leaves it alone until they are here, or for a day';
COMMENT ON COLUMN gateway_epochs.closed_at IS 'by the gateway itself (record epoch.close) or by the sweep after its death (record epoch.lost; last_numbers are then those seen)';

-- Once a transaction, at the first row that changes: a statement that touches no row changes nothing and tells nobody.
CREATE OR REPLACE FUNCTION raise_registry_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('holdfast.raised_in', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
    PERFORM set_config('holdfast.raised_in', pg_current_xact_id()::text, true);
    UPDATE registry_versions SET version = version + 1;
    PERFORM pg_notify('holdfast_registry', '');
  END IF;
  RETURN NULL;
END $$;
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT tgname, tgrelid::regclass AS on_table FROM pg_trigger WHERE tgfoid = 'raise_registry_version'::regproc LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.on_table);
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION raise_registry_version()', t.tgname, t.on_table);
  END LOOP;
END $$;`);
  }

  /** Forward only: an older program refuses a newer database instead. */
  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
