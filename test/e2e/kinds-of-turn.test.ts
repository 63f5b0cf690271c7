import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { createModelFaults, type Scene } from "../servers/model-faults.ts";
import type { RecordedRequest } from "../servers/model-wire.ts";
import { hasPty, startPty } from "../support/pty.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { environment, MAIN } from "./parley-process.ts";

const AGENTS = ["ada", "ben", "cid", "dan"] as const;
const USAGE = { input: 1500, cached: 0, cacheWritten: 0, output: 120, reasoning: 0 };
const SHOWN = /<team-answer(?:-\w+)? label="(\w)"[^>]*>\n([\s\S]*?)\n<\/team-answer/g;
const CHECKED = /<team-check(?:-\w+)? about="(\w)" by="arithmetic">\n([\s\S]*?)\n<\/team-check/g;

/** What each agent claims, by the first word of the question. */
const CLAIMS: Readonly<Record<string, readonly string[]>> = {
  unanimous: ["391", "391", "391", "391"],
  clear: ["391", "391", "391", "381"],
  split: ["PostgreSQL", "PostgreSQL", "SQLite", "SQLite"],
  early: ["391", "391", "391", "381"],
};
const TEXTS: Readonly<Record<string, string>> = {
  "391": "It is 391: 17 × 20 = 340 and 17 × 3 = 51, so 340 + 51 = 391.",
  "381": "It is 381: 17 × 20 = 340 and 17 × 3 = 41, so 340 + 41 = 381.",
  PostgreSQL: "Take PostgreSQL. It is made for several processes.",
  SQLite: "Take SQLite. There is no server to run.",
};

const Body = z.object({ model: z.string(), messages: z.array(z.object({ content: z.unknown() })) });

function readRequest({ body }: RecordedRequest) {
  const { model, messages } = Body.parse(body);
  const words = messages
    .map(({ content }) => (typeof content === "string" ? content : JSON.stringify(content)))
    .join("\n")
    .replaceAll("\\n", "\n")
    .replaceAll('\\"', '"');
  const kind = Object.keys(CLAIMS).find((name) => words.includes(`${name}: `)) ?? "";
  const own = CLAIMS[kind]?.[AGENTS.findIndex((id) => id === model)] ?? "";
  return { model, words, kind, own, shown: [...words.matchAll(SHOWN)] };
}

/** The models of a house of four; what reviewers read of checks is added to `checked`. */
function play(request: RecordedRequest, checked: Set<string>): Scene {
  const { model, words, kind, own, shown } = readRequest(request);
  if (shown.length === 0) {
    return {
      type: "answer",
      reply: { text: `${TEXTS[own]} (${model})\n\nClaim: ${own}`, usage: USAGE },
    };
  }
  for (const [, , found = ""] of words.matchAll(CHECKED)) checked.add(found);
  // One ballot never comes.
  if (kind === "early" && model === "dan") return { type: "silence", headers: true };
  const ballot = ballotOf(shown, model, (text) => scoreOf(text, kind, own));
  const calls = [{ name: "vote", arguments: JSON.stringify(ballot) }];
  return { type: "answer", reply: { calls, usage: USAGE } };
}

/** Three of them see what is wrong with an answer. */
function ballotOf(
  shown: readonly RegExpMatchArray[],
  model: string,
  score: (text: string) => number,
) {
  const wrong = shown.find(([, , text = ""]) => text.includes("17 × 3 = 41"))?.[1];
  const objection = model === "dan" ? undefined : wrong;
  return {
    reason: "It was worked out.",
    objection: objection ? "“17 × 3 = 41” is 51." : "",
    objection_to: objection ?? "",
    scores: shown.map(([, answer, text = ""]) => ({ answer, score: score(text), same_as: "" })),
  };
}

function scoreOf(text: string, kind: string, own: string): number {
  if (kind === "split") return text.startsWith(TEXTS[own] ?? "–") ? 8 : 7;
  return text.includes("381") ? 2 : 9;
}

/** The real program on a terminal of 80 columns, with a house of four agents on a server of its own. */
async function openHouse() {
  const [configs, data] = [await temporaryFolder(), await temporaryFolder()];
  const checked = new Set<string>();
  const faults = await createModelFaults();
  onTestFinished(() => faults.stop());
  faults.serve((request) => play(request, checked));
  const seats = AGENTS.map(
    (id) =>
      `  - { id: ${id}, name: ${id}, backend: { type: compatible, model: ${id}, base_url: "${faults.url}/v1", price: { input: 1, output: 4 } } }`,
  );
  // The last reviewer is not left out because it is slow.
  const limits = "limits: { grace: 300 }";
  await writeFile(
    join(configs, "house.yaml"),
    ["name: House", "agents:", ...seats, limits].join("\n"),
  );
  const env = environment({
    PARLEY_CONFIGS: configs,
    PARLEY_DATA: data,
    COMPATIBLE_API_KEY: "k",
    TERM: "xterm-256color",
  });
  const pty = startPty({ args: [MAIN, "chat", "--team", "house"], env, columns: 80, rows: 70 });
  await pty.shows("Ctrl-C quits");
  return { ...pty, checked };
}

const onTerminal = test.skipIf(!hasPty);

/** Asks, waits for the answer, then asks why. Resolves to the screen. */
async function askWhy(question: string, footer: string, why: string): Promise<string> {
  const it = await openHouse();
  it.type(`${question}\r`);
  await it.shows(footer);
  it.type("/why\r");
  await it.shows(why);
  return it.shows("Other answers");
}

onTerminal("where all agree, one review is enough, and why begins with what they say", async () => {
  const screen = await askWhy(
    "unanimous: what is 17 times 23?",
    "All four agents agree",
    "All four say 391: ada, ben, cid and dan.",
  );
  expect(screen).toContain("12 statements hold");
  expect(screen.match(/: It was worked out\./g)).toHaveLength(1);
});

onTerminal(
  "where one result is clear, why says who differs and what is wrong with it",
  async () => {
    const screen = await askWhy(
      "clear: what is 17 times 23?",
      "House answered in",
      "Three say 391 (ada, ben and cid), one says 381 (dan).",
    );
    expect(screen).toContain("dan's answer, arithmetic: “17 × 3 = 41” is wrong: it is 51");
    expect(screen).not.toContain("read twice");
  },
);

onTerminal(
  "where two results are close, everyone reads again, and the answer names both",
  async () => {
    const screen = await askWhy(
      "split: which database for a small service?",
      "Split: ",
      "The best two results were close, so the answers were read 3 times",
    );
    expect(screen).toMatch(
      /Two say (?:SQLite \(cid and dan\), two say PostgreSQL \(ada and ben\)|PostgreSQL \(ada and ben\), two say SQLite \(cid and dan\))\./,
    );
  },
);

onTerminal("where no missing ballot can matter, the turn ends before the last one", async () => {
  const it = await openHouse();
  it.type("early: what is 17 times 23?\r");
  await it.shows("preferred by 3 of 4");
  it.type("/why\r");
  await it.shows("The team stopped because no missing vote could change the result.");
  const screen = await it.shows("Other answers");
  expect(screen.replaceAll(/\s+/g, " ")).toContain(
    "They disagree on this: Ada, ben and cid on dan: “17 × 3 = 41” is 51.",
  );
  expect([...it.checked].join("\n")).toContain("fails: “17 × 3 = 41” (it is 51)");
});
