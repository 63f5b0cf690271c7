import { PlatformError } from "../platform.ts";
import type { PostedMessage } from "../platform.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { DeliveringTurn } from "../store/deliveries.ts";
import { DeliveryError } from "./delivery-error.ts";
import { type DeliveryPorts, postOnce } from "./post-once.ts";
import { replyOf } from "./wait.ts";

/** Somebody who deletes the status twice within this time does not want it. */
const UNWANTED_MS = 10 * 60_000;

/** Puts a view on the turn's status message: posts it, edits it, or posts a fresh one when it was deleted or has grown too old to be edited. */
export function createStatusPost(ports: DeliveryPorts, turn: DeliveringTurn) {
  const { clock, deliveries, platform } = ports;
  let message: PostedMessage | null = null;
  let replacedAt = -Infinity;

  const post = async (view: StatusView): Promise<void> => {
    const { rows, fresh } = await deliveries.intend(turn, { kind: "status", parts: [""] });
    const id = rows[0]?.messageId;
    if (id) {
      message = { conversation: turn.conversation, id };
      return edit(message, view);
    }
    const mark = { turn: turn.id, kind: "status", chunk: 0 } as const;
    const content = { kind: "status", view } as const;
    message = await postOnce(ports, { turn, mark, content, fresh, signal: undefined });
  };

  const edit = (target: PostedMessage, view: StatusView): Promise<void> =>
    replyOf(clock, () => platform.edit(target, { kind: "status", view }));

  const replace = async (view: StatusView, error: unknown): Promise<void> => {
    if (clock.now() - replacedAt < UNWANTED_MS) {
      throw new DeliveryError("gone", "The status was deleted twice.", { cause: error });
    }
    replacedAt = clock.now();
    message = null;
    await deliveries.reopenStatus(turn);
    await post(view);
  };

  return async (view: StatusView): Promise<void> => {
    try {
      await (message ? edit(message, view) : post(view));
    } catch (error) {
      const deleted = error instanceof PlatformError && error.outcome === "gone";
      if (!deleted) throw error;
      await replace(view, error);
    }
  };
}
