import type { ConversationId } from "../../../src/ids.ts";
import type { Intake } from "../../../src/platform.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { Clients } from "../api/clients.ts";
import { type Actor, type Asker, askerOf, type AskerPorts, refusalFor } from "../people/asker.ts";
import { placeOf } from "../place.ts";
import { type BlockFallback, type Forms, formsOfReply } from "../post/block-fallback.ts";
import { tellPrivately } from "../post/send.ts";
import type { Workspace } from "../workspaces.ts";

/** A command, as a person gives it by words, a button, a reaction or a form. */
export interface CommandRequest extends Actor {
  readonly conversation: ConversationId;
  readonly eventId: string;
  /** The command's words. */
  readonly text: string;
  /** What the command is about if it does not say so and was given outside a thread. */
  readonly scope?: "channel";
}

/** Who reads a message that nobody else sees, and where. */
export interface Listener {
  readonly conversation: ConversationId;
  readonly user: string;
}

export interface EphemeralReply extends Listener {
  readonly reply: CommandReply;
}

/** Runs commands in people's names. */
export interface Commands {
  /** Rejects when the command could not be stored. */
  run(workspace: Workspace, request: CommandRequest): Promise<CommandReply>;
  /** Runs a command that shows its success itself, such as a button: only a failure is shown, to that person alone. Rejects as `run` does. */
  runGesture(workspace: Workspace, request: CommandRequest): Promise<void>;
  /** Shows a reply to one person in the thread. Never rejects. */
  showReply(workspace: Workspace, shown: EphemeralReply): Promise<void>;
  /** Shows a message to one person in the thread. Never rejects. */
  showPrivately(workspace: Workspace, listener: Listener, forms: Forms): Promise<void>;
  /** Who somebody is, as far as the workspace says in time. Never rejects. */
  askerOf(workspace: Workspace, actor: Actor): Promise<Asker>;
  /** Why somebody may not be shown anything; undefined: they may. Never rejects. */
  refusalFor(workspace: Workspace, actor: Actor): Promise<CommandReply | undefined>;
}

export interface CommandsOptions extends AskerPorts {
  readonly intake: { get(): Pick<Intake, "command"> };
  readonly clients: (workspace: Workspace) => Pick<Clients, "finals">;
  readonly blocks: BlockFallback;
  readonly onProblem: (problem: unknown) => void;
}

export function createCommands(options: CommandsOptions): Commands {
  const { intake, clients, blocks, onProblem } = options;
  const run: Commands["run"] = async (workspace, { user, origin, ...command }) => {
    const { refusal, ...asker } = await askerOf(options, workspace, { user, origin });
    return refusal ?? intake.get().command({ ...command, ...asker });
  };
  const showPrivately: Commands["showPrivately"] = async (workspace, listener, forms) => {
    const { conversation, user } = listener;
    const { channel, thread } = placeOf(conversation);
    const { finals } = clients(workspace);
    try {
      await tellPrivately(finals, { channel, thread, user }, (call) =>
        blocks.send(workspace.team, forms, call),
      );
    } catch (problem) {
      onProblem(problem);
    }
  };
  const showReply: Commands["showReply"] = async (workspace, { reply, ...listener }) => {
    if (reply.visibleTo === "nobody") return;
    await showPrivately(workspace, listener, formsOfReply(reply));
  };
  return {
    run,
    showReply,
    showPrivately,
    async runGesture(workspace, request) {
      const reply = await run(workspace, request);
      // Slack waits for the acknowledgement of its event, not for this.
      if (!reply.ok) void showReply(workspace, { ...request, reply });
    },
    askerOf: (workspace, actor) => askerOf(options, workspace, actor),
    refusalFor: (workspace, actor) => refusalFor(options, workspace, actor),
  };
}
