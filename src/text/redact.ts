/** Cuts secrets out of a text that people, logs or the store are going to see. */
export type Redact = (text: string) => string;

export const REDACTED = "[redacted]";
/** Shorter values would also be cut out of harmless words. */
const SHORTEST = 6;
/** Providers echo the beginning of a key that they refuse. Shorter beginnings are the same for all keys of a kind. */
const SHORTEST_PREFIX = 8;
/** Of shorter secrets a beginning of that length would say less than an ordinary word. */
const LONG = 16;

/** What is a secret by its looks, whoever it belongs to: `$1` stays. */
const LOOKS: readonly RegExp[] = [
  // The user and password of a URL.
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#@"'<>\\]{1,512}(?=@[^\s/?#"'<>\\])/gi,
  // Keys in a query.
  /([?&;](?:[a-z0-9_.-]{0,40}[_.-])?(?:api[_-]?key|key|token|secret|password|passwd|pwd|sig|signature|auth|access[_-]?token|credential)=)[^\s&;#"'<>\\]{1,2000}/gi,
  /(\b(?:bearer|basic)[ \t]+)(?=[\w.~+/-]{0,4000}[\d=])[\w.~+/-]{8,4000}={0,2}/gi,
  /(hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,400}/gi,
  /(\/api(?:\/v\d{1,2})?\/webhooks\/\d{5,25}\/)[\w-]{8,400}/gi,
  // Keys of the usual forms, masked ones too: OpenAI, Anthropic, Stripe, Slack, GitHub, Google, Groq, xAI, AWS, a JWT, a Discord bot.
  /()(?<![\w-])(?:sk|pk|rk)[-_][\w-]{0,400}[*•.…]{2,400}[\w-]{0,40}/g,
  /()(?<![\w-])(?:sk|pk|rk)[-_](?=[\w-]{0,400}\d)[\w-]{16,400}/g,
  /()(?<![\w-])x(?:ox[abeoprsd]|app)-[\w-]{8,400}/g,
  /()(?<![\w-])(?:gh[oprsu]_|github_pat_|gsk_|xai-|hf_|glpat-)[\w-]{16,400}/g,
  /()(?<![\w-])AIza[\w-]{20,100}/g,
  /()\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /()(?<![\w-])eyJ[\w-]{8,4000}\.[\w-]{8,4000}\.[\w-]{0,4000}/g,
  /()(?<![\w-])[MNO][\w-]{22,28}\.[\w-]{6,7}\.[\w-]{27,45}\b/g,
];

/**
 * A redactor of these values: as they are, in the forms that errors, URLs and logs give them (JSON, percent-encoding, base64 at any offset,
 * hex), by their echoed beginning, and of whatever looks like a key or a URL's password. Linear in the text.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  const values = [...new Set(secrets.flatMap(partsOf))].filter(({ length }) => length >= SHORTEST);
  // The longest first: one secret may be part of another.
  const forms = [...new Set(values.flatMap(formsOf))].sort((a, b) => b.length - a.length);
  const prefixes = values.filter((value) => value.length >= LONG && !/\s|:\/\//.test(value));
  return (text) => {
    const whole = forms.reduce((rest, form) => rest.replaceAll(form, REDACTED), text);
    const begun = prefixes.reduce(cutPrefix, whole);
    return LOOKS.reduce((rest, look) => rest.replace(look, `$1${REDACTED}`), begun);
  };
}

/** The value, and the secret within it where it is a header ("Bearer …") or a URL with a password. */
function partsOf(secret: string): readonly string[] {
  const value = secret.trim();
  const [, token] = /^(?:bearer|basic|token)\s+(\S+)$/i.exec(value) ?? [];
  const [, password] = /^\w+:\/\/[^/@:]*:([^/]*)@/.exec(value) ?? [];
  return [secret, value, token, password, decoded(password)].filter((part) => part !== undefined);
}

function decoded(text: string | undefined): string | undefined {
  try {
    return text && decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const json = JSON.stringify(value).slice(1, -1);
  const encoded = encodeURIComponent(value.toWellFormed());
  return [
    value,
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll("/", "\\/"),
    value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
    encoded,
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encoded.replaceAll("%20", "+"),
    encodeURIComponent(encoded),
    ...hexOf(bytes),
    ...base64Of(bytes),
  ];
}

const hexOf = (bytes: Buffer): readonly string[] => {
  const hex = bytes.toString("hex");
  return [hex, hex.toUpperCase()];
};

/** Inside a longer base64 text a value has one of three forms; its first and last characters depend on its neighbours. */
function base64Of(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes]).toString("base64");
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor(((offset + bytes.length) * 8) / 6);
    const inner = text.slice(first, last);
    const url = inner.replaceAll("+", "-").replaceAll("/", "_");
    return [inner, url, encodeURIComponent(inner)].filter(({ length }) => length >= SHORTEST);
  });
}

/** Cuts the beginning of a secret, with the mask that follows it and the last characters after the mask. */
function cutPrefix(text: string, secret: string): string {
  const start = secret.slice(0, SHORTEST_PREFIX);
  let at = text.indexOf(start);
  if (at < 0) return text;
  let cut = "";
  let done = 0;
  while (at >= 0) {
    let end = at + start.length;
    while (end < text.length && text[end] === secret[end - at]) end++;
    const [mask = ""] = /^[*•.…]*[\w-]{0,8}/.exec(text.slice(end, end + 300)) ?? [];
    cut += text.slice(done, at) + REDACTED;
    done = /^[*•.…]{2}|^…/.test(mask) ? end + mask.length : end;
    at = text.indexOf(start, done);
  }
  return cut + text.slice(done);
}

const SECRET_NAME =
  /(?:^|[_.-])(?:auth|cookies?|credentials?|headers|passphrase|passwd|password|pwd|secret|set-cookie|signature|token)$|(?:api|access|private|signing|secret|client)[_.-]?key$|authorization$|(?:secret|token|password)$/i;

/** Whether a field of this name holds a secret: "token", "apiKey", "x-api-key", "proxy-authorization". */
export const isSecretName = (name: string): boolean =>
  SECRET_NAME.test(name.replaceAll(/([a-z])([A-Z])/g, "$1_$2"));
