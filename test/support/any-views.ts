import fc from "fast-check";
import { fold } from "../../src/coordination/advance.ts";
import { TurnEvent } from "../../src/coordination/turn-event.ts";
import type { TurnState } from "../../src/coordination/turn-state.ts";
import { AgentId } from "../../src/ids.ts";
import type { AgentLine } from "../../src/progress/agent-line.ts";
import type { FinalView } from "../../src/progress/final-view.ts";
import type { StatusView } from "../../src/progress/status-view.ts";
import { sampleFinal, sampleStatus } from "./sample-views.ts";
import { turnStory } from "./turn-story.ts";

const scraps = fc.constantFrom(
  "Use a **B-tree**. ",
  "\n\n",
  "\n",
  "# A title\n",
  "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n",
  "```ts\nconst a = '<!channel>';\n```\n",
  "`<@U1>` ",
  "- one\n- two\n  - three\n",
  "> quoted\n",
  "[a link](https://a.example/x?y=1&z=2) ",
  "<&> ",
  "👩‍👩‍👧‍👦 ",
  "日本語のテキスト。",
  "a_b__c ** d || e ~~ f ",
  "long".repeat(300),
  "<&>".repeat(200),
  "\u0000\uD800",
);

/** Text as models and people write it, up to some thousand characters. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.array(scraps, { maxLength: 12 }).map((parts) => parts.join("")) },
  { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
  { weight: 1, arbitrary: fc.constantFrom("", " ", "\n", "x".repeat(9_900), "🙂".repeat(4_000)) },
);

/** A name or a line, of any length. */
const line = fc.oneof(fc.string({ unit: "grapheme", maxLength: 40 }), anyText);

const agentLine: fc.Arbitrary<AgentLine> = fc.record({
  agent: fc.constant(AgentId.parse("opus")),
  name: line,
  label: fc.constantFrom("A", null),
  status: fc.constantFrom("waiting", "queued", "answering", "answered", "reviewing", "failed"),
  revision: fc.nat(3),
  elapsedMs: fc.nat(1e7),
  tokens: fc.nat(1e6),
  note: fc.oneof(fc.constant(null), line),
});

const waiting = fc.array(
  fc.record({ id: fc.nat(1e9).map((id) => `1${id}.5`), author: line, excerpt: line }),
  { maxLength: 140, size: "max" },
);

/** The status of any turn. */
export const anyStatus: fc.Arbitrary<StatusView> = fc
  .record({
    team: line,
    phase: fc.constantFrom(
      "queued",
      "routing",
      "answering",
      "reviewing",
      "presenting",
      "posting",
      "answered",
      "stopped",
      "failed",
    ),
    elapsedMs: fc.nat(1e7),
    agents: fc.array(agentLine, { maxLength: 30 }),
    waiting,
    preview: anyText,
    isSolo: fc.boolean(),
    answers: fc.nat(3),
    after: fc.constantFrom("line", "keep", "delete"),
    isReplaced: fc.boolean(),
    note: line,
  })
  .map((view) => sampleStatus(view));

/** Any final answer, with what people read under it. */
export const anyFinal: fc.Arbitrary<FinalView> = fc
  .record({
    text: anyText,
    split: fc.option(fc.record({ name: line, text: anyText, difference: line })),
    objection: fc.option(fc.record({ by: line, text: line })),
    footer: fc.record({
      presenter: line,
      agreement: line,
      elapsedMs: fc.nat(1e7),
      costUsd: fc.option(fc.float({ min: 0, max: 100, noNaN: true })),
      tokens: fc.nat(1e7),
      notes: fc.array(line, { maxLength: 10 }),
    }),
  })
  .map((view) => sampleFinal(view));

/** A turn in which every text from outside is another one, up to any of its events. */
export const anyTurn: fc.Arbitrary<TurnState> = fc
  .record({ text: anyText, title: line, events: fc.integer({ min: 1, max: turnStory().length }) })
  .map(({ text, title, events }) => {
    const told = turnStory()
      .slice(0, events)
      .map((event) => ({
        ...event,
        ...("text" in event && { text: `${text} ` }),
        ...("title" in event && { title }),
        ...("ballot" in event && event.ballot && { ballot: { ...event.ballot, reason: text } }),
      }));
    return fold(TurnEvent.array().parse(told));
  });
