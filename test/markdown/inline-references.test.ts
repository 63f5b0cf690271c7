import { expect, test } from "vitest";
import { inliningReferences } from "../../src/markdown/inline-references.ts";
import { finish } from "../../src/slices.ts";

const inlined = (text: string) => finish(inliningReferences(text));

test.each([
  ["See [docs][1].\n\n[1]: https://x.io", "See [docs](https://x.io)."],
  [
    "[docs][] and [docs]\n\n[docs]: https://x.io 'T'",
    "[docs](https://x.io) and [docs](https://x.io)",
  ],
  [
    "![cat][p] [a `]` b][p]\n\n[p]: <https://x.io/a b>",
    "![cat](<https://x.io/a b>) [a `]` b](<https://x.io/a b>)",
  ],
  [
    "- [**a**][1]\n\n> [b][1]\n\n[1]: https://x.io/(y)",
    "- [**a**](<https://x.io/(y)>)\n\n> [b](<https://x.io/(y)>)",
  ],
  ["`[a][1]` [no][2]\n\n[1]: https://x.io", "`[a][1]` [no][2]"],
  ["```\n[a][1]\n[1]: https://x.io\n```", "```\n[a][1]\n[1]: https://x.io\n```"],
  ["[1]: https://first.io\n[1]: https://second.io\n\n[a][1]", "\n[a](https://first.io)"],
])("%j stands alone as %j", (text, alone) => {
  expect(inlined(text)).toBe(alone);
});
