// The last step of a start: ask both doors whether they answer, and make the text that says where everything is.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { announcement } from './announce.js';

interface Place { readonly gatewayUrl: string; readonly consoleUrl: string; readonly home: string; readonly embedded: readonly string[]; readonly serverFolder: string }

/** Throws when a door does not answer within 10 s. One that is closed after a restore answers: it says so, and why. */
export async function welcome(place: Place): Promise<string> {
  const [closed] = await Promise.all([answers(`${place.gatewayUrl}/readyz`), answers(`${place.consoleUrl}/healthz`)]);
  if (closed !== undefined) return announcement({ ...place, firstRunFile: undefined, example: undefined, closed });
  const file = join(place.home, 'first-run.json');
  if (!existsSync(file)) return announcement({ ...place, firstRunFile: undefined, example: undefined });
  const { apiKey } = JSON.parse(readFileSync(file, 'utf8')) as { apiKey?: string };
  const model = apiKey ? await firstModel(place.gatewayUrl, apiKey) : undefined;
  return announcement({ ...place, firstRunFile: file, example: apiKey && model ? { apiKey, model } : undefined });
}

async function answers(url: string): Promise<string | undefined> {
  for (const deadline = performance.now() + 10_000; ; await sleep(50)) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch((error: unknown) => error as Error);
    if (response instanceof Response && response.ok) return undefined;
    if (response instanceof Response && response.status === 503) {
      const { closed } = await response.json().catch(() => ({})) as { closed?: string };
      if (closed !== undefined) return closed;
    }
    if (performance.now() > deadline) throw new Error(`${url} does not answer: ${response instanceof Response ? response.status : response.message}`);
  }
}

/** The first model the demo key may call; undefined when the key or the demo models are gone. */
async function firstModel(gatewayUrl: string, apiKey: string): Promise<string | undefined> {
  const response = await fetch(`${gatewayUrl}/v1/models`, { headers: { authorization: `Bearer ${apiKey}` }, signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (!response?.ok) return undefined;
  const { data } = await response.json() as { data?: { id: string }[] };
  return data?.[0]?.id;
}
