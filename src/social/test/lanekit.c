/* Scenes for tests of lanes. */
#include "lanekit.h"

#include "queue/queue.h"

static enum rc run_act(struct social *s, void *arg)
{
	struct act *a = arg;
	return a->run(s, a);
}

enum rc act_on(struct scene *w, struct act *a, enum rc (*run)(struct social *s, struct act *a))
{
	a->w = w;
	a->run = run;
	return test_store_try(&w->t, run_act, a);
}

static enum rc set_up(struct social *s, void *arg)
{
	const struct account *all = arg;
	struct account_secrets secrets = { .password_hash = STR("") };
	role_give(s->txn, all[3].id, ROLE_MODERATOR);
	for (size_t i = 0; i < 4; i++) {
		secrets.email =
			arena_printf(s->ctx->arena, "%.*s@example.org", STR_ARG(all[i].username));
		account_secrets_put(s->txn, all[i].id, &secrets);
	}
	return db_txn_rc(s->txn);
}

struct account lanes_init(struct scene *w)
{
	scene_init(w, &(struct community){ .given = 0 });
	struct account all[4] = { w->alice, w->bob, w->carol, test_store_local(&w->t, "mona") };
	test_store_write(&w->t, set_up, all);
	assert_int_equal(scene_join(w, &w->bob), RC_OK);
	assert_int_equal(scene_join(w, &w->carol), RC_OK);
	test_store_forget_jobs(&w->t);
	return all[3];
}

enum rc file_run(struct social *s, struct act *a)
{
	return report_file(s, a->actor, a->target, &a->filed, &a->report);
}

struct act filed(struct scene *w, struct str *uri, enum report_category category)
{
	struct act a = { .actor = &w->carol, .target = &w->bob };
	uint64_t id;
	assert_int_equal(scene_post(w, &w->bob, 0, &id), RC_OK);
	*uri = test_store_status(&w->t, id).uri;
	a.status = id;
	a.filed = (struct report){ .comment = STR("rude"),
				   .uri = STR(""),
				   .objects = uri,
				   .object_count = 1,
				   .category = category };
	assert_int_equal(act_on(w, &a, file_run), RC_OK);
	return a;
}

struct report report_of(struct scene *w, uint64_t id)
{
	struct report r;
	struct db_txn *txn = test_store_read(&w->t);
	assert_true(report_get(txn, w->t.d.arena, id, &r));
	db_read_end(&txn);
	return r;
}

size_t told(struct scene *w, uint64_t who, enum notice_kind kind)
{
	struct notice notices[32];
	size_t all = test_store_notices(&w->t, who, notices, ARRAY_LEN(notices)), n = 0;
	for (size_t i = 0; i < all; i++)
		n += notices[i].kind == kind;
	return n;
}

struct collecting {
	struct arena *arena;
	struct str payload[32];
	size_t count;
};

static bool collect(void *arg, const struct queue_job_view *job)
{
	struct collecting *c = arg;
	if (job->kind == JOB_STATEMENT && c->count < ARRAY_LEN(c->payload))
		c->payload[c->count++] = arena_str(c->arena, job->payload);
	return true;
}

size_t letters(struct scene *w, enum statement_about about, uint64_t to, struct statement *last)
{
	struct collecting c = { .arena = w->t.d.arena };
	struct ctx ctx = { .arena = w->t.d.arena };
	struct db_txn *txn = test_store_read(&w->t);
	size_t n = 0;
	queue_each_job(txn, false, STR(""), 0, collect, &c);
	for (size_t i = 0; i < c.count; i++) {
		struct statement_job job;
		assert_true(statement_job_decode(c.payload[i], &job));
		if (job.about != about || job.to != to)
			continue;
		assert_int_equal(statement_compose(&ctx, txn, &w->t.site, &job, last), RC_OK);
		n++;
	}
	db_read_end(&txn);
	return n;
}
