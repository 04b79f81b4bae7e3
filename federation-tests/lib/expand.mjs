// Strict JSON-LD: expanded in safe mode, no term is dropped. Contexts come with the packages; a node that names another one
// could not be read by peers that load none.
import assert from "node:assert/strict";
import { preloadedContexts } from "@fedify/vocab-runtime";
import jsonld from "jsonld";

const EVERY_PEER_HAS = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1", "https://w3id.org/security/multikey/v1", "https://w3id.org/security/data-integrity/v1", "https://www.w3.org/ns/did/v1"];

async function documentLoader(url) {
  assert.ok(EVERY_PEER_HAS.includes(url), `${url} is no context that peers have at hand`);
  return { contextUrl: null, documentUrl: url, document: preloadedContexts[url] };
}

export async function expand(document) {
  const expanded = await jsonld.expand(document, { safe: true, documentLoader });
  assert.equal(expanded.length, 1);
  return expanded[0];
}
