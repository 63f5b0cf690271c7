import type { Backend, BackendRequest } from "../../src/backends/backend.ts";
import type { Question, Read } from "./question.ts";

/** An answer as the agent finds it in its prompt. */
interface Found {
  readonly label: string;
  readonly author: number;
}

const SHOWN =
  /<team-answer(?<code>-[0-9a-z]+)?[^>]* label="(?<label>[^"]+)"[^>]*>\n(?<text>[\s\S]*?)\n<\/team-answer\k<code>>/g;
const SIGNED = /Worked out by seat (?<seat>\d+)\./;
const BYTES_PER_TOKEN = 4;

/**
 * An agent of known ability: it answers a question as the world says, and scores the answers that it finds in its prompt. Its texts are signed,
 * so that it knows whose answer it reads.
 */
export function createSimulatedAgent(
  seat: number,
  { question, nth }: { readonly question: Question; readonly nth: number },
): Backend {
  return {
    kind: "bench",
    model: `seat-${seat}`,
    provider: null,
    async *ask(request) {
      const found = findAnswers(request);
      const answer = answerOf(question, seat);
      if (found.length === 0) yield { type: "text", text: answer };
      const first = found[0]?.author ?? seat;
      const ballot = ballotOf(found, question.read(seat, nth, first), asksForChances(request));
      if (found.length > 0) yield { type: "tool_call", name: "vote", arguments: ballot };
      const written = found.length > 0 ? ballot : answer;
      yield {
        type: "done",
        finish: found.length > 0 ? "tool" : "stop",
        usage: { input: tokensOf(request), cached: 0, cacheWritten: 0, output: written.length / 4 },
      };
    },
  };
}

/** Agents that are seen to say the same end with the same claim. */
const answerOf = ({ claims, groups }: Question, seat: number): string =>
  `It comes to ${claims[seat]}. Worked out by seat ${seat}.\n\nClaim: result ${groups[seat]}`;

const textsOf = ({ messages }: BackendRequest): readonly string[] =>
  messages.flatMap(({ parts }) => parts.flatMap((p) => (p.type === "text" ? p.text : [])));

const findAnswers = (request: BackendRequest): readonly Found[] =>
  [...(textsOf(request).at(-1) ?? "").matchAll(SHOWN)].map(({ groups }) => ({
    label: groups?.["label"] ?? "",
    author: Number(SIGNED.exec(groups?.["text"] ?? "")?.groups?.["seat"]),
  }));

const asksForChances = ({ tools }: BackendRequest): boolean =>
  JSON.stringify(tools).includes('"chance"');

const ballotOf = (found: readonly Found[], read: Read, asChances: boolean): string =>
  JSON.stringify({
    reason: "It holds.",
    objection: "",
    objection_to: "",
    scores: found.map(({ label, author }) =>
      asChances
        ? { answer: label, chance: Math.round(100 * (read.chances[author] ?? 0)) }
        : { answer: label, score: read.scores[author] },
    ),
  });

const tokensOf = (request: BackendRequest): number =>
  Math.ceil(
    [...request.system, ...textsOf(request)].reduce((sum, text) => sum + text.length, 0) /
      BYTES_PER_TOKEN,
  );
