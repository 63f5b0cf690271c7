import { expect, test } from "vitest";
import { problemsOf, read } from "./read.ts";

const withBackend = (backend: string) => `agents:
  - id: grok
    backend:
      type: compatible
      model: grok-4.6
${backend.replaceAll(/^/gm, "      ")}
`;

test("${NAME} is filled in from the environment in api_key, base_url and headers", () => {
  const text = withBackend(
    'api_key: ${XAI_API_KEY}\nbase_url: https://${HOST}/v1\nheaders: { x-org: "org-${ORG}" }',
  );
  const { team } = read(text, { XAI_API_KEY: "k1", HOST: "api.x.ai", ORG: "7" });
  expect(team?.agents[0]?.backend).toMatchObject({
    api_key: "k1",
    base_url: "https://api.x.ai/v1",
    headers: { "x-org": "org-7" },
  });
});

test("A variable that is not set is an error naming it, its file and its line, and nothing else", () => {
  const text = withBackend("api_key: ${XAI_API_KEY}\nbase_url: ${XAI_URL}");
  expect(problemsOf(text, { XAI_API_KEY: " " })).toBe(
    `configs/duo.yaml:6:16: the environment variable XAI_API_KEY is not set, and \${XAI_API_KEY} needs it
configs/duo.yaml:7:17: the environment variable XAI_URL is not set, and \${XAI_URL} needs it`,
  );
});

test("Anywhere else a reference is an error that says where it may stand", () => {
  const text = withBackend("base_url: http://localhost/v1").replace(
    "grok-4.6",
    "${OPENAI_API_KEY}",
  );
  expect(problemsOf(text)).toBe(
    "configs/duo.yaml:5:14: ${OPENAI_API_KEY} is not filled in here: variables stand only in api_key, base_url and headers. Write the value itself, or $${OPENAI_API_KEY} for the characters ${OPENAI_API_KEY}",
  );
});

test("$${ stands for the characters ${", () => {
  const { team } = read(
    `instructions: Write $\${name} in templates.\n${withBackend("base_url: http://localhost/v1")}`,
  );
  expect(team?.instructions).toBe("Write ${name} in templates.");
});

test.each(["${XAI API}", "${XAI_API_KEY", "${}", "${XAI_API_KEY:-none}"])(
  "%s is told how to be written",
  (reference) => {
    const text = withBackend(`base_url: http://localhost/v1\napi_key: "${reference}"`);
    expect(problemsOf(text, { XAI_API_KEY: "k" })).toBe(
      "configs/duo.yaml:7:16: a reference reads ${NAME}: letters, digits and _, closed by }",
    );
  },
);
