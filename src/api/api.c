/* The endpoints as httpd serves them: rows compiled into its tables. Main thread, before it starts. */
#include <stdlib.h>

#include "api_int.h"
#include "hub_int.h"
#include "presence_int.h"
#include "social/board.h"

#define TABLES_MAX ((size_t)2 << 20)
#define QUERY_BODY_MAX ((size_t)16 << 10)
#define BOARDS_MAX 500	/* communities that are read at the same time */
#define FEEDS_MAX 20000 /* of people who are there at the same time */

/* --- what httpd calls --- */

static void run_quick(struct httpd_request *req, void *app)
{
	struct api *api = api_of(app);
	call_run(api, req, api->quick_rows[req->route - api->quick]);
}

static void run_waiting(struct httpd_request *req, void *app)
{
	struct api *api = api_of(app);
	call_run(api, req, api->waiting_rows[req->route - api->waiting]);
}

bool api_admit(struct httpd_request *req, void *app)
{
	/* other modules' routes are theirs */
	if (req->route->handle != run_waiting)
		return true;
	struct api *api = api_of(app);
	return call_admit(api, req, api->waiting_rows[req->route - api->waiting]);
}

/* --- compiling --- */

static size_t count_rows(void)
{
	size_t n = 0;
	for (size_t t = 0; t < api_table_count; t++)
		n += api_tables_all[t]->count;
	return n;
}

static bool has_options(const struct api *api, const char *path)
{
	for (size_t i = 0; i < api->option_count; i++) {
		if (strcmp(api->options[i].path, path) == 0)
			return true;
	}
	return false;
}

static size_t body_max(const struct api *api, const struct api_route *row)
{
	/* parameters of a GET come in a body, too: Mastodon.py sends them so */
	size_t most = row->method != HTTP_GET ? BODY_MAX : QUERY_BODY_MAX;
	bool files = row->params != NULL && row->params->files;
	if (files && api->parts.media_settings != NULL)
		most += media_upload_max(api->parts.media_settings);
	return most;
}

static void add_row(struct api *api, const struct api_route *row, enum http_method method,
		    const char *path)
{
	/* what asks another host is suspended, which is for listener threads */
	bool writes = row->method != HTTP_GET && row->rate != RATE_TRANSLATION;
	struct httpd_route route = {
		.method = method,
		.path = path,
		.offer = HTTP_ANY,
		.body_max = body_max(api, row),
		.handle = writes ? run_waiting : run_quick,
	};
	/* a scope is of a token: a row that asks for one looks at it */
	must(row->scopes == 0 || row->auth != AUTH_NONE);
	if (writes) {
		api->waiting_rows[api->waiting_count] = row;
		api->waiting[api->waiting_count++] = route;
	} else {
		api->quick_rows[api->quick_count] = row;
		api->quick[api->quick_count++] = route;
	}
	if (has_options(api, path))
		return;
	route.method = HTTP_OPTIONS;
	route.body_max = 0;
	route.handle = call_options;
	api->options[api->option_count++] = route;
}

/* With a slash behind it, too: clients were written against a server to which that is the same. */
static void add_paths(struct api *api, const struct api_route *row, enum http_method method)
{
	const char *slashed =
		arena_cstr(api->arena, arena_join(api->arena, str_of(row->path), STR("/")));
	add_row(api, row, method, row->path);
	if (slashed != NULL)
		add_row(api, row, method, slashed);
}

/* To that server a change is a change, be it asked for by PUT or by PATCH. */
static void add_methods(struct api *api, const struct api_route *row)
{
	add_paths(api, row, row->method);
	if (row->method == HTTP_PUT)
		add_paths(api, row, HTTP_PATCH);
	if (row->method == HTTP_PATCH)
		add_paths(api, row, HTTP_PUT);
}

static bool compile(struct api *api)
{
	size_t rows = 4 * count_rows(); /* add_paths(), add_methods() */
	api->quick = ARENA_ARRAY(api->arena, rows, struct httpd_route);
	api->waiting = ARENA_ARRAY(api->arena, rows, struct httpd_route);
	api->options = ARENA_ARRAY(api->arena, rows, struct httpd_route);
	api->quick_rows = ARENA_ARRAY(api->arena, rows, const struct api_route *);
	api->waiting_rows = ARENA_ARRAY(api->arena, rows, const struct api_route *);
	if (arena_failed(api->arena))
		return false;
	for (size_t t = 0; t < api_table_count; t++) {
		for (size_t r = 0; r < api_tables_all[t]->count; r++)
			add_methods(api, &api_tables_all[t]->routes[r]);
	}
	return !arena_failed(api->arena);
}

enum rc api_new(const struct api_parts *parts, struct api **out)
{
	struct api *api = calloc(1, sizeof(*api));
	*out = NULL;
	if (api == NULL)
		return RC_NO_MEMORY;
	api->magic = API_MAGIC;
	api->parts = *parts;
	api->arena = arena_new(TABLES_MAX);
	api->limiter = limiter_new(parts->clock);
	rates_read(parts->settings, api->rates);
	api->feeds = feeds_new(parts->clock, FEEDS_MAX);
	api->boards = boards_new(parts->clock, BOARDS_MAX);
	api->presence = presence_new(parts->db, parts->clock);
	if (api->arena == NULL || api->limiter == NULL || api->feeds == NULL ||
	    api->boards == NULL || api->presence == NULL || !compile(api)) {
		api_free(&api);
		return RC_NO_MEMORY;
	}
	if (parts->bus != NULL && hub_new(api, parts->bus, &api->hub) != RC_OK) {
		api_free(&api);
		return RC_NO_MEMORY;
	}
	*out = api;
	return RC_OK;
}

void api_free(struct api **at)
{
	struct api *api = *at;
	if (api == NULL)
		return;
	MAGIC_CHECK(api, API_MAGIC);
	hub_free(&api->hub);
	presence_free(&api->presence);
	limiter_free(&api->limiter);
	feeds_free(&api->feeds);
	boards_free(&api->boards);
	arena_free(&api->arena);
	api->magic = 0;
	free(api);
	*at = NULL;
}

void api_tables(struct api *api, struct httpd_route_table out[API_TABLES])
{
	out[0] = (struct httpd_route_table){ api->quick, api->quick_count, api, false, NULL };
	out[1] = (struct httpd_route_table){ api->waiting, api->waiting_count, api, true, NULL };
	out[2] = (struct httpd_route_table){ api->options, api->option_count, api, false, NULL };
}
