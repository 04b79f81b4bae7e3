/* Comma-separated values (RFC 4180), as other servers write and read them. Pure. */
#ifndef FF_TEXT_CSV_H
#define FF_TEXT_CSV_H

#include <stddef.h>

#include "core/buf.h"
#include "core/ctx.h"
#include "core/str.h"

/* Adds a field, in quotes where it needs some; a comma stands before all but the first of a row. */
void csv_add(struct buf *out, struct str field, bool first);
void csv_end_row(struct buf *out);

/* Starts as { .rest = the text }; a byte order mark in front is passed over. */
struct csv {
	struct str rest;
	unsigned line; /* on which the last row began, from 1 */
	unsigned lines;
};

/*
 * The next row that is not empty: its fields, at most max, in ctx's arena. RC_NOT_FOUND at the end,
 * RC_INVALID with the line when quotes are not closed or something stands behind them, RC_TOO_LARGE
 * when there are more fields, RC_NO_MEMORY.
 */
enum rc csv_row(struct ctx *ctx, struct csv *csv, struct str *fields, size_t max,
		size_t *count) NODISCARD;

#endif
