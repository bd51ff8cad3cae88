// Opens PostgreSQL: TypeORM for registry and migrations, plain pg pools for the recorder and for reading.
import 'reflect-metadata';
import pg from 'pg';
import { DataSource, type DataSourceOptions, type EntitySchema } from 'typeorm';
import type { MigrationInterface } from 'typeorm';

/** How long a connection may take, ms; for the recorder less, since calls wait; and how long its statements may. */
const CONNECT_MS = 10_000, WRITER_CONNECT_MS = 2_000, WRITER_MS = 6_000;

type Class = new () => unknown;
export type EntityList = (Class | EntitySchema)[];
export type MigrationList = (new () => MigrationInterface)[];

/** Options for TypeORM; read by ormconfig.ts and by the composition root. Nothing is ever synchronised or lazily loaded. */
export function dataSourceOptions(url: string, entities: EntityList, migrations: MigrationList): DataSourceOptions {
  return {
    type: 'postgres', url, entities: entities as Class[], migrations, synchronize: false, logging: false,
    migrationsTableName: 'schema_migrations', migrationsTransactionMode: 'each', poolSize: 10,
    extra: { options: '-c timezone=UTC -c idle_in_transaction_session_timeout=60000', connectionTimeoutMillis: CONNECT_MS, keepAlive: true },
    // Before 1.0 `findOneBy({ id: undefined })` returned the first row of the table; never again.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  };
}

export interface Database {
  readonly source: DataSource;
  /** For statements that open no transaction of their own, some of them long. */
  readonly pool: pg.Pool;
  /** For the recorder: connections and statements that do not answer within seconds are given up. */
  readonly writer: pg.Pool;
  /** Every session is read-only: what console and API lists use. */
  readonly reader: pg.Pool;
  readonly url: string;
  close(): Promise<void>;
}

/** Connects; throws HoldfastError-free driver errors, which the caller turns into one clear line. */
export async function connectDatabase(url: string, entities: EntityList, migrations: MigrationList): Promise<Database> {
  const source = await new DataSource(dataSourceOptions(url, entities, migrations)).initialize();
  const pool = new pg.Pool({ connectionString: url, max: 6, connectionTimeoutMillis: CONNECT_MS, keepAlive: true, options: '-c timezone=UTC' });
  // Never closed for idleness: a burst after a quiet minute would wait for processes to be started and catalogues to be read.
  const writer = new pg.Pool({ connectionString: url, max: 8, idleTimeoutMillis: 0, connectionTimeoutMillis: WRITER_CONNECT_MS, keepAlive: true,
    options: `-c timezone=UTC -c statement_timeout=${WRITER_MS} -c plan_cache_mode=force_generic_plan` });
  // The server ends what reads for 30 s; a server that does not even do that is given up a little later.
  const reader = new pg.Pool({ connectionString: url, max: 6, connectionTimeoutMillis: CONNECT_MS, keepAlive: true, query_timeout: 35_000,
    options: '-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=30000' });
  // An idle connection that breaks is replaced at the next use; without a listener it would end the process.
  for (const one of [pool, writer, reader]) one.on('error', () => undefined);
  return { source, pool, writer, reader, url, close: async () => { await Promise.all([source.destroy(), pool.end(), writer.end(), reader.end()]); } };
}
