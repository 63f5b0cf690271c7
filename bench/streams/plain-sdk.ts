import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import { OpenAI } from "openai";
import { type BackendName, baseUrlOf } from "./wires.ts";

const MODEL = "mock";
const KEY = "key";
const QUESTION = "Should we keep the plan, or change it?";
const MESSAGE = { role: "user", content: QUESTION } as const;

type Call = () => Promise<string>;

/** For each backend, a call through the provider's SDK alone, as its documentation shows. Resolves with the text. */
const CALLS: Readonly<Record<BackendName, (baseURL: string) => Call>> = {
  openai(baseURL) {
    const client = new OpenAI({ apiKey: KEY, baseURL, maxRetries: 0 });
    const body = { model: MODEL, stream: true, input: QUESTION } as const;
    return async () => {
      let text = "";
      for await (const event of await client.responses.create(body)) {
        if (event.type === "response.output_text.delta") text += event.delta;
      }
      return text;
    };
  },
  compatible(baseURL) {
    const client = new OpenAI({ apiKey: KEY, baseURL, maxRetries: 0 });
    const body = { model: MODEL, stream: true } as const;
    return async () => {
      let text = "";
      const stream = await client.chat.completions.create({ ...body, messages: [MESSAGE] });
      for await (const { choices } of stream) text += choices[0]?.delta.content ?? "";
      return text;
    };
  },
  anthropic(baseURL) {
    const client = new Anthropic({ apiKey: KEY, baseURL, maxRetries: 0 });
    const body = { model: MODEL, max_tokens: 1000, stream: true } as const;
    return async () => {
      let text = "";
      for await (const event of await client.messages.create({ ...body, messages: [MESSAGE] })) {
        if (event.type !== "content_block_delta") continue;
        if (event.delta.type === "text_delta") text += event.delta.text;
      }
      return text;
    };
  },
  gemini(baseUrl) {
    const client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl } });
    const body = { model: MODEL, contents: QUESTION };
    return async () => {
      let text = "";
      const stream = await client.models.generateContentStream(body);
      for await (const chunk of stream) text += chunk.text ?? "";
      return text;
    };
  },
};

export const createPlainCall = (backend: BackendName, origin: string): Call =>
  CALLS[backend](baseUrlOf(backend, origin));
