import type { EventOf } from "../turn-event.ts";
import type { TurnState } from "../turn-state.ts";

/** Every score and choice so far was about another request; everybody may improve again. */
export function steer(state: TurnState, event: EventOf<"message_steered">): TurnState {
  if (state.inbox.some(({ id }) => id === event.message.id)) return state;
  return {
    ...state,
    inbox: [...state.inbox, event.message],
    steeredAt: event.at,
    ballots: state.ballots.map((ballot) => ({ ...ballot, void: true })),
    preferences: {},
    agents: state.agents.map((agent) => ({ ...agent, reviewed: [], revised: 0 })),
  };
}

/** The last choice of a person counts, over what stood when it was made. */
export function prefer(state: TurnState, event: EventOf<"preference_given">): TurnState {
  const { revision, person } = event;
  const author = state.revisions.find(({ id }) => id === revision)?.agent;
  // Its author may have offered another one since.
  const standing = state.latest.map(({ id, agent }) => (agent === author ? revision : id));
  const preferences = { ...state.preferences, [person]: { revision, standing } };
  return { ...state, preferences, choices: state.choices + 1 };
}
