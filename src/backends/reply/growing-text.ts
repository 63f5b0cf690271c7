/** A text that arrives in pieces, and perhaps once more as a whole. */
export interface GrowingText {
  /** What a piece adds. "" while it is open whether pieces repeat the text so far. */
  add(piece: string): string;
  /** What the whole text adds to the pieces. */
  complete(whole: string): string;
  /** What was held back. */
  flush(): string;
  /** All that was added. */
  readonly all: string;
}

/** Characters. A longer piece that begins with all of the text before it surely repeats it. */
const SURELY_REPEATED = 12;

/** Recognises servers whose pieces each hold the text so far (Gemini's thinking models, DashScope, Apple's): each extends the one before. */
export function createGrowingText(): GrowingText {
  const state: State = { all: "", last: "", mode: "undecided", held: [] };
  return {
    add(piece) {
      if (piece === "") return "";
      if (state.mode === "undecided") return addUndecided(state, piece);
      return state.mode === "cumulative" ? giveRest(state, piece) : give(state, piece);
    },
    complete(whole) {
      if (state.held.length > 0 && whole === state.last) return become(state, whole);
      const before = flush(state);
      const adds = state.all.trim() === "" || whole.startsWith(state.all);
      return adds ? before + give(state, whole.slice(state.all.length)) : before;
    },
    flush: () => flush(state),
    get all() {
      return state.all;
    },
  };
}

interface State {
  all: string;
  last: string;
  mode: "undecided" | "pieces" | "cumulative";
  /** Pieces behind the first that each extend the one before. */
  held: string[];
}

function give(state: State, text: string): string {
  state.all += text;
  return text;
}

const flush = (state: State): string => give(state, state.held.splice(0).join(""));

function giveRest(state: State, whole: string): string {
  if (whole.startsWith(state.all)) return give(state, whole.slice(state.all.length));
  return state.all.startsWith(whole) ? "" : give(state, whole);
}

function become(state: State, whole: string): string {
  state.mode = "cumulative";
  state.held = [];
  return giveRest(state, whole);
}

function addUndecided(state: State, piece: string): string {
  const before = state.last;
  state.last = piece;
  if (before === "") return give(state, piece);
  if (piece.length <= before.length || !piece.startsWith(before)) {
    state.mode = "pieces";
    return flush(state) + give(state, piece);
  }
  if (before.length >= SURELY_REPEATED) return become(state, piece);
  state.held.push(piece);
  return "";
}
