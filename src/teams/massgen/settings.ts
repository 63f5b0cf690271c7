import { Policy } from "../../coordination/policy.ts";
import type { Note } from "./losses.ts";
import { mappingOf } from "./read-config.ts";

/** Team-file settings converted from the rest of a MassGen config. */
export interface ConvertedSettings {
  readonly mode?: "solo";
  readonly present?: "reuse" | "polish" | "synthesize";
  readonly limits?: Readonly<Record<string, number>>;
}

interface Converted {
  readonly settings?: ConvertedSettings;
  readonly note?: string;
}

type Convert = (value: unknown) => Converted;

const dropped =
  (why: string): Convert =>
  () => ({ note: `is left out: ${why}` });

const limit = (name: string, value: number, note?: string): Converted => ({
  settings: { limits: { [name]: value } },
  ...(note === undefined ? {} : { note }),
});

/** For numbers; omits other values. */
const figure =
  (convert: (value: number) => Converted): Convert =>
  (value) =>
    typeof value === "number" && value > 0 ? convert(value) : {};

/** For switches: the meaning of `true`. `false` is Parley's behaviour. */
const whenOn =
  (converted: Converted): Convert =>
  (value) =>
    value === true ? converted : {};

/** An agent revises when it reviews, and votes in one more review. */
const answersPerAgent = (count: number): Converted => {
  const [revisions, rounds] = [count - 1, Math.max(DEFAULT_ROUNDS, count)];
  const isMore = rounds > DEFAULT_ROUNDS;
  return {
    settings: {
      limits: { revisions_per_agent: revisions, ...(isMore && { rounds }) },
    },
    note: `becomes limits.revisions_per_agent: the first answer is not counted there${isMore ? `; limits.rounds is ${rounds}, so that all ${revisions} can be given` : ""}`,
  };
};

const STRATEGIES = new Map<unknown, ConvertedSettings>([
  ["winner_reuse", { present: "reuse" }],
  ["winner_present", { present: "polish" }],
  ["synthesize", { present: "synthesize" }],
]);

const DEFAULT_ROUNDS = Policy.parse({}).limits.rounds;
const BATCHED = "reviews are batched, so that no agent can run ahead of the others";
const SCORED = "reviewers give 0–10 to every answer instead of passing one or not";
const NO_TOOLS = "Parley's agents have no tools of their own";
const NO_RESTARTS = "a turn is not started over; people ask again, or `retry`";
const NO_FILES = "Parley's agents have no files of their own";
const IN_PLATFORM = "how a turn looks is the platform's part";

/** Names everything that is lost within `orchestrator.coordination`. */
function dropCoordination(value: unknown): Converted {
  const { max_orchestration_restarts: restarts, ...others } = mappingOf(value);
  const names = Object.entries(others)
    .filter(([, one]) => one !== false && one !== null)
    .map(([key]) => key);
  const notes = [
    ...(typeof restarts === "number" && restarts > 0
      ? [`max_orchestration_restarts: ${NO_RESTARTS}`]
      : []),
    ...(names.length > 0 || Object.keys(mappingOf(value)).length === 0
      ? [
          `${names.join(", ")}${names.length > 0 ? ": " : ""}planning, personas and checklists have no counterpart`,
        ]
      : []),
  ];
  return notes.length > 0 ? { note: `is left out: ${notes.join("; ")}` } : {};
}

/** How each key of `orchestrator` is converted. */
export const ORCHESTRATOR: Readonly<Record<string, Convert>> = {
  max_new_answers_per_agent: figure((count) => answersPerAgent(Math.max(1, Math.floor(count)))),
  max_new_answers_global: dropped(
    "the answers of a turn are bounded by agents × (1 + revisions_per_agent)",
  ),
  voting_sensitivity: dropped(SCORED),
  voting_threshold: dropped(SCORED),
  answer_novelty_requirement: dropped("an answer equal to a standing one is recognised as such"),
  fairness_enabled: dropped(BATCHED),
  fairness_lead_cap_answers: dropped(BATCHED),
  defer_voting_until_all_answered: whenOn(
    limit("gather", 120, "becomes limits.gather: reviews wait up to 120 s for all answers"),
  ),
  disable_injection: whenOn(
    limit("revisions_per_agent", 0, "becomes limits.revisions_per_agent 0: nobody revises"),
  ),
  skip_voting: whenOn(limit("rounds", 0, "becomes limits.rounds 0: nobody reviews")),
  skip_final_presentation: (value) => ({
    settings: { present: value === false ? "polish" : "reuse" },
  }),
  final_answer_strategy: (value) => {
    const settings = STRATEGIES.get(value);
    return settings ? { settings } : { note: `is left out: ${String(value)} is not known` };
  },
  coordination_mode: (value) =>
    value === "voting" ? {} : { note: "is left out: agents do not divide a question in Parley" },
  presenter_agent: dropped("the reviewers' scores choose the presenter"),
  max_orchestration_restarts: dropped(NO_RESTARTS),
  coordination: dropCoordination,
  snapshot_storage: dropped(NO_FILES),
  agent_temporary_workspace: dropped(NO_FILES),
  context_paths: dropped(NO_FILES),
  skills_directory: dropped(NO_FILES),
  enable_multimodal_tools: dropped(NO_TOOLS),
  max_duration: figure((seconds) => limit("turn_timeout", seconds)),
  max_debate_rounds: figure((rounds) => limit("rounds", Math.max(1, Math.floor(rounds)))),
  consensus_threshold: dropped(SCORED),
  dspy: dropped("questions are not paraphrased"),
};

/** Keys of `timeout_settings`. */
export const TIMEOUTS: Readonly<Record<string, Convert>> = {
  orchestrator_timeout_seconds: figure((seconds) => limit("turn_timeout", seconds)),
  initial_round_timeout_seconds: figure((seconds) => limit("move_timeout", seconds)),
  subsequent_round_timeout_seconds: dropped("limits.move_timeout holds for answers and reviews"),
  round_timeout_grace_seconds: dropped("a move that runs out of time has no grace"),
};

/** Keys of `ui`. */
export const UI: Readonly<Record<string, Convert>> = {
  use_orchestrator_for_single_agent: () => ({}),
  display_type: dropped(IN_PLATFORM),
  type: dropped(IN_PLATFORM),
  display_kwargs: dropped(IN_PLATFORM),
  logging_enabled: dropped("LOG_LEVEL sets what is logged"),
  automation_mode: dropped("`--json` does this"),
};

/** Top-level keys unrelated to the team. */
export const ELSEWHERE: Readonly<Record<string, Convert>> = {
  memory: dropped("the thread is the memory"),
  display: dropped(IN_PLATFORM),
  task: dropped("the question comes from the chat"),
  nlip: dropped(NO_TOOLS),
  session_id: dropped("the thread is the session"),
  prompt: dropped("the question comes from the chat"),
  hooks: dropped("there are no tools that hooks could watch"),
  permissions: dropped("there are no tools that need permission; see access for people"),
};

function merge(settings: readonly ConvertedSettings[]): ConvertedSettings {
  const limits = Object.assign({}, ...settings.map((part) => part.limits ?? {}));
  return {
    ...Object.assign({}, ...settings),
    ...(Object.keys(limits).length > 0 ? { limits } : {}),
  };
}

/** Converts a section's keys by its table. Notes unknown keys. */
export function convertSection(
  section: Readonly<Record<string, unknown>>,
  table: Readonly<Record<string, Convert>>,
  prefix: string,
  note: Note,
): ConvertedSettings {
  const parts = Object.entries(section).map(([key, value]) => {
    const convert = table[key] ?? dropped("Parley has nothing like it");
    const converted = convert(value);
    if (converted.note !== undefined) note(`${prefix}${key} ${converted.note}`);
    return converted.settings ?? {};
  });
  return merge(parts);
}
