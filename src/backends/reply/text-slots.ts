import { createGrowingText, type GrowingText } from "./growing-text.ts";

/** Texts of several blocks or items, each of which may come in pieces, as a whole, or both. */
export interface TextSlots {
  /** What a piece adds. */
  add(slot: string, piece: string): string;
  /** What the whole text of a slot adds. Servers number slots in different ways, so a text that was said in any slot adds nothing. */
  complete(slot: string, whole: string): string;
  /** What was held back. */
  flush(): string;
  all(): string;
}

export function createTextSlots(): TextSlots {
  const slots = new Map<string, GrowingText>();
  const slotOf = (slot: string): GrowingText => {
    const text = slots.get(slot) ?? createGrowingText();
    slots.set(slot, text);
    return text;
  };
  const all = (): string => Array.from(slots.values(), (text) => text.all).join("");
  return {
    add: (slot, piece) => slotOf(slot).add(piece),
    complete(slot, whole) {
      if (whole === "") return "";
      const own = slots.get(slot);
      if (own && own.all !== "") return own.complete(whole);
      const others = Array.from(slots.values(), (text) => text.flush()).join("");
      const isSaid = whole.trim() !== "" && all().includes(whole.trim());
      const begun = Array.from(slots.values()).find(
        (text) => text.all !== "" && whole.startsWith(text.all),
      );
      if (isSaid) return others;
      return others + (begun ?? slotOf(slot)).complete(whole);
    },
    flush: () => Array.from(slots.values(), (text) => text.flush()).join(""),
    all,
  };
}
