// A client of Mastodon's API: signs in through the pages of OAuth as a browser does, asks, and hears streams.
import http from "node:http";
import https from "node:https";
import WebSocket from "ws";
import { Journal } from "./journal.mjs";
import { isPrivate } from "./world.mjs";

const OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob";
const PASSWORD = "correct horse battery";
const known = new Set(); // a new password ends all tokens

export async function givePassword(node, name) {
  if (!known.has(`${name}@${node.name}`)) await node.runWith(`${PASSWORD}\n`, "account", "password", name);
  known.add(`${name}@${node.name}`);
}

// Signs somebody of the node in with a new application: a client with a token of those scopes.
// account: the id of a team that the application is to act for.
export async function signIn(node, name, scopes = "read write follow push", account = undefined) {
  await givePassword(node, name);
  const client = new Client(node);
  client.app = await client.post("/api/v1/apps", { client_name: "Tests", redirect_uris: OUT_OF_BAND, scopes });
  const code = await consent(node.host.base, name, client.app, scopes, account);
  const { access_token } = await client.post("/oauth/token", {
    grant_type: "authorization_code",
    client_id: client.app.client_id,
    client_secret: client.app.client_secret,
    redirect_uri: OUT_OF_BAND,
    code,
  });
  client.token = access_token;
  return client;
}

async function consent(base, name, app, scope, account) {
  const query = new URLSearchParams({ response_type: "code", client_id: app.client_id, redirect_uri: OUT_OF_BAND, scope });
  return consentAt(base, `/oauth/authorize?${query}`, name, account);
}

// What a browser does with the page of consent at that path: the code that it shows.
export async function consentAt(base, path, name, account) {
  const jar = new Map();
  const visit = async (path, form) => {
    const answer = await fetch(base + path, {
      redirect: "manual",
      headers: { Cookie: [...jar].map(([key, value]) => `${key}=${value}`).join("; "), Accept: "text/html" },
      ...(form && { method: "POST", body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, key, value] = cookie.match(/^([^=]+)=([^;]*)/);
      jar.set(key, value);
    }
    const text = await answer.text();
    return answer.status === 303 ? visit(new URL(answer.headers.get("location"), base + path).href.slice(base.length)) : text;
  };
  const hidden = (page) => page.match(/name="token" value="([^"]*)"/)[1];
  const asked = await visit(path);
  const signedIn = await visit(path, { step: "sign_in", token: hidden(asked), login: name, password: PASSWORD });
  const shown = await visit(path, { step: "consent", token: hidden(signedIn), ...(account && { account }) });
  return shown.match(/<code class="code"[^>]*>([^<]+)</)[1];
}

export class Client {
  constructor(node) {
    this.node = node;
    this.base = node.host.base;
    this.streaming = this.base.replace(/^http/, "ws");
  }

  async ask(method, path, body) {
    const answer = await fetch(this.base + path, {
      method,
      headers: {
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
        ...(body && { "Content-Type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${text}`), { status: answer.status });
    return JSON.parse(text);
  }

  get(path) {
    return this.ask("GET", path);
  }

  post(path, body = {}) {
    return this.ask("POST", path, body);
  }

  put(path, body = {}) {
    return this.ask("PUT", path, body);
  }

  revoke(token = this.token) {
    const { client_id, client_secret } = this.app;
    return this.post("/oauth/revoke", { client_id, client_secret, token });
  }

  // A stream of server-sent events: { heard: Journal of { event, data, at }, ended: Promise, close() }.
  events(path) {
    return new Promise((resolve, reject) => {
      const request = (isPrivate ? https : http).get(this.base + path, {
        agent: false,
        headers: { Authorization: `Bearer ${this.token}`, Accept: "text/event-stream" },
      });
      request.on("error", reject);
      request.on("response", (response) => {
        if (response.statusCode !== 200) return reject(Object.assign(new Error(`${path}: ${response.statusCode}`), { status: response.statusCode }));
        const stream = { heard: new Journal(), beats: 0, headers: response.headers, close: () => request.destroy() };
        stream.ended = new Promise((end) => response.on("close", () => end(performance.now())));
        readEvents(response, stream);
        resolve(stream);
      });
    });
  }

  // A WebSocket: { heard: Journal of { stream, event, payload, at }, say(object), ended, close() }.
  socket(path = "/api/v1/streaming", { headers = { Authorization: `Bearer ${this.token}` }, protocols } = {}) {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(this.streaming + path, protocols, { headers, perMessageDeflate: true });
      const stream = { socket, heard: new Journal(), close: () => socket.close() };
      stream.say = (what) => socket.send(JSON.stringify(what));
      stream.ended = new Promise((end) => socket.on("close", (code) => end({ code, at: performance.now() })));
      socket.on("message", (data) => stream.heard.add({ ...JSON.parse(data), at: performance.now() }));
      socket.on("unexpected-response", (_, response) => reject(Object.assign(new Error(`${path}: ${response.statusCode}`), { status: response.statusCode })));
      socket.on("error", reject);
      socket.on("open", () => resolve(stream));
    });
  }
}

// Line by line (HTML, "Interpreting an event stream"): a comment is a heartbeat and ends no event, an empty line ends one.
function readEvents(response, stream) {
  let text = "";
  let fields = {};
  response.setEncoding("utf8");
  response.on("data", (chunk) => {
    text += chunk;
    for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
      const line = text.slice(0, end);
      const [, name, value] = /^([^:]*): ?(.*)$/s.exec(line) ?? [];
      if (line.startsWith(":")) stream.beats++;
      else if (name) fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
      else if (line === "" && fields.data !== undefined) {
        stream.heard.add({ event: fields.event ?? "", data: fields.data, at: performance.now() });
        fields = {};
      }
    }
  });
  response.on("error", () => {});
}
