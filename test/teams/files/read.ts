import { formatProblem } from "../../../src/teams/files/team-problem.ts";
import { readTeam } from "../../../src/teams/files/read-team.ts";
import type { Env } from "../../../src/backends/keys.ts";

export const ALL_KEYS: Env = {
  OPENAI_API_KEY: "sk-openai",
  ANTHROPIC_API_KEY: "sk-anthropic",
  GEMINI_API_KEY: "sk-gemini",
};

/** Reads `text` as the file duo.yaml. */
export const read = (text: string, env: Env = ALL_KEYS, priceKnown = true) =>
  readTeam({ name: "duo", file: "configs/duo.yaml", text }, { env, priceKnown: () => priceKnown });

/** What a person is told about `text`, a line each. */
export const problemsOf = (text: string, env?: Env, priceKnown?: boolean): string =>
  read(text, env, priceKnown).problems.map(formatProblem).join("\n");

/** A good team of two. */
export const DUO = `agents:
  - id: gpt
    backend: { type: openai, model: gpt-6-sol }
  - id: claude
    name: Claude
    instructions: Be brief.
    backend: { type: anthropic, model: claude-opus-5-5 }
`;
