// A person's day with masto.js, by REST and by WebSocket, and what comes from a second node.
import assert from "node:assert/strict";
import { createRestAPIClient, createStreamingAPIClient } from "masto";
import WebSocket from "ws";
import { signIn } from "../lib/client.mjs";
import { until } from "../lib/journal.mjs";
import { fediflow } from "../lib/node.mjs";
import { picture } from "../lib/picture.mjs";
import { run } from "../lib/tap.mjs";

await run("client-masto", async (suite) => {
  const [north, south] = await Promise.all(["north", "south"].map((name) => fediflow(name, { settings: { api: { rate: 100000, rate_media: 1000, rate_delete: 1000, rate_sign_up: 1000, rate_token: 1000 } } })));
  for (const node of [north, south]) suite.watch(() => `${node.name}:\n${node.troubles()}`);
  await Promise.all([north.addPerson("alice"), north.addPerson("carol"), south.addPerson("bob")]);
  const rest = {}, tokens = {};
  for (const [node, name] of [[north, "alice"], [north, "carol"], [south, "bob"]]) {
    tokens[name] = (await signIn(node, name)).token;
    rest[name] = createRestAPIClient({ url: node.host.base, accessToken: tokens[name] });
  }
  const { alice, bob, carol } = rest;
  const streaming = createStreamingAPIClient({ streamingApiUrl: north.host.base.replace(/^http/, "ws"), accessToken: tokens.alice, implementation: WebSocket });
  suite.after?.(() => streaming.close());

  let me, bobHere, bobThere;
  await suite.test("it starts as a client does", async () => {
    const instance = await alice.v2.instance.fetch();
    assert.equal(instance.configuration.urls.streaming, north.host.base.replace(/^http/, "ws"));
    assert.ok(instance.apiVersions.mastodon >= 7);
    me = await alice.v1.accounts.verifyCredentials();
    assert.equal(me.username, "alice");
    await Promise.all([
      alice.v1.preferences.fetch(), alice.v2.filters.list(), alice.v1.lists.list(), alice.v1.followedTags.list(), alice.v1.announcements.list(),
      alice.v1.markers.fetch({ timeline: ["home", "notifications"] }), alice.v1.customEmojis.list(), alice.v1.followRequests.list(),
      alice.v2.notifications.list(), alice.v2.notifications.policy.fetch(), alice.v1.conversations.list(), alice.v1.timelines.home.list(),
      alice.v1.trends.tags.list(), alice.v1.trends.statuses.list(), alice.v1.trends.links.list(), alice.v2.suggestions.list(),
    ]);
  });
  await suite.test("two people of two nodes follow each other", async () => {
    bobHere = (await alice.v2.search.list({ q: (await south.person("bob")).handle, resolve: true, type: "accounts" })).accounts[0];
    bobThere = (await bob.v2.search.list({ q: (await north.person("alice")).handle, resolve: true, type: "accounts" })).accounts[0];
    await alice.v1.accounts.$select(bobHere.id).follow();
    await bob.v1.accounts.$select(bobThere.id).follow();
    await until("both follow", async () => (await north.person("alice")).followers === 1 && (await south.person("bob")).followers === 1);
  });

  const heard = [];
  await suite.test("what happens is heard live, by one socket for all", async () => {
    const events = streaming.user.subscribe();
    (async () => {
      for await (const event of events) heard.push(event);
    })().catch(() => {});
    const tagged = streaming.hashtag.subscribe({ tag: "hills" });
    (async () => {
      for await (const event of tagged) heard.push({ ...event, tagged: true });
    })().catch(() => {});
    const letters = streaming.direct.subscribe();
    (async () => {
      for await (const event of letters) heard.push(event);
    })().catch(() => {});
    const hears = (sentence, fits) => until(sentence, () => heard.find(fits));
    // both have begun when what is said by then is heard
    await until("the streams have begun", async () => {
      await alice.v1.statuses.create({ status: "Is this on? #hills" });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return heard.some(({ event, tagged: by }) => event === "update" && by) && heard.some(({ event, tagged: by }) => event === "update" && !by);
    });
    const post = await bob.v1.statuses.create({ status: "Good morning, north" });
    const update = await hears("bob's post", ({ event, payload }) => event === "update" && /Good morning/.test(payload.content));
    await bob.v1.statuses.$select(post.id).update({ status: "Good evening, north" });
    await hears("its edit", ({ event, payload }) => event === "status.update" && payload.id === update.payload.id && /evening/.test(payload.content));
    const mention = await bob.v1.statuses.create({ status: `@${(await north.person("alice")).handle} a letter`, visibility: "direct" });
    await hears("the notification", ({ event, payload }) => event === "notification" && payload.type === "mention");
    await hears("the conversation", ({ event }) => event === "conversation");
    await bob.v1.statuses.$select(post.id).remove();
    await hears("its end", ({ event, payload }) => event === "delete" && String(payload) === update.payload.id);
    assert.ok(mention.id);
  });
  await suite.test("polls, pictures and edits go to and fro between clients of two nodes", async () => {
    const medium = await alice.v2.media.create({ file: new Blob([picture(64, 48)], { type: "image/png" }), description: "a slope" });
    const shown = await alice.v1.statuses.create({ status: "A view", mediaIds: [medium.id], sensitive: true });
    const asked = await alice.v1.statuses.create({ status: "Which?", poll: { options: ["left", "right"], expiresIn: 3600 } });
    const there = async (text) => until(`"${text}" is there`, async () => (await bob.v1.timelines.home.list()).find(({ content }) => content.includes(text)));
    const seen = await there("A view");
    assert.equal(seen.mediaAttachments[0].description, "a slope");
    assert.equal(seen.sensitive, true);
    assert.equal((await fetch(seen.mediaAttachments[0].url)).status, 200);
    const poll = await there("Which?");
    await bob.v1.polls.$select(poll.poll.id).votes.create({ choices: [1] });
    await until("the vote is counted", async () => (await alice.v1.polls.$select(asked.poll.id).fetch()).votesCount === 1);
    await alice.v1.statuses.$select(shown.id).update({ status: "A better view", mediaIds: [medium.id] });
    assert.equal((await there("A better view")).id, seen.id);
    await bob.v1.statuses.$select(seen.id).favourite();
    await bob.v1.statuses.$select(seen.id).reblog();
    await until("both are told", async () => {
      const { notificationGroups } = await alice.v2.notifications.list({ types: ["favourite", "reblog"] });
      return notificationGroups.length === 2;
    });
    const quote = await bob.v1.statuses.create({ status: "Look at this", quotedStatusId: seen.id });
    await until("the quote was allowed", async () => (await bob.v1.statuses.$select(quote.id).fetch()).quote?.state === "accepted");
    await until("it is told of", async () => (await alice.v1.notifications.list({ types: ["quote"] })).length === 1);
  });
  await suite.test("notifications of strangers wait until they are let in", async () => {
    await alice.v2.notifications.policy.update({ forNotFollowing: "filter" });
    await carol.v1.statuses.create({ status: "@alice you do not know me" });
    const [request] = await until("it waits", async () => {
      const found = await alice.v1.notifications.requests.list();
      return found.length === 1 && found;
    });
    assert.equal(request.account.username, "carol");
    await alice.v1.notifications.requests.$select(request.id).accept();
    await until("it is among the others", async () => (await alice.v1.notifications.list({ types: ["mention"] })).some(({ account }) => account.username === "carol"));
  });
  await suite.test("pages lead to the end and back: nothing twice, nothing missing", async () => {
    for (let i = 0; i < 25; i++) await carol.v1.statuses.create({ status: `Line ${i}`, visibility: "unlisted" });
    const id = (await carol.v1.accounts.verifyCredentials()).id;
    const forward = [];
    for await (const page of carol.v1.accounts.$select(id).statuses.list({ limit: 4 })) forward.push(...page.map(({ id: one }) => one));
    assert.equal(new Set(forward).size, forward.length);
    assert.equal(forward.length, (await carol.v1.accounts.verifyCredentials()).statusesCount);
    const backward = [];
    for (let minId = "0"; ; ) {
      const page = await carol.v1.accounts.$select(id).statuses.list({ limit: 4, minId });
      if (page.length === 0) break;
      backward.unshift(...page.map(({ id: one }) => one));
      minId = page[0].id;
    }
    assert.deepEqual(backward, forward);
    const home = [];
    for await (const page of carol.v1.timelines.home.list({ limit: 6 })) home.push(...page.map(({ id: one }) => one));
    assert.equal(new Set(home).size, home.length);
    assert.ok(home.length >= 25, `${home.length}`);
  });
  await suite.test("the same request is made once, and a post is put off", async () => {
    const once = await Promise.all([1, 2].map(() => alice.v1.statuses.create({ status: "Once" }, { requestInit: { headers: { "Idempotency-Key": "once" } } })));
    assert.equal(once[0].id, once[1].id);
    const later = await alice.v1.statuses.create({ status: "Later", scheduledAt: new Date(Date.now() + 3600_000).toISOString() });
    assert.equal((await alice.v1.scheduledStatuses.$select(later.id).fetch()).params.text, "Later");
    await alice.v1.scheduledStatuses.$select(later.id).remove();
  });
  await suite.test("filters are applied by the node", async () => {
    const filter = await carol.v2.filters.create({ title: "Views", context: ["public"], filterAction: "warn", keywordsAttributes: [{ keyword: "view", wholeWord: true }] });
    const marked = (await carol.v1.timelines.public.list({ local: true })).find(({ content }) => /better view/.test(content));
    assert.equal(marked.filtered[0].filter.title, "Views");
    await carol.v2.filters.$select(filter.id).remove();
  });
  await suite.test("it is told what is not there", async () => {
    await assert.rejects(alice.v1.statuses.$select("1").fetch(), ({ statusCode }) => statusCode === 404);
    await assert.rejects(createRestAPIClient({ url: north.host.base, accessToken: "x" }).v1.accounts.verifyCredentials(), ({ statusCode }) => statusCode === 401);
  });
  streaming.close();
});
