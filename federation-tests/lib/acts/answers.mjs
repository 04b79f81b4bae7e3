// Acts upon others' posts: boosts, favourites, quotes, votes.
import assert from "node:assert/strict";
import { Temporal } from "@js-temporal/polyfill";
import { until } from "../journal.mjs";
import { list, plain } from "./cast.mjs";

const VOTE = "POST /api/v1/polls/:id/votes";
const LEAD = 300; // seconds that a post is put off at least, and that a poll lasts
const LATER = () => Temporal.Now.instant().add({ hours: 2 });

// A poll of tina's that alice's client has heard.
async function theirPoll(s, fields = {}) {
  const { Question, Note, Collection, PUBLIC_COLLECTION } = s.vocab;
  const option = (name, n) => new Note({ name, replies: new Collection({ totalItems: n }) });
  const id = new URL(`/users/tina/polls/${crypto.randomUUID()}`, s.peer.host.base);
  const ask = (counts, more) => new Question({
    id, attribution: s.tina.url, to: PUBLIC_COLLECTION, cc: s.peer.context.getFollowersUri("tina"), content: "<p>Tea or coffee?</p>", published: Temporal.Now.instant(),
    endTime: LATER(), exclusiveOptions: ["Tea", "Coffee"].map((name, i) => option(name, counts[i])), voters: counts[0] + counts[1], ...fields, ...more,
  });
  const post = ask([1, 2]);
  await s.sends(s.vocab.Create, { object: post, tos: [PUBLIC_COLLECTION] });
  return { post, ask, seen: await s.seen(s.alice, id.href) };
}

// tina's vote in a poll of somebody's here.
function ballot(s, { uri }, name, to) {
  const { Note, Create } = s.vocab;
  const note = new Note({ id: new URL(`${s.tina.uri}#votes/${crypto.randomUUID()}`), attribution: s.tina.url, to: new URL(to.uri), replyTarget: new URL(uri), name });
  return s.sends(Create, { object: note, to: new URL(to.uri) }, { to });
}

export const rows = [
  {
    act: "a boost, and taking it back",
    routes: ["POST /api/v1/statuses/:id/reblog", "POST /api/v1/statuses/:id/unreblog"],
    async does(s, me, you) {
      const { made, seen } = await s.shown(you, me, "Pass it on");
      const boost = await me.masto.v1.statuses.$select(seen.id).reblog();
      await s.told(you, "reblog", ({ status }) => status.uri === made.uri);
      const boosters = await you.masto.v1.statuses.$select(made.id).rebloggedBy.list();
      assert.deepEqual(boosters.map(({ acct }) => acct), [me.handle]);
      await me.masto.v1.statuses.$select(seen.id).unreblog();
      return { made, boost };
    },
    arrives: (s, me, you, { made }) => s.status(you, made.id, "no boost", ({ reblogsCount }) => reblogsCount === 0),
    async atFedify(s, { made }, me) {
      const announce = await s.came("Announce", me, ({ objectId }) => objectId.href === made.uri);
      assert.ok(announce.toIds.concat(announce.ccIds).some(({ href }) => href === s.vocab.PUBLIC_COLLECTION.href));
      await s.undone(me, announce);
    },
    async fromFedify(s) {
      const { made: theirs } = await s.shown(s.bob, s.alice, "From a third");
      const made = await s.says(s.alice, "Pass mine on");
      const boost = (uri) => s.sends(s.vocab.Announce, { object: new URL(uri), to: s.vocab.PUBLIC_COLLECTION, cc: s.peer.context.getFollowersUri("tina") });
      const announce = await boost(made.uri);
      await s.told(s.alice, "reblog", ({ status }) => status.id === made.id);
      await s.undoes(announce);
      await s.status(s.alice, made.id, "no boost", ({ reblogsCount }) => reblogsCount === 0);
      const other = await boost(theirs.uri);
      const heard = await s.hears(s.alice, "update", "tina's boost", ({ reblog }) => reblog?.uri === theirs.uri);
      await s.undoes(other);
      await s.hears(s.alice, "delete", "the boost's end", (id) => id === heard.id);
    },
  },
  {
    act: "a favourite, and taking it back",
    routes: ["POST /api/v1/statuses/:id/favourite", "POST /api/v1/statuses/:id/unfavourite"],
    async does(s, me, you) {
      const { made, seen } = await s.shown(you, me, "Like it");
      await me.masto.v1.statuses.$select(seen.id).favourite();
      await s.told(you, "favourite", ({ status, account }) => status.uri === made.uri && account.acct === me.handle);
      const fans = await you.masto.v1.statuses.$select(made.id).favouritedBy.list();
      assert.deepEqual(fans.map(({ acct }) => acct), [me.handle]);
      await me.masto.v1.statuses.$select(seen.id).unfavourite();
      return made;
    },
    arrives: (s, me, you, made) => s.status(you, made.id, "no favourite", ({ favouritesCount }) => favouritesCount === 0),
    async atFedify(s, _, me) { // only the author hears of it
      const { post, seen } = await s.theirs();
      await me.masto.v1.statuses.$select(seen.id).favourite();
      const like = await s.came("Like", me, ({ objectId }) => objectId.href === post.id.href);
      await me.masto.v1.statuses.$select(seen.id).unfavourite();
      await s.undone(me, like);
    },
    async fromFedify(s) {
      const made = await s.says(s.alice, "Like mine");
      const like = await s.sends(s.vocab.Like, { object: new URL(made.uri) });
      await s.told(s.alice, "favourite", ({ status }) => status.id === made.id);
      await s.undoes(like);
      await s.status(s.alice, made.id, "no favourite", ({ favouritesCount }) => favouritesCount === 0);
    },
  },
  {
    act: "a reaction with an emoji",
    without: { atFedify: "no route of the API reacts with an emoji; the suite reactions shows what the command does" },
    routes: [],
    async does(s, me, you) {
      const { made, seen } = await s.shown(you, me, "Hoo?");
      await me.node.run("react", me.name, seen.uri, "🔥");
      return made;
    },
    async arrives(s, me, you, made) { // clients know no other word for it
      await s.told(you, "favourite", ({ status, account }) => status.uri === made.uri && account.acct === me.handle);
    },
    async fromFedify(s) {
      const made = await s.says(s.alice, "Hoo to me?");
      await s.sends(s.vocab.EmojiReact, { object: new URL(made.uri), content: "🔥" });
      await s.told(s.alice, "favourite", ({ status }) => status.id === made.id);
    },
  },
  {
    act: "a quote",
    routes: ["POST /api/v1/statuses"],
    async does(s, me, you) {
      const { made, seen } = await s.shown(you, me, "Quote me");
      const quote = await s.says(me, "As was said", { quotedStatusId: seen.id });
      await s.status(me, quote.id, "that it may stand", ({ quote: shown }) => shown?.state === "accepted");
      return { made, quote };
    },
    async arrives(s, me, you, { made, quote }) {
      const { status } = await s.told(you, "quote", ({ status }) => status.uri === quote.uri);
      const shown = await s.status(you, status.id, "the quote", ({ quote: it }) => it?.state === "accepted");
      assert.equal(shown.quote.quotedStatus.id, made.id);
    },
    async atFedify(s, { quote: between, made }, me) {
      assert.equal((await s.cameWith("Create", me, between.uri)).quoteId.href, made.uri);
      const { QuoteRequest, QuoteAuthorization, InteractionPolicy, InteractionRule, Accept, PUBLIC_COLLECTION } = s.vocab;
      const { post, seen } = await s.theirs({ interactionPolicy: new InteractionPolicy({ canQuote: new InteractionRule({ automaticApproval: PUBLIC_COLLECTION }) }) });
      const quote = await s.says(me, "As tina said", { quotedStatusId: seen.id });
      const request = await s.came("QuoteRequest", me, ({ objectId }) => objectId.href === post.id.href);
      assert.ok(request instanceof QuoteRequest);
      assert.equal((await request.getInstrument()).id.href, quote.uri);
      const result = new QuoteAuthorization({ id: new URL(`/stamps/${crypto.randomUUID()}`, s.peer.host.base), attribution: s.tina.url, interactingObject: new URL(quote.uri), interactionTarget: post.id });
      await s.sends(Accept, { object: request, result });
      await s.status(me, quote.id, "tina's consent", ({ quote: shown }) => shown.state === "accepted");
      await s.cameWith("Update", me, quote.uri, ({ quoteAuthorizationId }) => quoteAuthorizationId?.href === result.id.href);
      await s.sends(s.vocab.Delete, { object: result.id });
      await s.status(me, quote.id, "that it was taken back", ({ quote: shown }) => shown.state === "revoked");
    },
    async fromFedify(s) {
      const made = await s.says(s.alice, "Quote mine");
      const quote = s.writes({ quote: new URL(made.uri), quoteUrl: new URL(made.uri) });
      await s.sends(s.vocab.QuoteRequest, { object: new URL(made.uri), instrument: quote });
      const accept = await s.came("Accept", s.alice, async (activity) => (await activity.getObject({ crossOrigin: "trust" }))?.instrumentId?.href === quote.id.href);
      await s.creates(s.keeps(quote.clone({ quoteAuthorization: accept.resultId })));
      const { status } = await s.told(s.alice, "quote", ({ status: told }) => told.uri === quote.id.href);
      const shown = await s.status(s.alice, status.id, "the quote", ({ quote: it }) => it?.state === "accepted");
      assert.equal(shown.quote.quotedStatus.id, made.id);
      assert.equal((await s.alice.masto.v1.statuses.$select(made.id).fetch()).quotesCount, 1);
    },
  },
  {
    act: "a quote of one's post is no longer wanted",
    routes: ["POST /api/v1/statuses/:id/quotes/:quoting/revoke"],
    async does(s, me, you) {
      const { made, seen } = await s.shown(me, you, "Mine alone");
      const quote = await s.says(you, "As was said", { quotedStatusId: seen.id });
      const { status } = await s.told(me, "quote", (told) => told.status.uri === quote.uri);
      await s.status(you, quote.id, "that it may stand", ({ quote: shown }) => shown?.state === "accepted");
      await me.masto.v1.statuses.$select(made.id).quotes.$select(status.id).revoke();
      return { quote };
    },
    arrives: (s, me, you, { quote }) => s.status(you, quote.id, "that it was taken back", ({ quote: shown }) => shown.state === "revoked"),
    async atFedify(s, _, me) {
      const made = await s.says(me, "Mine, still");
      const quote = s.writes({ quote: new URL(made.uri), quoteUrl: new URL(made.uri) });
      await s.sends(s.vocab.QuoteRequest, { object: new URL(made.uri), instrument: quote });
      const { resultId } = await s.came("Accept", me, async (activity) => (await activity.getObject({ crossOrigin: "trust" }))?.instrumentId?.href === quote.id.href);
      await s.creates(s.keeps(quote.clone({ quoteAuthorization: resultId })));
      const { status } = await s.told(me, "quote", (told) => told.status.uri === quote.id.href);
      await me.masto.v1.statuses.$select(made.id).quotes.$select(status.id).revoke();
      await s.came("Delete", me, ({ objectId }) => objectId.href === resultId.href);
    },
    without: { fromFedify: "tina takes her consent back in the row of quotes" },
  },
  {
    act: "a poll, and votes from both sides",
    routes: ["POST /api/v1/statuses", VOTE],
    async does(s, me, you) {
      const { made, seen } = await s.shown(me, you, "Which?", { poll: { options: ["left", "right"], expiresIn: 300 } });
      assert.deepEqual(seen.poll.options.map(({ title, votesCount }) => [title, votesCount]), [["left", 0], ["right", 0]]);
      await you.masto.v1.polls.$select(seen.poll.id).votes.create({ choices: [1] });
      await s.status(me, made.id, "the vote", ({ poll }) => poll.votesCount === 1);
      const { made: asked, seen: heard } = await s.shown(you, me, "And which of these?", { poll: { options: ["up", "down"], expiresIn: 300, multiple: true } });
      await me.masto.v1.polls.$select(heard.poll.id).votes.create({ choices: [0, 1] });
      s.polls[me.name] = { made, seen };
      return { made, asked };
    },
    async arrives(s, me, you, { asked }) {
      const { poll } = await s.status(you, asked.id, "both votes", ({ poll }) => poll.votesCount === 2);
      assert.deepEqual([poll.votersCount, poll.options.map(({ votesCount }) => votesCount)], [1, [1, 1]]);
    },
    async atFedify(s, { made }, me) {
      const question = await s.cameWith("Create", me, made.uri);
      assert.ok(question instanceof s.vocab.Question);
      assert.deepEqual((await list(question.getExclusiveOptions())).map(({ name }) => String(name)), ["left", "right"]);
      assert.ok(question.endTime);
      await ballot(s, made, "left", me);
      await s.status(me, made.id, "tina's vote", ({ poll }) => poll.votersCount === 2);
      await s.cameWith("Update", me, made.uri, async (told) => told.voters === 2);
    },
    async fromFedify(s) { // whose poll alice votes in, which Fedify sees
      const { post, ask, seen } = await theirPoll(s);
      assert.deepEqual(seen.poll.options, [{ title: "Tea", votesCount: 1 }, { title: "Coffee", votesCount: 2 }]);
      await s.alice.masto.v1.polls.$select(seen.poll.id).votes.create({ choices: [1] });
      const create = await s.came("Create", s.alice, async (activity) => (await activity.getObject())?.replyTargetId?.href === post.id.href);
      assert.equal(String((await create.getObject()).name), "Coffee");
      await s.sends(s.vocab.Update, { object: ask([1, 3]), tos: [s.vocab.PUBLIC_COLLECTION] });
      const { poll } = await s.status(s.alice, seen.id, "the counts", ({ poll }) => poll.votesCount === 4);
      assert.deepEqual([poll.voted, poll.ownVotes], [true, [1]]);
    },
  },
];

// Those for which time must pass: they come last.
export const later = [
  {
    act: "the end of a poll",
    routes: [],
    async does(s, me) {
      await s.passes(LEAD + 30);
      return s.polls[me.name];
    },
    async arrives(s, me, you, { made, seen }) {
      const { status } = await s.listed(you, "poll", ({ status }) => status.uri === made.uri);
      assert.equal(status.id, seen.id);
      await s.listed(me, "poll", ({ status: told }) => told.uri === made.uri);
      assert.equal((await you.masto.v1.polls.$select(seen.poll.id).fetch()).expired, true);
    },
    async atFedify(s, { made }, me) {
      const question = await s.cameWith("Update", me, made.uri, ({ closed }) => closed !== null);
      assert.equal(question.voters, 2);
    },
    async fromFedify(s) {
      const { ask, seen } = await theirPoll(s);
      await s.alice.masto.v1.polls.$select(seen.poll.id).votes.create({ choices: [0] });
      const now = Temporal.Now.instant();
      await s.sends(s.vocab.Update, { object: ask([2, 2], { endTime: now, closed: now }), tos: [s.vocab.PUBLIC_COLLECTION] });
      await s.told(s.alice, "poll", ({ status }) => status.id === seen.id);
      const { expired, votesCount } = await s.alice.masto.v1.polls.$select(seen.poll.id).fetch();
      assert.deepEqual([expired, votesCount], [true, 4]);
    },
  },
  {
    act: "a post that was put off, at its time",
    routes: ["POST /api/v1/statuses"],
    async does(s, me) {
      const text = `Later, by ${me.name}`;
      const { id } = await me.masto.v1.statuses.create({ status: text, scheduledAt: new Date(s.now() + (LEAD + 10) * 1000).toISOString() });
      assert.equal((await me.masto.v1.scheduledStatuses.$select(id).fetch()).params.text, text);
      await s.passes(LEAD + 30);
      return { text };
    },
    arrives: (s, me, you, { text }) => until("it is in the home timeline", async () => (await you.masto.v1.timelines.home.list()).some(({ content }) => plain(content) === text)),
    atFedify: (s, { text }, me) => s.came("Create", me, async (activity) => plain(String((await activity.getObject())?.content ?? "")) === text),
    without: { fromFedify: "others are not told when somebody wrote it" },
  },
];
