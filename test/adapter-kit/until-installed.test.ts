import { expect, test } from "vitest";
import { createUntilInstalled } from "../../src/adapter-kit/until-installed.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import { PlatformError } from "../../src/platform.ts";
import { createFakeClock } from "../support/fake-clock.ts";

const mark = { turn: TurnId.parse("turn"), kind: "note", chunk: 0 } as const;
const note = { kind: "note", text: "hello" } as const;

function rig() {
  const clock = createFakeClock();
  const state = { error: undefined as Error | undefined };
  const answer = async () => {
    if (state.error) throw state.error;
  };
  const posts = createUntilInstalled(
    {
      post: async (conversation) => ({ conversation, id: String(await answer()) }),
      edit: answer,
      find: async () => answer().then(() => undefined),
    },
    { clock, isRemoved: (error) => error instanceof PlatformError && error.outcome === "gone" },
  );
  const in_ = (space: string) => ConversationId.parse(`slack:${space}:C1:1`);
  const post = (space = "T1") => posts.post(in_(space), note, mark);
  return { clock, state, posts, in_, post };
}

test("what an app that was removed cannot post is to be tried again for an hour, then it is given up", async () => {
  const { clock, state, posts, in_, post } = rig();
  state.error = new PlatformError("gone", "Not installed.");
  const later = { outcome: "rate_limited", retryAfterMs: 5_000, message: "Not installed." };
  await expect(post()).rejects.toMatchObject(later);
  await expect(posts.find(in_("T1"), mark)).rejects.toMatchObject(later);
  await expect(posts.edit({ conversation: in_("T1"), id: "1" }, note)).rejects.toMatchObject(later);
  await clock.advance(3_600_001);
  await expect(post("T2")).rejects.toMatchObject(later);
  await expect(post()).rejects.toMatchObject({ outcome: "gone" });
});

test("each removal has its own hour, and other failures are told as they are", async () => {
  const { clock, state, post } = rig();
  const removed = new PlatformError("gone", "Not installed.");
  state.error = removed;
  await expect(post()).rejects.toMatchObject({ outcome: "rate_limited" });
  state.error = undefined;
  await clock.advance(3_600_001);
  await post();
  state.error = removed;
  await expect(post()).rejects.toMatchObject({ outcome: "rate_limited" });
  state.error = new PlatformError("rejected", "Too long.");
  await expect(post()).rejects.toMatchObject({ outcome: "rejected" });
});
