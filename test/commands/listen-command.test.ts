import { expect, test } from "vitest";
import { openRoom } from "./room.ts";

test("listen says what is answered here, and why", async () => {
  const { hear } = await openRoom();
  expect(await hear("listen")).toBe(
    "Parley listens here in the mode thread\nAnswered are replies in threads that Parley is part of, and messages that name it (the default). Private messages always are.",
  );
});

test("what is chosen nearer decides, and can be undone", async () => {
  const { hear } = await openRoom();
  await hear("listen always --channel", "operator");
  expect(await hear("listen mention")).toBe(
    "Parley listens anew in this thread\nAnswered are only messages that name Parley (chosen for this thread by slack:U1). Private messages always are.",
  );
  await hear("listen reset");
  expect(await hear("listen")).toContain("in the mode always");
});

test("a channel takes an operator, a space an admin", async () => {
  const { hear } = await openRoom();
  expect(await hear("listen always --channel")).toBe(
    "`listen --channel` is for operators and admins\nYou can: `listen [mention|thread|always|reset]`.",
  );
  expect(await hear("listen always --space", "operator")).toContain("is for admins");
});
