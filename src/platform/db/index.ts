// The face of the database platform.
export { askTogether, question, withLiterals, type Answers, type Question, type Questions, type Value } from './ask-together.js';
export { borrowClient } from './borrow-client.js';
export { createAct, createBookkeeping, type Act } from './act.js';
export { connectDatabase, dataSourceOptions, type Database, type EntityList, type MigrationList } from './connect.js';
export { listenTo, type Listening } from './listen.js';
export { migrate, PARTITIONS_AHEAD_DAYS } from './migrate.js';
export { ensurePartitions, freezeDay, partitionDay, PARTITIONED, partitionName, startOfUtcDay } from './partitions.js';
export { managerOf, Tx } from './tx.js';
