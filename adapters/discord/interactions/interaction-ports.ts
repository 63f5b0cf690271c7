import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { IncomingCommand } from "../../../src/platform.ts";
import type { IntakePorts } from "../intake/intake-ports.ts";
import type { DiscordPlace } from "../place.ts";
import type { Interaction } from "../wire/interaction.ts";
import type { Channel } from "../wire/channel.ts";
import type { Respond } from "./respond.ts";

export interface InteractionPorts extends IntakePorts {
  readonly commands: Pick<CommandPorts, "teams" | "bindings" | "turns">;
}

/** An interaction, with who it is from and where. */
export interface Scene {
  readonly interaction: Interaction;
  readonly respond: Respond;
  readonly channel: Channel;
  readonly place: DiscordPlace;
  /** Who asks, where, and at which level, as a command has it. */
  readonly asking: Omit<IncomingCommand, "text">;
}
