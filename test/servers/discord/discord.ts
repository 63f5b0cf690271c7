import { createServer } from "node:http";
import { attachmentEndpoints } from "./endpoints/attachments.ts";
import { channelEndpoints } from "./endpoints/channels.ts";
import { commandEndpoints } from "./endpoints/commands.ts";
import { followupEndpoints } from "./endpoints/followups.ts";
import { gatewayEndpoints } from "./endpoints/gateway.ts";
import { guildEndpoints } from "./endpoints/guilds.ts";
import { interactionEndpoints } from "./endpoints/interactions.ts";
import { messageEndpoints } from "./endpoints/messages.ts";
import { reactionEndpoints } from "./endpoints/reactions.ts";
import { threadListEndpoints } from "./endpoints/thread-lists.ts";
import { threadEndpoints } from "./endpoints/threads.ts";
import { userEndpoints } from "./endpoints/users.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { createGatewayControl, type GatewayControl } from "./gateway/outages.ts";
import { type DiscordOptions, withDefaults } from "./options.ts";
import { createGuildRoom, type GuildRoom, personNamed } from "./people/guild-room.ts";
import type { Person } from "./people/person.ts";
import type { MessagePlace, Place } from "./people/place.ts";
import { formatSeen, seenIn, typingIn, type SeenMessage } from "./people/seen.ts";
import type { RecordedCall, Route } from "./rest/call.ts";
import { createFaults, type Faults } from "./rest/faults.ts";
import { createLimits, type Limits } from "./rest/limits.ts";
import { openOpenApi } from "./rest/openapi.ts";
import { createRestServer } from "./rest/rest-server.ts";
import { sameRoute } from "./rest/router.ts";
import { listen } from "../slack/listen.ts";
import { createWorld } from "./world/create-world.ts";
import { createGuild } from "./world/guild-life.ts";
import type { GuildShape } from "./world/guild.ts";
import { channelOf, hangingOn, messageOf } from "./world/look-up.ts";
import { addPreview } from "./world/message-life.ts";
import { createTime } from "./world/time.ts";
import type { World } from "./world/world.ts";
import type { Json } from "./wire/json.ts";

/** A Discord of one's own, on this machine. It refuses what the real one refuses. */
export interface Discord {
  /** For DISCORD_API_URL and `rest.api`, without a version. */
  readonly url: string;
  readonly token: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly applicationId: string;
  /** What the bot's environment holds to use it. */
  env(): Readonly<Record<string, string>>;
  /** Made when first named; with the bot in it. */
  guild(name?: string): GuildRoom;
  /** Somebody by name, who may be in no guild. */
  user(name: string): Person;
  /** What stands in a place, oldest first; `as`: with what that person alone is shown. */
  messagesIn(place: Place, as?: Place): readonly SeenMessage[];
  /** The same as one text. */
  shown(place: Place, as?: Place): string;
  /** Names of those whose typing shows in a place now. */
  typingIn(place: Place): readonly string[];
  /** The preview of a link turns up under a message. */
  unfurls(message: MessagePlace): void;
  /** The thread of a message. */
  threadOf(message: Place): Place | undefined;
  /** The application's commands, for everybody or for one guild. */
  commands(guild?: Place): readonly Json[];
  /** Calls of a route such as "POST /channels/:id/messages", oldest first. */
  calls(route: string): readonly RecordedCall[];
  readonly allCalls: readonly RecordedCall[];
  /** Calls that were refused for their pace. */
  limited(): readonly RecordedCall[];
  /** Whatever the bot did that no bot should do. */
  readonly violations: readonly string[];
  /** Whether Discord's own description of its API was at hand to hold calls against. */
  readonly isChecked: boolean;
  readonly faults: Faults;
  readonly gateway: GatewayControl;
  /** Answers of 401, 403 and 429 in the last ten minutes. */
  invalidRequests(): number;
  /** Lets time pass at once: tokens die, threads are archived. */
  passes(ms: number): void;
  /** Makes the token worthless. */
  resetsToken(): void;
  /** For what tests need that nobody can see. */
  readonly world: World;
  stop(): Promise<void>;
}

const SHAPES: readonly GuildShape[] = ["full", "lean", "odd"];

/** Starts it on a free port. */
export async function createDiscord(options: DiscordOptions = {}): Promise<Discord> {
  const settings = withDefaults(options);
  const time = createTime(settings.time);
  const token = `MTIzNDU2.${crypto.randomUUID().slice(0, 6)}.local-token`;
  const world = createWorld({ ...settings, time, token });
  const gateway = createGateway({ ...settings, world, url: () => gatewayUrl(world) });
  world.dispatch = (event) => gateway.dispatch(event);
  const limits = createLimits(time, settings.limits);
  const faults = createFaults();
  const calls: RecordedCall[] = [];
  const openApi = settings.isChecked ? openOpenApi() : undefined;
  const routes = createRoutes(world, gateway, settings);
  const rest = createRestServer({ ...settings, world, routes, limits, faults, openApi, calls });
  const http = createServer(rest);
  http.on("upgrade", (request, socket, head) => gateway.accept(request, socket, head));
  const server = await listen(http);
  world.origin = server.url;
  return {
    url: `${server.url}/api`,
    token,
    bot: { id: world.application.user.id, name: settings.botName },
    applicationId: world.application.id,
    env: () => ({ DISCORD_TOKEN: token, DISCORD_API_URL: `${server.url}/api` }),
    ...createScene(world, settings),
    ...createRecords(world, calls, limits),
    isChecked: openApi !== undefined,
    faults,
    gateway: createGatewayControl(world, gateway),
    passes: (ms) => time.pass(ms),
    resetsToken: () => void (world.application.token = "reset"),
    world,
    async stop() {
      time.stop();
      gateway.stop();
      await server.close();
    },
  };
}

const gatewayUrl = ({ origin }: World): string => `${origin.replace("http", "ws")}/gateway`;

type Settings = ReturnType<typeof withDefaults>;

const createRoutes = (world: World, gateway: Gateway, settings: Settings): readonly Route[] => [
  ...gatewayEndpoints({
    ...settings,
    url: () => gatewayUrl(world),
    identifies: () => gateway.state.identifies,
  }),
  ...userEndpoints(world),
  ...guildEndpoints(world),
  ...messageEndpoints(world),
  ...reactionEndpoints(world),
  ...threadEndpoints(world),
  ...threadListEndpoints(world),
  ...channelEndpoints(world),
  ...commandEndpoints(world),
  ...interactionEndpoints(world),
  ...followupEndpoints(world),
  ...attachmentEndpoints(world),
];

type Scene = Pick<
  Discord,
  "guild" | "user" | "unfurls" | "messagesIn" | "shown" | "typingIn" | "threadOf" | "commands"
>;

function createScene(world: World, settings: Settings): Scene {
  const guildNamed = (name: string) =>
    [...world.guilds.values()].find((guild) => guild.name === name) ??
    createGuild(world, {
      name,
      ownerId: personNamed(world, "Olga").id,
      shape: settings.shape ?? SHAPES[world.guilds.size % SHAPES.length] ?? "full",
      botPermissions: settings.invite,
    });
  return {
    guild: (name = "Acme") => createGuildRoom(world, guildNamed(name)),
    user: (name) => personNamed(world, name),
    messagesIn: (place, as) => seenIn(world, place, as),
    shown: (place, as) => formatSeen(seenIn(world, place, as)),
    typingIn: (place) => typingIn(world, place),
    unfurls({ channelId, id }) {
      const channel = channelOf(world, channelId);
      addPreview(world, channel, messageOf(channel, id));
    },
    threadOf({ id }) {
      const thread = hangingOn(world, id);
      return thread && { id: thread.id };
    },
    commands: (guild) =>
      [...world.commands.values()]
        .filter(({ guildId }) => guildId === (guild?.id ?? null))
        .map(({ definition }) => definition),
  };
}

const createRecords = (
  { violations }: World,
  calls: readonly RecordedCall[],
  limits: Limits,
): Pick<Discord, "calls" | "allCalls" | "limited" | "violations" | "invalidRequests"> => ({
  calls: (route) => calls.filter((call) => sameRoute(call.route) === sameRoute(route)),
  allCalls: calls,
  limited: () => calls.filter(({ status }) => status === 429),
  violations,
  invalidRequests: () => limits.invalidRequests(),
});
