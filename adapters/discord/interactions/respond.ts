import { InteractionResponseType as Type, MessageFlags, Routes } from "discord.js";
import { z } from "zod";
import { type Api, type Call, NO_ANSWER } from "../api/api.ts";
import type { Components } from "../render/buttons.ts";
import type { Interaction } from "../wire/interaction.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { replyPages } from "../render/reply-pages.ts";

/** A message that answers an interaction. */
export interface Body {
  readonly content: string;
  readonly components?: Components;
}

export interface Choice {
  readonly name: string;
  readonly value: string;
}

/** The ways to answer one interaction. The first must come within three seconds; the token dies after fifteen minutes. All reject with a `PlatformError`. */
export interface Respond {
  /** Answers at once, for everybody; the message as Discord has it. */
  post(body: Body): Promise<unknown>;
  /** Answers at once, for the asker alone. */
  whisper(body: Body): Promise<void>;
  /** The answer follows by `edit`. */
  defer(ephemeral: boolean): Promise<void>;
  /** The message that the button stands on is edited, or stays. */
  deferUpdate(): Promise<void>;
  modal(modal: unknown): Promise<void>;
  choices(choices: readonly Choice[]): Promise<void>;
  /** Replaces the answer; the message as Discord has it. */
  edit(body: Partial<Body>, files?: Call["files"]): Promise<unknown>;
  /** One more message; for the asker alone. */
  followUp(body: Body): Promise<void>;
  remove(): Promise<void>;
}

/** Discord waits for three seconds. */
const ACK_MS = 3_000;

const Callback = z
  .object({ resource: z.object({ message: z.unknown() }).nullish() })
  .nullish()
  .catch(null);

// A 401 here is about the interaction's token, not about the bot's: the bot's is not sent.
const auth = false;

type Token = Pick<Interaction, "id" | "token"> & { readonly application: string };

export function createRespond(api: Api, interaction: Token): Respond {
  const acknowledge = createAcknowledge(api, interaction);
  const later = createCompletion(api, interaction);
  return {
    async post(body) {
      const answered = await acknowledge(Type.ChannelMessageWithSource, message(body));
      return answered?.resource?.message ?? later.read();
    },
    async whisper(body) {
      const whispered = message(body, MessageFlags.Ephemeral);
      await acknowledge(Type.ChannelMessageWithSource, whispered);
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

/** The first answer. */
const createAcknowledge =
  (api: Api, { id, token }: Token) =>
  (type: Type, data?: unknown): Promise<z.infer<typeof Callback>> => {
    const route = Routes.interactionCallback(id, token);
    const signal = AbortSignal.timeout(ACK_MS);
    const query = { with_response: "true" };
    const body = data === undefined ? { type } : { type, data };
    const what = "answering a command or a button";
    return api.call({ method: "POST", route, what, body, query, auth, signal }, Callback);
  };

/** What comes after it. */
function createCompletion(api: Api, { token, application }: Token) {
  const what = "completing the answer to a command or a button";
  const original = { route: Routes.webhookMessage(application, token), what, auth } as const;
  return {
    read: () => api.call({ ...original, method: "GET" }, NO_ANSWER),
    edit: (body: Partial<Body>, files?: Call["files"]) => {
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

const withoutPings = (body: Partial<Body>) => ({ ...body, allowed_mentions: { parse: [] } });

const message = (body: Body, flags = 0) => ({
  ...withoutPings(body),
  flags: flags | MessageFlags.SuppressEmbeds,
});

/** Messages that one reply may take; who wants more asks for less at once. */
const MOST_PAGES = 5;

/** Puts a command's reply in place of "thinking…". `ephemeral`: how that was begun, which cannot be changed. */
export async function showReply(
  respond: Respond,
  reply: CommandReply,
  ephemeral: boolean,
): Promise<void> {
  const pages = await replyPages(reply);
  const shown = pages.slice(0, MOST_PAGES);
  const left = pages.length - shown.length;
  if (left > 0) shown.push(`-# … and ${left} more of this length.`);
  const [first = "", ...rest] = shown;
  const isPrivate = reply.visibleTo === "asker";
  if (isPrivate && !ephemeral) {
    // The first message after "thinking…" fills that in, for all to see: something else has to.
    await respond.edit({ content: "…" });
    await respond.followUp({ content: first });
    await respond.remove();
  } else await respond.edit({ content: first });
  for (const content of rest) await respond.followUp({ content });
}
