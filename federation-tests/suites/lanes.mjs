// Reports in lanes: what a plain app reports reaches the staff of the community, goes up to the node and down again, and who has
// reported hears of it once. Strikes of communities with their reasons and appeals, and what stands of all that in the record.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRestAPIClient } from "masto";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { count, Lemming, received } from "../lib/lemmy.mjs";
import { mailServer } from "../lib/mailserver.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser } from "../lib/person.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";

const BASE = "/api/fediflow/v1";
const ADMIN = "read write admin:read admin:write";

await run("lanes", async (suite) => {
  const [server, one] = await Promise.all([mailServer("two"), rawPeer("one")]);
  const plenty = { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 };
  const node = await fediflow("north", { settings: { api: plenty, ...(server && { mail: server.settings }) } });
  suite.watch(() => node.troubles());
  const people = {}, rest = {}, id = {};
  for (const name of ["alice", "bob", "carol", "dora", "mona"]) {
    await node.runWith("a password of some length\n", "account", "create", name, "--password-stdin", "--email", `${name}@example.net`);
    if (name === "mona") await node.run("account", "role", "mona", "moderator");
    people[name] = await signIn(node, name, name === "mona" ? ADMIN : undefined);
    rest[name] = createRestAPIClient({ url: node.host.base, accessToken: people[name].token });
    id[name] = (await rest[name].v1.accounts.verifyCredentials()).id;
  }
  const { alice, bob, carol, mona } = people;
  const refused = (promise, ...statuses) => assert.rejects(promise, ({ status, statusCode }) => statuses.includes(status ?? statusCode));
  const letters = (to, subject, fits = () => true) => server.wait(`${to}@example.net`, ({ headers, body }) => headers.subject.startsWith(subject) && fits(body));
  const told = async (name, type) => (await rest[name].v1.notifications.list({ types: [type] })).length;
  const tea = await alice.post(`${BASE}/communities`, { name: "tea", title: "Tea" });
  const lane = `${BASE}/communities/${tea.id}`;
  for (const name of ["bob", "carol", "dora"]) await rest[name].v1.accounts.$select(tea.id).follow();
  const post = (text, more) => rest.bob.v1.statuses.create({ status: `@tea ${text}`, ...more });
  const report = (status, more = {}) => rest.carol.v1.reports.create({ accountId: id.bob, statusIds: [status.id], comment: "rude", ...more });

  // --- lanes ---

  let thread, first;
  await suite.test("what a plain app reports reaches the staff of the community, and them alone", async () => {
    thread = await post("You are all wrong");
    first = await report(thread, { category: "spam" });
    await until("alice hears of it", async () => (await told("alice", "admin.report")) === 1);
    assert.equal(await told("mona", "admin.report"), 0);
    const [shown] = await alice.get(`${lane}/reports`);
    assert.deepEqual([shown.id, shown.lane, shown.comment, shown.category, shown.account.id, shown.target_account.id], [first.id, tea.id, "rude", "spam", id.carol, id.bob]);
    assert.deepEqual(shown.statuses.map((status) => status.id), [thread.id]);
    for (const name of ["bob", "carol", "mona"]) await refused(people[name].get(`${lane}/reports`), 403);
    // the node's moderators see that it is there, and whose it is
    const [seen] = await mona.get("/api/v1/admin/reports");
    assert.deepEqual([seen.id, seen.lane], [first.id, tea.id]);
    await refused(mona.post(`/api/v1/admin/reports/${first.id}/resolve`), 403);
    await refused(mona.post(`${BASE}/admin/reports/${first.id}/notes`, { text: "mine" }), 403);
  });
  await suite.test("legal matters, what is about staff, and what is about no community go to the node", async () => {
    const own = await rest.alice.v1.statuses.create({ status: "@tea mine" });
    const outside = await rest.bob.v1.statuses.create({ status: "elsewhere" });
    const lanes = [
      await report(thread, { category: "legal" }),
      await rest.carol.v1.reports.create({ accountId: id.alice, statusIds: [own.id] }),
      await rest.carol.v1.reports.create({ accountId: id.bob, statusIds: [outside.id, thread.id] }),
      await rest.carol.v1.reports.create({ accountId: id.bob }),
    ];
    const all = await mona.get("/api/v1/admin/reports");
    for (const { id: one } of lanes) assert.equal(all.find(({ id: other }) => other === one).lane, null);
    assert.equal(await told("mona", "admin.report"), 4);
    assert.deepEqual((await alice.get(`${lane}/reports`)).map(({ id: one }) => one), [first.id]);
    await refused(alice.get(`${lane}/reports/${lanes[0].id}`), 404);
    await refused(alice.post(`${lane}/reports/${lanes[1].id}/resolve`), 404);
  });
  await suite.test("staff notes, assigns, escalates; the node hands down; each sees what was done", async () => {
    await alice.ask("PUT", `${lane}/members/${id.dora}/role`, { role: "moderator" });
    const noted = await alice.post(`${lane}/reports/${first.id}/notes`, { text: "Not the first time" });
    const note = noted.history.at(-1);
    assert.deepEqual([note.type, note.text, note.account.id], ["note", "Not the first time", id.alice]);
    await refused(people.dora.ask("DELETE", `${lane}/reports/${first.id}/notes/${note.id}`), 403);
    await refused(alice.post(`${lane}/reports/${first.id}/notes`, { text: "x".repeat(2001) }), 422);
    await refused(alice.post(`${lane}/reports/${first.id}/assign`, { account_id: id.mona }), 422);
    assert.equal((await alice.post(`${lane}/reports/${first.id}/assign`, { account_id: id.dora })).assigned_account.id, id.dora);
    await refused(alice.post(`${lane}/reports/${first.id}/escalate`, {}), 422);
    assert.deepEqual(await alice.post(`${lane}/reports/${first.id}/escalate`, { reason: "Too hot for us" }), {});
    await refused(alice.get(`${lane}/reports/${first.id}`), 404);
    await until("mona hears of it", async () => (await told("mona", "admin.report")) === 5);
    const there = await mona.get(`${BASE}/admin/reports/${first.id}`);
    assert.deepEqual([there.lane, there.assigned_account], [null, null]);
    assert.deepEqual(there.history.map(({ type, text }) => [type, text]), [["note", "Not the first time"], ["assign", null], ["escalate", "Too hot for us"]]);
    const down = await mona.post(`${BASE}/admin/reports/${first.id}/hand_down`, { reason: "You know them best" });
    assert.equal(down.lane, tea.id);
    await until("its staff hears of it", async () => (await told("alice", "admin.report")) === 2 && (await told("dora", "admin.report")) === 1);
    const [legal] = (await mona.get("/api/v1/admin/reports")).filter(({ category }) => category === "legal");
    await refused(mona.post(`${BASE}/admin/reports/${legal.id}/hand_down`, { reason: "no" }), 422);
  });
  await suite.test("it is resolved in its lane, and who has reported hears so once", async () => {
    assert.equal((await carol.get(`${BASE}/reports/${first.id}`)).action_taken, false);
    await refused(bob.get(`${BASE}/reports/${first.id}`), 404);
    assert.equal((await people.dora.post(`${lane}/reports/${first.id}/resolve`)).action_taken_by_account.id, id.dora);
    assert.equal((await carol.get(`${BASE}/reports/${first.id}`)).action_taken, true);
    if (server !== undefined) assert.match((await letters("carol", "Your report was looked at")).body, /look after Tea have looked at it/);
    await alice.post(`${lane}/reports/${first.id}/reopen`);
    assert.equal((await alice.get(`${lane}/reports`)).length, 1);
    // an app that knows no lanes takes it up by assigning it
    assert.equal((await mona.post(`/api/v1/admin/reports/${first.id}/assign_to_self`)).lane, null);
    await mona.post(`/api/v1/admin/reports/${first.id}/resolve`);
    await node.settles();
    if (server !== undefined) assert.equal(server.messages().filter(({ to, headers }) => to.includes("carol@example.net") && headers.subject.startsWith("Your report")).length, 1);
  });
  await suite.test("somebody is reported to a community by its name, with no post", async () => {
    const to = (name, account_id) => people[name].post("/api/v1/reports", { account_id, community_id: tea.id, comment: "all day" });
    await refused(to("carol", id.mona), 422);
    await refused(to("mona", id.bob), 403);
    const before = await told("alice", "admin.report");
    const made = await to("carol", id.bob);
    assert.equal((await alice.get(`${lane}/reports/${made.id}`)).target_account.id, id.bob);
    assert.equal((await carol.get(`${BASE}/reports/${made.id}`)).community_id, tea.id);
    await until("alice hears of it", async () => (await told("alice", "admin.report")) === before + 1);
    await alice.post(`${lane}/reports/${made.id}/resolve`);
  });

  // --- strikes ---

  const warnings = async (name) => (await people[name].get("/api/v1/notifications?types[]=moderation_warning")).map((notice) => notice.moderation_warning);
  await suite.test("a community warns with a preset of its own; a plain app reads who, what and why", async () => {
    const preset = await alice.post(`${lane}/presets`, { title: "Tone", text: "Mind your tone." });
    await refused(bob.get(`${lane}/presets`), 403);
    const strike = await alice.post(`${lane}/members/${id.bob}/actions`, { type: "warn", preset_id: preset.id, text: "Please." });
    assert.deepEqual([strike.action, strike.text, strike.community_id, strike.account.id], ["warn", "Mind your tone.\n\nPlease.", tea.id, id.alice]);
    const [warning] = await warnings("bob");
    assert.deepEqual([warning.action, warning.text, warning.community.action, warning.community.id], ["none", "Tea: you were warned.\n\nMind your tone.\n\nPlease.", "warn", tea.id]);
    assert.equal((await alice.get(`${lane}/members/${id.bob}`)).strikes, 1);
    if (server !== undefined) assert.match((await letters("bob", "A decision in Tea")).body, /the community Tea[^]*Mind your tone\.[^]*appeal until/);
    await refused(carol.post(`${lane}/members/${id.bob}/actions`, { type: "warn" }), 403);
    await refused(alice.post(`${lane}/members/${id.bob}/actions`, { type: "suspend" }), 422);
    await refused(people.dora.post(`${lane}/members/${id.alice}/actions`, { type: "warn" }), 403);
  });
  await suite.test("a report is answered by taking the post out, with a strike", async () => {
    const other = await post("Buy this");
    const filed = await report(other);
    const strike = await alice.post(`${lane}/members/${id.bob}/actions`, { type: "remove", report_id: filed.id, text: "An advertisement." });
    assert.deepEqual(strike.status_ids, [other.id]);
    assert.equal((await carol.get(`${BASE}/reports/${filed.id}`)).action_taken, true);
    await refused(carol.get(`/api/fediflow/v1/communities/${tea.id}/reports`), 403);
    assert.ok(!(await carol.get(`${lane}/posts?sort=new`)).some(({ id: one }) => one === other.id));
    const [warning] = await warnings("bob");
    assert.deepEqual([warning.action, warning.community.action, warning.status_ids], ["delete_statuses", "remove", [other.id]]);
    // restoring it by another way lifts the strike
    await alice.post(`${lane}/posts/${other.id}/restore`);
    assert.equal((await alice.get(`${lane}/strikes?account_id=${id.bob}`))[0].undone, true);
    assert.equal((await alice.get(`${lane}/members/${id.bob}`)).strikes, 1);
  });
  let ban;
  await suite.test("a ban is appealed to the owners, and then to the node, which lifts it", async () => {
    ban = await alice.post(`${lane}/members/${id.bob}/actions`, { type: "ban", duration: 86400, text: "Once too often." });
    assert.ok(Date.parse(ban.until) > Date.now());
    await refused(post("still here?"), 403);
    await refused(post("still here?", { inReplyToId: thread.id }), 403);
    await refused(bob.post(`${BASE}/strikes/${ban.id}/escalate`), 404, 422);
    assert.equal((await bob.post(`${BASE}/strikes/${ban.id}/appeal`, { text: "It was a joke" })).appeal.state, "pending");
    await refused(bob.post(`${BASE}/strikes/${ban.id}/appeal`, { text: "Really" }), 422);
    if (server !== undefined) await letters("alice", "Somebody appeals", (body) => body.includes("It was a joke"));
    assert.deepEqual((await alice.get(`${lane}/strikes?appealed=true`)).map(({ id: one }) => one), [ban.id]);
    for (const name of ["dora", "bob"]) await refused(people[name].post(`${lane}/strikes/${ban.id}/approve`), 403);
    await refused(mona.post(`${BASE}/admin/appeals/${ban.id}/approve`), 403);
    assert.deepEqual((await mona.get(`${BASE}/admin/appeals`)).map(({ id: one }) => one), [ban.id]);
    assert.equal((await alice.post(`${lane}/strikes/${ban.id}/reject`)).appeal.state, "rejected");
    const [own] = await bob.get(`${BASE}/strikes`);
    assert.deepEqual([own.id, own.may_escalate, own.account], [ban.id, true, null]);
    assert.equal((await bob.post(`${BASE}/strikes/${ban.id}/escalate`)).appeal.escalated, true);
    await refused(alice.post(`${lane}/strikes/${ban.id}/approve`), 403);
    assert.equal((await mona.post(`${BASE}/admin/appeals/${ban.id}/approve`)).undone, true);
    await rest.bob.v1.accounts.$select(tea.id).follow();
    await post("I am back");
    if (server !== undefined) assert.match((await letters("bob", "Your appeal was approved")).body, /taken back/);
  });
  await suite.test("somebody elsewhere is warned by a letter, and removals reach them in Lemmy's shape", async () => {
    const lem = new Lemming(one, "lem");
    one.page("/inbox", (_, response) => response.writeHead(202).end());
    const group = (await node.person("tea")).uri;
    assert.equal(await lem.send(node, { ...lem.actor.activity("Follow", group), to: [group] }), 202);
    await lem.received("the Accept", ({ type, actor }) => type === "Accept" && actor === group);
    const page = lem.page("leaf", group);
    assert.equal(await lem.act(node, "Create", page, group), 202);
    const there = await node.seesPost(page.id);
    const who = (await node.showPost(page.id)).author_id ?? (await alice.get(`/api/v1/statuses/${there.id}`)).account.id;
    await alice.post(`${lane}/members/${who}/actions`, { type: "warn", text: "Be <kind>" });
    const letter = await received(one, "the letter", ({ type, actor, object }) => type === "Create" && actor === group && object?.type === "Note");
    assert.deepEqual(letter.object.to, [lem.id]);
    assert.match(letter.object.content, /warn you: Be &lt;kind&gt;/);
    assert.ok(![...(letter.to ?? []), ...(letter.cc ?? [])].some((to) => /Public/.test(to)));
    await alice.post(`${lane}/members/${who}/actions`, { type: "remove", status_ids: [there.id], text: "no leaves" });
    const gone = await received(one, "the removal", (a) => a.type === "Announce" && a.object?.type === "Delete" && a.object.object === page.id);
    assert.equal(gone.object.summary, "no leaves");
    await alice.post(`${lane}/members/${who}/actions`, { type: "ban", duration: 3600, text: "no" });
    const block = await received(one, "the ban", (a) => a.type === "Announce" && a.object?.type === "Block" && a.object.object === lem.id);
    assert.equal(block.object.target, group);
    assert.ok(Date.parse(block.object.endTime) > Date.now());
    assert.equal(count(one, ({ type, object }) => type === "Create" && object?.to?.includes?.("https://www.w3.org/ns/activitystreams#Public") && /warn you/.test(object?.content ?? "")), 0);
  });

  // --- the command line ---

  await suite.test("the operator acts in every lane, and communities have commands of their own", async () => {
    const filed = await report(await post("And again"));
    const handle = `tea@${node.host.authority}`;
    assert.equal((await node.run("reports", "--community", "tea"))[0].lane, handle);
    assert.ok((await node.run("reports", "--node")).every(({ lane: where }) => where === "node"));
    await node.run("reports", "note", filed.id, "From the operator");
    assert.equal((await node.run("reports", "escalate", filed.id, "let me see")).lane, "node");
    await assert.rejects(node.run("reports", "escalate", filed.id, "again"), /already/);
    const down = await node.run("reports", "hand-down", filed.id, "back");
    assert.deepEqual([down.lane, down.history.map(({ type }) => type)], [handle, ["note", "escalate", "hand_down"]]);
    const preset = await node.run("preset", "add", "Spam", "No spam.", "--community", "tea");
    assert.equal((await node.run("preset", "list", "--community", "tea")).length, 2);
    await node.run("account", "moderate", "bob", "remove", "--community", "tea", "--report", filed.id, "--preset", preset.id);
    const [strike] = await node.run("strikes", "bob", "--community", "tea");
    assert.deepEqual([strike.action, strike.reason, strike.community, strike.by], ["remove", "No spam.", handle, "operator"]);
    assert.ok((await node.run("reports", "show", filed.id)).resolved);
    await assert.rejects(node.run("account", "moderate", "bob", "suspend", "--community", "tea"), /none, remove, lock or ban/);
    await assert.rejects(node.run("account", "moderate", "bob", "ban"), /an action is none/);
  });

  await suite.test("staff of a community is shown no addresses by the API of the node's moderators, whatever its scopes", async () => {
    const filed = await report(await post("What a day"));
    const wide = await signIn(node, "alice", ADMIN);
    for (const [method, path] of [["GET", ""], ["POST", "/assign_to_self"], ["POST", "/unassign"], ["POST", "/resolve"], ["POST", "/reopen"], ["PUT", ""]])
      await refused(wide.ask(method, `/api/v1/admin/reports/${filed.id}${path}`, method === "GET" ? undefined : { category: "spam" }), 403);
    assert.ok(!(await node.run("reports", "show", filed.id)).resolved);
    await alice.post(`${lane}/reports/${filed.id}/resolve`);
  });

  // --- pages ---

  await suite.test("a browser is enough: staff notes, acts and passes on; the node decides; the person appeals", async () => {
    const browserOf = async (name, path) => {
      const browser = new Browser(node);
      await browser.submit(await browser.get(path), "sign_in", { login: name, password: "correct horse battery" });
      return browser;
    };
    const desk = "/auth/moderation";
    const filed = await report(await post("One more <b>advert</b>"));
    const path = `${desk}?report=${filed.id}`;
    const browser = await browserOf("alice", desk);
    const page = await browser.get(path);
    assert.match(page.text, /rude/);
    const form = (shown, step, id) => shown.forms.find(({ values }) => values.step === step && (id === undefined || values.id === id));
    assert.equal((await browser.post(path, { ...form(page, "note").values, token: "0".repeat(64), text: "no" })).status, 403);
    assert.equal((await browser.post(path, { ...form(page, "note").values, text: " " })).status, 422);
    await browser.post(path, { ...form(page, "note").values, text: "By <hand>" });
    assert.match((await browser.get(path)).text, /By &lt;hand&gt;/);
    await browser.post(path, { ...form(page, "sentence").values, what: "remove", text: "By hand." });
    assert.ok((await node.run("reports", "show", filed.id)).resolved);
    assert.ok(!(await browser.get(desk)).text.includes(`report=${filed.id}`));
    assert.match((await browser.get(`/auth/communities?community=${tea.id}`)).text, /What was done here.*report\.resolve/s);
    // nobody else sees that lane, nor acts in it
    const others = await browserOf("carol", desk);
    assert.equal((await others.get(path)).status, 404);
    assert.equal((await others.get(desk)).status, 404);
    // the person appeals on their page, the owner lets it stand, they go up, the node decides
    const bobs = await browserOf("bob", "/disputes/strikes");
    const disputes = await bobs.get("/disputes/strikes");
    assert.match(disputes.text, /In the community Tea/);
    const appeal = form(disputes, "appeal");
    assert.equal((await bobs.post("/disputes/strikes", { ...appeal.values, text: "It was no advert" })).status, 200);
    const lies = await browser.get(desk);
    for (const step of ["appeal_approve", "appeal_reject", "appeal_escalate"]) assert.ok(form(lies, step, appeal.values.id), step);
    await browser.post(desk, form(lies, "appeal_reject", appeal.values.id).values);
    const up = form(await bobs.get("/disputes/strikes"), "escalate");
    assert.equal(up.values.id, appeal.values.id);
    assert.equal((await bobs.post("/disputes/strikes", up.values)).status, 200);
    const monas = await browserOf("mona", desk);
    await monas.post(desk, form(await monas.get(desk), "appeal_approve", appeal.values.id).values);
    const [strike] = await node.run("strikes", "bob", "--community", "tea");
    assert.deepEqual([strike.id, strike.appeal, strike.undone], [appeal.values.id, "approved", true]);
  });

  // --- the record ---

  await suite.test("what its staff does is in the record, and its staff reads its own part", async () => {
    const rows = await alice.get(`${lane}/record?limit=80`);
    for (const { hash, content } of rows) {
      assert.equal(content.details.community, tea.id);
      assert.match(hash, /^[0-9a-f]{64}$/);
      // the spelling of RFC 8785: members in order, no blanks
      const canonical = (value) => (value !== null && typeof value === "object" ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}` : JSON.stringify(value));
      assert.equal(createHash("sha256").update(canonical(content)).digest("hex"), hash);
    }
    const acts = new Set(rows.map(({ content }) => content.act));
    for (const act of ["community.create", "community.appoint", "community.ban", "community.unban", "community.remove", "community.restore", "community.strike", "community.preset-add", "report.escalate", "report.hand-down", "report.note", "report.assign", "report.resolve", "appeal.reject"]) {
      assert.ok(acts.has(act), `${act} is missing: ${[...acts].join()}`);
    }
    const text = JSON.stringify(rows);
    for (const words of ["Mind your tone", "Not the first time", "It was a joke", "Too hot for us"]) assert.ok(!text.includes(words), words);
    await refused(bob.get(`${lane}/record`), 403);
    assert.ok((await node.run("audit", "show", "--community", "tea")).every(({ details }) => details.includes(tea.id)));
  });
  await suite.test("the public extract tells communities' acts as rows and counts, and of nobody", async () => {
    const rows = await node.run("audit", "show", "--public", "--limit", 1000);
    assert.ok(rows.some(({ act, by }) => act === "community.strike" && by === "community"));
    assert.ok(rows.every((row) => Object.keys(row).sort().join() === "act,at,by,hash,number,previous"));
    const counts = await node.run("audit", "count");
    assert.equal(counts.reduce((sum, { count: n }) => sum + n, 0), rows.length);
    assert.ok(counts.some(({ act, by, count: n }) => act === "community.strike" && by === "community" && n >= 5));
    assert.ok(!JSON.stringify(counts).includes(tea.id));
  });
  await suite.test("the record is whole, and so is the node", async () => {
    assert.equal((await node.run("audit", "verify")).sound, true);
    await node.settles();
    await node.check();
    assert.equal((await node.stop()).code, 0);
  });
});
