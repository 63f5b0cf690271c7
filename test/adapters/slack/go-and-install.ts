/** What Parley's environment holds for many workspaces, beside where it is reached. */
export const FOR_MANY = {
  SLACK_BOT_TOKEN: "",
  SLACK_CLIENT_ID: "1234.5678",
  SLACK_CLIENT_SECRET: "client-secret",
  SLACK_STATE_SECRET: "a state secret",
};

/** Goes the way of a person who installs the app from Parley's page; `team`: a workspace's or an organisation's id. */
export async function goAndInstall(url: string, team?: string) {
  const page = await fetch(`${url}/slack/install`);
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  const [, link = ""] = /href="([^"]+authorize[^"]+)"/.exec(await page.text()) ?? [];
  const ask = new URL(link.replaceAll("&amp;", "&"));
  if (team) ask.searchParams.set("team", team);
  const asked = await fetch(ask, { redirect: "manual" });
  const back = asked.headers.get("location") ?? "";
  const follow = async () => (await fetch(back, { headers: { cookie } })).status;
  /** The status of the last page, where that is, and another visit to it. */
  return { status: await follow(), back, follow };
}
