import fc from "fast-check";
import { expect, test } from "vitest";
import { answeredUntil, catchUp } from "../../src/adapter-kit/catch-up.ts";
import { TurnId } from "../../src/ids.ts";
import { propertyRuns } from "../support/property-runs.ts";

const Messages = fc.uniqueArray(
  fc.record({ id: fc.string({ minLength: 1 }), at: fc.nat(20), isTaken: fc.boolean() }),
  { selector: ({ id }) => id },
);

test("takes on what nobody has taken on and nothing shows to be answered, oldest first, each once", async () => {
  const run = async (
    candidates: typeof Messages extends fc.Arbitrary<infer T> ? T : never,
    until: number,
  ) => {
    const taken: typeof candidates = [];
    await catchUp({
      candidates,
      answeredUntil: until,
      untaken: async (some) => some.filter(({ isTaken }) => !isTaken),
      take: async (message) => void taken.push(message),
    });
    const wanted = candidates.filter(({ at, isTaken }) => at > until && !isTaken);
    expect(taken.toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(
      wanted.toSorted((a, b) => a.id.localeCompare(b.id)),
    );
    expect(taken.map(({ at }) => at)).toEqual(wanted.map(({ at }) => at).toSorted((a, b) => a - b));
  };
  await fc.assert(fc.asyncProperty(Messages, fc.integer({ min: -1, max: 21 }), run), {
    numRuns: propertyRuns(100),
  });
});

test("one that cannot be taken on ends it: those after it must not go before it", async () => {
  const taken: string[] = [];
  const caughtUp = catchUp({
    candidates: ["a", "b", "c"].map((id, at) => ({ id, at })),
    answeredUntil: -Infinity,
    untaken: async (some) => some,
    async take({ id }) {
      if (id === "b") throw new Error("The store is full.");
      taken.push(id);
    },
  });
  await expect(caughtUp).rejects.toThrow("The store is full.");
  expect(taken).toEqual(["a"]);
});

/** A turn that was taken on then. */
const turnAt = (at: number) => {
  const hex = at.toString(16).padStart(12, "0");
  return TurnId.parse(`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`);
};

test.each([
  ["nothing is answered where no answer stands", [], false, -Infinity],
  ["the claims tell where the last turn is known", [{ turn: turnAt(50), at: 70 }], true, -Infinity],
  [
    "else what stood there when it was taken on is answered",
    [{ turn: turnAt(50), at: 70 }],
    false,
    50,
  ],
  [
    "a turn cannot begin after its answer, whatever its id tells",
    [{ turn: turnAt(90), at: 70 }],
    false,
    70,
  ],
  [
    "an id that tells no time leaves the answer's own",
    [{ turn: TurnId.parse("t1"), at: 70 }],
    false,
    70,
  ],
])("%s", async (_, answers, isKnown, until) => {
  expect(await answeredUntil(answers, async () => isKnown)).toBe(until);
});
