import { expect, test } from "vitest";
import type { People, SlackUser } from "../../../adapters/slack/people/people.ts";
import { createRightsOf } from "../../../adapters/slack/people/rights.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { HOME } from "./events.ts";
import { type Answer, recordingClients } from "./recording-clients.ts";

const person: SlackUser = {
  name: "Ada",
  isBot: false,
  isAdmin: false,
  isGuest: false,
  isExternal: false,
};
const users: Readonly<Record<string, SlackUser>> = {
  U1: person,
  UADMIN: { ...person, isAdmin: true },
  UGUEST: { ...person, isAdmin: true, isGuest: true },
  UFAR: { ...person, isAdmin: true, isExternal: true },
};
const people: People = {
  user: async (_, id) => users[id],
  channel: async () => undefined,
  file: async () => undefined,
};
const GROUPS = {
  usergroups: [{ id: "S1", users: ["U1", "UFAR"] }, { id: "S2", users: ["U1"] }, { id: "S3" }],
};

function rig(answer: Answer = () => GROUPS, admins: readonly string[] = []) {
  const clock = createFakeClock();
  const problems: unknown[] = [];
  const { calls, clients } = recordingClients(answer);
  const onProblem = (problem: unknown) => void problems.push(problem);
  const rightsOf = createRightsOf({ people, clients, clock, admins, onProblem });
  return { clock, calls, problems, of: (id: string) => rightsOf(HOME, id) };
}

test("admins and owners of the workspace are admins; guests and other organisations' admins are not", async () => {
  const { of } = rig();
  expect((await of("UADMIN")).level).toBe("admin");
  expect((await of("U1")).level).toBe("everyone");
  expect((await of("UGUEST")).level).toBe("everyone");
  expect((await of("UFAR")).level).toBe("everyone");
  expect((await of("UNKNOWN")).level).toBe("everyone");
});

test("SLACK_ADMINS names users and user groups", async () => {
  expect((await rig(undefined, ["U1"]).of("U1")).level).toBe("admin");
  const byGroup = rig(undefined, ["S2"]);
  expect(await byGroup.of("U1")).toEqual({ level: "admin", groups: ["S1", "S2"] });
  expect((await byGroup.of("UFAR")).level).toBe("everyone");
});

test("user groups are read once in ten minutes, however many people ask", async () => {
  const { of, calls, clock } = rig();
  await Promise.all([of("U1"), of("UADMIN"), of("UFAR")]);
  expect(calls).toHaveLength(1);
  await clock.advance(10 * 60_000);
  await of("U1");
  expect(calls).toHaveLength(2);
});

test("without the scope for user groups, rights do not count them, and Slack is not asked again and again", async () => {
  const { of, calls, clock, problems } = rig(() => "missing_scope");
  expect(await of("UADMIN")).toEqual({ level: "admin", groups: [] });
  await clock.advance(30 * 60_000);
  await of("UADMIN");
  expect(calls).toHaveLength(1);
  expect(String(problems)).toContain("The app lacks the scope");
});
