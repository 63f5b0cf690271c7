import {
  type InteractionPorts,
  callViews,
  outsideThreads,
} from "../interactions/interaction-ports.ts";
import { type Asking, giveCommand } from "../intake/ask-command.ts";
import type { Workspace } from "../workspaces.ts";
import { homeView } from "./home-view.ts";

/** Shows a person the home tab as it is for them. Never rejects. */
export async function showHome(
  ports: InteractionPorts,
  workspace: Workspace,
  { user, origin, eventId }: Asking & { readonly eventId: string },
): Promise<void> {
  try {
    const { shared } = ports;
    const space = { platform: "slack", space: workspace.team };
    const conversation = outsideThreads(workspace.team);
    // Whether they may see it is the command's to say.
    const ask = async (text: string) => {
      const gesture = { conversation, user, origin, eventId: `home:${eventId}:${text}`, text };
      const reply = await giveCommand(ports, ports.intake.get(), workspace, gesture);
      return reply.ok ? reply : null;
    };
    const [usage, keys, bound] = await Promise.all([
      ask("usage month --space"),
      ask("keys show"),
      shared.bindings.list(space),
    ]);
    const here = await shared.bindings
      .resolve({ ...space, channel: "", thread: "" })
      .catch(() => null);
    const teams = (await shared.teams.in(space)).list();
    const view = homeView({ teams, here, bound, usage, keys });
    await callViews(ports, workspace, "views.publish", { user_id: user, view });
  } catch (problem) {
    ports.onProblem(problem);
  }
}
