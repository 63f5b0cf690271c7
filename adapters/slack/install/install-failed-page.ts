import type { ServerResponse } from "node:http";

/** How an installation failed, by the code of the OAuth library's error: what the person did, or what went wrong here. */
const OUTDATED: ReadonlySet<string | undefined> = new Set([
  "slack_oauth_invalid_state",
  "slack_oauth_missing_code",
  "slack_oauth_missing_state",
]);

/** The code under which the library answers 400: the state was never given out, was used, or is too old. */
export class OutdatedStateError extends Error {
  override readonly name = "OutdatedStateError";
  readonly code = "slack_oauth_invalid_state";
}

const page = (title: string, text: string): string => `<!DOCTYPE html>
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
`;

/** Answers the browser of a person whose installation did not succeed. Nothing of the request is repeated in it. */
export function answerFailedInstall(
  { code }: { readonly code?: string | undefined },
  response: ServerResponse,
): void {
  const isOutdated = OUTDATED.has(code);
  response.writeHead(isOutdated ? 400 : 500, {
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
  });
  response.end(
    isOutdated
      ? page(
          "This link is no longer valid",
          'It was used before, is older than ten minutes, or was opened in another browser. Nothing was installed. <a href="install">Start the installation again</a>.',
        )
      : page(
          "The installation failed",
          'Something went wrong on our side, and nothing was installed. Please <a href="install">try again</a> in a few minutes, or tell the people who run this app.',
        ),
  );
}
