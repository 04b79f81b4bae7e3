/*
 * must(): what our own code promises itself. It stays on in production: a broken promise ends the
 * process at once, before it can write anything wrong. Never use it for what a stranger sent.
 */
#ifndef FF_CORE_MUST_H
#define FF_CORE_MUST_H

#include "core/attr.h"

#define must(cond)                                              \
	do {                                                    \
		if (__builtin_expect(!(cond), 0))               \
			must_failed(#cond, __FILE__, __LINE__); \
	} while (0)

/* Writes the failed condition to standard error and aborts. */
void must_failed(const char *cond, const char *file, int line) NORETURN;

/*
 * A guard that a struct carries where it crosses a void pointer: set at birth, checked on the way
 * back, cleared at death.
 */
#define MAGIC_CHECK(p, value) must((p) != NULL && (p)->magic == (value))

#endif
