import type { ConversationId } from "../ids.ts";
import type { Intake } from "../platform.ts";
import { failingWithStrays } from "../stray-errors.ts";

/** Uncaught errors while handling an event fail that event, so that its platform redelivers it. */
export function owningIntake<Bot extends Intake>(bot: Bot): Bot {
  const owned = <T>(conversation: ConversationId, work: () => Promise<T>) =>
    failingWithStrays({ conversation }, work);
  return {
    ...bot,
    message: (message) => owned(message.conversation, () => bot.message(message)),
    edited: (message, eventId) => owned(message.conversation, () => bot.edited(message, eventId)),
    deleted: (conversation, id, eventId) =>
      owned(conversation, () => bot.deleted(conversation, id, eventId)),
    replaced: (original, message) =>
      owned(message.conversation, () => bot.replaced(original, message)),
    command: (command) => owned(command.conversation, () => bot.command(command)),
    claim: (conversation, eventId) => owned(conversation, () => bot.claim(conversation, eventId)),
    feedback: (feedback) => owned(feedback.conversation, () => bot.feedback(feedback)),
  };
}
