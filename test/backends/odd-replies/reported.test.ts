import { describe, expect, test } from "vitest";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { ask, failure, voteTool } from "../ask.ts";
import { CREATE } from "./backends.ts";
import { outcomeOf } from "./outcome.ts";
import { REPORTED_CALLS } from "./reported-calls.ts";
import { REPORTED_MARKUP } from "./reported-markup.ts";
import { REPORTED_STREAMS } from "./reported-streams.ts";
import { REPORTED_TEXTS } from "./reported-texts.ts";

describe("a reply that somebody reported is read", () => {
  const faults = useModelFaults();

  test.each([...REPORTED_TEXTS, ...REPORTED_STREAMS, ...REPORTED_CALLS, ...REPORTED_MARKUP])(
    "$report ($backend)",
    async ({ backend, body, outcome: { failure: failed, ...expected } }) => {
      faults().play({ type: "raw", body });
      const one = CREATE[backend](faults().url);
      if (failed) expect((await failure(one)).failure).toBe(failed);
      else expect(outcomeOf(await ask(one, { tools: [voteTool] }))).toMatchObject(expected);
    },
  );
});
