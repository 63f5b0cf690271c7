import { expect, it, vi } from "vitest";
import { parleyForMany } from "./go-and-install.ts";
import { PATIENCE } from "../../support/patience.ts";

it.each(["http", "socket"] as const)(
  "by %s, whoever installs the app is answered",
  async (mode) => {
    const { install, workspace, ada, answered, store, slack } = await parleyForMany({ mode });
    expect((await install()).status).toBe(200);
    workspace.addChannel("C5");
    await answered(ada.says("C5", `<@${workspace.bot()}> What is 2 + 2?`));
    const [stored] = await store.db.q("SELECT * FROM installs", []);
    expect(JSON.stringify(stored)).not.toContain(workspace.token());
    expect(slack.rejected).toEqual([]);
  },
);

it("two workspaces are each answered with their own token, and no longer after removing the app", async () => {
  const { install, slack, workspace, answered, store } = await parleyForMany();
  const other = slack.addWorkspace("T2", { isInstalled: false });
  await install("T1");
  await install("T2");
  for (const room of [workspace, other]) {
    room.addChannel("C5");
    const question = room.user("U1").says("C5", `<@${room.bot()}> What is 2 + 2?`);
    await vi.waitFor(
      () =>
        expect(
          room
            .thread("C5", question.ts)
            .map(({ text }) => text)
            .join(),
        ).toContain("= 4"),
      PATIENCE,
    );
  }
  other.uninstall();
  await vi.waitFor(
    async () =>
      expect((await store.installs.of("slack").list()).map(({ key }) => key)).toEqual(["team:T1"]),
    PATIENCE,
  );
  await answered(workspace.user("U1").says("C5", `<@${workspace.bot()}> And 3 + 3?`));
});

it("a forged, used or expired link installs nothing, and says how to start again", async () => {
  const { install, url, slack, store } = await parleyForMany();
  const { back, status, follow } = await install();
  expect(status).toBe(200);
  const before = await store.installs.of("slack").list();
  const calls = slack.calls("oauth.v2.access").length;
  const state = "A".repeat(32);
  const visit = (query: string, cookie = "") =>
    fetch(`${url}/slack/oauth_redirect${query}`, { headers: { cookie } });
  const answers = [
    await fetch(back),
    await visit(`?code=1&state=${state}`, `slack-app-oauth-state=${state}`),
    await visit("?code=1&state=<script>"),
    await visit("?code=1&state=a&state=b", "slack-app-oauth-state=b"),
    await visit("?code=1"),
    await visit("?state=1"),
    await visit(""),
  ];
  for (const answer of answers) {
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain("This link is no longer valid");
    expect(page).toContain('<a href="install">Start the installation again</a>');
    expect(page).not.toMatch(/script|slack_oauth/);
  }
  expect(await follow()).toBe(400);
  expect(await store.installs.of("slack").list()).toEqual(before);
  expect(slack.calls("oauth.v2.access")).toHaveLength(calls);
});

it("an installation whose state cannot be read fails, and the operator reads why", async () => {
  const { install, store, problems } = await parleyForMany();
  const { status, follow } = await install();
  await store.db.q("DROP TABLE key_values");
  expect([status, await follow()]).toEqual([200, 500]);
  expect(problems.join()).toMatch(/StoreError: .*no such table: key_values/);
});

it("a cancelled installation says so, and logs nothing", async () => {
  const { install, problems, store } = await parleyForMany();
  const { status, text } = await install("T1", "cancel");
  expect([status, text]).toEqual([400, expect.stringContaining("The installation was cancelled")]);
  expect(await store.installs.of("slack").list()).toEqual([]);
  expect(problems).toEqual([]);
});

it.each(["T2", "t2", "https://T2.slack.com/"])(
  "SLACK_ALLOWED_TEAMS=%s lets that workspace install the app, and no other",
  async (allowed) => {
    const { install, slack, store, problems } = await parleyForMany({
      env: { SLACK_ALLOWED_TEAMS: allowed },
    });
    slack.addWorkspace("T2", { isInstalled: false });
    const refused = await install("T1");
    expect([refused.status, refused.text]).toEqual([
      403,
      expect.stringContaining("Workspace T1 (T1) is not among those that may install this app"),
    ]);
    expect(slack.calls("auth.revoke")).toHaveLength(1);
    expect(problems.join()).toMatch(/InstallRefusedError: Workspace T1/);
    expect((await install("T2")).status).toBe(200);
    const stored = await store.installs.of("slack").list();
    expect(stored.map(({ key }) => key)).toEqual(["team:T2"]);
  },
);

it("events of a workspace without an installation are acknowledged, and reported once", async () => {
  const { slack, problems, install, store } = await parleyForMany();
  await install("T1");
  const other = slack.addWorkspace("T2");
  other.user("U1").says("C1", `<@${other.bot()}> What is 2 + 2?`);
  other.user("U1").says("C1", `<@${other.bot()}> And 3 + 3?`);
  await slack.settled();
  const sent = slack.deliveries.all.filter(({ payload }) => payload["team_id"] === "T2");
  expect(sent.length).toBeGreaterThan(1);
  expect(sent.map(({ attempts }) => attempts.length)).toEqual(sent.map(() => 1));
  expect(problems).toEqual([
    "Error: Parley is not installed in the workspace T2. Its events are acknowledged and ignored.",
  ]);
  expect((await store.installs.of("slack").list()).map(({ key }) => key)).toEqual(["team:T1"]);
});
