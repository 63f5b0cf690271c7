import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { createDiscord as createAdapter } from "../../../adapters/discord/index.ts";
import { parsePress } from "../../../adapters/discord/parse/mark.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import type { Store } from "../../../src/store/store.ts";
import { createDiscord } from "../../servers/discord/discord.ts";
import type { DiscordOptions } from "../../servers/discord/options.ts";
import type { Place } from "../../servers/discord/people/place.ts";
import type { SeenMessage } from "../../servers/discord/people/seen.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openMemory, openParley } from "./open-parley.ts";

const team = (name: string, pace: number) => `
name: ${name}
agents:
  - { id: ada, name: Ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: ${pace} } } }
  - { id: ben, name: Ben, backend: { type: simulated, model: simulated, style: brief, options: { pace: ${pace} } } }
`;

export interface World extends DiscordOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** How slow the models are; 0: they answer at once. */
  readonly pace?: number;
  /** How many times as fast as the machine's clock time runs, for Discord, the adapter and Parley alike. */
  readonly times?: number;
}

/** A Discord on this machine; Parley joins it, leaves it, and comes back. */
export async function parleyInDiscord({ env = {}, pace = 0, times = 20, ...options }: World = {}) {
  const clock = createFastClock(times);
  const discord = await createDiscord({ clock, ...options });
  onTestFinished(() => discord.stop());
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), team("Test", pace));
  await writeFile(join(dir, "duo.yaml"), team("Duo", pace));
  const problems: string[] = [];
  const exits: number[] = [];
  const guild = discord.guild();

  const join_ = async (given?: Store) => {
    const store = given ?? (await openMemory());
    const note = (problem: unknown) => void problems.push(String(problem));
    const parley = await openParley({ dir, store, clock }, note);
    const { platform } = await createAdapter({
      env: { ...discord.env(), ...env },
      state: parley.state.of("discord"),
      take: parley.lock,
      commands: parley.ports,
      exit: (code) => void exits.push(code),
      onProblem: note,
      clock,
      wallClock: () => discord.world.time.now(),
    });
    let isGone = false;
    const leave = async () => {
      if (isGone) return;
      isGone = true;
      await parley.stop(0);
    };
    onTestFinished(leave);
    await parley.serve([platform]);
    return { platform, parley, store, leave };
  };

  const finals = (place: Place) =>
    discord.messagesIn(place).filter((message) => markOf(message)?.kind === "final");
  return {
    discord,
    guild,
    channel: guild.channel(),
    ada: guild.user("Ada"),
    /** Whatever Parley sent that no bot should send; what the server answers is the server's. */
    mistakes: () => discord.violations.filter((text) => !text.includes(": got ")),
    problems,
    exits,
    clock,
    join: join_,
    /** The adapter's own folder is lost. */
    forgets: () => rm(join(dir, "discord"), { recursive: true, force: true }),
    finals,
    /** The status messages of a place. */
    statuses: (place: Place) =>
      discord.messagesIn(place).filter((message) => markOf(message)?.kind === "status"),
    /** Resolves with the final answers when there are so many. */
    answered: (place: Place, count = 1) =>
      vi.waitFor(
        () => {
          const found = discord.world.channels.has(place.id) ? finals(place) : [];
          if (found.length !== count)
            throw new Error(`${found.length} answers. Problems: ${problems.join()}`);
          return found;
        },
        { timeout: 8_000, interval: 20 },
      ),
  };
}

/** The mark that a message's buttons carry. */
export const markOf = ({ buttons }: Pick<SeenMessage, "buttons">): DeliveryMark | undefined =>
  buttons.flatMap(({ customId }) => parsePress(customId ?? "")?.mark ?? [])[0];
