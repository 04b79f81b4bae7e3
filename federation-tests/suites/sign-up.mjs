// How people come to a node: by an app, by the page, by a moderator's word; who is kept out, and how often one may try.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import http from "node:http";
import { chromium } from "playwright-core";
import { until } from "../lib/journal.mjs";
import { mailServer } from "../lib/mailserver.mjs";
import { fediflow } from "../lib/node.mjs";
import { App, authorizePath, Browser, redeem, registerApp, signIn } from "../lib/person.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const PASSWORD = "a password of some length";
const PAGE = "/auth/sign_up";
const CHROMIUM = [process.env.FF_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const VERIFY = "/api/v1/accounts/verify_credentials";
const CONFIRMATIONS = "/api/v1/emails/confirmations";
const UNCONFIRMED = "Your login is missing a confirmed e-mail address";
const PENDING = "Your login is currently pending approval";

// An app with a token of its own (RFC 6749 section 4.4), and a person's who signs up by it.
async function newApp(node) {
  const app = await registerApp(node, "read write");
  const { client_id, client_secret } = app.registered;
  const answer = await app.must("POST", "/oauth/token", { grant_type: "client_credentials", client_id, client_secret, scope: "read write" });
  app.token = answer.access_token;
  return app;
}

const askOf = (username, more = {}) => ({ username, email: `${username}@example.net`, password: PASSWORD, agreement: true, locale: "en", ...more });

async function signUp(app, username, more) {
  const token = await app.must("POST", "/api/v1/accounts", askOf(username, more));
  assert.deepEqual([token.token_type, token.scope], ["Bearer", "read write"]);
  return new App(app.node, app.registered, token.access_token);
}

// As it comes from somewhere: the node believes its proxy, which is on this machine.
function from(node, client, method, path, { body, headers = {} } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: "127.0.0.1", port: node.port, method, path, agent: false, headers: { Host: node.host.authority, "X-Forwarded-For": client, "Content-Length": Buffer.byteLength(body ?? ""), ...headers } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode, text, headers: response.headers }));
    });
    request.on("error", reject);
    request.end(body ?? "");
  });
}

await run("sign-up", async (suite) => {
  const server = await mailServer("one");
  if (server === undefined) return suite.skip("signing up", "python3-aiosmtpd is not installed");
  const mail = server.settings;
  const linkOf = (node, letter) => {
    const link = new URL(letter.body.match(/https?:\/\/\S+token=\S+/)[0]);
    assert.ok(letter.body.includes(node.host.base));
    return link.pathname + link.search;
  };
  const confirm = async (node, address) => {
    const letter = await server.wait(address, ({ headers }) => /Confirm/.test(headers.subject));
    const browser = new Browser(node);
    return browser.submit(await browser.get(linkOf(node, letter)), "confirm");
  };
  const subject = (words) => ({ headers }) => headers.subject.startsWith(words);

  // --- whoever wants to ---

  const many = { per_client: 1000, tries_per_client: 1000 };
  const north = await fediflow("north", { settings: { mail, registrations: { mode: "open", ...many } } });
  suite.watch(() => north.troubles());
  const moderator = async (node) => {
    await node.runWith(`${PASSWORD}\n`, "account", "create", "boss", "--password-stdin", "--email", `boss@${node.name}.example`);
    await node.run("account", "role", "boss", "moderator");
    return signIn(node, "boss", PASSWORD, "read write admin:read admin:write");
  };
  const boss = await moderator(north);
  const app = await newApp(north);

  await suite.test("the instance says that everybody may", async () => {
    const { registrations } = await app.must("GET", "/api/v2/instance");
    assert.deepEqual(registrations, { enabled: true, approval_required: false, reason_required: false, message: null, url: null, min_age: null });
    const old = await app.must("GET", "/api/v1/instance");
    assert.deepEqual([old.registrations, old.approval_required], [true, false]);
  });
  await suite.test("who signs up by an app waits until the address is confirmed", async () => {
    const ann = await signUp(app, "Ann");
    for (const [method, path] of [["GET", VERIFY], ["GET", "/api/v1/timelines/home"], ["POST", "/api/v1/statuses"]]) {
      const { status, json } = await ann.ask(method, path, method === "POST" ? { status: "hello" } : undefined);
      assert.deepEqual([status, json.error], [403, UNCONFIRMED]);
    }
    assert.equal(await ann.must("GET", "/api/v1/emails/check_confirmation"), false);
    assert.equal((await get(north.host, "/users/ann")).status, 404);
    assert.equal((await get(north.host, `/.well-known/webfinger?resource=acct:ann@${north.host.authority}`, "*/*")).status, 404);
    assert.equal((await boss.ask("GET", "/api/v1/accounts/lookup?acct=ann")).status, 404);
    assert.match((await confirm(north, "Ann@example.net")).text, /address is confirmed/);
    assert.equal(await ann.must("GET", "/api/v1/emails/check_confirmation"), true);
    assert.equal((await ann.must("GET", VERIFY)).username, "ann");
    assert.equal((await get(north.host, "/users/ann")).status, 200);
    assert.equal((await ann.must("POST", "/api/v1/statuses", { status: "I am here" })).account.acct, "ann");
    const { status, json } = await ann.ask("POST", CONFIRMATIONS, {});
    assert.deepEqual([status, json.error], [403, "This method is only available while the e-mail is awaiting confirmation"]);
  });
  await suite.test("those who look after people hear of it", async () => {
    const [notice] = await boss.must("GET", "/api/v1/notifications?types[]=admin.sign_up");
    assert.deepEqual([notice.type, notice.account.acct], ["admin.sign_up", "ann"]);
  });
  await suite.test("the letter is sent again, to the application that it belongs to", async () => {
    const bea = await signUp(app, "bea", { email: "typo@example.net" });
    assert.deepEqual(await bea.must("POST", CONFIRMATIONS, { email: "bea@example.net" }), {});
    const other = await newApp(north);
    assert.equal((await other.ask("POST", CONFIRMATIONS, {})).status, 422, "it has no user");
    const wrong = await bea.ask("POST", CONFIRMATIONS, { email: "a@b@example.net" });
    assert.deepEqual([wrong.status, wrong.json.details.email[0].error], [422, "ERR_INVALID"]);
    const old = await server.wait("typo@example.net");
    assert.equal((await new Browser(north).get(linkOf(north, old))).status, 410, "of an address that was given up");
    assert.equal((await confirm(north, "bea@example.net")).status, 200);
    assert.equal((await north.run("account", "email", "bea")).email, "bea@example.net");
  });
  await suite.test("every mistake is told by its field", async () => {
    const { status, json } = await app.ask("POST", "/api/v1/accounts", { username: "a b", email: "x", locale: "../x" });
    assert.equal(status, 422);
    assert.match(json.error, /^Validation failed: Username must contain only letters, numbers and underscores, /);
    const codes = Object.fromEntries(Object.entries(json.details).map(([field, faults]) => [field, faults.map(({ error }) => error)]));
    assert.deepEqual(codes, { username: ["ERR_INVALID"], email: ["ERR_INVALID"], password: ["ERR_BLANK"], agreement: ["ERR_ACCEPTED"], locale: ["ERR_INCLUSION"] });
    for (const [username, code] of [["ann", "ERR_TAKEN"], ["ANN", "ERR_TAKEN"], ["webmaster", "ERR_RESERVED"], ["x".repeat(31), "ERR_TOO_LONG"], ["", "ERR_BLANK"]]) {
      const answer = await app.ask("POST", "/api/v1/accounts", askOf(username, { email: "other@example.net" }));
      assert.deepEqual([answer.status, Object.keys(answer.json.details), answer.json.details.username[0].error], [422, ["username"], code], username);
    }
  });
  await suite.test("a name is not given again when its account was deleted", async () => {
    await north.addPerson("old_one");
    await north.run("account", "delete", "old_one", "--yes");
    const { json } = await app.ask("POST", "/api/v1/accounts", askOf("old_one"));
    assert.equal(json.details.username[0].error, "ERR_TAKEN");
  });
  await suite.test("S-109 nobody learns who has an e-mail address, but its owner", async () => {
    const eve = await signUp(app, "eve", { email: "ann@example.net" });
    const letter = await server.wait("ann@example.net", subject("You have an account already"));
    assert.match(letter.body, /Hello ann,/);
    assert.doesNotMatch(letter.body, /token=/);
    assert.deepEqual(await eve.must("POST", CONFIRMATIONS, {}), {});
    assert.equal((await eve.ask("GET", VERIFY)).json.error, UNCONFIRMED);
    const answers = [];
    for (const [name, email] of [["fay", "bea@example.net"], ["gus", "nobody@example.net"]]) {
      const browser = new Browser(north);
      const { status, text } = await browser.submit(await browser.get(PAGE), "sign_up", { username: name, email, password: PASSWORD, agreement: "1" });
      answers.push([status, text.replaceAll(email, "")]);
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  // --- by the page ---

  await suite.test("who signs up by the page confirms, signs in and consents", async () => {
    await north.run("rule", "add", "Be kind <always>");
    await north.runWith("# Terms\n\nUse it *well*.\n", "text", "set", "terms", "--from", "2020-01-01");
    const browser = new Browser(north);
    const page = await browser.get(PAGE);
    assert.equal(page.status, 200);
    assert.match(page.text, /Be kind &lt;always&gt;/);
    assert.match(page.text, /<em>well<\/em>/);
    assert.doesNotMatch(page.text, /<script/);
    const weak = await browser.submit(page, "sign_up", { username: "ann", email: "ann@home.example", password: "ann-1234", agreement: "1" });
    assert.equal(weak.status, 422);
    assert.match(weak.text, /easy to guess/);
    const wrong = await browser.submit(page, "sign_up", { username: "ann", email: "x", password: "short", agreement: "" });
    assert.equal(wrong.status, 422);
    for (const name of ["username", "email", "password", "agreement"]) assert.match(wrong.text, new RegExp(`id="${name}-fault"`));
    assert.match(wrong.text, /name="username" aria-invalid="true" aria-describedby="username-hint username-fault" value="ann"/);
    assert.doesNotMatch(wrong.text, /short"/);
    const done = await browser.submit(wrong, "sign_up", { username: "hal", email: "hal@example.net", password: PASSWORD, agreement: "1" });
    assert.equal(done.status, 200);
    assert.match(done.text, /hal@example\.net/);
    assert.equal((await confirm(north, "hal@example.net")).status, 200);
    assert.equal((await (await signIn(north, "hal@example.net", PASSWORD)).must("GET", VERIFY)).username, "hal");
  });
  await suite.test("the form must come from this browser", async () => {
    const { forms: [form] } = await new Browser(north).get(PAGE);
    const fields = { ...form.values, username: "ida", email: "ida@example.net", password: PASSWORD, agreement: "1" };
    assert.equal((await new Browser(north).post(PAGE, fields)).status, 403);
    await assert.rejects(north.person("ida"));
  });
  await suite.test("who waits signs in to ask for another letter, and for nothing else", async () => {
    await signUp(app, "jim", { email: "jmi@example.net" });
    const asking = await registerApp(north, "read");
    const browser = new Browser(north);
    const waits = await browser.submit(await browser.get(authorizePath(asking)), "sign_in", { login: "jim", password: PASSWORD });
    assert.match(waits.text, /Your account waits/);
    assert.ok(!waits.forms.some(({ values }) => values.step === "consent"));
    const form = waits.forms.find(({ values }) => values.step === "letter");
    assert.equal((await new Browser(north).post(form.action, form.values)).status, 403);
    assert.equal((await browser.submit(waits, "letter", { email: "no address" })).status, 422);
    assert.match((await browser.submit(waits, "letter", { email: "jim@example.net" })).text, /jim@example\.net/);
    assert.equal((await confirm(north, "jim@example.net")).status, 200);
    const consent = await browser.submit(await browser.get(authorizePath(asking)), "sign_in", { login: "jim", password: PASSWORD });
    await redeem(asking, await browser.submit(consent, "consent"));
    assert.equal((await asking.must("GET", VERIFY)).username, "jim");
  });

  // --- by a moderator's word ---

  const south = await fediflow("south", { settings: { mail, registrations: { mode: "approval", reason_required: "yes", min_age: 16, ...many } } });
  suite.watch(() => south.troubles());
  const judge = await moderator(south);
  const gate = await newApp(south);
  const born = { date_of_birth: "1990-02-28", reason: "I work at the library." };

  await suite.test("the instance says what is asked", async () => {
    const { registrations } = await gate.must("GET", "/api/v2/instance");
    assert.deepEqual(registrations, { enabled: true, approval_required: true, reason_required: true, message: null, url: null, min_age: 16 });
    const year = new Date().getUTCFullYear();
    for (const [more, field, code] of [[{ reason: "" }, "reason", "ERR_BLANK"], [{ reason: "x".repeat(421) }, "reason", "ERR_TOO_LONG"], [{ date_of_birth: "" }, "date_of_birth", "ERR_BLANK"], [{ date_of_birth: "yesterday" }, "date_of_birth", "ERR_INVALID"], [{ date_of_birth: `${year - 15}-01-01` }, "date_of_birth", "ERR_BELOW_LIMIT"]]) {
      const { status, json } = await gate.ask("POST", "/api/v1/accounts", askOf("kim", { ...born, ...more }));
      assert.deepEqual([status, json.details[field][0].error], [422, code]);
    }
    const page = await new Browser(south).get(PAGE);
    assert.match(page.text, /<textarea id="reason"[^>]* required/);
    assert.match(page.text, /type="date"/);
  });
  const pending = () => judge.must("GET", "/api/v2/admin/accounts?origin=local&status=pending");
  await suite.test("a moderator is written to, and lets somebody in", async () => {
    const kim = await signUp(gate, "kim", born);
    assert.match((await confirm(south, "kim@example.net")).text, /decides about your account/);
    assert.equal((await kim.ask("GET", VERIFY)).json.error, PENDING);
    const letter = await server.wait("boss@south.example", subject("Somebody waits to be let in"));
    assert.match(letter.body, /@kim signed up/);
    assert.match(letter.body, /I work at the library\./);
    const [waiting] = await pending();
    assert.deepEqual([waiting.username, waiting.email, waiting.confirmed, waiting.approved, waiting.invite_request, waiting.locale], ["kim", "kim@example.net", true, false, born.reason, "en"]);
    assert.equal(waiting.created_by_application_id, gate.registered.id);
    assert.equal(waiting.ips[0].ip, waiting.ip);
    assert.equal((await judge.must("POST", `/api/v1/admin/accounts/${waiting.id}/approve`)).approved, true);
    await server.wait("kim@example.net", subject("Your account is ready"));
    assert.equal((await kim.must("GET", VERIFY)).username, "kim");
    assert.deepEqual(await pending(), []);
    assert.equal((await judge.ask("POST", `/api/v1/admin/accounts/${waiting.id}/reject`)).status, 403);
  });
  await suite.test("a moderator turns somebody away, who is forgotten", async () => {
    const lea = await signUp(gate, "lea", born);
    await confirm(south, "lea@example.net");
    const [waiting] = await pending();
    assert.equal((await judge.must("POST", `/api/v1/admin/accounts/${waiting.id}/reject`)).username, "lea");
    await server.wait("lea@example.net", subject("Your account was not approved"));
    assert.equal((await lea.ask("GET", VERIFY)).status, 401);
    await assert.rejects(south.person("lea"));
    await signUp(gate, "lea", born);
  });
  await suite.test("the command line decides as well", async () => {
    const list = await south.run("account", "list", "--waiting");
    assert.deepEqual(list.map(({ state }) => state), ["waiting"]);
    assert.deepEqual((await south.run("account", "approve", "lea")).confirmed, false);
    assert.equal((await confirm(south, "lea@example.net")).status, 200);
    assert.ok((await south.person("lea")).id);
    const max = await signUp(gate, "max", born);
    await south.run("account", "reject", "max");
    assert.equal((await max.ask("GET", VERIFY)).status, 401);
    await assert.rejects(south.run("account", "approve", "lea"), /does not wait/);
  });

  const executablePath = CHROMIUM.find((path) => path && existsSync(path));
  if (!executablePath) {
    suite.skip("the page in Chromium", "Chromium is missing");
  } else {
    await suite.test("the page in Chromium: without scripts, on a narrow screen, by the keyboard", async () => {
      const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
      const chrome = await chromium.launch({ executablePath, args });
      const context = await chrome.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled: false, viewport: { width: 320, height: 800 } });
      const page = await context.newPage();
      const complaints = [];
      page.on("console", (message) => complaints.push(message.text()));
      await page.goto(south.host.base + PAGE);
      for (const label of ["User name", "E-mail address", "Password", "Date of birth", "Why do you want to join?"]) assert.equal(await page.getByLabel(label, { exact: true }).count(), 1, label);
      assert.ok((await page.locator("body").boundingBox()).width <= 320);
      await page.getByLabel("User name", { exact: true }).focus();
      await page.keyboard.type("webmaster");
      await page.keyboard.press("Tab");
      await page.keyboard.type("zoe@example.net");
      await page.keyboard.press("Tab");
      await page.keyboard.type(PASSWORD);
      await page.getByLabel("Date of birth", { exact: true }).fill("1990-02-28");
      await page.getByLabel("Why do you want to join?", { exact: true }).fill("I read.");
      await page.getByRole("checkbox").check();
      await page.getByRole("button", { name: "Create an account" }).click();
      assert.match(await page.locator("#username-fault").textContent(), /reserved/);
      assert.equal(await page.getByLabel("User name", { exact: true }).getAttribute("aria-invalid"), "true");
      assert.equal(await page.getByLabel("Why do you want to join?", { exact: true }).inputValue(), "I read.");
      assert.equal(await page.getByLabel("Password", { exact: true }).inputValue(), "");
      await page.getByLabel("User name", { exact: true }).fill("zoe");
      await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
      await page.keyboard.press("Enter");
      await page.getByText("zoe@example.net").waitFor();
      await server.wait("zoe@example.net");
      assert.deepEqual(complaints.filter((text) => !/422/.test(text)), []);
      await chrome.close();
      await south.run("account", "reject", "zoe");
    });
  }

  // --- who is kept out ---

  const lawgiver = await (async () => {
    await south.run("account", "role", "boss", "admin");
    return judge;
  })();
  await suite.test("barred providers and mailboxes", async () => {
    await lawgiver.must("POST", "/api/v1/admin/email_domain_blocks", { domain: "bad.example" });
    await lawgiver.must("POST", "/api/v1/admin/canonical_email_blocks", { email: "spammer@good.example" });
    for (const email of ["a@bad.example", "a@MAIL.bad.example", "Spam.mer+1@good.example"]) {
      const { status, json } = await gate.ask("POST", "/api/v1/accounts", askOf("ned", { ...born, email }));
      assert.deepEqual([status, json.details?.email?.[0].error], [422, "ERR_BLOCKED"], email);
    }
  });
  await suite.test("barred networks: signing up, or everything, until it ends", async () => {
    const block = (ip, severity) => lawgiver.must("POST", "/api/v1/admin/ip_blocks", { ip, severity });
    const asked = (client) => from(south, client, "POST", "/api/v1/accounts", { body: JSON.stringify({}), headers: { Authorization: `Bearer ${gate.token}`, "Content-Type": "application/json" } });
    assert.equal((await asked("203.0.113.5")).status, 422);
    const { id } = await block("203.0.113.0/24", "sign_up_block");
    assert.equal((await asked("203.0.113.5")).status, 403);
    assert.match((await from(south, "203.0.113.5", "GET", PAGE)).text, /Nobody can create an account/);
    assert.equal((await from(south, "203.0.113.5", "GET", "/api/v2/instance")).status, 200);
    const changed = await lawgiver.ask("PUT", `/api/v1/admin/ip_blocks/${id}`, { severity: "no_access" });
    assert.equal(changed.status, 200);
    for (const path of ["/", "/api/v2/instance", "/users/kim", "/.well-known/webfinger?resource=x", "/auth/account", "/nowhere"]) {
      assert.equal((await from(south, "203.0.113.5", "GET", path)).status, 403, path);
    }
    assert.equal((await from(south, "203.0.113.5", "POST", "/inbox", { body: "{}" })).status, 403);
    assert.equal((await from(south, "203.0.114.5", "GET", "/api/v2/instance")).status, 200);
    /* what a client says of itself behind the proxy is not believed */
    assert.equal((await from(south, "192.0.2.1, 203.0.113.5", "GET", "/")).status, 403);
    await block("2001:db8:7::/48", "no_access");
    assert.equal((await from(south, "2001:db8:7:1::9", "GET", "/")).status, 403);
    await lawgiver.ask("DELETE", `/api/v1/admin/ip_blocks/${id}`);
    assert.equal((await from(south, "203.0.113.5", "GET", "/")).status, 200);
    await south.stop();
    await south.start();
    assert.equal((await from(south, "2001:db8:7:1::9", "GET", "/")).status, 403, "after a restart");
  });

  // --- how often ---

  const limits = { per_client: 4, per_account: 6, reset_per_client: 3, password_changes: 2 };
  const east = await fediflow("east", { settings: { mail, sign_in: limits, registrations: { mode: "open", per_client: 1, tries_per_client: 3 } } });
  suite.watch(() => east.troubles());
  await east.runWith(`${PASSWORD}\n`, "account", "create", "alice", "--password-stdin", "--email", "alice@example.net");
  // A form as a browser has it, sent from somewhere.
  const submit = async (client, path, fields) => {
    const page = await from(east, client, "GET", path);
    const cookie = (page.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
    const token = page.text.match(/name="token" value="([^"]*)"/)[1];
    const body = new URLSearchParams({ token, ...fields }).toString();
    return from(east, client, "POST", path, { body, headers: { Cookie: cookie, "Content-Type": "application/x-www-form-urlencoded" } });
  };
  const tries = async (clients, login) => {
    const seen = [];
    for (const client of clients) seen.push((await submit(client, "/auth/account", { step: "sign_in", login, password: "a wrong one" })).status);
    return seen;
  };
  const once = (n, address) => Array.from({ length: n }, (_, i) => address(i + 1));

  await suite.test("S-105 S-106 passwords are limited by where they come from", async () => {
    assert.deepEqual(await tries(once(5, () => "198.51.100.1"), "one"), [401, 401, 401, 401, 429]);
    assert.deepEqual(await tries(once(5, (i) => `2001:db8::${i}:1`), "two"), [401, 401, 401, 401, 429], "a /64 is one");
    assert.deepEqual(await tries(once(2, (i) => `192.0.2.${i}, 198.51.100.1`), "three"), [429, 429], "a forged hop");
    assert.deepEqual(await tries(["198.51.100.2"], "three"), [401]);
  });
  await suite.test("S-106 S-109 and by whom they are for, whether there is such a one or not", async () => {
    const far = [401, 401, 401, 401, 401, 401, 429, 429];
    for (const [net, login] of [["203.0.113", "alice"], ["203.0.114", "nobody"]]) {
      const spellings = [login, login.toUpperCase(), `@${login}`, `${login}@${east.host.authority}`];
      const seen = [];
      for (let i = 0; i < 8; i++) seen.push(...(await tries([`${net}.${i}`], spellings[i % 4])));
      assert.deepEqual(seen, far, login);
    }
    /* the right password waits, too */
    assert.equal((await submit("203.0.113.99", "/auth/account", { step: "sign_in", login: "alice", password: PASSWORD })).status, 429);
  });
  await suite.test("S-106 letters and forms are limited as well", async () => {
    const seen = [];
    for (let i = 0; i < 4; i++) seen.push((await submit("198.51.100.7", "/auth/password", { step: "ask", email: `nobody${i}@example.net` })).status);
    assert.deepEqual(seen, [200, 200, 200, 429]);
    const form = (username) => submit("198.51.100.8", PAGE, { step: "sign_up", username, email: `${username}@example.net`, password: PASSWORD, agreement: "1" });
    assert.deepEqual([(await form("pia")).status, (await form("quin")).status, (await form("")).status, (await form("")).status], [200, 429, 422, 429]);
  });
  await suite.test("a node that is closed says so", async () => {
    const closedNode = await fediflow("two", { settings: { registrations: { message: "Ask the <town hall>." } } });
    const closed = await newApp(closedNode);
    const { registrations } = await closed.must("GET", "/api/v2/instance");
    assert.deepEqual([registrations.enabled, registrations.message], [false, "<p>Ask the &lt;town hall&gt;.</p>"]);
    const { status, json } = await closed.ask("POST", "/api/v1/accounts", askOf("rob"));
    assert.deepEqual([status, json.error], [403, "This action is not allowed"]);
    assert.match((await new Browser(closedNode).get(PAGE)).text, /Ask the &lt;town hall&gt;/);
    assert.equal((await new Browser(closedNode).post(PAGE, {})).status, 403);
    await closedNode.stop();
  });
  await suite.test("nodes end when they are told to, and their databases are whole", async () => {
    for (const node of [north, south, east]) {
      await until("letters are sent", async () => (await node.run("queue", "list")).every(({ kind }) => kind !== "mail"));
      const { code, signal } = await node.stop();
      assert.deepEqual({ code, signal }, { code: 0, signal: null });
      await node.check();
    }
  });
});
