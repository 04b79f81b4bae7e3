/* Whom a status concerns at home and in lists, among those who are there. The hub's thread. */
#include "hub_event_int.h"
#include "store/community.h"
#include "store/graph.h"
#include "store/shelf.h"

#define PEOPLE_AT_ONCE 128 /* in one transaction */

static bool is_for_tags(const struct status *s)
{
	return s->visibility == VISIBILITY_PUBLIC && (s->flags & STATUS_BOOST) == 0 &&
	       s->tag_count != 0;
}

static bool follows_a_tag(struct db_txn *txn, const struct matter *m, uint64_t account)
{
	for (size_t i = 0; is_for_tags(&m->status) && i < m->tag_count; i++) {
		if (shelf_has_text(txn, SHELF_TAGS, account, m->tags[i]))
			return true;
	}
	return false;
}

/*
 * Is it for the person of this channel? First what is cheap to ask, since most of them do not follow its
 * author; then by the rule of feeds. Of one that is gone only its author is known.
 */
static bool is_wanted(struct db_txn *txn, const struct matter *m, struct hub_channel *channel)
{
	uint64_t account = channel->id;
	bool follows = account == m->author.id || follow_accepted(txn, account, m->author.id);
	if (m->effect->kind == LIVE_STATUS_REMOVED)
		return follows;
	if (!follows && !follows_a_tag(txn, m, account))
		return false;
	const struct reader *reader = hub_reader(m->hub, txn, channel);
	return reader != NULL && reader_wants(txn, m->hub->scratch, reader, &m->status);
}

/* Those who are there and want it, whichever way to find them is shorter. */
struct crowd {
	bool by_follower;
	uint64_t after;		  /* of the followers */
	struct hub_channel *next; /* of those who are there */
	bool over;
};

static size_t next_followers(struct db_txn *txn, const struct matter *m, struct crowd *crowd,
			     struct hub_channel **out)
{
	uint64_t ids[PEOPLE_AT_ONCE];
	size_t found = 0;
	size_t n = follow_followers(txn, m->author.id, crowd->after, FOLLOW_ACCEPTED, ids,
				    PEOPLE_AT_ONCE);
	crowd->over = n < PEOPLE_AT_ONCE;
	for (size_t i = 0; i < n; i++) {
		struct hub_channel *c = hub_channel(m->hub, TOPIC_USER, ids[i], STR(""));
		if (c != NULL && is_wanted(txn, m, c))
			out[found++] = c;
		crowd->after = ids[i];
	}
	return found;
}

static size_t next_present(struct db_txn *txn, const struct matter *m, struct crowd *crowd,
			   struct hub_channel **out)
{
	size_t found = 0;
	for (size_t i = 0; crowd->next != NULL && i < PEOPLE_AT_ONCE; i++) {
		if (crowd->next->id != m->author.id && is_wanted(txn, m, crowd->next))
			out[found++] = crowd->next;
		crowd->next = crowd->next->next;
	}
	crowd->over = crowd->next == NULL;
	return found;
}

static struct crowd crowd_begin(struct db_txn *txn, const struct matter *m)
{
	struct account_counts counts = account_counts(txn, m->author.id);
	/* who follows one of its hashtags need not follow its author */
	bool by_tag = is_for_tags(&m->status) && m->effect->kind != LIVE_STATUS_REMOVED;
	return (struct crowd){ .by_follower = !by_tag &&
					      counts.followers < m->hub->channel_count[TOPIC_USER],
			       .next = m->hub->by_kind[TOPIC_USER] };
}

void hub_for_home(struct matter *m, hub_tell_fn *tell)
{
	struct hub_channel *chunk[PEOPLE_AT_ONCE];
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
		arena_reset(m->hub->scratch);
		for (size_t i = 0; i < n; i++)
			tell(m, chunk[i]);
	}
}

/* --- lists --- */

/*
 * A community that somebody has joined is a list of its threads. One of here has them from the beginning;
 * one elsewhere says so by boosting them.
 */
static bool community_wants(struct db_txn *txn, const struct matter *m,
			    const struct hub_channel *channel)
{
	const struct status *s = &m->status;
	if (!follow_accepted(txn, channel->links->client->account, channel->id))
		return false;
	/* what it was in is not known any more: who follows its author would hear of it, too */
	if (m->effect->kind == LIVE_STATUS_REMOVED)
		return live_visibility(m->effect) != VISIBILITY_FOLLOWERS &&
		       follow_accepted(txn, m->effect->ids[1], channel->id);
	if (s->community == channel->id && s->boost_of == 0)
		return s->parent == 0 &&
		       (community_exists(txn, channel->id) || account_is_local(&m->author));
	return m->author.id == channel->id && s->boost_of != 0 &&
	       m->effect->kind == LIVE_STATUS_ADDED && !community_exists(txn, channel->id);
}

static bool list_wants(struct db_txn *txn, const struct matter *m, struct hub_channel *channel)
{
	if (community_wants(txn, m, channel))
		return true;
	if (!shelf_has(txn, SHELF_LISTED, channel->id, m->author.id))
		return false;
	if (m->effect->kind == LIVE_STATUS_REMOVED)
		return true;
	const struct reader *reader = hub_reader(m->hub, txn, channel);
	return reader != NULL && reader_wants(txn, m->hub->scratch, reader, &m->status);
}

void hub_for_lists(struct matter *m, hub_tell_fn *tell)
{
	struct hub_channel *chunk[PEOPLE_AT_ONCE], *at = m->hub->by_kind[TOPIC_LIST];
	while (at != NULL) {
		struct db_txn *txn;
		size_t n = 0;
		if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
			return;
		for (size_t i = 0; at != NULL && i < PEOPLE_AT_ONCE; i++, at = at->next) {
			if (list_wants(txn, m, at))
				chunk[n++] = at;
		}
		db_read_end(&txn);
		arena_reset(m->hub->scratch);
		for (size_t i = 0; i < n; i++)
			tell(m, chunk[i]);
	}
}
