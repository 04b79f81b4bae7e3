/* Reading what lies on the desk of those who moderate. */
#include "desk_int.h"
#include "social/community.h"
#include "social/community_view.h"

#define CHUNK 64
#define SCANNED_MAX 2000
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

static void add_report(struct db_txn *txn, struct arena *arena, uint64_t viewer,
		       const struct report *report, struct desk_page *page)
{
	struct desk_report *r = &page->reports[page->report_count];
	if (report->resolved_ms != 0 || page->report_count == DESK_SHOWN ||
	    !lane_shows(txn, arena, viewer, report))
		return;
	*r = (struct desk_report){ .report = *report };
	name_them(txn, arena, viewer, r);
	page->report_count++;
}

/* lane 0: of all lanes. *left: how many may still be looked at, of all lanes together. */
static void read_lane(struct asking *a, struct db_txn *txn, uint64_t lane, size_t *left,
		      struct desk_page *page)
{
	struct arena *arena = a->req->ctx.arena;
	struct report *some = ARENA_ARRAY(arena, CHUNK, struct report);
	uint64_t max_id = 0;
	size_t got = CHUNK;
	while (some != NULL && got == CHUNK && *left != 0 && page->report_count < DESK_SHOWN) {
		got = lane == 0 ? report_list(txn, arena, max_id, some, CHUNK)
				: report_list_lane(txn, arena, lane, max_id, some, CHUNK);
		for (size_t i = 0; i < got; i++)
			add_report(txn, arena, a->account.id, &some[i], page);
		if (got != 0)
			max_id = some[got - 1].id;
		*left -= got < *left ? got : *left;
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
	uint64_t tended[TENDED_MAX];
	const uint64_t me = a->account.id;
	size_t left = SCANNED_MAX;
	page->guests = ARENA_ARRAY(arena, DESK_SHOWN, struct desk_guest);
	page->reports = ARENA_ARRAY(arena, DESK_SHOWN, struct desk_report);
	page->appeals = ARENA_ARRAY(arena, DESK_SHOWN, struct desk_appeal);
	if (page->guests == NULL || page->reports == NULL || page->appeals == NULL)
		return RC_NO_MEMORY;
	const bool reports = role_permits(txn, arena, me, PERMISSION_MANAGE_REPORTS);
	if (!desk_is_there(txn, arena, me))
		return RC_NOT_FOUND;
	size_t n = communities_tended(txn, me, COMMUNITY_MAY_REPORTS, tended, TENDED_MAX);
	if (role_permits(txn, arena, me, PERMISSION_MANAGE_USERS))
		read_guests(a, txn, page);
	if (reports)
		read_lane(a, txn, 0, &left, page);
	for (size_t i = 0; i < n && !reports; i++)
		read_lane(a, txn, tended[i], &left, page);
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
