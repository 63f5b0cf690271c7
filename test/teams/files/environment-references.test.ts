import { expect, test } from "vitest";
import { problemsOf, read } from "./read.ts";

const withBackend = (backend: string) => `agents:
  - id: grok
    backend:
      type: compatible
      model: grok-4.6
${backend.replaceAll(/^/gm, "      ")}
`;

test("Listed variables and PARLEY_KEY_… are filled in, in api_key, base_url and headers", () => {
  const text = withBackend(
    'api_key: ${PARLEY_KEY_GROK}\nbase_url: https://${XAI_HOST}/v1\nheaders: { x-org: "org-${ORG}" }',
  );
  const { team, wanted } = read(text, {
    PARLEY_KEY_GROK: "k1",
    XAI_HOST: "api.x.ai",
    ORG: "7",
    PARLEY_TEAM_ENV: "XAI_HOST, ORG",
  });
  expect(team?.agents[0]?.backend).toMatchObject({
    api_key: "k1",
    base_url: "https://api.x.ai/v1",
    headers: { "x-org": "org-7" },
  });
  expect(wanted.map(({ name, host }) => `${name} → ${host}`)).toEqual([
    "PARLEY_KEY_GROK → api.x.ai",
    "XAI_HOST → api.x.ai",
    "ORG → api.x.ai",
  ]);
});

test("An agent whose variable is not set or not allowed is left out and named, and the others answer", () => {
  const text = `${withBackend("api_key: ${XAI_API_KEY}\nbase_url: https://api.x.ai/v1")}
  - id: local
    backend: { type: compatible, model: m, base_url: "http://localhost/v1" }
    fallback: { type: openai, model: gpt-6-sol, api_key: "\${PARLEY_KEY_SPARE}" }
mode: auto
router: { type: openai, model: gpt-6-sol, api_key: "\${OPENAI_API_KEY}" }
`;
  const { team } = read(text, { XAI_API_KEY: "k", OPENAI_API_KEY: "k" });
  expect(team?.agents).toMatchObject([{ id: "local", fallback: null }]);
  expect(team).toMatchObject({ leftOut: [{ id: "grok", name: "grok" }], router: null });
  expect(problemsOf(text, { XAI_API_KEY: "k", OPENAI_API_KEY: "k" })).toBe(
    `configs/duo.yaml:6:16: warning: XAI_API_KEY is not given to team files. List it in PARLEY_TEAM_ENV, or use a variable whose name begins with PARLEY_KEY_; this seat is left out
configs/duo.yaml:11:58: warning: the environment variable PARLEY_KEY_SPARE is not set; this seat has no fallback
configs/duo.yaml:13:52: warning: OPENAI_API_KEY is not given to team files. Leave api_key out where its own provider is asked, which uses it anyway. For another host, list it in PARLEY_TEAM_ENV, or use a variable whose name begins with PARLEY_KEY_; the team's cheapest model decides instead`,
  );
});

test("A team without any agent left cannot be used, although its file is valid", () => {
  const { team, problems } = read(
    withBackend("base_url: http://localhost/v1\napi_key: ${PARLEY_KEY_X}"),
  );
  expect(team).toBeNull();
  expect(problems.map(({ severity, cause }) => [severity, cause])).toEqual([
    ["error", "keys"],
    ["warning", "file"],
  ]);
});

test.each([
  "SLACK_BOT_TOKEN",
  "SLACK_CLIENT_SECRET",
  "SLACK_STATE_SECRET",
  "SLACK_INSTALL_SECRET",
  "slack_bot_token",
  "DISCORD_TOKEN",
  "DATABASE_URL",
  "DATABASE_URL_FILE",
  "PGPASSWORD",
  "PARLEY_BUDGET",
])("%s is never given, whatever is listed", (name) => {
  for (const key of ["api_key: ", "headers:\n  x-a: ", "base_url: https://a.example/?k="]) {
    const text = withBackend(`${key}\${${name}}`);
    const { team, problems } = read(text, { [name]: "s3cr3t", PARLEY_TEAM_ENV: name });
    expect(team).toBeNull();
    expect(JSON.stringify(problems)).toContain(`${name} is never given to a team file`);
    expect(JSON.stringify(problems)).not.toContain("s3cr3t");
  }
});

test("Anywhere else a reference is an error that says where references are allowed", () => {
  const text = withBackend("base_url: http://localhost/v1").replace(
    "grok-4.6",
    "${OPENAI_API_KEY}",
  );
  expect(problemsOf(text)).toBe(
    "configs/duo.yaml:5:14: ${OPENAI_API_KEY} is not replaced here: only api_key, base_url, headers and env can use variables. Write the value itself, or $${OPENAI_API_KEY} for the characters ${OPENAI_API_KEY}",
  );
});

test("$${ escapes the characters ${", () => {
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
