import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What must not leave on which route, and which call the usage of an answer was counted with. */
export class Redaction1764000000013 implements MigrationInterface {
  readonly name = 'Redaction1764000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE redaction_rules (
  rule_id uuid PRIMARY KEY,
  position integer NOT NULL,
  conditions jsonb NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('off', 'flag', 'mask', 'refuse')),
  kinds text[] NOT NULL CHECK (kinds <> '{}')
);
CREATE TRIGGER redaction_rules_version AFTER INSERT OR UPDATE OR DELETE ON redaction_rules FOR EACH ROW EXECUTE FUNCTION raise_registry_version();

CREATE TABLE counted_answers (
  answer_id text PRIMARY KEY,
  request_id uuid NOT NULL,
  epoch_id uuid NOT NULL,
  counted_at timestamptz(3) NOT NULL
);
CREATE INDEX counted_answers_at ON counted_answers (counted_at);
COMMENT ON TABLE counted_answers IS 'settles which of several calls that fetch one answer is charged for it; kept for a week, the fact is on the call';
`);
  }

  down(): Promise<void> { return Promise.reject(new Error('migrations go forward only')); }
}
