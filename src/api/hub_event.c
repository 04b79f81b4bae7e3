/*
 * What an effect means to those who listen. Each step reads in one short transaction whom it concerns
 * and what they see, renders, and sends when the transaction is over. The hub's thread.
 */
#include "hub_event_int.h"
#include "social/moderate.h"
#include "social/wants.h"
#include "store/announcement.h"
#include "store/graph.h"
#include "store/list.h"
#include "text/html.h"
#include "view_int.h"

#define LINKS_AT_ONCE 512 /* in one transaction */
/* What became known later than this is not new. */
#define NEW_FOR_MS (6 * MS_PER_HOUR)

static void fold_tags(struct matter *m)
{
	const struct status *s = &m->status;
	m->tags = ARENA_ARRAY(m->ctx.arena, s->tag_count, struct str);
	for (unsigned i = 0; m->tags != NULL && i < s->tag_count; i++) {
		struct ctx ctx = { .arena = m->ctx.arena };
		if (text_tag_fold(&ctx, s->tags[i], &m->tags[m->tag_count]) == RC_OK)
			m->tag_count++;
	}
}

static bool matter_load(struct matter *m)
{
	struct db_txn *txn;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
		return false;
	struct arena *arena = m->ctx.arena;
	bool there = status_get(txn, arena, m->effect->ids[0], &m->status) &&
		     account_get(txn, arena, m->status.account, &m->author);
	if (there && m->status.boost_of != 0) {
		struct status original;
		there = status_get(txn, arena, m->status.boost_of, &original) &&
			account_get(txn, arena, original.account, &m->boosted);
	}
	db_read_end(&txn);
	if (there)
		fold_tags(m);
	return there;
}

/* --- rendering --- */

bool hub_look(struct matter *m, uint64_t account, struct call *call, struct gather *g)
{
	m->look = (struct ctx){ .arena = m->hub->scratch };
	*call = (struct call){ .api = m->hub->api, .ctx = &m->look };
	if (account != 0)
		call->viewer = (struct viewer){ account, true };
	if (gather_begin(g, call) != RC_OK)
		return false;
	if (account == 0 || account_get(g->txn, g->arena, account, &call->bearer.account))
		return true;
	/* somebody who is not there any more */
	return gather_end(g, RC_NOT_FOUND) == RC_OK;
}

void hub_tell_rendered(struct matter *m, const struct hub_channel *channel, struct buf *payload,
		       scope_set scopes)
{
	struct news news CLEANUP(news_free) = { .event = m->event, .payload = buf_str(payload) };
	if (payload->len != 0)
		news_send_all(&news, channel, scopes);
	buf_free(payload);
	arena_reset(m->hub->scratch);
}

/* The status as account sees it; nothing when it sees none. */
static void render_for(struct matter *m, uint64_t account, struct buf *out)
{
	struct status_view view;
	struct call call;
	struct gather g;
	struct jw w;
	if (!hub_look(m, account, &call, &g) ||
	    gather_end(&g, gather_status(&g, m->status.id, &view)) != RC_OK)
		return;
	jw_init(&w, out);
	render_status(&w, m->hub->api->parts.site, &view);
	jw_done(&w);
}

/* To a channel of one person. */
static void tell_person(struct matter *m, const struct hub_channel *channel)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	render_for(m, channel->links->client->account, &payload);
	hub_tell_rendered(m, channel, &payload, 0);
}

static void render_everybody(struct matter *m)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	render_for(m, 0, &payload);
	m->everybody.event = m->event;
	m->everybody.payload =
		payload.len != 0 ? arena_str(m->ctx.arena, buf_str(&payload)) : STR_NONE;
	buf_free(&payload);
	arena_reset(m->hub->scratch);
}

/* --- everybody's timelines --- */

/* Those of a chunk of links whose clients may see the status and want to. */
static size_t pick(struct matter *m, const struct hub_link **at, const struct hub_link **out)
{
	struct db_txn *txn;
	size_t n = 0;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK) {
		*at = NULL;
		return 0;
	}
	bool silenced = is_silenced(txn, m->hub->scratch, &m->author);
	for (size_t i = 0; *at != NULL && i < LINKS_AT_ONCE; i++, *at = (*at)->next) {
		struct viewer viewer = { (*at)->client->account, true };
		if (may_see(txn, viewer, &m->status, &m->author) &&
		    (!silenced || viewer.account == m->author.id ||
		     follow_accepted(txn, viewer.account, m->author.id)) &&
		    !block_exists(txn, viewer.account, m->author.id) &&
		    !wants_not(txn, viewer.account, m->author.id, m->author.domain))
			out[n++] = *at;
	}
	db_read_end(&txn);
	return n;
}

/* Rendered once: a stream that is everybody's shows it as nobody in particular sees it. */
static void tell_channel(struct matter *m, const struct hub_channel *channel)
{
	const struct hub_link *chunk[LINKS_AT_ONCE], *at = channel != NULL ? channel->links : NULL;
	if (at != NULL && m->everybody.payload.ptr == NULL)
		render_everybody(m);
	if (m->everybody.payload.ptr == NULL)
		return;
	while (at != NULL) {
		size_t n = pick(m, &at, chunk);
		for (size_t i = 0; i < n; i++)
			news_send(&m->everybody, chunk[i]);
	}
}

static void tell_kind(struct matter *m, enum topic_kind kind, struct str folded)
{
	tell_channel(m, hub_channel(m->hub, kind, 0, folded));
}

static bool has_media(const struct status *s)
{
	for (unsigned i = 0; i < s->attachment_count; i++) {
		if (attachment_kind_of(&s->attachments[i]) != ATTACHMENT_LINK)
			return true;
	}
	return false;
}

static void tell_tags(struct matter *m)
{
	bool local = (m->status.flags & STATUS_LOCAL) != 0;
	for (size_t i = 0; i < m->tag_count; i++) {
		tell_kind(m, TOPIC_TAG, m->tags[i]);
		if (local)
			tell_kind(m, TOPIC_TAG_LOCAL, m->tags[i]);
	}
}

static void tell_public(struct matter *m)
{
	const struct status *s = &m->status;
	enum topic_kind near = (s->flags & STATUS_LOCAL) != 0 ? TOPIC_LOCAL : TOPIC_REMOTE;
	if (s->visibility != VISIBILITY_PUBLIC || (s->flags & STATUS_BOOST) != 0)
		return;
	tell_tags(m);
	/* a timeline of all shows no answers to others */
	if ((s->flags & STATUS_REPLY) != 0 && s->parent_account != s->account)
		return;
	tell_kind(m, TOPIC_PUBLIC, STR(""));
	tell_kind(m, near, STR(""));
	if (!has_media(s))
		return;
	tell_kind(m, TOPIC_PUBLIC_MEDIA, STR(""));
	tell_kind(m, topic_with_media(near), STR(""));
}

/* --- statuses --- */

static void status_added(struct matter *m)
{
	uint64_t now_ms = clock_wall_ms(m->hub->api->parts.clock);
	m->event = STR("update");
	if ((m->effect->flags & LIVE_OLD) != 0 || !matter_load(m) ||
	    m->status.created_ms + NEW_FOR_MS < now_ms)
		return;
	hub_for_home(m, tell_person);
	hub_for_lists(m, tell_person);
	tell_public(m);
}

static void status_changed(struct matter *m)
{
	m->event = STR("status.update");
	if (!matter_load(m))
		return;
	hub_for_home(m, tell_person);
	hub_for_lists(m, tell_person);
	tell_public(m);
}

static struct str id_text(struct matter *m, uint64_t id)
{
	return arena_printf(m->ctx.arena, "%llu", (unsigned long long)id);
}

static void tell_deleted(struct matter *m, const struct hub_channel *channel)
{
	news_send_all(&m->everybody, channel, 0);
}

static void status_removed(struct matter *m)
{
	static const enum topic_kind open[] = { TOPIC_PUBLIC, TOPIC_PUBLIC_MEDIA,
						TOPIC_LOCAL,  TOPIC_LOCAL_MEDIA,
						TOPIC_REMOTE, TOPIC_REMOTE_MEDIA,
						TOPIC_TAG,    TOPIC_TAG_LOCAL };
	m->everybody.event = STR("delete");
	m->everybody.payload = id_text(m, m->effect->ids[0]);
	/* all that is known of it by now */
	m->author.id = m->status.account = m->effect->ids[1];
	/* who got a letter is told by LIVE_STATUS_TAKEN */
	if (live_visibility(m->effect) == VISIBILITY_DIRECT) {
		news_send_all(&m->everybody, hub_channel(m->hub, TOPIC_USER, m->author.id, STR("")),
			      0);
		return;
	}
	hub_for_home(m, tell_deleted);
	hub_for_lists(m, tell_deleted);
	/* which hashtags it had is not known any more */
	if (live_visibility(m->effect) != VISIBILITY_PUBLIC || m->effect->ids[2] != 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		news_send_kind(m->hub, &m->everybody, open[i]);
}

/* From whom it mentioned; those who follow its author have heard already. */
static void status_taken(struct matter *m)
{
	struct db_txn *txn;
	uint64_t reader = m->effect->ids[2];
	const struct hub_channel *channel = hub_channel(m->hub, TOPIC_USER, reader, STR(""));
	if (channel == NULL || db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
		return;
	bool told = follow_accepted(txn, reader, m->effect->ids[1]);
	db_read_end(&txn);
	m->everybody.event = STR("delete");
	m->everybody.payload = id_text(m, m->effect->ids[0]);
	if (!told)
		news_send_all(&m->everybody, channel, 0);
}

/* --- accounts and what belongs to them --- */

static void filters_changed(struct matter *m)
{
	m->everybody.event = STR("filters_changed");
	news_send_all(&m->everybody, hub_channel(m->hub, TOPIC_USER, m->effect->ids[0], STR("")),
		      0);
}

static void notices_merged(struct matter *m)
{
	m->everybody.event = STR("notifications_merged");
	m->everybody.payload = STR("1");
	uint64_t account = m->effect->ids[0];
	scope_set scope = SCOPE(READ_NOTIFICATIONS);
	news_send_all(&m->everybody, hub_channel(m->hub, TOPIC_USER, account, STR("")), scope);
	news_send_all(&m->everybody, hub_channel(m->hub, TOPIC_NOTIFICATIONS, account, STR("")),
		      scope);
}

/* Everybody sees the same counts. */
static void announcement_reacted(struct matter *m)
{
	struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX];
	struct db_txn *txn;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
		return;
	size_t n = announcement_counts(txn, m->ctx.arena, m->effect->ids[0], counts);
	db_read_end(&txn);
	for (size_t i = 0; i < n; i++) {
		struct news news CLEANUP(news_free) = { .event = STR("announcement.reaction") };
		struct buf out = BUF_INIT(REPLY_BYTES_MAX);
		struct jw w;
		jw_init(&w, &out);
		jw_object(&w);
		jw_member_str(&w, "name", counts[i].name);
		jw_member_u64(&w, "count", counts[i].count);
		jw_member_id(&w, "announcement_id", m->effect->ids[0]);
		jw_end(&w);
		jw_done(&w);
		news.payload = arena_take_buf(m->ctx.arena, &out);
		news_send_kind(m->hub, &news, TOPIC_USER);
	}
}

static void announcement_removed(struct matter *m)
{
	m->everybody.event = STR("announcement.delete");
	m->everybody.payload = id_text(m, m->effect->ids[0]);
	news_send_kind(m->hub, &m->everybody, TOPIC_USER);
}

/* S-101: a suspended person hears nothing any more. */
static void account_gone(struct matter *m)
{
	for (struct hub_client *c = m->hub->clients; c != NULL; c = c->next) {
		if (c->account == m->effect->ids[0])
			hub_end_client(c);
	}
}

/* S-101: neither does who has a token that was revoked. */
static void token_gone(struct matter *m)
{
	uint64_t account = m->effect->ids[0], token = m->effect->ids[1];
	for (struct hub_client *c = m->hub->clients; c != NULL; c = c->next) {
		if (c->account == account && (token == 0 || c->token == token))
			hub_end_client(c);
	}
}

/* --- clients --- */

bool hub_knows_token(struct hub *hub, const struct hub_client *client)
{
	struct oauth_token token;
	struct account account;
	struct db_txn *txn;
	if (db_read_begin(hub->api->parts.db, &txn) != RC_OK)
		return false;
	bool known =
		oauth_tokens(txn, hub->arena, client->account, client->token - 1, &token, 1) == 1 &&
		token.id == client->token &&
		account_get(txn, hub->arena, client->account, &account) &&
		!account_is_gone(&account);
	db_read_end(&txn);
	return known;
}

static bool owns_list(struct hub *hub, uint64_t account, uint64_t id)
{
	struct list list;
	struct db_txn *txn;
	if (db_read_begin(hub->api->parts.db, &txn) != RC_OK)
		return false;
	bool owned = list_get(txn, hub->arena, account, id, &list);
	db_read_end(&txn);
	return owned;
}

bool hub_may_hear(struct hub *hub, const struct hub_client *client, const struct topic *topic)
{
	switch (topic_rows[topic->kind].about) {
	case TOPIC_OF_ACCOUNT:
		return topic->id == client->account;
	case TOPIC_OF_ALL:
	case TOPIC_OF_TAG:
		return true;
	case TOPIC_OF_LIST:
		return owns_list(hub, client->account, topic->id);
	}
	return false;
}

static void (*const tellers[])(struct matter *m) = {
	[LIVE_STATUS_ADDED] = status_added,
	[LIVE_STATUS_CHANGED] = status_changed,
	[LIVE_STATUS_REMOVED] = status_removed,
	[LIVE_STATUS_TAKEN] = status_taken,
	[LIVE_FILTERS] = filters_changed,
	[LIVE_ANNOUNCEMENT_REACTION] = announcement_reacted,
	[LIVE_ANNOUNCEMENT_REMOVED] = announcement_removed,
	[LIVE_NOTICES_MERGED] = notices_merged,
	[LIVE_ACCOUNT_GONE] = account_gone,
	[LIVE_TOKEN_GONE] = token_gone,
};

void hub_tell(struct hub *hub, const struct db_effect *effect)
{
	struct matter m = { .hub = hub, .ctx = { .arena = hub->arena }, .effect = effect };
	if (effect->kind < ARRAY_LEN(tellers) && tellers[effect->kind] != NULL)
		tellers[effect->kind](&m);
	news_free(&m.everybody);
}
