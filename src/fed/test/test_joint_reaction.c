/* Reactions with emoji among partners: as they are passed on, what is told and read when they are compared,
 * whose word counts, and what is no list. */
#include "../joint_job_int.h"
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "fedqueue.h"
#include "store/emoji.h"
#include "store/reaction.h"
#include "store/tables.h"

#define TEA HOME "/users/tea"
#define CLUB "https://peer.example/users/club"	/* of carol's host */
#define BAND "https://other.example/users/band" /* of erin's */
#define ITEMS CLUB "/joint"
#define REACTIONS ITEMS "?of=reactions"
#define NOTE CAROL "/notes/1"
#define IN_CLUB ",\"cc\":[\"" CLUB "\"],\"audience\":\"" CLUB "\""
#define STRANGER "https://s.example/users/zoe"
#define FIRE "\xf0\x9f\x94\xa5"
#define CAT ":blobcat:"
#define TAG(url)                                                                                \
	"[{\"type\":\"Emoji\",\"name\":\"" CAT "\",\"icon\":{\"type\":\"Image\",\"url\":\"" url \
	"\"}}]"
#define PICTURE "https://s.example/cat.png"

static struct account tea;
static struct peer_actor club, band;
static uint64_t note;

static void answer(struct kit_scene *w, const char *url, struct str body)
{
	test_fetch_answer(w->kit->net, url, 200, ACTIVITY_JSON, body);
}

static int scene_begin(void **state)
{
	struct kit_scene *w = kit_scene();
	struct community settings = { .kind = STR("") };
	struct status s;
	club = kit_group(w->kit, CLUB, 3);
	band = kit_group(w->kit, BAND, 1);
	w->carol = kit_peer(w->kit, CAROL, 0);
	w->erin = kit_peer(w->kit, ERIN, 2);
	tea = kit_community(w->kit, "tea", &w->kit->alice, &settings);
	kit_partner(w->kit, tea.id, &club, true);
	kit_partner(w->kit, tea.id, &band, true);
	must(kit_receive(w->kit, &club,
			 kit_json(w->kit,
				  "{\"id\":\"" CLUB "/announces/1\",\"type\":\"Announce\","
				  "\"actor\":\"" CLUB "\",\"to\":[\"" AP_PUBLIC
				  "\"],\"object\":%s}",
				  kit_create(w->kit, CAROL, 1, IN_CLUB).ptr)) == RC_OK);
	must(kit_status(w->kit, NOTE, &s));
	note = s.id;
	test_fetch_answer(w->kit->net, ITEMS "?of=bans", 404, "text/plain", STR(""));
	*state = w;
	return 0;
}

/* --- what is shown --- */

/* How many have reacted with that; -1: in this way nobody. */
static int shown(struct kit_scene *w, const char *text, const char *host, struct str *url)
{
	struct reaction_count list[REACTION_KINDS_MAX];
	struct db_txn *txn;
	int count = -1;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	size_t n = reaction_counts(txn, w->kit->arena, note, list);
	for (size_t i = 0; i < n; i++) {
		if (!str_eq(list[i].text, str_of(text)) || !str_eq(list[i].host, str_of(host)))
			continue;
		count = (int)list[i].count;
		if (url != NULL)
			*url = list[i].url;
	}
	db_read_end(&txn);
	return count;
}

static void checked(struct kit_scene *w)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	assert_int_equal(status_counts(txn, note).likes, 0);
	db_read_end(&txn);
}

/* --- what the partner tells --- */

struct told {
	const char *who, *text; /* text NULL: CAT, with more as it is */
	bool there;
	uint64_t at_ms;
	const char *more;
};

static const char *text_of(const struct told *t)
{
	return t->text != NULL ? t->text : CAT;
}

static struct joint_word word_of(const struct told *t)
{
	struct joint_word word = { .about = JOINT_REACTIONS, .state = t->there };
	const struct reckey names[] = { reckey_digest(STR(NOTE)), reckey_digest(str_of(t->who)),
					reckey_digest(str_of(text_of(t))) };
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		memcpy(word.name + i * JOINT_NAME_SIZE, names[i].bytes, JOINT_NAME_SIZE);
	return word;
}

static const char *hex(struct kit_scene *w, const unsigned char *bytes, size_t size)
{
	struct buf out = BUF_INIT(256);
	enc_hex(&out, str_n(bytes, size));
	return arena_take_buf(w->kit->arena, &out).ptr;
}

static const char *item(struct kit_scene *w, const struct told *t)
{
	const struct joint_word word = word_of(t);
	const char *content =
		t->there ? kit_json(w->kit, ",\"content\":\"%s\"", text_of(t)).ptr : "";
	return kit_json(
		       w->kit,
		       "{\"post\":\"%s\",\"voter\":\"%s\",\"emoji\":\"%s\",\"stateTime\":%llu%s%s}",
		       hex(w, word.name, JOINT_NAME_SIZE),
		       hex(w, word.name + JOINT_NAME_SIZE, JOINT_NAME_SIZE),
		       hex(w, word.name + (size_t)2 * JOINT_NAME_SIZE, JOINT_NAME_SIZE),
		       (unsigned long long)t->at_ms, content, t->more != NULL ? t->more : "")
		.ptr;
}

static const char *bucket_url(struct kit_scene *w, const struct told *t)
{
	const struct joint_word word = word_of(t);
	return kit_json(w->kit, ITEMS "?bucket=%u&of=reactions", joint_word_bucket(&word)).ptr;
}

static void page(struct kit_scene *w, const struct told *t, const char *items)
{
	const char *url = bucket_url(w, t);
	answer(w, url,
	       kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\",\"orderedItems\":[%s]}",
			url, items));
}

static void head(struct kit_scene *w, const struct told *t)
{
	const struct joint_word word = word_of(t);
	const struct digest digest = joint_word_digest(&word);
	answer(w, REACTIONS,
	       kit_json(w->kit,
			"{\"id\":\"" REACTIONS "\",\"type\":\"OrderedCollection\","
			"\"totalItems\":%d,\"buckets\":[{\"bucket\":%u,\"totalItems\":%d,"
			"\"digest\":\"%s\"}]}",
			t->there, joint_word_bucket(&word), t->there,
			hex(w, digest.bytes, DIGEST_SIZE)));
}

static enum rc task_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *w = arg;
	struct ctx ctx = { .arena = w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &w->kit->site };
	const struct joint_task task = { .step = JOINT_STEP_COMPARE,
					 .about = JOINT_REACTIONS,
					 .community = tea.id,
					 .partner = club.id,
					 .uri = STR("") };
	joint_task_add(&s, &task, STR(""), 0);
	return db_txn_rc(txn);
}

static void compares(struct kit_scene *w)
{
	kit_write(w->kit, task_job, w);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	checked(w);
}

static void club_tells(struct kit_scene *w, const struct told t)
{
	head(w, &t);
	page(w, &t, item(w, &t));
	compares(w);
}

static uint64_t far(struct kit_scene *w)
{
	return clock_wall_ms(&w->kit->clock.clock) + 1000000;
}

/* --- comparing --- */

static void what_was_missed_comes_by_comparing(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	club_tells(w, (struct told){ STRANGER, FIRE, true, 5, NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
	/* of the partner's own people as if they had said it here */
	club_tells(w, (struct told){ CAROL, FIRE, true, 5, NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), 2);
	assert_int_equal(kit_rows(w->kit, &store_reaction), 1);
	assert_int_equal(kit_rows(w->kit, &store_told_reaction), 1);
	const size_t before = test_fetch_count(w->kit->net);
	compares(w);
	/* the head, the one bucket of which it tells another sum by now, and what is not told at all */
	assert_true(test_fetch_count(w->kit->net) > before);
	assert_int_equal(shown(w, FIRE, "", NULL), 2);
	club_tells(w, (struct told){ STRANGER, FIRE, false, 6, NULL });
	club_tells(w, (struct told){ CAROL, FIRE, false, 1, NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), -1);
	assert_int_equal(kit_rows(w->kit, &store_joint_word), 2);
}

static void the_older_word_about_a_stranger_does_not_count(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	club_tells(w, (struct told){ STRANGER, FIRE, true, 50, NULL });
	club_tells(w, (struct told){ STRANGER, FIRE, false, 49, NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
	/* of the same moment it is there */
	club_tells(w, (struct told){ STRANGER, FIRE, false, 50, NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
}

static enum rc react_job(struct db_txn *txn, void *arg)
{
	const uint64_t *account = arg;
	const struct reaction r = {
		.text = STR(FIRE), .host = STR(""), .url = STR(""), .uri = STR("")
	};
	return reaction_add(txn, note, *account, &r);
}

static void nobody_tells_of_others_people(void **state)
{
	struct kit_scene *w = *state;
	kit_queue_start(w->q, w->kit, false);
	kit_write(w->kit, react_job, &w->kit->alice.id);
	kit_write(w->kit, react_job, &w->erin.id);
	club_tells(w, (struct told){ ALICE, FIRE, false, far(w), NULL });
	club_tells(w, (struct told){ BOB, FIRE, true, far(w), NULL });
	/* erin's own node is a partner */
	club_tells(w, (struct told){ ERIN, FIRE, false, far(w), NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), 2);
}

static void a_shortcode_comes_with_its_picture_and_whose_it_is(void **state)
{
	struct kit_scene *w = *state;
	struct str url = STR("");
	kit_queue_start(w->q, w->kit, false);
	club_tells(w, (struct told){ STRANGER, NULL, true, 5,
				     ",\"host\":\"s.example\",\"tag\":" TAG(PICTURE) });
	assert_int_equal(shown(w, CAT, "s.example", &url), 1);
	assert_str_eq(url, STR(PICTURE));
	/* of who is known it is that of their host; and nobody changes what others' look like */
	club_tells(w, (struct told){ CAROL, NULL, true, 5,
				     ",\"host\":\"s.example\",\"tag\":" TAG(PICTURE) });
	assert_int_equal(shown(w, CAT, "peer.example", NULL), 1);
	club_tells(w, (struct told){ STRANGER "2", NULL, true, 5,
				     ",\"host\":\"s.example\",\"tag\":" TAG(CAROL "/ugly.png") });
	assert_int_equal(shown(w, CAT, "s.example", &url), 2);
	assert_str_eq(url, STR(PICTURE));
}

static void what_cannot_be_shown_is_passed_over(void **state)
{
	struct kit_scene *w = *state;
	static const struct told bad[] = {
		{ STRANGER, NULL, true, 5, NULL },
		{ STRANGER, NULL, true, 5, ",\"tag\":" TAG(PICTURE) },
		{ STRANGER, NULL, true, 5, ",\"host\":\"/\",\"tag\":" TAG(PICTURE) },
		/* one of ours that there is not */
		{ STRANGER, NULL, true, 5, ",\"host\":\"home.example\",\"tag\":" TAG(PICTURE) },
		{ STRANGER, "word", true, 5, NULL },
	};
	kit_queue_start(w->q, w->kit, false);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		club_tells(w, bad[i]);
	/* nor one whose digest is another's */
	const struct told fire = { STRANGER, FIRE, true, 5, NULL };
	struct told cat = { STRANGER, NULL, true, 5, NULL };
	head(w, &cat);
	page(w, &cat,
	     kit_json(w->kit, "%.*s,\"content\":\"" FIRE "\"}",
		      (int)strlen(item(w, &(struct told){ STRANGER, NULL, false, 5, NULL })) - 1,
		      item(w, &(struct told){ STRANGER, NULL, false, 5, NULL }))
		     .ptr);
	compares(w);
	assert_int_equal(kit_rows(w->kit, &store_reaction_count), 0);
	assert_int_equal(kit_rows(w->kit, &store_joint_word), 0);
	/* and it is asked for no more by that */
	club_tells(w, fire);
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
}

static void pages_that_are_not_in_order_are_not_believed(void **state)
{
	struct kit_scene *w = *state;
	const struct told fire = { STRANGER, FIRE, true, 5, NULL };
	const char *bad[] = {
		kit_json(w->kit, "%s,%s", item(w, &fire), item(w, &fire)).ptr,
		item(w, &(const struct told){ STRANGER "2", FIRE, true, 5, NULL }),
		"{\"post\":\"ab\",\"voter\":\"cd\",\"emoji\":\"ef\",\"content\":\"" FIRE "\"}",
		"7",
	};
	kit_queue_start(w->q, w->kit, false);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		head(w, &fire);
		page(w, &fire, bad[i]);
		compares(w);
		assert_int_equal(shown(w, FIRE, "", NULL), -1);
	}
	/* who has no such collection is not compared with in it */
	test_fetch_answer(w->kit->net, REACTIONS, 404, "text/plain", STR(""));
	compares(w);
	club_tells(w, fire);
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
}

/* --- as they come --- */

static enum rc announces(struct kit_scene *w, const char *inner)
{
	static unsigned n;
	return kit_receive(w->kit, &club,
			   kit_json(w->kit,
				    "{\"id\":\"" CLUB "/passed/%u\",\"type\":\"Announce\","
				    "\"actor\":\"" CLUB "\",\"to\":[\"" AP_PUBLIC
				    "\"],\"object\":%s}",
				    ++n, inner));
}

static const char *like(struct kit_scene *w, const char *who, const char *type, unsigned id,
			const char *more)
{
	return kit_json(w->kit,
			"{\"id\":\"%s/likes/%u\",\"type\":\"%s\",\"actor\":\"%s\","
			"\"object\":\"" NOTE "\"%s}",
			who, id, type, who, more)
		.ptr;
}

static const char *undo(struct kit_scene *w, const char *inner, unsigned id)
{
	return kit_json(w->kit,
			"{\"id\":\"" STRANGER "/undone/%u\",\"type\":\"Undo\",\"actor\":\"" STRANGER
			"\",\"object\":%s}",
			id, inner)
		.ptr;
}

static void what_a_stranger_says_is_a_reaction_and_no_vote(void **state)
{
	struct kit_scene *w = *state;
	struct str url;
	const char *fire = like(w, STRANGER, "Like", 1, ",\"content\":\"" FIRE "\"");
	const char *cat = like(w, STRANGER, "EmojiReact", 2,
			       ",\"content\":\"" CAT "\",\"tag\":" TAG(PICTURE));
	assert_int_equal(announces(w, fire), RC_OK);
	assert_int_equal(announces(w, cat), RC_OK);
	checked(w);
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
	assert_int_equal(shown(w, CAT, "s.example", &url), 1);
	assert_str_eq(url, STR(PICTURE));
	assert_int_equal(kit_rows(w->kit, &store_joint_word), 2);
	/* of which nothing can be shown it is none */
	assert_int_equal(announces(w, like(w, STRANGER, "EmojiReact", 3, ",\"content\":\"word\"")),
			 RC_NOT_FOUND);
	/* what is taken back needs no picture */
	assert_int_equal(
		announces(w, undo(w, like(w, STRANGER, "EmojiReact", 2, ",\"content\":\"" CAT "\""),
				  1)),
		RC_OK);
	assert_int_equal(shown(w, CAT, "s.example", NULL), -1);
	assert_int_equal(announces(w, undo(w, fire, 2)), RC_OK);
	assert_int_equal(shown(w, FIRE, "", NULL), -1);
	assert_int_equal(kit_rows(w->kit, &store_told_reaction), 0);
	/* in its own words a like is one */
	assert_int_equal(announces(w, like(w, STRANGER, "Like", 4, "")), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_told_vote), 1);
}

static void who_is_known_by_now_takes_back_what_was_told_of_a_stranger(void **state)
{
	struct kit_scene *w = *state;
	const char *fire = like(w, STRANGER, "Like", 1, ",\"content\":\"" FIRE "\"");
	assert_int_equal(announces(w, fire), RC_OK);
	struct peer_actor zoe = kit_peer(w->kit, STRANGER, 3);
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
	assert_int_equal(kit_receive(w->kit, &zoe, str_of(fire)), RC_OK);
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
	assert_int_equal(kit_rows(w->kit, &store_told_reaction), 0);
	assert_int_equal(kit_receive(w->kit, &zoe, str_of(undo(w, fire, 1))), RC_OK);
	assert_int_equal(shown(w, FIRE, "", NULL), -1);
}

static void what_came_by_comparing_is_taken_back_as_it_comes(void **state)
{
	struct kit_scene *w = *state;
	struct peer_actor zoe = kit_peer(w->kit, STRANGER, 3);
	const char *fire = like(w, STRANGER, "Like", 1, ",\"content\":\"" FIRE "\"");
	kit_queue_start(w->q, w->kit, false);
	club_tells(w, (struct told){ STRANGER, FIRE, true, 5, NULL });
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
	assert_int_equal(announces(w, undo(w, fire, 1)), RC_OK);
	assert_int_equal(shown(w, FIRE, "", NULL), -1);
	/* what they have told here themselves is theirs to take back */
	assert_int_equal(kit_receive(w->kit, &zoe, str_of(fire)), RC_OK);
	assert_int_equal(announces(w, undo(w, fire, 2)), RC_EXISTS);
	assert_int_equal(shown(w, FIRE, "", NULL), 1);
}

/* --- what partners are told --- */

static struct kit_reply asks(struct kit_scene *w, const struct peer_actor *who, const char *target)
{
	const struct kit_signing signing = kit_signed_by(w->kit, who);
	return kit_get(w->kit, target, &signing);
}

static enum rc own_job(struct db_txn *txn, void *arg UNUSED)
{
	emoji_put(txn, STR("blobcat"), STR(HOME "/cat.png"));
	return db_txn_rc(txn);
}

static enum rc own_cat_job(struct db_txn *txn, void *arg)
{
	const uint64_t *account = arg;
	const struct reaction r = {
		.text = STR(CAT), .host = STR(""), .url = STR(HOME "/cat.png"), .uri = STR("")
	};
	return reaction_add(txn, note, *account, &r);
}

static void partners_read_reactions_without_names(void **state)
{
	struct kit_scene *w = *state;
	kit_write(w->kit, own_job, NULL);
	kit_write(w->kit, own_cat_job, &w->kit->alice.id);
	const struct told cat = { ALICE, NULL, true, 0, NULL };
	const struct joint_word word = word_of(&cat);
	const struct digest digest = joint_word_digest(&word);
	struct kit_reply reply = asks(w, &club, "/users/tea/joint?of=reactions");
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(
		reply.body, kit_json(w->kit, "\"bucket\":%u,\"totalItems\":1,\"digest\":\"%s\"",
				     joint_word_bucket(&word), hex(w, digest.bytes, DIGEST_SIZE))));
	const char *bucket = kit_json(w->kit, "/users/tea/joint?bucket=%u&of=reactions",
				      joint_word_bucket(&word))
				     .ptr;
	reply = asks(w, &club, bucket);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(
		reply.body,
		kit_json(w->kit,
			 "\"voter\":\"%s\",\"emoji\":\"%s\",\"content\":\"" CAT
			 "\",\"host\":\"%.*s\",\"tag\":[{",
			 hex(w, word.name + JOINT_NAME_SIZE, JOINT_NAME_SIZE),
			 hex(w, word.name + (size_t)2 * JOINT_NAME_SIZE, JOINT_NAME_SIZE),
			 STR_ARG(w->kit->site.domain))));
	assert_true(str_contains(reply.body, STR(HOME "/cat.png")));
	assert_false(str_contains(reply.body, STR("alice")));
	const char *after =
		kit_json(w->kit, "%s&after=%s", bucket, hex(w, word.name, sizeof(word.name))).ptr;
	reply = asks(w, &club, after);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"orderedItems\":[]")));
	assert_int_equal(asks(w, &club, kit_json(w->kit, "%s&after=ab", bucket).ptr).status, 404);
	struct peer_actor zoe = kit_peer(w->kit, STRANGER, 3);
	assert_int_equal(asks(w, &zoe, "/users/tea/joint?of=reactions").status, 404);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_missed_comes_by_comparing),
		TEST(the_older_word_about_a_stranger_does_not_count),
		TEST(nobody_tells_of_others_people),
		TEST(a_shortcode_comes_with_its_picture_and_whose_it_is),
		TEST(what_cannot_be_shown_is_passed_over),
		TEST(pages_that_are_not_in_order_are_not_believed),
		TEST(what_a_stranger_says_is_a_reaction_and_no_vote),
		TEST(who_is_known_by_now_takes_back_what_was_told_of_a_stranger),
		TEST(what_came_by_comparing_is_taken_back_as_it_comes),
		TEST(partners_read_reactions_without_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
