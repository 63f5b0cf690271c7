import { statusView } from "../../src/progress/status-view.ts";
import { setTable, settle, started, streamed, type Table } from "./table.ts";

export const room = { cause: "room", resumesInMs: null } as const;

/** Seats agents whose first calls wait for room. */
export async function queuedTable(agents: number, policy = {}, waiting = agents): Promise<Table> {
  const t = await setTable(started(agents, policy), { isSent: false });
  for (const call of t.open().slice(0, waiting)) call.hooks.onQueued(room);
  await settle();
  return t;
}

/** An agent as its line of the status shows it. */
export const lineOf = (t: Table, agent: string, now: number) =>
  statusView(t.state(), { now }).agents.find((line) => line.agent === agent);

/** The queued call of an agent is sent. */
export const send = async (t: Table, agent: string) => {
  const { hooks } = t.of(agent);
  hooks.onSent();
  hooks.onUsage(() => streamed);
  await settle();
};
