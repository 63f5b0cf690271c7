import { z } from "zod";
import { problemsOfBlocks } from "../blocks/validate.ts";
import { rotateToken } from "../install.ts";
import type { Workspace } from "../state/workspace.ts";
import { ApiError, apiErrorWith } from "./api-error.ts";
import { fields, json } from "./arguments.ts";
import { appMethod, type AppCaller, type Method } from "./method.ts";

export const appMethods: Readonly<Record<string, Method>> = {
  "api.test": appMethod(
    { tier: "special", token: "none" },
    { error: z.string().optional() },
    (_, { error }) => {
      if (error) throw new ApiError(error);
      return {};
    },
  ),
  "apps.connections.open": appMethod({ tier: 3, token: "app" }, {}, ({ sockets, world }) => {
    const path = sockets.ticket();
    if (path === undefined) throw new ApiError("too_many_websockets");
    return { url: `${world.origin().replace(/^http/, "ws")}${path}` };
  }),
  "apps.event.authorizations.list": appMethod(
    { tier: 4, token: "app" },
    { event_context: z.string() },
    ({ world }, { event_context: context }) => ({
      authorizations: [...world.workspaces.values()].flatMap(({ id, install, channels }) => {
        const isIn = channels.get(context.slice(2))?.members.has(install?.botUser ?? "");
        return isIn ? [{ team_id: id, user_id: install?.botUser, is_bot: true }] : [];
      }),
    }),
  ),
  "blocks.validate": appMethod(
    { tier: 4, token: "none" },
    { blocks: json(z.array(fields)) },
    (_, { blocks }) => {
      const problems = problemsOfBlocks(blocks);
      if (problems.length > 0) throw apiErrorWith("invalid_blocks", problems);
      return {};
    },
  ),
  "oauth.v2.access": appMethod(
    { tier: 4, token: "none" },
    {
      code: z.string().optional(),
      grant_type: z.string().optional(),
      refresh_token: z.string().optional(),
      client_id: z.string().optional(),
      client_secret: z.string().optional(),
      redirect_uri: z.string().optional(),
    },
    (caller, args) => {
      const { id, secret } = clientOf(caller, args);
      if (id !== caller.world.app.clientId) throw new ApiError("invalid_client_id");
      if (secret !== caller.world.app.clientSecret) throw new ApiError("bad_client_secret");
      return args.grant_type === "refresh_token"
        ? refreshed(caller, args.refresh_token)
        : exchanged(caller, args.code ?? "");
    },
  ),
};

/** Client id and secret come as arguments or as HTTP Basic. */
function clientOf(
  { headers }: AppCaller,
  args: { client_id?: string | undefined; client_secret?: string | undefined },
) {
  const [, basic = ""] = /^Basic (.+)$/.exec(String(headers["authorization"] ?? "")) ?? [];
  const [id, secret] = Buffer.from(basic, "base64").toString().split(":");
  return { id: args.client_id ?? id, secret: args.client_secret ?? secret };
}

/** A refresh token works once. */
function refreshed({ world }: AppCaller, refreshToken: string | undefined) {
  const workspace = [...world.workspaces.values()].find(
    ({ install }) => install?.rotation?.refreshToken === refreshToken,
  );
  if (!workspace) throw new ApiError("invalid_refresh_token");
  rotateToken(world, workspace);
  return granted(world, workspace);
}

/** A code works once. */
function exchanged({ grants, world }: AppCaller, code: string) {
  const workspace = grants.get(code);
  if (!workspace) throw new ApiError("invalid_code");
  grants.delete(code);
  return granted(world, workspace);
}

function granted(world: AppCaller["world"], workspace: Workspace) {
  const { install } = workspace;
  if (!install) throw new ApiError("invalid_code");
  const { rotation } = install;
  return {
    access_token: install.token,
    ...(rotation && {
      refresh_token: rotation.refreshToken,
      expires_in: Math.round((rotation.expiresAt - world.wallClock()) / 1000),
    }),
    token_type: "bot",
    scope: [...install.scopes].join(","),
    bot_user_id: install.botUser,
    app_id: world.app.id,
    team: install.isOrgWide ? null : { id: workspace.id, name: workspace.name },
    enterprise: workspace.enterprise ?? null,
    authed_user: { id: install.installedBy },
    is_enterprise_install: install.isOrgWide,
  };
}
