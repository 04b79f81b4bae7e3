// How a node signs, checked by hand: it learns what a host takes, falls back when it is refused, and changes its keys.
import assert from "node:assert/strict";
import { rawPeer, rfc9421 } from "../lib/rawpeer.mjs";
import { accepted, actorDocument, befriend, refused, stage } from "../lib/stage.mjs";
import { until } from "../lib/journal.mjs";
import { run } from "../lib/tap.mjs";
import { keysOf, verify } from "../lib/verify.mjs";
import { getJson } from "../lib/wire.mjs";

await run("schemes", async (suite) => {
  const on = await stage(suite, { federation: { key_refetch: "0 s" } });
  const { node, alice, post, evil, rogue } = on;
  const posted = (peer, text) => peer.requests.wait("the delivery", ({ method, body }) => method === "POST" && body.includes(text));

  const publish = async (text) => (await node.post("alice", text)).uri;
  const signedAs = async (peer, text) => {
    const keys = keysOf(await actorDocument(on));
    const request = await posted(peer, await publish(text));
    return verify(request, (id) => keys.get(id) ?? assert.fail(`the key ${id} is not in the actor document`), peer.host.base);
  };

  await suite.test("documents are asked for with a signature of the node's own actor", async () => {
    const actor = evil.actor("asked");
    await befriend(on, actor);
    const keys = keysOf(await getJson(node.host, "/actor"));
    const request = evil.requests.find(({ method, path }) => method === "GET" && path === "/users/asked");
    assert.equal(verify(request, (id) => keys.get(id), evil.host.base).scheme, "cavage");
  });
  await suite.test("a host that nothing is known of gets draft-cavage with RSA", async () => {
    const { scheme, kind } = await signedAs(evil, "First");
    assert.deepEqual([scheme, kind], ["cavage", "rsa"]);
  });
  await suite.test("a host that signed by RFC 9421 gets RFC 9421", async () => {
    const actor = evil.actor("modern");
    accepted(await actor.post(node, actor.activity("Like", post.uri), { scheme: rfc9421 }));
    const { scheme, kind } = await signedAs(evil, "Second");
    assert.deepEqual([scheme, kind], ["rfc9421", "rsa"]);
  });
  await suite.test("a host that signed with Ed25519 gets Ed25519", async () => {
    const victim = await rawPeer("victim");
    const actor = victim.actor("advanced");
    accepted(await actor.post(node, actor.activity("Like", post.uri), { scheme: rfc9421, signer: actor.edSigner }));
    await befriend(on, actor);
    const { scheme, kind } = await signedAs(victim, "Third");
    assert.deepEqual([scheme, kind], ["rfc9421", "ed25519"]);
  });
  await suite.test("a host that refuses one scheme gets the other, and the post all the same", async () => {
    const keys = keysOf(await actorDocument(on));
    const seen = [];
    for (const [name, takes] of [["old", "cavage"], ["new", "rfc9421"]]) {
      const actor = rogue.actor(name);
      const path = new URL(actor.inbox).pathname;
      if (name === "new") accepted(await actor.post(node, actor.activity("Like", post.uri)));
      else accepted(await actor.post(node, actor.activity("Like", post.uri), { scheme: rfc9421 }));
      await befriend(on, actor);
      rogue.page(path, (request, response, body) => {
        const used = verify({ method: "POST", path, headers: request.headers, body: body.toString() }, (id) => keys.get(id), rogue.host.base);
        seen.push({ name, scheme: used.scheme, text: body.toString() });
        response.writeHead(used.scheme === takes ? 202 : 401).end();
      });
      const uri = await publish(`For ${name}`);
      await until("it came in the scheme that is taken", () => seen.some(({ scheme, text }) => scheme === takes && text.includes(uri)));
      rogue.page(path, (_, response) => response.writeHead(202).end());
    }
    suite.note(seen.map(({ name, scheme }) => `${name}: ${scheme}`).join(", "));
  });

  // --- keys change ---

  await suite.test("S-017 a peer that changed its key is understood at once", async () => {
    const changer = evil.actor("changer");
    accepted(await changer.post(node, changer.activity("Like", post.uri)));
    const before = changer.rsa;
    changer.rsa = evil.actor("donor").rsa;
    accepted(await changer.post(node, changer.activity("Like", post.uri)));
    refused(await changer.post(node, changer.activity("Like", post.uri), { signer: { key: before.privateKey, keyId: changer.keyId } }), 401);
  });
  await suite.test("S-017 a peer that changes its key with overlap is understood by both", async () => {
    const two = evil.actor("two");
    accepted(await two.post(node, two.activity("Like", post.uri)));
    const old = two.document().publicKey;
    const fresh = evil.actor("donor2").rsa;
    const freshId = `${two.id}#key-2`;
    const pem = fresh.publicKey.export({ type: "spki", format: "pem" });
    two.fields = { publicKey: [{ id: freshId, owner: two.id, publicKeyPem: pem }, old] };
    accepted(await two.post(node, two.activity("Like", post.uri), { signer: { key: fresh.privateKey, keyId: freshId } }));
    accepted(await two.post(node, two.activity("Like", post.uri)));
  });
  await suite.test("the node changes its keys: new ones sign at once, the old Ed25519 key stays readable for a while", async () => {
    const before = await actorDocument(on);
    await node.run("account", "keys", "rotate", "alice");
    const after = await actorDocument(on);
    const [old, fresh] = [keysOf(before), keysOf(after)];
    const added = [...fresh.keys()].filter((id) => !old.has(id));
    assert.ok(added.length >= 2, `new keys: ${added}`);
    const request = await posted(evil, await publish("Signed anew"));
    const { keyId } = verify(request, (id) => fresh.get(id), evil.host.base);
    assert.ok(added.includes(keyId), `${keyId} is not one of ${added}`);
    // publicKey can have one RSA key only; Ed25519 keys are a list
    for (const [id, key] of old) assert.ok(fresh.has(id) || key.asymmetricKeyType === "rsa", `${id} vanished at once`);
  });
  await suite.test("peers are told of new keys by an Update", async () => {
    const [{ body }] = await evil.requests.waitCount("the Update", 1, ({ method, body }) => method === "POST" && JSON.parse(body).type === "Update" && JSON.parse(body).object?.type === "Person");
    assert.equal(JSON.parse(body).object.id, alice.uri);
  });

  await suite.test("the node's database is whole", () => node.check());
  await node.stop();
});
