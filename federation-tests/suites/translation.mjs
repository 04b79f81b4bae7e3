// Posts in other languages, by a stand-in of a translation service that checks what it is sent: what is for everybody, once.
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { translationService } from "../lib/translator.mjs";
import { work } from "../lib/world.mjs";

await run("translation", async (suite) => {
  const service = await translationService("origin1", "a-key");
  const keyFile = join(mkdtempSync(join(work, "key-")), "key");
  writeFileSync(keyFile, "a-key\n", { mode: 0o600 });
  const north = await fediflow("north", { settings: { translation: { url: service.host.base, key_file: keyFile, name: "Stand-in", timeout: "5 s" }, api: { rate_translation: 20 } } });
  const south = await fediflow("south");
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), south.addPerson("bob")]);
  const alice = await signIn(north, "alice"), bob = await signIn(south, "bob");
  const translate = (id, body = {}, client = alice) => client.post(`/api/v1/statuses/${id}/translate`, body);
  const refused = (promise, status) => assert.rejects(promise, (error) => error.status === status || assert.fail(error));
  const asked = () => service.received.entries.filter(({ path }) => path === "/translate");

  await suite.test("what the service knows is told to clients", async () => {
    assert.equal((await alice.get("/api/v2/instance")).configuration.translation.enabled, true);
    assert.deepEqual(await alice.get("/api/v1/instance/translation_languages"), { de: ["en", "fr"], en: ["de"], fr: ["de"], und: ["en", "fr", "de"] });
    assert.equal((await bob.get("/api/v2/instance")).configuration.translation.enabled, false);
    assert.deepEqual(await bob.get("/api/v1/instance/translation_languages"), {});
  });

  let first;
  await suite.test("content, warning, options and descriptions come back in another language", async () => {
    first = await alice.post("/api/v1/statuses", { status: "Hallo Welt", spoiler_text: "Vorsicht", language: "de", poll: { options: ["links", "rechts & mehr"], expires_in: 3600 } });
    const got = await translate(first.id, { lang: "en" });
    assert.equal(got.content, "<p>hello world</p>");
    assert.equal(got.spoiler_text, "careful");
    assert.deepEqual(got.poll, { id: first.poll.id, options: [{ title: "left" }, { title: "right & MEHR" }] });
    assert.deepEqual([got.detected_source_language, got.language, got.provider], ["de", "en", "Stand-in"]);
    const form = new FormData();
    form.append("file", new Blob([picture(16, 16)], { type: "image/png" }), "a.png");
    form.append("description", "Welt <3");
    const medium = await (await fetch(`${alice.base}/api/v2/media`, { method: "POST", headers: { Authorization: `Bearer ${alice.token}` }, body: form })).json();
    const shown = await alice.post("/api/v1/statuses", { status: "Hallo", media_ids: [medium.id], language: "de" });
    assert.deepEqual((await translate(shown.id)).media_attachments, [{ id: medium.id, description: "world <3" }]);
  });

  await suite.test("the same is asked for once, and an edit anew", async () => {
    const before = asked().length;
    const post = await alice.post("/api/v1/statuses", { status: "Welt", language: "de" });
    const answers = await Promise.all([1, 2, 3, 4].map(() => translate(post.id, { lang: "en" })));
    for (const { content } of answers) assert.equal(content, "<p>world</p>");
    assert.equal(asked().length, before + 1);
    await alice.ask("PUT", `/api/v1/statuses/${post.id}`, { status: "Hallo", language: "de" });
    assert.equal((await translate(post.id, { lang: "en" })).content, "<p>hello</p>");
    assert.equal((await translate(post.id, { lang: "fr" })).language, "fr");
  });

  await suite.test("a post of another node, whose language nobody has said, is found out", async () => {
    await north.follow("alice", (await south.person("bob")).uri);
    await until("alice follows bob", async () => (await south.person("bob")).followers === 1);
    await south.post("bob", "Hallo Welt, https://example.org/page");
    const seen = await until("the post is there", async () => (await alice.get("/api/v1/timelines/home")).find(({ content }) => content.includes("example.org")));
    const got = await translate(seen.id, { lang: "en" });
    assert.match(got.content, /^<p>hello world, <a href="https:\/\/example\.org\/page"/);
    assert.equal(got.detected_source_language, "de");
  });

  await suite.test("what is for few leaves the node for nobody", async () => {
    const before = service.received.entries.length;
    for (const visibility of ["private", "direct", "local"]) {
      const post = await alice.post("/api/v1/statuses", { status: `Hallo ${visibility}`, language: "de", visibility }).catch(() => null);
      if (post !== null && post.visibility !== "public") await refused(translate(post.id, { lang: "en" }), 403);
    }
    await refused(translate("1", { lang: "en" }), 404);
    await refused(translate(first.id, { lang: "de" }), 403);
    await refused(translate(first.id, { lang: "tlh" }), 403);
    assert.equal(service.received.entries.length, before);
    assert.ok(!service.received.entries.some(({ body }) => /private|direct|local/.test(body)));
    assert.deepEqual(service.received.entries.map(({ fault }) => fault).filter(Boolean), []);
  });

  await suite.test("S-081 what the service has made of it is sanitised anew", async () => {
    service.spoil = (text) => `${text}<script>alert(1)</script><img src=x onerror=alert(2)><a href="javascript:alert(3)">x</a>`;
    const post = await alice.post("/api/v1/statuses", { status: "Hallo Hallo", language: "de" });
    const { content } = await translate(post.id, { lang: "en" });
    assert.doesNotMatch(content, /script|onerror|<img/i);
    service.spoil = (text) => text;
  });

  await suite.test("a service that fails or refuses is told as that, and not remembered", async () => {
    const post = await alice.post("/api/v1/statuses", { status: "Welt heute", language: "de" });
    for (const status of [500, 403, 429]) {
      service.status = status;
      await refused(translate(post.id, { lang: "en" }), 503);
    }
    service.status = 200;
    assert.equal((await translate(post.id, { lang: "en" })).content, "<p>world HEUTE</p>");
  });

  await suite.test("it has a limit of its own", async () => {
    const answers = [];
    for (let i = 0; i < 21; i++) answers.push(await translate(first.id, { lang: "en" }).then(() => 200, ({ status }) => status));
    assert.equal(answers.at(-1), 429);
    assert.equal((await alice.get(`/api/v1/statuses/${first.id}`)).id, first.id);
  });

  await suite.test("both nodes are whole", async () => {
    await north.check();
    await south.check();
  });
});
