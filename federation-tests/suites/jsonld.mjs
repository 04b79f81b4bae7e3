// All that a node says of itself and to others is strict JSON-LD: expanded in safe mode, no term is dropped and no value is
// ambiguous. Contexts come with the packages; a node that names another one could not be read by peers that load none.
import assert from "node:assert/strict";
import { preloadedContexts } from "@fedify/vocab-runtime";
import jsonld from "jsonld";
import { accepted, befriend, stage } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get } from "../lib/wire.mjs";

const AS = "https://www.w3.org/ns/activitystreams#";
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
  const rich = await node.post("alice", `Hello @fan@${evil.host.authority} #tag https://example.org/ ünïcode`, "--spoiler", "care", "--language", "en", "--reply-to", theirs.id);
  const doomed = await node.post("alice", "Soon gone");
  await node.run("edit", "alice", rich.id, `Hello again @fan@${evil.host.authority} #tag`);
  const ask = { type: "Question", oneOf: ["this", "that"].map((name) => ({ type: "Note", name })), endTime: new Date(Date.now() + 3_600_000).toISOString() };
  const asked = fan.note("asked", { cc: [alice.uri], tag: [{ type: "Mention", href: alice.uri }], ...ask });
  accepted(await fan.post(node, fan.activity("Create", asked)));
  await node.run("vote", "alice", asked.id, "that");
  const poll = await node.post("alice", "Which of these?", "--poll", "One;Another", "--poll-ends", "1 h", "--poll-multiple");
  await node.run("like", "alice", theirs.id);
  await node.run("boost", "alice", theirs.id);
  await node.run("delete-post", "alice", doomed.id);
  await node.run("follow", "alice", fan.id);
  await node.run("report", "alice", fan.id, "--comment", "just trying");
  await node.run("like", "alice", theirs.id, "--undo");
  await node.run("account", "alias", "alice", fan.id);
  await node.run("account", "keys", "rotate", "alice");
  await node.run("block", "alice", fan.id);

  const paths = ["/actor", "/actor/outbox", alice.uri, `${alice.uri}/outbox`, `${alice.uri}/followers`, `${alice.uri}/following`, `${alice.uri}/collections/featured`, rich.uri, `${rich.uri}/activity`, `${rich.uri}/replies`, `${rich.uri}/likes`, `${rich.uri}/shares`, poll.uri, `${poll.uri}/activity`];
  const walked = new Set();
  const walk = async (url) => {
    walked.add(url);
    const answer = await get(node.host, new URL(url, node.host.base).href.slice(node.host.base.length));
    assert.equal(answer.status, 200, `${url}: ${answer.status}`);
    const document = JSON.parse(answer.text);
    const expanded = await expand(document);
    assert.ok(expanded["@type"]?.[0].startsWith(AS), `${url}: ${expanded["@type"]}`);
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
  await suite.test("a poll means what it should", async () => {
    const question = await walk(poll.uri);
    assert.deepEqual(question["@type"], [`${AS}Question`]);
    const options = question[`${AS}anyOf`];
    assert.deepEqual(options.map((option) => option[`${AS}name`][0]["@value"]), ["One", "Another"]);
    assert.ok(options.every((option) => option[`${AS}replies`][0][`${AS}totalItems`][0]["@value"] === 0));
    assert.equal(question[`${AS}endTime`][0]["@type"], "http://www.w3.org/2001/XMLSchema#dateTime");
    assert.equal(question["http://joinmastodon.org/ns#votersCount"][0]["@value"], 0);
  });
  await suite.test("a vote as it is delivered expands without loss", async () => {
    const { body } = await evil.requests.wait("the vote", ({ method, body }) => method === "POST" && JSON.parse(body).object?.inReplyTo === asked.id);
    const expanded = await expand(JSON.parse(body));
    const [vote] = expanded[`${AS}object`];
    assert.deepEqual(vote["@type"], [`${AS}Note`]);
    assert.equal(vote[`${AS}name`][0]["@value"], "that");
    assert.equal(vote[`${AS}inReplyTo`][0]["@id"], asked.id);
    assert.equal(vote[`${AS}to`][0]["@id"], fan.id);
    assert.equal(vote[`${AS}content`], undefined);
  });
  await suite.test("a deleted post is a Tombstone", async () => {
    const answer = await get(node.host, new URL(doomed.uri).pathname);
    assert.equal(answer.status, 410);
    const expanded = await expand(JSON.parse(answer.text));
    assert.deepEqual(expanded["@type"], [`${AS}Tombstone`]);
  });
  for (const type of ["Accept", "Create", "Update", "Delete", "Like", "Announce", "Follow", "Undo", "Flag", "Block"]) {
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
