// What somebody said in a community whose host is gone for good: who becomes a partner later has it from its partner, knows
// and says by whose word, and asks the origin again; what that says when it is back counts.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";
import { getJson } from "../lib/wire.mjs";

const FAR = 20_000;

await run("joint-copies", async (suite) => {
  // what counts as gone after a week does so after a second
  const settings = { queue: { down_after: "1 s" } };
  const [north, south, west] = await Promise.all([fediflow("north", { settings }), fediflow("south"), fediflow("east")]);
  const test = (sentence, body) => suite.test(sentence, body, 60_000);
  for (const node of [north, south, west]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await north.addPerson("nora");
  await south.addPerson("saul");
  await west.addPerson("wim");
  const group = {};
  for (const [node, owner] of [[north, "nora"], [south, "saul"]]) {
    await node.run("community", "create", "plan", "--owner", owner, "--display-name", `Plan ${node.name}`);
    group[node.name] = (await node.person("plan")).uri;
  }
  const nora = await signIn(north, "nora");
  const inPlan = (node, uri, fits = () => true) => node.seesPost(uri, (post) => post.community?.startsWith("plan@") && fits(post), FAR);
  const status = async (uri) => nora.get(`/api/v1/statuses/${(await north.showPost(uri)).id}`);
  const lacking = async () => (await north.run("community", "joint", "list", "plan"))[0].lacking;
  const compare = async () => {
    await north.run("community", "joint", "compare", "plan", group.south);
    await north.settles();
  };

  let kept, answer, edited, below, deleted;
  await test("somebody elsewhere posts, and their server is gone", async () => {
    const to = `@plan@${south.host.authority}`;
    await west.follow("wim", to.slice(1));
    kept = await west.post("wim", `${to} What I found, with a table`, "--spoiler", "long");
    edited = await west.post("wim", `${to} A first draft`);
    deleted = await west.post("wim", `${to} What I regret`);
    for (const post of [kept, edited, deleted]) await inPlan(south, post.uri);
    answer = await south.post("saul", "Thank you", "--reply-to", kept.uri);
    below = await south.post("saul", "Shorter, please", "--reply-to", edited.uri);
    await south.run("community", "pin", kept.uri);
    await west.settles();
    await west.stop();
  });
  await test("a partner that comes later lacks it, while its host may be back", async () => {
    await north.run("community", "joint", "offer", "plan", group.south);
    await until("it is asked", async () => (await south.run("community", "joint", "list", "plan")).length === 1);
    await south.run("community", "joint", "accept", "plan", group.north);
    await inPlan(north, answer.uri);
    await until("three are lacking", async () => (await lacking()) === 3, FAR);
    assert.equal(await north.knows(kept.uri), null);
  });
  await test("when it counts as gone, the partner's copies are there, and say whose word they are", async () => {
    await until("they are there", async () => {
      await compare();
      return (await lacking()) === 0;
    }, FAR);
    for (const [post, text] of [[kept, /with a table/], [edited, /first draft/], [deleted, /regret/]]) await inPlan(north, post.uri, (found) => text.test(found.text));
    const { community, content, spoiler_text, account, group: shown } = await status(kept.uri);
    assert.equal(shown.acct, "plan");
    assert.equal(spoiler_text, "long");
    assert.ok(content.endsWith(`<p><em>A copy, as plan@${south.host.authority} has it: its own server does not answer.</em></p>`), content);
    assert.equal(account.acct, `wim@${west.host.authority}`);
    assert.ok(community.pinned, "what was decided about it came, too");
    const partner = (await nora.get(`/api/v2/search?type=accounts&q=${encodeURIComponent(group.south)}`)).accounts[0];
    assert.equal(community.attested_by_id, partner.id);
    assert.equal((await status(answer.uri)).community.attested_by_id, null);
    const page = await (await fetch(`${north.host.base}/@plan`)).text();
    assert.match(page, /A copy, as .*Plan south.* has it: its own server does not answer\./s);
    // nobody was told of what is old
    assert.ok(!(await north.run("notices", "nora")).some(({ kind }) => kind === "mention" || kind === "status"));
  });
  await test("they are told as such to nobody but hosts of partners", async () => {
    const { orderedItems } = await getJson(north.host, "/users/plan/outbox?page=true");
    assert.ok(!JSON.stringify(orderedItems).includes(`"attributedTo":"${west.host.base}`));
    const answered = await fetch(`${south.host.base}/users/plan/joint?copy=${"0".repeat(32)}`, { headers: { accept: "application/activity+json" } });
    assert.equal(answered.status, 401);
  });
  await test("the thread takes answers of people here, and a kill in the middle loses nothing", async () => {
    const said = await north.post("nora", "Thanks from the north", "--reply-to", kept.uri);
    await inPlan(south, said.uri);
    await north.stop("SIGKILL");
    await north.start();
    assert.equal((await status(kept.uri)).community.attested_by_id !== null, true);
  });
  await test("when the origin is back, what it says counts", async () => {
    await west.start();
    await west.run("edit", "wim", edited.uri, `@plan@${south.host.authority} A last draft`);
    await west.run("delete-post", "wim", deleted.id);
    await until("an edit came by itself", async () => /last draft/.test((await south.showPost(edited.uri)).text), FAR);
    // it is asked with the daily look after communities: today is over
    const [round] = (await north.run("queue", "list")).filter(({ kind }) => kind === "community");
    await north.run("queue", "retry", String(round.id));
    await until("nothing is known by the partner alone", async () => (await status(kept.uri)).community.attested_by_id === null, FAR);
    await inPlan(north, edited.uri, ({ text }) => /last draft/.test(text));
    await until("what was deleted is gone", async () => (await north.knows(deleted.uri)) === null, FAR);
    const original = await status(kept.uri);
    assert.equal(original.edited_at, null);
    assert.ok(!/A copy, as/.test(original.content));
    const changed = await status(edited.uri);
    assert.equal(changed.community.attested_by_id, null);
    assert.notEqual(changed.edited_at, null);
    const { descendants } = await nora.get(`/api/v1/statuses/${changed.id}/context`);
    assert.deepEqual(descendants.map(({ uri }) => uri), [below.uri], "what is below it stays there");
    // and its author is one like others now
    const said = await north.post("nora", "Welcome back", "--reply-to", kept.uri);
    await west.seesPost(said.uri, () => true, FAR);
  });
  await test("the databases are whole", () => Promise.all([north, south, west].map((node) => node.check())));
});
