import type { IncomingMessage, ServerResponse } from "node:http";
import { present, textIn, type Fields } from "../state/fields.ts";
import type { Installation, Workspace } from "../state/workspace.ts";
import { agentMethods } from "./agents.ts";
import { ApiError, isMistake } from "./api-error.ts";
import { appMethods } from "./app-methods.ts";
import type { ApiCall, Calls } from "./calls.ts";
import { chatMethods } from "./chat.ts";
import { streamMethods } from "./streams.ts";
import { conversationMethods } from "./conversations.ts";
import type { Fault, Faults } from "./faults.ts";
import { fileMethods } from "./files.ts";
import { historyMethods } from "./history.ts";
import { requireScope, type ApiPorts, type Caller, type Method } from "./method.ts";
import { peopleMethods } from "./people.ts";
import type { Asked } from "./rate-limits.ts";
import { reactionMethods } from "./reactions.ts";
import { readFields } from "./read-body.ts";
import { viewMethods } from "./views.ts";

export interface WebApiOptions extends ApiPorts {
  readonly calls: Calls;
  readonly faults: Faults;
  /** Seconds to wait; 0: go. */
  readonly limit: (asked: Asked) => number;
  /** Before every answer, ms. */
  readonly latencyMs: () => number;
}

const METHODS: Readonly<Record<string, Method>> = {
  ...agentMethods,
  ...appMethods,
  ...chatMethods,
  ...streamMethods,
  ...conversationMethods,
  ...fileMethods,
  ...historyMethods,
  ...peopleMethods,
  ...reactionMethods,
  ...viewMethods,
};

/** Answers the calls of `/api/…`. */
export function createWebApi(options: WebApiOptions) {
  const { world, calls, faults } = options;
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => void (ms > 0 ? world.clock.setTimer(ms, resolve) : resolve()));

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const name = new URL(request.url ?? "", "http://localhost").pathname.replace(/^\/api\//, "");
    const { token, ...raw } = await readFields(request);
    const args = readable(raw);
    const call: ApiCall = {
      method: name,
      args,
      workspace: workspaceOf(options, tokenOf(request, token))?.id,
      at: world.clock.now(),
      status: 200,
      answer: {},
    };
    calls.add(call);
    await sleep(options.latencyMs());
    const fault = faults.take(name, args);
    const isDone = !fault || isCarriedOut(fault);
    if (isDone) await carryOut(options, request, call, { token, raw });
    if (fault?.kind === "slow") await sleep(fault.ms);
    if (fault && fault.kind !== "slow") return fail(response, call, fault);
    send(response, call);
  };
}

const isCarriedOut = (fault: Fault): boolean =>
  fault.kind === "lost-answer" ||
  fault.kind === "slow" ||
  (fault.kind === "status" && fault.isDone === true);

function fail(response: ServerResponse, call: ApiCall, fault: Exclude<Fault, { kind: "slow" }>) {
  switch (fault.kind) {
    case "lost-answer":
    case "lost-call":
      call.status = 0;
      response.destroy();
      return;
    case "status":
      call.status = fault.status;
      response.writeHead(fault.status, { "content-type": "text/plain" }).end("upstream error");
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Try again</html>");
      return;
    case "limited":
      limited(call, fault.retryAfter);
      return send(response, call);
    case "error":
      call.answer = { ok: false, error: fault.error, ...fault.more };
      return send(response, call);
  }
}

function send(response: ServerResponse, { status, answer }: ApiCall): void {
  const headers: Record<string, string> = { "content-type": "application/json; charset=utf-8" };
  const { retry_after: after, ...body } = answer;
  if (status === 429) headers["retry-after"] = String(after);
  response.writeHead(status, headers).end(JSON.stringify(body));
}

function limited(call: ApiCall, retryAfter: number | string): void {
  call.status = 429;
  call.answer = { ok: false, error: "ratelimited", retry_after: retryAfter };
}

interface Given {
  readonly token: unknown;
  readonly raw: Fields;
}

/** Does what the method does, and writes the answer into the call. */
async function carryOut(
  options: WebApiOptions,
  request: IncomingMessage,
  call: ApiCall,
  { token, raw }: Given,
): Promise<void> {
  try {
    const method = METHODS[call.method];
    if (!method) throw new ApiError("unknown_method", { req_method: call.method });
    const caller = { ...options, headers: request.headers };
    const bearer = tokenOf(request, token);
    const wait = options.limit({
      method: call.method,
      tier: method.tier,
      workspace: call.workspace ?? options.world.app.id,
      channel: textIn(call.args, "channel"),
    });
    if (method.token === "bot") {
      const known = callerOf(options, caller, bearer, raw);
      if (wait > 0) return limited(call, wait);
      requireScope(known, method.scopes);
      call.answer = { ok: true, ...(await method.run(known, raw)) };
      return;
    }
    if (method.token === "app") checkAppToken(options, bearer);
    if (wait > 0) return limited(call, wait);
    call.answer = { ok: true, ...(await method.run(caller, raw)) };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    call.answer = present({ ok: false, error: error.code, ...error.more });
    if (isMistake(error.code)) {
      options.world.reject(`${call.method}: ${error.code} ${JSON.stringify(error.more)}`);
    }
  }
}

function tokenOf({ headers }: IncomingMessage, argument: unknown): string | undefined {
  const [, bearer] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
  return bearer ?? (typeof argument === "string" ? argument : undefined);
}

const workspaceOf = ({ world }: ApiPorts, token: string | undefined): Workspace | undefined =>
  token === undefined
    ? undefined
    : [...world.workspaces.values()].find(({ install }) => install?.token === token);

/** An organisation's token stands for all of its workspaces: the channel or `team_id` says which. */
function callerOf(
  options: WebApiOptions,
  caller: Omit<Caller, "workspace" | "install">,
  token: string | undefined,
  args: Fields,
): Caller {
  if (token === undefined) throw new ApiError("not_authed");
  if (token === options.world.app.appToken) throw new ApiError("not_allowed_token_type");
  const [first, ...rest] = [...options.world.workspaces.values()].filter(
    ({ install }) => install?.token === token,
  );
  if (!first) throw new ApiError(options.gone.has(token) ? "account_inactive" : "invalid_auth");
  const channel = textIn(args, "channel") ?? textIn(args, "channel_id") ?? "";
  const workspace =
    [first, ...rest].find(({ id }) => id === args["team_id"]) ??
    [first, ...rest].find(({ channels }) => channels.has(channel)) ??
    first;
  const { install } = workspace;
  if (!install) throw new ApiError("invalid_auth");
  checkAge(options, install);
  return { ...caller, workspace, install };
}

function checkAge({ world }: ApiPorts, { rotation }: Installation): void {
  if (rotation && rotation.expiresAt <= world.wallClock()) throw new ApiError("token_expired");
}

function checkAppToken({ world }: ApiPorts, token: string | undefined): void {
  if (token === undefined) throw new ApiError("not_authed");
  if (token.startsWith("xoxb-")) throw new ApiError("not_allowed_token_type");
  if (token !== world.app.appToken) throw new ApiError("invalid_auth");
}

/** Forms carry objects as JSON: tests want to look into them. */
const readable = (args: Fields): Fields =>
  Object.fromEntries(
    Object.entries(args).map(([name, value]) => {
      if (typeof value !== "string" || !/^[[{]/.test(value)) return [name, value];
      try {
        return [name, JSON.parse(value)];
      } catch {
        return [name, value];
      }
    }),
  );
