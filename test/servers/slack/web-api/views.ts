import { z } from "zod";
import { withIds } from "../blocks/stored.ts";
import { problemsOfViewBlocks } from "../blocks/validate.ts";
import { list, plain, string } from "../blocks/text.ts";
import { isFields, type Fields } from "../state/fields.ts";
import { wireView, type View } from "../state/view.ts";
import type { Workspace } from "../state/workspace.ts";
import type { World } from "../state/world.ts";
import { ApiError, apiErrorWith } from "./api-error.ts";
import { fields, json } from "./arguments.ts";
import { method, type Caller, type Method } from "./method.ts";

const MOST_STACKED = 3;
const MOST_CHARACTERS = 250_000;

const common = {
  private_metadata: string(3000).optional(),
  callback_id: string(255).optional(),
  external_id: string(255).optional(),
  blocks: list(fields, 100, 0),
};
const Body = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("modal"),
    title: plain(24),
    close: plain(24).optional(),
    submit: plain(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
    submit_disabled: z.boolean().optional(),
    ...common,
  }),
  z.strictObject({ type: z.literal("home"), ...common }),
]);

const view = json(fields);
const hash = z.string().optional();

export const viewMethods: Readonly<Record<string, Method>> = {
  "views.open": method({ tier: 4 }, { trigger_id: z.string(), view }, (caller, args) => {
    const body = checkedView(args.view, "modal", caller.world);
    const user = caller.triggers.use(args.trigger_id);
    const opened = openModal(caller, user, body);
    return answer(caller, opened);
  }),
  "views.push": method({ tier: 4 }, { trigger_id: z.string(), view }, (caller, args) => {
    const body = checkedView(args.view, "modal", caller.world);
    const user = caller.triggers.use(args.trigger_id);
    return answer(caller, pushModal(caller, user, body));
  }),
  "views.update": method(
    { tier: 4 },
    { view_id: z.string().optional(), external_id: z.string().optional(), view, hash },
    (caller, args) => {
      const body = checkedView(args.view, "modal", caller.world);
      const found = [...caller.workspace.modals.values()]
        .flat()
        .find(({ id, body: shown }) =>
          args.view_id ? id === args.view_id : shown["external_id"] === args.external_id,
        );
      if (!found) throw new ApiError("not_found");
      return answer(caller, replaced(found, body, args.hash, caller.world));
    },
  ),
  "views.publish": method({ tier: 4 }, { user_id: z.string(), view, hash }, (caller, args) => {
    const { workspace, world } = caller;
    if (!workspace.users.has(args.user_id)) throw new ApiError("user_not_found");
    const body = checkedView(args.view, "home", world);
    const known = workspace.homes.get(args.user_id);
    const home = known ?? newView(workspace, world, body);
    workspace.homes.set(args.user_id, home);
    return answer(caller, replaced(home, body, args.hash, world));
  }),
};

/** Throws an `ApiError` with everything that Slack would not take. */
export function checkedView(given: Fields, type: View["type"], { nextId }: World): Fields {
  const { error } = Body.safeParse(given);
  const blocks = Array.isArray(given["blocks"]) ? given["blocks"].filter(isFields) : [];
  const problems = [
    ...(given["type"] === type ? [] : [`a ${type} is expected [json-pointer:/view/type]`]),
    ...(error?.issues ?? []).map(
      ({ message, path }) => `${message} [json-pointer:/view/${path.join("/")}]`,
    ),
    ...problemsOfViewBlocks(blocks),
    ...(type === "modal" && blocks.some((block) => block["type"] === "input") && !given["submit"]
      ? ["submit is required when an input block is within blocks [json-pointer:/view/submit]"]
      : []),
  ];
  if (problems.length > 0) throw apiErrorWith("invalid_arguments", problems);
  if (JSON.stringify(given).length > MOST_CHARACTERS) throw new ApiError("view_too_large");
  return { ...given, blocks: withIds(blocks, nextId) };
}

type Where = Pick<Caller, "workspace" | "world">;

const newView = ({ id: team }: Workspace, world: World, body: Fields, below?: View): View => {
  const id = world.nextId("V");
  return {
    id,
    type: body["type"] === "home" ? "home" : "modal",
    team,
    root: below?.root ?? id,
    previous: below?.id,
    body,
    hash: `${world.nextTs()}.hash`,
    entered: {},
  };
};

/** A modal that replaces whatever the person had open. */
export function openModal({ workspace, world }: Where, user: string, body: Fields): View {
  const opened = newView(workspace, world, body);
  workspace.modals.set(user, [opened]);
  return opened;
}

export function pushModal({ workspace, world }: Where, user: string, body: Fields): View {
  const stack = workspace.modals.get(user) ?? [];
  if (stack.length === 0) throw new ApiError("not_found");
  if (stack.length >= MOST_STACKED) throw new ApiError("push_limit_reached");
  const pushed = newView(workspace, world, body, stack.at(-1));
  workspace.modals.set(user, [...stack, pushed]);
  return pushed;
}

export function replaced(shown: View, body: Fields, hash_: string | undefined, world: World): View {
  if (hash_ !== undefined && hash_ !== shown.hash) throw new ApiError("hash_conflict");
  shown.body = body;
  shown.hash = `${world.nextTs()}.hash`;
  return shown;
}

const answer = ({ world, install }: Pick<Caller, "world" | "install">, shown: View): Fields => ({
  view: wireView(shown, { id: world.app.id, botId: install.botId }),
});
