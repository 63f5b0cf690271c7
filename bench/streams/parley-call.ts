import { createCatalogue } from "../../src/backends/catalogue.ts";
import { createConcessionBook } from "../../src/backends/concessions/ledger.ts";
import { createBackends } from "../../src/backends/index.ts";
import { systemClock } from "../../src/clock.ts";
import { type BackendName, baseUrlOf } from "./wires.ts";

/** Asks once through Parley's backend with everything around it, and resolves with the text. */
export function createParleyCall(type: BackendName, origin: string): () => Promise<string> {
  const backends = createBackends({
    env: {},
    clock: systemClock,
    catalogue: createCatalogue(),
    concessions: createConcessionBook(),
  });
  const backend = backends.create(
    { type, model: "mock", base_url: baseUrlOf(type, origin), api_key: "key", concurrency: 4_000 },
    {
      limits: { move_timeout: 150, queue_timeout: 600, first_sign: 120, idle: 60, move_retries: 0 },
    },
  );
  return async () => {
    let text = "";
    const parts = [{ type: "text", text: "Should we keep the plan, or change it?" }] as const;
    const stream = backend.ask({
      system: ["You answer."],
      messages: [{ role: "user", parts }],
      tools: [],
      toolChoice: "auto",
      signal: new AbortController().signal,
    });
    for await (const event of stream) if (event.type === "text") text += event.text;
    return text;
  };
}
