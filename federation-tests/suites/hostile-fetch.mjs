// Where the node can be led, and what it can be made to swallow: addresses, redirects, slow hosts, bombs.
import assert from "node:assert/strict";
import zlib from "node:zlib";
import { PUBLIC, rawPeer, reply } from "../lib/rawpeer.mjs";
import { accepted, admire, befriend, refused, stage, unharmed, withoutEffect } from "../lib/stage.mjs";
import { until } from "../lib/journal.mjs";
import { run } from "../lib/tap.mjs";
import { host, isPrivate, serve } from "../lib/world.mjs";

const MIB = 1 << 20;

await run("hostile-fetch", async (suite) => {
  const on = await stage(suite);
  const { node, alice, post, evil, rogue } = on;
  const mallory = evil.actor("mallory");
  const victor = rogue.actor("victor");
  await befriend(on, mallory);
  await admire(on, mallory);
  const announce = (id) => mallory.post(node, mallory.activity("Announce", id, { to: [PUBLIC] }));

  // --- addresses ---

  await suite.test("S-031 a key id leads to no address that is not public", () =>
    withoutEffect(on, async () => {
      const inside = await host("private"); // a name with a private address
      const hits = [];
      const trap = isPrivate ? await serve(inside, (request, response) => (hits.push(request.url), response.end())) : null;
      const addresses = ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "10.77.0.1", "169.254.169.254", "192.168.0.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[fe80::1]", "localhost"];
      const targets = isPrivate ? [...addresses, inside.name] : addresses.filter((a) => !/^(127|2130|0x7f|localhost|\[::ffff)/.test(a));
      const started = performance.now();
      for (const name of targets) {
        const keyId = `${node.host.base.split(":")[0]}://${name}/users/mallory#main-key`;
        const answer = await mallory.post(node, mallory.activity("Like", post.uri), { signer: { key: mallory.rsa.privateKey, keyId } });
        refused(answer, 400, 401, 403, 503);
      }
      assert.ok(performance.now() - started < 10_000, "it waited for addresses it must not try");
      assert.deepEqual(hits, [], "it asked a private address");
      await trap?.close();
    }));
  if (isPrivate) {
    await suite.test("S-031 a delivery goes to no address that is not public", async () => {
      const inside = await host("private");
      const hits = [];
      const trap = await serve(inside, (request, response) => (hits.push(request.url), response.writeHead(202).end()));
      const lure = rogue.actor("lure", { inbox: `${inside.base}/inbox` });
      await node.follow("alice", lure.id).catch(() => null);
      await node.settles();
      assert.deepEqual(hits, []);
      await trap.close();
    });
  }

  // --- redirects ---

  await suite.test("S-033 redirects are followed three times, by https, to public places, and never in circles", async () => {
    const jump = (from, to) => evil.page(from, (_, response) => response.writeHead(302, { Location: to }).end());
    const note = (slug) => victor.note(slug).id;
    jump("/r/three", evil.url("/r/two"));
    jump("/r/two", evil.url("/r/one"));
    jump("/r/one", note("after-three"));
    jump("/r/four", evil.url("/r/4-3"));
    jump("/r/4-3", evil.url("/r/4-2"));
    jump("/r/4-2", evil.url("/r/4-1"));
    jump("/r/4-1", note("after-four"));
    jump("/r/loop", evil.url("/r/loop"));
    jump("/r/ping", evil.url("/r/pong"));
    jump("/r/pong", evil.url("/r/ping"));
    jump("/r/file", "file:///etc/passwd");
    jump("/r/data", "data:application/activity+json,{}");
    jump("/r/local", "http://127.0.0.1:1/");
    jump("/r/metadata", "http://169.254.169.254/latest");
    jump("/r/ours", alice.uri);
    jump("/r/nowhere", "");
    jump("/r/relative", "/users/mallory/notes/relative");
    mallory.note("relative");
    for (const name of ["three", "four", "loop", "ping", "file", "data", "local", "metadata", "ours", "nowhere", "relative"]) accepted(await announce(evil.url(`/r/${name}`)));
    await node.settles();
    assert.ok(!(await node.knows(victor.id && rogue.url("/users/victor/notes/after-four"))), "four redirects were followed");
    assert.ok(evil.count("/r/loop") <= 8, `${evil.count("/r/loop")} fetches of a loop`);
    assert.ok(evil.count("/r/p") <= 16);
  });
  await suite.test("S-033 a delivery follows no redirect", async () => {
    const mover = rogue.actor("mover");
    rogue.page(new URL(mover.inbox).pathname, (_, response) => response.writeHead(307, { Location: rogue.url("/trap") }).end());
    await node.follow("alice", mover.id);
    await rogue.requests.wait("the delivery", ({ path }) => path === new URL(mover.inbox).pathname);
    await node.settles();
    assert.equal(rogue.count("/trap"), 0);
    rogue.page(new URL(mover.inbox).pathname, (_, response) => response.writeHead(202).end());
  });

  // --- slow, dying, lying ---

  await suite.test("S-041 hosts that are slow, silent or dying do not keep others waiting", async () => {
    const slow = await rawPeer("slow");
    const drip = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/activity+json" });
      const timer = setInterval(() => response.write(" "), 500);
      response.on("close", () => clearInterval(timer));
    };
    const never = () => {};
    const die = (request, response) => {
      response.writeHead(200, { "Content-Type": "application/activity+json", "Content-Length": "1000" });
      response.write('{"id":');
      setImmediate(() => request.socket.destroy());
    };
    const followers = ["drip", "never", "die"].map((name) => slow.actor(name));
    for (const follower of followers) {
      await node.follow("alice", follower.id);
      accepted(await follower.post(node, follower.activity("Follow", alice.uri)));
    }
    for (const [i, handler] of [drip, never, die].entries()) {
      slow.page(`/users/${followers[i].name}/inbox`, handler);
      slow.page(`/tar/${i}`, handler);
      for (let n = 0; n < 4; n++) await announce(slow.url(`/tar/${i}?n=${n}`));
    }
    const published = performance.now();
    const fresh = await node.post("alice", "Who waits for whom?");
    const { at } = await evil.requests.wait("the delivery to the healthy host", ({ body }) => body.includes(fresh.uri), 5000);
    suite.note(`delivered to a healthy host ${Math.round(at - published)} ms after the command began, beside 15 stuck transfers`);
    const asked = performance.now();
    const answer = await mallory.get(node, on.actorPath);
    assert.equal(answer.status, 200);
    assert.ok(performance.now() - asked < 1000);
    const lag = performance.now();
    const newcomer = rogue.actor("newcomer");
    accepted(await newcomer.post(node, newcomer.activity("Like", post.uri)));
    assert.ok(performance.now() - lag < 2000, "a new key came late");
    await slow.stop();
  });
  await suite.test("S-044 bodies beyond the limit are given up early, whatever they are packed in", async () => {
    const zeros = Buffer.alloc(64 * 1024);
    const packed = zlib.gzipSync(Buffer.alloc(200 * MIB));
    let sent = 0;
    const endless = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/activity+json" });
      const more = () => {
        for (let room = true; room && !response.destroyed && sent < 512 * MIB; sent += zeros.length) room = response.write(zeros);
      };
      response.on("drain", more);
      more();
    };
    const squeezed = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/activity+json", "Content-Encoding": "gzip" });
      response.end(packed);
    };
    const headers = (_, response) => {
      for (let i = 0; i < 2000; i++) response.setHeader(`X-Filler-${i}`, "y".repeat(100));
      response.end("{}");
    };
    const lying = (_, response) => {
      response.writeHead(200, { "Content-Type": "application/activity+json", "Content-Length": String(4 * MIB) });
      response.end("{}".padEnd(4 * MIB));
    };
    await node.settles(40_000);
    const before = node.memory();
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, node.memory())), 10).unref();
    for (const [name, handler] of Object.entries({ endless, squeezed, headers, lying })) {
      evil.page(`/bomb/${name}`, handler);
      accepted(await announce(evil.url(`/bomb/${name}`)));
    }
    await evil.requests.waitCount("the fetches", 4, ({ path }) => path.startsWith("/bomb/"));
    await node.settles();
    clearInterval(watch);
    suite.note(`memory ${(before / MIB).toFixed(1)} MiB, at most ${(peak / MIB).toFixed(1)} MiB; ${(sent / MIB).toFixed(1)} MiB of an endless body were sent`);
    assert.ok(sent <= 64 * MIB, `${sent} bytes were read`);
    assert.ok(peak - before < 24 * MIB, `memory grew by ${peak - before}`);
    assert.ok(evil.requests.filter(({ path, headers }) => path.startsWith("/bomb/") && headers["accept-encoding"] && !/identity/.test(headers["accept-encoding"])).length === 0, "it asks for compressed documents");
  });
  await suite.test("a document that is no JSON, or empty, or something else, has no effect", () =>
    withoutEffect(on, async () => {
      const odd = ["", "null", "[]", '"x"', "{", "{}", "<html></html>", "\u0000", '{"type":"Note"}', "[".repeat(100_000)];
      for (const [i, text] of odd.entries()) {
        evil.page(`/odd/${i}`, (_, response) => reply(response, text));
        accepted(await announce(evil.url(`/odd/${i}`)));
      }
      await node.settles();
      assert.equal((await node.health()).status, 200);
    }));

  await unharmed(suite, on);
});
