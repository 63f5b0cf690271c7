import type { Finding } from "../coordination/check-result.ts";
import { revisionOf } from "../coordination/selectors.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { CheckedRevision, TurnState } from "../coordination/turn-state.ts";
import type { ReplyBlock } from "../reply.ts";
import { formatCount } from "./format.ts";

/** What checks found in the answers that stand: what fails in words, what holds as a count. With `full`, each statement, and older answers. */
export function checkLines(state: TurnState, extent: "brief" | "full"): readonly ReplyBlock[] {
  const lines = extent === "full" ? everyLine(state) : briefLines(state);
  if (lines.length === 0) return [];
  return [{ type: "text", markdown: `**Checked without a model**\n${lines.join("\n")}` }];
}

const everyLine = (state: TurnState): readonly string[] =>
  state.checks.map((checked) => lineOf(state, checked, checked.findings));

function briefLines(state: TurnState): readonly string[] {
  const standing = state.checks.filter(({ revision }) =>
    state.latest.some(({ id }) => id === revision),
  );
  const told = standing.flatMap((checked) => {
    const findings = checked.findings.filter(({ verdict }) => verdict !== "holds");
    return findings.length === 0 ? [] : [lineOf(state, checked, findings)];
  });
  const all = standing.flatMap(({ findings }) => findings);
  const holding = all.filter(({ verdict }) => verdict === "holds").length;
  const hold = holding === 1 ? "holds" : "hold";
  return holding === 0 ? told : [...told, `- ${formatCount(holding, "statement")} ${hold}`];
}

function lineOf(
  state: TurnState,
  { revision, check, more }: CheckedRevision,
  findings: readonly Finding[],
): string {
  const parts = [...findings.map(formatFinding), ...(more > 0 ? [`${more} more`] : [])];
  return `- ${nameAnswer(state, revision)}, ${check}: ${parts.join("; ")}`;
}

const SAYS = { fails: " is wrong", holds: " holds", note: "" } as const;

const formatFinding = ({ quote, verdict, note }: Finding): string =>
  `“${quote}”${SAYS[verdict]}${note === "" ? "" : `: ${note}`}`;

/** "Ben's answer", or "Ben's answer (version 2)". */
function nameAnswer(state: TurnState, revision: RevisionId): string {
  const { agent, number = 1 } = revisionOf(state, revision) ?? {};
  const name = state.agents.find(({ id }) => id === agent)?.name ?? "an agent";
  return `${name}'s answer${number > 1 ? ` (version ${number})` : ""}`;
}
