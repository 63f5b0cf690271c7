export type Language = "en" | "de" | "zh";

const GERMAN =
  /\b(wer|wie|wann|wo|warum|welche[rs]?|ist|sind|hat|haben|bitte|ich|wir|und|oder|nicht|eine?|der|die|das)\b|[äöüß]/i;

/** The language of a message, of the three that the demo speaks. */
export const languageOf = (text: string): Language =>
  /\p{Script=Han}/u.test(text) ? "zh" : GERMAN.test(text) ? "de" : "en";
