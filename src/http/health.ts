import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { withTimeout } from "../timers.ts";
import type { HttpRoute } from "./http-server.ts";

export type Phase = "starting" | "serving" | "draining";

export interface HealthOptions {
  readonly phase: () => Phase;
  /** Rejects when the store takes nothing. */
  readonly checkStore: () => Promise<unknown>;
  /** The platforms that are served, and whether events reach Parley from each. */
  readonly platforms: () => readonly { readonly name: string; readonly isConnected: boolean }[];
  readonly clock: Clock;
  /** Errors that nobody caught, since the start; shown once there are any. */
  readonly strays?: () => number;
}

/** A database that has not answered by then does not answer, ms. */
const STORE_MS = 2_000;

/**
 * `/healthz`: the process lives; restart it when this fails. `/readyz`: it can take work, with every part's state as JSON, and 503 while
 * one is missing, while it starts and from the moment it is asked to leave. No error's text is shown: the port may be a public one.
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
    ["store", isStoreUp ? "ok" : "takes nothing"],
    ...platforms().map(({ name, isConnected }) => [name, isConnected ? "ok" : "not connected"]),
  ] as const;
  const isWhole = parts.every(([, state]) => state === "ok");
  const status = phase() === "serving" ? (isWhole ? "ready" : "not ready") : phase();
  const body = { status, parts: Object.fromEntries(parts) };
  send(response, status === "ready" ? 200 : 503, body);
}

/** Whoever asks while it is being checked waits for that check. */
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
