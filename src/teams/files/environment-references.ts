import type { Env } from "../../backends/keys.ts";
import { givenToTeams, isWithheld } from "../team-variables.ts";
import type { Path } from "./yaml-source.ts";

const REFERENCE = /\$?\$\{([^}]*)\}?/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** A problem with a `${NAME}` reference, and its position. */
export interface ReferenceProblem {
  readonly path: Path;
  readonly message: string;
  /** True if the operator must set the variable or allow it for team files; the file itself is valid. */
  readonly isMissing: boolean;
}

/** A variable that a file refers to. */
export interface Reference {
  readonly path: Path;
  readonly name: string;
}

interface Replaced {
  readonly value: unknown;
  readonly problems: readonly ReferenceProblem[];
  /** Every variable that the file refers to, resolved or not. */
  readonly references: readonly Reference[];
}

/** Only these keys may contain references, so that a team file cannot send variables to a model. */
const takesReferences = (path: Path): boolean =>
  path.at(-1) === "api_key" ||
  path.at(-1) === "base_url" ||
  path.at(-2) === "headers" ||
  path.at(-2) === "env";

const PROVIDER_KEY = /^(OPENAI|ANTHROPIC|GEMINI|GOOGLE)_API_KEY$/;

/** Why a variable cannot be used; null if it can. `isMissing`: see `ReferenceProblem`. */
function whyNot(name: string, env: Env): Pick<ReferenceProblem, "message" | "isMissing"> | null {
  if (isWithheld(name)) {
    return {
      message: `${name} is never given to a team file: Parley keeps the secrets of platforms, store and installs to itself. Name a variable PARLEY_KEY_… for a model's key`,
      isMissing: false,
    };
  }
  if (!givenToTeams(env, name)) {
    const own = PROVIDER_KEY.test(name)
      ? "Leave api_key out where its own provider is asked, which uses it anyway. For another host, "
      : "";
    return {
      message: `${name} is not given to team files. ${own}${own ? "list" : "List"} it in PARLEY_TEAM_ENV, or use a variable whose name begins with PARLEY_KEY_`,
      isMissing: true,
    };
  }
  return env[name]?.trim()
    ? null
    : { message: `the environment variable ${name} is not set`, isMissing: true };
}

/** A placeholder for a missing variable that is valid for its key. */
const placeholder = (path: Path): string =>
  path.at(-1) === "base_url" ? "https://unset.invalid" : "unset";

function replaceText(text: string, path: Path, env: Env): Replaced {
  const problems: ReferenceProblem[] = [];
  const references: Reference[] = [];
  const fail = (message: string, isMissing = false) => {
    problems.push({ path, message, isMissing });
    return "";
  };
  const value = text.replaceAll(REFERENCE, (whole: string, name: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    if (!takesReferences(path)) {
      return fail(
        `${whole} is not replaced here: only api_key, base_url, headers and env can use variables. Write the value itself, or $${whole} for the characters ${whole}`,
      );
    }
    if (!NAME.test(name) || !whole.endsWith("}")) {
      return fail("a reference reads ${NAME}: letters, digits and _, closed by }");
    }
    references.push({ path, name });
    const problem = whyNot(name, env);
    return problem ? fail(problem.message, problem.isMissing) : (env[name]?.trim() ?? "");
  });
  return { value: problems.length > 0 ? placeholder(path) : value, problems, references };
}

function joined<T>(parts: readonly (readonly [T, Replaced])[]) {
  return {
    entries: parts.map(([key, part]) => [key, part.value] as const),
    found: {
      problems: parts.flatMap(([, part]) => part.problems),
      references: parts.flatMap(([, part]) => part.references),
    },
  };
}

/**
 * Replaces every `${NAME}` in a file from the environment; `$${` escapes a literal `${`. Team files can use only variables that start with
 * PARLEY_KEY_ or are listed in PARLEY_TEAM_ENV.
 */
export function fillReferences(value: unknown, env: Env, path: Path = []): Replaced {
  if (typeof value === "string") return replaceText(value, path, env);
  if (Array.isArray(value)) {
    const { entries, found } = joined(
      value.map((item: unknown, index) => [index, fillReferences(item, env, [...path, index])]),
    );
    return { value: entries.map(([, item]) => item), ...found };
  }
  if (typeof value === "object" && value !== null) {
    const { entries, found } = joined(
      Object.entries(value).map(([key, item]) => [key, fillReferences(item, env, [...path, key])]),
    );
    return { value: Object.fromEntries(entries), ...found };
  }
  return { value, problems: [], references: [] };
}
