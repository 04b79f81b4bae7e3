// What moderators do about people: strikes with their reasons, appeals, follows that blocks end, lists of hosts, and the record
// of all that, which shows when somebody touches it.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "../lib/journal.mjs";
import { mailServer } from "../lib/mailserver.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser, signIn } from "../lib/person.mjs";
import { Openapi, schemaIsThere } from "../walk/openapi.mjs";
import { fitsSchema } from "../lib/schemas.mjs";
import { run } from "../lib/tap.mjs";

const PASSWORD = "a password of some length";
const USAGE = 2;
const STORAGE = 70;
const ADMIN_SCOPES = "read write admin:read admin:write";

await run("moderation", async (suite) => {
  const server = await mailServer("one");
  const north = await fediflow("north", { settings: server && { mail: server.settings } });
  const south = await fediflow("south");
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  for (const name of ["mona", "alice", "bob", "carol"]) {
    await north.runWith(`${PASSWORD}\n`, "account", "create", name, "--password-stdin", "--email", `${name}@example.net`);
  }
  await north.run("account", "role", "mona", "moderator");
  await south.addPerson("sue");
  const sue = await south.person("sue");
  const id = Object.fromEntries(await Promise.all(["mona", "alice", "bob", "carol"].map(async (name) => [name, (await north.person(name)).id])));
  const mona = await signIn(north, "mona", PASSWORD, ADMIN_SCOPES);
  const alice = await signIn(north, "alice", PASSWORD);
  const bob = await signIn(north, "bob", PASSWORD);
  const browser = new Browser(north);
  const schema = schemaIsThere ? new Openapi() : undefined;
  const fits = (entity, body) => assert.deepEqual(schema?.entity(entity, body) ?? [], [], JSON.stringify(body));
  const letters = (to, subject) => server.wait(`${to}@example.net`, ({ headers }) => headers.subject.startsWith(subject));
  const act = (who, body) => mona.must("POST", `/api/v1/admin/accounts/${id[who]}/action`, body);
  const warnings = async (app) => (await app.must("GET", "/api/v1/notifications?types[]=moderation_warning")).map((notice) => notice.moderation_warning);
  const record = (...options) => north.run("audit", "show", ...options);
  const signedIn = async (name) => {
    const page = await browser.get("/disputes/strikes");
    return browser.submit(page, "sign_in", { login: name, password: PASSWORD });
  };

  // --- strikes ---

  await suite.test("a warning is told by a notification, in both forms, and on a page", async () => {
    const preset = await north.run("preset", "add", "Tone", "Please mind your tone.");
    assert.deepEqual((await north.run("preset", "list")).map(({ title }) => title), ["Tone"]);
    await act("alice", { type: "none", text: "This is the first time.", warning_preset_id: preset.id });
    const [notice] = await alice.must("GET", "/api/v1/notifications?types[]=moderation_warning");
    fits("Notification", notice);
    const { moderation_warning: warning } = notice;
    assert.equal(warning.action, "none");
    assert.equal(warning.text, "Please mind your tone.\n\nThis is the first time.");
    assert.deepEqual([warning.target_account.id, warning.appeal, warning.status_ids], [id.alice, null, null]);
    const grouped = await alice.must("GET", "/api/v2/notifications?types[]=moderation_warning");
    fits("GroupedNotificationsResults", grouped);
    assert.equal(grouped.notification_groups[0].moderation_warning.id, warning.id);
    assert.deepEqual(await warnings(bob), []);
    const page = await signedIn("alice");
    assert.match(page.text, /Please mind your tone\./);
    assert.match(page.text, /You were warned\./);
  });
  if (server !== undefined) {
    await suite.test("and by a letter with the reasons", async () => {
      const { body } = await letters("alice", "A decision about your account");
      for (const words of ["you are warned", "Please mind your tone.", "A person has decided this", "appeal until"]) assert.ok(body.includes(words), `${words}: ${body}`);
    });
  }
  await suite.test("what cannot be done is refused", async () => {
    const refuse = async (status, who, body) => {
      const answer = await mona.ask("POST", `/api/v1/admin/accounts/${who}/action`, body);
      assert.equal(answer.status, status, `${JSON.stringify(body)}: ${answer.text}`);
      assert.ok(answer.json.error);
    };
    await refuse(422, id.alice, { type: "ban" });
    await refuse(404, id.alice, { type: "silence", report_id: "7" });
    await refuse(404, id.alice, { type: "none", warning_preset_id: "7" });
    await refuse(404, "7", { type: "none" });
    await refuse(403, id.mona, { type: "none" });
    assert.equal((await bob.ask("POST", `/api/v1/admin/accounts/${id.alice}/action`, { type: "none" })).status, 403);
    assert.equal((await north.run("strikes", "alice")).length, 1);
  });

  // --- posts ---

  await suite.test("posts of a report are covered, here and elsewhere, and an appeal uncovers them", async () => {
    await south.follow("sue", (await north.person("alice")).uri);
    await north.seesPerson("alice", ({ followers }) => followers === 1);
    const post = await alice.must("POST", "/api/v1/statuses", { status: "Look at this" });
    const other = await south.seesPost(post.uri);
    assert.equal(other.sensitive, false);
    const report = await bob.must("POST", "/api/v1/reports", { account_id: id.alice, status_ids: [post.id], comment: "ugh", category: "violation" });
    await act("alice", { type: "mark_statuses_as_sensitive", report_id: report.id, text: "Cover such pictures." });
    await south.seesPost(post.uri, ({ sensitive }) => sensitive);
    const [warning] = await warnings(alice);
    assert.deepEqual([warning.action, warning.status_ids], ["mark_statuses_as_sensitive", [post.id]]);
    assert.equal((await mona.must("GET", `/api/v1/admin/reports/${report.id}`)).action_taken, true);
    const [strike] = await north.run("strikes", "alice");
    await north.run("appeal", "file", "alice", strike.id, "It is a sunset");
    assert.deepEqual((await warnings(alice))[0].appeal, { text: "It is a sunset", state: "pending" });
    const decided = await north.run("appeal", "approve", strike.id);
    assert.deepEqual([decided.appeal, decided.undone], ["approved", true]);
    await south.seesPost(post.uri, ({ sensitive }) => !sensitive);
    assert.equal((await warnings(alice))[0].appeal.state, "approved");
  });
  if (server !== undefined) {
    await suite.test("who has reported hears the outcome, and who has appealed", async () => {
      assert.match((await letters("bob", "Your report was looked at")).body, /have acted/);
      assert.match((await letters("mona", "Somebody appeals")).body, /It is a sunset/);
      assert.match((await letters("alice", "Your appeal was approved")).body, /taken back/);
    });
  }
  await suite.test("a post that is deleted is gone everywhere", async () => {
    const post = await alice.must("POST", "/api/v1/statuses", { status: "Buy this" });
    await south.seesPost(post.uri);
    await act("alice", { type: "delete_statuses", status_ids: [post.id], send_email_notification: false });
    await until("it is gone in the south", async () => (await south.knows(post.uri)) === null);
    assert.equal((await alice.ask("GET", `/api/v1/statuses/${post.id}`)).status, 404);
  });

  // --- appeals ---

  await suite.test("an appeal is sent from the page, once", async () => {
    await act("alice", { type: "silence", text: "Once more." });
    const page = await browser.get("/disputes/strikes");
    const form = page.forms.find(({ values }) => values.step === "appeal");
    assert.equal((await browser.post(form.action, { ...form.values, token: "0".repeat(64), text: "no" })).status, 403);
    assert.equal((await browser.post(form.action, { ...form.values, text: " " })).status, 422);
    const sent = await browser.post(form.action, { ...form.values, text: "I did <nothing>" });
    assert.equal(sent.status, 200);
    assert.match(sent.text, /Your appeal was sent\./);
    assert.match(sent.text, /I did &lt;nothing&gt;/);
    assert.equal((await browser.post(form.action, { ...form.values, text: "again" })).status, 409);
    const [open] = await north.run("strikes", "--appealed");
    assert.deepEqual([open.id, open.appeal_text], [form.values.id, "I did <nothing>"]);
    const rejected = await north.run("appeal", "reject", open.id);
    assert.deepEqual([rejected.appeal, rejected.undone], ["rejected", false]);
    assert.equal((await mona.must("GET", `/api/v1/admin/accounts/${id.alice}`)).silenced, true);
    await assert.rejects(north.run("appeal", "approve", open.id), /decided, before/);
  });
  if (server !== undefined) {
    await suite.test("who is suspended appeals with the letter alone, and comes back", async () => {
      await act("bob", { type: "suspend", text: "You are a robot." });
      assert.equal((await bob.ask("GET", "/api/v1/notifications")).status, 401);
      const { body } = await letters("bob", "A decision about your account");
      const [, path] = body.match(/https?:\/\/[^/]+(\/disputes\/appeal\?token=[\w-]+)/);
      const stranger = new Browser(north);
      const page = await stranger.get(path);
      assert.match(page.text, /You are a robot\./);
      assert.equal((await stranger.get(path.replace(/.$/, (last) => (last === "A" ? "B" : "A")))).status, 410);
      const sent = await stranger.submit(page, "appeal", { text: "I am human" });
      assert.equal(sent.status, 200, sent.text);
      const [open] = await north.run("strikes", "--appealed");
      await north.run("appeal", "approve", open.id);
      assert.equal((await mona.must("GET", `/api/v1/admin/accounts/${id.bob}`)).suspended, false);
    });
  }

  // --- lost follows ---

  const severed = async (app) => (await app.must("GET", "/api/v1/notifications?types[]=severed_relationships")).map(({ event }) => event);
  await suite.test("a preview says what a block would end", async () => {
    await north.follow("alice", sue.uri);
    await until("sue is followed", async () => (await north.run("following", "alice")).some(({ state }) => state === "accepted"));
    const would = await north.run("peer", "block", south.host.authority, "--preview");
    assert.deepEqual(would, { host: south.host.authority, people: 1, followers: 1, following: 1 });
    assert.equal((await north.person("alice")).followers, 1);
  });
  await suite.test("who blocks a host hears what they lost, and has a list", async () => {
    await alice.must("POST", "/api/v1/domain_blocks", { domain: south.host.authority });
    const [event] = await severed(alice);
    assert.deepEqual([event.type, event.target_name, event.followers_count, event.following_count, event.purged], ["user_domain_block", south.host.authority, 1, 1, false]);
    await alice.must("DELETE", `/api/v1/domain_blocks?domain=${encodeURIComponent(south.host.authority)}`);
  });
  await suite.test("who loses follows by a block of the node hears of it, and takes the lists", async () => {
    await north.follow("alice", sue.uri);
    await south.follow("sue", (await north.person("alice")).uri);
    await until("sue is followed again", async () => (await north.run("following", "alice")).some(({ state }) => state === "accepted"));
    await north.seesPerson("alice", ({ followers }) => followers === 1);
    await mona.must("POST", "/api/v1/admin/domain_blocks", { domain: south.host.authority, severity: "suspend" });
    const event = await until("it is told", async () => (await severed(alice)).find(({ type }) => type === "domain_block"));
    fits("RelationshipSeveranceEvent", event);
    assert.deepEqual([event.target_name, event.followers_count, event.following_count], [south.host.authority, 1, 1]);
    const grouped = await alice.must("GET", "/api/v2/notifications?types[]=severed_relationships");
    fits("GroupedNotificationsResults", grouped);
    assert.equal(grouped.notification_groups[0].event.id, event.id);
    assert.equal((await north.person("alice")).followers, 0);
    const page = await browser.get("/severed_relationships");
    assert.ok(page.text.includes(`This server has blocked ${south.host.authority}`), page.text);
    const list = (which, by = browser) => by.get(`/severed_relationships/${event.id}/${which}.csv`);
    const following = await list("following");
    assert.match(following.headers["content-type"], /^text\/csv/);
    assert.equal(following.text, `Account address,Show boosts,Notify on new posts,Languages\nsue@${south.host.authority},true,false,\n`);
    assert.equal((await list("followers")).text, `Account address\nsue@${south.host.authority}\n`);
    assert.equal((await list("secrets")).status, 404);
    const stranger = new Browser(north);
    await stranger.submit(await stranger.get("/severed_relationships"), "sign_in", { login: "carol", password: PASSWORD });
    assert.equal((await list("following", stranger)).status, 404);
    assert.ok((await list("following", new Browser(north))).forms.some(({ values }) => values.step === "sign_in"));
  });

  // --- lists of hosts ---

  await suite.test("decisions about hosts go out and come in as Mastodon writes them", async () => {
    const file = join(north.folder, "blocks.csv");
    const rows = [
      "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate",
      'bad.example,suspend,false,true,"spam, and ""worse""",true',
      "loud.example,silence,true,false,,false",
      "odd.example,noop,true,false,,false",
    ];
    writeFileSync(file, `${rows.join("\n")}\n`);
    assert.deepEqual(await north.run("peer", "import", file, "--preview"), { hosts: 3, new: 3, changed: 0, kept: 0, decided: false });
    assert.deepEqual(await north.run("peer", "import", file), { hosts: 3, new: 3, changed: 0, kept: 0, decided: true });
    const blocks = await mona.must("GET", "/api/v1/admin/domain_blocks");
    const bad = blocks.find(({ domain }) => domain === "bad.example");
    assert.deepEqual([bad.severity, bad.reject_media, bad.reject_reports, bad.public_comment, bad.obfuscate], ["suspend", false, true, 'spam, and "worse"', true]);
    assert.deepEqual(await north.run("peer", "import", file, "--replace"), { hosts: 3, new: 0, changed: 0, kept: 3, decided: true });
    writeFileSync(file, `${rows[0]}\nbad.example,silence,false,false,,false\n`);
    assert.equal((await north.run("peer", "import", file)).kept, 1);
    assert.equal((await north.run("peer", "import", file, "--replace")).changed, 1);
  });
  await suite.test("a list of allowed hosts blocks nobody", async () => {
    // as Mastodon writes domain_allows.csv
    const text = "#domain\nfriend.example\nally.example\n";
    for (const file of [text, "friend.example\n", "#domain,#public_comment\nfriend.example,a friend\n"])
      await assert.rejects(north.runWith(file, "peer", "import", "-"), (error) => error.code === USAGE && /--allowed/.test(error.message));
    await assert.rejects(north.runWith("#domain,#severity\nbad.example,suspend\n", "peer", "import", "-", "--allowed"), ({ code, message }) => code === USAGE && /list of blocks/.test(message));
    await assert.rejects(north.runWith(text, "peer", "import", "-", "--allowed", "--severity", "noop"), ({ code }) => code === USAGE);
    assert.equal((await north.runWith(text, "peer", "import", "-", "--allowed")).new, 2);
    const allowed = (await north.run("peer", "list")).filter(({ host }) => /friend|ally/.test(host));
    assert.deepEqual(allowed.map(({ policy }) => policy), ["allowed", "allowed"]);
    assert.deepEqual((await north.prints("", "peer", "export", "--allowed")).trim().split("\n").sort(), ["#domain", "ally.example", "friend.example"]);
    assert.equal((await north.runWith("quiet.example\n", "peer", "import", "-", "--severity", "silence")).new, 1);
    assert.equal((await north.run("peer", "list")).find(({ host }) => host === "quiet.example").policy, "limited");
    for (const host of ["friend.example", "ally.example", "quiet.example"]) await north.run("peer", "forget", host);
  });
  await suite.test("a list with a mistake is refused as a whole, with its line", async () => {
    for (const [text, why] of [
      ["#domain,#severity\nfine.example,suspend\nnew.example,ban\n", /line 3: a severity/],
      ["#domain,#reject_media\nfine.example,maybe\n", /line 2: #reject_media/],
      ["#severity\nsuspend\n", /line 1: no column is #domain/],
      ["#domain,#severity\nnot a host,suspend\n", /line 2: .*not a host/],
      [`#domain,#severity,#public_comment\nfine.example,suspend,${"x".repeat(4001)}\n`, /line 2: the comment is too long/],
      [`#domain,#severity\n${north.host.authority},suspend\n`, /line 2: this node cannot block itself/],
      ['#domain,#severity\n"fine.example\n', /line 2: a quote/],
    ]) {
      await assert.rejects(north.runWith(text, "peer", "import", "-"), (error) => error.code === USAGE && why.test(error.message));
    }
    const hosts = (await north.run("peer", "list")).map(({ host }) => host);
    assert.ok(!hosts.includes("fine.example"), hosts.join());
  });

  // --- the record ---

  await suite.test("every act is recorded, with who did it", async () => {
    const rows = await record("--limit", 1000);
    const acts = new Set(rows.map(({ act }) => act));
    for (const name of ["account.create", "account.role", "account.warn", "account.silence", "statuses.mark", "statuses.delete", "report.resolve", "appeal.approve", "appeal.reject", "preset.add", "host.decide"]) {
      assert.ok(acts.has(name), `${name} is missing: ${[...acts].join()}`);
    }
    assert.deepEqual(rows.map(({ number }) => number), rows.map((_, i) => rows.length - i));
    for (let i = 1; i < rows.length; i++) assert.equal(rows[i].hash, rows[i - 1].previous);
    for (const { content, hash } of rows) {
      assert.equal(createHash("sha256").update(content).digest("hex"), hash);
      fitsSchema(JSON.parse(content), "audit-row");
    }
    const [silenced] = await record("--act", "account.silence", "--by", "mona");
    assert.deepEqual([silenced.by_id, silenced.about], [id.mona, id.alice]);
    assert.ok((await record("--act", "account", "--by", "operator")).every(({ by }) => by === "operator"));
    assert.equal((await record("--about", "bad.example"))[0].act, "host.decide");
    assert.deepEqual(await record("--since", "2999-01-01"), []);
  });
  await suite.test("its public extract names nobody", async () => {
    const rows = await record("--public", "--limit", 1000);
    assert.deepEqual(Object.keys(rows[0]).sort(), ["act", "at", "by", "hash", "number", "previous"]);
    const text = JSON.stringify(rows);
    for (const secret of [...Object.keys(id), ...Object.values(id), "bad.example", south.host.authority]) assert.ok(!text.includes(`"${secret}`), secret);
  });
  await suite.test("it is checked from end to end, and against what was noted of it", async () => {
    const { sound, rows, head } = await north.run("audit", "verify");
    assert.equal(sound, true);
    assert.match(head, new RegExp(`^${rows}:[0-9a-f]{64}$`));
    await north.run("rule", "add", "Be kind");
    assert.equal((await north.run("audit", "verify", "--head", head)).rows, rows + 1);
    const other = head.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    await assert.rejects(north.run("audit", "verify", "--head", other), ({ code, message }) => code === STORAGE && new RegExp(`row ${rows} breaks`).test(message));
    await assert.rejects(north.run("audit", "verify", "--head", `${rows + 9}:${head.split(":")[1]}`), /is missing/);
    await assert.rejects(north.run("audit", "verify", "--head", "x"), ({ code }) => code === USAGE);
  });
  await suite.test("the nodes end when they are told to", async () => {
    for (const node of [north, south]) {
      const { code, signal } = await node.stop();
      assert.deepEqual({ code, signal }, { code: 0, signal: null });
      await node.check();
    }
  });
});
