import { z } from "zod";
import type { BackendRequest } from "../backend.ts";
import { isDocument, isImage } from "../prompt-parts.ts";
import { type Concession, type Feature, without, withoutField } from "./concession.ts";
import { fieldsIn, namedFields } from "./fields.ts";
import { readLimitAdvice } from "./output-limit.ts";
import {
  LACKS_TOOLS,
  REFUSED,
  REFUSED_DOCUMENTS,
  REFUSED_FORCE,
  REFUSED_IMAGES,
  REFUSED_REASONING,
  VAGUE,
} from "./refusal-words.ts";
import type { Said } from "./said.ts";
import type { Terms } from "./terms.ts";

/** A request as it was sent. */
export interface Sent {
  /** On its terms: without what the server does not take. */
  readonly request: BackendRequest;
  readonly terms: Terms;
  readonly body: object;
}

/** A concession that may satisfy the server. */
export interface Candidate {
  /** More than one where a field stands in several places. */
  readonly concessions: readonly Concession[];
  /** False: it holds for this request only. */
  readonly lasts: boolean;
}

/** Statuses for a request that the server does not take, rather than for overload or missing access. Some answer 500 or 501. */
const REFUSALS: ReadonlySet<number | undefined> = new Set([
  undefined,
  200,
  400,
  404,
  405,
  413,
  415,
  422,
  500,
  501,
]);

export const isRefusal = ({ status }: Said): boolean => REFUSALS.has(status);

/** What to leave out, the likeliest first; empty if the message names nothing that was sent. */
export function findConcessions(said: Said, sent: Sent): readonly Candidate[] {
  return [
    ...toolFlags(said, sent),
    ...outputLimit(said, sent),
    ...fileKinds(said, sent),
    ...forced(said, sent),
    ...fields(said, sent),
    ...features(said, sent),
    ...reasoning(said, sent),
  ];
}

const lasting = (...concessions: readonly Concession[]): Candidate => ({
  concessions,
  lasts: true,
});

/** Fields of one name are left out together, wherever they stand. */
function fields({ words, param }: Said, { body }: Sent): readonly Candidate[] {
  const named = namedFields(fieldsIn(body), words, param);
  const byName = Map.groupBy(named, (path) => path.split(".").at(-1));
  return [...byName.values()].map((paths) => lasting(...paths.map(withoutField)));
}

const toolFlags = ({ words }: Said, sent: Sent): readonly Candidate[] =>
  LACKS_TOOLS.test(words) && has("tools", sent) ? [lasting(without("tools"))] : [];

function forced({ words, param }: Said, sent: Sent): readonly Candidate[] {
  return isForced(sent) && REFUSED_FORCE.test(`${param} ${words}`)
    ? [lasting(without("forced_tools"))]
    : [];
}

function outputLimit({ words }: Said, { body, terms }: Sent): readonly Candidate[] {
  const asked = limitIn(body);
  const advice = asked === null ? null : readLimitAdvice(words, asked);
  if (advice?.type === "rename")
    return terms.takes("max_tokens") ? [lasting(without("max_tokens"))] : [];
  if (!advice) return [];
  const { number, once } = advice;
  return [{ concessions: [{ kind: "most", of: "output", number }], lasts: !once }];
}

const LIMITS = /^(max_tokens|max_completion_tokens|max_output_tokens|maxOutputTokens)$/;

function limitIn(body: object): number | null {
  for (const [key, value] of Object.entries(body)) {
    if (LIMITS.test(key) && typeof value === "number") return value;
    if (key === "config" && typeof value === "object" && value !== null) return limitIn(value);
  }
  return null;
}

const AT_MOST = [
  /at most (\d+|one) (?:image|document|pdf|file)/i,
  /(?:maximum|limit|up to|more than|exceeds?|supports?)[^.]{0,40}?(\d+|one) (?:image|document|pdf|file)s?\b(?! ?(?:bytes|page|pixel))/i,
  /too many (?:image|document|pdf|file)s[^.]{0,60}?(?:maximum|limit|most|max|up to|allowed)[^.\d]{0,20}(\d+)/i,
  /(\d{1,9}) (?:image|document|pdf|file)s? (?:per|maximum|at most|allowed)/i,
];

/** Images or documents as such, or their number. A single broken file is another matter: see bad-files. */
function fileKinds({ words }: Said, sent: Sent): readonly Candidate[] {
  const kinds = [
    { feature: "images", of: "images", refused: REFUSED_IMAGES, noun: /image|picture/i },
    {
      feature: "documents",
      of: "documents",
      refused: REFUSED_DOCUMENTS,
      noun: /pdf|document|file/i,
    },
  ] as const;
  return kinds.flatMap(({ feature, of, refused, noun }) => {
    const count = countOf(feature, sent.request);
    if (count === 0) return [];
    const most = noun.test(words) ? mostOf(words, count) : null;
    if (most !== null && most > 0) return [lasting({ kind: "most", of, number: most })];
    return most === 0 || refused.test(words) ? [lasting(without(feature))] : [];
  });
}

function mostOf(words: string, sent: number): number | null {
  const numbers = AT_MOST.map((pattern) => pattern.exec(words)?.[1]?.toLowerCase());
  const number = numbers.find((text) => text !== undefined);
  if (number !== undefined) {
    const most = number === "one" ? 1 : Number(number);
    return most < sent ? most : null;
  }
  return /too many (?:image|document|pdf|file)s/i.test(words) ? Math.floor(sent / 2) : null;
}

const features = ({ words, param }: Said, sent: Sent): readonly Candidate[] =>
  REFUSED.filter(
    ([feature, pattern]) => has(feature, sent) && pattern.test(`${param} ${words}`),
  ).map(([feature]) => lasting(without(feature)));

/** Each group is left out as a whole, the least first. */
const REASONING = [
  ["config.thinkingConfig.thinkingLevel"],
  ["config.thinkingConfig.thinkingBudget"],
  ["config.thinkingConfig"],
  ["reasoning_effort"],
  ["reasoning.effort"],
  ["reasoning"],
  ["thinking", "output_config.effort"],
];

function reasoning({ words }: Said, { body }: Sent): readonly Candidate[] {
  if (!REFUSED_REASONING.test(words)) return [];
  const sent = new Set(fieldsIn(body));
  return REASONING.map((paths) => paths.filter((path) => sent.has(path)))
    .filter(({ length }) => length > 0)
    .map((paths) => lasting(...paths.map(withoutField)));
}

/** What few servers take, for messages that name nothing. A success may be chance, so it is not remembered. */
export function guessConcessions({ words }: Said, sent: Sent): readonly Candidate[] {
  const unusual: readonly Feature[] = ["json_schema", "json_object", "forced_tools", "tools"];
  return VAGUE.test(words)
    ? unusual
        .filter((feature) => has(feature, sent))
        .map((feature) => ({ concessions: [without(feature)], lasts: false }))
    : [];
}

/** Whether the request has the part, and could be sent without it. */
const has = (feature: Feature, sent: Sent): boolean =>
  sent.terms.takes(feature) && HAS[feature](sent);

const HAS: Readonly<Record<Feature, (sent: Sent) => boolean>> = {
  tools: ({ request }) => request.tools.length > 0,
  json_schema_tools: ({ request }) => request.tools.length > 0,
  forced_tools: (sent) => isForced(sent),
  system: ({ request }) => request.system.some((text) => text.trim() !== ""),
  role_runs: ({ request }) =>
    request.messages.some(({ role }, at) => role === request.messages[at - 1]?.role),
  images: ({ request }) => countOf("images", request) > 0,
  documents: ({ request }) => countOf("documents", request) > 0,
  json_schema: ({ request }) => request.replyFormat !== undefined,
  json_object: ({ request, terms }) =>
    request.replyFormat !== undefined && !terms.takes("json_schema"),
  web_search: ({ body }) => /"type":"web_search|"googleSearch/.test(toolsOf(body)),
  max_tokens: ({ body }) => limitIn(body) !== null,
  streaming: () => true,
};

/** The body's tools, as JSON. */
function toolsOf(body: object): string {
  const { tools, config } = Tools.catch({}).parse(body);
  return JSON.stringify(tools ?? config?.tools ?? []);
}

const Tools = z
  .object({
    tools: z.unknown(),
    tool_choice: z.unknown(),
    config: z.object({ tools: z.unknown(), toolConfig: z.unknown() }).partial().optional(),
  })
  .partial();

/** Whether the tool choice makes the model call a tool, in any API's words. */
function isForced({ body, request }: Sent): boolean {
  const { tool_choice, config } = Tools.catch({}).parse(body);
  const choice = JSON.stringify(tool_choice ?? config?.toolConfig ?? null);
  return request.tools.length > 0 && /"required"|"any"/i.test(choice);
}

function countOf(kind: "images" | "documents", { messages }: BackendRequest): number {
  const isKind = kind === "images" ? isImage : isDocument;
  return messages.reduce(
    (sum, { parts }) => sum + parts.filter((part) => part.type === "file" && isKind(part)).length,
    0,
  );
}
