import { readSigned } from "../views/modal.ts";
import type { Workspace } from "../workspaces.ts";
import type { Interaction } from "../wire/interaction.ts";

/**
 * The interaction with its modal's metadata opened; undefined: what it names does not belong to the workspace or the channel that sent
 * it. The home tab and messages carry no metadata.
 */
export function checkOrigin(
  interaction: Interaction,
  workspace: Workspace,
): Interaction | undefined {
  const { channel, container, view } = interaction;
  const channels = [channel?.id, container?.channel_id].filter((id) => id !== undefined);
  if (new Set(channels).size > 1) return undefined;
  if (view.private_metadata === "") return interaction;
  const metadata = readSigned(workspace, view.private_metadata);
  return metadata === undefined
    ? undefined
    : { ...interaction, view: { ...view, private_metadata: metadata } };
}
