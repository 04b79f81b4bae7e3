/* Decisions on redirects (S-033), without any I/O. */
#ifndef FF_FETCH_REDIRECT_H
#define FF_FETCH_REDIRECT_H

#include <stdbool.h>

#include "text/iri.h"

/* More than this no setting asks for. */
#define REDIRECTS_MAX 10

/* Where a request has been: canonical URLs without fragments, the last one answered just now. */
struct redirect_chain {
	struct str urls[REDIRECTS_MAX + 1];
	size_t count;
};

/* Does the status ask a GET to go on to Location? 301, 302, 303, 307, 308. */
bool redirect_status(unsigned status);

/* reference seen from base, an absolute URL; RFC 3986 section 5.2. Absent when the arena has
 * failed. */
struct str redirect_resolve(struct arena *arena, struct str base, struct str reference);

/*
 * Where to go on to, given the Location of the last answer. RC_INVALID with the reason: max hops
 * are used up, not a URL that may be fetched, from https to another scheme, been there already. The
 * result is canonical; its document is added to the chain.
 */
enum rc redirect_plan(struct ctx *ctx, struct redirect_chain *chain, struct str location,
		      unsigned max, unsigned iri_flags, struct iri *next) NODISCARD;

#endif
