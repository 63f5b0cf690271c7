import { expect, test, vi } from "vitest";
import { okReply, playTurn } from "../../support/scripted-team.ts";
import { turnStory } from "../../support/turn-story.ts";
import { ask, startRig } from "./rig.ts";
import { PATIENCE } from "../../support/patience.ts";

test("/copy writes the last answer to the clipboard, /copy N one of its code blocks", async () => {
  const answer = "Run:\n\n```sh\nnpm ci\n```\n\n- then\n  ```ts\n  if (a)\n    b();\n  ```";
  const rig = await startRig({ rows: 50 });
  rig.type("/copy\r");
  await rig.shows("Nothing to copy");
  const turn = await playTurn(rig.terminal, await ask(rig, "How?"), turnStory({ answer }));
  await turn.finish();
  const copied = async (command: string, said: string) => {
    rig.written();
    rig.type(`${command}\r`);
    await rig.shows(said);
    const [base64 = ""] = rig.written().split("]52;c;")[1]?.split("\x07") ?? [];
    return Buffer.from(base64, "base64").toString("utf8");
  };
  expect(await copied("/copy", "The answer is on its way to the clipboard")).toBe(answer);
  expect(await copied("/copy 2", "Code block 2 is on its way")).toBe("if (a)\n  b();");
  rig.type("/copy 3\r");
  await rig.shows("There is no code block 3.");
});

test("/why names the other answers, and shows the one that is asked for", async () => {
  const answer = { label: "B", name: "Ben" };
  const why = {
    ...okReply("Why this answer", "Decided by scores."),
    blocks: [
      { type: "text" as const, markdown: "Decided by scores." },
      { type: "text" as const, markdown: "**Ben**: a hash index", answer },
    ],
  };
  const rig = await startRig({ rows: 40, reply: () => why });
  rig.type("/why\r");
  const folded = await rig.shows(
    "Other answers: B (Ben). `/why B` shows one, `/why all` all of them.",
  );
  expect(folded).not.toContain("a hash index");
  rig.type("/why ben\r");
  await rig.shows("› /why ben\nWhy this answer\n\nBen: a hash index");
  rig.type("/why all\r");
  await rig.shows("› /why all\nWhy this answer\n\nDecided by scores.\n\nBen: a hash index");
  rig.type("/why --timing\r");
  await vi.waitFor(() => expect(rig.team.commands.at(-1)?.text).toBe("why --timing"), PATIENCE);
});

test("a long thread opens with its last exchange; /open shows all of it", async () => {
  const rig = await startRig({ rows: 60 });
  for (let n = 1; n <= 12; n++) await ask(rig, `Question ${n}`);
  rig.type("/new\r");
  await rig.shows("── new thread 2026-11-23-2 ──");
  rig.type("\x0c/open 2026-11-23-1\r");
  const screen = await rig.shows("› Question 12\n");
  expect(screen).toContain("… 11 earlier messages: /open shows the whole thread");
  expect(screen).not.toContain("› Question 11\n");
  rig.type("/open\r");
  await rig.shows("› Question 1\n\n› Question 2\n");
});

test("the team and the thread stay in the last line, however narrow the terminal", async () => {
  const describe = () => Promise.resolve("Design review · 5 agents · $0.40 a turn");
  const rig = await startRig({ options: { describe, thread: "quarterly-planning" } });
  await rig.shows("  Design review · 5 agents · $0.40 a turn · quarterly-planning · /help");
  rig.resize(66, 24);
  await vi.waitFor(
    async () =>
      expect((await rig.screen()).split("\n").at(-1)).toBe(
        "  Design review · 5 agents · $0.40 a turn · quarterly-planning",
      ),
    PATIENCE,
  );
});
