import type { Outgoing } from "../platform.ts";
import type { FinalView } from "../progress/final-view.ts";
import type {
  Delivery as Row,
  DeliveringTurn,
  Intended,
  LimitsHit,
} from "../store/tables/deliveries.ts";
import { type DeliveryPorts, postOnce } from "./post-once.ts";
import { revealingLinks } from "../links/reveal-links.ts";
import { inSlices } from "../slices.ts";
import { splittingAnswer } from "./split-answer.ts";
import { type StatusMessage, createStatusMessage } from "./status-message.ts";

export interface DeliveryOptions extends DeliveryPorts {
  /** What a status could not show; it goes on without. */
  readonly onProblem: (problem: unknown, turn: DeliveringTurn) => void;
}

/** One platform's way out. Whatever is posted is in the ledger first. */
export interface Delivery {
  /** The turn's one status message: its own if it has one already. */
  status(turn: DeliveringTurn): StatusMessage;
  /**
   * Posts the final answer, split where it is too long; resolves when all of it stands in the thread. Called again, it goes on where it
   * was interrupted, with the parts it was split into first. Rejects with a `DeliveryError` (what the platform refused), a `FencedError`, a
   * `StoreError`, or the signal's reason. Waits for no status edit. Resolves to how often the platform said to wait.
   */
  final(turn: DeliveringTurn, view: FinalView, signal?: AbortSignal): Promise<LimitsHit>;
  /** Posts the turn's one line for people ("all agents failed: …"), once, whatever the text the second time. Rejects as `final` does. */
  note(turn: DeliveringTurn, text: string, signal?: AbortSignal): Promise<LimitsHit>;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { deliveries, platform } = options;
  const deliver = async (
    turn: DeliveringTurn,
    kind: "final" | "note",
    { rows, fresh, heldAt }: Intended,
    { content, signal }: { content: (row: Row) => Outgoing; signal: AbortSignal | undefined },
  ): Promise<LimitsHit> => {
    let limits: LimitsHit = { hits: 0, ms: 0 };
    for (const row of rows) {
      if (row.state === "posted") continue;
      const mark = { turn: turn.id, kind, chunk: row.chunk };
      const known = { fresh, heldAt: row.chunk === 0 ? heldAt : -Infinity };
      const posted = await postOnce(options, {
        turn,
        mark,
        content: content(row),
        ...known,
        signal,
      });
      limits = { hits: limits.hits + posted.limits.hits, ms: limits.ms + posted.limits.ms };
    }
    return limits;
  };

  return {
    status: (turn) => createStatusMessage(options, turn),
    async final(turn, view, signal) {
      const text = await inSlices(revealingLinks(view.text));
      const split = await inSlices(splittingAnswer(text, platform.capabilities));
      const intent = { kind: "final", original: view.text, ...split } as const;
      const content = (row: Row) => finalPart(view, row);
      return deliver(turn, "final", await deliveries.intend(turn, intent), { content, signal });
    },
    async note(turn, text, signal) {
      const content = (row: Row): Outgoing => ({ kind: "note", text: row.text });
      const intended = await deliveries.intend(turn, { kind: "note", parts: [text] });
      return deliver(turn, "note", intended, { content, signal });
    },
  };
}

const finalPart = (view: FinalView, row: Row): Outgoing => ({
  kind: "final",
  view,
  text: row.text,
  chunk: row.chunk,
  chunks: row.chunks,
  ...(row.fileName && { file: { name: row.fileName, text: row.original ?? view.text } }),
});
