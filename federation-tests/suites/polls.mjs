// Polls: with Fedify 2.3.6 in both directions, between two nodes, and with peers that cheat.
import assert from "node:assert/strict";
import { Temporal } from "@js-temporal/polyfill";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { accepted, refused } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { getJson } from "../lib/wire.mjs";

const DENIED = 77;
const LATER = () => Temporal.Now.instant().add({ hours: 1 });
const settings = { node: { poll_tell: "1 s" } };
const votes = ({ poll }) => Object.fromEntries(poll.options.map(({ name, votes: n }) => [name, n]));
const list = async (items) => {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
};

await run("polls", async (suite) => {
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings })));
  const peer = await fedifyPeer(2, "fedify2");
  const evil = await rawPeer("evil");
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  suite.watch(() => peer.troubles());
  await Promise.all([north.addPerson("nora"), north.addPerson("nils"), south.addPerson("saul"), south.addPerson("sue")]);
  await peer.addPerson("tina");
  await peer.addPerson("tom");
  const { vocab } = peer;
  const [nora, saul] = await Promise.all([north.person("nora"), south.person("saul")]);
  const tina = peer.uri("tina").href;
  const target = await peer.lookup(nora.uri, "tina");
  const came = (type, fits) => peer.activities.wait(`the ${type}`, (entry) => entry.type === type && entry.actor === nora.uri && fits(entry));

  // --- Fedify asks, the node votes ---

  let question;
  const option = (name, n) => new vocab.Note({ name, replies: new vocab.Collection({ totalItems: n }) });
  await suite.test("a Question of Fedify's is a poll", async () => {
    await north.follow("nora", tina);
    await north.seesPerson("nora", ({ following }) => following === 1);
    question = new vocab.Question({
      id: new URL("/users/tina/polls/1", peer.host.base),
      attribution: peer.uri("tina"),
      to: vocab.PUBLIC_COLLECTION,
      content: "<p>Tea or coffee?</p>",
      published: Temporal.Now.instant(),
      endTime: LATER(),
      voters: 3,
      inclusiveOptions: [option("Tea", 1), option("Coffee", 2)],
    });
    await peer.send("tina", target, vocab.Create, { object: question, to: vocab.PUBLIC_COLLECTION });
    const seen = await north.seesPost(question.id.href);
    assert.equal(seen.type, "Question");
    assert.deepEqual(votes(seen), { Tea: 1, Coffee: 2 });
    assert.equal(seen.poll.multiple, true);
    assert.equal(seen.poll.voters, 3);
    assert.equal(seen.poll.over, false);
  });
  await suite.test("our votes reach its author as Notes with a name and nothing else, and nobody but its author", async () => {
    await north.run("vote", "nora", question.id.href, "Coffee", "1");
    const came = await peer.activities.waitCount("both votes", 2, ({ type, actor }) => type === "Create" && actor === nora.uri);
    const notes = await Promise.all(came.map(({ activity }) => activity.getObject()));
    assert.ok(notes.every((note) => note instanceof vocab.Note && note.content === null));
    assert.deepEqual(notes.map(({ name }) => String(name)).sort(), ["Coffee", "Tea"]);
    assert.ok(notes.every(({ replyTargetId, attributionId }) => replyTargetId.href === question.id.href && attributionId.href === nora.uri));
    assert.ok(notes.every(({ toIds, ccIds }) => toIds.map(String).join() === tina && ccIds.length === 0));
    assert.ok(came.every(({ recipient }) => recipient === "tina"), "a shared inbox got it");
    await assert.rejects(north.run("vote", "nora", question.id.href, "Tea"), /already voted/);
  });
  await suite.test("an Update of Fedify's tells the counts, and is no edit", async () => {
    const told = question.clone({ voters: 9, inclusiveOptions: [option("Tea", 4), option("Coffee", 7)] });
    await peer.send("tina", target, vocab.Update, { object: told, to: vocab.PUBLIC_COLLECTION });
    const seen = await north.seesPost(question.id.href, (post) => votes(post).Tea === 4);
    assert.deepEqual(votes(seen), { Tea: 4, Coffee: 7 });
    assert.equal(seen.poll.voters, 9);
    assert.equal(seen.edited, null);
  });

  // --- the node asks, Fedify votes ---

  let asked;
  await suite.test("Fedify's typed parser reads our Question", async () => {
    await peer.send("tina", target, vocab.Follow, { object: target.id });
    await north.seesPerson("nora", ({ followers }) => followers === 1);
    asked = await north.post("nora", "Cats or dogs?", "--poll", "Cats;Dogs;Neither of \"them\"", "--poll-ends", "2 h", "--poll-multiple");
    const { activity } = await came("Create", ({ object }) => object === asked.uri);
    const read = await activity.getObject();
    assert.ok(read instanceof vocab.Question);
    const options = await list(read.getInclusiveOptions());
    assert.deepEqual(options.map(({ name }) => String(name)), ["Cats", "Dogs", "Neither of \"them\""]);
    for (const each of options) assert.equal((await each.getReplies()).totalItems, 0);
    assert.equal((await list(read.getExclusiveOptions())).length, 0);
    assert.equal(read.voters, 0);
    assert.equal(read.closed, null);
    const lasts = read.endTime.epochMilliseconds - Date.now();
    assert.ok(lasts > 7_000_000 && lasts <= 7_200_000, `${lasts}`);
    const fetched = await peer.lookup(asked.uri, "tina");
    assert.ok(fetched instanceof vocab.Question);
  });
  const ballot = (who, name, slug) => new vocab.Note({
    id: new URL(`#votes/${slug}`, peer.uri(who)),
    attribution: peer.uri(who),
    to: target.id,
    replyTarget: new URL(asked.uri),
    name,
  });
  await suite.test("Fedify's votes are counted once, and are no posts", async () => {
    const before = await north.run("notices", "nora");
    for (const [who, name, slug] of [["tina", "Cats", 1], ["tina", "Dogs", 2], ["tina", "Dogs", 3], ["tom", "Dogs", 1]]) {
      await peer.send(who, target, vocab.Create, { object: ballot(who, name, slug), to: target.id });
    }
    const seen = await north.seesPost(asked.uri, ({ poll }) => poll.voters === 2);
    assert.deepEqual(votes(seen), { Cats: 1, Dogs: 2, "Neither of \"them\"": 0 });
    assert.equal(seen.replies, 0);
    assert.equal(await north.knows(ballot("tina", "Cats", 1).id.href), null);
    assert.deepEqual(await north.run("notices", "nora"), before);
  });
  await suite.test("the counts come by Update, to the follower and to who voted without following", async () => {
    const counted = async ({ activity }) => {
      const read = await activity.getObject();
      return read instanceof vocab.Question && read.voters === 2;
    };
    const updates = () => peer.activities.filter(({ type, actor }) => type === "Update" && actor === nora.uri);
    await until("the counts are told", async () => (await Promise.all(updates().map(counted))).includes(true));
    const last = await updates().at(-1).activity.getObject();
    assert.ok(last instanceof vocab.Question);
    const options = await list(last.getInclusiveOptions());
    assert.deepEqual(await Promise.all(options.map(async (each) => (await each.getReplies()).totalItems)), [1, 2, 0]);
    assert.ok(!JSON.stringify(await last.toJsonLd()).includes("tina"), "it says who has voted");
    const coalesced = updates().length;
    suite.note(`${coalesced} Update(s) told 3 choices`);
    assert.ok(coalesced <= 3, `${coalesced}`);
  });

  // --- node to node ---

  let single, many;
  await suite.test("people of two nodes vote in one poll, once each", async () => {
    await south.follow("saul", nora.uri);
    await north.seesPerson("nora", ({ followers }) => followers === 2);
    single = await north.post("nora", "Red or blue?", "--poll", "Red;Blue");
    many = await north.post("nora", "Which of these?", "--poll", "A;B;C", "--poll-multiple");
    for (const { uri } of [single, many]) await south.seesPost(uri, ({ poll }) => poll !== undefined);
    await south.run("vote", "saul", single.uri, "Red");
    await north.run("vote", "nils", single.id, "2");
    await south.run("vote", "saul", many.uri, "A", "C");
    await assert.rejects(south.run("vote", "sue", many.uri, "D"), /does not exist/);
    await assert.rejects(south.run("vote", "sue", single.uri, "1", "2"), /Only one/);
    await south.run("vote", "sue", single.uri, "Blue");
    await south.run("vote", "sue", many.uri, "C");
    await assert.rejects(south.run("vote", "saul", single.uri, "Blue"), /already voted/);
    await assert.rejects(north.run("vote", "nora", single.id, "Red"), ({ code }) => code === DENIED);
    assert.deepEqual(votes(await north.seesPost(single.uri, ({ poll }) => poll.voters === 3)), { Red: 1, Blue: 2 });
    assert.deepEqual(votes(await north.seesPost(many.uri, ({ poll }) => poll.voters === 2)), { A: 1, B: 0, C: 2 });
  });
  await suite.test("the other node hears what it has come to", async () => {
    assert.deepEqual(votes(await south.seesPost(single.uri, ({ poll }) => poll.voters === 3)), { Red: 1, Blue: 2 });
    assert.deepEqual(votes(await south.seesPost(many.uri, ({ poll }) => poll.voters === 2)), { A: 1, B: 0, C: 2 });
    assert.equal((await south.showPost(single.uri)).edited, null);
  });
  await suite.test("votes are shown nowhere", async () => {
    assert.deepEqual(await south.run("posts", "saul"), []);
    const outbox = await getJson(south.host, `${new URL(saul.uri).pathname}/outbox?page=true`);
    assert.ok(!JSON.stringify(outbox).includes("#votes"), "a vote stands in the outbox");
    assert.equal((await getJson(south.host, `${new URL(saul.uri).pathname}/outbox`)).totalItems, 0);
    const replies = await getJson(north.host, `${new URL(single.uri).pathname}/replies?page=true`);
    assert.deepEqual([replies.totalItems, replies.items], [0, []]);
    assert.ok((await north.run("notices", "nora")).every(({ kind }) => kind === "follow"));
  });
  await suite.test("other options take the votes away, on both nodes", async () => {
    await assert.rejects(north.run("edit", "nora", many.id, "Which of those?", "--poll", "X;Y", "--poll-multiple"), /votes away/);
    await north.run("edit", "nora", many.id, "Which of those?", "--poll", "X;Y", "--poll-multiple", "--poll-reset");
    const seen = await south.seesPost(many.uri, (post) => "X" in votes(post));
    assert.deepEqual(votes(seen), { X: 0, Y: 0 });
    await south.run("vote", "saul", many.uri, "Y");
    await north.seesPost(many.uri, (post) => votes(post).Y === 1);
  });

  // --- peers that cheat ---

  const rex = evil.actor("rex");
  const poll = (slug, fields) => rex.note(slug, { type: "Question", oneOf: [{ type: "Note", name: "yes", replies: { type: "Collection", totalItems: 1 } }, { type: "Note", name: "no" }], ...fields });
  const cast = (by, name, fields = {}) => by.activity("Create", { id: `${by.id}#votes/${crypto.randomUUID()}`, type: "Note", attributedTo: by.id, to: nora.uri, inReplyTo: single.uri, name, ...fields }, { to: nora.uri });
  const unchanged = async (attack) => {
    const before = await north.showPost(single.uri);
    await attack();
    await north.settles();
    assert.deepEqual(await north.showPost(single.uri), before);
  };
  await suite.test("votes that cannot be count nothing", async () => {
    await unchanged(async () => {
      refused(await rex.post(north, cast(rex, "Green")), 400);
      refused(await rex.post(north, cast(rex, "Red", { attributedTo: tina })), 403);
      accepted(await rex.post(north, cast(rex, "Red", { inReplyTo: `${nora.uri}/statuses/1` })));
      refused(await rex.post(north, { ...cast(rex, "Red"), object: Array.from({ length: 400 }, () => cast(rex, "Red").object) }), 413);
      refused(await rex.post(north, { ...cast(rex, "Red"), object: ["Red", "Blue"].map((name) => cast(rex, name).object) }), 400, 202);
    });
  });
  await suite.test("a vote that comes again and again is counted once", async () => {
    const before = votes(await north.showPost(single.uri));
    const vote = cast(rex, "Red");
    for (let i = 0; i < 5; i++) accepted(await rex.post(north, vote));
    for (let i = 0; i < 5; i++) accepted(await rex.post(north, cast(rex, "Red")));
    accepted(await rex.post(north, cast(rex, "Blue")));
    await north.settles();
    assert.deepEqual(votes(await north.showPost(single.uri)), { ...before, Red: before.Red + 1 });
  });
  await suite.test("a vote without ids is a vote like any other", async () => {
    const roy = evil.actor("roy");
    const before = votes(await north.showPost(single.uri));
    const bare = cast(roy, "Blue");
    delete bare.id;
    delete bare.object.id;
    accepted(await roy.post(north, bare));
    accepted(await roy.post(north, bare));
    await north.settles();
    assert.deepEqual(votes(await north.showPost(single.uri)), { ...before, Blue: before.Blue + 1 });
  });
  await suite.test("a poll with thousands of options has twenty, and counts are never below nothing", async () => {
    await north.follow("nora", rex.id);
    const { body } = await evil.requests.wait("the follow", ({ method, body }) => method === "POST" && JSON.parse(body).type === "Follow");
    accepted(await rex.post(north, rex.activity("Accept", JSON.parse(body))));
    const options = (length) => Array.from({ length }, (_, i) => ({ type: "Note", name: `option ${i}`, replies: { totalItems: -i } }));
    refused(await rex.post(north, rex.activity("Create", poll("larger", { oneOf: options(10_000) }), { to: PUBLIC })), 413);
    const huge = poll("huge", { oneOf: options(3000), votersCount: -1 });
    accepted(await rex.post(north, rex.activity("Create", huge, { to: PUBLIC })));
    const seen = await north.seesPost(huge.id);
    assert.equal(seen.poll.options.length, 20);
    assert.ok(seen.poll.options.every(({ votes: n }) => n === 0));
    assert.equal(seen.poll.voters, 0);
  });
  await suite.test("nobody votes in a poll that is over; who looks at it makes the node ask for the last counts, once", async () => {
    const over = poll("over", { endTime: new Date(Date.now() + 1500).toISOString(), votersCount: 1 });
    accepted(await rex.post(north, rex.activity("Create", over, { to: PUBLIC })));
    await north.seesPost(over.id);
    let asked = 0;
    evil.page(new URL(over.id).pathname, (_, response) => {
      asked++;
      response.writeHead(200, { "Content-Type": "application/activity+json" });
      response.end(JSON.stringify({ ...over, closed: over.endTime, votersCount: 12, oneOf: [{ type: "Note", name: "yes", replies: { type: "Collection", totalItems: 12 } }, { type: "Note", name: "no" }] }));
    });
    await until("it is over", async () => (await north.showPost(over.id)).poll.over);
    await assert.rejects(north.run("vote", "nora", over.id, "yes"), ({ code }) => code === DENIED);
    const seen = await north.seesPost(over.id, ({ poll: p }) => p.voters === 12);
    assert.deepEqual(votes(seen), { yes: 12, no: 0 });
    for (let i = 0; i < 5; i++) await north.showPost(over.id);
    await north.settles();
    assert.equal(asked, 1);
  });
  await suite.test("somebody else's word on a poll is nothing", async () => {
    const rita = evil.actor("rita");
    const own = poll("own", {});
    accepted(await rex.post(north, rex.activity("Create", own, { to: PUBLIC })));
    const before = await north.seesPost(own.id);
    refused(await rita.post(north, rita.activity("Update", { ...own, votersCount: 99 }, { to: PUBLIC })), 403);
    assert.deepEqual(await north.showPost(own.id), before);
  });

  for (const node of [north, south]) {
    await suite.test(`the database of ${node.name} is whole`, async () => {
      await node.check();
      const { code } = await node.stop();
      assert.equal(code, 0);
      await node.check();
    });
  }
  await peer.stop();
  await evil.stop();
});
