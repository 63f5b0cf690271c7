import { webApi } from "@slack/bolt";
import { z } from "zod";
import { each } from "../wire/message.ts";
import { webClientOptions } from "./clients.ts";
import { slackCodeOf, toPlatformError } from "./slack-failure.ts";

/** The teams of all installations that may see an event; undefined: Slack cannot be asked. Never rejects. */
export type ListAuthorizations = (eventContext: string) => Promise<readonly string[] | undefined>;

const word = z.string().nullish().catch(undefined);
const Answer = z.object({ authorizations: each(z.object({ team_id: word })) });

const METHOD = "apps.event.authorizations.list";

/** Asks with the app-level token, which needs the scope `authorizations:read`. A token that may not ask is not used again. */
export function createListAuthorizations(
  { apiUrl, appToken }: { readonly apiUrl: string; readonly appToken: string },
  onProblem: (problem: unknown) => void,
): ListAuthorizations {
  const client = new webApi.WebClient(appToken, webClientOptions(apiUrl));
  const state = { isRefused: false };
  return async (eventContext) => {
    if (state.isRefused) return undefined;
    try {
      const answer = await client.apiCall(METHOD, { event_context: eventContext });
      return Answer.parse(answer).authorizations.flatMap(({ team_id: team }) => team ?? []);
    } catch (error) {
      state.isRefused = slackCodeOf(error) !== undefined;
      if (state.isRefused) onProblem(new Error(REFUSED, { cause: error }));
      else onProblem(toPlatformError(error, METHOD));
      return undefined;
    }
  };
}

const REFUSED =
  "In shared channels Parley asks each workspace whether it is there: give the app-level token (SLACK_APP_TOKEN) the scope authorizations:read, and one call tells.";
