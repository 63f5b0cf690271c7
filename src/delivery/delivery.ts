import type { Outgoing } from "../platform.ts";
import type { FinalView } from "../progress/final-view.ts";
import type { Delivery as Row, DeliveringTurn } from "../store/tables/deliveries.ts";
import { type Delivered, deliverParts } from "./deliver-parts.ts";
import type { DeliveryPorts } from "./post-once.ts";
import { flattenNesting } from "../markdown/flatten-nesting.ts";
import { inliningReferences } from "../markdown/inline-references.ts";
import { revealingLinks } from "../links/reveal-links.ts";
import { inSlices } from "../slices.ts";
import { splittingAnswer } from "./split-answer.ts";
import type { StatusView } from "../progress/status-view.ts";
import { createStatusPost } from "./status-post.ts";
import { type StatusMessage, createStatusMessage } from "./status-message.ts";

export interface DeliveryOptions extends DeliveryPorts {
  /** Called when a status update fails; the status carries on. */
  readonly onProblem: (problem: unknown, turn: DeliveringTurn) => void;
}

/** Outbound delivery for one platform. Every post goes through the outbox first. */
export interface Delivery {
  /** The turn's status message. Reuses the existing one, if any. */
  status(turn: DeliveringTurn): StatusMessage;
  /** Posts the status of a turn that waits to start. Rejects with a `PlatformError` while there is no room for it, else like `final`. */
  queued(turn: DeliveringTurn, view: StatusView, signal: AbortSignal): Promise<void>;
  /**
   * Posts the final answer, split into parts if it is too long, and resolves once every part is in the thread. A form that the platform
   * refuses gives way to the next simpler one: a file to more parts, a part to a line that says so. Idempotent: a second call resumes an
   * interrupted delivery with the same parts. Does not wait for status edits. Rejects with a `DeliveryError` where it is unsure what was
   * posted, a `FencedError`, a `StoreError`, or the signal's reason.
   */
  final(turn: DeliveringTurn, view: FinalView, signal?: AbortSignal): Promise<Delivered>;
  /** Posts the turn's note ("all agents failed: …") once; later calls are ignored, even with another text. Rejects like `final`. */
  note(turn: DeliveringTurn, text: string, signal?: AbortSignal): Promise<Delivered>;
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { deliveries, platform } = options;
  return {
    status: (turn) => createStatusMessage(options, turn),
    async queued(turn, view, signal) {
      const post = createStatusPost(options, turn);
      const cancel = () => post.cancelPost();
      signal.addEventListener("abort", cancel);
      if (signal.aborted) cancel();
      await post.put(view, true).finally(() => signal.removeEventListener("abort", cancel));
    },
    async final(turn, view, signal) {
      const revealed = await inSlices(revealingLinks(view.text.replace(/\r\n?/g, "\n")));
      const text = await inSlices(inliningReferences(flattenNesting(revealed)));
      const split = await inSlices(splittingAnswer(text, platform.capabilities));
      const intent = { kind: "final", original: view.text } as const;
      const content = (row: Row) => finalPart(view, row);
      const shared = {
        turn,
        kind: "final",
        content,
        substitute: (row: Row) => finalPart(view, { ...row, text: unsaid(row), fileName: null }),
        signal,
      } as const;
      const withoutFile = async () => {
        const { parts } = await inSlices(splittingAnswer(text, platform.capabilities, "messages"));
        const rows = await deliveries.replace(turn, { ...intent, parts });
        // The message with the file may have been posted after all.
        return { ...shared, intended: { rows, fresh: false, heldAt: -Infinity } };
      };
      const intended = await deliveries.intend(turn, { ...intent, ...split });
      return deliverParts(options, { ...shared, intended, withoutFile });
    },
    async note(turn, text, signal) {
      const content = (row: Row): Outgoing => ({ kind: "note", text: row.text, failed: turn.id });
      return deliverParts(options, {
        turn,
        kind: "note",
        intended: await deliveries.intend(turn, { kind: "note", parts: [text] }),
        content,
        substitute: () => ({ kind: "note", text: NO_ANSWER, failed: turn.id }),
        signal,
      });
    },
  };
}

const NO_ANSWER = "This question has no answer. *Details* says why.";

const unsaid = ({ chunks }: Row): string =>
  chunks === 1
    ? "*The answer could not be posted here. Why shows it.*"
    : "*This part of the answer could not be posted here. Why shows it.*";

const finalPart = (view: FinalView, row: Row): Outgoing & { readonly kind: "final" } => ({
  kind: "final",
  view,
  text: row.text,
  chunk: row.chunk,
  chunks: row.chunks,
  ...(row.fileName && { file: { name: row.fileName, text: row.original ?? view.text } }),
});
