/*
 * Events as calendars have them (RFC 5545). The clocks of places are read from the system's files: for outside of
 * transactions.
 */
#ifndef FF_SOCIAL_CALENDAR_H
#define FF_SOCIAL_CALENDAR_H

#include "core/buf.h"
#include "core/ctx.h"
#include "store/account.h"
#include "store/status.h"

struct calendar_event {
	const struct status *status;
	const struct account *author;
};

/* A whole calendar; name, which may be empty, is what programs call it. */
void calendar_write(struct ctx *ctx, struct buf *out, struct str name,
		    const struct calendar_event *events, size_t count);

#endif
