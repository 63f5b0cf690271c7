import { parentPort, workerData } from "node:worker_threads";
import { getDocumentProxy } from "unpdf";
import { z } from "zod";

/*
 * Reads a PDF's text in a thread of its own: a hostile PDF may use all of its time and memory, and crash it. Sends a `PdfText` or the reason why
 * there is none.
 */

const { data, maxPages, maxLength } = z
  .object({ data: z.instanceof(Uint8Array), maxPages: z.number(), maxLength: z.number() })
  .parse(workerData);

/** A piece of text on a page; `hasEOL`: the line ends after it. */
const Item = z.object({ str: z.string().catch(""), hasEOL: z.boolean().catch(false) });

async function read() {
  const pdf = await getDocumentProxy(data, { verbosity: 0 });
  const texts: string[] = [];
  let length = 0;
  for (let page = 1; page <= Math.min(pdf.numPages, maxPages) && length < maxLength; page += 1) {
    const { items } = await (await pdf.getPage(page)).getTextContent();
    const text = items
      .map((item) => Item.parse(item))
      .map(({ str, hasEOL }) => (hasEOL ? `${str}\n` : str))
      .join("")
      .trim();
    texts.push(text);
    length += text.length;
  }
  return { text: texts.join("\n\n").slice(0, maxLength), pages: pdf.numPages, read: texts.length };
}

parentPort?.postMessage(
  await read().catch((error: unknown) => ({
    why:
      error instanceof Error && error.name === "PasswordException"
        ? "it is protected with a password"
        : "it is not a valid PDF",
  })),
);
