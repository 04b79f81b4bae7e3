// All that a node says of itself and to others is strict JSON-LD: expanded in safe mode, no term is dropped and no value is
// ambiguous. Contexts come with the packages; a node that names another one could not be read by peers that load none.
import assert from "node:assert/strict";
import { preloadedContexts } from "@fedify/vocab-runtime";
import jsonld from "jsonld";
import { accepted, befriend, stage } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const AS = "https://www.w3.org/ns/activitystreams#";
const TOOT = "http://joinmastodon.org/ns#";
const EVERY_PEER_HAS = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1", "https://w3id.org/security/multikey/v1", "https://w3id.org/security/data-integrity/v1", "https://www.w3.org/ns/did/v1"];

async function documentLoader(url) {
  assert.ok(EVERY_PEER_HAS.includes(url), `${url} is no context that peers have at hand`);
  return { contextUrl: null, documentUrl: url, document: preloadedContexts[url] };
}

async function expand(document) {
  const expanded = await jsonld.expand(document, { safe: true, documentLoader });
  assert.equal(expanded.length, 1);
  return expanded[0];
}

await run("jsonld", async (suite) => {
  const on = await stage(suite);
  const { node, alice, evil } = on;
  const fan = evil.actor("fan");
  await befriend(on, fan);
  const sent = (type) => evil.requests.wait(`the ${type}`, ({ method, body }) => method === "POST" && JSON.parse(body).type === type);

  // one of everything
  const theirs = fan.note("theirs", { cc: [alice.uri], tag: [{ type: "Mention", href: alice.uri }] });
  accepted(await fan.post(node, fan.activity("Create", theirs)));
  await node.run("emoji", "add", "owl", `${node.host.base}/owl.png`);
  const rich = await node.post("alice", `Hello @fan@${evil.host.authority} #tag https://example.org/ ünïcode :owl:`, "--searchable-by", "public", "--spoiler", "care", "--language", "en", "--reply-to", theirs.id);
  const doomed = await node.post("alice", "Soon gone");
  await node.run("edit", "alice", rich.id, `Hello again @fan@${evil.host.authority} #tag`);
  await node.run("account", "edit", "alice", "--display-name", "Alice :owl:");
  await node.run("react", "alice", theirs.id, ":owl:");
  await node.run("pin", "alice", rich.id);
  await node.run("feature-tag", "alice", "trees");
  await node.run("pin", "alice", rich.id, "--undo");
  await node.run("like", "alice", theirs.id);
  await node.run("boost", "alice", theirs.id);
  await node.run("delete-post", "alice", doomed.id);
  await node.run("follow", "alice", fan.id);
  await node.run("report", "alice", fan.id, "--comment", "just trying");
  await node.run("like", "alice", theirs.id, "--undo");
  await node.run("account", "alias", "alice", fan.id);
  await node.run("account", "keys", "rotate", "alice");
  await node.run("block", "alice", fan.id);

  const paths = ["/actor", "/actor/outbox", alice.uri, `${alice.uri}/outbox`, `${alice.uri}/followers`, `${alice.uri}/following`, `${alice.uri}/collections/featured`, `${alice.uri}/collections/tags`, `${node.host.base}/emojis/owl`, rich.uri, `${rich.uri}/activity`, `${rich.uri}/replies`, `${rich.uri}/likes`, `${rich.uri}/shares`];
  const walked = new Set();
  const walk = async (url) => {
    walked.add(url);
    const answer = await get(node.host, new URL(url, node.host.base).href.slice(node.host.base.length));
    assert.equal(answer.status, 200, `${url}: ${answer.status}`);
    const document = JSON.parse(answer.text);
    const expanded = await expand(document);
    assert.ok([AS, TOOT].some((prefix) => expanded["@type"]?.[0].startsWith(prefix)), `${url}: ${expanded["@type"]}`);
    for (const link of ["first", "next"]) if (typeof document[link] === "string" && !walked.has(document[link])) await walk(document[link]);
    return expanded;
  };
  for (const path of paths) {
    await suite.test(`what is served at ${path.replace(node.host.base, "").replace(/\d{6,}/, "ID")} expands without loss`, async () => {
      await walk(path);
    });
  }
  await suite.test("the profile means what it should", async () => {
    const actor = await walk(alice.uri);
    const [key] = actor["https://w3id.org/security#publicKey"];
    assert.equal(key["https://w3id.org/security#owner"][0]["@id"], alice.uri);
    const methods = actor["https://w3id.org/security#assertionMethod"].flatMap((m) => m["@graph"] ?? [m]);
    const shown = JSON.stringify(methods).slice(0, 400);
    assert.ok(methods.length >= 2 && methods.every((m) => m["@type"]?.includes("https://w3id.org/security#Multikey")), shown);
    assert.ok(methods.some((m) => m["@id"] === key["@id"]), `the RSA key is no Multikey: ${shown}`);
    assert.ok(actor["http://www.w3.org/ns/ldp#inbox"][0]["@id"]);
    assert.equal(actor[`${AS}manuallyApprovesFollowers`][0]["@value"], false);
    assert.equal(actor[`${AS}alsoKnownAs`][0]["@id"], fan.id);
  });
  await suite.test("a post means what it should", async () => {
    const note = await walk(rich.uri);
    assert.equal(note[`${AS}attributedTo`][0]["@id"], alice.uri);
    assert.equal(note[`${AS}inReplyTo`][0]["@id"], theirs.id);
    assert.deepEqual(note[`${AS}sensitive`]?.[0]["@value"], true);
    const tags = note[`${AS}tag`].map((tag) => tag["@type"][0]);
    assert.ok(tags.includes(`${AS}Mention`) && tags.includes(`${AS}Hashtag`), `${tags}`);
    assert.ok(note[`${AS}content`].some((value) => value["@language"] === "en"), "the language is lost");
  });
  await suite.test("a reaction means what it should, and so does its emoji", async () => {
    const { body } = await sent("Like");
    const like = await expand(JSON.parse(body));
    assert.equal(like[`${AS}content`][0]["@value"], ":owl:");
    assert.equal(like["https://misskey-hub.net/ns#_misskey_reaction"][0]["@value"], ":owl:");
    const [emoji] = like[`${AS}tag`];
    assert.deepEqual(emoji["@type"], [`${TOOT}Emoji`]);
    assert.equal(emoji[`${AS}icon`][0]["@list"]?.[0]?.["@type"][0] ?? emoji[`${AS}icon`][0]["@type"][0], `${AS}Image`);
    const note = await walk(rich.uri);
    assert.equal(note["http://fedibird.com/ns#searchableBy"][0]["@id"], `${AS}Public`);
  });
  await suite.test("a deleted post is a Tombstone", async () => {
    const answer = await get(node.host, new URL(doomed.uri).pathname);
    assert.equal(answer.status, 410);
    const expanded = await expand(JSON.parse(answer.text));
    assert.deepEqual(expanded["@type"], [`${AS}Tombstone`]);
  });
  for (const type of ["Accept", "Create", "Update", "Delete", "Like", "Announce", "Follow", "Undo", "Flag", "Block", "Add", "Remove"]) {
    await suite.test(`${type} as it is delivered expands without loss`, async () => {
      const { body, headers } = await sent(type);
      const expanded = await expand(JSON.parse(body));
      assert.deepEqual(expanded["@type"], [AS + type]);
      assert.ok(expanded["@id"]?.startsWith(node.host.base), "it has no id of this node");
      assert.equal(expanded[`${AS}actor`].length, 1);
      assert.match(headers["content-type"], /^application\/(activity\+json|ld\+json; ?profile="https:\/\/www.w3.org\/ns\/activitystreams")/);
      assert.ok(!JSON.parse(body).bto && !JSON.parse(body).bcc);
    });
  }
  await node.stop();
});
