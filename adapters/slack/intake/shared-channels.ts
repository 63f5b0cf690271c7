import type { ConversationId } from "../../../src/ids.ts";
import { conversationOf } from "../place.ts";
import {
  type EventEnvelope,
  installationOf,
  MessageEvent,
  ReactionEvent,
  SessionStoppedEvent,
} from "../wire/event.ts";
import { SlackMessage } from "../wire/message.ts";
import type { Workspace, Workspaces } from "../workspaces.ts";
import { type ChannelMembersPorts, createChannelMembers } from "./channel-members.ts";
import { mentions } from "./parse-event.ts";

export interface SharedChannelPorts extends ChannelMembersPorts {
  readonly workspaces: Pick<Workspaces, "of" | "all">;
  /** Whether the conversation has had a turn. */
  readonly hasBegun: (conversation: ConversationId) => Promise<boolean>;
  /** Whether Parley answers every message of that channel. */
  readonly answersAll: (conversation: ConversationId) => Promise<boolean>;
}

/**
 * The installation that an event is for; undefined: the app is not installed there. A channel that several workspaces share (Slack Connect)
 * may have the app of each: Slack sends such an event once, with any one of their authorizations. The same installation answers either way:
 * the one whose bot is mentioned, else the one that has the thread, else the one that answers everything there, else the author's own.
 */
export type WorkspaceOfEvent = (envelope: EventEnvelope) => Promise<Workspace | undefined>;

/** Finds the installation that an event is for, and the one whose bot wrote a message. */
export interface Routing {
  readonly workspaceOfEvent: WorkspaceOfEvent;
  /** The installation with that bot user. */
  readonly workspaceOfBot: (user: string) => Promise<Workspace | undefined>;
}

export function createRouting(ports: SharedChannelPorts): Routing {
  const installed = createInstalledList(ports);
  return {
    workspaceOfEvent: createWorkspaceOfEvent(ports, installed),
    workspaceOfBot: async (user) => (await installed()).find(({ botUser }) => botUser === user),
  };
}

function createWorkspaceOfEvent(
  ports: SharedChannelPorts,
  installed: () => Promise<readonly Workspace[]>,
): WorkspaceOfEvent {
  const membersOf = createChannelMembers(ports);
  return async (envelope) => {
    const { team, enterprise } = installationOf(envelope);
    const told = await ports.workspaces.of(team, enterprise);
    const subject = subjectOf(envelope.event);
    if (!subject || !mayBeShared(envelope, subject, told)) return told;
    const others = (await installed()).filter((one) => one.team !== told?.team);
    if (others.length === 0) return told;
    const { message } = subject;
    const named = others.filter(({ botUser }) => message && mentions(message, botUser));
    const present = await membersOf(envelope, subject.channel, { others, named });
    const candidates = [...(told ? [told] : []), ...present];
    return (await choose(ports, subject, candidates)) ?? told;
  };
}

/** What decides which installation an event is for. */
interface Subject {
  readonly channel: string;
  readonly thread: string;
  /** It is a new message, not an action on an earlier one. */
  readonly isNew: boolean;
  readonly message: SlackMessage | undefined;
  /** The bot whose message got a reaction. */
  readonly bot: string | undefined;
  /** The author's workspace. */
  readonly home: string | undefined;
}

function subjectOf(event: unknown): Subject | undefined {
  const { data: reaction } = ReactionEvent.safeParse(event);
  if (reaction) {
    const { channel, ts: thread } = reaction.item;
    const { item_user: bot } = reaction;
    return { channel, thread, isNew: false, message: undefined, bot, home: undefined };
  }
  const { data: stop } = SessionStoppedEvent.safeParse(event);
  if (stop) {
    const { channel, thread_ts: thread } = stop;
    return { channel, thread, isNew: false, message: undefined, bot: undefined, home: undefined };
  }
  const { data: about } = MessageEvent.safeParse(event);
  if (!about) return undefined;
  const { channel, message: changed, previous_message: before } = about;
  const message = changed ?? before ?? SlackMessage.safeParse(event).data;
  if (!message) return undefined;
  const isNew = changed === undefined && before === undefined;
  const home = message.user_team ?? message.source_team;
  const thread = message.thread_ts ?? message.ts;
  return { channel, thread, isNew, message, bot: undefined, home };
}

/** Usually Slack says so; otherwise a sign of another workspace is enough. */
function mayBeShared(
  { is_ext_shared_channel: isShared, team_id: team, event }: EventEnvelope,
  { message, home }: Subject,
  told: Workspace | undefined,
): boolean {
  if (isShared !== undefined) return isShared;
  if (!told) return true;
  const isForeign = [team, home].some((id) => id !== undefined && id !== told.team);
  const namesOther =
    event.type === "app_mention" && message !== undefined && !mentions(message, told.botUser);
  return isForeign || namesOther;
}

async function choose(
  ports: SharedChannelPorts,
  subject: Subject,
  candidates: readonly Workspace[],
): Promise<Workspace | undefined> {
  const { channel, thread, bot, home, message, isNew } = subject;
  const byTeam = candidates.toSorted(
    (a, b) => rank(a, home) - rank(b, home) || (a.team < b.team ? -1 : 1),
  );
  const in_ = ({ team }: Workspace) => conversationOf({ team, channel, thread });
  const named = message && firstNamed(message, candidates);
  const owner = () => find(byTeam, (one) => ports.hasBegun(in_(one)));
  return (
    candidates.find(({ botUser }) => botUser === bot) ??
    (isNew ? named : undefined) ??
    (await owner()) ??
    named ??
    (await find(byTeam, (one) => ports.answersAll(in_(one)))) ??
    byTeam[0]
  );
}

const rank = ({ team }: Workspace, home: string | undefined): number => (team === home ? 0 : 1);

function firstNamed(
  message: SlackMessage,
  candidates: readonly Workspace[],
): Workspace | undefined {
  const placeOf = ({ botUser }: Workspace) => {
    const at = message.text.indexOf(`<@${botUser}`);
    return at < 0 ? Infinity : at;
  };
  return candidates
    .filter(({ botUser }) => mentions(message, botUser))
    .toSorted((a, b) => placeOf(a) - placeOf(b))[0];
}

async function find<T>(
  all: readonly T[],
  is: (one: T) => Promise<boolean>,
): Promise<T | undefined> {
  for (const one of all) if (await is(one)) return one;
  return undefined;
}

/** How long the list of installed workspaces holds, ms. */
const INSTALLED_MS = 10_000;

function createInstalledList({ workspaces, clock }: SharedChannelPorts) {
  const state = { at: -Infinity, all: Promise.resolve<readonly Workspace[]>([]) };
  return (): Promise<readonly Workspace[]> => {
    if (clock.now() - state.at < INSTALLED_MS) return state.all;
    const all = workspaces.all();
    Object.assign(state, { at: clock.now(), all });
    // What failed is asked for again.
    all.catch(() => Object.assign(state, { at: -Infinity }));
    return all;
  };
}
