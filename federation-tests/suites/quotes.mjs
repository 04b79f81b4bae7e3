// Quotes with consent between three FediFlow nodes (FEP-044f): asking, answering, taking back, what edits, deletions and
// blocks do, and replies, likes and boosts whose author wants to be asked.
import assert from "node:assert/strict";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { run } from "../lib/tap.mjs";
import { get, getJson } from "../lib/wire.mjs";

await run("quotes", async (suite) => {
  const [north, south, east] = await Promise.all(["north", "south", "east"].map((name) => fediflow(name)));
  const nodes = [north, south, east];
  for (const node of nodes) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), south.addPerson("bob"), east.addPerson("carol")]);
  const [alice, bob] = [await north.person("alice"), await south.person("bob")];

  const follows = async (from, name, whom) => {
    await from.follow(name, whom.uri);
    await until(`${name} follows`, async () => (await from.run("following", name)).some(({ uri, state }) => uri === whom.uri && state === "accepted"));
  };
  await follows(south, "bob", alice);
  await follows(east, "carol", alice);
  await follows(east, "carol", bob);

  const path = (uri) => new URL(uri).pathname;
  const page = async (node, post) => (await get(node.host, path(post.url), "text/html")).text;
  const note = (node, uri) => getJson(node.host, path(uri));
  const state = (node, uri, wanted) => node.seesPost(uri, ({ quote_state }) => quote_state === wanted);
  const quote = (post, text, ...options) => south.post("bob", text, "--quote", post.uri, ...options);
  const requests = (name = "alice") => north.run("interactions", name);
  const asked = (uri) => until(`${uri} waits`, async () => (await requests()).find((row) => row.uri === uri && row.state === "pending"));
  const denied = (promise, reason) => assert.rejects(promise, reason);

  let post, quoting;
  await suite.test("a quote is asked for and accepted at once, and its readers can check it", async () => {
    post = await north.post("alice", "Worth to be quoted");
    await Promise.all([south, east].map((node) => node.seesPost(post.uri)));
    quoting = await quote(post, "Well said");
    assert.equal(quoting.quote_uri, post.uri);
    const accepted = await state(south, quoting.uri, "accepted");
    assert.ok(accepted.quote_authorization.startsWith(`${alice.uri}/authorizations/`));
    await state(north, quoting.uri, "accepted");
    await state(east, quoting.uri, "accepted");
  });
  await suite.test("the quoted author is told", async () => {
    assert.ok((await north.run("notices", "alice")).some(({ kind, from }) => kind === "quote" && from === `bob@${south.host.authority}`));
  });
  await suite.test("the authorization is served under its own id, and embeds neither post", async () => {
    const { quote_authorization } = await south.showPost(quoting.uri);
    const document = await getJson(north.host, path(quote_authorization));
    assert.equal(document.type, "QuoteAuthorization");
    assert.deepEqual([document.id, document.attributedTo, document.interactingObject, document.interactionTarget], [quote_authorization, alice.uri, quoting.uri, post.uri]);
    assert.doesNotMatch(JSON.stringify(document), /Well said|Worth to be/);
  });
  await suite.test("the quoting note tells it in all dialects, with a link for those who know none", async () => {
    const document = await note(south, quoting.uri);
    for (const name of ["quote", "quoteUrl", "quoteUri", "_misskey_quote"]) assert.equal(document[name], post.uri, name);
    assert.ok(document.tag.some(({ type, href, mediaType }) => type === "Link" && href === post.uri && /activitystreams/.test(mediaType)));
    assert.match(document.content, /^<p class="quote-inline">RE: <a [^>]*>[^<]*<\/a><\/p><p>Well said/);
    assert.match(document.quoteAuthorization, /\/authorizations\/\d+$/);
  });
  await suite.test("the page shows a card, without the link", async () => {
    const html = await page(south, quoting);
    assert.match(html, /<blockquote class="quoted[^]*Worth to be quoted[^]*<\/blockquote>/);
    assert.doesNotMatch(html, /RE: /);
  });
  await suite.test("an edit of the quoted post shows in the card", async () => {
    await north.run("edit", "alice", post.id, "Worth to be corrected");
    await south.seesPost(post.uri, ({ text }) => /corrected/.test(text));
    assert.match(await page(south, quoting), /<blockquote[^]*Worth to be corrected/);
    assert.equal((await south.showPost(quoting.uri)).quote_state, "accepted");
  });
  await suite.test("an edit of the quote keeps the consent", async () => {
    await south.run("edit", "bob", quoting.id, "Very well said");
    for (const node of [north, east]) await node.seesPost(quoting.uri, ({ text, quote_state }) => /Very well/.test(text) && quote_state === "accepted");
  });

  await suite.test("a consent is taken back, and nobody shows the quote any more", async () => {
    const { quote_authorization } = await south.showPost(quoting.uri);
    await north.run("quote-revoke", "alice", quoting.uri);
    for (const node of nodes) await state(node, quoting.uri, "revoked").catch(async (error) => {
      const { quote_state } = await node.showPost(quoting.uri);
      if (node === east && quote_state === "unauthorised") return; // bob's Update was quicker than the Delete
      throw error;
    });
    assert.equal((await get(north.host, path(quote_authorization))).status, 404);
    assert.doesNotMatch(await page(south, quoting), /<blockquote class="quoted/);
    const document = await note(south, quoting.uri);
    assert.equal(document.quoteAuthorization, undefined);
    await denied(north.run("quote-revoke", "alice", quoting.uri), /no such/);
  });
  await suite.test("one's own post is quoted without asking, also by those elsewhere", async () => {
    const own = await north.post("alice", "As I said", "--quote", post.uri);
    assert.equal(own.quote_state, "accepted");
    assert.equal(own.quote_authorization, null);
    for (const node of [south, east]) await state(node, own.uri, "accepted");
  });
  await suite.test("who is mentioned in a post may quote it", async () => {
    const mentioning = await north.post("alice", `Hello @bob@${south.host.authority}`, "--who-may-quote", "nobody");
    await south.seesPost(mentioning.uri);
    const { mentions } = await south.showPost(mentioning.uri);
    if (mentions.length === 0) return; // handles are looked up by https only
    const answer = await quote(mentioning, "Thank you");
    assert.equal(answer.quote_state, "accepted");
    await state(east, answer.uri, "accepted");
  });

  // --- policies of quotes ---

  await suite.test("a post that nobody may quote is not quoted, and says so", async () => {
    const closed = await north.post("alice", "Mine alone", "--who-may-quote", "nobody");
    const { policy } = await south.seesPost(closed.uri);
    assert.deepEqual(policy.filter(({ may }) => may === "quote"), [{ may: "quote", who: alice.uri, asking: false }]);
    await denied(quote(closed, "All the same"), /does not let/);
  });
  await suite.test("a post for followers' quotes takes theirs and nobody else's", async () => {
    const narrow = await north.post("alice", "For friends to quote", "--who-may-quote", "followers");
    await Promise.all([south, east].map((node) => node.seesPost(narrow.uri)));
    await east.addPerson("stranger");
    await denied(east.post("stranger", "I would", "--quote", narrow.uri), /does not let/);
    const fits = await quote(narrow, "I may");
    await state(east, (await state(south, fits.uri, "accepted")).uri, "accepted");
  });
  await suite.test("where the author looks at each, a quote waits, and is approved or denied", async () => {
    const careful = await north.post("alice", "Ask me first", "--who-may-quote", "ask");
    await Promise.all([south, east].map((node) => node.seesPost(careful.uri)));
    const first = await quote(careful, "May I?");
    const second = await quote(careful, "And this?");
    const [yes, no] = [await asked(first.uri), await asked(second.uri)];
    assert.ok((await north.run("notices", "alice")).some(({ kind }) => kind === "interaction_request"));
    assert.equal((await south.showPost(first.uri)).quote_state, "pending");
    assert.doesNotMatch(await page(south, first), /<blockquote class="quoted/);
    assert.match(await page(south, first), /Quoted post/); // a plain link
    await north.run("approve", "alice", yes.id);
    await north.run("deny", "alice", no.id);
    await state(south, first.uri, "accepted");
    await state(east, first.uri, "accepted");
    await state(south, second.uri, "rejected");
    assert.notEqual((await east.seesPost(second.uri)).quote_state, "accepted");
    await denied(north.run("approve", "alice", no.id), /decided/);
    await denied(north.run("approve", "alice", "17"), /no such/);
  });

  // --- visibility ---

  await suite.test("what is not for everybody is not quoted by others", async () => {
    const secret = await north.post("alice", "For followers only", "--visibility", "followers");
    await south.seesPost(secret.uri);
    await denied(quote(secret, "Look what she says"), /does not let/);
    const own = await north.post("alice", "Again, to the same", "--visibility", "followers", "--quote", secret.uri);
    assert.equal(own.quote_state, "accepted");
    await denied(north.post("alice", "To all", "--quote", secret.uri), /for followers/);
    assert.equal((await get(north.host, path(own.url), "text/html")).status, 404);
  });
  await suite.test("a quote for followers is told to them and to whom it asks", async () => {
    const hidden = await quote(post, "Between us", "--visibility", "followers");
    await state(south, hidden.uri, "accepted");
    assert.equal((await east.seesPost(hidden.uri)).visibility, "followers");
    assert.equal((await get(south.host, path(hidden.uri))).status, 404);
    assert.equal((await get(south.host, path(hidden.url), "text/html")).status, 404);
  });

  // --- ends ---

  await suite.test("when the quoted post is deleted, the quote is a post like any other", async () => {
    const doomed = await north.post("alice", "Soon gone");
    await south.seesPost(doomed.uri);
    const widow = await quote(doomed, "Before it goes");
    await state(south, widow.uri, "accepted");
    await north.run("delete-post", "alice", doomed.id);
    await until("it is gone", async () => !(await south.knows(doomed.uri)));
    assert.doesNotMatch(await page(south, widow), /<blockquote class="quoted|Soon gone/);
    await south.check();
  });
  await suite.test("when the quote is deleted, its consent is, too", async () => {
    const brief = await quote(post, "Not for long");
    const { quote_authorization } = await state(south, brief.uri, "accepted");
    await south.run("delete-post", "bob", brief.id);
    for (const node of [north, east]) await until("it is gone", async () => !(await node.knows(brief.uri)));
    assert.equal((await get(north.host, path(quote_authorization))).status, 404);
  });

  // --- replies, likes and boosts ---

  let guarded;
  await suite.test("a like waits, is counted when it is approved, and taken back", async () => {
    guarded = await north.post("alice", "Ask me for everything", "--who-may-like", "ask", "--who-may-reply", "ask", "--who-may-boost", "ask");
    await Promise.all([south, east].map((node) => node.seesPost(guarded.uri)));
    assert.equal((await south.run("like", "bob", guarded.uri)).state, "pending");
    assert.equal((await south.showPost(guarded.uri)).likes, 0);
    const { id } = await until("it waits", async () => (await requests()).find(({ kind, post: about }) => kind === "like" && about === guarded.id));
    assert.equal((await north.showPost(guarded.uri)).likes, 0);
    await north.run("approve", "alice", id);
    for (const node of [north, south]) await node.seesPost(guarded.uri, ({ likes }) => likes === 1);
    await south.run("like", "bob", guarded.uri, "--undo");
    for (const node of [north, south]) await node.seesPost(guarded.uri, ({ likes }) => likes === 0);
  });
  await suite.test("a reply is held back until it is approved", async () => {
    const reply = await south.post("bob", "If I may", "--reply-to", guarded.uri);
    assert.equal(reply.approval, "pending");
    assert.equal((await get(south.host, path(reply.uri))).status, 404);
    const { id } = await asked(reply.uri);
    assert.equal((await north.showPost(guarded.uri)).replies, 0);
    assert.equal(await east.knows(reply.uri), null);
    await north.run("approve", "alice", id);
    await east.seesPost(reply.uri, ({ parent_uri }) => parent_uri === guarded.uri);
    for (const node of nodes) await node.seesPost(guarded.uri, ({ replies }) => replies === 1);
    assert.match((await note(south, reply.uri)).replyAuthorization, /\/authorizations\/\d+$/);
  });
  await suite.test("a reply that is denied stays its author's", async () => {
    const reply = await south.post("bob", "Let me explain", "--reply-to", guarded.uri);
    await north.run("deny", "alice", (await asked(reply.uri)).id);
    await south.seesPost(reply.uri, ({ approval }) => approval === "rejected");
    assert.equal((await get(south.host, path(reply.uri))).status, 404);
    assert.equal((await get(south.host, path(reply.url), "text/html")).status, 404);
    assert.equal(await east.knows(reply.uri), null);
    assert.equal((await north.showPost(guarded.uri)).replies, 1);
    assert.doesNotMatch((await get(north.host, path(guarded.url), "text/html")).text, /Let me explain/);
  });
  await suite.test("a boost is sent when it is approved", async () => {
    assert.equal((await south.run("boost", "bob", guarded.uri)).state, "pending");
    const { id } = await until("it waits", async () => (await requests()).find(({ kind, state: now }) => kind === "boost" && now === "pending"));
    await north.run("approve", "alice", id);
    for (const node of nodes) await node.seesPost(guarded.uri, ({ boosts }) => boosts === 1);
  });
  await suite.test("what a policy forbids is refused here and there", async () => {
    const silent = await north.post("alice", "No answers, please", "--who-may-reply", "nobody", "--who-may-like", "nobody", "--who-may-boost", "followers");
    await Promise.all([south, east].map((node) => node.seesPost(silent.uri)));
    await denied(south.post("bob", "But", "--reply-to", silent.uri), /does not let/);
    await denied(south.run("like", "bob", silent.uri), /does not let/);
    await denied(east.run("boost", "stranger", silent.uri), /does not let/);
    await north.addPerson("nora");
    await denied(north.run("like", "nora", silent.uri), /does not let/);
    await north.post("alice", "But I may", "--reply-to", silent.uri);
    await south.run("boost", "bob", silent.uri);
    await north.seesPost(silent.uri, ({ boosts, replies, likes }) => boosts === 1 && replies === 1 && likes === 0);
  });

  // --- a block ---

  await suite.test("a block takes every consent back", async () => {
    const last = await quote(post, "One more");
    await state(south, last.uri, "accepted");
    await north.run("block", "alice", bob.uri);
    await until("it is taken back", async () => (await south.showPost(last.uri)).quote_state === "revoked");
    assert.doesNotMatch(await page(south, last), /<blockquote class="quoted/);
    await denied(quote(post, "And one more"), /block|no post|not/);
  });
  for (const node of nodes) {
    await suite.test(`the database of ${node.name} is whole`, () => node.check());
    await node.stop();
  }
});
