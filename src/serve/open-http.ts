import { systemClock } from "../clock.ts";
import { createHealthRoute, type Phase } from "../http/health.ts";
import { type HttpRoute, type HttpServer, openHttpServer } from "../http/http-server.ts";
import type { Parley } from "../parley/parley.ts";
import type { Platform } from "../platform.ts";
import { type LoadedSettings, SettingsError } from "../settings.ts";
import type { Log } from "../telemetry/log.ts";

export interface OpenHttpOptions {
  readonly loaded: LoadedSettings;
  readonly parley: Parley;
  readonly adapters: readonly {
    readonly platform: Platform;
    readonly http?: HttpRoute | undefined;
  }[];
  readonly phase: () => Phase;
  /** Uncaught errors since the start. */
  readonly strays: () => number;
  readonly log: Log;
}

/** Default of PORT. */
const PORT = 3000;

/**
 * Serves health checks and the adapters' routes on one port. Rejects with a `SettingsError` when the port is unavailable. If only health
 * checks need the default port, it resolves to undefined instead, so that a second Parley on the machine can start.
 */
export async function openHttp({
  loaded: { settings },
  parley,
  adapters,
  phase,
  strays,
  log,
}: OpenHttpOptions): Promise<HttpServer | undefined> {
  const routes = adapters.flatMap(({ http }) => http ?? []);
  const health = createHealthRoute({
    phase,
    strays,
    checkStore: () => parley.checkStore(),
    platforms: () =>
      adapters.map(({ platform }) => ({
        name: platform.name,
        isConnected: platform.isConnected(),
      })),
    clock: systemClock,
  });
  try {
    const server = await openHttpServer({
      host: settings.HOST,
      port: settings.PORT ?? PORT,
      routes: [health, ...routes],
      onProblem: (problem) => log.warn({ err: problem }, "an HTTP request failed"),
    });
    log.info({ url: server.url }, "listening");
    return server;
  } catch (problem) {
    const isWanted = settings.PORT !== undefined || routes.length > 0;
    if (isWanted || !(problem instanceof SettingsError)) throw problem;
    log.warn(`Continues without health checks over HTTP. ${problem.message}`);
    return undefined;
  }
}
