import { footerLines } from "../../../src/adapter-kit/text/plain-layout.ts";
import { formatFooter, type FinalView } from "../../../src/progress/final-view.ts";
import { cleanLine } from "../../../src/text/clean-text.ts";
import { finish, type Steps } from "../../../src/slices.ts";
import { renderingMarkdown, renderMarkdown } from "./render-markdown.ts";
import { wrapProse } from "./lines.ts";
import type { BoardLook, Look } from "./look.ts";
import { localMoments } from "./local-moments.ts";

// Enough to see how the runner-up differs; /why shows the rest.
const RUNNER_UP_LINES = 6;
const RUNNER_UP_READ = 4_000;

/** The parts of a final answer that are shown; threads store them too. */
export type ShownFinal = Pick<FinalView, "presenter" | "text" | "split" | "footer">;

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
    ...(final.split ? [...renderSplit(final.split, look), ""] : []),
    ...renderFooter(final.footer, look),
  ];
}

/** `renderingFinal` in one go. */
export const renderFinal = (final: ShownFinal, look: BoardLook): string[] =>
  finish(renderingFinal(final, look));

function renderSplit(split: NonNullable<FinalView["split"]>, look: Look): string[] {
  const bar = look.paint("dim", "│ ");
  // Longer than the lines that are shown, at any width.
  const text = renderMarkdown(split.text.slice(0, RUNNER_UP_READ), {
    ...look,
    columns: look.columns - 2,
  });
  const cut =
    text.length > RUNNER_UP_LINES ? [look.paint("dim", "… /why shows the whole answer")] : [];
  const objection = split.objection === null ? [] : [`Objection ${cleanLine(split.objection)}`];
  return [
    look.paint("yellow", `The vote was split. Close behind: ${cleanLine(split.name)}`),
    ...[...text.slice(0, RUNNER_UP_LINES), ...cut].map((line) => bar + line),
    ...objection.flatMap((line) => renderMarkdown(line, look)),
  ];
}

function renderFooter(footer: FinalView["footer"], look: Look): string[] {
  const notes = footer.notes.flatMap((note) =>
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
  const { split, footer } = final;
  return [
    ...(split ? [`Split vote; close behind: ${split.name}`] : []),
    ...(split?.objection ? [`Objection ${split.objection}`] : []),
    ...footerLines(footer),
  ].map((line) => `-- ${cleanLine(line)}`);
};
