// npm run slack:picture, discord:picture: draws what people see of a turn at each of its moments, from what the product renders.
import { mkdir, writeFile } from "node:fs/promises";
import { conversationOf } from "../../adapters/slack/place.ts";
import { render } from "../../adapters/slack/render/render.ts";
import { whyModal } from "../../adapters/slack/views/turn-modals.ts";
import { FOOTER_ROOM, renderFinal } from "../../adapters/discord/render/render-final.ts";
import { renderMarkdown } from "../../adapters/discord/render/markdown.ts";
import { renderStatus } from "../../adapters/discord/render/render-status.ts";
import { replyContainers } from "../../adapters/discord/render/reply-containers.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { splittingAnswer } from "../../src/delivery/split-answer.ts";
import type { Outgoing } from "../../src/platform.ts";
import { finalView, type FinalView } from "../../src/progress/final-view.ts";
import { forPeople } from "../../src/progress/for-people.ts";
import { statusView } from "../../src/progress/status-view.ts";
import { whyReply } from "../../src/progress/why-reply.ts";
import { finish } from "../../src/slices.ts";
import { isFields, type Fields } from "../../test/servers/slack/state/fields.ts";
import { drawSentToDiscord, type SentMessage } from "./draw-discord.ts";
import { drawSlack } from "./draw-slack.ts";
import { longAnswer, SCENES } from "./scenes.ts";

const FOLDER = new URL("../../docs/pictures/", import.meta.url);
const conversation = conversationOf({ team: "T1", channel: "C1", thread: "17.5" });
const seen = (state: TurnState): TurnState => forPeople(state, conversation);

type Final = Extract<Outgoing, { kind: "final" }>;

function viewOf(state: TurnState): FinalView {
  const view = finalView(seen(state));
  if (!view) throw new Error("The scene has no answer.");
  return view;
}

/** An answer whose file was refused: it comes in more messages. */
function partsOf(state: TurnState, room: Parameters<typeof splittingAnswer>[1]): readonly Final[] {
  const text = longAnswer(room.maxTextLength * (room.maxParts + 1));
  const view = { ...viewOf(state), text };
  const { parts } = finish(splittingAnswer(text, room, "messages"));
  return parts.map((part, chunk) => ({
    kind: "final",
    view,
    text: part,
    chunk,
    chunks: parts.length,
  }));
}

const whole = (state: TurnState): Final => {
  const view = viewOf(state);
  return { kind: "final", view, text: view.text, chunk: 0, chunks: 1 };
};

/** The first and the last part; the ones between look alike. */
const ends = <T>(parts: readonly T[]): readonly T[] => [
  ...parts.slice(0, 1),
  ...parts.slice(1).slice(-1),
];

const blocksOf = (content: Outgoing): readonly Fields[] =>
  (render(content).blocks ?? []).filter(isFields);
const slackPost = (content: Outgoing) => ({ author: "Parley", blocks: blocksOf(content) });
const SLACK_ROOM = { maxTextLength: 10_000, footerRoom: 0, maxParts: 4 };

/** Parts of this length would fill the page: their beginnings and ends are drawn. */
const shortened = (content: Final): Final => ({
  ...content,
  text: `${content.text.slice(0, 500)}\n\n[…]\n\n${content.text.slice(-300)}`,
});

async function slackStates(): Promise<Readonly<Record<string, string>>> {
  const { running, agreed, split } = SCENES;
  const status = (state: TurnState) => ({ kind: "status", view: statusView(seen(state)) }) as const;
  const why = await whyModal(seen(agreed), conversation);
  const parts = ends(partsOf(agreed, SLACK_ROOM)).map(shortened);
  return {
    running: drawSlack([slackPost(status(running))]),
    over: drawSlack([slackPost(status(agreed))]),
    agreed: drawSlack([slackPost(whole(agreed))]),
    split: drawSlack([slackPost(whole(split))]),
    refused: drawSlack(parts.map(slackPost)),
    why: drawSlack([
      { author: why.title.text, blocks: why.blocks.map((block): Fields => ({ ...block })) },
    ]),
  };
}

const mark = { turn: viewOf(SCENES.agreed).turn, kind: "final", chunk: 0 } as const;

const DISCORD_ROOM = {
  maxTextLength: 1_900,
  lengthOf: (markdown: string) => renderMarkdown(markdown, 1_900).content.length,
  footerRoom: FOOTER_ROOM,
  maxParts: 4,
};

async function discordStates(): Promise<Readonly<Record<string, string>>> {
  const { running, agreed, split } = SCENES;
  const status = (state: TurnState) => discordPost(renderStatus(statusView(seen(state))));
  const final = (content: Final) => discordPost(renderFinal(content, mark));
  const [why] = await replyContainers(whyReply(seen(agreed)), mark);
  return {
    running: drawSentToDiscord([status(running)]),
    over: drawSentToDiscord([status(agreed)]),
    agreed: drawSentToDiscord([final(whole(agreed))]),
    split: drawSentToDiscord([final(whole(split))]),
    refused: drawSentToDiscord(ends(partsOf(agreed, DISCORD_ROOM)).map(final)),
    why: drawSentToDiscord([{ author: "Parley", ...contentOf([why]) }]),
  };
}

const discordPost = ({ content, components }: ReturnType<typeof renderStatus>): SentMessage => ({
  author: "Parley",
  text: content,
  rows: components.map(labelsIn),
});

const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

/** "Why", "👍", "Use one of them now… ▾". */
const labelsIn = (row: unknown): readonly string[] =>
  listOf(isFields(row) ? row["components"] : []).map((part) => {
    const { label, emoji, placeholder } = part;
    if (typeof placeholder === "string") return `${placeholder} ▾`;
    return typeof label === "string" ? label : String(isFields(emoji) ? emoji["name"] : "");
  });

/** The texts of a container, with a line where Discord draws one. */
function contentOf(parts: readonly unknown[]): Pick<SentMessage, "text"> {
  const lines = parts.filter(isFields).flatMap((part): readonly string[] => {
    if (typeof part["content"] === "string") return [part["content"]];
    if (part["type"] === 14) return ["―".repeat(40)];
    return [contentOf(listOf(part["components"])).text];
  });
  return { text: lines.join("\n") };
}

const [platform] = process.argv.slice(2);
const states = platform === "slack" ? await slackStates() : await discordStates();
await mkdir(FOLDER, { recursive: true });
for (const [state, drawn] of Object.entries(states)) {
  await writeFile(new URL(`${platform}-${state}.svg`, FOLDER), drawn);
}
