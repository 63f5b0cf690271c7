import type { ConversationId } from "../../ids.ts";

/** One worker per conversation that has something to do. `step` does one piece and says whether to look for another; it must not reject. */
export function createLanes(step: (conversation: ConversationId) => Promise<boolean>) {
  const lanes = new Map<ConversationId, { again: boolean }>();
  const idle: (() => void)[] = [];

  const work = async (conversation: ConversationId, lane: { again: boolean }): Promise<void> => {
    let more = true;
    while (more) {
      lane.again = false;
      // What came while `step` looked in vain must not wait for the next wake.
      more = (await step(conversation)) || lane.again;
    }
    lanes.delete(conversation);
    if (lanes.size === 0) for (const resolve of idle.splice(0)) resolve();
  };

  return {
    /** There is something to do in this conversation. */
    wake(conversation: ConversationId): void {
      const lane = lanes.get(conversation);
      if (lane) {
        lane.again = true;
        return;
      }
      const started = { again: false };
      lanes.set(conversation, started);
      void work(conversation, started);
    },
    async whenIdle(): Promise<void> {
      if (lanes.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };
}
