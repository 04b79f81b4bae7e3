// The pages of who is signed in, in a real browser: events, teams and their drafts, the room of a community, the desk. Nothing is refused
// by their own policy, they fit all screens, can be read in light and in dark, and used without a script. Needs Chromium.
import assert from "node:assert/strict";
import { CONTRAST_MIN, TARGET_MIN, WIDTHS, awkwardFields, faintTexts, launch } from "../lib/chromium.mjs";
import { signIn } from "../lib/client.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";

const PASSWORD = "correct horse battery"; // of lib/client.mjs

// What those who are signed in look after: a community with a series and somebody who asks to come, a team with a draft that
// shows a picture. Where each of it is.
async function occupy(node) {
  const at = (days) => new Date(Date.now() + days * 86_400_000).toISOString();
  const alice = await signIn(node, "alice");
  await node.addPerson("zoe");
  const zoe = await signIn(node, "zoe");
  const { id: maps } = await alice.get("/api/fediflow/v1/communities/lookup?name=maps");
  await zoe.post(`/api/v1/accounts/${maps}/follow`, {});
  const event = (more) => alice.post(`/api/fediflow/v1/communities/${maps}/events`, { content: "Bring a lamp", place: "The reading room", timezone: "Europe/Rome", ...more });
  const series = await event({ title: "Evenings with old maps", starts_at: at(2), ends_at: at(2.1), recurrence: "FREQ=WEEKLY;COUNT=9" });
  const visit = await event({ title: `A visit ${"long".repeat(30)}`, starts_at: at(4), join: "request", capacity: 9 });
  await zoe.post(`/api/fediflow/v1/events/${visit.id}/join`, { note: "I bring a lamp" });
  const { id } = await node.run("team", "create", "press", "--administrator", "alice", "--display-name", "The Press");
  await node.run("team", "add", "press", "zoe", "author");
  const team = await signIn(node, "zoe", undefined, String(id));
  const form = new FormData();
  form.set("file", new Blob([picture(1200, 700)], { type: "image/png" }), "slope.png");
  form.set("description", "A slope, and a path that leads over it");
  const upload = await fetch(`${node.host.base}/api/v2/media`, { method: "POST", headers: { Authorization: `Bearer ${team.token}` }, body: form });
  const medium = await upload.json();
  await team.post("/api/v1/statuses", { status: "Look at this", spoiler_text: "A steep slope", media_ids: [medium.id] });
  await team.post("/api/v1/statuses", { status: "Where to?", poll: { options: ["Up", "Down"], expires_in: 3600 } });
  return { maps, series: series.id, visit: visit.id };
}

await run("browser-own", async (suite) => {
  const chromium = await launch();
  if (!chromium) {
    suite.note("Chromium is missing: pages are not looked at");
    return;
  }
  const node = await fediflow("north");
  suite.watch(() => node.troubles());
  await node.addPerson("alice");
  await node.run("account", "role", "alice", "owner");
  await node.run("community", "create", "maps", "--display-name", "Old maps", "--owner", "alice");
  const open = (path, options) => chromium.open(node.host.base + path, options);
  const { maps, series, visit } = await occupy(node);
  const entrance = await open("/auth/events");
  await entrance.page.fill('input[name="login"]', "alice");
  await entrance.page.fill('input[name="password"]', PASSWORD);
  await entrance.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await entrance.page.getByRole("heading", { level: 1, name: "Events" }).waitFor();
  const storageState = await entrance.context.storageState();
  await entrance.context.close();
  const own = { "the list of events": "/auth/events", "a series of events": `/auth/events/${series}`, "an event that somebody asks to join": `/auth/events/${visit}`, "the drafts of a team": "/auth/teams", "the members of a team": "/auth/teams/press", "the room of a community": `/auth/communities?community=${maps}`, "the desk": "/auth/moderation", "one's own account": "/auth/account" };
  const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
  for (const [name, path] of Object.entries(own)) {
    await suite.test(`${name} is for who is signed in, and has all its fields named and big enough`, async () => {
      const { context, page, heard, status } = await open(path, { storageState });
      assert.equal(status, 200);
      await unfold(page);
      await page.waitForLoadState("networkidle");
      assert.deepEqual(heard.complaints, []);
      for (const url of heard.urls) assert.equal(new URL(url).origin, new URL(node.host.base).origin, url);
      assert.deepEqual(await page.evaluate(awkwardFields, TARGET_MIN), { unnamed: [], small: [] });
      const found = await page.evaluate(() => ({
        headings: document.querySelectorAll("h1").length,
        images: document.querySelectorAll("img:not([alt])").length,
        twice: [...document.querySelectorAll("[id]")].map((e) => e.id).filter((id, i, all) => all.indexOf(id) !== i),
        empty: [...document.querySelectorAll("a")].filter((a) => (a.textContent.trim() === "" && !a.querySelector("img[alt]:not([alt=''])")) || !a.getAttribute("href")).length,
      }));
      assert.deepEqual(found, { headings: 1, images: 0, twice: [], empty: 0 });
      await context.close();
    });
    await suite.test(`${name} fits all screens, opened as far as it goes`, async () => {
      for (const width of WIDTHS) {
        const { context, page } = await open(path, { storageState, viewport: { width, height: 800 } });
        await unfold(page);
        await page.waitForLoadState("networkidle");
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
        await context.close();
      }
    });
    await suite.test(`${name} can be read in light and in dark`, async () => {
      for (const colorScheme of ["light", "dark"]) {
        const { context, page } = await open(path, { storageState, colorScheme });
        await unfold(page);
        assert.deepEqual(await page.evaluate(faintTexts, CONTRAST_MIN), [], colorScheme);
        await context.close();
      }
    });
  }
  await suite.test("an event is held without a script, by the keyboard alone", async () => {
    const { context, page } = await open("/auth/events", { storageState, javaScriptEnabled: false });
    await page.getByText("Hold an event").first().click();
    await page.getByLabel("What it is called").fill("Without a script");
    await page.getByLabel("Begins").fill("2030-05-01T10:00");
    await page.getByLabel("Time zone").fill("Europe/Rome");
    await page.locator('select[name="repeat"]').selectOption({ label: "Every week" });
    await page.getByLabel("If it repeats: how often").fill("3");
    await page.getByLabel("What it is called").press("Enter");
    await page.getByRole("heading", { level: 1, name: "Without a script" }).waitFor();
    assert.match(await page.locator("main").innerText(), /Wednesday, 1 May 2030, 10:00 Europe\/Rome\s+Every week, 3 times/);
    await context.close();
  });
  await suite.test("who reviews a draft sees its picture", async () => {
    const { context, page } = await open("/auth/teams", { storageState });
    const shown = page.getByAltText("A slope, and a path that leads over it");
    await shown.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => [...document.images].every((image) => image.complete));
    assert.ok(await shown.evaluate((image) => image.naturalWidth > 0), "it was not loaded");
    await context.close();
  });
  await chromium.close();
  await node.stop();
});
