/* Reading events for their pages. */
#include "events_int.h"

#include <stdlib.h>

#include "social/community.h"
#include "social/community_view.h"
#include "store/graph.h"

#define LOOKED_MOST 100 /* of one owner: those that are to come, and those that may go on */
#define SCRATCH_MAX ((size_t)1 << 20)
#define EACH_MOST 10 /* that one community has in the list */
#define CARDS_MOST 100
#define GUESTS_SCANNED 2000

/* --- one --- */

/* What a moderator has taken out, or whose author they hide, is not shown to them. */
static bool is_shown(struct asking *a, struct db_txn *txn, const struct event_card *card)
{
	struct arena *arena = a->req->ctx.arena;
	const struct viewer viewer = { a->account.id, VIEWER_HERE };
	const struct status *s = &card->status;
	bool shown = true;
	if (!may_see(txn, viewer, s, &card->author))
		return false;
	return s->community == 0 || !community_exists(txn, s->community) ||
	       (community_pick(txn, arena, viewer, s->community, &s->id, 1, &shown) && shown);
}

/* over: also one that is over. */
static bool card_read(struct asking *a, struct db_txn *txn, uint64_t id, bool over,
		      struct event_card *out)
{
	struct arena *arena = a->req->ctx.arena;
	const uint64_t now = db_txn_now(txn);
	struct participant p;
	*out = (struct event_card){ .over = false };
	if (!status_get(txn, arena, id, &out->status) || !status_is_event(&out->status))
		return false;
	const struct status_event *e = &out->status.event;
	out->over = event_end_ms(e) < now;
	if ((out->over && !over) || !account_get(txn, arena, out->status.account, &out->author) ||
	    !is_shown(a, txn, out))
		return false;
	if (out->status.community == 0 ||
	    !account_get(txn, arena, out->status.community, &out->group))
		out->group.id = 0;
	if (!event_next_date(e, now, &out->date))
		out->date = (struct event_date){ .original_ms = e->start_ms,
						 .start_ms = e->start_ms,
						 .end_ms = e->end_ms,
						 .place = STR("") };
	const bool known = participant_get(txn, arena, id, a->account.id, &p);
	const bool open =
		!known || p.state == PARTICIPATION_INVITED || p.state == PARTICIPATION_DECLINED;
	out->attendance = attendance_get(txn, id);
	out->mine = known ? p.state : PARTICIPATION_NONE;
	out->may_join = open && event_why_not(txn, &out->status, a->account.id, known ? &p : NULL,
					      now) == NULL;
	return true;
}

bool event_card_read(struct asking *a, struct db_txn *txn, uint64_t id, struct event_card *out)
{
	return card_read(a, txn, id, true, out);
}

void event_cards_clock(struct asking *a, struct event_card *cards, size_t count)
{
	struct zones *zones = ARENA_NEW(a->req->ctx.arena, struct zones);
	for (size_t i = 0; zones != NULL && i < count; i++)
		cards[i].zone = zones_load(&a->req->ctx, zones, cards[i].status.event.timezone);
}

/* --- many --- */

static bool is_among(const struct event_card *cards, size_t count, uint64_t id)
{
	for (size_t i = 0; i < count; i++) {
		if (cards[i].status.id == id)
			return true;
	}
	return false;
}

static size_t add_card(struct asking *a, struct db_txn *txn, uint64_t id, struct event_card *out,
		       size_t count)
{
	return !is_among(out, count, id) && card_read(a, txn, id, false, &out[count]);
}

static int by_time(const void *x, const void *y)
{
	const struct event_card *a = x, *b = y;
	const uint64_t s = a->date.start_ms, t = b->date.start_ms;
	return s != t ? (s > t) - (s < t)
		      : (a->status.id > b->status.id) - (a->status.id < b->status.id);
}

static size_t add_cards(struct asking *a, struct db_txn *txn, const uint64_t *ids, size_t n,
			struct event_card *out, size_t count, size_t max)
{
	for (size_t i = 0; i < n && count < max; i++)
		count += add_card(a, txn, ids[i], out, count);
	return count;
}

/* Most that has begun is over: what is read of that is not kept. How many are left in ids. */
static size_t still_on(struct db_txn *txn, uint64_t *ids, size_t n)
{
	struct arena *scratch = n != 0 ? arena_new(SCRATCH_MAX) : NULL;
	size_t kept = 0;
	for (size_t i = 0; scratch != NULL && i < n; i++) {
		struct status s;
		arena_reset(scratch);
		if (status_get(txn, scratch, ids[i], &s) && status_is_event(&s) &&
		    event_end_ms(&s.event) >= db_txn_now(txn))
			ids[kept++] = ids[i];
	}
	arena_free(&scratch);
	return kept;
}

/* What goes on has a half of the room at most, so that it hides nothing that is to come. */
size_t event_cards_of(struct asking *a, struct db_txn *txn, uint64_t owner, struct event_card *out,
		      size_t count, size_t max)
{
	const uint64_t now = db_txn_now(txn);
	const uint64_t first = now > EVENT_LONGEST_MS ? now - EVENT_LONGEST_MS : 0;
	const size_t before = count;
	uint64_t ids[LOOKED_MOST];
	if (count >= max)
		return count;
	size_t n = still_on(txn, ids, events_between(txn, owner, first, now, ids, LOOKED_MOST));
	count = add_cards(a, txn, ids, n, out, count, count + (max - count + 1) / 2);
	n = events_between(txn, owner, now, UINT64_MAX, ids, LOOKED_MOST);
	count = add_cards(a, txn, ids, n, out, count, max);
	qsort(&out[before], count - before, sizeof(*out), by_time);
	return count;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Those in which somebody takes part first, so that none of them is crowded out. */
static size_t read_cards(struct asking *a, struct db_txn *txn, struct event_card *cards)
{
	struct arena *arena = a->req->ctx.arena;
	const uint64_t person = a->account.id;
	uint64_t *ids = ARENA_ARRAY(arena, COMMUNITIES_JOINED_MAX, uint64_t);
	size_t n = 0, got;
	if (ids == NULL)
		return 0;
	got = participations_of(txn, person, &PAGE_ALL, ids, CARDS_MOST);
	for (size_t i = 0; i < got && n < EVENTS_SHOWN; i++)
		n += add_card(a, txn, ids[i], cards, n);
	n = event_cards_of(a, txn, person, cards, n, least(n + EACH_MOST, CARDS_MOST));
	got = communities_joined(txn, arena, person, ids, COMMUNITIES_JOINED_MAX);
	for (size_t i = 0; i < got && n < CARDS_MOST; i++)
		n = event_cards_of(a, txn, ids[i], cards, n, least(n + EACH_MOST, CARDS_MOST));
	qsort(cards, n, sizeof(*cards), by_time);
	return n;
}

size_t event_cards_all(struct asking *a, struct db_txn *txn, struct event_card **out)
{
	*out = ARENA_ARRAY(a->req->ctx.arena, CARDS_MOST + 1, struct event_card);
	return *out != NULL ? read_cards(a, txn, *out) : 0;
}

static void read_communities(struct asking *a, struct db_txn *txn, struct events_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	uint64_t ids[CARDS_MOST];
	size_t n = communities_joined(txn, arena, a->account.id, ids, CARDS_MOST);
	page->communities = ARENA_ARRAY(arena, n, struct account);
	for (size_t i = 0; page->communities != NULL && i < n; i++) {
		if (community_exists(txn, ids[i]) &&
		    community_permits(txn, ids[i], a->account.id, COMMUNITY_MAY_EVENTS))
			page->community_count += account_get(
				txn, arena, ids[i], &page->communities[page->community_count]);
	}
}

/* Who holds another one mostly does so by the same clocks. */
static struct str usual_zone(const struct asking *a, const struct events_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		if (page->cards[i].author.id == a->account.id)
			return page->cards[i].status.event.timezone;
	}
	return page->count != 0 ? page->cards[0].status.event.timezone : STR("");
}

enum rc events_read(struct asking *a, struct events_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct db_txn *txn = NULL;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	page->count = least(event_cards_all(a, txn, &page->cards), EVENTS_SHOWN);
	read_communities(a, txn, page);
	page->calendar = arena_join(arena, a->web->site->base, event_feed_path(a, txn));
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && arena_failed(arena))
		rc = RC_NO_MEMORY;
	if (rc != RC_OK)
		return rc;
	event_cards_clock(a, page->cards, page->count);
	if (!page->sent)
		page->typed.timezone = usual_zone(a, page);
	return RC_OK;
}

/* --- one with its guests --- */

static unsigned bit(enum participation state)
{
	return 1U << state;
}

/* Those with one of the states behind *after, which moves on; 0 when there are no more. */
static size_t read_guests(struct asking *a, struct db_txn *txn, uint64_t status, unsigned states,
			  uint64_t *after, struct event_guest *out)
{
	struct arena *arena = a->req->ctx.arena;
	struct participant rows[EVENT_PEOPLE];
	size_t n = 0, got = EVENT_PEOPLE;
	for (size_t seen = 0; seen < GUESTS_SCANNED && got == EVENT_PEOPLE; seen += got) {
		got = participants(txn, arena, status, *after, rows, EVENT_PEOPLE);
		for (size_t i = 0; i < got; i++) {
			if (n == EVENT_PEOPLE)
				return n;
			*after = rows[i].account;
			out[n].participant = rows[i];
			n += (states & bit(rows[i].state)) != 0 &&
			     account_get(txn, arena, rows[i].account, &out[n].account) &&
			     !account_is_gone(&out[n].account);
		}
	}
	if (got < EVENT_PEOPLE)
		*after = 0;
	return n;
}

/* Members who have nothing to do with it yet, and see it. */
static void read_members(struct asking *a, struct db_txn *txn, struct event_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	uint64_t ids[EVENT_PEOPLE * 4];
	struct participant p;
	const struct status *s = &page->card.status;
	page->members = ARENA_ARRAY(arena, EVENT_PEOPLE, struct account);
	if (page->members == NULL || !community_exists(txn, s->community) || page->card.over)
		return;
	size_t n = follow_followers_page(txn, s->community, FOLLOW_ACCEPTED, &PAGE_ALL, ids,
					 ARRAY_LEN(ids));
	for (size_t i = 0; i < n && page->member_count < EVENT_PEOPLE; i++) {
		struct account *m = &page->members[page->member_count];
		if (ids[i] == s->account || participant_get(txn, arena, s->id, ids[i], &p) ||
		    !account_get(txn, arena, ids[i], m))
			continue;
		const struct viewer viewer = { m->id, account_is_local(m) };
		page->member_count += !account_is_gone(m) && m->kind != ACCOUNT_GROUP &&
				      may_see(txn, viewer, s, &page->card.author);
	}
}

static void read_people(struct asking *a, struct db_txn *txn, struct event_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	const uint64_t id = page->card.status.id;
	uint64_t first = 0;
	page->waiting = ARENA_ARRAY(arena, EVENT_PEOPLE + 1, struct event_guest);
	page->guests = ARENA_ARRAY(arena, EVENT_PEOPLE + 1, struct event_guest);
	if (page->waiting == NULL || page->guests == NULL || !page->sees_guests)
		return;
	unsigned states = bit(PARTICIPATION_GOING);
	if (page->may_manage) {
		states |= bit(PARTICIPATION_INVITED) | bit(PARTICIPATION_DECLINED) |
			  bit(PARTICIPATION_REFUSED);
		page->waiting_count =
			read_guests(a, txn, id, bit(PARTICIPATION_WAITING), &first, page->waiting);
		read_members(a, txn, page);
	}
	page->guests_next = page->guests_after;
	page->guest_count = read_guests(a, txn, id, states, &page->guests_next, page->guests);
}

static enum rc read_one(struct asking *a, struct db_txn *txn, uint64_t id, struct event_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	if (!event_card_read(a, txn, id, &page->card))
		return RC_NOT_FOUND;
	const struct status *s = &page->card.status;
	if (!participant_get(txn, arena, id, a->account.id, &page->mine))
		page->mine = (struct participant){ .state = PARTICIPATION_NONE };
	page->may_manage = event_may_manage(txn, s, a->account.id);
	page->may_edit = page->may_manage && s->account == a->account.id;
	page->sees_guests = page->may_manage || page->mine.state == PARTICIPATION_GOING;
	read_people(a, txn, page);
	return RC_OK;
}

enum rc event_page_read(struct asking *a, uint64_t id, struct event_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct db_txn *txn = NULL;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (!str_to_u64(httpd_query(a->req, "after"), &page->guests_after))
		page->guests_after = 0;
	rc = read_one(a, txn, id, page);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return rc;
	event_cards_clock(a, &page->card, 1);
	return arena_failed(arena) ? RC_NO_MEMORY : RC_OK;
}
