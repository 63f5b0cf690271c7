import { webApi } from "@slack/bolt";
import { createBoundedMap } from "../../../src/bounded-map.ts";
import type { Clock } from "../../../src/clock.ts";
import { PlatformError } from "../../../src/platform.ts";
import { slackCodeOf } from "../api/errors.ts";
import { blocksIn, checkMessage, type PayloadIssue } from "../payload/check-payload.ts";
import type { SlackText } from "../render/blocks.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { type Deny, plainReply, renderReply } from "../render/render.ts";

/** One message in the forms in which it can be said. */
export interface Forms {
  /** Its blocks without the denied types. */
  readonly render: (deny: Deny) => SlackText;
  /** All of it in Slack's marks, without blocks. */
  readonly plain: () => string;
}

/** What a command answers. */
export const formsOfReply = (reply: CommandReply): Forms => ({
  render: (deny) => renderReply(reply, deny),
  plain: () => plainReply(reply),
});

/** Sends a message in the richest form that its workspace takes. */
export interface BlockFallback {
  /** Rejects as `call` does, once no form is left, or at once where the blocks are not what Slack refuses. */
  send<T>(team: string, forms: Forms, call: (message: SlackText) => Promise<T>): Promise<T>;
}

export interface BlockFallbackOptions {
  readonly clock: Pick<Clock, "now">;
  /** A workspace refused a type of block. */
  readonly onProblem: (problem: unknown) => void;
}

/** Slack refused the blocks, or their number or length. */
const UNSHOWABLE: ReadonlySet<string | undefined> = new Set([
  "block_mismatch",
  "invalid_attachments",
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "only_one_table_allowed",
]);
/** Blocks that every workspace takes. */
const BASIC: ReadonlySet<string> = new Set(["actions", "context", "divider", "header", "section"]);

const MOST_REBUILDS = 3;
const MOST_TEAMS = 5_000;
const DAY_MS = 24 * 3_600_000;

export function createBlockFallback({ clock, onProblem }: BlockFallbackOptions): BlockFallback {
  const refused = createBoundedMap<string, ReadonlyMap<string, number>>(MOST_TEAMS);
  const deniedIn = (team: string): Deny => {
    const now = clock.now();
    const until = [...(refused.get(team) ?? [])];
    return new Set(until.flatMap(([type, end]) => (end > now ? [type] : [])));
  };
  const remember = (team: string, types: readonly string[]): void => {
    const until = clock.now() + DAY_MS;
    const added = types.map((type) => [type, until] as const);
    refused.set(team, new Map([...(refused.get(team) ?? []), ...added]));
    onProblem(
      new Error(
        `Slack refuses blocks of type ${types.join(", ")} in ${team}: for a day, messages there do without.`,
      ),
    );
  };

  return {
    async send(team, forms, call) {
      let deny = deniedIn(team);
      for (let rebuilds = 0; rebuilds <= MOST_REBUILDS; rebuilds++) {
        const message = forms.render(deny);
        const tried = await attempt(message, call);
        if ("sent" in tried) return tried.sent;
        const { types, lasting } = tried.refused;
        if (lasting.length > 0) remember(team, lasting);
        if (tried.issues.length > 0) onProblem(unsendable(tried.issues));
        const more = types.filter((type) => !deny.has(type));
        if (more.length === 0) break;
        deny = new Set([...deny, ...more]);
      }
      return call({ text: forms.plain() || "—", blocks: [] });
    },
  };
}

interface Refused {
  readonly refused: { readonly types: readonly string[]; readonly lasting: readonly string[] };
  /** What was found wrong before anything was sent. */
  readonly issues: readonly PayloadIssue[];
}

/** Sends a message unless Slack would refuse it. Rejects as `call` does where its blocks are not the reason. */
async function attempt<T>(
  message: SlackText,
  call: (message: SlackText) => Promise<T>,
): Promise<{ readonly sent: T } | Refused> {
  const { blocks = [] } = message;
  const issues = checkMessage(message);
  if (issues.length > 0) return { issues, refused: typesWithIssues(issues, blocks) };
  try {
    return { sent: await call(message) };
  } catch (error) {
    if (!isUnshowable(error)) throw error;
    return { issues, refused: refusedTypes(error, blocks) };
  }
}

const unsendable = (issues: readonly PayloadIssue[]): Error =>
  new Error(
    `A message for Slack was simplified, which would have been refused: ${issues.map(({ at, rule }) => `${at}: ${rule}`).join("; ")}.`,
  );

/** The types that are at fault, or all that could be; that says nothing about the workspace. */
function typesWithIssues(issues: readonly PayloadIssue[], blocks: readonly object[]) {
  const faulty = special([...blocksIn(issues)].map((index) => typeAt(blocks, index)));
  const types = faulty.length > 0 ? faulty : special(blocks.map((_, n) => typeAt(blocks, n)));
  return { types, lasting: [] };
}

function typeAt(blocks: readonly object[], index: number): string {
  const block = blocks[index];
  return block && "type" in block ? String(block.type) : "";
}

const special = (types: readonly string[]) => types.filter((type) => type && !BASIC.has(type));

const isUnshowable = (error: unknown): boolean => UNSHOWABLE.has(slackCodeOf(error));

/** "… [json-pointer:/blocks/1/child_blocks/0]" in what Slack says of the blocks. */
const POINTER = /\[json-pointer:\/blocks\/(\d+)((?:\/[^\]]*)?)\]/;

/** The types that Slack refused; all that not every workspace takes, if it does not say. `lasting`: the workspace does not take them at all. */
function refusedTypes(
  error: unknown,
  blocks: readonly object[],
): { readonly types: readonly string[]; readonly lasting: readonly string[] } {
  const found = complaintsOf(error).flatMap((complaint) => {
    const [, index, path = ""] = POINTER.exec(complaint) ?? [];
    return index === undefined ? [] : [{ type: typeAt(blocks, Number(index)), path }];
  });
  const types = special(found.map(({ type }) => type));
  if (types.length === 0)
    return { types: special(blocks.map((_, n) => typeAt(blocks, n))), lasting: [] };
  // A text that is too long says nothing about the type of its block.
  const lasting = found.filter(({ path }) => path === "" || path === "/type");
  return { types, lasting: special(lasting.map(({ type }) => type)) };
}

function complaintsOf(error: unknown): readonly string[] {
  const cause = error instanceof PlatformError ? error.cause : error;
  if (!(cause instanceof webApi.WebAPIPlatformError)) return [];
  const { errors, response_metadata: metadata }: { errors?: unknown; response_metadata?: unknown } =
    cause.data;
  const messages =
    typeof metadata === "object" && metadata && "messages" in metadata ? metadata.messages : [];
  return [errors, messages].flatMap((list) =>
    Array.isArray(list)
      ? list.map((entry) => (typeof entry === "string" ? entry : JSON.stringify(entry)))
      : [],
  );
}
