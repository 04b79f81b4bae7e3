/*
 * What unit tests share. Only tests link this.
 */
#ifndef FF_TESTKIT_H
#define FF_TESTKIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/clock.h"
#include "core/str.h"

/* A clock that stands still until it is moved; other threads may read it meanwhile. */
struct test_clock {
	struct clock clock;
	_Atomic uint64_t wall_ms;
	_Atomic uint64_t steady_ms;
};

void test_clock_init(struct test_clock *t, uint64_t wall_ms);
void test_clock_advance(struct test_clock *t, uint64_t ms);

/* A new empty folder under TMPDIR; the caller frees the name by test_tmpdir_remove. */
char *test_tmpdir_new(void);
/* Removes the folder with all that is in it, frees the name and clears the pointer. */
void test_tmpdir_remove(char **path);

/* Compares two views and shows both as text when they differ. */
#define assert_str_eq(a, b)                                                                     \
	do {                                                                                    \
		struct str str_a_ = (a), str_b_ = (b);                                          \
		if (!str_eq(str_a_, str_b_))                                                    \
			fail_msg("\"%.*s\" is not \"%.*s\"", STR_ARG(str_a_), STR_ARG(str_b_)); \
	} while (0)

#endif
