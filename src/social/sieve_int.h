/* What the files of the sieve's language share. */
#ifndef FF_SOCIAL_SIEVE_INT_H
#define FF_SOCIAL_SIEVE_INT_H

#include "core/clock.h"
#include "social/sieve.h"

#define SIEVE_PHRASE_MAX 1000 /* bytes; what is longer is not found */
#define SIEVE_NUMBER_MAX UINT64_C(1000000000)

struct sieve_unit {
	struct str name;
	uint64_t ms;
};
#define SIEVE_UNITS 4
/* From the longest. */
extern const struct sieve_unit sieve_units[SIEVE_UNITS];

/* "<", "is", ...; empty where nothing is compared. */
const char *sieve_compare_name(enum sieve_compare compare);

#endif
