// npm run slack:picture: draws what a turn of the demo team looks like in Slack, from what is really sent there.
import { writeFile } from "node:fs/promises";
import { createSlack as createAdapter } from "../../adapters/slack/index.ts";
import { createCatalogue } from "../../src/backends/catalogue.ts";
import { systemClock } from "../../src/clock.ts";
import { createParley } from "../../src/parley.ts";
import { openKeyValues } from "../../src/store/key-values.ts";
import { openStore } from "../../src/store/store.ts";
import { shippedConfigs } from "../../src/teams/shipped-configs.ts";
import { createTeamBook } from "../../src/teams/team-book.ts";
import { createSlack } from "../../test/servers/slack/slack.ts";
import { isFields, type Fields } from "../../test/servers/slack/state/fields.ts";
import { drawMessages } from "./draw-messages.ts";

const QUESTION = "Train or bus from Bern to Milan?";

const slack = await createSlack();
const clock = systemClock;
const store = await openStore({ dir: ":memory:", pid: 1, now: Date.now });
const book = await createTeamBook({ dirs: [shippedConfigs()], env: {}, clock, watch: null });
const done = Promise.withResolvers<void>();
const parley = createParley({
  store,
  book,
  catalogue: createCatalogue(),
  env: {},
  clock,
  wallClock: Date.now,
  team: "demo",
  version: "",
  listener: {
    turnEvent: (...told) => adapter.turnEvent(...told),
    turnDone(conversation) {
      adapter.turnDone(conversation);
      done.resolve();
    },
    problem: (problem) => console.error(problem),
  },
});
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
await done.promise;

const blocksOf = (args: Fields): readonly Fields[] =>
  Array.isArray(args["blocks"]) ? args["blocks"].filter(isFields) : [];
const says = (args: Fields, word: RegExp) => word.test(JSON.stringify(args["blocks"]));
const status = slack
  .calls("chat.update")
  .findLast(({ args }) => says(args, /reviewing[^]*Tally/) && says(args, /Stop/));
const answer = slack.calls("chat.postMessage").findLast(({ args }) => says(args, /parley_why/));
const asked = [{ type: "section", text: { type: "mrkdwn", text: `@Parley ${QUESTION}` } }];
const drawn = drawMessages([
  { author: "Ada", blocks: asked },
  { author: "Parley", blocks: blocksOf(status?.args ?? {}) },
  { author: "Parley", blocks: blocksOf(answer?.args ?? {}) },
]);
await writeFile(new URL("../../docs/slack.svg", import.meta.url), drawn);
await parley.stop(0);
await slack.stop();
