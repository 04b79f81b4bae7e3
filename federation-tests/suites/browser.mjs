// The pages of a node in a real browser: nothing is refused by their own policy, nothing comes from elsewhere, they fit narrow
// screens, can be read in light and in dark, and be used by keyboard. Needs Chromium; without it, the suite says so.
import assert from "node:assert/strict";
import { CONTRAST_MIN, WIDTHS, faintTexts, launch } from "../lib/chromium.mjs";
import { befriend, stage } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const POSTS = 27; // with the one of the stage and the boost, more than a page

// People, a thread with a content warning, a long word, a name from right to left, and more posts than a page shows.
async function furnish(node) {
  await node.addPerson("noa", "--display-name", "נועה לוי");
  await node.addPerson("bot", "--kind", "service", "--locked");
  for (let i = 1; i < POSTS; i++) await node.post("alice", `Sheet number ${i}`);
  const first = await node.post("alice", `What is the oldest map? ${"long".repeat(60)} #maps`, "--language", "en");
  await node.post("noa", "מפה של ירושלים", "--reply-to", first.uri, "--language", "he");
  const warned = await node.post("bot", "the lamps, again", "--reply-to", first.uri, "--spoiler", "Minutes");
  await node.post("alice", "Which lamps?", "--reply-to", warned.uri);
  return { first, warned };
}

const MARK = '"><img src=x onerror="window.harmed=1">';
const HOSTILE = [
  `<p>fine words</p><script>window.harmed=1</script><img src="https://evil.example/pixel.png" onerror="window.harmed=1">`,
  `<a href="javascript:window.harmed=1" onclick="window.harmed=1">click</a><svg><style><img src=x onerror=window.harmed=1></style></svg>`,
  `<p>a<!--><img src=x onerror=window.harmed=1>--></p><iframe srcdoc="<script>parent.harmed=1</script>"></iframe>`,
  `<form action="https://evil.example/"><input name=x></form><style>body{background:url(https://evil.example/x)}</style>`,
  `<p style="position:fixed;inset:0">cover</p><a href="https://evil.example/"><span class="invisible">https://evil.example/</span>good.example</a>`,
].join("");

// Somebody far away answers with all that could do harm, and alice boosts it.
async function provoke({ node, alice, evil }, post) {
  const mallory = evil.actor("mallory", { name: `Mallory ${MARK}`, summary: HOSTILE, url: `https://evil.example/${MARK}` });
  await befriend({ node, alice }, mallory);
  const note = mallory.note("bait", {
    content: HOSTILE,
    inReplyTo: post.uri,
    name: MARK,
    attachment: [{ type: "Document", mediaType: "image/png", url: "https://evil.example/pixel.png", name: MARK }],
  });
  const { status, text } = await mallory.post(node, mallory.activity("Create", note));
  assert.equal(status, 202, text);
  await node.seesPost(note.id);
  await node.run("boost", "alice", note.id);
}

await run("browser", async (suite) => {
  const chromium = await launch();
  if (!chromium) {
    suite.note("Chromium is missing: pages are not looked at");
    return;
  }
  const on = await stage(suite);
  const { node } = on;
  const { first, warned } = await furnish(node);
  await provoke(on, first);
  const thread = new URL(first.url).pathname;
  const pages = { "the first page": "/", "the list of communities": "/communities", "a profile": "/@alice", "a locked profile": "/@bot", "a thread": thread, "what the node is": "/about", "its privacy policy": "/privacy-policy", "its terms": "/terms-of-service", "a post for other pages": `${thread}/embed` };
  for (const [text, words, ...more] of [["about", "# A town\n\nWhere the **town** talks, [every day](https://example.org/).\n\n- one\n- two\n"], ["privacy", "What is kept, and for how long."], ["terms", "Be kind.", "--from", "2026-01-01"]]) await node.runWith(words, "text", "set", text, ...more);
  await node.run("community", "create", "maps", "--display-name", "Old maps", "--note", "Whoever looks at old maps.", "--owner", "alice");
  await node.run("community", "create", "atlas", "--display-name", "Atlases", "--parent", "maps", "--owner", "alice");
  await node.run("rule", "add", "Be kind", "--hint", "Even when it is hard");
  await node.run("account", "role", "alice", "owner");
  const open = (path, options) => chromium.open(node.host.base + path, options);

  for (const [name, path] of Object.entries(pages)) {
    await suite.test(`${name} loads without complaint, and nothing from elsewhere`, async () => {
      const { context, heard, status } = await open(path);
      assert.equal(status, 200);
      assert.deepEqual(heard.complaints, []);
      assert.ok(heard.urls.length >= 2, "no style sheet was asked for");
      for (const url of heard.urls) assert.equal(new URL(url).origin, new URL(node.host.base).origin, url);
      assert.deepEqual((await context.storageState()).cookies, []);
      await context.close();
    });
    for (const width of WIDTHS) {
      await suite.test(`${name} fits a screen of ${width} pixels`, async () => {
        const { context, page } = await open(path, { viewport: { width, height: 800 } });
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        await context.close();
      });
    }
    for (const colorScheme of ["light", "dark"]) {
      await suite.test(`${name} can be read in ${colorScheme}`, async () => {
        const { context, page } = await open(path, { colorScheme });
        await page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
        assert.deepEqual(await page.evaluate(faintTexts, CONTRAST_MIN), []);
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const bright = background.match(/\d+/g).map(Number)[0] > 127;
        assert.equal(bright, colorScheme === "light");
        await context.close();
      });
    }
    await suite.test(`${name} has one main heading, named articles and images, and no id twice`, async () => {
      const { context, page } = await open(path);
      const found = await page.evaluate(() => ({
        language: document.documentElement.lang,
        headings: document.querySelectorAll("h1").length,
        images: document.querySelectorAll("img:not([alt])").length,
        labels: [...document.querySelectorAll("[aria-labelledby]")].filter((e) => !document.getElementById(e.getAttribute("aria-labelledby"))).length,
        twice: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
        empty: [...document.querySelectorAll("a")].filter((a) => a.textContent.trim() === "" || !a.getAttribute("href")).length,
      }));
      assert.deepEqual(found, { language: "en", headings: 1, images: 0, labels: 0, twice: [], empty: 0 });
      await context.close();
    });
  }

  await suite.test("s081 what strangers send does no harm, and stands there to be read", async () => {
    for (const path of ["/@alice", thread]) {
      const { context, page, heard } = await open(path);
      const article = page.locator("article", { hasText: "fine words" });
      const found = await article.evaluate((element) => ({
        harmed: window.harmed ?? 0,
        loaded: element.querySelectorAll("img, script, style, iframe, form, input, svg, [style], [srcdoc]").length,
        handlers: [...element.querySelectorAll("*")].filter((e) => [...e.attributes].some(({ name }) => name.startsWith("on"))).length,
        schemes: [...element.querySelectorAll("a")].map((a) => a.protocol).filter((protocol) => !/^https?:$/.test(protocol)),
      }));
      assert.deepEqual(found, { harmed: 0, loaded: 0, handlers: 0, schemes: [] });
      assert.ok((await article.textContent()).includes('"><img src=x onerror='), "the name is not there as text");
      assert.deepEqual(heard.complaints, []);
      for (const url of heard.urls) assert.equal(new URL(url).origin, new URL(node.host.base).origin, url);
      await context.close();
    }
  });
  await suite.test("s087 the host that a stranger's link leads to is not hidden", async () => {
    const { context, page } = await open(thread);
    const hidden = page.locator(".invisible", { hasText: "https://evil.example/" });
    assert.equal(await hidden.isVisible(), true);
    await context.close();
  });
  await suite.test("the first press of Tab offers the way to the content", async () => {
    const { context, page } = await open("/@alice");
    await page.keyboard.press("Tab");
    const box = await page.locator(".skip").boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0, "the link is not in sight");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, "#content");
    await context.close();
  });
  await suite.test("what is behind a content warning shows when it is opened", async () => {
    const { context, page } = await open(new URL(warned.url).pathname);
    const text = page.getByText("the lamps, again");
    assert.equal(await text.isVisible(), false);
    await page.getByText("Minutes").first().click();
    assert.equal(await text.isVisible(), true);
    await context.close();
  });
  await suite.test("a name from right to left stands where the others stand", async () => {
    const { context, page } = await open("/");
    const left = (name) => page.getByText(name, { exact: true }).evaluate((e) => e.getBoundingClientRect().left);
    const lefts = [await left("נועה לוי"), await left("alice")];
    const columns = await page.evaluate(() => [...document.querySelectorAll(".people .names")].map((e) => e.getBoundingClientRect().left));
    for (const x of lefts) assert.ok(columns.includes(x), `${x} is none of ${columns}`);
    await context.close();
  });
  await suite.test("links lead from the profile to the thread, and on to older posts", async () => {
    const { context, page } = await open("/@alice");
    let seen = await page.getByText(/^Sheet number/).count();
    await page.getByRole("link", { name: "Older posts" }).click();
    seen += await page.getByText(/^Sheet number/).count();
    assert.equal(seen, POSTS - 1);
    await page.getByRole("link", { name: "Newest posts" }).click();
    await page.locator(`#post-${first.id} .when`).click();
    assert.equal(new URL(page.url()).pathname, thread);
    await page.getByText("Which lamps?").waitFor();
    await context.close();
  });
  await suite.test("a page names the document that machines read", async () => {
    const { context, page } = await open(thread);
    const href = await page.locator('link[rel="alternate"][type="application/activity+json"]').getAttribute("href");
    assert.equal(href, first.uri);
    assert.equal((await getJson(node.host, new URL(href).pathname)).id, first.uri);
    await context.close();
  });
  await suite.test("what is not there is a page, too", async () => {
    const { context, page, status } = await open("/@nobody");
    assert.equal(status, 404);
    assert.equal(await page.getByRole("heading").textContent(), "Page not found");
    assert.equal((await get(node.host, "/@nobody", "text/html")).text, (await get(node.host, "/@alice/1", "text/html")).text);
    await context.close();
  });
  await chromium.close();
  await node.stop();
});
