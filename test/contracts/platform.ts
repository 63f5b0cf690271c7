import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConversationId } from "../../src/ids.ts";
import { PlatformError } from "../../src/platform.ts";
import { type Heard, listen, type PlatformRig } from "./platform-rig.ts";
import { describePlatformActions } from "./platform-actions.ts";
import { finalOf, markOf, noteOf, otherTurn, statusOf } from "./platform-samples.ts";
import { PATIENCE } from "../support/patience.ts";

/** What every adapter must do. `setup` makes a fresh rig for each test. */
export function describePlatformContract(name: string, setup: () => Promise<PlatformRig>): void {
  describe(`${name} as a platform`, () => {
    let rig: PlatformRig;
    let heard: Heard;
    const signal = new AbortController().signal;
    const history = async (conversation: ConversationId, platform = rig.platform) =>
      (await platform.history(conversation, signal)).messages;

    beforeEach(async () => {
      rig = await setup();
      heard = listen();
      await rig.platform.start(heard.intake);
    });
    afterEach(async () => {
      await rig.platform.stop();
      await rig.close();
    });

    test("says what it can take", () => {
      const { maxTextLength, maxParts, minEditIntervalMs } = rig.platform.capabilities;
      expect(rig.platform.name).toMatch(/^[a-z]+$/);
      expect(Math.min(maxTextLength, maxParts)).toBeGreaterThanOrEqual(1);
      expect(minEditIntervalMs).toBeGreaterThanOrEqual(0);
    });

    test("hands a person's message on, once, with where it stands", async () => {
      const conversation = await rig.conversation();
      await rig.write(conversation, "Which index?");
      await vi.waitFor(() => expect(heard.messages).toHaveLength(1), PATIENCE);
      expect(heard.messages[0]).toMatchObject({ conversation, text: "Which index?" });
      expect(heard.messages[0]?.author.kind).toBe("person");
      expect(heard.messages[0]?.addressed).not.toBe("none");
    });

    test("shows what a person wrote in the history, under the same id", async () => {
      const conversation = await rig.conversation();
      await rig.write(conversation, "Which index?");
      await vi.waitFor(() => expect(heard.messages).toHaveLength(1), PATIENCE);
      const found = (await history(conversation)).find(({ text }) => text === "Which index?");
      expect(found?.id).toBe(heard.messages[0]?.id);
      expect(found?.author).toEqual(heard.messages[0]?.author);
      expect(found?.mark).toBeUndefined();
    });

    test("keeps the order of messages, oldest first", async () => {
      const conversation = await rig.conversation();
      await rig.write(conversation, "first");
      await rig.platform.post(conversation, finalOf("second"), markOf("final"));
      await rig.write(conversation, "third");
      const messages = await history(conversation);
      expect(messages.slice(-3).map(({ text }) => text)).toEqual(["first", "second", "third"]);
      expect(messages.map(({ at }) => at)).toEqual(
        messages.map(({ at }) => at).toSorted((a, b) => a - b),
      );
    });

    test("marks its own messages as such, and nobody else's", async () => {
      const conversation = await rig.conversation();
      await rig.write(conversation, "Which index?");
      await rig.platform.post(conversation, statusOf(), markOf("status"));
      await rig.platform.post(conversation, noteOf("queued"), markOf("note"));
      await rig.platform.post(conversation, finalOf("A B-tree."), markOf("final"));
      const own = (await history(conversation)).filter(({ author }) => author.kind === "self");
      expect(own.map(({ mark }) => mark)).toEqual([
        markOf("status"),
        markOf("note"),
        markOf("final"),
      ]);
    });

    test("never takes its own messages for somebody's", async () => {
      const conversation = await rig.conversation();
      const status = await rig.platform.post(conversation, statusOf(), markOf("status"));
      await rig.platform.post(conversation, noteOf("queued"), markOf("note"));
      await rig.platform.edit(status, statusOf("answered"));
      await rig.platform.post(conversation, finalOf("A B-tree."), markOf("final"));
      await rig.write(conversation, "Thanks.");
      await vi.waitFor(() => expect(heard.messages.at(-1)?.text).toBe("Thanks."), PATIENCE);
      expect(heard.messages.filter(({ author }) => author.kind === "self")).toEqual([]);
      expect(heard.messages.map(({ text }) => text)).not.toContain("A B-tree.");
    });

    test("hands on what was written while it was away, in order, and nothing of its own", async () => {
      if (!rig.reopen) return;
      const conversation = await rig.conversation();
      await rig.write(conversation, "Which index?");
      await vi.waitFor(() => expect(heard.messages).toHaveLength(1), PATIENCE);
      await rig.platform.post(conversation, finalOf("A B-tree."), markOf("final"));
      await rig.platform.stop();
      await rig.write(conversation, "And for JSON?");
      await rig.write(conversation, "And for text?");
      const later = listen();
      const again = await rig.reopen(later.intake);
      const texts = () => later.messages.map(({ text }) => text);
      await vi.waitFor(() => expect(texts()).toContain("And for text?"), PATIENCE);
      expect(texts().filter((text) => text.startsWith("And"))).toEqual([
        "And for JSON?",
        "And for text?",
      ]);
      expect(texts()).not.toContain("A B-tree.");
      await again.stop();
    });

    test("gives the answer's text back without its footer", async () => {
      const conversation = await rig.conversation();
      await rig.platform.post(conversation, finalOf("A **B-tree**."), markOf("final"));
      expect((await history(conversation)).at(-1)?.text).toBe("A **B-tree**.");
    });

    test("keeps the parts of a split answer in order", async () => {
      const conversation = await rig.conversation();
      for (const chunk of [0, 1, 2]) {
        await rig.platform.post(
          conversation,
          finalOf(`part ${chunk}`, chunk, 3),
          markOf("final", chunk),
        );
      }
      const parts = (await history(conversation)).slice(-3);
      expect(parts.map(({ text }) => text)).toEqual(["part 0", "part 1", "part 2"]);
      expect(parts.map(({ mark }) => mark?.chunk)).toEqual([0, 1, 2]);
    });

    test("edits a status in place", async () => {
      const conversation = await rig.conversation();
      const status = await rig.platform.post(conversation, statusOf(), markOf("status"));
      const before = (await history(conversation)).length;
      await rig.platform.edit(status, statusOf("reviewing"));
      await rig.platform.edit(status, statusOf("answered"));
      const after = await history(conversation);
      expect(after).toHaveLength(before);
      expect(after.find(({ id }) => id === status.id)?.mark).toEqual(markOf("status"));
    });

    test("refuses to edit a message that is not there", async () => {
      const conversation = await rig.conversation();
      const posted = await rig.platform.post(conversation, noteOf("here"), markOf("note"));
      const edit = rig.platform.edit({ ...posted, id: "1000000000.000001" }, noteOf("there"));
      const error = await edit.catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(PlatformError);
      expect(error).toMatchObject({ outcome: "gone" });
    });

    test("finds what was posted by its mark, and nothing else", async () => {
      const conversation = await rig.conversation();
      expect(await rig.platform.find(conversation, markOf("final"))).toBeUndefined();
      const posted = await rig.platform.post(
        conversation,
        finalOf("part", 1, 2),
        markOf("final", 1),
      );
      expect(await rig.platform.find(conversation, markOf("final", 1))).toEqual(posted);
      expect(await rig.platform.find(conversation, markOf("final", 0))).toBeUndefined();
      expect(await rig.platform.find(conversation, markOf("status", 1))).toBeUndefined();
      expect(await rig.platform.find(conversation, markOf("final", 1, otherTurn))).toBeUndefined();
    });

    test("an answer with a file keeps its text, and a refused file is told apart from its message", async () => {
      const conversation = await rig.conversation();
      rig.refuseUploads?.();
      const file = { name: "answer.md", text: "Its beginning. And its end." };
      const answer = { ...finalOf("Its beginning."), file };
      const posted = rig.platform.post(conversation, answer, markOf("final"));
      if (rig.refuseUploads) {
        const error = await posted.catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(PlatformError);
        expect(error).toMatchObject({ about: "file" });
        expect(await rig.platform.find(conversation, markOf("final"))).toBeUndefined();
        await rig.platform.post(conversation, finalOf("Its beginning."), markOf("final"));
      } else await posted;
      expect((await history(conversation)).at(-1)?.text).toContain("Its beginning.");
    });

    test("keeps conversations apart", async () => {
      const [one, two] = [await rig.conversation(), await rig.conversation()];
      expect(one).not.toBe(two);
      await rig.platform.post(one, finalOf("only here"), markOf("final"));
      expect((await history(two)).map(({ text }) => text)).not.toContain("only here");
      expect(await rig.platform.find(two, markOf("final"))).toBeUndefined();
    });

    test("finds and shows all of it again after a restart", async () => {
      const conversation = await rig.conversation();
      await rig.write(conversation, "Which index?");
      const posted = await rig.platform.post(conversation, finalOf("A B-tree."), markOf("final"));
      const before = (await history(conversation)).map(({ id, text, mark }) => ({
        id,
        text,
        mark,
      }));
      await rig.platform.stop();
      const again = await rig.restart();
      const after = (await history(conversation, again)).map(({ id, text, mark }) => ({
        id,
        text,
        mark,
      }));
      expect(after).toEqual(before);
      expect(await again.find(conversation, markOf("final"))).toEqual(posted);
    });

    test("gives up reading a history when told to", async () => {
      const conversation = await rig.conversation();
      const reading = rig.platform.history(conversation, AbortSignal.abort());
      await expect(reading).rejects.toBeInstanceOf(PlatformError);
    });

    test("keeps a message that the intake could not take, and goes on", async () => {
      const conversation = await rig.conversation();
      heard.isDown = true;
      await rig.write(conversation, "lost?");
      heard.isDown = false;
      await rig.write(conversation, "still there?");
      await vi.waitFor(() => expect(heard.messages.at(-1)?.text).toBe("still there?"), PATIENCE);
      expect((await history(conversation)).map(({ text }) => text)).toContain("lost?");
    });

    test("is connected from its start to its stop", async () => {
      await vi.waitFor(() => expect(rig.platform.isConnected()).toBe(true), PATIENCE);
      await rig.platform.stop();
      expect(rig.platform.isConnected()).toBe(false);
    });

    test("stops twice without harm", async () => {
      await rig.platform.stop();
      await rig.platform.stop();
    });
  });
  describePlatformActions(name, setup);
}
