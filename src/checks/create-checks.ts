import type { Clock } from "../clock.ts";
import type { CheckResult, Finding } from "../coordination/check-result.ts";
import { cleanLine } from "../text/clean-text.ts";
import { linkSignal, withTimeout } from "../timers.ts";
import type { Check, CheckedAnswer } from "./check.ts";

/** How long one check may take, ms: reviews wait for it. */
const LONGEST_MS = 2_000;
/** A check reads no more of an answer, in UTF-16 code units. */
const LONGEST_TEXT = 40_000;
const MOST_FINDINGS = 20;
/** Of a quote or a note, in UTF-16 code units. */
const LONGEST_WORDS = 200;

const ORDER: Readonly<Record<Finding["verdict"], number>> = { fails: 0, note: 1, holds: 2 };

export interface ChecksOptions {
  readonly clock: Clock;
  /** Called when a check rejects or takes too long. Must not throw. */
  readonly onProblem: (problem: unknown) => void;
}

/** Runs all checks of an answer side by side. Never rejects: a check that fails or is slow found nothing. Resolves to bounded data, at most 2 s later. */
export function createChecks(
  checks: readonly Check[],
  options: ChecksOptions,
): (answer: CheckedAnswer, signal: AbortSignal) => Promise<readonly CheckResult[]> {
  return async ({ text, claim }, signal) => {
    const answer = { text: text.slice(0, LONGEST_TEXT), claim };
    const results = await Promise.all(
      checks.map((check) => runOne(check, answer, signal, options)),
    );
    return results.filter(({ findings }) => findings.length > 0);
  };
}

async function runOne(
  check: Check,
  answer: CheckedAnswer,
  outer: AbortSignal,
  { clock, onProblem }: ChecksOptions,
): Promise<CheckResult> {
  const linked = linkSignal(outer);
  try {
    const running = Promise.resolve().then(() => check.run(answer, linked.signal));
    const found = await withTimeout(clock, LONGEST_MS, running, () => {
      throw new Error(`The check ${check.name} took longer than ${LONGEST_MS / 1000} s.`);
    });
    return bounded(check.name, found);
  } catch (problem) {
    if (!outer.aborted) onProblem(problem);
    return { check: check.name, findings: [], more: 0 };
  } finally {
    linked.end();
  }
}

function bounded(check: string, found: readonly Finding[]): CheckResult {
  const inOrder = found.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
  const findings = inOrder
    .slice(0, MOST_FINDINGS)
    .map(({ quote, verdict, note }) => ({ quote: short(quote), verdict, note: short(note) }));
  return { check, findings, more: inOrder.length - findings.length };
}

function short(text: string): string {
  const line = cleanLine(text);
  if (line.length <= LONGEST_WORDS) return line;
  return `${line.slice(0, LONGEST_WORDS - 1).toWellFormed()}…`;
}
