import { describe, expect, it } from "vitest";
import { conversationOf } from "../../../adapters/discord/ids.ts";
import { parsePress } from "../../../adapters/discord/render/buttons.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

async function answeredQuestion() {
  const here = await parleyInDiscord();
  const joined = await here.join();
  const question = here.ada.says(here.channel, "@Parley What is 2 + 2?");
  const [answer = question] = await here.answered(question);
  return { ...here, ...joined, question, answer };
}

/** A turn that goes on until somebody ends it. */
async function runningTurn() {
  const here = await parleyInDiscord();
  const joined = await here.join();
  const question = here.ada.says(here.channel, "@Parley !ask --team endless What is 2 + 2?");
  await until(() => expect(here.statuses(question)).toHaveLength(1));
  return { ...here, ...joined, question, status: here.statuses(question)[0] ?? question };
}

describe("under an answer", () => {
  it("Why explains it to the person who clicked, page by page", async () => {
    const { ada, answer, problems, mistakes, discord } = await answeredQuestion();
    const ran = await ada.clicks(answer, "Why");
    await until(() => expect(ran.text).toMatch(/## Why this answer/));
    const [page] = ran.replies();
    expect(page?.isEphemeral).toBe(true);
    const shown = discord.allCalls.findLast(({ method }) => method === "PATCH");
    expect(JSON.stringify(shown?.body)).toMatch(/"flags":32768.*"type":17/);
    if (page?.buttons.some(({ label }) => label === "▶")) {
      await ada.clicks(page, "▶");
      await until(() => expect(ran.replies()[0]?.buttons[1]?.label).toMatch(/^2 of/));
      expect(ran.replies()).toHaveLength(1);
    }
    expect([problems, mistakes()]).toEqual([[], []]);
  });

  it("where Discord refuses the container, Why comes as text", async () => {
    const { ada, answer, discord } = await answeredQuestion();
    discord.faults.add("PATCH /webhooks/:application/:token/messages/:message", {
      kind: "status",
      status: 400,
    });
    const ran = await ada.clicks(answer, "Why");
    await until(() => expect(ran.text).toMatch(/\*\*Why this answer\*\*/));
  });

  it("Retry… asks which team, and that team answers", async () => {
    const { ada, answer, question, answered, statuses } = await answeredQuestion();
    const ran = await ada.clicks(answer, "Retry…");
    expect(ran.modal).toMatchObject({ title: "Answer again", fields: [{ label: "Which team?" }] });
    const submitted = await ran.submits({ team: ["duo"] });
    await answered(question, 2);
    await until(() => expect(statuses(question).at(-1)?.text).toContain("**Duo** answered in"));
    await until(() => expect(submitted.text).toContain("Answering again with duo"));
  });

  it("a person's latest 👍 or 👎 is stored", async () => {
    const { ada, answer, store, question, guild, channel } = await answeredQuestion();
    const conversation = conversationOf({
      guild: guild.id,
      channel: channel.id,
      thread: question.id,
    });
    for (const [custom, verdict] of [
      ["up", "up"],
      ["down", "down"],
    ] as const) {
      const id = answer.buttons.find(({ customId }) => customId?.endsWith(`:${custom}`))?.customId;
      const ran = await ada.clicks(answer, id ?? "");
      await until(() => expect(ran.modal?.title ?? ran.text).toMatch(/^Noted|^What was wrong/));
      const [turn] = await store.turns.recent(conversation, 1);
      if (!turn) throw new Error("There is no turn.");
      expect(await store.feedback.list(turn.id)).toMatchObject([
        { person: `discord:${ada.id}`, verdict },
      ]);
    }
  });

  it("👎 asks what was wrong, which is optional; what is said is stored", async () => {
    const { ada, answer, store, mistakes } = await answeredQuestion();
    const press = (action: string) =>
      answer.buttons.find(({ customId }) => customId?.endsWith(`:${action}`))?.customId ?? "";
    const stored = () => store.db.q("SELECT verdict, reason FROM feedback", []);
    const up = await ada.clicks(answer, press("up"));
    await until(() => expect(up.text).toBe("Noted: 👍"));
    const ran = await ada.clicks(answer, press("down"));
    await until(() => expect(ran.modal?.title).toBe("What was wrong?"));
    expect(await stored()).toEqual([{ verdict: "down", reason: null }]);
    const submitted = await ran.submits({ reason: "It is 5." });
    await until(() => expect(submitted.text).toBe("Noted: 👎"));
    expect(await stored()).toEqual([{ verdict: "down", reason: "It is 5." }]);
    expect(mistakes()).toEqual([]);
  });

  it("a button of another app's or an older message says so", async () => {
    const { ada, answer, discord } = await answeredQuestion();
    const channel = discord.world.channels.get(answer.channelId);
    const message = channel?.messages.get(answer.id);
    if (!message) throw new Error("There is no answer.");
    const old = { type: 2, style: 2, label: "Old", custom_id: "old" };
    message.components = [{ type: 1, components: [old] }];
    const ran = await ada.clicks(answer, "Old");
    expect(ran.text).toBe("This button is not Parley's any more.");
  });
});

describe("a forged button", () => {
  /** An answer in this server and one in another, and a button whose id somebody made up. */
  async function twoServers() {
    const here = await answeredQuestion();
    const { discord, store, answer, ada, answered } = here;
    const elsewhere = discord.guild("Elsewhere");
    const bob = elsewhere.user("Bob");
    const secret = bob.says(elsewhere.channel(), "@Parley What is 8 + 8?");
    await answered(secret);
    const near = ada.says(here.channel, "@Parley What is 6 + 6?");
    await answered(near);
    const rows = await store.db.q("SELECT id, conversation FROM turns", []);
    const turnIn = (thread: string) =>
      String(rows.find(({ conversation }) => String(conversation).endsWith(`:${thread}`))?.["id"]);
    const presses = async (customId: string) => {
      const message = discord.world.channels.get(answer.channelId)?.messages.get(answer.id);
      if (!message) throw new Error("There is no answer.");
      const forged = { type: 2, style: 2, label: "Forged", custom_id: customId };
      message.components = [{ type: 1, components: [forged] }];
      const ran = await ada.clicks(answer, "Forged");
      await until(() => expect(ran.text).not.toBe(""));
      return ran.text;
    };
    const feedback = () => store.db.q("SELECT * FROM feedback", []);
    return { ...here, presses, feedback, turns: [turnIn(secret.id), turnIn(near.id)], bob };
  }

  it("for a turn of another server or thread does the same as for an unknown turn", async () => {
    const { presses, turns, feedback, finals, question, store } = await twoServers();
    const nobody = "0192f0c1-0000-7000-8000-000000000000";
    for (const action of ["why", "details", "up", "down"]) {
      const expected = await presses(`parley:${nobody}:final:0:${action}`);
      for (const turn of turns)
        expect(await presses(`parley:${turn}:final:0:${action}`)).toBe(expected);
      expect(expected).not.toMatch(/Noted|= 16|= 12/);
    }
    expect(await feedback()).toEqual([]);
    expect(finals(question)).toHaveLength(1);
    expect(await store.db.q("SELECT id FROM turns", [])).toHaveLength(3);
  });

  it.each([
    "",
    "parley",
    "parley:",
    "parley:::::",
    "parley:turn:final:0:erase",
    "parley:turn:secret:0:why",
    "parley:turn:final:-1:why",
    "parley:turn:final:0:why:a:b",
    `parley:${"t".repeat(41)}:final:0:why`,
    `parley:turn:final:0:prefer:${"😀".repeat(2_000)}:`,
    `${"parley:".repeat(10_000)}why`,
    "__proto__:constructor:final:0:why",
  ])("named %.40j is none of Parley's", (id) => {
    expect(parsePress(id)).toBeUndefined();
  });
});

describe("on a status", () => {
  it("Stop stops the turn, and says who did", async () => {
    const { ada, status, statuses, question } = await runningTurn();
    await ada.clicks(status, "Stop");
    await until(() => expect(statuses(question)[0]?.text).toMatch(/stopped by Ada/));
  });

  it("Details shows the current answers, and accepts a vote", async () => {
    const { ada, status, statuses, question } = await runningTurn();
    await until(() => expect(statuses(question)[0]?.text).toMatch(/has (?:answered|voted)/));
    const ran = await ada.clicks(status, "Details");
    await until(() => expect(ran.text).toMatch(/## The turn so far/));
    const [details] = ran.replies();
    const prefer = details?.buttons.find(({ label }) => label.startsWith("Prefer "));
    expect(prefer?.label).toMatch(/^Prefer [AB]: (Ada|Ben)$/);
    const vote = await ada.clicks(details ?? status, prefer?.label ?? "");
    await until(() => expect(vote.text).toMatch(/Your vote is for [AB]/));
  });

  it("a queued message can be added to the turn, or start it over", async () => {
    const { ada, status, statuses, question, answered } = await runningTurn();
    ada.says(question, "And 3 + 3?");
    await until(() => expect(statuses(question)[0]?.text).toMatch(/📨 waits: Ada: And 3/));
    const ran = await ada.clicks(status, "Start over with it");
    await until(() => expect(ran.text).not.toBe(""));
    expect((await answered(question))[0]?.text).toMatch(/= 6/);
  });

  it("more than three queued messages share one line with a menu, which adds any of them", async () => {
    const { ada, status, statuses, question, mistakes } = await runningTurn();
    for (const number of [1, 2, 3, 4]) ada.says(question, `And ${number}?`);
    await until(() => expect(statuses(question)[0]?.text).toContain("📨 4 messages waiting"));
    const [shown] = statuses(question);
    expect(shown?.buttons.map(({ label }) => label).join()).not.toContain("Add now");
    const [menu] = shown?.selects ?? [];
    const third = menu?.options.find(({ label }) => label === "Add now: Ada: And 3?");
    await ada.picks(status, menu?.customId ?? "", [third?.value ?? ""]);
    await until(() => expect(statuses(question)[0]?.text).toContain("1 added message"));
    expect(mistakes()).toEqual([]);
  });
});
