import { code } from "../../../src/text/spelling.ts";
import type { CommandReply, ReplyBlock } from "../../../src/reply.ts";
import type { LocalPerson } from "../local-person.ts";
import type { Room } from "../room.ts";

interface WhyPorts {
  readonly room: Pick<Room, "name">;
  readonly person: Pick<LocalPerson, "command">;
}

/** `/why`: the shared command, but the texts of the other answers only when they are asked for. */
export async function whyAnswer(
  { room, person }: WhyPorts,
  words: readonly string[],
): Promise<CommandReply> {
  const which = words.join(" ").toLowerCase();
  const whole = await person.command(room.name(), "why");
  const texts = whole.blocks.filter(isAnswer);
  if (which === "all") return whole;
  if (which === "") return texts.length === 0 ? whole : folded(whole, texts);
  const chosen = texts.find(({ answer }) =>
    [answer.label.toLowerCase(), answer.name.toLowerCase()].includes(which),
  );
  // Anything else is a turn's id, or a flag.
  return chosen
    ? { ...whole, blocks: [chosen] }
    : person.command(room.name(), ["why", ...words].join(" "));
}

type AnswerBlock = ReplyBlock & {
  readonly answer: { readonly label: string; readonly name: string };
};

const isAnswer = (block: ReplyBlock): block is AnswerBlock =>
  block.type === "text" && block.answer !== undefined;

function folded(whole: CommandReply, texts: readonly AnswerBlock[]): CommandReply {
  const list = texts.map(({ answer }) => `${answer.label} (${answer.name})`).join(", ");
  const [first] = texts;
  const one = code(`/why ${first?.answer.label ?? "A"}`);
  const markdown = `Other answers: ${list}. ${one} shows one, ${code("/why all")} all of them.`;
  const rest = whole.blocks.filter((block) => !isAnswer(block));
  return { ...whole, blocks: [...rest, { type: "text", markdown }] };
}
