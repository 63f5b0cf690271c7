import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** Colours code, line by line. undefined: the language is unknown, or the code is too long. */
export type Highlight = (
  code: string,
  language: string,
  paint: (style: Style, text: string) => string,
) => readonly string[] | undefined;

/** The size and abilities of a terminal. */
export interface Look {
  readonly columns: number;
  readonly colour: boolean;
  readonly paint: (style: Style, text: string) => string;
  /** Whether links can be clicked. */
  readonly links: boolean;
  /** Colours code; absent: all code has one colour. */
  readonly highlight?: Highlight | undefined;
}

export interface BoardLook extends Look {
  readonly agentColour: (agent: string) => Style;
}

/** Under NO_COLOR (`colour` false) text is not styled. */
export function createLook(
  columns: number,
  colour: boolean,
  { links = false, highlight }: Partial<Pick<Look, "links" | "highlight">> = {},
): Look {
  return {
    columns,
    colour,
    links,
    highlight: colour ? highlight : undefined,
    paint: (style, text) =>
      colour && text !== "" ? styleText(style, text, { validateStream: false }) : text,
  };
}

const PALETTE = ["cyan", "magenta", "yellow", "green", "blue", "redBright"] as const;

/** Assigns each agent a colour when it first appears. */
export function createAgentColours(): (agent: string) => Style {
  const assigned = new Map<string, Style>();
  return (agent) => {
    const colour = assigned.get(agent) ?? PALETTE[assigned.size % PALETTE.length] ?? "cyan";
    assigned.set(agent, colour);
    return colour;
  };
}
