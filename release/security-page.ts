import { createCatalogue } from "../src/backends/catalogue.ts";
import { BackendConfig } from "../src/backends/config.ts";
import { estimateThread, estimateTurn } from "../src/budgets/estimate-turn.ts";
import { Policy } from "../src/coordination/policy.ts";
import { CURRENT_SEATS } from "../src/teams/current-models.ts";
import { GENERATED, table } from "./markdown.ts";

const { openai: gpt, anthropic: claude, gemini } = CURRENT_SEATS;

interface SampleTeam {
  readonly title: string;
  readonly agents: readonly { readonly name: string; readonly backend: object }[];
}

const TEAMS: readonly SampleTeam[] = [
  { title: "One agent", agents: [claude] },
  { title: "Three agents", agents: [gpt, claude, gemini] },
  { title: "Five agents", agents: [gpt, claude, gemini, gpt, claude] },
];

/** Characters of everything that is written in the thread. */
const SHORT = 400;
const LONG = 60_000;

function costRow({ title, agents }: SampleTeam): readonly string[] {
  const policy = Policy.parse({});
  const team = {
    name: title,
    title,
    agents: agents.map(({ name, backend }) => ({ name, backend: BackendConfig.parse(backend) })),
    policy,
  };
  const cells = [SHORT, LONG].flatMap((characters) => {
    const { tokens, microUsd } = estimateTurn(
      team,
      estimateThread(characters, []),
      createCatalogue(),
    );
    return [tokens.toLocaleString("en-US"), `$${(microUsd / 1e6).toFixed(2)}`];
  });
  return [`${title} (${namesOf(agents)})`, ...cells];
}

const namesOf = (agents: SampleTeam["agents"]): string => agents.map(({ name }) => name).join(", ");

const MILLION = 1_000_000;

function priceRow({ name, backend }: SampleTeam["agents"][number]): readonly string[] {
  const config = BackendConfig.parse(backend);
  const usage = { input: 0, cached: 0, cacheWritten: 0, output: 0 };
  const catalogue = createCatalogue();
  const input = catalogue.cost(config, { ...usage, input: MILLION });
  const output = catalogue.cost(config, { ...usage, output: MILLION });
  return [`${name} (\`${config.model}\`)`, dollars(input), dollars(output)];
}

const dollars = (amount: number | null): string =>
  amount === null ? "unknown" : `$${amount.toFixed(2)}`;

/** docs/security-data-cost.md: what leaves, what is stored, and what a question costs. */
export const securityDataCostPage = (): string => [DATA, costs()].join("\n\n");

const DATA = `# Security, data and cost

${GENERATED}

- [What a provider receives](#what-a-provider-receives)
- [What Parley stores, and for how long](#what-parley-stores-and-for-how-long)
- [What a question costs](#what-a-question-costs)

[SECURITY.md](../SECURITY.md) describes who may do what, and which variables a team file can reach.

## What a provider receives

Each agent's model receives its own request. The agents of a team may belong to different providers, so a question can go to several
companies. The team file decides which.

| Sent | To |
| --- | --- |
| the question and the thread before it, as much as fits into the model's context window | the model of every agent that is asked |
| names of the people in the thread | the same |
| attached images, PDFs and text files, if the model can read them | the same |
| the team's rules and the agent's instructions | the same |
| other agents' answers, under anonymous labels | every agent that reviews |
| the provider's API key | that provider only |

A provider never receives tokens of Slack or Discord, other threads, other workspaces' data, or which model wrote an answer. With
\`web_search\`, the provider itself decides what to search for. Parley sends no telemetry. A model server on your own machine
(\`configs/local.yaml\`) keeps the questions there.

Providers keep the beginning of a prompt in a cache, so that the next question in the thread costs less: Claude for 5 minutes or an hour, GPT
models for up to 24 hours, as the team's [\`cache\`](how-to/teams.md#caches) says.

What a provider does with a request is up to its terms. Parley cannot recall a request that it has sent; a stopped turn ends the
connection, and the tokens up to then are paid for.

## What Parley stores, and for how long

Everything is in \`PARLEY_DATA\`, or in PostgreSQL with \`DATABASE_URL\`.

| Data | Kept |
| --- | --- |
| questions that Parley answered, answers and the [events](reference/events.md) of their turns, with the names of the people who asked | until you delete the database |
| names of people and channels that were looked up | 6 hours (Slack); not stored (Discord) |
| which team answers where, listening modes, limits, API keys of workspaces (encrypted) | until somebody resets them, or the app is removed |
| usage per person, channel, workspace and model: numbers without words | until you delete the database |
| which models came to the same result and how they scored it, for [track records](how-the-team-decides.md#track-records): no words | the last 400 team turns of a space, or until an admin resets them |
| counters of limits | 7 days after their period ends |
| ids of handled messages (idempotency keys) | until you delete the database |
| ratings (👍 👎), each person's latest | until you delete the database |
| the terminal's threads and attached files | until you delete the folder |
| messages that Parley did not answer, and files in Slack and Discord threads | not stored: Parley reads them from the platform for each turn |

Parley does not delete turns by age. To delete everything, stop Parley and delete the database. Conversations remain on the platform, and
Parley reads them from there again.`;

const costs = (): string => `## What a question costs

A team asks its models several times: each agent answers once and reviews up to twice. The table shows Parley's own estimates for the
models that the \`default\` team uses today, at list prices and without discounts for cached prompts. They are what a budget reserves before a turn
starts: about 1.5 times what a typical turn uses.

A short thread has ${SHORT} characters, such as one question. A long one has ${LONG.toLocaleString("en-US")} characters, such as 200 messages of 300.

${table(
  [
    "Team",
    "Short thread: tokens",
    "Short thread: cost",
    "Long thread: tokens",
    "Long thread: cost",
  ],
  TEAMS.map(costRow),
)}

Prices per million tokens:

${table(["Model", "Input", "Output"], [gpt, claude, gemini].map(priceRow))}

After three turns of a team, an estimate is at most twice the mean of what they really cost. The footer of each answer shows what it cost, and \`usage\`
adds it up. By default one turn may cost at most $1: when it reaches that, running calls finish, nothing new starts, and the best answer so
far is posted. [Limits](how-to/limits.md) explains how to change that, and how to limit people, channels and workspaces.

A prompt that its provider still has in its cache costs a tenth. \`cache: auto\` keeps it for as long as the pace of the thread makes cheaper;
\`why\` shows what the turn cost and what the other choice would have cost. [Caches](how-to/teams.md#caches) has the figures.

Three ways to spend less: mode \`solo\` (one call), mode \`auto\` (a router decides whether a question needs the team), and a smaller
\`rounds\` or \`revisions_per_agent\` in the team file's \`limits\`.
`;
