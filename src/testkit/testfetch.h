/*
 * A struct fetch that follows a script: for tests of what stands above the HTTP client. Every
 * request is kept, answers come from a table or a function, at once or when the test says so. No
 * thread, no socket.
 *
 *   struct test_fetch *net = test_fetch_new();
 *   test_fetch_answer(net, "https://a.example/users/a", 200, "application/activity+json",
 * STR("{...}"));
 *   ... something that submits to test_fetch_client(net) ...
 *   assert_int_equal(test_fetch_count(net), 1);
 *   test_fetch_free(&net);
 */
#ifndef FF_TESTKIT_TESTFETCH_H
#define FF_TESTKIT_TESTFETCH_H

#include <stdbool.h>

#include "fetch/fetch.h"

struct test_fetch;

#define TEST_FETCH_HEADERS_MAX 32

/* A request as it was submitted, with what its sign() added. Lives as long as the script. */
struct test_fetch_request {
	struct str method;
	struct str url;
	struct fetch_header headers[TEST_FETCH_HEADERS_MAX];
	size_t header_count;
	struct str body; /* absent without */
	size_t bytes_max;
	unsigned redirects_max;
	uint64_t timeout_ms;
};

struct test_fetch *test_fetch_new(void);
/* What still waits is told RC_UNREACHABLE first, as the real client does. */
void test_fetch_free(struct test_fetch **net);
/* The client to hand out; test_fetch_free() frees it, and fetch_free() may be called before. */
struct fetch *test_fetch_client(struct test_fetch *net);

/*
 * The answer to url from now on; "*" is for every URL without its own. An answer replaces an
 * earlier one for the same URL. Without any, a request is told RC_UNREACHABLE.
 */
void test_fetch_answer(struct test_fetch *net, const char *url, unsigned status, const char *type,
		       struct str body);
/* The same with every field of the result; strings are copied. */
void test_fetch_answer_full(struct test_fetch *net, const char *url,
			    const struct fetch_result *result);
/* There is no status for url, but rc. */
void test_fetch_fail(struct test_fetch *net, const char *url, enum rc rc);
/*
 * Asked before the table: true when it has filled *result, whose strings must live until the next
 * request. n is the number of the request, from 0.
 */
typedef bool test_fetch_script(void *arg, size_t n, const struct test_fetch_request *request,
			       struct fetch_result *result);
void test_fetch_script_set(struct test_fetch *net, test_fetch_script *script, void *arg);

/* From now on requests wait for test_fetch_run() instead of being answered in submit. */
void test_fetch_hold(struct test_fetch *net);
/* Answers what waits, in the order of submission, also what callbacks add; how many it were. */
size_t test_fetch_run(struct test_fetch *net);

/* How many requests were submitted; the nth of them, from 0. */
size_t test_fetch_count(struct test_fetch *net);
const struct test_fetch_request *test_fetch_request(struct test_fetch *net, size_t n);
/* How many of them were for url. */
size_t test_fetch_count_of(struct test_fetch *net, const char *url);
/* The value of a header, whatever its case; absent when there is none. */
struct str test_fetch_header(const struct test_fetch_request *request, const char *name);

#endif
