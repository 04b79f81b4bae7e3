// What people have besides a password: an authenticator app (RFC 6238), and an authenticator for passkeys (WebAuthn level 2).
// Written by hand from those documents.
import assert from "node:assert/strict";
import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import jsqr from "jsqr";

const sha256 = (data) => createHash("sha256").update(data).digest();

// --- one-time passwords ---

// What the app's camera reads from the QR code of a page: its paths are painted, eight pixels a module, and decoded.
export function scanned(html) {
  const side = Number(html.match(/<svg class="qr"[^>]* viewBox="0 0 (\d+) /)[1]) * 8, pixels = new Uint8ClampedArray(side * side * 4).fill(255);
  for (const [, x, y, run] of html.match(/<path fill="#000" d="([^"]*)"/)[1].matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = y * 8; row < y * 8 + 8; row++) {
      for (let at = x * 8; at < (Number(x) + Number(run)) * 8; at++) pixels.fill(0, (row * side + at) * 4, (row * side + at) * 4 + 3);
    }
  }
  return jsqr.default(pixels, side, side)?.data;
}

export function base32(text) {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text].map((digit) => digits.indexOf(digit).toString(2).padStart(5, "0")).join("");
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

// The password of a step away from now.
export function oneTimePassword(secret, away = 0) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + away));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const number = mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

// --- passkeys ---

function head(major, n) {
  if (n < 24) return Buffer.from([(major << 5) | n]);
  if (n < 256) return Buffer.from([(major << 5) | 24, n]);
  return Buffer.from([(major << 5) | 25, n >> 8, n & 255]);
}

function cbor(value) {
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  return Buffer.concat([head(5, value.size), ...[...value].flatMap(([key, of]) => [cbor(key), cbor(of)])]);
}

const PRESENT = 1, VERIFIED = 4, CREDENTIAL = 64;

export class Passkey {
  #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  id = randomBytes(32);
  counter = 0;

  constructor(origin) {
    this.origin = origin;
  }

  #client(act, options, origin = this.origin) {
    return Buffer.from(JSON.stringify({ type: `webauthn.${act}`, challenge: options.challenge, origin, crossOrigin: false }));
  }

  #data(party, flags, more = Buffer.alloc(0)) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(++this.counter);
    return Buffer.concat([sha256(party), Buffer.from([flags]), counter, more]);
  }

  // What navigator.credentials.create() answers, as the page's script sends it.
  create(options) {
    assert.ok(options.pubKeyCredParams.some(({ alg }) => alg === -7));
    const { x, y } = this.#keys.publicKey.export({ format: "jwk" });
    const key = cbor(new Map([[1, 2], [3, -7], [-1, 1], [-2, Buffer.from(x, "base64url")], [-3, Buffer.from(y, "base64url")]]));
    const length = Buffer.from([0, this.id.length]);
    const data = this.#data(options.rp.id, PRESENT | VERIFIED | CREDENTIAL, Buffer.concat([Buffer.alloc(16), length, this.id, key]));
    const attestation = cbor(new Map([["fmt", "none"], ["attStmt", new Map()], ["authData", data]]));
    return JSON.stringify({
      id: this.id.toString("base64url"),
      clientDataJSON: this.#client("create", options).toString("base64url"),
      attestationObject: attestation.toString("base64url"),
    });
  }

  // What navigator.credentials.get() answers.
  get(options, { origin, verified = true } = {}) {
    const client = this.#client("get", options, origin);
    const data = this.#data(options.rpId, PRESENT | (verified ? VERIFIED : 0));
    const signature = createSign("sha256").update(data).update(sha256(client)).sign(this.#keys.privateKey);
    return JSON.stringify({
      id: this.id.toString("base64url"),
      clientDataJSON: client.toString("base64url"),
      authenticatorData: data.toString("base64url"),
      signature: signature.toString("base64url"),
    });
  }
}

// The options that a page has for its script.
export function passkeyOptions(page) {
  const options = page.text.match(/data-options="([^"]*)"/);
  assert.ok(options, `no passkey is asked for: ${page.status} ${page.text.slice(0, 2000)}`);
  return JSON.parse(options[1].replace(/&quot;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&"));
}
