import type { Clock } from "../../clock.ts";
import type { PostgresServer, SessionConnection, SessionEvents } from "./postgres-server.ts";

/** The interval of health checks, and their timeout, ms. */
const CHECK_MS = 5_000;
/** The interval of reconnection attempts, ms. */
const RETRY_MS = 200;

export interface LastingOptions extends Pick<SessionEvents, "onNotice" | "onLost"> {
  readonly clock: Clock;
  /** Prepares a new connection before use. */
  readonly prepare: (connection: SessionConnection) => Promise<unknown>;
  /** Called after a reconnect. */
  readonly onBack: () => void;
}

/** A connection outside the pool. Opens on first use and reconnects when it is lost. */
export function createLastingConnection(server: PostgresServer, options: LastingOptions) {
  const { clock } = options;
  let current: SessionConnection | null = null;
  let opening: Promise<SessionConnection> | null = null;
  let isWanted = true;
  let cancelTimer = () => {};

  const open = async (): Promise<SessionConnection> => {
    const ended = Promise.withResolvers<unknown>();
    const connection = await openReady(server, { ...options, onLost: ended.resolve });
    current = connection;
    void ended.promise.then((error) => lose(connection, error));
    cancelTimer = watch(clock, connection, (error) => lose(connection, error));
    return connection;
  };

  /** Rejects with the server's or the network's error. */
  const get = async (): Promise<SessionConnection> => {
    if (current) return current;
    opening ??= open().finally(() => (opening = null));
    return opening;
  };

  const lose = (connection: SessionConnection, error: unknown): void => {
    if (current !== connection) return;
    current = null;
    cancelTimer();
    options.onLost(error);
    if (isWanted) reopen();
  };

  const reopen = (): void => {
    const again = () => {
      if (isWanted) cancelTimer = clock.setTimer(RETRY_MS, reopen);
    };
    get().then(options.onBack, again);
  };

  return {
    get,
    async close(): Promise<void> {
      isWanted = false;
      cancelTimer();
      await opening?.catch(() => {});
      cancelTimer();
      await current?.end();
    },
  };
}

async function openReady(
  server: PostgresServer,
  { onNotice, onLost, prepare }: Pick<LastingOptions, "onNotice" | "onLost" | "prepare">,
): Promise<SessionConnection> {
  const connection = await server.openSession({ onNotice, onLost });
  try {
    await prepare(connection);
    return connection;
  } catch (error) {
    void connection.end().catch(() => {});
    throw error;
  }
}

/** Calls `onSilence` when a connection stops answering. A connection that a firewall dropped never reports an error. */
function watch(
  clock: Clock,
  connection: SessionConnection,
  onSilence: (error: unknown) => void,
): () => void {
  let cancel = () => {};
  const give = (error: unknown) => {
    onSilence(error);
    void connection.end().catch(() => {});
  };
  const ask = () => {
    cancel = clock.setTimer(CHECK_MS, () => give(new Error("connection terminated")));
    connection.query("SELECT 1").then(plan, give);
  };
  const plan = () => {
    cancel();
    cancel = clock.setTimer(CHECK_MS, ask);
  };
  plan();
  return () => cancel();
}
