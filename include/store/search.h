/*
 * The inverted index of statuses, and the names of accounts. Nothing of it is written together with
 * what it indexes: a status or account is taken up later, in batches, by whoever asks what comes
 * behind a mark; what changes or goes after that is noted as stale in its own write.
 *
 *   doc      a status as the index knows it: its words in order, its features
 *   feature  a term that is no word: begins with SEARCH_FEATURE
 *   posting  the ids of the statuses of a term, in blocks of SEARCH_BLOCK_MAX
 *   person   an account as the index knows it: the words and starts that it is found by
 */
#ifndef FF_STORE_SEARCH_H
#define FF_STORE_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "db/rec.h"

#define SEARCH_TERM_MAX 48 /* bytes; there is no NUL in a term */
#define SEARCH_FEATURE '\1'
#define SEARCH_BLOCK_MAX 128
#define SEARCH_DOC_WORDS_MAX 4000
#define SEARCH_DOC_FEATURES_MAX 400

struct search_doc {
	uint64_t id;
	struct str *words; /* an empty one parts what is no phrase together */
	size_t word_count;
	struct str *features;
	size_t feature_count;
};

/* How far statuses and accounts have been taken up; the numbers are stored. */
enum search_what {
	SEARCH_STATUS = 1,
	SEARCH_ACCOUNT = 2,
	SEARCH_TREND = 3, /* statuses once more, for what trends; stale ones were liked */
};

/* The last id that was taken up; 0: none. */
uint64_t search_mark(struct db_txn *txn, enum search_what what);
void search_mark_set(struct db_txn *txn, enum search_what what, uint64_t id);

/* It has changed or is gone. Noted of what was not taken up, too: it may be being read. */
void search_touch(struct db_txn *txn, enum search_what what, uint64_t id);
struct search_stale {
	uint64_t id;
	uint64_t stamp; /* of its last change */
};
/* Stale ones in order of their ids. */
size_t search_stale(struct db_txn *txn, enum search_what what, struct search_stale *out,
		    size_t count);
/* It was taken up as it was at this stamp: stale no longer, unless it has changed since. */
void search_fresh(struct db_txn *txn, enum search_what what, const struct search_stale *stale);

/* Takes statuses up, in order of their ids, all of them behind those that are there. */
void search_add(struct db_txn *txn, struct arena *arena, const struct search_doc *docs,
		size_t count);
/* Takes one up again; without words and features it is forgotten. */
void search_replace(struct db_txn *txn, struct arena *arena, const struct search_doc *doc);
/* Copies into arena. False when it was not taken up. */
bool search_doc_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct search_doc *out);

/* A walk over the statuses of a term, newest first. Lives on the stack, holds nothing. */
struct search_walk {
	struct db_txn *txn;
	struct reckey prefix;
	uint64_t ids[SEARCH_BLOCK_MAX]; /* the block it stands in */
	size_t count;
	unsigned blocks; /* read so far */
};
void search_walk_open(struct search_walk *walk, struct db_txn *txn, struct str term);
/* The greatest id of at most max, which never rises from call to call; 0 when there is none. */
uint64_t search_walk_seek(struct search_walk *walk, uint64_t max);

/* --- accounts --- */

#define SEARCH_NAMES_MAX 32

/* Replaces what the account is found by; no names: it is found by none. */
void search_person_put(struct db_txn *txn, struct arena *arena, uint64_t account,
		       const struct str *names, size_t count);
/* Of an account that is not there any more. */
void search_person_del(struct db_txn *txn, struct arena *arena, uint64_t account);
/* Accounts with a name that begins with prefix, at most count, each perhaps several times. */
size_t search_people(struct db_txn *txn, struct str prefix, uint64_t *out, size_t count);

/* Integrity: docs and postings say the same, and so do people and their names. */
void search_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
