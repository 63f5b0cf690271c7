import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";

/** What the panel's keys are called in a test: long enough to be searched for in every output. */
export const KEYS = {
  OPENAI_API_KEY: "sk-openai-4f9b2c7d1e8a",
  ANTHROPIC_API_KEY: "sk-ant-77aa31c0de5b",
  GEMINI_API_KEY: "AIza-90c4f2e6b8d1",
} as const;

/** Three seats, one at each provider's API; Gemini improves on its answer once. */
const seats = (url: string) => [
  {
    id: "gpt",
    name: "GPT",
    backend: { type: "openai", model: "gpt-test", base_url: `${url}/v1`, max_output_tokens: 500 },
  },
  {
    id: "claude",
    name: "Claude",
    backend: { type: "anthropic", model: "claude-test", base_url: url, max_output_tokens: 500 },
  },
  {
    id: "gemini",
    name: "Gemini",
    instructions: "You improve what you can.",
    backend: { type: "gemini", model: "gemini-test", base_url: url, max_output_tokens: 500 },
  },
];

type Seat = ReturnType<typeof seats>[number];

export interface TeamFile {
  readonly name?: string;
  readonly agents?: readonly Seat["id"][];
  readonly limits?: Readonly<Record<string, number>>;
  /** Other keys of the team file. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** Other keys of each seat's backend. */
  readonly backend?: Readonly<Record<string, unknown>>;
}

/** Writes a team of the panel's models. */
export async function writeTeam(dir: string, url: string, team: TeamFile = {}): Promise<string> {
  const { name = "council", agents = ["gpt", "claude", "gemini"], limits, more, backend } = team;
  const members = seats(url).filter(({ id }) => agents.includes(id));
  const file = {
    name: `The ${name}`,
    settle: 0,
    ...more,
    agents: members.map((seat) => ({ ...seat, backend: { ...seat.backend, ...backend } })),
    limits: { move_retries: 0, ...limits },
  };
  await mkdir(dir, { recursive: true });
  const path = join(dir, `${name}.yaml`);
  await writeFile(path, stringify(file));
  return path;
}
