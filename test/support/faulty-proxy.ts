// A TCP proxy in front of a server that fails where a test says: faults of the network, not of our code.
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

/**
 * before: the statement never gets there · after: it does, and the answer is lost with the connection · silent: it does, and nothing is
 * ever said again on the connection · swallowed: it never gets there, and nothing is said either.
 */
export type FaultKind = 'before' | 'after' | 'silent' | 'swallowed';
export interface Fault {
  /** Bytes that a client's message has when it is the one meant. */
  readonly when: string; readonly how: FaultKind;
  /** Bytes that must have gone over the same connection before: `when` is then a later step of the same transaction. */
  readonly once?: string;
  /** How many such messages fail; what comes later passes. */
  times: number;
  /** Runs at each, before anything is forwarded; for `after` once the server has answered. */
  readonly atIt?: () => void;
}

export interface FaultyProxy {
  readonly port: number;
  fault: Fault | undefined;
  /** Refuses new connections and breaks all others, until set back. */
  away: boolean;
  close(): Promise<void>;
}

export async function startFaultyProxy(target: { host: string; port: number }): Promise<FaultyProxy> {
  const state: { fault: Fault | undefined; away: boolean } = { fault: undefined, away: false };
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (state.away) { client.resetAndDestroy(); return; }
    const upstream = connect({ ...target, noDelay: true });
    client.setNoDelay(true);
    let mute = false, armed = false, cutAtAnswer: (() => void) | undefined;
    const end = (): void => { client.destroy(); upstream.destroy(); };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => { open.delete(socket); end(); });
    }
    client.on('data', (bytes) => {
      const { fault } = state;
      if (fault?.once !== undefined && bytes.includes(fault.once)) armed = true;
      if (fault && fault.times > 0 && (fault.once === undefined || armed) && bytes.includes(fault.when)) {
        fault.times -= 1;
        if (fault.how !== 'after') fault.atIt?.();
        if (fault.how === 'before') { client.resetAndDestroy(); upstream.destroy(); return; }
        if (fault.how === 'swallowed') { mute = true; return; }
        if (fault.how === 'silent') mute = true;
        if (fault.how === 'after') cutAtAnswer = () => { fault.atIt?.(); client.resetAndDestroy(); upstream.destroy(); };
      } else if (mute) return;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      // ReadyForQuery of an idle session ends the server's answer: by then the statement is committed.
      if (cutAtAnswer) { if (bytes.includes(Buffer.from([0x5a, 0, 0, 0, 5, 0x49]))) cutAtAnswer(); return; }
      if (!mute) client.write(bytes);
    });
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    port: (server.address() as AddressInfo).port,
    get fault() { return state.fault; }, set fault(fault) { state.fault = fault; },
    get away() { return state.away; },
    set away(away) { state.away = away; if (away) for (const socket of open) socket.resetAndDestroy(); },
    close: () => new Promise((resolve) => { server.close(() => { resolve(); }); for (const socket of open) socket.destroy(); }),
  };
}
