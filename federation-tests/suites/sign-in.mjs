// How people sign in: passwords, second factors, passkeys, and the e-mails for when something is lost. By forms alone, with
// an authenticator app and an authenticator that are played here.
import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { base32, oneTimePassword, Passkey, passkeyOptions, scanned } from "../lib/authenticator.mjs";
import { until } from "../lib/journal.mjs";
import { mailServer } from "../lib/mailserver.mjs";
import { fediflow } from "../lib/node.mjs";
import { authorizePath, Browser, registerApp, signIn } from "../lib/person.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";
import { isPrivate, work } from "../lib/world.mjs";

const PASSWORD = "a password of some length";
const ACCOUNT = "/auth/account";
const CHROMIUM = [process.env.FF_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

await run("sign-in", async (suite) => {
  const server = await mailServer("one");
  const node = await fediflow("north", { settings: server && { mail: server.settings } });
  suite.watch(() => node.troubles());
  for (const name of ["alice", "bob"]) {
    await node.runWith(`${PASSWORD}\n`, "account", "create", name, "--password-stdin", "--email", `${name}@example.net`);
  }
  const asking = await registerApp(node, "read");
  const begin = (browser) => browser.get(authorizePath(asking));
  const withPassword = async (browser, login = "alice", password = PASSWORD) => browser.submit(await begin(browser), "sign_in", { login, password });
  const isConsent = (page) => page.forms.some(({ values }) => values.step === "consent");
  const has = (page, step) => page.forms.some(({ values }) => values.step === step);
  // The account page, with its forms; a password goes into the one field of a form that asks for it.
  const change = async (browser, step, fields = {}, password = PASSWORD) => {
    const page = await browser.get(ACCOUNT);
    return browser.submit(page, step, { [`password-${step}`]: password, ...fields });
  };
  const codes = (page) => [...page.text.matchAll(/<code>([a-z2-7]{5}-[a-z2-7]{5})<\/code>/g)].map(([, code]) => code);
  const settled = new Browser(node); // where alice is signed in all the time
  let secret, recovery;

  await suite.test("whoever has no second factor signs in with a password", async () => {
    assert.ok(isConsent(await withPassword(settled)));
    assert.match((await settled.get(ACCOUNT)).text, /@alice@/);
    const wrong = await withPassword(new Browser(node), "alice", "another password");
    assert.equal(wrong.status, 401);
    const nobody = await withPassword(new Browser(node), "nobody", "another password");
    assert.equal(nobody.text.replaceAll("nobody", "alice").replace(/value="[0-9a-f]{64}"|client_id=[\w-]+/g, ""), wrong.text.replace(/value="[0-9a-f]{64}"|client_id=[\w-]+/g, ""));
  });
  await suite.test("nothing is changed without the password, nor by a form of elsewhere", async () => {
    assert.equal((await change(settled, "totp_begin", {}, "wrong password")).status, 401);
    const page = await settled.get(ACCOUNT);
    const form = page.forms.find(({ values }) => values.step === "totp_begin");
    assert.equal((await settled.post(ACCOUNT, { ...form.values, token: "0".repeat(64), "password-totp_begin": PASSWORD })).status, 403);
    assert.equal((await new Browser(node).post(ACCOUNT, { ...form.values, "password-totp_begin": PASSWORD })).status, 403);
  });

  // --- one-time passwords ---

  await suite.test("an authenticator app is set up when its first code was right", async () => {
    const page = await change(settled, "totp_begin");
    secret = base32(page.text.match(/<code class="code"[^>]*>([A-Z2-7]+)</)[1]);
    assert.match(page.text, /href="otpauth:\/\/totp\/[^"]*secret=[A-Z2-7]{32}&amp;issuer=/);
    assert.equal(scanned(page.text), page.text.match(/href="(otpauth:[^"]*)"/)[1].replaceAll("&amp;", "&"));
    const wrong = await settled.submit(page, "totp_confirm", { code: "000000" });
    assert.equal(wrong.status, 401);
    assert.deepEqual(await node.run("account", "factors", "alice"), { asked_for: false, one_time_passwords: false, recovery_codes: 0, passkeys: [] });
    const done = await settled.submit(wrong, "totp_confirm", { code: oneTimePassword(secret, -1) });
    recovery = codes(done);
    assert.equal(recovery.length, 10);
    assert.equal((await node.run("account", "factors", "alice")).one_time_passwords, true);
  });
  await suite.test("S-110 after the password there is no session before the second factor", async () => {
    const browser = new Browser(node);
    const page = await withPassword(browser);
    assert.ok(has(page, "factor") && !isConsent(page));
    assert.ok(has(await begin(browser), "sign_in"), "the address of consent asks for the password again");
    assert.ok(has(await browser.get(ACCOUNT), "sign_in"));
    const { forms: [form] } = await withPassword(browser);
    assert.equal((await browser.post(form.action, { step: "consent", token: form.values.token })).status, 403);
  });
  await suite.test("S-110 a code opens a session once, in the browser where the password was given", async () => {
    const browser = new Browser(node);
    const page = await withPassword(browser);
    const code = oneTimePassword(secret);
    const form = page.forms.find(({ values }) => values.step === "factor");
    assert.equal((await new Browser(node).post(form.action, { ...form.values, code })).status, 403);
    assert.equal((await browser.submit(page, "factor", { code, pending: form.values.pending.replace(/^\d/, (digit) => (Number(digit) + 1) % 10) })).status, 403);
    assert.ok(isConsent(await browser.submit(page, "factor", { code })));
    const other = new Browser(node);
    assert.equal((await other.submit(await withPassword(other), "factor", { code })).status, 401);
  });
  await suite.test("S-110 a recovery code is taken once", async () => {
    for (const [code, status] of [[recovery[0], 200], [recovery[0], 401], [recovery[1].toUpperCase().replace("-", " "), 200]]) {
      const browser = new Browser(node);
      const page = await browser.submit(await withPassword(browser), "factor", { code });
      assert.equal(page.status, status, code);
      assert.equal(isConsent(page), status === 200);
    }
    assert.equal((await node.run("account", "factors", "alice")).recovery_codes, 8);
  });
  await suite.test("S-110 who guesses is locked out, and who has it waits with them", async () => {
    const browser = new Browser(node);
    const page = await withPassword(browser);
    const seen = [];
    for (let i = 0; i < 7; i++) seen.push((await browser.submit(page, "factor", { code: "000000" })).status);
    assert.deepEqual([...new Set(seen)], [401, 429]);
    assert.equal((await browser.submit(page, "factor", { code: recovery[2] })).status, 429);
    await node.run("account", "factors", "alice", "--reset");
    assert.ok(isConsent(await withPassword(new Browser(node))));
  });

  // --- passkeys ---

  const passkey = new Passkey(node.host.base);
  await suite.test("a passkey is added, and is a second factor", async () => {
    const page = await change(settled, "passkey_add");
    const options = passkeyOptions(page);
    assert.equal(options.user.name, `alice@${node.host.authority}`);
    const done = await settled.submit(page, "passkey_made", { name: "Key ring", answer: passkey.create(options) });
    recovery = codes(done);
    assert.equal(recovery.length, 10);
    const shown = await settled.get(ACCOUNT);
    assert.match(shown.text, /Key ring/);
    const browser = new Browser(node);
    const asked = await withPassword(browser);
    assert.ok(has(asked, "passkey") && has(asked, "factor"));
    assert.equal(passkeyOptions(asked).allowCredentials.length, 1);
    assert.ok(isConsent(await browser.submit(asked, "passkey", { answer: passkey.get(passkeyOptions(asked)) })));
  });
  await suite.test("a passkey alone signs in when the authenticator knows the person", async () => {
    const browser = new Browser(node);
    const page = await browser.submit(await begin(browser), "passkey_ask");
    const options = passkeyOptions(page);
    assert.deepEqual([options.allowCredentials, options.userVerification], [[], "required"]);
    const unknown = await browser.submit(page, "passkey", { answer: passkey.get(options, { verified: false }) });
    assert.equal(unknown.status, 401);
    assert.ok(isConsent(await browser.submit(unknown, "passkey", { answer: passkey.get(passkeyOptions(unknown)) })));
  });
  await suite.test("S-110 an answer counts once, for this page, from an authenticator that was not copied", async () => {
    const browser = new Browser(node);
    const ask = async () => browser.submit(await begin(browser), "passkey_ask");
    let page = await ask();
    const elsewhere = passkey.get(passkeyOptions(page), { origin: "https://evil.example" });
    assert.equal((await browser.submit(page, "passkey", { answer: elsewhere })).status, 401);
    page = await ask();
    const answer = passkey.get(passkeyOptions(page));
    assert.ok(isConsent(await browser.submit(page, "passkey", { answer })));
    const other = new Browser(node);
    assert.equal((await other.submit(await other.submit(await begin(other), "passkey_ask"), "passkey", { answer })).status, 401);
    page = await other.submit(await begin(other), "passkey_ask");
    passkey.counter -= 2;
    assert.equal((await other.submit(page, "passkey", { answer: passkey.get(passkeyOptions(page)) })).status, 401);
    passkey.counter += 2;
    for (const nonsense of ["", "{}", "[]", "x", JSON.stringify({ id: "AA", clientDataJSON: "e30", authenticatorData: "AA", signature: "AA" })]) {
      page = await other.submit(await begin(other), "passkey_ask");
      assert.equal((await other.submit(page, "passkey", { answer: nonsense })).status, 401);
    }
  });
  await suite.test("a passkey is of one person, and is removed with a password", async () => {
    const bob = new Browser(node);
    assert.ok(isConsent(await withPassword(bob, "bob")));
    const page = await change(bob, "passkey_add");
    assert.equal((await bob.submit(page, "passkey_made", { name: "x", answer: passkey.create(passkeyOptions(page)) })).status, 422);
    const account = await settled.get(ACCOUNT);
    const { values } = account.forms.find(({ values: { step } }) => step === "passkey_remove");
    assert.equal((await bob.post(ACCOUNT, { ...values, token: page.forms[0].values.token, [values.field]: PASSWORD })).status, 409);
    const done = await settled.submit(account, "passkey_remove", { [values.field]: PASSWORD });
    assert.doesNotMatch(done.text, /Key ring/);
    assert.ok(isConsent(await withPassword(new Browser(node))));
  });
  await suite.test("the script comes from the node itself, and pages allow no other", async () => {
    const { status, text, headers } = await get(node.host, "/passkey.js", "*/*");
    assert.equal(status, 200);
    assert.match(headers["content-type"], /javascript/);
    assert.match(text, /navigator\.credentials\.get/);
    const browser = new Browser(node);
    const page = await browser.submit(await begin(browser), "passkey_ask");
    assert.match(page.headers["content-security-policy"], /script-src 'self'(;|$)/);
  });

  // --- the script, in a real browser ---

  const executablePath = CHROMIUM.find((path) => path && existsSync(path));
  if (!executablePath || !isPrivate) {
    suite.skip("passkeys in Chromium", executablePath ? "they need https" : "Chromium is missing");
  } else {
    await suite.test("Chromium makes a passkey by the page's script, and signs in with it", async () => {
      // errors that are passed over would turn passkeys off: the key of the run's certificate is trusted instead
      const { publicKey } = new X509Certificate(readFileSync(join(work, "cert.pem")));
      const pin = createHash("sha256").update(publicKey.export({ type: "spki", format: "der" })).digest("base64");
      const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", `--ignore-certificate-errors-spki-list=${pin}`];
      const chrome = await chromium.launch({ executablePath, args });
      const context = await chrome.newContext();
      const page = await context.newPage();
      const complaints = [];
      page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(String(error)));
      const devtools = await context.newCDPSession(page);
      await devtools.send("WebAuthn.enable");
      const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
      await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
      await page.goto(node.host.base + ACCOUNT);
      await page.fill("#login", "bob");
      await page.fill("#password", PASSWORD);
      await page.click("button.main");
      await page.fill("#password-passkey_add", PASSWORD);
      await page.click("form:has(#password-passkey_add) button");
      await page.fill("#name", "Laptop");
      await page.click("button.main");
      await page.waitForSelector("ul.rights li");
      await page.goto(node.host.base + ACCOUNT);
      assert.match(await page.content(), /Laptop/);
      await context.clearCookies();
      await page.goto(node.host.base + ACCOUNT);
      await page.click("form:has(input[value=passkey_ask]) button");
      await page.click("button.main");
      await page.waitForSelector("form:has(input[value=sign_out])");
      assert.match(await page.content(), /@bob@/);
      assert.deepEqual(complaints, []);
      await chrome.close();
      await node.run("account", "factors", "bob", "--reset");
    });
  }

  // --- e-mail ---

  if (server === undefined) {
    suite.skip("e-mails", "python3-aiosmtpd is not installed");
  } else {
    const linkOf = (letter) => {
      const link = new URL(letter.body.match(/https?:\/\/\S+token=\S+/)[0]);
      assert.ok(letter.body.includes(node.host.base));
      return link.pathname + link.search;
    };
    await suite.test("a lost password is set anew by e-mail, once, and everything is signed out", async () => {
      const app = await signIn(node, "bob", PASSWORD, "read");
      const browser = new Browser(node);
      const asked = await browser.submit(await browser.get("/auth/password"), "ask", { email: "BOB@example.net" });
      const unknown = await browser.submit(await browser.get("/auth/password"), "ask", { email: "nobody@example.net" });
      assert.deepEqual([asked.status, asked.text], [unknown.status, unknown.text]);
      const path = linkOf(await server.wait("bob@example.net"));
      const page = await browser.get(path);
      assert.equal((await browser.submit(page, "reset", { password: "short" })).status, 422);
      assert.equal((await browser.submit(page, "reset", { password: "bob-2026" })).status, 422);
      assert.equal((await browser.submit(page, "reset", { password: "a new password" })).status, 200);
      assert.equal((await browser.submit(page, "reset", { password: "another password" })).status, 410);
      assert.equal((await browser.get(path)).status, 410);
      assert.equal((await app.ask("GET", "/api/v1/accounts/verify_credentials")).status, 401);
      assert.equal((await withPassword(new Browser(node), "bob")).status, 401);
      assert.ok(isConsent(await withPassword(new Browser(node), "bob", "a new password")));
      await server.wait("bob@example.net", ({ headers }) => /password was changed/.test(headers.subject));
    });
    await suite.test("another e-mail address is one's own when a letter to it came back", async () => {
      await change(settled, "email", { email: "alice@elsewhere.example" });
      assert.deepEqual((await node.run("account", "email", "alice")).email, "alice@example.net");
      const browser = new Browser(node);
      const page = await browser.get(linkOf(await server.wait("alice@elsewhere.example")));
      assert.equal((await node.run("account", "email", "alice")).email, "alice@example.net", "opening it is not confirming it");
      assert.equal((await browser.submit(page, "confirm")).status, 200);
      assert.equal((await browser.submit(page, "confirm")).status, 410);
      assert.equal((await node.run("account", "email", "alice")).email, "alice@elsewhere.example");
      assert.ok(isConsent(await withPassword(new Browser(node), "Alice@Elsewhere.example")));
    });
    await suite.test("S-106 five e-mails in half an hour", async () => {
      const before = server.messages().length;
      const browser = new Browser(node);
      for (let i = 0; i < 8; i++) await browser.submit(await browser.get("/auth/password"), "ask", { email: "alice@elsewhere.example" });
      await until("letters are sent", async () => (await node.run("queue", "list")).every(({ kind }) => kind !== "mail"));
      assert.equal(server.messages().length - before, 5);
    });
  }
  await suite.test("S-101 a changed password signs everything out but this browser", async () => {
    const browser = new Browser(node);
    await withPassword(browser);
    const app = await signIn(node, "alice", PASSWORD, "read", browser);
    const page = await settled.get(ACCOUNT);
    const weak = await settled.submit(page, "password", { "password-password": PASSWORD, new: "Password1!" });
    assert.equal(weak.status, 422);
    assert.match(weak.text, /easy to guess/);
    const done = await settled.submit(page, "password", { "password-password": PASSWORD, new: "quite another password" });
    assert.equal(done.status, 200);
    assert.ok(has(await settled.get(ACCOUNT), "sign_out"));
    assert.ok(has(await browser.get(ACCOUNT), "sign_in"));
    assert.equal((await app.ask("GET", "/api/v1/accounts/verify_credentials")).status, 401);
    const out = await settled.submit(await settled.get(ACCOUNT), "sign_out");
    assert.equal(out.status, 200);
    assert.ok(has(await settled.get(ACCOUNT), "sign_in"));
  });
  await suite.test("S-103 no secret stands in the database", async () => {
    await node.stop();
    const database = readFileSync(join(node.folder, "data", "db", "data.mdb"));
    for (const text of [PASSWORD, ...recovery]) assert.equal(database.includes(text), false);
    assert.equal(database.includes(secret), false);
    await node.check();
  });
});
