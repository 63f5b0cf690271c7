import { ComponentType, TextInputStyle } from "discord.js";
import type { CommandPorts } from "../../../src/commands/ports.ts";
import type { DeliveryMark, Intake, Rated } from "../../../src/platform.ts";
import { ASK_REASON, ratingTitle, type Verdict } from "../../../src/progress/rating-words.ts";
import { formatPress, type Press } from "../render/buttons.ts";
import type { InteractionContext } from "./context.ts";

interface RatePorts {
  readonly intake: Pick<Intake, "feedback">;
  readonly commands: Pick<CommandPorts, "turns">;
}

export const NOT_OURS = "This button is not Parley's any more.";

/** 👍. Stored before anything is said: of two clicks the later one counts. */
export async function rateUp(
  ports: RatePorts,
  context: InteractionContext,
  { mark }: Press,
): Promise<void> {
  await showRated(context, "up", await rate(ports, context, { mark, verdict: "up" }));
}

/** 👎: stored before the form opens, since its reason is optional. A form must be the first response, so nothing is deferred. */
export async function rateDown(
  ports: RatePorts,
  context: InteractionContext,
  { mark }: Press,
): Promise<void> {
  const rated = await rate(ports, context, { mark, verdict: "down" });
  if (rated.outcome === "unknown") return context.respond.replyPrivately({ content: NOT_OURS });
  const before = rated.outcome === "taken" ? rated.before : null;
  await context.respond.modal(reasonModal(mark, ratingTitle("down", before)));
}

/** The submitted form. */
export async function takeReason(
  ports: RatePorts,
  context: InteractionContext,
  mark: DeliveryMark,
): Promise<void> {
  const reason = textIn(context.interaction.data.components);
  const rated = await rate(ports, context, { mark, verdict: "down", reason });
  await showRated(context, "down", rated);
}

interface Given {
  readonly mark: DeliveryMark;
  readonly verdict: Verdict;
  readonly reason?: string;
}

async function rate(
  { intake, commands }: RatePorts,
  { caller: { conversation, eventId, person } }: InteractionContext,
  { mark: { turn }, verdict, reason }: Given,
): Promise<Rated> {
  // The turn may belong to another thread, or its record may have been deleted.
  if ((await commands.turns.get(conversation, turn)) === null) return { outcome: "unknown" };
  return intake.feedback({ conversation, eventId, person, turn, verdict, reason });
}

async function showRated(
  { respond }: InteractionContext,
  verdict: Verdict,
  rated: Rated,
): Promise<void> {
  const before = rated.outcome === "taken" ? rated.before : null;
  const content = rated.outcome === "unknown" ? NOT_OURS : ratingTitle(verdict, before);
  await respond.replyPrivately({ content });
}

const reasonModal = (mark: DeliveryMark, noted: string): unknown => ({
  title: ASK_REASON.title,
  custom_id: formatPress({ mark, action: "down", about: "" }),
  components: [
    { type: ComponentType.TextDisplay, content: noted },
    {
      type: ComponentType.Label,
      label: ASK_REASON.label,
      description: ASK_REASON.hint,
      component: {
        type: ComponentType.TextInput,
        custom_id: "reason",
        style: TextInputStyle.Paragraph,
        required: false,
        max_length: ASK_REASON.longest,
        placeholder: ASK_REASON.placeholder,
      },
    },
  ],
});

/** The text of a form's only field. */
function textIn(components: unknown): string {
  if (Array.isArray(components)) return components.map(textIn).join("");
  if (typeof components !== "object" || components === null) return "";
  if ("value" in components && typeof components.value === "string") return components.value;
  if ("component" in components) return textIn(components.component);
  return "components" in components ? textIn(components.components) : "";
}
