import { isFields, textIn, type Fields } from "../state/fields.ts";
import type { User } from "../state/user.ts";
import type { View } from "../state/view.ts";
import type { Workspace } from "../state/workspace.ts";
import type { World } from "../state/world.ts";
import { ApiError } from "../web-api/api-error.ts";
import { checkedView, pushModal, replaced } from "../web-api/views.ts";
import type { Choice, Interactions } from "./interactions.ts";
import { controlsIn, seenBlocks, type SeenButton } from "./seen.ts";

/** A modal or a home tab as people see it. */
export interface SeenView {
  readonly title: string;
  readonly text: string;
  readonly buttons: readonly SeenButton[];
  readonly view: View;
}

/** What a person does with the app's modals and its home tab. */
export interface Screens {
  /** The topmost modal. */
  modal(): SeenView | undefined;
  home(): SeenView | undefined;
  /** Enters text, or chooses the option with that value. */
  fills(actionId: string, value: string): void;
  /** Resolves with what the app acknowledged it with; its errors, updates and pushes are carried out. */
  submits(): Promise<unknown>;
  closesModal(): Promise<unknown>;
  /** By action id or by what stands on the button. */
  clicksInModal(button: string, choice?: Choice): Promise<unknown>;
  clicksInHome(button: string, choice?: Choice): Promise<unknown>;
}

interface Where {
  readonly world: World;
  readonly workspace: Workspace;
  readonly user: User;
  readonly interactions: Interactions;
}

export function createScreens(where: Where): Screens {
  const { workspace, user, interactions } = where;
  const stack = () => workspace.modals.get(user.id) ?? [];
  const top = (): View => {
    const view = stack().at(-1);
    if (!view) throw new Error(`${user.id} has no modal open.`);
    return view;
  };
  const home = (): View => {
    const view = workspace.homes.get(user.id);
    if (!view) throw new Error(`The app shows ${user.id} no home tab.`);
    return view;
  };
  const pop = () => void workspace.modals.set(user.id, stack().slice(0, -1));
  const click = (view: View, button: string, choice: Choice = {}) =>
    interactions.clickInView(workspace, user, view, { control: findControl(view, button), choice });
  const seen = (view: View | undefined) => view && seenView(workspace, view);

  return {
    modal: () => seen(stack().at(-1)),
    home: () => seen(workspace.homes.get(user.id)),
    fills: (actionId, value) => enter(top(), actionId, value),
    async submits() {
      const view = top();
      const body = await interactions.submit(workspace, user, view);
      carryOut(where, view, isFields(body) ? body : {});
      return body;
    },
    async closesModal() {
      const view = top();
      pop();
      return view.body["notify_on_close"] === true
        ? interactions.closed(workspace, user, view)
        : undefined;
    },
    clicksInModal: (button, choice) => click(top(), button, choice),
    clicksInHome: (button, choice) => click(home(), button, choice),
  };
}

const blocksOf = ({ body }: View): readonly Fields[] =>
  Array.isArray(body["blocks"]) ? body["blocks"].filter(isFields) : [];

function seenView(workspace: Workspace, view: View): SeenView {
  const title = isFields(view.body["title"]) ? textIn(view.body["title"], "text") : undefined;
  return { title: title ?? "", ...seenBlocks(workspace, blocksOf(view)), view };
}

/** Throws when there is no such button: the test is wrong, or what it tests. */
export function findControl(view: View, button: string): Fields {
  return controlIn(blocksOf(view), button);
}

export function controlIn(blocks: readonly Fields[], button: string): Fields {
  const controls = controlsIn(blocks);
  const found =
    controls.find((control) => control["action_id"] === button) ??
    controls.find((control) => labelsOf(control).includes(button));
  if (found) return found;
  const there = controls.map(
    (control) => `${String(control["action_id"])} (${labelsOf(control).join(", ")})`,
  );
  throw new Error(`There is no button “${button}”; there is ${there.join(", ") || "none"}.`);
}

const labelsOf = (control: Fields): readonly string[] =>
  [control["text"], ...halves(control).map((half) => half["text"])]
    .filter(isFields)
    .flatMap((text) => textIn(text, "text") ?? []);

const halves = (control: Fields): readonly Fields[] =>
  [control["positive_button"], control["negative_button"]].filter(isFields);

function enter(view: View, actionId: string, value: string): void {
  const block = blocksOf(view).find((candidate) =>
    controlsIn(candidate).some((control) => control["action_id"] === actionId),
  );
  const control = controlIn(blocksOf(view), actionId);
  const blockId = String(block?.["block_id"]);
  const options = Array.isArray(control["options"])
    ? control["options"].filter(isFields)
    : undefined;
  const chosen = options?.find((option) => option["value"] === value);
  if (options && !chosen) throw new Error(`${actionId} has no option ${value}.`);
  const type = control["type"];
  const isConversation = type === "conversations_select";
  const typed = isConversation ? { type, selected_conversation: value } : { type, value };
  const entered: Fields = chosen ? { type, selected_option: chosen } : typed;
  view.entered[blockId] = { ...view.entered[blockId], [actionId]: entered };
}

/** What the acknowledgement of a submission says is to become of the modal. */
function carryOut({ world, workspace, user }: Where, view: View, body: Fields): void {
  const next = isFields(body["view"]) ? body["view"] : {};
  const stack = workspace.modals.get(user.id) ?? [];
  try {
    switch (body["response_action"]) {
      case "errors":
        return;
      case "clear":
        workspace.modals.delete(user.id);
        return;
      case "update":
        replaced(view, checkedView(next, "modal", world), undefined, world);
        return;
      case "push":
        pushModal({ workspace, world }, user.id, checkedView(next, "modal", world));
        return;
      default:
        workspace.modals.set(user.id, stack.slice(0, -1));
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    world.reject(`view_submission: ${error.code} ${JSON.stringify(error.more)}`);
  }
}
