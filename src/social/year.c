/* Years in review. Inside transactions only, but for what is pure. */
#include "social/year.h"

#include "act_int.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/graph.h"
#include "store/status.h"
#include "store/usage.h"
#include "text/html.h"

#define STEP_POSTS 100
#define STEP_FOLLOWERS 200
#define TASK_VERSION 1
/* Ids carry the time at which they were given. */
#define ID_MS_SHIFT 16
#define OFFER_FIRST_DAY 9 /* days before it in December */
#define LURKER_ACTS 50	  /* in a year */

/* --- when --- */

static uint32_t month_of(uint64_t ms)
{
	return period_of_ms(PERIOD_MONTH, ms);
}

static uint64_t year_begins_ms(uint16_t year)
{
	return period_start_ms(PERIOD_MONTH, (uint32_t)year * YEAR_MONTHS);
}

uint16_t year_on_offer(enum year_offer offer, uint64_t now_ms)
{
	uint32_t month = month_of(now_ms);
	uint16_t year = (uint16_t)(month / YEAR_MONTHS);
	bool december = month % YEAR_MONTHS == YEAR_MONTHS - 1;
	uint64_t first = period_start_ms(PERIOD_MONTH, month) + OFFER_FIRST_DAY * MS_PER_DAY;
	if (offer == YEAR_ALWAYS || (offer == YEAR_DECEMBER && december && now_ms >= first))
		return year;
	return 0;
}

static bool is_offered(enum year_offer offer, uint16_t year, uint64_t now_ms)
{
	uint16_t now = year_on_offer(offer, now_ms);
	if (year < YEAR_FIRST || now == 0)
		return false;
	return offer == YEAR_ALWAYS ? year <= now : year == now;
}

static size_t posts_in(struct db_txn *txn, uint64_t account, uint16_t year)
{
	struct status_entry entries[YEAR_POSTS_MIN];
	return status_by_author(txn, account, year_begins_ms(year + 1) << ID_MS_SHIFT,
				(year_begins_ms(year) << ID_MS_SHIFT) - 1, entries, YEAR_POSTS_MIN);
}

enum year_state year_state(struct db_txn *txn, struct arena *arena, enum year_offer offer,
			   uint64_t account, uint16_t year, uint64_t now_ms)
{
	struct year_report there;
	if (year_get(txn, arena, account, year, &there))
		return there.phase == YEAR_READY ? YEAR_AVAILABLE : YEAR_GENERATING;
	return is_offered(offer, year, now_ms) && posts_in(txn, account, year) == YEAR_POSTS_MIN
		       ? YEAR_ELIGIBLE
		       : YEAR_INELIGIBLE;
}

enum year_archetype year_archetype(const struct year_report *y)
{
	if (y->posts + y->boosts < LURKER_ACTS)
		return YEAR_LURKER;
	if (y->boosts > 2 * y->posts)
		return YEAR_BOOSTER;
	if (10 * y->polls > y->posts)
		return YEAR_POLLSTER;
	return 3 * y->replies > 2 * y->posts ? YEAR_REPLIER : YEAR_ORACLE;
}

/* --- asking for one --- */

enum rc year_generate(struct social *s, enum year_offer offer, const struct account *account,
		      uint16_t year, enum year_state *state)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	*state = year_state(s->txn, s->ctx->arena, offer, account->id, year, db_txn_now(s->txn));
	if (*state != YEAR_ELIGIBLE)
		return act_end(s, RC_OK);
	const struct year_report begun = { .account = account->id,
					   .year = year,
					   .phase = YEAR_POSTS,
					   .cursor = year_begins_ms(year + 1) << ID_MS_SHIFT };
	year_put(s->txn, &begun);
	year_task_encode(&payload, &(struct year_task){ account->id, year });
	const struct queue_new job = { .kind = JOB_YEAR,
				       .order = account->id,
				       .payload = buf_str(&payload) };
	queue_add(s->txn, &job);
	s->enqueued = true;
	*state = YEAR_GENERATING;
	return act_end(s, RC_OK);
}

enum rc year_mark_read(struct social *s, const struct account *account, uint16_t year)
{
	struct year_report report;
	if (!year_get(s->txn, s->ctx->arena, account->id, year, &report) ||
	    report.phase != YEAR_READY)
		return act_end(s, RC_NOT_FOUND);
	report.read = true;
	year_put(s->txn, &report);
	return act_end(s, RC_OK);
}

/* --- counting --- */

static void count_tag(struct social *s, struct year_report *y, struct str written)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	struct str name;
	unsigned rarest = 0;
	if (text_tag_fold(&quiet, written, &name) != RC_OK)
		return;
	for (unsigned i = 0; i < y->tag_count; i++) {
		if (str_eq(y->tags[i].name, name)) {
			y->tags[i].uses++;
			return;
		}
		if (y->tags[i].uses < y->tags[rarest].uses)
			rarest = i;
	}
	/* of more than there is room for, the rarest gives its place and its count away */
	bool full = y->tag_count == YEAR_TAGS_MAX;
	unsigned at = full ? rarest : y->tag_count++;
	uint32_t before = full ? y->tags[at].uses : 0;
	y->tags[at] = (struct year_tag){ name, written, before + 1 };
}

static void count_post(struct social *s, struct year_report *y, const struct status *status,
		       uint32_t boosts)
{
	y->posts++;
	y->replies += (status->flags & STATUS_REPLY) != 0;
	y->polls += status->has_poll;
	for (unsigned i = 0; i < status->tag_count; i++)
		count_tag(s, y, status->tags[i]);
	if (visibility_is_open(status->visibility) && boosts > y->top_boosts) {
		y->top_boosts = boosts;
		y->top_boosted = status->id;
	}
}

/* They stand newest first; those of one millisecond before the year are others. */
static bool step_posts(struct social *s, struct year_report *y)
{
	struct arena *arena = s->ctx->arena;
	struct status_entry entries[STEP_POSTS];
	uint64_t ids[STEP_POSTS], least = (year_begins_ms(y->year) << ID_MS_SHIFT) - 1;
	struct status *rows = ARENA_ARRAY(arena, STEP_POSTS, struct status);
	struct status_counts *counts = ARENA_ARRAY(arena, STEP_POSTS, struct status_counts);
	size_t n = status_by_author(s->txn, y->account, y->cursor, least, entries, STEP_POSTS);
	for (size_t i = 0; i < n; i++)
		ids[i] = entries[i].id;
	if (rows == NULL || counts == NULL || !status_get_many(s->txn, arena, ids, n, rows) ||
	    !status_counts_many(s->txn, arena, ids, n, counts))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].id == 0)
			continue;
		y->month_posts[month_of(ids[i] >> ID_MS_SHIFT) % YEAR_MONTHS]++;
		if ((rows[i].flags & STATUS_BOOST) != 0)
			y->boosts++;
		else
			count_post(s, y, &rows[i], counts[i].boosts);
	}
	y->cursor = n != 0 ? ids[n - 1] : 0;
	return n == STEP_POSTS;
}

static bool step_followers(struct social *s, struct year_report *y)
{
	uint64_t ids[STEP_FOLLOWERS], begins = year_begins_ms(y->year),
				      ends = year_begins_ms(y->year + 1);
	size_t n = follow_followers(s->txn, y->account, y->cursor, FOLLOW_ACCEPTED, ids,
				    STEP_FOLLOWERS);
	for (size_t i = 0; i < n; i++) {
		uint64_t at = follow_get(s->txn, ids[i], y->account).created_ms;
		if (at >= begins && at < ends)
			y->month_followers[month_of(at) % YEAR_MONTHS]++;
	}
	y->cursor = n != 0 ? ids[n - 1] : 0;
	return n == STEP_FOLLOWERS;
}

static void keep_best_tag(struct year_report *y)
{
	for (unsigned i = 1; i < y->tag_count; i++) {
		if (y->tags[i].uses > y->tags[0].uses)
			y->tags[0] = y->tags[i];
	}
	y->tag_count = y->tag_count != 0 ? 1 : 0;
}

/* There is room for as many as may be remembered. */
static bool make_room(struct social *s, struct year_report *y)
{
	struct year_tag *tags = ARENA_ARRAY(s->ctx->arena, YEAR_TAGS_MAX, struct year_tag);
	for (unsigned i = 0; tags != NULL && i < y->tag_count; i++)
		tags[i] = y->tags[i];
	y->tags = tags;
	return tags != NULL;
}

static void step(struct social *s, struct year_report *y)
{
	bool more = y->phase == YEAR_POSTS ? step_posts(s, y) : step_followers(s, y);
	if (more)
		return;
	y->cursor = 0;
	y->phase = y->phase == YEAR_POSTS ? YEAR_FOLLOWERS : YEAR_READY;
	if (y->phase == YEAR_READY)
		keep_best_tag(y);
}

bool year_task_step(struct social *s, const struct year_task *task)
{
	struct year_report y;
	if (!year_get(s->txn, s->ctx->arena, task->account, task->year, &y) ||
	    y.phase == YEAR_READY || !make_room(s, &y))
		return false;
	step(s, &y);
	year_put(s->txn, &y);
	return y.phase != YEAR_READY;
}

void year_task_encode(struct buf *out, const struct year_task *task)
{
	rec_add_u8(out, TASK_VERSION);
	rec_add_u64(out, task->account);
	rec_add_num(out, task->year);
}

bool year_task_decode(struct str payload, struct year_task *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->account = rec_u64(&r);
	uint64_t year = rec_num(&r);
	out->year = (uint16_t)year;
	return version == TASK_VERSION && rec_ok(&r) && year <= YEAR_LAST;
}
