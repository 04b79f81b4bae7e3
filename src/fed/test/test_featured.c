/* What accounts show first: told by Add and Remove, read from collections, served and sent. */
#include "fedqueue.h"

#include "social/account.h"
#include "social/react.h"
#include "store/emoji.h"
#include "store/graph.h"
#include "store/pin.h"
#include "store/tables.h"

#define FEATURED CAROL "/collections/featured"
#define TAGS CAROL "/collections/tags"
#define NOTE(n) CAROL "/notes/" #n

/* carol's document names her collections; alice follows her. */
static int scene_begin(void **state)
{
	struct kit_scene *scene = kit_scene();
	struct account a;
	scene->carol = kit_peer(scene->kit, CAROL, 0);
	scene->dave = kit_peer(scene->kit, DAVE, 1);
	assert_true(kit_account(scene->kit, scene->carol.id, &a));
	a.featured = STR(FEATURED);
	a.featured_tags = STR(TAGS);
	kit_put_account(scene->kit, &a);
	kit_follow(scene->kit, scene->kit->alice.id, scene->carol.id, FOLLOW_ACCEPTED,
		   ALICE "#follows/1");
	*state = scene;
	return 0;
}

static size_t pins(struct kit_scene *scene, uint64_t account, uint64_t out[PINS_MAX])
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(scene->kit->db, &txn), RC_OK);
	size_t n = pins_of(txn, account, out);
	db_read_end(&txn);
	return n;
}

static struct str change(struct kit_scene *scene, const char *id, const char *type,
			 const char *actor, const char *object, const char *target)
{
	return kit_json(scene->kit,
			"{\"id\":\"%s#%s\",\"type\":\"%s\",\"actor\":\"%s\",\"object\":%s,"
			"\"target\":\"%s\"}",
			actor, id, type, actor, object, target);
}

static enum rc told(struct kit_scene *scene, const char *id, const char *type, const char *object,
		    const char *target)
{
	return kit_receive(scene->kit, &scene->carol,
			   change(scene, id, type, CAROL, object, target));
}

static void add_pins_and_remove_takes_it_back(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t ids[PINS_MAX];
	assert_int_equal(
		kit_receive(scene->kit, &scene->carol, kit_create(scene->kit, CAROL, 1, "")),
		RC_OK);
	assert_int_equal(told(scene, "1", "Add", "\"" NOTE(1) "\"", FEATURED), RC_OK);
	assert_int_equal(pins(scene, scene->carol.id, ids), 1);
	assert_int_equal(told(scene, "1", "Add", "\"" NOTE(1) "\"", FEATURED), RC_EXISTS);
	assert_int_equal(told(scene, "2", "Add", "{\"id\":\"" NOTE(1) "\"}", FEATURED), RC_EXISTS);
	assert_int_equal(told(scene, "3", "Remove", "\"" NOTE(1) "\"", FEATURED), RC_OK);
	assert_int_equal(pins(scene, scene->carol.id, ids), 0);
	/* S-124: an Add that comes once more, late, pins nothing */
	assert_int_equal(told(scene, "1", "Add", "\"" NOTE(1) "\"", FEATURED), RC_EXISTS);
	assert_int_equal(told(scene, "4", "Remove", "\"" NOTE(1) "\"", FEATURED), RC_NOT_FOUND);
}

static void s008_nobody_adds_to_anothers_collection(void **state)
{
	static const char *const targets[] = {
		FEATURED "/", FEATURED "?x", CAROL "/followers", DAVE "/collections/featured",
		CAROL,	      "as:Public"
	};
	struct kit_scene *scene = *state;
	struct account alice;
	uint64_t ids[PINS_MAX];
	assert_int_equal(
		kit_receive(scene->kit, &scene->carol, kit_create(scene->kit, CAROL, 1, "")),
		RC_OK);
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		struct str id = kit_json(scene->kit, "t%zu", i);
		/* as if to a conversation, of which nobody here knows, or which is not carol's */
		assert_int_not_equal(told(scene, id.ptr, "Add", "\"" NOTE(1) "\"", targets[i]),
				     RC_OK);
	}
	/* dave adds to carol's; carol's post to his own, which he has not */
	assert_int_equal(kit_receive(scene->kit, &scene->dave,
				     change(scene, "1", "Add", DAVE, "\"" NOTE(1) "\"", FEATURED)),
			 RC_NOT_FOUND);
	/* to ours */
	assert_true(kit_account(scene->kit, scene->kit->alice.id, &alice));
	assert_int_equal(
		told(scene, "own", "Add", "\"" NOTE(1) "\"", ALICE "/collections/featured"),
		RC_DENIED);
	/* a neighbour's post in one's own collection */
	kit_follow(scene->kit, scene->kit->alice.id, scene->dave.id, FOLLOW_ACCEPTED, ALICE "#f2");
	assert_int_equal(kit_receive(scene->kit, &scene->dave, kit_create(scene->kit, DAVE, 2, "")),
			 RC_OK);
	assert_int_equal(told(scene, "d", "Add", "\"" DAVE "/notes/2\"", FEATURED), RC_DENIED);
	assert_int_equal(pins(scene, scene->carol.id, ids), 0);
	assert_int_equal(kit_rows(scene->kit, &store_pin), 0);
}

static void hashtags_are_added_to_either_collection(void **state)
{
	struct kit_scene *scene = *state;
	struct account a;
	assert_int_equal(
		told(scene, "1", "Add", "{\"type\":\"Hashtag\",\"name\":\"#Trees\"}", FEATURED),
		RC_OK);
	assert_int_equal(told(scene, "2", "Add", "{\"type\":\"Hashtag\",\"name\":\"owls\"}", TAGS),
			 RC_OK);
	assert_int_equal(
		told(scene, "3", "Add", "{\"type\":\"Hashtag\",\"name\":\"#trees\"}", TAGS),
		RC_EXISTS);
	assert_int_equal(told(scene, "4", "Add", "{\"type\":\"Hashtag\",\"name\":\"# a\"}", TAGS),
			 RC_NOT_FOUND);
	assert_true(kit_account(scene->kit, scene->carol.id, &a));
	assert_int_equal(a.tag_count, 2);
	assert_str_eq(a.tags[0], STR("Trees"));
	assert_int_equal(
		told(scene, "5", "Remove", "{\"type\":\"Hashtag\",\"name\":\"#TREES\"}", FEATURED),
		RC_OK);
	assert_true(kit_account(scene->kit, scene->carol.id, &a));
	assert_int_equal(a.tag_count, 1);
	assert_str_eq(a.tags[0], STR("owls"));
	/* S-060 */
	for (unsigned i = 0; i < 3 * ACCOUNT_TAGS_MAX; i++) {
		struct str id = kit_json(scene->kit, "m%u", i);
		struct str tag =
			kit_json(scene->kit, "{\"type\":\"Hashtag\",\"name\":\"#t%u\"}", i);
		(void)!told(scene, id.ptr, "Add", tag.ptr, FEATURED);
	}
	assert_true(kit_account(scene->kit, scene->carol.id, &a));
	assert_int_equal(a.tag_count, ACCOUNT_TAGS_MAX);
}

static void answer_note(struct kit_scene *scene, unsigned n)
{
	struct str id = kit_json(scene->kit, CAROL "/notes/%u", n);
	test_fetch_answer(scene->kit->net, id.ptr, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"%s\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
				   "\",\"content\":\"hi\",\"to\":\"" AP_PUBLIC "\"}",
				   id.ptr));
}

static void a_pinned_post_that_is_not_known_is_fetched(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t ids[PINS_MAX];
	kit_queue_start(scene->q, scene->kit, false);
	answer_note(scene, 7);
	struct str json = change(scene, "1", "Add", CAROL, "\"" NOTE(7) "\"", FEATURED);
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
	kit_drain(scene->q, 0);
	assert_int_equal(pins(scene, scene->carol.id, ids), 1);
	/* S-061: for a target that is not the sender's nothing is fetched */
	json = change(scene, "2", "Add", CAROL, "\"" NOTE(8) "\"", CAROL "/other");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, NOTE(8)), 0);
}

/* --- reading --- */

static void accept_follow(struct kit_scene *scene)
{
	kit_follow(scene->kit, scene->kit->bob.id, scene->carol.id, FOLLOW_PENDING,
		   BOB "#follows/1");
	struct str json = kit_json(
		scene->kit, "{\"id\":\"" CAROL "#acc\",\"type\":\"Accept\",\"actor\":\"" CAROL
			    "\",\"object\":{\"id\":\"" BOB "#follows/1\",\"type\":\"Follow\","
			    "\"actor\":\"" BOB "\",\"object\":\"" CAROL "\"}}");
	assert_int_equal(kit_post_inbox(scene->kit, &scene->carol, json).status, 202);
	kit_drain(scene->q, 0);
}

static void the_first_follow_reads_what_is_shown_first(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t ids[PINS_MAX];
	struct account a;
	struct buf items CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct str note;
	kit_queue_start(scene->q, scene->kit, false);
	/* S-061: of 1,000 only so many are asked for; those of others never */
	buf_add(&items, STR("\"" ERIN "/notes/1\",{\"type\":\"Hashtag\",\"name\":\"#x\"}"));
	for (unsigned i = 0; i < 1000; i++)
		buf_addf(&items, ",\"" CAROL "/notes/%u\"", i);
	for (unsigned i = 0; i < PINS_MAX; i++)
		answer_note(scene, i);
	test_fetch_answer(scene->kit->net, FEATURED, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" FEATURED "\",\"type\":\"OrderedCollection\","
				   "\"first\":\"" FEATURED "?page=1\"}"));
	test_fetch_answer(scene->kit->net, FEATURED "?page=1", 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" FEATURED "?page=1\",\"type\":"
				   "\"OrderedCollectionPage\",\"orderedItems\":[%.*s]}",
				   STR_ARG(buf_str(&items))));
	test_fetch_answer(scene->kit->net, TAGS, 200, ACTIVITY_JSON,
			  kit_json(scene->kit,
				   "{\"id\":\"" TAGS "\",\"type\":\"Collection\",\"items\":["
				   "{\"type\":\"Hashtag\",\"name\":\"#Trees\"},\"x\","
				   "{\"type\":\"Hashtag\",\"name\":\"# no\"}]}"));
	accept_follow(scene);
	assert_int_equal(pins(scene, scene->carol.id, ids), PINS_MAX);
	struct status first;
	assert_true(kit_status(scene->kit, NOTE(0), &first));
	assert_true(ids[0] == first.id);
	note = STR(ERIN "/notes/1");
	assert_int_equal(test_fetch_count_of(scene->kit->net, note.ptr), 0);
	assert_true(kit_account(scene->kit, scene->carol.id, &a));
	assert_int_equal(a.tag_count, 1);
	assert_str_eq(a.tags[0], STR("Trees"));
	/* not again the same day */
	size_t before = test_fetch_count_of(scene->kit->net, FEATURED);
	struct kit_answer answer = kit_resolve(scene->kit, 'r', CAROL);
	assert_int_equal(answer.rc, RC_OK);
	kit_drain(scene->q, 0);
	assert_int_equal(test_fetch_count_of(scene->kit->net, FEATURED), before);
}

static void a_collection_that_cannot_be_read_changes_nothing(void **state)
{
	struct kit_scene *scene = *state;
	uint64_t ids[PINS_MAX];
	assert_int_equal(
		kit_receive(scene->kit, &scene->carol, kit_create(scene->kit, CAROL, 1, "")),
		RC_OK);
	assert_int_equal(told(scene, "1", "Add", "\"" NOTE(1) "\"", FEATURED), RC_OK);
	kit_queue_start(scene->q, scene->kit, false);
	test_fetch_answer(scene->kit->net, FEATURED, 200, ACTIVITY_JSON,
			  STR("{\"type\":\"Note\"}"));
	accept_follow(scene);
	assert_int_equal(pins(scene, scene->carol.id, ids), 1);
	assert_int_equal(kit_rows(scene->kit, &queue_table_dead), 0);
}

/* --- ours --- */

enum ours {
	OUR_PIN,
	OUR_TAG,
	OUR_UNTAG,
	OUR_UNPIN,
	OUR_EMOJI,
	OUR_REACTION,
	OUR_UNREACTION,
	OUR_PROFILE,
};

struct doing {
	struct fedkit *kit;
	enum ours what;
	uint64_t status;
	enum rc rc;
};

static enum rc doing_job(struct db_txn *txn, void *arg)
{
	struct doing *d = arg;
	struct ctx ctx = { .arena = d->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &d->kit->site };
	struct account alice;
	struct reaction r;
	must(account_get(txn, d->kit->arena, d->kit->alice.id, &alice));
	switch (d->what) {
	case OUR_PIN:
		d->rc = act_pin(&s, &alice, d->status);
		break;
	case OUR_UNPIN:
		d->rc = act_unpin(&s, &alice, d->status);
		break;
	case OUR_TAG:
		d->rc = act_feature_tag(&s, &alice, STR("Trees"));
		break;
	case OUR_UNTAG:
		d->rc = act_unfeature_tag(&s, &alice, STR("trees"));
		break;
	case OUR_EMOJI:
		emoji_put(txn, STR("owl"), STR("https://home.example/owl.png"));
		break;
	case OUR_REACTION:
		d->rc = act_emoji_choose(&s, STR(":owl:"), &r);
		if (d->rc == RC_OK)
			d->rc = act_emoji_react(&s, &alice, d->status, &r);
		break;
	case OUR_UNREACTION:
		d->rc = act_emoji_unreact(&s, &alice, d->status, STR(":owl:"));
		break;
	case OUR_PROFILE:
		alice.display_name = STR("Alice :owl:");
		d->rc = account_change(&s, &alice);
		break;
	}
	return db_txn_rc(txn);
}

static void does(struct kit_scene *scene, enum ours what, uint64_t status)
{
	struct doing d = { scene->kit, what, status, RC_OK };
	kit_write(scene->kit, doing_job, &d);
	assert_int_equal(d.rc, RC_OK);
}

#define assert_part(text, part) assert_true(str_contains((text), STR(part)))

static void pins_and_tags_of_ours_are_told_to_followers_and_served(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	kit_follow(kit, scene->carol.id, kit->alice.id, FOLLOW_ACCEPTED, CAROL "#f");
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "x");
	struct str uri = kit_post_uri(kit, post);
	kit_queue_start(scene->q, kit, false);
	kit_drain(scene->q, 0);
	size_t at = scene->q->count;
	does(scene, OUR_PIN, post);
	does(scene, OUR_TAG, 0);
	queue_wake(kit->queue);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, at + 2);
	struct str add = scene->q->sent[at].body, tag = scene->q->sent[at + 1].body;
	assert_part(add, "\"type\":\"Add\"");
	assert_part(add, "\"target\":\"" ALICE "/collections/featured\"");
	assert_true(str_contains(add, uri));
	assert_part(tag,
		    "\"type\":\"Hashtag\",\"href\":\"" HOME "/tags/trees\",\"name\":\"#Trees\"");
	struct str served = kit_get(kit, "/users/alice/collections/featured", NULL).body;
	assert_part(served, "\"type\":\"OrderedCollection\"");
	assert_part(served, "\"totalItems\":1");
	assert_true(str_contains(served, uri));
	served = kit_get(kit, "/users/alice/collections/tags", NULL).body;
	assert_part(served, "\"name\":\"#Trees\"");
	served = kit_get(kit, "/users/alice", NULL).body;
	assert_part(served, "\"featuredTags\":\"" ALICE "/collections/tags\"");
	does(scene, OUR_UNPIN, post);
	does(scene, OUR_UNTAG, 0);
	queue_wake(kit->queue);
	kit_drain(scene->q, 0);
	assert_part(scene->q->sent[at + 2].body, "\"type\":\"Remove\"");
	assert_part(scene->q->sent[at + 3].body, "\"type\":\"Remove\"");
	served = kit_get(kit, "/users/alice/collections/featured", NULL).body;
	assert_part(served, "\"totalItems\":0");
	served = kit_get(kit, "/users/alice/collections/tags", NULL).body;
	assert_part(served, "\"totalItems\":0");
}

static void emoji_of_ours_have_ids_and_go_along(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	does(scene, OUR_EMOJI, 0);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hoo :owl: :none:");
	struct str uri = kit_post_uri(kit, post);
	struct str path = kit_json(kit, "%.*s", STR_ARG(str_skip(uri, strlen(HOME))));
	struct str note = kit_request(kit, "GET", path.ptr, NULL, STR("")).body;
	assert_part(note, "\"id\":\"" HOME
			  "/emojis/owl\",\"type\":\"Emoji\",\"name\":\":owl:\",\"updated\":\"");
	assert_part(note, "\"icon\":{\"type\":\"Image\",\"url\":\"https://home.example/owl.png\"}");
	assert_false(str_contains(note, STR("\":none:\"")));
	struct kit_reply own = kit_get(kit, "/emojis/owl", NULL);
	assert_int_equal(own.status, 200);
	assert_part(own.body, "\"type\":\"Emoji\"");
	assert_int_equal(kit_get(kit, "/emojis/none", NULL).status, 404);
	assert_int_equal(kit_get(kit,
				 "/emojis/"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
				 "aaaaaaaaaaaaaaa",
				 NULL)
				 .status,
			 404);
	does(scene, OUR_PROFILE, 0);
	assert_part(kit_get(kit, "/users/alice", NULL).body,
		    "\"tag\":[{\"id\":\"" HOME "/emojis/owl\"");
}

static void a_reaction_of_ours_is_one_activity_for_all(void **state)
{
	struct kit_scene *scene = *state;
	struct fedkit *kit = scene->kit;
	struct status note;
	assert_int_equal(kit_receive(kit, &scene->carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	assert_true(kit_status(kit, NOTE(1), &note));
	does(scene, OUR_EMOJI, 0);
	does(scene, OUR_REACTION, note.id);
	kit_queue_start(scene->q, kit, false);
	kit_drain(scene->q, 0);
	assert_int_equal(scene->q->count, 1);
	struct str json = scene->q->sent[0].body;
	assert_part(json, "\"type\":\"Like\"");
	assert_part(json, "\"object\":\"" NOTE(
				  1) "\",\"content\":\":owl:\",\"_misskey_reaction\":\":owl:\"");
	assert_part(json, "\"tag\":[{\"id\":\"" HOME "/emojis/owl\",\"type\":\"Emoji\"");
	does(scene, OUR_UNREACTION, note.id);
	queue_wake(kit->queue);
	kit_drain(scene->q, 0);
	json = scene->q->sent[1].body;
	assert_part(json, "\"type\":\"Undo\"");
	assert_part(json, "\"content\":\":owl:\",\"_misskey_reaction\":\":owl:\",\"tag\":[");
	assert_int_equal(kit_rows(kit, &store_reaction), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(add_pins_and_remove_takes_it_back),
		TEST(s008_nobody_adds_to_anothers_collection),
		TEST(hashtags_are_added_to_either_collection),
		TEST(a_pinned_post_that_is_not_known_is_fetched),
		TEST(the_first_follow_reads_what_is_shown_first),
		TEST(a_collection_that_cannot_be_read_changes_nothing),
		TEST(pins_and_tags_of_ours_are_told_to_followers_and_served),
		TEST(emoji_of_ours_have_ids_and_go_along),
		TEST(a_reaction_of_ours_is_one_activity_for_all),
	};
	return cmocka_run_group_tests_name("featured", tests, NULL, NULL);
}
