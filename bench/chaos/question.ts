/** One message that asks; its name stands in its text, and so in the answer. */
export interface Question {
  /** "q17.2": the second question of the 17th thread. */
  readonly name: string;
  readonly text: string;
  /** The platform refuses its answer in every form, for good. */
  readonly isRefused: boolean;
}

/** Of so many questions, one has an answer that is refused, and one an answer that needs a file. */
const ONE_REFUSED = 9;
const ONE_LONG = 8;
/** Slack takes four messages of 10,000 characters before it needs a file, Discord four of 1,900. */
const LONG = { slack: 42_000, discord: 9_000 } as const;

export function createQuestion(thread: number, place: number, platform: string): Question {
  const name = `q${thread}.${place}`;
  const isRefused = (5 * thread + place) % ONE_REFUSED === 0;
  const isLong = !isRefused && (3 * thread + place) % ONE_LONG === 0;
  const length = platform === "slack" ? LONG.slack : LONG.discord;
  const marks = [isRefused ? REFUSED : "", isLong ? `Answer in ${length} characters.` : ""];
  const text = [`[${name}] Should we keep plan ${thread}, or change it?`, ...marks];
  return { name, text: text.filter(Boolean).join(" "), isRefused };
}

const NAME = /\[(q\d+\.\d+)\]/;

/** The question that a text repeats. */
export const questionIn = (text: string): string | undefined => NAME.exec(text)?.[1];

const REFUSED = "(to be refused)";

/** Whether a text is an answer that no platform takes. */
export const isToBeRefused = (text: string): boolean => text.includes(REFUSED);

/** How long an answer is asked for. */
export const lengthIn = (text: string): number =>
  Number(/Answer in (\d{1,6}) characters\./.exec(text)?.[1] ?? 0);
