// Servers that give nothing to strangers: authorized fetch on both sides; and a Fedify 2 that knocks with draft-cavage first.
import assert from "node:assert/strict";
import { fedifyPeer } from "../lib/fedify.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

await run("fedify-strict", async (suite) => {
  const node = await fediflow("north", { settings: { federation: { access: "authorized" } } });
  const strict = await fedifyPeer(2, "strict", { authorized: true, firstKnock: "draft-cavage-http-signatures-12" });
  const open = await fedifyPeer(2, "fedify2");
  suite.watch(() => node.troubles());
  suite.watch(() => strict.troubles());
  await node.addPerson("alice");
  const alice = await node.person("alice");
  await strict.addPerson("stella");
  await open.addPerson("tina");
  const { vocab } = strict;

  await suite.test("strangers get no documents, but the node's own actor", async () => {
    const post = await node.post("alice", "Not for everybody's eyes");
    for (const url of [alice.uri, post.uri, `${alice.uri}/outbox`]) {
      assert.equal((await get(node.host, new URL(url).pathname)).status, 401, url);
    }
    assert.equal((await get(node.host, "/actor")).status, 200);
    assert.equal((await get(strict.host, "/users/stella")).status, 401);
  });
  await suite.test("the two strict servers read each other's people", async () => {
    const target = await strict.lookup(alice.uri, "stella");
    assert.equal(target?.id?.href, alice.uri);
    const found = await node.run("fetch", strict.uri("stella").href);
    assert.ok(JSON.stringify(found).includes("stella"));
  });
  await suite.test("they follow each other and exchange posts, with draft-cavage signatures from the peer", async () => {
    const target = await strict.lookup(alice.uri, "stella");
    await strict.send("stella", target, vocab.Follow, { object: target.id });
    await strict.activities.wait("the Accept", ({ type }) => type === "Accept");
    await node.follow("alice", strict.uri("stella").href);
    await node.seesPerson("alice", ({ following }) => following === 1);
    const post = await node.post("alice", "For those who follow");
    await strict.activities.wait("the post", ({ type, object }) => type === "Create" && object === post.uri);
    const note = strict.addPost("stella", "back", { content: "<p>And back</p>" });
    await strict.send("stella", target, vocab.Create, { object: note, to: note.toId });
    await node.seesPost(note.id.href);
    const signed = node.inbound.filter(({ method }) => method === "POST");
    assert.ok(signed.length > 0 && signed.every(({ headers }) => !headers["signature-input"]));
  });
  await suite.test("a post for followers is for them alone", async () => {
    const post = await node.post("alice", "Among ourselves", "--visibility", "followers");
    await strict.activities.wait("the post", ({ type, object }) => type === "Create" && object === post.uri);
    assert.ok(await strict.lookup(post.uri, "stella"), "a follower cannot read it");
    assert.equal(await open.lookup(post.uri, "tina"), null, "a stranger can read it");
  });
  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
