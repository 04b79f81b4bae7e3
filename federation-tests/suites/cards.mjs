// Pages that posts link to: read once, politely, and shown as cards to clients of two nodes; versions of posts likewise.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture } from "../lib/picture.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";

await run("cards", async (suite) => {
  const [north, south, news] = await Promise.all([fediflow("north"), fediflow("south"), rawPeer("origin1")]);
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), south.addPerson("bob")]);
  const alice = await signIn(north, "alice"), bob = await signIn(south, "bob");
  await south.follow("bob", (await north.person("alice")).uri);
  await until("bob follows", async () => (await north.person("alice")).followers === 1);

  const html = (head, type = "text/html; charset=utf-8") => (_, response) => response.writeHead(200, { "Content-Type": type }).end(`<!doctype html><html lang="en"><head>${head}</head><body><p>text</p></body></html>`);
  news.page("/bridge", html('<meta property="og:title" content="The bridge &amp; the river"><meta property="og:description" content="It opens."><meta property="og:site_name" content="The News"><meta property="og:image" content="/bridge.png"><meta property="og:image:alt" content="A bridge"><meta name="fediverse:creator" content="@alice@north.example">'));
  news.page("/bridge.png", (_, response) => response.writeHead(200, { "Content-Type": "image/png" }).end(picture(64, 48)));
  news.page("/plain", html("<title>Plain</title>"));
  news.page("/moved", (_, response) => response.writeHead(302, { Location: "/plain" }).end());
  news.page("/inside", (_, response) => response.writeHead(302, { Location: "http://127.0.0.1:1/" }).end());
  news.page("/picture", (_, response) => response.writeHead(200, { "Content-Type": "image/png" }).end(picture(8, 8)));
  news.page("/endless", (_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    const more = () => response.writable && !response.destroyed && response.write("<title>x</title>".repeat(4096), () => setImmediate(more));
    response.on("error", () => {});
    more();
  });
  news.page("/script", html("<title>a<script>alert(1)</script></title><meta property='og:image' content='javascript:alert(1)'>"));
  const post = (status, more = {}) => alice.post("/api/v1/statuses", { status, ...more });
  const card = async (client, id) => (await client.get(`/api/v1/statuses/${id}`)).card;
  const shows = (client, id) => until("the card is there", () => card(client, id));

  let first;
  await suite.test("a link of somebody here gets its card, with its picture at this node", async () => {
    first = await post(`Look: ${news.url("/bridge")}#there`);
    const shown = await shows(alice, first.id);
    assert.equal(shown.title, "The bridge & the river");
    assert.equal(shown.description, "It opens.");
    assert.equal(shown.provider_name, "The News");
    assert.equal(shown.url, news.url("/bridge"));
    assert.equal(shown.image_description, "A bridge");
    // the page names alice, who has not said that it may: nobody is shown, and she alone is told
    assert.deepEqual(shown.authors, []);
    assert.equal(shown.missing_attribution, true);
    const seen = async () => (await (await fetch(`${north.host.base}/api/v1/statuses/${first.id}`)).json()).card;
    assert.equal((await seen()).missing_attribution, false);
    await alice.ask("PATCH", "/api/v1/profile", { attribution_domains: [`https://${new URL(news.url("/")).host}/`] });
    assert.equal((await seen()).authors[0].account.username, "alice");
    assert.ok(shown.image.startsWith(`${north.host.base}/media/remote/card/`), shown.image);
    assert.equal((await fetch(shown.image)).status, 200);
    assert.equal((await fetch(shown.image.replace(/.$/, (c) => (c === "0" ? "1" : "0")))).status, 404); // S-096
  });
  await suite.test("a page is read once, however many link there", async () => {
    const again = await Promise.all([post(`Again ${news.url("/bridge")}`), post(`And again ${news.url("/bridge")}`)]);
    for (const { id } of again) assert.ok(await shows(alice, id));
    assert.equal(news.count("/bridge"), 2); // the page and its picture
  });
  await suite.test("redirects are followed, not home or to addresses that are not public; what is no page has no card", async () => {
    const moved = await post(`A ${news.url("/moved")}`);
    assert.equal((await shows(alice, moved.id)).title, "Plain");
    const without = [];
    for (const path of ["/inside", "/picture", "/nothing", "/endless"]) without.push(await post(`A ${news.url(path)}`));
    const script = await post(`A ${news.url("/script")}`);
    assert.equal((await shows(alice, script.id)).image, null);
    await until("all were asked for", async () => ["/inside", "/picture", "/nothing", "/endless"].every((path) => news.count(path) >= 1));
    await until("the queue is empty", async () => (await north.run("queue", "list").catch(() => [])).filter?.(({ kind }) => kind === "card").length === 0);
    for (const { id } of without) assert.equal(await card(alice, id), null);
  });
  await suite.test("who writes to few, or shows a picture, has no page asked", async () => {
    const before = news.requests.length ?? news.count("/");
    await post(`@alice ${news.url("/plain?1")}`, { visibility: "direct" });
    await post(`for followers ${news.url("/plain?2")}`, { visibility: "private" });
    const own = await post(`ours ${north.host.base}/@alice`);
    assert.equal(await card(alice, own.id), null);
    assert.equal(news.count("/plain?"), 0);
    assert.ok(before >= 0);
  });
  await suite.test("the other node reads the page itself, within a minute and not at once with all others", async () => {
    const seen = await until("the post is there", async () => (await bob.get("/api/v1/timelines/home")).find(({ content }) => content.includes("Look:")));
    const jobs = await until("it waits for its turn", async () => (await south.run("queue", "list")).find(({ kind }) => kind === "card") && (await south.run("queue", "list")));
    for (const { id } of jobs.filter(({ kind }) => kind === "card")) await south.run("queue", "retry", id).catch(() => {});
    const shown = await until("its card, too", () => card(bob, seen.id));
    assert.equal(shown.title, "The bridge & the river");
    assert.ok(shown.image.startsWith(`${south.host.base}/media/remote/card/`));
    // it has heard that alice consents to be named
    assert.equal(shown.authors[0].account.acct, seen.account.acct);
  });
  await suite.test("an edit may lead elsewhere, and what was said before is told on both nodes", async () => {
    const put = await fetch(`${alice.base}/api/v1/statuses/${first.id}`, { method: "PUT", headers: { Authorization: `Bearer ${alice.token}`, "Content-Type": "application/json" }, body: JSON.stringify({ status: `Rather: ${news.url("/plain")}` }) });
    assert.equal(put.status, 200);
    await until("the other card", async () => (await card(alice, first.id))?.title === "Plain");
    const history = await alice.get(`/api/v1/statuses/${first.id}/history`);
    assert.deepEqual(history.map(({ content }) => /Look|Rather/.exec(content)[0]), ["Look", "Rather"]);
    const there = await until("the edit is there", async () => (await bob.get("/api/v1/timelines/home")).find(({ content }) => content.includes("Rather")));
    assert.deepEqual((await bob.get(`/api/v1/statuses/${there.id}/history`)).map(({ content }) => /Look|Rather/.exec(content)[0]), ["Look", "Rather"]);
  });
  await suite.test("both nodes are whole", async () => {
    await north.check();
    await south.check();
  });
});
