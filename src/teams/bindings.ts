import { z } from "zod";
import { type Place, platformKind } from "../ids.ts";
import { AUTO_KEYS } from "./auto-agents.ts";
import type { BindingStore, StoredBinding } from "./binding-store.ts";
import { NO_SEATS, type Seat, Seats, seatTeam } from "./seats.ts";
import type { TeamBook } from "./team-book.ts";
import type { Team } from "./team.ts";
import { type Chosen, noSeatLeft, unusable } from "./unusable-team.ts";

/** The scope of a binding. The narrowest one wins. */
export type Scope = "thread" | "channel" | "space";
export const SCOPES: readonly Scope[] = ["thread", "channel", "space"];

/** Which team answers at a place, and why. */
export interface ResolvedTeam {
  readonly team: Team;
  readonly because: Chosen["because"];
  /** Who set the binding, if any. */
  readonly by: string | null;
  /** Parallel to `team.agents`: the seats in this thread, including changes made in the thread. */
  readonly seats: readonly Seat[];
  /** A sentence for each seat that stays empty. */
  readonly absent: readonly string[];
  /** What people must know about the choice: `absent`, or that this is the demo. */
  readonly notes: readonly string[];
}

/** A team bound to a place. */
export interface BoundTeam {
  readonly scope: Scope;
  /** "" for a space. */
  readonly channel: string;
  /** "" for a space or a channel. */
  readonly thread: string;
  readonly team: string;
  readonly by: string | null;
}

/** Which team answers where: thread → channel → space → PARLEY_TEAM → `default`. A team that was chosen but cannot be used is never replaced. */
export interface Bindings {
  /** `team` is named in the request and overrides all bindings. Throws `NoTeamError` if the team cannot be used. */
  resolve(place: Place, team?: string): Promise<ResolvedTeam>;
  /** Binds a team to a scope; null removes the binding. Resets a thread's choice of agents. */
  use(place: Place, scope: Scope, team: string | null, by: string): Promise<void>;
  /** All bindings in a space, by place. */
  list(space: Pick<Place, "platform" | "space">): Promise<readonly BoundTeam[]>;
  /** Changes a thread's choice of agents. */
  seat(place: Place, change: (seats: Seats) => Seats, by: string): Promise<void>;
}

/** `ownEnv`: the workspace uses its own API keys. */
type TeamsThere = Pick<TeamBook, "get" | "list"> & { readonly ownEnv?: unknown };

export interface BindingsOptions {
  /** The teams visible to a workspace, and all of them. */
  readonly teams: { in(place: Place): Promise<TeamsThere>; readonly all: Pick<TeamBook, "list"> };
  readonly store: BindingStore;
  /** PARLEY_TEAM. */
  readonly setting?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly wallClock: () => number;
}

// Parse leniently, so that values from other versions do not stop Parley from answering.
const Stored = z.object({
  team: z.string().nullable().catch(null),
  seats: Seats.catch(NO_SEATS),
});
type Stored = z.infer<typeof Stored>;

interface Bound extends Stored {
  readonly by: string | null;
  readonly version: number;
}

function readStored(stored: StoredBinding | null | undefined): Bound {
  const parsed = Stored.safeParse(parseJson(stored?.value ?? "null"));
  const value = parsed.data ?? { team: null, seats: NO_SEATS };
  return { ...value, by: stored?.by ?? null, version: stored?.version ?? 0 };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The key under which a scope's binding is stored. */
export function keyOf(place: Place, scope: Scope): string {
  const parts = [place.platform, place.space, place.channel, place.thread];
  const length = { space: 2, channel: 3, thread: 4 }[scope];
  return parts.slice(0, length).map(encodeURIComponent).join(":");
}

/** The team that answers without a binding. */
export const DEFAULT_TEAM = "default";

function choose(
  bound: readonly Bound[],
  request: string | undefined,
  setting: string | null,
): Chosen & Pick<ResolvedTeam, "by"> {
  if (request !== undefined) return { name: request, because: "request", by: null };
  for (const [index, because] of SCOPES.entries()) {
    const { team, by = null } = bound[index] ?? {};
    if (team) return { name: team, because, by };
  }
  return setting === null
    ? { name: DEFAULT_TEAM, because: "default", by: null }
    : { name: setting, because: "setting", by: null };
}

/** PARLEY_TEAM, unless its file says that it is for other workspaces. */
function settingFor(here: TeamsThere, { teams, setting }: BindingsOptions): string | null {
  const name = setting?.trim().toLowerCase();
  if (!name || name === DEFAULT_TEAM) return null;
  const isIn = (there: Pick<TeamBook, "list">) => there.list().some((entry) => entry.name === name);
  return isIn(teams.all) && !isIn(here) ? null : name;
}

const isKeyless = (book: TeamsThere) =>
  book
    .list()
    .some(
      ({ name, problems }) => name === DEFAULT_TEAM && problems.some((p) => p.cause === "keys"),
    );

const DEMO_NOTE = `To have real models answer, set ${AUTO_KEYS}.`;

/** Without keys and without a choice, the terminal shows the demo. Chat platforms do not, because nobody wants made-up answers there. */
const demoFor = (place: Place, book: TeamsThere, { because }: Chosen) =>
  platformKind(place.platform) === "terminal" && because === "default" && isKeyless(book)
    ? book.get("demo")
    : null;

function readBoundTeam(stored: StoredBinding & { readonly key: string }): readonly BoundTeam[] {
  const { team, by } = readStored(stored);
  const [, , channel = "", thread = ""] = stored.key.split(":").map(decodeURIComponent);
  const scope = thread !== "" ? "thread" : channel !== "" ? "channel" : "space";
  return team === null ? [] : [{ scope, channel, thread, team, by }];
}

type Writing = Pick<BindingsOptions, "store" | "wallClock">;

/** Read-modify-write with retries on concurrent writes. */
async function update(
  { store, wallClock }: Writing,
  key: string,
  by: string,
  change: (stored: Stored) => Stored,
): Promise<void> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const [stored] = await store.get([key]);
    const before = readStored(stored);
    const after = change({ team: before.team, seats: before.seats });
    const isEmpty = after.team === null && JSON.stringify(after.seats) === JSON.stringify(NO_SEATS);
    const value = isEmpty ? null : JSON.stringify(after);
    const write = { value, by, at: wallClock(), expected: before.version };
    if (await store.put(key, write)) return;
  }
  throw new Error("the binding was changed by others at the same time; try again");
}

export function createBindings(options: BindingsOptions): Bindings {
  const { teams, store } = options;
  return {
    async resolve(place, request) {
      const book = await teams.in(place);
      const keys = SCOPES.map((scope) => keyOf(place, scope));
      const bound = (await store.get(keys)).map(readStored);
      const chosen = choose(bound, request, settingFor(book, options));
      const own = book.get(chosen.name);
      const team = own ?? demoFor(place, book, chosen);
      if (team === null) throw unusable(chosen, book);
      const wanted = request === undefined ? bound[0]?.seats : undefined;
      const seated = seatTeam(team, wanted ?? NO_SEATS, book);
      if (seated.seats.length === 0) throw noSeatLeft(seated);
      return own
        ? { ...seated, because: chosen.because, by: chosen.by, notes: seated.absent }
        : { ...seated, because: "demo", by: null, notes: [DEMO_NOTE, ...seated.absent] };
    },
    async use(place, scope, team, by) {
      await update(options, keyOf(place, scope), by, () => ({ team, seats: NO_SEATS }));
    },
    async list(space) {
      const all = await store.list(keyOf({ ...space, channel: "", thread: "" }, "space"));
      return all.flatMap(readBoundTeam);
    },
    async seat(place, change, by) {
      await update(options, keyOf(place, "thread"), by, ({ team, seats }) => ({
        team,
        seats: change(seats),
      }));
    },
  };
}
