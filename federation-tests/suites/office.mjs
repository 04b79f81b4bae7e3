// A community is made, run, lived in and ended with a browser alone, without an app: what its people then see in theirs. And what
// each role is shown, and may do whatever it is shown.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser } from "../lib/person.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";

const OFFICE = "/auth/communities";
const API = "/api/fediflow/v1/communities";
const PASSWORD = "correct horse battery";

await run("office", async (suite) => {
  const node = await fediflow("north", { settings: { api: { rate: 100000 }, mail: { transport: "spool", from: "noreply@node.example" } } });
  suite.watch(() => node.troubles());
  const browsers = {}, apps = {};
  for (const name of ["olga", "mona", "bob", "carol"]) {
    await node.addPerson(name);
    apps[name] = await signIn(node, name);
    browsers[name] = new Browser(node);
    await browsers[name].submit(await browsers[name].get(OFFICE), "sign_in", { login: name, password: PASSWORD });
  }
  const { olga, mona, bob } = browsers;
  let id;
  const page = (browser = olga) => browser.get(`${OFFICE}?community=${id}`);
  const community = () => apps.olga.get(`${API}/${id}`);
  const form = ({ forms }, step, key, value) => forms.find(({ values }) => values.step === step && (key === undefined || values[key] === value));
  // as a person does it: the form as it stands on the page, and what they type
  const act = async (browser, step, fields = {}, status = 200) => {
    const answer = await browser.submit(await page(browser), step, fields);
    assert.equal(answer.status, status, answer.text.match(/role="alert">([^<]*)/)?.[1]);
    return answer;
  };
  const follow = async (name) => apps[name].post(`/api/v1/accounts/${id}/follow`, {});
  const accountOf = async (name) => (await apps.olga.get(`/api/v1/accounts/lookup?acct=${name}`)).id;

  await suite.test("who is not signed in is asked to, and nobody has an office at first", async () => {
    assert.match((await new Browser(node).get(OFFICE)).text, /name="password"/);
    assert.match((await olga.get(OFFICE)).text, /You are in no community/);
    assert.match((await olga.get("/auth/account")).text, /href="\/auth\/communities"/);
  });
  await suite.test("a community is made by a form", async () => {
    const wrong = await olga.submit(await olga.get(OFFICE), "make", { name: "No Spaces" });
    assert.equal(wrong.status, 422);
    assert.match(wrong.text, /a name is made of a to z/);
    assert.equal((await olga.submit(await olga.get(OFFICE), "make", { name: "bob" })).status, 409);
    assert.match((await olga.submit(await olga.get(OFFICE), "make", { name: "support" })).text, /that name is reserved/);
    await assert.rejects(apps.olga.post(API, { name: "support" }), ({ status }) => status === 422);
    const made = await olga.submit(await olga.get(OFFICE), "make", { name: "botany", title: "Botany", description: "All about plants" });
    assert.match(made.text, /<h1>Botany<\/h1>/);
    ({ id } = await apps.olga.get(`${API}/lookup?name=botany`));
    assert.match((await olga.get(OFFICE)).text, new RegExp(`community=${id}"`));
  });
  await suite.test("settings are saved as they stand, and what is empty is inherited", async () => {
    await act(olga, "change", { kind: "course", join: "request", premoderated: "yes", slow: "0", rules: "Be kind\r\nBe brief\r\n", flairs: "Question=#3366cc", languages: "en, de" });
    const { settings } = await community();
    assert.deepEqual([settings.kind, settings.join, settings.premoderated], ["course", "request", true]);
    assert.deepEqual(settings.rules, ["Be kind", "Be brief"]);
    assert.deepEqual(settings.languages, ["en", "de"]);
    // sent again as it is shown, it stays as it is
    await act(olga, "change");
    assert.deepEqual((await community()).settings, settings);
    await act(olga, "change", { description: "Plants, and <b>mosses</b>" });
    assert.match((await olga.get("/@botany")).text, /Plants, and &lt;b&gt;mosses/);
    const bad = await act(olga, "change", { slow: "never" }, 422);
    assert.match(bad.text, /a number of seconds/);
    assert.equal((await community()).settings.slow_seconds ?? 0, 0);
  });
  await suite.test("it gets an icon and a banner, which everybody sees", async () => {
    const empty = Buffer.alloc(0);
    await act(olga, "pictures", { avatar: picture(40, 40), avatar_description: "A leaf", header: empty });
    await act(olga, "pictures", { avatar: empty, header: picture(90, 30), header_description: "A wood" });
    const { account } = await community();
    assert.deepEqual([account.avatar_description, account.header_description], ["A leaf", "A wood"]);
    for (const url of [account.avatar, account.header]) {
      assert.match(url, /\/media\/files\//);
      assert.ok((await bob.get("/@botany")).text.includes(new URL(url).pathname));
    }
    const wrong = await act(olga, "pictures", { avatar: Buffer.from("<script>alert(1)</script>"), header: empty }, 422);
    assert.match(wrong.text, /role="alert"/);
    const large = await act(olga, "pictures", { avatar: Buffer.alloc(6 << 20, "x"), header: empty }, 413);
    assert.match(large.headers["content-type"], /text\/html/);
    assert.match(large.text, /larger than this page takes: at most 4 MiB/);
    await act(olga, "pictures", { header_gone: "1" });
    assert.deepEqual([(await community()).account.avatar, (await community()).account.header.includes("missing")], [account.avatar, true]);
  });
  await suite.test("who asks to join is let in or turned away", async () => {
    await follow("bob");
    await follow("carol");
    const bobs = await accountOf("bob"), carols = await accountOf("carol");
    let shown = await page();
    await olga.post(`${OFFICE}?community=${id}`, form(shown, "refuse", "account", carols).values);
    shown = await page();
    await olga.post(`${OFFICE}?community=${id}`, form(shown, "admit", "account", bobs).values);
    assert.match((await page()).text, /Nobody waits to be let in/);
    const [relation] = await apps.bob.get(`/api/v1/accounts/relationships?id[]=${id}`);
    assert.equal(relation.following, true);
  });
  await suite.test("posts wait there, and are approved or refused with a reason", async () => {
    const first = await apps.bob.post("/api/v1/statuses", { status: "@botany May I ask about mosses?" });
    const second = await apps.bob.post("/api/v1/statuses", { status: "@botany buy now" });
    let shown = await page();
    assert.match(shown.text, /May I ask about mosses/);
    await apps.bob.put(`/api/v1/statuses/${first.id}`, { status: "@botany May I ask about ferns?" });
    const stale = await olga.post(`${OFFICE}?community=${id}`, form(shown, "approve", "id", first.id).values);
    assert.equal(stale.status, 409);
    assert.match(stale.text, /changed meanwhile[^]*May I ask about ferns/);
    shown = await page();
    await olga.post(`${OFFICE}?community=${id}`, form(shown, "approve", "id", first.id).values);
    shown = await page();
    await olga.post(`${OFFICE}?community=${id}`, { ...form(shown, "reject", "id", second.id).values, reason: "no adverts" });
    assert.match((await page()).text, /No post waits/);
    assert.deepEqual((await apps.olga.get(`${API}/${id}/posts`)).map((post) => post.id), [first.id]);
  });
  await suite.test("a link invites with a role, is shown once, and can be ended", async () => {
    const made = await act(olga, "invite", { role: form(await page(), "invite").values.role, days: "7", uses: "1" });
    const link = made.text.match(/<code class="code">([^<]*)/)[1];
    assert.doesNotMatch((await page()).text, /<code class="code"/);
    const joined = await mona.submit(await mona.get(link.slice(node.host.base.length)), "join");
    assert.match(joined.text, /Botany/);
    await act(olga, "invite");
    await act(olga, "uninvite");
    assert.deepEqual((await apps.olga.get(`${API}/${id}/invitations`)).filter(({ uses }) => uses === 0), []);
  });
  await suite.test("roles are made, given and taken back", async () => {
    const shown = await page();
    const fresh = shown.forms.find(({ values }) => values.step === "role" && values.id === undefined);
    const answer = await olga.post(fresh.action, { ...fresh.values, name: "Tutor", position: "5", "p-pin": "1", "p-approve": "1" });
    assert.equal(answer.status, 303);
    const tutor = (await apps.olga.get(`${API}/${id}/roles`)).find(({ name }) => name === "Tutor");
    assert.deepEqual(tutor.permissions.sort(), ["approve", "pin"]);
    await act(olga, "appoint", { who: "@mona", role: tutor.id });
    assert.match((await page()).text, /mona.*Tutor/s);
    // she sees her part of it, and no other
    const hers = await page(mona);
    assert.match(hers.text, /Posts that wait/);
    assert.equal(form(hers, "ban"), undefined);
    const token = hers.forms.find(({ values }) => values.token)?.values.token ?? (await mona.get(OFFICE)).forms[0].values.token;
    for (const [step, fields] of [["ban", { who: "bob" }], ["change", { title: "Mine" }], ["appoint", { who: "mona", role: "4" }], ["close", { who: "botany" }], ["invite", {}], ["transfer", { who: "mona" }], ["role", { name: "x", position: "1" }]])
      assert.ok([403, 409].includes((await mona.post(`${OFFICE}?community=${id}`, { step, token, ...fields })).status), step);
    assert.equal((await community()).title ?? "Botany", "Botany");
    await act(olga, "appoint", { who: "nobody", role: tutor.id }, 409);
  });
  await suite.test("members have a room there, strangers nothing, and nobody a form that is not theirs", async () => {
    const bobs = await page(bob);
    assert.deepEqual(bobs.forms.map(({ values }) => values.step), ["leave_community"]);
    assert.equal((await page(browsers.carol)).status, 404);
    const { token } = form(await olga.get(OFFICE), "make").values;
    assert.equal((await bob.post(`${OFFICE}?community=${id}`, { step: "change", token, title: "Mine" })).status, 403);
    assert.equal((await olga.post(`${OFFICE}?community=${id}`, { step: "nothing", token })).status, 400);
    assert.equal((await olga.get(`${OFFICE}?community=%00`)).status, 400);
    assert.equal((await olga.get(`${OFFICE}?community=99999999999999999999`)).status, 200);
    assert.equal((await olga.get(`${OFFICE}?community=1`)).status, 404);
  });
  const vote = async (browser, fields, status = 200) => {
    const answer = await act(browser, "vote", fields, status);
    return status === 200 ? answer.text.match(/<code class="code">([0-9a-f]{32})</)[1] : undefined;
  };
  const result = async (question) => {
    const found = (await apps.olga.get(`${API}/${id}/consultations`)).find((one) => one.question === question);
    return { ...found, ...(await apps.olga.get(`/api/fediflow/v1/consultations/${found.id}`)) };
  };
  await suite.test("a consultation is called and voted in, each with a receipt that changes a vote", async () => {
    await act(olga, "call", { question: "Where to?", options: "Hills", days: "7" }, 422);
    await act(olga, "call", { question: "Where to?", options: "Hills\nMoor\nSea", days: "0" }, 422);
    await act(olga, "call", { question: "Where to?", options: "Hills\r\nMoor\r\nSea", days: "7", method: "ranked" });
    assert.equal((await result("Where to?")).method, "ranked");
    await vote(bob, { "c-1": "2", "c-2": "2" }, 422);
    await vote(bob, { "c-1": "nine" }, 422);
    const receipt = await vote(bob, { "c-3": "1", "c-1": "2" });
    assert.doesNotMatch((await page(bob)).text, new RegExp(receipt));
    await vote(bob, { "c-1": "1", receipt: "0".repeat(32) }, 409);
    assert.equal(await vote(bob, { "c-1": "1", receipt }), receipt);
    await vote(mona, { "c-2": "1" });
    assert.equal((await result("Where to?")).turnout, 2);
    // who is not in it does not vote, whatever they send
    const { token } = (await browsers.carol.get(OFFICE)).forms[0].values;
    const found = await result("Where to?");
    assert.equal((await browsers.carol.post(`${OFFICE}?community=${id}`, { step: "vote", token, id: found.id, "c-1": "1" })).status, 404);
    assert.equal((await result("Where to?")).turnout, 2);
    assert.equal(form(await page(bob), "cancel"), undefined);
    await act(olga, "cancel");
    assert.equal((await result("Where to?")).state, "cancelled");
  });
  await suite.test("one that is over tells who has won, and leads to all votes", async () => {
    // by the API, which knows smaller times than days
    const soon = await apps.olga.post(`${API}/${id}/consultations`, { question: "Which day?", options: ["Friday", "Sunday"], closes_at: new Date(Date.now() + 3000).toISOString() });
    await vote(bob, { "c-2": "1" });
    await until("it is over", async () => (await apps.olga.get(`/api/fediflow/v1/consultations/${soon.id}`)).state === "closed");
    const { text } = await page(bob);
    assert.match(text, /<strong> <span dir="auto">Sunday<\/span><\/strong>: 1 vote/);
    const [, path] = text.match(/href="([^"]*\/result)"/);
    assert.equal(JSON.parse((await bob.get(path)).text).papers.length, 1);
  });
  await suite.test("links are shared, and taken away by who may", async () => {
    await act(olga, "share", { title: "Flora", url: "javascript:alert(1)" }, 422);
    await act(olga, "share", { title: "Flora of the <moor>", url: "https://flora.example/moor", description: "All of it" });
    const { text, forms } = await page(bob);
    assert.match(text, /<a href="https:\/\/flora\.example\/moor"[^>]*>Flora of the &lt;moor&gt;<\/a>/);
    assert.equal(forms.find(({ values }) => values.step === "unshare"), undefined);
    await act(olga, "unshare");
    assert.doesNotMatch((await page(bob)).text, /flora\.example/);
  });
  await suite.test("events are seen and joined", async () => {
    const event = await apps.olga.post(`${API}/${id}/events`, { title: "A walk", starts_at: new Date(Date.now() + 864e5).toISOString(), place: "The old bridge", join: "free" });
    assert.match((await page(bob)).text, /A walk.*The old bridge/s);
    await act(bob, "join");
    assert.match((await page(bob)).text, /1 takes part.*You take part/s);
    await act(bob, "leave");
    assert.match((await page(bob)).text, /0 take part/);
    assert.equal((await apps.olga.get(`/api/fediflow/v1/events/${event.id}`)).id, event.id);
  });
  await suite.test("who is banned is told for how long, and may come back", async () => {
    await act(olga, "ban", { who: "bob@elsewhere.example", days: "3", reason: "rude" }, 409);
    await act(olga, "ban", { who: `@bob@${node.host.authority}`, days: "3", reason: "rude" });
    assert.match((await page()).text, /rude/);
    assert.deepEqual(await apps.bob.get("/api/v1/lists"), []);
    await act(olga, "unban");
    await follow("bob");
    await act(olga, "admit");
    await act(olga, "put_out", { who: "bob" });
    assert.equal((await apps.bob.get(`/api/v1/accounts/relationships?id[]=${id}`))[0].following, false);
  });
  await suite.test("who is a member by attribute hears when that ends, on every way, and when it does not", async () => {
    const letters = () => {
      const folder = join(node.folder, "data", "mail");
      return existsSync(folder) ? readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")) : [];
    };
    const letter = (subject) => until(`a letter: ${subject}`, () => letters().find((text) => text.includes(`Subject: Chemistry: ${subject}`)));
    const news = (ends) => until("a notice of it", async () => (await apps.bob.get("/api/v1/notifications")).find(({ type, membership }) => type === "membership" && ends(membership)));
    await node.run("account", "email", "bob", "bob@home.example");
    const made = await olga.submit(await olga.get(OFFICE), "make", { name: "chemistry", title: "Chemistry" });
    assert.match(made.text, /<h1>Chemistry<\/h1>/);
    const { id: chemistry } = await apps.olga.get(`${API}/lookup?name=chemistry`);
    const settings = (grace) => olga.get(`${OFFICE}?community=${chemistry}`).then((shown) => olga.submit(shown, "change", { join: "attribute", conditions: "department=chemistry", match: "any", others: "no", grace }));
    await settings("3");
    await node.run("attribute", "add", "bob", "department=chemistry");
    await apps.bob.post(`/api/v1/accounts/${chemistry}/follow`, {});
    const room = () => bob.get(`${OFFICE}?community=${chemistry}`);
    const own = async () => (await apps.bob.get(`${API}/${chemistry}`)).own;
    assert.doesNotMatch((await room()).text, /Your membership ends/);
    assert.equal((await own()).membership_ends_at, null);
    await node.run("attribute", "remove", "bob", "department=chemistry");
    const told = await news(({ ends_at }) => ends_at !== null);
    assert.equal(told.account.username, "chemistry");
    assert.equal(told.membership.ended, false);
    assert.ok(Math.abs(Date.parse(told.membership.ends_at) - Date.now() - 3 * 864e5) < 60_000, told.membership.ends_at);
    assert.equal((await own()).membership_ends_at, told.membership.ends_at);
    assert.match((await room()).text, /Your membership ends <time/);
    // to an app that does not know the word it is told in words
    const [{ fallback }] = await apps.bob.get("/api/v1/notifications?types[]=membership&supported_types[]=mention");
    assert.match(`${fallback.title} ${fallback.summary}`, /^Chemistry has news of your membership It ends: /);
    assert.match(await letter("your membership will end"), /your membership\s+ends on/);
    // nobody else is told what somebody's attributes have come to
    assert.equal((await apps.olga.get(`${API}/${chemistry}/members`)).find(({ account }) => account.username === "bob").membership_ends_at, null);
    await node.run("attribute", "add", "bob", "department=chemistry");
    await news(({ ends_at }) => ends_at === null);
    assert.match(await letter("your membership goes on"), /does\s+not end/);
    assert.equal((await own()).membership_ends_at, null);
    await settings("0");
    await node.run("attribute", "remove", "bob", "department=chemistry");
    await news(({ ended }) => ended);
    assert.match(await letter("your membership has ended"), /no member/);
    assert.equal((await room()).status, 404);
  });
  await suite.test("it is handed over, and deleted by who types its name", async () => {
    await act(olga, "transfer", { who: "mona" });
    const hers = await page(mona);
    assert.match(hers.text, /Your role in it: owner/);
    assert.equal(form(await page(), "close"), undefined);
    await act(mona, "close", { who: "botanics" }, 422);
    const ended = await mona.submit(await page(mona), "close", { who: "botany" });
    assert.match(ended.text, /You are in no community/);
    await until("it is gone", async () => (await olga.get("/@botany")).status === 404 || (await olga.get("/@botany")).status === 410);
  });
  await suite.test("the node is whole", () => node.check());
});
