import type { MatchLogic, ModelInfo } from "@pydantic/genai-prices";

/** A date, a build number or `latest` behind a model's name: the same model at the same price. */
const VERSION = /[-@](\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{3}|latest)$/;

const plain = (id: string): string => id.toLowerCase().replace(VERSION, "").replaceAll(".", "-");

/** The names that a catalogue entry answers to; "starts with" and "contains" count as the name that they give. */
function namesIn(match: MatchLogic): readonly string[] {
  if ("or" in match) return match.or.flatMap(namesIn);
  if ("and" in match) return match.and.flatMap(namesIn);
  if ("regex" in match) return [];
  return Object.values(match);
}

const exactPatternsIn = (match: MatchLogic): readonly RegExp[] => {
  if ("or" in match) return match.or.flatMap(exactPatternsIn);
  if (!("regex" in match)) return [];
  return /^\^.*\$$/.test(match.regex) ? [new RegExp(match.regex)] : [];
};

/**
 * Whether the catalogue's entry is the model asked for, and not merely one whose name begins alike: its lookup takes claude-sonnet-5-5 for
 * claude-sonnet-5, at another price.
 */
export const isSameModel = (entry: ModelInfo, model: string): boolean =>
  [entry.id, ...namesIn(entry.match)].some((name) => plain(name) === plain(model)) ||
  exactPatternsIn(entry.match).some((pattern) => pattern.test(model));
