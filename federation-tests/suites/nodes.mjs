// Three FediFlow nodes: people of all of them meet, a node goes away and comes back, hosts are blocked.
import assert from "node:assert/strict";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";

const SEEN_MS = 1000;

await run("nodes", async (suite) => {
  const [north, south, east] = await Promise.all(["north", "south", "east"].map((name) => fediflow(name)));
  const nodes = [north, south, east];
  for (const node of nodes) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("nora"), south.addPerson("saul"), east.addPerson("edda"), east.addPerson("emil")]);
  const handle = (node, name) => `${name}@${node.host.authority}`;
  const nora = await north.person("nora");
  let post, reply;

  const follows = async (from, name, to, whom) => {
    await from.follow(name, handle(to, whom)).catch(async (error) => {
      if (!from.name) throw error;
      return from.follow(name, (await to.person(whom)).uri); // handles are looked up by https only
    });
    await until(`${name} follows ${whom}`, async () => (await from.run("following", name)).some(({ handle: h, state }) => h === handle(to, whom) && state === "accepted"));
  };

  await suite.test("people of three nodes follow each other", async () => {
    await follows(south, "saul", north, "nora");
    await follows(east, "edda", north, "nora");
    await follows(east, "emil", south, "saul");
    await follows(north, "nora", south, "saul");
    await north.seesPerson("nora", ({ followers, following }) => followers === 2 && following === 1);
  });
  await suite.test("a post is seen on the other nodes within a second", async () => {
    post = await north.post("nora", "Good morning, everybody");
    const posted = performance.now();
    await Promise.all([south, east].map((node) => node.seesPost(post.uri)));
    const took = performance.now() - posted;
    suite.note(`seen on two other nodes ${Math.round(took)} ms after the command ended, looking included`);
    assert.ok(took < SEEN_MS, `${took} ms`);
  });
  await suite.test("a reply reaches the author and is counted", async () => {
    reply = await south.post("saul", `@${handle(north, "nora")} good morning`, "--reply-to", post.uri);
    await north.seesPost(reply.uri, ({ parent_uri }) => parent_uri === post.uri);
    await north.seesPost(post.uri, ({ replies }) => replies === 1);
    assert.ok((await north.run("notices", "nora")).some(({ kind, post_uri }) => kind === "mention" && post_uri === reply.uri));
  });
  await suite.test("a boost and a like reach the author, and are taken back", async () => {
    await east.run("boost", "edda", post.uri);
    await east.run("like", "edda", post.uri);
    await north.seesPost(post.uri, ({ boosts, likes }) => boosts === 1 && likes === 1);
    await east.run("boost", "edda", post.uri, "--undo");
    await east.run("like", "edda", post.uri, "--undo");
    await north.seesPost(post.uri, ({ boosts, likes }) => boosts === 0 && likes === 0);
  });
  await suite.test("an edit reaches all who have the post", async () => {
    await north.run("edit", "nora", post.id, "Good evening, everybody");
    for (const node of [south, east]) await node.seesPost(post.uri, ({ text, edited }) => /evening/.test(text) && edited);
  });
  await suite.test("a burst of posts and edits arrives in the order in which it was written", async () => {
    const uris = [];
    for (let i = 0; i < 20; i++) uris.push((await north.post("nora", `Part ${i}`)).uri);
    for (const node of [south, east]) {
      await node.seesPost(uris.at(-1));
      const rows = (await node.run("posts", nora.uri, "--limit", 20)).map(({ uri }) => uri);
      assert.deepEqual(rows, [...uris].reverse());
    }
  });

  // --- absence ---

  await suite.test("what happened while a host was down is delivered, in order, when it is back", async () => {
    await east.stop();
    const written = [];
    for (let i = 0; i < 10; i++) written.push(await north.post("nora", `While you were out ${i}`));
    await north.run("edit", "nora", written[0].id, "While you were out, corrected");
    await north.run("delete-post", "nora", written[1].id);
    await south.seesPost(written.at(-1).uri); // others did not wait
    const queued = await north.queue();
    assert.ok(queued.length >= 10, `${queued.length} jobs wait`);
    const status = await north.run("queue", "status");
    suite.note(`queue: ${JSON.stringify(status).slice(0, 300)}`);
    await east.start();
    const last = written.at(-1).uri;
    await east.seesPost(last, () => true, 20_000);
    assert.match((await east.showPost(written[0].uri)).text, /corrected/);
    await until("the deleted one is not there", async () => !(await east.knows(written[1].uri)));
    const rows = (await east.run("posts", nora.uri, "--limit", 9)).map(({ uri }) => uri);
    assert.deepEqual(rows, written.filter((_, i) => i !== 1).map(({ uri }) => uri).reverse());
    await until("the queue is empty", async () => (await north.queue()).length === 0);
  }, 60_000);
  await suite.test("`queue drop` gives up what waits, `queue retry` puts it back and tries at once", async () => {
    await east.stop();
    const { uri } = await north.post("nora", "To be dropped");
    await until("it waits", async () => (await north.queue()).some(({ attempts }) => attempts > 0));
    await north.run("queue", "drop", east.host.authority, "--reason", "for a test");
    assert.deepEqual(await north.queue(), []);
    const [dead] = await north.run("queue", "list", "--dead");
    assert.equal(dead.lane, east.host.authority);
    assert.match(dead.reason, /for a test/);
    await east.start();
    await north.settles();
    assert.equal(await east.knows(uri), null);
    await north.run("queue", "retry", east.host.authority);
    await east.seesPost(uri);
  }, 60_000);
  await suite.test("a node that was killed in the middle goes on within a second of its start", async () => {
    await east.closeDoor();
    const written = [];
    for (let i = 0; i < 5; i++) written.push(await north.post("nora", `Before the fall ${i}`));
    await north.stop("SIGKILL");
    await east.openDoor();
    await north.start();
    const started = performance.now();
    await east.seesPost(written.at(-1).uri, () => true, 5000);
    const took = performance.now() - started;
    suite.note(`the last of 5 posts was seen ${Math.round(took)} ms after the node answered again`);
    assert.ok(took < 2 * SEEN_MS, `${took} ms`);
    for (const { uri } of written) assert.ok(await east.knows(uri));
  }, 60_000);
  await suite.test("an activity that waits for a parent at a silent host holds up no other", async () => {
    const lost = await east.post("edda", "A parent that nobody can fetch");
    const orphan = await south.post("saul", `@${handle(north, "nora")} an answer to it`, "--reply-to", lost.uri);
    await north.seesPost(orphan.uri);
  });

  // --- ends ---

  await suite.test("a deletion reaches all who have the post", async () => {
    await north.run("delete-post", "nora", post.id);
    for (const node of [south, east]) await until("it is gone", async () => !(await node.knows(post.uri)));
  });
  await suite.test("a block ends follows and keeps posts away", async () => {
    await north.run("block", "nora", handle(east, "edda"));
    await until("edda follows no more", async () => (await east.run("following", "edda")).length === 0);
    const after = await north.post("nora", "Edda shall not read this");
    await south.seesPost(after.uri);
    await north.settles();
    assert.equal(await east.knows(after.uri), null);
  });
  await suite.test("a host that is blocked is neither listened to nor delivered to", async () => {
    await north.run("peer", "block", south.host.authority);
    const there = await south.post("saul", "Does north hear me?");
    const here = await north.post("nora", "Does south hear me?");
    await east.seesPost(there.uri); // emil follows saul: it went out
    await until("south gave up", async () => (await south.queue()).every(({ lane }) => lane !== north.host.authority));
    await north.settles();
    assert.equal(await north.knows(there.uri), null);
    assert.equal(await south.knows(here.uri), null);
    assert.ok((await north.run("peer", "list")).some(({ host, policy }) => host === south.host.authority && policy === "blocked"));
  });
  await suite.test("the command line says what it cannot do", async () => {
    await assert.rejects(north.run("post", "nobody", "x"), ({ code }) => code === 3);
    await assert.rejects(north.run("follow", "nora", "nora"), ({ code }) => code !== 0);
    await assert.rejects(north.run("show", "https://north.example/users/nora/statuses/1"), ({ code }) => code === 3);
    await assert.rejects(north.run("nonsense"), ({ code }) => code === 2);
  });
  for (const node of nodes) {
    await suite.test(`the database of ${node.name} is whole, running and stopped`, async () => {
      await node.check();
      const { code } = await node.stop();
      assert.equal(code, 0);
      await node.check();
    });
  }
});
