// Moderators of the node and staff of a community work with a browser alone: reports in their lanes, notes, what is decided, appeals,
// and who waits to be let in.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { Browser, registerApp } from "../lib/person.mjs";
import { run } from "../lib/tap.mjs";

const DESK = "/auth/moderation";
const COMMUNITIES = "/api/fediflow/v1/communities";
const PASSWORD = "correct horse battery";

await run("desk", async (suite) => {
  const node = await fediflow("north", { settings: { api: { rate: 100000 }, registrations: { mode: "approval", per_client: 1000, tries_per_client: 1000 }, mail: { transport: "spool", from: "noreply@node.example" } } });
  suite.watch(() => node.troubles());
  const browsers = {}, apps = {};
  for (const name of ["mod", "olga", "bob", "carol"]) {
    await node.addPerson(name);
    if (name === "mod") await node.run("account", "role", "mod", "moderator");
    apps[name] = await signIn(node, name);
    browsers[name] = new Browser(node);
    await browsers[name].submit(await browsers[name].get("/auth/account"), "sign_in", { login: name, password: PASSWORD });
  }
  const { mod, olga, bob } = browsers;
  const botany = await apps.olga.post(COMMUNITIES, { name: "botany", title: "Botany" });
  for (const name of ["bob", "carol"]) await apps[name].post(`/api/v1/accounts/${botany.id}/follow`, {});
  const idOf = async (name) => (await apps.olga.get(`/api/v1/accounts/lookup?acct=${name}`)).id;
  // reports what bob has said, and tells the number that the desk gives it
  const report = async (status, fields = {}) => {
    await apps.carol.post("/api/v1/reports", { account_id: await idOf("bob"), status_ids: [status.id], comment: `about ${status.id}`, ...fields });
    const list = await mod.get(DESK);
    const row = list.text.split("<article").find((part) => part.includes(`about ${status.id}`));
    return row.match(/report=(\d+)/)[1];
  };
  const page = (browser, id) => browser.get(`${DESK}?report=${id}`);
  const act = async (browser, id, step, fields = {}, status = 200) => {
    const answer = await browser.submit(await page(browser, id), step, fields);
    assert.equal(answer.status, status, answer.text.match(/role="alert">([^<]*)/)?.[1]);
    return answer;
  };
  const stepsOf = ({ forms }) => forms.map(({ values }) => values.step);

  await suite.test("only those who moderate have a desk", async () => {
    assert.equal((await bob.get(DESK)).status, 404);
    assert.match((await mod.get(DESK)).text, /No report waits for you/);
    assert.match((await olga.get(DESK)).text, /No report waits for you/);
    assert.match((await mod.get("/auth/account")).text, /href="\/auth\/moderation"/);
    assert.doesNotMatch((await bob.get("/auth/account")).text, /href="\/auth\/moderation"/);
    assert.match((await new Browser(node).get(DESK)).text, /name="password"/);
  });
  let thread, id;
  await suite.test("a report about a community's thread lies on the desk of its staff, and the node looks", async () => {
    thread = await apps.bob.post("/api/v1/statuses", { status: "@botany Your mosses are <ugly>" });
    id = await report(thread);
    assert.match((await olga.get(DESK)).text, new RegExp(`report=${id}`));
    const hers = await page(olga, id);
    assert.match(hers.text, /mosses are &lt;ugly&gt;/);
    assert.ok(stepsOf(hers).includes("sentence"));
    assert.deepEqual(stepsOf(await page(mod, id)).filter((step) => step !== "unnote"), ["escalate"]);
    assert.equal((await page(bob, id)).status, 404);
  });
  await suite.test("it is looked after, noted upon, and the note taken away by who wrote it", async () => {
    await act(olga, id, "assign");
    assert.match((await page(olga, id)).text, /olga.*looks after it/s);
    await act(olga, id, "note", { text: "He did so before" });
    const seen = await page(mod, id);
    assert.match(seen.text, /He did so before/);
    assert.ok(!stepsOf(seen).includes("unnote"));
    await act(olga, id, "unnote");
    assert.doesNotMatch((await page(olga, id)).text, /He did so before/);
    await act(olga, id, "note", { text: "" }, 422);
  });
  await suite.test("it goes up with a reason, and comes down with one", async () => {
    await act(olga, id, "escalate", { text: "I know him" });
    assert.equal((await page(olga, id)).status, 404);
    const his = await page(mod, id);
    assert.match(his.text, /I know him/);
    assert.match(his.text, /<option value="suspend">/);
    await act(mod, id, "hand_down", { text: "It is small" });
    assert.match((await page(olga, id)).text, /It is small/);
  });
  await suite.test("the community decides: the post goes, he is told why, and the reporter what came of it", async () => {
    const { token } = (await page(olga, id)).forms[0].values;
    // what is the node's alone is no choice of hers, whatever she sends
    assert.equal((await olga.post(`${DESK}?report=${id}`, { step: "sentence", token, what: "suspend" })).status, 422);
    await act(olga, id, "sentence", { what: "remove", text: "Be kind to mosses" });
    assert.deepEqual(await apps.carol.get(`${COMMUNITIES}/${botany.id}/posts`), []);
    assert.match((await bob.get("/disputes/strikes")).text, /Be kind to mosses/);
    assert.ok(!stepsOf(await page(olga, id)).includes("sentence"));
    assert.doesNotMatch((await olga.get(DESK)).text, new RegExp(`report=${id}`));
  });
  await suite.test("he appeals, and an owner lets it stand or takes it back", async () => {
    const strikes = await bob.get("/disputes/strikes");
    await bob.submit(strikes, "appeal", { text: "They are" });
    const lies = await olga.get(DESK);
    assert.match(lies.text, /They are/);
    await olga.submit(lies, "appeal_approve");
    await until("it is back", async () => (await apps.carol.get(`${COMMUNITIES}/${botany.id}/posts`)).length === 1);
    assert.doesNotMatch((await olga.get(DESK)).text, /They are/);
  });
  await suite.test("what is said elsewhere, or is a legal matter, is the node's", async () => {
    const plain = await apps.bob.post("/api/v1/statuses", { status: "buy now" });
    const one = await report(plain, { category: "spam" });
    assert.equal((await page(olga, one)).status, 404);
    await act(mod, one, "sentence", { what: "silence", text: "No adverts here" });
    assert.match((await bob.get("/disputes/strikes")).text, /No adverts here/);
    const other = await apps.bob.post("/api/v1/statuses", { status: "@botany once more" });
    const legal = await report(other, { category: "legal" });
    assert.equal((await page(olga, legal)).status, 404);
    await act(mod, legal, "resolve");
    await act(mod, legal, "reopen");
    await act(mod, legal, "resolve");
  });
  await suite.test("who waits to be let in is let in, or turned away", async () => {
    await newcomer(node, "dora", "I study <moss>");
    await newcomer(node, "evil", "buy now");
    const lies = await mod.get(DESK);
    assert.match(lies.text, /I study &lt;moss&gt;/);
    assert.doesNotMatch((await olga.get(DESK)).text, /I study/);
    const forms = lies.forms.filter(({ values }) => values.step === "approve");
    assert.equal(forms.length, 2);
    const row = lies.text.split('<div class="draft">').find((part) => part.includes("I study"));
    const account = row.match(/name="account" value="(\d+)"/)[1];
    await mod.post(DESK, forms.find(({ values }) => values.account === account).values);
    const rest = await mod.get(DESK);
    assert.equal(rest.forms.filter(({ values }) => values.step === "approve").length, 1);
    await mod.submit(rest, "reject");
    assert.equal((await mod.get(DESK)).forms.length, 0);
    const { token } = lies.forms[0].values;
    assert.equal((await olga.post(DESK, { step: "approve", token, account })).status, 403);
  });
  await suite.test("all that is open is on one page or another, by lane and for the node", async () => {
    const zoology = await apps.olga.post(COMMUNITIES, { name: "zoology", title: "Zoology" });
    await apps.bob.post(`/api/v1/accounts/${zoology.id}/follow`, {});
    const said = [];
    for (const name of ["botany", "zoology"]) said.push(await apps.bob.post("/api/v1/statuses", { status: `@${name} again and again` }));
    const filed = [];
    for (let i = 0; i < 60; i++) filed.push((await apps.carol.post("/api/v1/reports", { account_id: said[0].account.id, status_ids: [said[i % 2].id] })).id);
    await apps.olga.post(`${COMMUNITIES}/${botany.id}/reports/${filed[0]}/resolve`, {});
    const open = filed.slice(1).reverse();
    for (const browser of [mod, olga]) {
      const seen = [];
      for (let path = DESK; path !== undefined; ) {
        const { text } = await browser.get(path);
        seen.push(...[...text.matchAll(/\?report=(\d+)/g)].map(([, one]) => one));
        path = text.match(/href="(\/auth\/moderation\?before=\d+)"/)?.[1];
      }
      assert.deepEqual(seen, open);
    }
    for (const [{ id: community }, half] of [[botany, 0], [zoology, 1]]) {
      const seen = [];
      for (let page = [{}]; page.length !== 0; ) {
        page = await apps.olga.get(`${COMMUNITIES}/${community}/reports?limit=7${seen.length !== 0 ? `&max_id=${seen.at(-1)}` : ""}`);
        seen.push(...page.map(({ id: one }) => one));
      }
      assert.deepEqual(seen, filed.filter((_, i) => i % 2 === half && i !== 0).reverse());
    }
    const resolved = await apps.olga.get(`${COMMUNITIES}/${botany.id}/reports?resolved=true`);
    assert.ok(resolved.some(({ id: one }) => one === filed[0]) && resolved.every(({ action_taken }) => action_taken));
    assert.equal((await node.run("reports", "--community", "zoology", "--open", "--limit", "100")).length, 30);
  });
  await suite.test("the record of all of it is whole", async () => {
    await node.run("audit", "verify");
    await node.check();
  });
});

// Somebody signs up by an app, with an address that the operator knows to be theirs.
async function newcomer(node, name, reason) {
  const app = await registerApp(node, "read write");
  const { client_id, client_secret } = app.registered;
  const { access_token } = await app.must("POST", "/oauth/token", { grant_type: "client_credentials", client_id, client_secret, scope: "read write" });
  app.token = access_token;
  await app.must("POST", "/api/v1/accounts", { username: name, email: `${name}@people.example`, password: PASSWORD, agreement: true, locale: "en", reason });
  await node.run("account", "email", name, `${name}@people.example`);
}
