/* The database of tests and its factories. */
#include "teststore.h"

#include <stdarg.h>

#include "core/must.h"
#include "social/account.h"
#include "store/node.h"

#define MENTIONS_MAX 16
#define JOBS_MAX 256

static struct db_table *const queue_tables[] = { &queue_table_job, &queue_table_body,
						 &queue_table_lane, &queue_table_dead };

static struct str keep(struct test_store *t, const char *text)
{
	return arena_str(t->d.arena, str_of(text));
}

static enum rc node_job(struct social *s, void *arg UNUSED)
{
	struct account_secrets none = { .password_hash = STR("") };
	struct node_record node = { .domain = s->site->domain,
				    .host = s->site->host,
				    .created_ms = db_txn_now(s->txn) };
	struct account instance;
	enum rc rc = account_create_instance(s, &none, &instance);
	node.instance_actor = instance.id;
	node_put(s->txn, &node);
	return rc;
}

void test_store_init(struct test_store *t)
{
	t->site = (struct site){ .domain = STR("example.org"),
				 .host = STR("social.example.org"),
				 .base = STR("https://social.example.org"),
				 .title = STR("Test node"),
				 .description = STR(""),
				 .post_max_chars = 500,
				 .poll_max_options = 4,
				 .poll_tell_ms = 3 * MS_PER_MINUTE,
				 .appeal_ms = 20 * MS_PER_DAY,
				 .wave_undo_ms = 7 * MS_PER_DAY };
	test_db_init(&t->d, queue_tables, ARRAY_LEN(queue_tables));
	test_store_write(t, node_job, NULL);
}

void test_store_free(struct test_store *t)
{
	test_db_free(&t->d);
}

/* --- transactions --- */

struct run {
	struct test_store *t;
	enum rc (*job)(struct social *s, void *arg);
	void *arg;
};

/* What is read lives in the store's arena, so that the job may hand it out. */
static enum rc run_job(struct db_txn *txn, void *arg)
{
	struct run *run = arg;
	struct ctx ctx = { .arena = run->t->d.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &run->t->site };
	return run->job(&s, run->arg);
}

enum rc test_store_try(struct test_store *t, enum rc (*job)(struct social *s, void *arg), void *arg)
{
	struct run run = { t, job, arg };
	return db_write(t->d.db, run_job, &run);
}

void test_store_write(struct test_store *t, enum rc (*job)(struct social *s, void *arg), void *arg)
{
	enum rc rc = test_store_try(t, job, arg);
	if (rc != RC_OK)
		fail_msg("the write failed: %s", rc_name(rc));
}

struct db_txn *test_store_read(struct test_store *t)
{
	return test_db_read(&t->d);
}

/* --- accounts --- */

struct local_wish {
	struct str username;
	bool locked;
	struct account made;
};

static enum rc local_job(struct social *s, void *arg)
{
	struct local_wish *wish = arg;
	const struct account_secrets none = { .password_hash = STR("") };
	const struct new_account fresh = { .username = wish->username,
					   .display_name = wish->username,
					   .note = STR(""),
					   .password_hash = STR(""),
					   .email = STR(""),
					   .locked = wish->locked };
	return account_create(s, &fresh, &none, &wish->made);
}

static struct account local_account(struct test_store *t, const char *username, bool locked)
{
	struct local_wish wish = { .username = keep(t, username), .locked = locked };
	test_store_write(t, local_job, &wish);
	return wish.made;
}

struct account test_store_local(struct test_store *t, const char *username)
{
	return local_account(t, username, false);
}

struct account test_store_locked(struct test_store *t, const char *username)
{
	return local_account(t, username, true);
}

struct account test_store_remote(struct test_store *t, const char *username, const char *host)
{
	return test_db_remote(&t->d, username, host);
}

struct account test_store_account(struct test_store *t, uint64_t id)
{
	return test_db_account(&t->d, id);
}

void test_store_follow(struct test_store *t, const struct account *follower,
		       const struct account *followee)
{
	test_db_follow(&t->d, follower, followee);
}

/* --- statuses --- */

static enum rc post_job(struct social *s, void *arg)
{
	struct draft *draft = arg;
	return act_post(s, draft);
}

struct received {
	const struct account *author;
	struct status *status;
};

static enum rc receive_job(struct social *s, void *arg)
{
	struct received *r = arg;
	return act_receive_post(s, r->author, r->status);
}

static enum rc id_job(struct social *s, void *arg)
{
	*(uint64_t *)arg = db_next_id(s->txn);
	return RC_OK;
}

static struct str text_of(struct test_store *t, const char *text)
{
	return arena_printf(t->d.arena, "<p>%s</p>", text);
}

static void mentions_fill(struct test_store *t, struct status *status, va_list accounts)
{
	status->mentions = ARENA_ARRAY(t->d.arena, MENTIONS_MAX, struct status_mention);
	must(status->mentions != NULL);
	for (const struct account *a; (a = va_arg(accounts, const struct account *)) != NULL;) {
		must(status->mention_count < MENTIONS_MAX);
		status->mentions[status->mention_count++] = (struct status_mention){
			.uri = a->uri,
			.handle = arena_printf(
				t->d.arena, "%.*s@%.*s", STR_ARG(a->username),
				STR_ARG(a->domain.len != 0 ? a->domain : t->site.domain)),
		};
	}
}

static void post_remote(struct test_store *t, const struct account *author, struct status *status)
{
	struct received r = { author, status };
	uint64_t id;
	test_store_write(t, id_job, &id);
	status->uri = arena_printf(t->d.arena, "%.*s/statuses/%llu", STR_ARG(author->uri),
				   (unsigned long long)id);
	status->url = status->uri;
	status->created_ms = t->d.clock.wall_ms;
	test_store_write(t, receive_job, &r);
}

struct status test_store_post(struct test_store *t, const struct account *author,
			      enum visibility visibility, const char *text, ...)
{
	struct draft draft = {
		.author = *author,
		.visibility = visibility,
		.status = { .account = author->id,
			    .visibility = visibility,
			    .type = STR("Note"),
			    .content = html_trusted(text_of(t, text)),
			    .source = str_of(text) },
	};
	va_list accounts;
	va_start(accounts, text);
	mentions_fill(t, &draft.status, accounts);
	va_end(accounts);
	if (account_is_local(author)) {
		draft.status.flags = STATUS_LOCAL;
		test_store_write(t, post_job, &draft);
	} else {
		post_remote(t, author, &draft.status);
	}
	return draft.status;
}

struct status test_store_reply(struct test_store *t, const struct account *author,
			       const struct status *parent, const char *text)
{
	struct draft draft = {
		.author = *author,
		.visibility = parent->visibility,
		.parent = parent->id,
		.status = { .account = author->id,
			    .flags = STATUS_LOCAL,
			    .type = STR("Note"),
			    .content = html_trusted(text_of(t, text)) },
	};
	test_store_write(t, post_job, &draft);
	return draft.status;
}

struct status test_store_status(struct test_store *t, uint64_t id)
{
	struct status s;
	struct db_txn *txn = test_store_read(t);
	assert_true(status_get(txn, t->d.arena, id, &s));
	db_read_end(&txn);
	return s;
}

/* --- what was written --- */

uint64_t test_store_rows(struct test_store *t, const struct db_table *table)
{
	return test_db_rows(&t->d, table);
}

size_t test_store_notices(struct test_store *t, uint64_t account, struct notice *out, size_t count)
{
	struct db_txn *txn = test_store_read(t);
	size_t n = notice_list(txn, account, 0, out, count);
	assert_int_equal(db_txn_rc(txn), RC_OK);
	db_read_end(&txn);
	return n;
}

struct jobs {
	struct test_store *t;
	struct federate *out;
	uint64_t ids[JOBS_MAX];
	size_t count, max;
};

static bool keep_job(void *arg, const struct queue_job_view *job)
{
	struct jobs *jobs = arg;
	if (jobs->out != NULL && job->kind != JOB_FEDERATE)
		return true;
	must(jobs->count < jobs->max && jobs->count < JOBS_MAX);
	jobs->ids[jobs->count] = job->id;
	if (jobs->out != NULL)
		assert_true(
			federate_decode(jobs->t->d.arena, job->payload, &jobs->out[jobs->count]));
	jobs->count++;
	return true;
}

size_t test_store_jobs(struct test_store *t, struct federate *out, size_t count)
{
	struct jobs jobs = { .t = t, .out = out, .max = count };
	struct db_txn *txn = test_store_read(t);
	queue_each_job(txn, false, STR(""), 0, keep_job, &jobs);
	db_read_end(&txn);
	return jobs.count;
}

static enum rc forget_job(struct social *s, void *arg)
{
	const struct jobs *jobs = arg;
	for (size_t i = 0; i < jobs->count; i++)
		queue_drop_job(s->txn, jobs->ids[i], STR("seen by the test"));
	return db_txn_rc(s->txn);
}

void test_store_forget_jobs(struct test_store *t)
{
	struct jobs jobs = { .t = t, .max = JOBS_MAX };
	struct db_txn *txn = test_store_read(t);
	queue_each_job(txn, false, STR(""), 0, keep_job, &jobs);
	db_read_end(&txn);
	test_store_write(t, forget_job, &jobs);
}

static void found_bad(void *arg UNUSED, struct str what)
{
	fail_msg("the queue: %.*s", STR_ARG(what));
}

void test_store_check(struct test_store *t)
{
	test_db_check(&t->d);
	struct db_txn *txn = test_store_read(t);
	assert_int_equal(queue_check(txn, found_bad, NULL), RC_OK);
	db_read_end(&txn);
}
