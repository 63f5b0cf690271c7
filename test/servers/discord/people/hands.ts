import { COMPONENT, partsOf } from "../forms/component-form.ts";
import { asList, asText, type Json } from "../wire/json.ts";
import { INTERACTION } from "../world/interaction.ts";
import type { Channel } from "../world/channel.ts";
import type { Message } from "../world/message.ts";
import type { User } from "../world/user.ts";
import type { World } from "../world/world.ts";
import { menuData, offeredCommands, slashData } from "./commands.ts";
import type { Filled } from "./modal.ts";
import { type GivenFile, storeFiles } from "./given-file.ts";
import { channelAt, type MessagePlace, type Place } from "./place.ts";
import { act, type Ran } from "./ran.ts";
import { seen } from "./seen.ts";

export interface RunOptions {
  readonly in: Place;
  /** Given to options that take files, by name. */
  readonly files?: readonly GivenFile[];
}

/** What somebody does with the bot's commands and buttons. */
export interface Hands {
  /** Names of the commands that are offered in a place. */
  offers(place: Place): readonly string[];
  /** "/parley team use name: council". */
  runs(text: string, options: RunOptions): Promise<Ran>;
  /** Types a command up to an option that suggests values. */
  completes(text: string, options: RunOptions): Promise<Ran["choices"]>;
  /** A command in a message's menu. */
  usesMenu(name: string, message: MessagePlace): Promise<Ran>;
  /** Presses a button, by its custom id or by what stands on it. */
  clicks(message: MessagePlace, button: string): Promise<Ran>;
  /** Picks values in a select menu. */
  picks(message: MessagePlace, select: string, values: readonly string[]): Promise<Ran>;
  /** Fills in the form that a click or a command brought up. */
  submits(ran: Ran, filled: Filled): Promise<Ran>;
}

export function createHands(world: World, user: User): Hands {
  const at = ({ in: place, files }: RunOptions) => ({
    world,
    channel: channelAt(world, place),
    files: storeFiles(world, files),
  });
  const find = ({ channelId, id }: MessagePlace): { channel: Channel; message: Message } => {
    const channel = channelAt(world, { id: channelId });
    const message = channel.messages.get(id);
    const isSeen = message && [null, user.id].includes(message.visibleTo);
    if (!message || !isSeen) throw new Error(`${user.username} sees no such message.`);
    return { channel, message };
  };
  const send = (channel: Channel, type: number, data: Json, message: Message | null = null) =>
    act(world, {
      type,
      userId: user.id,
      channelId: channel.id,
      commandName: type === INTERACTION.command ? fullName(data) : null,
      data,
      message,
    });
  const use = (message: MessagePlace, key: string, fits: (type: number) => boolean) => {
    const found = find(message);
    return { ...found, part: partOf(world, found.message, key, fits) };
  };
  return {
    offers: (place) =>
      offeredCommands(world, channelAt(world, place), user.id).map(({ name }) => name),
    async runs(text, options) {
      const where = at(options);
      const data = slashData(where, { userId: user.id, text, isComplete: true });
      return send(where.channel, INTERACTION.command, data);
    },
    async completes(text, options) {
      const where = at(options);
      const data = slashData(where, { userId: user.id, text, isComplete: false });
      return (await send(where.channel, INTERACTION.autocomplete, data)).choices;
    },
    async usesMenu(name, place) {
      const { channel, message } = find(place);
      const data = menuData({ world, channel, files: [] }, user.id, name, message);
      return send(channel, INTERACTION.command, data);
    },
    async clicks(place, button) {
      const { channel, message, part } = use(place, button, (type) => type === COMPONENT.button);
      return send(channel, INTERACTION.component, componentData(part), message);
    },
    async picks(place, select, values) {
      const { channel, message, part } = use(place, select, (type) => type !== COMPONENT.button);
      const known = asList(part["options"]).map(({ value }) => value);
      const stray = values.find((value) => known.length > 0 && !known.includes(value));
      if (stray !== undefined) throw new Error(`"${stray}" is not among ${known.join(", ")}.`);
      return send(channel, INTERACTION.component, { ...componentData(part), values }, message);
    },
    submits: (ran, filled) => ran.submits(filled),
  };
}

/** "parley team use", as the answer's head shows it. */
function fullName(data: Json): string {
  const [first] = asList(data["options"]);
  const below = first && Number(first["type"]) <= 2 ? ` ${fullName(first)}` : "";
  return `${asText(data["name"])}${below}`;
}

const componentData = (part: Json): Json => ({
  component_type: part["type"],
  custom_id: part["custom_id"],
  id: part["id"],
});

/** A button or select by custom id or label; throws when there is none that can be used. */
function partOf(
  world: World,
  message: Message,
  key: string,
  fits: (type: number) => boolean,
): Json {
  const { buttons, selects } = seen(world, message);
  const labelled = buttons.find(({ label }) => label === key)?.customId ?? key;
  const part = partsOf(message.components).find(
    (one) => fits(Number(one["type"])) && one["custom_id"] === labelled,
  );
  if (!part) {
    const known = [
      ...buttons.map(({ label }) => label),
      ...selects.map(({ customId }) => customId),
    ];
    throw new Error(
      `There is no "${key}" on that message, only: ${known.join(", ") || "nothing"}.`,
    );
  }
  if (part["disabled"] === true) throw new Error(`"${key}" is switched off.`);
  return part;
}
