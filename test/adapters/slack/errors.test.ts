import { webApi } from "@slack/bolt";
import { expect, it } from "vitest";
import { isRevoked, toPlatformError } from "../../../adapters/slack/api/errors.ts";

const refused = (error: string, more = {}) =>
  new webApi.WebAPIPlatformError({ ok: false, error, ...more });
const outcomeOf = (error: unknown) => toPlatformError(error, "chat.postMessage").outcome;
const unsent = (code: string) => {
  const cause = Object.assign(new Error("fetch failed"), { cause: { code } });
  Object.assign(cause, { cause: Object.assign(new Error(code), { code }) });
  return new webApi.WebAPIRequestError(cause);
};

it.each([
  ["a channel that is not there", refused("channel_not_found"), "gone"],
  ["a message that was deleted", refused("message_not_found"), "gone"],
  ["blocks that it does not like", refused("invalid_blocks"), "rejected"],
  ["a code nobody has seen", refused("brand_new_code"), "rejected"],
  ["a crash of Slack", refused("fatal_error"), "unknown"],
  ["a page instead of JSON", refused("<html>oops</html>"), "unknown"],
  ["HTTP 503", new webApi.WebAPIHTTPError(503, "", {}), "unknown"],
  ["HTTP 403", new webApi.WebAPIHTTPError(403, "", {}), "rejected"],
  ["a refused connection: nothing was sent", unsent("ECONNREFUSED"), "rate_limited"],
  ["a lost connection", unsent("ECONNRESET"), "unknown"],
  ["a timeout", new webApi.WebAPIRequestError(new Error("timed out")), "unknown"],
  ["Slack's maintenance", refused("service_unavailable"), "rate_limited"],
])("%s", (_, error, outcome) => {
  expect(outcomeOf(error)).toBe(outcome);
});

it("reports how long Slack wants to wait", () => {
  const limited = toPlatformError(new webApi.WebAPIRateLimitedError(7), "chat.update");
  expect(limited).toMatchObject({ outcome: "rate_limited", retryAfterMs: 7_000 });
  const inBody = refused("ratelimited", { response_metadata: { retryAfter: 3 } });
  expect(toPlatformError(inBody, "chat.update")).toMatchObject({ retryAfterMs: 3_000 });
  const unreadable = new Error("Retry header did not contain a valid timeout (url: …)");
  expect(toPlatformError(unreadable, "chat.update")).toMatchObject({ retryAfterMs: 2_000 });
});

it("names the missing scope, and the page to add it on", () => {
  const error = refused("missing_scope", { needed: "files:write", provided: "chat:write" });
  expect(toPlatformError(error, "files.uploadV2").message).toBe(
    "The app lacks the scope files:write: add it under https://api.slack.com/apps → your app → OAuth & Permissions → Scopes, and reinstall the app (files.uploadV2: missing_scope). It has: chat:write.",
  );
});

it("recognises a revoked installation", () => {
  for (const code of ["invalid_auth", "token_revoked", "account_inactive"])
    expect(isRevoked(toPlatformError(refused(code), "auth.test"))).toBe(true);
  expect(isRevoked(refused("channel_not_found"))).toBe(false);
});

it("says under OAuth what members can do, and never names SLACK_BOT_TOKEN", () => {
  const codes = ["account_inactive", "invalid_auth", "missing_scope", "not_allowed_token_type"];
  for (const code of [...codes, "not_authed", "token_expired", "token_revoked"]) {
    const { message } = toPlatformError(refused(code), "chat.postMessage", "oauth");
    expect(message).not.toContain("SLACK_BOT_TOKEN");
    expect(message).toContain("/slack/install");
  }
});
