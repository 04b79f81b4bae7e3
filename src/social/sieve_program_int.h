/*
 * A rule's program: a version, then instructions. There is one value, true or false, which a test
 * sets; a jump skips as many bytes as it says, or none.
 */
#ifndef FF_SOCIAL_SIEVE_PROGRAM_INT_H
#define FF_SOCIAL_SIEVE_PROGRAM_INT_H

#define SIEVE_PROGRAM_VERSION 1

enum sieve_op {
	SIEVE_OP_TEST = 1, /* field, how it is compared, number, how many texts, the texts */
	SIEVE_OP_NOT = 2,
	SIEVE_OP_UNLESS = 3, /* the distance that is skipped when the value is false */
	SIEVE_OP_IF = 4,     /* the same when it is true */
};

#endif
