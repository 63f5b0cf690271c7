import { type App, SocketModeReceiver } from "@slack/bolt";
import type { Clock } from "../../../src/clock.ts";
import { withTimeout } from "../../../src/timers.ts";
import { slackCodeOf, toPlatformError } from "../api/errors.ts";
import { createQuietLogger, webClientOptions } from "../api/web-client.ts";

export interface SocketOptions {
  readonly apiUrl: string;
  readonly appToken: string;
  readonly clock: Clock;
  readonly onUp: () => void;
  readonly onDown: () => void;
  /** Slack rejected the app token for good. */
  readonly onRefused: (error: unknown) => void;
  readonly onProblem: (problem: unknown) => void;
}

/** One connection, which reconnects by itself. */
export interface Socket {
  /** Resolves when connected; rejects with Slack's refusal, or with why the first attempt failed. */
  open(app: App): Promise<void>;
  /** Connects in the background, and retries until it succeeds. */
  openInTime(app: App): void;
  close(): Promise<void>;
}

/** Slack's errors for an app token that will never work. */
const REFUSALS: ReadonlySet<string | undefined> = new Set([
  "account_inactive",
  "app_not_found",
  "forbidden_team",
  "invalid_auth",
  "missing_scope",
  "not_allowed_token_type",
  "not_authed",
  "team_disabled",
  "token_expired",
  "token_revoked",
  "user_removed_from_team",
]);

export const isRefusal = (error: unknown): boolean => REFUSALS.has(slackCodeOf(error));

const HELLO_MS = 30_000;
/** How long a connection may be silent, ms of the machine's clock. */
const PONG_MS = 15_000;
const LONGEST_WAIT_MS = 15_000;
const CLOSE_MS = 2_000;
/** Slack refreshes a connection after hours, ms. */
const SHORT_LIFE_MS = 10_000;

/**
 * A Socket Mode connection that reconnects. The library's own reconnecting leaves at least 5 s without a connection at each planned refresh,
 * and gives up with an unhandled rejection when `apps.connections.open` fails, so it is switched off.
 */
export function createSocket(options: SocketOptions): Socket {
  const { clock, onProblem } = options;
  const receiver = createReceiver(options);
  const { client } = receiver;
  const state = { isUp: false, isClosed: false, cancelRetry: () => {} };
  const waits = createWaits(clock);

  const connect = async (): Promise<void> => {
    await sayHello(client, clock);
    state.isUp = true;
    waits.connected();
    options.onUp();
  };

  const reconnect = async (): Promise<void> => {
    try {
      await connect();
    } catch (error) {
      if (state.isClosed) return;
      if (isRefusal(error)) return options.onRefused(error);
      onProblem(explain(error));
      reconnectIn(waits.afterFailure());
    }
  };
  const reconnectIn = (ms: number) =>
    void (state.cancelRetry = clock.setTimer(ms, () => void reconnect()));

  client.on("disconnected", () => {
    if (!state.isUp) return;
    state.isUp = false;
    options.onDown();
    if (!state.isClosed) reconnectIn(waits.afterEnd());
  });

  return {
    open(app) {
      receiver.init(app);
      return connect();
    },
    openInTime(app) {
      receiver.init(app);
      void reconnect();
    },
    close() {
      state.isClosed = true;
      state.cancelRetry();
      return withTimeout(clock, CLOSE_MS, client.disconnect(), noAnswer).catch(() => {});
    },
  };
}

const explain = (cause: unknown): Error => {
  const { message } = toPlatformError(cause, "apps.connections.open");
  return new Error(`Parley cannot connect to Slack and will retry: ${message}`, {
    cause,
  });
};

/** How long to wait before connecting again, ms. */
function createWaits(clock: Pick<Clock, "now">) {
  let failures = 0;
  let connectedAt = -Infinity;
  const afterFailure = (): number => Math.min(LONGEST_WAIT_MS, 500 * 2 ** failures++);
  return {
    connected: () => void (connectedAt = clock.now()),
    afterFailure,
    afterEnd(): number {
      // A server that allows one connection only would otherwise end each of the two for the other, for ever.
      if (clock.now() - connectedAt < SHORT_LIFE_MS) return afterFailure();
      failures = 0;
      // A planned refresh: reconnect at once, since the other connection may be refreshed next.
      return 0;
    },
  };
}

function createReceiver({ appToken, apiUrl, onProblem }: SocketOptions): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    clientPingTimeout: PONG_MS,
    logger: createQuietLogger(),
    installerOptions: { clientOptions: webClientOptions(apiUrl) },
    // Without an acknowledgement, Slack sends the event again.
    processEventErrorHandler: async ({ error }) => {
      onProblem(error);
      return false;
    },
  });
  guardFrames(receiver.client, onProblem);
  return receiver;
}

type Client = SocketModeReceiver["client"];

/** Connects, and waits for Slack's hello; leaves no half-open connection behind. */
async function sayHello(client: Client, clock: Clock): Promise<void> {
  try {
    await withTimeout(clock, HELLO_MS, client.start(), noAnswer);
  } catch (error) {
    client.disconnect().catch(() => {});
    // The library rejects with nothing when the connection is closed before the hello.
    if (error instanceof Error) throw error;
    throw new Error("Slack closed the connection before its hello.", { cause: error });
  }
}

function noAnswer(): never {
  throw new Error("Slack did not answer in time.");
}

/** Without this, a frame that the library cannot read would be an unhandled rejection of its async listener. */
function guardFrames(client: Client, onProblem: (problem: unknown) => void): void {
  const readers = client.listeners("ws_message");
  client.removeAllListeners("ws_message");
  client.on("ws_message", (...frame: unknown[]) => {
    for (const read of readers) {
      Promise.try<unknown, unknown[]>(read, ...frame).catch(onProblem);
    }
  });
}
