import { describe, expect, it, vi } from "vitest";
import { conversationOf } from "../../../adapters/slack/place.ts";
import type { FileOptions } from "../../servers/slack/state/file.ts";
import { finalOf, markOf } from "../../contracts/platform-samples.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const NOTES = { name: "notes.txt", mimetype: "text/plain", bytes: "Tom is a cat." };

async function shared(file: FileOptions, env = {}) {
  const world = await parleyInSlack({ env });
  const { adapter } = await world.join();
  const { ts } = world.ada.says("C1", "Look.", { files: [file] });
  const conversation = conversationOf({ team: world.workspace.id, channel: "C1", thread: ts });
  const { signal } = new AbortController();
  const { messages } = await adapter.platform.history(conversation, signal);
  const [found] = messages[0]?.files ?? [];
  const load = async () => Buffer.from((await found?.load(signal)) ?? []).toString();
  return { ...world, found, load };
}

describe("files that people attach", () => {
  it("are downloaded when a model needs them", async () => {
    const { found, load } = await shared(NOTES);
    expect(found).toMatchObject({ name: "notes.txt", mediaType: "text/plain", bytes: 13 });
    expect(await load()).toBe("Tom is a cat.");
  });

  it("are looked up where a message holds only their id", async () => {
    const { found, load } = await shared({ ...NOTES, isBare: true });
    expect(found).toMatchObject({ name: "notes.txt", mediaType: "text/plain" });
    expect(await load()).toBe("Tom is a cat.");
  });

  it.each([
    ["a redirect away from Slack", { behaviour: "redirect-away" } as const, /is not Slack/],
    ["a login page", { behaviour: "login-page" } as const, /login page/],
    ["a file that is gone", { behaviour: "gone" } as const, /HTTP 404/],
    ["a file larger than Slack said", { claimedBytes: 5 }, /larger than Slack said/],
  ])("are refused with the reason: %s", async (_, how, why) => {
    const { load, slack } = await shared({ ...NOTES, ...how });
    await expect(load()).rejects.toThrow(why);
    expect(slack.rejected).toEqual([]);
  });

  it("follow a redirect within Slack", async () => {
    expect(await (await shared({ ...NOTES, behaviour: "redirect" })).load()).toBe("Tom is a cat.");
  });
});

describe("an answer too long for messages", () => {
  const long = (text: string) => ({
    ...finalOf("In short: yes."),
    file: { name: "answer.md", text },
  });

  async function posted(
    break_: (world: Awaited<ReturnType<typeof parleyInSlack>>) => void = () => {},
  ) {
    const world = await parleyInSlack();
    const { adapter } = await world.join();
    break_(world);
    const { ts } = world.ada.says("C1", "Is it?", { missed: true });
    const conversation = conversationOf({ team: world.workspace.id, channel: "C1", thread: ts });
    const post = () =>
      adapter.platform.post(conversation, long("yes ".repeat(20_000)), markOf("final"));
    return { ...world, adapter, conversation, ts, post };
  }

  it("comes as a file, and is read back from it", async () => {
    const { adapter, conversation, post } = await posted();
    await post();
    const { signal } = new AbortController();
    // Slack shares a file a moment after it has taken it.
    const answer = await vi.waitFor(async () => {
      const { messages } = await adapter.platform.history(conversation, signal);
      const final = messages.find(({ mark }) => mark?.kind === "final");
      expect(final).toMatchObject({ text: "In short: yes.", files: [{ name: "answer.md" }] });
      return final;
    }, PATIENCE);
    const bytes = await answer?.files[0]?.load(signal);
    expect(bytes).toHaveLength(80_000);
  });

  it("has its file once, however often the message is tried", async () => {
    const { post, slack, workspace, ts } = await posted();
    slack.faults.next("chat.postMessage", { kind: "limited", retryAfter: 1 });
    await expect(post()).rejects.toMatchObject({ outcome: "rate_limited" });
    await vi.waitFor(post, PATIENCE);
    expect(workspace.thread("C1", ts).flatMap(({ files }) => files)).toEqual(["answer.md"]);
  });

  it("fails by its file alone where the scope is missing, with what an admin can do", async () => {
    const { post, workspace, ts } = await posted(({ workspace: w }) =>
      w.withoutScope("files:write"),
    );
    await expect(post()).rejects.toMatchObject({ about: "file", message: /scope files:write/ });
    expect(workspace.thread("C1", ts)).toHaveLength(1);
  });
});
