// Verifies what a node signs, by hand: draft-cavage-12 and RFC 9421, RSA and Ed25519, digest included. Returns what was used,
// or throws with what is wrong.
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { digest } from "./sign.mjs";

// request: of a raw peer's journal; key: keyId -> public key object; base: of the host that it came to
export function verify(request, key, base) {
  return request.headers["signature-input"] === undefined ? verifyCavage(request, key) : verifyRfc9421(request, key, base);
}

// What a signature names, in either form: the key, and what it covers.
export const paramsIn = (headers) => headers["signature-input"] ?? headers.signature;

// The digest of the body that a request states, in either form, base64.
export const digestIn = (headers) => (headers["content-digest"] ?? headers.digest)?.match(/^sha-256=:?([^:]+)/i)?.[1];

function check(key, keyId, base, signature) {
  assert.ok(key, `the key ${keyId} is unknown`);
  const hash = key.asymmetricKeyType === "rsa" ? "sha256" : null;
  assert.ok(crypto.verify(hash, Buffer.from(base), key, Buffer.from(signature, "base64")), `the signature is wrong over\n${base}`);
}

function verifyCavage(request, key) {
  const { headers, method, path, body } = request;
  const said = Object.fromEntries([...headers.signature.matchAll(/(\w+)="?([^",]*)"?/g)].map(([, name, value]) => [name, value]));
  const covered = said.headers.split(" ");
  for (const name of ["(request-target)", "host", "date", ...(method === "POST" ? ["digest"] : [])]) assert.ok(covered.includes(name), `${name} is not covered`);
  if (method === "POST") assert.equal(headers.digest, `SHA-256=${digest(body)}`);
  const line = (name) => `${name}: ${name === "(request-target)" ? `${method.toLowerCase()} ${path}` : headers[name]}`;
  const publicKey = key(said.keyId);
  check(publicKey, said.keyId, covered.map(line).join("\n"), said.signature);
  assert.ok(["rsa-sha256", "hs2019", undefined].includes(said.algorithm), said.algorithm);
  return { scheme: "cavage", kind: publicKey.asymmetricKeyType, keyId: said.keyId };
}

function verifyRfc9421(request, key, base) {
  const { headers, method, path, body } = request;
  const [, label, inner] = headers["signature-input"].match(/^(\w+)=(\(.*)$/);
  const covered = [...inner.slice(1, inner.indexOf(")")).matchAll(/"([^"]+)"/g)].map(([, name]) => name);
  const { host } = new URL(base);
  const values = { "@method": method, "@target-uri": base + path, "@authority": host, "@path": path.split("?")[0], "@query": path.includes("?") ? `?${path.split("?")[1]}` : "?" };
  if (method === "POST") {
    assert.ok(covered.includes("content-digest"));
    assert.equal(headers["content-digest"], `sha-256=:${digest(body)}:`);
  }
  assert.ok(covered.includes("@method") && (covered.includes("@target-uri") || covered.includes("@path")));
  assert.match(inner, /;created=\d+/);
  const keyId = inner.match(/;keyid="([^"]+)"/)[1];
  const lines = covered.map((name) => `"${name}": ${values[name] ?? headers[name]}`);
  const publicKey = key(keyId);
  check(publicKey, keyId, [...lines, `"@signature-params": ${inner}`].join("\n"), headers.signature.match(new RegExp(`${label}=:([^:]+):`))[1]);
  return { scheme: "rfc9421", kind: publicKey.asymmetricKeyType, keyId };
}

// The public keys of an actor document: its publicKey, and its assertion methods (FEP-521a), which must not contradict it.
export function keysOf(actor) {
  const keys = new Map();
  for (const { id, publicKeyPem } of [actor.publicKey].flat()) keys.set(id, crypto.createPublicKey(publicKeyPem));
  for (const { id, publicKeyMultibase } of [actor.assertionMethod ?? []].flat()) {
    const key = fromMultibase(publicKeyMultibase);
    if (keys.has(id)) assert.ok(key.equals(keys.get(id)), `${id} is two keys`);
    keys.set(id, key);
  }
  return keys;
}

export function fromMultibase(text) {
  assert.equal(text[0], "z");
  const raw = fromBase58(text.slice(1));
  const [codec, key] = [raw.subarray(0, 2).toString("hex"), raw.subarray(2)];
  if (codec === "8524") return crypto.createPublicKey({ key, format: "der", type: "pkcs1" });
  assert.equal(codec, "ed01");
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
  return crypto.createPublicKey({ key: der, format: "der", type: "spki" });
}

function fromBase58(text) {
  const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  let number = 0n;
  for (const letter of text) number = number * 58n + BigInt(alphabet.indexOf(letter));
  const hex = number.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex");
}
