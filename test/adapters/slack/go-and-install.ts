import { freePort } from "../../support/free-port.ts";
import { parleyInSlack, type World } from "./parley-in-slack.ts";

/** What Parley's environment holds for many workspaces, beside where it is reached. */
export const FOR_MANY = {
  SLACK_BOT_TOKEN: undefined,
  SLACK_CLIENT_ID: "1234.5678",
  SLACK_CLIENT_SECRET: "client-secret",
  SLACK_STATE_SECRET: "a state secret",
};

/** Parley for many workspaces, installed in none. */
export async function parleyForMany({ env = {}, ...world }: World = {}) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const slack = await parleyInSlack({
    mode: "http",
    port,
    times: 5,
    isInstalled: false,
    ...world,
    env: { ...FOR_MANY, SLACK_PUBLIC_URL: url, ...env },
  });
  const joined = await slack.join();
  const install = (team?: string, answer?: string) => goAndInstall(url, team, answer);
  return { ...slack, ...joined, url, install };
}

/** Goes the way of a person who installs the app from Parley's page; `team`: a workspace's or an organisation's id. */
export async function goAndInstall(url: string, team?: string, answer = "allow") {
  const page = await fetch(`${url}/slack/install`);
  const cookie = page.headers
    .getSetCookie()
    .map((one) => one.split(";", 1)[0])
    .join("; ");
  const [, link = ""] = /href="([^"]+authorize[^"]+)"/.exec(await page.text()) ?? [];
  const ask = new URL(link.replaceAll("&amp;", "&"));
  if (team) ask.searchParams.set("team", team);
  ask.searchParams.set("answer", answer);
  const asked = await fetch(ask, { redirect: "manual" });
  const back = asked.headers.get("location") ?? "";
  const visit = async () => {
    const last = await fetch(back, { headers: { cookie } });
    return { status: last.status, text: await last.text() };
  };
  const follow = async () => (await visit()).status;
  /** The status and text of the last page, where that is, and another visit to it. */
  return { ...(await visit()), back, follow };
}
