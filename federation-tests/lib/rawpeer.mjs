// A scripted peer: serves what a test tells it to, counts who asks, and signs what its actors send, rightly or wrongly.
import crypto from "node:crypto";
import { Journal } from "./journal.mjs";
import { cavage, makeRequest, rfc9421 } from "./sign.mjs";
import { host, readBody, serve } from "./world.mjs";
import { send } from "./wire.mjs";

export const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
export const ACTIVITY_JSON = "application/activity+json";
const CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1", "https://w3id.org/security/multikey/v1"];

export async function rawPeer(hostName) {
  const peer = new RawPeer(await host(hostName));
  peer.served = await serve(peer.host, (request, response) => peer.answer(request, response));
  return peer;
}

class RawPeer {
  requests = new Journal(); // { method, path, headers, body, at }
  troubles = []; // what handlers threw
  #pages = new Map(); // path -> function (request, response, body)
  #other = (_, response) => response.writeHead(404).end();

  constructor(at) {
    this.host = at;
  }

  url(path) {
    return `${this.host.base}${path}`;
  }

  stop() {
    return this.served.close();
  }

  // What is answered at a path, query included or not: a function, or a value sent as ActivityPub.
  page(path, answer, type = ACTIVITY_JSON) {
    const handler = typeof answer === "function" ? answer : (_, response) => reply(response, answer, type);
    this.#pages.set(path, handler);
  }

  otherwise(handler) {
    this.#other = handler;
  }

  count(prefix) {
    return this.requests.filter(({ path }) => path.startsWith(prefix)).length;
  }

  async answer(request, response) {
    const at = performance.now();
    const body = await readBody(request).catch(() => Buffer.alloc(0));
    this.requests.add({ method: request.method, path: request.url, headers: request.headers, body: body.toString(), at });
    const handler = this.#pages.get(request.url) ?? this.#pages.get(request.url.split("?")[0]) ?? this.#other;
    try {
      await handler(request, response, body);
    } catch (error) {
      this.troubles.push(error);
      response.writeHead(500).end();
    }
  }

  // An actor with an RSA and an Ed25519 key, served at /users/NAME and by WebFinger.
  actor(name, fields = {}) {
    return new RawActor(this, name, fields);
  }
}

export function reply(response, value, type = ACTIVITY_JSON, status = 200) {
  const text = typeof value === "string" || Buffer.isBuffer(value) ? value : JSON.stringify(value);
  response.writeHead(status, { "Content-Type": type });
  response.end(text);
}

// One RSA pair for actors whose keys do not matter: making one takes a while.
export function newRsa(bits = 2048, publicExponent = 0x10001) {
  return crypto.generateKeyPairSync("rsa", { modulusLength: bits, publicExponent });
}

export function pem(key) {
  return key.export({ type: "spki", format: "pem" });
}

// FEP-521a: multicodec 0xed, base58btc.
export function multibase(key) {
  const raw = key.export({ type: "spki", format: "der" }).subarray(-32);
  return `z${base58(Buffer.concat([Buffer.from([0xed, 0x01]), raw]))}`;
}

export function base58(bytes) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = BigInt(`0x${bytes.toString("hex")}`);
  let text = "";
  for (; number > 0n; number /= 58n) text = alphabet[Number(number % 58n)] + text;
  return text;
}

class RawActor {
  constructor(peer, name, fields) {
    this.peer = peer;
    this.name = name;
    this.fields = fields;
    this.id = peer.url(`/users/${name}`);
    this.keyId = `${this.id}#main-key`;
    this.edKeyId = `${this.id}#ed25519-key`;
    this.rsa = newRsa();
    this.ed = crypto.generateKeyPairSync("ed25519");
    this.inbox = `${this.id}/inbox`;
    peer.page(`/users/${name}`, (_, response) => reply(response, this.document()));
    peer.page(`/users/${name}/inbox`, (_, response) => response.writeHead(202).end());
    const resource = encodeURIComponent(`acct:${name}@${peer.host.authority}`);
    for (const text of [resource, decodeURIComponent(resource)]) {
      peer.page(`/.well-known/webfinger?resource=${text}`, (_, response) => reply(response, this.jrd(), "application/jrd+json"));
    }
  }

  document() {
    return {
      "@context": CONTEXT,
      id: this.id,
      type: "Person",
      preferredUsername: this.name,
      name: this.name,
      inbox: this.inbox,
      outbox: `${this.id}/outbox`,
      followers: `${this.id}/followers`,
      publicKey: { id: this.keyId, owner: this.id, publicKeyPem: pem(this.rsa.publicKey) },
      assertionMethod: [
        { id: this.edKeyId, type: "Multikey", controller: this.id, publicKeyMultibase: multibase(this.ed.publicKey) },
      ],
      ...this.fields,
    };
  }

  jrd() {
    return {
      subject: `acct:${this.name}@${this.peer.host.authority}`,
      links: [{ rel: "self", type: ACTIVITY_JSON, href: this.id }],
    };
  }

  get signer() {
    return { key: this.rsa.privateKey, keyId: this.keyId };
  }

  get edSigner() {
    return { key: this.ed.privateKey, keyId: this.edKeyId };
  }

  activity(type, object, fields = {}) {
    return {
      "@context": CONTEXT[0],
      id: this.peer.url(`/activities/${crypto.randomUUID()}`),
      type,
      actor: this.id,
      object,
      ...fields,
    };
  }

  // A public post, which its host serves as well.
  note(slug, fields = {}) {
    const id = this.peer.url(`/users/${this.name}/notes/${slug}`);
    const note = {
      "@context": CONTEXT[0],
      id,
      type: "Note",
      attributedTo: this.id,
      content: `<p>${slug}</p>`,
      published: new Date().toISOString(),
      to: [PUBLIC],
      cc: [`${this.id}/followers`],
      ...fields,
    };
    this.peer.page(`/users/${this.name}/notes/${slug}`, (_, response) => reply(response, note));
    return note;
  }

  // A signed POST of the activity (an object, or text as it is). change edits the request after signing.
  post(node, activity, { path = "/inbox", scheme = cavage, change, headers, signer = this.signer, ...options } = {}) {
    const body = typeof activity === "string" || Buffer.isBuffer(activity) ? activity : JSON.stringify(activity);
    const request = makeRequest({ base: node.host.base, path, body, headers });
    scheme(request, { ...signer, ...options });
    change?.(request);
    return send(node.host, request);
  }

  // A signed GET.
  get(node, path, { scheme = cavage, change, signer = this.signer, ...options } = {}) {
    const request = makeRequest({ method: "GET", base: node.host.base, path, headers: { Accept: ACTIVITY_JSON } });
    scheme(request, { ...signer, ...options });
    change?.(request);
    return send(node.host, request);
  }
}

export { cavage, rfc9421 };
