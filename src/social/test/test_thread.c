/* Replies that come in any order make one thread; participants are told; what is missing is asked
 * for once. */
#include "social/thread.h"

#include <stdio.h>

#include "core/must.h"
#include "deed.h"
#include "social/see.h"
#include "store/hint.h"
#include "store/tables.h"
#include "store/thread.h"
#include "store/uri.h"

#define NOTE "https://b.example/notes/"
#define MINUTE MS_PER_MINUTE

struct world {
	struct test_store t;
	struct account alice, bob;
};

static void world_init(struct world *w)
{
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->bob = test_store_remote(&w->t, "bob", "b.example");
}

static void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

struct receiving {
	const struct account *author;
	struct status status;
	bool climb;
};

static enum rc receive_job(struct social *s, void *arg)
{
	struct receiving *r = arg;
	struct account author;
	must(account_get(s->txn, s->ctx->arena, r->author->id, &author));
	enum rc rc = act_receive_post(s, &author, &r->status);
	if (rc == RC_OK && r->climb)
		thread_climb(s, &r->status);
	return rc;
}

/* Note n of somebody, in reply to an id or nothing. */
static struct status receive_of(struct world *w, const struct account *author, unsigned n,
				struct str parent)
{
	struct receiving r = { .author = author };
	r.status = (struct status){
		.visibility = VISIBILITY_PUBLIC,
		.created_ms = TEST_DB_WALL_MS - 1000 + n,
		.uri = arena_printf(w->t.d.arena, NOTE "%u", n),
		.url = STR(""),
		.type = STR("Note"),
		.title = STR(""),
		.spoiler = STR(""),
		.language = STR(""),
		.source = STR(""),
		.parent_uri = parent,
		.content = html_trusted(STR("<p>x</p>")),
	};
	test_store_write(&w->t, receive_job, &r);
	return r.status;
}

static struct status receive(struct world *w, unsigned n, unsigned parent)
{
	return receive_of(w, &w->bob, n,
			  parent != 0 ? arena_printf(w->t.d.arena, NOTE "%u", parent) : STR(""));
}

/* --- jobs of threads --- */

struct tasks {
	uint64_t ids[64];
	struct thread_task task[64];
	uint8_t kinds[64];
	size_t count;
};

static bool keep_task(void *arg, const struct queue_job_view *job)
{
	struct tasks *tasks = arg;
	must(tasks->count < ARRAY_LEN(tasks->ids));
	tasks->kinds[tasks->count] = job->kind;
	if (job->kind == JOB_THREAD)
		must(thread_task_decode(job->payload, &tasks->task[tasks->count]));
	tasks->ids[tasks->count++] = job->id;
	return true;
}

static struct tasks tasks_of(struct world *w)
{
	struct tasks tasks = { .count = 0 };
	struct db_txn *txn = test_store_read(&w->t);
	queue_each_job(txn, false, STR(""), 0, keep_task, &tasks);
	db_read_end(&txn);
	return tasks;
}

static size_t count_of(struct world *w, enum job_kind kind)
{
	struct tasks tasks = tasks_of(w);
	size_t n = 0;
	for (size_t i = 0; i < tasks.count; i++)
		n += tasks.kinds[i] == kind;
	return n;
}

struct step {
	struct thread_task task;
	bool more;
};

static enum rc step_job(struct social *s, void *arg)
{
	struct step *step = arg;
	step->more = thread_task_step(s, &step->task);
	return db_txn_rc(s->txn);
}

static enum rc drop_job(struct social *s, void *arg)
{
	queue_drop_job(s->txn, *(uint64_t *)arg, STR("run by the test"));
	return RC_OK;
}

/* Runs what jobs of threads there are to their end; how many steps it took. */
static unsigned run_tasks(struct world *w)
{
	unsigned steps = 0;
	struct tasks tasks;
	while ((tasks = tasks_of(w)).count != 0) {
		for (size_t i = 0; i < tasks.count; i++) {
			struct step step = { .task = tasks.task[i], .more = true };
			while (tasks.kinds[i] == JOB_THREAD && step.more) {
				test_store_write(&w->t, step_job, &step);
				assert_true(++steps < 2000);
			}
			test_store_write(&w->t, drop_job, &tasks.ids[i]);
		}
	}
	return steps;
}

/* --- order --- */

static void in_any_order_it_is_the_same_thread(void **state UNUSED)
{
	/* 1 <- 2 <- 3, 1 <- 4: every order of four */
	static const unsigned parents[] = { 0, 0, 1, 2, 1 };
	for (unsigned order = 0; order < 256; order++) {
		unsigned at[4], seen = 0;
		for (unsigned i = 0; i < 4; i++) {
			at[i] = (order >> (2 * i) & 3) + 1;
			seen |= 1U << at[i];
		}
		if (seen != 30)
			continue;
		struct world w CLEANUP(world_free);
		struct status all[5];
		world_init(&w);
		for (unsigned i = 0; i < 4; i++)
			all[at[i]] = receive(&w, at[i], parents[at[i]]);
		run_tasks(&w);
		for (unsigned n = 1; n < 5; n++) {
			struct status s = test_store_status(&w.t, all[n].id);
			assert_true(s.root == all[1].id);
			assert_true(s.parent == (parents[n] != 0 ? all[parents[n]].id : 0));
			assert_true(s.parent_account == (n != 1 ? w.bob.id : 0));
		}
		assert_int_equal(deed_status_counts(&w.t, all[1].id).replies, 2);
		assert_int_equal(deed_status_counts(&w.t, all[2].id).replies, 1);
		assert_int_equal(test_store_rows(&w.t, &store_waiting), 0);
		assert_int_equal(test_store_rows(&w.t, &store_thread), 3);
	}
}

static void s055_a_long_chain_that_comes_backwards_joins_in_bounded_steps(void **state UNUSED)
{
	const unsigned length = 300;
	struct world w CLEANUP(world_free);
	struct status first = { 0 }, last = { 0 };
	world_init(&w);
	for (unsigned n = length; n >= 1; n--) {
		first = receive(&w, n, n - 1);
		if (n == length)
			last = first;
		if (n % 40 == 0)
			run_tasks(&w);
	}
	run_tasks(&w);
	assert_true(test_store_status(&w.t, last.id).root == first.id);
	assert_int_equal(test_store_rows(&w.t, &store_thread), length - 1);
}

static void many_that_wait_for_one_join_step_by_step(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (unsigned n = 2; n < 52; n++)
		receive(&w, n, 1);
	struct status first = receive(&w, 1, 0);
	assert_true(deed_status_counts(&w.t, first.id).replies < 50);
	assert_int_equal(count_of(&w, JOB_THREAD), 1);
	run_tasks(&w);
	assert_int_equal(deed_status_counts(&w.t, first.id).replies, 50);
}

static void s055_replies_in_a_circle_and_to_themselves_end(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status self = receive(&w, 9, 9);
	assert_true(self.parent == 0 && self.parent_uri.len == 0);
	struct status a = receive(&w, 1, 2);
	struct status b = receive(&w, 2, 3);
	struct status c = receive(&w, 3, 1);
	run_tasks(&w);
	/* who came last is nobody's ancestor and his own */
	a = test_store_status(&w.t, a.id);
	b = test_store_status(&w.t, b.id);
	c = test_store_status(&w.t, c.id);
	assert_int_equal((a.parent == 0) + (b.parent == 0) + (c.parent == 0), 1);
	assert_true(a.root == b.root && b.root == c.root);
	assert_int_equal(test_store_rows(&w.t, &store_waiting), 0);
}

static void what_names_an_address_of_ours_waits_for_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	receive_of(&w, &w.bob, 1, STR("https://social.example.org/users/alice/statuses/77"));
	assert_int_equal(test_store_rows(&w.t, &store_waiting), 0);
}

static void what_was_deleted_meanwhile_joins_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status child = receive(&w, 2, 1);
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.bob, child.id), RC_OK);
	struct status parent = receive(&w, 1, 0);
	run_tasks(&w);
	assert_int_equal(deed_status_counts(&w.t, parent.id).replies, 0);
}

/* --- conversations --- */

static void our_first_posts_have_a_context_and_our_replies_take_theirs(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct arena *arena = w.t.d.arena;
	struct status post = test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "hello", NULL);
	struct str own = arena_join(arena, post.uri, STR("/context"));
	assert_str_eq(thread_context(arena, &post), own);
	struct status reply = test_store_reply(&w.t, &w.alice, &post, "again");
	assert_str_eq(thread_context(arena, &reply), own);
	struct status local = test_store_post(&w.t, &w.alice, VISIBILITY_LOCAL, "here", NULL);
	assert_int_equal(thread_context(arena, &local).len, 0);
	/* a peer's is copied, and remembered */
	struct receiving r = { .author = &w.bob };
	r.status = receive(&w, 1, 0);
	assert_int_equal(thread_context(arena, &r.status).len, 0);
	r.status.uri = STR(NOTE "2");
	r.status.context = STR("https://b.example/contexts/2");
	test_store_write(&w.t, receive_job, &r);
	reply = test_store_reply(&w.t, &w.alice, &r.status, "indeed");
	assert_str_eq(reply.context, STR("https://b.example/contexts/2"));
	struct db_txn *txn = test_store_read(&w.t);
	assert_int_equal(uri_find(txn, reply.context).kind, URI_CONTEXT);
	db_read_end(&txn);
	test_store_forget_jobs(&w.t);
}

static void those_who_take_part_are_told_of_replies(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct federate told[DEED_JOBS_MAX];
	world_init(&w);
	struct account carol = test_store_remote(&w.t, "carol", "c.example");
	struct account dave = test_store_remote(&w.t, "dave", "d.example");
	struct status post = test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "hello", NULL);
	test_store_forget_jobs(&w.t);
	receive_of(&w, &w.bob, 1, post.uri);
	deed_told_nobody(&w.t); /* nobody else is there yet */
	receive_of(&w, &carol, 2, post.uri);
	struct federate f = deed_told(&w.t, FEDERATE_CONTEXT_ADD);
	assert_true(f.actor == w.alice.id && f.extra_count == 1 && f.extra[0] == w.bob.id);
	assert_str_eq(f.object, arena_join(w.t.d.arena, post.uri, STR("/context")));
	/* whom the reply answers hears it from its author */
	receive_of(&w, &dave, 3, STR(NOTE "2"));
	f = deed_told(&w.t, FEDERATE_CONTEXT_ADD);
	assert_true(f.extra_count == 1 && f.extra[0] == w.bob.id);
	/* whom the owner blocks is not passed on, nor told */
	assert_int_equal(deed_on_account(&w.t, DO_BLOCK, &w.alice, &dave), RC_OK);
	test_store_forget_jobs(&w.t);
	receive_of(&w, &dave, 4, STR(NOTE "2"));
	deed_told_nobody(&w.t);
	/* what is said among few is theirs */
	struct receiving r = { .author = &w.bob };
	r.status = receive_of(&w, &w.bob, 5, post.uri);
	assert_int_equal(test_store_jobs(&w.t, told, DEED_JOBS_MAX), 1);
	assert_true(told[0].extra_count == 1 && told[0].extra[0] == carol.id);
	test_store_forget_jobs(&w.t);
	r.status.uri = STR(NOTE "6");
	r.status.visibility = VISIBILITY_FOLLOWERS;
	test_store_write(&w.t, receive_job, &r);
	deed_told_nobody(&w.t);
}

struct removal {
	const struct account *actor;
	uint64_t status;
};

static enum rc remove_job(struct social *s, void *arg)
{
	const struct removal *r = arg;
	return thread_remove(s, r->actor, STR(""), r->status);
}

static enum rc take_out(struct world *w, const struct account *actor, uint64_t status)
{
	return test_store_try(&w->t, remove_job, &(struct removal){ actor, status });
}

static void who_began_a_conversation_takes_replies_out_and_tells(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct account carol = test_store_remote(&w.t, "carol", "c.example");
	struct account dave = test_store_local(&w.t, "dave");
	struct status post = test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "hello", NULL);
	struct status one = receive_of(&w, &carol, 1, post.uri);
	struct status two = receive_of(&w, &w.bob, 2, post.uri);
	struct status three = receive_of(&w, &carol, 3, two.uri);
	test_store_forget_jobs(&w.t);
	assert_int_equal(take_out(&w, &dave, two.id), RC_DENIED);
	assert_int_equal(take_out(&w, &w.alice, post.id), RC_NOT_FOUND);
	deed_told_nobody(&w.t);
	assert_int_equal(take_out(&w, &w.alice, two.id), RC_OK);
	struct federate f = deed_told(&w.t, FEDERATE_CONTEXT_REMOVE);
	assert_int_equal(f.extra_count, 2); /* carol, who takes part, and bob, whose it is */
	assert_str_eq(f.object, arena_join(w.t.d.arena, post.uri, STR("/context")));
	two = test_store_status(&w.t, two.id);
	assert_true(two.parent == 0 && two.root == two.id);
	assert_int_equal(deed_status_counts(&w.t, post.id).replies, 1);
	/* what answers it stays */
	assert_int_equal(test_store_status(&w.t, three.id).root, post.id);
	assert_int_equal(test_store_status(&w.t, one.id).parent, post.id);
	assert_int_equal(take_out(&w, &w.alice, two.id), RC_NOT_FOUND);
	/* its end is no trouble */
	assert_int_equal(deed_on_status(&w.t, DO_DELETE, &w.bob, two.id), RC_OK);
}

static void in_a_long_thread_nobody_is_told_any_more(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct account carol = test_store_remote(&w.t, "carol", "c.example");
	struct status post = test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "hello", NULL);
	receive_of(&w, &carol, 1, post.uri);
	for (unsigned n = 2; n < 140; n++) {
		test_store_forget_jobs(&w.t);
		receive_of(&w, &w.bob, n, post.uri);
	}
	deed_told_nobody(&w.t);
}

/* --- asking --- */

struct looking {
	uint64_t id;
	bool done;
};

static enum rc look_job(struct social *s, void *arg)
{
	struct looking *l = arg;
	l->done = thread_look_for(s, l->id, db_txn_now(s->txn), 10 * MINUTE);
	return db_txn_rc(s->txn);
}

static bool look(struct world *w, uint64_t id)
{
	struct looking l = { id, false };
	test_store_write(&w->t, look_job, &l);
	return l.done;
}

static enum thread_refresh refresh(struct world *w, uint64_t id)
{
	struct db_txn *txn = test_store_read(&w->t);
	enum thread_refresh state =
		thread_refresh(txn, w->t.d.arena, id, db_txn_now(txn), 10 * MINUTE);
	db_read_end(&txn);
	return state;
}

/* What the job writes at its end. */
static enum rc end_job(struct social *s, void *arg)
{
	const uint64_t *root = arg;
	struct thread_look look = look_get(s->txn, s->ctx->arena, *root);
	look.ended_ms = db_txn_now(s->txn);
	look_put(s->txn, *root, &look);
	return db_txn_rc(s->txn);
}

static void what_is_being_fetched_of_a_thread_is_known(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = receive(&w, 1, 0);
	struct status reply = receive(&w, 2, 1);
	assert_int_equal(refresh(&w, post.id), REFRESH_NONE); /* too young */
	test_clock_advance(&w.t.d.clock, 11 * MINUTE);
	assert_int_equal(refresh(&w, reply.id), REFRESH_DUE);
	assert_true(look(&w, reply.id));
	assert_int_equal(refresh(&w, reply.id), REFRESH_RUNNING);
	assert_int_equal(refresh(&w, post.id), REFRESH_RUNNING);
	test_store_write(&w.t, end_job, &post.id);
	assert_int_equal(refresh(&w, reply.id), REFRESH_FINISHED);
	test_clock_advance(&w.t.d.clock, 11 * MINUTE);
	assert_true(look(&w, post.id));
	/* one that was given up says nothing */
	test_clock_advance(&w.t.d.clock, 6 * MINUTE);
	assert_int_equal(refresh(&w, post.id), REFRESH_FINISHED);
}

static void a_thread_is_looked_for_once_in_a_while(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct status post = receive(&w, 1, 0);
	struct status reply = receive(&w, 2, 1);
	assert_false(look(&w, post.id)); /* too young */
	test_clock_advance(&w.t.d.clock, 11 * MINUTE);
	assert_true(look(&w, reply.id));
	assert_false(look(&w, post.id));
	assert_int_equal(count_of(&w, JOB_CRAWL), 1);
	test_clock_advance(&w.t.d.clock, 11 * MINUTE);
	assert_true(look(&w, post.id));
	/* what only we know of is whole */
	struct status own = test_store_post(&w.t, &w.alice, VISIBILITY_PUBLIC, "hello", NULL);
	struct status letter = test_store_post(&w.t, &w.alice, VISIBILITY_DIRECT, "psst", NULL);
	test_clock_advance(&w.t.d.clock, 11 * MINUTE);
	assert_false(look(&w, own.id));
	assert_false(look(&w, letter.id));
	assert_false(look(&w, 7));
	test_store_forget_jobs(&w.t);
}

static void the_newest_posts_are_read_at_the_first_follow_alone(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct account anna = test_store_local(&w.t, "anna");
	assert_int_equal(deed_on_account(&w.t, DO_FOLLOW, &w.alice, &w.bob), RC_OK);
	test_store_forget_jobs(&w.t);
	assert_int_equal(deed_on_account(&w.t, DO_ACCEPT, &w.bob, &w.alice), RC_OK);
	assert_int_equal(count_of(&w, JOB_CRAWL), 1);
	assert_int_equal(deed_on_account(&w.t, DO_FOLLOW, &anna, &w.bob), RC_OK);
	assert_int_equal(deed_on_account(&w.t, DO_ACCEPT, &w.bob, &anna), RC_OK);
	assert_int_equal(count_of(&w, JOB_CRAWL), 1);
	test_store_forget_jobs(&w.t);
}

static void a_missing_parent_is_asked_for(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct receiving r = { .author = &w.bob, .climb = true };
	r.status = receive(&w, 1, 0);
	r.status.uri = STR(NOTE "2");
	r.status.parent_uri = STR(NOTE "1");
	test_store_write(&w.t, receive_job, &r);
	assert_int_equal(count_of(&w, JOB_CRAWL), 0);
	r.status.uri = STR(NOTE "3");
	r.status.parent_uri = STR(NOTE "99");
	test_store_write(&w.t, receive_job, &r);
	assert_int_equal(count_of(&w, JOB_CRAWL), 1);
	test_store_forget_jobs(&w.t);
}

static void tasks_come_back_as_they_were(void **state UNUSED)
{
	const struct thread_task task = { THREAD_JOIN, UINT64_MAX, 7 };
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	struct thread_task read;
	thread_task_encode(&payload, &task);
	assert_true(thread_task_decode(buf_str(&payload), &read));
	assert_true(read.step == task.step && read.id == task.id && read.after == task.after);
	for (size_t n = 0; n < payload.len; n++)
		assert_false(thread_task_decode(str_n(payload.ptr, n), &read));
	payload.ptr[1] = 9;
	assert_false(thread_task_decode(buf_str(&payload), &read));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_any_order_it_is_the_same_thread),
		cmocka_unit_test(s055_a_long_chain_that_comes_backwards_joins_in_bounded_steps),
		cmocka_unit_test(many_that_wait_for_one_join_step_by_step),
		cmocka_unit_test(s055_replies_in_a_circle_and_to_themselves_end),
		cmocka_unit_test(what_names_an_address_of_ours_waits_for_nothing),
		cmocka_unit_test(what_was_deleted_meanwhile_joins_nothing),
		cmocka_unit_test(our_first_posts_have_a_context_and_our_replies_take_theirs),
		cmocka_unit_test(those_who_take_part_are_told_of_replies),
		cmocka_unit_test(who_began_a_conversation_takes_replies_out_and_tells),
		cmocka_unit_test(in_a_long_thread_nobody_is_told_any_more),
		cmocka_unit_test(what_is_being_fetched_of_a_thread_is_known),
		cmocka_unit_test(a_thread_is_looked_for_once_in_a_while),
		cmocka_unit_test(the_newest_posts_are_read_at_the_first_follow_alone),
		cmocka_unit_test(a_missing_parent_is_asked_for),
		cmocka_unit_test(tasks_come_back_as_they_were),
	};
	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
