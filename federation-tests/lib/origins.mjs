// Documents of real hosts, played by scripted ones. The hosts of this private network are few and have certificates, while the
// files name dozens, some with ports, some over plain http, some with a single label, which no node takes. So each file's
// origins are rewritten, all over its text and consistently: what was one host stays one host, and what were two stay two.
// A folder of its own keeps the ids of one file apart from those of another.
import { cavage, makeRequest } from "./sign.mjs";
import { ACTIVITY_JSON, newRsa, pem, PUBLIC, rawPeer, reply } from "./rawpeer.mjs";
import { until } from "./journal.mjs";
import { send } from "./wire.mjs";

const COUNT = 6;
// Members whose values are ids that somebody must host.
const NAMES = new Set(["id", "actor", "attributedTo", "inReplyTo", "object", "target", "owner", "inbox", "href", "to", "cc", "audience", "context", "image", "url"]);

export class Origins {
  #peers = [];
  #keys = newRsa();
  #documents = new Map(); // address -> document

  static async start() {
    const origins = new Origins();
    for (let i = 1; i <= COUNT; i++) {
      const peer = await rawPeer(`origin${i}`);
      peer.otherwise((request, response) => origins.#answer(peer, request, response));
      origins.#peers.push(peer);
    }
    return origins;
  }

  #answer(peer, request, response) {
    if (request.method === "POST") return response.writeHead(202).end();
    const document = this.#documents.get(peer.host.base + request.url);
    if (document === undefined) return response.writeHead(404).end();
    reply(response, document, ACTIVITY_JSON, document.type === "Tombstone" ? 410 : 200);
  }

  serve(document, at = document.id) {
    this.#documents.set(at, document);
    return document;
  }

  // What was delivered to an actor's inbox, once it is there.
  received(what, actor, fits, limit = 10_000) {
    const { pathname } = new URL(actor.inbox);
    const peer = this.#peers.find(({ host }) => actor.inbox.startsWith(host.base));
    const seen = () => peer.requests.find(({ method, path, body }) => method === "POST" && path === pathname && fits(JSON.parse(body)));
    return until(`${what} for ${actor.id}`, seen, limit).then(({ body }) => JSON.parse(body));
  }

  // An actor that is served with a key of ours: its own document, or as much of one as is needed.
  actor(id, document = {}, name = undefined) {
    const known = this.#documents.get(id);
    if (known) return known;
    const owner = document.publicKey?.owner ?? id;
    const [path] = id.split("?"); // WordPress has ids with a query
    const actor = {
      "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"],
      id,
      type: "Person",
      preferredUsername: name,
      inbox: `${path}/inbox`.replace("//inbox", "/inbox"),
      followers: `${id}/followers`,
      ...document,
      publicKey: { id: `${id}#main-key`, ...document.publicKey, owner, publicKeyPem: pem(this.#keys.publicKey) },
    };
    // a host answers at the key's address as well (lotide writes it with two slashes)
    this.serve(actor, actor.publicKey.id.split("#")[0]);
    return this.serve(actor);
  }

  // A signed POST of an activity by its actor.
  async deliver(node, activity, actor) {
    const request = makeRequest({ base: node.host.base, path: "/inbox", body: JSON.stringify(activity) });
    cavage(request, { key: this.#keys.privateKey, keyId: actor.publicKey.id });
    return send(node.host, request);
  }

  // The text with all of its origins replaced. ours: { address in the text: address here }; ourHost: its host, if any, that is
  // this node. folder keeps the file's ids apart.
  rewrite(text, { ours = {}, ourHost, node, folder }) {
    const authorities = [...new Set(addresses(JSON.parse(text)).map((address) => address.split("/")[2]))];
    let result = text;
    for (const [there, here] of Object.entries(ours).sort(([a], [b]) => b.length - a.length)) {
      const exact = new RegExp(`https?://${escaped(there.replace(/^https?:\/\//, ""))}(?![\\w/-])`, "g");
      result = result.replace(exact, here);
    }
    let next = 0;
    for (const authority of authorities.filter((name) => name !== "www.w3.org" && name !== "w3id.org")) {
      const isOurs = authority === ourHost;
      const peer = isOurs ? undefined : this.#peers[next++ % COUNT];
      if (next > COUNT) throw new Error(`more than ${COUNT} hosts in one file`);
      const base = isOurs ? `${node.host.base}/elsewhere` : `${peer.host.base}/${folder}`;
      const at = isOurs ? node.host.authority : peer.host.authority;
      result = result.replace(new RegExp(`https?://${escaped(authority)}(?![\\w.:-])`, "g"), base);
      result = result.replace(new RegExp(`@${escaped(authority)}(?![\\w.:-])`, "g"), `@${at}`);
    }
    return result;
  }
}

// Every address that one of NAMES has as its value.
function addresses(value, name = "", found = []) {
  if (typeof value === "string") {
    if (NAMES.has(name) && /^https?:\/\/[^/]+/.test(value)) found.push(value);
  } else if (Array.isArray(value)) {
    for (const one of value) addresses(one, name, found);
  } else if (value !== null && typeof value === "object") {
    for (const [key, one] of Object.entries(value)) if (key !== "@context" && !isFarLink(value, key)) addresses(one, key, found);
  }
  return found;
}

// The subject of a link post and the files of a post may stay where they are: nothing is fetched from there.
function isFarLink({ type }, key) {
  return key === "url" || key === "image" || (key === "href" && type !== "Mention");
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export { PUBLIC };
