/*
 * One activity to one inbox: signed as its host is known to take it, at send time, so that no key
 * material is stored with the job. When a host does not take a signature, the other scheme is tried
 * at once, and what worked is remembered.
 */
#include <stdio.h>

#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "sync_int.h"

struct delivery {
	struct fed *fed;
	struct queue_job *job;
	struct ctx ctx;
	struct iri inbox;
	struct queue_blob *blob;
	struct fetch_body *body;
	struct digest digest;
	struct str followers; /* the header of FEP-8fcf; absent: none */
	enum peer_scheme scheme;
	bool fell_back;
	bool without_query;
};

static void delivery_after(void *arg, enum rc rc UNUSED)
{
	struct delivery *d = arg;
	struct arena *arena = d->ctx.arena;
	fetch_body_unref(&d->body);
	queue_blob_unref(&d->blob);
	arena_free(&arena);
}

static void delivery_end(struct delivery *d, const struct queue_outcome *outcome)
{
	static const enum metric metrics[] = {
		[QUEUE_DELIVERED] = METRIC_DELIVERY_DELIVERED,
		[QUEUE_AGAIN] = METRIC_DELIVERY_DEFERRED,
		[QUEUE_DEFER] = METRIC_DELIVERY_DEFERRED,
		[QUEUE_DEFER_LANE] = METRIC_DELIVERY_DEFERRED,
		[QUEUE_REJECT] = METRIC_DELIVERY_DROPPED,
		[QUEUE_GONE] = METRIC_DELIVERY_DROPPED,
		[QUEUE_LOOP] = METRIC_DELIVERY_DROPPED,
	};
	struct queue_end end = { .outcome = *outcome, .after = delivery_after, .arg = d };
	metric_add(metrics[outcome->verdict], 1);
	queue_finish(d->job, &end);
}

static void delivery_fail(struct delivery *d, enum queue_verdict verdict, const char *reason)
{
	struct queue_outcome outcome = { .verdict = verdict };
	snprintf(outcome.reason, sizeof(outcome.reason), "%s", reason);
	delivery_end(d, &outcome);
}

static bool is_rfc9421(enum peer_scheme scheme)
{
	return scheme == PEER_SCHEME_RFC9421_RSA || scheme == PEER_SCHEME_RFC9421_ED25519;
}

/* The scheme that is worth a second try when this one was not taken (double knock). */
static enum peer_scheme other_scheme(enum peer_scheme scheme)
{
	return is_rfc9421(scheme) ? PEER_SCHEME_CAVAGE : PEER_SCHEME_RFC9421_RSA;
}

static void send(struct delivery *d);

static struct queue_outcome outcome_of(const struct fetch_result *result)
{
	struct queue_outcome outcome = { .verdict = QUEUE_DEFER_LANE };
	/* that the answer's body was too long to read changes nothing about its status */
	if (result->rc == RC_OK || (result->rc == RC_TOO_LARGE && result->status != 0))
		return queue_outcome_of_status(result->status,
					       result->retry_after_s * MS_PER_SECOND);
	if (result->rc == RC_INVALID)
		outcome.verdict = QUEUE_REJECT;
	snprintf(outcome.reason, sizeof(outcome.reason), "%.*s", STR_ARG(result->reason));
	return outcome;
}

static bool signature_refused(const struct fetch_result *result)
{
	return result->rc == RC_OK &&
	       (result->status == 401 || result->status == 400 || result->status == 403);
}

/*
 * Is there another way to sign? The other scheme; then, where the inbox has a query string, the way
 * of those who leave it out of what cavage signs (S-025).
 */
static bool next_way(struct delivery *d)
{
	if (!d->fell_back) {
		d->fell_back = true;
		d->scheme = other_scheme(d->scheme);
		return true;
	}
	if (d->without_query || str_index(d->inbox.target, '?') == d->inbox.target.len)
		return false;
	d->without_query = true;
	d->scheme = PEER_SCHEME_CAVAGE;
	return true;
}

static void answered(void *arg, const struct fetch_result *result)
{
	struct delivery *d = arg;
	struct queue_outcome outcome = outcome_of(result);
	if (signature_refused(result) && next_way(d))
		return send(d);
	if (outcome.verdict == QUEUE_DELIVERED && d->fell_back)
		peer_learn(d->fed, d->inbox.authority, d->scheme);
	delivery_end(d, &outcome);
}

static enum rc sign(struct delivery *d, struct httpsig_header headers[HTTPSIG_MAX_HEADERS],
		    size_t *count)
{
	static const struct httpsig_header content_type = { STR_INIT("Content-Type"),
							    STR_INIT(AP_MEDIA_TYPE) };
	struct ctx quiet = { .arena = d->ctx.arena };
	struct signing_key key;
	enum rc rc = RC_NOT_FOUND;
	/* who has no such key has the other one */
	if (d->scheme == PEER_SCHEME_RFC9421_ED25519)
		rc = keyring_get(d->fed, &quiet, d->job->order, KEY_ED25519, &key);
	if (rc == RC_NOT_FOUND)
		rc = keyring_get(d->fed, &d->ctx, d->job->order, KEY_RSA, &key);
	if (rc != RC_OK)
		return rc;
	const struct httpsig_request req = { .method = STR("POST"),
					     .target = d->inbox.target,
					     .scheme = d->inbox.scheme,
					     .authority = d->inbox.authority,
					     .headers = &content_type,
					     .header_count = 1,
					     .has_body = true,
					     .body = d->digest };
	const struct httpsig_signer signer = {
		.scheme = is_rfc9421(d->scheme) ? HTTPSIG_RFC9421 : HTTPSIG_CAVAGE,
		.key = key.key,
		.key_id = key.id,
		.now_s = clock_wall_ms(d->fed->clock) / MS_PER_SECOND,
		.without_query = d->without_query,
		.also = { d->followers.ptr != NULL ? STR("collection-synchronization") : STR_NONE,
			  d->followers }
	};
	rc = httpsig_sign(&d->ctx, &req, &signer, headers, count);
	key_unref(&key.key);
	return rc;
}

static void send(struct delivery *d)
{
	struct httpsig_header signed_headers[HTTPSIG_MAX_HEADERS];
	struct fetch_header headers[HTTPSIG_MAX_HEADERS + 1];
	size_t count = 0;
	if (sign(d, signed_headers, &count) != RC_OK)
		return delivery_fail(d, QUEUE_DEFER, err_text(&d->ctx.err));
	for (size_t i = 0; i < count; i++)
		headers[i] =
			(struct fetch_header){ signed_headers[i].name, signed_headers[i].value };
	headers[count++] = (struct fetch_header){ STR("Content-Type"), STR(AP_MEDIA_TYPE) };
	const struct fetch_request request = { .method = STR("POST"),
					       .url = d->inbox.text,
					       .headers = headers,
					       .header_count = count,
					       .body = d->body,
					       .bytes_max = 64 * 1024,
					       .timeout_ms = d->fed->settings->delivery_timeout_ms,
					       .done = answered,
					       .arg = d };
	fetch_submit(d->fed->fetch, &request);
}

void deliver_run(struct queue_job *job, void *app)
{
	struct arena *arena = arena_new(256 * 1024);
	must(arena != NULL);
	struct delivery *d = ARENA_NEW(arena, struct delivery);
	must(d != NULL);
	d->fed = fed_of(app);
	d->job = job;
	d->ctx.arena = arena;
	struct str url, mark;
	str_split(job->payload, ' ', &url, &mark);
	if (iri_parse(&d->ctx, url, d->fed->site->iri_flags, &d->inbox) != RC_OK)
		return delivery_fail(d, QUEUE_REJECT, err_text(&d->ctx.err));
	if (site_owns(d->fed->site, &d->inbox))
		return delivery_fail(d, QUEUE_LOOP, "the inbox is ours");
	if (!peer_permitted(d->fed, d->inbox.authority))
		return delivery_fail(d, QUEUE_REJECT, "traffic with this host is blocked");
	d->blob = queue_job_body(job);
	if (d->blob == NULL)
		return delivery_fail(d, QUEUE_REJECT, "the stored activity is missing or damaged");
	if (str_eq(mark, STR(DELIVER_FOLLOWERS)))
		d->followers = sync_header_for(d->fed, arena, job->order, d->inbox.authority);
	struct str bytes = queue_blob_str(d->blob);
	d->digest = digest_sha256(bytes);
	d->body = fetch_body_new(bytes);
	d->scheme = peer_scheme(d->fed, d->inbox.authority);
	if (d->body == NULL)
		return delivery_fail(d, QUEUE_DEFER, "out of memory");
	send(d);
}
