// The whole architecture, as data. Folders may import what stands below them; slices what stands before them.
export const FLOORS = ['kernel', 'platform', 'domain', 'entrypoints'];
export const SLICES = ['ledger', 'security', 'billing', 'providers', 'cross-border', 'vault', 'retention', 'gateway', 'cases', 'evidence', 'promises'];
/** Through which files a slice is entered: its face, and the part of it that needs no database. */
export const FACES = ['index.js', 'offline.js'];
/** Files outside the floors, which see everything. */
export const ROOTS = /^src\/(main|app|entities)\.ts$/;
/** One door per outside package: who may import it (paths relative to src). */
export const DOORS: Record<string, RegExp> = {
  typeorm: /(\.entity|\.store|\.view)\.ts$|^platform\/db\/|^entities\.ts$/,
  pg: /^platform\/(db|embedded)\/|\.view\.ts$/,
  'connect-pg-simple': /^entrypoints\/console\//,
  bull: /^platform\/queue\/bull-queue\.ts$/,
  ioredis: /^platform\/counters\/redis-counters\.ts$/,
  '@pydantic/genai-prices': /^domain\/billing\/price-library\.ts$/,
  'cron-parser': /^platform\/queue\/cron\.ts$/,
  express: /^entrypoints\/(http|console)\//,
  'express-session': /^entrypoints\/console\//,
  adminjs: /^entrypoints\/console\//,
  '@adminjs/express': /^entrypoints\/console\//,
  pdfkit: /^domain\/evidence\/pdf\//,
  'bidi-js': /^domain\/evidence\/pdf\//,
  pkijs: /(?!)/, // a second opinion for the tests alone, not installed in production
  asn1js: /(?!)/,
  nodemailer: /^platform\/mail\//,
  undici: /^platform\/upstream\//,
  yaml: /^entrypoints\/cli\//,
  'temporal-polyfill': /^kernel\//,
};
/** Only stores look inside a transaction. */
export const TX_DOOR = /\.store\.ts$|^platform\/db\//;
/** Only the configuration reads the environment. */
export const ENV_DOOR = /^platform\/config\//;
export const MAX_LINES = 300;
