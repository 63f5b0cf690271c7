import fc from "fast-check";
import type { EventOf } from "../../src/coordination/turn-event.ts";
import type { MoveRequest, MoveResult } from "../../src/coordination/move.ts";
import { type RunningCall, type Table, setTable, settle, started, usage } from "./table.ts";

/** One thing that happens to a running turn; the numbers pick among what is possible at that moment. */
type Step =
  | {
      readonly do: "answer" | "vote" | "improve" | "repeat" | "abstain" | "fail";
      readonly pick: number;
      readonly scores: readonly number[];
    }
  | { readonly do: "wait"; readonly share: number }
  | { readonly do: "steer" }
  | { readonly do: "prefer"; readonly person: number; readonly pick: number }
  | { readonly do: "stop" }
  | QueueStep;

/** A call waits for room, or is sent. */
interface QueueStep {
  readonly do: "queue" | "send";
  readonly pick: number;
}

const isQueueStep = (each: Step): each is QueueStep => each.do === "queue" || each.do === "send";

const pick = fc.nat(9);
const scores = fc.array(fc.integer({ min: -2, max: 12 }), { minLength: 0, maxLength: 5 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant("answer" as const), pick, scores }) },
  { weight: 10, arbitrary: fc.record({ do: fc.constant("vote" as const), pick, scores }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("improve" as const), pick, scores }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom("repeat" as const, "abstain" as const, "fail" as const),
      pick,
      scores,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("wait" as const),
      share: fc.double({ min: 0.05, max: 1, noNaN: true }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "steer" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom("queue" as const, "send" as const), pick }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("prefer" as const), person: fc.nat(2), pick }),
  },
);

/** −1.5 to 3. */
export const trackRecord = fc.integer({ min: -15, max: 30 }).map((tenths) => tenths / 10);

/** A team, its policy and what happens to it. */
export const script = fc.record({
  agents: fc.constantFrom(1, 2, 3, 4, 5, 3, 4, 5),
  /** Whether calls have cost something before they wait. */
  isSent: fc.boolean(),
  policy: fc.record({
    mode: fc.constantFrom(...Array<"team">(7).fill("team"), "solo" as const),
    tally: fc.constantFrom(
      "scores" as const,
      "scores" as const,
      "plurality" as const,
      "pooled" as const,
      "pooled" as const,
      "pooled" as const,
    ),
    present: fc.constantFrom("reuse" as const, "reuse" as const, "polish" as const),
    limits: fc.record({
      gather: fc.integer({ min: 0, max: 20 }),
      grace: fc.integer({ min: 0, max: 20 }),
      quorum: fc.integer({ min: 1, max: 3 }),
      revisions_per_agent: fc.integer({ min: 0, max: 2 }),
      rounds: fc.integer({ min: 0, max: 3 }),
      turn_timeout: fc.integer({ min: 20, max: 120 }),
      move_timeout: fc.integer({ min: 10, max: 100 }),
      queue_timeout: fc.integer({ min: 5, max: 200 }),
      max_tokens: fc.constantFrom(100_000, 100_000, 1_500),
    }),
  }),
  /** Track records of the agents; none: all count the same. */
  skills: fc.oneof(fc.constant([]), fc.array(trackRecord, { minLength: 5, maxLength: 5 })),
  steps: fc.array(step, { minLength: 5, maxLength: 60, size: "max" }),
  stopAt: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.nat(30) },
  ),
});
export type Script = typeof script extends fc.Arbitrary<infer T> ? T : never;

export interface Played {
  readonly table: Table;
  /** Messages that the inbox took. */
  readonly accepted: readonly string[];
}

/** Plays a script against the real runner, then lets time run until the turn ends. */
export async function play(given: Script): Promise<Played> {
  const { agents, policy, isSent, steps, stopAt } = given;
  const table = await setTable(withSkills(started(agents, policy), given.skills), { isSent });
  const accepted: string[] = [];
  for (const [index, each] of steps.entries()) {
    if (table.state().outcome) break;
    if (index === stopAt) table.turn.stop("Kim", "stop");
    if (each.do === "steer" && (await table.steer(`message ${index}`))) {
      accepted.push(`m${accepted.length + 1}`);
    }
    await take(table, each);
    await settle();
  }
  for (let deadline = 0; deadline < 100 && !table.state().outcome; deadline++) {
    if (!(await table.clock.next())) break;
  }
  return { table, accepted };
}

/** A start with track records, in the order of the team. */
export function withSkills(
  start: EventOf<"turn_started">,
  skills: readonly number[],
): EventOf<"turn_started"> {
  if (skills.length === 0) return start;
  const each = start.agents.map(({ id }, at) => [id, skills[at] ?? 0] as const);
  return { ...start, skills: Object.fromEntries(each) };
}

async function take(table: Table, each: Step): Promise<void> {
  if (each.do === "wait") return wait(table, each.share);
  if (each.do === "stop" || each.do === "steer") return;
  const open = table.open();
  const call = open[each.pick % Math.max(1, open.length)];
  if (isQueueStep(each)) return queue(call, each.do);
  if (each.do === "prefer") {
    const agent = table.state().agents[each.pick % table.state().agents.length];
    table.prefer(`U${each.person}`, agent?.id ?? "?");
    return;
  }
  if (call) call.end(resultOf(table, call, each));
}

function queue(call: RunningCall | undefined, step: "queue" | "send"): void {
  if (step === "send") call?.hooks.onSent();
  else call?.hooks.onQueued({ cause: "room", resumesInMs: null });
}

/** A share of the way to the next deadline, never beyond it. */
async function wait(table: Table, share: number): Promise<void> {
  const limits = table.state().policy.limits;
  await table.clock.advance(share * 500 * Math.min(limits.gather + 1, limits.move_timeout));
}

function resultOf(
  table: Table,
  { move }: RunningCall,
  each: Extract<Step, { readonly scores: readonly number[] }>,
): MoveResult {
  const given = move.shown.flatMap(({ label }) => {
    const score = each.scores[label.charCodeAt(0) - 65];
    return score === undefined ? [] : [{ label, score }];
  });
  const answered = (text: string): MoveResult => ({
    kind: "answered",
    text,
    ...claimOf(each.pick),
    scores: given,
    reason: "",
    ...sameOf(move, each.pick),
    usage,
  });
  if (each.do === "fail")
    return { kind: "failed", failure: "network", message: "down", usage: null };
  if (each.do === "repeat") return answered(table.state().revisions.at(-1)?.text ?? "first");
  if (move.kind === "answer" || move.kind === "present") return answered(`text ${move.id}`);
  if (each.do === "improve") return answered(`text ${move.id}`);
  if (each.do === "abstain") return { kind: "abstained", reason: "unsure", usage };
  return { kind: "voted", scores: given, reason: "", ...sameOf(move, each.pick), usage };
}

/** Few claims, so that answers often come to the same; one of them is open, and some answers name none. */
const CLAIMS = ["7", "7.0", "8", "8", "seven", "open"];

function claimOf(pick: number): { readonly claim?: string } {
  const claim = CLAIMS[pick];
  return claim === undefined ? {} : { claim };
}

/** Now and then a reviewer holds two answers for the same. */
function sameOf({ shown }: MoveRequest, pick: number) {
  const [one, other] = [shown[0], shown[1]];
  return pick % 3 === 0 && one && other
    ? { same: [{ label: other.label, sameAs: one.label }] }
    : {};
}
