// A walk over every endpoint of the client API: makes what each of them shows, looks at it, and takes it away again.
import assert from "node:assert/strict";

export const DATE = "2030-05-01T12:00:00.000Z";

// A person of the other node with a post of each kind, known here since bob follows them.
export async function elsewhere(north, south, clients, until) {
  const sam = await south.person("sam");
  await north.follow("bob", sam.uri);
  await until("bob follows sam", async () => (await south.person("sam")).followers === 1);
  await south.post("sam", "From the #south, with a link: https://example.org/");
  const asked = await south.run("post", "sam", "Which way?", "--poll-option", "left", "--poll-option", "right", "--poll-minutes", "60").catch((error) => error);
  const handle = `sam@${south.host.name ?? new URL(south.host.base).host}`;
  const found = await until("sam is known", async () => (await clients.bob.get(`/api/v1/accounts/search?q=${encodeURIComponent(handle)}&resolve=true`))[0]);
  const posts = await until("sam's posts have come", async () => {
    const list = await clients.bob.get(`/api/v1/accounts/${found.id}/statuses`);
    return list.length >= (asked instanceof Error ? 1 : 2) && list;
  });
  return { account: found, posts, handle };
}

export async function everything({ test, ask, north, clients, remote, picture, until }) {
  const me = {};
  for (const name of Object.keys(clients).filter((name) => clients[name].app)) me[name] = (await clients[name].get("/api/v1/accounts/verify_credentials")).id;
  const made = {};

  await test("the node, to anybody", async () => {
    for (const text of ["about", "privacy"]) await north.runWith("Be kind.\n", "text", "set", text);
    for (const path of ["/api/v2/instance", "/api/v1/instance", "/api/v1/instance/peers", "/api/v1/instance/activity", "/api/v1/instance/rules", "/api/v1/instance/extended_description", "/api/v1/instance/privacy_policy", "/api/v1/instance/languages", "/api/v1/custom_emojis"]) await ask("nobody", "GET", path);
    await ask("nobody", "GET", "/health", { text: true });
    await ask("nobody", "GET", "/.well-known/oauth-authorization-server");
    await ask("nobody", "GET", "/api/v1/instance/domain_blocks");
    await ask("nobody", "GET", "/api/v1/instance/terms_of_service", { status: 404 });
    await north.runWith("Be kind.\n", "text", "set", "terms", "--from", "2026-01-01");
    await ask("nobody", "GET", "/api/v1/instance/terms_of_service");
    await north.runWith("Be kinder.\n", "text", "set", "terms", "--from", "2035-01-01");
    await ask("nobody", "GET", "/api/v1/instance/terms_of_service/:date", { values: "2026-01-01" });
  });

  await test("applications", async () => {
    const app = await ask("nobody", "POST", "/api/v1/apps", { body: { client_name: "Walk", redirect_uris: ["urn:ietf:wg:oauth:2.0:oob"], scopes: "read", website: "https://example.org/" } });
    await ask("nobody", "POST", "/api/v1/apps", { body: { client_name: "Walk" }, status: 422 });
    await ask("alice", "GET", "/api/v1/apps/verify_credentials");
    return app;
  });

  await test("media", async () => {
    made.medium = await ask("alice", "POST", "/api/v2/media", { form: { file: picture(), description: "a slope", focus: "0.1,-0.2" } });
    made.other = await ask("alice", "POST", "/api/v1/media", { form: { file: picture() } });
    await ask("alice", "GET", "/api/v1/media/:id", { values: made.medium.id });
    await ask("alice", "PUT", "/api/v1/media/:id", { values: made.medium.id, body: { description: "a steep slope" } });
    await ask("alice", "DELETE", "/api/v1/media/:id", { values: made.other.id });
  });

  await test("posts of every kind", async () => {
    made.post = await ask("alice", "POST", "/api/v1/statuses", { body: { status: "A picture for @bob and #everybody, https://example.org/page", media_ids: [made.medium.id], sensitive: true, language: "en" } });
    made.poll = await ask("alice", "POST", "/api/v1/statuses", { body: { status: "Which?", spoiler_text: "a question", poll: { options: ["one", "two"], expires_in: 3600, multiple: true } } });
    made.private = await ask("alice", "POST", "/api/v1/statuses", { body: { status: "For followers", visibility: "private" } });
    made.letter = await ask("alice", "POST", "/api/v1/statuses", { body: { status: "@bob a letter", visibility: "direct" } });
    made.reply = await ask("bob", "POST", "/api/v1/statuses", { body: { status: "@alice I see", in_reply_to_id: made.post.id } });
    made.quote = await ask("bob", "POST", "/api/v1/statuses", { body: { status: "Look", quoted_status_id: made.post.id } });
    made.local = await ask("alice", "POST", "/api/v1/statuses", { body: { status: "Here only", visibility: "local" } });
    made.scheduled = await ask("alice", "POST", "/api/v1/statuses", { body: { status: "Later", spoiler_text: "not now", scheduled_at: DATE, poll: { options: ["a", "b"], expires_in: 600, hide_totals: true }, quote_approval_policy: "followers" } });
    await clients.alice.post("/api/v1/statuses", { status: "A reply", scheduled_at: DATE, in_reply_to_id: made.post.id });
    made.picture = await ask("alice", "POST", "/api/v2/media", { form: { file: picture() } });
    await ask("alice", "POST", "/api/v1/statuses", { body: { status: "Later, with a picture", scheduled_at: DATE, media_ids: [made.picture.id], quoted_status_id: made.post.id } });
    await ask("alice", "POST", "/api/v1/statuses", { body: { status: "" }, status: 422 });
    await ask("alice", "PUT", "/api/v1/statuses/:id", { values: made.reply.id, body: { status: "mine" }, status: 404 });
    await ask("alice", "PUT", "/api/v1/statuses/:id", { values: made.post.id, body: { status: "A picture for @bob and #everybody, edited https://example.org/page", media_ids: [made.medium.id] } });
    await ask("bob", "GET", "/api/v1/statuses/:id", { values: made.post.id });
    for (const post of Object.values(remote.posts)) await ask("bob", "GET", "/api/v1/statuses/:id", { values: post.id });
    await ask("nobody", "GET", "/api/v1/statuses/:id", { values: made.private.id, status: 404 });
    await ask("bob", "GET", "/api/v1/statuses", { query: `id[]=${made.post.id}&id[]=${made.poll.id}` });
    await ask("bob", "GET", "/api/v1/statuses/:id/context", { values: made.post.id });
    await ask("bob", "GET", "/api/v1/statuses/:id/context", { values: remote.posts[0].id });
    const refresh = `context-${remote.posts[0].id}`;
    await until("its thread is old enough to be looked for", () => clients.bob.get(`/api/v1_alpha/async_refreshes/${refresh}`).then(() => true, () => false));
    await ask("bob", "GET", "/api/v1_alpha/async_refreshes/:id", { values: refresh });
    await ask("bob", "GET", "/api/v1_alpha/async_refreshes/:id", { values: "context-1", status: 404 });
    await ask("bob", "GET", "/api/v1/statuses/:id/history", { values: made.post.id });
    await ask("alice", "PUT", "/api/v1/statuses/:id", { values: made.poll.id, body: { status: "Which of them?", poll: { options: ["one", "two"], expires_in: 3600, multiple: true } } });
    await ask("bob", "GET", "/api/v1/statuses/:id/history", { values: made.poll.id });
    await ask("bob", "PUT", "/api/v1/statuses/:id", { values: made.quote.id, body: { status: "Look there" } });
    await ask("bob", "GET", "/api/v1/statuses/:id/history", { values: made.quote.id });
    const frame = await ask("nobody", "GET", "/api/oembed", { query: `url=${encodeURIComponent(made.post.url)}&maxwidth=500` });
    assert.match(frame.html, /^<iframe src="[^"]*\/embed" [^>]*width="500"/);
    await ask("nobody", "GET", "/api/oembed", { query: "url=https%3A%2F%2Fexample.org%2F1", status: 404 });
    await ask("alice", "GET", "/api/v1/statuses/:id/source", { values: made.post.id });
    await ask("bob", "POST", "/api/v1/statuses/:id/translate", { values: made.post.id, body: { lang: "de" } });
    await ask("bob", "POST", "/api/v1/statuses/:id/translate", { values: made.poll.id, body: { lang: "de" } });
    await ask("nobody", "GET", "/api/v1/instance/translation_languages");
    await ask("alice", "PUT", "/api/v1/statuses/:id/interaction_policy", { values: made.post.id, body: { quote_approval_policy: "followers" } });
    await ask("bob", "GET", "/api/v1/polls/:id", { values: made.poll.poll.id });
    await ask("bob", "POST", "/api/v1/polls/:id/votes", { values: made.poll.poll.id, body: { choices: [0, 1] } });
    await ask("bob", "POST", "/api/v1/polls/:id/votes", { values: made.poll.poll.id, body: { choices: [0] }, status: 422 });
  });

  await test("what people do with posts", async () => {
    for (const act of ["favourite", "reblog", "bookmark", "mute"]) await ask("bob", "POST", `/api/v1/statuses/:id/${act}`, { values: made.post.id });
    await ask("alice", "POST", "/api/v1/statuses/:id/pin", { values: made.post.id });
    await ask("bob", "GET", "/api/v1/statuses/:id/favourited_by", { values: made.post.id });
    await ask("bob", "GET", "/api/v1/statuses/:id/reblogged_by", { values: made.post.id });
    await ask("alice", "GET", "/api/v1/statuses/:id/quotes", { values: made.post.id });
    await ask("bob", "GET", "/api/v1/bookmarks");
    await ask("bob", "GET", "/api/v1/favourites");
    await ask("alice", "POST", "/api/v1/statuses/:id/quotes/:quoting/revoke", { values: { id: made.post.id, quoting: made.quote.id } });
    for (const act of ["unfavourite", "unreblog", "unbookmark", "unmute"]) await ask("bob", "POST", `/api/v1/statuses/:id/${act}`, { values: made.post.id });
    await ask("bob", "POST", "/api/v1/statuses/:id/favourite", { values: made.post.id });
    await ask("bob", "POST", "/api/v1/statuses/:id/reblog", { values: made.post.id });
    await ask("bob", "POST", "/api/v1/statuses/:id/bookmark", { values: made.post.id });
  });

  await test("people", async () => {
    await ask("alice", "PATCH", "/api/v1/accounts/update_credentials", { form: { display_name: "Alice", note: "Reads. #everybody", avatar: picture(), header: picture(), "fields_attributes[0][name]": "home", "fields_attributes[0][value]": "https://example.org/", locked: "true" } });
    await ask("alice", "GET", "/api/v1/accounts/verify_credentials");
    for (const id of [me.alice, me.bob, remote.account.id]) await ask("bob", "GET", "/api/v1/accounts/:id", { values: id });
    await ask("nobody", "GET", "/api/v1/accounts/:id", { values: me.alice });
    await ask("bob", "GET", "/api/v1/accounts", { query: `id[]=${me.alice}&id[]=${remote.account.id}` });
    await ask("bob", "GET", "/api/v1/accounts/lookup", { query: "acct=alice" });
    await ask("bob", "GET", "/api/v1/accounts/lookup", { query: "acct=nobody_here", status: 404 });
    await ask("bob", "GET", "/api/v1/accounts/search", { query: "q=ali" });
    await ask("nobody", "GET", "/api/v1/accounts/:id/statuses", { values: me.alice });
    await ask("bob", "GET", "/api/v1/accounts/:id/statuses", { values: me.alice, query: "pinned=true" });
    await ask("bob", "POST", "/api/v1/accounts/:id/follow", { values: me.carol, body: { reblogs: false, notify: true, languages: ["de"] } });
    await ask("carol", "POST", "/api/v1/accounts/:id/follow", { values: me.alice }); // who is locked now
    await ask("bob", "POST", "/api/v1/accounts/:id/follow", { values: me.alice });
    await ask("alice", "GET", "/api/v1/follow_requests");
    await ask("alice", "POST", "/api/v1/follow_requests/:id/authorize", { values: me.carol });
    await ask("alice", "POST", "/api/v1/follow_requests/:id/reject", { values: me.bob });
    await ask("bob", "GET", "/api/v1/accounts/:id/followers", { values: me.alice });
    await ask("bob", "GET", "/api/v1/accounts/:id/following", { values: me.bob });
    await ask("bob", "GET", "/api/v1/accounts/relationships", { query: `id[]=${me.alice}&id[]=${me.carol}&id[]=${remote.account.id}` });
    await ask("bob", "GET", "/api/v1/accounts/familiar_followers", { query: `id[]=${me.alice}` });
    await ask("bob", "POST", "/api/v1/accounts/:id/note", { values: me.alice, body: { comment: "a friend" } });
    for (const act of ["endorse", "unendorse", "pin"]) await ask("bob", "POST", `/api/v1/accounts/:id/${act}`, { values: me.carol });
    await ask("bob", "GET", "/api/v1/endorsements");
    await ask("nobody", "GET", "/api/v1/accounts/:id/endorsements", { values: me.bob });
    await ask("bob", "POST", "/api/v1/accounts/:id/unpin", { values: me.carol });
    await ask("bob", "POST", "/api/v1/accounts/:id/mute", { values: me.olga, body: { duration: 3600 } });
    await ask("bob", "POST", "/api/v1/accounts/:id/mute", { values: me.alice });
    await ask("bob", "GET", "/api/v1/statuses/:id", { values: made.quote.id }); // of somebody who is muted
    await ask("bob", "GET", "/api/v1/mutes");
    await ask("bob", "POST", "/api/v1/accounts/:id/unmute", { values: me.alice });
    await ask("bob", "POST", "/api/v1/accounts/:id/unmute", { values: me.olga });
    await ask("bob", "POST", "/api/v1/accounts/:id/block", { values: me.olga });
    await ask("bob", "GET", "/api/v1/blocks");
    await ask("bob", "POST", "/api/v1/accounts/:id/unblock", { values: me.olga });
    await ask("bob", "POST", "/api/v1/domain_blocks", { body: { domain: "spam.example" } });
    await ask("bob", "GET", "/api/v1/domain_blocks/preview", { query: "domain=spam.example" });
    await ask("bob", "GET", "/api/v1/domain_blocks");
    await ask("bob", "DELETE", "/api/v1/domain_blocks", { query: "domain=spam.example" });
    await ask("bob", "GET", "/api/v1/directory", { query: "local=true" });
    await ask("bob", "GET", "/api/v2/suggestions");
    await ask("bob", "GET", "/api/v1/suggestions");
    await ask("bob", "DELETE", "/api/v1/suggestions/:id", { values: me.olga });
    await ask("bob", "GET", "/api/v1/preferences");
    await ask("alice", "GET", "/api/v1/profile");
    await ask("alice", "PATCH", "/api/v1/profile", { form: { note: "Reads *much*. #everybody", avatar: picture(), avatar_description: "a slope", show_media_replies: "false", "attribution_domains[]": "https://blog.example/", "fields_attributes[7][name]": "home", "fields_attributes[7][value]": "https://example.org/" } });
    await ask("alice", "POST", "/api/v1/featured_tags", { body: { name: "everybody" } });
    await ask("alice", "GET", "/api/v1/profile");
    await ask("bob", "GET", "/api/v1/accounts/:id/identity_proofs", { values: me.alice });
    await ask("alice", "DELETE", "/api/v1/profile/avatar");
    await ask("alice", "DELETE", "/api/v1/profile/header");
  });

  await test("lists", async () => {
    const list = await ask("bob", "POST", "/api/v1/lists", { body: { title: "Friends", replies_policy: "followed", exclusive: false } });
    await ask("bob", "POST", "/api/v1/lists", { body: { title: "" }, status: 422 });
    await ask("bob", "POST", "/api/v1/lists/:id/accounts", { values: list.id, body: { account_ids: [me.carol] } });
    await ask("bob", "GET", "/api/v1/lists");
    await ask("bob", "GET", "/api/v1/lists/:id", { values: list.id });
    await ask("bob", "PUT", "/api/v1/lists/:id", { values: list.id, body: { title: "Good friends" } });
    await ask("bob", "GET", "/api/v1/lists/:id/accounts", { values: list.id });
    await ask("bob", "GET", "/api/v1/accounts/:id/lists", { values: me.carol });
    await ask("bob", "GET", "/api/v1/timelines/list/:id", { values: list.id });
    await ask("bob", "DELETE", "/api/v1/lists/:id/accounts", { values: list.id, body: { account_ids: [me.carol] } });
    await ask("bob", "DELETE", "/api/v1/lists/:id", { values: list.id });
  });

  await test("filters, of both versions", async () => {
    const filter = await ask("bob", "POST", "/api/v2/filters", { body: { title: "Pictures", context: ["home", "public", "thread"], filter_action: "warn", expires_in: 3600, keywords_attributes: [{ keyword: "picture", whole_word: true }] } });
    await ask("bob", "POST", "/api/v2/filters", { body: { title: "", context: [] }, status: 422 });
    await ask("bob", "GET", "/api/v2/filters");
    await ask("bob", "GET", "/api/v2/filters/:id", { values: filter.id });
    await ask("bob", "PUT", "/api/v2/filters/:id", { values: filter.id, body: { title: "All pictures" } });
    const word = await ask("bob", "POST", "/api/v2/filters/:id/keywords", { values: filter.id, body: { keyword: "slope" } });
    await ask("bob", "GET", "/api/v2/filters/:id/keywords", { values: filter.id });
    await ask("bob", "GET", "/api/v2/filters/keywords/:id", { values: word.id });
    await ask("bob", "PUT", "/api/v2/filters/keywords/:id", { values: word.id, body: { keyword: "hill", whole_word: false } });
    const status = await ask("bob", "POST", "/api/v2/filters/:id/statuses", { values: filter.id, body: { status_id: made.poll.id } });
    await ask("bob", "GET", "/api/v2/filters/:id/statuses", { values: filter.id });
    await ask("bob", "GET", "/api/v2/filters/statuses/:id", { values: status.id });
    for (const id of [made.post.id, made.poll.id]) await ask("bob", "GET", "/api/v1/statuses/:id", { values: id }); // filtered
    await ask("bob", "DELETE", "/api/v2/filters/statuses/:id", { values: status.id });
    await ask("bob", "DELETE", "/api/v2/filters/keywords/:id", { values: word.id });
    await ask("bob", "DELETE", "/api/v2/filters/:id", { values: filter.id });
    const old = await ask("bob", "POST", "/api/v1/filters", { body: { phrase: "slope", context: ["home"], irreversible: false, expires_in: 3600 } });
    await ask("bob", "GET", "/api/v1/filters");
    await ask("bob", "GET", "/api/v1/filters/:id", { values: old.id });
    await ask("bob", "PUT", "/api/v1/filters/:id", { values: old.id, body: { phrase: "hill", context: ["home", "public"] } });
    await ask("bob", "DELETE", "/api/v1/filters/:id", { values: old.id });
  });

  await test("hashtags", async () => {
    for (const act of ["follow", "feature"]) await ask("alice", "POST", `/api/v1/tags/:name/${act}`, { values: "everybody" });
    await ask("nobody", "GET", "/api/v1/tags/:name", { values: "everybody" });
    await ask("alice", "GET", "/api/v1/tags/:name", { values: "everybody" });
    await ask("alice", "GET", "/api/v1/followed_tags");
    await ask("alice", "GET", "/api/v1/featured_tags/suggestions");
    await ask("alice", "POST", "/api/v1/tags/:name/unfeature", { values: "everybody" });
    const featured = await ask("alice", "POST", "/api/v1/featured_tags", { body: { name: "everybody" } });
    await ask("alice", "GET", "/api/v1/featured_tags");
    await ask("nobody", "GET", "/api/v1/accounts/:id/featured_tags", { values: me.alice });
    await ask("alice", "DELETE", "/api/v1/featured_tags/:id", { values: featured.id });
    await ask("alice", "POST", "/api/v1/tags/:name/unfollow", { values: "everybody" });
  });

  await test("timelines and markers", async () => {
    await ask("bob", "GET", "/api/v1/timelines/home");
    for (const query of ["", "local=true", "remote=true", "only_media=true"]) await ask("bob", "GET", "/api/v1/timelines/public", { query });
    await ask("nobody", "GET", "/api/v1/timelines/tag/:hashtag", { values: "everybody" });
    await ask("nobody", "GET", "/api/v1/timelines/link", { query: "url=https://example.org/page" });
    await ask("bob", "GET", "/api/v1/timelines/direct");
    await ask("bob", "POST", "/api/v1/markers", { body: { home: { last_read_id: made.post.id }, notifications: { last_read_id: "1" } } });
    await ask("bob", "GET", "/api/v1/markers", { query: "timeline[]=home&timeline[]=notifications" });
  });

  await test("conversations", async () => {
    const [letter] = await ask("bob", "GET", "/api/v1/conversations");
    await ask("bob", "POST", "/api/v1/conversations/:id/read", { values: letter.id });
    await ask("bob", "POST", "/api/v1/conversations/:id/unread", { values: letter.id });
    await ask("bob", "DELETE", "/api/v1/conversations/:id", { values: letter.id });
  });

  await test("notifications, alone and in groups", async () => {
    const list = await ask("alice", "GET", "/api/v1/notifications");
    await ask("bob", "GET", "/api/v1/notifications");
    await ask("alice", "GET", "/api/v1/notifications/unread_count");
    await ask("alice", "GET", "/api/v1/notifications/:id", { values: list[0].id });
    for (const version of ["v2", "v2_alpha"]) {
      const { notification_groups: groups } = await ask("alice", "GET", `/api/${version}/notifications`, { query: "expand_accounts=partial_avatars" });
      await ask("alice", "GET", `/api/${version}/notifications/unread_count`);
      await ask("alice", "GET", `/api/${version}/notifications/:group_key`, { values: groups[0].group_key });
      await ask("alice", "GET", `/api/${version}/notifications/:group_key/accounts`, { values: groups[0].group_key });
      await ask("alice", "POST", `/api/${version}/notifications/:group_key/dismiss`, { values: groups[0].group_key });
    }
    const rest = await ask("alice", "GET", "/api/v1/notifications");
    await ask("alice", "POST", "/api/v1/notifications/:id/dismiss", { values: rest[0].id });
    await ask("alice", "DELETE", "/api/v1/notifications/:id", { values: rest[1]?.id ?? "1" });
    await ask("alice", "DELETE", "/api/v1/notifications/destroy_multiple", { query: `ids[]=${rest[0].id}` });
  });

  await test("notifications of strangers", async () => {
    await ask("carol", "PATCH", "/api/v2/notifications/policy", { body: { for_not_following: "filter", for_new_accounts: "accept" } });
    await ask("carol", "GET", "/api/v2/notifications/policy");
    await ask("carol", "PUT", "/api/v1/notifications/policy", { body: { filter_not_following: true } });
    await ask("carol", "GET", "/api/v1/notifications/policy");
    for (const name of ["bob", "olga"]) await clients[name].post("/api/v1/statuses", { status: "@carol hello" });
    const requests = await until("they wait", async () => {
      const found = await clients.carol.get("/api/v1/notifications/requests");
      return found.length === 2 && found;
    });
    await ask("carol", "GET", "/api/v1/notifications/requests");
    await ask("carol", "GET", "/api/v1/notifications/requests/merged");
    await ask("carol", "GET", "/api/v1/notifications/requests/:id", { values: requests[0].id });
    await ask("carol", "POST", "/api/v1/notifications/requests/:id/accept", { values: requests[0].id });
    await ask("carol", "POST", "/api/v1/notifications/requests/:id/dismiss", { values: requests[1].id });
    await ask("carol", "POST", "/api/v1/notifications/requests/accept", { body: { id: [requests[1].id] } });
    await ask("carol", "POST", "/api/v1/notifications/requests/dismiss", { body: { id: [requests[1].id] } });
    await ask("carol", "POST", "/api/v1/notifications/clear");
  });

  await test("scheduled posts", async () => {
    await ask("alice", "GET", "/api/v1/scheduled_statuses");
    await ask("alice", "GET", "/api/v1/scheduled_statuses/:id", { values: made.scheduled.id });
    await ask("alice", "PUT", "/api/v1/scheduled_statuses/:id", { values: made.scheduled.id, body: { scheduled_at: "2030-06-01T12:00:00.000Z" } });
    await ask("alice", "DELETE", "/api/v1/scheduled_statuses/:id", { values: made.scheduled.id });
  });

  await test("collections", async () => {
    const { collection } = await ask("alice", "POST", "/api/v1/collections", { body: { name: "People", description: "Good ones", language: "en", tag_name: "#people", account_ids: [me.bob] } });
    await ask("alice", "POST", "/api/v1/collections", { body: { name: "" }, status: 422 });
    await ask("nobody", "GET", "/api/v1/collections/:id", { values: collection.id });
    await ask("alice", "PATCH", "/api/v1/collections/:id", { values: collection.id, body: { name: "All people" } });
    await ask("bob", "GET", "/api/v1/notifications", { query: "types[]=added_to_collection&types[]=collection_update" });
    for (const version of ["v1", "v2"]) await ask("bob", "GET", `/api/${version}/notifications`, { query: "types[]=added_to_collection&supported_types[]=mention" });
    await ask("bob", "GET", "/api/v2/search", { query: `q=${encodeURIComponent(collection.uri)}` });
    const { collection_item: item } = await ask("alice", "POST", "/api/v1/collections/:id/items", { values: collection.id, body: { account_id: me.carol } });
    await ask("nobody", "GET", "/api/v1/accounts/:id/collections", { values: me.alice });
    await ask("bob", "GET", "/api/v1/accounts/:id/in_collections", { values: me.bob });
    await ask("alice", "DELETE", "/api/v1/collections/:id/items/:item", { values: { id: collection.id, item: item.id } });
    await ask("bob", "POST", "/api/v1/collections/:id/items/:item/revoke", { values: { id: collection.id, item: collection.items[0].id } });
    await ask("alice", "DELETE", "/api/v1/collections/:id", { values: collection.id });
  });

  await test("searching and what trends", async () => {
    await until("the post is found", async () => (await clients.alice.get("/api/v2/search?q=slope&type=statuses")).statuses.length !== 0 || (await clients.alice.get("/api/v2/search?q=picture")).statuses.length !== 0);
    for (const query of ["q=picture", "q=alice&type=accounts", "q=every&type=hashtags", `q=${encodeURIComponent(remote.handle)}&resolve=true`]) await ask("alice", "GET", "/api/v2/search", { query });
    await ask("alice", "GET", "/api/v1/search", { query: "q=alice" });
    for (const path of ["/api/v1/trends", "/api/v1/trends/tags", "/api/v1/trends/links", "/api/v1/trends/statuses"]) await ask("nobody", "GET", path);
  });

  await test("announcements", async () => {
    await north.run("announce", "The node rests on Sunday. #everybody", "--starts", "2030-01-01T08:00:00Z", "--ends", "2030-01-02T08:00:00Z");
    const [one] = await ask("alice", "GET", "/api/v1/announcements");
    await ask("alice", "PUT", "/api/v1/announcements/:id/reactions/:name", { values: { id: one.id, name: "🎉" } });
    await ask("alice", "GET", "/api/v1/announcements");
    await ask("alice", "DELETE", "/api/v1/announcements/:id/reactions/:name", { values: { id: one.id, name: "🎉" } });
    await ask("alice", "POST", "/api/v1/announcements/:id/dismiss", { values: one.id });
  });

  await test("web push and e-mail", async () => {
    const keys = { p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", auth: "BTBZMqHH6r4Tts7J_aSIgg" };
    await ask("alice", "POST", "/api/v1/push/subscription", { body: { subscription: { endpoint: "https://push.example.org/1", standard: true, keys }, data: { policy: "followed", alerts: { mention: true } } } });
    await ask("alice", "GET", "/api/v1/push/subscription");
    await ask("alice", "PUT", "/api/v1/push/subscription", { body: { data: { alerts: { mention: false, follow: true } } } });
    await ask("alice", "DELETE", "/api/v1/push/subscription");
    await ask("alice", "GET", "/api/v1/emails/check_confirmation");
    await ask("alice", "POST", "/api/v1/emails/confirmations", { body: { email: "alice@example.org" }, status: 403 });
  });

  await test("reports and those who look after them", async () => {
    const rules = await clients.olga.get("/api/v1/instance/rules");
    await ask("bob", "POST", "/api/v1/reports", { body: { account_id: me.alice, status_ids: [made.post.id], collection_ids: ["1"], comment: "not nice", category: "spam", forward: false, rule_ids: rules.map(({ id }) => id) } });
    await ask("bob", "POST", "/api/v1/reports", { body: { account_id: "1" }, status: 404 });
    const [report] = await ask("olga", "GET", "/api/v1/admin/reports");
    await ask("bob", "GET", "/api/v1/admin/reports", { status: 403 });
    await ask("olga", "GET", "/api/v1/notifications", { query: "types[]=admin.report" });
    await ask("olga", "GET", "/api/v2/notifications", { query: "types[]=admin.report" });
    await ask("olga", "GET", "/api/v1/admin/reports/:id", { values: report.id });
    await ask("olga", "PUT", "/api/v1/admin/reports/:id", { values: report.id, body: { category: "other" } });
    for (const act of ["assign_to_self", "unassign", "resolve", "reopen"]) await ask("olga", "POST", `/api/v1/admin/reports/:id/${act}`, { values: report.id });
    await ask("olga", "POST", "/api/v1/admin/reports/:id/resolve", { values: report.id });
    await ask("olga", "GET", "/api/v1/notifications", { query: "types[]=admin.report" });
  });

  await test("accounts, to those who look after them", async () => {
    for (const path of ["/api/v1/admin/accounts", "/api/v2/admin/accounts"]) await ask("olga", "GET", path, { query: "limit=10" });
    await ask("olga", "GET", "/api/v1/admin/accounts/:id", { values: me.bob });
    await ask("olga", "GET", "/api/v1/admin/accounts/:id", { values: remote.account.id });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/action", { values: me.carol, body: { type: "silence", text: "Please stop" } });
    for (const version of ["v1", "v2"]) await ask("carol", "GET", `/api/${version}/notifications`, { query: "types[]=moderation_warning" });
    await north.run("account", "edit", "carol", "--memorial", "yes");
    await ask("bob", "GET", "/api/v1/accounts/:id", { values: me.carol });
    await ask("carol", "GET", "/api/v1/accounts/verify_credentials");
    await north.run("account", "edit", "carol", "--memorial", "no");
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/unsilence", { values: me.carol });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/action", { values: me.carol, body: { type: "sensitive" } });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/unsensitive", { values: me.carol });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/action", { values: me.carol, body: { type: "disable" } });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/enable", { values: me.carol });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/action", { values: me.carol, body: { type: "suspend" } });
    await ask("bob", "GET", "/api/v1/accounts/:id", { values: me.carol });
    await ask("bob", "GET", "/api/v1/accounts/relationships", { query: `id[]=${me.carol}&with_suspended=true` });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/unsuspend", { values: me.carol });
    for (const act of ["approve", "reject"]) await ask("olga", "POST", `/api/v1/admin/accounts/:id/${act}`, { values: me.carol, status: 403 });
    for (const [username, act] of [["walker", "approve"], ["runner", "reject"]]) {
      const token = await ask("app", "POST", "/api/v1/accounts", { body: { username, email: `${username}@example.net`, password: "tea at five", agreement: true, locale: "en", reason: "To walk." } });
      clients.waiting = { base: clients.alice.base, token: token.access_token };
      await ask("waiting", "GET", "/api/v1/accounts/verify_credentials", { status: 403 });
      await ask("waiting", "GET", "/api/v1/emails/check_confirmation");
      await ask("waiting", "POST", "/api/v1/emails/confirmations", {});
      const [pending] = await ask("olga", "GET", "/api/v2/admin/accounts", { query: "status=pending" });
      await ask("olga", "POST", `/api/v1/admin/accounts/:id/${act}`, { values: pending.id });
    }
    await ask("app", "POST", "/api/v1/accounts", { body: { username: "a b" }, status: 422 });
    await ask("olga", "POST", "/api/v1/admin/accounts/:id/action", { values: remote.account.id, body: { type: "suspend" } });
    await ask("olga", "DELETE", "/api/v1/admin/accounts/:id", { values: remote.account.id });
    for (const version of ["v1", "v2"]) await ask("bob", "GET", `/api/${version}/notifications`, { query: "types[]=severed_relationships" });
  });

  await test("hosts and addresses that are kept away", async () => {
    const block = await ask("olga", "POST", "/api/v1/admin/domain_blocks", { body: { domain: "bad.example", severity: "silence", reject_media: true, private_comment: "spam", public_comment: "no" } });
    await ask("olga", "POST", "/api/v1/admin/domain_blocks", { body: { domain: "" }, status: 422 });
    await ask("olga", "GET", "/api/v1/admin/domain_blocks");
    await ask("olga", "GET", "/api/v1/admin/domain_blocks/:id", { values: block.id });
    await ask("olga", "PUT", "/api/v1/admin/domain_blocks/:id", { values: block.id, body: { severity: "suspend" } });
    await ask("nobody", "GET", "/api/v1/instance/domain_blocks");
    await ask("olga", "DELETE", "/api/v1/admin/domain_blocks/:id", { values: block.id });
    for (const [path, body] of [
      ["domain_allows", { domain: "good.example" }],
      ["email_domain_blocks", { domain: "mail.example" }],
      ["canonical_email_blocks", { email: "a.b+c@mail.example" }],
      ["ip_blocks", { ip: "192.0.2.0/24", severity: "no_access", comment: "no", expires_in: 3600 }],
    ]) {
      const base = `/api/v1/admin/${path}`;
      const row = await ask("olga", "POST", base, { body });
      await ask("olga", "GET", base);
      await ask("olga", "GET", `${base}/:id`, { values: row.id });
      if (path === "canonical_email_blocks") await ask("olga", "POST", `${base}/test`, { body: { email: "ab@mail.example" } });
      if (path === "ip_blocks") await ask("olga", "PUT", `${base}/:id`, { values: row.id, body: { severity: "sign_up_block" } });
      await ask("olga", "DELETE", `${base}/:id`, { values: row.id });
    }
  });

  await test("figures and trends, to those who look after them", async () => {
    const range = { start_at: "2026-11-01", end_at: "2026-11-30" };
    await ask("olga", "POST", "/api/v1/admin/measures", { body: { ...range, keys: ["active_users", "new_users", "interactions", "opened_reports", "resolved_reports"] } });
    await ask("olga", "POST", "/api/v1/admin/dimensions", { body: { ...range, keys: ["languages", "servers", "software_versions", "space_usage"], limit: 5 } });
    await ask("olga", "POST", "/api/v1/admin/retention", { body: { ...range, frequency: "day" } });
    for (const what of ["tags", "links", "statuses"]) await ask("olga", "GET", `/api/v1/admin/trends/${what}`);
    const [tag] = await ask("olga", "GET", "/api/v1/admin/tags");
    await ask("olga", "GET", "/api/v1/admin/tags/:id", { values: tag.id });
    await ask("olga", "PUT", "/api/v1/admin/tags/:id", { values: tag.id, body: { trendable: true } });
    for (const act of ["approve", "reject"]) {
      await ask("olga", "POST", `/api/v1/admin/trends/tags/:id/${act}`, { values: tag.id });
      await ask("olga", "POST", `/api/v1/admin/trends/statuses/:id/${act}`, { values: made.post.id });
      await ask("olga", "POST", `/api/v1/admin/trends/links/:id/${act}`, { values: "1", status: 404 });
    }
  });

  await test("a year in review", async () => {
    const year = String(new Date().getUTCFullYear());
    await ask("alice", "GET", "/api/v1/annual_reports/:year", { values: year, status: 404 });
    assert.equal((await ask("bob", "GET", "/api/v1/annual_reports/:year/state", { values: "1999" })).state, "ineligible");
    assert.equal((await ask("alice", "GET", "/api/v1/annual_reports/:year/state", { values: year })).state, "eligible");
    await ask("alice", "POST", "/api/v1/annual_reports/:year/generate", { values: year, status: 202 });
    await until("it is there", async () => (await clients.alice.get(`/api/v1/annual_reports/${year}/state`)).state === "available");
    await ask("alice", "POST", "/api/v1/annual_reports/:year/generate", { values: year });
    await ask("alice", "POST", "/api/v1/annual_reports/:year/read", { values: year });
    const one = await ask("alice", "GET", "/api/v1/annual_reports/:year", { values: year });
    assert.deepEqual(await ask("alice", "GET", "/api/v1/annual_reports"), one);
    const [{ data, schema_version: version, account_id: account }] = one.annual_reports;
    assert.deepEqual([version, account, data.time_series.length, data.top_statuses.by_replies], [2, me.alice, 12, null]);
    assert.deepEqual(data.top_hashtags.map(({ count }) => count >= 1), [true]);
    assert.ok(data.time_series[new Date().getUTCMonth()].statuses >= 3);
    assert.equal(data.top_statuses.by_reblogs, one.statuses[0]?.id ?? null);
    assert.deepEqual(one.accounts.map(({ id }) => id), [me.alice]);
  });

  await test("what is taken away", async () => {
    await ask("alice", "POST", "/api/v1/statuses/:id/unpin", { values: made.post.id });
    await ask("alice", "POST", "/api/v1/accounts/:id/remove_from_followers", { values: me.carol });
    await ask("bob", "POST", "/api/v1/accounts/:id/unfollow", { values: me.carol });
    for (const post of [made.post, made.poll]) await ask("alice", "DELETE", "/api/v1/statuses/:id", { values: post.id });
  });
}
