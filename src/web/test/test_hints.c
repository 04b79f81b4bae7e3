/* Pages tell what is known elsewhere, and say that somebody looks. */
#include "pagekit.h"
#include "store/hint.h"

struct telling {
	uint64_t status;
	struct status_hints hints;
};

static enum rc tell_job(struct db_txn *txn, void *arg)
{
	const struct telling *t = arg;
	hint_tell(txn, t->status, &t->hints);
	return db_txn_rc(txn);
}

static void tell(struct kit *kit, const struct status *s, struct status_hints hints)
{
	struct telling t = { s->id, hints };
	test_db_write(&kit->d, tell_job, &t);
}

static struct status reply(struct kit *kit, const struct account *author,
			   const struct status *parent)
{
	struct status s = kit_status(kit, author, "<p>a reply</p>");
	kit_reply_to(&s, parent);
	kit_add_status(kit, &s);
	return s;
}

static void what_is_missing_is_said(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_remote(&kit, "bob", "b.example");
	kit_add_account(&kit, &bob);
	struct status first = kit_post(&kit, &bob, "<p>first</p>");
	struct status answer = reply(&kit, &alice, &first);
	const char *path = kit_path(&kit, &alice, &answer);
	struct str page = kit_page(&kit, path);
	assert_has_not(page, STR("are known here"));
	assert_has_not(page, STR("Its own server"));
	tell(&kit, &first, (struct status_hints){ 14, 30, 1200, 99, 0 });
	page = kit_page(&kit, path);
	assert_has(page, STR("1 of 14 replies are known here."));
	assert_has(page, STR("Its own server counts 30 boosts, 1,200 likes."));
	assert_has(page, STR("2 of 99 posts of this conversation are known here."));
}

static void what_is_all_known_is_not(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account bob = kit_remote(&kit, "bob", "b.example");
	kit_add_account(&kit, &bob);
	struct status first = kit_post(&kit, &bob, "<p>first</p>");
	struct status answer = reply(&kit, &alice, &first);
	/* what has not been told is no number either */
	tell(&kit, &first, (struct status_hints){ 1, HINT_NONE, HINT_NONE, 2, 0 });
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &answer));
	assert_has_not(page, STR("are known here"));
	assert_has_not(page, STR("Its own server"));
	assert_has_not(page, STR("4,294"));
}

static void late_replies_stand_where_they_belong(void **state UNUSED)
{
	static const char *const texts[] = { "<p>third</p>", "<p>first</p>", "<p>second</p>" };
	static const unsigned ages[] = { 1, 3, 2 };
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>hello</p>");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct status s = kit_status(&kit, &alice, texts[i]);
		kit_reply_to(&s, &post);
		s.created_ms = KIT_WALL_MS - ages[i] * MS_PER_MINUTE;
		kit_add_status(&kit, &s);
	}
	struct str page = kit_page(&kit, kit_path(&kit, &alice, &post));
	size_t first = str_find(page, str_of(texts[1])), second = str_find(page, str_of(texts[2]));
	assert_true(first < second && second < str_find(page, str_of(texts[0])));
}

static void who_looks_at_a_thread_is_heard(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status post = kit_post(&kit, &alice, "<p>hello</p>");
	kit_page(&kit, kit_path(&kit, &alice, &post));
	assert_true(kit.looked_at == post.id && kit.looks == 1);
	kit_page(&kit, "/@alice");
	kit_assert_absent(&kit, "/@alice/17");
	assert_int_equal(kit.looks, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(what_is_all_known_is_not),
		cmocka_unit_test(late_replies_stand_where_they_belong),
		cmocka_unit_test(who_looks_at_a_thread_is_heard),
	};
	return cmocka_run_group_tests_name("hints", tests, NULL, NULL);
}
