// A gateway in front of the stand-in provider, for tests that use the official clients.
import { startStandIn } from '../../src/platform/embedded/stand-in-provider.js';
import type { CallRow } from '../../src/domain/gateway/index.js';
import { addModel, addPrice, addProvider } from './gateway-registry.js';
import { startTestGateway, type TestGateway } from './gateway.js';

export interface ClientWorld extends TestGateway {
  /** The record of the call with this id of ours. */
  record(id: string | null | undefined): Promise<CallRow>;
  /** Records of all calls for a model, oldest first, once there are `count` of them. */
  recordsOf(model: string, count: number): Promise<readonly CallRow[]>;
}

/** Models demo* at the stand-in in both protocols, with prices. */
export async function startClientWorld(): Promise<ClientWorld> {
  const gateway = await startTestGateway(), standIn = await startStandIn({ port: 0 });
  await addProvider(gateway.app, { id: 'standin-o', protocol: 'openai', baseUrl: `${standIn.url}/v1` });
  await addProvider(gateway.app, { id: 'standin-a', protocol: 'anthropic', baseUrl: standIn.url });
  await addModel(gateway.app, 'demo*', ['standin-o', 'standin-a']);
  for (const provider of ['standin-o', 'standin-a']) await addPrice(gateway.app, { model: 'demo*', provider, input: 2_000_000, cacheRead: 200_000, cacheWrite: 2_500_000, output: 8_000_000 });
  await gateway.registryInForce();
  return {
    ...gateway,
    record: async (id) => { if (!id) throw new Error('the client saw no id'); return (await gateway.story(id)).call; },
    recordsOf: async (model, count) => {
      for (let i = 0; i < 500; i++) {
        const page = await gateway.app.gateway.listCalls({ model });
        if ('rows' in page && page.rows.length >= count) return page.rows;
        await new Promise((done) => { setTimeout(done, 20); });
      }
      throw new Error(`fewer than ${count} calls for ${model} got on record`);
    },
    close: async () => { await standIn.close(); await gateway.close(); },
  };
}
