import { BackendError } from "../backend.ts";
import {
  type CallTarget,
  incompleteReply,
  lostConnection,
  refusedCall,
} from "../provider-failure.ts";
import type { Result } from "./wire.ts";

/** The CLI's own words before those of the API. */
const OWN_WORDS = /^(?:failed to authenticate\. )?api error: /i;

/** No key and no log-in: the CLI did not call the API. */
const LOGGED_OUT = /not logged in|please run \/login|invalid api key · fix/i;

/**
 * The error of a turn that brought no answer. The CLI puts a sentence about an error where the answer would stand, with `subtype: "success"`: it is
 * never shown as an answer.
 */
export function turnFailure(result: Result, target: CallTarget): BackendError {
  const { api_error_status: status, api_error_type, api_error, terminal_reason } = result;
  const words = result.result.replace(OWN_WORDS, "").trim();
  if (status === undefined && LOGGED_OUT.test(words)) return loggedOut(target);
  if (status !== undefined) {
    return refusedCall({ status, words, codes: [api_error_type, terminal_reason] }, target);
  }
  if (/connection|network|timeout/i.test(api_error)) {
    return lostConnection(new Error(words), target);
  }
  if (terminal_reason === "prompt_too_long") {
    return refusedCall({ words, codes: ["context_window_exceeded"] }, target);
  }
  return incompleteReply(target, words || terminal_reason || result.subtype || "it has no answer");
}

const loggedOut = ({ keyAdvice = "" }: CallTarget): BackendError =>
  new BackendError("auth", `Claude Code is not logged in on this machine. ${keyAdvice}`.trim(), {
    reason: "not_logged_in",
  });
