import type { Env } from "../backends/keys.ts";
import type { Path } from "./yaml-source.ts";

const REFERENCE = /\$?\$\{([^}]*)\}?/g;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Something wrong with a `${NAME}`, and where it stands. */
export interface ReferenceProblem {
  readonly path: Path;
  readonly message: string;
}

interface Replaced {
  readonly value: unknown;
  readonly problems: readonly ReferenceProblem[];
}

/** Secrets stand in these keys only, so that a team file cannot send other variables to a model. */
const takesReferences = (path: Path): boolean =>
  path.at(-1) === "api_key" || path.at(-1) === "base_url" || path.at(-2) === "headers";

function replaceText(text: string, path: Path, env: Env): Replaced {
  const problems: ReferenceProblem[] = [];
  const fail = (message: string) => {
    problems.push({ path, message });
    return "";
  };
  const value = text.replaceAll(REFERENCE, (whole: string, name: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    if (!takesReferences(path)) {
      return fail(
        `${whole} is not filled in here: variables stand only in api_key, base_url and headers. Write the value itself, or $${whole} for the characters ${whole}`,
      );
    }
    if (!NAME.test(name) || !whole.endsWith("}")) {
      return fail("a reference reads ${NAME}: letters, digits and _, closed by }");
    }
    return (
      env[name]?.trim() ||
      fail(`the environment variable ${name} is not set, and ${whole} needs it`)
    );
  });
  return { value, problems };
}

function joined<T>(parts: readonly (readonly [T, Replaced])[]) {
  return {
    entries: parts.map(([key, part]) => [key, part.value] as const),
    problems: parts.flatMap(([, part]) => part.problems),
  };
}

/** Fills in every `${NAME}` of a file from the environment; `$${` stands for a literal `${`. */
export function fillReferences(value: unknown, env: Env, path: Path = []): Replaced {
  if (typeof value === "string") return replaceText(value, path, env);
  if (Array.isArray(value)) {
    const { entries, problems } = joined(
      value.map((item: unknown, index) => [index, fillReferences(item, env, [...path, index])]),
    );
    return { value: entries.map(([, item]) => item), problems };
  }
  if (typeof value === "object" && value !== null) {
    const { entries, problems } = joined(
      Object.entries(value).map(([key, item]) => [key, fillReferences(item, env, [...path, key])]),
    );
    return { value: Object.fromEntries(entries), problems };
  }
  return { value, problems: [] };
}
