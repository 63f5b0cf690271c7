import { createHash } from "node:crypto";
import { z } from "zod";

const Mark = z.object({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).default("5m") });
const Block = z.looseObject({ cache_control: Mark.optional() });
const Body = z.looseObject({
  tools: z.array(Block).default([]),
  system: z.array(Block).default([]),
  messages: z.array(z.looseObject({ role: z.string(), content: z.array(Block) })),
});

/** A call's prompt as Anthropic counts it. */
export interface PromptUsage {
  readonly input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
}

const LIFE_MS = { "5m": 300_000, "1h": 3_600_000 } as const;
type Life = keyof typeof LIFE_MS;

/** Shorter prefixes are not cached. */
const LEAST_TOKENS = 1024;
/** How many blocks before a mark the cache looks for an earlier entry. */
const LOOKBACK = 20;
const MOST_MARKS = 4;
const BYTES_PER_TOKEN = 4;

/**
 * The prompt cache of Claude, by its documented rules (https://platform.claude.com/docs/en/build-with-claude/prompt-caching): prefixes in the order
 * tools, system, messages; at most four marks, those for an hour first; an entry for each mark; each use starts its life anew. Throws on what
 * the API refuses. `now`: ms.
 */
export function createPromptCache(now: () => number) {
  const entries = new Map<string, { readonly life: Life; expiresAt: number }>();
  const isHeld = (key: string): boolean => (entries.get(key)?.expiresAt ?? 0) >= now();

  return (given: unknown): PromptUsage => {
    const body = Body.parse(given);
    const blocks = prefixesOf(body);
    const marks = blocks.flatMap((block, at) =>
      block.life ? [{ ...block, life: block.life, at }] : [],
    );
    if (marks.length > MOST_MARKS)
      throw new Error("A maximum of 4 blocks with cache_control may be provided.");
    const firstShort = marks.findIndex(({ life }) => life === "5m");
    if (firstShort >= 0 && marks.slice(firstShort).some(({ life }) => life === "1h")) {
      throw new Error(
        "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
      );
    }
    const cacheable = marks.filter(({ tokens }) => tokens >= LEAST_TOKENS);
    const hits = cacheable.flatMap(({ at }) =>
      blocks.slice(Math.max(0, at - LOOKBACK), at + 1).filter(({ key }) => isHeld(key)),
    );
    const read = Math.max(0, ...hits.map(({ tokens }) => tokens));
    for (const { key } of hits) {
      const entry = entries.get(key);
      if (entry) entry.expiresAt = now() + LIFE_MS[entry.life];
    }
    const until = (life?: Life) =>
      Math.max(
        read,
        ...cacheable.filter((mark) => !life || mark.life === life).map(({ tokens }) => tokens),
      );
    const [long, all] = [until("1h"), until()];
    for (const { key, life } of cacheable) {
      if (!isHeld(key)) entries.set(key, { life, expiresAt: now() + LIFE_MS[life] });
    }
    return {
      input_tokens: (blocks.at(-1)?.tokens ?? 0) - all,
      cache_read_input_tokens: read,
      cache_creation_input_tokens: all - read,
      cache_creation: {
        ephemeral_5m_input_tokens: all - long,
        ephemeral_1h_input_tokens: long - read,
      },
    };
  };
}

/** Every block with the prefix that ends in it: its key, and its tokens. */
function prefixesOf({ tools, system, messages }: z.infer<typeof Body>) {
  const all = [
    ...tools.map((block) => ({ place: "tools", block })),
    ...system.map((block) => ({ place: "system", block })),
    ...messages.flatMap(({ role, content }) => content.map((block) => ({ place: role, block }))),
  ];
  let key = "";
  let bytes = 0;
  return all.map(({ place, block: { cache_control: mark, ...content } }) => {
    const text = JSON.stringify(content);
    bytes += Buffer.byteLength(text);
    key = createHash("sha256").update(`${key}\n${place}\n${text}`).digest("base64");
    return { key, tokens: Math.ceil(bytes / BYTES_PER_TOKEN), life: mark?.ttl };
  });
}
