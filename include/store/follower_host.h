/*
 * Followers by the host they are on: what FEP-8fcf compares. Kept with every accepted follow
 * between this node and another one, so that a delivery reads one small row and walks nothing.
 */
#ifndef FF_STORE_FOLLOWER_HOST_H
#define FF_STORE_FOLLOWER_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"
#include "store/account.h"

/* The followers of an account that are on one host. */
struct follower_host {
	uint64_t count;
	struct digest digest; /* the XOR of the SHA-256 digests of their ids */
};

/* host is the domain of their accounts: a canonical authority, empty for our own people. All zero
 * when there are none. */
struct follower_host follower_host_get(struct db_txn *txn, uint64_t followee, struct str host);
/* Their ids in order, after `after`. Returns how many. */
size_t follower_host_list(struct db_txn *txn, uint64_t followee, struct str host, uint64_t after,
			  uint64_t *out, size_t count);
/* An accepted follow begins (1) or ends (-1); for follow.c. */
void follower_host_change(struct db_txn *txn, const struct account *follower,
			  const struct account *followee, int by);
/* Adds a digest to the sum, or takes it away: both are the same. */
void follower_digest_add(struct digest *sum, struct str uri);

/* Makes all rows anew when there are none, for databases that are older than this table. A write
 * job. */
enum rc follower_host_ensure(struct db_txn *txn, void *arg);

#endif
