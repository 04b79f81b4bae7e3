/*
 * The networks that are kept out, sorted in memory. Readers share a lock; whoever reloads reads the
 * rows first, one at a time, so that the last one to read is the last one to be heard.
 */
#include <pthread.h>
#include <stdlib.h>

#include "bar_int.h"
#include "social/bar.h"

#define CHUNK 200
#define ARENA_MAX ((size_t)4 << 20)
#define NETWORKS_MAX 100000 /* beyond that the oldest are left out */
#define LENGTHS_MAX (33 + 129)

struct entry {
	struct network network;
	enum barred barred;
	uint64_t expires_ms; /* 0: never */
};

struct list {
	struct entry *entries; /* by family, length and address */
	size_t count, room;
	/* where the entries of each family and length begin, and the end of the last */
	size_t begins[LENGTHS_MAX + 1];
	size_t length_count;
};

struct bars {
	struct db *db;
	const struct clock *clock;
	pthread_mutex_t reading; /* one reads rows at a time */
	pthread_rwlock_t lock;	 /* of list */
	struct list list;
};

/* --- the list --- */

static int compare(const void *a, const void *b)
{
	const struct network *x = &((const struct entry *)a)->network;
	const struct network *y = &((const struct entry *)b)->network;
	if (x->v6 != y->v6)
		return x->v6 ? 1 : -1;
	if (x->bits != y->bits)
		return x->bits > y->bits ? 1 : -1;
	return memcmp(x->bytes, y->bytes, sizeof(x->bytes));
}

static bool list_add(struct list *l, const struct bar *bar)
{
	struct entry e = { .barred = (enum barred)((unsigned)bar->severity + BARRED_APPROVAL),
			   .expires_ms = bar->expires_ms };
	if (!network_read(bar->value, &e.network))
		return true; /* it is no network, and keeps nobody out */
	if (l->count == l->room) {
		size_t room = l->room != 0 ? 2 * l->room : CHUNK;
		struct entry *more = reallocarray(l->entries, room, sizeof(*more));
		if (more == NULL)
			return false;
		l->entries = more;
		l->room = room;
	}
	l->entries[l->count++] = e;
	return true;
}

static void list_sort(struct list *l)
{
	if (l->count != 0)
		qsort(l->entries, l->count, sizeof(l->entries[0]), compare);
	for (size_t i = 0; i < l->count; i++) {
		const struct network *n = &l->entries[i].network;
		const struct network *before = i != 0 ? &l->entries[i - 1].network : NULL;
		if (before == NULL || before->v6 != n->v6 || before->bits != n->bits)
			l->begins[l->length_count++] = i;
	}
	l->begins[l->length_count] = l->count;
}

static enum barred list_find(const struct list *l, const struct network *address, uint64_t now_ms)
{
	enum barred most = BARRED_NOT;
	for (size_t i = 0; i < l->length_count; i++) {
		const struct entry *first = &l->entries[l->begins[i]];
		if (first->network.v6 != address->v6)
			continue;
		struct entry wanted = { .network = *address };
		network_clear(&wanted.network, first->network.bits);
		const struct entry *found = bsearch(&wanted, first, l->begins[i + 1] - l->begins[i],
						    sizeof(*first), compare);
		if (found != NULL && found->barred > most &&
		    (found->expires_ms == 0 || found->expires_ms > now_ms))
			most = found->barred;
	}
	return most;
}

/* --- reading --- */

static enum rc list_read(struct bars *bars, struct list *out)
{
	struct arena *arena = arena_new(ARENA_MAX);
	struct bar *rows = calloc(CHUNK, sizeof(*rows));
	struct db_txn *txn = NULL;
	enum rc rc = arena != NULL && rows != NULL ? db_read_begin(bars->db, &txn) : RC_NO_MEMORY;
	uint64_t max_id = 0;
	for (size_t n = CHUNK; rc == RC_OK && n == CHUNK && out->count < NETWORKS_MAX;) {
		arena_reset(arena);
		n = bar_list(txn, arena, BAR_IP, max_id, 0, rows, CHUNK);
		for (size_t i = 0; i < n && rc == RC_OK; i++)
			rc = list_add(out, &rows[i]) ? RC_OK : RC_NO_MEMORY;
		if (n != 0)
			max_id = rows[n - 1].id;
	}
	if (rc == RC_OK)
		rc = db_txn_rc(txn);
	if (txn != NULL)
		db_read_end(&txn);
	free(rows);
	arena_free(&arena);
	list_sort(out);
	return rc;
}

static enum rc reload(struct bars *bars)
{
	struct list fresh = { .count = 0 }, old;
	pthread_mutex_lock(&bars->reading);
	enum rc rc = list_read(bars, &fresh);
	old = fresh;
	if (rc == RC_OK) {
		must(pthread_rwlock_wrlock(&bars->lock) == 0);
		old = bars->list;
		bars->list = fresh;
		pthread_rwlock_unlock(&bars->lock);
	}
	pthread_mutex_unlock(&bars->reading);
	free(old.entries);
	return rc;
}

void bars_reload(struct bars *bars)
{
	(void)!reload(bars);
}

enum rc bars_new(struct db *db, const struct clock *clock, struct bars **out)
{
	struct bars *bars = calloc(1, sizeof(*bars));
	*out = NULL;
	if (bars == NULL)
		return RC_NO_MEMORY;
	bars->db = db;
	bars->clock = clock;
	must(pthread_mutex_init(&bars->reading, NULL) == 0);
	must(pthread_rwlock_init(&bars->lock, NULL) == 0);
	enum rc rc = reload(bars);
	if (rc == RC_OK)
		*out = bars;
	else
		bars_free(&bars);
	return rc;
}

void bars_free(struct bars **at)
{
	if (*at == NULL)
		return;
	pthread_mutex_destroy(&(*at)->reading);
	pthread_rwlock_destroy(&(*at)->lock);
	free((*at)->list.entries);
	free(*at);
	*at = NULL;
}

enum barred barred_client(struct bars *bars, struct str client)
{
	enum barred barred = BARRED_NOT;
	struct network address;
	if (bars == NULL)
		return BARRED_NOT;
	must(pthread_rwlock_rdlock(&bars->lock) == 0);
	if (bars->list.count != 0 && network_read(client, &address))
		barred = list_find(&bars->list, &address, clock_wall_ms(bars->clock));
	pthread_rwlock_unlock(&bars->lock);
	return barred;
}
