import type { Fields } from "../state/fields.ts";

/** A refusal as Slack words it: `ok: false` with HTTP 200. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: string;
  readonly more: Fields;

  constructor(code: string, more: Fields = {}) {
    super(code);
    this.code = code;
    this.more = more;
  }
}

/** What is wrong with the arguments, in the way of Slack's own messages. */
export const apiErrorWith = (code: string, problems: readonly string[]): ApiError =>
  new ApiError(code, {
    errors: problems,
    response_metadata: { messages: problems.map((problem) => `[ERROR] ${problem}`) },
  });

/** Refusals that no correct app ever gets: each is a mistake in its code. */
const MISTAKES: ReadonlySet<string> = new Set([
  "block_mismatch",
  "cant_update_message",
  "cant_delete_message",
  "exchanged_trigger_id",
  "expired_trigger_id",
  "hash_conflict",
  "invalid_arg_name",
  "invalid_arguments",
  "invalid_blocks",
  "invalid_blocks_format",
  "invalid_cursor",
  "invalid_limit",
  "invalid_metadata_format",
  "invalid_metadata_schema",
  "invalid_name",
  "invalid_trigger_id",
  "markdown_text_conflict",
  "metadata_too_large",
  "msg_blocks_too_long",
  "msg_too_long",
  "no_text",
  "not_allowed_token_type",
  "push_limit_reached",
  "too_many_attachments",
  "unknown_method",
  "view_too_large",
]);

export const isMistake = (code: string): boolean => MISTAKES.has(code);
