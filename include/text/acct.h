/* Handles: user@host, @user@host, acct:user@host, or user alone for a local one. */
#ifndef FF_TEXT_ACCT_H
#define FF_TEXT_ACCT_H

#include <stdbool.h>

#include "core/ctx.h"
#include "core/str.h"

struct acct {
	struct str user; /* as written; compare without case */
	struct str host; /* canonical authority; absent for a local one */
};

/* [A-Za-z0-9_.-]{1,64}, neither starting nor ending with a dot (S-037). */
bool acct_user_valid(struct str user);
/* What a person may choose here: [a-z0-9_]{1,30}. */
bool acct_local_user_valid(struct str user);
/* RC_INVALID with the reason in ctx. flags are iri_parse()'s. */
enum rc acct_parse(struct ctx *ctx, struct str text, unsigned flags, struct acct *out) NODISCARD;

#endif
