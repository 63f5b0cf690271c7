import { type Parsed, problem, type Words } from "../command-scope.ts";

const YES: readonly string[] = ["yes", "confirm"];

/** `stats models [reset [yes]]`. */
export function parseStats({ plain, flags }: Words): Parsed {
  const [sub = "models", action, answer] = plain.map((word) => word.toLowerCase());
  if (sub !== "models" && sub !== "model") {
    return problem(`There is no command “stats ${sub}”.`, "stats models");
  }
  if (action === undefined) return { name: "stats models" };
  if (action !== "reset") {
    return problem(
      `There is no command “stats models ${action}”.`,
      "stats models",
      "stats models reset",
    );
  }
  const isSure = YES.includes(answer ?? "") || flags.some((flag) => YES.includes(flag));
  return { name: "stats models reset", sure: isSure };
}
