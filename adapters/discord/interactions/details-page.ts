import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { type DeliveryMark, PlatformError } from "../../../src/platform.ts";
import { hasEnded } from "../../../src/progress/status-view.ts";
import { checkBody } from "../payload/check-body.ts";
import { type Button, buttonRows } from "../render/buttons.ts";
import { largeBody, type LargeBody, replyContainers } from "../render/reply-containers.ts";
import { replyPages } from "../render/reply-pages.ts";
import type { InteractionContext } from "./context.ts";
import type { Body } from "./respond.ts";

type Turns = Pick<CommandPorts["turns"], "status">;

/** Discord allows five rows of five buttons; one row is for paging. */
const ROW = 5;
const MAX_CHOICE_ROWS = 4;

interface About {
  readonly mark: DeliveryMark;
  readonly reply: CommandReply;
  readonly page: number;
}

/** A page of a turn's details, with a choice of answers while the turn runs: as a container, or as text where Discord refuses that. */
export async function showDetails(
  turns: Turns,
  { caller, respond }: Pick<InteractionContext, "caller" | "respond">,
  about: About,
): Promise<void> {
  const choices = rowsOf(await choiceButtons(turns, caller.conversation, about.mark));
  const large = await largePage(about, choices);
  const edit = checkBody({ ...large, allowed_mentions: {} }).length === 0;
  try {
    if (edit) return void (await respond.edit(large));
  } catch (error) {
    if (!(error instanceof PlatformError) || error.outcome !== "rejected") throw error;
  }
  await respond.edit(await plainPage(about, choices));
}

type Rows = readonly (readonly Button[])[];

async function largePage({ mark, reply, page }: About, choices: Rows): Promise<LargeBody> {
  const containers = await replyContainers(reply, mark);
  const at = within(page, containers.length);
  const [container = {}] = containers.slice(at);
  const paging = containers.length > 1 ? pagingButtons(at, containers.length) : [];
  return largeBody([container], buttonRows(mark, [paging, ...choices]));
}

async function plainPage({ mark, reply, page }: About, choices: Rows): Promise<Body> {
  const pages = await replyPages(reply);
  const at = within(page, pages.length);
  const paging = pages.length > 1 ? pagingButtons(at, pages.length) : [];
  return { content: pages[at] ?? "", components: buttonRows(mark, [paging, ...choices]) };
}

const within = (page: number, count: number): number =>
  Math.min(Math.max(0, page), Math.max(0, count - 1));

const pagingButtons = (page: number, pages: number): readonly Button[] => [
  // Two buttons of a message must not have the same `custom_id`.
  { label: "◀", action: "why", about: String(Math.max(0, page - 1)), disabled: page === 0 },
  { label: `${page + 1} of ${pages}`, action: "part", disabled: true },
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
