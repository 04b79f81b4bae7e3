// What one document of a peer must do here. Each kind is a function (scene, row) that delivers the document over HTTP with a
// valid signature and asserts what is there afterwards; tables of rows are in dialects-real.mjs and dialects-own.mjs.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { until } from "./journal.mjs";
import { Origins, PUBLIC } from "./origins.mjs";

const ACTORS = new Set(["Person", "Group", "Organization", "Service", "Application"]);

// One node with one person, and the hosts of all others.
export class Theatre {
  #count = 0;

  static async open(node) {
    const theatre = new Theatre();
    theatre.node = node;
    theatre.origins = await Origins.start();
    await node.addPerson("alice");
    theatre.alice = await node.person("alice");
    return theatre;
  }

  // The file as it is told here. row.us: what of it is this node: { address: "alice", address: "post" };
  // row.asked: the options of that post, as a poll. "tea" is a community of this node, made for the scene; "featured" and
  // "moderators" are its collections. row.edit changes the document.
  async scene(file, row) {
    const text = readFileSync(file, "utf8");
    const scene = new Scene(this, `f${++this.#count}`);
    const ours = {};
    for (const [address, what] of Object.entries(row.us ?? {})) {
      if (!text.includes(address.replace(/^https?:\/\//, ""))) continue;
      if (["tea", "featured", "moderators"].includes(what)) await scene.makeCommunity();
      if (what === "post" && scene.post === undefined) scene.post = await this.node.post("alice", "What peers react to", ...(row.asked ? ["--poll", row.asked.join(";")] : []));
      ours[address] = { post: scene.post?.uri, tea: scene.tea?.uri, featured: `${scene.tea?.uri}/collections/featured`, moderators: `${scene.tea?.uri}/moderators` }[what] ?? this.alice.uri;
    }
    scene.document = JSON.parse(this.origins.rewrite(text, { ours, ourHost: row.ourHost, node: this.node, folder: scene.folder }));
    row.edit?.(scene.document);
    // one host has one account of a name, and the files have many
    if (ACTORS.has(scene.document.type)) scene.document.preferredUsername += `_${scene.folder}`;
    return scene;
  }
}

class Scene {
  constructor(theatre, folder) {
    Object.assign(this, { theatre, node: theatre.node, origins: theatre.origins, alice: theatre.alice, folder });
  }

  actor(id, document) {
    return this.origins.actor(id, document, `${id.split("/").filter(Boolean).pop().replace(/\W/g, "")}_${this.folder}`);
  }

  // The author that is on the object's own host.
  author(object) {
    const authors = [object.actor ?? object.attributedTo].flat().map((one) => one.id ?? one);
    const origin = new URL(object.id).origin;
    return this.actor(authors.find((author) => new URL(author).origin === origin) ?? authors[0]);
  }

  // A community of this node, owned by alice.
  async makeCommunity() {
    if (this.tea !== undefined) return;
    const name = `tea_${this.folder}`;
    await this.node.run("community", "create", name, "--owner", "alice");
    this.tea = { name, ...(await this.node.person(name)) };
  }

  // A member of it, with a role.
  async join(actor, role) {
    await this.send({ id: `${actor.id}#joins-${this.folder}`, type: "Follow", actor: actor.id, object: this.tea.uri }, actor);
    await this.node.seesPerson(this.tea.name, ({ followers }) => followers >= 2);
    if (role) await this.node.run("community", "appoint", this.tea.name, actor.id, role);
  }

  // A post in it, by a member.
  async plantInTea(id, fields = {}) {
    const author = this.actor(`${id}/author`);
    await this.join(author);
    await this.plant(id, author, { cc: [this.tea.uri], ...fields });
    return this.node.seesPost(id, ({ community }) => community === this.tea.handle);
  }

  async send(activity, actor = this.actor(activity.actor.id ?? activity.actor), status = 202) {
    const answer = await this.origins.deliver(this.node, activity, actor);
    assert.equal(answer.status, status, answer.text.slice(0, 300));
    return actor;
  }

  // Somebody here follows the actor, which has accepted.
  async follow(actor) {
    await this.node.follow("alice", actor.id);
    const request = await this.origins.received("the follow", actor, ({ type, object }) => type === "Follow" && object === actor.id);
    await this.send({ id: `${actor.id}#accept-${this.folder}`, type: "Accept", actor: actor.id, object: request }, actor);
    await this.node.seesPerson(actor.id, ({ followers }) => followers >= 1);
    return request;
  }

  // The object as its author's server would send it.
  create(object, actor, fields = {}) {
    return { "@context": object["@context"], id: `${object.id}#create`, type: "Create", actor: actor.id, to: object.to, cc: object.cc, object, ...fields };
  }

  // A post of the actor's, as something to react to.
  async plant(id, actor, fields = {}) {
    const note = { id, type: "Note", attributedTo: actor.id, content: "<p>planted</p>", published: "2020-01-01T00:00:00Z", to: [PUBLIC], cc: [this.alice.uri], ...fields };
    this.origins.serve(note);
    await this.send(this.create(note, actor), actor);
    return this.node.seesPost(id);
  }

  followers() {
    return this.node.run("followers", "alice").then((rows) => rows.map((row) => row.uri ?? row.handle));
  }
}

// --- what a post must look like ---

function fits(post, wanted, scene) {
  const problems = [];
  for (const [name, value] of Object.entries(wanted)) {
    const expected = typeof value === "function" ? value(scene) : value;
    if (!alike(post[name], expected)) problems.push(`${name}: ${JSON.stringify(post[name])} instead of ${expected instanceof RegExp ? expected : JSON.stringify(expected)}`);
  }
  assert.deepEqual(problems, []);
}

function alike(actual, expected) {
  if (expected instanceof RegExp) return expected.test(actual ?? "");
  if (expected === null) return (actual ?? null) === null;
  if (Array.isArray(expected)) return Array.isArray(actual) && actual.length === expected.length && expected.every((one, i) => alike(actual[i], one));
  if (typeof expected === "object") return actual !== null && typeof actual === "object" && Object.entries(expected).every(([key, one]) => alike(actual[key], one));
  return actual === expected;
}

const isActivity = ({ actor, object }) => actor !== undefined && object !== undefined;

// --- kinds ---

export const kinds = {
  // A post is stored: its text, title, files, parent, ...
  async post(scene, { is, follow = true, planted = [] }) {
    const { document } = scene;
    const object = isActivity(document) ? document.object : document;
    const author = scene.author(object);
    if (follow) await scene.follow(author);
    for (const id of planted.map((member) => object[member])) await scene.plant(id, scene.actor(`${id}/author`));
    await scene.send(isActivity(document) ? document : scene.create(object, author), author);
    const post = await scene.node.seesPost(object.id);
    fits(post, { author: (s) => new RegExp(`^@?${s.origins.actor(author.id).preferredUsername}@`, "i"), ...is }, scene);
  },

  // An actor is read: name, kind, page, ...
  async actor(scene, { is }) {
    const { document } = scene;
    const actor = scene.origins.actor(document.id, document);
    if (actor.publicKey.owner === actor.id) await scene.follow(actor);
    else await scene.node.follow("alice", actor.id);
    fits(await scene.node.person(actor.id), is, scene);
  },

  // A follow of alice, answered with Accept.
  async follow(scene) {
    const { document } = scene;
    const before = scene.alice.followers;
    const actor = await scene.send(document);
    const accept = await scene.origins.received("the Accept", actor, ({ type }) => type === "Accept");
    assert.equal(accept.object.id ?? accept.object, document.id);
    assert.equal(accept.object.actor, actor.id);
    await scene.node.seesPerson("alice", ({ followers }) => followers >= before + 1);
    await kinds.follow.end(scene, document, actor);
  },

  // A follow that is taken back.
  async unfollow(scene) {
    const { document } = scene;
    const actor = scene.actor(document.actor);
    const before = (await scene.node.person("alice")).followers;
    await scene.send({ ...document.object, id: document.object.id }, actor);
    await scene.node.seesPerson("alice", ({ followers }) => followers === before + 1);
    await scene.send(document, actor);
    await scene.node.seesPerson("alice", ({ followers }) => followers === before);
  },

  // A follow of ours that is accepted, in whatever form.
  async accept(scene) {
    const { document } = scene;
    const actor = scene.actor(document.actor);
    await scene.node.follow("alice", actor.id);
    const request = await scene.origins.received("the follow", actor, ({ type }) => type === "Follow");
    const object = typeof document.object === "string" ? request.id : { ...document.object, id: request.id, actor: request.actor };
    await scene.send({ ...document, object }, actor);
    await scene.node.seesPerson(actor.id, ({ followers }) => followers === 1);
  },

  // A follow of ours that is refused.
  async reject(scene) {
    const { document } = scene;
    const actor = scene.actor(document.actor);
    const request = await scene.follow(actor);
    const object = typeof document.object === "string" ? request.id : { ...document.object, id: request.id, actor: request.actor };
    await scene.send({ ...document, object }, actor);
    await scene.node.seesPerson(actor.id, ({ followers }) => followers === 0);
  },

  // Somebody blocks alice, who followed: that is over.
  async block(scene) {
    const { document } = scene;
    const actor = scene.actor(document.actor);
    await scene.follow(actor);
    await scene.send(document, actor);
    await scene.node.seesPerson(actor.id, ({ followers }) => followers === 0);
  },

  async like(scene) {
    await scene.send(scene.document);
    await scene.node.seesPost(scene.post.uri, ({ likes }) => likes === 1);
  },

  async unlike(scene) {
    const { document } = scene;
    const actor = await scene.send({ ...document.object, type: "Like" });
    await scene.node.seesPost(scene.post.uri, ({ likes }) => likes === 1);
    await scene.send(document, actor);
    await scene.node.seesPost(scene.post.uri, ({ likes }) => likes === 0);
  },

  // A reaction with an emoji is counted, and is no like.
  async react(scene, { emoji }) {
    await scene.send(scene.document);
    await scene.node.seesPost(scene.post.uri, ({ likes, reactions }) => likes === 0 && counted(reactions, emoji));
  },

  async unreact(scene, { emoji }) {
    const { document } = scene;
    const actor = await scene.send(document.object);
    await scene.node.seesPost(scene.post.uri, ({ reactions }) => counted(reactions, emoji));
    await scene.send(document, actor);
    await scene.node.seesPost(scene.post.uri, ({ reactions }) => reactions.length === 0);
  },

  async dislike(scene) {
    await scene.send(scene.document);
    await scene.node.seesPost(scene.post.uri, ({ likes, dislikes }) => likes === 0 && dislikes === 1);
  },

  async undislike(scene) {
    const { document } = scene;
    const actor = await scene.send(document.object);
    await scene.node.seesPost(scene.post.uri, ({ dislikes }) => dislikes === 1);
    await scene.send(document, actor);
    await scene.node.seesPost(scene.post.uri, ({ dislikes }) => dislikes === 0);
  },

  // A vote is counted and is no post.
  async vote(scene, { asked }) {
    const { document } = scene;
    await scene.send(document);
    const { poll, replies } = await scene.node.seesPost(scene.post.uri, (post) => post.poll.voters === 1);
    assert.deepEqual(poll.options.map(({ name, votes }) => [name, votes]), asked.map((name) => [name, name === document.object.name ? 1 : 0]));
    assert.equal(replies, 0);
    assert.equal(await scene.node.knows(document.object.id), null);
  },

  // Somebody asks to quote alice's post, which its policy allows: they hear so, and she is told of the quote.
  async quoteRequest(scene) {
    const { document } = scene;
    const actor = await scene.send(document);
    const accept = await scene.origins.received("the Accept", actor, ({ type }) => type === "Accept");
    assert.equal(accept.object.id ?? accept.object, document.id);
    await scene.node.settles();
    const notices = await scene.node.run("notices", "alice");
    assert.ok(notices.some(({ kind, post_uri: uri }) => kind === "quote" && uri === document.instrument.id), JSON.stringify(notices));
  },

  // A boost of alice's post, or of one that is fetched at its origin (row.of: the object that is there).
  async boost(scene, { of, is = {} }) {
    const { document } = scene;
    const uri = document.object.id ?? document.object;
    const actor = scene.actor(document.actor.id ?? document.actor);
    if (of !== undefined) {
      await scene.follow(actor);
      const author = scene.actor(`${uri}/author`);
      scene.origins.serve({ id: uri, attributedTo: author.id, to: [PUBLIC], cc: [], content: "<p>boosted</p>", published: "2020-01-01T00:00:00Z", ...of });
    }
    await scene.send(document, actor);
    const post = await scene.node.seesPost(uri, ({ boosts }) => boosts === 1).catch(async (error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await scene.node.knows(uri))}`);
    });
    fits(post, is, scene);
  },

  async unboost(scene) {
    const { document } = scene;
    const actor = await scene.send(document.object);
    await scene.node.seesPost(scene.post.uri, ({ boosts }) => boosts === 1);
    await scene.send(document, actor);
    await scene.node.seesPost(scene.post.uri, ({ boosts }) => boosts === 0);
  },

  // A post changes.
  async update(scene, { is }) {
    const { document } = scene;
    const { object } = document;
    const actor = scene.actor(document.actor);
    await scene.follow(actor);
    await scene.plant(object.id, actor, { type: object.type, to: object.to, cc: object.cc });
    await scene.send(document, actor);
    await scene.node.seesPost(object.id, ({ edited }) => edited !== null && edited !== undefined);
    fits(await scene.node.showPost(object.id), is, scene);
  },

  // A profile changes.
  async updateActor(scene, { is }) {
    const { document } = scene;
    const { publicKey, ...object } = document.object;
    const actor = scene.actor(document.actor);
    await scene.node.run("fetch", actor.id);
    await scene.send({ ...document, object: { ...actor, ...object, preferredUsername: actor.preferredUsername } }, actor);
    await scene.node.seesPerson(actor.id, ({ display_name }) => display_name === is.display_name);
    fits(await scene.node.person(actor.id), is, scene);
  },

  // A post is gone.
  async delete(scene) {
    const { document } = scene;
    const uri = document.object.id ?? document.object;
    const actor = scene.actor(document.actor);
    await scene.plant(uri, actor);
    await scene.send(document, actor);
    await until("the post is gone", async () => (await scene.node.knows(uri)) === null);
  },

  // A deletion, or what takes it back, by whom the post does not belong to: it stays.
  async deleteDenied(scene) {
    const { document } = scene;
    const uri = document.object.id ?? document.object;
    await scene.plant(uri, scene.actor(`${uri}/author`));
    await scene.send(document, undefined, 403);
    await scene.node.settles();
    assert.ok(await scene.node.knows(uri), "the post is gone");
  },

  // An account with its posts is gone.
  async deleteActor(scene) {
    const { document } = scene;
    const actor = scene.actor(document.actor);
    const post = `${actor.id}/post`;
    await scene.plant(post, actor);
    await scene.send(document, actor);
    await until("the post is gone", async () => (await scene.node.knows(post)) === null);
  },

  // Who is followed here has moved to an account that names the old one: it is followed instead.
  async move(scene) {
    const { document } = scene;
    const actor = scene.actor(document.actor);
    await scene.follow(actor);
    const next = scene.actor(document.target, { alsoKnownAs: [actor.id] });
    await scene.send(document, actor);
    await scene.origins.received("the follow", next, ({ type, object }) => type === "Follow" && object === next.id);
  },

  async flag(scene, { comment }) {
    const { document } = scene;
    await scene.send(document);
    const report = await until("the report is there", async () => (await scene.node.run("reports")).find(({ uri }) => uri === document.id));
    assert.match(report.comment ?? "", comment);
  },

  // A group passes its member's post on: read at its origin.
  async announce(scene, { is }) {
    const { document } = scene;
    const group = scene.actor(document.actor, { type: "Group" });
    const { object } = document.object;
    await scene.follow(group);
    scene.author(object);
    scene.origins.serve(object);
    await scene.send(document, group);
    await scene.node.seesPost(object.id);
    await scene.node.settles(); // it is read first, and then put into its community
    const post = await scene.node.showPost(object.id), within = JSON.stringify(object).includes(group.id);
    // a thread of the group's is shown by it, as by those of here
    fits(post, { boosts: within && object.inReplyTo == null ? 1 : 0, ...is }, scene);
    assert.equal(post.community !== undefined, within, "whether it is in the group's community");
  },

  // The items of an outbox are what would have been delivered.
  async outbox(scene, { is }) {
    const { document } = scene;
    for (const [i, item] of document.orderedItems.entries()) {
      const group = scene.actor(item.actor, { type: "Group" });
      if (i === 0) await scene.follow(group);
      scene.author(item.object.object);
      scene.origins.serve(item.object.object);
      await scene.send({ ...item, id: `${item.id}/${i}` }, group);
      fits(await scene.node.seesPost(item.object.object.id, ({ community }) => community !== undefined), is[i] ?? {}, scene);
    }
  },

  // A Tombstone where a post was: who tells it by its id alone is not believed.
  async tombstone(scene) {
    const { document } = scene;
    scene.origins.serve(document);
    const actor = scene.actor(`${document.id}/author`);
    await scene.follow(actor);
    await scene.send({ id: `${document.id}#create`, type: "Create", actor: actor.id, to: [PUBLIC], object: document.id }, actor);
    await scene.node.settles();
    assert.equal(await scene.node.knows(document.id), null);
    await assert.rejects(scene.node.run("fetch", document.id), /gone|deleted/i);
  },

  // --- communities ---

  // A moderator elsewhere acts in a community of this node. is: what the post, or the person, is then; of: what it is about is
  // in the community first; undone: it is taken back. What somebody else sends has no effect.
  async moderates(scene, { is, of = "post", undone = false }) {
    const { document } = scene;
    const act = undone ? document.object : document;
    const moderator = scene.actor(document.actor);
    await scene.join(moderator, "owner");
    if (of === "post") await scene.plantInTea(act.object);
    if (of === "member") await scene.join(scene.actor(act.object));
    const stranger = scene.actor(`${document.id}/stranger`);
    await scene.send({ ...act, id: `${stranger.id}/act`, actor: stranger.id }, stranger, 403);
    if (undone) {
      await scene.send(act, moderator);
      await scene.send(document, moderator);
    } else if (act.type === "Remove") {
      await scene.send({ ...act, id: `${act.id}/add`, type: "Add" }, moderator);
      await scene.send(document, moderator);
    } else {
      await scene.send(document, moderator);
    }
    if (of === "post") return scene.node.seesPost(act.object, ({ community_marks }) => JSON.stringify(community_marks) === JSON.stringify(is));
    const members = () => scene.node.run("community", "members", scene.tea.name);
    const row = (rows) => rows.find(({ handle }) => handle.endsWith(scene.origins.actor(act.object).preferredUsername + `@${new URL(act.object).host}`));
    await until("it is so", async () => alike(row(await members()) ?? null, is));
  },

  // A report about what is posted in a community of this node reaches its moderators; resolved: who moderates has handled it.
  async flagInTea(scene, { comment, resolved = false }) {
    const { document } = scene;
    const flag = resolved ? document.object : document;
    await scene.plantInTea(flag.object);
    await scene.send(flag);
    const find = async () => (await scene.node.run("reports")).find(({ uri }) => uri === flag.id);
    assert.match((await until("the report is there", find)).comment ?? "", comment);
    assert.ok((await scene.node.run("notices", "alice")).some(({ kind }) => kind === "report"));
    if (!resolved) return;
    await scene.send({ ...document, id: `${document.id}/forged`, actor: flag.actor }, scene.actor(flag.actor), 403);
    const moderator = scene.actor(document.actor);
    await scene.join(moderator, "moderator");
    await scene.send(document, moderator);
  },

  // A post of a member is in a community of this node.
  async postInTea(scene, { is }) {
    const { document } = scene;
    const author = scene.actor(document.actor);
    await scene.join(author);
    await scene.send(document, author);
    fits(await scene.node.seesPost(document.object.id), { community: (s) => s.tea.handle, ...is }, scene);
  },

  // Somebody joins a community of this node; left: and leaves it.
  async joinTea(scene, { left = false }) {
    const { document } = scene;
    const follow = left ? document.object : document;
    const actor = await scene.send(follow, scene.actor(document.actor));
    const accept = await scene.origins.received("the Accept", actor, ({ type }) => type === "Accept");
    assert.equal(accept.actor, scene.tea.uri);
    await scene.node.seesPerson(scene.tea.name, ({ followers }) => followers === 2);
    if (!left) return;
    await scene.send(document, actor);
    await scene.node.seesPerson(scene.tea.name, ({ followers }) => followers === 1);
  },

  // A group that is followed here passes the document on, and is itself changed by it.
  async toldOfGroup(scene, { is }) {
    const { document } = scene;
    const group = scene.actor(document.object.id, { type: "Group" });
    await scene.follow(group);
    const { publicKey, ...object } = document.object;
    await scene.send({ ...document, object: { ...group, ...object, preferredUsername: group.preferredUsername } }, undefined, 403); // not by itself
    await scene.send({ id: `${group.id}/announce`, type: "Announce", actor: group.id, to: [PUBLIC], object: { ...document, object: { ...group, ...object, preferredUsername: group.preferredUsername } } }, group);
    fits(await scene.node.seesPerson(group.id, ({ display_name }) => display_name === is.display_name), is, scene);
  },

  // A group shows a post on its own host by its id: that is its post, and shown once.
  async announcePlainly(scene, { of, is }) {
    const { document } = scene;
    const group = scene.actor(document.actor, { type: "Group" });
    await scene.follow(group);
    const author = scene.actor(`${document.object}/author`);
    scene.origins.serve({ id: document.object, attributedTo: author.id, to: [PUBLIC], cc: [], content: "<p>shown</p>", published: "2020-01-01T00:00:00Z", ...of });
    await scene.send(document, group);
    fits(await scene.node.seesPost(document.object, ({ community }) => community !== undefined), { boosts: 1, ...is }, scene);
  },

  // Something done in a group elsewhere to a post of alice's there, or to her: it has its effect when the group passes it on,
  // and not before.
  async groupTells(scene, { is, person = false }) {
    const { document } = scene;
    const passed = document.type === "Announce";
    const inner = passed ? document.object : document;
    const group = scene.actor(passed ? document.actor : document.target ?? document.audience, { type: "Group" });
    await scene.follow(group);
    const post = await scene.node.post("alice", `For all @${group.preferredUsername}@${new URL(group.id).host}`);
    assert.ok(post.community.startsWith(group.preferredUsername), post.community);
    const told = { ...inner, object: person ? scene.alice.uri : post.uri };
    if (!passed) await scene.send({ ...told, id: `${told.id}/direct` });
    await scene.node.settles();
    fits(await scene.node.showPost(post.uri), { likes: 0, community_marks: [] }, scene);
    await scene.send({ ...(passed ? document : { id: `${group.id}/announce`, type: "Announce", actor: group.id, to: [PUBLIC] }), object: told }, group);
    await scene.node.settles();
    fits(await scene.node.showPost(post.uri), is, scene);
    if (person) await assert.rejects(scene.node.post("alice", "Once more", "--reply-to", post.uri), /banned/);
  },

  // What a group shows first, or who moderates it, is read when somebody here joins it.
  async groupCollection(scene, { part }) {
    const { document } = scene;
    const id = document.id.replace(/\/[^/]*$/, "");
    const key = part === "moderators" ? "attributedTo" : part;
    const group = scene.actor(id, { type: "Group", [key]: document.id });
    const items = document.orderedItems;
    scene.origins.serve(document);
    for (const item of items) {
      if (typeof item === "string") scene.actor(item);
      else scene.author(scene.origins.serve(item));
    }
    await scene.follow(group);
    if (part === "moderators") return scene.node.settles().then(() => Promise.all(items.map((uri) => scene.node.person(uri))));
    for (const { id: post } of items) await scene.node.seesPost(post, ({ community_marks: marks }) => marks?.includes("pinned"));
  },

  // Taken, and without effect: why says which feature would give it one.
  async ignored(scene, { status = 202 }) {
    const { document } = scene;
    const before = await seen(scene);
    if (isActivity(document)) {
      await scene.send(document, undefined, status);
    } else {
      scene.origins.serve(document);
      await scene.node.run("fetch", document.id);
    }
    await scene.node.settles();
    assert.deepEqual(await seen(scene), before);
  },
};

const counted = (reactions, emoji) => reactions.length === 1 && reactions[0].emoji === emoji && reactions[0].count === 1;

kinds.follow.end = async (scene, document, actor) => {
  await scene.send({ id: `${document.id}/undo`, type: "Undo", actor: actor.id, object: document }, actor);
  await scene.node.seesPerson("alice", ({ followers }) => followers === scene.alice.followers);
};

async function seen({ node, post }) {
  const { followers, following, posts } = await node.person("alice");
  const reactions = post === undefined ? {} : await node.showPost(post.uri);
  return { followers, following, posts, likes: reactions.likes, boosts: reactions.boosts, replies: reactions.replies, text: reactions.text };
}

// Plays a row and says what it means.
export async function play(suite, theatre, file, name, [kind, row = {}]) {
  const meaning = kind === "ignored" ? `is ignored: ${row.why}` : `means ${kind}`;
  await suite.test(`${name} ${meaning}`, async () => {
    const scene = await theatre.scene(file, row);
    await kinds[kind](scene, row);
  });
}
