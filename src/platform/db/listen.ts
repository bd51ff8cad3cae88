// Hearing NOTIFY on a connection of its own, which is opened again whenever it breaks.
import pg from 'pg';

export interface Listening { close(): Promise<void> }

/**
 * Listens on `channel` (a trusted constant). `heard` runs for each notification and after each new connection, since what was said
 * while there was none is lost. Never throws; a server that is away is asked again every second.
 */
export function listenTo(url: string, channel: string, heard: () => void): Listening {
  let client: pg.Client | undefined, closed = false, timer: NodeJS.Timeout | undefined;
  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, keepAlive: true, connectionTimeoutMillis: 5_000 });
    client = fresh;
    const lost = (): void => {
      if (client !== fresh) return;
      client = undefined;
      fresh.end().catch(() => undefined);
      if (!closed) timer = setTimeout(() => { void connect(); }, 1_000).unref();
    };
    fresh.on('error', lost);
    fresh.on('end', lost);
    fresh.on('notification', heard);
    try {
      await fresh.connect();
      await fresh.query(`LISTEN ${channel}`);
      heard();
    } catch { lost(); }
  };
  void connect();
  return { close: async () => {
    closed = true;
    clearTimeout(timer);
    const last = client;
    client = undefined;
    await last?.end().catch(() => undefined);
  } };
}
