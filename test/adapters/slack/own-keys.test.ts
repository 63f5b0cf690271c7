import { expect, it, vi } from "vitest";
import type { Store } from "../../../src/store/store.ts";
import { parleyInSlack } from "./parley-in-slack.ts";
import { PATIENCE } from "../../support/patience.ts";

const KEY = "sk-tenant-0123456789abcdef";

async function joined() {
  const env = { PARLEY_SEAL_SECRET: "a secret of the operator" };
  const slack = await parleyInSlack({ times: 2, env });
  const { store } = await slack.join();
  const admin = slack.workspace.user("U9");
  const opensKeys = async () => {
    // On a busy machine Slack may not say in time that this is an admin: then they open it again.
    await vi.waitFor(
      () => {
        admin.opensHome();
        expect(admin.home()?.buttons).toHaveLength(2);
      },
      { ...PATIENCE, interval: 400 },
    );
    await admin.clicksInHome("API keys…");
    await vi.waitFor(() => expect(admin.modal()?.title).toBe("API keys"), PATIENCE);
  };
  return { ...slack, store, admin, opensKeys };
}

/** All that is stored, as text. */
async function dump({ db }: Store): Promise<string> {
  const tables = await db.q("SELECT name FROM sqlite_master WHERE type = 'table'", []);
  const rows = await Promise.all(
    tables.map(({ name }) => db.q(`SELECT * FROM ${String(name)}`, [])),
  );
  return JSON.stringify(rows);
}

it("an admin sets a key in the home tab, sees that it is set, and removes it", async () => {
  const { admin, ada, opensKeys, slack, store, problems } = await joined();
  await opensKeys();
  expect(admin.home()?.text).toContain("turns use the installation's keys");
  admin.fills("provider", "anthropic");
  admin.fills("key", KEY);
  await admin.submits();
  await vi.waitFor(() => expect(admin.home()?.text).toMatch(/Anthropic\s+set/), PATIENCE);
  expect(admin.home()?.text).toMatch(/OpenAI\s+none/);
  ada.opensHome();
  await vi.waitFor(() => expect(ada.home()).toBeDefined(), PATIENCE);
  expect(ada.home()?.text).not.toMatch(/API key/);
  expect(await dump(store)).not.toContain("sk-tenant");
  expect(JSON.stringify([admin.home(), problems])).not.toContain("sk-tenant");
  await opensKeys();
  admin.fills("provider", "anthropic");
  await admin.submits();
  await vi.waitFor(
    () => expect(admin.home()?.text).toContain("turns use the installation's keys"),
    PATIENCE,
  );
  expect(slack.rejected).toEqual([]);
});

it("an error in a key shows at its field, without the key", async () => {
  const { admin, opensKeys } = await joined();
  await opensKeys();
  admin.fills("provider", "openai");
  admin.fills("key", `${KEY} ${KEY}`);
  const body = await admin.submits();
  expect(body).toMatchObject({
    errors: { key: expect.stringContaining("That is not an API key") },
  });
  expect(JSON.stringify(body)).not.toContain("sk-tenant");
});

it("a slash command sets it too, and nobody reads the key anywhere", async () => {
  const { admin, ada, workspace, store, slack } = await joined();
  await ada.runs(`/parley keys set openai ${KEY}`, { channel: "C1" });
  await admin.runs(`/parley keys set openai ${KEY}`, { channel: "C1" });
  const told = (user: string, text: RegExp) =>
    vi.waitFor(
      () =>
        expect(workspace.top("C1", user).find((message) => text.test(message.text))).toMatchObject({
          isEphemeral: true,
        }),
      PATIENCE,
    );
  await told("U1", /is for admins/);
  await told("U9", /The OpenAI key is set/);
  expect(await dump(store)).not.toContain("sk-tenant");
  expect(JSON.stringify(slack.calls("chat.postMessage"))).not.toContain("sk-tenant");
});
