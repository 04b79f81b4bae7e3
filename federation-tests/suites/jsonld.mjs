// All that a node says of itself and to others is strict JSON-LD: expanded in safe mode, no term is dropped and no value is
// ambiguous; and all of it is as schemas/ says.
import assert from "node:assert/strict";
import { expand } from "../lib/expand.mjs";
import { keyHolder } from "../lib/identity.mjs";
import { PUBLIC } from "../lib/rawpeer.mjs";
import { fitsSchema } from "../lib/schemas.mjs";
import { accepted, befriend, stage } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

const AS = "https://www.w3.org/ns/activitystreams#";
const SEC = "https://w3id.org/security#";
const TOOT = "http://joinmastodon.org/ns#";

await run("jsonld", async (suite) => {
  const on = await stage(suite, { relay: { serve: "on" } });
  const { node, alice, evil } = on;
  const fan = evil.actor("fan");
  await befriend(on, fan);
  const sent = (type) => evil.requests.wait(`the ${type}`, ({ method, body }) => method === "POST" && JSON.parse(body).type === type);

  // one of everything
  const theirs = fan.note("theirs", { cc: [alice.uri], tag: [{ type: "Mention", href: alice.uri }] });
  accepted(await fan.post(node, fan.activity("Create", theirs)));
  await node.run("emoji", "add", "owl", `${node.host.base}/owl.png`);
  const rich = await node.post("alice", `Hello @fan@${evil.host.authority} #tag https://example.org/ ünïcode :owl:`, "--searchable-by", "public", "--spoiler", "care", "--language", "en", "--reply-to", theirs.id);
  const article = await node.post("alice", `Long words about #tea.\n\n${"And more of them. ".repeat(40)}`, "--title", "On tea", "--language", "en");
  const begun = await node.post("alice", "A conversation");
  for (const who of [fan, evil.actor("guest")]) accepted(await who.post(node, who.activity("Create", who.note("part", { inReplyTo: begun.uri, cc: [alice.uri] }))));
  const doomed = await node.post("alice", "Soon gone");
  await node.run("edit", "alice", rich.id, `Hello again @fan@${evil.host.authority} #tag`);
  await node.run("account", "edit", "alice", "--display-name", "Alice :owl:");
  await node.run("react", "alice", theirs.id, ":owl:");
  await node.run("pin", "alice", rich.id);
  await node.run("feature-tag", "alice", "trees");
  await node.run("pin", "alice", rich.id, "--undo");
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
  const holder = keyHolder();
  await node.runWith(JSON.stringify(holder.statement(alice.uri)), "account", "identity", "add", "alice");
  await node.run("account", "keys", "rotate", "alice");
  // and of consent
  const FEP = "https://w3id.org/fep/044f#";
  const GTS = "https://gotosocial.org/ns#";
  const careful = fan.note("careful", { cc: [alice.uri], interactionPolicy: { canReply: { manualApproval: PUBLIC }, canLike: { manualApproval: PUBLIC }, canAnnounce: { manualApproval: PUBLIC } } });
  accepted(await fan.post(node, fan.activity("Create", careful)));
  await node.seesPost(careful.id);
  await node.run("like", "alice", careful.id);
  await node.run("boost", "alice", careful.id);
  await node.post("alice", "May I answer?", "--reply-to", careful.id);
  const quoting = await node.post("alice", "Quoted", "--quote", theirs.id, "--who-may-quote", "ask", "--who-may-reply", "followers", "--who-may-like", "nobody");
  const { body: request } = await sent("QuoteRequest");
  accepted(await fan.post(node, fan.activity("Accept", JSON.parse(request), { result: `${fan.id}/stamps/1` })));
  await node.seesPost(quoting.uri, ({ quote_state }) => quote_state === "accepted");
  const quotable = await node.post("alice", "To be quoted");
  const theirQuote = fan.note("quote", { quote: quotable.uri });
  accepted(await fan.post(node, fan.activity("QuoteRequest", quotable.uri, { instrument: theirQuote })));
  const consent = await node.seesPost(theirQuote.id, ({ quote_state }) => quote_state === "accepted");
  const authorization = await getJson(node.host, new URL(consent.quote_authorization).pathname);
  const { body: answer } = await evil.requests.wait("the answer", ({ method, body }) => method === "POST" && JSON.parse(body).type === "Accept" && JSON.parse(body).object.type === "QuoteRequest");
  // and of collections of accounts
  await node.run("dislike", "alice", theirs.id);
  const cats = await node.run("collection", "create", "alice", "Cats", "--description", "Only cats", "--language", "en", "--tag", "cats");
  fan.fields.interactionPolicy = { canFeature: { automaticApproval: [PUBLIC] } };
  accepted(await fan.post(node, fan.activity("Update", fan.document())));
  await node.settles();
  await node.run("collection", "add", "alice", cats.id, fan.id);
  const { body: feature } = await sent("FeatureRequest");
  accepted(await fan.post(node, fan.activity("Accept", JSON.parse(feature).id, { result: `${fan.id}/stamps/2` })));
  await node.run("collection", "add", "alice", cats.id, "alice");
  await node.run("collection", "edit", "alice", cats.id, "--name", "Cats and owls");
  await node.run("block", "alice", fan.id);

  const paths = ["/relay", "/relay/followers", "/relay/outbox", "/actor", "/actor/outbox", alice.uri, `${alice.uri}/outbox`, `${alice.uri}/followers`, `${alice.uri}/following`, `${alice.uri}/collections/featured`, `${alice.uri}/collections/tags`, `${alice.uri}/featured_collections`, cats.uri, `${node.host.base}/emojis/owl`, rich.uri, poll.uri, `${poll.uri}/activity`, article.uri, `${article.uri}/activity`, `${rich.uri}/activity`, `${rich.uri}/replies`, `${rich.uri}/likes`, `${rich.uri}/shares`, `${begun.uri}/replies`, `${begun.uri}/context`];
  const walked = new Set();
  const walk = async (url) => {
    walked.add(url);
    const answer = await get(node.host, new URL(url, node.host.base).href.slice(node.host.base.length));
    assert.equal(answer.status, 200, `${url}: ${answer.status}`);
    const document = JSON.parse(answer.text);
    fitsSchema(document);
    const expanded = await expand(document);
    assert.ok([AS, TOOT, "https://w3id.org/fep/7aa9#"].some((prefix) => expanded["@type"]?.[0].startsWith(prefix)), `${url}: ${expanded["@type"]}`);
    for (const link of ["first", "next"]) if (typeof document[link] === "string" && !walked.has(document[link])) await walk(document[link]);
    return expanded;
  };
  for (const path of paths) {
    await suite.test(`what is served at ${path.replace(node.host.base, "").replace(/\d{6,}/, "ID")} expands without loss`, async () => {
      await walk(path);
    });
  }
  await suite.test("the part of the followers that is for one host expands without loss", async () => {
    const answer = await evil.actor("clerk").get(node, `${new URL(alice.uri).pathname}/followers_synchronization`); // alice has blocked fan
    assert.equal(answer.status, 200);
    const expanded = await expand(JSON.parse(answer.text));
    assert.deepEqual(expanded["@type"], [`${AS}OrderedCollection`]);
    assert.equal(expanded[`${AS}items`][0]["@list"].length, 0);
  });
  await suite.test("what is said to relays and by one expands without loss", async () => {
    await node.run("relay", "add", evil.url("/relay/inbox"));
    const { body } = await evil.requests.wait("the Follow", ({ path }) => path === "/relay/inbox");
    const follow = await expand(JSON.parse(body));
    assert.equal(follow[`${AS}object`][0]["@id"], `${AS}Public`);
    const hub = evil.actor("hub");
    accepted(await hub.post(node, hub.activity("Follow", `${node.host.base}/relay`)));
    await node.post("alice", "for the subscribers");
    for (const type of ["Accept", "Follow", "Announce"]) {
      const { body: said } = await evil.requests.wait(`its ${type}`, ({ path, body }) => path === "/users/hub/inbox" && JSON.parse(body).type === type);
      assert.deepEqual((await expand(JSON.parse(said)))["@type"], [AS + type]);
    }
  });
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
    const identity = actor[`${AS}attachment`].find((one) => one["@type"]?.[0] === "https://w3id.org/fep/c390/VerifiableIdentityStatement");
    assert.equal(identity[`${AS}subject`][0]["@id"], holder.did);
    assert.equal(identity[`${AS}alsoKnownAs`][0]["@id"], alice.uri);
    assert.equal(identity[`${SEC}proof`][0]["@graph"][0][`${SEC}verificationMethod`][0]["@id"], holder.did);
    const [server] = actor[`${AS}generator`];
    assert.equal(server["@id"], `${node.host.base}/actor`);
    assert.ok(server["https://w3id.org/fep/844e/implements"].some((link) => link[`${AS}href`][0]["@id"] === "https://datatracker.ietf.org/doc/html/rfc9421"));
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
  await suite.test("an article means what FEP-b2b8 says", async () => {
    const expanded = await walk(article.uri);
    assert.deepEqual(expanded["@type"], [`${AS}Article`]);
    assert.equal(expanded[`${AS}name`][0]["@value"], "On tea");
    assert.equal(expanded[`${AS}summary`], undefined);
    const [preview] = expanded[`${AS}preview`];
    assert.deepEqual(preview["@type"], [`${AS}Note`]);
    const [{ "@value": content }] = preview[`${AS}content`];
    assert.match(content, /^<p><strong>On tea<\/strong><\/p><p>Long words/);
    assert.ok(content.includes(article.url), content);
  });
  await suite.test("a quote, its consent and a policy mean what they should", async () => {
    const note = await walk(quoting.uri);
    assert.equal(note[`${FEP}quote`][0]["@id"], theirs.id);
    assert.equal(note[`${FEP}quoteAuthorization`][0]["@id"], `${fan.id}/stamps/1`);
    assert.equal(note[`${AS}quoteUrl`][0]["@value"], theirs.id);
    const [policy] = note[`${GTS}interactionPolicy`];
    assert.equal(policy[`${GTS}canQuote`][0][`${GTS}manualApproval`][0]["@id"], `${AS}Public`);
    assert.equal(policy[`${GTS}canReply`][0][`${GTS}automaticApproval`][0]["@id"], `${alice.uri}/followers`);
    assert.equal(policy[`${GTS}canLike`][0][`${GTS}automaticApproval`][0]["@id"], alice.uri);
    const accept = await expand(JSON.parse(answer));
    assert.equal(accept[`${AS}result`][0]["@id"], consent.quote_authorization);
    assert.deepEqual(accept[`${AS}object`][0]["@type"], [`${FEP}QuoteRequest`]);
    assert.equal(accept[`${AS}object`][0][`${AS}instrument`][0]["@id"], theirQuote.id);
  });
  await suite.test("a collection of accounts means what FEP-7aa9 says", async () => {
    const FEATURED = "https://w3id.org/fep/7aa9#";
    const collection = await walk(cats.uri);
    assert.deepEqual(collection["@type"], [`${FEATURED}FeaturedCollection`]);
    assert.equal(collection[`${FEATURED}topic`][0][`${AS}name`][0]["@value"], "#cats");
    const items = collection[`${AS}items`][0]["@list"];
    const [own, ...others] = items; // the block has ended what was with fan
    assert.equal(others.length, 0);
    assert.equal(own[`${FEATURED}featuredObject`][0]["@id"], alice.uri);
    const stamp = await walk(own[`${FEATURED}featureAuthorization`][0]["@id"]);
    assert.deepEqual(stamp["@type"], [`${FEATURED}FeatureAuthorization`]);
    assert.equal(stamp[`${GTS}interactionTarget`][0]["@id"], alice.uri);
    const actor = await walk(alice.uri);
    assert.equal(actor[`${FEATURED}featuredCollections`][0]["@id"], `${alice.uri}/featured_collections`);
    assert.equal(actor[`${GTS}interactionPolicy`][0][`${FEATURED}canFeature`][0][`${GTS}automaticApproval`][0]["@id"], `${AS}Public`);
    const asked = await expand(JSON.parse(feature));
    assert.deepEqual(asked["@type"], [`${FEATURED}FeatureRequest`]);
  });
  await suite.test("an authorization expands without loss", async () => {
    fitsSchema(authorization);
    const stamp = await expand(authorization);
    assert.deepEqual(stamp["@type"], [`${FEP}QuoteAuthorization`]);
    assert.equal(stamp[`${GTS}interactingObject`][0]["@id"], theirQuote.id);
    assert.equal(stamp[`${GTS}interactionTarget`][0]["@id"], quotable.uri);
    assert.equal(stamp[`${AS}attributedTo`][0]["@id"], alice.uri);
  });
  for (const [type, namespace] of Object.entries({ QuoteRequest: FEP, ReplyRequest: GTS, LikeRequest: GTS, AnnounceRequest: GTS })) {
    await suite.test(`${type} as it is delivered expands without loss`, async () => {
      const expanded = await expand(JSON.parse((await sent(type)).body));
      assert.deepEqual(expanded["@type"], [namespace + type]);
      assert.ok(expanded[`${AS}instrument`][0]["@type"][0].startsWith(AS));
    });
  }
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
    fitsSchema(JSON.parse(answer.text));
    const expanded = await expand(JSON.parse(answer.text));
    assert.deepEqual(expanded["@type"], [`${AS}Tombstone`]);
  });
  await suite.test("a changed profile as it is delivered expands without loss", async () => {
    const isProfile = ({ method, body }) => method === "POST" && JSON.parse(body).object?.type === "Person";
    const expanded = await expand(JSON.parse((await evil.requests.wait("the profile", isProfile)).body));
    assert.equal(expanded[`${SEC}proof`]?.length, 1);
    assert.ok(expanded[`${AS}object`][0][`${SEC}assertionMethod`].length >= 2);
  });
  await suite.test("everything that was sent is as its schema says", async () => {
    const activities = evil.requests.filter(({ method }) => method === "POST").map(({ body }) => JSON.parse(body));
    for (const activity of activities) fitsSchema(activity);
    const kinds = new Set(activities.map(({ type, object }) => `${type} ${object?.type ?? ""}`));
    suite.note(`${activities.length} activities: ${[...kinds].sort().join(", ")}`);
    for (const kind of ["Create Note", "Update Person", "Add FeaturedCollection", "Add FeaturedItem", "Undo Like", "Remove "]) assert.ok(kinds.has(kind), kind);
  });
  await suite.test("WebFinger answers as its schema says", async () => {
    const { text } = await get(node.host, `/.well-known/webfinger?resource=acct:${alice.handle}`, "application/jrd+json");
    fitsSchema(JSON.parse(text), "webfinger");
  });
  for (const type of ["Accept", "Create", "Update", "Delete", "Like", "Dislike", "Announce", "Follow", "Undo", "Flag", "Block", "Add", "Remove"]) {
    await suite.test(`${type} as it is delivered expands without loss`, async () => {
      const { body, headers } = await sent(type);
      const expanded = await expand(JSON.parse(body));
      assert.deepEqual(expanded["@type"], [AS + type]);
      assert.ok(expanded["@id"]?.startsWith(node.host.base), "it has no id of this node");
      assert.equal(expanded[`${AS}actor`].length, 1);
      const [proof] = expanded[`${SEC}proof`][0]["@graph"];
      assert.deepEqual(proof["@type"], [`${SEC}DataIntegrityProof`]);
      assert.ok(proof[`${SEC}verificationMethod`][0]["@id"].startsWith(`${expanded[`${AS}actor`][0]["@id"]}#`));
      for (const term of ["proofPurpose", "proofValue", "cryptosuite"]) assert.equal(proof[SEC + term]?.length, 1, term);
      assert.equal(proof["http://purl.org/dc/terms/created"]?.length, 1);
      assert.match(headers["content-type"], /^application\/(activity\+json|ld\+json; ?profile="https:\/\/www.w3.org\/ns\/activitystreams")/);
      assert.ok(!JSON.parse(body).bto && !JSON.parse(body).bcc);
    });
  }
  await node.stop();
});
