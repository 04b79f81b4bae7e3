// What a node sends to a Fedify peer: each activity as the peer's typed vocabulary reads it, after it verified the signature.
import assert from "node:assert/strict";

const FIRST_ATTEMPT_MS = 100;
const SEEN_MS = 1000;

// alice of the node acts upon the peer's person `name`.
export async function sends(suite, { node, alice, peer, name }) {
  const { vocab } = peer;
  const uri = peer.uri(name).href;
  const came = (type, fits = () => true) => peer.activities.wait(`the ${type}`, (entry) => entry.type === type && entry.actor === alice.uri && fits(entry));
  const undone = (type) => came("Undo", () => true).then(async () => {
    const entries = peer.activities.filter((entry) => entry.type === "Undo" && entry.actor === alice.uri);
    const inner = await Promise.all(entries.map(({ activity }) => activity.getObject()));
    return inner.some((object) => object?.constructor.name === type);
  });
  let theirs, post;

  await suite.test("Follow out: the peer's Accept makes it a follow", async () => {
    peer.onFollow = "accept";
    await node.follow("alice", peer.handle(name)).catch(() => node.follow("alice", uri));
    const { activity } = await came("Follow");
    assert.equal(activity.objectId.href, uri);
    await node.seesPerson("alice", ({ following }) => following === 1);
  });

  await suite.test("Reject in: the follow is over", async () => {
    await peer.addPerson("rex");
    peer.onFollow = "reject";
    await node.follow("alice", peer.uri("rex").href);
    await came("Follow", ({ object }) => object === peer.uri("rex").href);
    await node.settles();
    assert.equal((await node.person("alice")).following, 1);
    peer.onFollow = "accept";
  });

  await suite.test("Create out: a post to a follower, in time and with its fields", async () => {
    // the peer follows alice, so that it gets what she writes
    const target = await peer.lookup(alice.uri, name);
    await peer.send(name, target, vocab.Follow, { object: target.id });
    await came("Accept");
    const started = performance.now();
    post = await node.post("alice", "Guten Tag, #Welt", "--language", "de", "--spoiler", "Gruß");
    const returned = performance.now();
    const { activity, at } = await came("Create", ({ object }) => object === post.uri);
    const { at: asked } = await peer.requests.wait("the delivery", ({ method, body }) => method === "POST" && body.includes(post.uri));
    suite.note(`first attempt ${Math.round(asked - returned)} ms and seen ${Math.round(at - returned)} ms after the command ended, which took ${Math.round(returned - started)} ms`);
    assert.ok(asked - returned < FIRST_ATTEMPT_MS * 2, "the first attempt came late");
    assert.ok(at - returned < SEEN_MS, "it was seen late");
    const note = await activity.getObject();
    assert.ok(note instanceof vocab.Note);
    assert.equal(note.id.href, post.uri);
    assert.equal(note.attributionId.href, alice.uri);
    assert.match(String(note.content), /Guten Tag/);
    assert.equal(String(note.summary), "Gruß");
    assert.ok(note.toIds.some(({ href }) => href === vocab.PUBLIC_COLLECTION.href));
    const tags = [];
    for await (const tag of note.getTags()) tags.push(tag);
    assert.ok(tags.some((tag) => tag instanceof vocab.Hashtag && /welt/i.test(String(tag.name))));
    assert.ok(note.published, "no date");
  });

  await suite.test("a post can be read at its address, as the peer's person", async () => {
    const note = await peer.lookup(post.uri, name);
    assert.ok(note instanceof vocab.Note);
    assert.equal(note.id.href, post.uri);
  });

  await suite.test("Create out: a mention names the person, who gets it although nobody follows", async () => {
    const direct = await node.post("alice", `@${peer.handle(name)} this is for you`, "--visibility", "direct");
    const { activity } = await came("Create", ({ object }) => object === direct.uri);
    const note = await activity.getObject();
    assert.deepEqual(note.toIds.map(({ href }) => href), [uri]);
    assert.equal(note.ccIds.length, 0);
    const tags = [];
    for await (const tag of note.getTags()) tags.push(tag);
    assert.ok(tags.some((tag) => tag instanceof vocab.Mention && tag.href.href === uri));
  });

  await suite.test("Update out", async () => {
    await node.run("edit", "alice", post.id, "Guten Abend, #Welt");
    const { activity } = await came("Update");
    const note = await activity.getObject();
    assert.match(String(note.content), /Guten Abend/);
    assert.ok(note.updated, "no date of the change");
  });

  await suite.test("Like out, and Undo of it", async () => {
    const note = peer.addPost(name, "likeable", { content: "<p>Like me</p>" });
    theirs = note.id.href;
    await node.run("like", "alice", theirs);
    await came("Like", ({ object }) => object === theirs);
    await node.run("like", "alice", theirs, "--undo");
    await came("Undo");
    assert.ok(await undone("Like"));
  });

  await suite.test("Announce out, and Undo of it", async () => {
    await node.run("boost", "alice", theirs);
    await came("Announce", ({ object }) => object === theirs);
    await node.run("boost", "alice", theirs, "--undo");
    await peer.activities.waitCount("both Undos", 2, (entry) => entry.type === "Undo" && entry.actor === alice.uri);
    assert.ok(await undone("Announce"));
  });

  await suite.test("Create out: a reply goes to the author of its parent", async () => {
    const reply = await node.post("alice", "I see", "--reply-to", theirs);
    const { activity } = await came("Create", ({ object }) => object === reply.uri);
    const note = await activity.getObject();
    assert.equal(note.replyTargetId.href, theirs);
  });

  await suite.test("Flag out: the report comes from the node, not from the person", async () => {
    await node.run("report", "alice", uri, "--comment", "This is against our rules", "--posts", theirs);
    const { activity } = await peer.activities.wait("the Flag", ({ type }) => type === "Flag");
    assert.notEqual(activity.actorId.href, alice.uri);
    assert.equal(new URL(activity.actorId).host, new URL(alice.uri).host);
    assert.ok(activity.objectIds.some(({ href }) => href === uri));
    assert.ok(activity.objectIds.some(({ href }) => href === theirs));
    assert.match(String(activity.content), /against our rules/);
  });

  await suite.test("Delete out", async () => {
    await node.run("delete-post", "alice", post.id);
    const { activity } = await came("Delete");
    assert.equal(activity.objectId.href, post.uri);
  });

  await suite.test("Undo of Follow out", async () => {
    await node.run("unfollow", "alice", uri);
    await peer.activities.waitCount("three Undos", 3, (entry) => entry.type === "Undo" && entry.actor === alice.uri);
    assert.ok(await undone("Follow"));
    await node.seesPerson("alice", ({ following }) => following === 0);
  });

  await suite.test("Block out, and Undo of it", async () => {
    await node.run("block", "alice", uri);
    await came("Block", ({ object }) => object === uri);
    await node.run("unblock", "alice", uri);
    await peer.activities.waitCount("four Undos", 4, (entry) => entry.type === "Undo" && entry.actor === alice.uri);
    assert.ok(await undone("Block"));
  });

  await suite.test("nothing that was sent had an untrue signature", () => {
    const bad = peer.requests.filter(({ method, status }) => method === "POST" && status >= 400);
    assert.equal(bad.length, 0, bad.map(({ status, answer, body }) => `${status} ${answer} ${body.slice(0, 200)}`).join("\n"));
  });

  // --- keys change ---

  await suite.test("the peer changes its keys: what it signs with the new ones is understood", async () => {
    const person = peer.people.get(name);
    const target = await peer.lookup(alice.uri, name);
    const liked = await node.post("alice", "Signed with another key");
    const object = new URL(liked.uri);
    const before = person.keys;
    person.keys = await peer.newKeys();
    await peer.send(name, target, vocab.Like, { object });
    await node.seesPost(liked.uri, ({ likes }) => likes === 1);
    person.keys = [...person.keys, before[0]]; // overlap: the old one is listed as well
    await peer.send(name, target, vocab.Announce, { object, to: vocab.PUBLIC_COLLECTION });
    await node.seesPost(liked.uri, ({ boosts }) => boosts === 1);
  });
  await suite.test("the node changes its keys: what it signs with the new ones is understood", async () => {
    await node.run("account", "keys", "rotate", "alice");
    const direct = await node.post("alice", `@${peer.handle(name)} signed anew`, "--visibility", "direct");
    await came("Create", ({ object }) => object === direct.uri);
  });
}
