// The explicit list of entities and migrations; read by ormconfig.ts and app.ts.
import { Money1764000000006 } from '../migrations/1764000000006-money.js';
import { Calls1764000000003 } from '../migrations/1764000000003-calls.js';
import { Ledger1764000000001 } from '../migrations/1764000000001-ledger.js';
import { Proofs1764000000005 } from '../migrations/1764000000005-proofs.js';
import { Registry1764000000002 } from '../migrations/1764000000002-registry.js';
import { Retention1764000000004 } from '../migrations/1764000000004-retention.js';
import { NothingLost1764000000007 } from '../migrations/1764000000007-nothing-lost.js';
import { Answers1764000000008 } from '../migrations/1764000000008-answers.js';
import { Policies1764000000009 } from '../migrations/1764000000009-policies.js';
import { Vault1764000000010 } from '../migrations/1764000000010-vault.js';
import { Cases1764000000011 } from '../migrations/1764000000011-cases.js';
import { Packs1764000000012 } from '../migrations/1764000000012-packs.js';
import { Redaction1764000000013 } from '../migrations/1764000000013-redaction.js';
import { Erasures1764000000017 } from '../migrations/1764000000017-erasures.js';
import { PartitionCounts1764000000014 } from '../migrations/1764000000014-partition-counts.js';
import { Removals1764000000015 } from '../migrations/1764000000015-removals.js';
import { Invoices1764000000019 } from '../migrations/1764000000019-invoices.js';
import type { EntityList, MigrationList } from './platform/db/index.js';

export const entities: EntityList = [];

export const migrations: MigrationList = [Ledger1764000000001, Registry1764000000002, Calls1764000000003, Retention1764000000004, Proofs1764000000005, Money1764000000006, NothingLost1764000000007, Answers1764000000008, Policies1764000000009, Vault1764000000010, Cases1764000000011, Packs1764000000012, Redaction1764000000013, PartitionCounts1764000000014, Removals1764000000015, Erasures1764000000017, Invoices1764000000019];
