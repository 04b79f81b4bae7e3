/*
 * The reader without memory: whichever allocation fails, a document is whole or there is none. json-c 0.16
 * drops members and cuts strings silently. Memory functions of the C library are replaced here, so
 * sanitizers, which do the same, run only the first case.
 */
#include "json/jr.h"

#include <stdlib.h>

#include "testkit.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || !defined(__GLIBC__)
#define CAN_REPLACE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
	__has_feature(memory_sanitizer)
#define CAN_REPLACE 0
#endif
#endif
#ifndef CAN_REPLACE
#define CAN_REPLACE 1
#endif

static const char text[] =
	"{\"a\":[1,2,3,[4,[5]]],\"a name that is longer than most of them are\":{\"b\":\"\"},"
	"\"content\":\"a text that is longer than the thirty-two bytes that json-c begins with\","
	"\"c\":null,\"d\":true,\"\\u0065\":\"\\ud83d\\ude00\",\"n\":0.5,\"f\":{},\"g\":{},\"h\":{},"
	"\"i\":0,\"j\":0,\"k\":0,\"l\":0,\"m\":0,\"o\":0,\"p\":0,\"q\":0}";

static void check_whole(const struct jr_doc *doc)
{
	struct jr root = jr_root(doc);
	struct jr_iter it = { 0 };
	struct str name;
	struct jr value;
	size_t members = 0;
	while (jr_next(root, &it, &name, &value))
		members++;
	assert_int_equal(members, 18);
	assert_int_equal(jr_count(jr_get(root, "a")), 4);
	assert_int_equal(jr_str(jr_get(root, "content")).len, 71);
	assert_str_eq(jr_str(jr_get(root, "e")), STR("\xf0\x9f\x98\x80"));
}

static void with_memory_the_document_is_whole(void **state UNUSED)
{
	struct ctx ctx = { 0 };
	struct jr_doc *doc;
	assert_int_equal(jr_parse(&ctx, str_of(text), &jr_limits_peer, &doc), RC_OK);
	check_whole(doc);
	jr_free(&doc);
}

#if CAN_REPLACE

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);

/* The allocation that fails; 0 is the next one. */
static size_t fail_after = SIZE_MAX;

static bool fails(void)
{
	return fail_after != SIZE_MAX && fail_after-- == 0;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *ptr, size_t size)
{
	return fails() ? NULL : __libc_realloc(ptr, size);
}

/* json-c 0.16 copies names without a look at the result, which ends the process: not what is tested. */
char *strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = __libc_malloc(size);
	return copy != NULL ? memcpy(copy, s, size) : NULL;
}

static void a_lack_of_memory_never_shortens_a_document(void **state UNUSED)
{
	size_t refused = 0;
	for (size_t n = 0;; n++) {
		struct ctx ctx = { 0 };
		struct jr_doc *doc;
		fail_after = n;
		enum rc rc = jr_parse(&ctx, str_of(text), &jr_limits_peer, &doc);
		bool reached = fail_after == SIZE_MAX;
		fail_after = SIZE_MAX;
		if (rc == RC_OK) {
			check_whole(doc);
			jr_free(&doc);
		} else {
			assert_int_equal(rc, RC_NO_MEMORY);
			assert_null(doc);
			refused++;
		}
		if (!reached)
			break;
	}
	assert_true(refused > 20);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_memory_the_document_is_whole),
#if CAN_REPLACE
		cmocka_unit_test(a_lack_of_memory_never_shortens_a_document),
#endif
	};
	return cmocka_run_group_tests_name("jr_memory", tests, NULL, NULL);
}
