import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { withTimeout } from "../timers.ts";
import type { HttpRoute } from "./http-server.ts";

export type Phase = "starting" | "serving" | "draining";

export interface HealthOptions {
  readonly phase: () => Phase;
  /** Rejects when the store cannot write. */
  readonly checkStore: () => Promise<unknown>;
  /** The served platforms, and whether each is connected. */
  readonly platforms: () => readonly { readonly name: string; readonly isConnected: boolean }[];
  readonly clock: Clock;
  /** Uncaught errors since the start; shown if there are any. */
  readonly strays?: () => number;
}

/** Timeout of the database check, ms. */
const STORE_MS = 2_000;

/**
 * `/healthz`: the process is alive; restart it when this fails. `/readyz`: the process can take work; returns the state of every part as
 * JSON, and 503 while a part fails, during startup and during shutdown. Shows no error texts, since the port may be public.
 */
export function createHealthRoute(options: HealthOptions): HttpRoute {
  const store = createStoreCheck(options);
  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    const path = request.url?.split("?", 1)[0];
    if (path === "/healthz") send(response, 200, alive(options));
    else if (path === "/readyz") void store().then((isUp) => tellReady(response, options, isUp));
    else return false;
    return true;
  };
}

function alive({ strays = () => 0 }: HealthOptions) {
  const count = strays();
  return { status: "ok", ...(count > 0 ? { stray_errors: count } : {}) };
}

function tellReady(
  response: ServerResponse,
  { phase, platforms }: HealthOptions,
  isStoreUp: boolean,
): void {
  const parts = [
    ["store", isStoreUp ? "ok" : "unavailable"],
    ...platforms().map(({ name, isConnected }) => [name, isConnected ? "ok" : "not connected"]),
  ] as const;
  const isWhole = parts.every(([, state]) => state === "ok");
  const status = phase() === "serving" ? (isWhole ? "ready" : "not ready") : phase();
  const body = { status, parts: Object.fromEntries(parts) };
  send(response, status === "ready" ? 200 : 503, body);
}

/** Requests during a check share its result. */
function createStoreCheck({ checkStore, clock }: HealthOptions): () => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  const check = async (): Promise<boolean> => {
    const answered = checkStore().then(
      () => true,
      () => false,
    );
    return withTimeout(clock, STORE_MS, answered, () => false);
  };
  return () => {
    asked ??= check().finally(() => (asked = undefined));
    return asked;
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(`${JSON.stringify(body)}\n`);
}
