import { onTestFinished } from "vitest";
import { createDelivery } from "../../src/delivery/delivery.ts";
import { ConversationId, TurnId } from "../../src/ids.ts";
import type { FinalView } from "../../src/progress/final-view.ts";
import type { StatusView } from "../../src/progress/status-view.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { sampleFinal, sampleStatus } from "../support/sample-views.ts";
import { createFakePlatform } from "./fake-platform.ts";

const id = TurnId.parse("t1");
const conversation = ConversationId.parse("test:space:channel:thread");

const openInMemory = () => openStore({ dir: ":memory:", pid: 1, now: () => 0 });

/** A started turn with its ledger, a platform and a clock; `restart` starts it again, as the next process would. */
export async function openDelivery(
  capabilities?: Parameters<typeof createFakePlatform>[0],
  open: () => Promise<Store> = openInMemory,
) {
  const store = await open();
  onTestFinished(() => store.close());
  await store.turns.add({ id, conversation, request: "m", person: "test:ada", team: {} });
  const started = async () => {
    const turn = await store.turns.start(id);
    if (!turn) throw new Error("the turn is done");
    return turn;
  };
  const fake = createFakePlatform(capabilities);
  const clock = createFakeClock();
  const problems: unknown[] = [];
  const create = () =>
    createDelivery({
      platform: fake.platform,
      deliveries: store.deliveries,
      clock,
      onProblem: (problem) => problems.push(problem),
    });
  /** What the promise becomes, while time passes. */
  const inTime = async <T>(promise: Promise<T>): Promise<T> => {
    const state = { isSettled: false };
    const settle = () => void (state.isSettled = true);
    promise.then(settle, settle);
    while (!state.isSettled) {
      await clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return promise;
  };
  return {
    ...fake,
    inTime,
    store,
    clock,
    problems,
    turn: await started(),
    delivery: create(),
    restart: async () => ({ turn: await started(), delivery: create() }),
  };
}

export const finalOf = (text: string): FinalView => sampleFinal({ text });

export const statusOf = (note: string, elapsedMs = 0): StatusView =>
  sampleStatus({ note, elapsedMs });
