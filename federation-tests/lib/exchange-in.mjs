// What a Fedify peer sends to a node: each activity, signed the peer's way, and what the node makes of it.
import assert from "node:assert/strict";
import { until } from "./journal.mjs";

// The peer's person `name` acts upon alice of the node.
export async function receives(suite, { node, alice, peer, name }) {
  const { vocab } = peer;
  const uri = peer.uri(name);
  const act = (Class, fields) => peer.send(name, target, Class, fields);
  const undo = (object) => act(vocab.Undo, { object });
  let target, follow, post, note, like, boost, block;

  await suite.test("finds a person of the node by handle", async () => {
    target = await peer.lookup(`acct:${alice.handle}`, name).catch(() => null);
    target ??= await peer.lookup(alice.uri, name); // handles are looked up by https only
    assert.equal(target?.id?.href, alice.uri);
    assert.equal(target.inboxId.href, alice.inbox);
  });

  await suite.test("Follow in: is accepted", async () => {
    follow = await act(vocab.Follow, { object: target.id });
    const { activity } = await peer.activities.wait("the Accept", ({ type, actor }) => type === "Accept" && actor === alice.uri);
    assert.equal(activity.objectId.href, follow.id.href);
    await node.seesPerson("alice", ({ followers }) => followers === 1);
  });

  await suite.test("Create in: a post that mentions alice is stored, with its fields", async () => {
    note = peer.addPost(name, "greeting", {
      content: "<p>Hello <b>alice</b> <script>alert(1)</script></p>",
      summary: "a greeting",
      tags: [new vocab.Mention({ href: target.id, name: `@${alice.handle}` }), new vocab.Hashtag({ href: new URL("https://tags.example/x"), name: "#Hello" })],
      ccs: [target.id],
    });
    await act(vocab.Create, { object: note, to: note.toId, cc: target.id });
    const stored = await node.seesPost(note.id.href);
    assert.equal(stored.author, peer.handle(name));
    assert.equal(stored.visibility, "public");
    assert.match(stored.text, /Hello alice/);
    assert.doesNotMatch(stored.html, /script/);
    assert.equal(stored.spoiler, "a greeting");
    assert.ok(stored.tags.some((tag) => /^#?hello$/i.test(tag)), `${stored.tags}`);
    await until("alice is told", async () => JSON.stringify(await node.run("notices", "alice")).includes(peer.handle(name)));
  });

  await suite.test("Update in: the post is changed", async () => {
    note = note.clone({ content: "<p>Goodbye</p>", updated: note.published.add({ seconds: 5 }) });
    await act(vocab.Update, { object: note, to: note.toId });
    await node.seesPost(note.id.href, ({ text }) => /Goodbye/.test(text));
  });

  await suite.test("Update in: the profile is changed", async () => {
    peer.people.get(name).fields = { name: "Quite another" };
    const person = await peer.lookup(uri);
    await act(vocab.Update, { object: person });
    await node.seesPerson(uri.href, ({ display_name }) => display_name === "Quite another");
  });

  await suite.test("Like in, and Undo of it", async () => {
    post = await node.post("alice", "Something to like");
    like = await act(vocab.Like, { object: new URL(post.uri) });
    await node.seesPost(post.uri, ({ likes }) => likes === 1);
    await undo(like);
    await node.seesPost(post.uri, ({ likes }) => likes === 0);
  });

  await suite.test("Announce in, and Undo of it", async () => {
    boost = await act(vocab.Announce, { object: new URL(post.uri), to: vocab.PUBLIC_COLLECTION });
    await node.seesPost(post.uri, ({ boosts }) => boosts === 1);
    await undo(boost);
    await node.seesPost(post.uri, ({ boosts }) => boosts === 0);
  });

  await suite.test("Create in: a reply counts under its parent", async () => {
    const reply = peer.addPost(name, "reply", { content: "<p>Indeed</p>", replyTarget: new URL(post.uri), ccs: [target.id] });
    await act(vocab.Create, { object: reply, to: reply.toId });
    await node.seesPost(post.uri, ({ replies }) => replies === 1);
    assert.equal((await node.showPost(reply.id.href)).parent_uri, post.uri);
  });

  await suite.test("Flag in: a report is written down", async () => {
    const before = await node.metric("fediflow_reports_total").catch(() => 0);
    await act(vocab.Flag, { objects: [target.id, new URL(post.uri)], content: "I object to this" });
    await node.settles();
    assert.match(JSON.stringify(await node.run("reports")), /I object to this/, `${before}`);
  });

  await suite.test("Delete in: the post is gone", async () => {
    await act(vocab.Delete, { object: new vocab.Tombstone({ id: note.id }) });
    await until("it is gone", async () => !(await node.knows(note.id.href)));
  });

  await suite.test("Undo of Follow in: one follower less", async () => {
    await undo(follow);
    await node.seesPerson("alice", ({ followers }) => followers === 0);
  });

  await suite.test("Block in, which ends follows, and Undo of it", async () => {
    await node.follow("alice", uri.href);
    await node.seesPerson("alice", ({ following }) => following === 1);
    block = await act(vocab.Block, { object: target.id });
    await node.seesPerson("alice", ({ following }) => following === 0);
    await undo(block);
    await node.settles();
  });

  await suite.test("Follow in of a locked account: waits, and is rejected or accepted by its owner", async () => {
    const lena = await node.addPerson("lena", "--locked");
    const locked = await peer.lookup(lena.uri, name);
    assert.equal(locked.manuallyApprovesFollowers, true);
    for (const [verb, type] of [["reject", "Reject"], ["accept", "Accept"]]) {
      await peer.send(name, locked, vocab.Follow, { object: locked.id });
      await node.settles();
      assert.equal(peer.activities.filter((entry) => entry.actor === lena.uri && entry.type === type).length, 0);
      await until("the request is there", () => node.run(verb, "lena", uri.href).then(() => true));
      await peer.activities.wait(type, (entry) => entry.type === type && entry.actor === lena.uri);
    }
    await node.seesPerson("lena", ({ followers }) => followers === 1);
  });
}
