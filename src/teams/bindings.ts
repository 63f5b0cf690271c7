import { z } from "zod";
import { type Place, platformKind } from "../ids.ts";
import { AUTO_KEYS } from "./auto-agents.ts";
import type { BindingStore, StoredBinding } from "./binding-store.ts";
import { NO_SEATS, type Seat, Seats, seatTeam } from "./seats.ts";
import type { TeamBook } from "./team-book.ts";
import { formatProblem } from "./files/team-problem.ts";
import type { Team } from "./team.ts";

/** The scope of a binding. The narrowest one wins. */
export type Scope = "thread" | "channel" | "space";
export const SCOPES: readonly Scope[] = ["thread", "channel", "space"];

/** Which team answers at a place, and why. */
export interface ResolvedTeam {
  readonly team: Team;
  /** `request`: named in the message; `setting`: PARLEY_TEAM; `default`: no binding applies; `demo`: no API key is set. */
  readonly because: Scope | "request" | "setting" | "default" | "demo";
  /** Who set the binding, if any. */
  readonly by: string | null;
  /** Parallel to `team.agents`: the seats in this thread, including changes made in the thread. */
  readonly seats: readonly Seat[];
  /** A sentence for each binding or seat that cannot be used. */
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

/** No team can answer here. The message is for everyone; `detail` names files and variables, for admins of the installation. */
export class NoTeamError extends Error {
  override readonly name = "NoTeamError";
  readonly detail: string;

  constructor(detail: string, { ownKeys = false } = {}) {
    super(
      ownKeys
        ? "no team can answer here with this workspace's own API keys. Its admins can set further keys (`keys set`), or remove them (`keys remove`)."
        : "no team can answer here at present. The people who run Parley can find out why.",
    );
    this.detail = detail;
  }
}

/** Which team answers where: thread → channel → space → PARLEY_TEAM → `default`. */
export interface Bindings {
  /** `team` is named in the request and overrides all bindings. Throws `NoTeamError`. */
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
  /** The teams visible to a workspace. */
  readonly teams: { in(place: Place): Promise<TeamsThere> };
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
const DEFAULT = "default";

interface Candidate {
  readonly name: string;
  readonly because: ResolvedTeam["because"];
  readonly by: string | null;
}

const WHERE: Readonly<Record<ResolvedTeam["because"], string>> = {
  thread: "bound to this thread",
  channel: "bound to this channel",
  space: "bound to this space",
  request: "asked for",
  setting: "the default of this installation",
  default: "the default",
  demo: "the demo",
};

function candidates(
  bound: readonly Bound[],
  request: string | undefined,
  setting: string | undefined,
): readonly Candidate[] {
  const named = (name: string | undefined, because: Candidate["because"]): readonly Candidate[] =>
    name ? [{ name, because, by: null }] : [];
  return [
    ...named(request, "request"),
    ...SCOPES.flatMap((scope, index): readonly Candidate[] => {
      const { team, by = null } = bound[index] ?? {};
      return team ? [{ name: team, because: scope, by }] : [];
    }),
    ...named(setting === DEFAULT ? undefined : setting, "setting"),
    ...named(DEFAULT, "default"),
  ];
}

const isKeyless = (book: TeamsThere, name: string) =>
  book
    .list()
    .some((entry) => entry.name === name && entry.problems.some((p) => p.cause === "keys"));

function whyNone(book: TeamsThere, tried: readonly Candidate[]): string {
  const last = tried.at(-1)?.name ?? DEFAULT;
  const errors = book
    .list()
    .filter(({ name }) => name === last)
    .flatMap(({ problems }) => problems)
    .filter(({ severity }) => severity === "error");
  return errors.length > 0
    ? `no team can answer: ${errors.map(formatProblem).join("; ")}`
    : `no team can answer: there is no team file ${last}.yaml`;
}

const DEMO_NOTE = `To have real models answer, set ${AUTO_KEYS}.`;

/** Without keys, the terminal shows the demo. Chat platforms do not, because nobody wants made-up answers there. */
const demoFor = (place: Place, book: TeamsThere, tried: readonly Candidate[]) =>
  platformKind(place.platform) === "terminal" && isKeyless(book, tried.at(-1)?.name ?? "")
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
  const { teams, store, setting } = options;
  return {
    async resolve(place, request) {
      const book = await teams.in(place);
      const keys = SCOPES.map((scope) => keyOf(place, scope));
      const bound = (await store.get(keys)).map(readStored);
      const tried = candidates(bound, request, setting);
      const index = tried.findIndex(({ name }) => book.get(name) !== null);
      const missing = tried
        .slice(0, index < 0 ? tried.length : index)
        .map(({ name, because }) => `the team ${name}, ${WHERE[because]}, cannot be used`);
      const chosen = tried[index];
      const team = chosen ? book.get(chosen.name) : demoFor(place, book, tried);
      if (team === null)
        throw new NoTeamError(whyNone(book, tried), { ownKeys: Boolean(book.ownEnv) });
      const wanted = request === undefined ? bound[0]?.seats : undefined;
      const seated = seatTeam(team, wanted ?? NO_SEATS, book);
      const { because, by } = chosen ?? { because: "demo", by: null };
      return {
        ...seated,
        because,
        by,
        notes: [...(chosen ? missing : [DEMO_NOTE]), ...seated.notes],
      };
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
