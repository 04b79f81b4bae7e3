// A day in communities: as a plain client of Mastodon's API sees them (masto.js, toot), by their own API and pages; and that
// what is for members leaves by no way.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import WebSocket from "ws";
import { consentAt, signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser } from "../lib/person.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";
import { isPrivate, work } from "../lib/world.mjs";

const BASE = "/api/fediflow/v1/communities";
const TOOT = "/usr/bin/toot";
const exec = promisify(execFile);

await run("communities", async (suite) => {
  const node = await fediflow("north", { settings: { api: { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 } } });
  suite.watch(() => node.troubles());
  const names = ["alice", "bob", "carol", "mona"];
  for (const name of names) await node.addPerson(name);
  const people = {}, rest = {};
  for (const name of names) {
    people[name] = await signIn(node, name);
    rest[name] = createRestAPIClient({ url: node.host.base, accessToken: people[name].token });
  }
  const { alice, bob, carol } = rest;
  const api = (name, method, path, body) => people[name].ask(method, BASE + path, body);
  const refused = (promise, ...statuses) => assert.rejects(promise, ({ status, statusCode }) => statuses.includes(status ?? statusCode));

  let botany;
  await suite.test("a community is made, found, and is a group to every app", async () => {
    botany = await api("alice", "POST", "", { name: "botany", title: "Botany", description: "All about plants", kind: "course", rules: ["Be kind"], flairs: ["Question=#3366cc"] });
    const account = await bob.v1.accounts.lookup({ acct: "botany" });
    assert.equal(account.id, botany.id);
    assert.equal(account.group, true);
    assert.equal((await api("bob", "GET", "?q=bota"))[0].id, botany.id);
    assert.equal((await api("bob", "GET", "/lookup?name=!botany")).settings.kind, "course");
    await refused(api("bob", "PATCH", `/${botany.id}`, { title: "Mine" }), 403);
  });
  await suite.test("it says by hashtags what it is about, and is found by them", async () => {
    const { settings } = await api("alice", "PATCH", `/${botany.id}`, { tags: ["#Moss", "Lichen"] });
    assert.deepEqual(settings.tags, ["Moss", "Lichen"]);
    assert.equal((await api("bob", "GET", "?tag=moss"))[0].id, botany.id);
    await until("search knows them", async () => (await bob.v2.search.list({ q: "#lichen", type: "accounts" })).accounts.some(({ id }) => id === botany.id));
    const tags = (await getJson(node.host, "/users/botany")).tag.filter(({ type }) => type === "Hashtag");
    assert.deepEqual(tags.map(({ name }) => name), ["#Moss", "#Lichen"]);
    assert.match(tags[0].href, /\/tags\/moss$/);
    await refused(api("alice", "PATCH", `/${botany.id}`, { tags: ["two words"] }), 422);
  });
  const follow = (who) => who.v1.accounts.$select(botany.id).follow({ reblogs: true });
  let list;
  await suite.test("following joins; the community is a list, and its posts do not flood the home timeline", async () => {
    assert.equal((await follow(bob)).following, true);
    list = (await bob.v1.lists.list()).find(({ id }) => id === botany.id);
    assert.deepEqual([list.title, list.exclusive], ["Botany", true]);
    assert.deepEqual(await bob.v1.lists.$select(list.id).accounts.list(), []);
    await refused(bob.v1.lists.$select(list.id).update({ title: "Other" }), 422);
  });
  let thread, comment;
  await suite.test("mentioning it posts into it, and its list hears of it live", async () => {
    const streaming = createStreamingAPIClient({ streamingApiUrl: node.host.base.replace(/^http/, "ws"), accessToken: people.bob.token, implementation: WebSocket });
    const heard = [];
    const events = streaming.list.subscribe({ list: list.id });
    (async () => {
      for await (const event of events) heard.push(event);
    })().catch(() => {});
    await until("the stream has begun", async () => {
      await alice.v1.statuses.create({ status: "@botany is this on?" });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return heard.length !== 0;
    });
    thread = await alice.v1.statuses.create({ status: "@botany Which moss is this?" });
    const { payload } = await until("the list hears of the thread", () => heard.find(({ event, payload }) => event === "update" && payload.id === thread.id));
    assert.equal(payload.group.id, botany.id);
    streaming.close();
    const shown = await bob.v1.timelines.list.$select(list.id).list();
    assert.ok(shown.some(({ id }) => id === thread.id));
    assert.ok(!(await bob.v1.timelines.home.list()).some(({ id, reblog }) => id === thread.id || reblog?.id === thread.id));
    const profile = await carol.v1.accounts.$select(botany.id).statuses.list();
    assert.ok(profile.some(({ reblog }) => reblog?.id === thread.id), "its profile shows its threads");
  });
  await suite.test("replies are comments; boosts at home are the person's choice", async () => {
    comment = await bob.v1.statuses.create({ status: "A feather moss", inReplyToId: thread.id });
    const { descendants } = await carol.v1.statuses.$select(thread.id).context.fetch();
    assert.deepEqual(descendants.map(({ id, group }) => [id, group.id]), [[comment.id, botany.id]]);
    await bob.v1.accounts.$select(botany.id).follow({ reblogs: true });
    assert.equal((await bob.v1.lists.$select(list.id).fetch()).exclusive, false);
    assert.ok((await bob.v1.timelines.home.list()).some(({ reblog }) => reblog?.id === thread.id));
    await bob.v1.accounts.$select(botany.id).follow({ reblogs: false });
  });
  await suite.test("who asks to join is a follow request to its moderators", async () => {
    await api("alice", "PATCH", `/${botany.id}`, { join: "request" });
    assert.equal((await follow(carol)).requested, true);
    await until("a moderator hears of it", async () => (await alice.v1.notifications.list({ types: ["follow_request"] })).length !== 0);
    const [asker] = await alice.v1.followRequests.list();
    assert.equal(asker.username, "carol");
    await alice.v1.followRequests.$select(asker.id).authorize();
    assert.equal((await carol.v1.lists.list()).length, 1);
  });
  await suite.test("a report of a post in it reaches its moderators", async () => {
    const bobs = await carol.v1.accounts.lookup({ acct: "bob" });
    await carol.v1.reports.create({ accountId: bobs.id, statusIds: [comment.id], comment: "rude" });
    const [notice] = await until("alice hears of it", async () => {
      const all = await alice.v1.notifications.list({ types: ["admin.report"] });
      return all.length !== 0 && all;
    });
    assert.equal(notice.account.username, "carol");
    assert.deepEqual(await bob.v1.notifications.list({ types: ["admin.report"] }), []);
  });
  await suite.test("threads are ranked, pinned, locked, and removed", async () => {
    await bob.v1.statuses.$select(thread.id).favourite();
    const board = (query = "") => api("carol", "GET", `/${botany.id}/posts${query}`);
    await until("the thread is on top", async () => (await board("?sort=top"))[0].id === thread.id);
    for (const sort of ["active", "hot", "new", "comments"]) assert.ok((await board(`?sort=${sort}`)).some(({ id }) => id === thread.id), sort);
    const other = await carol.v1.statuses.create({ status: "@botany another" });
    await refused(api("carol", "POST", `/${botany.id}/posts/${other.id}/pin`), 403);
    assert.equal((await api("alice", "POST", `/${botany.id}/posts/${other.id}/pin`, {})).community.pinned, true);
    await until("it stands first", async () => (await board("?sort=top"))[0].id === other.id);
    await api("alice", "POST", `/${botany.id}/posts/${thread.id}/lock`, { reason: "answered" });
    await refused(carol.v1.statuses.create({ status: "me, too", inReplyToId: thread.id }), 403);
    await api("alice", "POST", `/${botany.id}/posts/${other.id}/remove`, {});
    assert.ok(!(await board()).some(({ id }) => id === other.id));
  });
  await suite.test("posts wait for a moderator where the community says so", async () => {
    await api("alice", "PATCH", `/${botany.id}`, { premoderated: "true" });
    const held = await bob.v1.statuses.create({ status: "@botany may I?" });
    await refused(carol.v1.statuses.$select(held.id).fetch(), 404);
    assert.deepEqual((await api("alice", "GET", `/${botany.id}/queue`)).map(({ id }) => id), [held.id]);
    await api("alice", "POST", `/${botany.id}/posts/${held.id}/approve`, {});
    assert.equal((await carol.v1.statuses.$select(held.id).fetch()).community.held, false);
    await api("alice", "PATCH", `/${botany.id}`, { premoderated: "false" });
  });
  await suite.test("one joins by a link, in a browser", async () => {
    await api("alice", "PATCH", `/${botany.id}`, { join: "invitation" });
    const { url } = await api("alice", "POST", `/${botany.id}/invitations`, { max_uses: 1, role: "moderator" });
    const browser = new Browser(node);
    const path = url.slice(node.host.base.length);
    let page = await browser.get(path);
    page = await browser.submit(page, "sign_in", { login: "mona", password: "correct horse battery" });
    page = await browser.submit(page, "join");
    assert.match(page.text, /Botany/);
    const card = (await api("alice", "GET", `/${botany.id}/members?staff=true`)).find(({ account }) => account.username === "mona");
    assert.equal(card.role.name, "moderator");
    assert.equal((await browser.get(path)).status, 404);
  });
  await suite.test("its page shows what it is, and a thread's page where that stands", async () => {
    const browser = new Browser(node);
    const { text } = await browser.get("/@botany?sort=new");
    for (const part of ["All about plants", "Be kind", "alice", "Which moss", "Most comments"]) assert.ok(text.includes(part), part);
    assert.match((await browser.get(`/@alice/${thread.id}`)).text, /href="\/@botany"/);
  });
  await suite.test("who is banned says nothing in it, and leaving ends the list", async () => {
    const carols = await alice.v1.accounts.lookup({ acct: "carol" });
    await api("alice", "POST", `/${botany.id}/members/${carols.id}/ban`, { reason: "rude", duration: 3600 });
    await refused(people.carol.post("/api/v1/statuses", { status: "hello?", group_id: botany.id }), 403);
    assert.deepEqual(await carol.v1.lists.list(), []);
    await bob.v1.lists.$select(list.id).remove();
    assert.equal((await bob.v1.accounts.relationships.fetch({ id: [botany.id] }))[0].following, false);
    await refused(alice.v1.lists.$select(botany.id).remove(), 403);
  });

  // --- what is for members leaves by no way ---

  const stranger = await rawPeer("one");
  suite.watch(() => stranger.troubles.join("\n"));
  const spy = stranger.actor("spy");
  for (const sight of ["local", "members"]) {
    await suite.test(`what is for ${sight} leaves by no way`, async () => {
      const secret = `sesame-${sight}`;
      const community = await api("alice", "POST", "", { name: `circle_${sight}`, title: `Circle ${sight}`, sight, rules: [`rule-${secret}`] });
      await people.bob.post(`/api/v1/accounts/${community.id}/follow`);
      await assert.doesNotReject(spy.post(node, spy.activity("Follow", (await alice.v1.accounts.$select(community.id).fetch()).uri)));
      const post = await people.bob.post("/api/v1/statuses", { status: `${secret} #circle`, group_id: community.id });
      const answer = await people.alice.post("/api/v1/statuses", { status: `also ${secret}`, in_reply_to_id: post.id });
      const group = `/users/circle_${sight}`;
      const paths = [`/users/bob/statuses/${post.id}`, `/users/bob/statuses/${post.id}/activity`, `/users/bob/statuses/${post.id}/replies`, `/users/bob/statuses/${post.id}/context`,
        `/users/alice/statuses/${answer.id}`, `${group}`, `${group}/outbox`, `${group}/outbox?page=true`, "/users/bob/outbox?page=true", "/users/alice/outbox?page=true",
        `${group}/followers`, `${group}/collections/featured`, `/@circle_${sight}`, "/@bob", "/@alice", `/@bob/${post.id}`, "/", "/communities", `/auth/communities?community=${community.id}`, `/@circle_${sight}.rss`, "/@bob.rss"];
      for (const path of paths) {
        for (const read of [() => get(node.host, path), () => new Browser(node).get(path), () => spy.get(node, path)]) {
          const { text } = await read();
          assert.ok(!text.includes(secret), `${path} leaks`);
        }
      }
      const open = [`/api/v1/statuses/${post.id}`, `/api/v1/statuses/${post.id}/context`, "/api/v1/timelines/public", "/api/v1/timelines/tag/circle", `/api/v1/accounts/${community.id}/statuses`,
        `/api/v1/timelines/group/${community.id}`, `${BASE}/${community.id}`, `${BASE}/${community.id}/posts`, `${BASE}/${community.id}/roles`, `${BASE}/${community.id}/members`];
      for (const path of open) assert.ok(!(await get(node.host, path)).text.includes(secret), `${path} leaks`);
      if (sight === "members") {
        for (const path of [...open.slice(0, 6), `${BASE}/${community.id}/posts`, "/api/v2/search?type=statuses&q=sesame"]) {
          const text = JSON.stringify(await people.mona.get(path).catch(({ message }) => message));
          assert.ok(!text.includes(secret), `${path} leaks to a stranger`);
        }
        await refused(people.mona.post("/api/v1/statuses", { status: "let me in", group_id: community.id }), 403);
      }
      assert.ok((await people.bob.get(`${BASE}/${community.id}/posts`)).some(({ id }) => id === post.id), "a member reads it");
      assert.ok((await people.bob.get(`/api/v1/accounts/${community.id}/statuses`)).some(({ id }) => id === post.id), "and in every app");
      await node.settles();
      assert.ok(!stranger.requests.find(({ body }) => body?.includes(secret)), "it was delivered");
      const file = join(mkdtempSync(join(work, "export-")), "bob.tar");
      await node.run("account", "export", "bob", file);
      assert.ok(!readFileSync(file).includes(secret), "the archive leaks");
    });
  }

  // --- toot ---

  const installed = isPrivate && (await exec(TOOT, ["--help"]).then(() => true, () => false));
  if (!installed) return suite.skip("an evening with toot", "it is not installed, or there is no namespace for https");
  await suite.test("an evening with toot: it joins, reads the list, posts into it, and leaves", async () => {
    const moss = await api("alice", "POST", "", { name: "moss", title: "Moss" });
    await people.alice.post("/api/v1/statuses", { status: "soft and green", group_id: moss.id });
    const folder = mkdtempSync(join(work, "toot-"));
    const options = { env: { ...process.env, XDG_CONFIG_HOME: folder, HOME: folder, REQUESTS_CA_BUNDLE: process.env.NODE_EXTRA_CA_CERTS, PYTHONUNBUFFERED: "1" } };
    const toot = async (...words) => (await exec(TOOT, [...words, "--no-color"], options)).stdout;
    const child = spawn(TOOT, ["login", "--instance", node.host.name ?? new URL(node.host.base).host, "--no-color"], options);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
    const url = await until("it tells where to go", () => said.match(/https:\S+\/oauth\/authorize\S+/)?.[0]);
    child.stdin.write("n\n");
    child.stdin.end(`${await consentAt(node.host.base, url.slice(node.host.base.length), "carol")}\n`);
    assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0, said);
    // toot finds accounts by searching, whose index follows what is written
    await until("moss is found", async () => (await people.carol.get("/api/v2/search?q=moss&type=accounts")).accounts.some(({ acct }) => acct === "moss"));
    assert.match(await toot("follow", "moss"), /✓/);
    assert.match(await toot("timeline", "--list", moss.id, "--once"), /soft and green/);
    await toot("post", "@moss and wet");
    assert.match(await toot("timeline", "--list", moss.id, "--once"), /and wet/);
    assert.match(await toot("unfollow", "moss"), /✓/);
    await assert.rejects(toot("timeline", "--list", moss.id, "--once"));
  });
  await suite.test("who has what its terms ask for is in at once, and out when it is lost; nobody else learns of it", async () => {
    const lab = await api("alice", "POST", "", { name: "lab", join: "attribute", conditions: ["department=chemistry"], grace_days: "0" });
    assert.deepEqual(lab.settings.terms, { conditions: ["department=chemistry"], match: "any", others: "no", grace_days: 0 });
    const enter = (who) => who.v1.accounts.$select(lab.id).follow();
    await refused(enter(carol), 403);
    await node.runWith("account,name,value\ncarol,department,chemistry\ncarol,status,student\nbob,status,student\n", "attribute", "import", "-");
    await assert.rejects(node.runWith("account,name,value\ncarol,department,biology\nnobody,status,student\n", "attribute", "import", "-"), /line 3/);
    assert.deepEqual((await node.run("attribute", "list", "carol")).map(({ name, value }) => `${name}=${value}`), ["department=chemistry", "status=student"]);
    assert.equal((await enter(carol)).following, true);
    await refused(enter(bob), 403);
    const seen = await Promise.all([get(node.host, "/@carol"), get(node.host, "/users/carol"), people.bob.get(`/api/v1/accounts/${(await node.person("carol")).id}`)]);
    for (const one of seen) assert.doesNotMatch(JSON.stringify(one.text ?? one), /chemistry/);
    assert.equal((await people.carol.get("/api/fediflow/v1/attributes")).length, 2);
    await node.run("account", "export", "carol", join(work, "carol.tar"));
    assert.ok(/name,value\r?\n(.*\n)?department,chemistry/.test(readFileSync(join(work, "carol.tar"), "latin1")), "the export is without attributes");
    await node.runWith("account,name,value\ncarol,status,student\n", "attribute", "import", "-", "--replace");
    await until("carol is out", async () => !(await api("carol", "GET", `/${lab.id}`)).own.member);
    await refused(enter(carol), 403);
  });
  await suite.test("the node is whole", () => node.check());
});
