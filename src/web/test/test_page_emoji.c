/* Pictures, reactions and pins on pages; and what keeps pages out of an index. */
#include "pagekit.h"
#include "store/pin.h"
#include "store/reaction.h"

#define FIRE "\xf0\x9f\x94\xa5"

static struct emoji owl[] = { { STR_INIT("owl"), STR_INIT("https://pics.example/owl.png") } };

struct extra {
	uint64_t status, account;
	struct str text, host;
	bool pin;
};

static enum rc add(struct db_txn *txn, void *arg)
{
	const struct extra *e = arg;
	const struct reaction r = { .text = e->text,
				    .host = e->host,
				    .url = STR("https://pics.example/owl.png"),
				    .uri = STR("") };
	if (e->pin)
		return pin_add(txn, e->account, e->status) ? RC_OK : RC_EXISTS;
	return reaction_add(txn, e->status, e->account, &r);
}

static void react(struct kit *kit, uint64_t status, uint64_t account, struct str text,
		  struct str host)
{
	struct extra e = { status, account, text, host, false };
	test_db_write(&kit->d, add, &e);
}

static void pin(struct kit *kit, const struct account *a, const struct status *s)
{
	struct extra e = { .status = s->id, .account = a->id, .pin = true };
	test_db_write(&kit->d, add, &e);
}

static void s086_emoji_of_ours_are_pictures(void **state UNUSED)
{
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct account alice = kit_local(&kit, "alice");
	alice.display_name = STR("Alice :owl:");
	static struct str tags[] = { STR_INIT("Trees") };
	alice.emojis = owl;
	alice.emoji_count = 1;
	alice.tags = tags;
	alice.tag_count = 1;
	kit_add_account(&kit, &alice);
	struct status post = kit_status(
		&kit, &alice, "<p>:owl: <a href=\"https://x.example/:owl:\">x</a> :none:</p>");
	post.emojis = owl;
	post.emoji_count = 1;
	kit_add_status(&kit, &post);
	struct answer answer = kit_ask(&kit, "/@alice", "");
	assert_has(answer.body, STR("<p><img class=\"emoji\" src=\"https://pics.example/owl.png\" "
				    "alt=\":owl:\" title=\":owl:\""));
	assert_has(answer.body, STR("href=\"https://x.example/:owl:\""));
	assert_has(answer.body, STR(" :none:</p>"));
	assert_has(answer.body, STR("Alice <img class=\"emoji\""));
	assert_has(answer.body, STR("<bdi>#Trees</bdi>"));
	/* never in the title and other attributes */
	assert_has(answer.body, STR("<title>Alice :owl: (@alice@"));
	assert_has(answer.head, STR("img-src 'self' data: https:;"));
	struct account bob = kit_person(&kit, "bob");
	kit_post(&kit, &bob, "<p>plain</p>");
	assert_has_not(kit_ask(&kit, "/@bob", "").head, STR("https:;"));
}

static void pictures_of_other_hosts_are_not_loaded(void **state UNUSED)
{
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct account eve = kit_remote(&kit, "eve", "b.example");
	kit_add_account(&kit, &eve);
	struct status theirs = kit_status(&kit, &eve, "<p>:owl:</p>");
	theirs.emojis = owl;
	theirs.emoji_count = 1;
	kit_add_status(&kit, &theirs);
	kit_boost(&kit, &alice, &theirs, VISIBILITY_PUBLIC);
	struct status own = kit_post(&kit, &alice, "<p>mine</p>");
	react(&kit, own.id, eve.id, STR(":owl:"), STR("b.example"));
	struct str page = kit_page(&kit, "/@alice");
	assert_has(page, STR("<p>:owl:</p>"));
	assert_has(page, STR("<bdi>:owl:</bdi> 1"));
	assert_has_not(page, STR("<img class=\"emoji\""));
}

static void reactions_are_shown_and_are_no_likes(void **state UNUSED)
{
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice"), bob = kit_person(&kit, "bob");
	struct status post = kit_post(&kit, &alice, "<p>x</p>");
	react(&kit, post.id, alice.id, STR(FIRE), STR(""));
	react(&kit, post.id, bob.id, STR(FIRE), STR(""));
	react(&kit, post.id, bob.id, STR(":owl:"), STR(""));
	struct str page = kit_page(&kit, "/@alice");
	assert_has(page, STR("<bdi>" FIRE "</bdi> 2"));
	assert_has(page, STR("<bdi><img class=\"emoji\""));
	assert_has_not(page, STR(" like"));
}

static void pins_stand_first_and_once(void **state UNUSED)
{
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice");
	struct status old = kit_post(&kit, &alice, "<p>the old one</p>");
	kit_post(&kit, &alice, "<p>the new one</p>");
	struct status hidden = kit_status(&kit, &alice, "<p>for followers</p>");
	hidden.visibility = VISIBILITY_FOLLOWERS;
	kit_add_status(&kit, &hidden);
	pin(&kit, &alice, &old);
	pin(&kit, &alice, &hidden);
	struct str page = kit_page(&kit, "/@alice");
	assert_true(str_find(page, STR("the old one")) < str_find(page, STR("the new one")));
	assert_int_equal(count_of(page, STR("the old one")), 1);
	assert_int_equal(count_of(page, STR(">Pinned<")), 1);
	/* S-066 */
	assert_has_not(page, STR("for followers"));
}

static void what_may_not_be_found_says_so_twice(void **state UNUSED)
{
	static struct str nobody = STR_INIT("https://social.town.example/users/alice");
	static struct str all = STR_INIT("https://www.w3.org/ns/activitystreams#Public");
	struct kit CLEANUP(kit_free) kit;
	kit_init(&kit);
	struct account alice = kit_person(&kit, "alice"), shy = kit_local(&kit, "shy");
	shy.flags &= ~(unsigned)ACCOUNT_INDEXABLE;
	kit_add_account(&kit, &shy);
	struct status open = kit_post(&kit, &alice, "<p>x</p>"),
		      quiet = kit_status(&kit, &alice, "<p>x</p>");
	quiet.searchable_by = &nobody;
	quiet.searchable_count = 1;
	kit_add_status(&kit, &quiet);
	struct status loud = kit_status(&kit, &shy, "<p>x</p>");
	loud.searchable_by = &all;
	loud.searchable_count = 1;
	kit_add_status(&kit, &loud);
	const struct {
		const char *path;
		bool hidden;
	} rows[] = {
		{ "/@alice", false },
		{ "/@shy", true },
		{ kit_path(&kit, &alice, &open), false },
		{ kit_path(&kit, &alice, &quiet), true },
		{ kit_path(&kit, &shy, &loud), false },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct answer answer = kit_ask(&kit, rows[i].path, "");
		if (str_contains(answer.head, STR("X-Robots-Tag: noindex")) != rows[i].hidden ||
		    str_contains(answer.body, STR("<meta name=\"robots\" content=\"noindex\">")) !=
			    rows[i].hidden)
			fail_msg("%s", rows[i].path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s086_emoji_of_ours_are_pictures),
		cmocka_unit_test(pictures_of_other_hosts_are_not_loaded),
		cmocka_unit_test(reactions_are_shown_and_are_no_likes),
		cmocka_unit_test(pins_stand_first_and_once),
		cmocka_unit_test(what_may_not_be_found_says_so_twice),
	};
	return cmocka_run_group_tests_name("page_emoji", tests, NULL, NULL);
}
