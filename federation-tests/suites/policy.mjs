// Rules for posts: a wave of spam from several hosts is counted, held, released, learnt, and rolled back.
import assert from "node:assert/strict";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { rawPeer } from "../lib/rawpeer.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const SPAM = "Win a fortune in our wonderful casino tonight, no deposit is needed at all, ";

await run("policy", async (suite) => {
  const [north, ...peers] = await Promise.all([
    fediflow("north", { settings: { moderation: { undo_for: "10 s" } } }),
    ...["evil", "rogue", "one", "two"].map((name) => rawPeer(name)),
  ]);
  suite.watch(() => north.troubles());
  await north.addPerson("alice");
  const alice = await north.person("alice");
  const spammers = peers.map((peer, i) => peer.actor(`spammer${i}`));
  const friend = peers[3].actor("friend");
  const mention = { type: "Mention", href: alice.uri, name: `@alice@${north.host.authority}` };
  let count = 0;

  // A public post that names alice, delivered; its id.
  const sends = async (actor, text, fields = {}) => {
    const note = actor.note(`n${++count}`, { content: `<p>${text}</p>`, tag: [mention], ...fields });
    note.cc = [...note.cc, alice.uri];
    const answer = await actor.post(north, actor.activity("Create", note, { to: note.to, cc: note.cc }));
    assert.equal(answer.status, 202, answer.text);
    await north.settles();
    return note.id;
  };
  const wave = async (text = SPAM) => Promise.all(spammers.slice(0, 3).map((actor, i) => sends(actor, `${text}${"abc"[i]}`)));
  const idOf = async (uri) => (await north.showPost(uri)).id;
  // As anybody may look: 200 or 404.
  const seen = async (uri) => (await get(north.host, `/api/v1/statuses/${await idOf(uri)}`, "application/json")).status === 200;
  const allSeen = async (uris) => (await Promise.all(uris.map(seen))).every(Boolean);
  const noneSeen = async (uris) => !(await Promise.all(uris.map(seen))).some(Boolean);
  const notices = async () => (await north.run("notices", "alice")).filter(({ kind }) => kind === "mention").length;
  const today = async (id) => (await north.run("sieve", "show", id)).days.at(-1) ?? { shadow: 0, live: 0 };
  const publicTimeline = () => getJson(north.host, "/api/v1/timelines/public", "application/json");

  let rule;
  await suite.test("a rule with a mistake is refused with its place", async () => {
    await assert.rejects(north.run("sieve", "add", "hold when\n  linkz > 2"), /line 2, column 3: there is no such condition/);
    await assert.rejects(north.run("sieve", "add", "reject when spam > 90"), /is a guess/);
    assert.deepEqual(await north.run("sieve", "list"), []);
  });
  await suite.test("in the shadow it is counted, and nothing happens", async () => {
    rule = (await north.runWith('# casinos\nhold "casino" when remote and word has "casin*", "no deposit"', "sieve", "add", "-")).id;
    const first = await wave();
    assert.ok(await allSeen(first));
    assert.equal(await notices(), 3);
    assert.equal((await today(rule)).shadow, 3);
    assert.equal((await today(rule)).live, 0);
    assert.equal((await publicTimeline()).length, 3);
  });
  await suite.test("a rule is tried on what came before", async () => {
    const tried = await north.run("sieve", "test", 'reject when word has "casino tonight"', "--since", "1 d");
    assert.deepEqual([tried.looked_at, tried.fits, tried.complete], [3, 3, true]);
    assert.equal((await north.run("sieve", "test", "hold when local")).fits, 0);
  });
  let held;
  const release = async (id) => {
    const { updated } = (await north.run("held", "list")).find((row) => String(row.id) === String(id));
    return north.run("held", "release", id, "--seen", updated);
  };
  await suite.test("live, it holds a wave of several hosts: nobody sees or hears of it", async () => {
    await north.run("sieve", "live", rule);
    held = await wave();
    assert.ok(await noneSeen(held));
    assert.equal(await notices(), 3);
    assert.equal((await publicTimeline()).length, 3);
    assert.equal((await today(rule)).live, 3);
    const list = await north.run("held", "list");
    assert.deepEqual(list.map(({ because }) => because), ["casino", "casino", "casino"]);
    const page = await get(north.host, new URL(held[0]).pathname);
    assert.notEqual(page.status, 200);
    assert.ok(await seen(await sends(friend, "a harmless greeting")));
  });
  await suite.test("what its author edits or deletes meanwhile is changed or gone, and not seen", async () => {
    const note = spammers[0].note(`n${++count}`, { content: `<p>${SPAM} again</p>`, tag: [mention] });
    await spammers[0].post(north, spammers[0].activity("Create", note, { to: note.to, cc: [alice.uri] }));
    await north.settles();
    const changed = { ...note, content: "<p>good morning to all of you</p>", updated: new Date(Date.now() + 1000).toISOString() };
    await spammers[0].post(north, spammers[0].activity("Update", changed));
    await until("it is changed", async () => /good morning/.test((await north.showPost(note.id)).text));
    assert.equal(await seen(note.id), false);
    // who looked at it before that has not seen what it says now
    const id = await idOf(note.id);
    await assert.rejects(north.run("held", "release", id, "--seen", note.published), /changed meanwhile/);
    await assert.rejects(north.run("held", "release", id), /--seen/);
    await spammers[0].post(north, spammers[0].activity("Delete", { type: "Tombstone", id: note.id }));
    await until("it is gone", async () => (await north.knows(note.id)) === null);
    assert.equal((await north.run("held", "list")).length, 3);
  });
  await suite.test("who edits spam into a harmless post is held, too", async () => {
    const note = friend.note(`n${++count}`, { content: "<p>see you tomorrow</p>", tag: [mention] });
    await friend.post(north, friend.activity("Create", note, { to: note.to, cc: [alice.uri] }));
    await north.seesPost(note.id);
    assert.ok(await seen(note.id));
    const changed = { ...note, content: `<p>${SPAM}</p>`, updated: new Date(Date.now() + 1000).toISOString() };
    await friend.post(north, friend.activity("Update", changed));
    await until("it is out of sight", async () => !(await seen(note.id)));
    await north.run("held", "refuse", await idOf(note.id));
    assert.equal(await north.knows(note.id), null);
  });
  await suite.test("what is released happens then, what is refused is gone for good", async () => {
    const before = await notices();
    const [released, ...refused] = held;
    await release(await idOf(released));
    assert.ok(await seen(released));
    assert.equal(await notices(), before + 1);
    const ids = await Promise.all(refused.map(idOf));
    await north.run("held", "refuse", ...ids);
    for (const uri of refused) assert.equal(await north.knows(uri), null);
    assert.deepEqual(await north.run("held", "list"), []);
    await assert.rejects(north.run("held", "release", ids[0], "--seen", new Date().toISOString()), ({ code }) => code === 3);
  });
  await suite.test("what is like what was refused is known again in other words", async () => {
    await north.run("sieve", "off", rule);
    const like = (await north.run("sieve", "add", 'hold "again" when similar >= 70')).id;
    await north.run("sieve", "live", like);
    const again = await sends(spammers[1], `${SPAM}z`);
    assert.equal(await seen(again), false);
    assert.ok(await seen(await sends(friend, "The lecture about the history of the town begins at nine in the old hall")));
    await north.run("sieve", "remove", like);
  });
  await suite.test("a rejected post is accepted on the wire, and is not there", async () => {
    const reject = (await north.run("sieve", "add", `reject when host is "${peers[1].host.authority}"`)).id;
    await north.run("sieve", "live", reject);
    const note = await sends(spammers[1], "anything");
    assert.equal(await north.knows(note), null);
    assert.equal((await today(reject)).live, 1);
    await north.run("sieve", "remove", reject);
  });
  await suite.test("a post of here that is held leaves the node when it is released, not before", async () => {
    await friend.post(north, friend.activity("Follow", alice.uri));
    await until("friend follows", async () => (await north.person("alice")).followers === 1);
    const own = (await north.run("sieve", "add", 'hold when local and word has "embargo"')).id;
    await north.run("sieve", "live", own);
    const post = await north.post("alice", "Under embargo until noon");
    const open = await north.post("alice", "Nothing to see");
    const delivered = (uri) => peers[3].requests.filter(({ body }) => body.includes(`"${uri}"`)).length;
    await until("the other one is delivered", () => delivered(open.uri) > 0);
    await north.settles();
    assert.equal(delivered(post.uri), 0);
    assert.equal((await get(north.host, new URL(post.uri).pathname)).status, 404);
    await release(post.id);
    await until("it is delivered", () => delivered(post.uri) > 0);
    assert.equal((await get(north.host, new URL(post.uri).pathname)).status, 200);
    await north.run("sieve", "remove", own);
  });

  // --- waves ---

  let second;
  await suite.test("a wave is seen before it is rolled back, by the post that it is like", async () => {
    second = await wave("Cheap watches for you and for all your friends, order them today before they are gone ");
    assert.ok(await allSeen(second));
    const like = await idOf(second[0]);
    const preview = await north.run("wave", "preview", "--like", like, "--likeness", 70);
    assert.equal(preview.posts, 3);
    assert.equal(preview.hosts.length, 3);
    const { id } = await north.run("wave", "roll-back", "--like", like, "--likeness", 70);
    await until("it is hidden", async () => (await north.run("wave", "list")).find((w) => w.id === id).state === "hidden");
    assert.ok(await noneSeen(second));
  });
  await suite.test("it is undone as a whole, and nobody is told twice", async () => {
    const before = await notices();
    const { id, posts } = (await north.run("wave", "list"))[0];
    assert.equal(posts, 3);
    await north.run("wave", "undo", id);
    await until("it is undone", async () => (await north.run("wave", "list"))[0].state === "undone");
    assert.ok(await allSeen(second));
    assert.equal(await notices(), before);
  });
  await suite.test("a wave of one host is deleted when its time is over", async () => {
    const host = peers[2].host.authority;
    await north.run("wave", "roll-back", "--from-host", host);
    await until("it is hidden", async () => (await north.run("wave", "list"))[0].state === "hidden");
    assert.equal(await seen(second[2]), false);
    assert.ok(await seen(second[0]));
    await until("it is deleted", async () => (await north.run("wave", "list"))[0].state === "removed", 20_000);
    assert.equal(await north.knows(second[2]), null);
  });

  // --- lists of blocks ---

  let list;
  const rows = (...hosts) => ["#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate", ...hosts.map((h) => `${h},suspend,True,False,"spam, mostly",False`)].join("\n");
  await suite.test("a list of blocks is read, and asks for what a moderator confirms", async () => {
    const text = rows(peers[0].host.authority, "elsewhere.example");
    peers[3].page("/blocks.csv", (request, response) => {
      if (request.headers["if-none-match"] === '"1"') return response.writeHead(304).end();
      response.writeHead(200, { "Content-Type": "text/csv", ETag: '"1"' }).end(text);
    });
    list = (await north.run("blocklist", "add", peers[3].url("/blocks.csv"))).id;
    await until("there are drafts", async () => (await north.run("blocklist", "drafts")).length === 2);
    await until("it was had", async () => (await north.run("blocklist", "list"))[0].hosts === 2);
    assert.equal((await spammers[0].post(north, spammers[0].activity("Like", alice.uri))).status, 202);
    await north.run("blocklist", "confirm", peers[0].host.authority);
    await north.run("blocklist", "dismiss", "elsewhere.example");
    assert.equal((await north.run("peer", "show", peers[0].host.authority)).policy, "blocked");
    await until("nothing is taken from it", async () => (await spammers[0].post(north, spammers[0].activity("Like", alice.uri))).status === 403);
  });
  await suite.test("when the subscription ends, what it asked for is taken back", async () => {
    await north.run("blocklist", "remove", list);
    await until("it is", async () => (await north.run("peer", "show", peers[0].host.authority)).policy === "default");
    await until("it is heard again", async () => (await spammers[0].post(north, spammers[0].activity("Like", alice.uri))).status === 202);
    assert.deepEqual(await north.run("blocklist", "drafts"), []);
  });
  await suite.test("a page that is no list takes nothing back", async () => {
    peers[3].page("/busy.csv", (_, response) => response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Busy</title><p>Come again."));
    const short = await north.run("blocklist", "add", peers[3].url("/busy.csv"));
    await until("there is a reason", async () => /names 0 hosts/.test((await north.run("blocklist", "list")).find(({ id }) => id === short.id).error ?? ""));
    assert.equal((await north.run("blocklist", "accept", short.id)).accepted, short.id);
    await north.run("blocklist", "remove", short.id);
  });
  await suite.test("a list that cannot be had says why", async () => {
    await north.run("blocklist", "add", peers[3].url("/missing.csv"));
    await until("there is a reason", async () => /404/.test((await north.run("blocklist", "list"))[0].error ?? ""));
  });
  await suite.test("the database is whole", () => north.check());
});
