// Consent with others: peers that speak as Mastodon 4.5 and GoToSocial do, the older forms of quotes, Fedify 2.3.6, and those
// who lie about whose consent they have.
import assert from "node:assert/strict";
import { until } from "../lib/journal.mjs";
import { fedifyPeer } from "../lib/fedify.mjs";
import { PUBLIC, rawPeer } from "../lib/rawpeer.mjs";
import { accepted, admire, befriend, stage, unharmed } from "../lib/stage.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

await run("quotes-peers", async (suite) => {
  const on = await stage(suite);
  const { node, alice, post, evil, rogue } = on;
  const third = await rawPeer("victim");
  const mona = evil.actor("mona"); // quotes alice
  const sibling = evil.actor("sibling"); // of mona's host
  const victor = rogue.actor("victor"); // is quoted by others
  const twin = rogue.actor("twin"); // of victor's host
  const gus = third.actor("gus"); // GoToSocial
  await befriend(on, mona);
  await admire(on, mona);
  await admire(on, victor);
  await admire(on, gus);

  const inbox = (actor) => new URL(actor.inbox).pathname;
  const got = (actor, what, fits) =>
    actor.peer.requests.wait(what, ({ method, path, body }) => method === "POST" && path === inbox(actor) && fits(JSON.parse(body))).then(({ body }) => JSON.parse(body));
  const answerTo = (actor, request) => got(actor, `the answer to ${request.id}`, ({ type, object }) => ["Accept", "Reject"].includes(type) && (object.id ?? object) === request.id);
  const path = (uri) => new URL(uri).pathname;
  const state = (uri, wanted) => node.seesPost(uri, ({ quote_state }) => quote_state === wanted);
  const stays = async (uri, wanted) => {
    await node.settles();
    assert.equal((await node.showPost(uri)).quote_state, wanted);
  };
  const page = async (which) => (await get(node.host, path(which.url), "text/html")).text;

  // As Mastodon 4.5 writes a quote and asks for it.
  const FEP = {
    quote: { "@id": "https://w3id.org/fep/044f#quote", "@type": "@id" },
    quoteUri: "http://fedibird.com/ns#quoteUri",
    _misskey_quote: "https://misskey-hub.net/ns#_misskey_quote",
    quoteAuthorization: { "@id": "https://w3id.org/fep/044f#quoteAuthorization", "@type": "@id" },
    QuoteRequest: "https://w3id.org/fep/044f#QuoteRequest",
  };
  const context = ["https://www.w3.org/ns/activitystreams", FEP];
  const quotes = (uri) => ({ "@context": context, quote: uri, _misskey_quote: uri, quoteUri: uri });
  const link = (uri) => `<p class="quote-inline">RE: <a href="${uri}">${uri}</a></p>`;
  const quoteOf = (actor, slug, uri, fields = {}) => actor.note(slug, { ...quotes(uri), content: `${link(uri)}<p>${slug}</p>`, ...fields });
  const request = (actor, instrument, object, type = "QuoteRequest") => ({
    "@context": context, id: actor.peer.url(`/users/${actor.name}/requests/${Math.random()}`), type, actor: actor.id, object, instrument,
  });
  // The consent of an actor, served where it says.
  const stamp = (owner, slug, object, target, fields = {}) => {
    const id = owner.peer.url(`/users/${owner.name}/stamps/${slug}`);
    const document = { "@context": context, id, type: "QuoteAuthorization", attributedTo: owner.id, interactingObject: object, interactionTarget: target, ...fields };
    owner.peer.page(`/users/${owner.name}/stamps/${slug}`, document);
    return id;
  };
  const create = (actor, note) => actor.activity("Create", note, { to: note.to, cc: note.cc });
  const sends = async (actor, activity) => accepted(await actor.post(node, activity));
  const tries = async (actor, activity) => {
    const { status, text } = await actor.post(node, activity);
    assert.ok([202, 400, 403].includes(status), `${status} ${text.slice(0, 200)}`);
  };

  // --- quoted by a Mastodon ---

  let quoting;
  await suite.test("a QuoteRequest with the quote embedded is answered with an authorization for it", async () => {
    quoting = quoteOf(mona, "first", post.uri);
    const { "@context": _, ...instrument } = quoting;
    const asking = request(mona, instrument, post.uri);
    await sends(mona, asking);
    const answer = await answerTo(mona, asking);
    assert.equal(answer.type, "Accept");
    assert.deepEqual(answer.to, [mona.id]);
    assert.deepEqual([answer.object.type, answer.object.actor, answer.object.object, answer.object.instrument], ["QuoteRequest", mona.id, post.uri, quoting.id]);
    const document = await getJson(node.host, path(answer.result));
    assert.deepEqual([document.type, document.attributedTo, document.interactingObject, document.interactionTarget], ["QuoteAuthorization", alice.uri, quoting.id, post.uri]);
    await state(quoting.id, "accepted");
    await sends(mona, { ...asking, id: `${asking.id}again` });
    assert.equal((await answerTo(mona, { id: `${asking.id}again` })).result, answer.result, "another authorization for the same quote");
  });
  await suite.test("the Create and the Update of the quote change nothing more", async () => {
    await sends(mona, create(mona, quoting));
    const { quote_authorization } = await node.showPost(quoting.id);
    await sends(mona, mona.activity("Update", { ...quoting, quoteAuthorization: quote_authorization }, { to: [PUBLIC] }));
    await stays(quoting.id, "accepted");
  });
  await suite.test("a quote is taken back by a Delete of its authorization", async () => {
    const { quote_authorization } = await node.showPost(quoting.id);
    await node.run("quote-revoke", "alice", quoting.id);
    const word = await got(mona, "the Delete", ({ type, object }) => type === "Delete" && object.id === quote_authorization);
    assert.deepEqual(Object.keys(word.object).filter((key) => /interact/.test(key)), []);
    await state(quoting.id, "revoked");
    assert.equal((await get(node.host, path(quote_authorization))).status, 404);
    await sends(mona, mona.activity("Update", { ...quoting, quoteAuthorization: quote_authorization, updated: new Date().toISOString() }, { to: [PUBLIC] }));
    await stays(quoting.id, "revoked");
  });
  await suite.test("a QuoteRequest that the policy forbids is rejected, and the quote is not kept", async () => {
    const closed = await node.post("alice", "Mine alone", "--who-may-quote", "nobody");
    const bold = quoteOf(mona, "bold", closed.uri);
    const asking = request(mona, bold, closed.uri);
    await sends(mona, asking);
    const answer = await answerTo(mona, asking);
    assert.equal(answer.type, "Reject");
    assert.equal(answer.result, undefined);
    assert.equal(await node.knows(bold.id), null);
  });
  await suite.test("an instrument that is told by its id is fetched", async () => {
    const distant = quoteOf(mona, "distant", post.uri);
    const asking = request(mona, distant.id, post.uri);
    await sends(mona, asking);
    assert.equal((await answerTo(mona, asking)).type, "Accept");
    await state(distant.id, "accepted");
  });
  await suite.test("a quote in one of the older forms is shown while alice lets everybody quote", async () => {
    for (const [slug, fields] of Object.entries({
      misskey: { _misskey_quote: post.uri, quoteUrl: post.uri },
      fedibird: { quoteUri: post.uri },
      e232: { tag: [{ type: "Link", mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"', href: post.uri, name: `RE: ${post.uri}` }] },
    })) {
      const old = mona.note(slug, fields);
      await sends(mona, create(mona, old));
      await state(old.id, "accepted");
      await node.run("quote-revoke", "alice", old.id);
      await state(old.id, "revoked");
    }
    const link = mona.note("object-link", { tag: [{ type: "Link", mediaType: "application/activity+json", href: post.uri, name: "a post" }] });
    await sends(mona, create(mona, link));
    assert.equal((await node.seesPost(link.id)).quote_uri, null, "a link to a post is no quote");
  });

  // --- quoting a Mastodon ---

  const policy = (actor, fields) => ({ interactionPolicy: { canQuote: { automaticApproval: [PUBLIC] }, ...fields } });
  let theirs, ours, asking;
  await suite.test("the author of a post that alice quotes is asked, with the quote embedded", async () => {
    theirs = victor.note("quotable", policy(victor));
    await sends(victor, create(victor, theirs));
    await node.seesPost(theirs.id);
    ours = await node.post("alice", "As victor says", "--quote", theirs.id);
    assert.equal(ours.quote_state, "pending");
    asking = await got(victor, "the request", ({ type, object }) => type === "QuoteRequest" && object === theirs.id);
    assert.equal(asking.actor, alice.uri);
    assert.deepEqual([asking.instrument.id, asking.instrument.quote, asking.instrument.attributedTo], [ours.uri, theirs.id, alice.uri]);
    assert.match(await page(ours), /Quoted post/);
    assert.doesNotMatch(await page(ours), /<blockquote class="quoted/);
  });
  const answer = (actor, type, object, fields) => actor.activity(type, object, { to: [alice.uri], ...fields });
  const inner = () => ({ id: asking.id, type: "QuoteRequest", actor: alice.uri, object: theirs.id, instrument: ours.uri });
  await suite.test("S-008 nobody else's answer counts, nor one whose proof is on another host", async () => {
    const own = stamp(twin, "own", ours.uri, theirs.id);
    for (const liar of [twin, mona]) {
      await tries(liar, answer(liar, "Accept", inner(), { result: own }));
      await tries(liar, answer(liar, "Accept", asking.id, { result: own }));
      await tries(liar, answer(liar, "Reject", inner()));
    }
    await tries(victor, answer(victor, "Accept", inner(), { result: stamp(mona, "abroad", ours.uri, theirs.id) }));
    await tries(victor, answer(victor, "Accept", inner()));
    await stays(ours.uri, "pending");
  });
  let proof;
  await suite.test("its Accept makes it a quote, and the followers get an Update with the authorization", async () => {
    proof = stamp(victor, "ours", ours.uri, theirs.id);
    await sends(victor, answer(victor, "Accept", inner(), { result: proof }));
    await state(ours.uri, "accepted");
    const update = await got(mona, "the Update", ({ type, object }) => type === "Update" && object.id === ours.uri);
    assert.equal(update.object.quoteAuthorization, proof);
    assert.match(await page(ours), /<blockquote class="quoted[^]*quotable/);
  });
  await suite.test("S-019 a stranger's Delete of the authorization is nothing, its author's ends the quote", async () => {
    for (const liar of [twin, mona, sibling]) await tries(liar, liar.activity("Delete", proof));
    await stays(ours.uri, "accepted");
    await sends(victor, victor.activity("Delete", { type: "QuoteAuthorization", id: proof, attributedTo: victor.id }));
    await state(ours.uri, "revoked");
    await got(mona, "the next Update", ({ type, object }) => type === "Update" && object.id === ours.uri && object.quoteAuthorization === undefined);
    await tries(victor, answer(victor, "Accept", inner(), { result: proof }));
    await stays(ours.uri, "revoked");
  });
  await suite.test("a Reject that names the request by its id alone refuses the quote", async () => {
    ours = await node.post("alice", "Once more", "--quote", theirs.id);
    asking = await got(victor, "the request", ({ type, instrument }) => type === "QuoteRequest" && instrument.id === ours.uri);
    await sends(victor, answer(victor, "Reject", asking.id));
    await state(ours.uri, "rejected");
  });

  // --- quotes between two others ---

  let count = 0;
  // mona quotes a post of victor's with that authorization, made of the two ids.
  const third_party = async (authorization, fields = {}) => {
    const slug = `third${count++}`;
    const note = quoteOf(mona, slug, theirs.id, fields);
    note.quoteAuthorization = await authorization(slug, note.id);
    await sends(mona, create(mona, note));
    await node.seesPost(note.id);
    await node.settles();
    return note;
  };
  await suite.test("the authorization of a third party's quote is fetched and believed", async () => {
    const note = await third_party((slug, id) => stamp(victor, slug, id, theirs.id));
    await state(note.id, "accepted");
    assert.equal(rogue.count(`/users/victor/stamps/third${count - 1}`), 1);
  });
  await suite.test("what is quoted is fetched when it is not known, and then its authorization", async () => {
    const fresh = gus.note("unknown");
    const note = quoteOf(mona, "unknown", fresh.id);
    note.quoteAuthorization = stamp(gus, "unknown", note.id, fresh.id);
    await sends(mona, create(mona, note));
    await state(note.id, "accepted");
    assert.ok(await node.knows(fresh.id));
  });
  await suite.test("an authorization that does not fit in every point is none", async () => {
    const other = victor.note("another");
    const bad = {
      "of another author": (slug, id) => stamp(victor, slug, id, theirs.id, { attributedTo: twin.id }),
      "by a sibling": (slug, id) => stamp(twin, slug, id, theirs.id),
      "by a sibling in the author's name": (slug, id) => stamp(twin, slug, id, theirs.id, { attributedTo: victor.id, id: rogue.url(`/users/victor/stamps/${slug}`) }),
      "on another host": (slug, id) => stamp(gus, slug, id, theirs.id, { attributedTo: victor.id }),
      "by the quoter": (slug, id) => stamp(mona, slug, id, theirs.id, { attributedTo: victor.id }),
      "of another post": (slug, id) => stamp(victor, slug, id, other.id),
      "for another quote": (slug) => stamp(victor, slug, quoting.id, theirs.id),
      "for two quotes": (slug, id) => stamp(victor, slug, [quoting.id, id], theirs.id),
      "of another kind": (slug, id) => stamp(victor, slug, id, theirs.id, { type: "LikeAuthorization" }),
      "of no kind": (slug, id) => stamp(victor, slug, id, theirs.id, { type: "Note" }),
      "with another id": (slug, id) => stamp(victor, slug, id, theirs.id, { id: rogue.url("/users/victor/stamps/x") }),
      "behind a redirect": (slug, id) => {
        const to = stamp(victor, `${slug}-real`, id, theirs.id);
        rogue.page(`/users/victor/stamps/${slug}`, (_, response) => response.writeHead(302, { Location: to }).end());
        return rogue.url(`/users/victor/stamps/${slug}`);
      },
      "that is not there": (slug) => rogue.url(`/users/victor/stamps/${slug}`),
      "of this node": () => `${alice.uri}/authorizations/1`,
    };
    for (const [what, make] of Object.entries(bad)) {
      const note = await third_party(make);
      const { quote_state } = await node.showPost(note.id);
      assert.equal(quote_state, "unauthorised", what);
    }
  });
  await suite.test("one authorization does not serve two quotes", async () => {
    const note = await third_party((slug, id) => stamp(victor, slug, id, theirs.id));
    await state(note.id, "accepted");
    const copy = await third_party(() => note.quoteAuthorization);
    await stays(copy.id, "unauthorised");
    await stays(note.id, "accepted");
  });
  await suite.test("S-019 an early Delete by a stranger, or a false copy, does not spoil the real quote", async () => {
    const note = quoteOf(mona, "early", theirs.id);
    note.quoteAuthorization = stamp(victor, "early", note.id, theirs.id);
    for (const liar of [twin, sibling, gus]) await tries(liar, liar.activity("Delete", note.quoteAuthorization));
    await tries(sibling, create(sibling, { ...note, quoteAuthorization: `${note.quoteAuthorization}x` }));
    await sends(mona, create(mona, note));
    await state(note.id, "accepted");
  });
  await suite.test("an early Delete by the quoted author does", async () => {
    const note = quoteOf(mona, "too-late", theirs.id);
    note.quoteAuthorization = stamp(victor, "too-late", note.id, theirs.id);
    await sends(victor, victor.activity("Delete", note.quoteAuthorization));
    await sends(mona, create(mona, note));
    await stays(note.id, "unauthorised");
  });
  await suite.test("an Update brings the authorization later, and its Delete ends it", async () => {
    const note = await third_party(() => undefined);
    await stays(note.id, "unauthorised");
    const { edited } = await node.showPost(note.id);
    note.quoteAuthorization = stamp(victor, "later", note.id, theirs.id);
    await sends(mona, mona.activity("Update", note, { to: [PUBLIC] }));
    assert.equal((await state(note.id, "accepted")).edited, edited, "it counts as edited");
    await tries(twin, twin.activity("Delete", note.quoteAuthorization));
    await stays(note.id, "accepted");
    await sends(victor, victor.activity("Delete", note.quoteAuthorization));
    await state(note.id, "revoked");
  });
  await suite.test("the older forms are no way around consent", async () => {
    const note = mona.note("legacy", { quoteUrl: theirs.id, _misskey_quote: theirs.id });
    await sends(mona, create(mona, note));
    await node.seesPost(note.id);
    await stays(note.id, "unauthorised");
  });
  await suite.test("S-071 a post that its quoter may not see is not known by quoting it", async () => {
    const secret = await node.post("alice", "A letter", "--visibility", "direct");
    const before = evil.requests.entries.length;
    for (const uri of [secret.uri, `${alice.uri}/statuses/17`]) {
      const note = quoteOf(mona, `guess${uri.slice(-4)}`, uri);
      await sends(mona, create(mona, note));
      const { quote_state, quote } = await node.seesPost(note.id);
      assert.deepEqual([quote_state, quote], ["unauthorised", null]);
      await sends(mona, request(mona, note, uri));
    }
    await node.settles();
    assert.equal(evil.requests.entries.slice(before).filter(({ method }) => method === "POST").length, 0, "there was an answer");
  });
  await suite.test("S-005 nobody asks with another's post", async () => {
    const note = quoteOf(mona, "stolen", post.uri);
    const answers = () => sibling.peer.requests.filter(({ method, path: to }) => method === "POST" && to === inbox(sibling)).length;
    const before = answers();
    for (const instrument of [note, note.id, { ...note, attributedTo: sibling.id, id: rogue.url("/x") }]) {
      await tries(sibling, request(sibling, instrument, post.uri));
    }
    await tries(sibling, request(sibling, { ...sibling.note("plain"), quote: theirs.id }, post.uri));
    await node.settles();
    assert.equal(answers(), before, "there was an answer");
  });

  // --- GoToSocial ---

  const GTS = "https://gotosocial.org/ns";
  let guarded;
  await suite.test("a policy in GoToSocial's older words is kept", async () => {
    const old = gus.note("old-words", { "@context": [GTS, context[0]], interactionPolicy: { canLike: { always: [gus.id], approvalRequired: [] }, canReply: { always: [PUBLIC], approvalRequired: [] } } });
    await sends(gus, create(gus, old));
    const { policy: lines } = await node.seesPost(old.id);
    assert.deepEqual(lines, [{ may: "reply", who: "everybody", asking: false }, { may: "like", who: gus.id, asking: false }]);
    await assert.rejects(node.run("like", "alice", old.id), /does not let/);
  });
  await suite.test("a like, a reply and a boost of a post whose author wants to be asked are asked for", async () => {
    const ask = { automaticApproval: [gus.id], manualApproval: [PUBLIC] };
    guarded = gus.note("guarded", { "@context": [GTS, context[0]], interactionPolicy: { canLike: ask, canReply: ask, canAnnounce: ask } });
    await sends(gus, create(gus, guarded));
    await node.seesPost(guarded.id);
    assert.equal((await node.run("like", "alice", guarded.id)).state, "pending");
    assert.equal((await node.run("boost", "alice", guarded.id)).state, "pending");
    const reply = await node.post("alice", "With your leave", "--reply-to", guarded.id);
    assert.equal(reply.approval, "pending");
    for (const [type, kind] of [["LikeRequest", "Like"], ["AnnounceRequest", "Announce"], ["ReplyRequest", "Note"]]) {
      const asked = await got(gus, type, (activity) => activity.type === type && activity.object === guarded.id);
      assert.equal(asked.instrument.type, kind);
      assert.ok(asked.instrument.id);
      const result = gus.peer.url(`/authorizations/${kind}`);
      await sends(gus, gus.activity("Accept", { type, id: asked.id, actor: alice.uri, object: guarded.id, instrument: asked.instrument.id }, { "@context": [GTS, context[0]], to: alice.uri, result }));
    }
    await node.seesPost(guarded.id, ({ likes, boosts, replies }) => likes === 1 && boosts === 1 && replies === 1);
    const made = await got(mona, "the Create", ({ type, object }) => type === "Create" && object.id === reply.uri);
    assert.equal(made.object.replyAuthorization, gus.peer.url("/authorizations/Note"));
    const boost = await got(mona, "the Announce", ({ type, object }) => type === "Announce" && object === guarded.id);
    assert.equal(boost.announceAuthorization, gus.peer.url("/authorizations/Announce"));
  });
  await suite.test("LikeRequest, ReplyRequest and AnnounceRequest are answered, each with its authorization", async () => {
    const mine = await node.post("alice", "Ask me", "--who-may-like", "ask", "--who-may-reply", "ask", "--who-may-boost", "ask");
    const like = { type: "Like", id: gus.peer.url("/likes/1"), actor: gus.id, object: mine.uri };
    const boost = { type: "Announce", id: gus.peer.url("/boosts/1"), actor: gus.id, object: mine.uri, to: [PUBLIC] };
    const reply = gus.note("polite", { inReplyTo: mine.uri, cc: [alice.uri] });
    const all = { LikeRequest: like, AnnounceRequest: boost, ReplyRequest: reply };
    const requests = Object.fromEntries(Object.entries(all).map(([type, instrument]) => [type, request(gus, instrument, mine.uri, type)]));
    for (const asking of Object.values(requests)) await sends(gus, asking);
    const rows = await until("all three wait", async () => {
      const waiting = (await node.run("interactions", "alice")).filter(({ post: about, state: now }) => about === mine.id && now === "pending");
      return waiting.length === 3 && waiting;
    });
    assert.deepEqual([(await node.showPost(mine.uri)).likes, (await node.showPost(mine.uri)).replies], [0, 0]);
    for (const { id } of rows) await node.run("approve", "alice", id);
    for (const [type, asking] of Object.entries(requests)) {
      const { type: verdict, result } = await answerTo(gus, asking);
      assert.equal(verdict, "Accept");
      const document = await getJson(node.host, path(result));
      assert.equal(document.type, type.replace("Request", "Authorization"));
      assert.deepEqual([document.interactingObject, document.interactionTarget], [asking.instrument.id, mine.uri]);
    }
    await node.seesPost(mine.uri, ({ likes, boosts, replies }) => likes === 1 && boosts === 1 && replies === 1);
  });
  await suite.test("what comes without asking waits, too, and its answer names it", async () => {
    const mine = await node.post("alice", "Ask me still", "--who-may-like", "ask", "--who-may-reply", "ask");
    const rude = gus.note("rude", { inReplyTo: mine.uri, cc: [alice.uri] });
    await sends(gus, create(gus, rude));
    await sends(gus, gus.activity("Like", mine.uri));
    const rows = await until("both wait", async () => {
      const waiting = (await node.run("interactions", "alice")).filter(({ post: about }) => about === mine.id);
      return waiting.length === 2 && waiting;
    });
    assert.equal((await node.showPost(mine.uri)).likes, 0);
    assert.equal((await node.showPost(mine.uri)).replies, 0);
    assert.doesNotMatch(await page(mine), /rude/);
    for (const { id, kind } of rows) await node.run(kind === "reply" ? "approve" : "deny", "alice", id);
    const yes = await got(gus, "the Accept", ({ type, object }) => type === "Accept" && object === rude.id);
    assert.equal(yes.target, mine.uri);
    assert.match(yes.result, /\/authorizations\/\d+$/);
    await node.seesPost(mine.uri, ({ likes, replies }) => likes === 0 && replies === 1);
    assert.match(await page(mine), /rude/);
  });
  await suite.test("a reply and a like that the policy forbids are not kept", async () => {
    const mine = await node.post("alice", "No", "--who-may-like", "nobody", "--who-may-reply", "nobody", "--who-may-boost", "nobody");
    const no = gus.note("forbidden", { inReplyTo: mine.uri, cc: [alice.uri] });
    await tries(gus, create(gus, no));
    await tries(gus, gus.activity("Like", mine.uri));
    await tries(gus, gus.activity("Announce", mine.uri, { to: [PUBLIC] }));
    await node.settles();
    const { likes, replies, boosts } = await node.showPost(mine.uri);
    assert.deepEqual({ likes, replies, boosts }, { likes: 0, replies: 0, boosts: 0 });
    assert.equal(await node.knows(no.id), null);
  });
  await suite.test("between two others, a reply is joined when its authorization holds", async () => {
    const make = async (slug, authorization) => {
      const reply = mona.note(slug, { inReplyTo: guarded.id });
      reply.replyAuthorization = authorization(reply.id);
      await tries(mona, create(mona, reply));
      await node.settles();
      return node.knows(reply.id);
    };
    const stamped = (slug, fields) => (id) => stamp(gus, slug, id, guarded.id, { type: "ReplyAuthorization", ...fields });
    const before = (await node.showPost(guarded.id)).replies;
    assert.equal((await make("proven", stamped("proven"))).approval, "accepted");
    assert.equal((await node.showPost(guarded.id)).replies, before + 1);
    assert.equal(await make("bare", () => undefined), null);
    assert.notEqual((await make("false", stamped("false", { attributedTo: victor.id }))).approval, "accepted");
    assert.equal((await node.showPost(guarded.id)).replies, before + 1);
  });

  // --- Fedify ---

  const peer = await fedifyPeer(2, "fedify2");
  suite.watch(() => peer.troubles());
  const { vocab } = peer;
  const tina = await peer.addPerson("tina");
  await suite.test("Fedify's QuoteRequest is accepted, and it reads the answer and the authorization", async () => {
    const target = await peer.lookup(alice.uri, "tina");
    const quote = peer.addPost("tina", "quote", { content: "<p>Indeed</p>", quote: new URL(post.uri), quoteUrl: new URL(post.uri) });
    await peer.send("tina", target, vocab.QuoteRequest, { object: new URL(post.uri), instrument: quote });
    const { activity } = await peer.activities.wait("the Accept", ({ type, actor }) => type === "Accept" && actor === alice.uri);
    const asked = await activity.getObject({ crossOrigin: "trust" }); // it is ours, and Fedify's own
    assert.ok(asked instanceof vocab.QuoteRequest);
    assert.equal(asked.instrumentId.href, quote.id.href);
    const authorization = await peer.lookup(activity.resultId.href);
    assert.ok(authorization instanceof vocab.QuoteAuthorization);
    assert.equal(authorization.attributionId.href, alice.uri);
    assert.equal(authorization.interactingObjectId.href, quote.id.href);
    assert.equal(authorization.interactionTargetId.href, post.uri);
    await state(quote.id.href, "accepted");
  });
  await suite.test("Fedify's policy is understood, and it reads our request, quote and policy", async () => {
    await node.follow("alice", tina.href);
    await node.seesPerson(tina.href, ({ followers }) => followers === 1);
    const rule = (fields) => new vocab.InteractionRule(fields);
    const theirs = peer.addPost("tina", "careful", {
      content: "<p>Ask me</p>",
      interactionPolicy: new vocab.InteractionPolicy({ canQuote: rule({ manualApproval: vocab.PUBLIC_COLLECTION }), canLike: rule({ automaticApproval: tina }) }),
    });
    const target = await peer.lookup(alice.uri, "tina");
    await peer.send("tina", target, vocab.Create, { object: theirs, to: theirs.toId });
    const { policy: lines } = await node.seesPost(theirs.id.href);
    assert.deepEqual(lines, [{ may: "quote", who: "everybody", asking: true }, { may: "like", who: tina.href, asking: false }]);
    await assert.rejects(node.run("like", "alice", theirs.id.href), /does not let/);
    const quote = await node.post("alice", "As tina says", "--quote", theirs.id.href);
    const { activity } = await peer.activities.wait("the request", ({ type }) => type === "QuoteRequest");
    const instrument = await activity.getInstrument();
    assert.equal(activity.objectId.href, theirs.id.href);
    assert.equal(instrument.id.href, quote.uri);
    assert.equal(instrument.quoteId.href, theirs.id.href);
    assert.equal(instrument.quoteUrl.href, theirs.id.href);
    const policy = instrument.interactionPolicy;
    assert.equal(policy.canLike.automaticApproval.href, PUBLIC);
    assert.equal(policy.canQuote.automaticApproval.href, PUBLIC);
    const result = new vocab.QuoteAuthorization({ id: new URL(`/users/tina/stamps/1`, peer.host.base), attribution: tina, interactingObject: new URL(quote.uri), interactionTarget: theirs.id });
    await peer.send("tina", target, vocab.Accept, { object: activity, result });
    const done = await state(quote.uri, "accepted");
    assert.equal(done.quote_authorization, result.id.href);
    const shown = await peer.lookup(quote.uri);
    assert.equal(shown.quoteAuthorizationId.href, result.id.href);
    await peer.send("tina", target, vocab.Delete, { object: result.id });
    await state(quote.uri, "revoked");
  });
  await peer.stop();

  await unharmed(suite, on);
});
