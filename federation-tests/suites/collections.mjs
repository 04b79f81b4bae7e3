// Collections of accounts (FEP-7aa9): between two nodes, with a peer that speaks as Mastodon 4.6 does, and with one that lies.
import assert from "node:assert/strict";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const DENIED = 77;
const CONTEXT = ["https://www.w3.org/ns/activitystreams", { FeaturedCollection: "https://w3id.org/fep/7aa9#FeaturedCollection" }];

await run("collections", async (suite) => {
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name)));
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), north.addPerson("anna"), south.addPerson("bob"), south.addPerson("ben")]);
  const mastodon = await rawPeer("one");
  suite.watch(() => mastodon.troubles.join("\n"));
  const policy = (lists) => ({ interactionPolicy: { canFeature: lists } });
  const milly = mastodon.actor("milly", { featuredCollections: mastodon.url("/users/milly/collections"), ...policy({ automaticApproval: [PUBLIC] }) });
  const moe = mastodon.actor("moe");
  const bob = await south.person("bob");
  const ben = await south.person("ben");
  const anna = await north.person("anna");
  const path = (uri) => new URL(uri).pathname;
  const list = (node, who) => node.run("collection", "list", who);
  const find = async (node, who, name) => (await list(node, who)).find((row) => row.name === name);
  const states = (row) => Object.fromEntries((row?.items ?? []).map(({ account, state }) => [account.split("@")[0], state]));
  const sees = (node, who, name, fits) => until(`${node.name} has ${name}`, async () => fits(await find(node, who, name)));

  let cats;
  await suite.test("a collection is made, found by the actor's document, and told to followers", async () => {
    await south.run("account", "edit", "ben", "--who-may-feature", "ask");
    await south.run("account", "edit", "bob", "--who-may-feature", "public");
    await south.follow("bob", (await north.person("alice")).uri);
    await north.seesPerson("alice", ({ followers }) => followers === 1);
    cats = await north.run("collection", "create", "alice", "Cats", "--description", "Only cats", "--language", "en", "--tag", "#cats");
    const actor = await getJson(north.host, path((await north.person("alice")).uri));
    assert.deepEqual((await getJson(north.host, path(actor.featuredCollections))).items, [cats.uri]);
    const document = await getJson(north.host, path(cats.uri));
    assert.equal(document.type, "FeaturedCollection");
    assert.equal(document.attributedTo, actor.id);
    assert.equal(document.topic.name, "#cats");
    assert.deepEqual(document.orderedItems, []);
    await sees(south, actor.id, "Cats", (row) => row?.tag === "cats" && row.language === "en");
  });
  await suite.test("who lets everybody is in it at once, with a proof on their own server", async () => {
    await north.run("collection", "add", "alice", cats.id, bob.uri);
    await sees(north, "alice", "Cats", (row) => states(row).bob === "accepted");
    const { orderedItems: [item] } = await getJson(north.host, path(cats.uri));
    assert.equal(item.featuredObject, bob.uri);
    const proof = await getJson(south.host, path(item.featureAuthorization));
    assert.deepEqual([proof.type, proof.id, proof.interactingObject, proof.interactionTarget], ["FeatureAuthorization", item.featureAuthorization, cats.uri, bob.uri]);
    await until("bob is told", async () => (await south.run("notices", "bob")).some(({ kind }) => kind === "collection"));
    await sees(south, (await north.person("alice")).uri, "Cats", (row) => states(row).bob === "accepted");
  });
  await suite.test("who wants to be asked is asked, answers, and leaves again", async () => {
    await north.run("collection", "add", "alice", cats.id, ben.uri);
    await sees(south, "ben", "Cats", (row) => states(row).ben === "pending");
    assert.equal((await getJson(north.host, path(cats.uri))).totalItems, 1);
    const { id } = await find(south, "ben", "Cats");
    await south.run("collection", "answer", "ben", id, "yes");
    await sees(north, "alice", "Cats", (row) => states(row).ben === "accepted");
    const { orderedItems } = await getJson(north.host, path(cats.uri));
    const proof = orderedItems.find(({ featuredObject }) => featuredObject === ben.uri).featureAuthorization;
    await south.run("collection", "answer", "ben", id, "no");
    await sees(north, "alice", "Cats", (row) => states(row).ben === "revoked");
    assert.equal((await getJson(north.host, path(cats.uri))).totalItems, 1);
    assert.equal((await get(south.host, path(proof))).status, 404);
    await assert.rejects(north.run("collection", "add", "alice", cats.id, ben.uri), ({ code }) => code === DENIED);
  });
  await suite.test("who says nothing is in none: peers without a policy, and people here who do not want it", async () => {
    await assert.rejects(north.run("collection", "add", "alice", cats.id, moe.id), ({ code }) => code === DENIED);
    await north.run("account", "edit", "anna", "--who-may-feature", "nobody");
    await assert.rejects(north.run("collection", "add", "alice", cats.id, "anna"), ({ code }) => code === DENIED);
  });

  // --- a peer as Mastodon 4.6 ---

  const request = async () => JSON.parse((await mastodon.requests.wait("the FeatureRequest", ({ method, body }) => method === "POST" && body.includes('"FeatureRequest"'))).body);
  const theirs = mastodon.url("/ap/1/collections/7");
  const stamps = { ok: mastodon.url("/stamps/1"), wrong: mastodon.url("/stamps/2") };
  const items = () => [
    { id: `${theirs}/items/1`, type: "FeaturedItem", featuredObject: moe.id, featuredObjectType: "Person", featureAuthorization: stamps.ok },
  ];
  let shown = [];
  const serveTheirs = (extra = {}) =>
    mastodon.page("/ap/1/collections/7", {
      "@context": CONTEXT, id: theirs, type: "FeaturedCollection", totalItems: shown.length, name: "Owls", attributedTo: milly.id, url: mastodon.url("/collections/7"),
      sensitive: false, discoverable: true, published: "2026-11-20T10:00:00Z", updated: "2026-11-20T11:00:00Z", summaryMap: { en: "Hoo" }, orderedItems: shown, ...extra,
    });
  await suite.test("it is asked by a FeatureRequest, and its answer names that by the id alone", async () => {
    await north.run("collection", "add", "alice", cats.id, milly.id);
    const asked = await request();
    assert.equal(asked.object, milly.id);
    assert.equal(asked.instrument, cats.uri);
    assert.deepEqual(asked.to, [milly.id]);
    const forged = { "@context": CONTEXT, id: `${moe.id}#accepts/1`, type: "Accept", actor: moe.id, to: asked.actor, object: asked.id, result: stamps.ok };
    await moe.post(north, forged);
    await milly.post(north, { ...forged, id: `${milly.id}#accepts/1`, actor: milly.id, result: "https://elsewhere.example/stamps/1" });
    await north.settles();
    assert.equal(states(await find(north, "alice", "Cats")).milly, "pending");
    await milly.post(north, { ...forged, id: `${milly.id}#accepts/feature_requests/2`, actor: milly.id, result: stamps.ok });
    await sees(north, "alice", "Cats", (row) => states(row).milly === "accepted");
    const added = await mastodon.requests.wait("the Add", ({ body }) => body.includes('"Add"') && body.includes('"FeaturedItem"'));
    const { object, target } = JSON.parse(added.body);
    assert.deepEqual([object.type, object.featuredObject, object.featureAuthorization, target], ["FeaturedItem", milly.id, stamps.ok, cats.uri]);
    await milly.post(north, { "@context": CONTEXT, id: `${milly.id}#deletes/1`, type: "Delete", actor: milly.id, object: { id: stamps.ok, type: "FeatureAuthorization", interactingObject: cats.uri, interactionTarget: milly.id } });
    await sees(north, "alice", "Cats", (row) => states(row).milly === "revoked");
    await mastodon.requests.wait("the Remove", ({ body }) => body.includes('"Remove"') && body.includes(cats.uri));
  });
  await suite.test("its collections are read at their origin, and only those whose consent holds are in them", async () => {
    await north.follow("alice", milly.id);
    const { body } = await mastodon.requests.wait("the Follow", ({ method, body }) => method === "POST" && JSON.parse(body).type === "Follow");
    await milly.post(north, milly.activity("Accept", JSON.parse(body)));
    await until("it is accepted", async () => (await north.run("following", "alice")).some(({ uri, state }) => uri === milly.id && state === "accepted"));
    mastodon.page("/stamps/1", { "@context": CONTEXT, id: stamps.ok, type: "FeatureAuthorization", interactingObject: theirs, interactionTarget: moe.id });
    mastodon.page("/stamps/2", { "@context": CONTEXT, id: stamps.wrong, type: "FeatureAuthorization", interactingObject: `${theirs}0`, interactionTarget: milly.id });
    shown = [...items(), { id: `${theirs}/items/2`, type: "FeaturedItem", featuredObject: milly.id, featureAuthorization: stamps.wrong }, { id: `${theirs}/items/3`, type: "FeaturedItem", featuredObject: anna.uri, featureAuthorization: `${anna.uri}/feature_authorizations/1` }];
    serveTheirs();
    // what the Add itself shows is not believed
    await milly.post(north, { "@context": CONTEXT, type: "Add", actor: milly.id, target: milly.fields.featuredCollections, object: { id: theirs, type: "FeaturedCollection", name: "Forged", attributedTo: milly.id, orderedItems: [] } });
    await sees(north, milly.id, "Owls", (row) => states(row).moe === "accepted");
    const row = await find(north, milly.id, "Owls");
    assert.equal(row.description, "Hoo");
    assert.deepEqual(states(row), { moe: "accepted" });
  });
  await suite.test("it asks one of ours, and is answered; Remove and Update count, of the owner alone", async () => {
    await north.run("account", "edit", "anna", "--who-may-feature", "public");
    const ask = { "@context": CONTEXT, id: `${milly.id}#feature_requests/9`, type: "FeatureRequest", actor: milly.id, object: anna.uri, instrument: theirs };
    await milly.post(north, ask);
    const accept = JSON.parse((await mastodon.requests.wait("the Accept", ({ method, body }) => method === "POST" && body.includes('"Accept"') && body.includes(ask.id))).body);
    assert.deepEqual([accept.type, accept.object, accept.actor], ["Accept", ask.id, anna.uri]);
    const proof = await getJson(north.host, path(accept.result));
    assert.deepEqual([proof.interactingObject, proof.interactionTarget], [theirs, anna.uri]);
    await sees(north, milly.id, "Owls", (row) => states(row).anna === "accepted");
    await moe.post(north, { "@context": CONTEXT, id: `${moe.id}#removes/1`, type: "Remove", actor: moe.id, object: `${theirs}/items/1`, target: theirs });
    await north.settles();
    assert.equal(states(await find(north, milly.id, "Owls")).moe, "accepted");
    await milly.post(north, { "@context": CONTEXT, type: "Remove", actor: milly.id, object: `${theirs}/items/1`, target: theirs });
    await sees(north, milly.id, "Owls", (row) => states(row).moe === undefined);
    shown = [];
    serveTheirs({ name: "Owls and more" });
    await milly.post(north, { "@context": CONTEXT, id: `${theirs}#updates/1`, type: "Update", actor: milly.id, to: [PUBLIC], object: { id: theirs, type: "FeaturedCollection", name: "x", attributedTo: milly.id } });
    await sees(north, milly.id, "Owls and more", (row) => row !== undefined);
    await milly.post(north, { "@context": CONTEXT, type: "Remove", actor: milly.id, object: theirs, target: milly.fields.featuredCollections });
    await until("it is gone", async () => (await list(north, milly.id)).every(({ uri }) => uri !== theirs));
    assert.equal((await get(north.host, path(accept.result))).status, 404);
  });
  await suite.test("a collection that ends is told of, and forgotten", async () => {
    await north.run("collection", "delete", "alice", cats.id);
    await sees(south, (await north.person("alice")).uri, "Cats", (row) => row === undefined);
    assert.equal((await get(north.host, path(cats.uri))).status, 404);
  });
  await suite.test("the nodes' databases are whole", async () => {
    for (const node of [north, south]) await node.check();
  });
  await Promise.all([north.stop(), south.stop(), mastodon.stop()]);
});
