// A team of an organisation: an author with toot, a reviewer, an editor, an analyst and an administrator, each signed in as
// themselves and acting for one account. What they may not do is refused; what they publish arrives elsewhere as the team's.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { createRestAPIClient } from "masto";
import { consentAt, givePassword, signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { Openapi, schemaIsThere } from "../walk/openapi.mjs";
import { Browser, authorizePath, registerApp } from "../lib/person.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { getJson } from "../lib/wire.mjs";
import { isPrivate, work } from "../lib/world.mjs";

const TOOT = "/usr/bin/toot";
const PASSWORD = "correct horse battery"; // of lib/client.mjs
const ROLES = { ada: "administrator", edi: "editor", abe: "author", ria: "reviewer", ann: "analyst" };
const STREAM_END_MS = 1000;

const exec = promisify(execFile);
const api = (team, ...rest) => ["/api/fediflow/v1/teams", team, ...rest].join("/");

async function refused(status, promise) {
  const error = await promise.then(() => assert.fail("it was not refused"), (reason) => reason);
  assert.equal(error.status ?? error.statusCode, status, String(error));
}

// toot, signed in for the team by the page of consent; nothing where it cannot be.
async function tootFor(node, name, team) {
  const installed = await exec(TOOT, ["--help"]).then(() => true, () => false);
  if (!installed || !isPrivate) return undefined;
  const folder = mkdtempSync(join(work, "toot-"));
  const options = { env: { ...process.env, XDG_CONFIG_HOME: folder, HOME: folder, REQUESTS_CA_BUNDLE: process.env.NODE_EXTRA_CA_CERTS, PYTHONUNBUFFERED: "1" } };
  const child = spawn(TOOT, ["login", "--instance", new URL(node.host.base).host, "--no-color"], options);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said += data));
  const url = await until("it tells where to go", () => said.match(/https:\S+\/oauth\/authorize\S+/)?.[0]);
  child.stdin.write("n\n");
  child.stdin.end(`${await consentAt(node.host.base, url.slice(node.host.base.length), name, team)}\n`);
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0, said);
  return async (...words) => (await exec(TOOT, [...words, "--no-color"], options)).stdout;
}

await run("team", async (suite) => {
  const settings = { api: { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 } };
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings })));
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  for (const name of [...Object.keys(ROLES), "eve"]) await north.addPerson(name);
  await south.addPerson("bob");
  const made = await north.run("team", "create", "desk", "--administrator", "ada", "--display-name", "The Desk");
  const team = String(made.id);
  for (const [name, role] of Object.entries(ROLES)) if (name !== "ada") await north.run("team", "add", "desk", name, role);
  for (const name of [...Object.keys(ROLES), "eve"]) await givePassword(north, name);
  const desk = await north.person("desk");
  const as = {};
  let own;
  const drafts = async (client = own) => client.get(api(team, "drafts"));
  // whoever decides says which text they saw
  const seen = async (id) => (await drafts()).find((draft) => draft.id === id).review.updated_at;
  const decide = async (client, id, verdict, body) => client.post(api(team, "drafts", id, verdict), { updated_at: await seen(id), ...body });
  const submit = (client, status, more = {}) => client.post("/api/v1/statuses", { status, ...more });

  await suite.test("the page of consent lets members choose whom an app acts as", async () => {
    const browser = new Browser(north);
    const asking = await registerApp(north, "read write");
    let page = await browser.submit(await browser.get(authorizePath(asking)), "sign_in", { login: "abe", password: PASSWORD });
    assert.match(page.text, /The Desk/);
    assert.match(page.text, /as author/);
    assert.match(page.text, new RegExp(`value="${team}"`));
    const stranger = new Browser(north);
    page = await stranger.submit(await stranger.get(authorizePath(asking)), "sign_in", { login: "eve", password: PASSWORD });
    assert.doesNotMatch(page.text, /The Desk/);
    const answer = await stranger.submit(page, "consent", { account: team });
    assert.equal(answer.status, 403);
    assert.doesNotMatch(answer.text, /class="code"/);
    for (const name of Object.keys(ROLES)) as[name] = await signIn(north, name, undefined, team);
    own = await signIn(north, "ria");
    for (const client of Object.values(as)) assert.equal((await client.get("/api/v1/accounts/verify_credentials")).username, "desk");
    assert.equal((await own.get("/api/v1/accounts/verify_credentials")).username, "ria");
  });

  await suite.test("nobody signs in as the team", async () => {
    await assert.rejects(north.runWith(`${PASSWORD}\n`, "account", "password", "desk"));
    const browser = new Browser(north);
    const asking = await registerApp(north, "read");
    const page = await browser.submit(await browser.get(authorizePath(asking)), "sign_in", { login: "desk", password: PASSWORD });
    assert.equal(page.status, 401);
  });

  await south.follow("bob", desk.uri);
  await until("bob follows", async () => (await north.person("desk")).followers === 1);
  const toot = await tootFor(north, "abe", team);
  let waiting, published;

  await suite.test("what the author posts with an ordinary app waits, and the app understands it", async () => {
    const heard = await own.events("/api/v1/streaming/user");
    if (toot) {
      assert.match(await toot("whoami"), /@desk/);
      assert.match(await toot("post", "Good mornin, everybody"), /scheduled for/i);
    } else {
      assert.equal((await submit(as.abe, "Good mornin, everybody")).params.text, "Good mornin, everybody");
    }
    [waiting] = await as.abe.get("/api/v1/scheduled_statuses");
    assert.equal(waiting.params.text, "Good mornin, everybody");
    assert.equal(waiting.review.state, "waiting");
    // the reviewer hears of it where she hears of everything else
    const told = await heard.heard.wait("a notification", ({ event, data }) => event === "notification" && /Good mornin/.test(data));
    assert.equal(JSON.parse(told.data).type, "mention");
    heard.close();
    assert.equal((await north.run("posts", "desk")).filter(({ visibility }) => visibility === "public").length, 0);
  });

  await suite.test("the answer is a ScheduledStatus and a Status, as the published schema has them", async () => {
    if (!schemaIsThere) return;
    const schema = new Openapi();
    const sent = await submit(as.abe, "For all kinds of apps", { spoiler_text: "w", visibility: "unlisted", language: "en" });
    for (const name of ["ScheduledStatus", "Status"]) assert.deepEqual(schema.entity(name, sent), [], name);
    for (const listed of await as.abe.get("/api/v1/scheduled_statuses")) assert.deepEqual(schema.entity("ScheduledStatus", listed), []);
    assert.deepEqual(schema.entity("ScheduledStatus", await as.abe.get(`/api/v1/scheduled_statuses/${sent.id}`)), []);
    await as.abe.ask("DELETE", `/api/v1/scheduled_statuses/${sent.id}`);
  });

  await suite.test("it is returned with a note, written again, and approved on the page of teams", async () => {
    for (const [status, client] of [[403, as.abe], [403, as.ann]]) {
      await refused(status, decide(client, waiting.id, "approve"));
      await refused(status, decide(client, waiting.id, "return", { note: "no" }));
    }
    const back = await decide(own, waiting.id, "return", { note: "a letter is missing" });
    assert.equal(back.review.state, "returned");
    await refused(409, decide(own, waiting.id, "approve"));
    const abes = await signIn(north, "abe");
    await until("abe has heard", async () => (await abes.get("/api/v1/notifications")).some(({ status }) => /a letter is missing/.test(status?.content)));
    await as.abe.ask("PUT", api(team, "drafts", waiting.id), { status: "Good morning, everybody", submit: true, updated_at: back.review.updated_at });
    const browser = new Browser(north);
    let page = await browser.submit(await browser.get("/auth/teams"), "sign_in", { login: "ria", password: PASSWORD });
    assert.match(page.text, /Good morning, everybody/);
    // between the look and the click somebody writes something else
    await as.abe.ask("PUT", api(team, "drafts", waiting.id), { status: "Good night, everybody", submit: true, updated_at: await seen(waiting.id) });
    const stale = await browser.submit(page, "approve");
    assert.equal(stale.status, 409);
    assert.match(stale.text, /changed meanwhile/);
    await as.abe.ask("PUT", api(team, "drafts", waiting.id), { status: "Good morning, everybody", submit: true, updated_at: await seen(waiting.id) });
    page = await browser.submit(await browser.get("/auth/teams"), "approve");
    assert.match(page.text, /It was changed/);
    published = (await as.edi.get(`/api/v1/accounts/${team}/statuses`)).find(({ content }) => content === "<p>Good morning, everybody</p>");
    assert.equal(published.posted_by.username, "abe");
    const notice = await until("abe has heard", async () => (await abes.get("/api/v1/notifications")).find(({ type }) => type === "status"));
    assert.equal(notice.status.id, published.id);
  });

  await suite.test("the page of teams is enough for who has no app, and lets nobody more than a role", async () => {
    const browsers = {};
    for (const name of ["abe", "ria"]) {
      browsers[name] = new Browser(north);
      await browsers[name].submit(await browsers[name].get("/auth/teams"), "sign_in", { login: name, password: PASSWORD });
    }
    const page = (name) => browsers[name].get("/auth/teams");
    const formOf = ({ forms }, step, draft) => forms.find(({ values }) => values.step === step && values.draft === draft);
    await browsers.abe.submit(await page("abe"), "write", { text: "Written on a page" });
    const { id } = (await drafts()).find(({ params }) => params.text === "Written on a page");
    assert.equal(formOf(await page("abe"), "approve", id), undefined);
    // a form that was not shown is refused, and so is one of elsewhere
    const { token } = formOf(await page("abe"), "drop", id).values;
    assert.equal((await browsers.abe.post("/auth/teams", { step: "approve", token, team, draft: id })).status, 403);
    assert.equal((await browsers.abe.post("/auth/teams", { step: "drop", token: "0".repeat(64), team, draft: id })).status, 403);
    assert.equal((await browsers.abe.post("/auth/teams", { step: "write", token, team, text: "" })).status, 409);
    await browsers.ria.post("/auth/teams", { ...formOf(await page("ria"), "return", id).values, note: "shorter" });
    assert.match((await page("abe")).text, /Note: shorter/);
    await browsers.abe.post("/auth/teams", { ...formOf(await page("abe"), "write", id).values, text: "On a page" });
    assert.equal((await own.get(api(team, "drafts", id))).review.state, "waiting");
    await browsers.abe.post("/auth/teams", formOf(await page("abe"), "drop", id).values);
    await refused(404, own.get(api(team, "drafts", id)));
  });

  await suite.test("nobody approves on the page what they have not seen", async () => {
    const { id } = await submit(as.abe, "Before");
    const browser = new Browser(north);
    const page = await browser.submit(await browser.get("/auth/teams"), "sign_in", { login: "ria", password: PASSWORD });
    const form = page.forms.find(({ values }) => values.step === "approve" && values.draft === id);
    await as.abe.ask("PUT", api(team, "drafts", id), { status: "After", submit: true, updated_at: await seen(id) });
    const answer = await browser.post("/auth/teams", form.values);
    assert.equal(answer.status, 409);
    assert.match(answer.text, /changed meanwhile/);
    assert.equal((await own.get(api(team, "drafts", id))).review.state, "waiting");
    const anew = answer.forms.find(({ values }) => values.step === "approve" && values.draft === id);
    assert.equal((await browser.post("/auth/teams", anew.values)).status, 303);
    assert.ok((await as.edi.get(`/api/v1/accounts/${team}/statuses`)).some(({ content }) => content === "<p>After</p>"));
  });

  const browsers = {};
  const page = (name, query = "") => browsers[name].get(`/auth/teams/desk${query}`);
  for (const name of ["ada", "abe", "eve"]) {
    browsers[name] = new Browser(north);
    await browsers[name].submit(await page(name), "sign_in", { login: name, password: PASSWORD });
  }
  await suite.test("members and their roles are looked after on a page, by who may, with its trail", async () => {
    const idOf = async (name) => String((await north.person(name)).id);
    const roles = async () => Object.fromEntries((await own.get(api(team, "members"))).map(({ account, role }) => [account.username, role]));
    const of = ({ forms }, step, account) => forms.find(({ values }) => values.step === step && values.account === account);
    const act = async (name, step, account, fields, status = 303) => {
      const form = of(await page(name), step, account);
      const answer = await browsers[name].post(form.action, { ...form.values, ...fields });
      assert.equal(answer.status, status, answer.text.match(/role="alert">([^<]*)/)?.[1]);
      return answer;
    };
    assert.equal((await page("eve")).status, 404);
    assert.equal((await browsers.ada.get("/auth/teams/nobody")).status, 404);
    assert.match((await browsers.ada.get("/auth/teams")).text, /href="\/auth\/teams\/desk"/);
    await act("ada", "give", undefined, { who: "eve", role: "reviewer" });
    assert.equal((await roles()).eve, "reviewer");
    await act("ada", "give", await idOf("eve"), { role: "analyst" });
    assert.equal((await roles()).eve, "analyst");
    await act("ada", "give", undefined, { who: "@nobody", role: "author" }, 409);
    await act("ada", "give", undefined, { who: "eve", role: "boss" }, 422);
    // an author is offered to leave, and nothing else; a form that was not shown is refused
    const abes = await page("abe");
    assert.deepEqual(abes.forms.map(({ values }) => values.step), ["remove"]);
    assert.doesNotMatch(abes.text, /What was done/);
    const { token } = abes.forms[0].values;
    for (const fields of [{ step: "give", who: "abe", role: "administrator" }, { step: "remove", account: await idOf("eve") }, { step: "set", credit: "everywhere" }, { step: "hand_over", who: "ria" }])
      assert.equal((await browsers.abe.post("/auth/teams/desk", { token, ...fields })).status, 403, fields.step);
    assert.equal((await browsers.abe.post("/auth/teams/desk", { token: "0".repeat(64), step: "remove", account: await idOf("abe") })).status, 403);
    // the last administrator stays
    assert.match((await act("ada", "remove", await idOf("ada"), {}, 409)).text, /last administrator/);
    await act("ada", "set", undefined, { credit: "public" });
    assert.equal((await own.get(api(team))).credit, "public");
    await act("ada", "set", undefined, { credit: "members" });
    const shown = (await page("ada")).text;
    assert.match(shown, /changed a role: .*eve/);
    assert.match(shown, /added a member: .*eve/);
    const older = shown.match(/rel="next" href="([^"]*)"/);
    if (older) assert.equal((await browsers.ada.get(older[1])).status, 200);
    // handed over, and back
    await act("ada", "hand_over", undefined, { who: "eve" });
    assert.deepEqual([(await roles()).ada, (await roles()).eve], ["editor", "administrator"]);
    await act("eve", "hand_over", undefined, { who: "ada" });
    await act("eve", "remove", await idOf("eve"), {});
    assert.equal((await roles()).eve, undefined);
    assert.equal((await page("eve")).status, 404);
  });

  await suite.test("who runs the node sees teams and reviews in a member's name", async () => {
    const { id } = await submit(as.abe, "By the command line");
    assert.ok((await north.run("team", "drafts", "desk")).some((row) => row.state === "waiting" && row.text === "By the command line"));
    await assert.rejects(north.run("team", "review", "desk", id, "--as", "abe"));
    await north.run("team", "review", "desk", id, "--as", "ria", "--return", "not yet");
    const before = await seen(id);
    await as.abe.ask("PUT", api(team, "drafts", id), { submit: true, updated_at: before });
    await assert.rejects(north.run("team", "review", "desk", id, "--as", "ria"), /--seen/);
    await assert.rejects(north.run("team", "review", "desk", id, "--as", "ria", "--seen", before), /changed meanwhile/);
    const { updated } = (await north.run("team", "drafts", "desk")).find((row) => String(row.id) === id);
    assert.equal((await north.run("team", "review", "desk", id, "--as", "ria", "--seen", updated)).state, "published");
    assert.ok((await north.run("team", "list")).some((row) => String(row.id) === team));
    await north.run("team", "set", "desk", "--four-eyes", "yes");
    assert.equal((await north.run("team", "show", "desk")).four_eyes, true);
    // four eyes are asked of the command line, too, and what is done by it stands in the trail
    await assert.rejects(north.run("post", "desk", "Alone"), /without-review/);
    const alone = await north.run("post", "desk", "Alone after all", "--without-review");
    await assert.rejects(north.run("edit", "desk", alone.id, "Alone"), /without-review/);
    await north.run("edit", "desk", alone.id, "Quite alone", "--without-review");
    await north.run("delete-post", "desk", alone.id);
    const entries = (await north.run("team", "log", "desk", "--limit", 10)).filter(({ about }) => String(about) === String(alone.id));
    assert.deepEqual(entries.map(({ act }) => act), ["post.delete", "post.edit", "post.publish"]);
    assert.ok(entries.every(({ who }) => (who ?? "") === ""));
    await north.run("team", "set", "desk", "--four-eyes", "no");
    await assert.rejects(north.run("team", "remove", "desk", "ada"));
    await assert.rejects(north.run("team", "add", "desk", "eve", "boss"));
    await assert.rejects(north.run("team", "create", "eve", "--administrator", "ada"));
  });

  await suite.test("it arrives at another node as the team's, without a word of who wrote it", async () => {
    const seen = await south.seesPost(published.uri);
    assert.match(JSON.stringify(seen), /desk@/);
    const note = await getJson(north.host, new URL(published.uri).pathname);
    assert.equal(note.attributedTo, desk.uri);
    assert.doesNotMatch(JSON.stringify(note), /abe|ria/);
    // nor is a stranger of this node told
    const eve = await signIn(north, "eve");
    assert.equal((await eve.get(`/api/v1/statuses/${published.id}`)).posted_by, undefined);
    const page = await new Browser(north).get(`/@desk/${published.id}`);
    assert.doesNotMatch(page.text, /Posted by/);
    await as.ada.ask("PATCH", api(team), { credit: "public" });
    assert.equal((await eve.get(`/api/v1/statuses/${published.id}`)).posted_by.username, "abe");
    assert.match((await new Browser(north).get(`/@desk/${published.id}`)).text, /Posted by/);
  });

  await suite.test("what a role does not permit is refused, whatever the app", async () => {
    const { id } = published;
    const bob = (await south.person("bob")).handle;
    const found = (await as.edi.get(`/api/v2/search?q=${bob}&resolve=true`)).accounts[0].id;
    const acts = [
      ["POST", "/api/v1/statuses", { status: "x" }, ["ria", "ann"]],
      ["POST", "/api/v1/statuses", { status: `@${bob} x`, visibility: "direct" }, ["abe", "ria", "ann"]],
      ["PUT", `/api/v1/statuses/${id}`, { status: "x" }, ["ria", "ann"]],
      ["DELETE", `/api/v1/statuses/${id}`, undefined, ["abe", "ria", "ann"]],
      ["POST", `/api/v1/statuses/${id}/reblog`, {}, ["abe", "ria", "ann"]],
      ["POST", `/api/v1/statuses/${id}/favourite`, {}, ["abe", "ria", "ann"]],
      ["POST", `/api/v1/statuses/${id}/pin`, {}, ["abe", "ria", "ann"]],
      ["POST", `/api/v1/accounts/${found}/follow`, {}, ["abe", "ria", "ann"]],
      ["POST", `/api/v1/accounts/${found}/block`, {}, ["abe", "ria", "ann"]],
      ["PATCH", "/api/v1/accounts/update_credentials", { note: "x" }, ["edi", "abe", "ria", "ann"]],
      ["GET", "/api/v1/conversations", undefined, ["abe", "ria", "ann"]],
      ["GET", "/api/v1/streaming/direct", undefined, ["abe", "ria", "ann"]],
      ["GET", api(team, "log"), undefined, ["edi", "abe", "ria", "ann"]],
      ["GET", api(team, "figures"), undefined, ["abe", "ria"]],
      ["PATCH", api(team), { four_eyes: false }, ["edi", "abe", "ria", "ann"]],
      ["POST", api(team, "members"), { account_id: found, role: "author" }, ["edi", "abe", "ria", "ann"]],
      ["GET", "/api/v1/admin/accounts", undefined, Object.keys(ROLES)],
    ];
    for (const [method, path, body, names] of acts) {
      for (const name of names) await refused(403, as[name].ask(method, path, body));
    }
    assert.equal((await as.ann.get(api(team, "figures"))).followers_count, 1);
    assert.equal((await as.edi.post(`/api/v1/statuses/${id}/favourite`)).favourited, true);
  });

  await suite.test("direct messages are read by those who answer them", async () => {
    const { id } = await south.post("bob", `@desk@${north.host.authority} a question`, "--visibility", "direct");
    assert.ok(id);
    const has = async (client) => (await client.get("/api/v1/notifications")).some(({ status }) => /a question/.test(status?.content)) || (await client.get("/api/v1/notifications?include_filtered=true")).some(({ status }) => /a question/.test(status?.content));
    await until("the editor sees it", () => has(as.edi));
    for (const name of ["abe", "ria", "ann"]) assert.equal(await has(as[name]), false);
  });

  await suite.test("four eyes are for everybody where the team wants that, for posts and for changes", async () => {
    await as.ada.ask("PATCH", api(team), { four_eyes: true });
    const masto = createRestAPIClient({ url: north.host.base, accessToken: as.edi.token });
    const sent = await masto.v1.statuses.create({ status: "From the editor" });
    assert.equal(sent.account.username, "desk");
    assert.ok((await masto.v1.scheduledStatuses.list()).some(({ id }) => id === sent.id));
    await refused(403, decide(as.edi, sent.id, "approve"));
    const post = await decide(own, sent.id, "approve");
    assert.match(post.content, /From the editor/);
    await south.seesPost(post.uri);
    const same = await masto.v1.statuses.$select(post.id).update({ status: "From the editors" });
    assert.match(same.content, /From the editor</);
    const change = (await drafts()).find(({ review }) => review.changes_status_id === post.id);
    await refused(403, decide(as.edi, change.id, "approve"));
    assert.match((await decide(as.ria, change.id, "approve")).content, /From the editors/);
    await south.seesPost(post.uri, (seen) => /From the editors/.test(JSON.stringify(seen)));
    await as.ada.ask("PATCH", api(team), { four_eyes: false });
  });

  await suite.test("media wait with what shows them, and stay with a change", async () => {
    const masto = createRestAPIClient({ url: north.host.base, accessToken: as.abe.token });
    const file = new Blob([picture(64, 48)], { type: "image/png" });
    const medium = await masto.v2.media.create({ file, description: "a slope" });
    const sent = await masto.v1.statuses.create({ status: "With a view", mediaIds: [medium.id] });
    assert.equal(sent.mediaAttachments[0].id, medium.id);
    await assert.rejects(masto.v1.statuses.create({ status: "twice", mediaIds: [medium.id] }));
    // who reviews it on the page sees the picture and what was said of it
    const browser = new Browser(north);
    const page = await browser.submit(await browser.get("/auth/teams"), "sign_in", { login: "ria", password: PASSWORD });
    const [, shown] = page.text.match(/<img loading="lazy" src="([^"]*)" alt="a slope"/);
    assert.equal((await fetch(shown)).headers.get("content-type").split("/")[0], "image");
    assert.match(page.text, /Description: a slope/);
    const post = await decide(own, sent.id, "approve");
    assert.equal(post.media_attachments[0].description, "a slope");
    // as apps send changes: with the media that it has, and with their words
    await masto.v1.statuses.$select(post.id).update({ status: "With the view", mediaIds: [medium.id], mediaAttributes: [{ id: medium.id, description: "a slope" }] });
    const change = (await drafts()).find(({ review }) => review.changes_status_id === post.id);
    const after = await decide(own, change.id, "approve");
    assert.match(after.content, /With the view/);
    assert.equal(after.media_attachments[0].id, medium.id);
    await south.seesPost(post.uri, (seen) => /With the view/.test(JSON.stringify(seen)));
  });

  await suite.test("a poll is drafted, shown to who reviews it, and asked elsewhere", async () => {
    const poll = { options: ["The old hall", "The new hall"], expires_in: 3600, multiple: true };
    const draft = await as.abe.post(api(team, "drafts"), { status: "Where shall we meet?", poll });
    assert.deepEqual(draft.params.poll.options, poll.options);
    const options = ["The old hall", "The garden"];
    const changed = await as.abe.ask("PUT", api(team, "drafts", draft.id), { poll: { options }, submit: true, updated_at: draft.review.updated_at });
    assert.deepEqual([changed.params.poll.options, changed.params.poll.multiple], [options, true]);
    const browser = new Browser(north);
    const page = await browser.submit(await browser.get("/auth/teams"), "sign_in", { login: "ria", password: PASSWORD });
    assert.match(page.text, /<li dir="auto">The garden<\/li>/);
    const post = await decide(own, draft.id, "approve");
    assert.deepEqual(post.poll.options.map(({ title }) => title), options);
    assert.match(JSON.stringify(await south.seesPost(post.uri)), /Where shall we meet/);
    const question = await getJson(north.host, new URL(post.uri).pathname);
    assert.deepEqual([question.type, question.anyOf.map(({ name }) => name)], ["Question", options]);
    // one that is taken away again
    const plain = await as.abe.post(api(team, "drafts"), { status: "No question", poll });
    const without = await as.abe.ask("PUT", api(team, "drafts", plain.id), { poll: { options: [] }, submit: true, updated_at: plain.review.updated_at });
    assert.equal(without.params.poll ?? null, null);
    assert.equal((await decide(own, plain.id, "approve")).poll, null);
  });

  await suite.test("what is approved is posted at its time and not before", async () => {
    const soon = new Date(Date.now() + 4000).toISOString();
    const draft = await as.abe.post(api(team, "drafts"), { status: "At its time", not_before: soon, submit: true });
    const approved = await decide(own, draft.id, "approve");
    assert.equal(approved.review.state, "scheduled");
    assert.equal(approved.review.not_before, soon);
    const post = await until("it is there", async () => (await as.edi.get(`/api/v1/accounts/${team}/statuses`)).find(({ content }) => content === "<p>At its time</p>"));
    assert.ok(Date.parse(post.created_at) >= Date.parse(soon), `${post.created_at} is before ${soon}`);
    assert.equal(post.posted_by.username, "abe");
  });

  await suite.test("who manages accounts makes teams, by an app and on the page, and they are heard elsewhere", async () => {
    const eve = await signIn(north, "eve");
    const words = { name: "press", display_name: "Press office", note: "News", four_eyes: true };
    const browser = new Browser(north);
    let page = await browser.submit(await browser.get("/auth/teams"), "sign_in", { login: "eve", password: PASSWORD });
    const offered = ({ forms }) => forms.find(({ values }) => values.step === "make");
    assert.equal(offered(page), undefined);
    await refused(403, eve.post("/api/fediflow/v1/teams", words));
    await north.run("account", "role", "eve", "moderator");
    await refused(422, eve.post("/api/fediflow/v1/teams", { ...words, name: "desk" }));
    await refused(422, eve.post("/api/fediflow/v1/teams", { ...words, name: "The Press" }));
    const press = await eve.post("/api/fediflow/v1/teams", words);
    assert.equal(press.role, "administrator");
    assert.equal(press.four_eyes, true);
    // signed with its own keys, known by its handle
    assert.equal((await getJson(north.host, new URL((await north.person("press")).uri).pathname)).type, "Organization");
    const edi = await north.person("edi");
    await eve.post(api(press.id, "members"), { account_id: edi.id, role: "editor" });
    const editor = await signIn(north, "edi", undefined, press.id);
    await south.follow("bob", (await north.person("press")).uri);
    await until("bob follows", async () => (await north.person("press")).followers === 1);
    const draft = await editor.post("/api/v1/statuses", { status: "Founded today" });
    const post = await eve.post(api(press.id, "drafts", draft.id, "approve"), { updated_at: draft.review.updated_at });
    assert.match(JSON.stringify(await south.seesPost(post.uri)), /press@/);
    // who acts for a team makes none
    await refused(403, editor.post("/api/fediflow/v1/teams", { ...words, name: "another" }));
    page = await browser.get("/auth/teams");
    const form = offered(page);
    assert.equal((await browser.post("/auth/teams", { ...form.values, name: "press" })).status, 409);
    page = await browser.submit(page, "make", { name: "library", title: "The Library", description: "Books" });
    assert.match(page.text, /It was changed/);
    assert.match(page.text, /The Library/);
    assert.equal((await north.run("team", "show", "library")).members[0].role, "administrator");
    const made = (await north.run("audit", "show")).filter(({ act }) => act === "account.create");
    assert.ok(made.length >= 2, JSON.stringify(made));
  });

  await suite.test("who leaves is signed out within a second, and hands over", async () => {
    const { id } = await as.abe.post(api(team, "drafts"), { status: "unfinished" });
    await refused(404, as.edi.get(api(team, "drafts", id)));
    const stream = await as.abe.socket("/api/v1/streaming?stream=user");
    const begun = performance.now();
    const edi = await north.person("edi");
    await as.ada.ask("DELETE", api(team, "members", (await north.person("abe")).id), { heir_id: edi.id });
    const { at } = await stream.ended;
    assert.ok(at - begun < STREAM_END_MS, `${at - begun} ms`);
    await refused(401, as.abe.get("/api/v1/accounts/verify_credentials"));
    assert.equal((await as.edi.get(api(team, "drafts", id))).params.text, "unfinished");
    if (toot) await assert.rejects(toot("post", "still here"));
    // a person's rights at the node are a token's, too
    const listening = await as.ann.socket("/api/v1/streaming?stream=user");
    const asked = performance.now();
    await north.run("account", "suspend", "ann");
    assert.ok((await listening.ended).at - asked < STREAM_END_MS + 2000);
    await refused(401, as.ann.get("/api/v1/timelines/home"));
    await refused(409, as.ada.ask("DELETE", api(team, "members", (await north.person("ada")).id)));
  });

  await suite.test("the trail has all of it, and only administrators read it", async () => {
    const log = await as.ada.get(`${api(team, "log")}?limit=200`);
    const acts = log.map(({ act }) => act);
    for (const act of ["app.allow", "draft.submit", "draft.return", "draft.approve", "post.publish", "post.edit", "team.set", "member.remove", "drafts.hand-over", "POST /api/v1/statuses/:id/favourite"]) {
      assert.ok(acts.includes(act), `no ${act} among ${[...new Set(acts)]}`);
    }
    const shown = await north.run("team", "log", "desk", "--limit", "1000");
    assert.equal(shown.length, log.length);
    assert.equal(shown.at(-1).act, "team.create");
    await north.check();
  });
});
