import { capitalised, lowerFirst, sentencesOf } from "./words.ts";

/** A message in the thread. */
export interface Statement {
  readonly author: string;
  readonly text: string;
}

/** A fact that someone stated: "My name is Ada". */
export interface Fact {
  readonly author: string;
  /** Whose: my, our, the, … */
  readonly owner: string;
  readonly subject: string;
  readonly verb: string;
  readonly value: string;
  readonly sentence: string;
}

const OPENING =
  /^(?:(?:please|remember|note|that|also|so|well|hi|hello|hey|fyi|ok|okay|actually|no|correction|update|sorry|wait|now|everyone|all|team)[\s,:!–-]+)+/i;
const CLAUSE =
  /^(?:(?<owner>my|our|the|your|his|her|their|its|mein|meine|unser|unsere|der|die|das)\s+)?(?<subject>[\p{L}\p{N}][\p{L}\p{N}'’/-]*(?:\s[\p{L}\p{N}'’/-]+){0,4}?)(?:\s+(?<verb>is now|is|ist|sind|are now|are|costs|cost|kostet|was|were|will be|has changed to|changed to|became|=)|:)\s+(?<value>.+?)[.!]*$/iu;
const NO_SUBJECT =
  /^(it|this|that|there|here|he|she|they|we|you|i|what|who|which|where|when|why|how|if|one|all|fix|translate|explain|write|summari[sz]e|tell|wir|ich|es|sie|er|ihr|du|wer|wie|wo|wann|warum|wieso|welche[rs]?)\b/i;
const BOUNDARY =
  /(?: ?[,;] ?(?:(?:and|but) )?| (?:and|but) )(?=(?:(?:my|our|the|your|his|her|their|its) )?[\p{L}\p{N}'’/-]+(?: [\p{L}\p{N}'’/-]+){0,4}? (?:is|are|was|were|will be) )/iu;
const NAME =
  /\b(?:I am|I['’]m|[Cc]all me|[Ii]ch hei(?:ß|ss)e|[Mm]ein Name ist|[Ii]ch bin)\s+(?<name>\p{Lu}[\p{L}'’-]+(?:\s\p{Lu}[\p{L}'’-]+)?)/u;

const CHINESE_NAME = /我(?:叫|是|的名字是)(?<name>(?!什么|谁)\p{Script=Han}{2,4})(?=[。，,！!]|$)/u;

const CHANGES = /^(has changed to|changed to|became|=|is now)$/i;

function factOf(clause: string, sentence: string, author: string): Fact | null {
  const { owner, subject, verb, value } = CLAUSE.exec(clause.replace(OPENING, ""))?.groups ?? {};
  if (!subject || !value || NO_SUBJECT.test(subject)) return null;
  const named =
    verb === undefined
      ? // "Budget: 300 euros"
        { owner: owner ?? "the", subject: lowerFirst(subject), verb: "is" }
      : { owner: owner ?? "", subject, verb: plainVerb(verb) };
  return {
    ...named,
    author,
    owner: named.owner.toLowerCase(),
    value: value.replace(/ now$/i, ""),
    sentence,
  };
}

const plainVerb = (verb: string): string =>
  CHANGES.test(verb) ? "is" : verb.replace(/ now$/i, "");

function factsOf(sentence: string, author: string): readonly Fact[] {
  const name = (NAME.exec(sentence) ?? CHINESE_NAME.exec(sentence))?.groups?.["name"];
  const facts = sentence
    .split(BOUNDARY)
    .flatMap((clause) => factOf(clause, sentence, author) ?? []);
  return name === undefined
    ? facts
    : [...facts, { author, owner: "my", subject: "name", verb: "is", value: name, sentence }];
}

/** The facts in a thread, oldest first. Questions state no facts. */
export const factsIn = (statements: readonly Statement[]): readonly Fact[] =>
  statements.flatMap(({ author, text }) =>
    sentencesOf(text)
      .filter((sentence) => !sentence.endsWith("?"))
      .flatMap((sentence) => factsOf(sentence, author)),
  );

/** Drops facts that a later one replaced: "my name" by the same person, "the budget" by anyone. */
export function standingFacts(facts: readonly Fact[]): readonly Fact[] {
  const said = new Set<string>();
  const standing = facts.toReversed().filter(({ author, owner, subject }) => {
    const thing = subject.toLowerCase();
    const keys = [`${author}: ${thing}`, ...(owner === "my" ? [] : [thing])];
    const isReplaced = keys.some((key) => said.has(key));
    for (const key of keys) said.add(key);
    return !isReplaced;
  });
  return standing.toReversed();
}

/** The fact as told to `reader`: "Your name is Ada", "Bo's name is Bo", "The budget is 300 euros". */
export function formatFact({ author, owner, subject, verb, value }: Fact, reader: string): string {
  const personal = owner === "my" || owner === "our";
  const whose = personal ? (author === reader ? "your" : `${author}'s`) : owner;
  return capitalised(`${whose} ${subject} ${verb} ${value}`.trim());
}
