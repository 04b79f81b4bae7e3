/*
 * What the node remembers for one person alone: notes on others, how far they have read, what they
 * prefer, which conversations they do not want to hear of.
 */
#ifndef FF_STORE_PERSONAL_H
#define FF_STORE_PERSONAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"
#include "store/status.h"

/* --- notes on accounts --- */

#define ACCOUNT_NOTE_MAX 2000 /* characters */

/* Copied into arena; empty when there is none. */
struct str account_note_get(struct db_txn *txn, struct arena *arena, uint64_t owner,
			    uint64_t about);
/* An empty text takes the note away. */
void account_note_put(struct db_txn *txn, uint64_t owner, uint64_t about, struct str text);
/* Many at once; out[i] is empty where there is none. */
void account_note_get_many(struct db_txn *txn, struct arena *arena, uint64_t owner,
			   const uint64_t *about, size_t count, struct str *out);
/* All of an account's, at most count. Returns how many. */
size_t account_notes_del(struct db_txn *txn, uint64_t owner, size_t count);

/* --- how far somebody has read --- */

enum marker_of {
	MARKER_HOME,
	MARKER_NOTIFICATIONS,
	MARKERS,
};

struct marker {
	uint64_t last_read;
	uint64_t version; /* how often it was moved; 0: there is none */
	uint64_t updated_ms;
};

void markers_get(struct db_txn *txn, uint64_t account, struct marker out[MARKERS]);
void markers_put(struct db_txn *txn, uint64_t account, const struct marker markers[MARKERS]);

/* --- what somebody prefers --- */

enum expand_media {
	EXPAND_DEFAULT, /* hide what is marked sensitive */
	EXPAND_SHOW_ALL,
	EXPAND_HIDE_ALL,
};

struct preference {
	enum visibility visibility; /* of new posts */
	bool sensitive;
	uint8_t quotes;	     /* who may quote new posts; numbers of module social */
	struct str language; /* of new posts; empty: not said */
	enum expand_media expand_media;
	bool expand_spoilers;
	bool autoplay;
};

/* The defaults when nothing was said; the language is copied into arena. */
void preference_get(struct db_txn *txn, struct arena *arena, uint64_t account,
		    struct preference *out);
void preference_put(struct db_txn *txn, uint64_t account, const struct preference *preference);

/* Markers and preferences of an account that is going. */
void personal_del(struct db_txn *txn, uint64_t account);

/* --- conversations of which somebody does not want to hear --- */

/* False when it was so before, or was not. root is the first post of the thread. */
bool thread_mute_add(struct db_txn *txn, uint64_t root, uint64_t account);
bool thread_mute_del(struct db_txn *txn, uint64_t root, uint64_t account);
bool thread_mute_has(struct db_txn *txn, uint64_t root, uint64_t account);
/* Many at once. */
void thread_mute_has_many(struct db_txn *txn, uint64_t account, const uint64_t *roots, size_t count,
			  bool *out);
/* A thread has become part of another: at most count mutes go along. Returns how many. */
size_t thread_mutes_move(struct db_txn *txn, uint64_t from, uint64_t to, size_t count);

#endif
