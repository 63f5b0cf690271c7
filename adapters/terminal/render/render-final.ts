import { footerLines } from "../../../src/adapter-kit/text/plain-layout.ts";
import {
  formatFooter,
  formatObjection,
  formatSplit,
  type FinalView,
  shownNotes,
} from "../../../src/progress/final-view.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { finish, type Steps } from "../../../src/slices.ts";
import { renderingMarkdown } from "./render-markdown.ts";
import { wrapProse } from "./lines.ts";
import type { BoardLook, Look } from "./look.ts";
import { localMoments } from "./local-moments.ts";

/** The parts of a final answer that are shown; threads store them too. */
export type ShownFinal = Pick<FinalView, "presenter" | "text" | "split" | "objection" | "footer">;

/** A final answer: the presenter, the Markdown, a close runner-up and the footer. */
export function* renderingFinal(final: ShownFinal, look: BoardLook): Steps<string[]> {
  const end = yield* renderingFinalEnd(final, look);
  return [writerLine(final.presenter, final.footer.presenter, look), "", ...end];
}

/** The agent whose answer follows. */
export const writerLine = (agent: string, name: string, look: BoardLook): string =>
  look.paint(["bold", ...[look.agentColour(agent)].flat()], `● ${cleanLine(name)}`);

/** A final answer without its presenter; of one that has streamed, `text` is what was not printed yet. */
export function* renderingFinalEnd(final: ShownFinal, look: BoardLook): Steps<string[]> {
  const text = yield* renderingMarkdown(final.text, look);
  return [
    ...(text.length > 0 ? [...text, ""] : []),
    ...renderRemarks(final, look),
    ...renderFooter(final.footer, look),
  ];
}

/** `renderingFinal` in one go. */
export const renderFinal = (final: ShownFinal, look: BoardLook): string[] =>
  finish(renderingFinal(final, look));

function renderRemarks({ split, objection }: ShownFinal, look: Look): string[] {
  const lines = [
    ...(split ? [formatSplit(split)] : []),
    ...(objection ? [formatObjection(objection)] : []),
  ];
  const painted = lines.flatMap((line) => wrapProse(cleanLine(line), look));
  return painted.length === 0 ? [] : [...painted.map((line) => look.paint("yellow", line)), ""];
}

function renderFooter(footer: FinalView["footer"], look: Look): string[] {
  const notes = shownNotes(footer).flatMap((note) =>
    wrapProse(cleanLine(localMoments(note)), { ...look, columns: look.columns - 2 }).map(
      (line, index) => `${index === 0 ? "·" : " "} ${line}`,
    ),
  );
  return [...wrapProse(cleanLine(formatFooter(footer)), look), ...notes].map((line) =>
    look.paint("dim", line),
  );
}

/** The footer for a pipe: plain lines without wrapping. */
export const plainFooter = (final: ShownFinal): string[] => {
  const { split, objection, footer } = final;
  return [
    ...(split ? [formatSplit(split)] : []),
    ...(objection ? [formatObjection(objection)] : []),
    ...footerLines(footer),
  ].map((line) => `-- ${cleanLine(line)}`);
};
