/*
 * Our own API as OpenAPI 3.1, out of the tables that the program runs by: its operations and their parameters.
 * What they answer is openapi_answers.c. Pure, but for the route that serves it.
 */
#include <ctype.h>
#include <pthread.h>

#include "api/describe.h"
#include "openapi_int.h"

#define OURS "/api/fediflow/"
#define PATHS_MAX 512

static const char *method_of(enum http_method method)
{
	static const char *const names[] = {
		[HTTP_GET] = "get",	[HTTP_POST] = "post",	  [HTTP_PUT] = "put",
		[HTTP_PATCH] = "patch", [HTTP_DELETE] = "delete",
	};
	return names[method];
}

/* "/a/:id/b" as "/a/{id}/b" */
static void add_path(struct buf *out, const char *path)
{
	bool inside = false;
	for (const char *at = path; *at != '\0'; at++) {
		if (inside && *at == '/') {
			buf_add_chr(out, '}');
			inside = false;
		}
		if (*at == ':') {
			buf_add_chr(out, '{');
			inside = true;
		} else {
			buf_add_chr(out, *at);
		}
	}
	if (inside)
		buf_add_chr(out, '}');
}

/* "get_communities_id_members": no two routes have the same. */
static void add_operation_id(struct buf *out, const struct api_route *r)
{
	buf_add(out, str_of(method_of(r->method)));
	buf_add_chr(out, '_');
	for (const char *at = r->path + strlen(OURS); *at != '\0'; at++) {
		if (isalnum((unsigned char)*at))
			buf_add_chr(out, *at);
		else if (*at == '/')
			buf_add_chr(out, '_');
	}
}

static void add_path_params(struct jw *w, const char *path)
{
	for (const char *at = strchr(path, ':'); at != NULL; at = strchr(at + 1, ':')) {
		size_t len = strcspn(at + 1, "/");
		jw_object(w);
		jw_member_str(w, "name", str_n(at + 1, len));
		jw_member_str(w, "in", STR("path"));
		jw_member_bool(w, "required", true);
		jw_name(w, "schema");
		jw_object(w);
		jw_member_str(w, "type", STR("string"));
		jw_end(w);
		jw_end(w);
	}
}

static void add_choice(struct jw *w, const struct param *p)
{
	jw_member_str(w, "type", STR("string"));
	jw_name(w, "enum");
	jw_array(w);
	for (size_t i = 0; p->names[i] != NULL; i++)
		jw_str(w, str_of(p->names[i]));
	jw_end(w);
}

static void add_list(struct jw *w)
{
	jw_member_str(w, "type", STR("array"));
	jw_name(w, "items");
	jw_object(w);
	jw_member_str(w, "type", STR("string"));
	jw_end(w);
}

static void add_schema(struct jw *w, const struct param *p)
{
	jw_object(w);
	switch (p->kind) {
	case KIND_STR:
	case KIND_FILE:
		jw_member_str(w, "type", STR("string"));
		break;
	case KIND_INNER:
		jw_member_str(w, "type", STR("object"));
		break;
	case KIND_BOOL:
		jw_member_str(w, "type", STR("boolean"));
		break;
	case KIND_NUMBER:
	case KIND_LIMIT:
		/* ids have more digits than a JSON number keeps */
		if (p->max > UINT32_MAX) {
			jw_member_str(w, "type", STR("string"));
			break;
		}
		jw_member_str(w, "type", STR("integer"));
		jw_member_u64(w, "minimum", p->min);
		jw_member_u64(w, "maximum", p->max);
		break;
	case KIND_CHOICE:
		add_choice(w, p);
		break;
	case KIND_STRS:
	case KIND_IDS:
		add_list(w);
		break;
	}
	jw_end(w);
}

static bool is_needed(const struct api_route *r, const struct param *p)
{
	struct str rest = str_of(r->needs != NULL ? r->needs : ""), word;
	while (str_next(&rest, ' ', &word)) {
		if (str_eq(word, str_of(p->name)))
			return true;
	}
	return false;
}

static void add_query(struct jw *w, const struct api_route *r)
{
	const struct param_table *params = r->params;
	for (size_t i = 0; params != NULL && i < params->count; i++) {
		jw_object(w);
		jw_member_str(w, "name", str_of(params->rows[i].name));
		jw_member_str(w, "in", STR("query"));
		if (is_needed(r, &params->rows[i]))
			jw_member_bool(w, "required", true);
		jw_name(w, "schema");
		add_schema(w, &params->rows[i]);
		jw_end(w);
	}
}

static void add_needs(struct jw *w, const struct api_route *r)
{
	jw_name(w, "required");
	jw_array(w);
	for (size_t i = 0; i < r->params->count; i++) {
		if (is_needed(r, &r->params->rows[i]))
			jw_str(w, str_of(r->params->rows[i].name));
	}
	jw_end(w);
}

static void add_body(struct jw *w, const struct api_route *r)
{
	const struct param_table *params = r->params;
	jw_name(w, "requestBody");
	jw_object(w);
	jw_member_bool(w, "required", r->needs != NULL);
	jw_name(w, "content");
	jw_object(w);
	jw_name(w, "application/json");
	jw_object(w);
	jw_name(w, "schema");
	jw_object(w);
	jw_member_str(w, "type", STR("object"));
	if (r->needs != NULL)
		add_needs(w, r);
	jw_name(w, "properties");
	jw_object(w);
	for (size_t i = 0; i < params->count; i++) {
		jw_name(w, params->rows[i].name);
		add_schema(w, &params->rows[i]);
	}
	jw_end(w);
	jw_end(w);
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

/* Each leaf is enough; {} where nobody has to be signed in. */
static void add_security(struct jw *w, const struct api_route *r)
{
	jw_name(w, "security");
	jw_array(w);
	if (r->auth == AUTH_NONE || r->auth == AUTH_OPTIONAL) {
		jw_object(w);
		jw_end(w);
	}
	for (size_t i = 0; r->auth != AUTH_NONE && scope_name(i).ptr != NULL; i++) {
		scope_set one;
		if (!scopes_parse(scope_name(i), &one) || (one & (one - 1)) != 0 ||
		    (r->scopes & one) == 0)
			continue;
		jw_object(w);
		jw_name(w, "oauth");
		jw_array(w);
		jw_str(w, scope_name(i));
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}

static void add_operation(struct jw *w, const struct api_route *r)
{
	struct buf id CLEANUP(buf_free) = BUF_INIT(512);
	bool read = r->method == HTTP_GET;
	add_operation_id(&id, r);
	jw_name(w, method_of(r->method));
	jw_object(w);
	jw_member_str(w, "operationId", buf_str(&id));
	jw_name(w, "parameters");
	jw_array(w);
	add_path_params(w, r->path);
	if (read)
		add_query(w, r);
	jw_end(w);
	if (!read && r->params != NULL)
		add_body(w, r);
	add_security(w, r);
	openapi_add_responses(w, r);
	jw_end(w);
}

static size_t all_paths(const char *paths[PATHS_MAX])
{
	size_t n = 0;
	for (size_t t = 0; t < api_table_count; t++) {
		for (size_t i = 0; i < api_tables_all[t]->count; i++) {
			const char *path = api_tables_all[t]->routes[i].path;
			bool known = strncmp(path, OURS, strlen(OURS)) != 0;
			for (size_t k = 0; k < n && !known; k++)
				known = strcmp(paths[k], path) == 0;
			if (!known) {
				must(n < PATHS_MAX);
				paths[n++] = path;
			}
		}
	}
	return n;
}

static void add_paths(struct jw *w)
{
	const char *paths[PATHS_MAX];
	size_t n = all_paths(paths);
	jw_name(w, "paths");
	jw_object(w);
	for (size_t k = 0; k < n; k++) {
		struct buf path CLEANUP(buf_free) = BUF_INIT(512);
		add_path(&path, paths[k]);
		jw_name_str(w, buf_str(&path));
		jw_object(w);
		for (size_t t = 0; t < api_table_count; t++) {
			for (size_t i = 0; i < api_tables_all[t]->count; i++) {
				const struct api_route *r = &api_tables_all[t]->routes[i];
				if (strcmp(r->path, paths[k]) == 0)
					add_operation(w, r);
			}
		}
		jw_end(w);
		/* a line for each, so that a change shows as one */
		buf_add_chr(w->out, '\n');
	}
	jw_end(w);
}

static void add_components(struct jw *w)
{
	jw_name(w, "components");
	jw_object(w);
	jw_name(w, "securitySchemes");
	jw_object(w);
	jw_name(w, "oauth");
	jw_object(w);
	jw_member_str(w, "type", STR("http"));
	jw_member_str(w, "scheme", STR("bearer"));
	jw_end(w);
	jw_end(w);
	openapi_add_shared(w);
	jw_end(w);
}

void api_openapi(struct buf *out)
{
	struct jw w;
	jw_init(&w, out);
	jw_object(&w);
	jw_member_str(&w, "openapi", STR("3.1.0"));
	jw_name(&w, "info");
	jw_object(&w);
	jw_member_str(&w, "title", STR("FediFlow's own API"));
	jw_member_str(&w, "version", STR("1"));
	jw_member_str(&w, "description",
		      STR("What the API of Mastodon has no word for. Lists have a Link header (RFC "
			  "8288) to the next page; errors are {\"error\": text}. A change may be "
			  "asked for by PUT or PATCH."));
	jw_end(&w);
	add_paths(&w);
	add_components(&w);
	jw_end(&w);
	jw_done(&w);
	buf_add_chr(out, '\n');
}

/* --- for clients --- */

#define DOCUMENT_MAX ((size_t)2 << 20)

/* It is the same as long as the program runs: made when it is first asked for. */
static struct buf document = BUF_INIT(DOCUMENT_MAX);
static pthread_once_t document_once = PTHREAD_ONCE_INIT;

static void document_make(void)
{
	api_openapi(&document);
}

static void get_document(struct call *call)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(DOCUMENT_MAX);
	must(pthread_once(&document_once, document_make) == 0);
	buf_add(&out, buf_str(&document));
	if (document.failed || out.failed)
		reply_rc(call, RC_NO_MEMORY);
	else
		httpd_reply(call->req, 200, "application/json; charset=utf-8", &out);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, OURS "v1/openapi.json", AUTH_NONE, 0, RATE_COMMON, NULL, get_document,
	  "application/json" },
};
API_ROWS_END
const struct api_route_table openapi_api = { routes, ARRAY_LEN(routes) };
