// npm run discord:picture: draws what a turn of the demo team looks like in Discord, from what stands there.
import { writeFile } from "node:fs/promises";
import { createDiscord as createAdapter } from "../../adapters/discord/index.ts";
import { parsePress } from "../../adapters/discord/render/buttons.ts";
import { createDiscord } from "../../test/servers/discord/discord.ts";
import type { SeenMessage } from "../../test/servers/discord/people/seen.ts";
import { drawDiscord } from "./draw-discord.ts";
import { openDemo, QUESTION } from "./open-demo.ts";

const discord = await createDiscord();
const guild = discord.guild();
const { parley, done } = await openDemo(() => ({}));
const { platform } = await createAdapter({
  env: { ...discord.env(), DISCORD_FRESH_MINUTES: "0" },
  state: parley.state.of("discord"),
  take: parley.lock,
  commands: parley.ports,
  exit() {},
  onProblem: (problem) => console.error(problem),
});
await parley.serve([platform]);
const asked = guild.user("Ada").says(guild.channel(), `@Parley ${QUESTION}`);

const posts = (): readonly SeenMessage[] =>
  discord.threadOf(asked) ? discord.messagesIn(asked) : [];
const kindOf = ({ buttons }: SeenMessage) => parsePress(buttons[0]?.customId ?? "")?.mark.kind;
let status: SeenMessage | undefined;
const look = setInterval(() => {
  const shown = posts().find((post) => kindOf(post) === "status");
  if (shown && /has voted/.test(shown.text) && shown.buttons.length > 1) status = shown;
}, 100);
await done;
clearInterval(look);

const answer = posts().filter((post) => kindOf(post) === "final");
const drawn = drawDiscord([asked, ...(status ? [status] : []), ...answer]);
await writeFile(new URL("../../docs/discord.svg", import.meta.url), drawn);
await parley.stop(0);
await discord.stop();
