import type { Style } from "./paint.ts";

const PALETTE = ["cyan", "magenta", "yellow", "green", "blue", "redBright"] as const;

/** Deals every agent a colour at first sight, and keeps it: the same name is never two colours on one screen. */
export function createAgentColours(): (agent: string) => Style {
  const dealt = new Map<string, Style>();
  return (agent) => {
    const colour = dealt.get(agent) ?? PALETTE[dealt.size % PALETTE.length] ?? "cyan";
    dealt.set(agent, colour);
    return colour;
  };
}
