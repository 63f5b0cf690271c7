import { ComponentType } from "discord.js";
import { type ConversationId, parseConversationId } from "../../../src/ids.ts";
import type { DeliveryMark } from "../../../src/platform.ts";
import { formatPress } from "../parse/mark.ts";
import { quoted } from "../../../src/commands/command-options.ts";
import type { InteractionPorts } from "./interaction-ports.ts";

/** Stands for the team that answers there; no team's name has a star. */
const SAME = "*";
const MOST_TEAMS = 24;

/** What "Retry…" opens: which team is to answer. */
export async function retryModal(
  { commands }: InteractionPorts,
  conversation: ConversationId,
  mark: DeliveryMark,
): Promise<unknown> {
  const there = await commands.teams.in(parseConversationId(conversation));
  const teams = there.list().filter(({ team }) => team !== null);
  const options = [
    { label: "The team that answers here", value: SAME, default: true },
    ...teams.slice(0, MOST_TEAMS).map(({ name, team }) => ({
      label: name.slice(0, 100),
      value: name.slice(0, 100),
      ...(team?.description && { description: team.description.slice(0, 100) }),
    })),
  ];
  return {
    title: "Answer again",
    custom_id: formatPress({ mark, action: "retry", about: "" }),
    components: [
      {
        type: ComponentType.Label,
        label: "Which team?",
        component: { type: ComponentType.StringSelect, custom_id: "team", options },
      },
    ],
  };
}

/** The command that a filled-in modal stands for. */
export function retryText({ turn }: DeliveryMark, components: unknown): string {
  const [team = SAME] = chosen(components);
  return team === SAME ? `retry of ${turn}` : `retry with ${quoted(team)} of ${turn}`;
}

/** Values stand in a label, or, from older servers, in a row. */
function chosen(components: unknown): readonly string[] {
  if (Array.isArray(components)) return components.flatMap(chosen);
  if (typeof components !== "object" || components === null) return [];
  if ("values" in components && Array.isArray(components.values))
    return components.values.map(String);
  if ("component" in components) return chosen(components.component);
  return "components" in components ? chosen(components.components) : [];
}
