import type { MatchLogic, ModelInfo } from "@pydantic/genai-prices";

/** A suffix (date, build number or `latest`) of the same model at the same price. */
const VERSION = /[-@](\d{8}|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{3}|latest)$/;

/** A model's name without case, date and build number, and with dashes for dots. */
export const plainModel = (id: string): string =>
  id.toLowerCase().replace(VERSION, "").replaceAll(".", "-");

/** The names that match a catalogue entry; "starts with" and "contains" patterns count as names. */
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
 * Whether the catalogue's entry is really the requested model. The catalogue's prefix lookup finds claude-sonnet-5 for claude-sonnet-5-5, which has
 * another price.
 */
export const isSameModel = (entry: ModelInfo, model: string): boolean =>
  [entry.id, ...namesIn(entry.match)].some((name) => plainModel(name) === plainModel(model)) ||
  exactPatternsIn(entry.match).some((pattern) => pattern.test(model));
