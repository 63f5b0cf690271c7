import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished, vi } from "vitest";
import { createDiscord as createAdapter } from "../../../adapters/discord/index.ts";
import { parsePress } from "../../../adapters/discord/render/buttons.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import type { Store } from "../../../src/store/store.ts";
import { createDiscord } from "../../servers/discord/discord.ts";
import type { DiscordOptions } from "../../servers/discord/options.ts";
import type { Place } from "../../servers/discord/people/place.ts";
import type { SeenMessage } from "../../servers/discord/people/seen.ts";
import { createFastClock } from "../../support/fast-clock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { openMemory, openParley } from "./open-parley.ts";
import { PATIENCE } from "../../support/patience.ts";

const team = (name: string, ada: number, ben = ada, settle = 0) => `
name: ${name}
settle: ${settle}
agents:
  - { id: ada, name: Ada, backend: { type: simulated, model: simulated, style: careful, options: { pace: ${ada} } } }
  - { id: ben, name: Ben, backend: { type: simulated, model: simulated, style: brief, options: { pace: ${ben} } } }
limits: { turn_timeout: 36000, move_timeout: 36000, first_sign: 36000, idle: 36000 }
`;

/** Whether a message leaves it to Discord whom it notifies: `allowed_mentions` stands in each, edits too. */
function mayPing(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  if ("data" in body) return mayPing(body.data);
  const isMessage = "content" in body || "components" in body;
  const isModal = "title" in body;
  return isMessage && !isModal && !("allowed_mentions" in body);
}

/** The agent that never answers: what runs with it ends when somebody ends it. */
const NEVER = 10_000;

/** Resolves when a check passes: on a busy machine that takes its time. */
export const until = <T>(check: () => T): Promise<T> => vi.waitFor(check, PATIENCE);

export interface World extends DiscordOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** How slow the models are; 0: they answer at once. */
  readonly pace?: number;
  /** How long a question waits for more of it, seconds. Default: not at all. */
  readonly settle?: number;
  /** How many times as fast as the machine's clock time runs, for Discord, the adapter and Parley alike. */
  readonly times?: number;
}

/** A Discord on this machine; Parley joins it, leaves it, and comes back. */
export async function parleyInDiscord({
  env = {},
  pace = 0,
  settle = 0,
  times = 20,
  ...options
}: World = {}) {
  const clock = createFastClock(times);
  // Time runs faster here, but the machine does not: nothing is late that takes it three seconds.
  const discord = await createDiscord({ clock, acknowledgeMs: 3_000 * times, ...options });
  onTestFinished(() => discord.stop());
  const dir = await temporaryFolder();
  await writeFile(join(dir, "default.yaml"), team("Test", pace, pace, settle));
  await writeFile(join(dir, "duo.yaml"), team("Duo", pace));
  await writeFile(join(dir, "endless.yaml"), team("Endless", 0, NEVER));
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
    // A process whose start fails leaves in good order.
    await parley.serve([platform]).catch(async (error: unknown) => {
      await leave();
      throw error;
    });
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
    mistakes: () => [
      ...discord.violations.filter((text) => !text.includes(": got ")),
      ...discord.allCalls.flatMap(({ method, route, body }) =>
        mayPing(body) ? [`${method} ${route} may notify people`] : [],
      ),
    ],
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
      until(() => {
        const found = discord.world.channels.has(place.id) ? finals(place) : [];
        if (found.length !== count)
          throw new Error(`${found.length} answers. Problems: ${problems.join()}`);
        return found;
      }),
  };
}

/** The mark that a message's buttons carry. */
export const markOf = ({ buttons }: Pick<SeenMessage, "buttons">): DeliveryMark | undefined =>
  buttons.flatMap(({ customId }) => parsePress(customId ?? "")?.mark ?? [])[0];
