import { expect, test } from "vitest";
import { isThanks } from "../../src/bot/is-thanks.ts";
import { openRoom } from "../support/parley-room.ts";

test.each([
  "thanks",
  "Thanks!",
  "Thank you so much 🙏",
  "thx :+1:",
  "ok",
  "OK, thanks.",
  "👍",
  "👍🏽👍🏽",
  "❤️ 🎉",
  "great, thank you!",
  "Thanks Parley",
  "got it :)",
  "Danke schön!",
  "Vielen Dank, alles klar.",
  "merci beaucoup",
  "D’accord, merci !",
  "Muchas gracias!",
  "Obrigada",
  "谢谢",
  "好的，谢谢！",
  "ありがとうございます",
  "감사합니다",
  "спасибо",
  "teşekkürler",
  "شكرا",
])("“%s” only thanks or agrees", (text) => {
  expect(isThanks(text)).toBe(true);
});

test.each([
  "thanks, and in German?",
  "Thanks. Why?",
  "ok?",
  "ok then do it",
  "thanks but that is wrong",
  "no thanks",
  "yes",
  "no",
  "ja",
  "go on",
  "continue",
  "1",
  "A",
  "thanks for nothing",
  "Great Britain",
  "ok computer",
  "How do I say thanks",
  "thank you letter for my boss",
  "danke nein",
  "👍 or 👎?",
  "🤔",
  "好的吗",
  "谢谢，再详细一点",
  "nice city in France",
  "cool. and the second one",
  "",
  " ",
])("“%s” may ask something", (text) => {
  expect(isThanks(text)).toBe(false);
});

const ROOT = "The code word is heron. Why?";

test("thanks in a thread asks nobody, and is not taken up later", async () => {
  const room = await openRoom();
  await room.say("The code word is heron. Go.");
  await room.quiet();
  const thanks = await room.say("Thanks! 👍", { addressed: "thread" });
  await room.redeliver(thanks);
  await room.say("Ok, and then?", { addressed: "thread" });
  await room.quiet();
  expect(room.of("turn_started")).toHaveLength(2);
  expect(room.posted("note")).toEqual([]);
});

test("“ok” is answered where it may be a reply: to an answer that asks, with a file, and where nothing was answered yet", async () => {
  const room = await openRoom();
  await room.say("ok", { addressed: "mention" });
  await room.quiet();
  expect(room.of("turn_started")).toHaveLength(1);
  await room.say(ROOT);
  await room.quiet();
  // The answer repeats the question, and so ends with one.
  await room.say("ok", { addressed: "thread" });
  await room.quiet();
  expect(room.of("turn_started")).toHaveLength(3);
});
