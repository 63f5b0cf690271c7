import { z } from "zod";
import { wireUser } from "../state/user.ts";
import { ApiError } from "./api-error.ts";
import { flag } from "./arguments.ts";
import { method, type Method } from "./method.ts";

export const peopleMethods: Readonly<Record<string, Method>> = {
  "auth.test": method({ tier: "special" }, {}, ({ workspace, install }) => ({
    url: `https://${workspace.domain}.slack.com/`,
    team: workspace.name,
    user: workspace.users.get(install.botUser)?.name,
    team_id: workspace.id,
    user_id: install.botUser,
    bot_id: install.botId,
    is_enterprise_install: install.isOrgWide,
    ...(workspace.enterprise && { enterprise_id: workspace.enterprise.id }),
  })),
  "auth.revoke": method({ tier: 3 }, {}, ({ workspace }) => {
    workspace.install = undefined;
    return { revoked: true };
  }),
  "users.info": method(
    { scopes: ["users:read"], tier: 4 },
    { user: z.string(), include_locale: flag.optional() },
    ({ workspace }, args) => {
      const user = workspace.users.get(args.user);
      if (!user) throw new ApiError("user_not_found");
      return { user: wireUser(user, workspace.id) };
    },
  ),
  "bots.info": method(
    { scopes: ["users:read"], tier: 3 },
    { bot: z.string().optional() },
    ({ workspace }, args) => {
      const user = [...workspace.users.values()].find(({ botId }) => botId === args.bot);
      if (!user) throw new ApiError("bot_not_found");
      return { bot: { id: args.bot, user_id: user.id, name: user.realName, deleted: false } };
    },
  ),
  "usergroups.list": method(
    { scopes: ["usergroups:read"], tier: 2 },
    { include_users: flag.optional(), include_disabled: flag.optional() },
    ({ workspace }, args) => ({
      usergroups: [...workspace.groups.values()].map(({ id, handle, members }) => ({
        id,
        handle,
        name: handle,
        ...(args.include_users && { users: members }),
      })),
    }),
  ),
  "usergroups.users.list": method(
    { scopes: ["usergroups:read"], tier: 2 },
    { usergroup: z.string(), include_disabled: flag.optional() },
    ({ workspace }, args) => {
      const group = workspace.groups.get(args.usergroup);
      if (!group) throw new ApiError("no_such_subteam");
      return { users: group.members };
    },
  ),
  "team.info": method({ scopes: ["team:read"], tier: 3 }, {}, ({ workspace }) => ({
    team: {
      id: workspace.id,
      name: workspace.name,
      domain: workspace.domain,
      url: `https://${workspace.domain}.slack.com/`,
      ...(workspace.enterprise && {
        enterprise_id: workspace.enterprise.id,
        enterprise_name: workspace.enterprise.name,
      }),
    },
  })),
};
