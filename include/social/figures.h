/* Figures for those who run the node: measures over days, and how many of those who came stay. Reads
 * only; what one question may cost is bounded. */
#ifndef FF_SOCIAL_FIGURES_H
#define FF_SOCIAL_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/ctx.h"
#include "db/db.h"
#include "store/account.h"
#include "store/usage.h"

#define FIGURE_DAYS_MAX 92

struct figure_ask {
	struct str key;	      /* "active_users", "tag_uses", ... */
	uint32_t first, last; /* days since 1970, both included */
	struct str tag;	      /* of the measures of a hashtag: folded */
	struct str domain;    /* of those of a host */
};

struct figure {
	const char *unit;  /* NULL: it is a mere number */
	bool has_previous; /* the same number of days before was counted, too */
	uint64_t total, previous;
	unsigned count; /* of days; 0: it has no days */
	uint64_t days[FIGURE_DAYS_MAX];
};

/* RC_NOT_FOUND: there is no such measure. RC_INVALID: too many days, or in the wrong order. */
enum rc figure_answer(struct ctx *ctx, struct db_txn *txn, const struct figure_ask *ask,
		      struct figure *out) NODISCARD;
/* The name of every measure, by number; NULL behind the last. */
const char *figure_name(size_t i);

#define COHORTS_MAX 31

/* Those who came in one period, and how many of them were here in it and in each one after it. */
struct cohort {
	uint64_t start_ms;
	uint64_t size;
	unsigned count;
	uint64_t starts_ms[COHORTS_MAX];
	uint64_t here[COHORTS_MAX];
};
/* One for each period from the one of first_ms to that of last_ms. Returns how many; 0 when there would
 * be more than COHORTS_MAX. */
size_t cohorts_of(struct db_txn *txn, enum period period, uint64_t first_ms, uint64_t last_ms,
		  struct cohort out[COHORTS_MAX]);

#endif
