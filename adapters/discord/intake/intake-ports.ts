import type { KeyedQueue } from "../../../src/adapter-kit/queue/keyed-queue.ts";
import type { Clock } from "../../../src/clock.ts";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { Intake } from "../../../src/platform.ts";
import type { Api } from "../api/api.ts";
import type { Guilds } from "../guilds.ts";
import type { Heard } from "./heard.ts";
import type { Seen } from "./seen.ts";
import type { Readers } from "../parse/readers.ts";
import type { Standing, Who } from "../people/standing.ts";
import type { Channels } from "../threads/channels.ts";
import type { Threads } from "../threads/open-thread.ts";

/** What taking an event on may need. */
export interface IntakePorts {
  readonly intake: Intake;
  readonly api: Api;
  readonly guilds: Guilds;
  readonly identity: () => Promise<string>;
  readonly channels: Channels;
  readonly threads: Threads;
  readonly readers: Readers;
  readonly standingOf: (who: Who) => Standing;
  /** By channel, so that its messages are taken on in order. */
  readonly queue: KeyedQueue;
  readonly clock: Clock;
  readonly listening: CommandPorts["listening"];
  /** How old a message may be that is still answered though nobody took it on when it was said, ms. */
  readonly freshMs: number;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** Something was gone on without. */
  readonly onProblem: (problem: unknown) => void;
}

/** What catching up may need besides. */
export interface BackFillPorts extends IntakePorts {
  /** Rejects on Discord's limits. */
  readonly reading: Api;
  readonly seen: Seen;
  readonly heard: Heard;
  readonly commands: {
    readonly turns: Pick<CommandPorts["turns"], "get" | "hasBegun" | "untaken">;
  };
}
