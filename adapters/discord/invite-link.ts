import { INVITE_PERMISSIONS } from "./api/permissions.ts";

/** The page on which somebody who manages a server adds Parley to it, with just the permissions it needs. */
export function inviteLink(apiUrl: string, application: string): string {
  const link = new URL("/oauth2/authorize", apiUrl);
  link.search = new URLSearchParams({
    client_id: application,
    scope: "bot applications.commands",
    permissions: String(INVITE_PERMISSIONS),
  }).toString();
  return link.href;
}
