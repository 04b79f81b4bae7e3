/* The queue's rows: adding, bodies and their references, listing, retrying, dropping, checking. */
#include "core/must.h"
#include "queuekit.h"

/* One job in one transaction, whose result is what the test is about. */
struct step {
	uint64_t id;
	uint64_t body;
	struct str text;
	struct str lane;
	uint64_t result;
};

static enum rc do_add(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	s->id = queue_add(txn, &(struct queue_new){ .kind = KIT_HOST,
						    .lane = s->lane,
						    .order = 1,
						    .body = s->body,
						    .payload = s->text });
	return db_txn_rc(txn);
}

static enum rc do_hold(struct db_txn *txn, void *arg)
{
	queue_body_hold(txn, ((const struct step *)arg)->body);
	return db_txn_rc(txn);
}

static enum rc do_release(struct db_txn *txn, void *arg)
{
	queue_body_release(txn, ((const struct step *)arg)->body);
	return db_txn_rc(txn);
}

static enum rc do_drop(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	s->result = queue_drop_job(txn, s->id, s->text);
	return db_txn_rc(txn);
}

static enum rc do_drop_lane(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	s->result = queue_drop_lane(txn, s->lane, s->text);
	return db_txn_rc(txn);
}

static enum rc do_retry(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	s->result = queue_retry_job(txn, s->id);
	return db_txn_rc(txn);
}

static enum rc do_retry_lane(struct db_txn *txn, void *arg)
{
	struct step *s = arg;
	s->result = queue_retry_lane(txn, s->lane);
	return db_txn_rc(txn);
}

static uint64_t add(struct kit *kit, const char *lane, uint64_t body, const char *payload)
{
	struct step s = { .lane = str_of(lane), .body = body, .text = str_of(payload) };
	kit_write(kit, do_add, &s);
	return s.id;
}

static uint64_t run(struct kit *kit, enum rc (*job)(struct db_txn *txn, void *arg), uint64_t id,
		    const char *lane, const char *text)
{
	struct step s = { .id = id, .lane = str_of(lane), .text = str_of(text) };
	kit_write(kit, job, &s);
	return s.result;
}

static bool list_job(void *arg, const struct queue_job_view *job)
{
	struct buf *out = arg;
	if (out->len != 0)
		buf_add_chr(out, ' ');
	buf_add(out, job->payload);
	if (job->dead)
		buf_addf(out, "(%.*s)", STR_ARG(job->reason));
	return true;
}

static bool list_one(void *arg, const struct queue_job_view *job)
{
	list_job(arg, job);
	return false;
}

static void expect_jobs(struct kit *kit, bool dead, const char *lane, uint64_t from,
			const char *expected)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(4096);
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	queue_each_job(txn, dead, str_of(lane), from, list_job, &text);
	db_read_end(&txn);
	assert_str_eq(buf_str(&text), str_of(expected));
}

static void a_body_lives_as_long_as_somebody_refers_to_it(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct step s = { .body = kit_add_body(&kit, STR("shared")) };
	uint64_t a = add(&kit, "a.test", s.body, "a");
	add(&kit, "b.test", s.body, "b");
	kit_write(&kit, do_hold, &s);
	/* bytes and references: two rows, however many jobs */
	assert_int_equal(kit_rows(&kit, &queue_table_body), 2);
	kit_check(&kit);
	kit_start(&kit);
	kit_expect(&kit, "a b");
	kit_end(&kit, "a", QUEUE_DELIVERED, 200);
	kit_end(&kit, "b", QUEUE_DELIVERED, 200);
	assert_int_equal(kit_rows(&kit, &queue_table_body), 2);
	kit_write(&kit, do_release, &s);
	assert_int_equal(kit_rows(&kit, &queue_table_body), 0);
	/* what is gone cannot be referred to any more */
	s.id = a;
	s.lane = STR("a.test");
	assert_int_equal(db_write(kit.db, do_add, &s), RC_NOT_FOUND);
	assert_int_equal(s.id, 0);
	kit_check(&kit);
}

static void the_dead_keep_their_body(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	uint64_t body = kit_add_body(&kit, STR("kept"));
	uint64_t id = add(&kit, "a.test", body, "a");
	assert_true(run(&kit, do_drop, id, "", "by hand"));
	assert_false(run(&kit, do_drop, id, "", "again"));
	expect_jobs(&kit, false, "", 0, "");
	expect_jobs(&kit, true, "", 0, "a(by hand)");
	assert_int_equal(kit_rows(&kit, &queue_table_body), 2);
	kit_check(&kit);
	assert_true(run(&kit, do_retry, id, "", ""));
	expect_jobs(&kit, true, "", 0, "");
	kit_start(&kit);
	kit_expect(&kit, "a");
	struct queue_blob *blob = queue_job_body(kit_job(&kit, "a"));
	assert_str_eq(queue_blob_str(blob), STR("kept"));
	queue_blob_unref(&blob);
	kit_end(&kit, "a", QUEUE_DELIVERED, 200);
	assert_int_equal(kit_rows(&kit, &queue_table_body), 0);
}

static void jobs_are_listed_oldest_first_by_lane_and_from_an_id(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	struct db_txn *txn;
	kit_init(&kit);
	add(&kit, "a.test", 0, "1");
	uint64_t second = add(&kit, "b.test", 0, "2");
	add(&kit, "a.test", 0, "3");
	expect_jobs(&kit, false, "", 0, "1 2 3");
	expect_jobs(&kit, false, "a.test", 0, "1 3");
	expect_jobs(&kit, false, "", second, "2 3");
	expect_jobs(&kit, false, "c.test", 0, "");
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	queue_each_job(txn, false, STR(""), 0, list_one, &text);
	db_read_end(&txn);
	assert_str_eq(buf_str(&text), STR("1"));
}

static void dropping_and_retrying_concern_one_lane(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	add(&kit, "a.test", 0, "1");
	add(&kit, "b.test", 0, "2");
	add(&kit, "a.test", 0, "3");
	assert_int_equal(run(&kit, do_drop_lane, 0, "a.test", "closed"), 2);
	expect_jobs(&kit, false, "", 0, "2");
	expect_jobs(&kit, true, "", 0, "1(closed) 3(closed)");
	assert_int_equal(run(&kit, do_retry_lane, 0, "b.test", ""), 1);
	assert_int_equal(run(&kit, do_retry_lane, 0, "a.test", ""), 2);
	expect_jobs(&kit, false, "", 0, "2 1 3");
	expect_jobs(&kit, true, "", 0, "");
	assert_false(run(&kit, do_retry, 12345, "", ""));
	kit_check(&kit);
}

struct lanes_seen {
	unsigned count;
	struct queue_lane_view failing;
	char reason[64];
	uint64_t waiting;
};

static void see_lane(void *arg, const struct queue_lane_view *lane)
{
	struct lanes_seen *seen = arg;
	seen->count++;
	seen->waiting += lane->waiting;
	if (lane->state.failures == 0)
		return;
	seen->failing = *lane;
	must(lane->reason.len < sizeof(seen->reason));
	memcpy(seen->reason, lane->reason.ptr, lane->reason.len);
}

static void lanes_show_what_waits_and_what_failed(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct lanes_seen seen = { 0 };
	struct db_txn *txn;
	kit_init(&kit);
	kit_start(&kit);
	add(&kit, "a.test", 0, "1");
	add(&kit, "b.test", 0, "2");
	add(&kit, "a.test", 0, "3");
	kit_expect(&kit, "1 2");
	kit_end(&kit, "1", QUEUE_DEFER_LANE, 503);
	kit_end(&kit, "2", QUEUE_DELIVERED, 200);
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	assert_int_equal(queue_each_lane(txn, see_lane, &seen), RC_OK);
	db_read_end(&txn);
	assert_int_equal(seen.count, 1);
	assert_int_equal(seen.waiting, 2);
	assert_int_equal(seen.failing.kind, KIT_HOST);
	assert_int_equal(seen.failing.state.failures, 1);
	assert_in_range(seen.failing.state.due_ms, kit.wall_ms + 48 * MS_PER_SECOND,
			kit.wall_ms + 60 * MS_PER_SECOND);
	assert_string_equal(seen.reason, "code 503");
}

static enum rc put_row(struct db_txn *txn, void *arg)
{
	const struct step *s = arg;
	const struct db_table *tables[] = { &queue_table_job, &queue_table_body, &queue_table_lane,
					    &queue_table_dead };
	db_put(txn, tables[s->result], s->lane, s->text);
	return db_txn_rc(txn);
}

static void count_bad(void *arg, struct str what)
{
	struct buf *out = arg;
	if (out->len != 0)
		buf_add(out, STR("; "));
	buf_add(out, what);
}

static void the_check_names_what_does_not_agree(void **state UNUSED)
{
	static const struct {
		unsigned table;
		struct str key, value;
		const char *complaint;
	} cases[] = {
		{ 0, STR_INIT("\0\0\0\0\0\0\0\1"), STR_INIT("\7rubbish"), "undecodable job 1" },
		{ 3, STR_INIT("\0\0\0\0\0\0\0\2"), STR_INIT(""), "undecodable dead job 2" },
		{ 2, STR_INIT("\1a.test"), STR_INIT("\1"), "undecodable lane of kind 1" },
		{ 1, STR_INIT("\0\0\0\0\0\0\0\3"), STR_INIT("\1x"), "no references of body 3" },
		{ 1, STR_INIT("\0\0\0\0\0\0\0\4r"), STR_INIT("\1"),
		  "no bytes of body 4; undecodable references of body 4" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct kit kit CLEANUP(kit_free);
		struct buf text CLEANUP(buf_free) = BUF_INIT(4096);
		struct db_txn *txn;
		kit_init(&kit);
		add(&kit, "a.test", kit_add_body(&kit, STR("sound")), "sound");
		struct step s = { .result = cases[i].table,
				  .lane = cases[i].key,
				  .text = cases[i].value };
		kit_write(&kit, put_row, &s);
		assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
		assert_int_equal(queue_check(txn, count_bad, &text), RC_CORRUPT);
		db_read_end(&txn);
		assert_str_eq(buf_str(&text), str_of(cases[i].complaint));
	}
}

static void a_body_nobody_refers_to_is_found(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf text CLEANUP(buf_free) = BUF_INIT(4096);
	struct db_txn *txn;
	kit_init(&kit);
	uint64_t body = kit_add_body(&kit, STR("lonely"));
	assert_int_equal(db_read_begin(kit.db, &txn), RC_OK);
	assert_int_equal(queue_check(txn, count_bad, &text), RC_CORRUPT);
	db_read_end(&txn);
	assert_true(str_has_prefix(buf_str(&text), STR("nobody refers to body ")));
	assert_true(body != 0);
}

static void too_long_a_lane_is_refused(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	char name[400];
	kit_init(&kit);
	memset(name, 'a', sizeof(name));
	struct step s = { .lane = str_n(name, 301), .text = STR("x") };
	assert_int_equal(db_write(kit.db, do_add, &s), RC_TOO_LARGE);
	assert_int_equal(s.id, 0);
	s.lane = str_n(name, 300);
	kit_write(&kit, do_add, &s);
	assert_int_equal(kit_rows(&kit, &queue_table_job), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_lives_as_long_as_somebody_refers_to_it),
		cmocka_unit_test(the_dead_keep_their_body),
		cmocka_unit_test(jobs_are_listed_oldest_first_by_lane_and_from_an_id),
		cmocka_unit_test(dropping_and_retrying_concern_one_lane),
		cmocka_unit_test(lanes_show_what_waits_and_what_failed),
		cmocka_unit_test(the_check_names_what_does_not_agree),
		cmocka_unit_test(a_body_nobody_refers_to_is_found),
		cmocka_unit_test(too_long_a_lane_is_refused),
	};
	return cmocka_run_group_tests_name("queue_store", tests, NULL, NULL);
}
