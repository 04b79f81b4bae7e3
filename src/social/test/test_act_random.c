/* Acts by chance, and at once: whatever people do in whatever order, counts, indexes and audiences
 * stay exact (S-065). */
#include <pthread.h>

#include "core/must.h"
#include "deed.h"
#include "store/tables.h"

#define PEOPLE 8
#define POSTS_MAX 256
#define STEPS 1500
#define CHECK_EVERY 300

/* A generator of its own, so that a failure can be had again. */
struct chance {
	uint64_t state;
};

static unsigned below(struct chance *c, unsigned bound)
{
	c->state = c->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(c->state >> 33) % bound;
}

struct world {
	struct test_store t;
	struct chance chance;
	struct account people[PEOPLE];
	uint64_t posts[POSTS_MAX]; /* some of them gone */
	unsigned post_count;
	unsigned foreign;
	unsigned tally[RC_IO + 1];
};

static void world_init(struct world *w, uint64_t seed)
{
	static const char *const names[PEOPLE] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	test_store_init(&w->t);
	w->chance = (struct chance){ seed };
	for (unsigned i = 0; i < PEOPLE; i++) {
		if (i % 2 == 1)
			w->people[i] = test_store_remote(&w->t, names[i],
							 i < 4 ? "r.example" : "s.example");
		else if (i == 4)
			w->people[i] = test_store_locked(&w->t, names[i]);
		else
			w->people[i] = test_store_local(&w->t, names[i]);
	}
}

static void world_free(struct world *w)
{
	test_store_free(&w->t);
}

static struct account *anybody(struct world *w)
{
	struct account *a = &w->people[below(&w->chance, PEOPLE)];
	*a = test_store_account(&w->t, a->id);
	return a;
}

static uint64_t any_post(struct world *w)
{
	return w->post_count != 0 ? w->posts[below(&w->chance, w->post_count)] : 4711;
}

static enum rc post_job(struct social *s, void *arg)
{
	return act_post(s, arg);
}

static enum rc post(struct world *w, const struct account *author)
{
	struct status_mention mention = { .uri = w->people[below(&w->chance, PEOPLE)].uri,
					  .handle = STR("someone") };
	struct status status = { .account = author->id,
				 .flags = STATUS_LOCAL,
				 .type = STR("Note"),
				 .mentions = &mention,
				 .mention_count = below(&w->chance, 2) };
	enum visibility v = (enum visibility)below(&w->chance, VISIBILITY_LOCAL + 1);
	struct draft draft = { .author = *author,
			       .visibility = v,
			       .parent = below(&w->chance, 3) == 0 ? any_post(w) : 0,
			       .status = status };
	enum rc rc = test_store_try(&w->t, post_job, &draft);
	if (rc == RC_OK && w->post_count < POSTS_MAX)
		w->posts[w->post_count++] = draft.status.id;
	return rc;
}

/* Every third one has come before. */
static enum rc receive(struct world *w, const struct account *author)
{
	unsigned n = below(&w->chance, 3) == 0 ? w->foreign : ++w->foreign;
	struct status status = {
		.visibility = (enum visibility)below(&w->chance, VISIBILITY_LOCAL),
		.type = STR("Note"),
		.uri = arena_printf(w->t.d.arena, "%.*s/n/%u", STR_ARG(author->uri), n),
		.parent_uri = STR(""),
	};
	struct status parent;
	struct db_txn *txn = test_store_read(&w->t);
	if (status_get(txn, w->t.d.arena, any_post(w), &parent))
		status.parent_uri = parent.uri;
	db_read_end(&txn);
	struct deed deed = { .verb = DO_RECEIVE, .actor = author, .changed = &status };
	enum rc rc = deed_do(&w->t, &deed);
	if (rc == RC_OK && w->post_count < POSTS_MAX)
		w->posts[w->post_count++] = status.id;
	return rc;
}

static enum rc boost(struct world *w, const struct account *actor)
{
	uint64_t id = any_post(w);
	struct deed deed = { .verb = DO_BOOST,
			     .actor = actor,
			     .status = id,
			     .visibility = (enum visibility)below(&w->chance, VISIBILITY_LOCAL),
			     .uri = STR("") };
	if (!account_is_local(actor))
		deed.uri = arena_printf(w->t.d.arena, "%.*s/boosts/%llu", STR_ARG(actor->uri),
					(unsigned long long)id);
	enum rc rc = deed_do(&w->t, &deed);
	if (rc == RC_OK && w->post_count < POSTS_MAX)
		w->posts[w->post_count++] = deed.made;
	return rc;
}

static enum rc change(struct world *w, const struct account *actor)
{
	struct status status;
	struct db_txn *txn = test_store_read(&w->t);
	bool found = status_get(txn, w->t.d.arena, any_post(w), &status);
	db_read_end(&txn);
	if (!found)
		return RC_NOT_FOUND;
	struct deed deed = { .verb = DO_EDIT, .actor = actor, .changed = &status };
	status.flags ^= STATUS_SENSITIVE;
	status.edited_ms += below(&w->chance, 2);
	return deed_do(&w->t, &deed);
}

static enum rc step(struct world *w)
{
	static const enum verb verbs[] = { DO_FOLLOW, DO_FOLLOW, DO_UNFOLLOW, DO_ACCEPT, DO_ACCEPT,
					   DO_REJECT, DO_BLOCK,	 DO_UNBLOCK,  DO_UNBLOCK };
	static const enum verb reactions[] = { DO_LIKE, DO_LIKE, DO_UNLIKE, DO_UNBOOST, DO_DELETE };
	const struct account *actor = anybody(w);
	switch (below(&w->chance, 8)) {
	case 0:
	case 1:
		return account_is_local(actor) ? post(w, actor) : receive(w, actor);
	case 2:
		return boost(w, actor);
	case 3:
	case 4:
		return deed_on_status(&w->t, reactions[below(&w->chance, ARRAY_LEN(reactions))],
				      actor, any_post(w));
	case 5:
		return change(w, actor);
	default:
		return deed_on_account(&w->t, verbs[below(&w->chance, ARRAY_LEN(verbs))], actor,
				       anybody(w));
	}
}

/* What one of a few moderators does, once in a while. */
static void moderate(struct world *w)
{
	const struct account *a = anybody(w);
	bool gone = account_is_gone(a);
	enum rc rc = deed_on_status(&w->t, gone ? DO_UNSUSPEND : DO_SUSPEND, a, 0);
	assert_int_equal(rc, RC_OK);
}

static void remove_all(struct world *w)
{
	for (unsigned i = 0; i < PEOPLE; i++) {
		assert_int_equal(deed_on_status(&w->t, DO_REMOVE, &w->people[i], 0), RC_OK);
		test_store_check(&w->t);
		assert_int_equal(deed_on_status(&w->t, DO_REMOVE_FINISH, &w->people[i], 0), RC_OK);
		test_store_check(&w->t);
	}
	assert_int_equal(test_store_rows(&w->t, &store_status), 0);
	assert_int_equal(test_store_rows(&w->t, &store_status_count), 0);
	assert_int_equal(test_store_rows(&w->t, &store_status_by_parent), 0);
	assert_int_equal(test_store_rows(&w->t, &store_like), 0);
	assert_int_equal(test_store_rows(&w->t, &store_boost), 0);
	assert_int_equal(test_store_rows(&w->t, &store_follow), 0);
	assert_int_equal(test_store_rows(&w->t, &store_audience), 0);
	assert_int_equal(test_store_rows(&w->t, &store_block), 0);
	assert_int_equal(test_store_rows(&w->t, &store_notice), 0);
}

static void s065_acts_by_chance_leave_everything_exact(void **state UNUSED)
{
	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct world w CLEANUP(world_free) = { .post_count = 0 };
		world_init(&w, seed);
		for (unsigned i = 1; i <= STEPS; i++) {
			enum rc rc = step(&w);
			w.tally[rc]++;
			assert_true(rc == RC_OK || rc == RC_NOT_FOUND || rc == RC_EXISTS ||
				    rc == RC_DENIED || rc == RC_GONE);
			test_clock_advance(&w.t.d.clock, below(&w.chance, 2));
			if (i % 100 == 0)
				moderate(&w);
			if (i % CHECK_EVERY == 0)
				test_store_check(&w.t);
		}
		/* chance did not always do nothing */
		assert_true(w.tally[RC_OK] > STEPS / 5);
		assert_true(w.tally[RC_EXISTS] != 0 && w.tally[RC_DENIED] != 0);
		remove_all(&w);
	}
}

/* --- at once --- */

#define THREADS 4
#define ROUNDS 25

struct racer {
	struct test_store t; /* the same database, an arena of its own */
	const struct account *fan, *star;
	uint64_t post;
};

/* Ends with a follow and a like. */
static void *race(void *arg)
{
	struct racer *r = arg;
	for (int i = 0; i < ROUNDS; i++) {
		deed_on_account(&r->t, DO_UNFOLLOW, r->fan, r->star);
		deed_on_status(&r->t, DO_UNLIKE, r->fan, r->post);
		deed_on_account(&r->t, DO_FOLLOW, r->fan, r->star);
		deed_on_account(&r->t, DO_FOLLOW, r->fan, r->star);
		deed_on_status(&r->t, DO_LIKE, r->fan, r->post);
		deed_on_status(&r->t, DO_LIKE, r->fan, r->post);
	}
	return NULL;
}

static void s065_parallel_replays_leave_exact_counts(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	struct racer racers[THREADS];
	pthread_t threads[THREADS];
	test_store_init(&t);
	struct account star = test_store_local(&t, "star");
	struct account fan = test_store_remote(&t, "fan", "f.example");
	struct status post = test_store_post(&t, &star, VISIBILITY_PUBLIC, "x", NULL);
	for (unsigned i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){ .t = t, .fan = &fan, .star = &star, .post = post.id };
		racers[i].t.d.arena = arena_new((size_t)16 << 20);
		must(racers[i].t.d.arena != NULL);
		must(pthread_create(&threads[i], NULL, race, &racers[i]) == 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		arena_free(&racers[i].t.d.arena);
	}
	test_store_check(&t);
	/* the last of each racer's words is a yes, and a no that comes between is followed by one */
	assert_int_equal(deed_account_counts(&t, &star).followers, 1);
	assert_int_equal(deed_account_counts(&t, &fan).following, 1);
	assert_int_equal(deed_status_counts(&t, post.id).likes, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s065_acts_by_chance_leave_everything_exact),
		cmocka_unit_test(s065_parallel_replays_leave_exact_counts),
	};
	return cmocka_run_group_tests_name("act_random", tests, NULL, NULL);
}
