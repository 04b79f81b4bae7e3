/*
 * What an effect means to those who listen. Each step reads in one short transaction whom it concerns
 * and what they see, renders, and sends when the transaction is over. The hub's thread.
 */
#include "community_int.h"
#include "hub_event_int.h"
#include "store/filter.h"
#include "store/graph.h"
#include "store/list.h"
#include "text/html.h"

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

void hub_render_for(struct matter *m, uint64_t account, struct buf *out)
{
	hub_render_one(m, m->status.id, account, out);
}

void hub_render_one(struct matter *m, uint64_t id, uint64_t account, struct buf *out)
{
	struct status_view view;
	struct call call;
	struct gather g;
	struct jw w;
	if (!hub_look(m, account, &call, &g) ||
	    gather_end(&g, gather_status(&g, id, &view)) != RC_OK)
		return;
	jw_init(&w, out);
	render_status(&w, m->hub->api->parts.site, &view);
	jw_done(&w);
}

/* To a channel of one person. */
static void tell_person(struct matter *m, const struct hub_channel *channel)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	bool letter = m->status.visibility == VISIBILITY_DIRECT;
	hub_render_for(m, channel->links->client->account, &payload);
	hub_tell_rendered(m, channel, &payload, letter ? SCOPE_LETTERS : 0);
}

/* To a list: of a community elsewhere, whose boost says that a thread is in it, the thread. */
static void tell_list(struct matter *m, const struct hub_channel *channel)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	bool of_group = m->author.id == channel->id && m->status.boost_of != 0;
	hub_render_one(m, of_group ? m->status.boost_of : m->status.id,
		       channel->links->client->account, &payload);
	hub_tell_rendered(m, channel, &payload, 0);
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
	hub_for_lists(m, tell_list);
	hub_tell_public(m);
}

static void status_changed(struct matter *m)
{
	m->event = STR("status.update");
	if (!matter_load(m))
		return;
	hub_for_home(m, tell_person);
	hub_for_lists(m, tell_list);
	hub_tell_public(m);
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

/* Whose filters say something is shown each post as they say. */
static bool has_filters(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	struct filter *filters;
	return filter_all(txn, arena, account, &filters) != 0;
}

static void filters_changed(struct matter *m)
{
	uint64_t account = m->effect->ids[0];
	struct db_txn *txn;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
		return;
	bool has = has_filters(txn, m->ctx.arena, account);
	db_read_end(&txn);
	for (struct hub_client *c = m->hub->clients; c != NULL; c = c->next) {
		if (c->account == account)
			c->has_filters = has;
	}
	m->everybody.event = STR("filters_changed");
	news_send_all(&m->everybody, hub_channel(m->hub, TOPIC_USER, account, STR("")), 0);
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

bool hub_meet(struct hub *hub, struct hub_client *client)
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
	client->has_filters = has_filters(txn, hub->arena, client->account);
	db_read_end(&txn);
	return known;
}

static bool owns_list(struct hub *hub, uint64_t account, uint64_t id)
{
	struct list list;
	struct db_txn *txn;
	if (db_read_begin(hub->api->parts.db, &txn) != RC_OK)
		return false;
	bool owned = list_get(txn, hub->arena, account, id, &list) ||
		     community_as_list(txn, hub->arena, account, id, &list);
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
	[LIVE_NOTICE] = hub_tell_notice,
	[LIVE_CONVERSATION] = hub_tell_letter,
	[LIVE_FILTERS] = filters_changed,
	[LIVE_ANNOUNCEMENT] = hub_tell_announced,
	[LIVE_ANNOUNCEMENT_REACTION] = hub_tell_reaction,
	[LIVE_ANNOUNCEMENT_REMOVED] = hub_tell_unannounced,
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
