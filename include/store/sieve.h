/* Rules of the sieve, how often they fitted, and what they made of posts. Inside transactions only. */
#ifndef FF_STORE_SIEVE_H
#define FF_STORE_SIEVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* --- rules --- */

/* The numbers are stored. */
enum sieve_mode {
	SIEVE_OFF,
	SIEVE_SHADOW, /* it is counted what it would do */
	SIEVE_LIVE,
};
/* "off", "shadow", "live". */
const char *sieve_mode_name(enum sieve_mode mode);
bool sieve_mode_parse(struct str name, enum sieve_mode *out) NODISCARD;

struct sieve_row {
	uint64_t id;
	uint32_t position;
	uint32_t revision; /* how often its text was changed */
	enum sieve_mode mode;
	uint8_t action; /* social's enum sieve_action */
	uint64_t created_ms, updated_ms;
	uint64_t by; /* who changed it last; 0: the operator */
	struct str label;
	struct str text;
	struct str program;
};
#define SIEVE_ROWS_MAX 200

/* Strings are copied into arena. */
bool sieve_row_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct sieve_row *out);
/* Adds (id 0) or replaces; returns the id. */
uint64_t sieve_row_put(struct db_txn *txn, const struct sieve_row *row);
/* With its counts. False when there is none. */
bool sieve_row_del(struct db_txn *txn, uint64_t id);
/* By position. Strings are copied. */
size_t sieve_row_list(struct db_txn *txn, struct arena *arena,
		      struct sieve_row out[SIEVE_ROWS_MAX]);
/* Calls each() for every rule that is not off, until it returns false; strings point into the
 * transaction: nothing may be written meanwhile. */
void sieve_row_each(struct db_txn *txn, bool (*each)(void *arg, const struct sieve_row *row),
		    void *arg);

/* --- counts --- */

struct sieve_count {
	uint32_t day;
	uint64_t shadow, live; /* how often it fitted, in either mode */
	uint64_t exhausted;    /* a post was too much work */
};
void sieve_count_add(struct db_txn *txn, uint64_t rule, const struct sieve_count *more);
/* From day `first` on, oldest first. */
size_t sieve_count_list(struct db_txn *txn, uint64_t rule, uint32_t first, struct sieve_count *out,
			size_t count);
#define SIEVE_COUNT_DAYS 92

/* --- posts --- */

/* The numbers are stored. */
enum sieve_state {
	SIEVE_MARKED,	/* taken, with marks */
	SIEVE_WAITING,	/* held */
	SIEVE_RELEASED, /* it was held, and may be seen */
	SIEVE_REFUSED,	/* it was held, and was refused: then there is no post any more */
	SIEVE_ROLLED,	/* it was hidden with a wave */
};

struct sieve_hit {
	uint64_t rule; /* it may be gone by now */
	uint8_t action;
	struct str label;
};
#define SIEVE_HITS_MAX 16

struct sieve_mark {
	uint64_t status;
	enum sieve_state state;
	bool edited;			 /* it had been seen before: an edit made the rules fit */
	bool waited;			 /* it was held when a wave hid it */
	bool taught;			 /* and it was learnt from then */
	uint64_t at_ms;			 /* since when */
	uint64_t changed_ms;		 /* when its author changed what waits */
	uint64_t decided_ms, decided_by; /* ms 0: nobody has, but time; by 0: the operator */
	uint8_t spam, similar;		 /* percent; 255: not asked for */
	struct sieve_hit hits[SIEVE_HITS_MAX];
	unsigned hit_count;
};
#define SIEVE_UNASKED 255

bool sieve_mark_get(struct db_txn *txn, struct arena *arena, uint64_t status,
		    struct sieve_mark *out);
/* Adds or replaces; one that waits is listed by sieve_held(). */
void sieve_mark_put(struct db_txn *txn, const struct sieve_mark *mark);
/* The post is gone. */
void sieve_mark_del(struct db_txn *txn, uint64_t status);
/* Posts that wait, newest first, below max_id (0: from the newest) and above min_id. */
size_t sieve_held(struct db_txn *txn, uint64_t max_id, uint64_t min_id, uint64_t *out,
		  size_t count);
static inline bool sieve_holds_any(struct db_txn *txn)
{
	uint64_t one;
	return sieve_held(txn, 0, 0, &one, 1) != 0;
}
/* Oldest first, after an id. */
size_t sieve_held_after(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);

/* A rule fitted a post, whatever its mode: newest first, below max_id. */
void sieve_fit_add(struct db_txn *txn, uint64_t rule, uint64_t status);
size_t sieve_fits(struct db_txn *txn, uint64_t rule, uint64_t max_id, uint64_t *out, size_t count);
#define SIEVE_FITS_DAYS 31

/* Integrity: what waits and its marks mirror each other. */
void sieve_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		 void *arg);

#endif
