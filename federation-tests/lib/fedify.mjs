// A server made with Fedify: people with keys, posts and followers, an inbox that writes down what it verified.
import { Temporal } from "@js-temporal/polyfill";
import { Journal } from "./journal.mjs";
import { host, isPrivate, readBody, serve } from "./world.mjs";

const SERVER = "server"; // the name of its own actor
const DIALECTS = {
  1: async () => ({ ...(await import("fedify-1")), vocab: await import("fedify-1/vocab") }),
  2: async () => ({ ...(await import("fedify-2")), vocab: await import("@fedify/vocab") }),
};

// options: firstKnock (Fedify 2), authorized (documents for signed requests only), featured (people have pins and hashtags)
export async function fedifyPeer(version, hostName, options = {}) {
  const peer = new FedifyPeer(await DIALECTS[version](), version, await host(hostName), options);
  await peer.start();
  return peer;
}

class FedifyPeer {
  activities = new Journal(); // verified: { type, activity, actor, object, recipient, at }
  requests = new Journal(); // { method, path, headers, body, status, at }
  people = new Map();
  files = new Map(); // path: { type, bytes }
  onFollow = "accept"; // "reject", "wait"

  constructor(library, version, at, options) {
    this.library = library;
    this.vocab = library.vocab;
    this.version = version;
    this.host = at;
    this.options = options;
  }

  async start() {
    const { createFederation, MemoryKvStore } = this.library;
    this.federation = createFederation({
      kv: new MemoryKvStore(),
      allowPrivateAddress: !isPrivate,
      ...(this.options.firstKnock && { firstKnock: this.options.firstKnock }),
    });
    this.#dispatchActors();
    this.#dispatchCollections();
    this.#dispatchPosts();
    this.#dispatchNodeInfo();
    this.federation
      .setInboxListeners("/users/{identifier}/inbox", "/inbox")
      .setSharedKeyDispatcher(() => ({ identifier: SERVER })) // who asks for the keys of strangers
      .on(this.vocab.Activity, (ctx, activity) => this.#receive(ctx, activity))
      .onError((_, error) => this.activities.add({ type: "error", error }));
    await this.addPerson(SERVER);
    this.served = await serve(this.host, (request, response) => this.#answer(request, response));
  }

  stop() {
    return this.served.close();
  }

  // --- people and posts ---

  async addPerson(name, fields = {}) {
    const person = { name, fields, keys: await this.newKeys(), posts: new Map(), followers: new Map(), pins: [], hashtags: [] };
    this.people.set(name, person);
    return this.uri(name);
  }

  async newKeys() {
    const { generateCryptoKeyPair } = this.library;
    return Promise.all([generateCryptoKeyPair("RSASSA-PKCS1-v1_5"), generateCryptoKeyPair("Ed25519")]);
  }

  get context() {
    return this.federation.createContext(new URL(this.host.base), undefined);
  }

  uri(name) {
    return this.context.getActorUri(name);
  }

  handle(name) {
    return `${name}@${this.host.authority}`;
  }

  // The address of a file that it serves.
  addFile(path, type, bytes) {
    this.files.set(path, { type, bytes });
    return new URL(path, this.host.base);
  }

  // A Note that can be fetched, too. What fields do not say is public.
  addPost(name, slug, { ccs = [], ...fields } = {}) {
    const { Note, PUBLIC_COLLECTION } = this.vocab;
    const id = new URL(`/users/${name}/posts/${slug}`, this.host.base);
    const post = new Note({
      id,
      url: id,
      attribution: this.uri(name),
      to: PUBLIC_COLLECTION,
      ccs: [this.context.getFollowersUri(name), ...ccs],
      published: Temporal.Now.instant(),
      ...fields,
    });
    this.people.get(name).posts.set(slug, post);
    return post;
  }

  // --- sending ---

  // An activity of that class by that person, signed and sent at once; throws when it was refused.
  async send(name, to, Class, fields) {
    const activity = new Class({
      id: new URL(`/activities/${crypto.randomUUID()}`, this.host.base),
      actor: this.uri(name),
      ...fields,
    });
    await this.context.sendActivity({ identifier: name }, to, activity, { immediate: true });
    return activity;
  }

  // The person as their document says now; what lookup() gives may be an older one that it keeps.
  actor(name) {
    return this.federation.createContext(new Request(this.host.base), undefined).getActor(name);
  }

  // Reads an actor or post as a person of this server, who signs the request.
  async lookup(address, name) {
    const documentLoader = name && (await this.context.getDocumentLoader({ identifier: name }));
    return this.context.lookupObject(address, documentLoader ? { documentLoader } : {});
  }

  // --- dispatchers ---

  #dispatchActors() {
    const { Person, Endpoints } = this.vocab;
    const setters = this.federation.setActorDispatcher("/users/{identifier}", async (ctx, name) => {
      const person = this.people.get(name);
      if (person === undefined) return null;
      const pairs = await ctx.getActorKeyPairs(name);
      return new Person({
        id: ctx.getActorUri(name),
        preferredUsername: name,
        name,
        url: new URL(`/@${name}`, this.host.base),
        inbox: ctx.getInboxUri(name),
        outbox: ctx.getOutboxUri(name),
        followers: ctx.getFollowersUri(name),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        ...(this.options.featured && { featured: ctx.getFeaturedUri(name), featuredTags: ctx.getFeaturedTagsUri(name) }),
        publicKey: pairs[0].cryptographicKey,
        assertionMethods: pairs.map(({ multikey }) => multikey),
        ...person.fields,
      });
    });
    setters.setKeyPairsDispatcher((_, name) => this.people.get(name)?.keys ?? []);
    if (this.options.authorized) setters.authorize(async (ctx, name) => name === SERVER || (await ctx.getSignedKeyOwner()) != null);
  }

  #dispatchCollections() {
    this.federation.setFollowersDispatcher("/users/{identifier}/followers", (_, name) => {
      const person = this.people.get(name);
      return person && { items: [...person.followers.values()] };
    });
    if (this.options.featured) {
      this.federation.setFeaturedDispatcher("/users/{identifier}/featured", (_, name) => this.people.has(name) && { items: this.people.get(name).pins });
      this.federation.setFeaturedTagsDispatcher("/users/{identifier}/tags", (_, name) => this.people.has(name) && { items: this.people.get(name).hashtags });
    }
    this.federation.setOutboxDispatcher("/users/{identifier}/outbox", (_, name) => {
      return this.people.has(name) ? { items: [] } : null;
    });
  }

  #dispatchPosts() {
    this.federation.setObjectDispatcher(this.vocab.Note, "/users/{identifier}/posts/{slug}", (_, { identifier, slug }) => {
      return this.people.get(identifier)?.posts.get(slug) ?? null;
    });
  }

  #dispatchNodeInfo() {
    this.federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
      software: { name: "fedify-peer", version: this.version === 1 ? { major: 1, minor: 0, patch: 0 } : "1.0.0" },
      protocols: ["activitypub"],
      usage: { users: {}, localPosts: 0, localComments: 0 },
    }));
  }

  // --- receiving ---

  async #receive(ctx, activity) {
    const type = activity.constructor.name;
    if (type === "Follow") await this.#followed(activity);
    this.activities.add({
      type,
      activity,
      id: activity.id?.href,
      actor: activity.actorId?.href,
      object: activity.objectId?.href,
      recipient: ctx.recipient,
      at: performance.now(),
    });
  }

  async #followed(follow) {
    if (this.onFollow === "wait") return;
    const parsed = this.context.parseUri(follow.objectId);
    if (parsed?.type !== "actor") return;
    const documentLoader = await this.context.getDocumentLoader({ identifier: parsed.identifier });
    const follower = await follow.getActor({ documentLoader });
    if (follower === null) return;
    const Class = this.onFollow === "accept" ? this.vocab.Accept : this.vocab.Reject;
    if (this.onFollow === "accept") this.people.get(parsed.identifier).followers.set(follower.id.href, follower);
    await this.send(parsed.identifier, follower, Class, { object: follow });
  }

  async #answer(request, response) {
    const at = performance.now();
    try {
      const body = await readBody(request);
      const file = this.files.get(request.url);
      if (file !== undefined) return response.writeHead(200, { "Content-Type": file.type }).end(file.bytes);
      const answer = await this.federation.fetch(this.#webRequest(request, body), { contextData: undefined });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const { method, url: path, headers } = request;
      this.requests.add({ method, path, headers, body: body.toString(), status: answer.status, answer: bytes.toString(), at });
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(bytes);
    } catch (error) {
      this.activities.add({ type: "error", error });
      response.writeHead(500).end();
    }
  }

  #webRequest(request, body) {
    const headers = new Headers();
    for (let i = 0; i < request.rawHeaders.length; i += 2) headers.append(request.rawHeaders[i], request.rawHeaders[i + 1]);
    const bare = request.method === "GET" || request.method === "HEAD";
    return new Request(new URL(request.url, this.host.base), { method: request.method, headers, ...(!bare && { body }) });
  }

  // What went wrong here since it was last asked.
  #said = 0;
  troubles() {
    const fresh = this.requests.entries.slice(this.#said);
    this.#said = this.requests.entries.length;
    return fresh
      .filter(({ status }) => status >= 400)
      .map(({ method, path, status, answer }) => `${this.host.name}: ${method} ${path} -> ${status} ${answer.slice(0, 300)}`)
      .join("\n");
  }
}
