import type { Finding } from "../coordination/check-result.ts";
import { revisionOf } from "../coordination/selectors.ts";
import type { RevisionId } from "../coordination/turn-event.ts";
import type { CheckedRevision, TurnState } from "../coordination/turn-state.ts";
import type { ReplyBlock } from "../reply.ts";
import { formatCount } from "./format.ts";

/** What checks found in the answers that stand; with `full`, also each statement that holds, and older answers. */
export function checkLines(state: TurnState, extent: "brief" | "full"): readonly ReplyBlock[] {
  const shown = state.checks.filter(
    ({ revision }) => extent === "full" || state.latest.some(({ id }) => id === revision),
  );
  const lines = shown.flatMap((checked) => linesOf(state, checked, extent));
  if (lines.length === 0) return [];
  return [{ type: "text", markdown: `**Checked without a model**\n${lines.join("\n")}` }];
}

function linesOf(
  state: TurnState,
  { revision, check, findings, more }: CheckedRevision,
  extent: "brief" | "full",
): readonly string[] {
  const told = extent === "full" ? findings : findings.filter(({ verdict }) => verdict !== "holds");
  const parts = [
    ...told.map(formatFinding),
    ...holding(findings.length - told.length),
    ...(more > 0 ? [`${more} more`] : []),
  ];
  return [`- ${nameAnswer(state, revision)}, ${check}: ${parts.join("; ")}`];
}

const SAYS = { fails: " is wrong", holds: " holds", note: "" } as const;

const formatFinding = ({ quote, verdict, note }: Finding): string =>
  `“${quote}”${SAYS[verdict]}${note === "" ? "" : `: ${note}`}`;

const holding = (count: number): readonly string[] =>
  count === 0 ? [] : [`${formatCount(count, "statement")} ${count === 1 ? "holds" : "hold"}`];

/** "Ben's answer", or "Ben's answer (version 2)". */
function nameAnswer(state: TurnState, revision: RevisionId): string {
  const { agent, number = 1 } = revisionOf(state, revision) ?? {};
  const name = state.agents.find(({ id }) => id === agent)?.name ?? "an agent";
  return `${name}'s answer${number > 1 ? ` (version ${number})` : ""}`;
}
