/* All tables of routes, and the page that they make. */
#include "api/describe.h"

#include "api_int.h"

const struct api_route_table *const api_tables_all[] = {
	&streaming_api,	     &oauth_api,	 &instance_api,	   &accounts_api,
	&statuses_api,	     &posting_api,	 &requests_api,	   &timelines_api,
	&conversations_api,  &notifications_api, &groups_api,	   &media_api,
	&relations_api,	     &people_api,	 &lists_api,	   &filters_api,
	&filter_parts_api,   &filters_v1_api,	 &kept_api,	   &tags_api,
	&personal_api,	     &announcements_api, &scheduled_api,   &collections_api,
	&consultations_api,  &search_api,	 &discover_api,	   &about_api,
	&admin_accounts_api, &admin_reports_api, &admin_hosts_api, &admin_bars_api,
	&admin_figures_api,  &admin_trends_api,	 &reports_api,	   &push_api,
	&emails_api,	     &sign_up_api,	 &translate_api,   &years_api,
	&oembed_api,
};
const size_t api_table_count = ARRAY_LEN(api_tables_all);

static const char *method_name(enum http_method method)
{
	static const char *const names[] = {
		[HTTP_GET] = "GET",	[HTTP_POST] = "POST",	  [HTTP_PUT] = "PUT",
		[HTTP_PATCH] = "PATCH", [HTTP_DELETE] = "DELETE",
	};
	return names[method];
}

static const char *auth_name(enum api_auth auth)
{
	static const char *const names[] = {
		[AUTH_NONE] = "anybody",
		[AUTH_OPTIONAL] = "anybody, or a person",
		[AUTH_APP] = "an application or a person",
		[AUTH_USER] = "a person",
		[AUTH_WAITING] = "a person, also one who waits to be let in",
		[AUTH_STREAM] = "a person, also by the query",
	};
	return names[auth];
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

/* Leaves that are named; each of them is enough. */
static void add_scopes(struct buf *out, scope_set set)
{
	const char *sep = "";
	for (size_t i = 0; scope_name(i).ptr != NULL; i++) {
		scope_set one;
		/* what holds others is more than one bit */
		if (!scopes_parse(scope_name(i), &one) || (one & (one - 1)) != 0 ||
		    (set & one) == 0)
			continue;
		buf_addf(out, "%s%.*s", sep, STR_ARG(scope_name(i)));
		sep = ", ";
	}
}

static void add_params(struct buf *out, const struct param_table *params)
{
	for (size_t i = 0; params != NULL && i < params->count; i++) {
		const struct param *p = &params->rows[i];
		bool list = p->kind == KIND_STRS || p->kind == KIND_IDS;
		buf_addf(out, "%s`%s%s`", i != 0 ? ", " : "", p->name, list ? "[]" : "");
	}
}

static void add_route(struct buf *out, const struct api_route *r)
{
	buf_addf(out, "| %s | `%s` | %s | ", method_name(r->method), r->path, auth_name(r->auth));
	add_scopes(out, r->scopes);
	buf_addf(out, " | %s | ", rate_name(r->rate));
	add_params(out, r->params);
	buf_add(out, STR(" |\n"));
}

void api_describe(struct buf *out)
{
	buf_add(out, STR("# The client API\n\n"
			 "The endpoints for programs that act for people, in the form of "
			 "Mastodon's API. "
			 "`fediflow api` prints this page out of the tables that the program runs "
			 "by.\n\n"
			 "A request names its token by `Authorization: Bearer`. Where several "
			 "scopes are "
			 "listed, one of them is enough. Parameters come by query, as a form or as "
			 "JSON. "
			 "How often each class of requests may be made is set in `[api]`.\n\n"
			 "| method | path | who | scopes | class | parameters |\n"
			 "|---|---|---|---|---|---|\n"));
	for (size_t t = 0; t < api_table_count; t++) {
		for (size_t i = 0; i < api_tables_all[t]->count; i++)
			add_route(out, &api_tables_all[t]->routes[i]);
	}
}
