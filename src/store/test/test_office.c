/* Roles, rules, bars, decisions about hosts, reports as moderators handle them. */
#include "store/office.h"

#include <stdlib.h>

#include "../office_int.h"
#include "../report_int.h"
#include "core/clock.h"
#include "db/rec.h"
#include "store/peer.h"
#include "store/tables.h"
#include "testdb.h"

struct task {
	struct test_db t;
	struct role role;
	struct rule rule;
	struct bar bar;
	struct peer peer;
	struct report report;
	uint64_t account, id;
	bool result;
};

static void task_free(struct task *task)
{
	test_db_free(&task->t);
}

/* --- roles --- */

static enum rc role_job(struct db_txn *txn, void *arg)
{
	const struct task *task = arg;
	role_put(txn, &task->role);
	role_give(txn, task->account, task->role.id);
	return db_txn_rc(txn);
}

static enum rc unrole_job(struct db_txn *txn, void *arg)
{
	const struct task *task = arg;
	role_del(txn, task->role.id);
	role_give(txn, task->account, ROLE_EVERYBODY);
	return db_txn_rc(txn);
}

static void a_node_has_roles_from_the_start(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct role list[ROLES_MAX], role;
	test_db_init(&task.t, NULL, 0);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(role_list(txn, task.t.arena, list), 4);
	assert_str_eq(list[ROLE_OWNER].name, STR("Owner"));
	assert_int_equal(list[ROLE_OWNER].permissions, PERMISSION_ADMINISTRATOR);
	assert_true(list[ROLE_MODERATOR].position < list[ROLE_ADMIN].position);
	assert_int_equal(list[ROLE_EVERYBODY].permissions, 0);
	assert_false(role_get(txn, task.t.arena, 4, &role));
	assert_int_equal(role_of(txn, 7), ROLE_EVERYBODY);
	db_read_end(&txn);
}

static void roles_are_given_and_taken(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = {
		.role = { .id = 77,
			  .position = 5,
			  .permissions = PERMISSION_MANAGE_RULES,
			  .highlighted = true,
			  .name = STR("Editor"),
			  .color = STR("#ff0000") },
	};
	struct role role;
	test_db_init(&task.t, NULL, 0);
	task.account = test_db_local(&task.t, "alice").id;
	test_db_write(&task.t, role_job, &task);
	test_db_check(&task.t);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(role_of(txn, task.account), 77);
	assert_true(role_get(txn, task.t.arena, 77, &role));
	assert_str_eq(role.color, STR("#ff0000"));
	assert_true(role.highlighted);
	db_read_end(&txn);
	struct reckey key = reckey_u64(77);
	test_db_put(&task.t, &store_role, reckey_str(&key), STR_NONE);
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
	test_db_write(&task.t, unrole_job, &task);
	test_db_check(&task.t);
}

/* --- rules --- */

static enum rc rule_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = rule_put(txn, &task->rule);
	return db_txn_rc(txn);
}

static enum rc unrule_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = rule_del(txn, task->id);
	return db_txn_rc(txn);
}

static void rules_stand_in_their_order(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .rule = { .position = 2, .text = STR("second") } };
	struct rule list[RULES_MAX], rule;
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, rule_job, &task);
	uint64_t second = task.id;
	task.rule = (struct rule){ .position = 1, .text = STR("first"), .hint = STR("why") };
	test_db_write(&task.t, rule_job, &task);
	task.rule = (struct rule){ .id = second, .position = 2, .text = STR("changed") };
	test_db_write(&task.t, rule_job, &task);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(rule_list(txn, task.t.arena, list), 2);
	assert_str_eq(list[0].text, STR("first"));
	assert_str_eq(list[0].hint, STR("why"));
	assert_str_eq(list[1].text, STR("changed"));
	assert_true(rule_get(txn, task.t.arena, second, &rule));
	db_read_end(&txn);
	test_db_write(&task.t, unrule_job, &task);
	assert_true(task.result);
	test_db_write(&task.t, unrule_job, &task);
	assert_false(task.result);
}

/* --- documents --- */

static enum rc document_job(struct db_txn *txn, void *arg UNUSED)
{
	const struct document rows[] = {
		{ DOCUMENT_ABOUT, 0, 0, STR_INIT("# About") },
		{ DOCUMENT_TERMS, 2 * MS_PER_DAY, 0, STR_INIT("second") },
		{ DOCUMENT_TERMS, MS_PER_DAY, 0, STR_INIT("first") },
		{ DOCUMENT_ABOUT, 0, 0, STR_INIT("# About us") },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		document_put(txn, &rows[i]);
	return db_txn_rc(txn);
}

static enum rc undocument_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = document_del(txn, DOCUMENT_TERMS, MS_PER_DAY);
	return db_txn_rc(txn);
}

static void texts_stand_under_the_day_from_which_they_hold(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct document *list = calloc(DOCUMENTS_MAX, sizeof(*list)), document;
	assert_non_null(list);
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, document_job, NULL);
	struct db_txn *txn = test_db_read(&task.t);
	assert_true(document_get(txn, task.t.arena, DOCUMENT_ABOUT, 0, &document));
	assert_str_eq(document.text, STR("# About us"));
	assert_int_equal(document.updated_ms, TEST_DB_WALL_MS);
	assert_false(document_get(txn, task.t.arena, DOCUMENT_PRIVACY, 0, &document));
	assert_int_equal(document_list(txn, task.t.arena, DOCUMENT_TERMS, list), 2);
	assert_str_eq(list[0].text, STR("first"));
	assert_int_equal(list[1].from_ms, 2 * MS_PER_DAY);
	db_read_end(&txn);
	test_db_write(&task.t, undocument_job, &task);
	assert_true(task.result);
	test_db_write(&task.t, undocument_job, &task);
	assert_false(task.result);
	free(list);
}

/* --- bars --- */

static enum rc bar_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->id = bar_put(txn, task->t.arena, &task->bar);
	return db_txn_rc(txn);
}

static enum rc unbar_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = bar_del(txn, task->bar.kind, task->id);
	return db_txn_rc(txn);
}

static uint64_t bar_add(struct task *task, enum bar_kind kind, const char *value)
{
	task->bar = (struct bar){ .kind = kind,
				  .severity = BAR_SIGN_UP_BLOCK,
				  .value = str_of(value),
				  .comment = STR("spam") };
	test_db_write(&task->t, bar_job, task);
	return task->id;
}

static void bars_are_found_by_what_they_keep_out(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	struct bar bar, list[4];
	test_db_init(&task.t, NULL, 0);
	uint64_t first = bar_add(&task, BAR_EMAIL_DOMAIN, "spam.example");
	uint64_t second = bar_add(&task, BAR_EMAIL_DOMAIN, "junk.example");
	uint64_t ip = bar_add(&task, BAR_IP, "192.0.2.0/24");
	assert_int_equal(bar_add(&task, BAR_IP, "192.0.2.0/24"), 0);
	assert_true(ip != 0);
	test_db_check(&task.t);
	struct db_txn *txn = test_db_read(&task.t);
	assert_int_equal(bar_list(txn, task.t.arena, BAR_EMAIL_DOMAIN, 0, 0, list, 4), 2);
	assert_int_equal(list[0].id, second);
	assert_int_equal(bar_list(txn, task.t.arena, BAR_EMAIL_DOMAIN, second, 0, list, 4), 1);
	assert_int_equal(bar_list(txn, task.t.arena, BAR_EMAIL_DOMAIN, 0, first, list, 4), 1);
	assert_true(bar_find(txn, task.t.arena, BAR_IP, STR("192.0.2.0/24"), &bar));
	assert_int_equal(bar.id, ip);
	assert_int_equal(bar.created_ms, TEST_DB_WALL_MS);
	assert_str_eq(bar.comment, STR("spam"));
	assert_false(bar_find(txn, task.t.arena, BAR_EMAIL_DOMAIN, STR("192.0.2.0/24"), &bar));
	db_read_end(&txn);
	/* another value under the same id */
	task.bar = bar;
	task.bar.id = ip;
	task.bar.kind = BAR_IP;
	task.bar.value = STR("198.51.100.0/24");
	test_db_write(&task.t, bar_job, &task);
	assert_int_equal(task.id, ip);
	test_db_check(&task.t);
	assert_int_equal(test_db_rows(&task.t, &store_bar_value), 3);
	test_db_write(&task.t, unbar_job, &task);
	assert_true(task.result);
	assert_int_equal(test_db_rows(&task.t, &store_bar_value), 2);
	test_db_check(&task.t);
}

static void bars_that_do_not_mirror_are_told(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	uint64_t id = bar_add(&task, BAR_EMAIL_DOMAIN, "spam.example");
	struct reckey key = reckey_u64_u64(BAR_EMAIL_DOMAIN, id);
	test_db_put(&task.t, &store_bar, reckey_str(&key), STR("\1"));
	assert_int_equal(test_db_complaints(&task.t, NULL), 2);
	test_db_put(&task.t, &store_bar, reckey_str(&key), STR_NONE);
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
}

/* --- hosts --- */

static enum rc peer_job(struct db_txn *txn, void *arg)
{
	const struct task *task = arg;
	peer_put(txn, &task->peer);
	return db_txn_rc(txn);
}

static struct peer peer_of(struct task *task, struct str host)
{
	struct peer peer;
	struct db_txn *txn = test_db_read(&task->t);
	assert_true(peer_get(txn, task->t.arena, host, &peer));
	db_read_end(&txn);
	return peer;
}

static void what_is_decided_of_a_host_has_an_id(void **state UNUSED)
{
	const struct str host = STR("bad.example");
	struct task task CLEANUP(task_free) = { .peer = { .host = host, .note = STR("met") } };
	struct peer list[4], judged;
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, peer_job, &task);
	assert_int_equal(peer_of(&task, host).decision, 0);
	task.peer.policy = PEER_LIMITED;
	task.peer.flags = PEER_REJECT_MEDIA | PEER_OBFUSCATE;
	task.peer.public_note = STR("noise");
	test_db_write(&task.t, peer_job, &task);
	struct peer limited = peer_of(&task, host);
	assert_true(limited.decision != 0);
	assert_int_equal(limited.decided_ms, TEST_DB_WALL_MS);
	assert_str_eq(limited.public_note, STR("noise"));
	assert_int_equal(limited.flags, PEER_REJECT_MEDIA | PEER_OBFUSCATE);
	test_db_check(&task.t);
	/* it keeps the id when it becomes another decision, also from who knows none */
	task.peer = (struct peer){ .host = host, .policy = PEER_BLOCKED };
	test_db_write(&task.t, peer_job, &task);
	assert_int_equal(peer_of(&task, host).decision, limited.decision);
	struct db_txn *txn = test_db_read(&task.t);
	assert_true(peer_get_decision(txn, task.t.arena, limited.decision, &judged));
	assert_str_eq(judged.host, host);
	assert_int_equal(peer_decisions(txn, task.t.arena, 0, 0, list, 4), 1);
	assert_int_equal(peer_decisions(txn, task.t.arena, 0, limited.decision, list, 4), 0);
	assert_true(peer_judgement(txn, task.t.arena, STR("a.b.bad.example"), &judged));
	assert_int_equal(judged.policy, PEER_BLOCKED);
	assert_false(peer_judgement(txn, task.t.arena, STR("notbad.example"), &judged));
	db_read_end(&txn);
	task.peer.policy = PEER_DEFAULT;
	test_db_write(&task.t, peer_job, &task);
	assert_int_equal(peer_of(&task, host).decision, 0);
	assert_int_equal(test_db_rows(&task.t, &store_peer_id), 0);
	test_db_check(&task.t);
}

static void a_decision_without_its_host_is_told(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = {
		.peer = { .host = STR("bad.example"), .policy = PEER_BLOCKED },
	};
	struct reckey foreign = reckey_u64(99);
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, peer_job, &task);
	test_db_put(&task.t, &store_peer_id, reckey_str(&foreign), STR("bad.example"));
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
	test_db_put(&task.t, &store_peer_id, reckey_str(&foreign), STR_NONE);
	struct reckey own = reckey_u64(peer_of(&task, STR("bad.example")).decision);
	test_db_put(&task.t, &store_peer_id, reckey_str(&own), STR_NONE);
	assert_int_equal(test_db_complaints(&task.t, NULL), 1);
}

/* A row as the first version wrote it. */
static void hosts_of_the_first_version_are_read(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = { .id = 0 };
	test_db_init(&task.t, NULL, 0);
	test_db_put(&task.t, &store_peer, STR("old.example"), STR("\1\0\1\5\4why"));
	struct peer peer = peer_of(&task, STR("old.example"));
	assert_int_equal(peer.scheme, PEER_SCHEME_CAVAGE);
	assert_int_equal(peer.first_seen_ms, 5);
	assert_str_eq(peer.note, STR("why"));
	assert_int_equal(peer.flags, 0);
}

/* --- reports --- */

static enum rc report_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->report.id = report_add(txn, &task->report);
	return db_txn_rc(txn);
}

static enum rc handle_job(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	task->result = report_put(txn, &task->report);
	return db_txn_rc(txn);
}

static void reports_are_handled(void **state UNUSED)
{
	struct task task CLEANUP(task_free) = {
		.report = { .reporter = 1,
			    .target = 2,
			    .comment = STR("rude"),
			    .uri = STR(""),
			    .category = REPORT_VIOLATION,
			    .rules = { 5, 6 },
			    .rule_count = 2,
			    .forwarded = true },
	};
	struct report read;
	test_db_init(&task.t, NULL, 0);
	test_db_write(&task.t, report_job, &task);
	task.report.assigned = 9;
	task.report.resolved_ms = 10;
	task.report.resolved_by = 9;
	test_db_write(&task.t, handle_job, &task);
	assert_true(task.result);
	struct db_txn *txn = test_db_read(&task.t);
	assert_true(report_get(txn, task.t.arena, task.report.id, &read));
	db_read_end(&txn);
	assert_int_equal(read.category, REPORT_VIOLATION);
	assert_int_equal(read.rule_count, 2);
	assert_int_equal(read.rules[1], 6);
	assert_true(read.forwarded);
	assert_int_equal(read.assigned, 9);
	assert_int_equal(read.resolved_by, 9);
	task.report.id++;
	test_db_write(&task.t, handle_job, &task);
	assert_false(task.result);
}

static void categories_have_names(void **state UNUSED)
{
	enum report_category category;
	for (unsigned i = REPORT_OTHER; i <= REPORT_VIOLATION; i++) {
		const char *name = report_category_name((enum report_category)i);
		assert_true(report_category_parse(str_of(name), &category));
		assert_int_equal(category, i);
	}
	assert_false(report_category_parse(STR("nonsense"), &category));
}

/* --- codecs --- */

static void no_row_is_read_in_part(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct str objects[] = { STR("https://b.example/1") };
	const struct role role = { 1, 2, 3, true, STR("name"), STR("#000000") };
	const struct rule rule = { 1, 2, STR("text"), STR("hint") };
	const struct bar bar = { 1, BAR_IP, BAR_NO_ACCESS, STR("v"), STR("c"), 300, 400, 500 };
	const struct report report = { .reporter = 1,
				       .target = 2,
				       .comment = STR("c"),
				       .uri = STR("u"),
				       .objects = objects,
				       .object_count = 1,
				       .rules = { 1000 },
				       .rule_count = 1 };
	const struct document document = { DOCUMENT_ABOUT, 0, 70000, STR("t") };
	struct buf rows[5] = { BUF_INIT(4096), BUF_INIT(4096), BUF_INIT(4096), BUF_INIT(4096),
			       BUF_INIT(4096) };
	document_encode(&rows[4], &document);
	role_encode(&rows[0], &role);
	rule_encode(&rows[1], &rule);
	bar_encode(&rows[2], &bar);
	report_encode(&rows[3], &report);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		for (size_t n = 0; n <= rows[i].len; n++) {
			struct role a;
			struct rule b;
			struct bar c;
			struct report d = { .id = 0 };
			struct document e;
			struct str part = str_take(buf_str(&rows[i]), n);
			bool read = i == 0   ? role_decode(part, &a)
				    : i == 1 ? rule_decode(part, &b)
				    : i == 2 ? bar_decode(part, &c)
				    : i == 4 ? document_decode(part, &e)
					     : report_decode(arena, part, &d);
			assert_int_equal(read, n == rows[i].len);
		}
		buf_free(&rows[i]);
	}
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_has_roles_from_the_start),
		cmocka_unit_test(roles_are_given_and_taken),
		cmocka_unit_test(rules_stand_in_their_order),
		cmocka_unit_test(texts_stand_under_the_day_from_which_they_hold),
		cmocka_unit_test(bars_are_found_by_what_they_keep_out),
		cmocka_unit_test(bars_that_do_not_mirror_are_told),
		cmocka_unit_test(what_is_decided_of_a_host_has_an_id),
		cmocka_unit_test(a_decision_without_its_host_is_told),
		cmocka_unit_test(hosts_of_the_first_version_are_read),
		cmocka_unit_test(reports_are_handled),
		cmocka_unit_test(categories_have_names),
		cmocka_unit_test(no_row_is_read_in_part),
	};
	return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
