/*
 * Objects in a bucket, by path ("endpoint/bucket/ab/cd/digest"), signed by curl. Workers and, where
 * nothing waits, any thread.
 */
#include "s3.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/attr.h"
#include "core/clock.h"
#include "core/enc.h"
#include "core/must.h"

#define TIMEOUT_MS (60 * MS_PER_SECOND)
#define ANSWER_MAX ((size_t)64 << 10)

struct s3 {
	struct fetch *fetch;
	const struct media_settings *settings;
	struct buf secret;
	struct fetch_s3 credentials;
};

static enum rc read_secret(struct err *err, struct s3 *s3)
{
	enum rc rc = conf_read_secret(err, "s3_secret_file in [media]",
				      s3->settings->s3_secret_file, &s3->secret);
	s3->credentials = (struct fetch_s3){ .region = s3->settings->s3_region,
					     .key_id = s3->settings->s3_key_id,
					     .secret = buf_str(&s3->secret) };
	return rc;
}

enum rc s3_new(struct err *err, const struct media_settings *settings, struct fetch *fetch,
	       struct s3 **out)
{
	struct s3 *s3 = calloc(1, sizeof(*s3));
	*out = NULL;
	if (s3 == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	s3->fetch = fetch;
	s3->settings = settings;
	buf_init(&s3->secret, CONF_SECRET_MAX);
	enum rc rc = read_secret(err, s3);
	if (rc == RC_OK && (settings->s3_bucket.len == 0 || settings->s3_key_id.len == 0))
		rc = err_set(err, RC_INVALID,
			     "s3_endpoint in [media] needs s3_bucket and s3_key_id");
	if (rc == RC_OK)
		*out = s3;
	else
		s3_free(&s3);
	return rc;
}

void s3_free(struct s3 **s3)
{
	if (*s3 == NULL)
		return;
	if ((*s3)->secret.ptr != NULL)
		explicit_bzero((*s3)->secret.ptr, (*s3)->secret.cap);
	buf_free(&(*s3)->secret);
	free(*s3);
	*s3 = NULL;
}

static void add_url(struct buf *out, const struct s3 *s3, const struct digest *name)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT((size_t)2 * DIGEST_SIZE);
	enc_hex(&hex, str_n(name->bytes, DIGEST_SIZE));
	struct str endpoint = s3->settings->s3_endpoint;
	if (str_has_suffix(endpoint, STR("/")))
		endpoint.len--;
	buf_addf(out, "%.*s/%.*s/%.2s/%.2s/%.*s", STR_ARG(endpoint),
		 STR_ARG(s3->settings->s3_bucket), hex.ptr, hex.ptr + 2, STR_ARG(buf_str(&hex)));
}

static struct fetch_request request_of(const struct s3 *s3, const char *method, struct str url)
{
	return (struct fetch_request){ .method = str_of(method),
				       .url = url,
				       .s3 = &s3->credentials,
				       .trusted = true,
				       .bytes_max = ANSWER_MAX,
				       .timeout_ms = TIMEOUT_MS };
}

/* --- waiting --- */

struct call {
	pthread_mutex_t lock;
	pthread_cond_t answered;
	bool done;
	enum rc rc;
	unsigned status;
	struct buf *body; /* NULL: nobody wants it */
};

static void answered(void *arg, const struct fetch_result *result)
{
	struct call *call = arg;
	pthread_mutex_lock(&call->lock);
	call->done = true;
	call->rc = result->rc;
	call->status = result->status;
	if (call->body != NULL && call->rc == RC_OK)
		buf_add(call->body, result->body);
	pthread_cond_signal(&call->answered);
	pthread_mutex_unlock(&call->lock);
}

static enum rc outcome(struct err *err, const struct call *call)
{
	if (call->rc != RC_OK)
		return err_set(err, call->rc, "the store of media cannot be reached");
	if (call->status >= 200 && call->status < 300)
		return RC_OK;
	enum rc rc = call->status == 403 ? RC_DENIED : call->status == 404 ? RC_NOT_FOUND : RC_IO;
	return err_set(err, rc, "the store of media answers %u", call->status);
}

static enum rc call_and_wait(struct s3 *s3, struct err *err, struct fetch_request *request,
			     struct buf *body)
{
	struct call call = { .lock = PTHREAD_MUTEX_INITIALIZER,
			     .answered = PTHREAD_COND_INITIALIZER,
			     .body = body };
	request->done = answered;
	request->arg = &call;
	fetch_submit(s3->fetch, request);
	pthread_mutex_lock(&call.lock);
	while (!call.done)
		pthread_cond_wait(&call.answered, &call.lock);
	pthread_mutex_unlock(&call.lock);
	return outcome(err, &call);
}

enum rc s3_put(struct s3 *s3, struct err *err, const struct digest *name,
	       const struct media_type *type, struct str bytes)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	const struct fetch_header header = { STR("Content-Type"), str_of(type->name) };
	add_url(&url, s3, name);
	struct fetch_request request = request_of(s3, "PUT", buf_str(&url));
	request.headers = &header;
	request.header_count = 1;
	request.body = fetch_body_new(bytes);
	if (request.body == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	enum rc rc = call_and_wait(s3, err, &request, NULL);
	fetch_body_unref(&request.body);
	return rc;
}

enum rc s3_del(struct s3 *s3, struct err *err, const struct digest *name)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	add_url(&url, s3, name);
	struct fetch_request request = request_of(s3, "DELETE", buf_str(&url));
	return call_and_wait(s3, err, &request, NULL);
}

enum rc s3_read(struct s3 *s3, struct err *err, const struct digest *name, struct buf *out)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	add_url(&url, s3, name);
	struct fetch_request request = request_of(s3, "GET", buf_str(&url));
	request.bytes_max = out->max - out->len;
	enum rc rc = call_and_wait(s3, err, &request, out);
	return rc == RC_OK && out->failed ? err_set(err, RC_NO_MEMORY, "out of memory") : rc;
}

void s3_get(struct s3 *s3, const struct digest *name, size_t bytes_max,
	    void (*done)(void *arg, const struct fetch_result *result), void *arg)
{
	struct buf url CLEANUP(buf_free) = BUF_INIT(2048);
	add_url(&url, s3, name);
	struct fetch_request request = request_of(s3, "GET", buf_str(&url));
	request.bytes_max = bytes_max;
	request.done = done;
	request.arg = arg;
	fetch_submit(s3->fetch, &request);
}
