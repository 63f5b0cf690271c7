import { expect, onTestFinished, test, vi } from "vitest";
import {
  createAllowedTeams,
  createInstalledWorkspaces,
} from "../../../adapters/slack/install/installed-workspaces.ts";
import {
  createInstalls,
  createInstallSeal,
  findInstallation,
  type Installs,
  keyOf,
} from "../../../adapters/slack/install/installs.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { openMemory } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

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
const ofTeam = (id: string) => installation({ team: { id, name: id } });

const sealOf = (installSecret: string, ...oldInstallSecrets: readonly string[]) =>
  createInstallSeal({ installSecret, oldInstallSecrets });
const NO_ROTATION = {
  current: <T>(stored: T) => Promise.resolve(stored),
  refreshed: () => Promise.resolve(undefined),
};

async function rig(secret = "state secret") {
  const store = await openMemory();
  onTestFinished(() => store.close());
  const records = store.installs.of("slack");
  const clock = createFakeClock();
  const installs = createInstalls(records, sealOf(secret));
  const problems: string[] = [];
  const workspacesOn = (on: Installs, allowed: readonly string[] = []) =>
    createInstalledWorkspaces({
      installs: on,
      rotation: NO_ROTATION,
      allowed: createAllowedTeams(allowed),
      clock,
      onProblem: (problem) => void problems.push(String(problem)),
    });
  return {
    store,
    records,
    clock,
    installs,
    problems,
    workspacesOn,
    workspaces: workspacesOn(installs),
  };
}

test("the database alone does not reveal what is stored", async () => {
  const { installs, store, records } = await rig();
  await installs.put(installation());
  const [stored] = await store.db.q("SELECT * FROM installs", []);
  expect(JSON.stringify(stored)).not.toMatch(/xoxb|secret|UBOT/);
  const other = createInstalls(records, sealOf("another secret"));
  await expect(other.read("team:T1")).rejects.toThrow(
    /SLACK_INSTALL_SECRET .* is not what they were stored with.*SLACK_INSTALL_SECRET_OLD/,
  );
});

test("after a change of the secret, unreadable installations are reported, and the others are served", async () => {
  const { installs, records, problems, workspacesOn } = await rig("lost");
  await installs.put(ofTeam("T1"));
  await installs.put(ofTeam("T2"));
  const later = createInstalls(records, sealOf("new"));
  await later.put(ofTeam("T3"));
  const workspaces = workspacesOn(later);
  await workspaces.open();
  expect(problems).toEqual([
    expect.stringMatching(
      /2 of 3 stored Slack installations cannot be opened and are not served \(team:T1, team:T2\): .*SLACK_INSTALL_SECRET_OLD.*\/slack\/install/,
    ),
  ]);
  expect(await workspaces.of("T3")).toMatchObject({ team: "T3" });
  expect((await workspaces.all()).map(({ team }) => team)).toEqual(["T3"]);
  // Its events are sent again: somebody may set the secret meanwhile.
  await expect(workspaces.of("T1")).rejects.toThrow(/cannot be opened/);
  await later.put(ofTeam("T1"));
  expect(await workspaces.of("T1")).toMatchObject({ team: "T1" });
});

test("with the previous secret everything is served, and encrypted again in the background", async () => {
  const { installs, records, problems, workspacesOn } = await rig("former");
  await installs.put(ofTeam("T1"));
  await installs.put(organisation);
  await findInstallation(installs, { team: "T5", enterprise: "E1" });
  const workspaces = workspacesOn(createInstalls(records, sealOf("new", "former")));
  await workspaces.open();
  expect(await workspaces.of("T1")).toMatchObject({ token: "xoxb-secret" });
  const without = createInstalls(records, sealOf("new"));
  await vi.waitFor(async () => {
    expect((await without.list()).unreadable).toEqual([]);
    expect(await without.organisationOf("T5")).toBe("E1");
  }, PATIENCE);
  expect(problems).toEqual([]);
});

test("a stored installation cannot be moved to another workspace, nor altered", async () => {
  const { installs, records } = await rig();
  await installs.put(installation());
  const [{ key, sealed } = { key: "", sealed: "" }] = await records.list();
  await records.put("team:T2", sealed);
  await expect(installs.read("team:T2")).rejects.toThrow(/team:T2 cannot be opened/);
  await records.put(key, `${sealed.slice(0, -4)}AAAA`);
  await expect(installs.read("team:T1")).rejects.toThrow(/cannot be opened/);
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
    organisation: "E1",
    token: "xoxb-org",
    botUser: "UORG",
    botId: "B2",
  });
  expect(await workspaces.of("T9")).toBeUndefined();
  expect((await workspaces.all()).map(({ team }) => team)).toEqual(["T1", "T5"]);
});

test("a thread that names its workspace alone finds the organisation's installation, also in the next process", async () => {
  const { installs, workspaces, workspacesOn } = await rig();
  await installs.put(organisation);
  expect(await workspaces.of("T5")).toBeUndefined();
  workspaces.forget("T5");
  await workspaces.of("T5", "E1");
  const next = workspacesOn(installs);
  expect(await next.of("T5")).toMatchObject({ team: "T5", token: "xoxb-org" });
  expect((await next.all()).map(({ team }) => team)).toEqual(["T5"]);
  await installs.remove(keyOf({ enterprise: "E1" }));
  const last = workspacesOn(installs);
  expect([await last.of("T5"), await last.all()]).toEqual([undefined, []]);
});

test("an installation is cached for minutes; a change by another process counts at once", async () => {
  const { installs, workspaces, records, clock } = await rig();
  await workspaces.open();
  const get = vi.spyOn(records, "get");
  expect(await workspaces.of("T1")).toBeUndefined();
  // As another process writes: no word of it but the store's notice.
  await createInstalls(records, sealOf("state secret")).put(installation());
  await vi.waitFor(async () => expect(await workspaces.of("T1")).toBeDefined(), PATIENCE);
  get.mockClear();
  await workspaces.of("T1");
  expect(get).not.toHaveBeenCalled();
  await installs.put(installation({ bot: { token: "xoxb-next", id: "B1", userId: "UBOT" } }));
  await vi.waitFor(
    async () => expect(await workspaces.of("T1")).toMatchObject({ token: "xoxb-next" }),
    PATIENCE,
  );
  get.mockClear();
  await clock.advance(5 * 60_000);
  await workspaces.of("T1");
  expect(get).toHaveBeenCalledTimes(1);
});

test("a lookup that began before an installation was stored does not hide it", async () => {
  const { installs, workspaces, records } = await rig();
  await workspaces.open();
  const slow = Promise.withResolvers<null>();
  vi.spyOn(records, "get").mockReturnValueOnce(slow.promise);
  const early = workspaces.of("T1");
  await installs.put(installation());
  await new Promise((resolve) => setImmediate(resolve));
  slow.resolve(null);
  expect(await early).toBeUndefined();
  expect(await workspaces.of("T1")).toMatchObject({ team: "T1" });
});

test("without a bot token there is no installation", async () => {
  const { installs } = await rig();
  await expect(installs.put(installation({ bot: undefined }))).rejects.toThrow();
});

test("SLACK_ALLOWED_TEAMS accepts ids of workspaces and organisations, and domains in any form", async () => {
  const given = (list: string, host?: string) =>
    createAllowedTeams(list.split(" ").filter(Boolean)).allows({
      ...installation({ enterprise: { id: "E1" } }),
      host,
    });
  expect(given("")).toBe(true);
  expect(given("T1")).toBe(true);
  expect(given("E1")).toBe(true);
  expect(given("T2 E2")).toBe(false);
  for (const domain of ["acme", "ACME.slack.com", "https://acme.slack.com/", "T2 acme"])
    expect([given(domain, "acme.slack.com"), given(domain, "other.slack.com")]).toEqual([
      true,
      false,
    ]);
  expect(given("acme", "acme.enterprise.slack.com")).toBe(true);
  expect(given("acme.slack.com", "acme.slack.com.evil.test")).toBe(false);
});

test("a stored installation that is not allowed is not served, and reported once", async () => {
  const { installs, problems, workspacesOn } = await rig();
  await installs.put(ofTeam("T1"));
  await installs.put(ofTeam("T2"));
  const workspaces = workspacesOn(installs, ["T1"]);
  await workspaces.open();
  expect(await workspaces.of("T1")).toMatchObject({ team: "T1" });
  expect(await workspaces.of("T2")).toBeUndefined();
  expect((await workspaces.all()).map(({ team }) => team)).toEqual(["T1"]);
  expect(problems).toEqual([
    "Error: Some stored Slack installations are not in SLACK_ALLOWED_TEAMS and are not served: T2.",
  ]);
});
