/** Words that thank, agree or take note, and ask for nothing. In several languages; each is whole. */
const NODS: ReadonlySet<string> = new Set(
  `
  thanks|thank you|thx|ty|tysm|thank u|many thanks|thanks a lot|thanks so much|thank you so much|thank you very much|
  cheers|much appreciated|appreciated|perfect thanks|great thanks|ok thanks|okay thanks|cool thanks|thanks all|
  thanks everyone|thanks team|thanks parley|thank you parley|ok|okay|okey|k|kk|got it|great|perfect|awesome|nice|cool|
  excellent|lovely|brilliant|sounds good|makes sense|good to know|understood|noted|will do|nice one|well done|good job|
  lgtm|lol|haha|wow|np|
  danke|danke schön|danke dir|danke euch|vielen dank|besten dank|herzlichen dank|tausend dank|danke sehr|super danke|
  perfekt danke|merci|alles klar|verstanden|super|perfekt|prima|top|passt|
  merci beaucoup|merci bien|d'accord|parfait|génial|compris|
  gracias|muchas gracias|mil gracias|vale|perfecto|genial|entendido|de acuerdo|
  obrigado|obrigada|muito obrigado|muito obrigada|valeu|perfeito|
  grazie|grazie mille|perfetto|va bene|
  dank je|dank je wel|bedankt|dankjewel|
  tack|tack så mycket|tak|mange tak|takk|tusen takk|kiitos|
  dziękuję|dzięki|děkuji|díky|köszönöm|mulțumesc|
  спасибо|большое спасибо|понятно|хорошо|ок|дякую|
  teşekkürler|teşekkür ederim|sağ ol|tamam|
  谢谢|谢谢你|谢谢大家|多谢|谢了|感谢|好的|好|明白|明白了|收到|謝謝|謝謝你|多謝|
  ありがとう|ありがとうございます|ありがとうございました|了解|了解です|わかりました|
  감사합니다|고마워|고맙습니다|네 감사합니다|알겠습니다|
  شكرا|شكراً|شكرا لك|תודה|תודה רבה|धन्यवाद|शुक्रिया|terima kasih|makasih|cảm ơn|ขอบคุณ
  `
    .split("|")
    .map((words) => words.trim())
    .filter((words) => words !== ""),
);

/** More is no mere nod. */
const LONGEST = 60;

/** Emoji, as characters or by name, without those that ask. */
const EMOJI =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{FE0F}\u{200D}]|:[a-z0-9_+-]{1,30}:|(?:[:;]-?[)D])/gu;

/** Whether a message only thanks, agrees or smiles. Cautious: a question mark, a number or any other word makes it more than that. */
export function isThanks(message: string): boolean {
  const text = message.trim();
  if (text === "" || text.length > LONGEST || /[?？؟❓❔🤔\n]/u.test(text)) return false;
  const words = text.replaceAll(EMOJI, " ");
  if (/\d/.test(words)) return false;
  const parts = words
    .toLowerCase()
    .replaceAll("’", "'")
    .split(/[.!,;…。！、，~]+/u)
    .map((part) => part.replaceAll(/\s+/g, " ").trim())
    .filter((part) => part !== "");
  return parts.every(
    (part) => NODS.has(part) || NODS.has(part.replace(/(?:^| )parley$/, "").trim()),
  );
}
