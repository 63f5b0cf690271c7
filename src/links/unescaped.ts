const ENTITIES: Readonly<Record<string, string>> = {
  amp: "&",
  colon: ":",
  commat: "@",
  dash: "‐",
  hyphen: "‐",
  lowbar: "_",
  nbsp: " ",
  period: ".",
  shy: "",
  sol: "/",
  zerowidthspace: "",
};

/** Markdown source as it renders: without backslash escapes, and with entities that occur in addresses decoded. */
export const unescaped = (source: string): string =>
  source
    .replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,16}));/gi, decodeEntity)
    .replace(/\\([!-/:-@[-`{-~])/g, "$1");

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? whole;
  const code = decimal === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
