import { z } from "zod";

const setting = z.coerce
  .number()
  .int()
  .positive()
  .optional()
  .parse(process.env["PARLEY_TEST_RUNS"]);

/**
 * How often a property is tried: `quick` times in `npm test`, and as PARLEY_TEST_RUNS says in `npm run test:all`.
 * A property whose runs each need a store or whole documents takes a `share` of that.
 */
export const propertyRuns = (quick: number, share = 1): number =>
  setting === undefined ? quick : Math.max(quick, Math.ceil(setting * share));
