/* All tables of routes, and the descriptions that they make. */
#include "api/describe.h"

#include <stdio.h>

#include "api_int.h"

const struct api_route_table *const api_tables_all[] = {
	&streaming_api,
	&oauth_api,
	&instance_api,
	&profile_api,
	&accounts_api,
	&statuses_api,
	&posting_api,
	&votes_api,
	&requests_api,
	&timelines_api,
	&conversations_api,
	&notifications_api,
	&groups_api,
	&media_api,
	&relations_api,
	&people_api,
	&lists_api,
	&filters_api,
	&filter_parts_api,
	&filters_v1_api,
	&kept_api,
	&tags_api,
	&personal_api,
	&announcements_api,
	&scheduled_api,
	&collections_api,
	&consultations_api,
	&badges_api,
	&events_api,
	&event_acts_api,
	&resources_api,
	&partners_api,
	&search_api,
	&discover_api,
	&about_api,
	&admin_accounts_api,
	&admin_reports_api,
	&admin_hosts_api,
	&admin_bars_api,
	&admin_figures_api,
	&admin_trends_api,
	&reports_api,
	&push_api,
	&emails_api,
	&sign_up_api,
	&translate_api,
	&years_api,
	&oembed_api,
	&admin_sieve_api,
	&attributes_api,
	&admin_held_api,
	&admin_waves_api,
	&admin_blocklists_api,
	&teams_api,
	&team_drafts_api,
	&mitra_groups_api,
	&communities_api,
	&community_lookup_api,
	&community_people_api,
	&community_roles_api,
	&community_posts_api,
	&community_reports_api,
	&community_strikes_api,
	&openapi_api,
};
const size_t api_table_count = ARRAY_LEN(api_tables_all);

/* --- words --- */

static const char *method_name(enum http_method method)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET",	[HTTP_POST] = "POST",	  [HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	};
	return names[method];
}

struct auth_words {
	const char *name, *text; /* for programs and for people */
};

static struct auth_words auth_words(enum api_auth auth)
{
	static const struct auth_words words[] = {
		[AUTH_NONE] = { "none", "anybody" },
		[AUTH_OPTIONAL] = { "optional", "anybody, or a person" },
		[AUTH_APP] = { "app", "an application or a person" },
		[AUTH_USER] = { "user", "a person" },
		[AUTH_WAITING] = { "waiting", "a person, also one who waits to be let in" },
		[AUTH_STREAM] = { "stream", "a person, also by the query" },
	};
	return words[auth];
}

static const char *rate_name(enum rate_class rate)
{
	static const char *const names[RATE_CLASSES] = {
		[RATE_COMMON] = "",	     [RATE_MEDIA] = "uploads",
		[RATE_DELETE] = "deletions", [RATE_SIGN_UP] = "sign-up",
		[RATE_TOKEN] = "tokens",     [RATE_TRANSLATION] = "translations",
	};
	return names[rate];
}

static const char *kind_name(enum param_kind kind)
{
	static const char *const names[] = {
		[KIND_STR] = "text",	[KIND_BOOL] = "boolean",  [KIND_NUMBER] = "number",
		[KIND_LIMIT] = "limit", [KIND_CHOICE] = "choice", [KIND_STRS] = "texts",
		[KIND_IDS] = "ids",	[KIND_FILE] = "file",	  [KIND_INNER] = "inner",
	};
	return names[kind];
}

static bool is_list(const struct param *p)
{
	return p->kind == KIND_STRS || p->kind == KIND_IDS;
}

/* Leaves that are named, one after another from *at on; each of them is enough. Absent behind the last. */
static struct str scope_next(scope_set set, size_t *at)
{
	for (struct str name; (name = scope_name((*at)++)).ptr != NULL;) {
		scope_set one;
		/* what holds others is more than one bit */
		if (scopes_parse(name, &one) && (one & (one - 1)) == 0 && (set & one) != 0)
			return name;
	}
	return STR_NONE;
}

/* --- for people --- */

/* What a path is about: its first word behind the version. */
static struct str section_of(const char *path)
{
	struct str rest = str_of(path), word;
	while (str_next(&rest, '/', &word)) {
		bool version = word.len > 1 && word.ptr[0] == 'v' && word.ptr[1] >= '0' &&
			       word.ptr[1] <= '9';
		if (word.len != 0 && !version && !str_eq(word, STR("api")))
			return word;
	}
	return STR("");
}

static void add_scopes(struct buf *out, scope_set set)
{
	const char *sep = "";
	size_t at = 0;
	for (struct str name; (name = scope_next(set, &at)).ptr != NULL; sep = ", ")
		buf_addf(out, "%s%.*s", sep, STR_ARG(name));
}

static void add_bounds(struct buf *out, const struct param *p)
{
	if (p->kind == KIND_NUMBER && p->max != UINT64_MAX)
		buf_addf(out, " %llu to %llu", (unsigned long long)p->min,
			 (unsigned long long)p->max);
	if (p->kind == KIND_LIMIT)
		buf_addf(out, " %llu, at most %llu", (unsigned long long)p->fallback,
			 (unsigned long long)p->max);
	for (size_t i = 0; p->names != NULL && p->names[i] != NULL; i++)
		buf_addf(out, "%s %s", i != 0 ? "," : ":", p->names[i]);
}

static void add_params(struct buf *out, const struct param_table *params)
{
	for (size_t i = 0; params != NULL && i < params->count; i++) {
		const struct param *p = &params->rows[i];
		buf_addf(out, "%s`%s%s`", i != 0 ? "; " : "", p->name, is_list(p) ? "[]" : "");
		if (p->kind == KIND_STR || p->kind == KIND_STRS || p->kind == KIND_INNER)
			continue;
		buf_addf(out, " %s", kind_name(p->kind));
		add_bounds(out, p);
	}
}

static void add_route(struct buf *out, const struct api_route *r)
{
	buf_addf(out, "| %s | `%s` | %s | ", method_name(r->method), r->path,
		 auth_words(r->auth).text);
	add_scopes(out, r->scopes);
	buf_addf(out, " | %s | ", rate_name(r->rate));
	add_params(out, r->params);
	buf_add(out, STR(" |\n"));
}

/* Routes one after another; NULL behind the last. */
static const struct api_route *route_at(size_t at)
{
	for (size_t t = 0; t < api_table_count; t++) {
		if (at < api_tables_all[t]->count)
			return &api_tables_all[t]->routes[at];
		at -= api_tables_all[t]->count;
	}
	return NULL;
}

/* The section of the route at that place, unless one before had it. */
static void add_section(struct buf *out, size_t first)
{
	const struct api_route *r;
	struct str section = section_of(route_at(first)->path);
	for (size_t i = 0; i < first; i++) {
		if (str_eq(section_of(route_at(i)->path), section))
			return;
	}
	buf_addf(out,
		 "\n## %.*s\n\n"
		 "| method | path | who | scopes | class | parameters |\n"
		 "|---|---|---|---|---|---|\n",
		 STR_ARG(section));
	for (size_t i = first; (r = route_at(i)) != NULL; i++) {
		if (str_eq(section_of(r->path), section))
			add_route(out, r);
	}
}

void api_describe(struct buf *out)
{
	buf_add(out, STR("# The client API\n\n"
			 "The endpoints for programs that act for people, in the form of "
			 "Mastodon's API. "
			 "`fediflow api` prints this page out of the tables that the program runs "
			 "by; `fediflow api --json` prints them for programs.\n\n"
			 "A request names its token by `Authorization: Bearer`. Where several "
			 "scopes are "
			 "listed, one of them is enough. Parameters come by query, as a form or as "
			 "JSON; what is named without a type is text. A limit that is too high is "
			 "cut. "
			 "How often each class of requests may be made is set in `[api]`.\n"));
	for (size_t i = 0; route_at(i) != NULL; i++)
		add_section(out, i);
}

/* --- for programs --- */

static void write_param(struct jw *w, const struct param *p)
{
	char name[128];
	bool bounded = p->kind == KIND_NUMBER || p->kind == KIND_LIMIT;
	jw_object(w);
	must(snprintf(name, sizeof(name), "%s%s", p->name, is_list(p) ? "[]" : "") <
	     (int)sizeof(name));
	jw_member_str(w, "name", str_of(name));
	jw_member_str(w, "type", str_of(kind_name(p->kind)));
	if (bounded)
		jw_member_u64(w, "min", p->min);
	/* more digits than most readers keep say nothing that is not so anyway */
	if (p->max != 0 && p->max != UINT64_MAX)
		jw_member_u64(w, bounded ? "max" : "max_bytes", p->max);
	if (bounded)
		jw_member_u64(w, "default", p->fallback);
	if (p->names != NULL) {
		jw_name(w, "words");
		jw_array(w);
		for (size_t i = 0; p->names[i] != NULL; i++)
			jw_str(w, str_of(p->names[i]));
		jw_end(w);
	}
	jw_end(w);
}

static void write_route(struct jw *w, const struct api_route *r)
{
	size_t at = 0;
	jw_object(w);
	jw_member_str(w, "method", str_of(method_name(r->method)));
	jw_member_str(w, "path", str_of(r->path));
	jw_member_str(w, "section", section_of(r->path));
	jw_member_str(w, "auth", str_of(auth_words(r->auth).name));
	jw_name(w, "scopes");
	jw_array(w);
	for (struct str name; (name = scope_next(r->scopes, &at)).ptr != NULL;)
		jw_str(w, name);
	jw_end(w);
	jw_member_str(w, "class",
		      r->rate == RATE_COMMON ? STR("common") : str_of(rate_name(r->rate)));
	jw_name(w, "parameters");
	jw_array(w);
	for (size_t i = 0; r->params != NULL && i < r->params->count; i++)
		write_param(w, &r->params->rows[i]);
	jw_end(w);
	jw_end(w);
}

void api_describe_json(struct jw *w)
{
	const struct api_route *r;
	jw_object(w);
	jw_name(w, "routes");
	jw_array(w);
	for (size_t i = 0; (r = route_at(i)) != NULL; i++)
		write_route(w, r);
	jw_end(w);
	jw_end(w);
}
