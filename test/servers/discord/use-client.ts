import { Client, type ClientOptions, Events, GatewayIntentBits, Partials } from "discord.js";
import { onTestFinished } from "vitest";

const INTENTS = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.GuildMessageReactions,
  GatewayIntentBits.GuildMessageTyping,
  GatewayIntentBits.MessageContent,
  GatewayIntentBits.DirectMessages,
];

/** Where a client connects to. */
export interface Address {
  readonly url: string;
  readonly token: string;
}

/** A discord.js client for the length of one test, not logged in. */
export function createClient(
  { url }: Pick<Address, "url">,
  options: Partial<ClientOptions> = {},
): Client {
  const client = new Client({
    intents: INTENTS,
    partials: [Partials.Channel, Partials.Message, Partials.Reaction],
    ...options,
    rest: { api: url, ...options.rest },
  });
  // Without a listener an error would end the process.
  client.on(Events.Error, () => {});
  onTestFinished(() => client.destroy());
  return client;
}

/** The same, logged in and ready. */
export async function useClient(
  address: Address,
  options?: Partial<ClientOptions>,
): Promise<Client<true>> {
  const client = createClient(address, options);
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(address.token);
  return ready;
}
