import { webApi } from "@slack/bolt";
import type { Client, Clients } from "../../../adapters/slack/api/clients.ts";
import { toPlatformError } from "../../../adapters/slack/api/errors.ts";

export type Answer = (method: string, args: Record<string, unknown>) => unknown;
export type Call = readonly [method: string, args: Record<string, unknown>];

/** Clients that answer from a function and remember what they were asked; an answer that is a string is Slack's error code. */
export function recordingClients(answer: Answer) {
  const calls: Call[] = [];
  const client: Client = {
    async call(method, args, schema) {
      calls.push([method, args]);
      const reply = answer(method, args);
      if (typeof reply !== "string") return schema.parse(reply ?? {});
      throw toPlatformError(new webApi.WebAPIPlatformError({ ok: false, error: reply }), method);
    },
    upload: () => Promise.resolve(),
  };
  const clients: Clients = { reading: client, progress: client, finals: client };
  return { calls, clients: () => clients };
}
