/*
 * Whom a status concerns at home and in lists, among those who are there. The same that feeds are made of:
 * whom they follow, and what they have set. The hub's thread.
 */
#include "hub_event_int.h"
#include "social/wants.h"
#include "store/graph.h"
#include "store/list.h"
#include "store/shelf.h"

#define PEOPLE_AT_ONCE 128 /* in one transaction */

static bool is_boost(const struct status *s)
{
	return (s->flags & STATUS_BOOST) != 0;
}

static bool is_for_tags(const struct status *s)
{
	return s->visibility == VISIBILITY_PUBLIC && !is_boost(s) && s->tag_count != 0;
}

static bool follows_a_tag(struct db_txn *txn, const struct matter *m, uint64_t account)
{
	for (size_t i = 0; is_for_tags(&m->status) && i < m->tag_count; i++) {
		if (shelf_has_text(txn, SHELF_TAGS, account, m->tags[i]))
			return true;
	}
	return false;
}

/* What they have set against its author, its booster or its language. */
static bool is_unwanted(struct db_txn *txn, const struct matter *m, uint64_t account)
{
	const struct status *s = &m->status;
	if (wants_not(txn, account, m->author.id, m->author.domain) ||
	    block_exists(txn, account, m->author.id))
		return true;
	if (!is_boost(s))
		return s->language.len != 0 &&
		       wants_no_language(txn, account, m->author.id, s->language);
	return wants_no_boosts(txn, account, m->author.id) ||
	       wants_not(txn, account, m->boosted.id, m->boosted.domain) ||
	       block_exists(txn, account, m->boosted.id);
}

/* Whom it answers, when that is somebody else; 0: nobody. *unknown: it is not known here. */
static uint64_t answers(const struct status *s, bool *unknown)
{
	*unknown = false;
	if ((s->flags & STATUS_REPLY) == 0 || is_boost(s) || s->parent_account == s->account)
		return 0;
	*unknown = s->parent_account == 0;
	return s->parent_account;
}

static bool is_wanted(struct db_txn *txn, const struct matter *m, uint64_t account)
{
	bool unknown;
	uint64_t answered = answers(&m->status, &unknown);
	if (m->status.account == account)
		return true;
	/* all that is known of one that is gone */
	if (m->effect->kind == LIVE_STATUS_REMOVED)
		return follow_accepted(txn, account, m->author.id);
	if (!follow_accepted(txn, account, m->author.id))
		return follows_a_tag(txn, m, account) && !is_unwanted(txn, m, account);
	if (unknown ||
	    (answered != 0 && answered != account && !follow_accepted(txn, account, answered)))
		return false;
	return !is_unwanted(txn, m, account) && !wants_apart(txn, account, m->author.id);
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
	/* who follows one of its hashtags need not follow its author */
	bool by_tag = is_for_tags(&m->status) && m->effect->kind != LIVE_STATUS_REMOVED;
	return (struct crowd){ .by_follower = !by_tag &&
					      counts.followers < m->hub->channel_count[TOPIC_USER],
			       .next = m->hub->by_kind[TOPIC_USER] };
}

void hub_for_home(struct matter *m, hub_tell_fn *tell)
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

/* --- lists --- */

static bool list_wants(struct db_txn *txn, const struct matter *m, uint64_t owner, uint64_t id)
{
	struct list list;
	bool unknown;
	uint64_t answered = answers(&m->status, &unknown);
	if (m->effect->kind == LIVE_STATUS_REMOVED)
		return shelf_has(txn, SHELF_LISTED, id, m->author.id);
	if (!list_get(txn, m->ctx.arena, owner, id, &list) ||
	    !shelf_has(txn, SHELF_LISTED, id, m->author.id) || is_unwanted(txn, m, owner) ||
	    unknown)
		return false;
	if (answered == 0 || answered == owner)
		return true;
	switch (list.replies) {
	case REPLIES_TO_LIST:
		return shelf_has(txn, SHELF_LISTED, id, answered);
	case REPLIES_TO_FOLLOWED:
		return follow_accepted(txn, owner, answered);
	case REPLIES_TO_NOBODY:
		return false;
	}
	return false;
}

void hub_for_lists(struct matter *m, hub_tell_fn *tell)
{
	const struct hub_channel *chunk[PEOPLE_AT_ONCE], *at = m->hub->by_kind[TOPIC_LIST];
	while (at != NULL) {
		struct db_txn *txn;
		size_t n = 0;
		if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
			return;
		for (size_t i = 0; at != NULL && i < PEOPLE_AT_ONCE; i++, at = at->next) {
			if (list_wants(txn, m, at->links->client->account, at->id))
				chunk[n++] = at;
		}
		db_read_end(&txn);
		for (size_t i = 0; i < n; i++)
			tell(m, chunk[i]);
	}
}
