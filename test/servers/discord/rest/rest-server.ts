import type { IncomingMessage, ServerResponse } from "node:http";
import { fileAt } from "../endpoints/attachments.ts";
import { type Gaps, written } from "../gaps.ts";
import { asJson } from "../wire/json.ts";
import type { World } from "../world/world.ts";
import type { Call, RecordedCall, Route } from "./call.ts";
import type { Fault, Faults } from "./faults.ts";
import type { Limits, Verdict } from "./limits.ts";
import type { OpenApi } from "./openapi.ts";
import {
  broken,
  failureOf,
  notFound,
  type Outcome,
  outcomeOf,
  shutOut,
  tooMany,
  unauthorized,
} from "./outcome.ts";
import { readBody } from "./read-call.ts";
import { createRouter, type Match, sameRoute } from "./router.ts";

export interface RestOptions {
  readonly world: World;
  readonly routes: readonly Route[];
  readonly limits: Limits;
  readonly faults: Faults;
  readonly openApi: OpenApi | undefined;
  readonly calls: RecordedCall[];
  readonly gaps: Gaps;
}

/** What becomes of the connection in place of an answer. */
type Cut = "drop" | "close";

const PREFIX = /^\/api\/v10(?=\/)/;

export function createRestServer(
  options: RestOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { world, calls } = options;
  const router = createRouter(options.routes);
  const answer = async (request: IncomingMessage, url: URL): Promise<Outcome | Cut> => {
    const path = url.pathname.replace(PREFIX, "");
    const match = PREFIX.test(url.pathname)
      ? router.find(request.method ?? "GET", path)
      : undefined;
    if (match && isLacking(options.gaps, match)) return notFound;
    if (!match) {
      world.violations.push(`there is no ${request.method} ${url.pathname}`);
      return notFound;
    }
    const { body, files } = await readBody(request);
    const call: Call = {
      route: match.route.pattern,
      method: request.method ?? "GET",
      path,
      params: match.params,
      query: url.searchParams,
      body,
      files,
      headers: request.headers,
    };
    const record: RecordedCall = { ...call, at: world.time.now(), status: 0, code: undefined };
    calls.push(record);
    const outcome = await serveCall(options, call, match);
    if (typeof outcome === "string") return outcome;
    record.status = outcome.status;
    record.code = Number(asJson(outcome.json)["code"]) || undefined;
    return outcome;
  };
  return (request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (url.pathname.startsWith("/attachments/")) return serveFile(world, url, response);
    answer(request, url)
      .catch((problem: unknown) => failureOf(world.time, problem))
      .then((outcome) =>
        typeof outcome === "string"
          ? cut(request, outcome)
          : write(response, outcome, options.gaps),
      )
      .catch(() => request.socket.destroy());
  };
}

const isLacking = ({ lacks }: Gaps, { route }: Match): boolean =>
  lacks.some((lack) => sameRoute(lack) === sameRoute(route.pattern));

const cut = ({ socket }: IncomingMessage, how: Cut): unknown =>
  how === "drop" ? socket.resetAndDestroy() : socket.end();

/** Everything between a call and its answer, in the order of the real one. */
async function serveCall(options: RestOptions, call: Call, match: Match): Promise<Outcome | Cut> {
  const { world, limits, faults } = options;
  const away = limits.shutOutFor();
  if (away !== undefined) return shutOut(world.time, away);
  const fault = faults.take(call);
  const verdict = isKnown(world, call, match)
    ? limits.take(call, match.route.limit ?? "all")
    : undefined;
  const outcome = verdict
    ? await serveAdmitted(options, { call, match, fault, verdict })
    : unauthorized;
  if (typeof outcome !== "string") limits.answered(outcome.status, outcome.scope);
  return outcome;
}

const isKnown = (world: World, { headers }: Call, { route }: Match): boolean =>
  route.needsToken === false || headers["authorization"] === `Bot ${world.application.token}`;

interface Admitted {
  readonly call: Call;
  readonly match: Match;
  readonly fault: Fault | undefined;
  readonly verdict: Verdict;
}

async function serveAdmitted(options: RestOptions, admitted: Admitted): Promise<Outcome | Cut> {
  const { world } = options;
  const { call, match, fault, verdict } = admitted;
  const early = failEarly(world, admitted);
  if (early) return early;
  const outcome = await run(options, call, match).catch((problem: unknown) =>
    failureOf(world.time, problem),
  );
  return failLate(world, fault, {
    ...outcome,
    headers: { ...verdict.headers, ...outcome.headers },
  });
}

/** Limits and faults that keep a call from being served. */
function failEarly(world: World, { fault, verdict }: Admitted): Outcome | Cut | undefined {
  const limit = verdict.refused ?? (fault?.kind === "limit" ? fault : undefined);
  if (limit) return tooMany(world.time, limit, verdict.headers);
  return fault && brokenEarly(fault);
}

function brokenEarly(fault: Fault): Outcome | Cut | undefined {
  if (fault.kind === "drop" || fault.kind === "close") return fault.kind;
  return fault.kind === "status" ? broken(fault.status) : undefined;
}

/** Faults after the work is done. */
async function failLate(
  world: World,
  fault: Fault | undefined,
  outcome: Outcome,
): Promise<Outcome | Cut> {
  if (fault?.kind === "slow") {
    await new Promise<void>((resolve) => world.time.setTimer(fault.ms, resolve));
  }
  if (fault?.kind === "drop after") return "drop";
  if (fault?.kind === "close after") return "close";
  return fault?.kind === "status after" ? broken(fault.status) : outcome;
}

async function run(
  { world, openApi }: RestOptions,
  call: Call,
  { route }: Match,
): Promise<Outcome> {
  const complain = (what: string, problems: readonly string[]) =>
    world.violations.push(...problems.map((problem) => `${route.pattern}: ${what}${problem}`));
  if (!/^DiscordBot \(.+\)/.test(String(call.headers["user-agent"]))) {
    complain("", ["the User-Agent does not start with DiscordBot (url, version)"]);
  }
  const result = await route.run(call);
  complain("sent ", openApi?.request(route.pattern, call.body) ?? []);
  const outcome = outcomeOf(result);
  complain("got ", openApi?.response(route.pattern, outcome.status, outcome.json) ?? []);
  return outcome;
}

function write(
  response: ServerResponse,
  { status, json, headers = {} }: Outcome,
  gaps: Gaps,
): void {
  // An empty 204 must not call itself JSON.
  if (json === undefined) return void response.writeHead(status, headers).end();
  const body = typeof json === "string" ? json : written(gaps, json);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
}

function serveFile(world: World, url: URL, response: ServerResponse): void {
  const file = fileAt(world, url);
  if (!file) {
    return void response.writeHead(404).end("This content is no longer available.");
  }
  response.writeHead(200, {
    "content-type": file.mediaType,
    "content-length": file.bytes.byteLength,
  });
  response.end(file.bytes);
}
