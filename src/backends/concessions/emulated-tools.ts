import { z } from "zod";
import type { BackendEvent, BackendRequest, ReplyFormat, ToolSpec } from "../backend.ts";

/** The same request for a model without tools: it is asked to write its call as JSON. */
export function emulateTools(request: BackendRequest): BackendRequest {
  const { tools, toolChoice, messages } = request;
  if (tools.length === 0) return request;
  const format = formatOf(tools);
  const must = toolChoice === "required";
  return {
    ...request,
    tools: [],
    toolChoice: "auto",
    ...(must && { replyFormat: format }),
    messages: [
      ...messages,
      { role: "user", parts: [{ type: "text", text: instructionsFor(tools, must) }] },
    ],
  };
}

const instructionsFor = (tools: readonly ToolSpec[], must: boolean): string =>
  [
    must
      ? "You cannot call tools here. In place of a call, reply with one JSON object and nothing else, in this form:"
      : "You cannot call tools here. To call one nevertheless, reply with one JSON object and nothing else, in this form:",
    `{"name": "${tools[0]?.name ?? ""}", "arguments": {…}}`,
    ...tools.map(
      ({ name, description, schema }) =>
        `The arguments of \`${name}\` (${description}) follow this JSON Schema: ${JSON.stringify(schema)}`,
    ),
  ].join("\n\n");

const Properties = z.object({ properties: z.record(z.string(), z.unknown()).catch({}) });

/** One schema for the calls of all tools, without alternatives, which many servers do not support. */
function formatOf(tools: readonly ToolSpec[]): ReplyFormat {
  const properties = Object.assign(
    {},
    ...tools.map(({ schema }) => Properties.parse(schema).properties),
  ) as unknown;
  const closed = (inner: unknown, required: readonly string[]) => ({
    type: "object",
    properties: inner,
    required,
    additionalProperties: false,
  });
  return {
    name: "call",
    schema: closed(
      {
        name: { type: "string", enum: tools.map(({ name }) => name) },
        arguments: closed(properties, Object.keys(Properties.parse({ properties }).properties)),
      },
      ["name", "arguments"],
    ),
  };
}

const Call = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });

/** Makes a call of a reply that is a call's JSON. Everything else stays as it is. Takes the events in order. */
export function createCallEmulation(
  tools: readonly ToolSpec[],
): (event: BackendEvent) => readonly BackendEvent[] {
  let text = "";
  return (event) => {
    if (event.type === "text") {
      text += event.text;
      return [{ type: "alive", written: event.text }];
    }
    if (event.type !== "done") return [event];
    const call = callIn(text, tools);
    if (call) return [call, event.finish === "stop" ? { ...event, finish: "tool" } : event];
    return text === "" ? [event] : [{ type: "text", text }, event];
  };
}

function callIn(text: string, tools: readonly ToolSpec[]): BackendEvent | null {
  const bare = text
    .trim()
    .replace(/^```(?:json)?/i, "")
    .replace(/```$/, "");
  try {
    const { name, arguments: args } = Call.parse(JSON.parse(bare));
    return tools.some((tool) => tool.name === name)
      ? { type: "tool_call", name, arguments: JSON.stringify(args) }
      : null;
  } catch {
    return null;
  }
}
