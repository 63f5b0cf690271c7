import { ConversationId, TurnId } from "../../src/ids.ts";
import { openStore } from "../../src/store/store.ts";

// A process to be killed: it starts a turn, journals as fast as it can, and says what it has been told is stored.
const store = await openStore({ dir: process.argv[2] ?? "", pid: process.pid, now: Date.now });
const turn = TurnId.parse("t");
const conversation = ConversationId.parse("test:space:channel:thread");
if (!(await store.turns.get(turn))) {
  await store.turns.add({ id: turn, conversation, request: "m", person: "test:ada", team: {} });
}
const started = await store.turns.start(turn);
for (let at = (await store.journal.read(turn)).length; ; at++) {
  await store.journal.append(turn, started?.epoch ?? 0, [{ type: "time_passed", at }]);
  process.stdout.write(`${at}\n`);
}
