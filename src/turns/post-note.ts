import type { Clock } from "../clock.ts";
import { postOnce } from "../delivery/post-once.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { Outgoing } from "../platform.ts";
import { withTimeout } from "../timers.ts";
import type { PlatformRegistry, PlatformRegistryOptions } from "./platform-registry.ts";

/** Posts a note without a turn once, with retries. Resolves when it is posted, or after HOLD_MS while the retries continue. */
export type PostNote = (
  conversation: ConversationId,
  note: Outgoing & { readonly kind: "note" },
) => Promise<void>;

export interface PostNoteOptions extends Pick<PlatformRegistryOptions, "listener"> {
  readonly registry: Pick<PlatformRegistry, "of">;
  readonly clock: Clock;
  /** For the delivery mark, which needs an id. */
  readonly newTurnId: () => TurnId;
}

/** How long the acknowledgement of an event waits for the note, ms: platforms redeliver events that are not acknowledged within 3 s. */
const HOLD_MS = 1_000;

/** These notes are not stored; a crash loses them. */
const NO_LEDGER = { posted: async () => undefined, confirm: async () => undefined };

export function createPostNote({
  registry,
  clock,
  newTurnId,
  listener,
}: PostNoteOptions): PostNote {
  return (conversation, content) => {
    const { platform } = registry.of(conversation);
    const turn = { id: newTurnId(), conversation, epoch: 0 };
    const mark = { turn: turn.id, kind: "note", chunk: 0 } as const;
    const ports = { platform, clock, deliveries: NO_LEDGER };
    const sure = { fresh: true, heldAt: -Infinity, signal: undefined };
    const posted = postOnce(ports, { turn, mark, content, ...sure });
    const onProblem = (problem: unknown) => listener.problem(problem, { conversation });
    return withTimeout(
      clock,
      HOLD_MS,
      posted.then(() => undefined, onProblem),
    );
  };
}
