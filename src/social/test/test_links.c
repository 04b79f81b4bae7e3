/* Verified links: which fields are links, when their pages are looked at, what is kept of it. */
#include "social/links.h"

#include "social/account.h"
#include "teststore.h"

#define LINK "https://alice.example/me"

static struct account_field field_of(struct test_store *t, const char *text)
{
	struct ctx ctx = { .arena = t->d.arena };
	struct account_field f = { .name = STR("Page") };
	assert_int_equal(account_field_make(&ctx, &t->site, str_of(text), &f.value), RC_OK);
	return f;
}

static void only_a_link_and_nothing_else_is_one(void **state UNUSED)
{
	static const struct {
		const char *markup, *href;
	} cases[] = {
		{ "<a href=\"https://a.example/\" rel=\"me nofollow\">https://a.example</a>",
		  "https://a.example/" },
		{ "<p><a href=\"https://a.example/x\" rel=\"me\">a.example/x</a></p>",
		  "https://a.example/x" },
		{ "<a href=\"https://a.example/x\" rel=\"nofollow\">a.example/x</a>", NULL },
		/* S-087: one does not read where it leads */
		{ "<a href=\"https://evil.example/\" rel=\"me\">a.example</a>", NULL },
		{ "<a href=\"https://a.example.evil.example/\" rel=\"me\">a.example</a>", NULL },
		{ "<a href=\"https://a.example/x\" rel=\"me\">a.example</a>", NULL },
		{ "see <a href=\"https://a.example/\" rel=\"me\">a.example</a>", NULL },
		{ "<a href=\"https://a.example/\" rel=\"me\">a.example</a><a "
		  "href=\"https://b.example/\" rel=\"me\">b.example</a>",
		  NULL },
		{ "<a href=\"http://a.example/\" rel=\"me\">http://a.example/</a>", NULL },
		{ "plain", NULL },
	};
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ctx ctx = { .arena = t.d.arena };
		const struct account_field f = { .name = STR("x"),
						 .value = html_trusted(str_of(cases[i].markup)) };
		struct str href = links_of_field(&ctx, &t.site, &f);
		if (!str_eq(href, str_of(cases[i].href)) ||
		    (href.ptr == NULL) != (cases[i].href == NULL))
			fail_msg("%s: %.*s", cases[i].markup, STR_ARG(href));
	}
	/* what people here type is one, however long */
	struct ctx ctx = { .arena = t.d.arena };
	struct account_field f =
		field_of(&t, LINK "/with/a/path/that/is/longer/than/is/shown?x=1&y=2");
	assert_str_eq(links_of_field(&ctx, &t.site, &f),
		      STR(LINK "/with/a/path/that/is/longer/than/is/shown?x=1&y=2"));
}

/* --- jobs --- */

struct found_jobs {
	struct arena *arena;
	struct links_task tasks[8];
	uint64_t due_ms[8];
	size_t count;
};

static bool found_one(void *arg, const struct queue_job_view *job)
{
	struct found_jobs *f = arg;
	if (job->kind != JOB_LINKS)
		return true;
	assert_true(f->count < ARRAY_LEN(f->tasks));
	assert_true(links_task_decode(arena_str(f->arena, job->payload), &f->tasks[f->count]));
	f->due_ms[f->count++] = job->due_ms;
	return true;
}

static struct found_jobs jobs(struct test_store *t)
{
	struct found_jobs f = { .arena = t->d.arena };
	struct db_txn *txn = test_store_read(t);
	queue_each_job(txn, false, STR(""), 0, found_one, &f);
	db_read_end(&txn);
	test_store_forget_jobs(t);
	return f;
}

static enum rc change_job(struct social *s, void *arg)
{
	return account_change(s, arg);
}

struct settling {
	struct links_task task;
	enum links_found found;
};

static enum rc settle_job(struct social *s, void *arg)
{
	const struct settling *settling = arg;
	return links_settle(s, &settling->task, settling->found);
}

static struct account settle(struct test_store *t, const struct links_task *task,
			     enum links_found found)
{
	struct settling settling = { *task, found };
	test_store_write(t, settle_job, &settling);
	return test_store_account(t, task->account);
}

static struct account with_link(struct test_store *t)
{
	struct account a = test_store_local(t, "alice");
	a.fields[0] = field_of(t, "She");
	a.fields[1] = field_of(t, LINK);
	a.field_count = 2;
	test_store_write(t, change_job, &a);
	return test_store_account(t, a.id);
}

static void a_page_is_looked_at_when_the_field_changes_and_later_again(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account a = with_link(&t);
	struct found_jobs f = jobs(&t);
	assert_int_equal(f.count, 1);
	assert_int_equal(f.tasks[0].account, a.id);
	assert_str_eq(f.tasks[0].href, STR(LINK));
	a = settle(&t, &f.tasks[0], LINKS_BACK);
	uint64_t verified = a.fields[1].verified_ms;
	assert_true(verified != 0);
	assert_int_equal(a.fields[0].verified_ms, 0);
	struct found_jobs again = jobs(&t);
	assert_int_equal(again.count, 1);
	assert_true(again.due_ms[0] >= verified + 29 * MS_PER_DAY);
	/* a change of something else changes nothing about it */
	a.display_name = STR("Alice");
	test_clock_advance(&t.d.clock, MS_PER_DAY);
	test_store_write(&t, change_job, &a);
	a = test_store_account(&t, a.id);
	assert_int_equal(a.fields[1].verified_ms, verified);
	assert_int_equal(jobs(&t).count, 0);
	/* since when it is verified stays */
	a = settle(&t, &again.tasks[0], LINKS_BACK);
	assert_int_equal(a.fields[1].verified_ms, verified);
	test_store_check(&t);
}

static void
a_page_that_cannot_be_read_changes_nothing_and_one_without_a_link_does(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account a = with_link(&t);
	struct links_task task = jobs(&t).tasks[0];
	assert_int_equal(settle(&t, &task, LINKS_UNKNOWN).fields[1].verified_ms, 0);
	task = jobs(&t).tasks[0];
	assert_true(settle(&t, &task, LINKS_BACK).fields[1].verified_ms != 0);
	task = jobs(&t).tasks[0];
	assert_true(settle(&t, &task, LINKS_UNKNOWN).fields[1].verified_ms != 0);
	task = jobs(&t).tasks[0];
	a = settle(&t, &task, LINKS_NOT);
	assert_int_equal(a.fields[1].verified_ms, 0);
}

static void an_old_job_does_nothing(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account a = with_link(&t);
	struct links_task task = jobs(&t).tasks[0];
	a.fields[1] = field_of(&t, "https://other.example/");
	test_clock_advance(&t.d.clock, 5);
	test_store_write(&t, change_job, &a);
	assert_int_equal(jobs(&t).count, 1);
	a = settle(&t, &task, LINKS_BACK);
	assert_int_equal(a.fields[1].verified_ms, 0);
	assert_int_equal(jobs(&t).count, 0);
	/* nor does one that has been done */
	a = settle(&t, &task, LINKS_BACK);
	assert_int_equal(jobs(&t).count, 0);
}

static enum rc remote_job(struct social *s, void *arg)
{
	struct account *next = arg, before;
	if (!account_get(s->txn, s->ctx->arena, next->id, &before))
		return RC_NOT_FOUND;
	links_consider(s, &before, next);
	return account_put(s->txn, s->ctx->arena, next) ? RC_OK : RC_CONFLICT;
}

static void of_others_those_who_are_followed_here_are_looked_at(void **state UNUSED)
{
	struct test_store t CLEANUP(test_store_free);
	test_store_init(&t);
	struct account alice = test_store_local(&t, "alice");
	struct account bob = test_store_remote(&t, "bob", "b.example");
	bob.fields[0] = field_of(&t, LINK);
	bob.field_count = 1;
	test_store_write(&t, remote_job, &bob);
	assert_int_equal(jobs(&t).count, 0);
	test_store_follow(&t, &alice, &bob);
	test_store_forget_jobs(&t);
	test_store_write(&t, remote_job, &bob);
	struct found_jobs f = jobs(&t);
	assert_int_equal(f.count, 1);
	assert_true(settle(&t, &f.tasks[0], LINKS_BACK).fields[0].verified_ms != 0);
	/* it is looked at again when the profile is read again, not by itself */
	assert_int_equal(jobs(&t).count, 0);
	bob = test_store_account(&t, bob.id);
	test_store_write(&t, remote_job, &bob);
	assert_int_equal(jobs(&t).count, 0);
	test_clock_advance(&t.d.clock, 31 * MS_PER_DAY);
	test_store_write(&t, remote_job, &bob);
	assert_int_equal(jobs(&t).count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_link_and_nothing_else_is_one),
		cmocka_unit_test(a_page_is_looked_at_when_the_field_changes_and_later_again),
		cmocka_unit_test(
			a_page_that_cannot_be_read_changes_nothing_and_one_without_a_link_does),
		cmocka_unit_test(an_old_job_does_nothing),
		cmocka_unit_test(of_others_those_who_are_followed_here_are_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
