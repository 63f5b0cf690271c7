import { unescaped } from "./unescaped.ts";
import { trimEndOf } from "../text/trim-end-of.ts";

/** People do not read longer labels as addresses. */
const LONGEST_LABEL = 2_000;

/** A badge: people see its words, not its picture's address. */
const PICTURE = /!\[([^[\]]*)\]\([^()\s]{0,2000}\)/g;

/** A label as people see it: without Markdown marks, entities and invisible characters. */
export function plainLabel(label: string): string {
  return unescaped(label.slice(0, LONGEST_LABEL).replace(PICTURE, "$1"))
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}*_~`]|<\/?[a-z][^<>]{0,200}>/giu, "")
    .replace(/\[(?:\.|dot)\]|\((?:\.|dot)\)/gi, ".")
    .split("。")
    .map((part) => part.trim())
    .join(".");
}

const LABELS = String.raw`(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}-]{0,62}\.){1,10}`;
const ADDRESS = new RegExp(
  [
    String.raw`(?<full>(?:[a-z][a-z\d+.\-]{1,19}:)?[\/\\]{2}[^\s"'<>\x60]+|https?:[^\s"'<>\x60]+)`,
    String.raw`(?<mail>[^\s"'<>\x60@\/()[\],;:]{1,64}@${LABELS}[\p{L}\p{N}\-]{2,63})`,
    String.raw`(?<![\p{L}\p{N}\p{M}@.\/\\\-])(?<bare>(?:${LABELS}\p{L}[\p{L}\p{N}\p{M}\-]{1,62}|(?:\d{1,3}\.){3}\d{1,3})(?::\d{1,5})?(?:[\/?#][^\s"'<>\x60]*)?)`,
  ].join("|"),
  "giu",
);

/** Endings of file and product names that are not domains. */
const FILES =
  /\.(?:[cm]?[jt]sx?|json[lc5]?|ya?ml|toml|xml|html?|css|csv|tsv|txt|pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|svg|webp|log|lock|env|sql|java|kt|cpp|hpp|cfg|conf|ini|bak|exe|dll)$/i;
/** Endings that are used for both files and domains. */
const FILES_OR_DOMAINS = /\.(?:md|mdx|py|rs|sh|pl|rb|go|zip|mov|so|cc|ps|app|ai|in)$/i;

/** Whether a link's label looks like an address that differs from its target. */
export const isMisleading = (label: string, target: URL): boolean =>
  [...plainLabel(label).matchAll(ADDRESS)].some(({ groups = {} }) => {
    const { full, mail, bare } = groups;
    if (full !== undefined) return !isSame(full, target);
    if (mail !== undefined) return !isSameMail(mail, target);
    return bare !== undefined && !isFile(bare, target) && !isSame(bare, target);
  });

const isSameMail = (mail: string, { protocol, pathname }: URL): boolean =>
  protocol === "mailto:" && decoded(pathname).toLowerCase() === mail.toLowerCase();

function isFile(name: string, { pathname }: URL): boolean {
  if (FILES.test(name)) return true;
  const last = decoded(pathname).split("/").at(-1) ?? "";
  return FILES_OR_DOMAINS.test(name) && last.toLowerCase() === name.toLowerCase();
}

function isSame(written: string, target: URL): boolean {
  const { text, isCut } = trimmed(written);
  const hasScheme = /^[a-z][a-z\d+.-]*:[/\\]/i.test(text);
  const said = URL.parse(
    hasScheme ? text.replace(/^hxxp/i, "http") : text.replace(/^[/\\]{0,2}/, "https://"),
  );
  if (!said || said.username !== "" || said.password !== "") return false;
  const isWeaker = hasScheme && said.protocol === "https:" && target.protocol === "http:";
  return !isWeaker && isSameHost(text, said, target) && isPath(said, isCut, target);
}

const isSameHost = (text: string, said: URL, target: URL): boolean =>
  !looksForeign(text, said) && bareHost(said) === bareHost(target);

/** Strips the punctuation that ends a sentence, and the ellipsis of a shortened address. */
function trimmed(written: string): { readonly text: string; readonly isCut: boolean } {
  const text = trimEndOf(written, /[.,;:!?)\]}'"”’»…]/);
  return { text, isCut: /(?:…|\.{3})/.test(written.slice(text.length)) };
}

const bareHost = ({ host }: URL): string => host.replace(/^www\./, "").replace(/\.(?=:|$)/, "");

/** Whether the label's path equals the target's. A shortened label or a folder need only be a prefix. */
function isPath(said: URL, isCut: boolean, target: URL): boolean {
  const [path, whole] = [said, target].map(({ pathname, search, hash }) =>
    decoded(`${pathname}${search}${hash}`).replace(/\/$/, ""),
  );
  if (path === "" || path === whole) return true;
  return isCut && (whole ?? "").startsWith(path ?? "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a host name contains possible homographs: letters of several scripts, or of one that its top-level domain does not use. */
export function looksForeign(written: string, { hostname }: URL): boolean {
  if (!hostname.includes("xn--")) return false;
  const host = /^(?:[a-z][a-z\d+.-]*:)?[/\\]*([^/\\?#]+)/i.exec(written)?.[1] ?? written;
  if (!/[^\0-\x7f]/.test(host)) return false;
  const letters = host.normalize("NFKC").replace(/[^\p{L}]/gu, "");
  if (/^\p{Script=Latin}*$/u.test(letters)) return false;
  return !ONE_SCRIPT.some((script) => script.test(letters));
}

const ONE_SCRIPT = [
  /^\p{Script=Cyrillic}+$/u,
  /^\p{Script=Greek}+$/u,
  /^\p{Script=Arabic}+$/u,
  /^\p{Script=Hebrew}+$/u,
  /^\p{Script=Devanagari}+$/u,
  /^\p{Script=Thai}+$/u,
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+$/u,
];
