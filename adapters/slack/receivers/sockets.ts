import type { App } from "@slack/bolt";
import { retry } from "../../../src/adapter-kit/queue/retry.ts";
import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import { slackCodeOf } from "../api/errors.ts";
import { createSocket, isRefusal } from "./socket.ts";

export interface SocketsOptions {
  readonly apiUrl: string;
  readonly appToken: string;
  readonly clock: Clock;
  readonly onBack: (downMs: number) => void;
  readonly onFatal: (error: PlatformError) => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Sockets {
  /** Resolves when the first is connected. Rejects with a `PlatformError`. */
  open(app: App): Promise<void>;
  close(): Promise<void>;
  isUp(): boolean;
}

const TRIES = 4;
const PAGE = "https://api.slack.com/apps → your app → Basic Information → App-Level Tokens";

/** Two connections, so that one stays while the other is refreshed. */
export function createSockets(options: SocketsOptions): Sockets {
  const { apiUrl, appToken, clock, onBack, onFatal, onProblem } = options;
  const state = { up: 0, downSince: undefined as number | undefined };
  const socket = () =>
    createSocket({
      apiUrl,
      appToken,
      clock,
      onProblem,
      onUp() {
        state.up++;
        const since = state.downSince;
        state.downSince = undefined;
        if (since !== undefined) onBack(clock.now() - since);
      },
      onDown() {
        state.up--;
        if (state.up === 0) state.downSince = clock.now();
      },
      onRefused: (error) => onFatal(refused(error)),
    });
  const [first, second] = [socket(), socket()];

  const openFirst = (app: App): Promise<void> =>
    retry(() => first.open(app), {
      clock,
      delayAfter(error, failures) {
        if (isRefusal(error)) throw refused(error);
        if (failures === TRIES) throw unreachable(error);
        return 250 * 4 ** failures;
      },
    });

  return {
    async open(app) {
      await openFirst(app);
      second.openInTime(app);
    },
    async close() {
      await Promise.all([first.close(), second.close()]);
    },
    isUp: () => state.up > 0,
  };
}

function refused(cause: unknown): PlatformError {
  const code = slackCodeOf(cause) ?? "refused";
  const why =
    code === "missing_scope"
      ? "The app-level token lacks the scope connections:write"
      : `Slack does not accept the app-level token (${code})`;
  const text = `${why}: make one with the scope connections:write under ${PAGE}, set it as SLACK_APP_TOKEN, and see that Socket Mode is switched on.`;
  return new PlatformError("rejected", text, { cause });
}

function unreachable(cause: unknown): PlatformError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new PlatformError("unknown", `Slack's Socket Mode cannot be reached: ${why}`, { cause });
}
