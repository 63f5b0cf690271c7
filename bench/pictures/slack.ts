// npm run slack:picture: draws what a turn of the demo team looks like in Slack, from what is really sent there.
import { writeFile } from "node:fs/promises";
import { createSlack as createAdapter } from "../../adapters/slack/index.ts";
import { openKeyValues } from "../../src/store/keyv/key-values.ts";
import { createSlack } from "../../test/servers/slack/slack.ts";
import { isFields, type Fields } from "../../test/servers/slack/state/fields.ts";
import { drawSlack } from "./draw-slack.ts";
import { openDemo, QUESTION } from "./open-demo.ts";

const slack = await createSlack();
const { parley, store, done } = await openDemo(() => adapter);
const adapter = await createAdapter({
  env: slack.env(),
  state: parley.state.of("slack"),
  commands: parley.ports,
  installs: parley.installs.of("slack"),
  kept: (await openKeyValues({ ...store, dir: ":memory:", onProblem: console.error })).of,
  exit() {},
  onProblem: (problem) => console.error(problem),
});
await parley.serve([adapter.platform]);
slack.workspace.user("U1").says("C1", `<@${slack.workspace.bot()}> ${QUESTION}`);
await done;

const blocksOf = (args: Fields): readonly Fields[] =>
  Array.isArray(args["blocks"]) ? args["blocks"].filter(isFields) : [];
const says = (args: Fields, word: RegExp) => word.test(JSON.stringify(args["blocks"]));
const status = slack
  .calls("chat.update")
  .findLast(({ args }) => says(args, /is reviewing|has voted/) && says(args, /Stop/));
const answer = slack.calls("chat.postMessage").findLast(({ args }) => says(args, /parley_why/));
const asked = [{ type: "section", text: { type: "mrkdwn", text: `@Parley ${QUESTION}` } }];
const drawn = drawSlack([
  { author: "Ada", blocks: asked },
  { author: "Parley", blocks: blocksOf(status?.args ?? {}) },
  { author: "Parley", blocks: blocksOf(answer?.args ?? {}) },
]);
await writeFile(new URL("../../docs/slack.svg", import.meta.url), drawn);
await parley.stop(0);
await slack.stop();
