/* What we say: the document of every act, made by the act itself. */
#include "fedkit.h"

#include <stdlib.h>

#include "ap/write.h"
#include "social/account.h"

/* --- the job that the last act has added --- */

static bool keep_federate(void *arg, const struct queue_job_view *job)
{
	struct str *payload = arg;
	if (job->kind == JOB_FEDERATE) {
		payload->ptr = realloc((void *)(uintptr_t)payload->ptr, job->payload.len + 1);
		must(payload->ptr != NULL);
		memcpy((void *)(uintptr_t)payload->ptr, job->payload.ptr, job->payload.len);
		payload->len = job->payload.len;
	}
	return true;
}

static struct federate last_act(struct fedkit *kit)
{
	struct str payload = STR_NONE;
	struct federate f;
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	queue_each_job(txn, false, STR(""), 0, keep_federate, &payload);
	db_read_end(&txn);
	assert_non_null(payload.ptr);
	assert_true(federate_decode(kit->arena, payload, &f));
	free((void *)(uintptr_t)payload.ptr);
	return f;
}

static struct str built(struct fedkit *kit)
{
	struct ctx ctx = { .arena = kit->arena };
	struct buf out = BUF_INIT(1 << 20);
	struct federate f = last_act(kit);
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	enum rc rc = build_activity(kit->fed, txn, &ctx, &f, &out);
	db_read_end(&txn);
	assert_int_equal(rc, RC_OK);
	return arena_take_buf(kit->arena, &out);
}

/* Without its context, and with each id's digits as 0 and each time as T. */
static struct str plain(struct fedkit *kit, struct str json)
{
	struct buf out = BUF_INIT(1 << 20);
	size_t at = str_find(json, STR("\"id\":"));
	buf_add_chr(&out, '{');
	for (; at < json.len; at++) {
		size_t digits = 0;
		while (at + digits < json.len && json.ptr[at + digits] >= '0' &&
		       json.ptr[at + digits] <= '9')
			digits++;
		if (digits == 4 && at + 24 < json.len && json.ptr[at + 10] == 'T') {
			buf_add_chr(&out, 'T');
			at += str_index(str_skip(json, at), '"') - 1;
		} else if (digits > 10) {
			buf_add_chr(&out, '0');
			at += digits - 1;
		} else {
			buf_add_chr(&out, json.ptr[at]);
		}
	}
	return arena_take_buf(kit->arena, &out);
}

/* Every document is well-formed, is read by our own reader, and tells nobody in secret (S-068). */
static void well_formed(struct fedkit *kit, struct str json)
{
	struct ctx ctx = { .arena = kit->arena };
	struct ap_reader reader = { &ctx, kit->site.iri_flags };
	struct ap_activity activity;
	struct jr_doc *doc;
	assert_int_equal(jr_parse(&ctx, json, &jr_limits_peer, &doc), RC_OK);
	if (ap_activity_decode(&reader, jr_root(doc), &activity) != RC_OK)
		fail_msg("%s", err_text(&ctx.err));
	assert_true(activity.type != AP_OTHER);
	assert_true(jr_type(jr_get(jr_root(doc), "@context")) != JR_ABSENT);
	assert_false(str_contains(json, STR("\"bto\"")));
	assert_false(str_contains(json, STR("\"bcc\"")));
	jr_free(&doc);
}

static void expect(struct fedkit *kit, const char *golden)
{
	struct str json = built(kit);
	well_formed(kit, json);
	assert_str_eq(plain(kit, json), str_of(golden));
}

/* --- acts --- */

typedef enum rc act(struct social *s, const struct account *actor, const struct account *target,
		    uint64_t status);

struct doing {
	struct fedkit *kit;
	act *what;
	uint64_t target, status;
};

static enum rc doing_job(struct db_txn *txn, void *arg)
{
	const struct doing *d = arg;
	struct ctx ctx = { .arena = d->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &d->kit->site };
	struct account alice, target = { 0 };
	must(account_get(txn, d->kit->arena, d->kit->alice.id, &alice));
	must(d->target == 0 || account_get(txn, d->kit->arena, d->target, &target));
	return d->what(&s, &alice, &target, d->status);
}

static void does(struct fedkit *kit, act *what, uint64_t target, uint64_t status)
{
	struct doing d = { kit, what, target, status };
	kit_write(kit, doing_job, &d);
}

static enum rc follow(struct social *s, const struct account *actor, const struct account *target,
		      uint64_t status UNUSED)
{
	enum follow_state state;
	return act_follow(s, actor, target, STR(""), &state);
}

static enum rc unfollow(struct social *s, const struct account *actor, const struct account *target,
			uint64_t status UNUSED)
{
	return act_unfollow(s, actor, target);
}

static enum rc accept(struct social *s, const struct account *actor, const struct account *target,
		      uint64_t status UNUSED)
{
	return act_accept(s, actor, target);
}

static enum rc reject(struct social *s, const struct account *actor, const struct account *target,
		      uint64_t status UNUSED)
{
	return act_reject(s, actor, target);
}

static enum rc block(struct social *s, const struct account *actor, const struct account *target,
		     uint64_t status UNUSED)
{
	return act_block(s, actor, target, STR(""));
}

static enum rc unblock(struct social *s, const struct account *actor, const struct account *target,
		       uint64_t status UNUSED)
{
	return act_unblock(s, actor, target);
}

static enum rc like(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, uint64_t status)
{
	return act_like(s, actor, status, STR(""));
}

static enum rc unlike(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, uint64_t status)
{
	return act_unlike(s, actor, status);
}

static enum rc boost(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, uint64_t status)
{
	return act_boost(s, actor, status, STR(""), 0, VISIBILITY_PUBLIC, NULL);
}

static enum rc unboost(struct social *s, const struct account *actor,
		       const struct account *target UNUSED, uint64_t status)
{
	return act_unboost(s, actor, status);
}

static enum rc erase(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, uint64_t status)
{
	return act_delete(s, actor, status);
}

static enum rc report(struct social *s, const struct account *actor, const struct account *target,
		      uint64_t status UNUSED)
{
	const struct str objects[] = { STR(CAROL "/notes/1") };
	return act_report(s, actor, target, 0, STR("spam"), objects, 1, STR(""));
}

static enum rc change(struct social *s, const struct account *actor,
		      const struct account *target UNUSED, uint64_t status UNUSED)
{
	struct account next = *actor;
	next.display_name = STR("Alice A.");
	return account_change(s, &next);
}

static enum rc leave(struct social *s, const struct account *actor,
		     const struct account *target UNUSED, uint64_t status UNUSED)
{
	return account_delete(s, actor);
}

static enum rc edit(struct social *s, const struct account *actor,
		    const struct account *target UNUSED, uint64_t status)
{
	struct status changed;
	must(status_get(s->txn, s->ctx->arena, status, &changed));
	changed.edited_ms = changed.created_ms + 1000;
	changed.content = (struct html){ STR("<p>edited</p>") };
	return act_edit(s, actor, &changed);
}

/* A post of carol's that is known here. */
static uint64_t carols_note(struct fedkit *kit, struct peer_actor *carol)
{
	*carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, kit->bob.id, carol->id, FOLLOW_ACCEPTED, BOB "#follows/1");
	assert_int_equal(kit_receive(kit, carol, kit_create(kit, CAROL, 1, "")), RC_OK);
	return kit_uri(kit, CAROL "/notes/1").id;
}

/* --- relations --- */

#define TO_CAROL "\"to\":[\"" CAROL "\"]"
#define SAYS(type) "\"type\":\"" type "\",\"actor\":\"" ALICE "\""

static void follow_and_undo(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	does(kit, follow, carol.id, 0);
	expect(kit, "{\"id\":\"" ALICE "#follows/0\"," SAYS("Follow") "," TO_CAROL
								      ",\"object\":\"" CAROL "\"}");
	does(kit, unfollow, carol.id, 0);
	expect(kit,
	       "{\"id\":\"" ALICE
	       "#follows/0/undo\"," SAYS("Undo") "," TO_CAROL ",\"object\":{\"id\":\"" ALICE
						 "#follows/0\"," SAYS("Follow") ",\"object\":"
										"\"" CAROL "\"}}");
}

static void answers_name_the_follow(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	kit_follow(kit, carol.id, kit->alice.id, FOLLOW_PENDING, CAROL "#f1");
	does(kit, accept, carol.id, 0);
	expect(kit, "{\"id\":\"" ALICE
		    "#accepts/0\"," SAYS("Accept") "," TO_CAROL ",\"object\":{\"id\":\"" CAROL
						   "#f1\",\"type\":\"Follow\",\"actor\":\"" CAROL
						   "\",\"object\":\"" ALICE "\"}}");
	does(kit, reject, carol.id, 0);
	expect(kit, "{\"id\":\"" ALICE
		    "#rejects/0\"," SAYS("Reject") "," TO_CAROL ",\"object\":{\"id\":\"" CAROL
						   "#f1\",\"type\":\"Follow\",\"actor\":\"" CAROL
						   "\",\"object\":\"" ALICE "\"}}");
}

static void block_and_undo(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	does(kit, block, carol.id, 0);
	expect(kit, "{\"id\":\"" ALICE "#blocks/0\"," SAYS("Block") "," TO_CAROL
								    ",\"object\":\"" CAROL "\"}");
	does(kit, unblock, carol.id, 0);
	expect(kit,
	       "{\"id\":\"" ALICE
	       "#blocks/0/undo\"," SAYS("Undo") "," TO_CAROL ",\"object\":{\"id\":\"" ALICE
						"#blocks/0\"," SAYS("Block") ",\"object\":"
									     "\"" CAROL "\"}}");
}

static void s080_a_report_tells_neither_who_nor_to_whom(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	does(kit, report, carol.id, 0);
	expect(kit,
	       "{\"id\":\"" HOME "/actor#reports/0\",\"type\":\"Flag\",\"actor\":\"" HOME
	       "/actor\",\"content\":\"spam\",\"object\":[\"" CAROL "\",\"" CAROL "/notes/1\"]}");
	assert_false(str_contains(built(kit), STR("alice")));
}

/* --- reactions --- */

static void like_and_undo(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol;
	uint64_t note = carols_note(kit, &carol);
	does(kit, like, 0, note);
	expect(kit, "{\"id\":\"" ALICE
		    "#likes/0\"," SAYS("Like") "," TO_CAROL ",\"object\":\"" CAROL "/notes/1\"}");
	does(kit, unlike, 0, note);
	expect(kit, "{\"id\":\"" ALICE
		    "#likes/0/undo\"," SAYS("Undo") "," TO_CAROL ",\"object\":{\"id\":\"" ALICE
						    "#likes/0\"," SAYS("Like") ",\"object\":"
									       "\"" CAROL
									       "/notes/1\"}}");
}

#define WIDE "\"to\":[\"" AP_PUBLIC "\"],\"cc\":[\"" CAROL "\",\"" ALICE "/followers\"]"

static void boost_and_undo(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol;
	uint64_t note = carols_note(kit, &carol);
	does(kit, boost, 0, note);
	expect(kit, "{\"id\":\"" ALICE "#boosts/0\"," SAYS("Announce") ",\"published\":\"T\"," WIDE
								       ",\"object\":\"" CAROL
								       "/notes/1\"}");
	does(kit, unboost, 0, note);
	expect(kit,
	       "{\"id\":\"" ALICE "#boosts/0/undo\"," SAYS(
		       "Undo") ",\"to\":[\"" ALICE "/followers\",\"" AP_PUBLIC
			       "\"],\"object\":{\"id\":"
			       "\"" ALICE "#boosts/0\"," SAYS("Announce") ",\"object\":\"" CAROL
									  "/notes/1\"}}");
}

static void s067_taking_back_a_boost_for_followers_is_for_followers(void **state)
{
	struct fedkit *kit = *state;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "hush");
	does(kit, boost, 0, post);
	assert_false(str_contains(built(kit), STR(AP_PUBLIC)));
	does(kit, unboost, 0, post);
	assert_false(str_contains(built(kit), STR(AP_PUBLIC)));
}

/* --- posts --- */

#define STATUS ALICE "/statuses/0"
#define ANYBODY "{\"automaticApproval\":[\"" AP_PUBLIC "\"]}"
#define POLICY                                                                  \
	"\"interactionPolicy\":{\"canQuote\":" ANYBODY ",\"canReply\":" ANYBODY \
	",\"canLike\":" ANYBODY ",\"canAnnounce\":" ANYBODY "},"
#define TOTALS                                                                                  \
	"\"replies\":{\"id\":\"" STATUS "/replies\",\"type\":\"Collection\",\"totalItems\":0}," \
	"\"likes\":{\"id\":\"" STATUS "/likes\",\"type\":\"Collection\",\"totalItems\":0},"     \
	"\"shares\":{\"id\":\"" STATUS "/shares\",\"type\":\"Collection\",\"totalItems\":0}"
#define NOTE(audience, more)                                                                  \
	"{\"id\":\"" STATUS "\",\"type\":\"Note\",\"attributedTo\":\"" ALICE                  \
	"\",\"sensitive\":false,\"context\":\"" STATUS "/context\",\"published\":\"T\"," more \
	"\"url\":\"" HOME "/@alice/0\"," audience                                             \
	",\"content\":\"%s\",\"contentMap\":{\"en\":\"%s\"},\"tag\":[]," POLICY TOTALS "}"

static void create_update_and_delete(void **state)
{
	struct fedkit *kit = *state;
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
#define AUDIENCE "\"to\":[\"" AP_PUBLIC "\"],\"cc\":[\"" ALICE "/followers\"]"
	expect(kit, kit_json(kit,
			     "{\"id\":\"" STATUS
			     "/activity\"," SAYS("Create") ",\"published\":\"T\"," AUDIENCE
							   ",\"object\":" NOTE(AUDIENCE, "") "}",
			     "<p>hello</p>", "<p>hello</p>")
			    .ptr);
	does(kit, edit, 0, post);
	expect(kit,
	       kit_json(kit,
			"{\"id\":\"" STATUS "#updates/0\"," SAYS(
				"Update") ",\"published\":\"T\"," AUDIENCE
					  ",\"object\":" NOTE(AUDIENCE, "\"updated\":\"T\",") "}",
			"<p>edited</p>", "<p>edited</p>")
		       .ptr);
	does(kit, erase, 0, post);
	expect(kit,
	       "{\"id\":\"" STATUS "#delete\"," SAYS("Delete") ",\"to\":[\"" AP_PUBLIC
							       "\"],\"object\":{\"id\":\"" STATUS
							       "\",\"type\":\"Tombstone\"}}");
#undef AUDIENCE
}

static void each_visibility_has_its_audience(void **state)
{
	static const struct {
		enum visibility visibility;
		const char *audience;
	} rows[] = {
		{ VISIBILITY_PUBLIC, "\"to\":[\"" AP_PUBLIC "\"],\"cc\":[\"" ALICE "/followers\"" },
		{ VISIBILITY_UNLISTED,
		  "\"to\":[\"" ALICE "/followers\"],\"cc\":[\"" AP_PUBLIC "\"" },
		{ VISIBILITY_FOLLOWERS, "\"to\":[\"" ALICE "/followers\"],\"cc\":[" },
		{ VISIBILITY_DIRECT, "\"to\":[\"" CAROL "\"]," },
	};
	struct fedkit *kit = *state;
	kit_peer(kit, CAROL, 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		kit_post(kit, &kit->alice, rows[i].visibility, "for @carol@peer.example");
		struct str json = built(kit);
		size_t at = str_find(json, str_of(rows[i].audience));
		if (at == json.len)
			fail_msg("%s not in %.*s", rows[i].audience, STR_ARG(json));
		/* in the activity and in the note */
		assert_true(str_contains(str_skip(json, at + 1), str_of(rows[i].audience)));
		assert_true(str_contains(json, STR("\"type\":\"Mention\",\"href\":\"" CAROL "\"")));
		if (rows[i].visibility > VISIBILITY_UNLISTED)
			assert_false(str_contains(json, STR(AP_PUBLIC)));
		if (rows[i].visibility == VISIBILITY_DIRECT)
			assert_false(str_contains(json, STR("/followers")));
		/* S-067: whoever reads it finds the visibility that it has */
		struct ctx ctx = { .arena = kit->arena };
		struct ap_reader reader = { &ctx, kit->site.iri_flags };
		struct ap_audience audience;
		struct jr_doc *doc;
		assert_int_equal(jr_parse(&ctx, json, &jr_limits_peer, &doc), RC_OK);
		ap_audience_decode(&reader, jr_get(jr_root(doc), "object"), &audience);
		assert_int_equal(remote_visibility(&audience, STR(ALICE "/followers")),
				 rows[i].visibility);
		jr_free(&doc);
	}
}

static void what_is_gone_already_needs_no_word(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 20);
	uint64_t post = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hello");
	struct federate f = last_act(kit);
	struct db_txn *txn;
	does(kit, erase, 0, post);
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(build_activity(kit->fed, txn, &ctx, &f, &out), RC_NOT_FOUND);
	db_read_end(&txn);
}

/* --- the account itself --- */

static void a_changed_profile_is_told_with_its_keys(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct ap_reader reader = { &ctx, kit->site.iri_flags };
	struct ap_actor actor;
	struct jr_doc *doc;
	does(kit, change, 0, 0);
	struct str json = built(kit);
	well_formed(kit, json);
	assert_int_equal(jr_parse(&ctx, json, &jr_limits_peer, &doc), RC_OK);
	assert_str_eq(jr_str(jr_get(jr_root(doc), "type")), STR("Update"));
	assert_int_equal(ap_actor_decode(&reader, jr_get(jr_root(doc), "object"), &actor), RC_OK);
	assert_str_eq(actor.id, STR(ALICE));
	assert_str_eq(actor.name, STR("Alice A."));
	assert_str_eq(actor.shared_inbox, STR(HOME "/inbox"));
	assert_int_equal(actor.key_count, 2);
	assert_true(actor.keys[0].pem.ptr != NULL);
	assert_true(actor.keys[1].multibase.ptr != NULL);
	assert_false(str_contains(json, STR("PRIVATE")));
	jr_free(&doc);
}

static void who_leaves_says_so(void **state)
{
	struct fedkit *kit = *state;
	does(kit, leave, 0, 0);
	expect(kit, "{\"id\":\"" ALICE "#delete/0\"," SAYS(
			    "Delete") ",\"to\":[\"" AP_PUBLIC "\"],\"object\":\"" ALICE "\"}");
}

#define T(name) cmocka_unit_test_setup_teardown(name, kit_setup, kit_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(follow_and_undo),
		T(answers_name_the_follow),
		T(block_and_undo),
		T(s080_a_report_tells_neither_who_nor_to_whom),
		T(like_and_undo),
		T(boost_and_undo),
		T(s067_taking_back_a_boost_for_followers_is_for_followers),
		T(create_update_and_delete),
		T(each_visibility_has_its_audience),
		T(what_is_gone_already_needs_no_word),
		T(a_changed_profile_is_told_with_its_keys),
		T(who_leaves_says_so),
	};
	return cmocka_run_group_tests_name("build", tests, NULL, NULL);
}
