// Load from Node, where there is no wrk. Arguments: URL, options as JSON. Prints the result as JSON.
import { Pool } from 'undici';

const [url, text] = process.argv.slice(2), { connections, seconds, body, key, headers } = JSON.parse(text);
const { origin, pathname } = new URL(url), pool = new Pool(origin, { connections, pipelining: 1 });
const latencies = [], until = performance.now() + seconds * 1_000;
let errors = 0;
await Promise.all(Array.from({ length: connections }, async () => {
  while (performance.now() < until) {
    const started = performance.now();
    try {
      const answer = await pool.request({ path: pathname, method: 'POST', body, headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, ...headers } });
      await answer.body.dump();
      if (answer.statusCode !== 200) errors += 1; else latencies.push(performance.now() - started);
    } catch { errors += 1; }
  }
}));
latencies.sort((a, b) => a - b);
const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
console.log(JSON.stringify({ perSecond: latencies.length / seconds, p50: at(0.5), p99: at(0.99), errors }));
process.exit(0);
