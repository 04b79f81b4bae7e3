// What a person does with their posts and others' by an ordinary client, as Fedify and a client of a second node read it; and
// each of these acts of theirs, as the person's client reads it. lib/acts/ has a row for each.
import * as answers from "../lib/acts/answers.mjs";
import { Cast } from "../lib/acts/cast.mjs";
import * as posts from "../lib/acts/posts.mjs";
import { acts, complete } from "../lib/acts/table.mjs";
import { run } from "../lib/tap.mjs";

await run("client-peers", async (suite) => {
  const s = new Cast();
  await s.begin();
  for (const server of [s.north, s.south, s.peer]) suite.watch(() => server.troubles());
  await s.befriend();
  const actors = { me: s.alice, you: s.bob };
  await complete(suite, s);
  await acts(suite, s, posts.rows, actors);
  await acts(suite, s, answers.rows, actors);
  if (s.clock.works) await acts(suite, s, answers.later, actors);
  else suite.skip("what time brings", "the program was built with sanitizers");
  await suite.test("the nodes end well, and their databases are whole", () => s.end());
});
