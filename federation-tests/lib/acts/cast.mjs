// Who plays in the acts: people with ordinary clients (masto) on two nodes, and those of a server made with Fedify; and how the
// one sees what the other does: by its live stream, by asking, as Fedify's typed vocabulary.
import assert from "node:assert/strict";
import { createRestAPIClient } from "masto";
import { Clock } from "../clock.mjs";
import { signIn } from "../client.mjs";
import { fedifyPeer } from "../fedify.mjs";
import { Journal, until } from "../journal.mjs";
import { fediflow } from "../node.mjs";
import { picture } from "../picture.mjs";

const LIMITS = { rate: 100000, rate_media: 100000, rate_delete: 100000, rate_sign_up: 100000, rate_token: 100000 };
const SETTINGS = { api: LIMITS, node: { poll_tell: "1 s" } };
const STAFF_SCOPES = "read write follow admin:read admin:write";

// All that an iterator of Fedify's gives.
export async function list(items) {
  const all = [];
  for await (const item of items) all.push(item);
  return all;
}

export const plain = (html) => html.replace(/<[^>]*>/g, "");
export const image = (width = 64, height = 48) => new Blob([picture(width, height)], { type: "image/png" });

// What the streams tell comes into the journal: { event, value }.
async function listen(client, heard) {
  const stream = await client.socket("/api/v1/streaming?stream=user");
  stream.say({ type: "subscribe", stream: "direct" }); // conversations
  const take = ({ event, payload }) => heard.add({ event, value: event === "delete" ? String(payload) : JSON.parse(payload ?? "null") });
  for (const entry of stream.heard.entries) take(entry);
  stream.heard.add = take;
}

// Somebody of a node with a client that is signed in and listens: { name, node, uri, handle, inbox, masto, client, heard }.
async function person(node, name, scopes) {
  await node.addPerson(name);
  const { uri, handle, inbox, url } = await node.person(name);
  const client = await signIn(node, name, scopes);
  const heard = new Journal();
  await listen(client, heard);
  const masto = createRestAPIClient({ url: node.host.base, accessToken: client.token });
  return { name, node, uri, handle, inbox, url, client, masto, heard, ids: new Map() };
}

export class Cast {
  clock = new Clock();
  tokens = new Set(); // of clients at north
  people = [];
  polls = {}; // by the name of who asked
  #slug = 0;
  #ahead = 0;

  async begin() {
    [this.north, this.south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings: SETTINGS, env: this.clock.env })));
    this.peer = await fedifyPeer(2, "fedify2", { featured: true });
    this.vocab = this.peer.vocab;
    for (const name of ["tina", "tom"]) await this.peer.addPerson(name);
    [this.alice, this.bob] = await Promise.all([this.fresh(this.north, "alice"), this.fresh(this.south, "bob")]);
    [this.olga, this.otto] = await Promise.all([this.fresh(this.north, "olga", STAFF_SCOPES), this.fresh(this.south, "otto", STAFF_SCOPES)]);
    await this.north.run("account", "role", "olga", "owner");
    await this.south.run("account", "role", "otto", "owner");
  }

  // alice, bob and tina follow each other.
  async befriend() {
    const { alice, bob, peer, vocab } = this;
    await alice.masto.v1.accounts.$select(await this.id(alice, bob)).follow();
    await bob.masto.v1.accounts.$select(await this.id(bob, alice)).follow();
    await alice.masto.v1.accounts.$select(await this.id(alice, this.tina)).follow();
    await this.sends(vocab.Follow, { object: new URL(alice.uri) });
    await until("all follow", async () => {
      const [one, other] = await Promise.all([this.north.person("alice"), this.south.person("bob")]);
      return one.followers === 2 && one.following === 2 && other.followers === 1 && other.following === 1;
    });
    await peer.activities.wait("the Accept", ({ type, actor }) => type === "Accept" && actor === alice.uri);
  }

  async end() {
    for (const node of [this.north, this.south]) {
      await node.stop();
      await node.check();
    }
    await this.peer.stop();
  }

  // What was heard and sent before counts no more.
  forget() {
    for (const { heard } of this.people) heard.clear();
    this.peer.activities.clear();
  }

  async fresh(node, name, scopes) {
    const made = await person(node, name, scopes);
    this.people.push(made);
    if (node === this.north) this.tokens.add(made.client.token);
    return made;
  }

  fedifyPerson(name) {
    return { name, uri: this.peer.uri(name).href, url: this.peer.uri(name), handle: this.peer.handle(name) };
  }

  // What the nodes take for the time.
  now() {
    return Date.now() + this.#ahead * 1000;
  }

  // The nodes are down for that long: what fell due meanwhile is done when they are back.
  async passes(seconds) {
    for (const node of [this.north, this.south]) await node.stop();
    this.#ahead += seconds;
    this.clock.set(this.#ahead);
    for (const node of [this.north, this.south]) await node.start();
    for (const { client, heard } of [this.alice, this.bob]) await listen(client, heard);
  }

  get tina() {
    return this.fedifyPerson("tina");
  }

  get tom() {
    return this.fedifyPerson("tom");
  }

  // The id that somebody has for somebody's client.
  async id(me, other) {
    if (!me.ids.has(other.uri)) {
      const found = await until(`${me.name} finds ${other.name}`, async () => (await me.masto.v2.search.list({ q: other.uri, resolve: true, type: "accounts" })).accounts[0]);
      me.ids.set(other.uri, found.id);
    }
    return me.ids.get(other.uri);
  }

  async relationship(me, other) {
    return (await me.masto.v1.accounts.relationships.fetch({ id: [await this.id(me, other)] }))[0];
  }

  relates(me, other, what, fits) {
    return until(`${me.name} and ${other.name}: ${what}`, async () => fits(await this.relationship(me, other)));
  }

  // The account as somebody's client reads it, once it is so.
  account(me, other, what, fits) {
    return until(`${me.name} reads of ${other.name}: ${what}`, async () => {
      const account = await me.masto.v1.accounts.$select(await this.id(me, other)).fetch();
      return fits(account) && account;
    });
  }

  // --- what a client hears and reads ---

  async hears(me, event, what, fits) {
    return (await me.heard.wait(`${me.name} hears ${what}`, (entry) => entry.event === event && fits(entry.value))).value;
  }

  // A notification, by the stream and in the list.
  async told(me, type, fits = () => true) {
    const heard = await this.hears(me, "notification", `of a ${type}`, (value) => value.type === type && fits(value));
    const listed = await me.masto.v1.notifications.$select(heard.id).fetch();
    assert.equal(listed.type, type);
    return listed;
  }

  // A notification of which the live stream may have told before it began.
  listed(me, type, fits) {
    return until(`${me.name} reads of a ${type}`, async () => (await me.masto.v1.notifications.list({ types: [type] })).find(fits));
  }

  // A post that arrives in the live stream, as it is read then.
  async seen(me, uri, event = "update") {
    const { id } = await this.hears(me, event, uri, (status) => status.uri === uri);
    return me.masto.v1.statuses.$select(id).fetch();
  }

  // The post as somebody's client reads it, once it is so.
  status(me, id, what, fits) {
    return until(`${me.name} reads ${what}`, async () => {
      const status = await me.masto.v1.statuses.$select(id).fetch();
      return fits(status) && status;
    });
  }

  gone(me, id) {
    return until(`${me.name} does not find ${id}`, () => me.masto.v1.statuses.$select(id).fetch().then(() => false, ({ statusCode }) => statusCode === 404));
  }

  // What somebody says by their client; the text is made unique.
  says(me, text, more = {}) {
    return me.masto.v1.statuses.create({ status: `${text} (${++this.#slug})`, ...more });
  }

  // Says something, and the other hears it: { made, seen }, each with its own id.
  async shown(me, you, text, more) {
    const made = await this.says(me, text, more);
    return { made, seen: await this.seen(you, made.uri) };
  }

  // --- Fedify ---

  // The activity of that type which fits, as the peer's vocabulary reads it.
  came(type, by, fits = () => true) {
    return until(`Fedify gets the ${type} of ${by.name}`, async () => {
      for (const entry of this.peer.activities.filter((entry) => entry.type === type && entry.actor === by.uri)) {
        if (await fits(entry.activity)) return entry.activity;
      }
      return undefined;
    });
  }

  // The Create or Update with that post, and the post.
  async cameWith(type, by, uri, fits = () => true) {
    let object;
    await this.came(type, by, async (activity) => {
      if (activity.objectId?.href !== uri) return false;
      object = await activity.getObject();
      return fits(object);
    });
    return object;
  }

  // The Follows of tom by somebody, oldest first.
  follows(me) {
    return this.peer.activities.filter(({ type, actor, object }) => type === "Follow" && actor === me.uri && object === this.tom.uri).map(({ activity }) => activity);
  }

  undone(by, activity) {
    return this.came("Undo", by, ({ objectId }) => objectId?.href === activity.id.href);
  }

  sends(Class, fields, { by = "tina", to = this.alice } = {}) {
    return this.peer.send(by, { id: new URL(to.uri), inboxId: new URL(to.inbox) }, Class, fields);
  }

  undoes(object, options) {
    return this.sends(this.vocab.Undo, { object }, options);
  }

  // A post of tina's: with to and cc as they are given, else for everybody.
  writes(fields = {}, by = "tina") {
    const slug = `post-${++this.#slug}`;
    const { to, ccs = [], ...rest } = fields;
    let post = this.peer.addPost(by, slug, { ...("contents" in rest ? {} : { content: `<p>${slug}</p>` }), ccs, ...rest });
    if (to !== undefined) post = post.clone({ tos: to, ccs });
    return this.keeps(post, by);
  }

  // The post as it is served from now on.
  keeps(post, by = "tina") {
    this.peer.people.get(by).posts.set(post.id.pathname.split("/").at(-1), post);
    return post;
  }

  creates(post, options) {
    return this.sends(this.vocab.Create, { object: post, tos: [...post.toIds], ccs: [...post.ccIds] }, options);
  }

  updates(post, options) {
    return this.sends(this.vocab.Update, { object: this.keeps(post), tos: [...post.toIds], ccs: [...post.ccIds] }, options);
  }

  // A post of tina's that alice's client has heard: { post, seen }.
  async theirs(fields) {
    const post = this.writes(fields);
    await this.creates(post);
    return { post, seen: await this.seen(this.alice, post.id.href) };
  }

  mention(who) {
    return new this.vocab.Mention({ href: new URL(who.uri), name: `@${who.handle}` });
  }

  // --- nothing leaves ---

  async sent() {
    await this.north.settles();
    const posts = ({ method, path }) => method === "POST" && path.endsWith("/inbox");
    return this.peer.requests.filter(posts).length + this.south.inbound.filter(posts).length;
  }

  // What clients have asked the node of north to change: "METHOD /path", since that many requests.
  writings(from) {
    return this.north.inbound.entries.slice(from)
      .filter(({ method, headers }) => !["GET", "HEAD", "OPTIONS"].includes(method) && this.tokens.has(headers.authorization?.replace(/^Bearer /, "")))
      .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
  }
}
