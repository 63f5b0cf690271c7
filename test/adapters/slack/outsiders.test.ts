import { expect, it, test, vi } from "vitest";
import { askerOf } from "../../../adapters/slack/people/asker.ts";
import { ASK_SHORTCUT } from "../../../adapters/slack/render/buttons.ts";
import {
  type Origin,
  originInChannel,
  originOfAuthor,
  originOfClick,
  originOfSlash,
} from "../../../adapters/slack/people/origin.ts";
import type { SlackUser } from "../../../adapters/slack/people/people.ts";
import { Interaction, SlashCommand } from "../../../adapters/slack/wire/interaction.ts";
import { SlackMessage } from "../../../adapters/slack/wire/message.ts";
import { EventEnvelope } from "../../../adapters/slack/wire/event.ts";
import type { Workspace } from "../../../adapters/slack/workspaces.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const plain = {
  team: "T1",
  enterprise: undefined,
  token: "xoxb-1",
  botUser: "UB",
  botId: undefined,
};
/** One workspace of an organisation; the app is installed there alone, or in all of it. */
const ofGrid = { ...plain, organisation: "E1" };
const allOfGrid = { ...ofGrid, enterprise: "E1" };

test.each([
  ["a member", plain, { user: "T1", team: "T1" }, "inside"],
  ["somebody of another organisation", plain, { user: "T9", team: "T1" }, "outside"],
  ["an outsider whose team the payload names", plain, { user: "T9", team: "T9" }, "outside"],
  [
    "an outsider of an organisation",
    plain,
    { user: "T9", team: "T9", enterprise: "E9" },
    "outside",
  ],
  ["whose team alone is named", plain, { team: "T1" }, "presumed"],
  ["whose team alone is named, and another", plain, { team: "T9" }, "outside"],
  ["nobody's", plain, {}, "unknown"],
  ["nobody's, in a channel that is not shared", plain, { isShared: false }, "presumed"],
  ["nobody's, in a shared channel", plain, { isShared: true }, "unknown"],
  [
    "a colleague's of another workspace",
    ofGrid,
    { user: "T2", team: "T2", enterprise: "E1" },
    "inside",
  ],
  [
    "a colleague's, by their own organisation",
    allOfGrid,
    { user: "T2", own: "E1", team: "T1" },
    "inside",
  ],
  ["a colleague's whose home is the organisation", allOfGrid, { user: "E1", team: "T1" }, "inside"],
  ["another organisation's", allOfGrid, { user: "T9", team: "T9", enterprise: "E9" }, "outside"],
  // The organisation stands beside the team that was acted in.
  [
    "somebody's of whom the organisation is not told",
    ofGrid,
    { user: "T2", team: "T1", enterprise: "E1" },
    "unknown",
  ],
] as const)("a click of %s is judged by what it carries", (_, workspace, given, expected) => {
  const { user, own, team, enterprise, isShared }: Partial<Record<string, unknown>> = given;
  const click = Interaction.parse({
    user: { id: "U1", team_id: user, enterprise_id: own },
    ...(team !== undefined && { team: { id: team, domain: "acme" } }),
    enterprise: enterprise === undefined ? null : { id: enterprise, name: "Acme" },
    is_ext_shared_channel: isShared,
  });
  expect(originOfClick(workspace, click)).toBe(expected);
});

test.each([
  ["T1", undefined, plain, "presumed"],
  ["T9", undefined, plain, "outside"],
  [undefined, undefined, plain, "unknown"],
  ["T2", "E1", ofGrid, "presumed"],
  ["T9", "E9", ofGrid, "outside"],
] as const)(
  "a slash command of %s in %s is judged likewise",
  (team, enterprise, workspace, expected) => {
    const body = { team_id: team, enterprise_id: enterprise, channel_id: "C1", user_id: "U1" };
    expect(originOfSlash(workspace, SlashCommand.parse(body))).toBe(expected);
  },
);

const envelope = (more: object) =>
  EventEnvelope.parse({ team_id: "T1", event: { type: "message" }, ...more });

const MESSAGES: readonly (readonly [string, Workspace, object, object, Origin])[] = [
  ["a member", plain, { user_team: "T1" }, { is_ext_shared_channel: true }, "inside"],
  ["an outsider", plain, { user_team: "T9" }, { is_ext_shared_channel: true }, "outside"],
  ["an outsider by the source", plain, { source_team: "T9" }, {}, "outside"],
  ["an outsider by the team", plain, { team: "T9" }, {}, "outside"],
  [
    "somebody in a channel that is not shared",
    plain,
    {},
    { is_ext_shared_channel: false },
    "presumed",
  ],
  ["somebody of whom nothing is said", plain, {}, {}, "presumed"],
  ["the same in a shared channel", plain, {}, { is_ext_shared_channel: true }, "unknown"],
  [
    "a colleague",
    ofGrid,
    { user_team: "T2" },
    { team_id: "T2", enterprise_id: "E1", is_ext_shared_channel: true },
    "inside",
  ],
  [
    "an outsider in the organisation's channel",
    ofGrid,
    { user_team: "T9" },
    { enterprise_id: "E1", is_ext_shared_channel: true },
    "unknown",
  ],
  [
    "an outsider of another organisation",
    ofGrid,
    { user_team: "T9" },
    { team_id: "T9", enterprise_id: "E9", is_ext_shared_channel: true },
    "outside",
  ],
];

test.each(MESSAGES)("a message of %s is judged by its event", (...row) => {
  const [, workspace, message, event, expected] = row;
  const said = SlackMessage.parse({ ts: "1.1", user: "U1", text: "hi", ...message });
  expect(originOfAuthor(workspace, said, envelope(event))).toBe(expected);
});

test("the origin of a reaction is unknown, and presumed in a channel that is not shared", () => {
  expect(originInChannel(envelope({ is_ext_shared_channel: false }))).toBe("presumed");
  expect(originInChannel(envelope({ is_ext_shared_channel: true }))).toBe("unknown");
  expect(originInChannel(envelope({}))).toBe("unknown");
});

const ONLY = "Parley answers members of this workspace only";
const LATER =
  "Slack did not say in time whether you belong to this workspace. Please try again in a moment";
const member: SlackUser = {
  name: "Ada",
  isBot: false,
  isAdmin: false,
  isGuest: false,
  isExternal: false,
};

/** Who asks, with what `users.info` answers; "never": nothing at all. */
async function asks(origin: Origin, told: SlackUser | "never", external: "answer" | "ignore") {
  const clock = createFakeClock();
  const never = new Promise<never>(() => {});
  const user = () => (told === "never" ? never : Promise.resolve(told));
  const ports = {
    people: { user, channel: () => never, file: () => never },
    rightsOf: () =>
      told === "never" ? never : Promise.resolve({ level: "everyone", groups: [] } as const),
    clock,
    audience: { external, guests: "answer" } as const,
  };
  const asked = askerOf(ports, plain, { user: "U9", origin });
  await clock.advance(1_000);
  const { refusal, groups } = await asked;
  return { refusal: refusal?.title, groups };
}

test.each([
  ["outside", "never", ONLY],
  ["outside", member, ONLY],
  ["unknown", "never", LATER],
  ["unknown", { ...member, isExternal: true }, ONLY],
  ["unknown", member, undefined],
  ["presumed", "never", undefined],
  ["presumed", { ...member, isExternal: true }, ONLY],
  ["inside", "never", undefined],
  ["inside", { ...member, isExternal: true }, undefined],
] as const)(
  "where outsiders are ignored, %s and %j is answered with %s",
  async (origin, told, expected) => {
    expect((await asks(origin, told, "ignore")).refusal).toBe(expected);
  },
);

test("if outsiders are answered, access lists can name them", async () => {
  for (const [origin, groups] of [
    ["outside", ["external"]],
    ["unknown", ["external"]],
    ["inside", []],
  ] as const)
    expect(await asks(origin, "never", "answer")).toEqual({ refusal: undefined, groups });
});

it("an immediate refusal needs no look-up", async () => {
  const never = () => new Promise<never>(() => {});
  const ports = {
    people: { user: never, channel: never, file: never },
    rightsOf: never,
    clock: createFakeClock(),
    audience: { external: "ignore", guests: "answer" },
  } as const;
  const { refusal } = await askerOf(ports, plain, { user: "U9", origin: "outside" });
  expect(refusal?.title).toBe(ONLY);
});

it("no button, form, command or shortcut of an outsider does or shows anything, though Slack answers nothing about them", async () => {
  const { join, slack, workspace, ada, at, answered, answers } = await parleyInSlack({ times: 2 });
  const { store } = await join();
  const eve = workspace.addUser("U66", { displayName: "Eve", team: "T9" });
  workspace.addChannel("C7", { isShared: true, members: ["U1", "U66", workspace.bot()] });
  const question = ada.says("C7", `${at} What is 2 + 2?`);
  const [answer] = await answered(question);
  if (!answer) throw new Error("There is no answer.");
  slack.faults.always("users.info", { kind: "error", error: "internal_error" });
  for (const button of ["Why", "Retry…", "👍"]) await eve.clicks(answer, button);
  await eve.uses(ASK_SHORTCUT, question);
  await slack.settled();
  expect(eve.modal()).toBeUndefined();
  expect(answers(question)).toHaveLength(1);
  expect(await store.db.q("SELECT * FROM feedback", [])).toEqual([]);
  await ada.clicks(answer, "Why");
  await vi.waitFor(() => expect(ada.modal()?.title).toBe("Why this answer"), PATIENCE);
});
