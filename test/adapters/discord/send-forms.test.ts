import { DiscordAPIError } from "discord.js";
import { expect, it } from "vitest";
import { CODES, toPlatformError } from "../../../adapters/discord/api/errors.ts";
import { sendInForms, uploadFailure } from "../../../adapters/discord/post/send-forms.ts";
import { PlatformError } from "../../../src/platform.ts";

const refusal = (code: number, status = 400) =>
  toPlatformError(
    new DiscordAPIError({ code, message: "No." }, code, status, "POST", "/channels/1/messages", {
      body: undefined,
      files: undefined,
    }),
    "posting a message",
  );

const BODY = {
  content: "See https://a.example/x for **more**.",
  components: [{ type: 1, components: [{ type: 2, label: "Why", custom_id: "why" }] }],
  allowed_mentions: { parse: [] },
};
const HARMFUL_LINK = 240000;

/** Sends to a Discord that refuses so many forms. */
async function send(code: number, refused: number) {
  const tried: (typeof BODY)[] = [];
  const sent = sendInForms(BODY, async (form) => {
    tried.push(form);
    if (tried.length <= refused) throw refusal(code);
    return "1";
  });
  return { id: await sent.catch((error: unknown) => error), tried };
}

it("a message whose links Discord refuses goes out with its addresses as text, footer and buttons", async () => {
  const { id, tried } = await send(HARMFUL_LINK, 1);
  expect(id).toBe("1");
  expect(tried[1]).toEqual({ ...BODY, content: "See a.example/x for **more**." });
});

it("a form that Discord would refuse is not sent: the next simpler one is", async () => {
  const tried: (typeof BODY)[] = [];
  const wrong = { ...BODY, components: [{ type: 1, components: [] }] };
  await sendInForms(wrong, async (form) => void tried.push(form));
  expect(tried.map(({ components }) => components)).toEqual([[]]);
});

it("a message whose buttons Discord refuses goes out without them", async () => {
  const { id, tried } = await send(CODES.invalid, 2);
  expect([id, tried[2]?.components]).toEqual(["1", []]);
});

it.each([
  [CODES.missingAccess, "place"],
  [CODES.missingPermissions, "place"],
  [CODES.locked, "place"],
  [CODES.archived, "place"],
  [CODES.cannotMessageUser, "place"],
])("code %i is about the place: no other form is tried there", async (code, about) => {
  const { id, tried } = await send(code, 3);
  expect(id).toMatchObject({ outcome: "rejected", about });
  expect(tried).toHaveLength(1);
});

it.each([CODES.unknownChannel, CODES.unknownMessage])(
  "code %i means that it is gone",
  async (code) => {
    expect((await send(code, 3)).id).toMatchObject({ outcome: "gone" });
  },
);

it("the first refusal is the one that is reported", async () => {
  const { id, tried } = await send(HARMFUL_LINK, 3);
  expect(id).toMatchObject({ message: expect.stringContaining("240000"), about: "message" });
  expect(tried).toHaveLength(3);
});

const guilds = (permissions: bigint | undefined) => ({ permissionsIn: () => permissions });

it("a refused upload names the permission and the place", () => {
  const failure = uploadFailure(refusal(CODES.missingPermissions, 403), guilds(0n), "77");
  expect(failure).toMatchObject({ about: "file", message: /Attach Files.*/ });
  expect(String(failure)).toContain("<#77>");
});

it.each([refusal(40005, 413), refusal(CODES.invalid), new PlatformError("unknown", "HTTP 502")])(
  "an upload that fails otherwise is about the file: %s",
  (error) => {
    const { outcome } = error;
    expect(uploadFailure(error, guilds(undefined), "77")).toMatchObject({ about: "file", outcome });
  },
);

it("a limited upload waits, and a deleted thread is gone", () => {
  const limited = new PlatformError("rate_limited", "Slow down.", { retryAfterMs: 1 });
  const gone = refusal(CODES.unknownChannel, 404);
  expect(uploadFailure(limited, guilds(0n), "77")).toBe(limited);
  expect(uploadFailure(gone, guilds(0n), "77")).toBe(gone);
});
