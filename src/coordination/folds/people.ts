import type { EventOf } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

/** Voids all scores and votes, since they were about the former request; every agent may revise again. */
export function steer(state: TurnState, event: EventOf<"message_steered">): TurnState {
  if (state.inbox.some(({ id }) => id === event.message.id)) return state;
  return {
    ...state,
    inbox: [...state.inbox, event.message],
    steeredAt: event.at,
    ballots: state.ballots.map((ballot) => ({ ...ballot, void: true })),
    preferences: {},
    reading: 1,
    agents: state.agents.map((agent) => ({
      ...agent,
      reviewed: [],
      reading: 0,
      revised: 0,
      abstained: null,
    })),
  };
}

/** The last vote of a person counts, among the answers at that time. */
export function prefer(state: TurnState, event: EventOf<"preference_given">): TurnState {
  const { revision, person } = event;
  const author = state.revisions.find(({ id }) => id === revision)?.agent;
  // Its author may have revised it since.
  const standing = state.latest.map(({ id, agent }) => (agent === author ? revision : id));
  const preferences = { ...state.preferences, [person]: { revision, standing } };
  return { ...state, preferences, choices: state.choices + 1 };
}
