import { App, type Authorize } from "@slack/bolt";
import type { Clock } from "../../../src/clock.ts";
import type { HttpRoute } from "../../../src/http/http-server.ts";
import type { PlatformError } from "../../../src/platform.ts";
import { createRepeatFilter } from "../../../src/repeat-filter.ts";
import { withTimeout } from "../../../src/timers.ts";
import { createQuietLogger, webClientOptions } from "../api/web-client.ts";
import type { SlackSettings } from "../env.ts";
import { NotInstalledError, type Workspaces } from "../workspaces.ts";
import { ackAfterStore, isNotInstalled, isUnauthorized } from "./ack-after-store.ts";
import { createHttpRoute, type InstallOptions } from "./http.ts";
import { createSockets } from "./sockets.ts";

export interface ConnectionOptions {
  readonly settings: SlackSettings;
  readonly workspaces: Workspaces;
  readonly clock: Clock;
  /** Stores an event; rejects when it could not be stored. */
  readonly take: (body: unknown) => Promise<void>;
  /** Adds the Bolt listeners: clicks, commands, modals, the home tab. */
  readonly listen: (app: App) => void;
  readonly install: InstallOptions | undefined;
  /** Events arrive again after a time without any connection. */
  readonly onBack: (downMs: number) => void;
  /** No more events will arrive. */
  readonly onFatal: (error: PlatformError) => void;
  readonly onProblem: (problem: unknown) => void;
}

export interface Connection {
  /** Rejects with a `PlatformError` that says what to do about it. */
  start(): Promise<void>;
  /** Accepts no more events; resolves when none is being handled, or after some seconds. */
  stop(): Promise<void>;
  isUp(): boolean;
  /** The HTTP requests it answers; undefined: none. */
  readonly http: HttpRoute | undefined;
}

/** How long a shutdown waits for events that are being handled, ms. */
const DRAIN_MS = 5_000;
/** How long a request may wait for the start, ms: Slack expects an answer within 3 s. */
const STARTING_MS = 2_500;

/** Receives events by Socket Mode or HTTP, through one Bolt app. */
export function createConnection(options: ConnectionOptions): Connection {
  const { settings, clock, onProblem } = options;
  const state = { isServing: false };
  const started = Promise.withResolvers<void>();
  const app = createApp(options);
  const gate = ackAfterStore(app, {
    take: options.take,
    onRateLimited: () => onProblem(new Error(RATE_LIMITED)),
    onNotInstalled: createNotInstalledLog(clock, onProblem),
    clock,
  });
  const sockets =
    settings.mode === "socket" && settings.appToken !== undefined
      ? createSockets({
          apiUrl: settings.apiUrl,
          appToken: settings.appToken,
          clock,
          onBack: options.onBack,
          onFatal: options.onFatal,
          onProblem,
        })
      : undefined;
  return {
    async start() {
      await app.init();
      await sockets?.open(app);
      state.isServing = true;
      started.resolve();
    },
    async stop() {
      state.isServing = false;
      started.resolve();
      await gate.close(DRAIN_MS);
      await sockets?.close();
    },
    isUp: () => state.isServing && (sockets?.isUp() ?? true),
    http: needsHttp(settings)
      ? createHttpRoute(app, {
          signingSecret: settings.mode === "http" ? settings.signingSecret : undefined,
          install: options.install,
          async mayCome() {
            await withTimeout(clock, STARTING_MS, started.promise);
            return state.isServing;
          },
          onProblem,
          now: () => clock.now(),
        })
      : undefined,
  };
}

const needsHttp = ({ mode, oauth }: SlackSettings): boolean =>
  mode === "http" || oauth !== undefined;

/** Each workspace without the app is reported once in this time, ms. */
const REPORT_MS = 3_600_000;
const MOST_REPORTED = 1_000;

function createNotInstalledLog(
  clock: Pick<Clock, "now">,
  onProblem: (problem: unknown) => void,
): (error: Error) => void {
  const repeated = createRepeatFilter({
    periodMs: REPORT_MS,
    max: MOST_REPORTED,
    now: () => clock.now(),
  });
  return ({ message }) => {
    if (repeated(message) === undefined) return;
    onProblem(new Error(`${message} Its events are acknowledged and ignored.`));
  };
}

const RATE_LIMITED =
  "Slack is holding events back: there were more than 30,000 in an hour. Remove Parley from channels that it need not follow.";

/** There are several receivers, so each is given the app, and the app has none. */
const NO_RECEIVER = {
  init() {},
  start: () => Promise.resolve(),
  stop: () => Promise.resolve(),
};

function createApp({ settings, workspaces, listen, onProblem }: ConnectionOptions): App {
  const authorize: Authorize<boolean> = async ({ teamId, enterpriseId }) => {
    const workspace = await workspaces.of(teamId ?? "", enterpriseId);
    if (!workspace) throw new NotInstalledError(teamId ?? enterpriseId ?? "");
    const { token: botToken, botUser: botUserId, botId, team, enterprise } = workspace;
    return {
      botToken,
      botUserId,
      teamId: team,
      ...(botId && { botId }),
      ...(enterprise && { enterpriseId: enterprise }),
    };
  };
  const app = new App({
    receiver: NO_RECEIVER,
    authorize,
    convoStore: false,
    deferInitialization: true,
    logger: createQuietLogger(),
    clientOptions: webClientOptions(settings.apiUrl),
  });
  app.error(async (error) => {
    if (!isNotInstalled(error)) onProblem(error);
    // Only an event that was not stored may be sent again.
    if (isUnauthorized(error)) throw error;
  });
  listen(app);
  return app;
}
