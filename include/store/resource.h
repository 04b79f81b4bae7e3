/* What a community shares: links and files, each with all its versions. */
#ifndef FF_STORE_RESOURCE_H
#define FF_STORE_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/rc.h"
#include "core/str.h"
#include "db/db.h"
#include "store/page.h"

#define RESOURCE_VERSIONS_MAX 200
/* Where partners revise at once there may be some more (ledger.h). */
#define RESOURCE_VERSIONS_JOINT_MAX 240

struct resource {
	uint64_t id;
	uint64_t community;
	uint64_t by; /* who added it */
	uint64_t created_ms;
	uint32_t versions; /* the newest has this number */
	uint64_t origin;   /* the group elsewhere that shared it first; 0: it is ours */
};

/* Either a link or a medium. */
struct resource_version {
	uint32_t number; /* from 1 */
	uint64_t by;
	uint64_t at_ms;
	uint64_t medium; /* 0: it is a link */
	struct str url;	 /* empty: it is a medium */
	struct str title;
	struct str description;
	struct str note; /* what is new in it */
	uint64_t origin; /* the group elsewhere whose it is; 0: ours */
	struct str uri;	 /* its id on the wire; empty: it has none yet */
};

bool resource_get(struct db_txn *txn, uint64_t id, struct resource *out);
/* Those of a community, the last added first. */
size_t resources_of(struct db_txn *txn, uint64_t community, const struct page *page, uint64_t *out,
		    size_t count);
/* Its id on the wire, when it is a partner's; empty: it is ours. Copied into arena. */
struct str resource_uri(struct db_txn *txn, struct arena *arena, uint64_t id);
/* A new one with its first version: sets resource->id and version->number. id may be given. A partner's
 * has an origin and uri, which is empty otherwise. */
bool resource_add(struct db_txn *txn, struct resource *resource, struct str uri,
		  struct resource_version *version);
/* A further version: sets its number. RC_NOT_FOUND, or RC_TOO_LARGE at RESOURCE_VERSIONS_MAX. */
enum rc resource_revise(struct db_txn *txn, uint64_t id,
			struct resource_version *version) NODISCARD;
/*
 * A version that was made elsewhere, maybe before others that are here: it stands by its time, and by its
 * uri where times are equal, so that it does everywhere. Sets its number; later ones move up. RC_NOT_FOUND,
 * RC_EXISTS (its uri is there), RC_TOO_LARGE at RESOURCE_VERSIONS_JOINT_MAX.
 */
enum rc resource_insert(struct db_txn *txn, uint64_t id,
			struct resource_version *version) NODISCARD;
/* It is known by this id on the wire from now on. */
void resource_version_name(struct db_txn *txn, struct arena *arena, uint64_t id, uint32_t number,
			   struct str uri);
/* Strings are copied into arena. False when there is none. */
bool resource_version_get(struct db_txn *txn, struct arena *arena, uint64_t id, uint32_t number,
			  struct resource_version *out);
/* With all versions and their files. False when there is none. */
bool resource_del(struct db_txn *txn, uint64_t id);
/* At most count resources of a community. Returns how many went. */
size_t resources_clear(struct db_txn *txn, uint64_t community, size_t count);

/* Integrity: resources to communities, versions without gaps, their files held by them. */
void resource_check(struct db_txn *txn, struct arena *arena,
		    void (*bad)(void *arg, struct str what), void *arg);

#endif
