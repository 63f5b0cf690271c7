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
  /** Posts it, edits it, or posts a new one if it was deleted or is too old to edit. `mayPost` false: only edits what is in the thread. */
  put(view: StatusView, mayPost: boolean): Promise<void>;
  /** A first post that is still under way is not wanted any more: `put` rejects with `TOO_LATE` unless it arrives all the same. */
  cancelPost(): void;
}

/** The answer was faster than the first status. */
export const TOO_LATE = new Error("The status is not wanted any more.");

export function createStatusPost(ports: DeliveryPorts, turn: DeliveringTurn): StatusPost {
  const { clock, deliveries } = ports;
  const message = createMessage(ports, turn);
  let replacedAt = -Infinity;

  const replace = async (view: StatusView, mayPost: boolean, error: unknown): Promise<void> => {
    if (!mayPost) return;
    if (clock.now() - replacedAt < UNWANTED_MS) {
      throw new DeliveryError("gone", "The status was deleted twice.", { cause: error });
    }
    replacedAt = clock.now();
    message.forget();
    await deliveries.reopenStatus(turn);
    await message.put(view, true);
  };

  return {
    isMissing: () => message.isMissing(),
    cancelPost: () => message.cancelPost(),
    async put(view, mayPost) {
      try {
        await message.put(view, mayPost);
      } catch (error) {
        const deleted = error instanceof PlatformError && error.outcome === "gone";
        if (!deleted) throw error;
        await replace(view, mayPost, error);
      }
    },
  };
}

/** Posts the message once, then edits it. */
function createMessage(ports: DeliveryPorts, turn: DeliveringTurn) {
  const { clock, deliveries, platform } = ports;
  const state = { message: null as PostedMessage | null, isMissing: false, touchedAt: clock.now() };
  const unwanted = new AbortController();
  const mark = markOf(turn);

  const edit = async (target: PostedMessage, view: StatusView): Promise<void> => {
    if (clock.now() - state.touchedAt > SILENT_MS) await deliveries.confirm(turn);
    state.touchedAt = clock.now();
    await replyOf(clock, () => platform.edit(target, { kind: "status", view }));
  };

  const post = async (
    view: StatusView,
    known: Pick<Intended, "fresh" | "heldAt">,
  ): Promise<PostedMessage> => {
    const content = { kind: "status", view } as const;
    const { signal } = unwanted;
    state.isMissing = false;
    try {
      return await postOnce(ports, { turn, mark, content, ...known, signal });
    } catch (error) {
      state.isMissing = error instanceof PlatformError && error.outcome === "rate_limited";
      throw error;
    }
  };

  return {
    isMissing: () => state.isMissing,
    forget: () => void (state.message = null),
    cancelPost: () => unwanted.abort(TOO_LATE),
    async put(view: StatusView, mayPost: boolean): Promise<void> {
      if (!mayPost && !state.isMissing) state.message ??= await findExisting(ports, turn);
      if (state.message) return edit(state.message, view);
      if (!mayPost) return;
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

const markOf = ({ id }: DeliveringTurn) => ({ turn: id, kind: "status", chunk: 0 }) as const;

/** The message that is in the thread, though this process may not know of it; null: there is none. */
async function findExisting(
  { deliveries, platform, clock }: DeliveryPorts,
  turn: DeliveringTurn,
): Promise<PostedMessage | null> {
  const { conversation } = turn;
  const [row] = await deliveries.list(turn.id, "status");
  if (!row) return null;
  if (row.messageId) return { conversation, id: row.messageId };
  const mark = markOf(turn);
  const found = await replyOf(clock, () => platform.find(conversation, mark));
  if (!found) return null;
  await deliveries.posted(turn, { ...mark, messageId: found.id });
  return found;
}
