import type { ConversationId } from "../../ids.ts";

/** One worker per conversation with work. `step` does one unit of work and resolves to whether to look for more; it must not reject. */
export function createLanes(step: (conversation: ConversationId) => Promise<boolean>) {
  const lanes = new Map<ConversationId, { again: boolean }>();
  const idle: (() => void)[] = [];

  const work = async (conversation: ConversationId, lane: { again: boolean }): Promise<void> => {
    let more = true;
    while (more) {
      lane.again = false;
      // Work that arrived while `step` found nothing must not wait for the next wake.
      more = (await step(conversation)) || lane.again;
    }
    lanes.delete(conversation);
    if (lanes.size === 0) for (const resolve of idle.splice(0)) resolve();
  };

  return {
    /** This conversation has work. */
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
