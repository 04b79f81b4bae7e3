// Activities that must wait for something to be fetched, and those that come after them.
import assert from "node:assert/strict";
import { PUBLIC, rawPeer, reply } from "../lib/rawpeer.mjs";
import { accepted, admire, befriend, stage } from "../lib/stage.mjs";
import { until } from "../lib/journal.mjs";
import { run } from "../lib/tap.mjs";

await run("order", async (suite) => {
  const on = await stage(suite);
  const { node, alice, evil: near, rogue: far } = on;
  const author = near.actor("author");
  const other = near.actor("other");
  const thinker = far.actor("thinker");
  for (const actor of [author, other]) {
    await befriend(on, actor);
    await admire(on, actor);
  }

  // A post that its host does not give out before release() is called.
  const held = (writer, slug) => {
    const note = writer.note(slug, { cc: [alice.uri], tag: [{ type: "Mention", href: alice.uri }] });
    let release;
    const gate = new Promise((resolve) => (release = resolve));
    const { pathname } = new URL(note.id);
    writer.peer.page(pathname, (_, response) => gate.then(() => reply(response, note)));
    return { note, release, asked: () => writer.peer.requests.wait("the fetch", ({ path }) => path === pathname) };
  };
  const sends = async (type, object, fields) => {
    const activity = author.activity(type, object, fields);
    accepted(await author.post(node, activity));
    return activity;
  };

  await suite.test("an Update that overtakes what it changes is not lost", async () => {
    const { note, release, asked } = held(author, "edited");
    await sends("Create", note.id);
    await asked();
    await sends("Update", { ...note, content: "<p>as it should be</p>", updated: new Date(Date.now() + 1000).toISOString() });
    release();
    await node.settles();
    await node.seesPost(note.id, ({ text }) => /as it should be/.test(text));
  });
  await suite.test("a Delete that overtakes what it deletes stays in force", async () => {
    const { note, release, asked } = held(author, "regretted");
    await sends("Create", note.id);
    await asked();
    await sends("Delete", { id: note.id, type: "Tombstone" });
    release();
    await node.settles();
    assert.equal(await node.knows(note.id), null);
  });
  await suite.test("an Undo that overtakes the boosted post stays in force", async () => {
    const boosted = held(thinker, "boosted");
    const announce = await sends("Announce", boosted.note.id, { to: [PUBLIC] });
    await boosted.asked();
    await sends("Undo", announce);
    boosted.release();
    await node.settles();
    const post = await node.knows(boosted.note.id);
    assert.ok(post === null || post.boosts === 0, `${post?.boosts} boosts`);
  });
  await suite.test("what waits for a slow host delays nobody else of its sender's host", async () => {
    const slow = held(thinker, "slow");
    await sends("Announce", slow.note.id, { to: [PUBLIC] });
    await slow.asked();
    const note = thinker.note("quick");
    accepted(await other.post(node, other.activity("Announce", note.id, { to: [PUBLIC] })));
    await until("the other's boost is here", () => node.knows(note.id), 3000);
    slow.release();
  });
  await suite.test("what waits for a host that is away delays nothing of its sender for long", async () => {
    const away = await rawPeer("slow");
    await away.stop();
    const note = thinker.note("found");
    await sends("Announce", away.url("/notes/lost"), { to: [PUBLIC] });
    await sends("Announce", note.id, { to: [PUBLIC] });
    await until("the second boost is here", () => node.knows(note.id), 5000);
  });
  await suite.test("a reply whose parent cannot be had is shown without it", async () => {
    const away = await rawPeer("slow");
    await away.stop();
    const inReplyTo = away.url("/notes/lost-parent");
    const note = author.note("orphan", { inReplyTo, cc: [alice.uri], tag: [{ type: "Mention", href: alice.uri }] });
    await sends("Create", note);
    const stored = await node.seesPost(note.id, () => true, 10_000);
    assert.equal(stored.parent_uri, inReplyTo);
  });
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
