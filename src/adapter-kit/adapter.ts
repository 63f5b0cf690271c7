import type {
  AdapterState,
  InstallRecords,
  KeyValuesByName,
  TakeLock,
  ThreadLines,
} from "../adapter-storage.ts";
import type { Clock } from "../clock.ts";
import type { CommandPorts } from "../commands/ports.ts";
import type { TextListener } from "../coordination/runner/ports.ts";
import type { TurnEvent } from "../coordination/turn-event.ts";
import type { TurnState } from "../coordination/turn-state.ts";
import type { HttpRoute } from "../http/http-server.ts";
import type { ConversationId } from "../ids.ts";
import type { Platform } from "../platform.ts";
import type { TurnSummary } from "../progress/turn-summary.ts";
import type { LoadedSettings } from "../settings.ts";

/** What the command line asks of `parley start`. */
export interface StartFlags {
  /** Empty: every platform whose tokens are set, else the terminal. */
  readonly platforms: readonly string[];
  /** Replaces PARLEY_TEAM. */
  readonly team: string | undefined;
  /** The first message, from the command line. */
  readonly question: string | undefined;
  /** Answers one question and exits. */
  readonly once: boolean;
  readonly json: boolean;
  readonly thread: string | undefined;
  readonly continueLatest: boolean;
}

export interface StandardStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly error: NodeJS.WriteStream;
}

/** Everything an adapter is made from. */
export interface AdapterContext extends StandardStreams {
  /** The environment, with `*_FILE` secrets filled in, and the settings that all of Parley shares. */
  readonly loaded: LoadedSettings;
  readonly flags: StartFlags;
  /** "0.1.0". */
  readonly version: string;
  readonly clock: Clock;
  /** Teams, bindings and turns, as the shared commands know them. */
  readonly commands: CommandPorts;
  /** This platform's own rows in the store. */
  readonly state: AdapterState;
  readonly installs: InstallRecords;
  /** Storage for `own-threads/`, where the platform keeps no messages itself. */
  readonly threads: ThreadLines;
  readonly kept: KeyValuesByName;
  readonly lock: TakeLock;
  /** Stops the process in good order, with this exit code. */
  readonly exit: (code: number) => void;
  /** Logs a problem that the adapter recovered from, or the reason why it exits. Must hold no secrets. */
  readonly report: (problem: unknown) => void;
}

/** A running adapter: its platform, and the optional hooks that it listens on. */
export interface Adapter {
  readonly platform: Platform;
  /** The HTTP requests it answers; undefined: none. */
  readonly http?: HttpRoute | undefined;
  readonly turnEvent?: (conversation: ConversationId, event: TurnEvent, state: TurnState) => void;
  readonly turnText?: TextListener;
  /** A message has been handled completely; null: it started no turn. */
  readonly turnDone?: (
    conversation: ConversationId,
    message: string,
    summary: TurnSummary | null,
  ) => void;
  /** Shows the operator a message. */
  readonly notice?: (text: string) => void;
  /** Cleans up on the platform after the last turn has stopped. Never rejects; takes a few seconds at most. */
  readonly restore?: () => void | Promise<void>;
}

/** What an adapter needs to join another process, before anything is opened. */
export interface JoinContext extends StandardStreams {
  readonly flags: StartFlags;
  readonly env: LoadedSettings["env"];
  readonly dataFolder: string;
  readonly version: string;
  readonly signals: Pick<NodeJS.EventEmitter, "on" | "off">;
}

/** How joining another process ended. `absent`: there is none; `left`: the person left; `lost`: the other process ended, in this thread. */
export type Joined =
  | { readonly kind: "absent" }
  | { readonly kind: "left"; readonly code: number }
  | { readonly kind: "lost"; readonly thread: string | undefined };

/** How `parley start` finds an adapter. An entry imports its SDK only inside `create`, so an adapter that is not served costs nothing. */
export interface AdapterEntry {
  /** What `--platform` takes. */
  readonly name: string;
  /** Whether the environment has the tokens that this platform needs. */
  readonly isConfigured: (env: LoadedSettings["env"]) => boolean;
  /** Whether the settings alone say that many workspaces will share the installation. */
  readonly isMany?: (env: LoadedSettings["env"]) => boolean;
  /** Served when no platform is configured. */
  readonly isFallback?: boolean;
  /** Runs unattended, so Parley offers its health over HTTP. */
  readonly isService: boolean;
  /** Whether it draws on the terminal, so that the log must go to a file. */
  readonly ownsScreen?: (
    streams: StandardStreams,
    flags: StartFlags,
    env: LoadedSettings["env"],
  ) => boolean;
  /** Shows what another process of this user serves from the same data folder. Rejects with a `SettingsError`. */
  readonly join?: (context: JoinContext) => Promise<Joined>;
  /** Rejects with a `SettingsError` that says what to set. */
  readonly create: (context: AdapterContext) => Promise<Adapter>;
  /** The database of this data folder was copied to PostgreSQL: keeps what the adapter stores beside it usable. */
  readonly migrated?: (dataFolder: string) => Promise<void>;
}
