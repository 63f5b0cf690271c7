import { InteractionResponseType as Type, MessageFlags, Routes } from "discord.js";
import { type Api, type Call, NO_ANSWER } from "../api/api.ts";
import type { Components } from "../render/buttons.ts";
import { InteractionResponse } from "../wire/answers.ts";
import type { Interaction } from "../wire/interaction.ts";
import type { CommandReply } from "../../../src/reply.ts";
import type { LargeBody } from "../render/reply-containers.ts";
import { replyPages } from "../render/reply-pages.ts";

/** A message that responds to an interaction. */
export interface Body {
  readonly content: string;
  readonly components?: Components;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** Responds to one interaction. The first response must come within three seconds; the token expires after fifteen minutes. All reject with a `PlatformError`. */
export interface Respond {
  /** Responds with a message for everyone; resolves to the message as Discord returns it. */
  reply(body: Body): Promise<unknown>;
  /** Responds with a message that only the user sees. */
  replyPrivately(body: Body): Promise<void>;
  /** Acknowledges; `edit` sends the message. */
  defer(ephemeral: boolean): Promise<void>;
  /** Acknowledges; `edit` may change the button's message. */
  deferUpdate(): Promise<void>;
  modal(modal: unknown): Promise<void>;
  choices(choices: readonly Choice[]): Promise<void>;
  /** Replaces the response; resolves to the message as Discord returns it. */
  edit(body: Partial<Body> | LargeBody, files?: Call["files"]): Promise<unknown>;
  /** Sends another message that only the user sees. */
  followUp(body: Body): Promise<void>;
  remove(): Promise<void>;
}

/** Discord's limit for the first response. */
const ACK_MS = 3_000;

// These calls send the interaction's token, not the bot's, so a 401 says nothing about the bot's.
const auth = false;

type Token = Pick<Interaction, "id" | "token"> & { readonly application: string };

export function createRespond(api: Api, interaction: Token): Respond {
  const acknowledge = createAcknowledge(api, interaction);
  const later = createCompletion(api, interaction);
  return {
    async reply(body) {
      const response = await acknowledge(Type.ChannelMessageWithSource, message(body));
      return response?.resource?.message ?? later.read();
    },
    async replyPrivately(body) {
      const ephemeral = message(body, MessageFlags.Ephemeral);
      await acknowledge(Type.ChannelMessageWithSource, ephemeral);
    },
    async defer(ephemeral) {
      const data = ephemeral ? { flags: MessageFlags.Ephemeral } : {};
      await acknowledge(Type.DeferredChannelMessageWithSource, data);
    },
    deferUpdate: async () => void (await acknowledge(Type.DeferredMessageUpdate)),
    modal: async (modal) => void (await acknowledge(Type.Modal, modal)),
    choices: async (choices) =>
      void (await acknowledge(Type.ApplicationCommandAutocompleteResult, { choices })),
    ...later,
  };
}

/** The first response. */
const createAcknowledge =
  (api: Api, { id, token }: Token) =>
  (type: Type, data?: unknown): Promise<InteractionResponse> => {
    const route = Routes.interactionCallback(id, token);
    const signal = AbortSignal.timeout(ACK_MS);
    const query = { with_response: "true" };
    const body = data === undefined ? { type } : { type, data };
    const what = "answering a command or a button";
    return api.call(
      { method: "POST", route, what, body, query, auth, signal },
      InteractionResponse,
    );
  };

/** Later messages. */
function createCompletion(api: Api, { token, application }: Token) {
  const what = "completing the answer to a command or a button";
  const original = { route: Routes.webhookMessage(application, token), what, auth } as const;
  return {
    read: () => api.call({ ...original, method: "GET" }, NO_ANSWER),
    edit: (body: Partial<Body> | LargeBody, files?: Call["files"]) => {
      const call = { ...original, method: "PATCH", body: withoutPings(body) } as const;
      return api.call(files ? { ...call, files } : call, NO_ANSWER);
    },
    async followUp(body: Body) {
      const route = Routes.webhook(application, token);
      const send = message(body, MessageFlags.Ephemeral);
      await api.call({ method: "POST", route, what, auth, body: send }, NO_ANSWER);
    },
    async remove() {
      await api.call({ ...original, method: "DELETE" }, NO_ANSWER);
    },
  };
}

const withoutPings = (body: Partial<Body> | LargeBody) => ({
  ...body,
  allowed_mentions: { parse: [] },
});

const message = (body: Body, flags = 0) => ({
  ...withoutPings(body),
  flags: flags | MessageFlags.SuppressEmbeds,
});

/** Most messages for one reply. */
const MOST_PAGES = 5;

/** Replaces "thinking…" with a command's reply. `ephemeral`: how the response was deferred, which cannot be changed. */
export async function showReply(
  respond: Respond,
  reply: CommandReply,
  ephemeral: boolean,
): Promise<void> {
  if (reply.visibleTo === "nobody") return;
  const pages = await replyPages(reply);
  const shown = pages.slice(0, MOST_PAGES);
  const left = pages.length - shown.length;
  if (left > 0) shown.push(`-# … and ${left} more of this length.`);
  const [first = "", ...rest] = shown;
  const isPrivate = reply.visibleTo === "asker";
  if (isPrivate && !ephemeral) {
    // The first message after "thinking…" replaces it for everyone, so it must not be the reply.
    await respond.edit({ content: "…" });
    await respond.followUp({ content: first });
    await respond.remove();
  } else await respond.edit({ content: first });
  for (const content of rest) await respond.followUp({ content });
}
