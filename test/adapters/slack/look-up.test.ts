import { expect, it } from "vitest";
import { lookUp } from "../../../adapters/slack/people/look-up.ts";
import type { People } from "../../../adapters/slack/people/people.ts";
import type { Workspace } from "../../../adapters/slack/workspaces.ts";
import { createFakeClock } from "../../support/fake-clock.ts";

const workspace: Workspace = {
  team: "T1",
  token: "xoxb",
  botUser: "U0PARLEY",
  botId: "B0",
  enterprise: undefined,
};

/** People who are all known, and a list of who was asked about. */
function directory() {
  const asked: string[] = [];
  const user = { isBot: false, isAdmin: false, isGuest: false, isExternal: false };
  const people: People = {
    async user(_, id) {
      asked.push(id);
      return { ...user, name: `Name of ${id}` };
    },
    async channel(_, id) {
      asked.push(id);
      return `name-of-${id}`;
    },
    file: async () => undefined,
  };
  return { asked, ports: { people, clock: createFakeClock() } };
}

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => prefix + n);

it("asks Slack about a few dozen of the people that a message names, however many there are", async () => {
  const { asked, ports } = directory();
  const text = ids("U", 3_000)
    .map((id) => `<@${id}> <#C${id}>`)
    .join(" ");
  const known = await lookUp(ports, workspace, [{ user: "UADA", text, files: [] }], 1_000);
  expect(asked.length).toBeLessThanOrEqual(101);
  expect(known.users.get("UADA")?.name).toBe("Name of UADA");
  expect(known.users.get("U0")?.name).toBe("Name of U0");
});

it("asks about each person once, however often texts name them", async () => {
  const { asked, ports } = directory();
  const text = "<@U1> <@U2> <@U0PARLEY> ".repeat(1_000);
  const messages = ids("", 5).map(() => ({ user: "U1", text, files: [] }));
  await lookUp(ports, workspace, messages, 1_000);
  expect(asked.toSorted()).toEqual(["U1", "U2"]);
});

it("looks up all authors of a thread, before people who are only named", async () => {
  const { ports } = directory();
  const messages = ids("UWRITER", 120).map((user) => ({ user, text: "<@UNAMED>", files: [] }));
  const known = await lookUp(ports, workspace, messages, 1_000);
  expect(known.users.size).toBe(121);
});
