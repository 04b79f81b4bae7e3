// Streams of the client API, as clients hear them: WebSockets by `ws` and by masto, server-sent events by hand. What is done
// by clients, by commands beside the node and by another node arrives; what somebody may not see does not; a token that ends
// ends its streams; ten thousand streams that wait cost little.
import assert from "node:assert/strict";
import net from "node:net";
import { createStreamingAPIClient } from "masto";
import WebSocket from "ws";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";

const IDLE = 10_000;
const IDLE_BYTES = 4096; // of memory for one stream at most
const EVENT_MS = 5000;
const DELAY_MS = 1000; // from a post to its subscribers on a machine that does other things, too

const idOf = ({ data, payload }) => JSON.parse(data ?? payload).id;
const isAbout = (event, id) => (told) => told.event === event && (told.data ?? told.payload ?? "").includes(id);

// What is heard next, after what was heard before it.
const hears = (stream, what, fits) => stream.heard.wait(what, fits, EVENT_MS);

async function refused(status, promise) {
  const error = await promise.then(() => assert.fail("it was not refused"), (reason) => reason);
  assert.equal(error.status, status, String(error));
}

async function twoKinds(suite, { alice, bob }) {
  const events = await bob.events("/api/v1/streaming/user");
  const socket = await bob.socket("/api/v1/streaming?stream=user");

  await suite.test("a post, an edit and a deletion are heard by both kinds of streams", async () => {
    assert.equal(events.headers["content-type"], "text/event-stream");
    const begun = performance.now();
    const { id } = await alice.post("/api/v1/statuses", { status: "hello live world", visibility: "private" });
    for (const stream of [events, socket]) {
      const told = await hears(stream, "the post", isAbout("update", id));
      assert.equal(JSON.parse(told.data ?? told.payload).account.acct, "alice");
      assert.ok(told.at - begun < DELAY_MS, `${told.at - begun} ms`);
    }
    assert.deepEqual(socket.heard.find(isAbout("update", id)).stream, ["user"]);
    await alice.ask("PUT", `/api/v1/statuses/${id}`, { status: "hello again" });
    for (const stream of [events, socket]) {
      const told = await hears(stream, "the edit", isAbout("status.update", id));
      assert.match(JSON.parse(told.data ?? told.payload).content, /hello again/);
    }
    await alice.ask("DELETE", `/api/v1/statuses/${id}`);
    for (const stream of [events, socket]) {
      const told = await hears(stream, "the deletion", (one) => one.event === "delete");
      assert.equal(told.data ?? told.payload, id);
    }
  });
  events.close();
  socket.close();
}

async function beside(suite, { north, bob }) {
  await suite.test("what a command beside the running node does is heard", async () => {
    const socket = await bob.socket("/api/v1/streaming?stream=user");
    const { id } = await north.post("alice", "by the command line");
    await hears(socket, "the post", isAbout("update", id));
    await north.run("delete-post", "alice", id);
    await hears(socket, "the deletion", isAbout("delete", id));
    socket.close();
  });
}

async function remote(suite, { north, south, bob }) {
  await suite.test("what arrives from another node is heard, and shown as such", async () => {
    await north.follow("bob", `carol@${south.host.authority}`);
    await until("the follow is accepted", async () => {
      const following = await north.run("following", "bob");
      return JSON.stringify(following).includes("accepted");
    });
    const home = await bob.socket("/api/v1/streaming?stream=user");
    const far = await bob.events("/api/v1/streaming/public/remote");
    const near = await bob.events("/api/v1/streaming/public/local");
    await south.post("carol", "from the south");
    const fits = (told) => told.event === "update" && /from the south/.test(told.data ?? told.payload);
    const told = await hears(home, "at home", fits);
    assert.equal(idOf(told), idOf(await hears(far, "among remote posts", fits)));
    const { id } = await north.post("alice", "from the north");
    await hears(near, "among local posts", isAbout("update", id));
    assert.equal(near.heard.find(fits), undefined);
    assert.equal(far.heard.find(isAbout("update", id)), undefined);
    for (const stream of [home, far, near]) stream.close();
  });
}

async function rights(suite, { alice, eve, north }) {
  await suite.test("s066: nobody hears what they may not see", async () => {
    const heard = await Promise.all(
      ["user", "public", "public/local", "hashtag?tag=secret"].map((path) => eve.events(`/api/v1/streaming/${path}`)),
    );
    const hidden = [];
    for (const visibility of ["private", "direct"]) {
      hidden.push(await alice.post("/api/v1/statuses", { status: "not for all #secret", visibility }));
    }
    await north.run("block", "alice", "eve");
    hidden.push(await alice.post("/api/v1/statuses", { status: "public, but for one #secret" }));
    await north.run("unblock", "alice", "eve");
    const { id } = await alice.post("/api/v1/statuses", { status: "for all #secret" });
    for (const stream of heard.slice(1)) {
      await hears(stream, "the marker", isAbout("update", id));
      for (const post of hidden) assert.equal(stream.heard.find(isAbout("update", post.id)), undefined);
    }
    assert.deepEqual(heard[0].heard.entries, []);
    for (const stream of heard) stream.close();
  });

  await suite.test("s101: a token that was revoked ends its streams within a second", async () => {
    const guest = await signIn(north, "eve", "read");
    const socket = await guest.socket("/api/v1/streaming?stream=user");
    const events = await guest.events("/api/v1/streaming/public");
    const begun = performance.now();
    await guest.revoke();
    assert.ok((await socket.ended).at - begun < 1000);
    assert.ok((await events.ended) - begun < 1000);
    await refused(401, guest.socket("/api/v1/streaming?stream=user"));
  });

  await suite.test("s101: a new password ends the streams of the old one", async () => {
    const guest = await signIn(north, "dora", "read");
    const socket = await guest.socket("/api/v1/streaming?stream=user");
    await north.runWith("quite another one\n", "account", "password", "dora");
    await socket.ended;
  });

  await suite.test("a stream needs a token that has its scope", async () => {
    const narrow = await signIn(north, "eve", "read:accounts");
    await refused(401, eve.socket("/api/v1/streaming?stream=user", { headers: {} }));
    await refused(403, narrow.socket("/api/v1/streaming?stream=user"));
    await refused(404, eve.socket("/api/v1/streaming?stream=nothing"));
    await refused(400, eve.events("/api/v1/streaming/hashtag"));
    assert.equal((await fetch(`${eve.base}/api/v1/streaming/health`).then((answer) => answer.text())), "OK");
  });
}

async function clients(suite, { alice, bob }) {
  await suite.test("a token goes along in the query or as a protocol, from any origin", async () => {
    const headers = { Origin: "https://elsewhere.example" };
    const query = await bob.socket(`/api/v1/streaming?stream=user&access_token=${bob.token}`, { headers });
    const protocol = await bob.socket("/api/v1/streaming/?stream=user", { headers, protocols: [bob.token] });
    assert.equal(protocol.socket.protocol, bob.token);
    const { id } = await alice.post("/api/v1/statuses", { status: "for browsers" });
    for (const stream of [query, protocol]) {
      await hears(stream, "the post", isAbout("update", id));
      stream.close();
    }
  });

  await suite.test("one WebSocket carries many streams, and says which", async () => {
    const socket = await bob.socket();
    socket.say({ type: "subscribe", stream: "public:local" });
    socket.say({ type: "subscribe", stream: "hashtag", tag: "Cats" });
    socket.say({ type: "subscribe", stream: "nothing" });
    await hears(socket, "an error for what there is not", ({ error, status }) => error === "Unknown stream type" && status === 404);
    const { id } = await alice.post("/api/v1/statuses", { status: "about #cats" });
    const told = await socket.heard.waitCount("the post twice", 2, isAbout("update", id), EVENT_MS);
    assert.deepEqual(told.map(({ stream }) => stream.join(" ")).sort(), ["hashtag Cats", "public:local"]);
    socket.say({ type: "unsubscribe", stream: "public:local" });
    socket.say({ type: "what" });
    await hears(socket, "an error", ({ error }) => error === "Unknown message type");
    const next = await alice.post("/api/v1/statuses", { status: "more about #CATS" });
    await hears(socket, "the next post", isAbout("update", next.id));
    assert.equal(socket.heard.filter(isAbout("update", next.id)).length, 1);
    socket.close();
  });

  await suite.test("masto hears what it subscribes to", async () => {
    const masto = createStreamingAPIClient({
      streamingApiUrl: bob.streaming,
      accessToken: bob.token,
      implementation: WebSocket,
    });
    const heard = [];
    const home = masto.user.subscribe();
    const tags = masto.hashtag.subscribe({ tag: "dogs" });
    const listen = async (name, subscription) => {
      for await (const event of subscription) heard.push({ name, event });
    };
    listen("home", home);
    listen("tags", tags);
    await until("masto hears a post in both streams", async () => {
      // it does not say when it listens
      await alice.post("/api/v1/statuses", { status: `about #dogs at ${performance.now()}` });
      return ["home", "tags"].every((name) => heard.some((one) => one.name === name && one.event.event === "update"));
    }, EVENT_MS, 300);
    const { event } = heard.find(({ name }) => name === "tags");
    assert.equal(event.payload.account.acct, "alice");
    assert.deepEqual(event.payload.tags.map(({ name }) => name), ["dogs"]);
    home.unsubscribe();
    tags.unsubscribe();
    masto.close();
  });
}

// A stream of server-sent events that does nothing but count what it hears.
function idleStream(node, token, path) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(node.port, "127.0.0.1");
    const stream = { socket, updates: 0, at: 0 };
    socket.setEncoding("utf8");
    socket.on("error", reject);
    socket.on("data", (text) => {
      if (text.includes("HTTP/1.1 200")) resolve(stream);
      else if (text.includes("HTTP/1.1")) reject(new Error(text.slice(0, 200)));
      if (!text.includes("event: update")) return;
      stream.updates++;
      stream.at = performance.now();
    });
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${node.host.authority}\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  });
}

async function idle(suite, { north, alice, bob }) {
  const streams = [];
  await suite.test(`${IDLE} streams that wait take little memory`, async () => {
    const before = north.memory();
    while (streams.length < IDLE) {
      const batch = Array.from({ length: 100 }, () => idleStream(north, bob.token, "/api/v1/streaming/user"));
      streams.push(...(await Promise.all(batch)));
    }
    const each = (north.memory() - before) / IDLE;
    suite.note(`${Math.round(each)} bytes of memory for each of ${IDLE} streams`);
    assert.equal(await north.metric("fediflow_http_streams"), IDLE);
    assert.ok(each < IDLE_BYTES, `${each} bytes`);
  }, 120_000);

  await suite.test("a post is heard on all of them", async () => {
    const begun = performance.now();
    await alice.post("/api/v1/statuses", { status: "to ten thousand" });
    await until("all have heard it", async () => streams.every(({ updates }) => updates === 1), 20_000);
    const delays = streams.map(({ at }) => at - begun).sort((a, b) => a - b);
    suite.note(`heard after ${Math.round(delays[0])} to ${Math.round(delays.at(-1))} ms`);
    for (const { socket } of streams) socket.destroy();
    await until("the node has noticed", async () => (await north.metric("fediflow_http_streams")) === 0, 20_000);
  }, 60_000);
}

async function ending(suite, { north, bob }) {
  await suite.test("a node that stops ends its streams at once, as a WebSocket does", async () => {
    const socket = await bob.socket("/api/v1/streaming?stream=user");
    const events = await bob.events("/api/v1/streaming/user");
    const begun = performance.now();
    const [{ code }] = await Promise.all([north.stop(), socket.ended, events.ended]);
    assert.equal(code, 0);
    assert.equal((await socket.ended).code, 1001);
    assert.ok(performance.now() - begun < 10_000);
  });
}

run("streaming", async (suite) => {
  const settings = { http: { streams_per_client: 20_000 }, api: { rate: 1_000_000 } };
  const north = await fediflow("north", { settings });
  const south = await fediflow("south");
  suite.watch(() => north.troubles());
  for (const name of ["alice", "bob", "eve", "dora"]) await north.addPerson(name);
  await south.addPerson("carol");
  await north.follow("bob", "alice");
  const [alice, bob, eve] = [await signIn(north, "alice"), await signIn(north, "bob"), await signIn(north, "eve")];
  const cast = { north, south, alice, bob, eve };
  await twoKinds(suite, cast);
  await beside(suite, cast);
  await remote(suite, cast);
  await rights(suite, cast);
  await clients(suite, cast);
  await idle(suite, cast);
  await ending(suite, cast);
  await south.stop();
});
