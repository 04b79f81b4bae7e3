// Web push: a push service that knows nothing of us takes what the node sends, and a browser behind it decrypts.
import assert from "node:assert/strict";
import { createECDH } from "node:crypto";
import { fediflow } from "../lib/node.mjs";
import { signIn } from "../lib/person.mjs";
import { pushService } from "../lib/pushservice.mjs";
import { until } from "../lib/journal.mjs";
import { run } from "../lib/tap.mjs";
import { isPrivate } from "../lib/world.mjs";

const PASSWORD = "a password of some length";
const SUBSCRIPTION = "/api/v1/push/subscription";
const ALERTS = { mention: true, favourite: true, reblog: true, follow: true, poll: true };

await run("push", async (suite) => {
  const node = await fediflow("north");
  const south = await fediflow("south");
  const service = await pushService("one");
  suite.watch(() => node.troubles());
  await node.runWith(`${PASSWORD}\n`, "account", "create", "alice", "--password-stdin", "--email", "alice@example.net");
  await node.addPerson("carol");
  await south.addPerson("bob");
  const app = await signIn(node, "alice@example.net", PASSWORD);
  const alice = `alice@${node.host.authority}`;
  const subscribe = async (name, standard, data = { alerts: ALERTS }, as = app) => {
    const subscription = { ...service.subscribe(name), standard };
    return as.must("POST", SUBSCRIPTION, { subscription, data });
  };
  const message = (name, fits = () => true) => service.received.wait(`a message to ${name}`, ({ path, message }) => path === `/send/${name}` && message && fits(message));
  let serverKey;

  await suite.test("the server's key is told in three places, and is a point of the curve", async () => {
    const { configuration } = await app.must("GET", "/api/v2/instance");
    serverKey = configuration.vapid.public_key;
    assert.equal(app.registered.vapid_key, serverKey);
    const { server_key } = await subscribe("first", true);
    assert.equal(server_key, serverKey);
    const ecdh = createECDH("prime256v1");
    ecdh.generateKeys();
    assert.equal(ecdh.computeSecret(Buffer.from(serverKey, "base64url")).length, 32);
  });
  await suite.test("a mention from another node is pushed, encrypted as RFC 8291 says and signed as RFC 8292 does", async () => {
    await subscribe("standard", true);
    await south.post("bob", `@${alice} hello from\nthe south & more`);
    const { message: said, headers, claims, key } = await message("standard");
    const [notice] = await node.run("notices", "alice", "--limit", 1);
    assert.equal(said.access_token, app.token);
    assert.equal(said.notification_type, "mention");
    assert.match(said.title, /bob/);
    assert.match(said.body, /hello from the south & more/);
    assert.equal(said.preferred_locale, "en");
    assert.equal(typeof said.icon, "string");
    assert.equal(typeof said.notification_id, "number");
    assert.ok(notice !== undefined);
    assert.equal(key, serverKey);
    assert.equal(claims.sub, node.host.base);
    assert.equal(headers["content-encoding"], "aes128gcm");
    assert.equal(headers.ttl, "172800");
    assert.equal(headers.urgency, "high");
  });
  await suite.test("who has subscribed in the older way is told in the older way", async () => {
    await subscribe("older", false);
    await south.post("bob", `@${alice} in the older way`);
    const { headers, key } = await message("older", ({ body }) => /older way/.test(body));
    assert.equal(headers["content-encoding"], "aesgcm");
    assert.equal(key, serverKey);
  });
  await suite.test("likes, boosts and follows are pushed when they were asked for, and nothing else", async () => {
    await subscribe("some", true, { alerts: { favourite: true, follow: true } });
    const post = await node.post("alice", "To be liked");
    await node.run("boost", "carol", post.id);
    await node.run("like", "carol", post.id);
    await node.run("follow", "carol", "alice");
    assert.match((await message("some", ({ notification_type }) => notification_type === "favourite")).message.body, /To be liked/);
    await message("some", ({ notification_type }) => notification_type === "follow");
    assert.equal(service.received.filter(({ path, message: said }) => path === "/send/some" && said?.notification_type === "reblog").length, 0);
  });
  await suite.test("a change of alerts and policy holds from then on", async () => {
    await app.must("PUT", SUBSCRIPTION, { data: { alerts: { mention: true }, policy: "followed" } });
    await south.post("bob", `@${alice} of no interest`);
    await node.post("carol", "@alice neither");
    await until("both are there", async () => (await node.run("notices", "alice", "--limit", 2)).length === 2);
    await node.follow("alice", "carol");
    await node.post("carol", "@alice of interest");
    await message("some", ({ body }) => /of interest/.test(body) && !/no interest/.test(body));
    assert.equal(service.received.filter(({ message: said }) => /no interest|neither/.test(said?.body ?? "")).length, 0);
  });
  await suite.test("a subscription that its service no longer knows is removed", async () => {
    for (const status of [404, 410]) {
      await subscribe(`gone${status}`, true);
      service.answers.set(`/send/gone${status}`, status);
      await node.post("carol", `@alice ${status}`);
      await until("it is removed", async () => (await app.ask("GET", SUBSCRIPTION)).status === 404);
    }
  });
  await suite.test("a service that is busy gets the message later, once", async () => {
    await subscribe("busy", true);
    service.answers.set("/send/busy", 503);
    await node.post("carol", "@alice when you have time");
    await service.received.wait("an attempt", ({ path }) => path === "/send/busy");
    service.answers.delete("/send/busy");
    await message("busy", ({ body }) => /when you have time/.test(body));
    await until("the queue is empty", async () => (await node.run("queue", "list")).every(({ kind }) => kind !== "push"));
    assert.equal(service.received.filter(({ path, message: said }) => path === "/send/busy" && said).length, 1);
  });
  await suite.test("S-031 an endpoint that is not public is not connected to", async () => {
    for (const endpoint of ["http://127.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://10.0.0.1/x", node.host.base + "/inbox"]) {
      const subscription = { endpoint, keys: service.subscribe("x").keys };
      const { status } = await app.ask("POST", SUBSCRIPTION, { subscription, data: { alerts: ALERTS } });
      if (isPrivate || endpoint.startsWith(node.host.base)) assert.equal(status, 422, endpoint);
    }
    if (!isPrivate) return;
    // a name that leads to a private address is refused at the socket
    await app.must("POST", SUBSCRIPTION, { subscription: { endpoint: "https://private.example/", keys: service.subscribe("x").keys }, data: { alerts: ALERTS } });
    await node.post("carol", "@alice to a private address");
    await until("it was given up", async () => (await node.run("queue", "list", "--dead")).some(({ kind }) => kind === "push"));
  });
  await suite.test("S-101 a token that is revoked is told nothing more", async () => {
    const other = await signIn(node, "alice", PASSWORD);
    await subscribe("revoked", true, { alerts: ALERTS }, other);
    await subscribe("kept", true);
    const { client_id, client_secret } = other.registered;
    await other.must("POST", "/oauth/revoke", { client_id, client_secret, token: other.token });
    await node.post("carol", "@alice after the revocation");
    await message("kept", ({ body }) => /after the revocation/.test(body));
    assert.equal(service.received.filter(({ path }) => path === "/send/revoked").length, 0);
    assert.equal((await other.ask("GET", SUBSCRIPTION)).status, 401);
  });
  await suite.test("every message could be decrypted", () => {
    assert.deepEqual(service.received.filter(({ error }) => error).map(({ error }) => String(error)), []);
  });
  await suite.test("the node ends when it is told to, and its database is whole", async () => {
    const { code, signal } = await node.stop();
    assert.deepEqual({ code, signal }, { code: 0, signal: null });
    await node.check();
  });
});
