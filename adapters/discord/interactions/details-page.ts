import type { CommandReply } from "../../../src/reply.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import { hasEnded } from "../../../src/progress/status-view.ts";
import { type Button, buttonRows } from "../render/buttons.ts";
import { replyPages } from "../render/reply-pages.ts";
import type { InteractionPorts, Scene } from "./context.ts";
import type { Body } from "./respond.ts";

/** Discord takes five buttons in a row, and five rows; one is for turning pages. */
const ROW = 5;
const MOST_CHOICES = 4 * ROW;

/** A page of why a turn came out as it did, with what can be chosen while it runs. */
export async function detailsPage(
  ports: InteractionPorts,
  { asking }: Scene,
  about: { readonly mark: DeliveryMark; readonly reply: CommandReply; readonly page: number },
): Promise<Body> {
  const { mark, reply } = about;
  const pages = await replyPages(reply);
  const page = Math.min(Math.max(0, about.page), pages.length - 1);
  const paging = pages.length > 1 ? pagingButtons(page, pages.length) : [];
  const choices = await choiceButtons(ports, asking.conversation, mark);
  const content = pages[page] ?? "";
  return {
    content: pages.length > 1 ? `${content}\n-# page ${page + 1} of ${pages.length}` : content,
    components: buttonRows(mark, [paging, ...rowsOf(choices)]),
  };
}

const pagingButtons = (page: number, pages: number): readonly Button[] => [
  // No two buttons of a message may carry the same words.
  { label: "◀", action: "why", about: String(Math.max(0, page - 1)), disabled: page === 0 },
  {
    label: "▶",
    action: "why",
    about: page === pages - 1 ? "end" : String(page + 1),
    disabled: page === pages - 1,
  },
];

/** "Prefer this" for each standing answer, while the turn is open. */
async function choiceButtons(
  { commands }: InteractionPorts,
  conversation: Scene["asking"]["conversation"],
  { turn }: DeliveryMark,
): Promise<readonly Button[]> {
  const view = await commands.turns.status(conversation);
  if (!view || view.turn !== turn || hasEnded(view)) return [];
  return view.agents.flatMap(({ label, name }) =>
    label === null
      ? []
      : [{ label: `Prefer ${label}: ${name}`, action: "prefer", about: label } as const],
  );
}

const rowsOf = (buttons: readonly Button[]): readonly (readonly Button[])[] => {
  const taken = buttons.slice(0, MOST_CHOICES);
  return Array.from({ length: Math.ceil(taken.length / ROW) }, (_, i) =>
    taken.slice(i * ROW, (i + 1) * ROW),
  );
};
