/*
 * Who uses the node, once a day and account: for the figures of activity. Any thread; what was noted
 * already costs a look into memory.
 */
#include "presence_int.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/clock.h"
#include "core/must.h"
#include "store/usage.h"

#define SLOTS 65536U /* accounts of a day; who finds no room is noted more than once */

struct presence {
	struct db *db;
	const struct clock *clock;
	pthread_mutex_t lock;
	uint32_t day;
	unsigned writing; /* jobs that are not done */
	pthread_cond_t done;
	uint64_t *slots;
};

struct note {
	struct db_work work;
	struct presence *presence;
	uint64_t account, at_ms;
};

struct presence *presence_new(struct db *db, const struct clock *clock)
{
	struct presence *p = calloc(1, sizeof(*p));
	if (p == NULL)
		return NULL;
	p->db = db;
	p->clock = clock;
	p->slots = calloc(SLOTS, sizeof(p->slots[0]));
	must(pthread_mutex_init(&p->lock, NULL) == 0);
	must(pthread_cond_init(&p->done, NULL) == 0);
	if (p->slots == NULL)
		presence_free(&p);
	return p;
}

void presence_free(struct presence **at)
{
	struct presence *p = *at;
	if (p == NULL)
		return;
	pthread_mutex_lock(&p->lock);
	while (p->writing != 0)
		pthread_cond_wait(&p->done, &p->lock);
	pthread_mutex_unlock(&p->lock);
	pthread_cond_destroy(&p->done);
	pthread_mutex_destroy(&p->lock);
	free(p->slots);
	free(p);
	*at = NULL;
}

static enum rc note_job(struct db_txn *txn, void *arg)
{
	const struct note *note = arg;
	presence_add(txn, note->account, note->at_ms);
	return db_txn_rc(txn);
}

static void note_done(struct db_work *work)
{
	struct note *note = work->arg;
	struct presence *p = note->presence;
	pthread_mutex_lock(&p->lock);
	p->writing--;
	pthread_cond_signal(&p->done);
	pthread_mutex_unlock(&p->lock);
	free(note);
}

/* False when the account was noted today. */
static bool is_new(struct presence *p, uint64_t account, uint64_t now_ms)
{
	size_t at = (account ^ account >> 16) % SLOTS;
	pthread_mutex_lock(&p->lock);
	if (p->day != day_of_ms(now_ms)) {
		memset(p->slots, 0, SLOTS * sizeof(p->slots[0]));
		p->day = day_of_ms(now_ms);
	}
	bool fresh = p->slots[at] != account;
	p->slots[at] = account;
	p->writing += fresh;
	pthread_mutex_unlock(&p->lock);
	return fresh;
}

void presence_note(struct presence *p, uint64_t account)
{
	uint64_t now_ms = clock_wall_ms(p->clock);
	if (account == 0 || !is_new(p, account, now_ms))
		return;
	struct note *note = calloc(1, sizeof(*note));
	must(note != NULL);
	*note = (struct note){ .presence = p, .account = account, .at_ms = now_ms };
	note->work = (struct db_work){ .job = note_job, .done = note_done, .arg = note };
	db_submit(p->db, &note->work);
}
