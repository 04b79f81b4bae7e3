// Relays of both styles: a FediFlow node is one, FediFlow, Fedify and raw peers subscribe; and a raw peer is one that lies.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { digest } from "../lib/sign.mjs";
import { run } from "../lib/tap.mjs";
import { digestIn, paramsIn } from "../lib/verify.mjs";

await run("relays", async (suite) => {
  const [north, south, east, fedify, evil, rogue] = await Promise.all([
    fediflow("north", { settings: { relay: { serve: "on" } } }),
    fediflow("south"),
    fediflow("east"),
    fedifyPeer(2, "fedify2"),
    rawPeer("evil"),
    rawPeer("rogue"),
  ]);
  const nodes = [north, south, east];
  for (const node of nodes) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  suite.watch(() => fedify.troubles());
  await Promise.all([north.addPerson("nora"), south.addPerson("saul"), east.addPerson("edda")]);
  const relay = `${north.host.base}/relay`;
  const raw = evil.actor("instance", { type: "Application" });

  const state = async (node) => (await node.run("relay", "list"))[0]?.state;
  const subscribers = async () => (await north.run("relay", "subscribers")).map(({ host, style }) => `${host} ${style}`).sort();

  await suite.test("nodes subscribe in Mastodon's style and in LitePub's", async () => {
    const { inbox, style } = await south.run("relay", "add", `${relay}/inbox`);
    assert.deepEqual([inbox, style], [`${relay}/inbox`, "mastodon"]);
    await east.run("relay", "add", relay);
    await until("both are accepted", async () => (await state(south)) === "accepted" && (await state(east)) === "accepted");
    assert.deepEqual(await subscribers(), [`${east.host.authority} litepub`, `${south.host.authority} mastodon`].sort());
    await assert.rejects(south.run("relay", "add", `${relay}/inbox`));
    await assert.rejects(south.run("relay", "add", `${south.host.base}/relay/inbox`), ({ code }) => code === 2);
  });
  await suite.test("a raw peer and Fedify subscribe, too", async () => {
    await raw.post(north, raw.activity("Follow", PUBLIC), { path: "/relay/inbox" });
    const accepted = await evil.requests.wait("the Accept", ({ path, body }) => path === "/users/instance/inbox" && /"Accept"/.test(body));
    const accept = JSON.parse(accepted.body);
    assert.equal(accept.actor, relay);
    assert.equal(accept.object.object, PUBLIC);
    await fedify.addPerson("hub");
    const { Follow } = fedify.vocab;
    const actor = await fedify.lookup(relay, "hub");
    assert.equal(actor.constructor.name, "Application");
    await fedify.send("hub", actor, Follow, { object: new URL(relay) });
    await fedify.activities.wait("its Accept", ({ type, actor: by }) => type === "Accept" && by === relay);
    await fedify.activities.wait("it is followed back", ({ type, actor: by }) => type === "Follow" && by === relay);
    await until("four have subscribed", async () => (await subscribers()).length === 4);
  });
  await suite.test("a public post of one reaches all others, though nobody follows anybody", async () => {
    const post = await south.post("saul", "A greeting to the region");
    await east.seesPost(post.uri, ({ text }) => /greeting/.test(text));
    await fedify.activities.wait("Fedify is told", ({ type, object, actor }) => type === "Announce" && object === post.uri && actor === relay);
    const passed = await evil.requests.wait("the raw peer has the bytes", ({ body }) => body.includes(post.uri));
    const { headers, body } = passed;
    assert.equal(JSON.parse(body).type, "Create");
    assert.equal(JSON.parse(body).actor, (await south.person("saul")).uri);
    assert.match(paramsIn(headers), new RegExp(`key[Ii]d="${relay}#`));
    assert.equal(digestIn(headers), digest(body));
    // what was announced is no boost, and nothing comes back
    assert.equal((await east.showPost(post.uri)).boosts, 0);
    await north.settles();
    assert.equal(south.inbound.filter(({ path, method }) => method === "POST" && path.startsWith("/inbox")).length, 0);
  });
  await suite.test("what a LitePub subscriber announces reaches those of Mastodon's style", async () => {
    const post = await east.post("edda", "From the other side");
    await south.seesPost(post.uri, ({ text }) => /other side/.test(text));
    await fedify.activities.wait("Fedify is told", ({ type, object }) => type === "Announce" && object === post.uri);
  });
  await suite.test("what a raw peer's people write goes on unchanged, once", async () => {
    const mara = evil.actor("mara");
    const note = mara.note("one");
    const body = JSON.stringify({ ...mara.activity("Create", note), to: note.to, cc: note.cc }, null, 2);
    for (let i = 0; i < 2; i++) assert.equal((await mara.post(north, body, { path: "/relay/inbox" })).status, 202);
    await Promise.all([south, east].map((node) => node.seesPost(note.id)));
    await north.settles();
    assert.equal(south.inbound.filter(({ headers }) => digestIn(headers) === digest(body)).length, 1);
    assert.equal(evil.requests.filter((r) => r.method === "POST" && r.body === body).length, 0);
  });
  await suite.test("nothing but public posts leaves by a relay", async () => {
    const before = evil.requests.entries.length;
    for (const visibility of ["unlisted", "followers", "direct", "local"]) await south.post("saul", `hidden ${visibility}`, "--visibility", visibility);
    const last = await south.post("saul", "seen again");
    await east.seesPost(last.uri);
    await evil.requests.wait("it is there, too", ({ body }) => body.includes(last.uri));
    assert.equal(evil.requests.entries.slice(before).filter(({ body }) => /hidden/.test(body)).length, 0);
  });

  // --- a relay that lies ---

  await suite.test("a relay that lies is not believed", async () => {
    const liar = rogue.actor("relay", { type: "Application" });
    rogue.page("/inbox", (_, response) => response.writeHead(202).end());
    await south.run("relay", "add", rogue.url("/inbox"));
    const asked = await rogue.requests.wait("the Follow", ({ path }) => path === "/inbox");
    const follow = JSON.parse(asked.body);
    assert.equal(follow.object, PUBLIC);
    await liar.post(south, liar.activity("Accept", follow));
    await until("it is accepted", async () => (await south.run("relay", "list")).every(({ state }) => state === "accepted"));
    const truth = await east.post("edda", "What I said", "--visibility", "unlisted");
    const edda = await east.person("edda");
    const forged = {
      "@context": "https://www.w3.org/ns/activitystreams",
      id: `${truth.uri}/activity`,
      type: "Create",
      actor: edda.uri,
      to: [PUBLIC],
      object: { id: truth.uri, type: "Note", attributedTo: edda.uri, content: "What I never said", to: [PUBLIC] },
    };
    assert.equal((await liar.post(south, forged)).status, 202);
    await south.seesPost(truth.uri, ({ text }) => /What I said/.test(text));
    // what was never written is not made by saying so; nor edited, nor deleted
    const invented = { ...forged, id: `${edda.uri}/statuses/7/activity`, object: { ...forged.object, id: `${edda.uri}/statuses/7` } };
    await liar.post(south, invented);
    await liar.post(south, { ...forged, id: `${truth.uri}#u`, type: "Update" });
    await liar.post(south, { ...forged, id: `${truth.uri}#d`, type: "Delete", object: truth.uri }); // is looked after: it is there
    await south.settles();
    assert.equal(await south.knows(`${edda.uri}/statuses/7`), null);
    assert.match((await south.showPost(truth.uri)).text, /What I said/);
  }, 60_000);

  // --- ends ---

  await suite.test("a subscription ends on both sides", async () => {
    await south.run("relay", "remove", `${relay}/inbox`);
    await east.run("relay", "remove", relay);
    await raw.post(north, raw.activity("Undo", { ...raw.activity("Follow", PUBLIC), id: evil.url("/unknown") }), { path: "/relay/inbox" });
    await until("only Fedify is left", async () => (await subscribers()).length === 1);
    const post = await south.post("saul", "To nobody");
    await south.settles();
    assert.equal(await east.knows(post.uri), null);
    await assert.rejects(south.run("relay", "remove", `${relay}/inbox`), ({ code }) => code === 3);
  });
  for (const node of nodes) {
    await suite.test(`the database of ${node.name} is whole`, async () => {
      await node.check();
      assert.equal((await node.stop()).code, 0);
      await node.check();
    });
  }
});
