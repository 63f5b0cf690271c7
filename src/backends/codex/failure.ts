import { BackendError } from "../backend.ts";
import { type CliName, programHangs } from "../cli/cli-failure.ts";
import { RpcError, RpcTimeout } from "../cli/json-rpc.ts";
import { type CallTarget, incompleteReply, refusedCall } from "../provider-failure.ts";
import { parseErrorText } from "../refusals/error-body.ts";
import type { TurnError } from "./wire.ts";

export interface CodexErrors {
  readonly cli: CliName;
  readonly target: CallTarget;
}

/** What a failed request to the program means. `what`: what it was to do. */
export function codexFailure(error: unknown, what: string, errors: CodexErrors): BackendError {
  if (error instanceof BackendError) return error;
  if (error instanceof RpcTimeout) return programHangs(errors.cli, what);
  const words = error instanceof Error ? error.message : String(error);
  return error instanceof RpcError
    ? new BackendError("bad_request", `Codex did not ${what}: ${words.slice(0, 300)}`, {
        reason: "program_failed",
      })
    : incompleteReply(errors.target, words);
}

/** Kinds of errors without a status of their own, as the statuses that mean the same. */
const STATUS: Readonly<Record<string, number>> = {
  unauthorized: 401,
  badRequest: 400,
  usageLimitExceeded: 429,
  internalServerError: 500,
  serverOverloaded: 503,
  contextWindowExceeded: 413,
};

/** What the error of a turn means. */
export function turnFailure(
  error: TurnError | null | undefined,
  { target }: CodexErrors,
): BackendError {
  const message = error?.message ?? "no reason given";
  const { kind, status: told } = kindOf(error);
  const { words, codes, status: named } = parseErrorText(bodyIn(message));
  if (kind === "usageLimitExceeded") {
    return new BackendError("rate_limit", `Codex: ${words}`, { passing: false, reason: "quota" });
  }
  const status = told ?? STATUS[kind] ?? statusIn(message) ?? named;
  if (status !== undefined) return refusedCall({ status, words, codes, body: message }, target);
  return isLost(kind, message)
    ? new BackendError("network", `Codex lost its model: ${words.slice(0, 300)}`)
    : unfinished({ kind, words, codes, message }, target);
}

const isLost = (kind: string, message: string): boolean =>
  kind === "httpConnectionFailed" || CONNECTION.test(message);

interface Told {
  readonly kind: string;
  readonly words: string;
  readonly codes: readonly string[];
  readonly message: string;
}

const unfinished = ({ kind, words, codes, message }: Told, target: CallTarget): BackendError =>
  UNTOLD.test(kind)
    ? incompleteReply(target, words)
    : refusedCall({ words, codes: [...codes, kind], body: message }, target);

/** Kinds that say only that the reply is not whole. */
const UNTOLD = /^(?:other)?$|disconnected/i;

function kindOf(error: TurnError | null | undefined): {
  readonly kind: string;
  readonly status: number | null;
} {
  const info = error?.codexErrorInfo ?? "";
  if (typeof info === "string") return { kind: info, status: null };
  const [[kind, { httpStatusCode }] = ["", { httpStatusCode: null }]] = Object.entries(info);
  return { kind, status: httpStatusCode ?? null };
}

const CONNECTION =
  /^(?:error sending request|connection (?:failed|refused)|fetch failed|terminated)/i;

/** "unexpected status 401 Unauthorized: …, url: https://…, request id: …": the provider's own words, or the JSON among them. */
const bodyIn = (message: string): string => {
  const from = message.indexOf("{");
  const to = message.lastIndexOf("}");
  if (from >= 0 && to > from) return message.slice(from, to + 1);
  const [words = ""] = message.split(", url: ");
  return words.replace(/^unexpected status \d{3}[^:]{0,60}: /i, "");
};

const statusIn = (message: string): number | undefined => {
  const [, status] = /\bstatus:? ([45]\d\d)\b/i.exec(message) ?? [];
  return status === undefined ? undefined : Number(status);
};
