import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

/** Long enough for a loaded machine: the default of one second is not. */

// Whatever Slack does, nothing is rejected without anybody waiting for it.
const unhandled: unknown[] = [];
const note = (reason: unknown) => void unhandled.push(reason);
beforeEach(() => void process.on("unhandledRejection", note));
afterEach(() => {
  process.off("unhandledRejection", note);
  expect(unhandled.splice(0)).toEqual([]);
});

describe("Socket Mode", () => {
  it("keeps two connections, and always one while Slack refreshes the other", async () => {
    const { join, slack } = await parleyInSlack();
    await join();
    await vi.waitFor(() => expect(slack.sockets.connections()).toBe(2), PATIENCE);
    slack.sockets.refresh(1);
    const seen = new Set<number>();
    await vi.waitFor(() => {
      seen.add(slack.sockets.connections());
      expect(slack.calls("apps.connections.open")).toHaveLength(3);
    }, PATIENCE);
    await vi.waitFor(() => expect(slack.sockets.connections()).toBe(2), PATIENCE);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(1);
  });

  it("does not reconnect in a loop where Slack allows one connection only", async () => {
    const { join, slack, clock } = await parleyInSlack();
    await join();
    const from = clock.now();
    while (clock.now() - from < 20_000) {
      if (slack.sockets.connections() > 1) slack.sockets.drop(1);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(slack.calls("apps.connections.open").length).toBeLessThan(20);
  });

  it("answers once, even if an event comes again on another connection", async () => {
    const { join, slack, ada, at, answered, answers } = await parleyInSlack();
    await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    slack.sockets.refresh();
    await answered(question);
    await slack.replay();
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
  });

  it.each([
    ["errors of Slack", { kind: "status", status: 503 } as const],
    ["broken connections", { kind: "lost-call" } as const],
    ["limits", { kind: "limited", retryAfter: 1 } as const],
    ["pages instead of answers", { kind: "html" } as const],
    ["refusals that pass", { kind: "error", error: "internal_error" } as const],
  ])("reconnects after %s", async (_, fault) => {
    const { join, slack, ada, at, answered, exits, problems } = await parleyInSlack();
    await join();
    await vi.waitFor(() => expect(slack.sockets.connections()).toBe(2), PATIENCE);
    slack.faults.next("apps.connections.open", fault, { times: 5 });
    slack.sockets.drop();
    await vi.waitFor(() => expect(slack.sockets.connections()).toBe(2), PATIENCE);
    await answered(ada.says("C1", `${at} What is 2 + 2?`));
    expect(exits).toEqual([]);
    expect(problems.join("\n")).toMatch(
      /^Error: Parley cannot connect to Slack and will retry: \w/,
    );
  });

  it("ignores unknown frames", async () => {
    const { join, slack, ada, at, answered } = await parleyInSlack();
    await join();
    for (const frame of [
      "{",
      "null",
      "{}",
      '{"type":"events_api"}',
      '{"type":"events_api","payload":{"event":null}}',
      "[]",
      "7",
      '"text"',
      '{"type":null,"envelope_id":null}',
      '{"type":"events_api","envelope_id":"1","payload":null}',
      '{"type":"events_api","envelope_id":"2","payload":"text"}',
      '{"type":"events_api","envelope_id":"3","payload":{"type":"event_callback","event":[]}}',
      '{"type":"interactive","envelope_id":"4","payload":null}',
      '{"type":"interactive","envelope_id":"5","payload":{"type":"block_actions","actions":[null]}}',
      '{"type":"slash_commands","envelope_id":"6","payload":[]}',
      '{"type":"disconnect","reason":null}',
    ])
      slack.sockets.babble(frame);
    await answered(ada.says("C1", `${at} What is 2 + 2?`));
  });

  it("exits with the reason when the app token is revoked", async () => {
    const { join, slack, exits, problems } = await parleyInSlack();
    await join();
    slack.faults.always("apps.connections.open", { kind: "error", error: "invalid_auth" });
    slack.sockets.drop();
    await vi.waitFor(() => expect(exits).toEqual([1]), PATIENCE);
    expect(problems.join()).toMatch(/app-level token \(invalid_auth\).*SLACK_APP_TOKEN/);
  });
});

describe("what was written while Parley was away", () => {
  const env = { SLACK_FRESH_MINUTES: "10" };

  it("is answered when the connection is back", async () => {
    const { join, slack, ada, at, answered, answers } = await parleyInSlack({ env });
    await join();
    await vi.waitFor(() => expect(slack.sockets.connections()).toBe(2), PATIENCE);
    slack.faults.next("apps.connections.open", { kind: "status", status: 503 }, { times: 2 });
    slack.sockets.drop();
    const missed = ada.says("C1", `${at} What is 2 + 2?`, { missed: true });
    await answered(missed);
    await slack.settled();
    expect(answers(missed)).toHaveLength(1);
  });

  it("is answered when Parley starts, also in threads and direct messages", async () => {
    const { join, ada, at, answered, workspace } = await parleyInSlack({ env });
    const first = await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await first.leave();
    ada.says("C1", `${at} And 3 + 3?`, { thread: question.ts, missed: true });
    const direct = ada.says(workspace.dm("U1"), "What is 4 + 4?", { missed: true });
    await join(first.store);
    expect((await answered(question, 2)).at(-1)?.text).toMatch(/= 6/);
    await answered(direct);
  });

  it("is not answered twice, even when all that Parley knew is lost", async () => {
    const { join, ada, at, answered, answers, slack } = await parleyInSlack({ env });
    const first = await join();
    const question = ada.says("C1", `${at} What is 2 + 2?`);
    await answered(question);
    await first.leave();
    await join();
    await vi.waitFor(
      () => expect(slack.calls("conversations.history").length).toBeGreaterThan(1),
      PATIENCE,
    );
    await slack.settled();
    expect(answers(question)).toHaveLength(1);
  });

  it("is ignored when it is too old", async () => {
    const time = { behind: 3_600_000 };
    const wallClock = () => Date.now() - time.behind;
    const { join, ada, at, answers, answered, slack } = await parleyInSlack({ env, wallClock });
    const old = ada.says("C1", `${at} What is 2 + 2?`, { missed: true });
    time.behind = 0;
    await join();
    // It comes after all that was missed.
    await answered(ada.says("C1", `${at} What is 3 + 3?`));
    await slack.settled();
    expect(answers(old)).toEqual([]);
  });
});

describe("fatal problems", () => {
  const start = async (env: Readonly<Record<string, string>>) => {
    const { join } = await parleyInSlack({ env });
    return join().then(
      () => "started",
      (error: unknown) => String(error),
    );
  };

  it("are reported at the start, with the page to fix them", async () => {
    expect(await start({ SLACK_BOT_TOKEN: "xoxb-wrong" })).toMatch(
      /Slack does not accept the bot token: copy SLACK_BOT_TOKEN again from https:\/\/api\.slack\.com\/apps/,
    );
    expect(await start({ SLACK_APP_TOKEN: "xapp-wrong" })).toMatch(
      /app-level token \(invalid_auth\).*set it as SLACK_APP_TOKEN/,
    );
    expect(await start({ SLACK_API_URL: "http://127.0.0.1:59999/api/" })).toMatch(
      /Slack cannot be reached \(ECONNREFUSED\)/,
    );
  });

  it("are reported while Parley runs, and end it", async () => {
    const { join, workspace, exits, problems } = await parleyInSlack();
    await join();
    workspace.uninstall();
    await vi.waitFor(() => expect(exits).toEqual([1]), PATIENCE);
    expect(problems.join()).toMatch(/removed from the workspace.*reinstall it/);
  });

  it("are reported by a failed call where no event comes", async () => {
    const { join, slack, ada, at, exits, problems } = await parleyInSlack();
    await join();
    slack.faults.always(/^chat/, { kind: "error", error: "token_revoked" });
    ada.says("C1", `${at} What is 2 + 2?`);
    await vi.waitFor(() => expect(exits).toEqual([1]), PATIENCE);
    expect(problems.join()).toMatch(/bot token was revoked/);
  });
});
