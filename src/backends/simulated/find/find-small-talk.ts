import { languageOf } from "../language.ts";
import type { Finder, Finding } from "../search.ts";

const ABILITIES = `It can recall what was said here ("the budget is 300 euros", "we are five"), work out a sum, compare numbers, and take a side ("tea or coffee?").`;

const WHAT_IT_CAN = {
  en: `This is a demo with simulated agents: no model is asked. ${ABILITIES} For real answers, set an API key or start a local model.`,
  de: `Wir sind simulierte Agenten: Es wird kein Modell gefragt. Wir zeigen, wie ein Team arbeitet: Nenne uns Fakten („Das Budget ist 300 Euro“, „Wir sind fünf“) und frage danach, gib uns eine Rechnung, oder lass uns wählen („Tee oder Kaffee?“). Für echte Antworten setze einen API-Key oder starte ein lokales Modell.`,
  zh: `我们是模拟的智能体，没有调用任何模型。我们可以演示团队如何协作：告诉我们一些事实（“预算是300欧元”、“我们一共五个人”）再来提问，给我们一道算术题，或让我们选择（“茶还是咖啡？”）。要得到真正的回答，请设置 API key 或启动本地模型。`,
} as const;

/** Messages that are no questions about anything, with what to say. */
const TALK: readonly (readonly [RegExp, string])[] = [
  [
    /^(hi|hello|hey|good (morning|evening|afternoon))( there| all| team| everyone)?\W*(how are you( doing)?\W*)?$/i,
    `Hello! ${WHAT_IT_CAN.en}`,
  ],
  [/^(how are you( doing)?|what['’]?s up)\W*$/i, `Simulated, and fine. ${WHAT_IT_CAN.en}`],
  [
    /^(who|what) are you\W*$|^what can (you|this) do\W*$|^(help|test|testing|ping|start)\W*$|^are you (an? )?(\w+ )?(chatgpt|gpt|claude|gemini|ai|bot|human|real|llm|model)\W*$|^(what is|what['’]s) (this|parley)\W*$/i,
    WHAT_IT_CAN.en,
  ],
  [/^(thanks?( you)?( a lot| so much)?|thx|ty|great|cool|nice|perfect)\W*$/i, "You are welcome."],
  [/^(ok(ay)?|yes|no|fine|sure|got it|bye|goodbye)\W*$/i, "All right."],
  [
    /^(hallo|hi|moin|servus|guten (morgen|tag|abend))\W*(zusammen\W*)?(wie geht['’]?s( dir)?\W*)?$/i,
    `Hallo! ${WHAT_IT_CAN.de}`,
  ],
  [/^(wer|was) (bist du|seid ihr)\W*$|^was (kannst du|könnt ihr)\W*$|^hilfe\W*$/i, WHAT_IT_CAN.de],
  [/^(danke( schön| dir)?|vielen dank)\W*$/i, "Gern geschehen."],
  [/^(你好|您好|大家好|嗨)[\s。！!？?]*$/u, `你好！${WHAT_IT_CAN.zh}`],
  [/^你(是谁|能做什么|会什么|是什么)[\s。！!？?]*$/u, WHAT_IT_CAN.zh],
  [/^(谢谢|多谢)[\s。！!]*$/u, "不客气。"],
];

const talk = (claim: string): Finding => ({
  kind: "talk",
  claim,
  source: null,
  key: claim.slice(0, 8),
});

/** "Hi", "Who are you?", "thanks": in the language of the message. */
export const findSmallTalk: Finder = ({ question }) => {
  const text = question.trim();
  if (!/[\p{L}\p{N}]/u.test(text)) return talk(`I can read no question in this. ${WHAT_IT_CAN.en}`);
  const found = TALK.find(([pattern]) => pattern.test(text));
  return found ? talk(found[1]) : null;
};

/** What an agent says that has no answer, in the language of the question. */
export function ignoranceIn(
  question: string,
  topic: string,
): { readonly lack: string; readonly hint: string } {
  const language = languageOf(question);
  if (language !== "en") return { lack: LACK[language], hint: WHAT_IT_CAN[language] };
  return {
    lack: `Nothing in this thread answers that${topic && ` (${topic})`}, and a simulated agent knows nothing else: only a real model, with its API key set, can.`,
    hint: ABILITIES,
  };
}

const LACK = {
  de: "Nichts in diesem Thread beantwortet das, und ein simulierter Agent weiß sonst nichts.",
  zh: "这个对话里没有答案，而模拟的智能体别的什么都不知道。",
} as const;
