/*
 * What the benchmark's database is filled with, through the store's own functions, while no node runs
 * on it.
 *
 *   inbound   people here who follow actors elsewhere, whose keys are known; their signed posts
 *   outbound  followers elsewhere, each with an inbox of its own
 *   large     many remote accounts and statuses
 *   clients   people with tokens, whom they follow, and a million posts
 *   viral     what many hosts say of one post of ours, signed
 *   community  a community with members elsewhere, its threads, comments and votes; signed votes
 */
#ifndef FF_BENCH_SEED_H
#define FF_BENCH_SEED_H

#include <stdio.h>

#include "core/arena.h"
#include "core/ctx.h"
#include "db/db.h"
#include "store/account.h"

struct seed {
	char **argv;
	struct db *db;
	uint64_t now_ms;
	uint64_t app; /* seed_app()'s */
};

/*
 * Runs step(i) for i in [0, count), many in one write. The arena is emptied after each. Ends the
 * process when it fails.
 */
struct seed_steps {
	struct seed *seed;
	void (*step)(struct db_txn *txn, struct arena *arena, uint64_t i, void *arg);
	void *arg;
	uint64_t count;
};
void seed_run(const struct seed_steps *steps);

/* A remote account at an actor's address such as "https://host/users/name". */
struct account seed_remote(struct arena *arena, struct str base, struct str domain, struct str name,
			   uint64_t now_ms);

/* The application that tokens are of; then a token of an account, which is written to a line of file. */
void seed_app(struct seed *seed);
void seed_token(struct db_txn *txn, struct arena *arena, const struct seed *seed, uint64_t account,
		uint64_t number, FILE *file);

void seed_inbound(struct seed *seed);
void seed_outbound(struct seed *seed);
void seed_large(struct seed *seed);
void seed_clients(struct seed *seed);
void seed_viral(struct seed *seed);
void seed_community(struct seed *seed);

#endif
