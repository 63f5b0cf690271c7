import { PlatformError } from "../platform.ts";
import type { PostedMessage } from "../platform.ts";
import type { StatusView } from "../progress/status-view.ts";
import type { DeliveringTurn, Intended } from "../store/tables/deliveries.ts";
import { DeliveryError } from "./delivery-error.ts";
import { type DeliveryPorts, postOnce } from "./post-once.ts";
import { replyOf } from "./reply-of.ts";

/** If someone deletes the status twice within this time, it is not posted again. */
const UNWANTED_MS = 10 * 60_000;

/** After this much silence, ms, the process may have been frozen and another process may own the turn. */
const SILENT_MS = 8_000;

/** The turn's status message on its platform. */
export interface StatusPost {
  /** It is certainly not posted yet: the platform rate limited it. */
  isMissing(): boolean;
  /** Posts it, edits it, or posts a new one if it was deleted or is too old to edit. */
  put(view: StatusView): Promise<void>;
}

export function createStatusPost(ports: DeliveryPorts, turn: DeliveringTurn): StatusPost {
  const { clock, deliveries } = ports;
  const message = createMessage(ports, turn);
  let replacedAt = -Infinity;

  const replace = async (view: StatusView, error: unknown): Promise<void> => {
    if (clock.now() - replacedAt < UNWANTED_MS) {
      throw new DeliveryError("gone", "The status was deleted twice.", { cause: error });
    }
    replacedAt = clock.now();
    message.forget();
    await deliveries.reopenStatus(turn);
    await message.put(view);
  };

  return {
    isMissing: () => message.isMissing(),
    async put(view) {
      try {
        await message.put(view);
      } catch (error) {
        const deleted = error instanceof PlatformError && error.outcome === "gone";
        if (!deleted) throw error;
        await replace(view, error);
      }
    },
  };
}

/** Posts the message once, then edits it. */
function createMessage(ports: DeliveryPorts, turn: DeliveringTurn) {
  const { clock, deliveries, platform } = ports;
  const state = { message: null as PostedMessage | null, isMissing: false, touchedAt: clock.now() };

  const edit = async (target: PostedMessage, view: StatusView): Promise<void> => {
    if (clock.now() - state.touchedAt > SILENT_MS) await deliveries.confirm(turn);
    state.touchedAt = clock.now();
    await replyOf(clock, () => platform.edit(target, { kind: "status", view }));
  };

  const post = async (
    view: StatusView,
    known: Pick<Intended, "fresh" | "heldAt">,
  ): Promise<PostedMessage> => {
    const mark = { turn: turn.id, kind: "status", chunk: 0 } as const;
    const content = { kind: "status", view } as const;
    state.isMissing = false;
    try {
      return await postOnce(ports, { turn, mark, content, ...known, signal: undefined });
    } catch (error) {
      state.isMissing = error instanceof PlatformError && error.outcome === "rate_limited";
      throw error;
    }
  };

  return {
    isMissing: () => state.isMissing,
    forget: () => void (state.message = null),
    async put(view: StatusView): Promise<void> {
      if (state.message) return edit(state.message, view);
      const intended = await deliveries.intend(turn, { kind: "status", parts: [""] });
      const { rows, fresh, heldAt } = intended;
      const id = rows[0]?.messageId;
      if (id) {
        state.message = { conversation: turn.conversation, id };
        return edit(state.message, view);
      }
      state.message = await post(view, { fresh: fresh || state.isMissing, heldAt });
    },
  };
}
