import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { FailureReason } from "../../../src/coordination/failure-reason.ts";
import { FailureClass } from "../../../src/coordination/turn-event.ts";
import { useModelFaults } from "../../servers/use-model-faults.ts";
import { failure } from "../ask.ts";
import { BACKENDS } from "./four-backends.ts";

/** An error reply that somebody reported in public, and what Parley makes of it. */
const Reported = z.strictObject({
  name: z.string(),
  /** The public report, or the provider's documentation. */
  source: z.url(),
  status: z.number(),
  headers: z.record(z.string(), z.string()).optional(),
  /** A string is sent as it stands, anything else as JSON. */
  body: z.unknown(),
  failure: FailureClass,
  reason: FailureReason.optional(),
  /** False: no retry can help. */
  passing: z.literal(false).optional(),
  retryAfterMs: z.number().optional(),
  /** What the operator reads of it. */
  says: z.array(z.string()),
});

const file = new URL("reported.json", import.meta.url);
const REPORTED = z.array(Reported).parse(JSON.parse(readFileSync(file, "utf8")));

describe.each(BACKENDS)("$kind reads what providers really send", ({ create }) => {
  const faults = useModelFaults();

  test.each(REPORTED)("$name", async ({ status, headers, body, says, ...expected }) => {
    const scene = {
      type: "raw",
      status,
      headers: { "content-type": "application/json", ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    } as const;
    // Backends ask again where older gateways want another form of the request.
    faults().play(scene, scene, scene);
    const {
      failure: failed,
      reason,
      passing,
      retryAfterMs,
      message,
    } = await failure(create(faults().url));
    expect({ failure: failed, reason, passing, retryAfterMs }).toEqual({
      failure: expected.failure,
      reason: expected.reason,
      passing: expected.passing,
      retryAfterMs: expected.retryAfterMs,
    });
    for (const words of says) expect(message).toContain(words);
  });
});
