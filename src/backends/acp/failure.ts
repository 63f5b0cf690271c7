import { z } from "zod";
import { BackendError } from "../backend.ts";
import { type CliName, programHangs } from "../cli/cli-failure.ts";
import { RpcError, RpcTimeout } from "../cli/json-rpc.ts";
import { type CallTarget, incompleteReply, refusedCall } from "../provider-failure.ts";
import { parseErrorText, readErrorBody } from "../refusals/error-body.ts";
import type { ProviderReply } from "../refusals/uniform-error.ts";

export interface AcpErrors {
  readonly cli: CliName;
  readonly target: CallTarget;
  /** How its users log in, as a sentence. */
  readonly login: string;
}

/** The agent wants a log-in or a key. */
const AUTH_REQUIRED = -32000;
const INVALID_PARAMS = -32602;

const Data = z.object({
  errorKind: z.string().optional().catch(undefined),
  errorName: z.string().optional().catch(undefined),
});

/** What the error of a prompt means. `what`: what the agent was to do. */
export function acpFailure(error: unknown, what: string, errors: AcpErrors): BackendError {
  if (error instanceof BackendError) return error;
  if (error instanceof RpcTimeout) return programHangs(errors.cli, what);
  if (error instanceof RpcError) return rpcFailure(error, errors);
  return incompleteReply(errors.target, error instanceof Error ? error.message : String(error));
}

function rpcFailure(error: RpcError, { target, login }: AcpErrors): BackendError {
  const { code, message } = error;
  if (code === AUTH_REQUIRED) {
    return new BackendError(
      "auth",
      `${target.name} is not logged in: ${shortened(message)} ${login}`,
      {
        reason: "not_logged_in",
      },
    );
  }
  if (isConnection(message)) {
    return new BackendError("network", `${target.name} lost its model: ${shortened(message)}`);
  }
  const reply = replyOf(error);
  // An error without a word of the provider is the agent's own: it may have lost a part of itself.
  return reply ? refusedCall(reply, target) : incompleteReply(target, message);
}

const shortened = (text: string): string => text.slice(0, 200).replace(/\.?$/, ".");

/** Kinds of Claude's adapter, as statuses. */
const STATUS: Readonly<Record<string, number>> = {
  rate_limit: 429,
  server_error: 500,
  authentication_failed: 401,
  invalid_request: 400,
};

/** Null: neither its code nor its words are of a provider. */
function replyOf({ code, message, data }: RpcError): ProviderReply | null {
  const { errorKind, errorName } = Data.catch({ errorKind: undefined, errorName: undefined }).parse(
    data,
  );
  const body = parseErrorText(message);
  const named = errorKind === undefined ? undefined : STATUS[errorKind];
  const status = isStatus(code) ? code : (body.status ?? named ?? statusIn(message));
  if (status === undefined && errorName === undefined && code !== INVALID_PARAMS) return null;
  const codes = [...body.codes, errorKind, errorName].filter((one) => one !== undefined);
  return { status, words: body.words, codes, body: message };
}

const isStatus = (code: number): boolean => code >= 400 && code < 600;

const isConnection = (message: string): boolean =>
  /^(?:fetch failed|terminated|connection (?:refused|error)|socket hang up)\b/i.test(
    message.trim(),
  );

const statusIn = (words: string): number | undefined => {
  const [, status] = /\b(?:status|HTTP|error)[: ]{1,2}(?:code )?([45]\d\d)\b/i.exec(words) ?? [];
  return status === undefined ? undefined : Number(status);
};

/** Errors that agents send as if they were an answer (codex-acp). */
const SENTENCES =
  /^(?:exceeded retry limit, last status|stream disconnected before completion|unexpected status [45]\d\d|error sending request|connection (?:failed|refused)|your input exceeds the context window|selected model is at capacity|you've hit your usage limit|api error: ?[45]\d\d)/i;
/** Answers that only begin like an error are longer. */
const LONGEST_SENTENCE = 2000;

/** The error that a whole answer is; null: it is an answer. */
export function errorInText(text: string, target: CallTarget): BackendError | null {
  const words = text.trim();
  if (words === "" || words.length > LONGEST_SENTENCE) return null;
  const isBody = /^\{\s*"(?:error|type)"/.test(words) && readErrorBody(jsonOf(words)) !== null;
  if (!isBody && !SENTENCES.test(words)) return null;
  const body = parseErrorText(words);
  const status = body.status ?? Number(/\b[45]\d\d\b/.exec(words)?.[0] ?? Number.NaN);
  return refusedCall(
    { words: body.words, codes: body.codes, ...(!Number.isNaN(status) && { status }) },
    target,
  );
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
