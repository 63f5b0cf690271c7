import type { RecordedRequest } from "../../servers/model-wire.ts";

/** Whether a request has a part, in any of the four APIs. */
export type Offence = (request: RecordedRequest) => boolean;

/** The body without what is inside texts. */
const has =
  (pattern: RegExp): Offence =>
  ({ raw }) =>
    pattern.test(raw);

const at = ({ body }: RecordedRequest, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), body);

const limitOf = (request: RecordedRequest): number =>
  Number(
    at(request, "max_tokens") ??
      at(request, "max_completion_tokens") ??
      at(request, "max_output_tokens") ??
      at(request, "generationConfig", "maxOutputTokens") ??
      0,
  );

const count = (request: RecordedRequest, pattern: RegExp): number =>
  request.raw.match(pattern)?.length ?? 0;

const IMAGES = /data:image\/|"media_type":"image\/|"mimeType":"image\//g;
const DOCUMENTS =
  /data:application\/pdf|"media_type":"application\/pdf|"mimeType":"application\/pdf/g;

export const hasTools: Offence = (request) => {
  const tools: unknown = at(request, "tools");
  return Array.isArray(tools) && tools.length > 0;
};
export const isForced: Offence = has(/"tool_choice":("required"|\{"type":"any")|"mode":"ANY"/);
export const hasToolChoice: Offence = has(/"tool_choice":|"toolConfig":/);
export const hasSystem: Offence = has(
  /"role":"system"|"instructions":"|"system":\[|"systemInstruction":/,
);
export const hasImages: Offence = (request) => count(request, IMAGES) > 0;
export const hasDocuments: Offence = (request) => count(request, DOCUMENTS) > 0;
export const hasMoreImagesThan =
  (most: number): Offence =>
  (request) =>
    count(request, IMAGES) > most;
export const hasLimitAbove =
  (most: number): Offence =>
  (request) =>
    limitOf(request) > most;
export const hasField = (name: string): Offence => has(new RegExp(`"${name}":`));
export const hasReasoning: Offence = has(
  /"reasoning_effort":|"effort":|"thinking":|"thinkingLevel":|"thinkingBudget":|"summary":/,
);
export const streams: Offence = (request) =>
  request.path.includes("streamGenerateContent") || at(request, "stream") === true;
export const hasSearch: Offence = has(/"type":"web_search|"googleSearch":/);
export const hasRoleRun: Offence = ({ raw }) =>
  /"role":"user"(?:(?!"role":).)*"role":"user"/.test(raw);
