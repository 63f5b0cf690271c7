import type { Clock } from "../../clock.ts";
import { withTimeout } from "../../timers.ts";
import type { OpenMove } from "../cli/move-tools/move-tools.ts";
import { MOVE_SERVER } from "../cli/move-tools/move-call.ts";
import type { Lease } from "../cli/pool.ts";
import type { ClaudeSession } from "./session.ts";
import type { Told } from "./wire.ts";

/** One move's turn in a session. */
export interface Turn {
  /** Connects the CLI to the tools of the move, which the turn closes. */
  offer(move: OpenMove): Promise<void>;
  say(content: unknown): void;
  /** What the CLI told since the last call, at least one thing. Rejects with a `BackendError` if it is gone. */
  next(): Promise<readonly Told[]>;
  /** A call has come: what the CLI has not told in a moment, it will not tell. */
  endSoon(): void;
  isLate(): boolean;
  /** Cancels what still runs, clears the session and gives it back. Never rejects. */
  settle(): Promise<void>;
}

/** The message of a call ends some ms after the call. */
const REST_MS = 1_000;
/** A turn that is interrupted ends within 30 to 530 ms. */
const INTERRUPT_MS = 2_000;

export function openTurn(lease: Lease<ClaudeSession>, clock: Clock): Turn {
  const { worker } = lease;
  const inbox = createInbox();
  const result = Promise.withResolvers<void>();
  const state = { hasSaid: false, hasResult: false, isLate: false, cancelTimer: () => {} };
  let move: OpenMove | null = null;
  const leave = worker.listen((told) => {
    inbox.put(told);
    if (told.type !== "result") return;
    state.hasResult = true;
    result.resolve();
  });
  void worker.exit.then(() => inbox.fail(worker.problem()));
  return {
    async offer(offered) {
      move = offered;
      const headers = { authorization: `Bearer ${offered.bearer}` };
      const server = { type: "http", url: offered.url, headers };
      await setServers(worker, { [MOVE_SERVER]: server });
    },
    say(content) {
      state.hasSaid = true;
      worker.say(content);
    },
    next: () => inbox.next(),
    endSoon() {
      state.cancelTimer = clock.setTimer(REST_MS, () => {
        state.isLate = true;
        inbox.put({ type: "other" });
      });
    },
    isLate: () => state.isLate,
    async settle() {
      state.cancelTimer();
      const isFit = await empty(worker, {
        hasTools: move !== null,
        // The reply to a call is held until then, so that the model is not asked again.
        cancel: async () => {
          if (state.hasSaid && !state.hasResult) await cancel(worker, clock, result.promise);
        },
        onCancelled: () => move?.close(),
      }).catch(() => false);
      move?.close();
      leave();
      lease.release(isFit);
    },
  };
}

const setServers = (worker: ClaudeSession, servers: Readonly<Record<string, unknown>>) =>
  worker.control({ subtype: "mcp_set_servers", servers });

/** Ends the turn. Throws if it goes on. */
async function cancel(worker: ClaudeSession, clock: Clock, result: Promise<void>): Promise<void> {
  await worker.control({ subtype: "interrupt" });
  const hasEnded = await withTimeout(
    clock,
    INTERRUPT_MS,
    result.then(() => true),
  );
  if (hasEnded !== true) throw new Error("The turn goes on.");
}

interface Emptying {
  readonly hasTools: boolean;
  readonly cancel: () => Promise<void>;
  readonly onCancelled: () => void;
}

/** False if something of the move may be left. */
async function empty(worker: ClaudeSession, steps: Emptying): Promise<boolean> {
  await steps.cancel();
  steps.onCancelled();
  if (!(await worker.clear())) return false;
  if (steps.hasTools) await setServers(worker, {});
  return true;
}

/** Values in order, in batches. */
function createInbox() {
  const values: Told[] = [];
  let failure: Error | null = null;
  let waiting: PromiseWithResolvers<readonly Told[]> | null = null;
  const give = (): void => {
    if (values.length > 0) waiting?.resolve(values.splice(0));
    else if (failure) waiting?.reject(failure);
    else return;
    waiting = null;
  };
  return {
    put(told: Told): void {
      values.push(told);
      give();
    },
    fail(error: Error): void {
      failure ??= error;
      give();
    },
    next(): Promise<readonly Told[]> {
      waiting = Promise.withResolvers();
      const { promise } = waiting;
      give();
      return promise;
    },
  };
}
