import { tally } from "../../../src/coordination/tally.ts";
import type { Revision, TurnState } from "../../../src/coordination/turn-state.ts";
import type { ConversationId } from "../../../src/ids.ts";
import { formatScore } from "../../../src/progress/format.ts";
import { whyReply } from "../../../src/progress/why-reply.ts";
import { votesByAnswer } from "../../../src/progress/why-tables.ts";
import { inSlices, type Steps } from "../../../src/slices.ts";
import {
  actions,
  type Block,
  button,
  context,
  DIVIDER,
  safeText,
  section,
} from "../render/blocks.ts";
import { ACTIONS, tableButton } from "../render/buttons.ts";
import { modal, type Modal } from "./modal.ts";
import { markdownSections } from "../render/sections.ts";
import { replyBlocks } from "./sections.ts";

export interface DetailsOptions {
  readonly page?: number;
  /** The result of the last click, in Markdown. */
  readonly notice?: string;
}

/** The current answers of a running turn, each with a button to vote for it; after its end, the reasons for its answer. */
export async function detailsModal(
  state: TurnState,
  conversation: ConversationId,
  { page = 0, notice }: DetailsOptions = {},
): Promise<Modal> {
  if (state.closing) return whyModal(state, conversation, { page });
  const subject = { kind: "details", conversation, turn: state.turn } as const;
  const blocks = await inSlices(detailsBlocks(state, notice));
  return modal({ title: "The answers so far", subject, blocks, page });
}

function* detailsBlocks(state: TurnState, notice: string | undefined): Steps<readonly Block[]> {
  const blocks: Block[] = notice === undefined ? [] : [...(yield* markdownSections(notice))];
  const before = blocks.length;
  for (const { revision, score, people } of tally(state)) {
    const found = state.revisions.find(({ id }) => id === revision);
    const facts = [
      ...(score === null ? [] : [`tally ${formatScore(score, state.policy.tally)}`]),
      ...(people === 0 ? [] : [`preferred by ${people}`]),
    ];
    if (found) blocks.push(...(yield* answerBlocks(state, found, facts)));
  }
  return blocks.length > before ? blocks : [...blocks, section("No agent has answered yet.")];
}

function* answerBlocks(
  state: TurnState,
  { agent, number, text }: Revision,
  facts: readonly string[],
): Steps<readonly Block[]> {
  const author = state.agents.find(({ id }) => id === agent);
  const label = author?.label ?? "?";
  const heading = `*${label} · ${safeText(author?.name ?? agent)}*`;
  const prefer = button({
    action: ACTIONS.prefer,
    value: label,
    text: "Prefer this",
    label: `Vote for answer ${label}`,
  });
  return [
    section(heading, prefer),
    ...context([[`revision ${number}`, ...facts].join(" · ")]),
    ...(yield* markdownSections(text)),
    DIVIDER,
  ];
}

interface WhyOptions {
  readonly page?: number;
  /** What people think of the answer, in Markdown; "": nothing, or not for this person. */
  readonly ratings?: string;
}

/** Every answer, every vote with its reason, tokens and cost of each agent. */
export async function whyModal(
  state: TurnState,
  conversation: ConversationId,
  { page = 0, ratings = "" }: WhyOptions = {},
): Promise<Modal> {
  const reply = whyReply(state, "full");
  const subject = { kind: "why", conversation, turn: state.turn } as const;
  const blocks = await inSlices(replyBlocks(reply));
  const table = votesByAnswer(state) ? actions([tableButton(state.turn)]) : [];
  const [outcome, ...rest] = blocks;
  const rated = ratings === "" ? [] : await inSlices(markdownSections(ratings));
  const shown = [...(outcome ? [outcome] : []), ...rated, ...table, ...rest];
  return modal({ title: reply.title, subject, blocks: shown, page });
}
