// Conversations that are whole: threads that are spread over hosts are found, late replies too; hosts that lie, loop or stall
// cost little; those who take part are told; Fedify on the other end.
import assert from "node:assert/strict";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer, reply } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const REPLIES = 300;
const FAN = 6;
const PAGE = 20;
const OLD = "2026-01-01T00:00:00Z";
const LIMIT = 60_000;

const collection = (id, items, fields = {}) => ({ "@context": "https://www.w3.org/ns/activitystreams", id, type: "Collection", items, ...fields });

// A collection in pages of PAGE, as many servers have them: the first page embedded, `next` leads on.
function servePaged(peer, path, items, total = () => items().length) {
  const id = peer.url(path);
  const page = (n) => ({
    id: `${id}?page=${n}`,
    type: "CollectionPage",
    partOf: id,
    items: items().slice(n * PAGE, (n + 1) * PAGE),
    ...((n + 1) * PAGE < items().length && { next: `${id}?page=${n + 1}` }),
  });
  peer.page(path, (request, response) => {
    const n = new URL(request.url, peer.host.base).searchParams.get("page");
    reply(response, n === null ? { ...collection(id), items: undefined, totalItems: total(), first: page(0) } : page(Number(n)));
  });
  return id;
}

await run("threads", async (suite) => {
  const looking = { settings: { federation: { thread_refresh: "1 s", key_fetches_per_minute: 5000 } } };
  const resting = { settings: { federation: { thread_refresh: "30 d" } } };
  const [north, south, east] = await Promise.all([fediflow("north", looking), fediflow("south", resting), fediflow("east", resting)]);
  const nodes = [north, south, east];
  for (const node of nodes) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("nora"), south.addPerson("saul"), east.addPerson("edda"), east.addPerson("emil")]);
  const peers = await Promise.all(["one", "two", "three", "four", "rogue", "victim"].map(rawPeer));
  const authors = peers.map((peer, i) => peer.actor(`author${i}`));
  const evil = await rawPeer("evil");
  const mallory = evil.actor("mallory");
  const slow = await rawPeer("slow");

  // Post n of a thread by author n, n + 6, ...; children are listed by its own host.
  const thread = (name, count, { total, parentOf = (n) => Math.floor((n - 1) / FAN) } = {}) => {
    const posts = [];
    const idOf = (n) => peers[n % peers.length].url(`/users/author${n % peers.length}/notes/${name}-${n}`);
    const add = (n) => {
      const path = `/users/author${n % peers.length}/notes/${name}-${n}/replies`;
      const children = () => posts.filter(({ parent }) => parent === n).map(({ id }) => id);
      const replies = servePaged(peers[n % peers.length], path, children, total && (() => total));
      const parent = n === 0 ? null : parentOf(n);
      const note = authors[n % peers.length].note(`${name}-${n}`, {
        published: OLD,
        replies: total === undefined ? replies : { id: replies, type: "Collection", totalItems: total },
        likes: { id: `${replies}-likes`, type: "Collection", totalItems: 7 },
        ...(parent !== null && { inReplyTo: idOf(parent) }),
      });
      posts.push({ id: note.id, parent });
    };
    for (let n = 0; n < count; n++) add(n);
    return { posts, root: posts[0].id, add: (n) => { add(n); return idOf(n); }, idOf };
  };
  const meet = (node, name, uri) => node.run("like", name, uri);
  const requests = () => [...peers, evil, slow].reduce((sum, peer) => sum + peer.requests.filter(({ method }) => method === "GET").length, 0);
  const allKnown = async (node, posts) => {
    for (const { id } of posts) if (!(await node.knows(id))) return false;
    return true;
  };
  // Looks at a thread until its last post is there, then at each of them.
  const looksUntil = async (node, root, posts, limit = LIMIT) => {
    await until("the last is known", async () => (await node.showPost(root)) && (await node.knows(posts.at(-1).id)), limit);
    await until("all are known", () => allKnown(node, posts), limit);
  };

  await suite.test(`a thread of ${REPLIES} replies over six hosts is found when somebody looks at it`, async () => {
    const { posts, root } = thread("big", REPLIES + 1, { total: 14 });
    await meet(north, "nora", root);
    const before = requests();
    const begun = performance.now();
    await north.showPost(root);
    await until("the last is known", () => north.knows(posts.at(-1).id), LIMIT);
    await north.settles();
    suite.note(`${REPLIES} replies in ${Math.round(performance.now() - begun)} ms with ${requests() - before} requests`);
    assert.ok(await allKnown(north, posts));
    const shown = await north.showPost(root);
    assert.equal(shown.replies, FAN);
    assert.equal(shown.replies_told, 14);
    assert.equal(shown.likes_told, 7);
    assert.equal(shown.known, `${FAN} of 14 replies known`);
    const leaf = await north.showPost(posts.at(-1).id);
    assert.equal(leaf.root, shown.id);
    await north.check();
  }, 120_000);

  await suite.test("a look from a leaf finds what is above and beside", async () => {
    const { posts, root } = thread("leaf", 40);
    await meet(north, "nora", posts.at(-1).id);
    await looksUntil(north, posts.at(-1).id, posts);
    assert.equal((await north.showPost(posts.at(-1).id)).root, (await north.showPost(root)).id);
  }, LIMIT);

  await suite.test("a late reply to an old thread is found with the next look", async () => {
    const tree = thread("late", 5);
    await meet(north, "nora", tree.root);
    await looksUntil(north, tree.root, tree.posts);
    const late = tree.add(5);
    await until("the late one is known", async () => (await north.showPost(tree.root)) && (await north.knows(late)));
  }, LIMIT);

  await suite.test("a node that is killed in the middle of it goes on where it was", async () => {
    const { posts, root } = thread("kill", 200);
    await meet(north, "nora", root);
    await north.showPost(root);
    await until("it has begun", () => north.knows(posts[40].id));
    await north.stop("SIGKILL");
    await north.start();
    await until("it is whole", () => north.knows(posts.at(-1).id), LIMIT);
    await north.settles();
    assert.ok(await allKnown(north, posts));
    await north.check();
  }, 120_000);

  await suite.test("S-055: a chain of a thousand parents is climbed a hundred at a time, a circle ends", async () => {
    const chain = thread("chain", 1000, { parentOf: (n) => n - 1 });
    await meet(north, "nora", chain.posts.at(-1).id);
    await until("a hundred are known", async () => (await north.showPost(chain.posts.at(-1).id)) && (await north.knows(chain.idOf(890))), LIMIT);
    const ring = thread("ring", 6, { parentOf: (n) => (n + 1) % 6 });
    authors[0].note("ring-0", { published: OLD, inReplyTo: ring.idOf(1), replies: `${ring.idOf(0)}/replies` });
    await meet(north, "nora", ring.root);
    await looksUntil(north, ring.root, ring.posts);
    await north.check();
  }, 120_000);

  // --- hosts that lie and stall ---

  await suite.test("S-054: a collection without end, one that names itself, and impossible totals", async () => {
    let page = 0;
    const endless = mallory.note("endless", { published: OLD, replies: { id: evil.url("/endless"), type: "Collection", totalItems: -1 } });
    evil.page("/endless", (_, response) => reply(response, collection(evil.url("/endless"), [], { totalItems: 1e30, next: evil.url(`/endless?${++page}`) })));
    const itself = mallory.note("itself", { published: OLD, replies: evil.url("/itself") });
    evil.page("/itself", collection(evil.url("/itself"), [], { next: evil.url("/itself") }));
    const huge = mallory.note("huge", { published: OLD, replies: evil.url("/huge") });
    evil.page("/huge", collection(evil.url("/huge"), ["x".repeat(2 << 20)]));
    const heavy = mallory.note("heavy", { published: OLD, replies: evil.url("/heavy") });
    evil.page("/heavy", collection(evil.url("/heavy"), [mallory.note("fat", { published: OLD, inReplyTo: heavy.id, content: "y".repeat(900_000) }).id]));
    for (const { id } of [endless, itself, huge, heavy]) {
      await meet(north, "nora", id);
      await north.showPost(id);
    }
    await until("all were asked for", () => ["/endless", "/itself", "/huge", "/heavy"].every((path) => evil.count(path) > 0));
    await north.settles();
    assert.ok(evil.count("/endless") <= 11, `${evil.count("/endless")} pages`);
    assert.ok(evil.count("/itself") <= 2);
    assert.equal((await north.showPost(endless.id)).replies_told, null);
    assert.equal((await north.health()).status, 200);
  }, LIMIT);

  await suite.test("what replies to something else is not taken, nor what another host says", async () => {
    const liar = mallory.note("liar", { published: OLD, replies: evil.url("/lies"), context: evil.url("/lies-context") });
    const innocent = authors[0].note("innocent", { published: OLD });
    const stolen = { ...authors[1].note("stolen", { published: OLD }), inReplyTo: liar.id };
    evil.page("/stolen", stolen);
    evil.page("/lies", collection(evil.url("/lies"), [innocent.id, evil.url("/stolen"), `${north.host.base}/users/nora/statuses/1`]));
    evil.page("/lies-context", { ...collection(evil.url("/lies-context"), [liar.id, innocent.id, evil.url("/stolen")]), type: "OrderedCollection" });
    await meet(north, "nora", liar.id);
    await north.showPost(liar.id);
    await until("the lies were read", () => evil.count("/lies-context") > 0 && evil.count("/stolen") > 0);
    await north.settles();
    assert.equal(await north.knows(innocent.id), null);
    assert.equal(await north.knows(stolen.id), null);
  }, LIMIT);

  await suite.test("a host that never answers hides nothing else, and holds up no other thread", async () => {
    slow.otherwise(() => {}); // silence
    const hung = Array.from({ length: 30 }, (_, i) => slow.url(`/never/${i}`));
    const patient = mallory.note("patient", { published: OLD, replies: evil.url("/patient") });
    const last = authors[2].note("last", { published: OLD, inReplyTo: patient.id });
    evil.page("/patient", collection(evil.url("/patient"), [...hung, last.id]));
    await meet(north, "nora", patient.id);
    await north.showPost(patient.id);
    await until("the one behind them is known", () => north.knows(last.id), LIMIT);
    const { posts, root } = thread("other", 30);
    await meet(north, "nora", root);
    await looksUntil(north, root, posts);
    await until("the silent host is left alone", () => north.settles(40_000), LIMIT);
    assert.ok(slow.requests.entries.length <= 8, `${slow.requests.entries.length} requests to the silent host`);
  }, 120_000);

  // --- between nodes ---

  await suite.test("a conversation is served in the order of time, to each what may be seen", async () => {
    const post = await south.post("saul", "What do you think?");
    const answers = [];
    for (const text of ["This", "That"]) answers.push((await east.post("edda", text, "--reply-to", post.uri)).uri);
    for (const uri of answers) await south.seesPost(uri);
    const hidden = await south.post("saul", "For my followers", "--reply-to", post.uri, "--visibility", "followers");
    const note = await getJson(south.host, new URL(post.uri).pathname);
    assert.equal(note.context, `${post.uri}/context`);
    const context = await getJson(south.host, new URL(note.context).pathname);
    assert.equal(context.type, "OrderedCollection");
    assert.equal(context.attributedTo, note.attributedTo);
    assert.equal(context.totalItems, 3);
    const page = await getJson(south.host, new URL(context.first).pathname + new URL(context.first).search);
    assert.deepEqual(page.orderedItems, [post.uri, ...answers]);
    assert.ok(!JSON.stringify(page).includes(hidden.uri));
    const replies = await getJson(south.host, `${new URL(post.uri).pathname}/replies`);
    assert.equal(replies.type, "Collection");
    assert.deepEqual(replies.first.items, answers);
    assert.equal((await get(south.host, `${new URL(hidden.uri).pathname}/context`, "application/activity+json")).status, 404);
    // somebody elsewhere looks at it
    await meet(north, "nora", post.uri);
    for (const uri of answers) await until(`north has ${uri}`, async () => (await north.showPost(post.uri)) && (await north.knows(uri)));
    assert.equal((await north.showPost(answers[0])).context, note.context);
  }, LIMIT);

  await suite.test("FEP-7888: those who take part are told of a reply, and read it at its own server", async () => {
    const post = await north.post("nora", "Who comes?");
    const first = await south.post("saul", "I do", "--reply-to", post.uri);
    await north.seesPost(first.uri);
    assert.equal((await getJson(south.host, new URL(first.uri).pathname)).context, `${post.uri}/context`);
    const second = await east.post("edda", "So do I", "--reply-to", post.uri);
    await north.seesPost(second.uri);
    // saul's node is told by an Add alone: nobody there follows edda, and it does not look
    const seen = await south.seesPost(second.uri);
    assert.equal(seen.parent_uri, post.uri);
    // and when whoever began it takes one out, all let it stand alone
    await assert.rejects(south.run("conversation", "remove", "saul", second.uri), ({ code }) => code > 0);
    await north.run("conversation", "remove", "nora", second.uri);
    for (const node of [south, east]) await node.seesPost(second.uri, ({ id, root, parent }) => parent === null && root === id);
    const { first: page } = await getJson(north.host, `${new URL(post.uri).pathname}/context`);
    const { orderedItems } = await getJson(north.host, new URL(page).pathname + new URL(page).search);
    assert.deepEqual(orderedItems, [post.uri, first.uri]);
  }, LIMIT);

  await suite.test("a reply that came before its parent joins it when that comes", async () => {
    const first = await south.post("saul", "One");
    const second = await east.post("edda", "Two", "--reply-to", first.uri);
    await north.follow("nora", (await east.person("edda")).uri);
    await until("north follows", async () => (await north.person("nora")).following > 0);
    const third = await east.post("edda", "Three", "--reply-to", second.uri);
    await north.seesPost(third.uri);
    await until("all of it is one thread", async () => {
      const [one, three] = [await north.knows(first.uri), await north.knows(third.uri)];
      return one && three && three.root === one.id && three.parent !== null;
    }, 20_000);
    await north.check();
  }, LIMIT);

  await suite.test("the newest posts come with the first follow, each author's own", async () => {
    const nemo = authors[3];
    const own = Array.from({ length: 5 }, (_, i) => nemo.note(`own-${i}`, { published: OLD }));
    const foreign = authors[4].note("not-nemos", { published: OLD });
    const items = [...own, foreign].map((object) => ({ id: `${object.id}/activity`, type: "Create", actor: nemo.id, object, to: [PUBLIC] }));
    items.push({ id: nemo.peer.url("/boost"), type: "Announce", actor: nemo.id, object: foreign.id });
    nemo.peer.page(`/users/${nemo.name}/outbox`, { ...collection(`${nemo.id}/outbox`), type: "OrderedCollection", items: undefined, totalItems: items.length, first: `${nemo.id}/outbox?page=1` });
    nemo.peer.page(`/users/${nemo.name}/outbox?page=1`, { id: `${nemo.id}/outbox?page=1`, type: "OrderedCollectionPage", orderedItems: items });
    await east.follow("emil", nemo.id);
    const { body } = await nemo.peer.requests.wait("the Follow", (entry) => entry.method === "POST" && JSON.parse(entry.body).type === "Follow");
    await nemo.post(east, nemo.activity("Accept", JSON.parse(body)));
    for (const { id } of own) await east.seesPost(id);
    await east.settles();
    assert.equal(await east.knows(foreign.id), null);
    // and from one node to another
    const posts = [];
    for (let i = 0; i < 3; i++) posts.push((await south.post("saul", `Old news ${i}`)).uri);
    await east.follow("emil", (await south.person("saul")).uri);
    for (const uri of posts) await east.seesPost(uri);
  }, LIMIT);

  // --- Fedify ---

  await suite.test("Fedify serves replies and a conversation, which are read", async () => {
    const peer = await fedifyPeer(2, "fedify2");
    const { vocab } = peer;
    await peer.addPerson("fred");
    const at = (path) => new URL(path, peer.host.base);
    const published = (await import("@js-temporal/polyfill")).Temporal.Instant.from(OLD);
    const replies = new vocab.Collection({ id: at("/users/fred/replies/walked"), totalItems: 45 });
    const walked = peer.addPost("fred", "walked", { content: "<p>walked</p>", published, replies });
    const told = peer.addPost("fred", "told", { content: "<p>told</p>", published, contexts: [at("/users/fred/context/told")] });
    const answers = Object.fromEntries(["walked", "told"].map((slug) => [slug, Array.from({ length: 45 }, (_, i) => peer.addPost("fred", `${slug}-${i}`, {
      content: `<p>${i}</p>`, published, replyTarget: at(`/users/fred/posts/${slug}`), ...(slug === "told" && { contexts: [at("/users/fred/context/told")] }),
    }))]));
    const dispatch = (slug) => (_, __, cursor) => {
      const from = Number(cursor ?? 0);
      const items = answers[slug].slice(from, from + 15);
      return { items, nextCursor: from + 15 < answers[slug].length ? String(from + 15) : null };
    };
    peer.federation.setCollectionDispatcher("replies", vocab.Note, "/users/{identifier}/replies/walked", dispatch("walked")).setFirstCursor(() => "0");
    peer.federation.setOrderedCollectionDispatcher("context", vocab.Note, "/users/{identifier}/context/told", dispatch("told")).setFirstCursor(() => "0");
    for (const [slug, post] of [["walked", walked], ["told", told]]) {
      await meet(north, "nora", post.id.href);
      await north.showPost(post.id.href);
      await until(`all of ${slug} is known`, () => allKnown(north, answers[slug].map(({ id }) => ({ id: id.href }))), LIMIT);
    }
    assert.equal((await north.showPost(told.id.href)).context, at("/users/fred/context/told").href);
    await peer.stop();
  }, LIMIT);

  await suite.test("Fedify reads our replies and conversation", async () => {
    const peer = await fedifyPeer(2, "fedify1");
    await peer.addPerson("fred");
    const post = await south.post("saul", "To be read");
    const answers = [];
    for (let i = 0; i < 3; i++) answers.push((await south.post("saul", `Answer ${i}`, "--reply-to", post.uri)).uri);
    const note = await peer.lookup(post.uri, "fred");
    const [context] = note.contextIds;
    const read = async (url) => {
      const list = await peer.lookup(url.href ?? url, "fred");
      const documentLoader = await peer.context.getDocumentLoader({ identifier: "fred" });
      const ids = [];
      for await (const item of peer.context.traverseCollection(list, { documentLoader })) ids.push(item.id.href);
      return { list, ids };
    };
    const conversation = await read(context);
    assert.deepEqual(conversation.ids, [post.uri, ...answers]);
    assert.equal(conversation.list.attributionId.href, (await south.person("saul")).uri);
    assert.deepEqual((await read(note.repliesId)).ids, answers);
    await peer.stop();
  }, LIMIT);

  await suite.test("all databases are whole", async () => {
    for (const node of nodes) await node.check();
  });
});
