/** The variable that tells the model server which process asks. */
export const SEAT_KEY = "PARLEY_KEY_SEAT";

/** A team of three whose models are the counting server's. */
export const teamFile = (modelsUrl: string): string => `
name: Chaos
settle: 0
agents:
${["ada", "ben", "cleo"]
  .map(
    (id) =>
      `  - { id: ${id}, backend: { type: compatible, model: ${id}, base_url: "${modelsUrl}", api_key: "\${${SEAT_KEY}}", concurrency: 1000 } }`,
  )
  .join("\n")}
`;
