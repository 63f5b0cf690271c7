import { describe, expect, it } from "vitest";
import type { Gaps } from "../../servers/discord/gaps.ts";
import { parleyInDiscord, until } from "./parley-in-discord.ts";

/** What compatible servers were seen to do without. */
const MEAGRE: readonly (readonly [string, Partial<Gaps>])[] = [
  ["has short ids that count", { countsFrom: 0n }],
  ["has long ids that tell a wrong time", { countsFrom: 1_200_000_000_000_000_000n }],
  ["has ids of twenty digits", { countsFrom: 18_000_000_000_000_000_000n }],
  [
    "leaves out what may be left out",
    {
      leavesOut:
        "mentions mention_roles entitlements authorizing_integration_owners application resume_gateway_url locale permissions attachments embeds pinned tts edited_timestamp context app_permissions threads".split(
          " ",
        ),
    },
  ],
  ["never tells of its guilds", { silentOn: ["GUILD_CREATE", "THREAD_CREATE"] }],
  [
    "tells of its guilds hardly anything",
    {
      leavesOut: ["roles", "channels", "threads", "members", "thread_metadata", "last_message_id"],
    },
  ],
  [
    "shows no channels and no users",
    {
      silentOn: ["GUILD_CREATE"],
      lacks: ["GET /channels/:id", "GET /users/@me", "GET /users/:id"],
    },
  ],
  [
    "has neither typing nor commands nor lists of threads",
    {
      lacks: [
        "POST /channels/:id/typing",
        "GET /applications/:id/commands",
        "PUT /applications/:id/commands",
        "GET /guilds/:id/threads/active",
      ],
    },
  ],
  ["does not say where an interaction is from", { leavesOut: ["channel", "app_permissions"] }],
  ["answers a question without the message", { leavesOut: ["resource"] }],
];

describe.each(MEAGRE)("a server that %s", (_, gaps) => {
  it("gets answers: repeatedly, in threads, in direct messages and by command", async () => {
    const here = await parleyInDiscord({ gaps, isChecked: false });
    const { join, ada, channel, answered, statuses, discord } = here;
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    expect((await answered(question))[0]?.text).toMatch(/= 4/);
    ada.says(question, "And 3 + 3?");
    expect((await answered(question, 2)).at(-1)?.text).toMatch(/= 6/);
    ada.says(ada.dm, "What is 4 + 4?");
    expect((await answered(ada.dm))[0]?.text).toMatch(/= 8/);
    const [answer = question] = await answered(question, 2);
    const ran = await ada.clicks(answer, "Why");
    await until(() => expect(ran.text).toMatch(/Why this answer/));
    await until(() =>
      expect(statuses(question).map(({ text }) => /answered in/.test(text))).toEqual([true, true]),
    );
    if (discord.commands().length === 0) return;
    await ada.runs("/ask question: What is 5 + 5?", { in: channel });
    const asked = discord.messagesIn(channel).at(-1) ?? channel;
    expect((await answered(asked))[0]?.text).toMatch(/= 10/);
  });

  it("is backfilled after a gap", async () => {
    const here = await parleyInDiscord({ gaps, isChecked: false });
    const { join, ada, channel, answered, discord, finals } = here;
    await join();
    const question = ada.says(channel, "@Parley What is 2 + 2?");
    await answered(question);
    discord.gateway.goesDown();
    discord.gateway.forgets();
    ada.says(question, "And 3 + 3?");
    const missed = ada.says(channel, "@Parley What is 4 + 4?");
    discord.gateway.comesBack();
    discord.passes(10_000);
    await Promise.all([answered(question, 2), answered(missed)]);
    expect(finals(question)).toHaveLength(2);
  });
});
