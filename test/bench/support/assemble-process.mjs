// Assembles one pack and says how long it took and how much memory the process had at most.
import { createApp } from '../../../dist/src/app.js';
import { parseConfig } from '../../../dist/src/platform/config/config.js';

const config = parseConfig(Object.fromEntries(Object.entries(process.env).filter(([name]) => /^(HOLDFAST_|DATABASE_URL$|GATEWAY_PORT$)/.test(name))));
const app = await createApp(config, 'bench-worker');
const started = performance.now(), cpu = process.cpuUsage();
await app.evidence.assemblePack(process.argv[2]);
const pack = await app.evidence.findPack(process.argv[2]);
if (pack.state !== 'ready') throw new Error(pack.failure ?? pack.state);
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, cpuSeconds: (({ user, system }) => (user + system) / 1e6)(process.cpuUsage(cpu)), peakMb: process.resourceUsage().maxRSS / 1024 }));
await app.close();
process.exit(0);
