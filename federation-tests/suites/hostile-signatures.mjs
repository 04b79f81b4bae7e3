// Who sent this? Requests whose signature is missing, incomplete, wrong, old, or made with a key that nobody should trust.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { cavage, digest, header, httpDate, makeRequest, nowSeconds, rfc9421, setHeader } from "../lib/sign.mjs";
import { newRsa, pem, reply } from "../lib/rawpeer.mjs";
import { accepted, counts, refused, stage, unharmed, withoutEffect } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { send } from "../lib/wire.mjs";

const HOUR = 3600;
const without = (list, name) => list.filter((entry) => entry !== name);
const CAVAGE = ["(request-target)", "host", "date", "digest"];
const RFC = ["@method", "@target-uri", "content-digest"];
const PARTS = ["@method", "@authority", "@path", "@query", "content-digest"];

await run("hostile-signatures", async (suite) => {
  const on = await stage(suite);
  const { node, alice, post, evil } = on;
  const mallory = evil.actor("mallory");
  const like = () => mallory.activity("Like", post.uri);
  const attempt = (options) => mallory.post(node, like(), options);

  // --- what must be signed ---

  await suite.test("S-001 complete signatures of both schemes and both kinds of key are accepted", async () => {
    accepted(await attempt({ scheme: cavage }));
    accepted(await attempt({ scheme: rfc9421 }));
    accepted(await attempt({ scheme: rfc9421, covered: PARTS }));
    accepted(await attempt({ scheme: rfc9421, signer: mallory.edSigner }));
    accepted(await attempt({ scheme: cavage, covered: without([...CAVAGE, "(created)"], "date"), created: nowSeconds(), algorithm: "hs2019" }));
  });

  for (const missing of CAVAGE) {
    await suite.test(`S-001 a cavage signature that does not cover ${missing} is refused`, () =>
      withoutEffect(on, async () => refused(await attempt({ covered: without(CAVAGE, missing) }), 401)));
  }
  for (const [what, covered, extra] of [
    ["the method", without(RFC, "@method")],
    ["the target", without(RFC, "@target-uri")],
    ["the digest", without(RFC, "content-digest")],
    ["the path", without(PARTS, "@path")],
    ["the authority", without(PARTS, "@authority")],
    ["anything", []],
    ["a date", RFC, { created: undefined }],
  ]) {
    await suite.test(`S-001 an RFC 9421 signature that does not cover ${what} is refused`, () =>
      withoutEffect(on, async () => refused(await attempt({ scheme: rfc9421, covered, ...extra }), 401, 400)));
  }
  await suite.test("S-001 there is no default for a list of headers that is missing or empty", () =>
    withoutEffect(on, async () => {
      const drop = ({ headers, ...rest }) => rest;
      refused(await attempt({ covered: ["date"], parameters: drop }), 401, 400);
      refused(await attempt({ parameters: (said) => ({ ...said, headers: '""' }) }), 401, 400);
    }));
  await suite.test("S-001 a request that was signed for another path is refused", () =>
    withoutEffect(on, async () => {
      for (const scheme of [cavage, rfc9421]) {
        const elsewhere = scheme === cavage ? "post /users/alice/inbox" : `${node.host.base}/users/alice/inbox`;
        refused(await attempt({ scheme, signedTarget: elsewhere }), 401);
      }
    }));
  await suite.test("S-001 a request without a signature is refused", () =>
    withoutEffect(on, async () => {
      for (const path of ["/inbox", `${on.actorPath}/inbox`]) {
        const request = makeRequest({ base: node.host.base, path, body: JSON.stringify(like()) });
        refused(await send(node.host, request), 401);
      }
    }));

  // --- the body ---

  await suite.test("S-002 a body that was changed under a valid signature is refused", () =>
    withoutEffect(on, async () => {
      const flip = (request) => (request.body = request.body.replace("Like", "like"));
      const grow = (request) => (request.body += " ");
      for (const scheme of [cavage, rfc9421]) {
        refused(await attempt({ scheme, change: flip }), 401);
        refused(await attempt({ scheme, change: grow }), 401);
      }
    }));
  await suite.test("S-002 digests that are missing, weak, doubtful or wrong are refused", () =>
    withoutEffect(on, async () => {
      const md5 = crypto.createHash("md5").update("x").digest("base64");
      const wrong = digest("something else");
      const body = JSON.stringify(like());
      const both = `SHA-256=${digest(body)},SHA-256=${wrong}`;
      for (const stated of [`MD5=${md5}`, `SHA-256=${wrong}`, "SHA-256=", "", both]) {
        refused(await mallory.post(node, body, { digest: stated }), 401, 400);
      }
      refused(await attempt({ change: (request) => setHeader(request, "Digest", undefined) }), 401, 400);
      for (const stated of [`sha-256=:${wrong}:`, "sha-256=:", `md5=:${md5}:`]) {
        refused(await mallory.post(node, body, { scheme: rfc9421, contentDigest: stated }), 401, 400);
      }
    }));
  await suite.test("S-002 the name of the digest's algorithm may be in lower case", async () => {
    const body = JSON.stringify(like());
    accepted(await mallory.post(node, body, { digest: `sha-256=${digest(body)}` }));
  });

  // --- order of work ---

  await suite.test("S-003 nothing is fetched or written for a request that is not authenticated, but the key", async () => {
    const before = { fetched: evil.requests.entries.length, counts: await counts(on) };
    const stranger = evil.actor("stranger");
    const note = stranger.note("unverified");
    refused(await stranger.post(node, stranger.activity("Create", note), { change: (r) => (r.body += " ") }), 401);
    const after = evil.requests.entries.slice(before.fetched).map(({ path }) => path);
    assert.ok(after.length <= 1, `fetched ${after}`);
    assert.deepEqual(await counts(on), before.counts);
  });

  // --- keys ---

  const withKey = (name, keyFields) => {
    const actor = evil.actor(name);
    actor.fields = { publicKey: { id: actor.keyId, owner: actor.id, ...keyFields }, assertionMethod: [] };
    return actor;
  };
  for (const [what, name, pair] of [
    ["of 1024 bits", "k1024", () => newRsa(1024)],
    ["with the exponent 3, but 1024 bits", "k3", () => newRsa(1024, 3)],
    ["on a curve", "kec", () => crypto.generateKeyPairSync("ec", { namedCurve: "P-256" })],
    ["of 8704 bits", "kbig", () => null],
  ]) {
    if (name === "kbig") continue;
    await suite.test(`S-014 a key ${what} is not used`, () =>
      withoutEffect(on, async () => {
        const keys = pair();
        const actor = withKey(name, { publicKeyPem: pem(keys.publicKey) });
        refused(await actor.post(node, actor.activity("Like", post.uri), { signer: { key: keys.privateKey, keyId: actor.keyId }, algorithm: "hs2019" }), 401);
      }));
  }
  await suite.test("S-014 what is no single public key in PEM is not used", () =>
    withoutEffect(on, async () => {
      const keys = newRsa();
      const one = pem(keys.publicKey);
      const secret = keys.privateKey.export({ type: "pkcs8", format: "pem" });
      const texts = [one + pem(newRsa().publicKey), secret, one + "x".repeat(1 << 19), one.replace("BEGIN PUBLIC", "BEGIN"), "", 7, null, [one, one]];
      for (const [i, text] of texts.entries()) {
        const actor = withKey(`pem${i}`, { publicKeyPem: text });
        refused(await actor.post(node, actor.activity("Like", post.uri), { signer: { key: keys.privateKey, keyId: actor.keyId } }), 401, 503);
      }
    }));
  await suite.test("S-015 an algorithm that the key is not of is refused", () =>
    withoutEffect(on, async () => {
      for (const algorithm of ["hmac-sha256", "rsa-sha1", "ed25519", "none", "ecdsa-sha256", ""]) {
        refused(await attempt({ algorithm }), 401, 400);
      }
      for (const alg of ["hmac-sha256", "ed25519", "rsa-pss-sha512", "ecdsa-p256-sha256", "none"]) {
        refused(await attempt({ scheme: rfc9421, alg }), 401, 400);
      }
      refused(await attempt({ scheme: rfc9421, signer: mallory.edSigner, alg: "rsa-v1_5-sha256" }), 401, 400);
    }));
  await suite.test("S-015 an algorithm may be left out or be hs2019", async () => {
    accepted(await attempt({ algorithm: null }));
    accepted(await attempt({ algorithm: "hs2019" }));
    accepted(await attempt({ scheme: rfc9421, alg: null }));
  });

  // --- when ---

  await suite.test("S-022 requests from another hour are refused, those within it are not", async () => {
    await withoutEffect(on, async () => {
      for (const minutes of [-70, 70, -60 * 24 * 365]) {
        refused(await attempt({ date: httpDate(minutes * 60_000) }), 401);
        refused(await attempt({ scheme: rfc9421, created: nowSeconds() + minutes * 60 }), 401);
      }
      refused(await attempt({ date: undefined }), 401, 400);
      refused(await attempt({ date: "yesterday" }), 401, 400);
      refused(await attempt({ scheme: rfc9421, expires: nowSeconds() - 10 }), 401, 400);
    });
    for (const minutes of [-50, 50]) accepted(await attempt({ date: httpDate(minutes * 60_000) }));
  });
  await suite.test("S-022 what is replayed has no second effect", async () => {
    const fan = evil.actor("fan");
    const liked = fan.activity("Like", post.uri);
    const boosted = fan.activity("Announce", post.uri, { to: ["https://www.w3.org/ns/activitystreams#Public"] });
    accepted(await fan.post(node, liked));
    accepted(await fan.post(node, boosted));
    const once = await counts(on);
    for (let i = 0; i < 3; i++) {
      for (const activity of [liked, boosted]) assert.ok([202, 401].includes((await fan.post(node, activity)).status));
    }
    assert.deepEqual(await counts(on), once);
    const undo = fan.activity("Undo", liked);
    accepted(await fan.post(node, undo));
    const undone = await counts(on);
    assert.equal(undone.likes, once.likes - 1);
    await fan.post(node, liked);
    assert.deepEqual(await counts(on), undone, "a like that was taken back came back by a replay");
    await node.stop();
    await node.start();
    await fan.post(node, liked);
    await fan.post(node, undo);
    assert.deepEqual(await counts(on), undone, "after a restart");
  });
  await suite.test("S-022 an older Update does not overwrite a newer one", async () => {
    const author = evil.actor("author");
    const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
    const note = author.note("aging", { published: ago(3600), to: [alice.uri], cc: [], tag: [{ type: "Mention", href: alice.uri }] });
    accepted(await author.post(node, author.activity("Create", note)));
    const edited = (updated, content) => author.activity("Update", { ...note, content, updated });
    accepted(await author.post(node, edited(ago(10), "<p>newest</p>")));
    await author.post(node, edited(ago(20), "<p>stale</p>"));
    assert.match((await node.showPost(note.id)).text, /newest/);
  });

  // --- where ---

  await suite.test("S-024 a request that was signed for another host is refused", () =>
    withoutEffect(on, async () => {
      for (const scheme of [cavage, rfc9421]) {
        const other = evil.host.authority;
        refused(await attempt({ scheme, change: (r) => setHeader(r, "Host", other) }), 401, 400, 404, 421);
        refused(await attempt({ scheme, signedHost: other, signedAuthority: other }), 401);
        refused(await attempt({ scheme, signedHost: other, signedAuthority: other, change: (r) => setHeader(r, "X-Forwarded-Host", other) }), 401);
      }
    }));
  await suite.test("S-025 a POST is verified with its query string", () =>
    withoutEffect(on, async () => {
      refused(await attempt({ path: "/inbox?a=1", signedTarget: "post /inbox" }), 401, 400, 404);
      refused(await attempt({ path: "/inbox", signedTarget: "post /inbox?a=1" }), 401);
    }));
  await suite.test("S-025 a GET may leave it out", async () => {
    for (const signedTarget of [undefined, `get ${on.actorPath}`]) {
      const answer = await mallory.get(node, `${on.actorPath}?x=1`, { signedTarget });
      assert.equal(answer.status, 200, answer.text.slice(0, 200));
    }
  });

  // --- RFC 9421 in detail ---

  await suite.test("S-026 doubtful Signature-Input fields are refused", () =>
    withoutEffect(on, async () => {
      const edits = [
        (input) => `${input}, ${input.replace("sig1", "sig2")}`,
        (input) => input.replace('"@method"', '"@method" "@method"'),
        (input) => input.replace(/;created=\d+/, ""),
        (input) => input.replace(/created=\d+/, "created=now"),
        (input) => input.replace(/created=\d+/, "created=-1"),
        (input) => input.replace(/created=\d+/, "created=99999999999999999999"),
        (input) => input.replace("sig1=", "other="),
        (input) => input.replace("(", ""),
        (input) => input.replace(")", ""),
        (input) => input.replace(/"/g, "'"),
        () => "",
        () => "sig1=();",
        () => "sig1=" + "(".repeat(2000),
        (input) => input + ";tag=",
        (input) => input + "\t,",
        (input) => input.replace('keyid="', 'keyid="\\'),
      ];
      for (const input of edits) refused(await attempt({ scheme: rfc9421, input }), 401, 400);
      for (const name of ["@method;req", "content-digest;tr", "content-digest;sf", "content-digest;bs", "@method;key=\"a\""]) {
        refused(await attempt({ scheme: rfc9421, covered: [...RFC.filter((c) => c !== name.split(";")[0]), name] }), 401, 400);
      }
      refused(await attempt({ scheme: rfc9421, covered: [...RFC, "@method"] }), 401, 400);
      refused(await attempt({ scheme: rfc9421, covered: [...RFC, "@unknown"] }), 401, 400);
      refused(await attempt({ scheme: rfc9421, change: (r) => setHeader(r, "Signature", "sig1=:AAAA:") }), 401, 400);
      refused(await attempt({ scheme: rfc9421, change: (r) => setHeader(r, "Signature", undefined) }), 401, 400);
      refused(await attempt({ scheme: rfc9421, change: (r) => r.headers.push(["Signature", header(r, "Signature")]) }), 401, 400);
    }));

  await unharmed(suite, on);
});
