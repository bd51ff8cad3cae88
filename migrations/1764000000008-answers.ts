import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The id an answer itself carries, and finding calls by it and by the session they belong to. */
export class Answers1764000000008 implements MigrationInterface {
  readonly name = 'Answers1764000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
ALTER TABLE calls ADD COLUMN answer_id text;
COMMENT ON COLUMN calls.answer_id IS 'id in the body of the answer: chatcmpl-, resp_, msg_, file-, batch_; tells whose a thing is that the provider keeps';
CREATE INDEX calls_answer ON calls (answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX calls_session ON calls (session_id, request_id) WHERE session_id IS NOT NULL;`);
  }

  down(): Promise<void> { return Promise.reject(new Error('migrations are forward only')); }
}
