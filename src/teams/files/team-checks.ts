import type { BackendConfig } from "../../backends/config.ts";
import { type Env, missingKey } from "../../backends/keys.ts";
import type { TeamFile } from "./team-file.ts";
import type { Path } from "./yaml-source.ts";

/** A finding of a check. */
export interface CheckFinding {
  readonly path: Path;
  readonly part: "key" | "value";
  readonly message: string;
  readonly severity: "error" | "warning";
}

/** Facts for the checks that are not in the file. */
export interface CheckContext {
  readonly env: Env;
  /** Whether calls of this backend can be priced. */
  readonly priceKnown: (backend: BackendConfig) => boolean;
  /** Tokens that a backend's model reads. Default: enough. */
  readonly windowOf?: ((backend: BackendConfig) => number) | undefined;
  /** The author's text at a path, before references are resolved; undefined if left to the default. */
  readonly written: (path: Path) => unknown;
}

type Check = (file: TeamFile, context: CheckContext) => readonly CheckFinding[];

const finding = (
  severity: CheckFinding["severity"],
  path: Path,
  message: string,
): CheckFinding => ({ path, part: "value", message, severity });

const entries = (file: TeamFile) => (file.agents === "auto" ? [] : file.agents);

/** Every backend in the file, with its path. */
function backends(file: TeamFile): readonly (readonly [Path, BackendConfig])[] {
  const seats = entries(file).flatMap((agent, index): (readonly [Path, BackendConfig])[] => [
    [["agents", index, "backend"], agent.backend],
    ...(agent.fallback ? [[["agents", index, "fallback"], agent.fallback] as const] : []),
  ]);
  return file.router ? [...seats, [["router"], file.router]] : seats;
}

const uniqueIds: Check = (file) =>
  entries(file).flatMap((agent, index, all) => {
    const first = all.findIndex(({ id }) => id === agent.id);
    return first < index
      ? [
          finding(
            "error",
            ["agents", index, "id"],
            `the agent id "${agent.id}" is taken by agents[${first}]; ids are unique in a team`,
          ),
        ]
      : [];
  });

const distinctNames: Check = (file) => {
  const names = entries(file).map(({ id, name }) => (name ?? id).toLowerCase());
  return names.flatMap((name, index) =>
    names.indexOf(name) < index
      ? [
          finding(
            "warning",
            ["agents", index, "name"],
            `two agents are called "${name}": people cannot tell them apart`,
          ),
        ]
      : [],
  );
};

const quorumFits: Check = (file, { written }) => {
  const path = ["limits", "quorum"];
  const seats = entries(file).length;
  return seats > 0 && file.limits.quorum > seats && written(path) !== undefined
    ? [
        finding(
          "error",
          path,
          `a quorum of ${file.limits.quorum} can never be reached: the team has ${seats} agent${seats === 1 ? "" : "s"}`,
        ),
      ]
    : [];
};

const sensibleLimits: Check = ({ limits }, { written }) =>
  limits.move_timeout > limits.turn_timeout && written(["limits", "move_timeout"]) !== undefined
    ? [
        finding(
          "warning",
          ["limits", "move_timeout"],
          `a move may take ${limits.move_timeout} s, but the turn ends after ${limits.turn_timeout} s`,
        ),
      ]
    : [];

// What an answer takes at most, as in budgets, and the share of a window that answers under review may take.
const ANSWER_TOKENS = 1_000;
const SHARE_FOR_ANSWERS = 0.5;
/** A team of this size is served with any window: long answers are shortened. */
const ALWAYS_FITS = 16;

/** Each agent reads the answers of all others, so that small windows bound the team. */
const answersFit: Check = (file, { windowOf }) =>
  entries(file).flatMap(({ backend }, index, all) => {
    const window = windowOf?.(backend) ?? Infinity;
    const most = Math.floor((window * SHARE_FOR_ANSWERS) / ANSWER_TOKENS);
    if (all.length <= ALWAYS_FITS || all.length <= most) return [];
    const path = ["agents", index, "backend"];
    const message = `${backend.model} reads ${window} tokens, room for the answers of about ${most} agents, and the team has ${all.length}. Take agents away, or set context_window if the model reads more`;
    return [finding("error", path, message)];
  });

const usedMembers: Check = (file) => [
  ...(file.mode === "solo" && entries(file).length > 1
    ? [finding("warning", ["mode"], "solo asks the first agent only; the others never answer")]
    : []),
  ...(file.router && file.mode !== "auto"
    ? [finding("warning", ["router"], `the router is asked in mode auto only, not in ${file.mode}`)]
    : []),
];

const keysSet: Check = (file, { env }) =>
  backends(file).flatMap(([path, backend]) => {
    const missing = missingKey(backend, env);
    return missing === null
      ? []
      : [finding("warning", path, `no key for ${backend.model}: ${missing}`)];
  });

/** Keys in the file end up in backups and screenshots. Short ones are dummies for local servers. */
const keysOutside: Check = (file, { written }) =>
  backends(file).flatMap(([path]) => {
    const key = written([...path, "api_key"]);
    return typeof key === "string" && key.length >= 16 && !key.includes("${")
      ? [
          finding(
            "warning",
            [...path, "api_key"],
            "a key stands in the file: put it into the environment as PARLEY_KEY_… and write ${PARLEY_KEY_…} here",
          ),
        ]
      : [];
  });

const pricesKnown: Check = (file, { priceKnown, written }) =>
  // Do not warn about the default.
  written(["limits", "max_cost_usd"]) === undefined
    ? []
    : backends(file)
        .filter(([, backend]) => !priceKnown(backend))
        .map(([path, backend]) =>
          finding(
            "warning",
            [...path, "model"],
            `max_cost_usd cannot hold: the price of ${backend.model} is unknown. Give it a price, or set max_tokens`,
          ),
        );

const CHECKS: readonly Check[] = [
  uniqueIds,
  distinctNames,
  quorumFits,
  sensibleLimits,
  answersFit,
  usedMembers,
  keysSet,
  keysOutside,
  pricesKnown,
];

/** Checks that the schema cannot express. */
export const checkTeam = (file: TeamFile, context: CheckContext): readonly CheckFinding[] =>
  CHECKS.flatMap((check) => check(file, context));
