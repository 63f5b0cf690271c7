import type { ServerResponse } from "node:http";
import { installApp } from "./install.ts";
import type { Workspace } from "./state/workspace.ts";
import type { World } from "./state/world.ts";

/**
 * Slack's page that asks a person whether the app may be installed, and the person who says yes: for the workspace or the whole organisation
 * in the query's `team`, or the first workspace where it is not yet; `answer=cancel`: who says no.
 */
export const createAuthorizePage =
  (world: World, grants: Map<string, Workspace>) =>
  (response: ServerResponse, query: URLSearchParams): void => {
    const redirect = query.get("redirect_uri");
    if (query.get("client_id") !== world.app.clientId || redirect === null) {
      world.reject("OAuth: a wrong client_id, or no redirect_uri");
      return void response.writeHead(400).end("invalid_client_id");
    }
    const back = new URL(redirect);
    back.searchParams.set("state", query.get("state") ?? "");
    if (query.get("answer") === "cancel") {
      back.searchParams.set("error", "access_denied");
      return void response.writeHead(302, { location: back.href }).end();
    }
    const all = [...world.workspaces.values()];
    const team = query.get("team");
    const members = all.filter(({ enterprise }) => team !== null && enterprise?.id === team);
    const one = all.find(({ id, install }) => (team ? id === team : !install));
    const [workspace] = [...members, ...(one ? [one] : [])];
    if (!workspace) return void response.writeHead(404).end("no such workspace");
    const scopes = (query.get("scope") ?? "").split(/[, ]+/).filter((scope) => scope !== "");
    if (members.length === 0) installApp(world, workspace, { scopes });
    const token = `xoxb-${team}-${world.nextId("t")}`;
    for (const member of members) installApp(world, member, { scopes, token, isOrgWide: true });
    const code = world.nextId("code");
    grants.set(code, workspace);
    back.searchParams.set("code", code);
    response.writeHead(302, { location: back.href }).end();
  };
