// For the TypeORM command line on the compiled output: `npx typeorm -d dist/ormconfig.js migration:show`.
import { DataSource } from 'typeorm';
import { entities, migrations } from './src/entities.js';
import { parseConfig } from './src/platform/config/config.js';
import { dataSourceOptions } from './src/platform/db/index.js';

const { databaseUrl } = parseConfig(process.env);
if (!databaseUrl) throw new Error('set DATABASE_URL, or start the embedded instance first');
export default new DataSource(dataSourceOptions(databaseUrl, entities, migrations));
