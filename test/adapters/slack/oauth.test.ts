import { createServer } from "node:net";
import { once } from "node:events";
import { expect, it, vi } from "vitest";
import { parleyInSlack } from "./parley-in-slack.ts";

const within = { timeout: 8_000, interval: 20 };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("There is no port.");
  return address.port;
}

/** Parley for many workspaces, installed in none. */
async function forMany(mode: "http" | "socket" = "http") {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const slack = await parleyInSlack({
    mode,
    port,
    times: 5,
    isInstalled: false,
    env: {
      SLACK_BOT_TOKEN: "",
      SLACK_CLIENT_ID: "1234.5678",
      SLACK_CLIENT_SECRET: "client-secret",
      SLACK_STATE_SECRET: "a state secret",
      SLACK_PUBLIC_URL: url,
    },
  });
  const joined = await slack.join();
  /** Goes the way of a person who installs the app, and resolves with what stands on the last page. */
  const install = async (team?: string) => {
    const page = await fetch(`${url}/slack/install`);
    const cookie = page.headers
      .getSetCookie()
      .map((one) => one.split(";", 1)[0])
      .join("; ");
    const [, link = ""] = /href="([^"]+authorize[^"]+)"/.exec(await page.text()) ?? [];
    const ask = new URL(link.replaceAll("&amp;", "&"));
    if (team) ask.searchParams.set("team", team);
    const asked = await fetch(ask, { redirect: "manual" });
    const back = asked.headers.get("location") ?? "";
    const follow = async () => (await fetch(back, { headers: { cookie } })).status;
    return { status: await follow(), back, follow };
  };
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

it("an organisation installs it once: each workspace is answered, after a restart and from where it went on too", async () => {
  const { install, slack, store, join, leave, problems } = await forMany();
  const enterprise = { id: "E1", name: "Org" };
  const rooms = ["T5", "T6"].map((id) =>
    slack.addWorkspace(id, { enterprise, isInstalled: false }),
  );
  expect((await install("E1")).status).toBe(200);
  const asks = async (room: (typeof rooms)[number], text: string, thread?: string) => {
    const question = room.user("U1").says("C1", text, thread === undefined ? {} : { thread });
    const root = thread ?? question.ts;
    const said = () => room.thread("C1", root).map((message) => message.text);
    await vi.waitFor(() => expect(said().join()).toContain("= 4"), within);
    return question.ts;
  };
  const threads: string[] = [];
  for (const room of rooms) {
    for (const id of ["C1", "C2"]) room.addChannel(id);
    threads.push(await asks(room, `<@${room.bot()}> What is 2 + 2?`));
  }
  await leave();
  await join(store);
  for (const [n, room] of rooms.entries()) await asks(room, "And 1 + 3?", threads[n]);
  expect((await store.installs.of("slack").list()).map(({ key }) => key).toSorted()).toEqual([
    "enterprise:E1",
    "member:T5",
    "member:T6",
  ]);
  expect([slack.rejected, problems]).toEqual([[], []]);
});

it("a link that nobody asked for installs nothing", async () => {
  const { install, store } = await forMany();
  const { back } = await install();
  const before = await store.installs.of("slack").list();
  const forged = await fetch(back);
  expect(forged.status).toBeGreaterThanOrEqual(400);
  expect(await store.installs.of("slack").list()).toEqual(before);
});

it("a link that was used installs nothing again", async () => {
  const { install, slack } = await forMany();
  const { status, follow } = await install();
  const calls = slack.calls("oauth.v2.access").length;
  expect([status, await follow()]).toEqual([200, 500]);
  expect(slack.calls("oauth.v2.access")).toHaveLength(calls);
});

it("an install whose state cannot be read fails, and whoever runs Parley learns why", async () => {
  const { install, store, problems } = await forMany();
  const { status, follow } = await install();
  await store.db.q("DROP TABLE key_values");
  expect([status, await follow()]).toEqual([200, 500]);
  expect(problems.join()).toMatch(/StoreError: .*no such table: key_values/);
});
