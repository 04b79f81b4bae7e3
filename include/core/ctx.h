/*
 * struct ctx: what a piece of work carries along: the arena that its results live in, and the first
 * cause when it fails. It is the first argument wherever both are needed.
 */
#ifndef FF_CORE_CTX_H
#define FF_CORE_CTX_H

#include "core/arena.h"
#include "core/rc.h"

struct ctx {
	struct arena *arena;
	struct err err;
};

/* Records the first cause in ctx and returns rc. */
#define ctx_fail(ctx, rc, ...) err_set(&(ctx)->err, (rc), __VA_ARGS__)

#endif
