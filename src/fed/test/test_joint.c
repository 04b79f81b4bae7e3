/* Partners of a community on the wire: the relation, what they tell, and what is compared. */
#include "core/enc.h"
#include "core/must.h"
#include "db/rec.h"
#include "fedqueue.h"
#include "joint_fed_int.h"
#include "store/graph.h"
#include "store/tables.h"

#define TEA HOME "/users/tea"
#define CLUB "https://peer.example/users/club" /* of carol's host */
#define FAKE "https://other.example/users/fake"
#define ITEMS CLUB "/joint"
#define PEER_SHARED "https://peer.example/inbox"
#define OTHER_SHARED "https://other.example/inbox"
#define NOTE CAROL "/notes/1"
#define IN_CLUB ",\"cc\":[\"" CLUB "\"],\"audience\":\"" CLUB "\""
#define Q(uri) "\"" uri "\""

static struct account tea;
static struct peer_actor club, fake;

static int scene_begin(void **state)
{
	struct kit_scene *w = kit_scene();
	struct community settings = { .kind = STR("") };
	club = kit_group(w->kit, CLUB, 3);
	fake = kit_group(w->kit, FAKE, 1);
	w->carol = kit_peer(w->kit, CAROL, 0);
	w->erin = kit_peer(w->kit, ERIN, 2);
	tea = kit_community(w->kit, "tea", &w->kit->alice, &settings);
	kit_follow(w->kit, w->erin.id, tea.id, FOLLOW_ACCEPTED, ERIN "#follow");
	*state = w;
	return 0;
}

static void partners(struct kit_scene *w)
{
	kit_partner(w->kit, tea.id, &club, true);
}

static struct joint relation(struct kit_scene *w, uint64_t partner)
{
	struct joint j;
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	if (!joint_get(txn, w->kit->arena, tea.id, partner, &j))
		j.community = 0;
	db_read_end(&txn);
	return j;
}

static enum rc says(struct kit_scene *w, const struct peer_actor *who, const char *type,
		    const char *object)
{
	static unsigned n;
	return kit_receive(w->kit, who,
			   kit_json(w->kit,
				    "{\"id\":\"%s/acts/%u\",\"type\":\"%s\",\"actor\":\"%s\","
				    "\"to\":[\"" AP_PUBLIC
				    "\"],\"instrument\":\"%s/joint\",\"object\":%s}",
				    who->uri, ++n, type, who->uri, who->uri, object));
}

static const char *relationship(struct kit_scene *w, const char *subject, const char *object)
{
	return kit_json(w->kit,
			"{\"type\":\"Relationship\",\"subject\":\"%s\",\"relationship\":"
			"\"" JOINT_RELATIONSHIP "\",\"object\":\"%s\"}",
			subject, object)
		.ptr;
}

static const char *offer(struct kit_scene *w, const char *id, const char *subject,
			 const char *object)
{
	return kit_json(w->kit, "{\"id\":\"%s\",\"type\":\"Offer\",\"actor\":\"%s\",\"object\":%s}",
			id, subject, relationship(w, subject, object))
		.ptr;
}

/* --- the relation --- */

static void an_offer_is_its_signers_own(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(says(w, &fake, "Offer", relationship(w, CLUB, TEA)), RC_NOT_FOUND);
	assert_int_equal(says(w, &club, "Offer", relationship(w, CLUB, FAKE)), RC_NOT_FOUND);
	assert_int_equal(says(w, &w->carol, "Offer", relationship(w, CAROL, TEA)), RC_NOT_FOUND);
	assert_int_equal(kit_rows(w->kit, &store_joint), 0);
	assert_int_equal(says(w, &club, "Offer", relationship(w, CLUB, TEA)), RC_OK);
	const struct joint j = relation(w, club.id);
	assert_int_equal(j.state, JOINT_ASKED);
	assert_str_eq(j.items, STR(ITEMS));
	/* offers of other things mean nothing here */
	assert_int_equal(says(w, &club, "Offer", "{\"type\":\"Note\",\"content\":\"tea\"}"),
			 RC_UNSUPPORTED);
}

struct offering {
	struct joint joint;
};

static enum rc offered_job(struct db_txn *txn, void *arg)
{
	const struct offering *o = arg;
	return joint_put(txn, &o->joint);
}

static void an_answer_is_by_whom_was_asked(void **state)
{
	struct kit_scene *w = *state;
	struct offering o = { .joint = { .community = tea.id,
					 .partner = club.id,
					 .state = JOINT_OFFERED,
					 .offer = STR(TEA "#offers/1"),
					 .items = STR("") } };
	kit_write(w->kit, offered_job, &o);
	assert_int_equal(says(w, &fake, "Accept", offer(w, TEA "#offers/1", TEA, CLUB)),
			 RC_NOT_FOUND);
	assert_int_equal(says(w, &fake, "Accept", offer(w, TEA "#offers/1", TEA, FAKE)),
			 RC_NOT_FOUND);
	assert_int_equal(says(w, &club, "Accept", offer(w, TEA "#offers/2", TEA, CLUB)),
			 RC_NOT_FOUND);
	assert_int_equal(relation(w, club.id).state, JOINT_OFFERED);
	/* by its id alone */
	assert_int_equal(says(w, &club, "Accept", Q(TEA "#offers/1")), RC_OK);
	assert_int_equal(relation(w, club.id).state, JOINT_AGREED);
	/* nobody else ends it */
	assert_int_equal(says(w, &fake, "Reject", offer(w, TEA "#offers/1", TEA, CLUB)),
			 RC_NOT_FOUND);
	assert_int_equal(says(w, &fake, "Undo", offer(w, TEA "#offers/1", TEA, CLUB)),
			 RC_NOT_FOUND);
	assert_int_equal(relation(w, club.id).state, JOINT_AGREED);
	assert_int_equal(says(w, &club, "Reject", offer(w, TEA "#offers/1", TEA, CLUB)), RC_OK);
	assert_int_equal(relation(w, club.id).community, 0);
}

static void whoever_offered_takes_it_back(void **state)
{
	struct kit_scene *w = *state;
	assert_int_equal(says(w, &club, "Offer", relationship(w, CLUB, TEA)), RC_OK);
	const char *id = kit_json(w->kit, "%.*s", STR_ARG(relation(w, club.id).offer)).ptr;
	assert_int_equal(says(w, &club, "Undo", offer(w, id, CLUB, TEA)), RC_OK);
	assert_int_equal(kit_rows(w->kit, &store_joint), 0);
	assert_int_equal(kit_rows(w->kit, &store_joint_of), 0);
}

/* --- what a partner tells --- */

static struct str announce(struct kit_scene *w, const struct peer_actor *group, const char *object)
{
	static unsigned n;
	return kit_json(w->kit,
			"{\"id\":\"%s/announces/%u\",\"type\":\"Announce\",\"actor\":\"%s\","
			"\"to\":[\"" AP_PUBLIC "\"],\"object\":%s}",
			group->uri, ++n, group->uri, object);
}

static enum rc announces(struct kit_scene *w, const struct peer_actor *group, const char *object)
{
	return kit_receive(w->kit, group, announce(w, group, object));
}

static const char *act(struct kit_scene *w, const char *id, const char *actor, const char *type,
		       const char *object)
{
	return kit_json(w->kit,
			"{\"id\":\"%s\",\"type\":\"%s\",\"actor\":\"%s\",\"to\":[\"" AP_PUBLIC
			"\"],\"cc\":[\"" CLUB "\"],\"object\":\"%s\"}",
			id, type, actor, object)
		.ptr;
}

static struct community_post place_of(struct kit_scene *w, const char *uri)
{
	struct community_post place = { .flags = UINT32_MAX };
	struct status s;
	struct db_txn *txn;
	if (!kit_status(w->kit, uri, &s) || s.community != tea.id)
		return place;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	if (!community_post_get(txn, tea.id, s.id, &place))
		place.flags = UINT32_MAX;
	db_read_end(&txn);
	return place;
}

/* Why it is marked, as it is kept. */
static struct str why(struct kit_scene *w, const char *uri)
{
	struct db_txn *txn;
	const uint64_t id = place_of(w, uri).status;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	const struct str text = community_reason_get(txn, w->kit->arena, tea.id, id);
	db_read_end(&txn);
	return text;
}

static void drain(struct kit_scene *w)
{
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
}

static void it_is_told_on_but_never_back_and_never_twice(void **state)
{
	struct kit_scene *w = *state;
	partners(w);
	kit_queue_start(w->q, w->kit, false);
	drain(w);
	w->q->count = 0;
	struct str create = kit_create(w->kit, CAROL, 1, IN_CLUB);
	assert_int_equal(announces(w, &club, create.ptr), RC_OK);
	assert_int_equal(place_of(w, NOTE).flags, 0);
	drain(w);
	/* the announce of the whole, and the boost for servers without groups */
	assert_int_equal(kit_sent_to(w->q, OTHER_SHARED), 2);
	unsigned back = 0;
	for (size_t i = 0; i < w->q->count; i++)
		back += str_contains(w->q->sent[i].body, STR("\"Create\"")) &&
			str_contains(w->q->sent[i].inbox, STR("peer.example"));
	assert_int_equal(back, 0);
	w->q->count = 0;
	assert_int_equal(announces(w, &club, create.ptr), RC_EXISTS);
	drain(w);
	assert_int_equal(w->q->count, 0);
}

static void what_it_moderates_is_so_here_once(void **state)
{
	struct kit_scene *w = *state;
	partners(w);
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	const char *lock = act(w, CAROL "/locks/1", CAROL, "Lock", NOTE);
	assert_int_equal(announces(w, &club, lock), RC_OK);
	assert_int_equal(place_of(w, NOTE).flags, COMMUNITY_POST_LOCKED);
	assert_int_equal(kit_moderate(w->kit, &w->kit->alice, place_of(w, NOTE).status,
				      COMMUNITY_ACT_UNLOCK),
			 RC_OK);
	/* it comes again, by another way round: it has had its effect */
	assert_int_equal(announces(w, &club, lock), RC_EXISTS);
	assert_int_equal(place_of(w, NOTE).flags, 0);
	/* and so has what our own people did */
	assert_int_equal(announces(w, &club, act(w, ALICE "#m/1", ALICE, "Lock", NOTE)),
			 RC_NOT_FOUND);
	assert_int_equal(place_of(w, NOTE).flags, 0);
}

static void who_is_no_partner_tells_nothing_of_it(void **state)
{
	struct kit_scene *w = *state;
	partners(w);
	kit_follow(w->kit, w->kit->alice.id, fake.id, FOLLOW_ACCEPTED, HOME "/f");
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	assert_int_equal(announces(w, &fake, act(w, FAKE "/l/1", FAKE, "Lock", NOTE)),
			 RC_NOT_FOUND);
	assert_int_equal(announces(w, &fake, act(w, FAKE "/d/1", FAKE, "Delete", NOTE)),
			 RC_NOT_FOUND);
	assert_int_equal(place_of(w, NOTE).flags, 0);
}

static void it_says_nothing_of_what_is_not_in_it(void **state)
{
	struct kit_scene *w = *state;
	struct status s;
	partners(w);
	uint64_t mine = kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "mine");
	const char *uri = kit_json(w->kit, "%.*s", STR_ARG(kit_post_uri(w->kit, mine))).ptr;
	assert_int_equal(announces(w, &club, act(w, CLUB "/d/1", CLUB, "Delete", uri)),
			 RC_NOT_FOUND);
	assert_true(kit_status(w->kit, uri, &s) && s.community == 0);
	assert_int_equal(announces(w, &club, kit_json(w->kit, "\"%s\"", uri).ptr), RC_OK);
	assert_true(kit_status(w->kit, uri, &s) && s.community == 0);
}

/* --- comparing --- */

static struct str hex(struct kit_scene *w, const unsigned char *bytes, size_t size)
{
	struct buf out = BUF_INIT(256);
	enc_hex(&out, str_n(bytes, size));
	return arena_take_buf(w->kit->arena, &out);
}

/* The partner has this post, and the network answers for it. */
static void partner_has(struct kit_scene *w, const char *letters, unsigned state)
{
	const struct digest sum = joint_digest(STR(NOTE), state, 0);
	struct reckey name = reckey_digest(STR(NOTE));
	unsigned bucket = name.bytes[0];
	test_fetch_answer(w->kit->net, ITEMS, 200, ACTIVITY_JSON,
			  kit_json(w->kit,
				   "{\"id\":\"" ITEMS "\",\"type\":\"OrderedCollection\","
				   "\"totalItems\":1,\"buckets\":[{\"bucket\":%u,"
				   "\"totalItems\":1,\"digest\":\"%.*s\"}]}",
				   bucket, STR_ARG(hex(w, sum.bytes, DIGEST_SIZE))));
	const char *page = kit_json(w->kit, ITEMS "?bucket=%u", bucket).ptr;
	/* of words it tells nothing */
	test_fetch_answer(w->kit->net, ITEMS "?of=bans", 404, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, ITEMS "?of=votes", 404, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, ITEMS "?of=reactions", 404, "text/plain", STR(""));
	test_fetch_answer(w->kit->net, page, 200, ACTIVITY_JSON,
			  kit_json(w->kit,
				   "{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\","
				   "\"orderedItems\":[{\"id\":\"" NOTE
				   "\",\"state\":\"%s\",\"stateTime\":5,\"edited\":0%s}]}",
				   page, letters, state != 0 ? ",\"summary\":\"old hat\"" : ""));
	test_fetch_answer(w->kit->net, NOTE, 200, ACTIVITY_JSON,
			  kit_json(w->kit, "{\"id\":\"" NOTE
					   "\",\"type\":\"Note\",\"attributedTo\":\"" CAROL
					   "\",\"content\":\"old\",\"published\":"
					   "\"2020-01-01T00:00:00Z\",\"to\":[\"" AP_PUBLIC
					   "\"]" IN_CLUB "}"));
}

static enum rc task_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *w = arg;
	struct ctx ctx = { .arena = w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &w->kit->site };
	const struct joint_task task = {
		.step = JOINT_STEP_INDEX, .community = tea.id, .partner = club.id, .uri = STR("")
	};
	joint_task_add(&s, &task, STR(""), 0);
	return db_txn_rc(txn);
}

static void the_past_of_a_partner_comes_with_what_was_done(void **state)
{
	struct kit_scene *w = *state;
	partner_has(w, "l", JOINT_LOCKED);
	kit_partner(w->kit, tea.id, &club, false);
	kit_write(w->kit, task_job, w);
	kit_queue_start(w->q, w->kit, false);
	queue_wake(w->kit->queue);
	/* the second look waits for its time, and is not due */
	kit_drain(w->q, 0);
	assert_true(relation(w, club.id).indexed);
	assert_int_equal(place_of(w, NOTE).flags, COMMUNITY_POST_LOCKED);
	assert_str_eq(why(w, NOTE), STR("old hat"));
	assert_true(relation(w, club.id).compared_ms != 0);
}

static void a_list_that_is_not_in_order_is_not_believed(void **state)
{
	struct kit_scene *w = *state;
	partner_has(w, "", 0);
	struct reckey name = reckey_digest(STR(NOTE));
	const char *page = kit_json(w->kit, ITEMS "?bucket=%u", (unsigned)name.bytes[0]).ptr;
	test_fetch_answer(w->kit->net, page, 200, ACTIVITY_JSON,
			  kit_json(w->kit,
				   "{\"id\":\"%s\",\"type\":\"OrderedCollectionPage\","
				   "\"orderedItems\":[{\"id\":\"" NOTE "\",\"state\":\"\"},"
				   "{\"id\":\"" NOTE "\",\"state\":\"\"}]}",
				   page));
	kit_partner(w->kit, tea.id, &club, false);
	kit_write(w->kit, task_job, w);
	kit_queue_start(w->q, w->kit, false);
	queue_wake(w->kit->queue);
	kit_drain(w->q, 0);
	assert_int_equal(place_of(w, NOTE).flags, UINT32_MAX);
	assert_int_equal(relation(w, club.id).compared_ms, 0);
}

static enum rc compare_job(struct db_txn *txn, void *arg)
{
	struct kit_scene *w = arg;
	struct ctx ctx = { .arena = w->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &w->kit->site };
	enum rc rc = joint_compare(&s, &w->kit->alice, tea.id, club.id);
	must(rc == RC_OK || rc == RC_NOT_FOUND);
	return db_txn_rc(txn);
}

static void a_reason_comes_with_the_state_and_is_told_with_it(void **state)
{
	struct kit_scene *w = *state;
	partners(w);
	partner_has(w, "r", JOINT_REMOVED);
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	kit_queue_start(w->q, w->kit, false);
	kit_write(w->kit, compare_job, w);
	drain(w);
	assert_int_equal(place_of(w, NOTE).flags, COMMUNITY_POST_REMOVED);
	assert_str_eq(why(w, NOTE), STR("old hat"));
	const struct kit_signing signing = kit_signed_by(w->kit, &club);
	const unsigned bucket = reckey_digest(STR(NOTE)).bytes[0];
	const struct kit_reply reply = kit_get(
		w->kit, kit_json(w->kit, "/users/tea/joint?bucket=%u", bucket).ptr, &signing);
	assert_int_equal(reply.status, 200);
	assert_true(str_contains(reply.body, STR("\"state\":\"r\"")));
	assert_true(str_contains(reply.body, STR("\"summary\":\"old hat\"")));
	/* as it is passed on it comes as well */
	assert_int_equal(announces(w, &club,
				   "{\"id\":\"" CAROL
				   "/locks/1\",\"type\":\"Lock\",\"actor\":\"" CAROL
				   "\",\"object\":\"" NOTE "\",\"summary\":\"quarrel\"}"),
			 RC_OK);
	assert_str_eq(why(w, NOTE), STR("quarrel"));
}

/* --- a partner that does not serve us any more --- */

static unsigned offers_sent(const struct kit_scene *w)
{
	unsigned n = 0;
	for (size_t i = 0; i < w->q->count; i++)
		n += str_contains(w->q->sent[i].body, STR("\"type\":\"Offer\"")) &&
		     str_contains(w->q->sent[i].body, STR(JOINT_RELATIONSHIP)) &&
		     str_contains(w->q->sent[i].inbox, STR("peer.example"));
	return n;
}

static void refuses(struct kit_scene *w)
{
	test_fetch_answer(w->kit->net, ITEMS, 404, "text/plain", STR(""));
	w->q->count = 0;
	kit_write(w->kit, compare_job, w);
	drain(w);
}

static void who_has_never_served_may_have_to_make_its_past_ready(void **state)
{
	struct kit_scene *w = *state;
	partners(w);
	kit_queue_start(w->q, w->kit, false);
	refuses(w);
	assert_int_equal(offers_sent(w), 0);
	assert_int_equal(relation(w, club.id).compared_ms, 0);
}

static void who_served_before_and_does_not_any_more_is_asked_anew(void **state)
{
	struct kit_scene *w = *state;
	partner_has(w, "", 0);
	partners(w);
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	kit_queue_start(w->q, w->kit, false);
	kit_write(w->kit, compare_job, w);
	drain(w);
	const struct joint before = relation(w, club.id);
	assert_true(before.compared_ms != 0);
	/* its word that it has ended was lost: it is asked, once for each comparison, and it stands till it answers */
	refuses(w);
	assert_int_equal(offers_sent(w), 1);
	assert_int_equal(relation(w, club.id).state, JOINT_AGREED);
	refuses(w);
	assert_int_equal(offers_sent(w), 1);
	/* it had lost it, and has it again: nothing begins anew */
	assert_int_equal(says(w, &club, "Accept", offer(w, TEA "#offers/7", TEA, CLUB)), RC_EXISTS);
	assert_int_equal(relation(w, club.id).compared_ms, before.compared_ms);
	/* its owners refuse: then it ends here, too */
	refuses(w);
	assert_int_equal(says(w, &club, "Reject", offer(w, TEA "#offers/8", TEA, CLUB)), RC_OK);
	assert_int_equal(relation(w, club.id).community, 0);
	refuses(w);
	assert_int_equal(offers_sent(w), 0);
}

/* --- copies of what others have written --- */

static struct kit_reply asks_copy(struct kit_scene *w, const struct peer_actor *who,
				  const char *uri)
{
	const struct kit_signing signing = kit_signed_by(w->kit, who);
	const struct reckey name = reckey_digest(str_of(uri));
	return kit_get(w->kit,
		       kit_json(w->kit, "/users/tea/joint?copy=%.*s",
				STR_ARG(hex(w, name.bytes, JOINT_NAME_SIZE)))
			       .ptr,
		       &signing);
}

static void a_copy_is_served_to_hosts_of_partners_alone(void **state)
{
	struct kit_scene *w = *state;
	struct ctx ctx = { .arena = w->kit->arena };
	struct jr_doc *doc = NULL;
	partners(w);
	assert_int_equal(announces(w, &club, kit_create(w->kit, CAROL, 1, IN_CLUB).ptr), RC_OK);
	struct kit_reply reply = asks_copy(w, &w->carol, NOTE);
	assert_int_equal(reply.status, 200);
	assert_int_equal(jr_parse(&ctx, reply.body, &jr_limits_peer, &doc), RC_OK);
	struct jr root = jr_root(doc), object = jr_get(root, "object");
	assert_str_eq(jr_str(jr_get(root, "type")), STR("Announce"));
	assert_str_eq(jr_str(jr_get(root, "actor")), STR(TEA));
	assert_str_eq(jr_str(jr_get(object, "id")), STR(NOTE));
	struct jr author = jr_get(object, "attributedTo");
	assert_str_eq(jr_str(jr_get(author, "id")), STR(CAROL));
	assert_str_eq(jr_str(jr_get(author, "preferredUsername")), STR("carol"));
	assert_true(jr_type(jr_get(object, "replies")) == JR_ABSENT);
	jr_free(&doc);
	assert_int_equal(asks_copy(w, &w->erin, NOTE).status, 404);
	assert_int_equal(asks_copy(w, &w->carol, CAROL "/notes/2").status, 404);
	/* of our own the origin is here */
	const uint64_t own = kit_post(w->kit, &w->kit->alice, VISIBILITY_PUBLIC, "@tea ours");
	const char *uri = kit_json(w->kit, "%.*s", STR_ARG(kit_post_uri(w->kit, own))).ptr;
	assert_int_equal(asks_copy(w, &w->carol, uri).status, 404);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, scene_begin, kit_scene_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_offer_is_its_signers_own),
		TEST(an_answer_is_by_whom_was_asked),
		TEST(whoever_offered_takes_it_back),
		TEST(it_is_told_on_but_never_back_and_never_twice),
		TEST(what_it_moderates_is_so_here_once),
		TEST(who_is_no_partner_tells_nothing_of_it),
		TEST(it_says_nothing_of_what_is_not_in_it),
		TEST(the_past_of_a_partner_comes_with_what_was_done),
		TEST(a_list_that_is_not_in_order_is_not_believed),
		TEST(a_copy_is_served_to_hosts_of_partners_alone),
		TEST(a_reason_comes_with_the_state_and_is_told_with_it),
		TEST(who_has_never_served_may_have_to_make_its_past_ready),
		TEST(who_served_before_and_does_not_any_more_is_asked_anew),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
