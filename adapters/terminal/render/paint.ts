import { styleText } from "node:util";

export type Style = Parameters<typeof styleText>[0];

/** How things look on one terminal. */
export interface Look {
  readonly columns: number;
  readonly colour: boolean;
  readonly paint: (style: Style, text: string) => string;
}

/** Under NO_COLOR (`colour` false) text stays as it is. */
export function createLook(columns: number, colour: boolean): Look {
  return {
    columns,
    colour,
    paint: (style, text) =>
      colour && text !== "" ? styleText(style, text, { validateStream: false }) : text,
  };
}
