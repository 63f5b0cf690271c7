import { parseConversationId, type ConversationId } from "../ids.ts";
import { keyOf } from "../teams/bindings.ts";

/** Whom a limit holds for: each person of a space, a channel, a space, or all that this installation answers. */
export const REACHES = ["person", "channel", "space", "all"] as const;
export type Reach = (typeof REACHES)[number];

/** What people set by commands; the whole installation is its operator's. */
export const SET_REACHES = ["person", "channel", "space"] as const;
export type SetReach = (typeof SET_REACHES)[number];

/** What use is counted against. */
export interface Where {
  readonly conversation: ConversationId;
  /** `{platform}:{person id}`. */
  readonly person: string;
}

/** All persons of a space have owners that begin with this. */
export const personsOf = (conversation: ConversationId): string =>
  `${keyOf(parseConversationId(conversation), "space")}@`;

/** Who uses it up: the owner of a meter. */
export function ownerOf(reach: Reach, { conversation, person }: Where): string {
  const place = parseConversationId(conversation);
  if (reach === "all") return "all";
  return reach === "person"
    ? personsOf(conversation) + encodeURIComponent(person)
    : keyOf(place, reach);
}

/** Where the limits that people set are kept, beside the bindings. */
export const limitsKey = (reach: SetReach, conversation: ConversationId): string =>
  `budget:${reach}:${keyOf(parseConversationId(conversation), reach === "channel" ? "channel" : "space")}`;
