import type { PromptMessage } from "../backends/backend.ts";
import { createFences } from "../context/fence.ts";
import type { MoveRequest } from "../coordination/move.ts";
import type { Reply } from "./ask.ts";
import { joinRest, openFence } from "./join-rest.ts";
import { CONTINUE } from "./words.ts";

/** A reply, with its rest if the output limit cut it. */
export interface WholeReply {
  readonly reply: Reply;
  /** The rest could not be had. */
  readonly cut: boolean;
}

/** Asks once for the rest of an answer that the output limit cut. `askRest` rejects as the backend does. */
export async function continueReply(
  move: MoveRequest,
  first: Reply,
  {
    fenceCode,
    askRest,
  }: {
    readonly fenceCode: string;
    readonly askRest: (messages: readonly PromptMessage[]) => Promise<Reply>;
  },
): Promise<WholeReply> {
  const cut = first.finish === "length" && move.kind !== "review" ? cutText(first) : "";
  if (cut === "") return { reply: first, cut: false };
  const reply: Reply = { ...first, text: cut, calls: [] };
  try {
    const rest = await askRest(restOf(cut, fenceCode));
    const isWhole = rest.finish !== "length" && rest.finish !== "refusal" && rest.raw.trim() !== "";
    const text = rest.finish === "refusal" ? cut : joinRest(cut, rest.raw);
    return { reply: { ...reply, text: closed(text.trim(), isWhole) }, cut: !isWhole };
  } catch {
    // What came is worth more than nothing.
    return { reply: { ...reply, text: closed(cut.trim(), false) }, cut: true };
  }
}

/** A code block that the limit cut must not swallow what is posted behind it. */
function closed(text: string, isWhole: boolean): string {
  const fence = isWhole ? null : openFence(text);
  return fence === null ? text : `${text}\n${fence}`;
}

/** The text, or the answer in a call that broke off. */
function cutText({ raw, calls }: Reply): string {
  if (raw.trim() !== "") return raw;
  const args = calls.map((call) => call.arguments).join("");
  const written = /"content"\s*:\s*"((?:[^"\\]|\\[^])*)/.exec(args)?.[1] ?? "";
  try {
    return String(
      JSON.parse(`"${written.replace(/\\u[0-9a-fA-F]{0,3}$/, "").replace(/\n/g, "\\n")}"`),
    );
  } catch {
    return "";
  }
}

/** Characters of the end that the model repeats, so that the rest can be joined to it. */
const TAIL = 60;

function restOf(cut: string, fenceCode: string): readonly PromptMessage[] {
  const { fence } = createFences(fenceCode);
  const tail = cut.trimEnd().slice(-TAIL).toWellFormed();
  const last = tail.slice(Math.max(0, tail.search(/\s/) + 1));
  return [
    { role: "assistant", parts: [{ type: "text", text: cut }] },
    {
      role: "user",
      parts: [{ type: "text", text: `${fence("your-reply", last)}\n\n${CONTINUE}` }],
    },
  ];
}
