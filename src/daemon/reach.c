/*
 * Reaching out from the command line. The waiting is done by the command's thread; callbacks come on
 * fetch's. A waiter that was given up on is still called, so all waiters live until fetch is gone.
 */
#include "reach.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "core/must.h"
#include "media/media.h"
#include "node.h"

#define PATIENCE_SECONDS 60

struct waiter {
	struct waiter *next;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
	enum rc rc;
	uint64_t id;
	struct buf reason;
	struct buf url, content_type, body; /* of a document */
};

struct reach {
	struct node *node;
	struct fetch *fetch;
	struct fed *fed;
	struct media *media;
	struct digest media_secret;
	struct waiter *waiters;
};

static struct waiter *waiter_new(struct reach *reach)
{
	struct waiter *w = calloc(1, sizeof(*w));
	pthread_condattr_t attr;
	if (w == NULL)
		return NULL;
	must(pthread_mutex_init(&w->lock, NULL) == 0);
	must(pthread_condattr_init(&attr) == 0);
	must(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	must(pthread_cond_init(&w->changed, &attr) == 0);
	pthread_condattr_destroy(&attr);
	buf_init(&w->reason, 1024);
	buf_init(&w->url, 16 * 1024);
	buf_init(&w->content_type, 4096);
	buf_init(&w->body, 16 * 1024 * 1024);
	w->next = reach->waiters;
	reach->waiters = w;
	return w;
}

static void waiter_free(struct waiter *w)
{
	pthread_cond_destroy(&w->changed);
	pthread_mutex_destroy(&w->lock);
	buf_free(&w->reason);
	buf_free(&w->url);
	buf_free(&w->content_type);
	buf_free(&w->body);
	free(w);
}

static enum rc reach_make(struct cli *cli, struct node *node, struct reach *reach)
{
	struct fetch_settings settings =
		settings_fetch(cli->ctx.arena, &node->settings, &node->site);
	enum rc rc = fetch_new(&cli->ctx.err, &settings, clock_system(), &reach->fetch);
	if (rc != RC_OK)
		return rc;
	const struct fed_parts parts = { .db = node->db,
					 .fetch = reach->fetch,
					 .clock = clock_system(),
					 .site = &node->site,
					 .seal = &node->seal,
					 .settings = &node->settings.federation,
					 .relay = &node->settings.relay };
	return fed_new(&cli->ctx.err, &parts, &reach->fed);
}

static enum rc reach_of(struct cli *cli, struct node *node, struct reach **out)
{
	if (node->reach == NULL) {
		struct reach *reach = calloc(1, sizeof(*reach));
		if (reach == NULL)
			return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
		reach->node = node;
		enum rc rc = reach_make(cli, node, reach);
		if (rc != RC_OK) {
			reach_free(&reach);
			return rc;
		}
		node->reach = reach;
	}
	*out = node->reach;
	return RC_OK;
}

void reach_free(struct reach **reach)
{
	struct reach *r = *reach;
	if (r == NULL)
		return;
	*reach = NULL;
	if (r->media != NULL)
		media_stop(r->media);
	fetch_free(&r->fetch); /* calls back whoever still waits */
	node_drain(r->node);
	fed_free(&r->fed);
	media_free(&r->media);
	for (struct waiter *w = r->waiters, *next; w != NULL; w = next) {
		next = w->next;
		waiter_free(w);
	}
	free(r);
}

enum rc reach_fed(struct cli *cli, struct node *node, struct fed **out)
{
	struct reach *reach;
	enum rc rc = reach_of(cli, node, &reach);
	if (rc == RC_OK)
		*out = reach->fed;
	return rc;
}

enum rc reach_media(struct cli *cli, struct node *node, struct media **out)
{
	struct media_parts parts;
	struct reach *reach;
	enum rc rc = reach_of(cli, node, &reach);
	if (rc == RC_OK && reach->media == NULL) {
		rc = node_media_parts(&cli->ctx, node, reach->fetch, &reach->media_secret, &parts);
		if (rc == RC_OK)
			rc = media_open(&cli->ctx.err, &parts, &reach->media);
	}
	if (rc == RC_OK)
		*out = reach->media;
	return rc;
}

/* --- callbacks --- */

static void waiter_wake(struct waiter *w, enum rc rc, struct str reason)
{
	w->rc = rc;
	buf_add(&w->reason, reason);
	w->done = true;
	pthread_cond_signal(&w->changed);
	pthread_mutex_unlock(&w->lock);
}

static void found(void *arg, enum rc rc, uint64_t id, struct str reason)
{
	struct waiter *w = arg;
	pthread_mutex_lock(&w->lock);
	w->id = id;
	waiter_wake(w, rc, reason);
}

static void fetched(void *arg, enum rc rc, const struct fed_document *doc, struct str reason)
{
	struct waiter *w = arg;
	pthread_mutex_lock(&w->lock);
	if (rc == RC_OK) {
		buf_add(&w->url, doc->url);
		buf_add(&w->content_type, doc->content_type);
		buf_add(&w->body, doc->body);
	}
	waiter_wake(w, rc, reason);
}

static enum rc waiter_wait(struct cli *cli, struct waiter *w)
{
	struct timespec until;
	must(clock_gettime(CLOCK_MONOTONIC, &until) == 0);
	until.tv_sec += PATIENCE_SECONDS;
	pthread_mutex_lock(&w->lock);
	int error = 0;
	while (!w->done && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&w->changed, &w->lock, &until);
	enum rc rc = w->done ? w->rc : RC_TIMEOUT;
	if (rc != RC_OK)
		ctx_fail(&cli->ctx, rc, "%.*s",
			 STR_ARG(w->reason.len != 0 ? buf_str(&w->reason) : str_of(rc_text(rc))));
	pthread_mutex_unlock(&w->lock);
	return rc;
}

/* --- asking --- */

enum reach_what {
	REACH_HANDLE,
	REACH_ACTOR,
	REACH_REFRESH,
	REACH_OBJECT,
	REACH_DOCUMENT,
};

static void ask(struct reach *reach, struct waiter *w, enum reach_what what, struct str a,
		struct str b)
{
	switch (what) {
	case REACH_HANDLE:
		fed_resolve_handle(reach->fed, a, b, found, w);
		break;
	case REACH_ACTOR:
	case REACH_REFRESH:
		fed_resolve_actor(reach->fed, a, what == REACH_REFRESH, found, w);
		break;
	case REACH_OBJECT:
		fed_resolve_object(reach->fed, a, found, w);
		break;
	case REACH_DOCUMENT:
		fed_fetch_document(reach->fed, a, fetched, w);
		break;
	}
}

static enum rc reach_wait(struct cli *cli, struct node *node, enum reach_what what, struct str a,
			  struct str b, struct waiter **out)
{
	struct reach *reach;
	enum rc rc = reach_of(cli, node, &reach);
	if (rc != RC_OK)
		return rc;
	*out = waiter_new(reach);
	if (*out == NULL)
		return ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory");
	ask(reach, *out, what, a, b);
	return waiter_wait(cli, *out);
}

static enum rc reach_id(struct cli *cli, struct node *node, enum reach_what what, struct str a,
			struct str b, uint64_t *id)
{
	struct waiter *w;
	enum rc rc = reach_wait(cli, node, what, a, b, &w);
	if (rc == RC_OK)
		*id = w->id;
	return rc;
}

enum rc reach_handle(struct cli *cli, struct node *node, struct str user, struct str host,
		     uint64_t *id)
{
	return reach_id(cli, node, REACH_HANDLE, user, host, id);
}

enum rc reach_actor(struct cli *cli, struct node *node, struct str uri, uint64_t *id)
{
	return reach_id(cli, node, REACH_ACTOR, uri, STR_NONE, id);
}

enum rc reach_refresh(struct cli *cli, struct node *node, struct str uri, uint64_t *id)
{
	return reach_id(cli, node, REACH_REFRESH, uri, STR_NONE, id);
}

enum rc reach_object(struct cli *cli, struct node *node, struct str uri, uint64_t *id)
{
	return reach_id(cli, node, REACH_OBJECT, uri, STR_NONE, id);
}

enum rc reach_document(struct cli *cli, struct node *node, struct str uri, struct fed_document *out)
{
	struct waiter *w;
	enum rc rc = reach_wait(cli, node, REACH_DOCUMENT, uri, STR_NONE, &w);
	if (rc != RC_OK)
		return rc;
	struct arena *arena = cli->ctx.arena;
	*out = (struct fed_document){ .url = arena_str(arena, buf_str(&w->url)),
				      .content_type = arena_str(arena, buf_str(&w->content_type)),
				      .body = arena_str(arena, buf_str(&w->body)) };
	return arena_failed(arena) ? ctx_fail(&cli->ctx, RC_NO_MEMORY, "out of memory") : RC_OK;
}

static bool find_mentioned(void *arg, struct ctx *ctx UNUSED, struct str user, struct str host)
{
	struct reach_finder *finder = arg;
	uint64_t id;
	/* who cannot be found stays text; the post does not fail for it */
	struct err before = finder->cli->ctx.err;
	bool known = reach_handle(finder->cli, finder->node, user, host, &id) == RC_OK;
	finder->cli->ctx.err = before;
	return known;
}

struct mention_finder reach_mention_finder(struct reach_finder *finder)
{
	return (struct mention_finder){ find_mentioned, finder };
}
