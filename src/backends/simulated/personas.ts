import type { SimulatedStyle } from "../config.ts";
import type { Finding } from "./search.ts";
import { quote } from "./words.ts";

/** Marks every text of a simulated agent. */
export const MARK = "[simulated]";

/** The text without the mark. */
export const bodyOf = (text: string): string => text.replace(MARK, "").trim();

/** How an agent of the demo team writes answers and scores others. */
export interface Persona {
  /** A first answer for the asker, without the mark. */
  write(findings: readonly Finding[], asker: string): string;
  /** Points for each quality of an answer. */
  readonly likes: Readonly<Record<Quality, number>>;
  /** Whether it revises its answer after reading the others. */
  readonly revises: boolean;
}

/** Superficial qualities of an answer. */
export type Quality = "right" | "sourced" | "short" | "doubting" | "revised";

export const claims = (findings: readonly Finding[]): string =>
  findings.map(({ claim }) => claim).join("\n");

const whose = (author: string, asker: string): string => (author === asker ? "you" : author);

/** The sources of the findings, one line each. */
const sourcesOf = (findings: readonly Finding[], asker: string): readonly string[] => [
  ...new Set(
    findings.flatMap(({ source }) =>
      source ? [`${quote(source.sentence)} (${whose(source.author, asker)}, in this thread)`] : [],
    ),
  ),
];

const WORKED_OUT = "Worked out from the inside of the brackets outwards.";
const NO_BASIS = "No message of this thread settles it, so check it before you build on it.";

/** The source of an answer without a message in the thread. */
const baseWithoutSource = ({ kind, claim }: Finding): string => {
  if (kind === "talk") return "";
  if (kind === "sum") return claim.includes("(") ? WORKED_OUT : "Worked out, not looked up.";
  return NO_BASIS;
};

function careful(findings: readonly Finding[], asker: string): string {
  const sources = sourcesOf(findings, asker);
  const basis =
    sources.length > 0
      ? `This rests on ${sources.join(" and ")}; nothing later in the thread changes it.`
      : findings.slice(0, 1).map(baseWithoutSource).join("");
  return `${claims(findings)}\n\n${basis}`.trim();
}

const DOUBTS: Readonly<Record<Finding["kind"], string>> = {
  talk: "",
  sum: "That holds as long as the figures do, and nobody confirmed them.",
  fact: "That is what the thread says, but nobody confirmed it.",
  choice: "Nobody gave a reason that would make the other one wrong, though.",
  noted: "I take this as said; nobody else in the thread has confirmed it.",
  recap: "Whether it is complete I cannot tell from here.",
  quoted: "Whether that is still so, nobody said.",
  earlier: "I would check it once more before relying on it.",
  nothing: "I would rather say so than guess.",
};

const CHECKED = "I checked it a second way and came to the same.";

/** Doubts figures that people gave, not arithmetic. */
const doubtOf = ({ kind, source }: Finding): string =>
  kind === "sum" && source === null ? CHECKED : DOUBTS[kind];

const sceptical = (findings: readonly Finding[]): string =>
  [claims(findings), ...findings.slice(0, 1).map(doubtOf)].join("\n\n").trim();

const late = (findings: readonly Finding[], asker: string): string =>
  [claims(findings), "(Sent after a simulated outage.)", ...sourcesOf(findings, asker)].join(
    "\n\n",
  );

export const PERSONAS: Readonly<Record<SimulatedStyle, Persona>> = {
  careful: {
    write: careful,
    likes: { right: 3, sourced: 3, short: 0, doubting: -2, revised: -1 },
    revises: false,
  },
  brief: {
    write: claims,
    likes: { right: 3, sourced: 0.5, short: 3, doubting: -2, revised: -0.5 },
    revises: false,
  },
  sceptical: {
    write: sceptical,
    likes: { right: 2, sourced: 2.5, short: -1, doubting: 1, revised: 1.5 },
    revises: true,
  },
  outage: {
    write: late,
    likes: { right: 3, sourced: 2, short: 1, doubting: -1, revised: -0.5 },
    revises: false,
  },
};
