import { expect, test, vi } from "vitest";
import { parsePress } from "../../adapters/discord/render/buttons.ts";
import { useTwin } from "../servers/discord-twin.ts";
import { openHouse } from "./house.ts";
import { PATIENCE } from "../support/patience.ts";

const kindOf = ({ components }: { readonly components?: unknown }) => {
  const [, id] = /"custom_id":"([^"]+)"/.exec(JSON.stringify(components ?? [])) ?? [];
  return parsePress(id ?? "")?.mark.kind;
};

test("on a Discord that somebody else wrote, a mention is answered in a thread, and so is what is said there next", async () => {
  const house = await openHouse();
  const twin = await useTwin();
  const [channel] = await twin.prisma.channel.findMany();
  const ada = (await twin.getFirstNonBotUserId()) ?? "";
  const says = (place: string, content: string) =>
    twin.channel(place).user(ada).sendMessage({ content });
  const env = { DISCORD_TOKEN: twin.botToken, DISCORD_API_URL: twin.restUrl };
  const parley = house.start({ env });
  await parley.until(() => expect(parley.errors()).toContain('"serving"'));

  await says(channel?.id ?? "", `<@${twin.botUserId}> The code word is heron. How do we begin?`);
  const thread = await vi.waitFor(async () => {
    const [found] = await twin.prisma.channel.findMany({ where: { type: 11 } });
    if (!found) throw new Error(`There is no thread. ${parley.errors()}`);
    return found;
  }, PATIENCE);
  expect(thread.name).toBe("The code word is heron. How do we begin?");
  const posts = async (kind: string) =>
    (await twin.channel(thread.id).getMessages()).filter((message) => kindOf(message) === kind);
  const answered = (count: number) =>
    vi.waitFor(async () => {
      const finals = await posts("final");
      expect(finals, parley.errors()).toHaveLength(count);
      return finals.map(({ content }) => content);
    }, PATIENCE);
  expect((await answered(1))[0]).toMatch(/heron, answer 1/);
  await says(thread.id, "And then?");
  expect((await answered(2))[1]).toMatch(/answer 2: .* on “And then\?”/);
  await vi.waitFor(async () => {
    const statuses = (await posts("status")).map(({ content }) => content);
    expect(statuses).toEqual([
      expect.stringContaining("answered in"),
      expect.stringContaining("answered in"),
    ]);
  }, PATIENCE);
  parley.kill("SIGTERM");
  expect(await parley.exited).toBe(0);
  expect(parley.errors()).not.toMatch(/"level":(?:40|50|60)/);
});
