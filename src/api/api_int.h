/*
 * What the files of this module share.
 *
 *   struct api_route   a row: who may call what, how often, with which parameters
 *   struct call        one request on its way through a handler
 *   fields, params     what a client sends, as a list of names and values, and decoded by a table
 */
#ifndef FF_API_API_INT_H
#define FF_API_API_INT_H

#include "api/api.h"
#include "core/limit.h"
#include "core/must.h"
#include "fields_int.h"
#include "httpd/multipart.h"
#include "social/feed.h"
#include "social/oauth.h"
#include "social/see.h"
#include "social/team.h"
#include "json/jw.h"

#define API_MAGIC 0x41504921

#define REPLY_BYTES_MAX ((size_t)16 << 20)
#define BODY_MAX ((size_t)1 << 20)

/* --- rows --- */

enum api_auth {
	AUTH_NONE,     /* a token is not looked at */
	AUTH_OPTIONAL, /* without a token one sees what everybody sees */
	AUTH_APP,      /* any token, an application's own too */
	AUTH_USER,     /* a person's */
	AUTH_WAITING,  /* the same, also of somebody who signed up and waits to be let in */
	AUTH_STREAM,   /* the same, which may stand in the query or among the protocols, too */
};

enum rate_class {
	RATE_COMMON, /* per token, or per client address without one */
	RATE_MEDIA,
	RATE_DELETE, /* deletions, and taking boosts back */
	RATE_SIGN_UP,
	RATE_TOKEN,
	RATE_TRANSLATION, /* of what another host is asked for; nothing is written */
	RATE_CLASSES,
};

struct call;
typedef void api_handler(struct call *call);

struct api_route {
	enum http_method method;
	const char *path;
	enum api_auth auth;
	scope_set scopes; /* one of them is needed; 0: none */
	enum rate_class rate;
	const struct param_table *params; /* NULL: there are none */
	api_handler *handle;
	/*
	 * Of our own API, what openapi.c says of it; of Mastodon's the documentation does, and the row
	 * ends here. Words separated by blanks; first what it answers, an entity of schemas/entities/:
	 *   Community       one
	 *   Status|Nothing  one of the two
	 *   [Community]     a list
	 *   text/calendar   no entity
	 * then what not every route answers: Link, a header to the next page (RFC 8288); 409, a status.
	 */
	const char *answer;
	const char *needs; /* parameters that must be there, separated by blanks; NULL: none */
};

struct api_route_table {
	const struct api_route *routes;
	size_t count;
};

/* clang-format off */
/* Around rows: those of Mastodon's API end before what is said of our own alone. */
#define API_ROWS_BEGIN \
	_Pragma("GCC diagnostic push") \
	_Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")
#define API_ROWS_END _Pragma("GCC diagnostic pop")
/* clang-format on */

/* --- a request --- */

struct call {
	struct api *api;
	struct httpd_request *req;
	struct ctx *ctx; /* the request's */
	const struct api_route *route;
	struct fields fields;
	struct multipart form; /* of a body with files */
	const void *params;    /* decoded by route->params */
	struct bearer bearer;  /* zero without a token */
	struct viewer viewer;
	bool logged; /* a write of it stands in a team's trail */
	/* the reply that is being written */
	struct buf out;
	struct jw w;
};

/* The person behind the token: of AUTH_USER routes. */
static inline const struct account *call_account(const struct call *call)
{
	return &call->bearer.account;
}

/* Who acts: mostly the same; for a team, the member. */
static inline const struct account *call_person(const struct call *call)
{
	return call->bearer.person.id != 0 ? &call->bearer.person : &call->bearer.account;
}

/* A segment of the path that is an id; 0 when it is none, which no row has. */
uint64_t call_id(const struct call *call, unsigned index);
/* The access token as it was sent; absent without one, empty when it is none. */
struct str call_token(const struct call *call);

/* The file that was sent under this name; NULL when there is none, or an empty one. */
const struct multipart_part *call_file(const struct call *call, const char *name);

/* --- reading --- */

/* RC_BUSY, RC_IO. */
enum rc call_read(struct call *call, struct db_txn **txn) NODISCARD;

/* --- writing: on a worker thread --- */

typedef enum rc social_job(struct social *s, void *arg);
/* Runs job in a write of its own, which is durable afterwards, and wakes the queue. */
enum rc call_write(struct call *call, social_job *job, void *arg) NODISCARD;
/*
 * The same for what many do at once: the last thing that a handler does. No thread waits for the disk;
 * then(call, rc, arg) goes on with how it ended, on another one. arg is of the call's arena.
 */
typedef void call_then(struct call *call, enum rc rc, void *arg);
void call_write_then(struct call *call, social_job *job, void *arg, call_then *then);

/* --- answers. Each handler gives exactly one --- */

/* The writer of the answer's JSON, begun. */
struct jw *reply_begin(struct call *call);
/* Sends what was written. */
void reply_end(struct call *call, unsigned status);
/* {} */
void reply_empty(struct call *call);
/* {"error": text} */
void reply_error(struct call *call, unsigned status, const char *text);
/* The answer to what social or the store returned; what is invisible is absent (S-071). */
void reply_rc(struct call *call, enum rc rc);
/* The same, but that a refusal comes with its reason: of what the caller may know of. */
void reply_reason(struct call *call, enum rc rc);
/* 422 {"error": "Validation failed: ...", "details": {field: [{error, description}]}} */
void reply_invalid(struct call *call, const char *field, const char *code, const char *text);
/* The same with all that is wrong with signing up. */
void reply_faults(struct call *call, const struct sign_up_faults *faults);
/* The same as the value of "error": the form that collections have (methods/collections). */
void reply_invalid_within(struct call *call, const char *field, const char *code, const char *text);

/* --- pages --- */

struct paging {
	uint64_t max_id, since_id, min_id;
	uint64_t limit;
};

/* The rows of a paging member; fallback and most are limits. */
#define PAGING_PARAMS(type, member, fallback, most)                                \
	PARAM_NUMBER(type, member.max_id, "max_id", 0, UINT64_MAX, 0),             \
		PARAM_NUMBER(type, member.since_id, "since_id", 0, UINT64_MAX, 0), \
		PARAM_NUMBER(type, member.min_id, "min_id", 0, UINT64_MAX, 0),     \
		PARAM_LIMIT(type, member.limit, fallback, most)

/* The same bounds as the store has them: a min_id, even 0, asks for the oldest above it. */
struct id_range call_range(const struct call *call, const struct paging *page);

/*
 * Link header (RFC 8288): where the page after the last id and the one before the first id are. No
 * ids, no header; full says whether there may be more.
 */
void reply_links(struct call *call, uint64_t first, uint64_t last, bool full);

/* Lists that are not in the order of ids: what the next page's address says otherwise than this one's. */
struct link_part {
	const char *name;
	struct str value;
};
void reply_next(struct call *call, const struct link_part *parts, size_t count);
/* The same with one number. */
void reply_next_number(struct call *call, const char *name, uint64_t value);

/* --- writing JSON --- */

void jw_member_id(struct jw *w, const char *name, uint64_t id);
/* null when it is 0 */
void jw_member_id_opt(struct jw *w, const char *name, uint64_t id);
void jw_member_null(struct jw *w, const char *name);
/* null when it is absent or empty */
void jw_member_nullable(struct jw *w, const char *name, struct str s);
/* An array of strings. */
void jw_member_strs(struct jw *w, const char *name, const struct str *list, unsigned count);
/* The day of a time: "2026-11-29"; null when it is 0. */
void jw_member_day(struct jw *w, const char *name, uint64_t ms);

/* --- the module's own parts --- */

struct hub;
struct presence;

struct api {
	unsigned magic;
	struct api_parts parts;
	struct arena *arena; /* of the tables that are compiled at the start */
	struct httpd_route *quick, *waiting, *options;
	const struct api_route **quick_rows, **waiting_rows;
	size_t quick_count, waiting_count, option_count;
	struct limiter *limiter;
	struct limit rates[RATE_CLASSES];
	struct hub *hub;     /* of streams; NULL: there are none */
	struct feeds *feeds; /* of those who are there */
	struct boards *boards;
	struct presence *presence;
};

static inline struct api *api_of(void *app)
{
	struct api *api = app;
	MAGIC_CHECK(api, API_MAGIC);
	return api;
}

/* call.c: what httpd's handlers do. */
void call_run(struct api *api, struct httpd_request *req, const struct api_route *route);
/* The same up to the body, which is not there yet. False when the answer was given. */
bool call_admit(struct api *api, struct httpd_request *req, const struct api_route *route);
void call_options(struct httpd_request *req, void *app);

/* How often each class may be asked for. */
void rates_read(const struct api_settings *settings, struct limit rates[RATE_CLASSES]);

/* team_rights.c: may somebody with this role in a team do in its name what the route does? */
bool team_route_may(const struct api_route *route, enum team_role role);
void team_refuse(struct call *call);
/* What the request does, in the trail of the team that it acts for. */
void team_trail(struct social *s, const struct call *call);

/* routes_push.c: what push services know the node by; empty when it has no key. */
struct str call_server_key(struct call *call);

/* describe.c: all of them. */
extern const struct api_route_table *const api_tables_all[];
extern const size_t api_table_count;

/* Route tables of the module, one file each. */
extern const struct api_route_table oauth_api, instance_api, profile_api, accounts_api,
	statuses_api, posting_api, votes_api, media_api;
extern const struct api_route_table streaming_api;
extern const struct api_route_table timelines_api, conversations_api, notifications_api, groups_api,
	requests_api;
/* What belongs to one person. */
extern const struct api_route_table relations_api, people_api, lists_api, filters_api,
	filter_parts_api, filters_v1_api, kept_api, tags_api, personal_api, announcements_api,
	scheduled_api, collections_api;
/* Of communities: what the client API has no word for. */
extern const struct api_route_table consultations_api, badges_api, events_api, event_acts_api,
	resources_api, partners_api;
extern const struct api_route_table mitra_groups_api, communities_api, community_lookup_api,
	community_people_api, community_roles_api, community_posts_api, community_reports_api,
	community_strikes_api;
extern const struct api_route_table search_api, discover_api, about_api, reports_api;
extern const struct api_route_table admin_accounts_api, admin_reports_api, admin_hosts_api,
	admin_bars_api, admin_figures_api, admin_trends_api;
extern const struct api_route_table push_api, emails_api, sign_up_api;
extern const struct api_route_table translate_api, years_api, oembed_api;
extern const struct api_route_table teams_api, team_drafts_api;
extern const struct api_route_table attributes_api, openapi_api;
extern const struct api_route_table admin_sieve_api, admin_held_api, admin_waves_api,
	admin_blocklists_api;

#endif
