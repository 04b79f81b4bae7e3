/*
 * What other servers have, fetched when somebody looks at it: once, however many look; kept until
 * there is no room; and not asked for again at once when it failed. Requests wait suspended. Called
 * by listener threads, the fetch client's and workers.
 */
#include <stdlib.h>
#include <unistd.h>

#include "media_int.h"

#define REMOTE_WINDOW_MS (10 * MS_PER_MINUTE)

#define TIMEOUT_MS (30 * MS_PER_SECOND)
#define REDIRECTS 3
#define FAILED_MS MS_PER_MINUTE
#define WAITING_MAX 256
#define OURS_MAX ((size_t)256 << 20) /* a film that is made can be larger than it came */

struct pending {
	struct work work; /* storing it */
	struct media *media;
	struct digest name;
	bool ours;			/* it is named by the digest of what it is */
	const struct media_type *named; /* of ours: what it is called */
	bool made;			/* of ours: here */
	struct httpd_request *waiting[WAITING_MAX];
	size_t waiting_count;
	struct buf bytes;
	struct pending *next;
};

static bool same(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

/* --- what failed a moment ago; with the lock --- */

static size_t slot_of(const struct digest *name)
{
	return name->bytes[0] % REMOTE_FAILED_SLOTS;
}

static bool failed_lately(const struct media *media, const struct digest *name)
{
	size_t slot = slot_of(name);
	return same(&media->failed[slot].name, name) &&
	       clock_steady_ms(media->parts.clock) < media->failed[slot].until_ms;
}

static void remember_failure(struct media *media, const struct digest *name)
{
	size_t slot = slot_of(name);
	media->failed[slot].name = *name;
	media->failed[slot].until_ms = clock_steady_ms(media->parts.clock) + FAILED_MS;
}

/* --- answers --- */

static void answer_missing(struct httpd_request *req)
{
	httpd_add_header(req, "Cache-Control", STR("public, max-age=60"));
	httpd_reply_error(req, 404, STR("not found"), 0);
}

static bool answer_kept(struct media *media, struct httpd_request *req, const struct digest *name,
			const struct media_type *named, bool made)
{
	uint64_t size;
	int fd;
	if (files_get(&media->cached, name, &fd, &size) != RC_OK)
		return false;
	reply_media(req, fd, size, name, named, made);
	return true;
}

/* --- the end of a fetch --- */

static void unlink_pending(struct media *media, struct pending *p)
{
	struct pending **at = &media->pending;
	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	media->pending_count--;
}

/* From here on nobody joins it. */
static void finish(struct pending *p, bool kept)
{
	struct media *media = p->media;
	pthread_mutex_lock(&media->remote_lock);
	unlink_pending(media, p);
	if (!kept)
		remember_failure(media, &p->name);
	pthread_mutex_unlock(&media->remote_lock);
	for (size_t i = 0; i < p->waiting_count; i++) {
		struct httpd_request *req = p->waiting[i];
		if (!kept || !answer_kept(media, req, &p->name, p->named, p->made))
			answer_missing(req);
		httpd_resume(req);
	}
	buf_free(&p->bytes);
	free(p);
}

void remote_cached(struct media *media, const struct digest *name, uint64_t size)
{
	pthread_mutex_lock(&media->remote_lock);
	cache_add(&media->cache, name, size);
	pthread_mutex_unlock(&media->remote_lock);
}

static void store_run(struct media *media, struct work *work)
{
	struct pending *p = CONTAINER_OF(work, struct pending, work);
	struct err err = { 0 };
	bool kept = files_put(&media->cached, &err, &p->name, buf_str(&p->bytes)) == RC_OK;
	if (kept)
		remote_cached(media, &p->name, p->bytes.len);
	finish(p, kept);
}

static void store_drop(struct media *media UNUSED, struct work *work)
{
	finish(CONTAINER_OF(work, struct pending, work), false);
}

/* What it is, is what is in it, whatever its server says (S-096). */
static bool is_sound(const struct pending *p, const struct fetch_result *result)
{
	if (result->rc != RC_OK || result->status != 200)
		return false;
	if (!p->ours)
		return media_sniff(result->body) != NULL;
	struct digest digest = digest_sha256(result->body);
	return same(&digest, &p->name);
}

static void fetched(void *arg, const struct fetch_result *result)
{
	struct pending *p = arg;
	bool sound = is_sound(p, result);
	if (sound)
		buf_add(&p->bytes, result->body);
	p->work = (struct work){ .run = store_run, .drop = store_drop };
	if (!sound || p->bytes.failed || !work_add(p->media, &p->work))
		finish(p, false);
}

/* --- asking --- */

static struct pending *find_pending(const struct media *media, const struct digest *name)
{
	struct pending *p = media->pending;
	while (p != NULL && !same(&p->name, name))
		p = p->next;
	return p;
}

static struct pending *begin(struct media *media, const struct digest *name, size_t bytes_max)
{
	struct pending *p = calloc(1, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->media = media;
	p->name = *name;
	buf_init(&p->bytes, bytes_max);
	p->next = media->pending;
	media->pending = p;
	media->pending_count++;
	return p;
}

static void submit(struct pending *p, struct str url)
{
	static const struct fetch_header accept = { STR_INIT("Accept"),
						    STR_INIT("image/*, video/*, audio/*") };
	const struct fetch_request request = { .method = STR("GET"),
					       .url = url,
					       .headers = &accept,
					       .header_count = 1,
					       .bytes_max = p->media->parts.settings->remote_bytes,
					       .redirects_max = REDIRECTS,
					       .timeout_ms = TIMEOUT_MS,
					       .done = fetched,
					       .arg = p };
	fetch_submit(p->media->parts.fetch, &request);
}

enum asking {
	ASK_KEPT,
	ASK_FAILED, /* a moment ago */
	ASK_BUSY,
	ASK_TOO_MANY, /* of this client */
	ASK_JOINED,
	ASK_FETCH,
};

/* What is wanted: another server's, by its address, or ours in the store, by its digest. */
struct wish {
	struct digest name;
	bool ours;
	size_t bytes_max;
	const struct media_type *named;
	bool made;
};

/* S-096: nobody has this node fetch others' files at their pleasure. Ours lie in a store of ours. */
static bool may_fetch(struct media *media, const struct httpd_request *req, const struct wish *wish,
		      uint64_t *wait_ms)
{
	const struct limit limit = { media->parts.settings->remote_rate, REMOTE_WINDOW_MS };
	struct limit_left left;
	if (wish->ours ||
	    limiter_take(media->limiter, 0, &limit, limit_subject_of_client(req->client), &left))
		return true;
	uint64_t now = clock_wall_ms(media->parts.clock);
	*wait_ms = left.reset_ms > now ? left.reset_ms - now : 1;
	return false;
}

/* Waits with the others, or is the first; with the lock. */
static enum asking ask(struct media *media, struct httpd_request *req, const struct wish *wish,
		       struct pending **first, uint64_t *wait_ms)
{
	if (cache_touch(&media->cache, &wish->name))
		return ASK_KEPT;
	if (failed_lately(media, &wish->name))
		return ASK_FAILED;
	struct pending *p = find_pending(media, &wish->name);
	bool joins = p != NULL;
	if (p == NULL && !may_fetch(media, req, wish, wait_ms))
		return ASK_TOO_MANY;
	if (p == NULL && media->pending_count < REMOTE_FETCHES_MAX)
		p = begin(media, &wish->name, wish->bytes_max);
	if (p == NULL || p->waiting_count == WAITING_MAX)
		return ASK_BUSY;
	p->ours = wish->ours;
	p->named = wish->named;
	p->made = wish->made;
	httpd_suspend(req);
	p->waiting[p->waiting_count++] = req;
	*first = p;
	return joins ? ASK_JOINED : ASK_FETCH;
}

/* The one to fetch, which the request waits for; NULL when it was answered or waits with others. */
static struct pending *reply_or_wait(struct media *media, struct httpd_request *req,
				     const struct wish *wish)
{
	struct pending *first = NULL;
	uint64_t wait_ms = 0;
	pthread_mutex_lock(&media->remote_lock);
	enum asking asking = ask(media, req, wish, &first, &wait_ms);
	pthread_mutex_unlock(&media->remote_lock);
	switch (asking) {
	case ASK_KEPT:
		if (answer_kept(media, req, &wish->name, wish->named, wish->made))
			return NULL;
		/* somebody took the file away: it is fetched anew */
		pthread_mutex_lock(&media->remote_lock);
		cache_forget(&media->cache, &wish->name);
		pthread_mutex_unlock(&media->remote_lock);
		return reply_or_wait(media, req, wish);
	case ASK_BUSY:
		httpd_reply_error(req, 503, STR("busy"), 5);
		return NULL;
	case ASK_TOO_MANY:
		httpd_reply_error(req, 429, STR("too many requests"),
				  (wait_ms + MS_PER_SECOND - 1) / MS_PER_SECOND);
		return NULL;
	case ASK_FAILED:
		answer_missing(req);
		return NULL;
	case ASK_JOINED:
		return NULL;
	case ASK_FETCH:
		break;
	}
	return first;
}

void remote_reply(struct media *media, struct httpd_request *req, struct str url)
{
	const struct wish wish = { .name = digest_sha256(url),
				   .bytes_max = media->parts.settings->remote_bytes };
	/* the request may be answered, and its strings gone, as soon as it waits */
	struct buf copy CLEANUP(buf_free) = BUF_INIT(url.len);
	buf_add(&copy, url);
	if (copy.failed) {
		httpd_reply_error(req, 503, STR("out of memory"), 5);
		return;
	}
	struct pending *first = reply_or_wait(media, req, &wish);
	if (first != NULL)
		submit(first, buf_str(&copy));
}

void kept_reply(struct media *media, struct httpd_request *req, const struct digest *name,
		const struct media_type *named, bool made)
{
	const struct wish wish = { *name, true, OURS_MAX, named, made };
	struct pending *first = reply_or_wait(media, req, &wish);
	if (first != NULL)
		s3_get(media->s3, name, OURS_MAX, fetched, first);
}
