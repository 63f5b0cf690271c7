import { afterAll, beforeAll, beforeEach } from "vitest";
import { createModelFaults } from "./model-faults.ts";
import type { ModelFaults } from "./model-faults.ts";

/** One fault server for the tests of a block, without scenes at the start of each. */
export function useModelFaults(): () => ModelFaults {
  const started: ModelFaults[] = [];
  const current = () => {
    const [faults] = started;
    if (!faults) throw new Error("the fault server runs only within tests");
    return faults;
  };
  beforeAll(async () => void started.push(await createModelFaults()));
  beforeEach(() => current().reset());
  afterAll(() => current().stop());
  return current;
}
