import type { ConversationId } from "../ids.ts";
import type { Outgoing, Platform } from "../platform.ts";
import type { FinalView } from "../progress/final-view.ts";
import { type Spell, spellAsMessage, spelled } from "../text/spelling.ts";

/** How commands are written where a conversation is read. */
export const spellingOf = (
  platform: Pick<Platform, "spell"> | undefined,
  conversation: ConversationId,
  isOutside = false,
): Spell => platform?.spell?.(conversation, isOutside) ?? spellAsMessage;

/** The platform, with the commands that Parley's own texts name as they are written there. Answers stay as they are. */
export const withSpelling = (platform: Platform): Platform => ({
  ...platform,
  post: (conversation, content, ...rest) =>
    platform.post(conversation, respelled(platform, conversation, content), ...rest),
  edit: (message, content) =>
    platform.edit(message, respelled(platform, message.conversation, content)),
});

function respelled(
  platform: Pick<Platform, "spell">,
  conversation: ConversationId,
  content: Outgoing,
): Outgoing {
  const say = (text: string) => spelled(text, spellingOf(platform, conversation));
  switch (content.kind) {
    case "note":
      return { ...content, text: say(content.text) };
    case "status":
      return { ...content, view: { ...content.view, note: say(content.view.note) } };
    case "final":
      return { ...content, view: withNotes(content.view, say) };
  }
}

const withNotes = (view: FinalView, say: (text: string) => string): FinalView => ({
  ...view,
  footer: { ...view.footer, notes: view.footer.notes.map(say) },
});
