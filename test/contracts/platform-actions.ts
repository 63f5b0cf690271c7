import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parseCommand } from "../../src/commands/parse/parse-command.ts";
import { type Heard, listen, type PlatformRig } from "./platform-rig.ts";
import { finalOf, markOf, QUEUED, queuedStatus } from "./platform-samples.ts";
import { PATIENCE } from "../support/patience.ts";

/** What every adapter must do with what people do about Parley's messages. A rig leaves out what its platform does not offer. */
export function describePlatformActions(name: string, setup: () => Promise<PlatformRig>): void {
  describe(`actions of ${name}`, () => {
    let rig: PlatformRig;
    let heard: Heard;
    const { turn } = markOf("status");

    beforeEach(async () => {
      rig = await setup();
      heard = listen();
      await rig.platform.start(heard.intake);
    });
    afterEach(async () => {
      await rig.platform.stop();
      await rig.close();
    });

    /** A conversation in which a person has asked something. */
    const asked = async () => {
      const conversation = await rig.conversation();
      await rig.write(conversation, "Which index?");
      await vi.waitFor(() => expect(heard.messages).toHaveLength(1), PATIENCE);
      return { conversation, person: heard.messages[0]?.author };
    };
    const withStatus = async () => {
      const where = await asked();
      const status = await rig.platform.post(where.conversation, queuedStatus, markOf("status"));
      return { ...where, status };
    };
    const withFinal = async () => {
      const where = await asked();
      const final = await rig.platform.post(
        where.conversation,
        finalOf("A B-tree."),
        markOf("final"),
      );
      return { ...where, final };
    };
    /** The one command that changes something, parsed. A platform may ask why first, for what it shows. */
    const givenCommand = async () => {
      const changes = () => heard.commands.filter(({ text }) => !text.startsWith("why"));
      await vi.waitFor(() => expect(changes()).toHaveLength(1), PATIENCE);
      const [command] = changes();
      expect(command?.eventId).not.toBe("");
      return { ...command, parsed: parseCommand(command?.text ?? "") };
    };

    test("stop reaches the intake as a command, for that turn or the running one", async () => {
      const { conversation, person, status } = await withStatus();
      await rig.actions.stop(status);
      const { parsed, ...command } = await givenCommand();
      expect(command).toMatchObject({ conversation, person });
      expect([
        { name: "stop", turn },
        { name: "stop", turn: null },
      ]).toContainEqual(parsed);
    });

    test("retry reaches the intake as a command, for that turn or the last one", async () => {
      const { retry } = rig.actions;
      if (!retry) return;
      const { conversation, person, final } = await withFinal();
      await retry(final);
      const { parsed, ...command } = await givenCommand();
      expect(command).toMatchObject({ conversation, person });
      expect([
        { name: "retry", team: null, turn },
        { name: "retry", team: null, turn: null },
      ]).toContainEqual(parsed);
    });

    test("a vote for an answer reaches the intake as a command, with the answer's label", async () => {
      const { prefer } = rig.actions;
      if (!prefer) return;
      const { conversation, person, status } = await withStatus();
      await prefer(status, "A");
      const { parsed, ...command } = await givenCommand();
      expect(command).toMatchObject({ conversation, person });
      expect(parsed).toEqual({ name: "prefer", answer: "A" });
    });

    test.each(["steer", "restart"] as const)(
      "%s reaches the intake as a command, for that queued message or the latest one",
      async (action) => {
        const act = rig.actions[action];
        if (!act) return;
        const { conversation, person, status } = await withStatus();
        await act(status);
        const { parsed, ...command } = await givenCommand();
        expect(command).toMatchObject({ conversation, person });
        expect([
          { name: action, message: QUEUED.id },
          { name: action, message: null },
        ]).toContainEqual(parsed);
      },
    );

    test("each rating of an answer reaches the intake once, with its turn", async () => {
      const { rate } = rig.actions;
      if (!rate) return;
      const { conversation, person, final } = await withFinal();
      await rate(final, "up");
      await rate(final, "down");
      await vi.waitFor(() => expect(heard.feedback).toHaveLength(2), PATIENCE);
      expect(heard.feedback).toMatchObject([
        { conversation, person, turn, verdict: "up" },
        { conversation, person, turn, verdict: "down" },
      ]);
      expect(new Set(heard.feedback.map(({ eventId }) => eventId)).size).toBe(2);
      expect(heard.commands).toEqual([]);
    });

    test("whoever asks why reads the answers, and nothing changes", async () => {
      const { why } = rig.actions;
      if (!why) return;
      const { final } = await withFinal();
      expect(await why(final)).toContain("A hash index is fastest.");
      expect(heard.commands.filter(({ text }) => !text.startsWith("why"))).toEqual([]);
      expect(heard.feedback).toEqual([]);
    });
  });
}
