import type { Prompt } from "../../src/context/build-prompt.ts";

/** A prompt as providers read it: tools, system, messages. */
const bytesOf = ({ tools, system, messages }: Prompt): Buffer =>
  Buffer.from(
    [
      JSON.stringify(tools),
      ...system,
      ...messages.map(({ role, parts }) => JSON.stringify({ role, parts })),
    ].join("\n"),
  );

/** How many bytes the later prompt repeats from the beginning of the earlier one, as a share of each. */
export function repeated(
  earlier: Prompt,
  later: Prompt,
): { readonly ofEarlier: number; readonly ofLater: number } {
  const [a, b] = [bytesOf(earlier), bytesOf(later)];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return { ofEarlier: same / a.length, ofLater: same / b.length };
}
