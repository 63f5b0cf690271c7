import { plainModel } from "./same-model.ts";

/** Results of one public comparison: GPQA Diamond, 198 hard questions of science with four answers each, in percent, without tools. */
interface Published {
  readonly source: string;
  /** Year and month. */
  readonly date: string;
  readonly percent: Readonly<Record<string, number>>;
}

/** As the makers of the models published it; of open models, as Epoch AI measured it. */
export const PUBLISHED: readonly Published[] = [
  {
    source: "https://openai.com/index/hello-gpt-4o/",
    date: "2024-05",
    percent: { "gpt-4o": 53.6 },
  },
  {
    source: "https://openai.com/index/gpt-4o-mini-advancing-cost-efficient-intelligence/",
    date: "2024-07",
    percent: { "gpt-4o-mini": 40.2 },
  },
  {
    source: "https://openai.com/index/gpt-4-1/",
    date: "2025-04",
    percent: { "gpt-4.1": 66.3, "gpt-4.1-mini": 65, "gpt-4.1-nano": 50.3 },
  },
  {
    source: "https://openai.com/index/introducing-o3-and-o4-mini/",
    date: "2025-04",
    percent: { o3: 83.3, "o4-mini": 81.4 },
  },
  {
    source: "https://openai.com/index/introducing-gpt-5-for-developers/",
    date: "2025-08",
    percent: { "gpt-5": 85.7, "gpt-5-mini": 82.3, "gpt-5-nano": 71.2 },
  },
  {
    source: "https://openai.com/index/introducing-gpt-5-2/",
    date: "2025-12",
    percent: { "gpt-5.1": 88.1, "gpt-5.2": 92.4 },
  },
  {
    source: "https://www.anthropic.com/news/3-5-models-and-computer-use",
    date: "2024-10",
    percent: { "claude-3-5-sonnet": 65, "claude-3-5-haiku": 41.6 },
  },
  {
    source: "https://www.anthropic.com/news/claude-4",
    date: "2025-05",
    percent: { "claude-opus-4": 79.6, "claude-sonnet-4": 75.4 },
  },
  {
    source: "https://www.anthropic.com/news/claude-sonnet-4-5",
    date: "2025-09",
    percent: { "claude-sonnet-4-5": 83.4 },
  },
  {
    source: "https://www.anthropic.com/news/claude-opus-4-5",
    date: "2025-11",
    percent: { "claude-opus-4-5": 87 },
  },
  {
    source: "https://www.anthropic.com/news/claude-opus-4-6",
    date: "2026-02",
    percent: { "claude-opus-4-6": 91.3 },
  },
  {
    source:
      "https://blog.google/technology/google-deepmind/gemini-model-thinking-updates-march-2025/",
    date: "2025-03",
    percent: { "gemini-2.5-pro": 84 },
  },
  {
    source: "https://blog.google/products/gemini/gemini-3/",
    date: "2025-11",
    percent: { "gemini-3-pro": 91.9 },
  },
  {
    source: "https://blog.google/products/gemini/gemini-3-flash/",
    date: "2025-12",
    percent: { "gemini-3-flash": 90.4 },
  },
  {
    source: "https://deepmind.google/models/gemini/pro/",
    date: "2026-02",
    percent: { "gemini-3.1-pro": 94.3 },
  },
  {
    source: "https://epoch.ai/benchmarks/gpqa-diamond",
    date: "2026-05",
    percent: {
      "qwen3:235b": 70.7,
      "deepseek-r1:671b": 76.3,
      "deepseek-v3": 67.6,
      phi4: 56.1,
      "qwen2.5:72b": 49.1,
      "gemma3:27b": 48.9,
      "llama3.3:70b": 47.4,
      "qwen2.5:32b": 46.1,
      "llama3.1:70b": 44.2,
      "gemma2:27b": 36.5,
      mixtral: 30.6,
      "gemma2:9b": 27.5,
      "llama3:8b": 26.1,
      "llama3.1:8b": 25.9,
    },
  },
];

/** What the ablest reach, so that more says little. A model that is not in the table is likely newer, and counts as one of them. */
const TOP = 90;

const KNOWN: ReadonlyMap<string, number> = new Map(
  PUBLISHED.flatMap(({ percent }) =>
    Object.entries(percent).map(([model, value]) => [nameOf(model), value] as const),
  ),
);

/**
 * How able public comparisons show a model to be, in log-odds: 0 for the ablest and for unknown ones, less for others. It says little about other
 * tasks than those of the comparison: bound it.
 */
export function knownAbility(model: string): number {
  const percent = KNOWN.get(nameOf(model));
  return percent === undefined ? 0 : LOGIT * Math.min(0, probit(percent / 100) - probit(TOP / 100));
}

/** Log-odds of a probit unit. */
const LOGIT = 1.7;

/** Names of the same weights differ: `meta-llama/Llama-3.1-8B-Instruct` is `llama3.1:8b` on Ollama. */
function nameOf(model: string): string {
  const plain = plainModel(model.slice(model.lastIndexOf("/") + 1));
  return plain
    .replace(/-(?:instruct|it|chat|preview)(?=-|$)/g, "")
    .replace(/^(llama|qwen|gemma|phi)-/, "$1")
    .replace(/-(\d+b)$/, ":$1")
    .replace(/^([^:]{1,80}:\d{1,6}b)-.*$/, "$1");
}

/** The normal quantile, to 0.005, by Tukey's lambda: as exact as needed here. */
const probit = (share: number): number => 4.91 * (share ** 0.14 - (1 - share) ** 0.14);
