/** One message that asks; its name stands in its text, and so in the answer. */
export interface Question {
  /** "q17.2": the second question of the 17th thread. */
  readonly name: string;
  readonly text: string;
}

export const createQuestion = (thread: number, place: number): Question => {
  const name = `q${thread}.${place}`;
  return { name, text: `[${name}] Should we keep plan ${thread}, or change it?` };
};

const NAME = /\[(q\d+\.\d+)\]/;

/** The question that a text repeats. */
export const questionIn = (text: string): string | undefined => NAME.exec(text)?.[1];
