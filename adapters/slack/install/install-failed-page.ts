import type { ServerResponse } from "node:http";
import { slackCodeOf } from "../api/errors.ts";

/** The state of an install link is unknown, used or too old. The library answers this code with 400. */
export class OutdatedStateError extends Error {
  override readonly name = "OutdatedStateError";
  readonly code = "slack_oauth_invalid_state";
}

/** An installation that Parley does not accept; the message is for whoever installs. */
export class InstallRefusedError extends Error {
  override readonly name = "InstallRefusedError";
}

interface Page {
  readonly status: 400 | 403 | 500;
  readonly title: string;
  /** HTML. */
  readonly text: string;
}

const OUTDATED: Page = {
  status: 400,
  title: "This link is no longer valid",
  text: 'It was used before, is older than ten minutes, or was opened in another browser. Nothing was installed. <a href="install">Start the installation again</a>.',
};
const CANCELLED: Page = {
  status: 400,
  title: "The installation was cancelled",
  text: 'Nothing was installed. <a href="install">Start the installation again</a> whenever you like.',
};
const FAILED: Page = {
  status: 500,
  title: "The installation failed",
  text: 'Something went wrong on our side, and nothing was installed. Please <a href="install">try again</a> in a few minutes, or tell the people who run this app.',
};

/** Pages for what the visitor did, by the error code of the OAuth library or of Slack. All other errors are Parley's own. */
const PAGES: Readonly<Record<string, Page>> = {
  slack_oauth_invalid_state: OUTDATED,
  slack_oauth_missing_code: OUTDATED,
  slack_oauth_missing_state: OUTDATED,
  code_already_used: OUTDATED,
  code_expired: OUTDATED,
  invalid_code: OUTDATED,
  slack_oauth_installer_authorization_error: CANCELLED,
};

/** Answers the browser after a failed installation. The page repeats nothing of the request. */
export function answerFailedInstall(
  error: Error & { readonly code?: string | undefined },
  response: ServerResponse,
): void {
  const { status, title, text } = pageOf(error);
  response.writeHead(status, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body { font-family: sans-serif; margin: 4rem auto; max-width: 32rem; padding: 0 1rem }</style>
</head>
<body>
<h1>${title}</h1>
<p>${text}</p>
</body>
</html>
`);
}

function pageOf(error: Error & { readonly code?: string | undefined }): Page {
  if (error instanceof InstallRefusedError)
    return { status: 403, title: "The app was not installed", text: escape(error.message) };
  return PAGES[slackCodeOf(error) ?? error.code ?? ""] ?? FAILED;
}

/** Whether a line of the library's log is about a visitor's mistake, which the operator need not see. */
export const isOfVisitor = (line: string): boolean =>
  /^(?:AuthorizationError|InvalidStateError|MissingCodeError|MissingStateError|OutdatedStateError):/.test(
    line,
  );

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
