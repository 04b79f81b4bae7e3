/* Making polls, voting in them, running their jobs. */
#include "pollkit.h"

#include "queue/queue.h"

struct poll_draft poll_asks(unsigned count, const char *const *options)
{
	struct poll_draft d = { .lasts_ms = MS_PER_DAY };
	for (unsigned i = 0; i < count; i++)
		d.options[d.option_count++] = str_of(options[i]);
	return d;
}

const char *const poll_colours[] = { "red", "green", "blue" };

enum rc poll_kit_compose(struct test_store *t, const struct account *author,
			 const struct poll_draft *poll, struct draft *out)
{
	struct ctx ctx = { .arena = t->d.arena };
	out->author = *author;
	out->text = STR("Which?");
	out->poll = poll;
	return act_compose(&ctx, &t->site, t->d.db, NULL, out);
}

enum rc poll_post_job(struct social *s, void *arg)
{
	return act_post(s, arg);
}

struct status poll_ask(struct test_store *t, const struct account *author, bool multiple,
		       enum visibility visibility)
{
	struct poll_draft poll = poll_asks(3, poll_colours);
	struct draft draft = { .visibility = visibility };
	poll.multiple = multiple;
	assert_int_equal(poll_kit_compose(t, author, &poll, &draft), RC_OK);
	test_store_write(t, poll_post_job, &draft);
	test_store_forget_jobs(t);
	return draft.status;
}

struct voting {
	const struct account *actor;
	uint64_t status;
	struct ballot ballots[24];
	unsigned count;
};

static enum rc vote_job(struct social *s, void *arg)
{
	const struct voting *v = arg;
	return act_vote(s, v->actor, v->status, v->ballots, v->count);
}

enum rc poll_vote_do(struct test_store *t, const struct account *who, const struct status *post,
		     const char *first, const char *second)
{
	struct voting v = { .actor = who, .status = post->id };
	const char *names[] = { first, second };
	for (unsigned i = 0; i < 2 && names[i] != NULL; i++)
		v.ballots[v.count++] = (struct ballot){ str_of(names[i]), STR("") };
	return test_store_try(t, vote_job, &v);
}

enum rc poll_vote_by(struct test_store *t, const struct account *who, const struct status *post,
		     const char *name, const char *uri)
{
	struct voting v = { .actor = who, .status = post->id, .count = 1 };
	v.ballots[0] = (struct ballot){ str_of(name), str_of(uri) };
	return test_store_try(t, vote_job, &v);
}

struct poll poll_of(struct test_store *t, const struct status *post)
{
	struct db_txn *txn = test_store_read(t);
	struct poll p;
	assert_true(poll_get(txn, t->d.arena, post->id, &p));
	db_read_end(&txn);
	return p;
}

void poll_expect(struct test_store *t, const struct status *post, uint32_t red, uint32_t green,
		 uint32_t blue, uint32_t voters)
{
	struct poll p = poll_of(t, post);
	assert_int_equal(p.options[0].votes, red);
	assert_int_equal(p.options[1].votes, green);
	assert_int_equal(p.options[2].votes, blue);
	assert_int_equal(p.voters, voters);
	test_store_check(t);
}

static bool keep_waiting(void *arg, const struct queue_job_view *job)
{
	struct waiting *w = arg;
	if (job->kind == JOB_POLL) {
		assert_true(w->count < 16);
		assert_true(poll_job_decode(job->payload, &w->jobs[w->count]));
		w->due_ms[w->count++] = job->due_ms;
	}
	return true;
}

struct waiting poll_waiting(struct test_store *t)
{
	struct waiting w = { .count = 0 };
	struct db_txn *txn = test_store_read(t);
	queue_each_job(txn, false, STR(""), 0, keep_waiting, &w);
	db_read_end(&txn);
	return w;
}

struct stepping {
	struct poll_job job;
	enum rc rc;
};

static enum rc step_job(struct social *s, void *arg)
{
	struct stepping *step = arg;
	struct poll_job next = step->job;
	step->rc = poll_job_step(s, &next);
	step->job = next;
	return step->rc == RC_BUSY ? RC_OK : step->rc;
}

unsigned poll_run(struct test_store *t, enum poll_task task, const struct status *post)
{
	struct stepping step = { .job = { .task = task, .status = post->id } };
	unsigned steps = 0;
	do {
		test_store_write(t, step_job, &step);
		steps++;
	} while (step.rc == RC_BUSY);
	return steps;
}

struct poll poll_told(unsigned flags, uint32_t red, uint32_t green, uint64_t ends_ms)
{
	static struct poll_option options[2];
	options[0] = (struct poll_option){ STR("red"), red };
	options[1] = (struct poll_option){ STR("green"), green };
	return (struct poll){ .flags = flags,
			      .ends_ms = ends_ms,
			      .voters = red + green,
			      .options = options,
			      .option_count = 2 };
}

struct telling {
	const struct account *author;
	struct status status;
	struct poll poll;
};

static enum rc receive_job(struct social *s, void *arg)
{
	struct telling *r = arg;
	return act_receive_post(s, r->author, &r->status);
}

struct status poll_remote(struct test_store *t, const struct account *author, unsigned flags)
{
	struct telling r = { .author = author,
			     .poll = poll_told(flags, 5, 2, TEST_DB_WALL_MS + MS_PER_HOUR) };
	r.status = (struct status){ .uri = arena_printf(t->d.arena, "%.*s/polls/1",
							STR_ARG(author->uri)),
				    .type = STR("Question"),
				    .created_ms = TEST_DB_WALL_MS,
				    .has_poll = true,
				    .poll = &r.poll };
	test_store_write(t, receive_job, &r);
	return r.status;
}

static enum rc take_job(struct social *s, void *arg)
{
	struct telling *r = arg;
	return poll_take(s, &r->status, &r->poll);
}

void poll_told_anew(struct test_store *t, const struct status *status, struct poll poll)
{
	struct telling r = { .status = *status, .poll = poll };
	test_store_write(t, take_job, &r);
}
