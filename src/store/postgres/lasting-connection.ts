import type { Clock } from "../../clock.ts";
import type { PostgresServer, SessionConnection, SessionEvents } from "./postgres-server.ts";

/** Between two looks whether the connection still answers, and how long it may take to, ms. */
const CHECK_MS = 5_000;
/** Between two tries to get a new one, ms. */
const RETRY_MS = 200;

export interface LastingOptions extends Pick<SessionEvents, "onNotice" | "onLost"> {
  readonly clock: Clock;
  /** Makes a new connection ready, before anybody gets it. */
  readonly prepare: (connection: SessionConnection) => Promise<unknown>;
  /** There is a connection again after one was lost. */
  readonly onBack: () => void;
}

/** One connection apart from the pool: opened when first asked for, and again whenever it is lost. */
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

  /** Rejects with what the server or the way to it says. */
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

/** Calls `onSilence` when a connection does not answer any more: one that is gone without a word, as behind a firewall, never says so. */
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
