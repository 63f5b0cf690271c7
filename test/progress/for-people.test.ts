import { expect, test } from "vitest";
import { withoutOperatorWords } from "../../src/progress/for-people.ts";

test.each([
  [
    "OpenAI needs a key. Set OPENAI_API_KEY, or api_key in the team file, to a valid key.",
    "OpenAI needs a key.",
  ],
  [
    "Groq refused the key: Invalid API Key (HTTP 401). Set api_key in the team file to a valid key.",
    "Groq refused the key: Invalid API Key (HTTP 401).",
  ],
  [
    "The connection to compatible at http://10.0.0.7:11434/v1 failed: connect ECONNREFUSED 10.0.0.7:11434",
    "The connection to compatible failed: connect ECONNREFUSED",
  ],
  [
    "The connection to OpenAI at https://proxy.corp.internal/v1 failed: getaddrinfo ENOTFOUND proxy.corp.internal",
    "The connection to OpenAI failed: getaddrinfo ENOTFOUND",
  ],
  ["connect ECONNREFUSED ::1:11434", "connect ECONNREFUSED"],
  [
    'OpenAI has no model "gpt-9" at https://api.openai.com/v1: no such model (HTTP 404). Check model and base_url.',
    'OpenAI has no model "gpt-9": no such model (HTTP 404).',
  ],
  ["Gemini: RESOURCE_EXHAUSTED (HTTP 429)", "Gemini: RESOURCE_EXHAUSTED (HTTP 429)"],
  ["It took 10:30:20 and cost 1.50. Try again.", "It took 10:30:20 and cost 1.50. Try again."],
  ["", ""],
])("%s", (message, told) => {
  expect(withoutOperatorWords(message)).toBe(told);
});
