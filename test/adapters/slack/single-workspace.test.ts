import { expect, it } from "vitest";
import { BOT_SCOPES } from "../../../adapters/slack/install/scopes.ts";
import { createSingleWorkspace } from "../../../adapters/slack/install/single-workspace.ts";
import { PlatformError } from "../../../src/platform.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { recordingClients } from "./recording-clients.ts";

const clock = createFakeClock();

const ALL = Object.keys(BOT_SCOPES);

async function open(scopes: readonly string[] | undefined, more: object = {}) {
  const warnings: string[] = [];
  const { clients } = recordingClients(() => ({
    team_id: "T1",
    user_id: "U1",
    response_metadata: { scopes },
    ...more,
  }));
  const onWarning = (text: string) => void warnings.push(text);
  const workspaces = createSingleWorkspace({ token: "xoxb-1", clients, clock, onWarning });
  await workspaces.open();
  return { workspaces, warnings };
}

const without = (...names: string[]) => ALL.filter((scope) => !names.includes(scope));

it("serves events of every team as the same workspace", async () => {
  const { workspaces, warnings } = await open(ALL, { bot_id: "B1" });
  const one = { team: "T1", enterprise: undefined, token: "xoxb-1", botUser: "U1", botId: "B1" };
  expect([await workspaces.of("T1"), await workspaces.of("T2"), await workspaces.all()]).toEqual([
    one,
    one,
    [one],
  ]);
  expect(warnings).toEqual([]);
});

it("serves each workspace of an organisation, if the token is the organisation's", async () => {
  const org = { is_enterprise_install: true, enterprise_id: "E1" };
  const { workspaces } = await open(ALL, org);
  expect([await workspaces.of("T2"), await workspaces.of("")]).toMatchObject([
    { team: "T2", enterprise: "E1" },
    { team: "T1", enterprise: "E1" },
  ]);
});

it("takes the team from the event where Slack does not name it", async () => {
  const { workspaces } = await open(undefined, { team_id: null });
  expect(await workspaces.of("T2")).toMatchObject({ team: "T2" });
});

it("does not start without a required scope", async () => {
  await expect(open(without("chat:write"))).rejects.toThrow(
    "The app lacks the scopes chat:write: add them under https://api.slack.com/apps → your app → OAuth & Permissions → Scopes, and reinstall the app.",
  );
  const deaf = without(...ALL.filter((scope) => /history|mentions/.test(scope)));
  await expect(open(deaf)).rejects.toThrow(/lacks the scopes app_mentions:read, channels:history/);
});

it("warns once about what fails without the other scopes", async () => {
  const { warnings } = await open(without("files:read", "commands"));
  expect(warnings).toEqual([
    "The app lacks the scopes commands (/parley and the message shortcut), files:read (files that people attach): add them under https://api.slack.com/apps → your app → OAuth & Permissions → Scopes, and reinstall the app.",
  ]);
});

it("checks no scopes where Slack does not list them", async () => {
  expect((await open(undefined)).warnings).toEqual([]);
});

it("identifies itself for a turn that resumes before the start has finished", async () => {
  const { clients } = recordingClients(() => ({ team_id: "T1", user_id: "U1" }));
  const workspaces = createSingleWorkspace({
    token: "xoxb-1",
    clients,
    clock,
    onWarning: () => {},
  });
  expect(await workspaces.of("T1")).toMatchObject({ team: "T1", botUser: "U1" });
});

it("retries after a rate limit and after a short outage", async () => {
  const troubles = [
    new PlatformError("rate_limited", "later", { retryAfterMs: 3_000 }),
    new PlatformError("unknown", "HTTP 500"),
  ];
  const { clients } = recordingClients(() => {
    const trouble = troubles.shift();
    if (trouble) throw trouble;
    return { team_id: "T1", user_id: "U1" };
  });
  const workspaces = createSingleWorkspace({
    token: "xoxb-1",
    clients,
    clock,
    onWarning: () => {},
  });
  const opened = workspaces.open();
  await clock.advance(5_000);
  await opened;
  expect(await workspaces.all()).toMatchObject([{ team: "T1" }]);
});

it("says what to check when Slack stays unreachable", async () => {
  const { clients } = recordingClients(() => {
    throw new PlatformError("unknown", "auth.test got no answer (ECONNREFUSED).");
  });
  const on = { token: "xoxb-1", clients, clock, onWarning: () => {} };
  const opened = createSingleWorkspace(on).open();
  const refused = expect(opened).rejects.toThrow(
    "Slack cannot be reached: auth.test got no answer (ECONNREFUSED). Check the network of this machine, and SLACK_API_URL if it is set.",
  );
  await clock.advance(120_000);
  await refused;
});
