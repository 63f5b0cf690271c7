import { FencedError } from "../../../store/store-error.ts";
import { sleep } from "../../../timers.ts";
import type { EngineOptions } from "../engine-options.ts";
import { type HeadRun, type Runner, runHead } from "../run-head.ts";
import type { BossQueue } from "./boss-queue.ts";
import type { Held } from "./held-tickets.ts";

export interface WorkPorts {
  readonly options: EngineOptions;
  readonly runner: Runner;
  readonly queue: Pick<BossQueue, "useUp" | "giveBack">;
  /** A platform has tickets to fetch. */
  readonly announce: (platform: string) => Promise<void>;
  /** Pauses fetching, so that other processes take the ticket that was given back. */
  readonly rest: () => void;
}

/** Runs the ticket's turn and completes the ticket, or gives it back if the turn must continue elsewhere. Never rejects. */
export async function workOn(ports: WorkPorts, held: Held): Promise<void> {
  const { options, queue, announce, rest } = ports;
  const { ticket, lost } = held;
  try {
    const ran = await runToItsEnd(ports, held);
    if (ran === "ended" || ran === "none") return await queue.useUp(ticket);
    if (lost.signal.aborted) return;
    if (ran === "unreadable") rest();
    await queue.giveBack(ticket);
    await announce(ticket.platform);
  } catch (problem) {
    // Its heartbeats stop now, so another process will take it.
    options.onProblem(problem, ticket.conversation);
  }
}

async function runToItsEnd(
  { options, runner }: WorkPorts,
  { ticket, lost }: Held,
): Promise<HeadRun> {
  const { conversation } = ticket;
  const over = AbortSignal.any([lost.signal, runner.leaving]);
  while (!over.aborted) {
    try {
      return await runHead(options, runner, { conversation, lost: lost.signal });
    } catch (error) {
      if (error instanceof FencedError || over.aborted) return "handed_over";
      options.onProblem(error, conversation);
    }
    await sleep(options.clock, options.retryMs, over).catch(() => undefined);
  }
  return "handed_over";
}
