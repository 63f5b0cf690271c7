import type { ToolSpec } from "../backends/backend.ts";
import { buildingPrompt, type Material, type Prompt } from "../context/build-prompt.ts";
import { attribute } from "../context/fence.ts";
import type { RenderedThread } from "../context/render-thread.ts";
import type { CheckResult } from "../coordination/check-result.ts";
import type { MoveRequest } from "../coordination/move.ts";
import type { Steps } from "../slices.ts";
import type { MoveAgent, MovesOptions } from "./moves-options.ts";
import { toolsOf } from "./tools.ts";
import { agentSection, houseRules, taskOf, teamSection } from "./words.ts";

/** Builds the prompt of one move: the agent's fixed prefix, the thread, and the move's task. */
export function buildingPromptOfMove(
  move: MoveRequest,
  agent: MoveAgent,
  thread: RenderedThread,
  options: MovesOptions,
): Steps<Prompt> {
  const steering = options.inbox().slice(0, move.steering);
  const { present } = options.policy;
  return buildingPrompt({
    reader: {
      model: servedModelOf(agent),
      contextWindow: agent.facts.contextWindow,
      reserved: reservedFor(agent),
      calibration: options.calibration,
    },
    head: { system: systemOf(agent, options), tools: toolsIn(move, options) },
    thread,
    steering,
    material: materialOf(move, options),
    task: taskOf(move, {
      present,
      today: options.today,
      steering: steering.length,
      code: options.conversation.fenceCode,
    }),
    summary: options.summary,
  });
}

/** The key of what an agent's model writes, wherever it runs. */
export const modelOf = ({ backend }: MoveAgent): string => `${backend.kind}:${backend.model}`;

/** The calibration key of an agent's model at its address: servers give one model windows of different sizes. */
export const servedModelOf = (agent: MoveAgent): string =>
  `${modelOf(agent)} ${agent.baseUrl ?? ""}`.trimEnd();

/** The calibration key for cache hits of an agent's prompts in a conversation. */
export const cacheOf = (agent: MoveAgent, options: MovesOptions, move: MoveRequest): string =>
  `${agent.id} ${servedModelOf(agent)} ${options.cacheKey ?? ""} ${toolsIn(move, options).length}`;

/** Only reviews need tools. Models without any can still answer, and small ones are not led to call one. */
const toolsIn = (
  { kind }: MoveRequest,
  { policy }: Pick<MovesOptions, "policy">,
): readonly ToolSpec[] => (kind === "review" ? toolsOf(policy) : []);

/** Tokens reserved for the reply: at most half of the window. */
export const reservedFor = ({ facts }: MoveAgent): number =>
  Math.min(facts.maxOutputTokens, Math.floor(facts.contextWindow / 2));

function systemOf(agent: MoveAgent, options: MovesOptions): readonly string[] {
  const team = options.teamInstructions?.trim() ?? "";
  const rules = houseRules(options.agents.length, options.policy);
  return [
    team === "" ? rules : `${rules}\n\n${teamSection(team)}`,
    ...(agent.instructions.trim() === "" ? [] : [agentSection(agent.instructions)]),
  ];
}

function materialOf(move: MoveRequest, options: MovesOptions): readonly Material[] {
  if (move.kind === "answer") return [];
  const answers = move.shown.flatMap(({ label, text, cut, checks = [] }): readonly Material[] => {
    const mark = cut ? attribute("cut", "by the output limit") : "";
    const attributes = attribute("label", label) + mark;
    return [
      { tag: "team-answer", attributes, text },
      ...checks.map((result) => checkMaterial(label, result)),
    ];
  });
  const remarks = move.kind === "present" ? (options.remarks?.() ?? []) : [];
  return [
    ...answers,
    ...remarks.map(({ label, text }): Material => {
      return { tag: "team-remark", attributes: attribute("about", label), text };
    }),
  ];
}

/** What a check found, after the answer that it is about. */
const checkMaterial = (label: string, { check, findings, more }: CheckResult): Material => ({
  tag: "team-check",
  attributes: attribute("about", label) + attribute("by", check),
  text: [
    ...findings.map(({ quote, verdict, note }) => {
      const rest = note === "" ? "" : ` (${note})`;
      return `${verdict}: “${quote}”${rest}`;
    }),
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join("\n"),
});
