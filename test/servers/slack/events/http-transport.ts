import { createHmac } from "node:crypto";
import type { Clock } from "../../../../src/clock.ts";
import type { Fields } from "../state/fields.ts";
import { notAcked, type Parcel, type Receipt, type Transport, type Try } from "./transport.ts";

/** How often a person presses Retry under the URL: the first request may come too late on a busy machine. */
const MOST_TRIES = 5;

export interface HttpTransportOptions {
  readonly clock: Clock;
  readonly signingSecret: string;
  readonly ackMs: number;
  /** Seconds that its signatures are wrong by. */
  readonly skewS?: () => number;
}

/** Events, clicks and commands by signed POST requests. */
export interface HttpTransport extends Transport {
  /** Asks the URL for its challenge, as Slack does when it is entered; rejects when it is not answered. */
  subscribe(url: string): Promise<void>;
}

export function createHttpTransport(options: HttpTransportOptions): HttpTransport {
  const state = { url: "" };
  const openers: (() => void)[] = [];
  const post = (body: string, type: string, extra: Record<string, string> = {}) =>
    request(options, state.url, body, { "content-type": type, ...extra });

  return {
    async send(parcel, attempt) {
      if (parcel.kind === "events_api") {
        return post(JSON.stringify(parcel.payload), "application/json", retryHeaders(attempt));
      }
      return post(formOf(parcel), "application/x-www-form-urlencoded");
    },
    async subscribe(url) {
      state.url = url;
      const challenge = `challenge-${Date.now()}`;
      const body = { token: "verification-token", challenge, type: "url_verification" };
      for (let tries = 0; tries < MOST_TRIES; tries++) {
        const receipt = await post(JSON.stringify(body), "application/json");
        if (!receipt.isAcked || !JSON.stringify(receipt.body).includes(challenge)) continue;
        for (const open of openers) open();
        return;
      }
      throw new Error(`${url} did not answer with the value of the challenge.`);
    },
    onOpen: (fn) => void openers.push(fn),
    isOpen: () => state.url !== "",
  };
}

const retryHeaders = ({ retry, reason }: Try): Record<string, string> =>
  retry === 0
    ? {}
    : { "x-slack-retry-num": String(retry), "x-slack-retry-reason": reason ?? "http_error" };

function formOf({ kind, payload }: Parcel): string {
  if (kind === "interactive") {
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  }
  const fields = Object.entries(payload).map(([name, value]) => [name, String(value)] as const);
  return new URLSearchParams(Object.fromEntries(fields)).toString();
}

/** v0: HMAC-SHA256 over `v0:{seconds}:{body}`. */
export function signatureHeaders(secret: string, body: string, seconds: number) {
  const signature = createHmac("sha256", secret).update(`v0:${seconds}:${body}`).digest("hex");
  return {
    "x-slack-request-timestamp": String(seconds),
    "x-slack-signature": `v0=${signature}`,
  };
}

async function request(
  { clock, signingSecret, ackMs, skewS = () => 0 }: HttpTransportOptions,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<Receipt> {
  const late = new AbortController();
  const cancel = clock.setTimer(ackMs, () => late.abort());
  const signed = signatureHeaders(signingSecret, body, Math.floor(Date.now() / 1000) + skewS());
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: {
        "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        ...headers,
        ...signed,
      },
      redirect: "manual",
      signal: late.signal,
    });
    const text = await response.text();
    if (response.ok) return { isAcked: true, body: parse(text) };
    return notAcked("http_error", response.headers.get("x-slack-no-retry") === "1");
  } catch {
    return notAcked(late.signal.aborted ? "http_timeout" : "connection_failed");
  } finally {
    cancel();
  }
}

function parse(text: string): unknown {
  if (text === "") return undefined;
  try {
    const value: Fields = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}
