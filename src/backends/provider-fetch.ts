import { parseErrorText } from "./refusals/error-body.ts";
import { retryAfterMs } from "./refusals/retry-after.ts";

/** Longer error pages are cut. */
const LONGEST_ERROR = 256 * 1024;

/**
 * The `fetch` of all SDKs. Refusals become JSON with one form, which all SDKs keep: they drop bodies that are flat, lists, plain text or web
 * pages.
 */
export async function providerFetch(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, init);
  return response.ok ? response : uniformRefusal(response);
}

async function uniformRefusal(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const text = await startOf(response);
  const body = parseErrorText(text);
  const param = body.parts.map((part) => part["param"]).find((name) => typeof name === "string");
  const error = {
    message: body.words,
    type: body.codes.find((code) => !/^\d+$/.test(code)) ?? null,
    code: body.codes[0] ?? null,
    param: param ?? null,
    codes: body.codes,
    retry_after_ms: retryAfterMs(headers, body),
    body: text,
  };
  return new Response(JSON.stringify({ type: "error", error }), {
    status,
    statusText,
    headers: { ...Object.fromEntries(headers), "content-type": "application/json" },
  });
}

/** The start of the body, or what came of it before the connection broke. */
async function startOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > LONGEST_ERROR) break;
    }
  } catch {
    // The status says enough. The SDK throws if the call was aborted.
  }
  return text.slice(0, LONGEST_ERROR);
}
