/*
 * What an effect means to those who listen. Each step reads in one short transaction whom it concerns
 * and what they see, renders, and sends when the transaction is over. The hub's thread.
 */
#include "hub_int.h"
#include "store/graph.h"
#include "text/html.h"
#include "view_int.h"

/* in one transaction */
#define PEOPLE_AT_ONCE 128
#define LINKS_AT_ONCE 512
/* What became known later than this is not new. */
#define NEW_FOR_MS (6 * MS_PER_HOUR)

/* A status that somebody has to hear of, and how it is told. */
struct matter {
	struct hub *hub;
	struct ctx ctx;
	const struct db_effect *effect;
	struct str event;
	struct status status;
	struct account author;
	struct news everybody; /* as nobody known sees it */
};

static bool matter_load(struct matter *m)
{
	struct db_txn *txn;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
		return false;
	bool there = status_get(txn, m->ctx.arena, m->effect->ids[0], &m->status) &&
		     account_get(txn, m->ctx.arena, m->status.account, &m->author);
	db_read_end(&txn);
	return there;
}

/* --- rendering --- */

/* The status as account sees it, 0: nobody known. Absent when there is nothing to be seen. */
static struct str payload_for(struct matter *m, uint64_t account)
{
	struct call call = { .api = m->hub->api, .ctx = &m->ctx };
	struct status_view view;
	struct gather g;
	struct buf out = BUF_INIT(REPLY_BYTES_MAX);
	struct jw w;
	if (account != 0)
		call.viewer = (struct viewer){ account, true };
	if (gather_begin(&g, &call) != RC_OK)
		return STR_NONE;
	bool known = account == 0 || account_get(g.txn, g.arena, account, &call.bearer.account);
	enum rc rc = known ? gather_status(&g, m->status.id, &view) : RC_NOT_FOUND;
	if (gather_end(&g, rc) != RC_OK)
		return STR_NONE;
	jw_init(&w, &out);
	render_status(&w, m->hub->api->parts.site, &view);
	jw_done(&w);
	struct str text = arena_str(m->ctx.arena, buf_str(&out));
	buf_free(&out);
	return text;
}

static void tell_person(struct matter *m, const struct hub_channel *channel, uint64_t account)
{
	struct news news CLEANUP(news_free) = { .event = m->event };
	news.payload = payload_for(m, account);
	if (news.payload.ptr != NULL)
		news_send_all(&news, channel, 0);
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
	for (size_t i = 0; *at != NULL && i < LINKS_AT_ONCE; i++, *at = (*at)->next) {
		struct viewer viewer = { (*at)->client->account, true };
		if (may_see(txn, viewer, &m->status, &m->author) &&
		    !block_exists(txn, viewer.account, m->author.id))
			out[n++] = *at;
	}
	db_read_end(&txn);
	return n;
}

/* Rendered once: a stream that is everybody's shows it as nobody in particular sees it. */
static void tell_channel(struct matter *m, const struct hub_channel *channel)
{
	const struct hub_link *chunk[LINKS_AT_ONCE], *at = channel != NULL ? channel->links : NULL;
	if (at != NULL && m->everybody.payload.ptr == NULL) {
		m->everybody.event = m->event;
		m->everybody.payload = payload_for(m, 0);
	}
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
	const struct status *s = &m->status;
	bool local = (s->flags & STATUS_LOCAL) != 0;
	if (m->hub->by_kind[TOPIC_TAG] == NULL && m->hub->by_kind[TOPIC_TAG_LOCAL] == NULL)
		return;
	for (unsigned i = 0; i < s->tag_count; i++) {
		struct str folded;
		if (text_tag_fold(&m->ctx, s->tags[i], &folded) != RC_OK)
			continue;
		tell_kind(m, TOPIC_TAG, folded);
		if (local)
			tell_kind(m, TOPIC_TAG_LOCAL, folded);
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

/* --- home --- */

/*
 * Does a person want this at home? What they wrote, and what those whom they follow wrote, but replies
 * only to those whom they follow, too.
 */
static bool is_wanted(struct db_txn *txn, const struct matter *m, uint64_t account)
{
	const struct status *s = &m->status;
	if (s->account == account)
		return true;
	if (!follow_accepted(txn, account, s->account))
		return false;
	if ((s->flags & STATUS_REPLY) == 0 || (s->flags & STATUS_BOOST) != 0)
		return true;
	return s->parent_account != 0 &&
	       (s->parent_account == account || s->parent_account == s->account ||
		follow_accepted(txn, account, s->parent_account));
}

/* Those who are there and want it, whichever way to find them is shorter. */
struct crowd {
	bool by_follower;
	uint64_t after;			/* of the followers */
	const struct hub_channel *next; /* of those who are there */
	bool over;
};

static size_t next_followers(struct db_txn *txn, const struct matter *m, struct crowd *crowd,
			     const struct hub_channel **out)
{
	uint64_t ids[PEOPLE_AT_ONCE];
	size_t found = 0;
	size_t n = follow_followers(txn, m->author.id, crowd->after, FOLLOW_ACCEPTED, ids,
				    PEOPLE_AT_ONCE);
	crowd->over = n < PEOPLE_AT_ONCE;
	for (size_t i = 0; i < n; i++) {
		const struct hub_channel *c = hub_channel(m->hub, TOPIC_USER, ids[i], STR(""));
		if (c != NULL && is_wanted(txn, m, ids[i]))
			out[found++] = c;
		crowd->after = ids[i];
	}
	return found;
}

static size_t next_present(struct db_txn *txn, const struct matter *m, struct crowd *crowd,
			   const struct hub_channel **out)
{
	size_t found = 0;
	for (size_t i = 0; crowd->next != NULL && i < PEOPLE_AT_ONCE; i++) {
		if (crowd->next->id != m->author.id && is_wanted(txn, m, crowd->next->id))
			out[found++] = crowd->next;
		crowd->next = crowd->next->next;
	}
	crowd->over = crowd->next == NULL;
	return found;
}

static struct crowd crowd_begin(struct db_txn *txn, const struct matter *m)
{
	struct account_counts counts = account_counts(txn, m->author.id);
	return (struct crowd){ .by_follower = counts.followers < m->hub->channel_count[TOPIC_USER],
			       .next = m->hub->by_kind[TOPIC_USER] };
}

typedef void tell_fn(struct matter *m, const struct hub_channel *channel);

/* Calls tell for the channel of each person who is there and wants the status. */
static void for_home(struct matter *m, tell_fn *tell)
{
	const struct hub_channel *chunk[PEOPLE_AT_ONCE];
	const struct hub_channel *own = hub_channel(m->hub, TOPIC_USER, m->author.id, STR(""));
	struct crowd crowd = { .over = m->hub->by_kind[TOPIC_USER] == NULL };
	bool begun = false;
	if (own != NULL)
		tell(m, own);
	while (!crowd.over) {
		struct db_txn *txn;
		if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
			return;
		if (!begun)
			crowd = crowd_begin(txn, m);
		begun = true;
		size_t n = crowd.by_follower ? next_followers(txn, m, &crowd, chunk)
					     : next_present(txn, m, &crowd, chunk);
		db_read_end(&txn);
		for (size_t i = 0; i < n; i++)
			tell(m, chunk[i]);
	}
}

static void tell_home(struct matter *m, const struct hub_channel *channel)
{
	tell_person(m, channel, channel->id);
}

/* --- statuses --- */

static void status_added(struct matter *m)
{
	uint64_t now_ms = clock_wall_ms(m->hub->api->parts.clock);
	m->event = STR("update");
	if ((m->effect->flags & LIVE_OLD) != 0 || !matter_load(m) ||
	    m->status.created_ms + NEW_FOR_MS < now_ms)
		return;
	for_home(m, tell_home);
	tell_public(m);
}

static void status_changed(struct matter *m)
{
	m->event = STR("status.update");
	if (!matter_load(m))
		return;
	for_home(m, tell_home);
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

/* Which hashtags it had is not known any more; an id that nobody has seen says nothing. */
static void tell_all_of(struct matter *m, enum topic_kind kind)
{
	for (const struct hub_channel *c = m->hub->by_kind[kind]; c != NULL; c = c->next)
		news_send_all(&m->everybody, c, 0);
}

static void status_removed(struct matter *m)
{
	static const enum topic_kind open[] = { TOPIC_PUBLIC, TOPIC_PUBLIC_MEDIA,
						TOPIC_LOCAL,  TOPIC_LOCAL_MEDIA,
						TOPIC_REMOTE, TOPIC_REMOTE_MEDIA,
						TOPIC_TAG,    TOPIC_TAG_LOCAL };
	m->everybody.event = STR("delete");
	m->everybody.payload = id_text(m, m->effect->ids[0]);
	m->author.id = m->status.account = m->effect->ids[1];
	for_home(m, tell_deleted);
	if (live_visibility(m->effect) != VISIBILITY_PUBLIC || m->effect->ids[2] != 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(open); i++)
		tell_all_of(m, open[i]);
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

bool hub_may_hear(struct hub *hub UNUSED, const struct hub_client *client,
		  const struct topic *topic)
{
	switch (topic_rows[topic->kind].about) {
	case TOPIC_OF_ACCOUNT:
		return topic->id == client->account;
	case TOPIC_OF_ALL:
	case TOPIC_OF_TAG:
		return true;
	case TOPIC_OF_LIST:
		return false;
	}
	return false;
}

static void (*const tellers[])(struct matter *m) = {
	[LIVE_STATUS_ADDED] = status_added,	[LIVE_STATUS_CHANGED] = status_changed,
	[LIVE_STATUS_REMOVED] = status_removed, [LIVE_STATUS_TAKEN] = status_taken,
	[LIVE_FILTERS] = filters_changed,	[LIVE_NOTICES_MERGED] = notices_merged,
	[LIVE_ACCOUNT_GONE] = account_gone,	[LIVE_TOKEN_GONE] = token_gone,
};

void hub_tell(struct hub *hub, const struct db_effect *effect)
{
	struct matter m = { .hub = hub, .ctx = { .arena = hub->arena }, .effect = effect };
	if (effect->kind < ARRAY_LEN(tellers) && tellers[effect->kind] != NULL)
		tellers[effect->kind](&m);
	news_free(&m.everybody);
}
