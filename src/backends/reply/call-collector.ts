import type { BackendEvent } from "../backend.ts";

/** A piece of a tool call, or all of it. */
export interface CallPiece {
  /** The call's place; undefined if the server does not number calls. */
  readonly index?: number | string | undefined;
  /** "" if unknown. */
  readonly id: string;
  /** "" if it came before, or comes later. */
  readonly name: string;
  readonly arguments: string;
  /** `arguments` are all of them. */
  readonly isWhole?: boolean;
}

interface GrowingCall {
  readonly index: number | string | undefined;
  id: string;
  name: string;
  arguments: string;
}

type ToolCall = Extract<BackendEvent, { type: "tool_call" }>;

export interface CallCollector {
  add(piece: CallPiece): void;
  /** Whether any call has begun. */
  readonly has: boolean;
  /** The calls in order. A call without arguments has `{}`. */
  all(): readonly ToolCall[];
}

/** Assembles tool calls from their pieces, whether a server numbers them, uses ids, or neither, and says everything once or twice. */
export function createCallCollector(): CallCollector {
  const growing: GrowingCall[] = [];

  /** The call that a piece continues; undefined if it starts a new one. */
  function continued(piece: CallPiece): GrowingCall | undefined {
    const { index, id, name } = piece;
    const known = id === "" ? undefined : growing.find((call) => call.id === id);
    if (known) return known;
    const last =
      index === undefined ? growing.at(-1) : growing.findLast((call) => call.index === index);
    if (!last) return name === "" && id === "" ? growing.at(-1) : undefined;
    return startsAnother(piece, last) ? undefined : last;
  }

  return {
    add(piece) {
      const call = continued(piece);
      if (call) extend(call, piece);
      else if (piece.name + piece.id + piece.arguments !== "") {
        const { index, id, name, arguments: args } = piece;
        growing.push({ index, id, name, arguments: args });
      }
    },
    get has() {
      return growing.length > 0;
    },
    all: () =>
      growing
        .filter((call) => call.name + call.arguments !== "")
        .map((call) => ({
          type: "tool_call",
          name: call.name,
          arguments: call.arguments || "{}",
        })),
  };
}

/** Some servers number every call 0, or none, and start each with its name or id. */
function startsAnother({ index, id, name }: CallPiece, last: GrowingCall): boolean {
  if (id !== "" && last.id !== "") return id !== last.id;
  if (name === "" || last.name === "") return false;
  return index === undefined || isComplete(last.arguments);
}

function extend(call: GrowingCall, piece: CallPiece): void {
  call.id ||= piece.id;
  call.name = joinedName(call.name, piece.name);
  const { arguments: args } = piece;
  if (args === "") return;
  if (piece.isWhole) {
    if (isBetter(args, call.arguments)) call.arguments = args;
    return;
  }
  // Some begin with an empty object, and some repeat the whole call at its end.
  const isStart = call.arguments === "{}" || repeats(args, call.arguments);
  call.arguments = isStart ? args : call.arguments + args;
}

/** Whether the whole arguments say more than the pieces did. */
const isBetter = (whole: string, pieces: string): boolean =>
  pieces === "" || pieces === "{}" || (whole !== "{}" && !isComplete(pieces));

/** A name comes once, in each piece, or in pieces itself. */
function joinedName(name: string, more: string): string {
  if (name === "" || more.startsWith(name)) return more || name;
  return more === "" || name.endsWith(more) ? name : name + more;
}

/** The piece holds all that came before it. */
const repeats = (piece: string, before: string): boolean =>
  before !== "" && piece.startsWith(before) && (isComplete(before) || before.length >= 12);

const isComplete = (json: string): boolean => {
  try {
    JSON.parse(json);
    return true;
  } catch {
    return false;
  }
};
