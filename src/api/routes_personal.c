/* How far the caller has read, and what they prefer. */
#include "own_int.h"

#include "social/schedule.h"
#include "store/personal.h"

/* --- markers --- */

static const char *const marker_names[MARKERS] = {
	[MARKER_HOME] = "home",
	[MARKER_NOTIFICATIONS] = "notifications",
};

/* which: a bit for each that is wanted; those that were never set are left out. */
static void reply_markers(struct call *call, unsigned which)
{
	struct marker markers[MARKERS];
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		markers_get(g.txn, call->viewer.account, markers);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	for (unsigned i = 0; i < MARKERS; i++) {
		if ((which & 1u << i) == 0 || markers[i].version == 0)
			continue;
		jw_name(w, marker_names[i]);
		jw_object(w);
		jw_member_id(w, "last_read_id", markers[i].last_read);
		jw_member_u64(w, "version", markers[i].version);
		jw_member_date(w, "updated_at", markers[i].updated_ms);
		jw_end(w);
	}
	jw_end(w);
	reply_end(call, 200);
}

struct markers_params {
	struct str_list timelines;
};

static const struct param markers_rows[] = {
	PARAM_STRS(struct markers_params, timelines, "timeline", 40),
};
PARAM_TABLE(markers_params, struct markers_params, markers_rows);

static void get_markers(struct call *call)
{
	const struct markers_params *p = call->params;
	unsigned which = 0;
	for (size_t i = 0; i < p->timelines.count; i++) {
		for (unsigned k = 0; k < MARKERS; k++)
			which |=
				str_eq(p->timelines.list[i], str_of(marker_names[k])) ? 1u << k : 0;
	}
	reply_markers(call, which);
}

struct mark_params {
	uint64_t last_read[MARKERS];
};

static const struct param mark_rows[] = {
	PARAM_NUMBER(struct mark_params, last_read[MARKER_HOME], "home[last_read_id]", 0,
		     UINT64_MAX, 0),
	PARAM_NUMBER(struct mark_params, last_read[MARKER_NOTIFICATIONS],
		     "notifications[last_read_id]", 0, UINT64_MAX, 0),
};
PARAM_TABLE(mark_params, struct mark_params, mark_rows);

static enum rc mark(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, void *arg)
{
	const struct mark_params *p = arg;
	struct marker markers[MARKERS];
	markers_get(s->txn, actor->id, markers);
	for (unsigned i = 0; i < MARKERS; i++) {
		if (p->last_read[i] == 0)
			continue;
		markers[i].last_read = p->last_read[i];
		markers[i].version++;
		markers[i].updated_ms = db_txn_now(s->txn);
	}
	markers_put(s->txn, actor->id, markers);
	return db_txn_rc(s->txn);
}

static void post_markers(struct call *call)
{
	struct mark_params p = *(const struct mark_params *)call->params;
	unsigned which = 0;
	enum rc rc = own_do(call, OWN_DO, 0, mark, &p);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	for (unsigned i = 0; i < MARKERS; i++)
		which |= p.last_read[i] != 0 ? 1u << i : 0;
	reply_markers(call, which);
}

/* --- preferences --- */

static const char *media_word(enum expand_media m)
{
	static const char *const words[] = {
		[EXPAND_DEFAULT] = "default",
		[EXPAND_SHOW_ALL] = "show_all",
		[EXPAND_HIDE_ALL] = "hide_all",
	};
	return words[m];
}

static void get_preferences(struct call *call)
{
	struct preference p;
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc == RC_OK) {
		preference_get(g.txn, g.arena, call->viewer.account, &p);
		rc = gather_end(&g, RC_OK);
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	struct jw *w = reply_begin(call);
	jw_object(w);
	jw_member_str(w, "posting:default:visibility",
		      str_of(post_visibility_name(p.visibility != VISIBILITY_LOCAL
							  ? p.visibility
							  : VISIBILITY_UNLISTED)));
	jw_member_bool(w, "posting:default:sensitive", p.sensitive);
	jw_member_nullable(w, "posting:default:language", p.language);
	jw_member_str(w, "posting:default:quote_policy",
		      str_of(post_quotes_name((enum policy_who)p.quotes)));
	jw_member_str(w, "reading:expand:media", str_of(media_word(p.expand_media)));
	jw_member_bool(w, "reading:expand:spoilers", p.expand_spoilers);
	jw_member_bool(w, "reading:autoplay:gifs", p.autoplay);
	jw_end(w);
	reply_end(call, 200);
}

#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, "/api/v1/markers", USER, SCOPE(READ_STATUSES), COMMON, &markers_params,
	  get_markers },
	{ HTTP_POST, "/api/v1/markers", USER, SCOPE(WRITE_STATUSES), COMMON, &mark_params,
	  post_markers },
	{ HTTP_GET, "/api/v1/preferences", USER, SCOPE(READ_ACCOUNTS), COMMON, NULL,
	  get_preferences },
};
API_ROWS_END
const struct api_route_table personal_api = { routes, ARRAY_LEN(routes) };
