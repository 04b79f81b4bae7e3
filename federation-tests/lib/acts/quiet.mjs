// Acts of a client of which nothing leaves the node; and the routes that have no row here, with the reason.
import { image } from "./cast.mjs";

const READ = "what somebody has read, sorted or saved for themselves is nobody else's";

export const rows = [
  {
    act: "a bookmark",
    routes: ["POST /api/v1/statuses/:id/bookmark", "POST /api/v1/statuses/:id/unbookmark"],
    async does(s, me, you, { seen }) {
      for (const act of ["bookmark", "unbookmark"]) await me.masto.v1.statuses.$select(seen.id)[act]();
    },
  },
  {
    act: "a conversation is muted",
    routes: ["POST /api/v1/statuses/:id/mute", "POST /api/v1/statuses/:id/unmute"],
    async does(s, me, you, { seen }) {
      for (const act of ["mute", "unmute"]) await me.masto.v1.statuses.$select(seen.id)[act]();
    },
  },
  {
    act: "somebody is muted, noted, recommended",
    routes: ["mute", "unmute", "note", "endorse", "unendorse", "pin", "unpin"].map((act) => `POST /api/v1/accounts/:id/${act}`),
    async does(s, me, you) {
      const other = me.masto.v1.accounts.$select(await s.id(me, you));
      for (const act of ["mute", "unmute", "endorse", "unendorse", "pin", "unpin"]) await other[act]();
      await other.note.create({ comment: "a friend" });
    },
  },
  {
    act: "how one follows is changed",
    routes: ["POST /api/v1/accounts/:id/follow"],
    async does(s, me, you) {
      await me.masto.v1.accounts.$select(await s.id(me, you)).follow({ reblogs: false, notify: true, languages: ["de"] });
      await me.masto.v1.accounts.$select(await s.id(me, you)).follow({ reblogs: true, notify: false, languages: [] });
    },
  },
  {
    act: "a hashtag is followed",
    routes: ["POST /api/v1/tags/:name/follow", "POST /api/v1/tags/:name/unfollow"],
    async does(s, me) {
      for (const act of ["follow", "unfollow"]) await me.masto.v1.tags.$select("cats")[act]();
    },
  },
  {
    act: "lists",
    routes: ["POST /api/v1/lists", "PUT /api/v1/lists/:id", "DELETE /api/v1/lists/:id", "POST /api/v1/lists/:id/accounts", "DELETE /api/v1/lists/:id/accounts"],
    async does(s, me, you) {
      const accountIds = [await s.id(me, you)];
      const { id } = await me.masto.v1.lists.create({ title: "Friends" });
      const one = me.masto.v1.lists.$select(id);
      await one.accounts.create({ accountIds });
      await one.update({ title: "Good friends" });
      await one.accounts.remove({ accountIds });
      await one.remove();
    },
  },
  {
    act: "filters",
    routes: [
      "POST /api/v2/filters", "PUT /api/v2/filters/:id", "DELETE /api/v2/filters/:id", "POST /api/v2/filters/:id/keywords", "PUT /api/v2/filters/keywords/:id", "DELETE /api/v2/filters/keywords/:id",
      "POST /api/v2/filters/:id/statuses", "DELETE /api/v2/filters/statuses/:id", "POST /api/v1/filters", "PUT /api/v1/filters/:id", "DELETE /api/v1/filters/:id",
    ],
    async does(s, me, you, { seen }) {
      const { v1, v2 } = me.masto;
      const { id } = await v2.filters.create({ title: "Words", context: ["home"], filterAction: "warn" });
      const word = await v2.filters.$select(id).keywords.create({ keyword: "slope" });
      await v2.filters.keywords.$select(word.id).update({ keyword: "hill" });
      await v2.filters.keywords.$select(word.id).remove();
      const status = await v2.filters.$select(id).statuses.create({ statusId: seen.id });
      await v2.filters.statuses.$select(status.id).remove();
      await v2.filters.$select(id).update({ title: "More words" });
      await v2.filters.$select(id).remove();
      const old = await v1.filters.create({ phrase: "slope", context: ["home"] });
      await v1.filters.$select(old.id).update({ phrase: "hill", context: ["home"] });
      await v1.filters.$select(old.id).remove();
    },
  },
  {
    act: "notifications are let in, put off, put away",
    routes: [
      "PATCH /api/v2/notifications/policy", "PUT /api/v1/notifications/policy", "POST /api/v1/notifications/:id/dismiss", "POST /api/v1/notifications/clear", "DELETE /api/v1/notifications/:id",
      "DELETE /api/v1/notifications/destroy_multiple", "POST /api/v2/notifications/:group_key/dismiss", "POST /api/v2_alpha/notifications/:group_key/dismiss",
    ],
    async does(s, me) {
      const { client } = me;
      await client.ask("PATCH", "/api/v2/notifications/policy", { for_not_following: "filter" });
      await client.ask("PUT", "/api/v1/notifications/policy", { filter_not_following: false });
      const [first, second] = await client.get("/api/v1/notifications");
      await client.post(`/api/v1/notifications/${first.id}/dismiss`);
      await client.ask("DELETE", `/api/v1/notifications/${second.id}`);
      await client.ask("DELETE", `/api/v1/notifications/destroy_multiple?ids[]=${first.id}`);
      for (const version of ["v2", "v2_alpha"]) {
        const { notification_groups: [group] } = await client.get(`/api/${version}/notifications`);
        await client.post(`/api/${version}/notifications/${group.group_key}/dismiss`);
      }
      await client.post("/api/v1/notifications/clear");
    },
  },
  {
    act: "a conversation is read, and put away",
    routes: ["POST /api/v1/conversations/:id/read", "POST /api/v1/conversations/:id/unread", "DELETE /api/v1/conversations/:id"],
    async does(s, me) {
      const [{ id }] = await me.client.get("/api/v1/conversations");
      for (const act of ["read", "unread"]) await me.client.post(`/api/v1/conversations/${id}/${act}`);
      await me.client.ask("DELETE", `/api/v1/conversations/${id}`);
    },
  },
  {
    act: "markers",
    routes: ["POST /api/v1/markers"],
    does: (s, me, you, { seen }) => me.masto.v1.markers.create({ home: { lastReadId: seen.id } }),
  },
  {
    act: "pictures before they are posted",
    routes: ["POST /api/v2/media", "POST /api/v1/media", "PUT /api/v1/media/:id", "DELETE /api/v1/media/:id"],
    async does(s, me) {
      const { id } = await me.masto.v2.media.create({ file: image(), skipPolling: true });
      await me.masto.v1.media.$select(id).update({ description: "a slope" });
      await me.masto.v1.media.$select(id).remove();
      const old = await me.masto.v1.media.create({ file: image() });
      await me.masto.v1.media.$select(old.id).remove();
    },
  },
  {
    act: "a post is put off, put off again, and not written after all",
    routes: ["POST /api/v1/statuses", "PUT /api/v1/scheduled_statuses/:id", "DELETE /api/v1/scheduled_statuses/:id"],
    async does(s, me) {
      const later = (hours) => new Date(s.now() + hours * 3_600_000).toISOString();
      const { id } = await me.masto.v1.statuses.create({ status: "Later", scheduledAt: later(1) });
      await me.client.ask("PUT", `/api/v1/scheduled_statuses/${id}`, { scheduled_at: later(2) });
      await me.client.ask("DELETE", `/api/v1/scheduled_statuses/${id}`);
    },
  },
  {
    act: "announcements of the node",
    routes: ["POST /api/v1/announcements/:id/dismiss", "PUT /api/v1/announcements/:id/reactions/:name", "DELETE /api/v1/announcements/:id/reactions/:name"],
    async does(s, me) {
      await me.node.run("announce", "The lift is out of order");
      const [{ id }] = await me.client.get("/api/v1/announcements");
      await me.client.ask("PUT", `/api/v1/announcements/${id}/reactions/${encodeURIComponent("👍")}`);
      await me.client.ask("DELETE", `/api/v1/announcements/${id}/reactions/${encodeURIComponent("👍")}`);
      await me.client.post(`/api/v1/announcements/${id}/dismiss`);
    },
  },
  {
    act: "a suggestion is put away",
    routes: ["DELETE /api/v1/suggestions/:id"],
    does: async (s, me, you) => me.client.ask("DELETE", `/api/v1/suggestions/${await s.id(me, you)}`),
  },
  {
    act: "defaults for one's own posts",
    routes: ["PATCH /api/v1/accounts/update_credentials"],
    does: (s, me) => me.client.ask("PATCH", "/api/v1/accounts/update_credentials", { source: { privacy: "public", sensitive: false } }),
  },
];

// Patterns of "METHOD /path" with the reason why no row of this folder has them.
export const elsewhere = [
  { routes: /^POST \/(api\/v1\/apps|oauth\/)/, why: "applications and tokens: between a client and its node" },
  { routes: /^POST \/api\/v1\/(accounts|emails\/confirmations)$/, why: "signing up: nobody knows of an account before it acts", suite: "sign-up" },
  { routes: /^(POST|PUT|DELETE) \/api\/v1\/push\/subscription$/, why: "where a client wants to be called", suite: "push" },
  { routes: /^POST \/api\/v1\/notifications\/requests\//, why: READ, suite: "client-masto" },
  { routes: /^POST \/api\/v1\/statuses\/:id\/translate$/, why: "the service of translations is asked, no peer", suite: "translation" },
  { routes: /^POST \/api\/v1\/annual_reports\//, why: READ, suite: "schema" },
  { routes: /^(POST|PUT|DELETE) \/api\/(fediflow\/)?v1\/admin\//, why: "acts of staff, not of a person; what peers see of them is shown there", suite: "moderation" },
  { routes: /\/api\/fediflow\/v1\/(communities\/:id\/)?(events|resources|consultations)\b/, why: "of communities, and no part of Mastodon's API", suite: "events" },
  { routes: /\/api\/fediflow\/v1\/communities\b/, why: "of communities, and no part of Mastodon's API", suite: "groups" },
  { routes: /\/api\/fediflow\/v1\/teams\b/, why: "of teams, and no part of Mastodon's API", suite: "team" },
  { routes: /\/api\/fediflow\/v1\/strikes\b/, why: "an appeal is between a person of here and those who moderate here", suite: "lanes" },
];
