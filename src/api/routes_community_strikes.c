/* Strikes in communities: acting with reasons, appeals, presets, and the community's part of the record
 * of acts. And one's own strikes, of the node as of communities. */
#include "lane_int.h"

#include "core/enc.h"
#include "social/audit.h"

#define PAGE_DEFAULT 20
#define PAGE_MOST 80
#define SECONDS_MAX ((uint64_t)100 * 366 * 24 * 3600)
#define SCANNED_MAX 400

/* --- acting --- */

struct action_params {
	struct str type, text;
	uint64_t report, preset, seconds;
	struct id_list statuses;
};

static const struct param action_rows[] = {
	PARAM_STR(struct action_params, type, "type", 20),
	PARAM_STR(struct action_params, text, "text", STRIKE_TEXT_MAX),
	PARAM_NUMBER(struct action_params, preset, "preset_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct action_params, report, "report_id", 0, UINT64_MAX, 0),
	PARAM_NUMBER(struct action_params, seconds, "duration", 0, SECONDS_MAX, 0),
	/* without, those of the report */
	PARAM_IDS(struct action_params, statuses, "status_ids"),
};
PARAM_TABLE(action_params, struct action_params, action_rows);

struct upon {
	uint64_t community, account, strike;
	uint64_t seconds;
	struct sentence sentence;
	struct preset preset;
	struct str text;
	enum { APPROVE, REJECT, ESCALATE, FILE_IT } step;
	bool node; /* by the way of those who decide for the node */
};

static enum rc sentence_run(struct social *s, const struct account *actor,
			    const struct account *target UNUSED, void *arg)
{
	struct upon *u = arg;
	struct sentence sentence = u->sentence;
	if (u->seconds != 0)
		sentence.until_ms = db_txn_now(s->txn) + u->seconds * MS_PER_SECOND;
	return moderate_account(s, actor, u->account, &sentence, &u->strike);
}

static void post_action(struct call *call)
{
	const struct action_params *p = call->params;
	struct upon u = { .account = call_id(call, 1), .seconds = p->seconds };
	u.sentence = (struct sentence){ .community = call_id(call, 0),
					.report = p->report,
					.preset = p->preset,
					.text = p->text.ptr != NULL ? p->text : STR(""),
					.statuses = p->statuses.list,
					.status_count = (unsigned)p->statuses.count };
	if (!community_moderation_parse(p->type, &u.sentence.what)) {
		reply_invalid(call, "type", "ERR_INCLUSION", "Type is not included in the list");
		return;
	}
	enum rc rc = u.sentence.community != 0 ? own_do(call, OWN_MAKE, 0, sentence_run, &u)
					       : RC_NOT_FOUND;
	if (rc == RC_EXISTS)
		reply_error(call, 422, "It is so already");
	else if (rc != RC_OK)
		reply_reason(call, rc);
	else
		reply_strike(call, u.strike, true);
}

/* --- lists --- */

struct list_params {
	struct paging page;
	uint64_t account;
	enum tri appealed;
};

static const struct param list_rows[] = {
	PAGING_PARAMS(struct list_params, page, PAGE_DEFAULT, PAGE_MOST),
	PARAM_NUMBER(struct list_params, account, "account_id", 0, UINT64_MAX, 0),
	PARAM_BOOL(struct list_params, appealed, "appealed"),
};
PARAM_TABLE(list_params, struct list_params, list_rows);

static const struct param own_rows[] = {
	PAGING_PARAMS(struct list_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(own_params, struct list_params, own_rows);

static bool fits(struct gather *g, const struct list_params *p, const struct account *who,
		 const struct strike *strike)
{
	if (p->account != 0 && strike->account != p->account)
		return false;
	if (p->appealed != TRI_YES)
		return true;
	return strike->appeal == APPEAL_PENDING && strike_may_decide(g->txn, g->arena, who, strike);
}

/* Where to look: in a community, against an account, or (both 0) among open appeals. */
struct place {
	uint64_t community, account;
	bool moderator;
};

static size_t list_from(struct gather *g, const struct place *place, uint64_t max_id,
			struct strike *out, size_t count)
{
	if (place->community != 0)
		return strikes_in(g->txn, g->arena, place->community, max_id, out, count);
	if (place->account != 0)
		return strikes_of(g->txn, g->arena, place->account, max_id, out, count);
	return strike_list(g->txn, g->arena, true, max_id, out, count);
}

static void reply_list(struct call *call, struct gather *g, const struct place *place)
{
	const struct list_params *p = call->params;
	uint64_t max_id = p->page.max_id, first = 0, last = 0;
	size_t n = 0;
	struct strike *one = ARENA_NEW(g->arena, struct strike);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t seen = 0; one != NULL && n < p->page.limit && seen < SCANNED_MAX; seen++) {
		struct strike_item_view view;
		if (list_from(g, place, max_id, one, 1) == 0 || one->id <= p->page.since_id)
			break;
		max_id = one->id;
		if (!fits(g, p, call_account(call), one))
			continue;
		first = n == 0 ? one->id : first;
		last = one->id;
		n++;
		gather_strike_item(g, call->api->parts.site, one, place->moderator, &view);
		render_strike_item(w, call->api->parts.site, &view);
	}
	jw_end(w);
	enum rc rc = gather_end(g, one != NULL ? RC_OK : RC_NO_MEMORY);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, first, last, n == p->page.limit);
	reply_end(call, 200);
}

static void get_in_community(struct call *call)
{
	const struct place place = { .community = call_id(call, 0), .moderator = true };
	struct gather g;
	if (community_begin(call, &g, place.community, COMMUNITY_MAY_STRIKES))
		reply_list(call, &g, &place);
}

static void get_own(struct call *call)
{
	const struct place place = { .account = call_account(call)->id };
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_list(call, &g, &place);
}

static const struct param open_rows[] = {
	PAGING_PARAMS(struct list_params, page, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(open_params, struct list_params, open_rows);

static void get_open(struct call *call)
{
	const struct place place = { .moderator = true };
	struct gather g;
	if (!call_permits(call, PERMISSION_MANAGE_APPEALS))
		return;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_list(call, &g, &place);
}

/* --- appeals --- */

struct text_params {
	struct str text;
};

static const struct param text_rows[] = {
	PARAM_STR(struct text_params, text, "text", (size_t)4 * APPEAL_CHARS),
};
PARAM_TABLE(text_params, struct text_params, text_rows);

static enum rc appeal_run(struct social *s, const struct account *actor,
			  const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	struct strike strike;
	if (!strike_get(s->txn, s->ctx->arena, u->strike, &strike) ||
	    (u->community != 0 && strike.community != u->community))
		return RC_NOT_FOUND;
	switch (u->step) {
	case APPROVE:
	case REJECT:
		return appeal_decide(s, actor, u->strike, u->step == APPROVE);
	case ESCALATE:
		/* by one's own way only what is one's own */
		if (u->community == 0 && strike.account != actor->id)
			return RC_NOT_FOUND;
		return appeal_escalate(s, actor, u->strike);
	case FILE_IT:
		return appeal_file(s, actor, u->strike, u->text);
	}
	return RC_UNSUPPORTED;
}

static void appeal(struct call *call, const struct upon *upon, bool moderator)
{
	struct upon u = *upon;
	enum rc rc = own_do(call, OWN_MAKE, 0, appeal_run, &u);
	if (rc != RC_OK)
		reply_appeal(call, rc);
	else
		reply_strike(call, u.strike, moderator);
}

static void in_community(struct call *call, struct upon u)
{
	u.community = call_id(call, 0);
	u.strike = call_id(call, 1);
	if (u.community != 0)
		appeal(call, &u, true);
	else
		reply_rc(call, RC_NOT_FOUND);
}

static void post_approve(struct call *call)
{
	in_community(call, (struct upon){ .step = APPROVE });
}

static void post_reject(struct call *call)
{
	in_community(call, (struct upon){ .step = REJECT });
}

static void post_escalate(struct call *call)
{
	in_community(call, (struct upon){ .step = ESCALATE });
}

static void by_node(struct call *call, struct upon u)
{
	u.strike = call_id(call, 0);
	if (call_permits(call, PERMISSION_MANAGE_APPEALS))
		appeal(call, &u, true);
}

static void node_approve(struct call *call)
{
	by_node(call, (struct upon){ .step = APPROVE });
}

static void node_reject(struct call *call)
{
	by_node(call, (struct upon){ .step = REJECT });
}

static void post_own_appeal(struct call *call)
{
	struct str text = ((const struct text_params *)call->params)->text;
	const struct upon u = { .strike = call_id(call, 0),
				.step = FILE_IT,
				.text = text.ptr != NULL ? text : STR("") };
	appeal(call, &u, false);
}

static void post_own_escalate(struct call *call)
{
	const struct upon u = { .strike = call_id(call, 0), .step = ESCALATE };
	appeal(call, &u, false);
}

/* --- presets --- */

struct preset_params {
	struct str title, text;
};

static const struct param preset_rows[] = {
	PARAM_STR(struct preset_params, title, "title", (size_t)4 * PRESET_TITLE_CHARS),
	PARAM_STR(struct preset_params, text, "text", (size_t)4 * PRESET_TEXT_CHARS),
};
PARAM_TABLE(preset_params, struct preset_params, preset_rows);

static void render_preset(struct jw *w, const struct preset *preset)
{
	jw_object(w);
	jw_member_id(w, "id", preset->id);
	jw_member_str(w, "title", preset->title);
	jw_member_str(w, "text", preset->text);
	jw_end(w);
}

static void get_presets(struct call *call)
{
	struct preset *presets = ARENA_ARRAY(call->ctx->arena, PRESETS_MAX, struct preset);
	struct gather g;
	if (presets == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	if (!community_begin(call, &g, call_id(call, 0), COMMUNITY_MAY_REPORTS))
		return;
	size_t n = community_preset_list(g.txn, g.arena, call_id(call, 0), presets);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_preset(w, &presets[i]);
	jw_end(w);
	enum rc rc = gather_end(&g, RC_OK);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_end(call, 200);
}

static enum rc preset_run(struct social *s, const struct account *actor,
			  const struct account *target UNUSED, void *arg)
{
	struct upon *u = arg;
	struct preset preset = u->preset;
	enum rc rc = community_preset_add(s, actor, u->community, &preset);
	u->preset.id = preset.id;
	return rc;
}

static void post_preset(struct call *call)
{
	const struct preset_params *p = call->params;
	struct upon u = { .community = call_id(call, 0),
			  .preset = { .title = p->title, .text = p->text } };
	enum rc rc = own_do(call, OWN_MAKE, 0, preset_run, &u);
	if (rc != RC_OK) {
		reply_reason(call, rc);
		return;
	}
	render_preset(reply_begin(call), &u.preset);
	reply_end(call, 200);
}

static enum rc unpreset_run(struct social *s, const struct account *actor,
			    const struct account *target UNUSED, void *arg)
{
	const struct upon *u = arg;
	return community_preset_remove(s, actor, u->community, u->preset.id);
}

static void delete_preset(struct call *call)
{
	struct upon u = { .community = call_id(call, 0), .preset = { .id = call_id(call, 1) } };
	reply_done(call, own_do(call, OWN_MAKE, 0, unpreset_run, &u));
}

/* --- the record --- */

struct record_params {
	uint64_t max_id, limit;
};

static const struct param record_rows[] = {
	PARAM_NUMBER(struct record_params, max_id, "max_id", 0, UINT64_MAX, 0),
	PARAM_LIMIT(struct record_params, limit, PAGE_DEFAULT, PAGE_MOST),
};
PARAM_TABLE(record_params, struct record_params, record_rows);

static void member_hash(struct jw *w, const struct digest *hash)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * DIGEST_SIZE + 1);
	enc_hex(&hex, str_n(hash->bytes, DIGEST_SIZE));
	jw_member_str(w, "hash", buf_str(&hex));
}

/* The row as it is chained, so that whoever wants to can compute the hash anew. */
static void render_row(struct jw *w, const struct audit_row *row)
{
	jw_object(w);
	jw_member_id(w, "id", row->number);
	member_hash(w, &row->hash);
	jw_name(w, "content");
	jw_raw(w, row->content);
	jw_end(w);
}

static void get_record(struct call *call)
{
	const struct record_params *p = call->params;
	struct audit_row rows[PAGE_MOST];
	struct gather g;
	if (!community_begin(call, &g, call_id(call, 0), COMMUNITY_MAY_REPORTS))
		return;
	size_t n = audit_within(g.txn, g.arena, call_id(call, 0), p->max_id, rows, p->limit);
	struct jw *w = reply_begin(call);
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		render_row(w, &rows[i]);
	jw_end(w);
	enum rc rc = gather_end(&g, RC_OK);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	reply_links(call, n != 0 ? rows[0].number : 0, n != 0 ? rows[n - 1].number : 0,
		    n == p->limit);
	reply_end(call, 200);
}

#define ONE "/api/fediflow/v1/communities/:id"
#define OWN "/api/fediflow/v1/strikes"
#define NODE "/api/fediflow/v1/admin/appeals"
#define STRIKE ONE "/strikes/:strike"
#define GET HTTP_GET
#define POST HTTP_POST
#define READ SCOPE(READ_COMMUNITIES)
#define WRITE SCOPE(WRITE_COMMUNITIES)
#define ADMIN_READ SCOPE(ADMIN_READ_REPORTS)
#define ADMIN_WRITE SCOPE(ADMIN_WRITE_REPORTS)
#define USER AUTH_USER
#define COMMON RATE_COMMON

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ POST, ONE "/members/:account/actions", USER, WRITE, COMMON, &action_params, post_action,
	  "Strike", "type" },
	{ GET, ONE "/strikes", USER, READ, COMMON, &list_params, get_in_community,
	  "[Strike] Link" },
	{ POST, STRIKE "/approve", USER, WRITE, COMMON, NULL, post_approve, "Strike" },
	{ POST, STRIKE "/reject", USER, WRITE, COMMON, NULL, post_reject, "Strike" },
	{ POST, STRIKE "/escalate", USER, WRITE, COMMON, NULL, post_escalate, "Strike" },
	{ GET, ONE "/presets", USER, READ, COMMON, NULL, get_presets, "[Preset]" },
	{ POST, ONE "/presets", USER, WRITE, COMMON, &preset_params, post_preset, "Preset",
	  "title text" },
	{ HTTP_DELETE, ONE "/presets/:preset", USER, WRITE, COMMON, NULL, delete_preset,
	  "Nothing" },
	{ GET, ONE "/record", USER, READ, COMMON, &record_params, get_record, "[RecordRow] Link" },
	{ GET, OWN, USER, SCOPE(READ_ACCOUNTS), COMMON, &own_params, get_own, "[Strike] Link" },
	{ POST, OWN "/:id/appeal", USER, SCOPE(WRITE_ACCOUNTS), COMMON, &text_params,
	  post_own_appeal, "Strike", "text" },
	{ POST, OWN "/:id/escalate", USER, SCOPE(WRITE_ACCOUNTS), COMMON, NULL, post_own_escalate,
	  "Strike" },
	{ GET, NODE, USER, ADMIN_READ, COMMON, &open_params, get_open, "[Strike] Link" },
	{ POST, NODE "/:id/approve", USER, ADMIN_WRITE, COMMON, NULL, node_approve, "Strike" },
	{ POST, NODE "/:id/reject", USER, ADMIN_WRITE, COMMON, NULL, node_reject, "Strike" },
};
API_ROWS_END
const struct api_route_table community_strikes_api = { routes, ARRAY_LEN(routes) };
