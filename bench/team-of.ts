const STYLES = ["careful", "brief", "sceptical"];

/** The file of a team of simulated agents, up to three. `pace`: how long they think, 0 not at all; 1 is 1–4 s a move. */
export const teamOf = (agents: readonly string[], pace: number): string => `
name: Bench
settle: 0
agents:
${agents
  .map(
    (id, at) =>
      `  - { id: ${id}, backend: { type: simulated, model: simulated, style: ${STYLES[at]}, concurrency: 1000, options: { pace: ${pace} } } }`,
  )
  .join("\n")}
`;
