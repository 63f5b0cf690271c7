import { finish, type Steps } from "../slices.ts";
import { isMisleading, looksForeign } from "./address-text.ts";
import { codeRegions, type Stretch } from "./code-regions.ts";
import { readingDefinitions, normalLabel, readTarget } from "./link-targets.ts";
import { trimEndOf } from "../text/trim-end-of.ts";

interface Change extends Stretch {
  readonly text: string;
}

interface Opener {
  readonly at: number;
  readonly isImage: boolean;
}

const LONGEST_WORDS = 2_000;
const TOKENS_A_STEP = 100;
/** Anything that may be a link. */
const LEADS = /\]\(|\]\[|\]:|\]|<|https?:/i;
const TOKEN = /\\[^]|!\[|\[|\]|<[^<>\s][^<>\n]{0,3000}>|https?:\/\/[^\s<>[\]`|]{1,3000}/gi;

/**
 * Rewrites each link whose label looks like a different address, so that readers see the real one:
 * `[https://bank.example](https://evil.example)` becomes `https://bank.example (<https://evil.example/>)`. Also handles reference links,
 * images, Slack's `<url|words>`, user names in URLs, and homographs. Leaves code unchanged. Idempotent. Linear in the text.
 */
export function* revealingLinks(markdown: string): Steps<string> {
  if (!LEADS.test(markdown)) return markdown;
  const code = codeRegions(markdown);
  yield;
  const changes = yield* findingChanges(markdown, code);
  let shown = "";
  let done = 0;
  for (const { from, to, text } of changes) {
    if (from < done) continue;
    shown += markdown.slice(done, from) + text;
    done = to;
  }
  return shown + markdown.slice(done);
}

/** The synchronous version, for texts no longer than a message or a modal. */
export const revealLinks = (markdown: string): string => finish(revealingLinks(markdown));

function* findingChanges(markdown: string, code: readonly Stretch[]): Steps<readonly Change[]> {
  const definitions = yield* readingDefinitions(markdown);
  const changes: Change[] = [];
  let openers: Opener[] = [];
  let skipped = 0;
  let count = 0;
  for (const { token, at } of tokensOf(markdown, code)) {
    if (++count % TOKENS_A_STEP === 0) yield;
    if (at < skipped) continue;
    if (token.endsWith("[")) openers.push({ at, isImage: token.length > 1 });
    else if (token !== "]") changes.push(...lone(markdown, token, at));
    else {
      const opener = openers.pop();
      const link = opener && linkAt(markdown, opener, at, definitions);
      if (!link) continue;
      changes.push(...link.change);
      skipped = link.to;
      // Links do not nest: the outer brackets are text.
      if (!opener.isImage) openers = [];
    }
  }
  return changes.toSorted((a, b) => a.from - b.from || b.to - a.to);
}

function* tokensOf(markdown: string, code: readonly Stretch[]) {
  let region = 0;
  for (const { 0: token, index: at } of markdown.matchAll(TOKEN)) {
    while ((code[region]?.to ?? Infinity) <= at) region++;
    if ((code[region]?.from ?? Infinity) > at) yield { token, at };
  }
}

/** The link that ends with the label's `]` at `close`. */
function linkAt(
  markdown: string,
  { at, isImage }: Opener,
  close: number,
  definitions: ReadonlyMap<string, string>,
): { readonly to: number; readonly change: readonly Change[] } | undefined {
  const start = at + (isImage ? 2 : 1);
  const label = markdown.slice(start, close);
  const found =
    readTarget(markdown, close + 1) ?? readReference(markdown, label, close, definitions);
  if (!found) return undefined;
  const target = addressOf(found.target);
  if (!target || !isMisleading(label, target)) return { to: found.to, change: [] };
  // Images inside a link are checked too.
  const words = label.length < LONGEST_WORDS ? revealLinks(label) : label;
  const text = `${words}${beside(target)}`;
  return { to: found.to, change: [{ from: at, to: found.to, text }] };
}

const REFERENCE = /\[([^[\]\n]{0,1000})\]/y;

function readReference(
  markdown: string,
  label: string,
  close: number,
  definitions: ReadonlyMap<string, string>,
): { readonly to: number; readonly target: string } | undefined {
  if (definitions.size === 0 || markdown[close + 1] === ":") return undefined;
  REFERENCE.lastIndex = close + 1;
  const [whole = "", name = ""] = REFERENCE.exec(markdown) ?? [];
  const target = definitions.get(normalLabel(name === "" ? label : name));
  return target === undefined ? undefined : { to: close + 1 + whole.length, target };
}

/** Links without brackets: `<https://…>`, `<https://…|words>`, `https://…`. */
function lone(markdown: string, token: string, at: number): readonly Change[] {
  const isAngled = token.startsWith("<");
  const inner = isAngled ? token.slice(1, -1) : trimEndOf(token, /[?!.,:;*_~'")…]/);
  const [, written = "", words] = /^((?:https?:|mailto:)[^|]*)(?:\|([^]*))?$/i.exec(inner) ?? [];
  const target = addressOf(written);
  if (!target) return [];
  const to = at + (isAngled ? token.length : inner.length);
  const isClear = words === undefined ? isPlain(written, target) : !isMisleading(words, target);
  const real = beside(target);
  if (isClear || markdown.startsWith(real, to)) return [];
  return [{ from: at, to, text: `${words ?? markdown.slice(at, to)}${real}` }];
}

/** Whether an address can be taken at face value: no user name before the host, no homographs. */
const isPlain = (written: string, target: URL): boolean =>
  !/^https?:[/\\]*[^/\\?#]*@/i.test(written) && !looksForeign(written, target);

/** The URL that a click opens; undefined if neither a browser nor a mail program opens it. */
function addressOf(written: string): URL | undefined {
  const url = URL.parse(written.replace(/^[/\\]{2}/, "https://"));
  if (!url || !/^(?:https?|mailto):$/.test(url.protocol)) return undefined;
  url.username = "";
  url.password = "";
  return url;
}

const beside = ({ href }: URL): string => ` (<${href}>)`;
