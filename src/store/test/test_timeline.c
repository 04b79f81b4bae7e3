/* Timelines: which posts have a place in them, and that the rows go along with the posts. */
#include "../timeline_int.h"
#include "db/rec.h"
#include "store/node.h"
#include "store/tables.h"
#include "testdb.h"

#define PAGE 16

struct task {
	struct status status;
	struct str url;
	bool result;
};

/* The node counts its posts; here they are all this node's own doing. */
static enum rc add(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	if ((task->status.flags & (STATUS_LOCAL | STATUS_BOOST)) == STATUS_LOCAL)
		node_count(txn, 0, 1);
	return status_add(txn, &task->status) ? RC_OK : RC_EXISTS;
}

static enum rc edit(struct db_txn *txn, void *arg)
{
	return status_edit(txn, &((struct task *)arg)->status) ? RC_OK : RC_NOT_FOUND;
}

static enum rc join(struct db_txn *txn, void *arg)
{
	return status_join(txn, &((struct task *)arg)->status) ? RC_OK : RC_NOT_FOUND;
}

static enum rc del(struct db_txn *txn, void *arg)
{
	const struct status *s = &((struct task *)arg)->status;
	if ((s->flags & (STATUS_LOCAL | STATUS_BOOST)) == STATUS_LOCAL)
		node_count(txn, 0, -1);
	return status_del(txn, s->id, db_txn_now(txn)) ? RC_OK : RC_NOT_FOUND;
}

static enum rc link_it(struct db_txn *txn, void *arg)
{
	struct task *task = arg;
	timeline_link_put(txn, &task->status, task->url);
	return db_txn_rc(txn);
}

/* A status like `like`, of this author, under an address of its own. */
static struct status post(struct test_db *t, const struct account *author, struct status like)
{
	static unsigned number;
	struct task task = { .status = like };
	task.status.account = author->id;
	task.status.flags |= account_is_local(author) ? STATUS_LOCAL : 0U;
	task.status.type = STR("Note");
	task.status.uri =
		arena_printf(t->arena, "%.*s/timeline/%u", STR_ARG(author->uri), number++);
	test_db_write(t, add, &task);
	return task.status;
}

static struct status tagged(struct test_db *t, const struct account *author, const char *a,
			    const char *b)
{
	struct str *tags = ARENA_ARRAY(t->arena, 2, struct str);
	assert_non_null(tags);
	tags[0] = str_of(a);
	tags[1] = str_of(b);
	return post(t, author, (struct status){ .tags = tags, .tag_count = 2 });
}

enum which { ALL, OURS, TAG, LINK };

static size_t page(struct test_db *t, enum which which, struct str name, struct id_range range,
		   struct timeline_entry out[PAGE])
{
	struct db_txn *txn = test_db_read(t);
	size_t n = 0;
	switch (which) {
	case ALL:
		n = timeline_public(txn, &range, out, PAGE);
		break;
	case OURS:
		n = timeline_local(txn, &range, out, PAGE);
		break;
	case TAG:
		n = timeline_tag(txn, name, &range, out, PAGE);
		break;
	case LINK:
		n = timeline_link(txn, name, &range, out, PAGE);
		break;
	}
	db_read_end(&txn);
	return n;
}

static size_t whole(struct test_db *t, enum which which, const char *name,
		    struct timeline_entry out[PAGE])
{
	return page(t, which, str_of(name), (struct id_range){ 0 }, out);
}

static void public_first_posts_have_a_place(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct status here = post(&t, &alice, (struct status){ 0 });
	struct status there = post(&t, &bob, (struct status){ 0 });
	struct status inside = post(&t, &alice, (struct status){ .visibility = VISIBILITY_LOCAL });
	for (enum visibility v = VISIBILITY_UNLISTED; v <= VISIBILITY_DIRECT; v++)
		post(&t, &alice, (struct status){ .visibility = v });
	test_db_status(&t, &bob, here.id, 0);
	test_db_status(&t, &bob, 0, here.id);
	struct status more = post(&t, &bob,
				  (struct status){ .flags = STATUS_REPLY,
						   .parent = there.id,
						   .parent_account = bob.id,
						   .root = there.id });
	assert_int_equal(whole(&t, ALL, "", e), 4);
	assert_int_equal(e[0].id, more.id);
	assert_int_equal(e[1].id, inside.id);
	assert_int_equal(e[1].marks, TIMELINE_OURS | TIMELINE_INSIDE);
	assert_int_equal(e[2].id, there.id);
	assert_int_equal(e[2].account, bob.id);
	assert_int_equal(e[2].marks, 0);
	assert_int_equal(e[3].marks, TIMELINE_OURS);
	assert_int_equal(whole(&t, OURS, "", e), 2);
	assert_int_equal(e[0].id, inside.id);
	assert_int_equal(e[1].id, here.id);
	test_db_check(&t);
}

static void a_page_lies_between_its_bounds(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	uint64_t ids[5];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = test_db_status(&t, &alice, 0, 0).id;
	assert_int_equal(page(&t, ALL, STR(""),
			      (struct id_range){ .max_id = ids[3], .since_id = ids[0] }, e),
			 2);
	assert_int_equal(e[0].id, ids[2]);
	assert_int_equal(e[1].id, ids[1]);
	assert_int_equal(
		page(&t, ALL, STR(""), (struct id_range){ .min_id = ids[1], .ascending = true }, e),
		3);
	assert_int_equal(e[0].id, ids[2]);
	assert_int_equal(e[2].id, ids[4]);
	const struct id_range both = { .min_id = ids[1], .max_id = ids[4], .ascending = true };
	assert_int_equal(page(&t, ALL, STR(""), both, e), 2);
	assert_int_equal(e[1].id, ids[3]);
	const struct id_range none = { .max_id = ids[1], .since_id = ids[1] };
	assert_int_equal(page(&t, ALL, STR(""), none, e), 0);
	const struct id_range end = { .min_id = UINT64_MAX, .ascending = true };
	assert_int_equal(page(&t, ALL, STR(""), end, e), 0);
}

static void a_hashtag_is_found_in_every_spelling_once(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct status one = tagged(&t, &alice, "Cats", "CATS");
	struct status two = tagged(&t, &alice, "cats", "dogs");
	assert_int_equal(whole(&t, TAG, "cats", e), 2);
	assert_int_equal(e[0].id, two.id);
	assert_int_equal(e[1].id, one.id);
	assert_int_equal(whole(&t, TAG, "dogs", e), 1);
	assert_int_equal(whole(&t, TAG, "birds", e), 0);
	assert_int_equal(test_db_rows(&t, &store_tag), 3);
	test_db_check(&t);
}

static void an_edit_moves_a_post_between_hashtags(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	struct status_attachment picture = { .url = STR("https://b.example/1.png"),
					     .media_type = STR("image/png") };
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct str birds[] = { STR_INIT("birds"), STR_INIT("dogs") };
	struct task task = { .status = tagged(&t, &bob, "cats", "dogs") };
	task.status.tags = birds;
	test_db_write(&t, edit, &task);
	assert_int_equal(whole(&t, TAG, "cats", e), 0);
	assert_int_equal(whole(&t, TAG, "birds", e), 1);
	assert_int_equal(e[0].marks, 0);
	test_db_check(&t);
	task.status.attachments = &picture;
	task.status.attachment_count = 1;
	test_db_write(&t, edit, &task);
	assert_int_equal(whole(&t, TAG, "dogs", e), 1);
	assert_int_equal(e[0].marks, TIMELINE_MEDIA);
	assert_int_equal(whole(&t, ALL, "", e), 1);
	assert_int_equal(e[0].marks, TIMELINE_MEDIA);
	test_db_check(&t);
	task.status.tag_count = 0;
	test_db_write(&t, edit, &task);
	assert_int_equal(test_db_rows(&t, &store_tag), 0);
	test_db_check(&t);
}

static void a_deleted_post_is_in_no_timeline(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct task task = { .status = tagged(&t, &alice, "cats", "dogs"),
			     .url = STR("https://news.example/1") };
	test_db_write(&t, link_it, &task);
	test_db_check(&t);
	test_db_write(&t, del, &task);
	struct db_table *const tables[] = { &store_timeline, &store_timeline_local, &store_tag,
					    &store_link, &store_status_link };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		assert_int_equal(test_db_rows(&t, tables[i]), 0);
	test_db_check(&t);
}

static void what_waited_for_its_authors_own_post_gets_its_place(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	struct task task = { .status = post(&t, &bob, (struct status){ .flags = STATUS_REPLY }) };
	assert_int_equal(whole(&t, ALL, "", e), 0);
	struct status first = post(&t, &bob, (struct status){ 0 });
	task.status.parent = task.status.root = first.id;
	task.status.parent_account = bob.id;
	test_db_write(&t, join, &task);
	assert_int_equal(whole(&t, ALL, "", e), 2);
	assert_int_equal(e[1].id, task.status.id);
	test_db_check(&t);
}

static void a_post_is_found_by_its_newest_link(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	struct task task = { .status = post(&t, &alice, (struct status){ 0 }),
			     .url = STR("https://news.example/1") };
	test_db_write(&t, link_it, &task);
	assert_int_equal(whole(&t, LINK, "https://news.example/1", e), 1);
	assert_int_equal(e[0].id, task.status.id);
	task.url = STR("https://news.example/2");
	test_db_write(&t, link_it, &task);
	assert_int_equal(whole(&t, LINK, "https://news.example/1", e), 0);
	assert_int_equal(whole(&t, LINK, "https://news.example/2", e), 1);
	/* what is not for all is found by none */
	task.status = post(&t, &alice, (struct status){ .visibility = VISIBILITY_FOLLOWERS });
	test_db_write(&t, link_it, &task);
	assert_int_equal(whole(&t, LINK, "https://news.example/2", e), 1);
	test_db_check(&t);
}

static void a_lost_row_is_found(void **state UNUSED)
{
	struct db_table *const tables[] = { &store_timeline, &store_timeline_local, &store_tag,
					    &store_link };
	struct test_db t CLEANUP(test_db_free);
	test_db_init(&t, NULL, 0);
	struct account alice = test_db_local(&t, "alice");
	post(&t, &alice, (struct status){ 0 });
	struct task task = { .status = tagged(&t, &alice, "cats", "dogs"),
			     .url = STR("https://news.example/1") };
	test_db_write(&t, link_it, &task);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct db_txn *txn = test_db_read(&t);
		struct db_iter it;
		struct str key, value;
		db_iter_open(&it, txn, tables[i], STR(""), DB_BACKWARD, STR_NONE);
		assert_true(db_iter_next(&it, &key, &value));
		key = arena_str(t.arena, key);
		value = arena_str(t.arena, value);
		db_iter_close(&it);
		db_read_end(&txn);
		test_db_put(&t, tables[i], key, STR_NONE);
		assert_true(test_db_complaints(&t, NULL) != 0);
		for (size_t len = 0; len < value.len; len++) {
			test_db_put(&t, tables[i], key, str_take(value, len));
			assert_true(test_db_complaints(&t, NULL) != 0);
		}
		test_db_put(&t, tables[i], key, value);
		test_db_check(&t);
	}
}

static void a_row_that_leads_nowhere_is_found(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct reckey id = reckey_u64(99), name = reckey_digest(STR("cats"));
	const struct str row = STR("\1\0\0\0\0\0\0\0\0\1");
	reckey_add_u64(&name, 99);
	test_db_init(&t, NULL, 0);
	const struct {
		struct db_table *table;
		const struct reckey *key;
		struct str value;
	} cases[] = { { &store_timeline, &id, row },
		      { &store_timeline_local, &id, row },
		      { &store_tag, &name, row },
		      { &store_link, &name, row },
		      { &store_status_link, &id, STR_INIT("\1\2x") } };
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		test_db_put(&t, cases[i].table, reckey_str(cases[i].key), cases[i].value);
		assert_true(test_db_complaints(&t, NULL) != 0);
		test_db_put(&t, cases[i].table, reckey_str(cases[i].key), STR_NONE);
		test_db_check(&t);
	}
}

struct trim {
	uint64_t keep;
	bool end;
};

static enum rc trim(struct db_txn *txn, void *arg)
{
	struct trim *t = arg;
	t->end = timeline_trim(txn, t->keep, 4);
	return db_txn_rc(txn);
}

static void the_oldest_leave_a_long_timeline_in_steps(void **state UNUSED)
{
	struct test_db t CLEANUP(test_db_free);
	struct timeline_entry e[PAGE];
	struct trim task = { .keep = 3 };
	uint64_t ids[10];
	test_db_init(&t, NULL, 0);
	struct account bob = test_db_remote(&t, "bob", "b.example");
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		ids[i] = tagged(&t, &bob, "cats", "dogs").id;
	test_db_write(&t, trim, &task);
	assert_false(task.end);
	assert_int_equal(whole(&t, ALL, "", e), 6);
	test_db_write(&t, trim, &task);
	assert_true(task.end);
	assert_int_equal(whole(&t, ALL, "", e), 3);
	assert_int_equal(e[2].id, ids[7]);
	assert_int_equal(whole(&t, TAG, "cats", e), 10);
	test_db_check(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(public_first_posts_have_a_place),
		cmocka_unit_test(a_page_lies_between_its_bounds),
		cmocka_unit_test(a_hashtag_is_found_in_every_spelling_once),
		cmocka_unit_test(an_edit_moves_a_post_between_hashtags),
		cmocka_unit_test(a_deleted_post_is_in_no_timeline),
		cmocka_unit_test(what_waited_for_its_authors_own_post_gets_its_place),
		cmocka_unit_test(a_post_is_found_by_its_newest_link),
		cmocka_unit_test(a_lost_row_is_found),
		cmocka_unit_test(a_row_that_leads_nowhere_is_found),
		cmocka_unit_test(the_oldest_leave_a_long_timeline_in_steps),
	};
	return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
