import { expect, it, onTestFinished, vi } from "vitest";
import { createInstalls, createInstallSeal } from "../../../adapters/slack/install/installs.ts";
import { createTokenRotation } from "../../../adapters/slack/install/token-rotation.ts";
import { createSlack } from "../../servers/slack/slack.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { parleyForMany } from "./go-and-install.ts";
import { kindOf, openMemory } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const seal = createInstallSeal({ installSecret: "a state secret", oldInstallSecrets: [] });

/** A workspace that has installed the app, with a turn that takes a while. */
async function installed(world: Parameters<typeof parleyForMany>[0] = {}) {
  const parley = await parleyForMany({ pace: 0.3, ...world });
  await parley.install("T1");
  parley.workspace.addChannel("C5");
  const { workspace } = parley;
  const kinds = (ts: string) => workspace.thread("C5", ts).slice(1).map(kindOf);
  const begin = async () => {
    const { ts } = workspace.user("U1").says("C5", `<@${workspace.bot()}> What is 2 + 2?`);
    await vi.waitFor(() => expect(kinds(ts)).toEqual(["status"]), PATIENCE);
    return ts;
  };
  const isAnswered = (ts: string) =>
    vi.waitFor(() => expect(kinds(ts)).toEqual(["status", "final"]), PATIENCE);
  return { ...parley, begin, isAnswered, kinds };
}

it("a token that another process replaced without a notice is read again, and the call repeated", async () => {
  const { begin, isAnswered, workspace, store, exits } = await installed();
  const ts = await begin();
  workspace.install();
  const read = await createInstalls(store.installs.of("slack"), seal).read("team:T1");
  const bot = { ...read?.installation.bot, token: workspace.token() };
  const sealed = seal.close(JSON.stringify({ ...read?.installation, bot }), "team:T1");
  await store.db.q("UPDATE installs SET sealed = $1", [sealed]);
  await isAnswered(ts);
  expect(exits).toEqual([]);
});

it("an answer waits while the app is removed, and is posted once after it is installed again", async () => {
  const { begin, isAnswered, workspace, store, install, kinds } = await installed();
  const ts = await begin();
  workspace.uninstall();
  await vi.waitFor(
    async () => expect(await store.installs.of("slack").list()).toEqual([]),
    PATIENCE,
  );
  const ended = async () =>
    (await store.db.q("SELECT turn FROM journal WHERE type = 'turn_ended'")).length;
  await vi.waitFor(async () => expect(await ended()).toBe(1), PATIENCE);
  expect(kinds(ts)).toEqual(["status"]);
  await install("T1");
  await isAnswered(ts);
});

it("a repeated or late removal event does not delete a newer installation", async () => {
  const { workspace, store, install, slack, begin, isAnswered } = await installed();
  const keys = async () => (await store.installs.of("slack").list()).map(({ key }) => key);
  workspace.uninstall();
  await vi.waitFor(async () => expect(await keys()).toEqual([]), PATIENCE);
  await install("T1");
  await slack.replay(({ payload }) =>
    /app_uninstalled|tokens_revoked/.test(JSON.stringify(payload)),
  );
  // With ids that were never seen, as when the first delivery reached nobody.
  slack.emit(workspace, { type: "app_uninstalled" });
  slack.emit(workspace, { type: "tokens_revoked", tokens: { bot: [workspace.bot()] } });
  await slack.settled();
  expect(await keys()).toEqual(["team:T1"]);
  await isAnswered(await begin());
});

it("uninstalling removes the workspace's own API keys; a late event does not remove newer keys", async () => {
  const { workspace, store, install, slack, parley } = await installed();
  const space = { platform: "slack", space: "T1" };
  const other = { platform: "slack", space: "T2" };
  const set = { key: "sk-tenant-0123456789", by: "slack:U9", at: 1 };
  const rows = async () => (await store.installs.of("own keys").list()).map(({ key }) => key);
  for (const one of [space, other]) await parley.ports.keys.set(one, "openai", set);
  workspace.uninstall();
  await vi.waitFor(async () => expect(await rows()).toEqual(["slack:T2"]), PATIENCE);
  await install("T1");
  await parley.ports.keys.set(space, "openai", set);
  await slack.replay(({ payload }) =>
    /app_uninstalled|tokens_revoked/.test(JSON.stringify(payload)),
  );
  slack.emit(workspace, { type: "app_uninstalled" });
  await slack.settled();
  expect(await rows()).toEqual(["slack:T1", "slack:T2"]);
});

it.each([
  ["app_uninstalled", "tokens_revoked"],
  ["tokens_revoked", "app_uninstalled"],
])("a removal is reported in the same way when %s comes before %s", async (...order) => {
  const { workspace, store, slack, problems } = await installed();
  const bot = workspace.bot();
  // The token is no more, though Slack has said nothing yet.
  slack.faults.always("auth.test", { kind: "error", error: "account_inactive" });
  for (const type of order) {
    slack.emit(workspace, { type, ...(type === "tokens_revoked" && { tokens: { bot: [bot] } }) });
    await slack.settled();
  }
  expect(await store.installs.of("slack").list()).toEqual([]);
  expect(problems).toEqual([
    "Error: The app was removed from team:T1: its installation is deleted.",
  ]);
});

it("with token rotation, a token that expires during a turn is refreshed once, and the answer is posted", async () => {
  const time = { ahead: 0 };
  const { begin, isAnswered, slack, problems } = await installed({
    tokenLife: 12 * 3_600,
    wallClock: () => Date.now() + time.ahead,
  });
  const ts = await begin();
  expect(slack.calls("oauth.v2.access")).toHaveLength(1);
  time.ahead = 13 * 3_600_000;
  await isAnswered(ts);
  const refreshes = slack.calls("oauth.v2.access").slice(1);
  expect(refreshes.map(({ args }) => args["grant_type"])).toEqual(["refresh_token"]);
  expect([problems, slack.rejected]).toEqual([[], []]);
});

it("processes that refresh the same token use its refresh token once", async () => {
  const clock = createFastClock(20);
  const slack = await createSlack({ tokenLife: 3_600 });
  onTestFinished(() => slack.stop());
  const store = await openMemory();
  onTestFinished(() => store.close());
  const { install } = slack.workspace.state;
  const installs = createInstalls(store.installs.of("slack"), seal);
  await installs.put({
    team: { id: "T1" },
    bot: {
      token: slack.workspace.token(),
      id: "B1",
      userId: "U1",
      refreshToken: install?.rotation?.refreshToken,
      expiresAt: Date.now() / 1000 + 30,
    },
  });
  const problems: unknown[] = [];
  const rotations = Array.from({ length: 3 }, () =>
    createTokenRotation({
      oauth: { clientId: "1234.5678", clientSecret: "client-secret" },
      apiUrl: slack.url,
      installs,
      lock: (name) => store.db.lock(name),
      clock,
      wallClock: Date.now,
      onProblem: (problem) => problems.push(problem),
    }),
  );
  const stored = await installs.read("team:T1");
  if (!stored) throw new Error("It was just stored.");
  const found = await Promise.all(
    [...rotations, ...rotations].map((rotation) => rotation.current(stored)),
  );
  const tokens = new Set(found.map(({ installation }) => installation.bot.token));
  expect([...tokens]).toEqual([slack.workspace.token()]);
  expect(slack.calls("oauth.v2.access")).toHaveLength(1);
  expect(problems).toEqual([]);
});

it("a refresh token that Slack refuses is reported with what to do, without naming SLACK_BOT_TOKEN", async () => {
  const time = { ahead: 0 };
  const { begin, slack, problems } = await installed({
    tokenLife: 12 * 3_600,
    wallClock: () => Date.now() + time.ahead,
  });
  await begin();
  slack.faults.always("oauth.v2.access", { kind: "error", error: "invalid_refresh_token" });
  time.ahead = 13 * 3_600_000;
  await vi.waitFor(() => expect(problems.join("\n")).toMatch(/could not be refreshed/), PATIENCE);
  expect(problems.join("\n")).toMatch(/has to be installed there again, at \/slack\/install/);
  expect(problems.join("\n")).not.toMatch(/SLACK_BOT_TOKEN|xoxe|xoxb/);
});
