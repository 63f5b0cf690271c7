import type { types } from "@slack/bolt";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import { formatBecause } from "../../../src/commands/run/describe-team.ts";
import { formatCount } from "../../../src/progress/format.ts";
import type { CommandReply } from "../../../src/reply.ts";
import { finish } from "../../../src/slices.ts";
import type { Commands } from "../intake/run-command.ts";
import type { Actor } from "../people/asker.ts";
import { outsideThreads } from "../place.ts";
import {
  actions,
  type Block,
  button,
  context,
  DIVIDER,
  header,
  safeText,
  section,
} from "../render/blocks.ts";
import { ACTIONS } from "../render/buttons.ts";
import { toMrkdwn } from "../render/mrkdwn.ts";
import type { Workspace } from "../workspaces.ts";
import { markdownSections, packSections } from "../render/sections.ts";
import { replyBlocks } from "./sections.ts";
import { publishHome, type ShowViewPorts } from "./show-view.ts";

export interface HomePorts extends Pick<CommandPorts, "bindings" | "teams"> {
  readonly commands: Pick<Commands, "run">;
  readonly views: ShowViewPorts;
}

/** Shows a person their home tab. Never rejects. */
export async function showHome(
  { commands, views, bindings, teams }: HomePorts,
  workspace: Workspace,
  { user, origin, eventId }: Actor & { readonly eventId: string },
): Promise<void> {
  try {
    const space = { platform: "slack", space: workspace.team };
    const conversation = outsideThreads(workspace.team);
    // The command decides whether they may see it.
    const ask = async (text: string) => {
      const gesture = { conversation, user, origin, eventId: `home:${eventId}:${text}`, text };
      const reply = await commands.run(workspace, gesture);
      return reply.ok ? reply : null;
    };
    const [usage, keys, bound] = await Promise.all([
      ask("usage month --space"),
      ask("keys show"),
      bindings.list(space),
    ]);
    const here = await bindings.resolve({ ...space, channel: "", thread: "" }).catch(() => null);
    const inSpace = (await teams.in(space)).list();
    const view = homeView({ teams: inSpace, here, bound, usage, keys });
    await publishHome(views, workspace, user, view);
  } catch (problem) {
    views.onProblem(problem);
  }
}

type Bindings = CommandPorts["bindings"];

interface HomeData {
  readonly teams: ReturnType<CommandPorts["teams"]["all"]["list"]>;
  /** The team of the whole workspace; null: no team can answer. */
  readonly here: Awaited<ReturnType<Bindings["resolve"]>> | null;
  readonly bound: Awaited<ReturnType<Bindings["list"]>>;
  /** The workspace's usage; null: not for this person. */
  readonly usage: CommandReply | null;
  /** The workspace's own API keys, as `keys show` says; null: not for this person, or not offered. */
  readonly keys: CommandReply | null;
}

/** A home tab takes 100 blocks. */
const MOST_BLOCKS = 95;

/** The home tab: how to ask, the teams, who answers where; for admins also the usage, and a button to change who answers. */
function homeView({ teams, here, bound, usage, keys }: HomeData): types.HomeView {
  const blocks: readonly Block[] = [
    header("A team of agents answers in your threads"),
    section(
      "Mention me in a channel, or write to me here under *Messages*. I answer in the thread; reply there to go on. `/parley help` lists all commands.",
    ),
    DIVIDER,
    header("Teams"),
    ...teamSections(teams),
    ...bindingBlocks(here, bound),
    ...(usage ? adminBlocks(usage) : []),
    ...(keys ? keyBlocks(keys) : []),
  ];
  return { type: "home", blocks: blocks.slice(0, MOST_BLOCKS) };
}

function teamSections(teams: HomeData["teams"]): readonly Block[] {
  const lines = teams.map(({ name, team }) => {
    if (!team) return `• *${safeText(name)}*: cannot be used now`;
    const agents = team.agents.map((agent) => agent.name).join(", ");
    const about = team.description === "" ? "" : ` – ${safeText(team.description)}`;
    return `• *${safeText(team.title)}* (\`${safeText(name)}\`): ${safeText(agents)}${about}`;
  });
  const texts = lines.length > 0 ? lines : ["There are no teams yet."];
  return packSections(texts, "\n").map((text) => section(text));
}

function bindingBlocks(here: HomeData["here"], bound: HomeData["bound"]): readonly Block[] {
  const threads = bound.filter(({ scope }) => scope === "thread").length;
  const channels = bound.filter(({ scope }) => scope === "channel");
  const lines = [
    here
      ? `Everywhere else: *${safeText(here.team.title)}* (${toMrkdwn(formatBecause(here))})`
      : "No team can answer now.",
    ...channels.map(({ channel, team }) => `<#${channelId(channel)}>: *${safeText(team)}*`),
  ];
  const more = threads === 0 ? [] : [`and another team in ${formatCount(threads, "thread")}`];
  return [
    DIVIDER,
    header("Who answers where"),
    ...packSections([...lines.slice(1), ...lines.slice(0, 1)], "\n").map((text) => section(text)),
    ...context(more),
  ];
}

/** The id with the characters that a link allows. */
const channelId = (channel: string): string => channel.replaceAll(/[^A-Za-z0-9]/g, "");

const keyBlocks = (keys: CommandReply): readonly Block[] => [
  DIVIDER,
  header(keys.title),
  ...finish(replyBlocks(keys)),
  ...actions([button({ action: ACTIONS.keys, value: "keys", text: "API keys…" })]),
];

const adminBlocks = (usage: CommandReply): readonly Block[] => [
  ...actions([button({ action: ACTIONS.switch, value: "switch", text: "Change who answers…" })]),
  DIVIDER,
  header(usage.title),
  ...(usage.blocks.length > 0
    ? finish(replyBlocks(usage))
    : finish(markdownSections("Nothing yet."))),
];
