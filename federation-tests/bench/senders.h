/*
 * Actors elsewhere whose keys are known here, and what they send: signed requests to the shared inbox,
 * written to a file that bench-load sends from.
 */
#ifndef FF_BENCH_SENDERS_H
#define FF_BENCH_SENDERS_H

#include "core/buf.h"
#include "crypt/key.h"
#include "seed.h"

struct sender {
	struct key *key;
	struct account account; /* strings live as long as the program */
};

struct senders {
	struct seed *seed;
	struct str host; /* of the node: what is signed */
	struct arena *arena;
	uint64_t actor_count, host_count;
	uint64_t in_a_row;  /* neighbours that share a host */
	uint64_t key_count; /* pairs that the actors share: making 50,000 of them takes an hour */
	uint64_t
		sink_port; /* not 0: they are on the sink's hosts, each with its number in its inbox */
	/* filled by senders_make() */
	struct key **keys;
	struct sender *all;
};

/* Makes the keys and writes the actors' rows, and the file of public keys that the ceiling reads. */
void senders_make(struct senders *s, const char *keys_path);

/* Which actor sends request i, and its body. Called by several threads at once. */
typedef const struct sender *senders_body(const struct senders *s, uint64_t i, void *arg,
					  struct buf *out);
/* Signs count requests on all cores and writes them. Returns how long the first is. */
size_t senders_write(const struct senders *s, uint64_t count, senders_body *body, void *arg,
		     const char *path);

#endif
