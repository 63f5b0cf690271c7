import type { Clock } from "../../../../src/clock.ts";
import type { Fields } from "./fields.ts";
import type { Workspace } from "./workspace.ts";

/** The app under test, as Slack knows it. */
export interface AppRecord {
  readonly id: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly signingSecret: string;
  readonly appToken: string;
  readonly subscriptions: ReadonlySet<string>;
  /** What kind of agent the manifest declares. */
  readonly agent: "agent_view" | "assistant_view" | "none";
}

/** Everything there is, and what each part may ask of the rest. */
export interface World {
  readonly app: AppRecord;
  readonly workspaces: Map<string, Workspace>;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
  /** With token rotation: how long tokens live, s. */
  readonly tokenLife?: number | undefined;
  /** "http://127.0.0.1:PORT" */
  readonly origin: () => string;
  /** Something that no app may do: the list of it is for tests to look at. */
  readonly reject: (what: string) => void;
  /** Tells the app what happened, if it is subscribed. */
  readonly emit: (workspace: Workspace, event: Fields) => void;
  /** Unique, with Slack's prefix for its kind. */
  readonly nextId: (prefix: string) => string;
  /** Unique, rising. */
  readonly nextTs: () => string;
}

/** Ids and timestamps in Slack's forms. */
export function createIds(wallClock: () => number): Pick<World, "nextId" | "nextTs"> {
  const state = { id: 0, micros: 0 };
  return {
    nextId: (prefix) => `${prefix}0${(36 ** 5 + state.id++ * 7919).toString(36).toUpperCase()}`,
    nextTs() {
      // The last three digits are what tells messages of one millisecond apart.
      state.micros = Math.max(state.micros + 1, Math.round(wallClock() * 1000) + 9);
      const digits = String(state.micros);
      return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
    },
  };
}
