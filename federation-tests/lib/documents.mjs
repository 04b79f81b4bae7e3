// What a node shows of itself, read by Fedify's typed vocabulary and its clients for WebFinger and NodeInfo.
import assert from "node:assert/strict";
import { get, getJson } from "./wire.mjs";
import { isPrivate } from "./world.mjs";

export async function documents(suite, { node, alice, peer, name }) {
  const { vocab, library } = peer;
  const { base, authority } = node.host;

  await suite.test("the actor document has both keys, and all that Fedify looks for", async () => {
    const actor = await peer.lookup(alice.uri, name);
    assert.ok(actor instanceof vocab.Person);
    assert.equal(String(actor.preferredUsername), "alice");
    assert.equal(actor.outboxId.pathname.split("/").pop(), "outbox");
    assert.ok(actor.followersId && actor.followingId && actor.url);
    assert.equal(actor.endpoints.sharedInbox.href, `${base}/inbox`);
    const key = await actor.getPublicKey();
    assert.equal(key.ownerId.href, alice.uri);
    assert.equal(key.publicKey.algorithm.name, "RSASSA-PKCS1-v1_5");
    assert.equal(key.publicKey.algorithm.modulusLength, 2048);
    const algorithms = [];
    for await (const method of actor.getAssertionMethods()) {
      assert.equal(method.controllerId.href, alice.uri);
      algorithms.push(method.publicKey.algorithm.name);
    }
    assert.ok(algorithms.includes("Ed25519"), `${algorithms}`);
  });
  await suite.test("the node's own actor is an Application, readable unsigned", async () => {
    const json = await getJson(node.host, "/actor");
    const actor = await vocab.Object.fromJsonLd(json, { contextLoader: peer.context.contextLoader, documentLoader: peer.context.documentLoader });
    assert.ok(actor instanceof vocab.Application, actor?.constructor.name);
    assert.ok(await actor.getPublicKey());
  });
  await suite.test("an article is one to Fedify, too", async () => {
    const post = await node.post("alice", "Long words\n\nin two paragraphs", "--title", "On tea");
    const article = await peer.lookup(post.uri, name);
    assert.ok(article instanceof vocab.Article, article?.constructor.name);
    assert.equal(String(article.name), "On tea");
    assert.match(String(article.content), /in two paragraphs/);
    const preview = await article.getPreview();
    assert.ok(preview instanceof vocab.Note, preview?.constructor.name);
    assert.match(String(preview.content), /On tea/);
    await node.run("edit", "alice", post.id, "Other words", "--title", "On coffee");
    const edited = await node.showPost(post.uri);
    assert.deepEqual([edited.type, edited.title, edited.text], ["Article", "On coffee", "Other words"]);
  });
  await suite.test("WebFinger answers by handle and by address, and says what it does not know", async () => {
    const ask = (resource) => get(node.host, `/.well-known/webfinger${resource}`, "application/jrd+json");
    for (const resource of [`acct:${alice.handle}`, alice.uri, alice.url, `acct:ALICE@${authority}`]) {
      const answer = await ask(`?resource=${encodeURIComponent(resource)}`);
      assert.equal(answer.status, 200, resource);
      assert.match(answer.headers["content-type"], /^application\/jrd\+json/);
      assert.equal(answer.headers["access-control-allow-origin"], "*");
      const jrd = JSON.parse(answer.text);
      assert.equal(jrd.subject, `acct:${alice.handle}`);
      const self = jrd.links.find(({ rel }) => rel === "self");
      assert.deepEqual([self.href, self.type], [alice.uri, "application/activity+json"]);
    }
    for (const resource of ["?resource=acct:nobody@" + authority, "?resource=acct:alice@elsewhere.example", `?resource=${base}/users/nobody`]) {
      assert.equal((await ask(resource)).status, 404, resource);
    }
    for (const resource of ["", "?resource=", "?resource=alice", "?resource=acct:", "?other=1"]) {
      assert.equal((await ask(resource)).status, 400, resource);
    }
  });
  await suite.test("NodeInfo is what Fedify's client takes for valid", async () => {
    const read = async () => library.parseNodeInfo(await getJson(node.host, "/nodeinfo/2.1", "application/json"));
    const info = isPrivate ? await library.getNodeInfo(new URL(base)) : await read(); // the client takes no private address
    assert.equal(info?.software.name, "fediflow");
    assert.deepEqual(info.protocols, ["activitypub"]);
    const index = await getJson(node.host, "/.well-known/nodeinfo", "application/json");
    const schemas = index.links.filter(({ rel }) => rel.startsWith("http://nodeinfo.diaspora.software/ns/schema/"));
    assert.deepEqual(schemas.map(({ rel }) => rel.split("/").pop()).sort(), ["2.0", "2.1"]);
    for (const { href } of schemas) {
      const document = await getJson(node.host, new URL(href).pathname, "application/json");
      assert.ok(document.usage.users.total >= 1);
    }
  });
  await suite.test("host-meta points to WebFinger", async () => {
    const answer = await get(node.host, "/.well-known/host-meta", "application/xrd+xml");
    assert.equal(answer.status, 200);
    assert.ok(answer.text.includes(`${base}/.well-known/webfinger?resource={uri}`), answer.text);
  });
  await suite.test("the outbox can be walked page by page, newest first", async () => {
    const posts = [];
    for (let i = 0; i < 45; i++) posts.unshift((await node.post("alice", `Number ${i}`)).uri);
    const actor = await peer.lookup(alice.uri, name);
    const outbox = await actor.getOutbox({ documentLoader: await peer.context.getDocumentLoader({ identifier: name }) });
    const walked = [];
    for await (const activity of peer.context.traverseCollection(outbox)) walked.push(activity.objectId.href);
    assert.deepEqual(walked.slice(0, posts.length), posts);
    assert.ok(outbox.totalItems >= posts.length);
  }, 60_000);
  await suite.test("followers, following, featured and a post's collections are collections", async () => {
    const [post] = await node.run("posts", "alice");
    const paths = [`${alice.uri}/followers`, `${alice.uri}/following`, `${alice.uri}/collections/featured`, ...["replies", "likes", "shares"].map((part) => `${post.uri}/${part}`)];
    for (const url of paths) {
      const collection = await peer.lookup(url, name);
      assert.ok(collection instanceof vocab.Collection, `${url}: ${collection?.constructor.name}`);
    }
  });
}
