// Communities: of this node with members in Lemmy's and Fedify's shape and on another FediFlow node; and communities elsewhere
// with people of this node in them. What is told wrongly is not believed.
import assert from "node:assert/strict";
import { signIn } from "../lib/client.mjs";
import { expand } from "../lib/expand.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { until } from "../lib/journal.mjs";
import { count, LemmyCommunity, Lemming, received } from "../lib/lemmy.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { fitsSchema } from "../lib/schemas.mjs";
import { run } from "../lib/tap.mjs";
import { getJson } from "../lib/wire.mjs";
import { isPrivate } from "../lib/world.mjs";

await run("groups", async (suite) => {
  const [north, south, fedify, one, two, evil] = await Promise.all([
    fediflow("north"),
    fediflow("south"),
    fedifyPeer(2, "fedify2"),
    rawPeer("one"),
    rawPeer("two"),
    rawPeer("evil"),
  ]);
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  suite.watch(() => fedify.troubles());
  await Promise.all([north.addPerson("nora"), north.addPerson("nick"), south.addPerson("saul"), fedify.addPerson("fred")]);
  const tea = await north.run("community", "create", "tea", "--owner", "nora", "--display-name", "Tea", "--rules", "Be kind;No <coffee>", "--languages", "en;de");
  const group = (await north.person("tea")).uri;
  const nora = (await north.person("nora")).uri;
  const [picard, riker, mallory] = [new Lemming(one, "picard"), new Lemming(two, "riker"), new Lemming(evil, "mallory")];
  one.page("/inbox", (_, response) => response.writeHead(202).end());
  const handle = (node, name) => `${name}@${node.host.authority}`;
  const marks = (node, uri, ...wanted) => node.seesPost(uri, ({ community_marks }) => JSON.stringify(community_marks ?? null) === JSON.stringify(wanted));
  const announced = (peer, what, type, object) => received(peer, what, (a) => a.type === "Announce" && a.actor === group && a.object?.type === type && (a.object.object?.id ?? a.object.object) === object);
  const told = (peer, type, object) => count(peer, (a) => a.type === "Announce" && a.object?.type === type && (a.object.object?.id ?? a.object.object) === object);

  // --- a community of this node ---

  await suite.test("its documents are in Lemmy's shape", async () => {
    assert.equal(tea.handle, handle(north, "tea"));
    const actor = await getJson(north.host, "/users/tea");
    assert.equal(actor.type, "Group");
    assert.equal(actor.attributedTo, `${group}/moderators`);
    assert.equal(actor.postingRestrictedToMods, false);
    assert.deepEqual(actor.language.map(({ identifier }) => identifier), ["en", "de"]);
    assert.match(actor.summary, /<ol><li>Be kind<\/li><li>No &lt;coffee&gt;<\/li><\/ol>$/);
    const moderators = await getJson(north.host, "/users/tea/moderators");
    assert.deepEqual(moderators.orderedItems, [nora]);
    const outbox = await getJson(north.host, "/users/tea/outbox");
    assert.deepEqual([outbox.type, outbox.totalItems, outbox.orderedItems], ["OrderedCollection", 0, []]);
    const found = await fedify.lookup(group, "fred");
    assert.equal(found.constructor.name, "Group");
  });

  await suite.test("people of four servers join", async () => {
    for (const person of [picard, riker]) {
      assert.equal(await person.send(north, { ...person.actor.activity("Follow", group), to: [group] }), 202);
      await person.received("the Accept", ({ type, actor }) => type === "Accept" && actor === group);
    }
    const { Follow } = fedify.vocab;
    await fedify.send("fred", await fedify.lookup(group, "fred"), Follow, { object: new URL(group) });
    await fedify.activities.wait("Fedify's Accept", ({ type, actor }) => type === "Accept" && actor === group);
    await south.follow("saul", isPrivate ? `!${handle(north, "tea")}` : group);
    await north.seesPerson("tea", ({ followers }) => followers === 5);
  });

  await suite.test("who asks to join where that is asked for waits for an answer", async () => {
    await north.run("community", "create", "oolong", "--owner", "nora", "--join", "request");
    const closed = (await north.person("oolong")).uri;
    assert.equal((await getJson(north.host, "/users/oolong")).manuallyApprovesFollowers, true);
    for (const [verb, type] of [["refuse", "Reject"], ["admit", "Accept"]]) {
      assert.equal(await picard.send(north, { ...picard.actor.activity("Follow", closed), to: [closed] }), 202);
      await north.settles();
      assert.equal(count(one, (a) => a.actor === closed && a.type === type), 0);
      await north.run("community", verb, "oolong", picard.id);
      await picard.received(`its ${type}`, ({ type: t, actor }) => t === type && actor === closed);
    }
  });

  let page, comment, ours;
  await suite.test("a post in Lemmy's shape is passed on whole to all others, once, and not back", async () => {
    page = picard.page("earl-grey", group);
    const create = picard.activity("Create", page, group);
    assert.equal(await picard.send(north, create), 202);
    assert.equal(await picard.send(north, create), 202);
    await north.seesPost(page.id, ({ community, title }) => community === handle(north, "tea") && title === page.name);
    const { object } = await announced(two, "the other Lemmy is told", "Create", page.id);
    assert.deepEqual(object, create);
    await fedify.activities.wait("Fedify is told", ({ type, activity }) => type === "Announce" && activity.actorId.href === group);
    await south.seesPost(page.id, ({ community, boosts }) => community === handle(north, "tea") && boosts === 1);
    await north.settles();
    assert.equal(told(two, "Create", page.id), 1);
    assert.equal(told(one, "Create", page.id), 0);
  });

  await suite.test("comments of all of them come together everywhere", async () => {
    comment = riker.comment("make-it-so", page.id, group);
    assert.equal(await riker.act(north, "Create", comment, group), 202);
    await announced(one, "the first Lemmy is told", "Create", comment.id);
    ours = await south.post("saul", "With lemon?", "--reply-to", page.id);
    await north.seesPost(ours.uri, ({ community }) => community === handle(north, "tea"));
    const { object } = await announced(two, "both Lemmys hear", "Create", ours.uri);
    await announced(one, "both Lemmys hear", "Create", ours.uri);
    assert.equal(object.object.audience, group);
    assert.ok(object.proof, "it bears its author's proof");
    await south.seesPost(page.id, ({ replies }) => replies === 2);
    const { Create, Mention } = fedify.vocab;
    const note = fedify.addPost("fred", "sugar", { content: "<p>And sugar?</p>", replyTarget: new URL(page.id), ccs: [new URL(group)], tags: [new Mention({ href: new URL(group), name: "@tea" })] });
    await fedify.send("fred", await fedify.lookup(group, "fred"), Create, { object: note, to: note.toId });
    await announced(one, "Fedify's comment is passed on", "Create", note.id.href);
    await south.seesPost(page.id, ({ replies }) => replies === 3);
  });

  await suite.test("votes of all of them count everywhere, each once", async () => {
    assert.equal(await riker.act(north, "Like", page.id, group), 202);
    await announced(one, "the Like is passed on", "Like", page.id);
    await south.run("like", "saul", page.id);
    await north.run("like", "nora", page.id);
    await north.seesPost(page.id, ({ likes }) => likes === 3);
    await south.seesPost(page.id, ({ likes }) => likes === 3);
    assert.equal(await riker.undo(north, "Like", page.id, group), 202);
    assert.equal(await riker.act(north, "Dislike", page.id, group), 202);
    await north.seesPost(page.id, ({ likes, dislikes }) => likes === 2 && dislikes === 1);
    await south.seesPost(page.id, ({ likes, dislikes }) => likes === 2 && dislikes === 1);
  });

  await suite.test("an edit is passed on, and so is a deletion", async () => {
    Object.assign(comment, { content: "<p>engage</p>", updated: new Date(Date.now() + 5000).toISOString() });
    assert.equal(await riker.act(north, "Update", comment, group), 202);
    await announced(one, "the Update is passed on", "Update", comment.id);
    await south.seesPost(comment.id, ({ text }) => /engage/.test(text));
    assert.equal(await riker.act(north, "Delete", comment.id, group), 202);
    await announced(one, "the Delete is passed on", "Delete", comment.id);
    two.page(new URL(comment.id).pathname, (_, response) => response.writeHead(410).end());
    await until("south has lost it, too", async () => (await south.knows(comment.id)) === null);
  });

  await suite.test("a post of this node has all that Lemmy asks of a Page", async () => {
    const post = await north.post("nora", `Which pot is best? @tea`, "--title", "Pots");
    const { object } = await announced(two, "it is told", "Create", post.uri);
    const { object: article } = object;
    assert.equal(article.name, "Pots");
    assert.equal(article.audience, group);
    assert.ok([...article.to, ...article.cc].includes(group) && [...article.to, ...article.cc].includes(PUBLIC));
    assert.ok(article.content.length > 0 && article.attributedTo === nora);
    await south.seesPost(post.uri, ({ community }) => community === handle(north, "tea"));
  });

  // --- moderators ---

  await suite.test("a moderator elsewhere locks, pins, removes and brings back; all hear of it", async () => {
    await north.run("community", "appoint", "tea", picard.id, "moderator");
    await received(two, "who moderates is told", (a) => a.type === "Announce" && a.object?.type === "Add" && a.object.target === `${group}/moderators` && a.object.object === picard.id);
    assert.deepEqual((await getJson(north.host, "/users/tea/moderators")).orderedItems.sort(), [nora, picard.id].sort());
    assert.equal(await picard.act(north, "Lock", page.id, group, { summary: "enough" }), 202);
    await marks(north, page.id, "locked");
    await marks(south, page.id, "locked");
    await announced(two, "the Lock is passed on", "Lock", page.id);
    const late = riker.comment("late", page.id, group);
    assert.match(String(await riker.act(north, "Create", late, group)), /^403/);
    assert.equal(await picard.undo(north, "Lock", page.id, group), 202);
    assert.equal(await picard.act(north, "Add", page.id, group, { target: `${group}/collections/featured` }), 202);
    await marks(north, page.id, "pinned");
    await marks(south, page.id, "pinned");
    assert.deepEqual((await getJson(north.host, "/users/tea/collections/featured")).orderedItems, [page.id]);
    const spam = riker.page("spam", group);
    assert.equal(await riker.act(north, "Create", spam, group), 202);
    await south.seesPost(spam.id);
    assert.equal(await picard.act(north, "Delete", spam.id, group, { summary: "spam" }), 202);
    await marks(north, spam.id, "removed");
    await marks(south, spam.id, "removed");
    assert.equal(await picard.undo(north, "Delete", spam.id, group, { summary: "spam" }), 202);
    await marks(south, spam.id);
  });

  await suite.test("what the operator does is told in Lemmy's shapes", async () => {
    await north.run("community", "lock", page.id, "--reason", "tea time");
    const lock = await received(two, "the Lock", (a) => a.type === "Announce" && a.object?.type === "Lock" && a.object.actor === group);
    assert.equal(lock.object.summary, "tea time");
    await north.run("community", "lock", page.id, "--undo");
    const unlock = await received(two, "its Undo", (a) => a.type === "Announce" && a.object?.type === "Undo" && a.object.object?.type === "Lock" && a.object.actor === group);
    assert.equal(unlock.object.object.object, page.id);
    await marks(south, page.id, "pinned");
  });

  await suite.test("a single comment is locked with what is below it, in Lemmy's shape, and unlocked", async () => {
    const below = riker.comment("below", ours.uri, group);
    assert.equal(await riker.act(north, "Create", below, group), 202);
    await north.seesPost(below.id);
    assert.match(String(await riker.act(north, "Lock", ours.uri, group)), /^403/);
    assert.equal(await picard.act(north, "Lock", ours.uri, group, { summary: "enough of it" }), 202);
    await marks(north, ours.uri, "comment", "locked");
    await marks(south, ours.uri, "comment", "locked");
    await announced(two, "the Lock is passed on", "Lock", ours.uri);
    for (const [slug, parent] of [["late-1", ours.uri], ["late-2", below.id]]) {
      assert.match(String(await riker.act(north, "Create", riker.comment(slug, parent, group), group)), /^403/, slug);
    }
    await assert.rejects(north.post("nick", "Me, too", "--reply-to", below.id), /locked/);
    assert.equal(await riker.act(north, "Create", riker.comment("beside", page.id, group), group), 202);
    assert.equal(await picard.undo(north, "Lock", ours.uri, group), 202);
    await marks(north, ours.uri, "comment");
    assert.equal(await riker.act(north, "Create", riker.comment("late-3", below.id, group), group), 202);
  });

  await suite.test("a moderator elsewhere changes what it says of itself, and the community passes that on", async () => {
    const actor = await getJson(north.host, "/users/tea");
    const edit = (by, fields) => by.activity("Update", { ...actor, "@context": undefined, ...fields }, group);
    const shown = async (node) => (await node.person(node === north ? "tea" : handle(north, "tea"))).display_name;
    // nobody else may, and nobody may with another name than theirs
    assert.match(String(await riker.send(north, edit(riker, { name: "Coffee" }))), /^403/);
    assert.match(String(await mallory.send(north, edit(mallory, { name: "Coffee" }))), /^403/);
    const forged = edit(picard, { name: "Coffee" });
    assert.match(String(await mallory.send(north, { ...forged, id: evil.url("/activities/forged") })), /^40[013]/);
    assert.equal(await shown(north), "Tea");
    const update = edit(picard, { name: "Tea and more", source: { content: "All of it", mediaType: "text/markdown" }, postingRestrictedToMods: false });
    assert.equal(await picard.send(north, update), 202);
    const passed = await received(two, "it is passed on", (a) => a.type === "Announce" && a.actor === group && a.object?.type === "Update" && a.object.actor === picard.id);
    assert.deepEqual(passed.object, JSON.parse(JSON.stringify(update)));
    await until("it is changed", async () => (await shown(north)) === "Tea and more");
    const now = await getJson(north.host, "/users/tea");
    assert.match(now.summary, /^<p>All of it<\/p><ol><li>Be kind/);
    await until("south has it", async () => (await shown(south)) === "Tea and more");
    // what says something else of its keys is done as far as it is a moderator's to say, and passed on by nobody
    const key = { ...actor.publicKey, publicKeyPem: (await getJson(north.host, "/users/nora")).publicKey.publicKeyPem };
    assert.equal(await picard.send(north, edit(picard, { name: "Tea", publicKey: key, inbox: evil.url("/inbox") })), 202);
    await until("the name is changed", async () => (await shown(north)) === "Tea");
    await north.settles();
    assert.equal(count(two, (a) => a.type === "Announce" && a.object?.type === "Update" && a.object.object?.inbox === evil.url("/inbox")), 0);
    assert.equal((await getJson(north.host, "/users/tea")).inbox, actor.inbox);
    // with an id of a person it is no community's
    assert.match(String(await picard.send(north, picard.activity("Update", { ...(await getJson(north.host, "/users/nick")), "@context": undefined, name: "Nobody" }, group))), /^403/);
  });

  await suite.test("who is banned has no voice, until the ban ends", async () => {
    assert.equal(await picard.act(north, "Block", riker.id, group, { target: group, removeData: true, summary: "rude", endTime: "2099-01-01T00:00:00Z" }), 202);
    const ban = await received(two, "the ban is passed on", (a) => a.type === "Announce" && a.object?.type === "Block" && a.object.object === riker.id);
    assert.equal(ban.object.target, group);
    await north.seesPost(riker.actor.peer.url("/users/riker/notes/spam"), ({ community_marks }) => community_marks.includes("removed"));
    assert.match(String(await riker.act(north, "Like", page.id, group)), /^403/);
    assert.match(String(await riker.act(north, "Create", riker.comment("back", page.id, group), group)), /^403/);
    await north.seesPerson("tea", ({ followers }) => followers === 4);
    await riker.send(north, { ...riker.actor.activity("Follow", group), id: two.url("/activities/again"), to: [group] });
    await riker.received("they are turned away", ({ type, actor, object }) => type === "Reject" && actor === group && object?.id === two.url("/activities/again"));
    assert.equal(await picard.undo(north, "Block", riker.id, group, { target: group }), 202);
    await riker.send(north, { ...riker.actor.activity("Follow", group), to: [group] });
    await north.seesPerson("tea", ({ followers }) => followers === 5);
    assert.equal(await riker.act(north, "Create", riker.comment("calm", page.id, group), group), 202);
    await announced(one, "they are back", "Create", two.url("/users/riker/notes/calm"));
  });

  await suite.test("a report reaches those who moderate, who say when it is handled", async () => {
    const flag = riker.activity("Flag", ours.uri, group, { to: [group], cc: [], summary: "not tea" });
    assert.equal(await riker.send(north, flag), 202);
    const filed = (id) => until("it is there", async () => (await north.run("reports")).find(({ uri }) => uri === id));
    const report = await filed(flag.id);
    assert.deepEqual([report.comment, report.lane], ["not tea", handle(north, "tea")]);
    assert.ok((await north.run("notices", "nora")).some(({ kind }) => kind === "report"));
    assert.match(String(await riker.act(north, "Resolve", flag, group)), /^403/);
    assert.equal(await picard.act(north, "Resolve", flag, group), 202);
    const resolve = await riker.received("who reported hears so", ({ type, actor }) => type === "Resolve" && actor === group);
    assert.deepEqual([resolve.object.id, resolve.object.type, resolve.object.object], [flag.id, "Flag", ours.uri]);
    fitsSchema(resolve);
    await expand(resolve);
    // about a member, with no post; from another node by hand, too
    const fred = fedify.uri("fred").href;
    const cold = riker.activity("Flag", fred, group, { to: [group], cc: [], target: group, summary: "cold tea" });
    assert.equal(await riker.send(north, cold), 202);
    assert.equal((await filed(cold.id)).lane, handle(north, "tea"));
    await south.run("report", "saul", fred, "--community", group, "--comment", "lukewarm");
    const lukewarm = await until("it is there", async () => (await north.run("reports", "--community", "tea", "--open")).find(({ comment }) => comment === "lukewarm"));
    assert.deepEqual(lukewarm.objects, [fred]);
    assert.doesNotMatch(lukewarm.reporter, /saul/);
    // what is about a moderator is not for the moderators
    const other = riker.activity("Flag", page.id, group, { to: [group], cc: [], summary: "nor this" });
    assert.equal(await riker.send(north, other), 202);
    assert.equal((await filed(other.id)).lane, "node");
    await picard.act(north, "Resolve", other, group);
    await north.settles();
    assert.equal((await filed(other.id)).resolved, null);
  });

  await suite.test("all that it serves and sends is as the schemas say, and loses nothing when it is expanded", async () => {
    for (const part of ["", "/moderators", "/collections/featured", "/outbox", "/outbox?page=true"]) {
      const document = await getJson(north.host, `/users/tea${part}`);
      fitsSchema(document);
      await expand(document);
    }
    fitsSchema(await getJson(north.host, `/.well-known/webfinger?resource=acct:${handle(north, "tea")}`), "webfinger");
    const sent = one.requests.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body)).filter(({ type, actor }) => type === "Announce" && actor === group);
    const ours = sent.filter(({ object }) => [group, nora].includes(object?.actor));
    assert.ok(sent.length > 10 && ours.length > 2);
    for (const announce of sent) fitsSchema(announce);
    for (const announce of ours) {
      fitsSchema(announce.object);
      const expanded = await expand(announce);
      assert.ok(expanded["https://www.w3.org/ns/activitystreams#object"][0]["@type"]);
    }
  });

  // --- lies ---

  await suite.test("forged moderators, strangers' bans and circles of groups come to nothing", async () => {
    const before = await north.showPost(page.id);
    for (const [type, object, fields] of [
      ["Lock", page.id, {}],
      ["Delete", page.id, { summary: "" }],
      ["Add", page.id, { target: `${group}/collections/featured` }],
      ["Remove", picard.id, { target: `${group}/moderators` }],
      ["Add", mallory.id, { target: `${group}/moderators` }],
      ["Block", picard.id, { target: group }],
    ]) assert.match(String(await mallory.act(north, type, object, group, fields)), /^403/, type);
    // a moderator of a community of another host
    const fake = new LemmyCommunity(evil, "fake");
    fake.moderators.push(mallory.id);
    await fake.actor.post(north, fake.actor.activity("Follow", group, { to: [group] }));
    assert.equal(await fake.tell(north, mallory.activity("Lock", page.id, fake.id)), 202);
    assert.equal(await fake.tell(north, mallory.activity("Delete", page.id, fake.id, { summary: "" })), 202);
    // what it announces of ours, what it says itself to us, and what it announces of an announce
    assert.equal(await fake.tell(north, page.id), 202);
    const own = fake.actor.note("loop", { to: [PUBLIC], cc: [group], audience: group });
    await fake.actor.post(north, fake.actor.activity("Create", own, { to: [PUBLIC], cc: [group] }));
    assert.equal(await fake.tell(north, fake.announce(picard.activity("Create", page, group))), 202);
    await north.settles();
    const after = await north.showPost(page.id);
    assert.deepEqual([after.community, after.community_marks, after.likes, after.dislikes], [before.community, before.community_marks, before.likes, before.dislikes]);
    assert.equal(count(two, (a) => a.type === "Announce" && (a.object?.object?.id ?? a.object) === own.id), 0);
    assert.equal(told(two, "Create", page.id), 1);
  });

  // --- a community elsewhere ---

  const club = new LemmyCommunity(one, "club");
  const first = riker.page("first", club.id);
  let local;
  await suite.test("a community elsewhere is joined, and its newest threads, pins and moderators are read", async () => {
    club.moderators.push(picard.id);
    club.featured.push(first);
    club.outbox.push(club.announce(riker.activity("Create", first, club.id)));
    const joining = north.follow("nora", isPrivate ? `!${handle(club.peer, "club")}` : club.id);
    await club.accept(north);
    await joining;
    await north.seesPost(first.id, ({ community, boosts }) => community === handle(club.peer, "club") && boosts === 0);
    await marks(north, first.id, "pinned");
  });

  await suite.test("what it passes on is believed of its own host, and read elsewhere", async () => {
    const second = picard.page("second", club.id);
    assert.equal(await club.tell(north, picard.activity("Create", second, club.id)), 202);
    await north.seesPost(second.id, ({ community }) => community === handle(club.peer, "club"));
    const third = riker.page("third", club.id);
    assert.equal(await club.tell(north, riker.activity("Create", { ...third, content: "<p>forged</p>" }, club.id)), 202);
    await north.seesPost(third.id, ({ community, text }) => community === handle(club.peer, "club") && !/forged/.test(text));
    // by its id alone, for those who know no communities: the same post, and its own once
    assert.equal(await club.tell(north, second.id), 202);
    assert.equal((await north.showPost(second.id)).boosts, 1);
  });

  await suite.test("apps see its threads on its profile, at home where they are wanted, and hear of them", async () => {
    const app = await signIn(north, "nora");
    const { id } = await app.get(`/api/v1/accounts/lookup?acct=${handle(club.peer, "club")}`);
    const uris = async (path) => (await app.get(path)).map(({ uri, reblog }) => (reblog === null ? uri : `boost of ${reblog.uri}`));
    const profile = await uris(`/api/v1/accounts/${id}/statuses`);
    assert.deepEqual([...profile].sort(), [...new Set(profile)].sort(), "each once");
    for (const slug of ["first", "third"]) assert.ok(profile.includes(two.url(`/users/riker/notes/${slug}`)), slug);
    assert.deepEqual(await uris(`/api/v1/accounts/${id}/statuses?pinned=true`), [first.id]);
    assert.ok(!(await uris("/api/v1/timelines/home")).some((uri) => /third/.test(uri)));
    await app.post(`/api/v1/accounts/${id}/follow`, { reblogs: true, notify: true });
    const list = await app.socket(`/api/v1/streaming?stream=list&list=${id}`);
    const news = picard.page("news", club.id);
    assert.equal(await club.tell(north, picard.activity("Create", news, club.id)), 202);
    await until("it is at home", async () => (await uris("/api/v1/timelines/home")).includes(`boost of ${news.id}`));
    assert.equal((await uris(`/api/v1/accounts/${id}/statuses`)).filter((uri) => uri.includes(news.id)).length, 1);
    const [notice] = await app.get("/api/v1/notifications?types[]=status");
    assert.deepEqual([notice.account.id, notice.status.uri], [id, news.id]);
    await until("its list hears of it", async () => list.heard.entries.some(({ payload }) => payload?.includes(news.id)));
    list.close();
    await app.post(`/api/v1/accounts/${id}/follow`, { reblogs: false, notify: false });
    assert.equal((await app.get(`/api/fediflow/v1/communities/${id}`)).own.role, "member");
    const staff = await app.get(`/api/fediflow/v1/communities/${id}/members?staff=true`);
    assert.deepEqual(staff.map(({ account, role }) => [account.url ?? account.uri, role.name]), [[picard.id, "moderator"]]);
    assert.deepEqual(await app.get(`/api/fediflow/v1/communities/${id}/events`), []);
  });

  await suite.test("votes that it tells of count without a look at each voter", async () => {
    const asked = two.count("/users/voter");
    for (let i = 0; i < 3; i++) {
      const voter = two.url(`/users/voter${i}`);
      const vote = { id: `${voter}/likes/1`, type: i === 2 ? "Dislike" : "Like", actor: voter, object: first.id, audience: club.id };
      for (let k = 0; k < 2; k++) assert.equal(await club.tell(north, vote), 202);
    }
    await north.seesPost(first.id, ({ likes, dislikes }) => likes === 2 && dislikes === 1);
    assert.equal(two.count("/users/voter"), asked);
  });

  await suite.test("a post of ours goes to it, and what it tells of that counts", async () => {
    local = await north.post("nora", `A question for all @${handle(club.peer, "club")}`, "--title", "A question");
    const create = await received(one, "the post is there", (a) => a.type === "Create" && a.object?.id === local.uri);
    assert.equal(create.object.audience, club.id);
    assert.ok(create.object.cc.includes(club.id));
    assert.equal(await club.tell(north, create), 202);
    const answer = picard.comment("answer", local.uri, club.id);
    assert.equal(await club.tell(north, picard.activity("Create", answer, club.id)), 202);
    await north.seesPost(local.uri, ({ replies }) => replies === 1);
    await north.run("like", "nick", answer.id);
    const like = await received(one, "the vote is sent to the community", (a) => a.type === "Like" && a.object === answer.id);
    assert.equal(like.audience, club.id);
  });

  await suite.test("an edit and a deletion of ours go to it, too", async () => {
    const post = await north.post("nick", `Soon gone @${handle(club.peer, "club")}`);
    assert.equal(post.community, handle(club.peer, "club"));
    await north.run("edit", "nick", post.id, `Soon gone, really @${handle(club.peer, "club")}`);
    const edit = await received(one, "the Update", ({ type, object }) => type === "Update" && object?.id === post.uri);
    assert.equal(edit.audience, club.id);
    await north.run("delete-post", "nick", post.id);
    const end = await received(one, "the Delete", ({ type, object }) => type === "Delete" && object?.id === post.uri);
    assert.equal(end.audience, club.id);
    assert.ok(end.cc.includes(club.id));
  });

  await suite.test("a report of ours goes to its moderators, too", async () => {
    const answer = one.url("/users/picard/notes/answer");
    await north.run("report", "nick", picard.id, "--comment", "not nice", "--posts", answer);
    const flag = await received(one, "the Flag", ({ type, to }) => type === "Flag" && to?.includes(club.id));
    assert.ok(flag.object.includes(answer) && flag.summary === "not nice");
    fitsSchema(flag);
    // and about somebody, with no post
    await north.run("report", "nick", picard.id, "--comment", "rude all day", "--community", club.id);
    const other = await received(one, "the other Flag", ({ type, summary }) => type === "Flag" && summary === "rude all day");
    assert.deepEqual([other.object, other.to, other.target, other.audience], [[picard.id], [club.id], club.id, club.id]);
    assert.doesNotMatch(other.actor, /nick/);
    fitsSchema(other);
    await assert.rejects(north.run("report", "nick", picard.id, "--community", picard.id), /no community/);
  });

  await suite.test("what its moderators do counts for its posts alone", async () => {
    assert.equal(await club.tell(north, picard.activity("Lock", first.id, club.id)), 202);
    await marks(north, first.id, "locked", "pinned");
    assert.equal(await club.tell(north, picard.activity("Undo", picard.activity("Lock", first.id, club.id), club.id)), 202);
    assert.equal(await club.tell(north, picard.activity("Remove", first.id, club.id, { target: `${club.id}/featured` })), 202);
    await marks(north, first.id);
    assert.equal(await club.tell(north, picard.activity("Delete", first.id, club.id, { summary: "old" })), 202);
    await marks(north, first.id, "removed");
    // not for those of another community
    assert.equal(await club.tell(north, mallory.activity("Lock", page.id, club.id)), 202);
    assert.equal(await club.tell(north, mallory.activity("Delete", page.id, club.id, { summary: "mine" })), 202);
    await north.settles();
    await marks(north, page.id, "pinned");
  });

  await suite.test("whom it bans here posts there no more", async () => {
    assert.equal(await club.tell(north, picard.activity("Block", nora, club.id, { target: club.id, summary: "no" })), 202);
    await assert.rejects(north.post("nora", "Once more", "--reply-to", one.url("/users/picard/notes/answer")), /banned/);
    assert.equal(await club.tell(north, picard.activity("Undo", picard.activity("Block", nora, club.id, { target: club.id }), club.id)), 202);
    await north.post("nora", "Once more", "--reply-to", one.url("/users/picard/notes/answer"));
  });

  await suite.test("when a member leaves, it hears nothing more", async () => {
    assert.equal(await riker.send(north, { ...riker.actor.activity("Undo", riker.actor.activity("Follow", group)), to: [group] }), 202);
    await north.seesPerson("tea", ({ followers }) => followers === 5); // the lying group among them
    const post = await north.post("nora", "Still here? @tea");
    await announced(one, "the others hear", "Create", post.uri);
    await north.settles();
    assert.equal(told(two, "Create", post.uri), 0);
  });

  for (const node of [north, south]) {
    await suite.test(`the database of ${node.name} is whole`, async () => {
      await node.settles();
      await node.check();
      assert.equal((await node.stop()).code, 0);
    });
  }
});
