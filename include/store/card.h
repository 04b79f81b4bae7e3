/*
 * What web pages that posts link to say of themselves: read once, kept for a while, the same for
 * everybody who links there.
 */
#ifndef FF_STORE_CARD_H
#define FF_STORE_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/str.h"
#include "db/db.h"

#define CARD_KEEP_MS (90 * MS_PER_DAY) /* after they were read */

struct card {
	uint64_t id; /* made of the url */
	struct str url;
	bool shown; /* there is something to show; else it was tried in vain */
	uint64_t fetched_ms;
	struct str title;
	struct str description;
	struct str site_name;
	struct str author;
	struct str creator; /* "user@host"; empty: unsaid */
	struct str image;   /* an address elsewhere */
	struct str image_alt;
	uint32_t width, height;
	struct str language;
	uint64_t published_ms;
};

/* The number that stands for a url. */
uint64_t card_id(struct str url);
/* Copied into arena. False when there is none. */
bool card_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct card *out);
/* Of these urls, absent ones (length 0) among them: out[i].id is 0 where there is none. One read. */
bool card_get_many(struct db_txn *txn, struct arena *arena, const struct str *urls, size_t count,
		   struct card *out);
/* Adds or replaces; id is made of the url. */
void card_put(struct db_txn *txn, const struct card *card);
/* Integrity: each is readable and stands under its url's number. */
void card_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		void *arg);

#endif
