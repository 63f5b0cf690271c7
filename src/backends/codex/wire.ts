import { z } from "zod";

/** What `codex app-server` 0.171 says, as far as Parley uses it. Its own types: `codex app-server generate-ts --out DIR`. */

export const StartedThread = z.object({ thread: z.object({ id: z.string() }) });
export const StartedTurn = z.object({ turn: z.object({ id: z.string() }) });

const count = z.number().nonnegative().catch(0);

/** `input` includes what came from the cache, `output` the reasoning. */
const Tokens = z.object({
  inputTokens: count,
  cachedInputTokens: count,
  outputTokens: count,
});

/** A name, or an object with the name as its only key and the status of the provider's reply below it. */
const ErrorInfo = z.union([
  z.string(),
  z.record(
    z.string(),
    z.object({ httpStatusCode: z.number().nullish().catch(null) }).catch({ httpStatusCode: null }),
  ),
]);

const TurnError = z.object({
  message: z.string().catch(""),
  codexErrorInfo: ErrorInfo.nullish().catch(null),
});
export type TurnError = z.infer<typeof TurnError>;

/** The parameters of all notifications of a thread. */
export const Notice = z.object({
  threadId: z.string(),
  delta: z.string().catch(""),
  tokenUsage: z.object({ total: Tokens }).nullish().catch(null),
  turn: z
    .object({ status: z.string().catch(""), error: TurnError.nullish().catch(null) })
    .nullish()
    .catch(null),
  item: z
    .object({ type: z.string().catch(""), text: z.string().catch("") })
    .nullish()
    .catch(null),
});
export type Notice = z.infer<typeof Notice>;
