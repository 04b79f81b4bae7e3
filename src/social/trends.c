/* Counting what trends. One thread; the job reads and writes counters only. */
#include "social/trends.h"

#include <math.h>
#include <stdlib.h>

#include "core/must.h"
#include "social/moderate.h"
#include "store/graph.h"
#include "store/search.h"
#include "store/timeline.h"
#include "text/html.h"
#include "trends_int.h"

#define STATUSES_AT_ONCE 64
#define STEP_ARENA ((size_t)64 << 20)
#define LINKS_MAX 4 /* of one post */
#define STATUS_AGE_MAX_MS (7 * MS_PER_DAY)
#define PRUNED_AT_ONCE 32
#define PRUNED_WEIGHT (1.0 / 64)

#define SCORE_ONE ((double)(1 << 20))
/* Ids carry the time at which they were given. */
#define ID_MS_SHIFT 16

/* --- scores --- */

uint64_t trend_half_life(enum rank_kind kind)
{
	if (kind == RANK_STATUS)
		return 8 * MS_PER_HOUR;
	return kind == RANK_POPULAR ? 14 * MS_PER_DAY : 12 * MS_PER_HOUR;
}

uint64_t trend_score(double weight, uint64_t at_ms, uint64_t half_life_ms)
{
	double score = (log2(weight) + (double)at_ms / (double)half_life_ms) * SCORE_ONE;
	return score > 0 ? (uint64_t)score : 0;
}

double trend_weight(uint64_t score, uint64_t now_ms, uint64_t half_life_ms)
{
	return exp2((double)score / SCORE_ONE - (double)now_ms / (double)half_life_ms);
}

/* --- what one status adds --- */

struct counting {
	struct ctx ctx;
	struct db_txn *txn;
	uint64_t now_ms;
};

static void bump(struct counting *c, enum rank_kind kind, struct str item)
{
	uint64_t half_life = trend_half_life(kind);
	struct rank rank = { .score = 0 };
	double weight = 1;
	if (rank_get(c->txn, c->ctx.arena, kind, item, &rank))
		weight += trend_weight(rank.score, c->now_ms, half_life);
	rank_put(c->txn, kind, item, trend_score(weight, c->now_ms, half_life));
}

/* One that is used is found by its name, whether it may trend or not. */
static void count_tags(struct counting *c, const struct status *s, uint64_t user, bool trends)
{
	for (unsigned i = 0; i < s->tag_count; i++) {
		struct ctx quiet = { .arena = c->ctx.arena };
		struct str name;
		if (text_tag_fold(&quiet, s->tags[i], &name) != RC_OK)
			continue;
		hashtag_use(c->txn, name, s->tags[i], c->now_ms);
		usage_add(c->txn, USAGE_TAG, name, day_of_ms(c->now_ms), user);
		if (trends)
			bump(c, RANK_TAG, name);
	}
}

static void count_links(struct counting *c, const struct status *s, uint64_t user)
{
	struct str rest = s->content.markup;
	struct html_link link;
	unsigned n = 0;
	while (n < LINKS_MAX && html_link_next(&c->ctx, &rest, &link)) {
		if (link.mention || link.hashtag || !str_has_prefix(link.href, STR("https://")) ||
		    link.href.len > RANK_ITEM_MAX / 2)
			continue;
		if (n == 0)
			timeline_link_put(c->txn, s, link.href);
		usage_add(c->txn, USAGE_LINK, link.href, day_of_ms(c->now_ms), user);
		bump(c, RANK_LINK, link.href);
		n++;
	}
}

/* Everybody's post of somebody who wants to be discovered, and nothing that is covered. */
static bool may_trend(struct counting *c, const struct status *s, struct account *author)
{
	return s->visibility == VISIBILITY_PUBLIC &&
	       (s->flags & (STATUS_SENSITIVE | STATUS_BOOST)) == 0 && s->spoiler.len == 0 &&
	       !is_held_back(s) && (s->flags & STATUS_LIMITED) == 0 &&
	       account_get(c->txn, c->ctx.arena, s->account, author) && !account_is_gone(author) &&
	       (author->flags & ACCOUNT_DISCOVERABLE) != 0 &&
	       !is_silenced(c->txn, c->ctx.arena, author);
}

static void score_status(struct counting *c, const struct status *s)
{
	struct account author;
	struct status_counts counts = status_counts(c->txn, s->id);
	double weight = (double)counts.likes + 2.0 * (double)counts.boosts;
	struct rank_id id = rank_id(s->id);
	if (weight < TREND_ACCOUNTS_MIN || s->parent_uri.len != 0 || s->parent != 0 ||
	    s->created_ms + STATUS_AGE_MAX_MS < c->now_ms || !may_trend(c, s, &author))
		return;
	/* who dates a post into the future gains nothing by it */
	uint64_t at_ms = s->created_ms < c->now_ms ? s->created_ms : c->now_ms;
	rank_put(c->txn, RANK_STATUS, rank_id_str(&id),
		 trend_score(weight, at_ms, trend_half_life(RANK_STATUS)));
}

static void score_author(struct counting *c, const struct account *a, uint64_t at_ms)
{
	struct rank_id id = rank_id(a->id);
	double weight = 1.0 + (double)account_counts(c->txn, a->id).followers;
	if ((a->flags & ACCOUNT_DISCOVERABLE) == 0 || a->moved_to.len != 0)
		return;
	rank_put(c->txn, RANK_POPULAR, rank_id_str(&id),
		 trend_score(weight, at_ms, trend_half_life(RANK_POPULAR)));
	rank_put(c->txn, RANK_ACTIVE, rank_id_str(&id), at_ms);
	if (account_is_local(a))
		rank_put(c->txn, RANK_ACTIVE_LOCAL, rank_id_str(&id), at_ms);
}

static bool is_local_status(struct counting *c, uint64_t id)
{
	struct status s;
	return id != 0 && status_get(c->txn, c->ctx.arena, id, &s) && (s.flags & STATUS_LOCAL) != 0;
}

static void count_measures(struct counting *c, const struct status *s)
{
	uint32_t day = day_of_ms(c->now_ms);
	if ((s->flags & (STATUS_LOCAL | STATUS_BOOST)) == STATUS_LOCAL)
		measure_add(c->txn, MEASURE_STATUSES, day, 1);
	if (is_local_status(c, s->boost_of) || is_local_status(c, s->parent))
		measure_add(c->txn, MEASURE_INTERACTIONS, day, 1);
}

static void count_status(struct counting *c, const struct status *s)
{
	struct account author;
	struct status boosted;
	count_measures(c, s);
	if (s->visibility != VISIBILITY_PUBLIC ||
	    !account_get(c->txn, c->ctx.arena, s->account, &author) || account_is_gone(&author))
		return;
	score_author(c, &author, c->now_ms);
	const struct status *said = s;
	if (s->boost_of != 0) {
		if (!status_get(c->txn, c->ctx.arena, s->boost_of, &boosted))
			return;
		score_status(c, &boosted);
		said = &boosted;
	}
	bool trends = may_trend(c, said, &author);
	if (trends || (said->visibility == VISIBILITY_PUBLIC && !is_held_back(said) &&
		       (said->flags & STATUS_LIMITED) == 0))
		count_tags(c, said, s->account, trends);
	if (trends)
		count_links(c, said, s->account);
}

/* --- steps --- */

struct step {
	struct db *db;
	struct arena *arena;
	uint64_t ids[STATUSES_AT_ONCE];
	size_t count;
	struct search_stale liked[STATUSES_AT_ONCE];
	size_t liked_count;
};

static bool step_begin(struct counting *c, struct step *s, uint64_t id, struct status *out)
{
	arena_reset(s->arena);
	c->now_ms = id >> ID_MS_SHIFT;
	return status_get(c->txn, s->arena, id, out);
}

static void prune(struct counting *c)
{
	static const enum rank_kind fading[] = { RANK_TAG, RANK_STATUS, RANK_LINK, RANK_POPULAR };
	for (size_t i = 0; i < ARRAY_LEN(fading); i++) {
		uint64_t least =
			trend_score(PRUNED_WEIGHT, db_txn_now(c->txn), trend_half_life(fading[i]));
		rank_prune(c->txn, fading[i], least, PRUNED_AT_ONCE);
	}
}

static enum rc step_write(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	struct counting c = { .ctx = { .arena = s->arena }, .txn = txn };
	struct status status;
	for (size_t i = 0; i < s->count; i++) {
		if (step_begin(&c, s, s->ids[i], &status))
			count_status(&c, &status);
	}
	if (s->count != 0)
		search_mark_set(txn, SEARCH_TREND, s->ids[s->count - 1]);
	for (size_t i = 0; i < s->liked_count; i++) {
		if (step_begin(&c, s, s->liked[i].id, &status)) {
			c.now_ms = db_txn_now(txn);
			score_status(&c, &status);
			/* likes of one post that came together count once */
			if ((status.flags & STATUS_LOCAL) != 0)
				measure_add(txn, MEASURE_INTERACTIONS, day_of_ms(c.now_ms), 1);
		}
		search_fresh(txn, SEARCH_TREND, &s->liked[i]);
	}
	prune(&c);
	return db_txn_rc(txn);
}

static enum rc take_up(struct step *s)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(s->db, &txn);
	if (rc != RC_OK)
		return rc;
	s->count = status_after(txn, search_mark(txn, SEARCH_TREND), s->ids, STATUSES_AT_ONCE);
	s->liked_count = search_stale(txn, SEARCH_TREND, s->liked, STATUSES_AT_ONCE);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK || (s->count == 0 && s->liked_count == 0))
		return rc;
	rc = db_write(s->db, step_write, s);
	bool more = s->count == STATUSES_AT_ONCE || s->liked_count == STATUSES_AT_ONCE;
	return rc == RC_OK && more ? RC_BUSY : rc;
}

enum rc trends_take_up(struct db *db)
{
	struct step *s = calloc(1, sizeof(*s));
	if (s == NULL)
		return RC_NO_MEMORY;
	s->db = db;
	s->arena = arena_new(STEP_ARENA);
	enum rc rc = s->arena != NULL ? take_up(s) : RC_NO_MEMORY;
	arena_free(&s->arena);
	free(s);
	return rc;
}
