import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createEndingClock } from "./ending-clock.ts";
import { createDeliveries, type Deliveries, type Delivery } from "./events/deliveries.ts";
import { envelopeOf, type Shapes } from "./events/envelope.ts";
import { createHttpTransport } from "./events/http-transport.ts";
import { createSocketMode, type SocketMode } from "./events/socket-mode.ts";
import type { Transport } from "./events/transport.ts";
import { createFileHost, createForeignHost } from "./file-host.ts";
import { installApp } from "./install.ts";
import { listen, type Listening } from "./listen.ts";
import { createAuthorizePage } from "./oauth.ts";
import { type Settings, type SlackOptions, withDefaults } from "./options.ts";
import { createInteractions } from "./people/interactions.ts";
import { createResponseUrls } from "./people/response-urls.ts";
import { createTriggers } from "./people/triggers.ts";
import { createRoom, type Room } from "./room.ts";
import type { Fields } from "./state/fields.ts";
import { createTalk, type MentionOrder } from "./state/talk.ts";
import type { Workspace } from "./state/workspace.ts";
import { createIds, type World } from "./state/world.ts";
import { createCalls, type ApiCall } from "./web-api/calls.ts";
import { createFaults, type Faults } from "./web-api/faults.ts";
import { createRateLimits } from "./web-api/rate-limits.ts";
import { createWebApi } from "./web-api/web-api.ts";

/** A Slack of one's own, on this machine. It refuses what the real one refuses. */
export interface Slack {
  /** Of the Web API, with a slash at its end. */
  readonly url: string;
  readonly authorizeUrl: string;
  /** What an app's environment holds to use it. */
  env(mode?: "socket" | "http"): Readonly<Record<string, string>>;
  readonly app: World["app"];
  /** The first: T1, with the people U1, U2, the admin U9, and the channels C1 and C2. */
  readonly workspace: Room;
  addWorkspace(id: string, options?: WorkspaceOptions): Room;
  /** Calls of a method, oldest first. */
  calls(method: string): readonly ApiCall[];
  readonly allCalls: readonly ApiCall[];
  /** Calls that were refused for their pace. */
  limited(): readonly ApiCall[];
  /** Whatever the app did that no app may do. */
  readonly rejected: readonly string[];
  readonly faults: Faults;
  readonly sockets: SocketMode;
  readonly deliveries: Deliveries;
  /** Events, clicks and commands go to this URL from now on, after it has answered a challenge. */
  subscribe(url: string): Promise<void>;
  /** Sends an event that is not made here, or one with a twist. */
  emit(workspace: Room, event: Fields): void;
  /** Everything the app was sent so far, once more. */
  replay(which?: (delivery: Delivery) => boolean): Promise<void>;
  /** Resolves when nothing is on its way to the app. */
  settled(): Promise<void>;
  /** From now on. */
  change(how: { mentions?: MentionOrder; shapes?: Shapes; latencyMs?: number }): void;
  stop(): Promise<void>;
}

export interface WorkspaceOptions {
  readonly enterprise?: { readonly id: string; readonly name: string };
  readonly isInstalled?: boolean;
}

/** Starts it on a free port. */
export async function createSlack(options: SlackOptions = {}): Promise<Slack> {
  const given = withDefaults(options);
  const clock = createEndingClock(given.clock);
  const settings = { ...given, clock };
  const changing = { ...settings, origin: "" };
  const rejected: string[] = [];
  const reject = (what: string): void => void rejected.push(what);
  const { world, sockets, http, deliveries } = createWorld(settings, changing, reject);
  const talk = createTalk(world, () => changing.mentions);
  const triggers = createTriggers(settings.clock, world.nextId);
  const responseUrls = createResponseUrls(world, talk);
  const interactions = createInteractions({ world, deliveries, triggers, responseUrls });
  const [calls, faults] = [createCalls(), createFaults()];
  const [grants, gone] = [new Map<string, Workspace>(), new Set<string>()];
  const api = createWebApi({
    world,
    talk,
    sockets,
    triggers,
    grants,
    gone,
    calls,
    faults,
    historyPage: settings.history === "few" ? 15 : undefined,
    limit: createRateLimits({ ...settings, scale: settings.tierScale }),
    latencyMs: () => changing.latencyMs,
  });
  const foreign = await createForeignHost(world);
  const files = createFileHost(world, foreign);
  const authorize = createAuthorizePage(world, grants);
  const server = await serve(sockets, reject, (request, response, url) => {
    const { pathname } = url;
    if (pathname.startsWith("/api/")) return api(request, response);
    if (pathname.startsWith("/files-pri/")) return files.download(request, response, pathname);
    if (pathname.startsWith("/upload/")) return files.upload(request, response, url);
    if (pathname === "/oauth/v2/authorize") return authorize(response, url.searchParams);
    const [, id] = /^\/response\/(\w+)$/.exec(pathname) ?? [];
    if (id) return responseUrls.answer(request, response, id);
    response.writeHead(404).end();
  });
  changing.origin = server.url;

  const addWorkspace: Slack["addWorkspace"] = (id, { enterprise, isInstalled = true } = {}) => {
    const workspace = createWorkspace(id, enterprise);
    world.workspaces.set(id, workspace);
    if (isInstalled) installApp(world, workspace);
    return furnished(createRoom({ world, talk, interactions, gone }, workspace));
  };
  const workspace = addWorkspace("T1", { isInstalled: settings.isInstalled });

  return {
    url: `${server.url}/api/`,
    authorizeUrl: `${server.url}/oauth/v2/authorize`,
    app: world.app,
    env: (mode = "socket") => ({
      SLACK_API_URL: `${server.url}/api/`,
      SLACK_BOT_TOKEN: workspace.token(),
      SLACK_SIGNING_SECRET: world.app.signingSecret,
      SLACK_MODE: mode,
      ...(mode === "socket" && { SLACK_APP_TOKEN: world.app.appToken }),
    }),
    workspace,
    addWorkspace,
    calls: calls.of,
    allCalls: calls.all,
    limited: calls.limited,
    rejected,
    faults,
    sockets,
    deliveries,
    subscribe: (url) => http.subscribe(url),
    emit: (room, event) => world.emit(room.state, event),
    async replay(which = ({ kind }) => kind === "events_api") {
      await Promise.all(deliveries.all.filter(which).map((delivery) => deliveries.again(delivery)));
    },
    settled: () => deliveries.settled(),
    change: (how) => void Object.assign(changing, how),
    async stop() {
      clock.end();
      sockets.close();
      await Promise.all([server.close(), foreign.close()]);
    },
  };
}

/** What everything else is built on. */
function createWorld(
  settings: Settings,
  changing: { readonly origin: string; readonly shapes: Shapes },
  reject: (what: string) => void,
) {
  const ids = createIds(settings.wallClock);
  const app = {
    id: "A0PARLEY",
    clientId: "1234.5678",
    clientSecret: "client-secret",
    signingSecret: "signing-secret-8f1e",
    appToken: "xapp-1-A0PARLEY-99",
    subscriptions: new Set(settings.subscriptions),
    agent: settings.agent,
  };
  const sockets = createSocketMode({ ...settings, appId: app.id, nextId: ids.nextId, reject });
  const http = createHttpTransport({ ...settings, signingSecret: app.signingSecret });
  const deliveries = createDeliveries({ ...settings, transport: either(http, sockets) });
  const world: World = {
    ...settings,
    ...ids,
    app,
    reject,
    workspaces: new Map(),
    origin: () => changing.origin,
    emit(workspace, event) {
      if (!workspace.install || !app.subscriptions.has(subscriptionOf(event))) return;
      const payload = envelopeOf(world, workspace, event, changing.shapes);
      void deliveries.send({ kind: "events_api", payload });
    },
  };
  return { world, sockets, http, deliveries };
}

/** "message.channels" for a message in a channel, else the event's own name. */
function subscriptionOf({ type, channel_type: kind }: Fields): string {
  if (type !== "message") return String(type);
  return `message.${{ channel: "channels", group: "groups" }[String(kind)] ?? String(kind)}`;
}

/** An app with a request URL is sent everything there; else through its sockets. */
const either = (http: Transport, sockets: Transport): Transport => {
  const chosen = () => (http.isOpen() ? http : sockets);
  return {
    send: (parcel, attempt) => chosen().send(parcel, attempt),
    isOpen: () => chosen().isOpen(),
    onOpen(fn) {
      http.onOpen(fn);
      sockets.onOpen(fn);
    },
  };
};

const createWorkspace = (id: string, enterprise: WorkspaceOptions["enterprise"]): Workspace => ({
  id,
  name: `Workspace ${id}`,
  domain: id.toLowerCase(),
  enterprise,
  users: new Map(),
  channels: new Map(),
  groups: new Map(),
  files: new Map(),
  modals: new Map(),
  homes: new Map(),
  install: undefined,
});

function furnished(room: Room): Room {
  room.addUser("U1", { name: "ada", displayName: "Ada", realName: "Ada Lovelace" });
  room.addUser("U2", { name: "bob", displayName: "Bob", realName: "Bob Stone" });
  room.addUser("U9", { name: "root", displayName: "Root", isAdmin: true });
  room.addChannel("C1", { name: "general" });
  room.addChannel("C2", { name: "random" });
  return room;
}

type Route = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

function serve(
  sockets: SocketMode,
  reject: (what: string) => void,
  route: Route,
): Promise<Listening> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://localhost");
    Promise.try(route, request, response, url).catch((error: unknown) => {
      reject(`the server failed at ${url.pathname}: ${String(error)}`);
      response.destroy();
    });
  });
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  return listen(server);
}
