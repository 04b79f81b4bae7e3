/*
 * Media of local accounts: pictures, films and sounds that were uploaded here, with the files that
 * hold them. A medium is open until a status or an account holds it; nobody's media are swept after
 * a day. Files are named by the digest of what is in them and may be shared: the last medium that
 * goes leaves its files as waste, which module media removes.
 */
#ifndef FF_STORE_MEDIUM_H
#define FF_STORE_MEDIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/str.h"
#include "crypt/digest.h"
#include "db/db.h"

enum medium_state {
	MEDIUM_PROCESSING,
	MEDIUM_READY,
	MEDIUM_FAILED, /* reason says why */
};

enum medium_use {
	MEDIUM_OPEN, /* nobody holds it */
	MEDIUM_POST,
	MEDIUM_AVATAR,
	MEDIUM_HEADER,
	MEDIUM_SCHEDULED, /* a post that is to be written holds it */
	MEDIUM_RESOURCE,  /* what a community shares (store/resource.h) */
	MEDIUM_COPY,	  /* the same, as a partner's node has it: it was not made here */
};

#define MEDIUM_OPEN_MS MS_PER_DAY
#define MEDIUM_DESCRIPTION_CHARS 1500
#define MEDIUM_FOCUS 1000 /* the edge of the picture */

/* One file of a medium; a type that is empty says that there is none. */
struct medium_file {
	struct str type; /* "image/jpeg" */
	struct digest digest;
	uint64_t bytes;
	uint32_t width, height; /* 0 of what has none */
};

struct medium {
	uint64_t id;
	uint64_t owner;
	enum medium_state state;
	enum medium_use use;
	uint64_t holder; /* the status, account or scheduled post; 0 while it is open */
	uint64_t created_ms;
	uint64_t duration_ms; /* of films and sounds */
	struct medium_file file;
	struct medium_file small; /* a picture that stands for it */
	bool has_focus;
	int focus_x, focus_y; /* the point that a cut must show: -1000 to 1000, right and up */
	struct str blurhash;
	struct str description;
	struct str reason;
};

/* Reads and copies into arena. False when there is none, or the transaction or the arena has
 * failed. */
bool medium_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct medium *out);
/* Adds it: sets id and created_ms. False when the transaction has failed. */
bool medium_add(struct db_txn *txn, struct medium *medium);
/* Replaces what is stored under its id, with the indexes. False when there is none. */
bool medium_put(struct db_txn *txn, const struct medium *medium);
/* Removes it; files that nobody else has become waste. False when there is none. */
bool medium_del(struct db_txn *txn, uint64_t id);
/* The media that a status or an account holds, in order of their ids. Fills at most count. */
size_t medium_held_by(struct db_txn *txn, uint64_t holder, uint64_t *out, size_t count);
/* Removes what it holds for that use. */
void medium_del_held(struct db_txn *txn, enum medium_use use, uint64_t holder);
/* Nobody holds any more what it holds for that use. */
void medium_release(struct db_txn *txn, enum medium_use use, uint64_t holder);
/* Open ones in order of their ids after `after`. */
size_t medium_open(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);

/* Does any medium have this file? */
bool medium_file_used(struct db_txn *txn, const struct digest *digest);
/* Is it a copy of a partner's, and nothing that was made here? */
bool medium_file_is_copied(struct db_txn *txn, const struct digest *digest);
/* Waste, in order of digests after `after` (NULL: from the first). */
size_t medium_waste(struct db_txn *txn, const struct digest *after, struct digest *out,
		    size_t count);
/* The file is gone. */
void medium_waste_del(struct db_txn *txn, const struct digest *digest);

/* Integrity: records to indexes and back. Calls bad() for each that disagrees. */
void medium_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
