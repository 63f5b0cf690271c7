import { expect, onTestFinished, test, vi } from "vitest";
import { createInstalledWorkspaces } from "../../../adapters/slack/install/installed-workspaces.ts";
import { createInstalls } from "../../../adapters/slack/install/installs.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { openMemory } from "./parley-in-slack.ts";

const installation = (more: Record<string, unknown> = {}) => ({
  team: { id: "T1", name: "Home" },
  enterprise: undefined,
  user: { id: "U1", token: undefined, scopes: undefined },
  bot: { token: "xoxb-secret", id: "B1", userId: "UBOT", scopes: [] },
  isEnterpriseInstall: false,
  ...more,
});
const organisation = installation({
  team: undefined,
  enterprise: { id: "E1", name: "Org" },
  bot: { token: "xoxb-org", id: "B2", userId: "UORG", scopes: [] },
  isEnterpriseInstall: true,
});

async function rig(secret = "state secret") {
  const store = await openMemory();
  onTestFinished(() => store.close());
  const records = store.installs.of("slack");
  const clock = createFakeClock();
  const installs = createInstalls(records, secret);
  return {
    store,
    records,
    clock,
    installs,
    workspaces: createInstalledWorkspaces({ installs, clock }),
  };
}

test("what is stored can be read by nobody who has the database alone", async () => {
  const { installs, store, records } = await rig();
  await installs.put(installation());
  const [stored] = await store.db.q("SELECT * FROM installs", []);
  expect(JSON.stringify(stored)).not.toMatch(/xoxb|secret|UBOT/);
  const other = createInstalls(records, "another secret");
  await expect(other.list()).rejects.toThrow(
    /SLACK_INSTALL_SECRET .* is not what it was stored with/,
  );
  await expect(
    createInstalledWorkspaces({ installs: other, clock: createFakeClock() }).open(),
  ).rejects.toThrow(/install the app anew/);
});

test("what is sealed for one workspace cannot be put under another, nor altered", async () => {
  const { installs, records } = await rig();
  await installs.put(installation());
  const [{ key, sealed } = { key: "", sealed: "" }] = await records.list();
  await records.put("team:T2", sealed);
  await expect(installs.find({ team: "T2" })).rejects.toThrow(/team:T2 cannot be opened/);
  await records.put(key, `${sealed.slice(0, -4)}AAAA`);
  await expect(installs.find({ team: "T1" })).rejects.toThrow(/cannot be opened/);
});

test("an event finds its workspace's own installation, else its organisation's", async () => {
  const { installs, workspaces } = await rig();
  await installs.put(installation());
  await installs.put(organisation);
  expect(await workspaces.of("T1", "E1")).toMatchObject({
    token: "xoxb-secret",
    enterprise: undefined,
  });
  expect(await workspaces.of("T5", "E1")).toEqual({
    team: "T5",
    enterprise: "E1",
    token: "xoxb-org",
    botUser: "UORG",
    botId: "B2",
  });
  expect(await workspaces.of("T9")).toBeUndefined();
  expect((await workspaces.all()).map(({ team }) => team)).toEqual(["T1", "T5"]);
});

test("a thread that names its workspace alone finds the organisation's installation, also in the next process", async () => {
  const { installs, workspaces } = await rig();
  await installs.put(organisation);
  expect(await workspaces.of("T5")).toBeUndefined();
  workspaces.forget({ team: "T5" });
  await workspaces.of("T5", "E1");
  const next = createInstalledWorkspaces({ installs, clock: createFakeClock() });
  expect(await next.of("T5")).toMatchObject({ team: "T5", token: "xoxb-org" });
  expect((await next.all()).map(({ team }) => team)).toEqual(["T5"]);
  await installs.remove({ enterprise: "E1" });
  const last = createInstalledWorkspaces({ installs, clock: createFakeClock() });
  expect([await last.of("T5"), await last.all()]).toEqual([undefined, []]);
});

test("an installation is looked up once in minutes; a new one counts at once", async () => {
  const { installs, workspaces, records, clock } = await rig();
  const get = vi.spyOn(records, "get");
  expect(await workspaces.of("T1")).toBeUndefined();
  await installs.put(installation());
  workspaces.forget({ team: "T1" });
  await workspaces.of("T1");
  await workspaces.of("T1");
  expect(get).toHaveBeenCalledTimes(3);
  await clock.advance(5 * 60_000);
  await workspaces.of("T1");
  expect(get).toHaveBeenCalledTimes(4);
});

test("without a bot token there is no installation", async () => {
  const { installs } = await rig();
  await expect(installs.put(installation({ bot: undefined }))).rejects.toThrow();
});
