import { expect, it } from "vitest";
import { createInstallLimit } from "../../../adapters/slack/install/install-limit.ts";
import { createFakeClock } from "../../support/fake-clock.ts";
import { serveRoute } from "../../support/serve-route.ts";

async function rig() {
  const clock = createFakeClock();
  const limit = createInstallLimit(() => clock.now());
  const url = await serveRoute((request, response) => {
    if (!limit.refuses(request, response)) response.end("welcome");
    return true;
  });
  /** As a reverse proxy on this machine hands a visit on. */
  const visit = (from?: string) =>
    fetch(url, from === undefined ? {} : { headers: { "x-forwarded-for": from } });
  const visits = async (count: number, from: (i: number) => string | undefined) => {
    const statuses: number[] = [];
    for (let i = 0; i < count; i++) statuses.push((await visit(from(i))).status);
    return statuses.filter((status) => status === 200).length;
  };
  return { clock, visit, visits };
}

it("accepts twenty visits of one address at once, then ten a minute, and says when to come back", async () => {
  const { visit, visits, clock } = await rig();
  expect(await visits(30, () => "203.0.113.5")).toBe(20);
  const refused = await visit("203.0.113.5");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "6"]);
  expect(await refused.text()).toBe("Too many installations. Please try again in a minute.\n");
  expect((await visit("203.0.113.6")).status).toBe(200);
  await clock.advance(60_000);
  expect(await visits(30, () => "203.0.113.5")).toBe(10);
});

it("does not trust what a visitor writes into X-Forwarded-For", async () => {
  const { visits } = await rig();
  expect(await visits(30, (i) => `198.51.100.${i}, 203.0.113.5`)).toBe(20);
});

it.each([
  ["an IPv6 network", (i: number) => `2001:db8:1:2:${i.toString(16)}::1`],
  ["one IPv6 network in several spellings", (i: number) => `2001:0DB8:1:0002::${i}`],
  ["an address in IPv6 form", (i: number) => (i % 2 ? "::ffff:203.0.113.5" : "203.0.113.5")],
])("counts as one visitor: %s", async (_, from) => {
  const { visits } = await rig();
  expect(await visits(30, from)).toBe(20);
});

it("limits all addresses together to two hundred visits at once", async () => {
  const { visits } = await rig();
  expect(await visits(220, (i) => `203.0.${i >> 7}.${i & 127}`)).toBe(200);
});
