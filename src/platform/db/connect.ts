// Opens PostgreSQL: TypeORM for registry and migrations, plain pg pools for the recorder and for reading.
import 'reflect-metadata';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema } from 'typeorm';
import type { MigrationInterface } from 'typeorm';

type Class = new () => unknown;
export type EntityList = (Class | EntitySchema)[];
export type MigrationList = (new () => MigrationInterface)[];

/** Options for TypeORM; read by ormconfig.ts and by the composition root. Nothing is ever synchronised or lazily loaded. */
export function dataSourceOptions(url: string, entities: EntityList, migrations: MigrationList): DataSourceOptions {
  return {
    type: 'postgres', url, entities: entities as Class[], migrations, synchronize: false, logging: false,
    migrationsTableName: 'schema_migrations', migrationsTransactionMode: 'each', poolSize: 10,
    extra: { options: '-c timezone=UTC -c idle_in_transaction_session_timeout=60000' },
    // Before 1.0 `findOneBy({ id: undefined })` returned the first row of the table; never again.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  };
}

export interface Database {
  readonly source: DataSource;
  /** For the recorder and other statements that open no transaction of their own. */
  readonly pool: pg.Pool;
  /** Every session is read-only: what console and API lists use. */
  readonly reader: pg.Pool;
  readonly url: string;
  close(): Promise<void>;
}

/** Connects; throws HoldfastError-free driver errors, which the caller turns into one clear line. */
export async function connectDatabase(url: string, entities: EntityList, migrations: MigrationList): Promise<Database> {
  const source = await new DataSource(dataSourceOptions(url, entities, migrations)).initialize();
  const pool = new pg.Pool({ connectionString: url, max: 8, options: '-c timezone=UTC' });
  const reader = new pg.Pool({ connectionString: url, max: 6, options: '-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=30000' });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  pool.on('error', () => undefined);
  reader.on('error', () => undefined);
  return { source, pool, reader, url, close: async () => { await Promise.all([source.destroy(), pool.end(), reader.end()]); } };
}
