// Accounts that move: between nodes, and to and from a server made with Fedify; and moves that nobody should believe.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture, sendForm } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const DENIED = 77;

await run("moves", async (suite) => {
  const [north, south, east] = await Promise.all(["north", "south", "east"].map((name) => fediflow(name)));
  const peer = await fedifyPeer(2, "fedify2");
  for (const node of [north, south, east]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  suite.watch(() => peer.troubles());
  await Promise.all([north.addPerson("alice"), north.addPerson("bob"), south.addPerson("alice2"), east.addPerson("edda")]);
  for (const name of ["tina", "tina2", "tina3"]) await peer.addPerson(name);
  const alice = await north.person("alice");
  const alice2 = await south.person("alice2");
  const uri = (name) => peer.uri(name).href;
  const states = async (node, name) => Object.fromEntries((await node.run("following", name)).map((row) => [row.uri, row.state]));
  const goesAlong = (node, name, from, to) =>
    until(`${name} follows ${to} instead`, async () => {
      const now = await states(node, name);
      return now[to] === "accepted" && now[from] === undefined;
    });
  const refused = (promise) => assert.rejects(promise, ({ code }) => code === DENIED);

  await suite.test("followers on three servers", async () => {
    await north.follow("bob", "alice");
    await east.follow("edda", alice.uri);
    await peer.send("tina", await peer.lookup(alice.uri, "tina"), peer.vocab.Follow, { object: new URL(alice.uri) });
    await north.seesPerson("alice", ({ followers }) => followers === 3);
  });
  let first;
  await suite.test("a past: posts, an answer, and what never leaves the house", async () => {
    first = await north.post("alice", "Long ago");
    await north.post("alice", "Even so", "--reply-to", first.uri);
    await north.post("alice", "for this house alone", "--visibility", "local");
    await north.follow("alice", uri("tina"));
    await until("it is accepted", async () => (await states(north, "alice"))[uri("tina")] === "accepted");
  });
  await suite.test("and pictures: of herself, and the same one shown twice", async () => {
    const client = await signIn(north, "alice");
    const worn = await sendForm(client, "PATCH", "/api/v1/accounts/update_credentials", { avatar: picture(80, 80) });
    assert.equal(worn.status, 200, JSON.stringify(worn.body));
    for (const status of ["A view", "The same view"]) {
      const { body } = await sendForm(client, "POST", "/api/v2/media", { file: picture(64, 48), description: `a slope: ${status}`, focus: "-0.5,0.25" });
      const posted = await sendForm(client, "POST", "/api/v1/statuses", { status, "media_ids[]": body.id });
      assert.equal(posted.status, 200, JSON.stringify(posted.body));
    }
  });
  await suite.test("S-029: nobody moves to an account that does not say so", async () => {
    await refused(north.run("account", "move", "alice", alice2.uri));
    assert.equal((await north.person("alice")).moved_to ?? null, null);
  });
  await suite.test("an account moves to another node, and followers of both nodes and of a third go along", async () => {
    const listed = await south.run("account", "alias", "alice2", alice.uri);
    assert.deepEqual(listed.also_known_as, [alice.uri]);
    const moved = await north.run("account", "move", "alice", alice2.uri);
    assert.equal(moved.moved_to, alice2.uri);
    await goesAlong(north, "bob", alice.uri, alice2.uri);
    await goesAlong(east, "edda", alice.uri, alice2.uri);
    await south.seesPerson("alice2", ({ followers }) => followers === 2);
    const notices = await east.run("notices", "edda");
    assert.ok(notices.some(({ kind, from }) => kind === "move" && from.startsWith("alice2@")), JSON.stringify(notices));
  });
  await suite.test("Fedify hears of the move as its vocabulary has it", async () => {
    const { activity } = await peer.activities.wait("the Move", ({ type }) => type === "Move");
    assert.equal(activity.actorId.href, alice.uri);
    assert.equal(activity.objectId.href, alice.uri);
    assert.equal(activity.targetId.href, alice2.uri);
    const person = await peer.lookup(alice.uri, "tina");
    assert.equal(person.successorId.href, alice2.uri);
    const successor = await peer.lookup(alice2.uri, "tina");
    assert.deepEqual(successor.aliasIds.map(({ href }) => href), [alice.uri]);
  });
  await suite.test("who has moved says nothing here any more, and the page tells where they are", async () => {
    await refused(north.post("alice", "still here?"));
    const page = await get(north.host, new URL(alice.url).pathname, "text/html");
    assert.equal(page.status, 200);
    assert.match(page.text, /has moved to/);
    assert.ok(page.text.includes(alice2.uri));
  });

  // --- what an account takes along (FEP-6fcd) ---

  const archive = join(north.folder, "alice.tar");
  await suite.test("an archive has the account's posts and lists, and any tar program reads it", async () => {
    const { posts, media, following } = await north.run("account", "export", "alice", archive);
    assert.deepEqual([posts, media, following], [4, 2, 1]); // two posts have one picture
    const names = execFileSync("tar", ["-tf", archive]).toString().trim().split("\n");
    for (const name of ["manifest.yml", "activitypub/actor.json", "activitypub/outbox.json", "activitypub/following_accounts.csv", "activitypub/followers.csv"]) assert.ok(names.includes(name), `${names}`);
    const outbox = JSON.parse(execFileSync("tar", ["-xOf", archive, "activitypub/outbox.json"]));
    assert.equal(outbox.type, "OrderedCollection");
    assert.ok(!JSON.stringify(outbox).includes("for this house alone"));
    await assert.rejects(north.run("account", "export", "alice", archive), /exists/); // nothing is overwritten
  });
  await suite.test("its new home takes the posts over, once, as they were, and follows whom it followed", async () => {
    const taken = await south.run("account", "import", "alice2", archive);
    assert.deepEqual([taken.from, taken.posts, taken.posts_known, taken.followed, taken.media, taken.media_refused], [alice.uri, 4, 0, 1, 2, 0]);
    const rows = await south.run("posts", "alice2");
    const old = rows.find(({ text }) => /Long ago/.test(text));
    const answer = rows.find(({ text }) => /Even so/.test(text));
    assert.equal((await south.showPost(answer.uri)).parent_uri, old.uri);
    assert.equal(Date.parse(old.created), Date.parse(first.created));
    const note = JSON.parse((await get(south.host, new URL(old.uri).pathname)).text);
    assert.equal(note.attributedTo, alice2.uri);
    const again = await south.run("account", "import", "alice2", archive);
    assert.deepEqual([again.posts, again.posts_known], [0, 4]);
    await until("it follows whom it followed", async () => (await states(south, "alice2"))[uri("tina")] !== undefined);
  });
  await suite.test("its pictures are the new home's own, with what was said of them", async () => {
    const client = await signIn(south, "alice2");
    const { body: me } = await sendForm(client, "PATCH", "/api/v1/accounts/update_credentials", { display_name: "Alice" });
    assert.ok(me.avatar.startsWith(`${south.host.base}/media/files/`), me.avatar);
    const rows = (await south.run("posts", "alice2")).filter(({ text }) => /view/.test(text));
    assert.equal(rows.length, 2);
    for (const { uri: id, text } of rows) {
      const { attachment: [shown] } = JSON.parse((await get(south.host, new URL(id).pathname)).text);
      assert.ok(shown.url.startsWith(`${south.host.base}/media/files/`), shown.url);
      assert.equal(shown.name, `a slope: ${text}`);
      assert.deepEqual([shown.focalPoint, shown.width, shown.height], [[-0.5, 0.25], 64, 48]);
      assert.equal((await get(south.host, new URL(shown.url).pathname, "image/png")).status, 200);
    }
  });
  const taken = async (text) => (await south.run("posts", "alice2")).find((row) => row.text.includes(text));
  await suite.test("the old server learns where the posts are, and leads peers and people there", async () => {
    const { uri: now } = await taken("Long ago");
    await until("the old post leads on", async () => (await get(north.host, new URL(first.uri).pathname)).status === 308);
    const document = await get(north.host, new URL(first.uri).pathname);
    assert.equal(document.headers.location, now);
    const page = await get(north.host, new URL(first.url).pathname, "text/html");
    assert.deepEqual([page.status, page.headers.location], [308, now]);
    const profile = await get(north.host, new URL(alice.url).pathname, "text/html");
    assert.deepEqual([profile.status, profile.headers.location], [308, alice2.url]);
    // the actor's own document stays: it tells of the move
    assert.equal(JSON.parse((await get(north.host, new URL(alice.uri).pathname)).text).movedTo, alice2.uri);
    // Fedify follows
    const note = await peer.lookup(first.uri, "tina");
    assert.equal(note.id.href, now);
  });
  await suite.test("likes, boosts and replies that still come to the old address find the new one", async () => {
    const { uri: now } = await taken("Long ago");
    await east.run("like", "edda", first.uri);
    await east.run("boost", "edda", first.uri);
    const reply = await east.post("edda", "Still true", "--reply-to", first.uri);
    await until("they are counted", async () => {
      const { likes, boosts, replies } = await south.showPost(now);
      return likes === 1 && boosts === 1 && replies === 2; // with their own
    });
    assert.equal((await south.showPost(reply.uri)).root, (await south.showPost(now)).id);
    await east.run("like", "edda", first.uri, "--undo");
    await until("it is taken back", async () => (await south.showPost(now)).likes === 0);
    const answer = await north.post("bob", "A neighbour's word", "--reply-to", first.uri);
    await until("a reply of the old server's own people, too", async () => south.knows(answer.uri));
  });
  await suite.test("an archive that was changed, or is another's, is refused as a whole", async () => {
    await assert.rejects(east.run("account", "import", "edda", archive), ({ code }) => code === DENIED); // no alias of edda
    const bytes = readFileSync(archive);
    const at = bytes.indexOf("Long ago");
    bytes.write("Long age", at);
    const forged = join(north.folder, "forged.tar");
    writeFileSync(forged, bytes);
    await assert.rejects(south.run("account", "import", "alice2", forged), /not as the archive's manifest says/);
    writeFileSync(forged, readFileSync(archive).subarray(0, 3000));
    await assert.rejects(south.run("account", "import", "alice2", forged), ({ code }) => code > 0);
    assert.equal((await south.run("posts", "alice2")).length, 4);
    const missing = join(north.folder, "nowhere", "x.tar");
    await assert.rejects(north.run("account", "export", "alice", missing), ({ code }) => code > 0);
    assert.ok(!existsSync(missing));
  });

  // --- from Fedify to here ---

  const move = (from, to) => peer.send(from, { id: peer.uri(from), inboxId: new URL(alice.inbox) }, peer.vocab.Move, { object: peer.uri(from), target: peer.uri(to) });

  await suite.test("S-029: Move in, to an account that does not say so: nobody goes along", async () => {
    await north.follow("bob", uri("tina"));
    await until("it is accepted", async () => (await states(north, "bob"))[uri("tina")] === "accepted");
    await move("tina", "tina2");
    await north.settles();
    assert.equal((await states(north, "bob"))[uri("tina")], "accepted");
  });
  await suite.test("Move in: the follower here goes along", async () => {
    peer.people.get("tina2").fields = { aliases: [peer.uri("tina")] };
    await move("tina", "tina2");
    await goesAlong(north, "bob", uri("tina"), uri("tina2"));
    await peer.activities.wait("the Undo", ({ type, actor }) => type === "Undo" && actor.endsWith("/users/bob"));
  });
  await suite.test("FEP-7628: a move that only the documents tell of is found when the account is read again", async () => {
    peer.people.get("tina3").fields = { aliases: [peer.uri("tina2")] };
    peer.people.get("tina2").fields = { successor: peer.uri("tina3") };
    const person = await peer.lookup(uri("tina2"));
    await peer.send("tina2", { id: peer.uri("tina2"), inboxId: new URL(alice.inbox) }, peer.vocab.Update, { object: person });
    await goesAlong(north, "bob", uri("tina2"), uri("tina3"));
  });
  await suite.test("S-029: not twice within 30 days", async () => {
    peer.people.get("tina").fields = { aliases: [peer.uri("tina2")] };
    await north.follow("bob", uri("tina2"));
    await until("it is accepted", async () => (await states(north, "bob"))[uri("tina2")] === "accepted");
    await move("tina2", "tina");
    await north.settles();
    const now = await states(north, "bob");
    assert.equal(now[uri("tina2")], "accepted");
    assert.equal(now[uri("tina")], undefined);
  });
  await suite.test("who comes home speaks again", async () => {
    const home = await north.run("account", "move", "alice", "--cancel");
    assert.equal(home.moved_to ?? null, null);
    await north.post("alice", "Here I am");
    const actor = JSON.parse((await get(north.host, new URL(alice.uri).pathname)).text);
    assert.equal(actor.movedTo, undefined);
  });
  await suite.test("the nodes' databases are whole", async () => {
    for (const node of [north, south, east]) await node.check();
  });
  await Promise.all([north.stop(), south.stop(), east.stop(), peer.stop()]);
});
