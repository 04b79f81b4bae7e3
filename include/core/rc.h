/*
 * Results. An enum rc has one value per decision that a caller can take; what a person should read
 * is the detail in struct err, which keeps the first cause.
 */
#ifndef FF_CORE_RC_H
#define FF_CORE_RC_H

#include <stdbool.h>
#include <stddef.h>

#include "core/attr.h"

/* constant, name in logs, what it tells a person */
#define RC_TABLE(X)                                                     \
	X(OK, ok, "ok")                                                 \
	X(NOT_FOUND, not_found, "not found")                            \
	X(EXISTS, exists, "already exists")                             \
	X(INVALID, invalid, "invalid input")                            \
	X(TOO_LARGE, too_large, "larger than the limit")                \
	X(UNSUPPORTED, unsupported, "not supported")                    \
	X(UNAUTHENTICATED, unauthenticated, "not authenticated")        \
	X(DENIED, denied, "not allowed")                                \
	X(BLOCKED, blocked, "blocked by policy")                        \
	X(GONE, gone, "gone for good")                                  \
	X(CONFLICT, conflict, "conflicts with what is stored")          \
	X(BUSY, busy, "busy, try again later")                          \
	X(UNREACHABLE, unreachable, "the other side cannot be reached") \
	X(TIMEOUT, timeout, "took too long")                            \
	X(FULL, full, "storage is full")                                \
	X(NO_MEMORY, no_memory, "out of memory")                        \
	X(CORRUPT, corrupt, "stored data is damaged")                   \
	X(IO, io, "storage failed")

enum rc {
#define X(constant, name, text) RC_##constant,
	RC_TABLE(X)
#undef X
};

/* The name in lower case as it appears in logs and metrics, e.g. "not_found". Never NULL. */
const char *rc_name(enum rc rc);
/* One short English phrase, for people. Never NULL. */
const char *rc_text(enum rc rc);

/* The first cause of a failure and what a person should know about it. Zero means no failure. */
struct err {
	enum rc rc;
	char detail[240];
};

/*
 * Records a failure unless one is recorded already; the first cause wins. err may be NULL.
 * Returns rc, so that a function can end with `return err_set(...)`.
 */
enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* The detail, or the phrase of its rc when there is none. */
const char *err_text(const struct err *err);

#endif
