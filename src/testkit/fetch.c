/* The scripted HTTP client. Requests may come from several threads; the script is read under a
 * lock. */
#include <pthread.h>
#include <stdlib.h>

#include "core/must.h"
#include "testfetch.h"

#define REQUESTS_MAX 4096
#define ANSWERS_MAX 512
#define ARENA_MAX ((size_t)256 << 20)
#define SIGN_HEADERS_MAX 8

struct answer {
	struct str url;
	struct fetch_result result;
};

struct waiting {
	size_t n;
	void (*done)(void *arg, const struct fetch_result *result);
	void *arg;
};

struct test_fetch {
	struct fetch fetch;
	pthread_mutex_t lock;
	struct arena *arena;
	struct test_fetch_request *requests[REQUESTS_MAX];
	size_t request_count;
	struct answer answers[ANSWERS_MAX];
	size_t answer_count;
	test_fetch_script *script;
	void *script_arg;
	struct waiting waiting[REQUESTS_MAX];
	size_t waiting_head, waiting_tail;
	bool hold;
};

static struct test_fetch *net_of(struct fetch *fetch)
{
	return CONTAINER_OF(fetch, struct test_fetch, fetch);
}

static void add_header(struct test_fetch *net, struct test_fetch_request *r,
		       const struct fetch_header *header)
{
	must(r->header_count < TEST_FETCH_HEADERS_MAX);
	r->headers[r->header_count++] =
		(struct fetch_header){ arena_str(net->arena, header->name),
				       arena_str(net->arena, header->value) };
}

/* Keeps a copy of req; its number. */
static size_t keep_request(struct test_fetch *net, const struct fetch_request *req)
{
	struct test_fetch_request *r = ARENA_NEW(net->arena, struct test_fetch_request);
	struct fetch_header added[SIGN_HEADERS_MAX];
	must(r != NULL && net->request_count < REQUESTS_MAX);
	r->method = arena_str(net->arena, req->method);
	r->url = arena_str(net->arena, req->url);
	r->body = req->body != NULL ? arena_str(net->arena, fetch_body_str(req->body)) : STR_NONE;
	r->bytes_max = req->bytes_max;
	r->redirects_max = req->redirects_max;
	r->timeout_ms = req->timeout_ms;
	for (size_t i = 0; i < req->header_count; i++)
		add_header(net, r, &req->headers[i]);
	size_t count =
		req->sign != NULL ? req->sign(req->arg, net->arena, r->method, r->url, added) : 0;
	must(count <= SIGN_HEADERS_MAX);
	for (size_t i = 0; i < count; i++)
		add_header(net, r, &added[i]);
	must(!arena_failed(net->arena));
	net->requests[net->request_count] = r;
	return net->request_count++;
}

static struct answer *answer_find(struct test_fetch *net, struct str url)
{
	for (size_t i = 0; i < net->answer_count; i++) {
		if (str_eq(net->answers[i].url, url))
			return &net->answers[i];
	}
	return NULL;
}

/* Under the lock. */
static struct fetch_result result_for(struct test_fetch *net, size_t n)
{
	const struct test_fetch_request *r = net->requests[n];
	struct fetch_result result = { .rc = RC_OK, .status = 200 };
	if (net->script == NULL || !net->script(net->script_arg, n, r, &result)) {
		struct answer *answer = answer_find(net, r->url);
		if (answer == NULL)
			answer = answer_find(net, STR("*"));
		result = answer != NULL ? answer->result
					: (struct fetch_result){
						  .rc = RC_UNREACHABLE,
						  .reason = STR("not in the test's script"),
					  };
	}
	if (result.url.ptr == NULL)
		result.url = r->url;
	if (result.body.ptr == NULL)
		result.body = STR("");
	if (result.body.len > r->bytes_max)
		result = (struct fetch_result){ .rc = RC_TOO_LARGE,
						.status = result.status,
						.reason = STR("larger than the limit"),
						.url = result.url,
						.body = STR("") };
	return result;
}

static void test_submit(struct fetch *fetch, const struct fetch_request *req)
{
	struct test_fetch *net = net_of(fetch);
	struct fetch_result result = { .rc = RC_OK };
	pthread_mutex_lock(&net->lock);
	size_t n = keep_request(net, req);
	bool hold = net->hold;
	if (hold)
		net->waiting[net->waiting_tail++] = (struct waiting){ n, req->done, req->arg };
	else
		result = result_for(net, n);
	pthread_mutex_unlock(&net->lock);
	if (!hold)
		req->done(req->arg, &result);
}

/* Takes the first that waits; false when none does. */
static bool waiting_next(struct test_fetch *net, struct waiting *out, struct fetch_result *result)
{
	pthread_mutex_lock(&net->lock);
	bool found = net->waiting_head != net->waiting_tail;
	if (found) {
		*out = net->waiting[net->waiting_head++];
		*result = result_for(net, out->n);
	}
	pthread_mutex_unlock(&net->lock);
	return found;
}

size_t test_fetch_run(struct test_fetch *net)
{
	struct waiting next;
	struct fetch_result result;
	size_t count = 0;
	for (; waiting_next(net, &next, &result); count++)
		next.done(next.arg, &result);
	return count;
}

static void test_free(struct fetch *fetch)
{
	struct test_fetch *net = net_of(fetch);
	struct waiting next;
	struct fetch_result result;
	while (waiting_next(net, &next, &result)) {
		result = (struct fetch_result){ .rc = RC_UNREACHABLE,
						.reason = STR("the client is stopping"),
						.url = net->requests[next.n]->url,
						.body = STR("") };
		next.done(next.arg, &result);
	}
}

static const struct fetch_ops test_ops = { test_submit, test_free };

struct test_fetch *test_fetch_new(void)
{
	struct test_fetch *net = calloc(1, sizeof(*net));
	must(net != NULL);
	net->fetch.ops = &test_ops;
	net->arena = arena_new(ARENA_MAX);
	must(net->arena != NULL);
	must(pthread_mutex_init(&net->lock, NULL) == 0);
	return net;
}

void test_fetch_free(struct test_fetch **net)
{
	if (*net == NULL)
		return;
	test_free(&(*net)->fetch);
	pthread_mutex_destroy(&(*net)->lock);
	arena_free(&(*net)->arena);
	free(*net);
	*net = NULL;
}

struct fetch *test_fetch_client(struct test_fetch *net)
{
	return &net->fetch;
}

void test_fetch_answer_full(struct test_fetch *net, const char *url,
			    const struct fetch_result *result)
{
	pthread_mutex_lock(&net->lock);
	struct answer *answer = answer_find(net, str_of(url));
	if (answer == NULL) {
		must(net->answer_count < ANSWERS_MAX);
		answer = &net->answers[net->answer_count++];
		answer->url = arena_str(net->arena, str_of(url));
	}
	answer->result = *result;
	struct str *const texts[] = {
		&answer->result.reason,	  &answer->result.url,	&answer->result.content_type,
		&answer->result.location, &answer->result.body, &answer->result.accept_signature,
		&answer->result.etag
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*texts[i] = arena_str(net->arena, *texts[i]);
	must(!arena_failed(net->arena));
	pthread_mutex_unlock(&net->lock);
}

void test_fetch_answer(struct test_fetch *net, const char *url, unsigned status, const char *type,
		       struct str body)
{
	struct fetch_result result = {
		.rc = RC_OK, .status = status, .content_type = str_of(type), .body = body
	};
	test_fetch_answer_full(net, url, &result);
}

void test_fetch_fail(struct test_fetch *net, const char *url, enum rc rc)
{
	struct fetch_result result = { .rc = rc, .reason = str_of(rc_text(rc)) };
	test_fetch_answer_full(net, url, &result);
}

void test_fetch_script_set(struct test_fetch *net, test_fetch_script *script, void *arg)
{
	pthread_mutex_lock(&net->lock);
	net->script = script;
	net->script_arg = arg;
	pthread_mutex_unlock(&net->lock);
}

void test_fetch_hold(struct test_fetch *net)
{
	pthread_mutex_lock(&net->lock);
	net->hold = true;
	pthread_mutex_unlock(&net->lock);
}

size_t test_fetch_count(struct test_fetch *net)
{
	pthread_mutex_lock(&net->lock);
	size_t count = net->request_count;
	pthread_mutex_unlock(&net->lock);
	return count;
}

const struct test_fetch_request *test_fetch_request(struct test_fetch *net, size_t n)
{
	pthread_mutex_lock(&net->lock);
	must(n < net->request_count);
	const struct test_fetch_request *request = net->requests[n];
	pthread_mutex_unlock(&net->lock);
	return request;
}

size_t test_fetch_count_of(struct test_fetch *net, const char *url)
{
	size_t count = 0;
	pthread_mutex_lock(&net->lock);
	for (size_t i = 0; i < net->request_count; i++)
		count += str_eq(net->requests[i]->url, str_of(url));
	pthread_mutex_unlock(&net->lock);
	return count;
}

struct str test_fetch_header(const struct test_fetch_request *request, const char *name)
{
	for (size_t i = 0; i < request->header_count; i++) {
		if (str_eq_nocase(request->headers[i].name, str_of(name)))
			return request->headers[i].value;
	}
	return STR_NONE;
}
