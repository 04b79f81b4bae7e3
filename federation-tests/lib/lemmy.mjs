// A scripted server in Lemmy's shapes: communities that take activities of their members and announce them (FEP-1b12), with
// moderators, featured posts and an outbox; and people who follow, post, vote and comment there and elsewhere.
import { ACTIVITY_JSON, PUBLIC, reply } from "./rawpeer.mjs";

const CONTEXT = ["https://join-lemmy.org/context.json", "https://www.w3.org/ns/activitystreams"];

// A person of this server: acts are sent by themselves to whoever they are for.
export class Lemming {
  constructor(peer, name) {
    this.actor = peer.actor(name);
    this.peer = peer;
    this.name = name;
    this.id = this.actor.id;
  }

  // An activity in or about a community.
  activity(type, object, community, fields = {}) {
    return { ...this.actor.activity(type, object), "@context": CONTEXT, to: [PUBLIC], cc: [community], audience: community, ...fields };
  }

  page(slug, community, fields = {}) {
    return this.actor.note(slug, {
      type: "Page",
      name: `About ${slug}`,
      content: `<p>${slug}</p>`,
      mediaType: "text/html",
      source: { content: slug, mediaType: "text/markdown" },
      attachment: [],
      sensitive: false,
      language: { identifier: "en", name: "English" },
      to: [community, PUBLIC],
      cc: [],
      audience: community,
      ...fields,
    });
  }

  comment(slug, parent, community, fields = {}) {
    return this.actor.note(slug, { mediaType: "text/html", inReplyTo: parent, to: [PUBLIC], cc: [community], audience: community, ...fields });
  }

  // Delivered to a node: the status of the answer.
  async send(node, activity) {
    const { status, text } = await this.actor.post(node, activity);
    if (status !== 202) return `${status} ${text}`;
    return status;
  }

  act(node, type, object, community, fields) {
    return this.send(node, this.activity(type, object, community, fields));
  }

  undo(node, type, object, community, fields) {
    return this.act(node, "Undo", this.activity(type, object, community, fields), community);
  }

  // What came to its inbox, or its server's, of this type and about this.
  received(what, fits, limit = 10_000) {
    return received(this.peer, what, fits, limit);
  }
}

// A community of this server.
export class LemmyCommunity {
  moderators = [];
  featured = [];
  outbox = [];
  followers = new Set();

  constructor(peer, name) {
    this.peer = peer;
    const base = peer.url(`/users/${name}`);
    this.actor = peer.actor(name, {
      type: "Group",
      summary: "<p>A community</p>",
      source: { content: "A community", mediaType: "text/markdown" },
      attributedTo: `${base}/moderators`,
      featured: `${base}/featured`,
      postingRestrictedToMods: false,
      language: [{ identifier: "en", name: "English" }],
      endpoints: { sharedInbox: peer.url("/inbox") },
    });
    this.id = base;
    this.#collection("moderators", () => this.moderators);
    this.#collection("featured", () => this.featured);
    this.#collection("outbox", () => this.outbox);
    peer.page("/inbox", (_, response) => response.writeHead(202).end());
  }

  #collection(part, items) {
    this.peer.page(`/users/${this.actor.name}/${part}`, (_, response) => {
      reply(response, { "@context": CONTEXT, type: "OrderedCollection", id: `${this.id}/${part}`, totalItems: items().length, orderedItems: items() }, ACTIVITY_JSON);
    });
  }

  announce(inner) {
    return { ...this.actor.activity("Announce", inner), "@context": CONTEXT, to: [PUBLIC], cc: [`${this.id}/followers`] };
  }

  // Tells a node of what somebody did.
  async tell(node, inner) {
    const { status, text } = await this.actor.post(node, this.announce(inner));
    return status === 202 ? status : `${status} ${text}`;
  }

  // Accepts the follow that comes.
  async accept(node) {
    const follow = await received(this.peer, "the follow", ({ type, object }) => type === "Follow" && object === this.id);
    await this.actor.post(node, this.actor.activity("Accept", follow, { to: [follow.actor] }));
    return follow;
  }
}

export async function received(peer, what, fits, limit = 10_000) {
  const entry = await peer.requests.wait(what, ({ method, body }) => method === "POST" && isFit(body, fits), limit);
  return JSON.parse(entry.body);
}

// How many such have come so far.
export function count(peer, fits) {
  return peer.requests.filter(({ method, body }) => method === "POST" && isFit(body, fits)).length;
}

function isFit(body, fits) {
  try {
    return fits(JSON.parse(body));
  } catch {
    return false;
  }
}
