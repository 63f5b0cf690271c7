import { expect, it, vi } from "vitest";
import { freePort } from "../../support/free-port.ts";
import { FOR_MANY, goAndInstall } from "./go-and-install.ts";
import { parleyInSlack } from "./parley-in-slack.ts";

const within = { timeout: 8_000, interval: 20 };

/** Parley for many workspaces, installed in none. */
async function forMany(mode: "http" | "socket" = "http") {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const slack = await parleyInSlack({
    mode,
    port,
    times: 5,
    isInstalled: false,
    env: { ...FOR_MANY, SLACK_PUBLIC_URL: url },
  });
  const joined = await slack.join();
  const install = (team?: string) => goAndInstall(url, team);
  return { ...slack, ...joined, url, install };
}

it.each(["http", "socket"] as const)(
  "by %s, whoever installs the app is answered",
  async (mode) => {
    const { install, workspace, ada, answered, store, slack } = await forMany(mode);
    expect((await install()).status).toBe(200);
    workspace.addChannel("C5");
    await answered(ada.says("C5", `<@${workspace.bot()}> What is 2 + 2?`));
    const [stored] = await store.db.q("SELECT * FROM installs", []);
    expect(JSON.stringify(stored)).not.toContain(workspace.token());
    expect(slack.rejected).toEqual([]);
  },
);

it("two workspaces are answered each with its own token, and one that removes the app no more", async () => {
  const { install, slack, workspace, answered, store } = await forMany();
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
      within,
    );
  }
  other.uninstall();
  await vi.waitFor(
    async () =>
      expect((await store.installs.of("slack").list()).map(({ key }) => key)).toEqual(["team:T1"]),
    within,
  );
  await answered(workspace.user("U1").says("C5", `<@${workspace.bot()}> And 3 + 3?`));
});

it("a link that was forged, used or has expired installs nothing, and says how to start again", async () => {
  const { install, url, slack, store } = await forMany();
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

it("an install whose state cannot be read fails, and whoever runs Parley learns why", async () => {
  const { install, store, problems } = await forMany();
  const { status, follow } = await install();
  await store.db.q("DROP TABLE key_values");
  expect([status, await follow()]).toEqual([200, 500]);
  expect(problems.join()).toMatch(/StoreError: .*no such table: key_values/);
});
