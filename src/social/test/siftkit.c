/* The scene of tests of the sieve. The thread of the test. */
#include "siftkit.h"

#include "social/timeline.h"

static enum rc give_role(struct social *s, void *arg)
{
	const struct world *w = arg;
	role_give(s->txn, w->mod.id, ROLE_ADMIN);
	return db_txn_rc(s->txn);
}

void world_init(struct world *w)
{
	*w = (struct world){ .id = 0 };
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->mod = test_store_local(&w->t, "mod");
	w->bob = test_store_remote(&w->t, "bob", "b.example");
	test_store_write(&w->t, give_role, w);
}

void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

/* --- acts --- */

enum rc put_act(struct social *s, void *arg)
{
	struct world *w = arg;
	return sift_rule_put(s, w->moderator, &w->row);
}

enum rc mode_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return sift_rule_mode(s, w->moderator, w->row.id, w->mode);
}

enum rc release_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return held_release(s, w->moderator, w->id, w->seen_ms != 0 ? w->seen_ms : HELD_SEEN_ANY);
}

enum rc refuse_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return held_refuse(s, w->moderator, w->id, HELD_SEEN_ANY);
}

enum rc wave_act(struct social *s, void *arg)
{
	struct world *w = arg;
	return wave_begin(s, w->moderator, &w->wish, &w->id);
}

enum rc undo_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return wave_undo(s, w->moderator, w->id);
}

enum rc step_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	uint64_t due_ms;
	enum rc rc = wave_step(s, w->id, &due_ms);
	return rc == RC_BUSY ? db_txn_rc(s->txn) : rc;
}

enum rc held_act(struct social *s, void *arg)
{
	struct world *w = arg;
	enum rc rc = sifter_held_step(s, &w->settings, &w->after);
	return rc == RC_BUSY ? db_txn_rc(s->txn) : rc;
}

uint64_t rule_add(struct world *w, const char *text, enum sieve_mode mode)
{
	w->row = (struct sieve_row){ .text = str_of(text) };
	test_store_write(&w->t, put_act, w);
	assert_int_equal(w->row.mode, SIEVE_SHADOW);
	w->mode = mode;
	test_store_write(&w->t, mode_act, w);
	return w->row.id;
}

/* --- looking --- */

struct sieve_count today(struct world *w, uint64_t rule)
{
	struct sieve_count count = { 0 };
	struct db_txn *txn = test_store_read(&w->t);
	sieve_count_list(txn, rule, 0, &count, 1);
	db_read_end(&txn);
	return count;
}

bool is_seen(struct world *w, const struct account *by, uint64_t id)
{
	struct db_txn *txn = test_store_read(&w->t);
	struct viewer viewer = { by != NULL ? by->id : 0, by != NULL && account_is_local(by) };
	struct status status;
	struct account author;
	bool seen = status_get(txn, w->t.d.arena, id, &status) &&
		    account_get(txn, w->t.d.arena, status.account, &author) &&
		    may_see(txn, viewer, &status, &author);
	db_read_end(&txn);
	return seen;
}

size_t in_timeline(struct world *w, const struct account *by)
{
	const struct timeline_wish wish = { .of = TIMELINE_OF_ALL };
	const struct id_range range = { .max_id = 0 };
	struct viewer viewer = { by->id, true };
	uint64_t ids[8];
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = timeline_read(txn, w->t.d.arena, viewer, &wish, &range, ids, ARRAY_LEN(ids));
	db_read_end(&txn);
	return n;
}

size_t notices(struct world *w, const struct account *of)
{
	struct notice list[16];
	return test_store_notices(&w->t, of->id, list, ARRAY_LEN(list));
}

size_t held(struct world *w)
{
	uint64_t ids[16];
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = sieve_held(txn, 0, 0, ids, ARRAY_LEN(ids));
	db_read_end(&txn);
	return n;
}

struct sieve_mark mark_of(struct world *w, uint64_t id)
{
	struct sieve_mark mark;
	struct db_txn *txn = test_store_read(&w->t);
	sieve_mark_get(txn, w->t.d.arena, id, &mark);
	db_read_end(&txn);
	return mark;
}

struct status from_bob(struct world *w, const char *text)
{
	return test_store_post(&w->t, &w->bob, VISIBILITY_PUBLIC, text, &w->alice, NULL);
}
