// Integrity proofs (FEP-8b32) between the node and Fedify: ours as Fedify verifies them, Fedify's as a third host carries
// them here, and what of that must not pass.
import assert from "node:assert/strict";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { keyHolder } from "../lib/identity.mjs";
import { fediflow } from "../lib/node.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { accepted, admire, refused } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

await run("proofs", async (suite) => {
  const node = await fediflow("north");
  suite.watch(() => node.troubles());
  await node.addPerson("alice");
  const alice = await node.person("alice");
  const peers = [await fedifyPeer(2, "fedify2"), await fedifyPeer(1, "fedify1")];
  const evil = await rawPeer("evil");
  const carrier = evil.actor("carrier");
  await admire({ node, alice }, carrier);

  for (const peer of peers) {
    await peer.addPerson("tina");
    await node.follow("alice", peer.uri("tina").href);
    await peer.activities.wait("the follow", ({ type }) => type === "Follow");
    await until("alice follows tina", async () => (await node.run("following", "alice")).some(({ handle, state }) => handle === peer.handle("tina") && state === "accepted"));
  }
  await sends(suite, { node, alice, peer: peers[0], carrier });
  for (const peer of peers) await carries(suite, { node, alice, peer, evil, carrier });
  await identities(suite, { node, alice, evil });
  for (const peer of peers) await peer.stop();
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});

// What alice sends, as tina's server gets it.
async function sends(suite, { node, alice, peer, carrier }) {
  const { vocab, library } = peer;
  const sent = (type) => peer.requests.wait(`the ${type}`, ({ method, body }) => method === "POST" && JSON.parse(body).type === type);
  const verified = (json) => library.verifyObject(vocab.Activity, json, { contextLoader: peer.context.contextLoader, documentLoader: peer.context.documentLoader });
  const tina = await peer.lookup(peer.uri("tina"), "tina");
  const note = peer.addPost("tina", "seen", { content: "<p>Seen</p>" });

  await peer.send("tina", { id: new URL(alice.uri), inboxId: new URL(alice.inbox) }, vocab.Follow, { object: new URL(alice.uri) });
  await peer.send("tina", { id: new URL(alice.uri), inboxId: new URL(alice.inbox) }, vocab.Create, { object: note, to: note.toId });
  await node.seesPost(note.id.href);
  const post = await node.post("alice", `Hé @${peer.handle("tina")} #tag \u{1f600} 1.0`, "--spoiler", "\u2028 care");
  await node.run("edit", "alice", post.id, "Changed");
  await node.run("like", "alice", note.id.href);
  await node.run("boost", "alice", note.id.href);
  await node.run("like", "alice", note.id.href, "--undo");
  await node.run("report", "alice", tina.id.href, "--comment", "just trying");
  await node.run("delete-post", "alice", post.id);

  for (const type of ["Follow", "Accept", "Create", "Update", "Like", "Announce", "Undo", "Flag", "Delete"]) {
    await suite.test(`${type} out: Fedify verifies the proof`, async () => {
      const json = JSON.parse((await sent(type)).body);
      assert.equal(json.proof.cryptosuite, "eddsa-jcs-2022");
      const activity = await verified(json);
      // S-080: who reports is not told
      assert.equal(activity?.actorId.href, type === "Flag" ? `${node.host.base}/actor` : alice.uri);
      const proofs = [];
      for await (const proof of activity.getProofs()) proofs.push(proof);
      assert.equal(proofs.length, 1);
    });
  }
  await suite.test("a changed activity is none of alice's any more", async () => {
    const json = JSON.parse((await sent("Create")).body);
    assert.equal(await verified({ ...json, summary: "more" }), null);
  });
  await suite.test("Fedify takes it from anybody who brings it", async () => {
    const other = await node.post("alice", "To be carried");
    const isIt = ({ method, body }) => method === "POST" && JSON.parse(body).id === `${other.uri}/activity`;
    const { body } = await peer.requests.wait("the post", isIt);
    const answer = await carrier.post({ host: peer.host }, body);
    assert.ok([200, 202].includes(answer.status), `${answer.status} ${answer.text}`);
    refused(await carrier.post({ host: peer.host }, JSON.stringify({ ...JSON.parse(body), summary: "more" })), 401);
  });
  await suite.test("after a change of keys the new one proves", async () => {
    const { proof: old } = JSON.parse((await sent("Create")).body);
    await node.run("account", "keys", "rotate", "alice");
    const last = await node.post("alice", "By the new key");
    const { body } = await peer.requests.wait("the post", ({ method, body: b }) => method === "POST" && JSON.parse(b).id === `${last.uri}/activity`);
    const json = JSON.parse(body);
    assert.notEqual(json.proof.verificationMethod, old.verificationMethod);
    assert.ok(await verified(json));
  });
}

// FEP-c390: alice's key holder says that she is the same person; the statement is published, read elsewhere and shown.
async function identities(suite, { node, alice, evil }) {
  const holder = keyHolder();
  const add = (statement) => node.runWith(JSON.stringify(statement), "account", "identity", "add", "alice");
  const document = () => getJson(node.host, new URL(alice.uri).pathname);
  const page = async () => (await get(node.host, "/@alice", "text/html")).text;
  const statement = holder.statement(alice.uri);
  const seenBy = async (south, uri) => {
    await south.follow("saul", uri); // it is read and kept then
    return (await south.person(uri)).identities.map(({ did }) => did);
  };

  await suite.test("what is not signed by its subject for alice is not published", async () => {
    const bad = [
      holder.statement(`${alice.uri}x`),
      holder.statement(alice.uri, { subject: keyHolder().did }),
      holder.statement(alice.uri, { proofPurpose: "authentication" }),
      { ...statement, subject: keyHolder().did },
      { ...statement, more: "than was signed" },
      { ...statement, proof: undefined },
    ];
    for (const one of bad) await assert.rejects(add(one), ({ code }) => code === 1 || code === 2, JSON.stringify(one));
    assert.equal((await document()).attachment, undefined);
  });
  await suite.test("a statement is published as it was signed, and shown as verified", async () => {
    const { identities: list } = await add(statement);
    assert.deepEqual(list.map(({ did }) => did), [holder.did]);
    await until("it is in the document", async () => (await document()).attachment?.length === 1);
    assert.deepEqual((await document()).attachment, [statement]);
    const html = await page();
    assert.ok(html.includes(`${holder.did}</code> <span class="chip">Verified</span>`), "the page does not show it");
  });
  await suite.test("another node verifies it", async () => {
    const south = await fediflow("south");
    await south.addPerson("saul");
    assert.deepEqual(await seenBy(south, alice.uri), [holder.did]);
    const liar = evil.actor("liar", {
      attachment: [statement, keyHolder().statement(alice.uri), { ...keyHolder().statement(evil.url("/users/liar")), subject: holder.did }],
    });
    assert.deepEqual(await seenBy(south, liar.id), []);
    await node.run("account", "identity", "remove", "alice", holder.did);
    await assert.rejects(node.run("account", "identity", "remove", "alice", holder.did), ({ code }) => code === 3);
    await until("it is not in the document", async () => (await document()).attachment === undefined);
    assert.ok(!(await page()).includes(holder.did));
    await south.check();
    await south.stop();
  });
}

// What tina sends to somebody on the host `evil`, who brings it here in a request of their own.
async function carries(suite, { node, alice, peer, evil, carrier }) {
  const { vocab } = peer;
  const which = `Fedify ${peer.version}`;
  const carrierInbox = { id: new URL(carrier.id), inboxId: new URL(carrier.inbox) };
  const signed = async (Class, fields) => {
    const activity = await peer.send("tina", carrierInbox, Class, fields);
    const { body } = await evil.requests.wait("it", ({ method, body: b }) => method === "POST" && b !== "" && JSON.parse(b).id === activity.id.href);
    return { activity, body };
  };
  // never served: nothing but its proof can tell of it
  const unserved = (slug, fields = {}) => {
    const post = peer.addPost("tina", slug, { content: `<p>${slug}</p>`, ...fields });
    peer.people.get("tina").posts.delete(slug);
    return post;
  };
  const bring = (body) => carrier.post(node, body);
  const asked = (id) => peer.requests.filter(({ method, path }) => method === "GET" && id.endsWith(path)).length;
  const change = (body, edit) => {
    const json = JSON.parse(body);
    edit(json);
    return JSON.stringify(json);
  };
  const note = unserved("carried");
  let create;

  await suite.test(`${which}: a post that somebody else brings is tina's, and nobody is asked`, async () => {
    create = await signed(vocab.Create, { object: note, to: note.toId });
    assert.ok(JSON.parse(create.body).proof, "Fedify has made no proof");
    accepted(await bring(create.body));
    const stored = await node.seesPost(note.id.href);
    assert.equal(stored.author, peer.handle("tina"));
    assert.equal(asked(note.id.href), 0);
  });
  await suite.test(`${which}: its edit, a like and a boost are, too`, async () => {
    const post = await node.post("alice", "To be liked");
    const edited = note.clone({ content: "<p>edited</p>", updated: note.published.add({ seconds: 5 }) });
    accepted(await bring((await signed(vocab.Update, { object: edited, to: note.toId })).body));
    await node.seesPost(note.id.href, ({ text }) => /edited/.test(text));
    const like = await signed(vocab.Like, { object: new URL(post.uri) });
    accepted(await bring(like.body));
    accepted(await bring((await signed(vocab.Announce, { object: new URL(post.uri), to: vocab.PUBLIC_COLLECTION })).body));
    await node.seesPost(post.uri, ({ likes, boosts }) => likes === 1 && boosts === 1);
    accepted(await bring((await signed(vocab.Undo, { object: like.activity })).body));
    await node.seesPost(post.uri, ({ likes }) => likes === 0);
    accepted(await bring(like.body)); // played back
    await node.settles();
    assert.equal((await node.showPost(post.uri)).likes, 0);
  });
  await suite.test(`${which}: S-020 what was changed on the way is read at its origin, which has none`, async () => {
    const forged = unserved("forged");
    const { body } = await signed(vocab.Create, { object: forged, to: forged.toId });
    const edits = [
      (json) => (json.object.content = "<p>changed</p>"),
      (json) => (json.proof.created = "2020-01-01T00:00:00Z"),
      (json) => (json.proof.verificationMethod = carrier.edKeyId),
      (json) => (json.proof = [json.proof, json.proof].map((proof) => ({ ...proof, proofPurpose: "authentication" }))),
      (json) => (json["@graph"] = [{ type: "Like" }]),
      (json) => delete json.proof,
    ];
    for (const edit of edits) {
      accepted(await bring(change(body, edit)));
      await node.settles();
      assert.equal(await node.knows(forged.id.href), null, String(edit));
    }
    assert.ok(asked(forged.id.href) >= 1, "its origin was not asked");
  });
  await suite.test(`${which}: S-021 what is not proved is refused, and a deletion believed of the origin alone`, async () => {
    const edits = [(json) => (json.proof.proofValue = json.proof.proofValue.replace(/.$/, "1")), (json) => delete json.proof];
    const like = await signed(vocab.Like, { object: note.id });
    for (const edit of edits) refused(await bring(change(like.body, edit)), 401);
    // a deletion is taken, since its origin is asked about it
    const { body } = await signed(vocab.Delete, { object: note.id });
    peer.people.get("tina").posts.set("carried", note);
    const before = asked(note.id.href);
    for (const edit of edits) accepted(await bring(change(body, edit)));
    await node.settles();
    assert.ok(asked(note.id.href) > before);
    assert.ok(await node.knows(note.id.href));
    peer.people.get("tina").posts.delete("carried");
    accepted(await bring(body));
    await until("it is gone", async () => (await node.knows(note.id.href)) === null);
    accepted(await bring(create.body)); // played back
    await node.settles();
    assert.equal(await node.knows(note.id.href), null);
  });
  await suite.test(`${which}: what is between two hosts is not carried`, async () => {
    const { followers } = await node.person("alice");
    refused(await bring((await signed(vocab.Follow, { object: new URL(alice.uri) })).body), 401);
    refused(await bring((await signed(vocab.Block, { object: new URL(alice.uri) })).body), 401);
    assert.equal((await node.person("alice")).followers, followers);
  });
}
