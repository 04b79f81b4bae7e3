/* Likes with content, EmojiReact, Dislike, and taking them back: each counted once, as what it is. */
#include "fedkit.h"

#include "social/react.h"
#include "store/emoji.h"
#include "store/graph.h"
#include "store/notice.h"
#include "store/tables.h"

#define FIRE "\xf0\x9f\x94\xa5"
#define PARTY "\xf0\x9f\x8e\x89"
#define TAG(name, url)                                                          \
	"[{\"id\":\"https://peer.example/emojis/" name "\",\"type\":\"Emoji\"," \
	"\"name\":\":" name ":\",\"icon\":{\"type\":\"Image\",\"url\":\"" url "\"}}]"

static struct reaction_count counted(struct fedkit *kit, uint64_t post, size_t at)
{
	struct reaction_count list[REACTION_KINDS_MAX];
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	size_t n = reaction_counts(txn, kit->arena, post, list);
	db_read_end(&txn);
	return at < n ? list[at] : (struct reaction_count){ .text = STR_NONE };
}

static unsigned likes(struct fedkit *kit, uint64_t post)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	unsigned n = status_counts(txn, post).likes;
	db_read_end(&txn);
	return n;
}

static unsigned dislikes(struct fedkit *kit, uint64_t post)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	unsigned n = dislike_count(txn, post);
	db_read_end(&txn);
	return n;
}

static size_t notices(struct fedkit *kit, enum notice_kind kind)
{
	struct notice list[16];
	struct db_txn *txn;
	size_t n = 0;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	size_t all = notice_list(txn, kit->alice.id, 0, list, ARRAY_LEN(list));
	db_read_end(&txn);
	for (size_t i = 0; i < all; i++)
		n += list[i].kind == kind;
	return n;
}

/* {"type":type,...,"object":the post,more} by carol. */
static struct str about(struct fedkit *kit, const char *id, const char *type, uint64_t post,
			const char *more)
{
	return kit_json(kit,
			"{\"id\":\"" CAROL "#%s\",\"type\":\"%s\",\"actor\":\"" CAROL
			"\",\"object\":\"%.*s\"%s}",
			id, type, STR_ARG(kit_post_uri(kit, post)), more);
}

static struct str undo(struct fedkit *kit, const char *id, struct str inner)
{
	return kit_json(kit,
			"{\"id\":\"" CAROL "#undo-%s\",\"type\":\"Undo\",\"actor\":\"" CAROL
			"\",\"object\":%.*s}",
			id, STR_ARG(inner));
}

static void a_like_with_content_and_an_emoji_react_are_the_same(void **state)
{
	static const struct {
		const char *type, *more;
	} rows[] = {
		{ "EmojiReact", ",\"content\":\"" FIRE "\"" },
		{ "Like", ",\"content\":\"" FIRE "\"" },
		{ "Like", ",\"_misskey_reaction\":\"" FIRE "\"" },
		{ "Like", ",\"content\":\"" FIRE "\",\"_misskey_reaction\":\"" FIRE "\"" },
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
		struct str id = kit_json(kit, "r%zu", i), again = kit_json(kit, "s%zu", i);
		struct str json = about(kit, id.ptr, rows[i].type, post, rows[i].more);
		assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
		/* S-124: by its id, and by what it is */
		assert_int_equal(kit_receive(kit, &carol, json), RC_EXISTS);
		assert_int_equal(
			kit_receive(kit, &carol,
				    about(kit, again.ptr, rows[i].type, post, rows[i].more)),
			RC_EXISTS);
		assert_str_eq(counted(kit, post, 0).text, STR(FIRE));
		assert_int_equal(counted(kit, post, 0).count, 1);
		assert_int_equal(likes(kit, post), 0);
		assert_int_equal(notices(kit, NOTICE_REACTION), i + 1);
		assert_int_equal(notices(kit, NOTICE_LIKE), 0);
		assert_int_equal(kit_receive(kit, &carol, undo(kit, id.ptr, json)), RC_OK);
		assert_null(counted(kit, post, 0).text.ptr);
	}
	assert_int_equal(kit_rows(kit, &store_reaction), 0);
	assert_int_equal(kit_rows(kit, &store_reaction_count), 0);
}

static void a_like_is_a_like_beside_reactions(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	struct str like = about(kit, "like", "Like", post, "");
	struct str fire = about(kit, "fire", "Like", post, ",\"content\":\"" FIRE "\"");
	struct str party = about(kit, "party", "EmojiReact", post, ",\"content\":\"" PARTY "\"");
	assert_int_equal(kit_receive(kit, &carol, like), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, fire), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, party), RC_OK);
	assert_int_equal(likes(kit, post), 1);
	assert_non_null(counted(kit, post, 1).text.ptr);
	/* each is taken back by itself, once */
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "1", fire)), RC_OK);
	assert_int_equal(likes(kit, post), 1);
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "2", fire)), RC_OK);
	assert_int_equal(likes(kit, post), 1);
	assert_str_eq(counted(kit, post, 0).text, STR(PARTY));
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "3", like)), RC_OK);
	assert_int_equal(likes(kit, post), 0);
	assert_str_eq(counted(kit, post, 0).text, STR(PARTY));
	/* by its id alone */
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "4", STR("\"" CAROL "#party\""))),
			 RC_OK);
	assert_null(counted(kit, post, 0).text.ptr);
}

static void custom_emoji_are_their_hosts(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	struct str cat =
		about(kit, "cat", "Like", post,
		      ",\"content\":\":cat:\",\"tag\":" TAG("cat", "https://peer.example/cat.png"));
	assert_int_equal(kit_receive(kit, &carol, cat), RC_OK);
	struct reaction_count c = counted(kit, post, 0);
	assert_str_eq(c.text, STR(":cat:"));
	assert_str_eq(c.host, STR("peer.example"));
	assert_str_eq(c.url, STR("https://peer.example/cat.png"));
	/* another host does not change what it looks like, whatever id it names */
	struct str forged =
		kit_json(kit,
			 "{\"id\":\"" ERIN "#1\",\"type\":\"EmojiReact\",\"actor\":\"" ERIN
			 "\",\"object\":\"%.*s\",\"content\":\":cat:\",\"tag\":" TAG(
				 "cat", "https://other.example/rat.png") "}",
			 STR_ARG(kit_post_uri(kit, post)));
	assert_int_equal(kit_receive(kit, &erin, forged), RC_OK);
	assert_int_equal(counted(kit, post, 0).count, 1);
	assert_int_equal(counted(kit, post, 1).count, 1);
	for (size_t i = 0; i < 2; i++) {
		c = counted(kit, post, i);
		assert_str_eq(c.url, str_eq(c.host, STR("peer.example"))
					     ? STR("https://peer.example/cat.png")
					     : STR("https://other.example/rat.png"));
	}
	/* taken back without its picture */
	struct str bare = about(kit, "cat", "Like", post, ",\"content\":\":cat:\"");
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "cat", bare)), RC_OK);
	assert_str_eq(counted(kit, post, 0).host, STR("other.example"));
}

static enum rc offer(struct db_txn *txn, void *arg UNUSED)
{
	emoji_put(txn, STR("owl"), STR("https://home.example/owl.png"));
	return db_txn_rc(txn);
}

static void an_emoji_of_ours_is_ours_whoever_uses_it(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	kit_write(kit, offer, NULL);
	struct str json = about(kit, "owl", "EmojiReact", post,
				",\"content\":\":owl:\",\"tag\":[{\"id\":\"" HOME
				"/emojis/owl\",\"type\":\"Emoji\",\"name\":\":owl:\","
				"\"icon\":{\"url\":\"https://peer.example/evil.png\"}}]");
	assert_int_equal(kit_receive(kit, &carol, json), RC_OK);
	assert_int_equal(counted(kit, post, 0).host.len, 0);
	assert_str_eq(counted(kit, post, 0).url, STR("https://home.example/owl.png"));
}

static void what_is_no_emoji_is_a_like_or_nothing(void **state)
{
	static const char *const more[] = {
		",\"content\":\"very nice\"",
		",\"content\":\"" FIRE FIRE "\"",
		",\"content\":\":cat:\"",
		",\"content\":\":a\\\" onerror=:\",\"tag\":" TAG("cat", "https://peer.example/1"),
		",\"content\":\":cat:\",\"tag\":" TAG("cat", "javascript:alert(1)"),
	};
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
		struct str react = kit_json(kit, "e%zu", i), like = kit_json(kit, "l%zu", i);
		assert_int_equal(kit_receive(kit, &carol,
					     about(kit, react.ptr, "EmojiReact", post, more[i])),
				 RC_INVALID);
		assert_int_equal(
			kit_receive(kit, &carol, about(kit, like.ptr, "Like", post, more[i])),
			RC_OK);
		assert_int_equal(likes(kit, post), 1);
		assert_null(counted(kit, post, 0).text.ptr);
		struct str undone = about(kit, like.ptr, "Like", post, more[i]);
		assert_int_equal(kit_receive(kit, &carol, undo(kit, like.ptr, undone)), RC_OK);
		assert_int_equal(likes(kit, post), 0);
	}
}

static void s060_a_person_has_so_many_and_no_more(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	for (unsigned i = 0; i < 3 * REACTIONS_PER_PERSON; i++) {
		struct str id = kit_json(kit, "%u", i);
		struct str more = kit_json(kit,
					   ",\"content\":\":c%02u:\",\"tag\":[{\"type\":\"Emoji\","
					   "\"name\":\":c%02u:\",\"icon\":{\"url\":"
					   "\"https://peer.example/%u.png\"}}]",
					   i, i, i);
		enum rc rc =
			kit_receive(kit, &carol, about(kit, id.ptr, "EmojiReact", post, more.ptr));
		assert_int_equal(rc, i < REACTIONS_PER_PERSON ? RC_OK : RC_NOT_FOUND);
	}
	assert_int_equal(kit_rows(kit, &store_reaction_count), REACTIONS_PER_PERSON);
	/* one word of it, not one for each (S-060) */
	assert_int_equal(notices(kit, NOTICE_REACTION), 1);
}

static void s066_what_one_may_not_see_one_does_not_react_to(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "x");
	assert_int_equal(
		kit_receive(kit, &carol,
			    about(kit, "1", "EmojiReact", post, ",\"content\":\"" FIRE "\"")),
		RC_NOT_FOUND);
	assert_int_equal(kit_receive(kit, &carol, about(kit, "2", "Dislike", post, "")),
			 RC_NOT_FOUND);
	assert_int_equal(kit_rows(kit, &store_reaction), 0);
	assert_int_equal(kit_rows(kit, &store_dislike), 0);
}

static void s007_nobody_takes_back_what_is_anothers(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	struct str fire = about(kit, "fire", "EmojiReact", post, ",\"content\":\"" FIRE "\"");
	assert_int_equal(kit_receive(kit, &carol, fire), RC_OK);
	assert_int_equal(
		kit_receive(kit, &dave,
			    kit_activity(kit, DAVE "#u1", "Undo", DAVE, "\"" CAROL "#fire\"")),
		RC_NOT_FOUND);
	struct str whole = kit_json(kit,
				    "{\"id\":\"" DAVE "#u2\",\"type\":\"Undo\",\"actor\":\"" DAVE
				    "\",\"object\":%.*s}",
				    STR_ARG(fire));
	assert_int_equal(kit_receive(kit, &dave, whole), RC_DENIED);
	assert_int_equal(counted(kit, post, 0).count, 1);
}

static void s125_what_was_taken_back_before_it_came_stays_away(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	struct str fire = about(kit, "fire", "EmojiReact", post, ",\"content\":\"" FIRE "\"");
	struct str no = about(kit, "no", "Dislike", post, "");
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "1", fire)), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, fire), RC_EXISTS);
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "2", no)), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, no), RC_EXISTS);
	assert_null(counted(kit, post, 0).text.ptr);
	assert_int_equal(dislikes(kit, post), 0);
}

static void a_dislike_is_counted_apart(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	struct str no = about(kit, "no", "Dislike", post, "");
	assert_int_equal(kit_receive(kit, &carol, no), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, no), RC_EXISTS);
	assert_int_equal(dislikes(kit, post), 1);
	assert_int_equal(likes(kit, post), 0);
	assert_int_equal(notices(kit, NOTICE_LIKE), 0);
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "1", no)), RC_OK);
	assert_int_equal(dislikes(kit, post), 0);
	struct str other = about(kit, "other", "Dislike", post, "");
	assert_int_equal(kit_receive(kit, &carol, other), RC_OK);
	assert_int_equal(kit_receive(kit, &carol, undo(kit, "2", STR("\"" CAROL "#other\""))),
			 RC_OK);
	assert_int_equal(dislikes(kit, post), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_like_with_content_and_an_emoji_react_are_the_same),
		TEST(a_like_is_a_like_beside_reactions),
		TEST(custom_emoji_are_their_hosts),
		TEST(an_emoji_of_ours_is_ours_whoever_uses_it),
		TEST(what_is_no_emoji_is_a_like_or_nothing),
		TEST(s060_a_person_has_so_many_and_no_more),
		TEST(s066_what_one_may_not_see_one_does_not_react_to),
		TEST(s007_nobody_takes_back_what_is_anothers),
		TEST(s125_what_was_taken_back_before_it_came_stays_away),
		TEST(a_dislike_is_counted_apart),
	};
	return cmocka_run_group_tests_name("reactions", tests, NULL, NULL);
}
