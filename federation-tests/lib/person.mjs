// A person with a browser, and with an app that they have signed in to: the pages of sign-in and consent by their forms alone,
// then the client API with the token that came of it.
import assert from "node:assert/strict";
import { send } from "./wire.mjs";

const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
const FORM = "application/x-www-form-urlencoded";

// Cookies and pages, as a browser without scripts has them.
export class Browser {
  #cookies = new Map();

  constructor(node) {
    this.node = node;
  }

  async #ask(method, path, fields) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = [["Host", this.node.host.authority], ["Accept", "text/html"], ["User-Agent", "Test browser"]];
    if (cookie !== "") headers.push(["Cookie", cookie]);
    const sent = fields && (await encode(fields));
    if (sent) headers.push(["Content-Type", sent.type]);
    const answer = await send(this.node.host, { method, path, headers, body: sent?.body });
    for (const line of answer.headers["set-cookie"] ?? []) {
      const [, name, value] = line.match(/^([^=]+)=([^;]*)/);
      if (value === "") this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return { ...answer, location: answer.headers.location, forms: forms(answer.text) };
  }

  get(path) {
    return this.#ask("GET", path);
  }

  post(path, fields) {
    return this.#ask("POST", path, fields);
  }

  // Fills in the form of a page that has a field of that name and value, and follows where it leads to.
  async submit(page, step, fields = {}) {
    const form = page.forms.find(({ values }) => values.step === step);
    assert.ok(form, `no form for ${step}: ${page.status} ${page.text.slice(0, 2000)}`);
    const answer = await this.post(form.action, { ...form.values, ...fields });
    if (answer.status !== 303 || !answer.location.startsWith("/")) return answer;
    return this.get(answer.location);
  }
}

// A form with files goes in parts, which are no UTF-8.
async function encode(fields) {
  if (!Object.values(fields).some((value) => value instanceof Buffer)) return { type: FORM, body: new URLSearchParams(fields).toString() };
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value instanceof Buffer ? new Blob([value], { type: "image/png" }) : value, ...(value instanceof Buffer ? ["picture.png"] : []));
  const answer = new Response(form);
  return { type: answer.headers.get("content-type"), body: Buffer.from(await answer.arrayBuffer()) };
}

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&amp;/g, "&");

// What a form sends as it stands, and where to: of boxes those that are ticked, of choices what is chosen.
function forms(html) {
  return [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)].map(([, action, inside]) => {
    const values = {};
    const attribute = (tag, name) => tag.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1];
    for (const [tag] of inside.matchAll(/<input[^>]*>/g)) {
      const name = attribute(tag, "name");
      if (name === undefined || (attribute(tag, "type") === "checkbox" && !/\bchecked\b/.test(tag))) continue;
      values[name] = unescape(attribute(tag, "value") ?? "");
    }
    for (const [, name, text] of inside.matchAll(/<textarea[^>]*\bname="([^"]*)"[^>]*>\n?(.*?)<\/textarea>/gs)) values[name] = unescape(text);
    for (const [, name, options] of inside.matchAll(/<select[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
      const all = [...options.matchAll(/<option value="([^"]*)"( selected)?>/g)];
      values[name] = unescape((all.find(([, , selected]) => selected) ?? all[0])?.[1] ?? "");
    }
    return { action: unescape(action), values };
  });
}

export class App {
  constructor(node, registered, token) {
    this.node = node;
    this.registered = registered;
    this.token = token;
  }

  // { status, json, text, headers }; body is an object, sent as JSON.
  async ask(method, path, body, token = this.token) {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = [["Host", this.node.host.authority]];
    if (token !== undefined) headers.push(["Authorization", `Bearer ${token}`]);
    if (body !== undefined) headers.push(["Content-Type", "application/json"]);
    if (!["GET", "POST"].includes(method)) headers.push(["Content-Length", String(Buffer.byteLength(text))]);
    const answer = await send(this.node.host, { method, path, headers, body: text });
    return { ...answer, json: /json/.test(answer.headers["content-type"] ?? "") ? JSON.parse(answer.text) : undefined };
  }

  async must(method, path, body) {
    const answer = await this.ask(method, path, body);
    assert.equal(answer.status, 200, `${method} ${path}: ${answer.status} ${answer.text.slice(0, 500)}`);
    return answer.json;
  }
}

export async function registerApp(node, scopes) {
  const app = new App(node);
  app.registered = await app.must("POST", "/api/v1/apps", { client_name: "Test app", redirect_uris: OUT_OF_BAND, scopes });
  app.scopes = scopes;
  return app;
}

export function authorizePath(app) {
  const query = { response_type: "code", client_id: app.registered.client_id, redirect_uri: OUT_OF_BAND, scope: app.scopes };
  return `/oauth/authorize?${new URLSearchParams(query)}`;
}

// The code that the last page of consent shows, for a token.
export async function redeem(app, page) {
  const code = page.text.match(/<code class="code"[^>]*>([^<]+)<\/code>/);
  assert.ok(code, `no code: ${page.status} ${page.text.slice(0, 2000)}`);
  const { client_id, client_secret } = app.registered;
  const answer = await app.must("POST", "/oauth/token", { grant_type: "authorization_code", code: code[1], client_id, client_secret, redirect_uri: OUT_OF_BAND });
  app.token = answer.access_token;
  return app;
}

// Signs in with name and password, consents, and comes back with an app that has a token.
export async function signIn(node, login, password, scopes = "read write follow push", browser = new Browser(node)) {
  const app = await registerApp(node, scopes);
  let page = await browser.get(authorizePath(app));
  if (page.forms.some(({ values }) => values.step === "sign_in")) page = await browser.submit(page, "sign_in", { login, password });
  return redeem(app, await browser.submit(page, "consent"));
}
