import { describe, expect, it, vi } from "vitest";
import { loadFiles } from "../../src/context/files.ts";
import { formatOmission } from "../../src/context/omission.ts";
import { renderThread } from "../../src/context/render-thread.ts";
import type { Conversation } from "../../src/conversation/message.ts";
import type { AttachedFile } from "../../src/platform.ts";
import { textFile } from "../conversation/thread.ts";
import { asks, build, reader, talk, textOf, textsOf } from "./conversations.ts";

const signal = new AbortController().signal;

async function show(conversation: Conversation, contextWindow = 1_000_000) {
  const files = await loadFiles(conversation, signal);
  const thread = renderThread(conversation, files);
  return build(conversation, { thread, reader: reader(contextWindow) });
}

const STARTS: Readonly<Record<string, string>> = {
  "image/png": "\x89PNG\r\n\x1a\n",
  "application/pdf": "%PDF-1.7\n",
};

/** A file with the first bytes of its kind. */
function file(name: string, mediaType: string, bytes = 10): AttachedFile {
  const data = new Uint8Array(bytes);
  data.set(Buffer.from(STARTS[mediaType.split(";")[0] ?? ""] ?? "", "latin1"));
  return { id: name, name, mediaType, bytes, load: () => Promise.resolve(data) };
}

const image = (i: number) => file(`${i}.png`, "image/png");
const shownFiles = ({ messages }: { messages: Awaited<ReturnType<typeof show>>["messages"] }) =>
  messages.flatMap(({ parts }) =>
    parts.flatMap((part) => (part.type === "file" ? [part.name] : [])),
  );

it("puts images and PDFs beside the words they came with", async () => {
  const files = [file("a.png", "image/png"), file("b.pdf", "application/pdf; x=1")];
  const { messages } = await show(talk(asks("Look", "Ada", files)));
  expect(textOf(messages[0])).toBe(
    '<said>\nAda: Look\n[file="a.png"]\n[file="b.pdf"]\n</said>\n[a.png]\n[b.pdf]',
  );
  expect(messages[0]?.parts.at(-1)).toMatchObject({ mediaType: "application/pdf" });
});

it.each(["text/plain; charset=utf-8", "application/json", "application/octet-stream", ""])(
  "puts a text file of type %j in as text, fenced by name",
  async (type) => {
    const files = [textFile('no"te</said>.txt', "Blue.\n</thread-file>", type)];
    const { messages } = await show(talk(asks("Read", "Ada", files)));
    expect(textOf(messages[0])).toContain(
      '<thread-file name="no te&lt;/said .txt">\nBlue.\n&lt;/thread-file>\n</thread-file>',
    );
  },
);

it("goes under the media type that its bytes show: providers refuse a JPEG sent as PNG", async () => {
  const data = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0);
  const photo = { ...file("photo.png", "image/png"), load: () => Promise.resolve(data) };
  const { messages } = await show(talk(asks("See", "Ada", [photo])));
  expect(messages[0]?.parts.at(-1)).toMatchObject({ name: "photo.png", mediaType: "image/jpeg" });
});

it("cuts the middle out of a long text file", async () => {
  const files = [textFile("log.txt", `first ${"x".repeat(200_000)} last`)];
  const { messages } = await show(talk(asks("Read", "Ada", files)));
  expect(textOf(messages[0])).toMatch(/first x+\n\[… \d+ characters left out here …\]\nx+ last/);
});

describe("a file that cannot be shown gets one line, with the reason", () => {
  const broken = { ...image(1), load: () => Promise.reject(new Error("gone")) };
  const binary = {
    ...file("a.bin", ""),
    load: () => Promise.resolve(Uint8Array.of(0xff, 0xfe)),
  };
  const lying = { ...image(1), load: () => Promise.resolve(new Uint8Array(6_000_000)) };
  const notAnImage = textFile("a.png", "<!DOCTYPE html><title>Sign in</title>", "image/png");
  it.each([
    ["kind", file("a.zip", "application/zip"), "files of this kind cannot be read here"],
    ["bytes", file("a.bin", "application/octet-stream"), "files of this kind cannot be read here"],
    ["encoding", binary, "files of this kind cannot be read here"],
    ["size", file("a.png", "image/png", 6_000_000), "it is too large"],
    ["true size", lying, "it is too large"],
    ["loading", broken, "it could not be loaded"],
    ["content", notAnImage, "its content is not of the kind it claims to be"],
  ])("its %s", async (_, unreadable, why) => {
    const { messages, omission } = await show(talk(asks("See", "Ada", [unreadable])));
    expect(textOf(messages[0])).toContain(`[file="${unreadable.name}" is not shown: ${why}]`);
    expect(omission.files).toBe(1);
  });
});

describe("many files", () => {
  const thread = (count: number) =>
    talk(...Array.from({ length: count }, (_, i) => asks(`m${i}`, "Ada", [image(i)])), asks("?"));

  it("are shown up to twenty, the newest, in steps of ten so that the prefix holds", async () => {
    const first = async (count: number) => shownFiles(await show(thread(count)))[0];
    expect(await first(20)).toBe("0.png");
    expect(await first(21)).toBe("10.png");
    expect(await first(30)).toBe("10.png");
    expect(await first(31)).toBe("20.png");
  });

  it("of the request come before those of the history", async () => {
    const own = Array.from({ length: 15 }, (_, i) => image(100 + i));
    const { history } = thread(30);
    const shown = shownFiles(await show(talk(...history, asks("?", "Ada", own))));
    expect(shown).toEqual(expect.arrayContaining(own.map(({ name }) => name)));
  });

  it("are shown up to 20 MB, the newest", async () => {
    const files = [1, 2, 3, 4, 5].map((i) => file(`${i}.png`, "image/png", 4_500_000));
    const shown = shownFiles(await show(talk(asks("?", "Ada", files))));
    expect(shown).toEqual(["2.png", "3.png", "4.png", "5.png"]);
  });
});

it("does not count old files that are not shown against a new answer", async () => {
  const old = asks("old", "Ada", [file("a.zip", "application/zip")]);
  expect((await show(talk(old, asks("?")))).omission.files).toBe(0);
});

it("leaves a file out, with a note, when it would take most of a small window", async () => {
  const pdf = file("big.pdf", "application/pdf", 1_000_000);
  const { messages } = await show(talk(asks("See", "Ada", [pdf])), 10_000);
  expect(shownFiles({ messages })).toEqual([]);
  expect(textsOf(messages).join("\n")).toContain(
    '[file="big.pdf" is left out here for lack of room]',
  );
});

it("loads nothing twice and nothing it will not show", async () => {
  const load = vi.fn(() => Promise.resolve(new Uint8Array(1)));
  const zip = { ...file("a.zip", "application/zip"), load };
  await show(talk(asks("?", "Ada", [{ ...image(1), load }, zip])));
  expect(load).toHaveBeenCalledTimes(1);
});

const eleven = Array.from({ length: 11 }, (_, i) => image(i + 1));

/** A window of 32k tokens, of which a quarter is for the reply, as local servers have it. */
const showSmall = async (conversation: Conversation) => {
  const thread = renderThread(conversation, await loadFiles(conversation, signal));
  return build(conversation, { thread, reader: { ...reader(32_000), reserved: 8000 } });
};

it("shows as many of eleven pictures as fit a small window, the newest first, and says how many it left out", async () => {
  const prompt = await showSmall(talk(asks("Which is best?", "Ada", eleven)));
  expect(shownFiles(prompt)).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((i) => `${i}.png`));
  expect(textsOf(prompt.messages).join("\n")).toContain(
    '[file="3.png" is left out here for lack of room]',
  );
  expect(formatOmission(prompt.omission)).toBe("Not read: 3 files.");
  expect(prompt.tokens).toBeLessThanOrEqual(32_000 * 0.8 - 8000);
});

it("keeps the newest pictures of a long thread in a small window, beside its texts", async () => {
  const history = eleven
    .slice(0, 8)
    .flatMap((picture, i) => [asks(`picture ${i + 1} ${"w".repeat(3000)}`, "Ada", [picture])]);
  const prompt = await showSmall(talk(...history, asks("Which is best?")));
  expect(shownFiles(prompt)).toEqual(["5.png", "6.png", "7.png", "8.png"]);
  expect(prompt.omission.files).toBe(4 - prompt.omission.messages);
  expect(prompt.tokens).toBeLessThanOrEqual(32_000 * 0.8 - 8000);
});
