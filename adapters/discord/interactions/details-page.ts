import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import { hasEnded } from "../../../src/progress/status-view.ts";
import { type Button, buttonRows } from "../render/buttons.ts";
import { replyPages } from "../render/reply-pages.ts";
import type { InteractionContext } from "./context.ts";
import type { Body } from "./respond.ts";

type Turns = Pick<CommandPorts["turns"], "status">;

/** Discord allows five rows of five buttons; one row is for paging. */
const ROW = 5;
const MAX_CHOICE_ROWS = 4;

/** A page of a turn's details, with a choice of answers while the turn runs. */
export async function detailsPage(
  turns: Turns,
  { caller }: InteractionContext,
  about: { readonly mark: DeliveryMark; readonly reply: CommandReply; readonly page: number },
): Promise<Body> {
  const { mark, reply } = about;
  const pages = await replyPages(reply);
  const page = Math.min(Math.max(0, about.page), pages.length - 1);
  const paging = pages.length > 1 ? pagingButtons(page, pages.length) : [];
  const choices = await choiceButtons(turns, caller.conversation, mark);
  const content = pages[page] ?? "";
  return {
    content: pages.length > 1 ? `${content}\n-# page ${page + 1} of ${pages.length}` : content,
    components: buttonRows(mark, [paging, ...rowsOf(choices)]),
  };
}

const pagingButtons = (page: number, pages: number): readonly Button[] => [
  // Two buttons of a message must not have the same `custom_id`.
  { label: "◀", action: "why", about: String(Math.max(0, page - 1)), disabled: page === 0 },
  {
    label: "▶",
    action: "why",
    about: page === pages - 1 ? "end" : String(page + 1),
    disabled: page === pages - 1,
  },
];

/** "Prefer" for each current answer, while the turn runs. */
async function choiceButtons(
  turns: Turns,
  conversation: InteractionContext["caller"]["conversation"],
  { turn }: DeliveryMark,
): Promise<readonly Button[]> {
  const view = await turns.status(conversation);
  if (!view || view.turn !== turn || hasEnded(view)) return [];
  return view.agents.flatMap(({ label, name }) =>
    label === null
      ? []
      : [{ label: `Prefer ${label}: ${name}`, action: "prefer", about: label } as const],
  );
}

const rowsOf = (buttons: readonly Button[]): readonly (readonly Button[])[] =>
  Array.from({ length: MAX_CHOICE_ROWS }, (_, i) => buttons.slice(i * ROW, (i + 1) * ROW));
