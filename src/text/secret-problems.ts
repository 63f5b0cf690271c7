type Env = Readonly<Record<string, string | undefined>>;

/** What a value looks like that only stands for a token: xoxb-your-token, <token>, xoxb-…. */
const PLACEHOLDER =
  /^(?:x(?:oxb|app)-)?(?:\.{3}|…|<[^>]*>|x{3,}$|change[-_ ]?me|placeholder|replace[-_ ]?me|todo\b|(?:my|your)[-_ ])|\byour[-_ ](?:\w{1,30}[-_ ])?(?:token|secret|key|id)\b/i;

/** What is wrong with the secrets of these names, one line each: set but empty, in quotes, a placeholder, or a former secret (`_OLD`) without a current one. The lines never hold the value. */
export const secretProblems = (env: Env, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => {
    const value = env[name];
    if (value === undefined) return [];
    const text = value.trim();
    if (text === "") return [`${name} is set but empty: give it a value, or remove the variable`];
    if (/^["'`“”].*["'`“”]$/.test(text)) return [`${name} has quotes around it: remove them`];
    const current = /^(.*)_OLD$/.exec(name)?.[1];
    if (current !== undefined && !env[current]?.trim()) {
      return [`${current} is not set: ${name} names what it was before`];
    }
    return PLACEHOLDER.test(text)
      ? [`${name} is a placeholder: put the real value in its place`]
      : [];
  });
