/* Fetching and parsing one document of another host. Callbacks run on the client's thread. */
#include <stdlib.h>

#include "core/metric.h"
#include "core/must.h"
#include "fed_int.h"

#define FETCH_TIMEOUT_MS 30000 /* SECURITY section 13 */
#define REDIRECTS_MAX 3
#define ACCEPT_ACTIVITY                                    \
	"application/activity+json, application/ld+json; " \
	"profile=\"https://www.w3.org/ns/activitystreams\""

struct asking {
	struct fed *fed;
	struct ctx *ctx;
	bool activity;
	struct str host; /* that is asked; in ctx's arena */
	struct str etag; /* of what is known; absent: nothing is */
	void (*done)(void *arg, enum rc rc, struct document *doc);
	void *arg;
	struct crawl_cost *cost; /* NULL: nobody counts */
};

/* As the instance actor, whose key is readable unsigned: no two servers wait for each other's keys
 * (S-016). */
static size_t sign(void *arg, struct arena *arena, struct str method, struct str url,
		   struct fetch_header headers[8])
{
	struct fed *fed = ((const struct asking *)arg)->fed;
	struct ctx ctx = { .arena = arena };
	struct signing_key key;
	struct iri iri;
	size_t count = 0;
	struct httpsig_header signed_headers[HTTPSIG_MAX_HEADERS];
	if (iri_parse(&ctx, url, fed->site->iri_flags, &iri) != RC_OK ||
	    keyring_get(fed, &ctx, fed->instance_actor, KEY_RSA, &key) != RC_OK)
		return 0;
	const struct httpsig_request req = { .method = method,
					     .target = iri.target,
					     .scheme = iri.scheme,
					     .authority = iri.authority };
	const struct httpsig_signer signer = { .scheme = HTTPSIG_CAVAGE,
					       .key = key.key,
					       .key_id = key.id,
					       .now_s = clock_wall_ms(fed->clock) / MS_PER_SECOND };
	if (httpsig_sign(&ctx, &req, &signer, signed_headers, &count) != RC_OK)
		count = 0;
	for (size_t i = 0; i < count; i++)
		headers[i] =
			(struct fetch_header){ signed_headers[i].name, signed_headers[i].value };
	key_unref(&key.key);
	return count;
}

/*
 * S-030, S-033: neither home nor to whom we do not talk to, and what a stranger's host leads us to
 * counts for where it leads (S-016).
 */
static enum rc permit(void *arg, struct str url)
{
	const struct asking *asking = arg;
	struct fed *fed = asking->fed;
	if (site_owns_text(fed->site, url))
		return RC_DENIED;
	if (!peer_permitted_uri(fed, url))
		return RC_BLOCKED;
	return str_eq(uri_authority(url), asking->host) ||
			       budget_spend(fed, BUDGET_KEYS, uri_authority(url),
					    fed->settings->key_fetches_per_minute)
		       ? RC_OK
		       : RC_UNREACHABLE;
}

/* What a status means for somebody who asked for a document. */
static enum rc rc_of_status(unsigned status)
{
	switch (status) {
	case 200:
		return RC_OK;
	case 404:
		return RC_NOT_FOUND;
	case 410:
		return RC_GONE;
	case 401:
	case 403:
		return RC_DENIED;
	case 408:
	case 429:
		return RC_UNREACHABLE;
	default:
		return status >= 500 ? RC_UNREACHABLE : RC_INVALID;
	}
}

static bool media_type_right(const struct asking *asking, struct str content_type)
{
	struct str type, params;
	if (asking->activity)
		return ap_media_type(content_type);
	str_split(content_type, ';', &type, &params);
	type = str_trim(type);
	return str_eq_nocase(type, STR("application/jrd+json")) ||
	       str_eq_nocase(type, STR("application/json"));
}

static enum rc judge(const struct asking *asking, const struct fetch_result *result)
{
	if (result->rc != RC_OK)
		return ctx_fail(asking->ctx, result->rc, "%.*s", STR_ARG(result->reason));
	enum rc rc = rc_of_status(result->status);
	if (rc != RC_OK)
		return ctx_fail(asking->ctx, rc, "the host answered %u", result->status);
	/* S-030, S-033: redirects lead neither home nor to whom we do not talk to */
	if (site_owns_text(asking->fed->site, result->url))
		return ctx_fail(asking->ctx, RC_DENIED, "it was redirected to us");
	if (!peer_permitted_uri(asking->fed, result->url))
		return ctx_fail(asking->ctx, RC_BLOCKED, "it was redirected to a blocked host");
	/* S-012: what is not declared as ActivityPub is not read as such */
	if (!media_type_right(asking, result->content_type))
		return ctx_fail(asking->ctx, RC_INVALID, "the answer is %.*s",
				STR_ARG(str_take(result->content_type, 80)));
	return RC_OK;
}

/* 429 means wait, whether it says how long or not; a day is as long as anybody may ask for. */
static void pause_note(struct fed *fed, const struct fetch_result *result)
{
	uint64_t pause = result->retry_after_s * MS_PER_SECOND;
	if (result->rc != RC_OK || (result->status != 429 && result->status != 503))
		return;
	if (pause == 0 && result->status == 429)
		pause = MS_PER_MINUTE;
	if (pause != 0)
		throttle_hold(fed->pauses, uri_authority(result->url), clock_steady_ms(fed->clock),
			      pause < MS_PER_DAY ? pause : MS_PER_DAY);
}

static void fetched(void *arg, const struct fetch_result *result)
{
	struct asking *asking = arg;
	struct document document = { .url = result->url, .bytes = result->body };
	const bool is_same = asking->etag.len != 0 && result->rc == RC_OK && result->status == 304;
	document.etag = result->etag;
	pause_note(asking->fed, result);
	enum rc rc = is_same ? RC_EXISTS : judge(asking, result);
	if (asking->cost != NULL)
		asking->cost->bytes += result->rc == RC_TOO_LARGE ? DOCUMENT_MAX : result->body.len;
	if (rc == RC_OK)
		rc = jr_parse(asking->ctx, result->body, &jr_limits_peer, &document.doc);
	asking->done(asking->arg, rc, rc == RC_OK ? &document : NULL);
	jr_free(&document.doc);
	free(asking);
}

static void refuse(struct asking *asking, enum rc rc)
{
	asking->done(asking->arg, rc, NULL);
	free(asking);
}

static void ask(struct fed *fed, struct ctx *ctx, struct str url, const char *accept,
		size_t bytes_max, uint64_t timeout_ms, struct asking *asking)
{
	struct iri iri;
	enum rc rc = iri_parse(ctx, url, fed->site->iri_flags, &iri);
	if (rc != RC_OK)
		return refuse(asking, rc);
	if (site_owns(fed->site, &iri))
		return refuse(asking, ctx_fail(ctx, RC_DENIED, "this address is ours"));
	if (!peer_permitted(fed, iri.authority))
		return refuse(asking,
			      ctx_fail(ctx, RC_BLOCKED, "traffic with this host is blocked"));
	if (throttle_held(fed->pauses, iri.authority, clock_steady_ms(fed->clock)))
		return refuse(asking, ctx_fail(ctx, RC_BUSY, "the host has asked for a pause"));
	const struct fetch_header headers[] = { { STR("Accept"), str_of(accept) },
						{ STR("If-None-Match"), asking->etag } };
	asking->host = arena_str(ctx->arena, iri.authority);
	metric_add(METRIC_FETCHES, 1);
	const struct fetch_request request = {
		.method = STR("GET"),
		.url = arena_str(ctx->arena, iri_document(&iri)),
		.headers = headers,
		.header_count = asking->etag.len != 0 ? 2 : 1,
		.bytes_max = bytes_max,
		.redirects_max = REDIRECTS_MAX,
		.timeout_ms = timeout_ms,
		.sign = asking->activity ? sign : NULL,
		.permit = permit,
		.done = fetched,
		.arg = asking,
	};
	fetch_submit(fed->fetch, &request);
}

static struct asking *asking_new(struct fed *fed, struct ctx *ctx, bool activity,
				 void (*done)(void *arg, enum rc rc, struct document *doc),
				 void *arg)
{
	struct asking *asking = calloc(1, sizeof(*asking));
	must(asking != NULL);
	*asking = (struct asking){
		.fed = fed, .ctx = ctx, .activity = activity, .done = done, .arg = arg
	};
	return asking;
}

void document_fetch(struct fed *fed, struct ctx *ctx, struct str url,
		    void (*done)(void *arg, enum rc rc, struct document *doc), void *arg)
{
	ask(fed, ctx, url, ACCEPT_ACTIVITY, DOCUMENT_MAX, FETCH_TIMEOUT_MS,
	    asking_new(fed, ctx, true, done, arg));
}

void document_fetch_for(struct fed *fed, struct ctx *ctx, struct str url, struct crawl_cost *cost,
			void (*done)(void *arg, enum rc rc, struct document *doc), void *arg)
{
	struct asking *asking = asking_new(fed, ctx, true, done, arg);
	asking->cost = cost;
	cost->requests++;
	ask(fed, ctx, url, ACCEPT_ACTIVITY, DOCUMENT_MAX, CRAWL_TIMEOUT_MS, asking);
}

void document_fetch_newer(struct fed *fed, struct ctx *ctx, struct str url, struct str etag,
			  void (*done)(void *arg, enum rc rc, struct document *doc), void *arg)
{
	struct asking *asking = asking_new(fed, ctx, true, done, arg);
	asking->etag = arena_str(ctx->arena, etag);
	ask(fed, ctx, url, ACCEPT_ACTIVITY, DOCUMENT_MAX, FETCH_TIMEOUT_MS, asking);
}

void document_fetch_json(struct fed *fed, struct ctx *ctx, struct str url, const char *accept,
			 size_t bytes_max,
			 void (*done)(void *arg, enum rc rc, struct document *doc), void *arg)
{
	ask(fed, ctx, url, accept, bytes_max, FETCH_TIMEOUT_MS,
	    asking_new(fed, ctx, false, done, arg));
}
