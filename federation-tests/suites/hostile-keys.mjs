// Keys as a weapon: key ids that lead astray, hosts that make us fetch, keys that change.
import assert from "node:assert/strict";
import { newRsa, rawPeer, reply } from "../lib/rawpeer.mjs";
import { accepted, refused, stage, unharmed, withoutEffect } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { isPrivate } from "../lib/world.mjs";

await run("hostile-keys", async (suite) => {
  const on = await stage(suite, { federation: { key_refetch: "5 min" } });
  const { node, post, evil, rogue } = on;
  const mallory = evil.actor("mallory");
  const like = (actor) => actor.activity("Like", post.uri);

  await suite.test("S-013 a key id that is no address of the web is refused", () =>
    withoutEffect(on, async () => {
      const attempt = (keyId) => mallory.post(node, like(mallory), { signer: { key: mallory.rsa.privateKey, keyId } });
      for (const keyId of ["file:///etc/passwd", "data:text/plain,x", "acct:a@b", "javascript:1", "", "key"]) refused(await attempt(keyId), 401, 400);
      refused(await attempt(`${evil.host.base}/${"k".repeat(4096)}`), 401, 400);
      const { status } = await attempt(`${evil.host.base}/${"k".repeat(64 * 1024)}`);
      assert.ok([400, 413, 431].includes(status), `${status}`); // beyond what a header may have
    }));
  await suite.test("S-013 a key whose owner does not name it is not used", () =>
    withoutEffect(on, async () => {
      const victim = rogue.actor("victim");
      const keyId = evil.url("/keys/loose");
      evil.page("/keys/loose", { "@context": "https://w3id.org/security/v1", id: keyId, type: "Key", owner: victim.id, publicKeyPem: mallory.document().publicKey.publicKeyPem });
      refused(await victim.post(node, like(victim), { signer: { key: mallory.rsa.privateKey, keyId } }), 401);
    }));
  await suite.test("S-013 S-017 a document with another id than the one asked for gives no key", () =>
    withoutEffect(on, async () => {
      const impostor = evil.actor("impostor");
      evil.page("/users/impostor", (_, response) => reply(response, mallory.document()));
      refused(await impostor.post(node, like(impostor)), 401);
      evil.page("/users/twisted", { ...mallory.document(), id: evil.url("/users/twisted"), publicKey: { ...mallory.document().publicKey, owner: rogue.url("/users/x") } });
      refused(await mallory.post(node, { ...like(mallory), actor: evil.url("/users/twisted") }, { signer: { key: mallory.rsa.privateKey, keyId: evil.url("/users/twisted#main-key") } }), 401);
    }));

  await suite.test("S-034 a key id that parsers read differently is refused, and nobody is asked", () =>
    withoutEffect(on, async () => {
      const { host: ours } = new URL(rogue.host.base);
      const scheme = rogue.host.base.split(":")[0];
      const path = "/users/mallory#main-key";
      const before = rogue.requests.entries.length;
      const odd = ["@HOST", "user@HOST", "HOST\\@other.example", "other.example\\@HOST", "/HOST", "HOST%00", "H%4fST", "HOST..", ".HOST", "HOST:0", "HOST:99999", "HOST:x", "[HOST]", " HOST", "HOST ", "HOST\t"];
      for (const form of odd.map((text) => text.replace("HOST", ours))) {
        const keyId = `${scheme}://${form}${path}`;
        refused(await mallory.post(node, like(mallory), { signer: { key: mallory.rsa.privateKey, keyId } }), 400, 401, 503);
      }
      for (const keyId of [`${scheme}:/${ours}${path}`, `${scheme}:${ours}${path}`, `//${ours}${path}`, `ftp://${ours}${path}`, `wss://${ours}${path}`]) {
        refused(await mallory.post(node, like(mallory), { signer: { key: mallory.rsa.privateKey, keyId } }), 400, 401);
      }
      assert.equal(rogue.requests.entries.length, before, `asked for ${rogue.requests.entries.slice(before).map((r) => r.path)}`);
    }));

  await suite.test("S-016 a thousand made-up key ids on one host cost a bounded number of fetches", async () => {
    const amplifier = await rawPeer("victim");
    const attempts = Array.from({ length: 1000 }, (_, i) => i);
    const lane = async () => {
      for (let i = attempts.pop(); i !== undefined; i = attempts.pop()) {
        const keyId = amplifier.url(`/users/nobody${i}#main-key`);
        const answer = await mallory.post(node, like(mallory), { signer: { key: mallory.rsa.privateKey, keyId } });
        assert.ok([401, 429, 503].includes(answer.status), `${answer.status}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    const fetches = amplifier.requests.entries.length;
    suite.note(`1000 made-up key ids: ${fetches} fetches`);
    assert.ok(fetches <= 320, `${fetches} fetches`);
    await amplifier.stop();
  }, 60_000);
  await suite.test("S-016 a key that was not there is not asked for again at once", async () => {
    const keyId = rogue.url("/users/nobody#main-key");
    for (let i = 0; i < 5; i++) {
      refused(await mallory.post(node, like(mallory), { signer: { key: mallory.rsa.privateKey, keyId } }), 401, 503);
    }
    assert.equal(rogue.count("/users/nobody"), 1);
  });
  await suite.test("S-016 many requests with one unknown key lead to one fetch", async () => {
    const crowd = rogue.actor("crowd");
    let release;
    const gate = new Promise((resolve) => (release = resolve));
    rogue.page("/users/crowd", (_, response) => gate.then(() => reply(response, crowd.document())));
    const posts = Array.from({ length: 10 }, () => crowd.post(node, like(crowd)));
    await rogue.requests.wait("the fetch of the key", ({ path }) => path === "/users/crowd");
    release();
    for (const answer of await Promise.all(posts)) accepted(answer);
    assert.equal(rogue.count("/users/crowd"), 1);
  });
  await suite.test("the key of a host that cannot be reached now is 503, not 401", async () => {
    rogue.page("/users/ill", (_, response) => response.writeHead(500).end());
    const ill = { key: mallory.rsa.privateKey, keyId: rogue.url("/users/ill#main-key") };
    refused(await mallory.post(node, like(mallory), { signer: ill }), 503);
    rogue.page("/users/hangup", (request) => request.socket.destroy());
    const hangup = { key: mallory.rsa.privateKey, keyId: rogue.url("/users/hangup#main-key") };
    refused(await mallory.post(node, like(mallory), { signer: hangup }), 503);
  });

  await suite.test("S-017 a hundred bad signatures make the key be fetched at most once more", async () => {
    const steady = evil.actor("steady");
    accepted(await steady.post(node, like(steady)));
    const wrong = { key: newRsa().privateKey, keyId: steady.keyId };
    for (let i = 0; i < 100; i++) refused(await steady.post(node, like(steady), { signer: wrong }), 401, 429);
    assert.ok(evil.count("/users/steady") <= 2, `${evil.count("/users/steady")} fetches`);
    accepted(await steady.post(node, like(steady)));
  });

  await suite.test("S-017 reading with a bad signature does not use up the fetch that a changed key needs", async () => {
    const changer = evil.actor("changer");
    accepted(await changer.post(node, like(changer)));
    const wrong = { key: newRsa().privateKey, keyId: changer.keyId };
    for (let i = 0; i < 3; i++) await changer.get(node, on.actorPath, { signer: wrong });
    assert.equal(evil.count("/users/changer"), 1);
    changer.rsa = newRsa();
    accepted(await changer.post(node, like(changer)));
  });

  await suite.test("S-036 a host that is blocked stays so however it is written", async () => {
    accepted(await mallory.post(node, like(mallory)));
    await node.run("peer", "block", evil.host.authority);
    const { host: name } = new URL(evil.host.base);
    const scheme = evil.host.base.split(":")[0];
    const forms = isPrivate ? [name, name.toUpperCase(), `${name}.`, `${name}:443`, `sub.${name}`, `${name.toUpperCase()}.:443`] : [name];
    for (const form of forms) {
      const signer = { key: mallory.rsa.privateKey, keyId: `${scheme}://${form}/users/mallory#main-key` };
      const answer = await mallory.post(node, { ...like(mallory), actor: `${scheme}://${form}/users/mallory` }, { signer });
      refused(answer, 400, 401, 403);
    }
    await node.run("peer", "forget", evil.host.authority);
    accepted(await mallory.post(node, like(mallory)));
  });

  await unharmed(suite, on);

});
