// A worker that takes a job and never ends it, for the test that kills it.
import { createLogger } from '../../dist/src/platform/log/log.js';
import { createBullQueue } from '../../dist/src/platform/queue/bull-queue.js';

const [redisUrl, prefix] = process.argv.slice(2);
const queue = createBullQueue({ redisUrl, prefix, log: createLogger('worker', 'error') });
queue.work({ name: 'stall', run: () => { process.stdout.write('started\n'); return new Promise(() => setInterval(() => undefined, 1_000)); } });
