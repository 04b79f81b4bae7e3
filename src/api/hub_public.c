/* Streams that are everybody's: of all posts, and of hashtags. The hub's thread. */
#include "hub_event_int.h"
#include "social/moderate.h"
#include "social/wants.h"
#include "store/graph.h"

#define LINKS_AT_ONCE 512 /* in one transaction */

static void render_everybody(struct matter *m)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	hub_render_for(m, 0, &payload);
	m->everybody.event = m->event;
	m->everybody.payload =
		payload.len != 0 ? arena_str(m->ctx.arena, buf_str(&payload)) : STR_NONE;
	buf_free(&payload);
	arena_reset(m->hub->scratch);
}

/* Those of a chunk of links whose clients may see the status and want to. */
static size_t pick(struct matter *m, const struct hub_link **at, const struct hub_link **out)
{
	struct db_txn *txn;
	size_t n = 0;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK) {
		*at = NULL;
		return 0;
	}
	bool silenced = (m->status.flags & STATUS_LIMITED) != 0 ||
			is_silenced(txn, m->hub->scratch, &m->author);
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

/* To one who is shown it in a way of their own. */
static void tell_one(struct matter *m, const struct hub_link *link)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	hub_render_for(m, link->client->account, &payload);
	struct news news CLEANUP(news_free) = { .event = m->event, .payload = buf_str(&payload) };
	if (payload.len != 0)
		news_send(&news, link);
	buf_free(&payload);
	arena_reset(m->hub->scratch);
}

/*
 * Rendered once: a stream that is everybody's shows it as nobody in particular sees it, but to those who
 * have filters.
 */
static void tell_channel(struct matter *m, const struct hub_channel *channel)
{
	const struct hub_link *chunk[LINKS_AT_ONCE], *at = channel != NULL ? channel->links : NULL;
	if (at != NULL && m->everybody.payload.ptr == NULL)
		render_everybody(m);
	if (m->everybody.payload.ptr == NULL)
		return;
	while (at != NULL) {
		size_t n = pick(m, &at, chunk);
		for (size_t i = 0; i < n; i++) {
			if (chunk[i]->client->has_filters)
				tell_one(m, chunk[i]);
			else
				news_send(&m->everybody, chunk[i]);
		}
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

void hub_tell_public(struct matter *m)
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
