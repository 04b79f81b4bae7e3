// Reactions, custom emoji, pinned posts and featured hashtags: with a server made with Fedify, with peers that speak as Misskey
// and Akkoma do, and with one that means no good.
import assert from "node:assert/strict";
import { until } from "../lib/journal.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { fediflow } from "../lib/node.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { accepted, admire, befriend } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const FIRE = "\u{1f525}";
const HEART = "\u2764\ufe0f";
const MISSKEY = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1", { Emoji: "toot:Emoji", toot: "http://joinmastodon.org/ns#", misskey: "https://misskey-hub.net/ns#", _misskey_reaction: "misskey:_misskey_reaction" }];

await run("reactions", async (suite) => {
  const node = await fediflow("north");
  const peer = await fedifyPeer(2, "fedify2", { featured: true });
  suite.watch(() => node.troubles());
  suite.watch(() => peer.troubles());
  await node.addPerson("alice");
  await node.addPerson("bob");
  const alice = await node.person("alice");
  const { vocab } = peer;
  const tina = await peer.addPerson("tina");
  const target = await peer.lookup(alice.uri, "tina");
  const act = (Class, fields) => peer.send("tina", target, Class, fields);
  const undo = (object) => act(vocab.Undo, { object });
  const post = await node.post("alice", "What do you think of it?");
  const reactions = (fits) => node.seesPost(post.uri, (seen) => fits(seen.reactions, seen));
  const count = (list, emoji) => list.find((row) => row.emoji === emoji)?.count ?? 0;
  const picture = `${peer.host.base}/cat.png`;
  const cat = () => new vocab.Emoji({ id: new URL("/emojis/cat", peer.host.base), name: ":cat:", icon: new vocab.Image({ url: new URL(picture) }) });

  // --- from Fedify ---

  let fire, like, furry;
  await suite.test("EmojiReact in: is counted, and is no like", async () => {
    fire = await act(vocab.EmojiReact, { object: new URL(post.uri), content: FIRE });
    const seen = await reactions((list) => count(list, FIRE) === 1);
    assert.equal(seen.likes, 0);
    await until("alice is told", async () => (await node.run("notices", "alice")).some(({ kind, from }) => kind === "reaction" && from === peer.handle("tina")));
  });
  await suite.test("EmojiReact in with a custom emoji: has its picture", async () => {
    furry = await act(vocab.EmojiReact, { object: new URL(post.uri), content: ":cat:", tags: [cat()] });
    const { reactions: list } = await reactions((rows) => count(rows, ":cat:") === 1);
    assert.equal(list.find(({ emoji }) => emoji === ":cat:").url, picture);
  });
  await suite.test("Like in: stays a like beside them; each is taken back by itself", async () => {
    like = await act(vocab.Like, { object: new URL(post.uri) });
    await reactions((list, { likes }) => likes === 1 && list.length === 2);
    await undo(fire);
    await reactions((list, { likes }) => likes === 1 && count(list, FIRE) === 0);
    await undo(furry);
    await undo(like);
    await reactions((list, { likes }) => likes === 0 && list.length === 0);
  });
  await suite.test("Dislike in, and Undo of it: never a like", async () => {
    const dislike = await act(vocab.Dislike, { object: new URL(post.uri) });
    await reactions((_, { likes, dislikes }) => likes === 0 && dislikes === 1);
    await undo(dislike);
    await reactions((_, { dislikes }) => dislikes === 0);
  });
  await suite.test("Create in: the emoji of a post are known", async () => {
    const note = peer.addPost("tina", "furry", { content: "<p>:cat:</p>", tags: [cat(), new vocab.Mention({ href: target.id, name: `@${alice.handle}` })], ccs: [target.id] });
    await act(vocab.Create, { object: note, to: note.toId, cc: target.id });
    const { emojis } = await node.seesPost(note.id.href);
    assert.deepEqual(emojis, [{ shortcode: "cat", url: picture }]);
  });

  // --- to Fedify ---

  const owl = `${node.host.base}/owl.png`;
  let note;
  await suite.test("an emoji of the node has a document that Fedify reads", async () => {
    await node.run("emoji", "add", ":owl:", owl);
    const [{ uri }] = await node.run("emoji", "list");
    const document = await peer.lookup(uri, "tina");
    assert.ok(document instanceof vocab.Emoji);
    assert.equal(document.name.toString(), ":owl:");
    assert.ok(document.updated);
    assert.equal((await document.getIcon()).url.href, owl);
    await assert.rejects(node.run("emoji", "add", "a b", owl), ({ code }) => code === 2);
    await assert.rejects(node.run("emoji", "add", "evil", "javascript:alert(1)"), ({ code }) => code === 2);
  });
  await suite.test("react out: one Like with content, which all take, and Undo of it", async () => {
    note = peer.addPost("tina", "liked", { content: "<p>hello</p>" });
    for (const emoji of [FIRE, "\u2764", ":owl:"]) await node.run("react", "alice", note.id.href, emoji);
    const sent = async (content) => (await peer.activities.wait(`Like ${content}`, ({ type, activity }) => type === "Like" && activity.content?.toString() === content)).activity;
    await sent(FIRE);
    await sent(HEART); // as a picture, however it was typed
    const own = await sent(":owl:");
    const tags = [];
    for await (const tag of own.getTags()) tags.push(tag);
    assert.ok(tags[0] instanceof vocab.Emoji);
    assert.equal((await tags[0].getIcon()).url.href, owl);
    const raw = peer.requests.filter(({ body }) => body.includes('"_misskey_reaction"')).map(({ body }) => JSON.parse(body));
    assert.ok(raw.every(({ content, _misskey_reaction }) => content === _misskey_reaction));
    await node.run("react", "alice", note.id.href, ":owl:", "--undo");
    const { activity } = await peer.activities.wait("the Undo", ({ type }) => type === "Undo");
    assert.equal(activity.objectId.href, own.id.href);
    assert.equal((await node.showPost(note.id.href)).reactions.length, 2);
    await assert.rejects(node.run("react", "alice", note.id.href, "nice"), /one emoji/);
  });
  await suite.test("dislike out, and Undo of it: no like", async () => {
    await node.run("dislike", "alice", note.id.href);
    const { activity } = await peer.activities.wait("the Dislike", ({ type }) => type === "Dislike");
    assert.equal(activity.objectId.href, note.id.href);
    const shown = await node.showPost(note.id.href);
    assert.deepEqual([shown.likes, shown.dislikes], [0, 1]);
    await node.run("dislike", "alice", note.id.href, "--undo");
    const undone = ({ type, activity: undo }) => type === "Undo" && undo.objectId.href === activity.id.href;
    await peer.activities.wait("the Undo", undone);
    assert.equal((await node.showPost(note.id.href)).dislikes, 0);
  });
  await suite.test("a post and a profile with an emoji bring its picture along", async () => {
    const own = await node.post("alice", "hoo :owl:", "--searchable-by", "followers");
    const read = await peer.lookup(own.uri, "tina");
    const tags = [];
    for await (const tag of read.getTags()) tags.push(tag);
    assert.equal(tags[0].id.href, `${node.host.base}/emojis/owl`);
    const raw = await getJson(node.host, new URL(own.uri).pathname);
    assert.deepEqual(raw.searchableBy, [`${alice.uri}/followers`]);
    await node.run("account", "edit", "alice", "--display-name", "Alice :owl:");
    const person = await getJson(node.host, new URL(alice.uri).pathname);
    assert.equal(person.tag[0].name, ":owl:");
    const page = await get(node.host, new URL(alice.url).pathname, "text/html");
    assert.match(page.text, /<img class="emoji" src="[^"]*\/owl.png" alt=":owl:" title=":owl:"/);
  });

  // --- what is shown first, both ways ---

  await suite.test("pins and hashtags of the node: told to followers, and in collections that Fedify reads", async () => {
    await act(vocab.Follow, { object: target.id });
    await peer.activities.wait("the Accept", ({ type }) => type === "Accept");
    await node.run("pin", "alice", post.id);
    await node.run("feature-tag", "alice", "#Trees");
    const pinned = await peer.activities.wait("the Add", ({ type, object }) => type === "Add" && object === post.uri);
    assert.equal(pinned.activity.targetId.href, `${alice.uri}/collections/featured`);
    // a Hashtag is a Link, which Fedify takes for no object of an activity: what others get is looked at below
    const added = await peer.requests.wait("the hashtag's Add", ({ method, body }) => method === "POST" && body.includes("#Trees"));
    const { type, object, target: featuredId } = JSON.parse(added.body);
    assert.deepEqual([type, object.type, object.name, featuredId], ["Add", "Hashtag", "#Trees", `${alice.uri}/collections/featured`]);
    const person = await peer.lookup(alice.uri, "tina");
    const featured = await getJson(node.host, new URL(person.featuredId.href).pathname);
    assert.deepEqual(featured.orderedItems, [post.uri]);
    const tags = await getJson(node.host, new URL(person.featuredTagsId.href).pathname);
    assert.deepEqual(tags.items.map(({ name }) => name), ["#Trees"]);
    const page = await get(node.host, new URL(alice.url).pathname, "text/html");
    assert.match(page.text, />Pinned</);
    await node.run("pin", "alice", post.id, "--undo");
    await peer.activities.wait("the Remove", ({ type, object }) => type === "Remove" && object === post.uri);
    await assert.rejects(node.run("pin", "bob", post.id), /own/);
  });
  await suite.test("Fedify's collections are read at the first follow, and changed by Add and Remove", async () => {
    const first = peer.addPost("tina", "first", { content: "<p>first</p>" });
    const second = peer.addPost("tina", "second", { content: "<p>second</p>" });
    peer.people.get("tina").pins = [first];
    peer.people.get("tina").hashtags = [new vocab.Hashtag({ href: new URL("/tags/owls", peer.host.base), name: "#Owls" })];
    await node.follow("alice", tina.href);
    const seen = await node.seesPerson(tina.href, ({ pins, featured_tags }) => pins.length === 1 && featured_tags.length === 1);
    assert.deepEqual(seen.featured_tags, ["Owls"]);
    assert.equal((await node.showPost(first.id.href)).pinned, true);
    const collection = peer.context.getFeaturedUri("tina");
    await act(vocab.Add, { object: second.id, target: collection });
    await node.seesPerson(tina.href, ({ pins }) => pins.length === 2);
    await act(vocab.Remove, { object: first.id, target: collection });
    await node.seesPerson(tina.href, ({ pins }) => pins.length === 1);
  });

  // --- dialects ---

  const other = await rawPeer("evil");
  const emoji = (name) => ({ id: other.url(`/emojis/${name}`), type: "Emoji", name: `:${name}:`, updated: "2026-11-01T00:00:00.000Z", icon: { type: "Image", mediaType: "image/png", url: other.url(`/${name}.png`) } });
  await suite.test("a reaction as Misskey sends it, and Undo of it", async () => {
    const mika = other.actor("mika");
    const reaction = { ...mika.activity("Like", post.uri, { content: ":neko:", _misskey_reaction: ":neko:", tag: [emoji("neko")] }), "@context": MISSKEY };
    accepted(await mika.post(node, reaction));
    await reactions((list) => count(list, ":neko:") === 1);
    accepted(await mika.post(node, mika.activity("Undo", reaction)));
    await reactions((list) => count(list, ":neko:") === 0);
    accepted(await mika.post(node, mika.activity("Like", post.uri, { _misskey_reaction: "\u2764" })));
    const { likes } = await reactions((list) => count(list, HEART) === 1);
    assert.equal(likes, 0);
  });
  await suite.test("a reaction as Akkoma sends it, and Undo of it by its id", async () => {
    const akko = other.actor("akko");
    const reaction = akko.activity("EmojiReact", post.uri, { content: FIRE, to: [alice.uri, `${akko.id}/followers`], cc: [PUBLIC], context: `${akko.id}/c`, bcc: [] });
    accepted(await akko.post(node, reaction));
    await reactions((list) => count(list, FIRE) === 1);
    accepted(await akko.post(node, akko.activity("Undo", reaction.id)));
    await reactions((list) => count(list, FIRE) === 0);
  });

  await suite.test("hashtags as Mastodon adds and removes them, both ways", async () => {
    const featured = other.url("/users/masto/featured");
    const masto = other.actor("masto", { featured, featuredTags: other.url("/users/masto/tags") });
    await befriend({ node, alice }, masto);
    const hashtag = { type: "Hashtag", href: other.url("/tags/owls"), name: "#Owls" };
    accepted(await masto.post(node, masto.activity("Add", hashtag, { target: featured })));
    await node.seesPerson(masto.id, ({ featured_tags }) => featured_tags.join() === "Owls");
    accepted(await masto.post(node, masto.activity("Remove", hashtag, { target: featured })));
    await node.seesPerson(masto.id, ({ featured_tags }) => featured_tags.length === 0);
    await node.run("feature-tag", "alice", "trees", "--undo");
    const { body } = await other.requests.wait("the Remove", ({ method, body }) => method === "POST" && /"Remove"/.test(body));
    assert.equal(JSON.parse(body).object.name, "#Trees");
  });

  // --- and those who mean no good ---

  const mallory = other.actor("mallory");
  await suite.test("S-060 ten thousand reactions of one person are a few", async () => {
    const before = (await node.showPost(post.uri)).reactions.length;
    for (let round = 0; round < 200; round++) {
      const burst = Array.from({ length: 50 }, (_, i) => `e${round}_${i}`);
      await Promise.all(burst.map((name) => mallory.post(node, mallory.activity("EmojiReact", post.uri, { content: `:${name}:`, tag: [emoji(name)] }))));
    }
    await node.settles();
    const { reactions: list, likes } = await node.showPost(post.uri);
    assert.equal(list.length - before, 8);
    assert.equal(likes, 0);
    const told = (await node.run("notices", "alice", "--limit", 100)).filter(({ from }) => from.startsWith("mallory@"));
    assert.equal(told.length, 1);
  }, 150_000);
  await suite.test("S-086 names with quotes and pictures that are scripts are nothing", async () => {
    const before = JSON.stringify((await node.showPost(post.uri)).reactions);
    const evil = other.actor("eve");
    const icon = { type: "Image", url: "javascript:alert(1)" };
    const tags = [{ type: "Emoji", name: ':a" onerror="x:', icon: { url: other.url("/1.png") } }, { type: "Emoji", name: ":fine:", icon }, { type: "Emoji", name: ":data:", icon: { url: "data:text/html,x" } }];
    for (const content of [':a" onerror="x:', ":fine:", ":data:", "<script>", FIRE.repeat(2), "x".repeat(100_000)]) {
      await evil.post(node, evil.activity("EmojiReact", post.uri, { content, tag: tags }));
    }
    await node.settles();
    assert.equal(JSON.stringify((await node.showPost(post.uri)).reactions), before);
    await befriend({ node, alice }, evil);
    const note = evil.note("tagged", { content: '<p>:fine: :a" onerror="x: :ok:</p>', tag: [...tags, emoji("ok"), { type: "Mention", href: alice.uri }], cc: [alice.uri] });
    accepted(await evil.post(node, evil.activity("Create", note, { to: note.to, cc: note.cc })));
    const { emojis } = await node.seesPost(note.id);
    assert.deepEqual(emojis, [{ shortcode: "ok", url: other.url("/ok.png") }]);
  });
  await suite.test("S-008 nobody pins in a collection that is not theirs", async () => {
    const evil = other.actor("rob", { featured: other.url("/users/rob/featured") });
    const own = evil.note("mine");
    other.page("/users/rob/featured", { id: other.url("/users/rob/featured"), type: "OrderedCollection", orderedItems: [post.uri, alice.uri, 7, null, { id: own.id }] });
    await admire({ node, alice }, evil);
    await node.seesPerson(evil.id, ({ pins }) => pins.length === 1);
    const tinas = (await node.person(tina.href)).pins;
    for (const target of [peer.context.getFeaturedUri("tina").href, `${alice.uri}/collections/featured`, `${evil.id}/featured/`, other.url("/users/mika/featured")]) {
      await evil.post(node, evil.activity("Add", own.id, { target }));
      await evil.post(node, evil.activity("Remove", own.id, { target }));
      await evil.post(node, evil.activity("Add", post.uri, { target }));
    }
    await node.settles();
    assert.deepEqual((await node.person(tina.href)).pins, tinas);
    assert.deepEqual((await node.person("alice")).pins, []);
    assert.equal((await node.person(evil.id)).pins.length, 1);
    await evil.post(node, evil.activity("Add", post.uri, { target: other.url("/users/rob/featured") }));
    await node.settles();
    assert.equal((await node.person(evil.id)).pins.length, 1);
  });
  await suite.test("a reaction goes with its post", async () => {
    await node.run("delete-post", "alice", post.id);
    await node.check();
  });
  await peer.stop();
  await node.check();
  await node.stop();
});
