import { expect, test } from "vitest";
import { parseCommand } from "../../../src/commands/parse/parse-command.ts";
import { TurnId } from "../../../src/ids.ts";
import { renderOutgoing } from "../../example-adapter/render.ts";
import { sampleStatus } from "../../support/sample-views.ts";

const turn = TurnId.parse("0198c3a0-7a10-7000-8000-000000000001");
const actionsOf = (phase: "answering" | "answered") =>
  renderOutgoing({ kind: "status", view: sampleStatus({ turn, phase }) }).actions;

test("the actions of a status are commands about its turn", () => {
  expect(actionsOf("answering").map((text) => parseCommand(text))).toEqual([
    { name: "stop", turn },
    { name: "status" },
  ]);
  expect(actionsOf("answered").map((text) => parseCommand(text))).toEqual([
    { name: "retry", team: null, turn },
  ]);
});
