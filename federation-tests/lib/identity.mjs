// Somebody with a key of their own, who says who else they are (FEP-c390): did:key, RFC 8785 and eddsa-jcs-2022 by hand.
import crypto from "node:crypto";
import { base58, multibase } from "./rawpeer.mjs";

// All that is signed here are strings in objects.
function canonical(object) {
  const members = Object.keys(object).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(object[name])}`);
  return `{${members.join(",")}}`;
}

const sha256 = (text) => crypto.createHash("sha256").update(text).digest();

export function keyHolder() {
  const { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519");
  const did = `did:key:${multibase(publicKey)}`;
  const statement = (actor, { subject = did, ...options } = {}) => {
    const said = { type: "VerifiableIdentityStatement", subject, alsoKnownAs: actor };
    const proof = {
      type: "DataIntegrityProof",
      cryptosuite: "eddsa-jcs-2022",
      created: new Date().toISOString(),
      verificationMethod: subject,
      proofPurpose: "assertionMethod",
      ...options,
    };
    const signature = crypto.sign(null, Buffer.concat([sha256(canonical(proof)), sha256(canonical(said))]), privateKey);
    return { ...said, proof: { ...proof, proofValue: `z${base58(signature)}` } };
  };
  return { did, statement };
}
