/* Posts in other languages. The request waits while the service is asked. */
#include "view_int.h"

#include "social/translate.h"
#include "store/personal.h"
#include "text/html.h"

#define LANGUAGE_BYTES 35
#define LANGUAGE_DEFAULT STR("en")

struct translate_params {
	struct str lang;
};

static const struct param translate_rows[] = {
	PARAM_STR(struct translate_params, lang, "lang", LANGUAGE_BYTES),
};
PARAM_TABLE(translate_params, struct translate_params, translate_rows);

/* The handler's own call ends with the handler. */
struct waiting {
	struct call call;
	struct status_view view; /* of the post itself, not of a boost */
	struct str target;
};

static struct waiting *waiting_new(struct call *call)
{
	struct waiting *w = ARENA_NEW(call->ctx->arena, struct waiting);
	if (w != NULL)
		w->call = *call;
	return w;
}

/* --- a post --- */

/* methods/statuses, "Translate a status". */
static void reply_failure(struct call *call, enum rc rc)
{
	if (rc == RC_DENIED || rc == RC_UNSUPPORTED)
		reply_rc(call, RC_DENIED);
	else if (rc == RC_TOO_LARGE)
		reply_error(call, 422, "The post is too long to be translated");
	else
		reply_error(call, 503, "Service Unavailable");
}

static void translated(void *arg, enum rc rc, const struct translation *translation)
{
	struct waiting *w = arg;
	struct httpd_request *req = w->call.req;
	buf_init(&w->call.out, REPLY_BYTES_MAX);
	if (rc == RC_OK) {
		render_translation(reply_begin(&w->call), translation, &w->view);
		reply_end(&w->call, 200);
	} else {
		reply_failure(&w->call, rc);
	}
	buf_free(&w->call.out);
	httpd_resume(req);
}

/* What the caller has asked for, else what they write in. */
static struct str target_of(struct gather *g, const struct call *call)
{
	const struct translate_params *p = call->params;
	struct preference preference = { .language = STR("") };
	if (p->lang.len != 0)
		return p->lang;
	if (call->viewer.account != 0)
		preference_get(g->txn, g->arena, call->viewer.account, &preference);
	return preference.language.len != 0 ? preference.language : LANGUAGE_DEFAULT;
}

static enum rc find(struct call *call, struct waiting *w)
{
	struct gather g;
	enum rc rc = gather_begin(&g, call);
	if (rc != RC_OK)
		return rc;
	rc = gather_status(&g, call_id(call, 0), &w->view);
	if (rc == RC_OK && w->view.reblog != NULL)
		w->view = *w->view.reblog;
	w->target = target_of(&g, call);
	return gather_end(&g, rc);
}

static void post_translate(struct call *call)
{
	const struct translate_params *p = call->params;
	struct translator *translator = call->api->parts.translator;
	struct waiting *w = waiting_new(call);
	if (p->lang.len != 0 && !text_language_valid(p->lang)) {
		reply_error(call, 422, "lang is no language");
		return;
	}
	enum rc rc = w != NULL ? find(call, w) : RC_NO_MEMORY;
	/* that there is no service is told as Mastodon does */
	if (rc == RC_OK && translator == NULL)
		rc = RC_NOT_FOUND;
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	const struct translate_order order = { .status = w->view.status,
					       .poll = w->view.poll != NULL ? w->view.poll->poll
									    : NULL,
					       .target = w->target };
	httpd_suspend(call->req);
	translate(translator, &order, translated, w);
}

/* --- languages --- */

static bool has(const struct str *list, size_t count, struct str s)
{
	for (size_t i = 0; i < count; i++) {
		if (str_eq(list[i], s))
			return true;
	}
	return false;
}

/* Of a post whose language nobody has said: everything that anything is translated into. */
static void render_unknown(struct jw *w, struct arena *arena, const struct translation_pair *pairs,
			   size_t count)
{
	size_t most = 0, n = 0;
	for (size_t i = 0; i < count; i++)
		most += pairs[i].target_count;
	struct str *all = ARENA_ARRAY(arena, most, struct str);
	jw_name(w, "und");
	jw_array(w);
	for (size_t i = 0; all != NULL && i < count; i++) {
		for (size_t k = 0; k < pairs[i].target_count; k++) {
			if (has(all, n, pairs[i].targets[k]))
				continue;
			all[n++] = pairs[i].targets[k];
			jw_str(w, pairs[i].targets[k]);
		}
	}
	jw_end(w);
}

static void render_pairs(struct jw *w, struct arena *arena, const struct translation_pair *pairs,
			 size_t count)
{
	jw_object(w);
	for (size_t i = 0; i < count; i++) {
		jw_name_str(w, pairs[i].source);
		jw_array(w);
		for (size_t k = 0; k < pairs[i].target_count; k++)
			jw_str(w, pairs[i].targets[k]);
		jw_end(w);
	}
	if (count != 0)
		render_unknown(w, arena, pairs, count);
	jw_end(w);
}

static void languages_came(void *arg, enum rc rc, const struct translation_pair *pairs,
			   size_t count)
{
	struct waiting *w = arg;
	struct httpd_request *req = w->call.req;
	buf_init(&w->call.out, REPLY_BYTES_MAX);
	if (rc == RC_OK) {
		render_pairs(reply_begin(&w->call), w->call.ctx->arena, pairs, count);
		reply_end(&w->call, 200);
	} else {
		reply_error(&w->call, 503, "Service Unavailable");
	}
	buf_free(&w->call.out);
	httpd_resume(req);
}

static void get_languages(struct call *call)
{
	struct translator *translator = call->api->parts.translator;
	struct waiting *w = translator != NULL ? waiting_new(call) : NULL;
	if (translator == NULL) {
		reply_empty(call);
		return;
	}
	if (w == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	httpd_suspend(call->req);
	translate_languages(translator, languages_came, w);
}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v1/statuses/:id/translate", AUTH_APP, SCOPE(READ_STATUSES),
	  RATE_TRANSLATION, &translate_params, post_translate },
	{ HTTP_GET, "/api/v1/instance/translation_languages", AUTH_NONE, 0, RATE_COMMON, NULL,
	  get_languages },
};
API_ROWS_END
const struct api_route_table translate_api = { routes, ARRAY_LEN(routes) };
