// Who may say that? Well-signed activities about what belongs to others.
import assert from "node:assert/strict";
import { PUBLIC, reply } from "../lib/rawpeer.mjs";
import { accepted, actorDocument, admire, befriend, counts, refused, stage, unharmed, withoutEffect } from "../lib/stage.mjs";
import { until } from "../lib/journal.mjs";
import { run } from "../lib/tap.mjs";

await run("hostile-authority", async (suite) => {
  const on = await stage(suite);
  const { node, alice, post, evil, rogue } = on;
  const mallory = evil.actor("mallory");
  const bob = evil.actor("bob"); // lives on mallory's host and has nothing to do with it
  const victor = rogue.actor("victor"); // on another host
  await befriend(on, bob);
  await befriend(on, victor);
  await admire(on, bob);

  // What was answered does not matter where it may be 202 (peers must not learn what is known here); that nothing changed does.
  const harmless = async (actor, activity, options) => {
    const answer = await actor.post(node, activity, options);
    assert.ok([202, 400, 401, 403].includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
    return answer;
  };
  const addressed = { to: [alice.uri], tag: [{ type: "Mention", href: alice.uri, name: "@alice" }] };

  await suite.test("S-004 an actor that is not who signed is refused", () =>
    withoutEffect(on, async () => {
      for (const actor of [bob.id, victor.id, [mallory.id, bob.id], [bob.id], { id: bob.id, type: "Person" }, alice.uri]) {
        refused(await mallory.post(node, { ...mallory.activity("Like", post.uri), actor }), 401, 400);
      }
      for (const actor of [undefined, null, "", 7, {}, []]) {
        refused(await mallory.post(node, { ...mallory.activity("Like", post.uri), actor }), 401, 400);
      }
    }));

  // --- Update ---

  const bobsNote = bob.note("bobs", addressed);
  accepted(await bob.post(node, bob.activity("Create", bobsNote)));

  await suite.test("S-005 nobody updates another person's profile or key", async () => {
    const forged = { ...bob.document(), name: "Owned", publicKey: { ...bob.document().publicKey, publicKeyPem: mallory.document().publicKey.publicKeyPem } };
    await harmless(mallory, mallory.activity("Update", forged));
    await harmless(victor, victor.activity("Update", forged));
    assert.equal((await node.person(bob.id)).display_name, "bob");
    refused(await bob.post(node, bob.activity("Like", post.uri), { signer: { ...mallory.signer, keyId: bob.keyId } }), 401);
    accepted(await bob.post(node, bob.activity("Like", post.uri)));
  });
  await suite.test("S-005 nobody updates another person's post, whoever is said to have written it", async () => {
    for (const actor of [mallory, victor]) {
      await harmless(actor, actor.activity("Update", { ...bobsNote, content: "<p>owned</p>", updated: new Date().toISOString() }));
      await harmless(actor, actor.activity("Update", { ...bobsNote, attributedTo: actor.id, content: "<p>owned</p>", updated: new Date().toISOString() }));
    }
    await withoutEffect(on, async () => {
      const local = { id: post.uri, type: "Note", attributedTo: alice.uri, content: "<p>owned</p>", updated: new Date().toISOString() };
      await harmless(mallory, mallory.activity("Update", local));
      await harmless(mallory, mallory.activity("Update", { ...local, attributedTo: mallory.id }));
      await harmless(mallory, mallory.activity("Update", { ...(await actorDocument(on)), name: "owned" }));
    });
    assert.match((await node.showPost(bobsNote.id)).text, /bobs/);
  });

  // --- Delete ---

  await suite.test("S-006 nobody deletes what is not his own", () =>
    withoutEffect(on, async () => {
      const targets = [bobsNote.id, bob.id, alice.uri, post.uri, rogue.url("/unknown"), victor.id, node.host.base];
      for (const object of targets.flatMap((id) => [id, { id, type: "Tombstone" }, { id, type: "Note", attributedTo: mallory.id }])) {
        await harmless(mallory, mallory.activity("Delete", object));
      }
      assert.match((await node.showPost(bobsNote.id)).text, /bobs/);
      assert.equal((await node.person(bob.id)).deleted, false);
      assert.equal((await node.person("alice")).deleted, false);
    }));
  await suite.test("S-006 a person who is gone at the origin is deleted, one who is only missing is not", async () => {
    for (const [name, status, gone] of [["left", 410, true], ["lost", 404, false], ["broken", 500, false]]) {
      const leaver = rogue.actor(name);
      await befriend(on, leaver);
      const notes = leaver.note(`of-${name}`, addressed);
      accepted(await leaver.post(node, leaver.activity("Create", notes)));
      // signed with a key that nobody has seen, since the account is gone
      const unseen = { key: mallory.rsa.privateKey, keyId: rogue.url(`/users/${name}-gone#main-key`) };
      rogue.page(`/users/${name}-gone`, (_, response) => response.writeHead(status).end());
      rogue.page(`/users/${name}`, (_, response) => response.writeHead(status).end());
      const farewell = leaver.activity("Delete", leaver.id);
      await harmlessGone(leaver, farewell, { signer: { ...unseen, keyId: `${leaver.id}#new-key` } });
      if (gone) await until(`${name} is deleted`, async () => (await node.person(leaver.id)).deleted);
      else assert.equal((await node.person(leaver.id)).deleted, false);
    }
  });
  async function harmlessGone(actor, activity, options) {
    const answer = await actor.post(node, activity, options);
    assert.ok([202, 401, 503].includes(answer.status), `${answer.status} ${answer.text.slice(0, 200)}`);
  }

  // --- Undo, Accept, Reject, Add, Remove ---

  await suite.test("S-007 nobody undoes what another did", async () => {
    const follower = rogue.actor("follower");
    await befriend(on, follower);
    const did = { Like: follower.activity("Like", post.uri), Announce: follower.activity("Announce", post.uri, { to: [PUBLIC] }), Follow: follower.activity("Follow", alice.uri) };
    for (const activity of Object.values(did)) accepted(await follower.post(node, activity));
    await withoutEffect(on, async () => {
      for (const activity of Object.values(did)) {
        for (const object of [activity, activity.id, { ...activity, id: undefined }, { ...activity, actor: mallory.id }, { ...activity, id: mallory.activity("Like", 1).id }]) {
          await harmless(mallory, mallory.activity("Undo", object));
        }
        await harmless(follower, follower.activity("Undo", follower.activity("Undo", activity)));
      }
    });
  });
  await suite.test("S-008 a third party accepts or rejects no follow, and one that was never sent is not accepted", async () => {
    const quiet = rogue.actor("quiet"); // never answers
    await node.follow("alice", quiet.id);
    const { body } = await rogue.requests.wait("the follow", ({ method, path }) => method === "POST" && path === new URL(quiet.inbox).pathname);
    const follow = JSON.parse(body);
    const before = await counts(on);
    for (const object of [follow, follow.id, { ...follow, object: mallory.id }, { ...follow, id: undefined }]) {
      for (const type of ["Accept", "Reject"]) await harmless(mallory, mallory.activity(type, object));
    }
    const invented = { type: "Follow", id: `${alice.uri}/follows/1`, actor: alice.uri, object: mallory.id };
    for (const object of [invented, { ...invented, id: undefined }, invented.id]) await harmless(mallory, mallory.activity("Accept", object));
    for (const type of ["Add", "Remove"]) {
      await harmless(mallory, mallory.activity(type, mallory.note("pin").id, { target: `${alice.uri}/collections/featured` }));
      await harmless(mallory, mallory.activity(type, post.uri, { target: `${bob.id}/collections/featured` }));
    }
    assert.deepEqual(await counts(on), before);
    accepted(await quiet.post(node, quiet.activity("Accept", follow)));
    await until("the right one is followed", async () => (await counts(on)).following === before.following + 1);
    accepted(await quiet.post(node, quiet.activity("Reject", follow)));
    await until("the follow is over", async () => (await counts(on)).following === before.following);
    await harmless(quiet, quiet.activity("Accept", follow));
    assert.equal((await counts(on)).following, before.following, "accepted after it was rejected");
  });

  // --- ids ---

  const mine = (id, fields = {}) => ({ ...bob.note("template", addressed), id, ...fields });
  const spellings = (url) => {
    const { host, pathname } = new URL(url);
    const scheme = node.host.base.split(":")[0];
    return [url, `${scheme}://${host.toUpperCase()}${pathname}`, `${scheme}://${host}.${pathname}`, `${scheme}://${host}:443${pathname}`, `${scheme}://user@${host}${pathname}`];
  };
  await suite.test("S-009 a peer gives no ids of this node and writes in nobody's name here", () =>
    withoutEffect(on, async () => {
      const free = `${alice.uri}/statuses/1`;
      for (const id of [...spellings(free), ...spellings(post.uri)]) {
        await harmless(bob, bob.activity("Create", mine(id)));
        await harmless(bob, bob.activity("Announce", id, { id }));
      }
      let slug = 0;
      for (const attributedTo of [...spellings(alice.uri), 1, "1", "/users/admin", "alice", null, [], {}, [alice.uri, bob.id], mallory.id, victor.id]) {
        await harmless(bob, bob.activity("Create", mine(evil.url(`/users/bob/notes/claim${slug++}`), { attributedTo })));
      }
      const { posts } = await node.person("alice");
      assert.equal(posts, 1);
      for (let i = 0; i < slug; i++) {
        const claim = await node.knows(evil.url(`/users/bob/notes/claim${i}`)); // bob may be one of several authors
        assert.ok(!claim || claim.author === `bob@${evil.host.authority}`, `claim${i} was stored for ${claim?.author}`);
      }
    }));
  await suite.test("S-010 S-027 an object that lives on another host is not taken from this one", async () => {
    const foreign = { ...victor.note("foreign", addressed), content: "<p>put into his mouth</p>" };
    await harmless(bob, bob.activity("Create", foreign));
    await harmless(bob, bob.activity("Create", { ...foreign, attributedTo: bob.id }));
    await harmless(bob, bob.activity("Announce", foreign, { to: [PUBLIC], cc: [alice.uri] }));
    await node.settles();
    const known = await node.knows(foreign.id);
    assert.ok(!known || !/mouth/.test(known.text), "the forged text was stored");
  });
  await suite.test("S-010 a document that calls itself by another id is not believed", async () => {
    const variants = {
      "other-host": rogue.url("/users/victor/notes/planted"),
      "other-path": evil.url("/users/bob/notes/planted"),
      slashes: evil.url("//lies/slashes"),
      encoded: evil.url("/lies/%65ncoded"),
    };
    for (const [name, id] of Object.entries(variants)) {
      evil.page(`/lies/${name}`, { ...mine(id), content: "<p>planted</p>" });
      await harmless(bob, bob.activity("Announce", evil.url(`/lies/${name}`), { to: [PUBLIC] }));
    }
    await node.settles();
    for (const id of Object.values(variants)) {
      for (const author of [bob.id, victor.id]) {
        const known = await node.knows(id);
        assert.ok(!known, `${id} was stored`);
      }
    }
  });
  await suite.test("S-011 behind a redirect the last host is the authority", async () => {
    const honest = rogue.url("/users/victor/notes/behind");
    victor.note("behind", addressed);
    evil.page("/jump/honest", (_, response) => response.writeHead(302, { Location: honest }).end());
    rogue.page("/claims/evil", { ...mine(evil.url("/users/bob/notes/claimed")), content: "<p>claimed</p>" });
    evil.page("/jump/claimed", (_, response) => response.writeHead(302, { Location: rogue.url("/claims/evil") }).end());
    await harmless(bob, bob.activity("Announce", evil.url("/jump/claimed"), { to: [PUBLIC] }));
    await harmless(bob, bob.activity("Announce", evil.url("/jump/honest"), { to: [PUBLIC] }));
    await node.settles();
    assert.ok(!(await node.knows(evil.url("/users/bob/notes/claimed"))), "the claim was stored");
  });
  await suite.test("S-012 only documents of ActivityPub's types are read as such", async () => {
    const right = ["application/activity+json", "application/activity+json; charset=utf-8", 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', 'APPLICATION/LD+JSON;Profile="https://www.w3.org/ns/activitystreams"'];
    const wrong = ["application/json", "text/html", "text/plain", "application/ld+json", 'application/ld+json; profile="https://example.org/"', "application/octet-stream", "image/png", "application/activity+json-seq", "text/plain; application/activity+json", "", "application/jrd+json"];
    const served = [...right.map((type) => [type, true]), ...wrong.map((type) => [type, false])];
    const notes = served.map(([type, good], i) => {
      const note = victor.note(`type${i}`);
      rogue.page(`/users/victor/notes/type${i}`, (_, response) => {
        if (type === "") response.removeHeader("Content-Type");
        else response.setHeader("Content-Type", type);
        response.end(JSON.stringify(note));
      });
      return { note, type, good };
    });
    for (const { note } of notes) accepted(await bob.post(node, bob.activity("Announce", note.id, { to: [PUBLIC] })));
    await node.settles();
    for (const { note, type, good } of notes) {
      assert.equal(Boolean(await node.knows(note.id)), good, `"${type}"`);
    }
  });
  await suite.test("S-012 an inbox takes nothing else either", () =>
    withoutEffect(on, async () => {
      for (const type of ["application/json", "text/html", "text/plain", "application/ld+json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
        refused(await mallory.post(node, mallory.activity("Like", post.uri), { headers: { "Content-Type": type } }), 400, 415);
      }
    }));

  // --- forwarding ---

  await suite.test("S-020 what is forwarded with a linked-data signature is read at its origin, nowhere else", async () => {
    const real = victor.note("forwarded", { ...addressed, content: "<p>as written</p>", inReplyTo: post.uri });
    const signature = { type: "RsaSignature2017", creator: victor.keyId, created: new Date().toISOString(), signatureValue: "AAAA" };
    const forged = { ...victor.activity("Create", { ...real, content: "<p>as forged</p>" }), signature };
    await harmless(mallory, forged);
    await node.settles();
    const stored = await node.knows(real.id);
    assert.ok(!stored || /as written/.test(stored.text), stored?.text);
    if (stored) assert.ok(rogue.count("/users/victor/notes/forwarded") >= 1);
    for (const trick of [{ "@graph": [forged] }, { "@included": [forged] }, { "@reverse": { object: forged } }, { "@nest": forged }]) {
      await harmless(mallory, { ...mallory.activity("Create", mallory.note("cover")), signature, ...trick });
    }
    for (const type of ["Like", "Follow", "Update", "Delete", "Undo"]) {
      await withoutEffect(on, () => harmless(mallory, { ...victor.activity(type, post.uri), signature }));
    }
  });
  await suite.test("S-028 a post for followers is not boosted by one of them", async () => {
    const secret = await node.post("alice", "For followers only", "--visibility", "followers");
    await harmless(bob, bob.activity("Announce", secret.uri, { to: [PUBLIC] }));
    await node.settles();
    assert.equal((await node.showPost(secret.id)).boosts, 0);
  });

  await unharmed(suite, on);
});
