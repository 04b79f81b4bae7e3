/* Followers synchronisation (FEP-8fcf): the header, what is served, what follows from a difference.
 */
#ifndef FF_FED_SYNC_INT_H
#define FF_FED_SYNC_INT_H

#include "fed_int.h"
#include "store/follower_host.h"

#define SYNC_HEADER "Collection-Synchronization"

/* --- sync_header.c: pure --- */

struct sync_header {
	struct str collection; /* ids are canonical */
	struct str url;
	struct digest digest;
};

/* False when a part is missing, twice or malformed; unknown parts are passed over. */
bool sync_header_parse(const struct ap_reader *reader, struct str value, struct sync_header *out);
struct str sync_header_make(struct arena *arena, const struct sync_header *header);

/* --- sync_send.c --- */

/*
 * What a delivery of this account to this host says of its followers there; absent when there is
 * nothing to say. Reads one small row.
 */
struct str sync_header_for(struct fed *fed, struct arena *arena, uint64_t account, struct str host);

/* --- sync_receive.c --- */

/* Looks at the header of a verified delivery; where it differs from what is known here, a job
 * follows. */
void sync_notice(struct fed *fed, struct httpd_request *req, const struct auth *auth);

#endif
