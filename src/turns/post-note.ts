import type { Clock } from "../clock.ts";
import { postOnce } from "../delivery/post-once.ts";
import type { ConversationId, TurnId } from "../ids.ts";
import type { Outgoing } from "../platform.ts";
import { withTimeout } from "../timers.ts";
import type { PlatformRegistry, PlatformRegistryOptions } from "./platform-registry.ts";

/** Posts a note that belongs to no turn, once, and tries again where the platform fails. Resolves when it stands; what takes longer goes on without being waited for. */
export type PostNote = (
  conversation: ConversationId,
  note: Outgoing & { readonly kind: "note" },
) => Promise<void>;

export interface PostNoteOptions extends Pick<PlatformRegistryOptions, "listener"> {
  readonly registry: Pick<PlatformRegistry, "of">;
  readonly clock: Clock;
  /** For the mark: a note of no turn needs an id too. */
  readonly newTurnId: () => TurnId;
}

/** How long whoever delivers a message waits for the word on it, ms: platforms send again what is not acknowledged within 3 s. */
const HOLD_MS = 1_000;

/** Such a note is lost with its process. */
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
