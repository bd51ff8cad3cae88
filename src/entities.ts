// The explicit list of entities and migrations; read by ormconfig.ts and app.ts.
import { Calls1764000000003 } from '../migrations/1764000000003-calls.js';
import { Ledger1764000000001 } from '../migrations/1764000000001-ledger.js';
import { Registry1764000000002 } from '../migrations/1764000000002-registry.js';
import { Retention1764000000004 } from '../migrations/1764000000004-retention.js';
import type { EntityList, MigrationList } from './platform/db/index.js';

export const entities: EntityList = [];

export const migrations: MigrationList = [Ledger1764000000001, Registry1764000000002, Calls1764000000003, Retention1764000000004];
