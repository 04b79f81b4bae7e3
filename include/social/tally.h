/*
 * Counting ballots. Pure: whoever has the published ballots counts again and comes to the same.
 *
 * Approval: every option that is marked gets one. Ranked: instant-runoff voting, as elections of a single
 * seat are counted where voters rank (Robert's Rules of Order Newly Revised, 12th edition, 45:62 to
 * 45:69; for several seats the winners are those that are left last): in each round every ballot counts
 * for its first option that is still there; the option with the fewest goes. Of several with the fewest
 * goes the one that had fewer in the nearest earlier round in which they differed; if they never did, the
 * one that stands last among the options. A ballot that has no option left is exhausted.
 */
#ifndef FF_SOCIAL_TALLY_H
#define FF_SOCIAL_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/consultation.h"

struct tally_round {
	uint64_t votes[CONSULTATION_OPTIONS_MAX]; /* of those that are still there */
	uint64_t exhausted;
	unsigned out; /* the option that goes; its number counts from 1; 0: none */
};

struct tally {
	uint64_t papers;
	/* of approval, one round */
	struct tally_round rounds[CONSULTATION_OPTIONS_MAX];
	unsigned round_count;
	bool winner[CONSULTATION_OPTIONS_MAX];
	unsigned winner_count; /* of approval more than seats where the last are equal */
};

/* Choices: options from 1, in the order of preference, of each ballot; what is no option is passed
 * over. */
void tally_count(const struct consultation *consultation, const struct consultation_paper *papers,
		 size_t count, struct tally *out);

#endif
