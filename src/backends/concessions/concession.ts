/** A part of a request that some servers do not take, and that is more than a field of the body. */
export type Feature =
  /** Tools: their calls are asked for as JSON instead. */
  | "tools"
  /** A tool choice that makes the model call a tool. */
  | "forced_tools"
  /** A system prompt: it becomes part of the first user message. */
  | "system"
  /** Two messages of one role in a row: they become one. */
  | "role_runs"
  | "images"
  /** PDFs and other documents: their text is sent instead, if they have any. */
  | "documents"
  | "streaming"
  /** Replies that follow a JSON Schema: plain JSON is asked for instead. */
  | "json_schema"
  /** JSON replies: the prompt alone asks for JSON. */
  | "json_object"
  /** `max_tokens`: the same limit goes into `max_completion_tokens`. */
  | "max_tokens"
  /** JSON Schema for Gemini's functions: its own schema format is sent instead. */
  | "json_schema_tools"
  | "web_search";

/** What a server does not take. The same request without it succeeds. */
export type Concession =
  | { readonly kind: "feature"; readonly feature: Feature }
  /** A field of the body, by its path: `a.b`, or `a..b` for all fields `b` below the list `a`. */
  | { readonly kind: "field"; readonly path: string }
  /** A field of the body that the server requires to have this number at most. */
  | {
      readonly kind: "most";
      readonly of: "output" | "images" | "documents";
      readonly number: number;
    }
  /** One file, by the hash of its content. */
  | { readonly kind: "file"; readonly hash: string; readonly name: string };

export const without = (feature: Feature): Concession => ({ kind: "feature", feature });
export const withoutField = (path: string): Concession => ({ kind: "field", path });

/** The same for two concessions of which one replaces the other. */
export function keyOf(concession: Concession): string {
  switch (concession.kind) {
    case "feature":
      return `feature ${concession.feature}`;
    case "field":
      return `field ${concession.path}`;
    case "most":
      return `most ${concession.of}`;
    case "file":
      return `file ${concession.hash}`;
  }
}

const FEATURES: Readonly<Record<Feature, string>> = {
  tools: "takes no tools: its votes are asked for as JSON",
  forced_tools: "cannot be made to call a tool",
  system: "takes no system prompt: it goes into the first message",
  role_runs: "takes no two messages of one role in a row: they become one",
  images: "takes no images: they are left out",
  documents: "takes no PDFs: their text is sent instead",
  streaming: "cannot stream: answers arrive as a whole",
  json_schema: "takes no JSON Schema for replies",
  json_object: "takes no JSON mode",
  max_tokens: "wants max_completion_tokens in place of max_tokens",
  json_schema_tools: "takes no JSON Schema for functions: they are declared in its own format",
  web_search: "cannot search the web",
};

/** In words, after the model's name: "takes no tools: …". */
export function formatConcession(concession: Concession): string {
  switch (concession.kind) {
    case "feature":
      return FEATURES[concession.feature];
    case "field":
      return `does not take ${concession.path.split(/\.+/).at(-1)}: it is left out`;
    case "most":
      return concession.of === "output"
        ? `writes at most ${concession.number} tokens at once`
        : `takes at most ${concession.number} ${concession.number === 1 ? concession.of.slice(0, -1) : concession.of} at once`;
    case "file":
      return `cannot read ${concession.name}: it is left out`;
  }
}
