import type { types } from "@slack/bolt";
import { z } from "zod";
import type { Clients } from "../api/clients.ts";
import type { Workspace } from "../workspaces.ts";
import { type Modal, signMetadata } from "./modal.ts";

export interface ShowViewPorts {
  readonly clients: (workspace: Workspace) => Pick<Clients, "progress">;
  readonly onProblem: (problem: unknown) => void;
}

/** Opens a modal: only within 3 s of the click that `trigger` is of. Never rejects. */
export const openModal = (
  ports: ShowViewPorts,
  workspace: Workspace,
  trigger: string | undefined,
  modal: Modal,
): Promise<void> => {
  const args = { trigger_id: trigger, view: signed(workspace, modal) };
  return callViews(ports, workspace, "views.open", args);
};

/** Replaces the content of an open modal. Never rejects. */
export const updateModal = (
  ports: ShowViewPorts,
  workspace: Workspace,
  id: string | undefined,
  modal: Modal,
): Promise<void> => {
  const args = { view_id: id, view: signed(workspace, modal) };
  return callViews(ports, workspace, "views.update", args);
};

/** Shows a person their home tab. Never rejects. */
export const publishHome = (
  ports: ShowViewPorts,
  workspace: Workspace,
  user: string,
  view: types.HomeView,
): Promise<void> => callViews(ports, workspace, "views.publish", { user_id: user, view });

const signed = (workspace: Workspace, view: Modal): Modal => ({
  ...view,
  private_metadata: signMetadata(workspace, view.private_metadata ?? ""),
});

async function callViews(
  { clients, onProblem }: ShowViewPorts,
  workspace: Workspace,
  method: "views.open" | "views.update" | "views.publish",
  args: Record<string, unknown>,
): Promise<void> {
  try {
    await clients(workspace).progress.call(method, args, z.unknown());
  } catch (problem) {
    onProblem(problem);
  }
}
