// A push service and the browser behind it: takes messages as RFC 8030 says, checks who sends them (RFC 8292), and decrypts
// them with the keys that only the browser has (RFC 8291, and the draft before it). Written by hand from those documents.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, createHmac, createPublicKey, randomBytes, verify } from "node:crypto";
import { Journal } from "./journal.mjs";
import { host, serve } from "./world.mjs";

const hmac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();
// RFC 5869, of at most one block
const expand = (prk, info, length) => hmac(prk, info, [1]).subarray(0, length);

export async function pushService(hostName) {
  const at = await host(hostName);
  const service = new PushService(at);
  service.server = await serve(at, (request, response) => service.take(request, response));
  return service;
}

class PushService {
  received = new Journal(); // { path, headers, message, claims, key } in the order of their coming
  #browsers = new Map(); // path -> browser
  answers = new Map(); // path -> the status to answer with instead of 201

  constructor(at) {
    this.host = at;
  }

  // What a browser subscribes with: { endpoint, keys: { p256dh, auth } }.
  subscribe(name) {
    const ecdh = createECDH("prime256v1");
    const path = `/send/${name}`;
    const browser = { ecdh, point: ecdh.generateKeys(), auth: randomBytes(16) };
    this.#browsers.set(path, browser);
    return { endpoint: this.host.base + path, keys: { p256dh: browser.point.toString("base64url"), auth: browser.auth.toString("base64url") } };
  }

  async take(request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const status = this.answers.get(request.url);
    const browser = this.#browsers.get(request.url);
    if (status !== undefined || browser === undefined) {
      this.received.add({ path: request.url, headers: request.headers });
      return response.writeHead(status ?? 404).end();
    }
    try {
      const body = Buffer.concat(chunks);
      assert.equal(request.method, "POST");
      assert.match(request.headers.ttl, /^\d+$/); // RFC 8030 section 5.2: must be there
      assert.match(request.headers.topic ?? "x", /^[A-Za-z0-9_-]{1,32}$/);
      assert.ok(["very-low", "low", "normal", "high", undefined].includes(request.headers.urgency));
      assert.ok(body.length <= 4096, "longer than a push service must take");
      const { claims, key } = this.#sender(request.headers);
      const text = decrypt(browser, request.headers, body);
      this.received.add({ path: request.url, headers: request.headers, message: JSON.parse(text), claims, key });
      response.writeHead(201, { location: `${this.host.base}/message/1` }).end();
    } catch (error) {
      this.received.add({ path: request.url, headers: request.headers, error });
      response.writeHead(400).end(String(error));
    }
  }

  // RFC 8292 section 2 and 3; the draft has the key elsewhere.
  #sender(headers) {
    const standard = headers.authorization.match(/^vapid t=([^,\s]+), ?k=(\S+)$/);
    const older = headers.authorization.match(/^WebPush (\S+)$/);
    const token = (standard ?? older)[1];
    const key = standard?.[2] ?? headers["crypto-key"].match(/p256ecdsa=([\w-]+)/)[1];
    const [head, claims, signature] = token.split(".");
    assert.deepEqual(JSON.parse(Buffer.from(head, "base64url")), { typ: "JWT", alg: "ES256" });
    const signed = verify("sha256", Buffer.from(`${head}.${claims}`), { key: publicKey(key), dsaEncoding: "ieee-p1363" }, Buffer.from(signature, "base64url"));
    assert.ok(signed, "the token was not signed by its key");
    const says = JSON.parse(Buffer.from(claims, "base64url"));
    assert.equal(says.aud, this.host.base);
    const left = says.exp - Date.now() / 1000;
    assert.ok(left > 0 && left <= 24 * 3600, `the token is for ${left} s`);
    assert.match(says.sub, /^(mailto:|https?:)/);
    return { claims: says, key };
  }
}

function publicKey(text) {
  const point = Buffer.from(text, "base64url");
  assert.equal(point.length, 65);
  const coordinate = (from) => point.subarray(from, from + 32).toString("base64url");
  return createPublicKey({ key: { kty: "EC", crv: "P-256", x: coordinate(1), y: coordinate(33) }, format: "jwk" });
}

function open(key, nonce, sealed) {
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
}

function decrypt(browser, headers, body) {
  if (headers["content-encoding"] === "aes128gcm") return decryptStandard(browser, body);
  assert.equal(headers["content-encoding"], "aesgcm");
  return decryptOlder(browser, headers, body);
}

// RFC 8188 section 2, RFC 8291 section 3.4.
function decryptStandard({ ecdh, point, auth }, body) {
  const salt = body.subarray(0, 16);
  assert.equal(body[20], 65);
  const sender = body.subarray(21, 86);
  const secret = expand(hmac(auth, ecdh.computeSecret(sender)), Buffer.concat([Buffer.from("WebPush: info\0"), point, sender]), 32);
  const prk = hmac(salt, secret);
  const plain = open(expand(prk, "Content-Encoding: aes128gcm\0", 16), expand(prk, "Content-Encoding: nonce\0", 12), body.subarray(86));
  const end = plain.findLastIndex((byte) => byte !== 0);
  assert.equal(plain[end], 2, "it is the last record");
  return plain.subarray(0, end).toString();
}

// draft-ietf-httpbis-encryption-encoding-03, draft-ietf-webpush-encryption-04.
function decryptOlder({ ecdh, point, auth }, headers, body) {
  const salt = Buffer.from(headers.encryption.match(/salt=([\w-]+)/)[1], "base64url");
  const sender = Buffer.from(headers["crypto-key"].match(/dh=([\w-]+)/)[1], "base64url");
  const secret = expand(hmac(auth, ecdh.computeSecret(sender)), "Content-Encoding: auth\0", 32);
  const context = Buffer.concat([Buffer.from("P-256\0"), Buffer.from([0, 65]), point, Buffer.from([0, 65]), sender]);
  const prk = hmac(salt, secret);
  const info = (what) => Buffer.concat([Buffer.from(`Content-Encoding: ${what}\0`), context]);
  const plain = open(expand(prk, info("aesgcm"), 16), expand(prk, info("nonce"), 12), body);
  return plain.subarray(2 + plain.readUInt16BE(0)).toString();
}
