import { parseConversationId, type ConversationId } from "../ids.ts";
import { keyOf } from "../teams/bindings.ts";

/** What a limit applies to: each person in a space, a channel, a space, or the whole installation. */
export const REACHES = ["person", "channel", "space", "all"] as const;
export type Reach = (typeof REACHES)[number];

/** Reaches that people can limit with commands. Only the operator can limit the whole installation. */
export const SET_REACHES = ["person", "channel", "space"] as const;
export type SetReach = (typeof SET_REACHES)[number];

/** Where a turn is asked, and by whom. */
export interface Where {
  readonly conversation: ConversationId;
  /** `{platform}:{person id}`. */
  readonly person: string;
  /** The person's display name. */
  readonly name?: string | undefined;
}

/** The prefix of the meter owners of all people in a space. */
export const personsOf = (conversation: ConversationId): string =>
  `${keyOf(parseConversationId(conversation), "space")}@`;

/** The owner of the meter that a limit checks. */
export function ownerOf(reach: Reach, { conversation, person }: Where): string {
  const place = parseConversationId(conversation);
  if (reach === "all") return "all";
  return reach === "person"
    ? personsOf(conversation) + encodeURIComponent(person)
    : keyOf(place, reach);
}

/** The key in the binding store for limits that people set. */
export const limitsKey = (reach: SetReach, conversation: ConversationId): string =>
  `budget:${reach}:${keyOf(parseConversationId(conversation), reach === "channel" ? "channel" : "space")}`;
