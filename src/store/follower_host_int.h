/* The codec of followers by host, shared with its check. None fails the transaction. */
#ifndef FF_STORE_FOLLOWER_HOST_INT_H
#define FF_STORE_FOLLOWER_HOST_INT_H

#include "check_int.h"
#include "db/rec.h"
#include "store/follower_host.h"

#define FOLLOWER_HOST_KEY_LEN (8 + 16 + 8)

struct reckey follower_host_key(uint64_t followee, struct str host, uint64_t follower);
/* host points into value. False when it is damaged. */
bool follower_host_decode(struct str value, struct str *host, struct follower_host *out);

/* What the followers of an account come to, over all hosts: each is mixed with its host, so that
 * one that is counted for another host is found. */
struct follower_host_sum {
	uint64_t count;
	uint64_t lanes[4];
};
void follower_host_sum_add(struct follower_host_sum *sum, const struct digest *d, struct str host);
/* Compares the rows of an account with the sum over its followers. */
void follower_host_check(const struct check *c, uint64_t followee,
			 const struct follower_host_sum *expected);

#endif
