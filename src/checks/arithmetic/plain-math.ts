const COMMANDS: Readonly<Record<string, string>> = {
  times: "×",
  cdot: "×",
  ast: "×",
  div: "÷",
  approx: "≈",
  simeq: "≈",
  cong: "≈",
  doteq: "≈",
  bmod: " mod ",
  left: "",
  right: "",
  quad: " ",
  qquad: " ",
  displaystyle: "",
  sqrt: "√",
};
const COMMAND = /\\([a-z]{1,20})(?![a-z])/gi;
const FRACTION = /\\[dt]?frac\s?\{([^{}]{1,60})\}\s?\{([^{}]{1,60})\}/g;
const ROOT = /\\sqrt\s?\{([^{}]{1,60})\}/g;
const BOX = /\\(?:boxed|text|textbf|mathrm|mathbf)\s?\{([^{}]{1,60})\}/g;
const EXPONENT = /\^\s?\{([^{}]{1,20})\}/g;
const RAISED = /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]{1,8}/g;
const RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** Emphasis that opens before a word or number, or closes after one. `2**10` stays. */
const EMPHASIS =
  /(?<=^|[\s([|:=≈>"“])[*_]{1,3}(?=[^\s*_])|(?<=[^\s*_])[*_]{1,3}(?=$|[\s.,;:!?)\]|"”])/g;

/** A line with LaTeX, emphasis and currency signs taken out, as far as calculations are concerned. */
export function plainMath(line: string): string {
  const plain = line.includes("\\") ? withoutLatex(line) : line;
  return plain
    .replace(RAISED, (digits) => `^${Array.from(digits, lowered).join("")}`)
    .replace(EMPHASIS, "")
    .replace(/[$€£¥]/g, " ");
}

function withoutLatex(line: string): string {
  let text = line;
  // From the inside out.
  for (let depth = 0; depth < 3; depth++) {
    text = text
      .replace(BOX, " $1 ")
      .replace(ROOT, "√($1)")
      .replace(EXPONENT, "^($1)")
      .replace(FRACTION, "(($1)/($2))");
  }
  return text
    .replace(/\{,\}/g, ",")
    .replace(/(?<=\d)\\,(?=\d{3})/g, "\u202F")
    .replace(/\\[()[\],;!: ]/g, " ")
    .replace(/\\([%$#&])/g, "$1")
    .replace(COMMAND, (all, name: string) => COMMANDS[name] ?? all);
}

const lowered = (digit: string): string =>
  digit === "⁻" ? "-" : String(RAISED_DIGITS.indexOf(digit));
