import { expect, test } from "vitest";
import { openRoom } from "./room.ts";

test("listen says what is answered here, and why", async () => {
  const { hear } = await openRoom();
  expect(await hear("listen")).toBe(
    "Listening mode: thread\nParley answers replies in its threads, and messages that mention it (the default). It always answers direct messages.",
  );
});

test("what is chosen nearer decides, and can be undone", async () => {
  const { hear } = await openRoom();
  await hear("listen always --channel", "operator");
  expect(await hear("listen mention")).toBe(
    "Listening mode changed for this thread\nParley answers only messages that mention Parley (chosen for this thread by Ada). It always answers direct messages.",
  );
  await hear("listen reset");
  expect(await hear("listen")).toContain("Listening mode: always");
});

test("a channel takes an operator, a space an admin", async () => {
  const { hear } = await openRoom();
  expect(await hear("listen always --channel")).toBe(
    "`listen --channel` is for operators and admins\nYou can use `listen [mention|thread|always|reset]`.",
  );
  expect(await hear("listen always --space", "operator")).toContain("is for admins");
});
