import type { types } from "@slack/bolt";
import { z } from "zod";
import type { Clients } from "../api/clients.ts";
import { blocksIn, checkView } from "../payload/check-payload.ts";
import type { Workspace } from "../workspaces.ts";
import { type Modal, signMetadata } from "./modal.ts";

export interface ShowViewPorts {
  readonly clients: (workspace: Workspace) => Pick<Clients, "progress">;
  readonly onProblem: (problem: unknown) => void;
}

/** Opens a modal: only within 3 s of the click that `trigger` is of. Resolves to whether it is open; never rejects. */
export const openModal = (
  ports: ShowViewPorts,
  workspace: Workspace,
  trigger: string | undefined,
  modal: Modal,
): Promise<boolean> => {
  const args = { trigger_id: trigger, view: signed(workspace, modal) };
  return callViews(ports, workspace, "views.open", args);
};

/** Replaces the content of an open modal. Never rejects. */
export const updateModal = async (
  ports: ShowViewPorts,
  workspace: Workspace,
  id: string | undefined,
  modal: Modal,
): Promise<void> => {
  const args = { view_id: id, view: signed(workspace, modal) };
  await callViews(ports, workspace, "views.update", args);
};

/** Shows a person their home tab. Never rejects. */
export const publishHome = async (
  ports: ShowViewPorts,
  workspace: Workspace,
  user: string,
  view: types.HomeView,
): Promise<void> => {
  await callViews(ports, workspace, "views.publish", { user_id: user, view });
};

const signed = (workspace: Workspace, view: Modal): Modal => ({
  ...view,
  private_metadata: signMetadata(workspace, view.private_metadata ?? ""),
});

/** The view without what Slack would refuse: one block that is wrong would hide all the others. */
function fitted<V extends Modal | types.HomeView>(
  view: V,
  onProblem: ShowViewPorts["onProblem"],
): V {
  const issues = checkView({ ...view });
  if (issues.length === 0) return view;
  const found = issues.map(({ at, rule }) => `${at}: ${rule}`).join("; ");
  onProblem(new Error(`Slack would refuse a view, which was shortened: ${found}.`));
  const faulty = blocksIn(issues);
  return { ...view, blocks: view.blocks.filter((_, index) => !faulty.has(index)).slice(0, 100) };
}

async function callViews(
  { clients, onProblem }: ShowViewPorts,
  workspace: Workspace,
  method: "views.open" | "views.update" | "views.publish",
  { view, ...args }: { readonly view: Modal | types.HomeView } & Record<string, unknown>,
): Promise<boolean> {
  try {
    await clients(workspace).progress.call(
      method,
      { ...args, view: fitted(view, onProblem) },
      z.unknown(),
    );
    return true;
  } catch (problem) {
    onProblem(problem);
    return false;
  }
}
