// What a person does with people and with their own account by an ordinary client, as Fedify and a client of a second node read
// it, and the other way round; and the acts of which nothing leaves. lib/acts/ has a row for each.
import { Cast } from "../lib/acts/cast.mjs";
import * as profile from "../lib/acts/profile.mjs";
import * as quiet from "../lib/acts/quiet.mjs";
import * as relations from "../lib/acts/relations.mjs";
import { acts, silence } from "../lib/acts/table.mjs";
import { run } from "../lib/tap.mjs";

await run("client-peers-people", async (suite) => {
  const s = new Cast();
  await s.begin();
  for (const server of [s.north, s.south, s.peer]) suite.watch(() => server.troubles());
  await s.befriend();
  const pair = (here, there) => Promise.all([s.fresh(s.north, here), s.fresh(s.south, there)]);
  const [carl, dora] = await pair("carl", "dora");
  await acts(suite, s, relations.rows, { me: carl, you: dora });
  await acts(suite, s, profile.rows, { me: s.alice, you: s.bob });

  // something to bookmark, to read, to put away
  let seen;
  for (let i = 0; i < 6; i++) ({ seen } = await s.shown(s.bob, s.alice, `@${s.alice.handle} hello`));
  await s.says(s.bob, `@${s.alice.handle} a letter`, { visibility: "direct" });
  await s.hears(s.alice, "conversation", "a letter", () => true);
  await silence(suite, s, quiet.rows, { me: s.alice, you: s.bob, context: { seen } });

  let pairs = 0;
  await acts(suite, s, profile.last, { people: () => pair(`here${++pairs}`, `there${pairs}`) });
  await suite.test("the nodes end well, and their databases are whole", () => s.end());
});
