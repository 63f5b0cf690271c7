import { MOVE_SERVER } from "../cli/move-tools/move-call.ts";
import { PermissionRequest } from "./wire.ts";

/**
 * Answers a request for permission: the tools of the move may run once, anything else may not. Never "always": by its name that outlives the move.
 * `titleOf`: the title of a tool call that the request names by its id alone.
 */
export function answerPermission(
  params: unknown,
  tools: ReadonlySet<string>,
  titleOf: (toolCallId: string) => string | undefined,
): object {
  const { data } = PermissionRequest.safeParse(params);
  if (!data) return { outcome: { outcome: "cancelled" } };
  const { toolCallId = "", title } = data.toolCall;
  const isOurs = isMoveTool(title ?? titleOf(toolCallId) ?? "", tools);
  const wanted = isOurs ? ["allow_once"] : ["reject_once", "reject_always"];
  const option = wanted
    .map((kind) => data.options.find((one) => one.kind === kind))
    .find((found) => found !== undefined);
  return option
    ? { outcome: { outcome: "selected", optionId: option.optionId } }
    : { outcome: { outcome: "cancelled" } };
}

/** Agents name a tool of an MCP server as mcp__parley__vote, mcp.parley.vote, parley_vote, or "vote (parley MCP Server)". */
export function isMoveTool(title: string, tools: ReadonlySet<string>): boolean {
  const [, server, name = "", inWords = ""] =
    /^(?:(?:mcp[._]{1,2})?([a-z]{1,20})[._]{1,2}(\w{1,60})|(\w{1,60}) \(parley(?: MCP Server)?\))$/i.exec(
      title.trim(),
    ) ?? [];
  return (server?.toLowerCase() === MOVE_SERVER && tools.has(name)) || tools.has(inWords);
}
