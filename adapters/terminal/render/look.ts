import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** The size and colours of a terminal. */
export interface Look {
  readonly columns: number;
  readonly colour: boolean;
  readonly paint: (style: Style, text: string) => string;
}

export interface BoardLook extends Look {
  readonly agentColour: (agent: string) => Style;
}

/** Under NO_COLOR (`colour` false) text is not styled. */
export function createLook(columns: number, colour: boolean): Look {
  return {
    columns,
    colour,
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
