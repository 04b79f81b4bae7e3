/* Reading what lies on the desk of those who moderate. */
#include <stdlib.h>

#include "desk_int.h"
#include "social/community.h"
#include "social/community_view.h"

#define CHUNK 64
#define APPEALS_SCANNED 640
#define TENDED_MAX 100

/* --- reports --- */

static void name_them(struct db_txn *txn, struct arena *arena, uint64_t viewer,
		      struct desk_report *r)
{
	uint64_t lane = lane_of(txn, &r->report);
	if (!account_get(txn, arena, r->report.target, &r->target))
		r->target.id = 0;
	if (!account_get(txn, arena, r->report.reporter, &r->reporter))
		r->reporter.id = 0;
	if (r->report.assigned == 0 || !account_get(txn, arena, r->report.assigned, &r->assigned))
		r->assigned.id = 0;
	if (lane == 0 || !account_get(txn, arena, lane, &r->lane))
		r->lane.id = 0;
	r->mine = lane_permits(txn, arena, viewer, &r->report);
}

/* Which lanes somebody looks after. */
struct lanes {
	uint64_t list[TENDED_MAX];
	size_t count;
};

static void lanes_of(struct db_txn *txn, struct arena *arena, uint64_t account, struct lanes *out)
{
	out->list[0] = REPORT_LANE_ANY;
	out->count = role_permits(txn, arena, account, PERMISSION_MANAGE_REPORTS)
			     ? 1
			     : communities_tended(txn, account, COMMUNITY_MAY_REPORTS, out->list,
						  TENDED_MAX);
}

static int newest_first(const void *x, const void *y)
{
	const struct report *a = x, *b = y;
	return (a->id < b->id) - (a->id > b->id);
}

struct looking {
	struct db_txn *txn;
	struct arena *arena;
	uint64_t account;
};

static bool is_shown(void *arg, const struct report *report)
{
	const struct looking *l = arg;
	return lane_shows(l->txn, l->arena, l->account, report);
}

/* The newest that are open, of all lanes together: list keeps one page and one more, which says that there are
 * others. */
static void read_reports(struct asking *a, struct db_txn *txn, struct desk_page *page)
{
	enum { PAGE = DESK_SHOWN + 1 };
	struct arena *arena = a->req->ctx.arena;
	struct report *list = ARENA_ARRAY(arena, (size_t)2 * PAGE, struct report);
	struct looking looking = { txn, arena, a->account.id };
	struct report_ask ask = { .state = REPORT_IS_OPEN,
				  .page = { .max_id = page->before },
				  .fits = is_shown,
				  .arg = &looking };
	struct lanes lanes;
	size_t n = 0;
	lanes_of(txn, arena, a->account.id, &lanes);
	for (size_t i = 0; list != NULL && i < lanes.count; i++) {
		ask.lane = lanes.list[i];
		n += report_page(txn, arena, &ask, &list[n], PAGE);
		qsort(list, n, sizeof(*list), newest_first);
		n = n < PAGE ? n : PAGE;
		/* of the other lanes nothing older is wanted */
		ask.page.since_id = n == PAGE ? list[PAGE - 1].id : 0;
	}
	page->more = n == PAGE;
	for (size_t i = 0; i < n && i < DESK_SHOWN; i++) {
		struct desk_report *r = &page->reports[page->report_count++];
		*r = (struct desk_report){ .report = list[i] };
		name_them(txn, arena, a->account.id, r);
	}
}

/* --- appeals --- */

static void add_appeal(struct asking *a, struct db_txn *txn, const struct strike *strike,
		       struct desk_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct desk_appeal *appeal = &page->appeals[page->appeal_count];
	if (page->appeal_count == DESK_SHOWN ||
	    !strike_may_decide(txn, arena, &a->account, strike) ||
	    !account_get(txn, arena, strike->account, &appeal->account))
		return;
	appeal->strike = *strike;
	if (strike->community == 0 ||
	    !account_get(txn, arena, strike->community, &appeal->community))
		appeal->community.id = 0;
	page->appeal_count++;
}

static void read_appeals(struct asking *a, struct db_txn *txn, struct desk_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct strike *some = ARENA_ARRAY(arena, CHUNK, struct strike);
	uint64_t max_id = 0;
	size_t got = CHUNK;
	for (size_t seen = 0; some != NULL && got == CHUNK && seen < APPEALS_SCANNED &&
			      page->appeal_count < DESK_SHOWN;
	     seen += got) {
		got = strike_list(txn, arena, true, max_id, some, CHUNK);
		for (size_t i = 0; i < got; i++)
			add_appeal(a, txn, &some[i], page);
		if (got != 0)
			max_id = some[got - 1].id;
	}
}

/* --- who waits --- */

static void read_guests(struct asking *a, struct db_txn *txn, struct desk_page *page)
{
	const struct roster_filter filter = { .origin = ROSTER_LOCAL, .state = ROSTER_PENDING };
	struct arena *arena = a->req->ctx.arena;
	uint64_t ids[DESK_SHOWN];
	size_t n = roster_list(txn, &filter, 0, 0, ids, DESK_SHOWN);
	for (size_t i = 0; i < n; i++) {
		struct desk_guest *guest = &page->guests[page->guest_count];
		if (!account_get(txn, arena, ids[i], &guest->account))
			continue;
		if (!sign_up_get(txn, arena, ids[i], &guest->asked))
			guest->asked = (struct sign_up){ .reason = STR("") };
		page->guest_count++;
	}
}

bool desk_is_there(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	uint64_t one;
	return role_permits(txn, arena, account, PERMISSION_MANAGE_REPORTS) ||
	       role_permits(txn, arena, account, PERMISSION_MANAGE_USERS) ||
	       role_permits(txn, arena, account, PERMISSION_MANAGE_APPEALS) ||
	       communities_tended(txn, account, COMMUNITY_MAY_REPORTS, &one, 1) != 0;
}

static enum rc read_list(struct asking *a, struct db_txn *txn, struct desk_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	const uint64_t me = a->account.id;
	page->guests = ARENA_ARRAY(arena, DESK_SHOWN, struct desk_guest);
	page->reports = ARENA_ARRAY(arena, DESK_SHOWN, struct desk_report);
	page->appeals = ARENA_ARRAY(arena, DESK_SHOWN, struct desk_appeal);
	if (page->guests == NULL || page->reports == NULL || page->appeals == NULL)
		return RC_NO_MEMORY;
	if (!desk_is_there(txn, arena, me))
		return RC_NOT_FOUND;
	if (role_permits(txn, arena, me, PERMISSION_MANAGE_USERS))
		read_guests(a, txn, page);
	read_reports(a, txn, page);
	read_appeals(a, txn, page);
	return RC_OK;
}

/* --- one report --- */

/* What was reported is shown as it is: who moderates judges what others may not see. */
static void read_posts(struct db_txn *txn, struct arena *arena, struct desk_case *one)
{
	const struct report *r = &one->about.report;
	one->posts = ARENA_ARRAY(arena, r->object_count, struct status);
	for (unsigned i = 0; one->posts != NULL && i < r->object_count; i++) {
		struct status *post = &one->posts[one->post_count];
		one->post_count += status_find_uri(txn, arena, r->objects[i], post) &&
				   post->account == r->target;
	}
}

static void read_events(struct db_txn *txn, struct arena *arena, struct desk_case *one)
{
	struct report_event *events = ARENA_ARRAY(arena, REPORT_EVENTS_MAX, struct report_event);
	size_t n = events != NULL ? report_events(txn, arena, one->about.report.id, events) : 0;
	one->events = ARENA_ARRAY(arena, n, struct desk_event);
	for (size_t i = 0; one->events != NULL && i < n; i++) {
		struct desk_event *e = &one->events[one->event_count++];
		e->event = events[i];
		if (events[i].who == 0 || !account_get(txn, arena, events[i].who, &e->who))
			e->who.id = 0;
	}
}

static void read_words(struct db_txn *txn, struct arena *arena, struct desk_case *one)
{
	const struct report *r = &one->about.report;
	const uint64_t lane = one->about.lane.id;
	one->rules = ARENA_ARRAY(arena, r->rule_count, struct rule);
	for (unsigned i = 0; one->rules != NULL && i < r->rule_count; i++)
		one->rule_count += rule_get(txn, arena, r->rules[i], &one->rules[one->rule_count]);
	one->presets = ARENA_ARRAY(arena, PRESETS_MAX, struct preset);
	if (one->presets != NULL)
		one->preset_count = lane != 0
					    ? community_preset_list(txn, arena, lane, one->presets)
					    : preset_list(txn, arena, one->presets);
	if (r->community == 0 || lane != 0 || !community_exists(txn, r->community) ||
	    !account_get(txn, arena, r->community, &one->community))
		one->community.id = 0;
}

static enum rc read_one(struct asking *a, struct db_txn *txn, uint64_t id, struct desk_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct desk_case *one = ARENA_NEW(arena, struct desk_case);
	if (one == NULL)
		return RC_NO_MEMORY;
	if (!report_get(txn, arena, id, &one->about.report) ||
	    !lane_shows(txn, arena, a->account.id, &one->about.report))
		return RC_NOT_FOUND;
	page->one = one;
	name_them(txn, arena, a->account.id, &one->about);
	read_posts(txn, arena, one);
	read_events(txn, arena, one);
	read_words(txn, arena, one);
	return RC_OK;
}

enum rc desk_read(struct asking *a, uint64_t report, struct desk_page *page)
{
	struct db_txn *txn = NULL;
	enum rc rc = db_read_begin(a->web->db, &txn);
	if (rc != RC_OK)
		return rc;
	rc = report != 0 ? read_one(a, txn, report, page) : read_list(a, txn, page);
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	return arena_failed(a->req->ctx.arena) ? RC_NO_MEMORY : rc;
}
