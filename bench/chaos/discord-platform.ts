import { parsePress } from "../../adapters/discord/render/buttons.ts";
import { createDiscord, type Discord } from "../../test/servers/discord/discord.ts";
import type { MessagePlace } from "../../test/servers/discord/people/place.ts";
import type { SeenMessage } from "../../test/servers/discord/people/seen.ts";
import type { Fault } from "../../test/servers/discord/rest/faults.ts";
import type { ChaosPlatform, ChaosThread, Post } from "./place.ts";
import { isToBeRefused } from "./question.ts";

const GUILDS = 2;
const CHANNELS = 6;
const PEOPLE = 12;

/** A bot that is killed cannot know when the one before it identified; Discord turns it away, and it waits. */
const HARMLESS = /identified faster/;

/** A Discord with its own limits. */
export async function createDiscordPlatform(
  fault: () => Fault | undefined,
): Promise<ChaosPlatform> {
  const discord = await createDiscord({ isChecked: false });
  for (let n = 0; n < GUILDS; n++) {
    for (let c = 0; c < CHANNELS; c++) discord.guild(`Guild ${n}`).channel(`channel-${c}`);
  }
  discord.faults.sometimes(fault);
  refuseForGood(discord);
  return {
    name: "discord",
    env: discord.env(),
    thread: (number) => createThread(discord, number),
    shake(random) {
      const chance = random();
      if (chance < 0.4) discord.gateway.drops();
      else if (chance < 0.6) discord.gateway.asksToReconnect();
      else discord.gateway.repeats(4);
    },
    heal: () => discord.faults.clear(),
    complaints: () => discord.violations.filter((what) => !HARMLESS.test(what)),
    calls: () => discord.allCalls.length,
    stop: () => discord.stop(),
  };
}

/** Uploads lack their permission, and some answers are refused in every form. */
function refuseForGood({ faults }: Discord): void {
  faults.always({ kind: "status", status: 403 }, ({ files }) => files.length > 0);
  faults.always({ kind: "status", status: 400 }, ({ route, body }) => {
    const text = JSON.stringify(body ?? {});
    // Buttons carry the mark; an answer that goes without them carries no waiting message.
    const isStatus = text.includes(":status:");
    return route === "POST /channels/:channel/messages" && isToBeRefused(text) && !isStatus;
  });
}

function createThread(discord: Discord, number: number): ChaosThread {
  const guild = discord.guild(`Guild ${number % GUILDS}`);
  const channel = guild.channel(`channel-${number % CHANNELS}`);
  const person = guild.user(`Person ${number % PEOPLE}`);
  let root: MessagePlace | undefined;
  const thread = () => root && discord.threadOf(root);
  return {
    name: `discord ${number}`,
    canAsk: () => root === undefined || thread() !== undefined,
    ask(text) {
      const place = thread() ?? channel;
      const message = person.says(place, `@Parley ${text}`);
      root ??= message;
    },
    posts() {
      const place = thread();
      return place ? discord.messagesIn(place).flatMap((message) => read(message)) : [];
    },
  };
}

function read({ buttons, text, embeds }: SeenMessage): readonly Post[] {
  const presses = buttons.flatMap(({ customId }) => parsePress(customId ?? "") ?? []);
  const [mark] = presses.map((press) => press.mark);
  if (!mark || mark.chunk > 0) return [];
  const isWorking = presses.some(({ action }) => action === "stop");
  const words = [text, ...embeds.map(({ description }) => description)].join("\n");
  return [{ kind: mark.kind, turn: mark.turn, text: words, isWorking }];
}
