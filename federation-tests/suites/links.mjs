// Links of profiles that are verified: pages that say rel="me" of the profile that links there, looked at by the node of
// whoever has the profile and by the nodes of those who follow them.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";

await run("links", async (suite) => {
  const [north, south, web] = await Promise.all([fediflow("north"), fediflow("south"), rawPeer("origin1")]);
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), south.addPerson("bob")]);
  const alice = await signIn(north, "alice"), bob = await signIn(south, "bob");
  const page = (body) => (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(`<!doctype html><title>x</title>${body}`);
  const me = `${north.host.base}/@alice`;

  const write = async (client, ...values) => {
    const answer = await client.ask("PATCH", "/api/v1/accounts/update_credentials", { fields_attributes: Object.fromEntries(values.map((value, i) => [i, { name: `Field ${i}`, value }])) });
    return answer.fields;
  };
  const fields = async (client = alice) => (await client.get("/api/v1/accounts/verify_credentials")).fields;
  const idle = (node) => until("nobody is asked any more", async () => (await node.run("queue", "list")).filter(({ kind, due }) => kind === "links" && Date.parse(due) < Date.now() + 86_400_000).length === 0);
  const asked = async (node) => {
    for (const { id, kind, due } of await node.run("queue", "list")) if (kind === "links" && Date.parse(due) < Date.now() + 86_400_000) await node.run("queue", "retry", id).catch(() => {});
  };

  await suite.test("a page that links back is verified, one that does not is not", async () => {
    web.page("/back", page(`<p><a href="${me}" rel="me">me</a></p>`));
    web.page("/plain", page(`<a href="${me}">no relation</a>`));
    const before = await write(alice, web.url("/back"), web.url("/plain"), `See ${web.url("/back")}`, "no link");
    assert.deepEqual(before.map(({ verified_at: at }) => at), [null, null, null, null]);
    const [first] = await until("it is verified", async () => { const now = await fields(); return now[0].verified_at !== null && now; });
    assert.ok(Math.abs(Date.parse(first.verified_at) - Date.now()) < 60_000);
    await idle(north);
    assert.deepEqual((await fields()).map(({ verified_at: at }) => at !== null), [true, false, false, false]);
    assert.equal(web.count("/back"), 1);
  });

  await suite.test("links of a profile say rel=me, on its page and to peers", async () => {
    const html = await (await fetch(me, { headers: { Accept: "text/html" } })).text();
    assert.match(html, new RegExp(`<a href="${web.url("/back")}" rel="me nofollow noopener[^"]*"`));
    assert.match(html, /Verified/);
    const actor = await (await fetch(me, { headers: { Accept: "application/activity+json" } })).json();
    assert.match(actor.attachment[0].value, /rel="me nofollow noopener/);
  });

  await suite.test("what is known stays when something else changes, and goes when the link does", async () => {
    const { verified_at: since } = (await fields())[0];
    await alice.ask("PATCH", "/api/v1/accounts/update_credentials", { note: "Hello" });
    assert.equal((await fields())[0].verified_at, since);
    assert.equal((await write(alice, web.url("/plain"), web.url("/back")))[1].verified_at, since);
    assert.equal((await write(alice, web.url("/plain")))[0].verified_at, null);
    await idle(north);
    assert.equal(web.count("/back"), 1);
  });

  await suite.test("redirects are followed, but not to addresses that are not public; what is too large, no page or gone is not verified", async () => {
    web.page("/moved", (_, response) => response.writeHead(302, { Location: "/back" }).end());
    web.page("/inside", (_, response) => response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end());
    web.page("/large", page(`<!--${"x".repeat(1 << 20)}--><a href="${me}" rel="me">me</a>`));
    web.page("/text", (_, response) => response.writeHead(200, { "Content-Type": "text/plain" }).end(`<a href="${me}" rel="me">me</a>`));
    await write(alice, ...["/moved", "/inside", "/large", "/text", "/nothing"].map((path) => web.url(path)));
    await until("it is verified", async () => (await fields())[0].verified_at !== null);
    await idle(north);
    for (const path of ["/inside", "/large", "/text", "/nothing"]) assert.equal(web.count(path), 1, path);
    assert.deepEqual((await fields()).map(({ verified_at: at }) => at !== null), [true, false, false, false, false]);
  });

  await suite.test("two profiles verify each other, and who follows one sees it as well", async () => {
    await write(alice, `${south.host.base}/@bob`, web.url("/back"));
    await write(bob, me);
    await idle(south);
    await write(alice, "nothing");
    await write(alice, `${south.host.base}/@bob`, web.url("/back"));
    await until("bob's page links to alice", async () => (await fields())[0].verified_at !== null);
    await south.follow("bob", (await north.person("alice")).uri);
    await until("bob follows alice", async () => (await north.person("alice")).followers === 1);
    const there = await until("alice is known", async () => (await bob.get("/api/v1/accounts/search?q=alice&resolve=false"))[0]);
    const seen = await until("their node has looked, too", async () => {
      await asked(south);
      const { fields: shown } = await bob.get(`/api/v1/accounts/${there.id}`);
      return shown[1]?.verified_at !== null && shown;
    });
    assert.deepEqual(seen.map(({ verified_at: at }) => at !== null), [false, true]); // its own pages are not asked for by a node
    const [mine] = await fields(bob);
    assert.ok(mine.value.includes(me));
  });

  await suite.test("both nodes are whole", async () => {
    await north.check();
    await south.check();
  });
});
