import type { MoveRequest } from "../move.ts";
import type { RevisionId } from "../turn-event.ts";
import type { Revision } from "../turn-state.ts";
import type { TurnPorts } from "./ports.ts";
import type { TurnRecord } from "./turn-record.ts";

/** The state of checking answers. */
export interface Checking {
  readonly ports: TurnPorts;
  readonly record: TurnRecord;
  /** The revisions that were given to the checks. */
  readonly checked: Set<RevisionId>;
  /** Checks that have not ended. */
  readonly checks: Set<AbortController>;
}

/** Starts the checks of answers that were not checked yet. Only a team that reviews has use for them. `submit` receives what they find. */
export function startChecks(run: Checking, submit: (task: () => unknown) => void): void {
  const { check } = run.ports;
  const { mode, agents, latest, checks, closing } = run.record.ahead;
  if (!check || mode !== "team" || agents.length < 2 || closing) return;
  for (const revision of latest) {
    if (run.checked.has(revision.id)) continue;
    run.checked.add(revision.id);
    // Found before this process took the turn over.
    if (checks.some((known) => known.revision === revision.id)) continue;
    startCheck({ run, check, submit }, revision);
  }
}

function startCheck(
  {
    run,
    check,
    submit,
  }: {
    readonly run: Checking;
    readonly check: NonNullable<TurnPorts["check"]>;
    readonly submit: (task: () => unknown) => void;
  },
  answer: Revision,
): void {
  const controller = new AbortController();
  run.checks.add(controller);
  void check(answer, controller.signal).then((results) =>
    submit(() => {
      run.checks.delete(controller);
      if (run.record.ahead.closing) return;
      for (const { check: name, findings, more } of results) {
        const found = { check: name, findings: [...findings], more };
        run.record.add({ type: "answer_checked", revision: answer.id, ...found });
      }
    }),
  );
}

/** The moves to start now: reviews wait until the answers are checked, so that they read what was found. */
export const startable = (
  { checks }: Checking,
  moves: readonly MoveRequest[],
): readonly MoveRequest[] =>
  checks.size === 0 ? moves : moves.filter(({ kind }) => kind === "answer");

/** What is still being checked is of no use any more. */
export function endChecks({ checks }: Checking): void {
  for (const controller of checks) controller.abort();
}
