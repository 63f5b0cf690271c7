import { type Provider, PROVIDERS } from "../../backends/keys.ts";
import { nearest } from "../../text/nearest.ts";
import { type Parsed, problem, type Words } from "../command-scope.ts";

export { PROVIDERS };

/** How people call the providers. */
export const PROVIDER_NAMES: Readonly<Record<Provider, string>> = {
  openai: "OpenAI",
  anthropic: "Anthropic",
  gemini: "Gemini",
};

const OTHER_NAMES: Readonly<Record<string, Provider>> = {
  gpt: "openai",
  chatgpt: "openai",
  claude: "anthropic",
  google: "gemini",
};

const providerOf = (word: string): Provider | undefined => {
  const name = word.toLowerCase();
  return (
    PROVIDERS.find((provider) => provider === name) ??
    (Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined)
  );
};

/** Printable, without spaces; keys are never shorter. */
const KEY = /^[\x21-\x7e]{8,512}$/;

const EACH = PROVIDERS.map((provider) => `keys set ${provider} KEY`);

/** Suggests providers for an unknown word, unless it may be a key. */
const unknownProvider = (command: string, word: string) => {
  const near = nearest(word, PROVIDERS);
  const suggestions = near === null ? PROVIDERS : [near];
  return problem("Which provider?", ...suggestions.map((provider) => `${command} ${provider}`));
};

const PARSERS: Readonly<Record<string, (words: Words) => Parsed>> = {
  show: () => ({ name: "keys show" }),
  list: () => ({ name: "keys show" }),
  set: parseSet,
  remove: parseRemove,
  delete: parseRemove,
};

/** `keys …`. Problems never repeat the input, since it may contain a key. */
export function parseKeys(words: Words): Parsed {
  const {
    plain: [sub = "show"],
  } = words;
  const name = sub.toLowerCase();
  return (
    (Object.hasOwn(PARSERS, name) && PARSERS[name]?.(words)) ||
    problem("There is no such keys command.", "keys show", "keys set", "keys remove")
  );
}

function parseSet({ plain: [, word = "", key = "", more], flags }: Words): Parsed {
  const provider = providerOf(word);
  if (!provider) return unknownProvider("keys set", word);
  return KEY.test(key) && more === undefined && flags.length === 0
    ? { name: "keys set", provider, key }
    : problem("That is not an API key: a key is one word of at least 8 characters.", ...EACH);
}

function parseRemove({ plain: [, word = "", more] }: Words): Parsed {
  const provider = providerOf(word);
  return provider && more === undefined
    ? { name: "keys remove", provider }
    : unknownProvider("keys remove", word);
}
