/* How much each client has of something: connections, streams. Its user locks. */
#ifndef FF_HTTPD_TALLY_INT_H
#define FF_HTTPD_TALLY_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "client_int.h"
#include "core/map.h"

struct tally {
	uint64_t per_client;	       /* of one IPv4 address or IPv6 /64; 0: no limit */
	const struct prefixes *exempt; /* proxies: what they have is that of many clients */
	struct map counts;
};

/* May this client have one more? */
bool tally_has_room(const struct tally *tally, const struct address *client);
/* Counts one. False when it is not counted: the client is exempt, or memory is exhausted. */
bool tally_add(struct tally *tally, const struct address *client);
/* Takes one off that was counted. */
void tally_drop(struct tally *tally, const struct address *client);
void tally_free(struct tally *tally);

#endif
