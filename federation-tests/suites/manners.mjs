// Delivery manners: followers that two hosts count differently, answers that are passed on, documents that are not sent twice.
// One node is restored from an old backup, one peer lies.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { cavage, newRsa, PUBLIC, rawPeer, reply } from "../lib/rawpeer.mjs";
import { digest, makeRequest, setHeader } from "../lib/sign.mjs";
import { run } from "../lib/tap.mjs";
import { digestIn, paramsIn } from "../lib/verify.mjs";
import { send } from "../lib/wire.mjs";

const HEADER = "Collection-Synchronization";

// FEP-8fcf: the XOR of the SHA-256 digests of the ids.
function digestOf(ids) {
  const sum = Buffer.alloc(32);
  for (const id of ids) crypto.createHash("sha256").update(id).digest().forEach((byte, i) => (sum[i] ^= byte));
  return sum.toString("hex");
}

await run("manners", async (suite) => {
  const [north, south, east, evil] = await Promise.all([fediflow("north"), fediflow("south", { settings: { federation: { key_refetch: "0 s" } } }), fediflow("east"), rawPeer("evil")]);
  for (const node of [north, south, east]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("nora"), south.addPerson("saul"), south.addPerson("sven"), south.addPerson("stella"), east.addPerson("edda")]);
  const nora = await north.person("nora");
  const people = Object.fromEntries(await Promise.all(["saul", "sven", "stella"].map(async (name) => [name, await south.person(name)])));

  const following = async (node, name) => (await node.run("following", name)).filter(({ state }) => state === "accepted").length;
  const follows = async (node, name) => {
    await node.follow(name, nora.uri);
    await until(`${name} follows`, async () => (await following(node, name)) === 1);
  };
  const narrow = (text) => north.post("nora", text, "--visibility", "followers");
  const followersOfNora = (count) => north.seesPerson("nora", ({ followers }) => followers === count);

  // --- followers synchronisation ---

  await suite.test("a post for followers carries the digest of the followers there, and its signature covers it", async () => {
    await Promise.all([follows(south, "saul"), follows(south, "sven"), follows(east, "edda")]);
    await followersOfNora(3);
    const { uri } = await narrow("For friends");
    await Promise.all([south, east].map((node) => node.seesPost(uri)));
    for (const [node, ids] of [[south, [people.saul.uri, people.sven.uri]], [east, [(await east.person("edda")).uri]]]) {
      const { headers } = node.inbound.filter(({ method }) => method === "POST").at(-1);
      const value = headers[HEADER.toLowerCase()];
      assert.ok(value?.includes(`digest="${digestOf(ids)}"`), value);
      assert.ok(value.includes(`collectionId="${nora.uri}/followers"`), value);
      assert.match(paramsIn(headers), /collection-synchronization/);
    }
    await until("nobody asks", async () => (await south.queue()).length === 0);
    assert.equal(north.inbound.filter(({ path }) => path.includes("followers_synchronization")).length, 0);
  });

  await suite.test("a node that was restored from an old backup is put right by the next post for followers", async () => {
    const backup = join(south.folder, "backup");
    await south.run("backup", backup);
    // what the backup does not know: sven follows no more, stella does
    await south.run("unfollow", "sven", nora.uri);
    await follows(south, "stella");
    await followersOfNora(3);
    await south.stop();
    rmSync(join(south.folder, "data"), { recursive: true });
    await south.run("restore", backup);
    await south.start();
    assert.equal(await following(south, "sven"), 1);
    assert.equal(await following(south, "stella"), 0);
    const { uri } = await narrow("After the restoration");
    await south.seesPost(uri);
    await until("sven's follow ends", async () => (await following(south, "sven")) === 0);
    // stella is taken back at nora's host
    await followersOfNora(2);
    assert.equal(await following(south, "saul"), 1);
    await until("the queues are empty", async () => (await south.queue()).length === 0 && (await north.queue()).length === 0);
    // both agree now: one more post, no more questions
    const asked = north.inbound.filter(({ path }) => path.includes("followers_synchronization")).length;
    assert.equal(asked, 1);
    const next = await narrow("In step again");
    await south.seesPost(next.uri);
    await south.settles();
    assert.equal(north.inbound.filter(({ path }) => path.includes("followers_synchronization")).length, asked);
  }, 60_000);

  await suite.test("the partial collection is for its host alone", async () => {
    const mallory = evil.actor("mallory");
    const path = new URL(`${nora.uri}/followers_synchronization`).pathname;
    const seen = await mallory.get(north, path);
    assert.equal(seen.status, 200);
    assert.deepEqual(JSON.parse(seen.text ?? seen.body).orderedItems, []);
    const unsigned = await send(north.host, makeRequest({ method: "GET", base: north.host.base, path, headers: { Accept: "application/activity+json" } }));
    assert.equal(unsigned.status, 401);
  });

  await suite.test("a peer that lies about followers changes nothing of what is not its own", async () => {
    const mallory = evil.actor("liar");
    await south.follow("saul", mallory.id);
    const { body } = await evil.requests.wait("the follow", ({ path }) => path === "/users/liar/inbox");
    await mallory.post(south, mallory.activity("Accept", JSON.parse(body)));
    await until("saul follows the liar", async () => (await following(south, "saul")) === 2);
    const list = evil.url("/users/liar/list");
    evil.page("/users/liar/list", { "@context": "https://www.w3.org/ns/activitystreams", id: list, type: "Collection", items: [] });
    const tell = async (values, covered) => {
      const said = { collectionId: `${mallory.id}/followers`, url: list, digest: digestOf([]), ...values };
      const value = Object.entries(said).map(([name, text]) => `${name}="${text}"`).join(", ");
      const note = mallory.note(crypto.randomUUID());
      const request = makeRequest({ base: south.host.base, path: "/inbox", body: JSON.stringify(mallory.activity("Create", note)) });
      setHeader(request, HEADER, value);
      cavage(request, { ...mallory.signer, ...(covered && { covered: ["(request-target)", "host", "date", "digest", "collection-synchronization"] }) });
      assert.equal((await send(south.host, request)).status, 202);
      await south.settles();
    };
    await tell({}, false); // not signed
    await tell({ collectionId: `${nora.uri}/followers` }, true); // another's followers
    await tell({ url: `${nora.uri}/followers_synchronization` }, true); // another's list
    await tell({ digest: digestOf(["x"]) }, true); // what the list does not say
    assert.equal(await following(south, "saul"), 2);
  }, 60_000);

  // --- inbox forwarding ---

  await suite.test("an answer that addresses the author's followers is passed on to them, byte for byte and once", async () => {
    const olga = evil.actor("olga"); // answers
    const fred = evil.actor("fred"); // on the same host: has it already
    await fred.post(north, fred.activity("Follow", nora.uri));
    await evil.requests.wait("fred is accepted", ({ path }) => path === "/users/fred/inbox");
    const question = await north.post("nora", "Who knows?");
    await Promise.all([south, east].map((node) => node.seesPost(question.uri)));
    const note = olga.note("answer", { inReplyTo: question.uri, cc: [`${nora.uri}/followers`, nora.uri] });
    const create = { ...olga.activity("Create", note), to: note.to, cc: note.cc };
    const body = JSON.stringify(create, null, 3);
    south.inbound.clear();
    assert.equal((await olga.post(north, body)).status, 202);
    assert.equal((await olga.post(north, body)).status, 202);
    await Promise.all([south, east].map((node) => node.seesPost(note.id, ({ text }) => /answer/.test(text))));
    await north.settles();
    const passed = south.inbound.filter(({ method }) => method === "POST");
    assert.equal(passed.length, 1);
    assert.match(paramsIn(passed[0].headers), /users\/nora#/);
    assert.equal(digestIn(passed[0].headers), digest(body));
    // what south and east know they have read at olga's host
    assert.ok(evil.count("/users/olga/notes/answer") >= 2);
    assert.equal(evil.count("/users/fred/inbox"), 1 + 1); // the Accept, and the question
  }, 60_000);

  await suite.test("an answer that is not for everybody, or asks for nothing, stays where it is", async () => {
    const olga = evil.actor("olivia");
    const question = await north.post("nora", "And this?");
    south.inbound.clear();
    for (const [slug, to, cc] of [
      ["narrow", [nora.uri], [`${nora.uri}/followers`]],
      ["unasked", [PUBLIC], [nora.uri]],
    ]) {
      const note = olga.note(slug, { inReplyTo: question.uri, to, cc });
      await olga.post(north, { ...olga.activity("Create", note), to, cc });
      await north.seesPost(note.id);
    }
    await north.settles();
    const posts = south.inbound.filter(({ method }) => method === "POST");
    assert.ok(posts.length <= 1, "at most the question itself");
  });

  // --- validators ---

  await suite.test("a document that is known is not sent again", async () => {
    const ask = (headers) => send(north.host, makeRequest({ method: "GET", base: north.host.base, path: new URL(nora.uri).pathname, headers: { Accept: "application/activity+json", ...headers } }));
    const first = await ask({});
    const etag = first.headers.etag;
    assert.match(etag, /^"[0-9a-f]{32}"$/);
    assert.equal((await ask({ "If-None-Match": etag })).status, 304);
    await north.run("account", "edit", "nora", "--display-name", "Nora the second");
    await until("it has changed", async () => (await ask({ "If-None-Match": etag })).status === 200);
  });
  await suite.test("an actor is refreshed with the ETag it had, and who asks for a pause has one", async () => {
    const vera = evil.actor("vera");
    evil.page("/users/vera", (request, response) => {
      if (request.headers["if-none-match"] === '"v1"') return response.writeHead(304).end();
      response.setHeader("ETag", '"v1"');
      reply(response, vera.document());
    });
    const asked = () => evil.requests.filter(({ path }) => path === "/users/vera");
    const post = (signer = vera.signer) => vera.post(south, vera.activity("Create", vera.note(crypto.randomUUID())), { signer });
    assert.equal((await post()).status, 202);
    assert.equal(asked().at(-1).headers["if-none-match"], undefined);
    // a signature that fails has the key looked after
    const wrong = { ...vera.signer, key: newRsa().privateKey };
    assert.equal((await post(wrong)).status, 401);
    assert.equal(asked().at(-1).headers["if-none-match"], '"v1"');
    assert.equal((await post()).status, 202);
    const zara = evil.actor("zara");
    evil.page("/users/zara", (_, response) => response.writeHead(429, { "Retry-After": "60" }).end());
    for (let i = 0; i < 3; i++) assert.equal((await zara.post(south, zara.activity("Create", zara.note("z")))).status, 503);
    assert.equal((await post(wrong)).status, 503);
    assert.equal(evil.count("/users/zara"), 1);
    assert.equal((await post()).status, 202); // what needs no fetch goes on
  });

  for (const node of [north, south, east]) {
    await suite.test(`the database of ${node.name} is whole`, async () => {
      await node.check();
      assert.equal((await node.stop()).code, 0);
      await node.check();
    });
  }
});
