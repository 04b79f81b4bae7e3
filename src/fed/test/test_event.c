/* Joins and answers as they come in, and what goes out: forged, late, repeated ones among them. */
#include "fedkit.h"
#include "social/event.h"

#define DAY_MS ((uint64_t)24 * 60 * 60 * 1000)

struct holding {
	struct fedkit *kit;
	uint32_t capacity;
	enum event_join join;
	uint64_t id;
	enum participation state;
	enum rc rc;
};

static enum rc hold_job(struct db_txn *txn, void *arg)
{
	struct holding *h = arg;
	struct ctx ctx = { .arena = h->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &h->kit->site };
	struct draft draft = { .author = h->kit->alice,
			       .status = { .account = h->kit->alice.id,
					   .flags = STATUS_LOCAL,
					   .type = STR("Event"),
					   .title = STR("Tea"),
					   .content = html_trusted(STR("<p>x</p>")),
					   .event = { .start_ms = db_txn_now(txn) + DAY_MS,
						      .place = STR("Hall"),
						      .address = STR(""),
						      .url = STR(""),
						      .timezone = STR(""),
						      .group = STR(""),
						      .join = h->join,
						      .capacity = h->capacity } } };
	enum rc rc = act_post(&s, &draft);
	h->id = draft.status.id;
	return rc;
}

static uint64_t hold(struct fedkit *kit, enum event_join join, uint32_t capacity)
{
	struct holding h = { .kit = kit, .join = join, .capacity = capacity };
	kit_write(kit, hold_job, &h);
	return h.id;
}

static enum rc join_job(struct db_txn *txn, void *arg)
{
	struct holding *h = arg;
	struct ctx ctx = { .arena = h->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &h->kit->site };
	h->rc = event_join(&s, &h->kit->alice, h->id, STR(""), STR("hello"), &h->state);
	return db_txn_rc(txn);
}

static struct participant part(struct fedkit *kit, uint64_t id, uint64_t account)
{
	struct participant p = { .state = PARTICIPATION_NONE };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	if (!participant_get(txn, kit->arena, id, account, &p))
		p.state = PARTICIPATION_NONE;
	db_read_end(&txn);
	return p;
}

static struct attendance counts(struct fedkit *kit, uint64_t id)
{
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	struct attendance a = attendance_get(txn, id);
	db_read_end(&txn);
	return a;
}

static enum rc send(struct fedkit *kit, const struct peer_actor *from, const char *type,
		    const char *n, struct str object)
{
	struct str id = kit_json(kit, "%s#%s/%s", from->uri, type, n);
	struct str quoted = kit_json(kit, "\"%.*s\"", STR_ARG(object));
	return kit_receive(kit, from, kit_activity(kit, id.ptr, type, from->uri, quoted.ptr));
}

static void strangers_join_and_leave(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), erin = kit_peer(kit, ERIN, 1);
	uint64_t id = hold(kit, EVENT_JOIN_FREE, 1);
	struct str event = kit_post_uri(kit, id);
	assert_int_equal(send(kit, &carol, "Leave", "0", event), RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Join", "1", event), RC_OK);
	assert_int_equal(send(kit, &carol, "Join", "1", event), RC_EXISTS);
	/* asked anew, it is answered anew, and counted once */
	assert_int_equal(send(kit, &carol, "Join", "2", event), RC_OK);
	assert_int_equal(counts(kit, id).going, 1);
	assert_str_eq(part(kit, id, carol.id).uri, STR(CAROL "#Join/2"));
	assert_int_equal(send(kit, &erin, "Join", "1", event), RC_DENIED); /* full */
	assert_int_equal(send(kit, &erin, "Leave", "1", event), RC_NOT_FOUND);
	/* nobody leaves for another */
	struct str undo = kit_json(kit,
				   "{\"type\":\"Join\",\"id\":\"" CAROL
				   "#Join/2\",\"actor\":\"" CAROL "\",\"object\":\"%.*s\"}",
				   STR_ARG(event));
	assert_int_equal(
		kit_receive(kit, &erin, kit_activity(kit, ERIN "#u", "Undo", ERIN, undo.ptr)),
		RC_DENIED);
	assert_int_equal(
		kit_receive(kit, &carol, kit_activity(kit, CAROL "#u", "Undo", CAROL, undo.ptr)),
		RC_OK);
	assert_int_equal(counts(kit, id).going, 0);
	assert_int_equal(send(kit, &erin, "Join", "2", event), RC_OK);
	assert_int_equal(send(kit, &erin, "Leave", "2", event), RC_OK);
}

static void what_is_no_event_is_not_joined(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t plain = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "hi");
	assert_int_equal(send(kit, &carol, "Join", "1", kit_post_uri(kit, plain)), RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Join", "2", STR(ALICE "/statuses/1")), RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Join", "3", STR(ALICE)), RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Leave", "4", STR(ALICE)), RC_NOT_FOUND);
	struct str event = kit_post_uri(kit, hold(kit, EVENT_JOIN_NONE, 0));
	assert_int_equal(send(kit, &carol, "Join", "5", event), RC_DENIED);
	struct str quoted = kit_json(kit, "\"%.*s\"", STR_ARG(event));
	assert_int_equal(
		kit_receive(kit, &carol, kit_activity(kit, NULL, "Join", CAROL, quoted.ptr)),
		RC_INVALID);
}

#define EVENT "https://peer.example/events/1"

static struct str event_json(struct fedkit *kit, const char *more)
{
	return kit_json(
		kit,
		"{\"id\":\"" EVENT "\",\"type\":\"Event\",\"actor\":\"" CAROL
		"\",\"attributedTo\":\"https://peer.example/users/group\",\"name\":\"Cake\","
		"\"content\":\"<p>c</p>\",\"startTime\":\"2030-01-01T00:00:00Z\","
		"\"joinMode\":\"restricted\",\"to\":["
		"\"https://www.w3.org/ns/activitystreams#Public\"]%s}",
		more);
}

/* As Mobilizon has it: whole, with the Join in it. */
static struct str answer_json(struct fedkit *kit, const char *type, const char *actor,
			      struct str join, const char *who, const char *what)
{
	struct str inner = kit_json(kit,
				    "{\"type\":\"Join\",\"id\":\"%.*s\",\"actor\":\"%s\","
				    "\"object\":\"%s\"}",
				    STR_ARG(join), who, what);
	struct str id = kit_json(kit, "%s#%s", actor, type);
	return kit_activity(kit, id.ptr, type, actor, inner.ptr);
}

static uint64_t take_in(struct fedkit *kit, const struct peer_actor *carol)
{
	struct status status;
	kit_follow(kit, kit->alice.id, carol->id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	struct str whole = event_json(kit, ",\"participantCount\":3");
	assert_int_equal(
		kit_receive(kit, carol,
			    kit_activity(kit, CAROL "#create", "Create", CAROL, whole.ptr)),
		RC_OK);
	assert_true(kit_status(kit, EVENT, &status));
	return status.id;
}

static void only_who_holds_it_answers_us(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	struct peer_actor group = kit_peer(kit, "https://peer.example/users/group", 2);
	struct holding h = { .kit = kit, .id = take_in(kit, &carol) };
	kit_write(kit, join_job, &h);
	assert_int_equal(h.rc, RC_OK);
	assert_int_equal(h.state, PARTICIPATION_WAITING);
	struct str join = part(kit, h.id, kit->alice.id).uri;
	/* forged: by another of the same host, about somebody who has not asked, about another event */
	assert_int_equal(
		kit_receive(kit, &dave, answer_json(kit, "Accept", DAVE, join, ALICE, EVENT)),
		RC_DENIED);
	assert_int_equal(
		kit_receive(kit, &carol, answer_json(kit, "Accept", CAROL, join, BOB, EVENT)),
		RC_DENIED);
	assert_int_equal(
		kit_receive(kit, &carol, answer_json(kit, "Accept", CAROL, join, DAVE, EVENT)),
		RC_DENIED);
	assert_int_equal(
		kit_receive(kit, &carol, answer_json(kit, "Accept", CAROL, join, ALICE, ALICE)),
		RC_DENIED);
	assert_int_equal(part(kit, h.id, kit->alice.id).state, PARTICIPATION_WAITING);
	assert_int_equal(
		kit_receive(kit, &carol, answer_json(kit, "Accept", CAROL, join, ALICE, EVENT)),
		RC_OK);
	assert_int_equal(part(kit, h.id, kit->alice.id).state, PARTICIPATION_GOING);
	/* by its id alone */
	assert_int_equal(send(kit, &dave, "Reject", "1", join), RC_DENIED);
	assert_int_equal(send(kit, &group, "Reject", "1", STR(ALICE "#joins/1")), RC_DENIED);
	assert_int_equal(send(kit, &group, "Reject", "1", join), RC_OK);
	assert_int_equal(part(kit, h.id, kit->alice.id).state, PARTICIPATION_REFUSED);
}

static void counts_are_told_and_edit_nothing(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	uint64_t id = take_in(kit, &carol);
	struct status status;
	assert_int_equal(counts(kit, id).told, 3);
	struct str more = event_json(kit, ",\"participantCount\":4,\"updated\":"
					  "\"2026-01-01T00:00:00Z\"");
	assert_int_equal(
		kit_receive(kit, &carol, kit_activity(kit, CAROL "#u1", "Update", CAROL, more.ptr)),
		RC_OK);
	assert_int_equal(counts(kit, id).told, 4);
	assert_true(kit_status(kit, EVENT, &status));
	assert_int_equal(status.edited_ms, 0);
	struct str off = event_json(kit, ",\"participantCount\":4,\"ical:status\":\"CANCELLED\"");
	assert_int_equal(
		kit_receive(kit, &carol, kit_activity(kit, CAROL "#u2", "Update", CAROL, off.ptr)),
		RC_OK);
	assert_true(kit_status(kit, EVENT, &status));
	assert_int_equal(status.event.state, EVENT_CANCELLED);
	/* told again, it is older */
	assert_int_equal(
		kit_receive(kit, &carol, kit_activity(kit, CAROL "#u1", "Update", CAROL, more.ptr)),
		RC_EXISTS);
}

static struct jr built(struct fedkit *kit, const struct federate *f, struct jr_doc **doc)
{
	struct ctx ctx = { .arena = kit->arena };
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 18);
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(build_activity(kit->fed, txn, &ctx, f, &out), RC_OK);
	db_read_end(&txn);
	assert_int_equal(jr_parse(&ctx, buf_str(&out), &jr_limits_peer, doc), RC_OK);
	return jr_root(*doc);
}

static void what_we_say_is_what_others_read(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct jr_doc *doc;
	uint64_t id = hold(kit, EVENT_JOIN_ON_REQUEST, 5);
	struct federate f = { .what = FEDERATE_CREATE, .actor = kit->alice.id, .status = id };
	struct jr event = jr_get(built(kit, &f, &doc), "object");
	assert_str_eq(jr_str(jr_get(event, "type")), STR("Event"));
	assert_str_eq(jr_str(jr_get(event, "name")), STR("Tea"));
	assert_str_eq(jr_str(jr_get(event, "joinMode")), STR("restricted"));
	assert_str_eq(jr_str(jr_get(jr_get(event, "location"), "name")), STR("Hall"));
	jr_free(&doc);
	f = (struct federate){ .what = FEDERATE_JOIN_REJECT,
			       .actor = kit->alice.id,
			       .status = id,
			       .target = carol.id,
			       .uri = STR(ALICE "#rejects/1"),
			       .object = STR(CAROL "#Join/1") };
	struct jr answer = built(kit, &f, &doc);
	assert_str_eq(jr_str(jr_get(answer, "type")), STR("Reject"));
	assert_str_eq(jr_str(jr_get(jr_get(answer, "object"), "type")), STR("Join"));
	assert_str_eq(jr_str(jr_get(jr_get(answer, "object"), "id")), STR(CAROL "#Join/1"));
	assert_true(
		str_eq(jr_str(jr_get(jr_get(answer, "object"), "object")), kit_post_uri(kit, id)));
	jr_free(&doc);
	f = (struct federate){ .what = FEDERATE_JOIN,
			       .actor = kit->alice.id,
			       .status = id,
			       .target = carol.id,
			       .uri = STR(ALICE "#joins/1"),
			       .object = STR(EVENT),
			       .text = STR("hello") };
	struct jr join = built(kit, &f, &doc);
	assert_str_eq(jr_str(jr_get(join, "type")), STR("Join"));
	assert_str_eq(jr_str(jr_get(join, "object")), STR(EVENT));
	assert_str_eq(jr_str(jr_get(join, "participationMessage")), STR("hello"));
	jr_free(&doc);
}

struct inviting {
	struct fedkit *kit;
	uint64_t id, account;
};

static enum rc invite_job(struct db_txn *txn, void *arg)
{
	struct inviting *i = arg;
	struct ctx ctx = { .arena = i->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &i->kit->site };
	return event_invite(&s, &i->kit->alice, i->id, i->account);
}

static struct str invite_json(struct fedkit *kit, const char *id, const char *actor,
			      const char *event, const char *guest)
{
	return kit_json(kit,
			"{\"type\":\"Invite\",\"id\":\"%s\",\"actor\":\"%s\",\"object\":\"%s\","
			"\"target\":[\"%s\"],\"to\":[\"%s\"]}",
			id, actor, event, guest, guest);
}

static void only_who_holds_it_invites_ours(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	uint64_t id = take_in(kit, &carol);
	assert_int_equal(kit_receive(kit, &dave, invite_json(kit, DAVE "#i/1", DAVE, EVENT, ALICE)),
			 RC_DENIED);
	/* not somebody who is not here, nor to what is no event */
	assert_int_equal(
		kit_receive(kit, &carol, invite_json(kit, CAROL "#i/2", CAROL, EVENT, DAVE)),
		RC_NOT_FOUND);
	assert_int_equal(
		kit_receive(kit, &carol, invite_json(kit, CAROL "#i/3", CAROL, ALICE, ALICE)),
		RC_NOT_FOUND);
	struct str invite = invite_json(kit, CAROL "#i/4", CAROL, EVENT, ALICE);
	assert_int_equal(kit_receive(kit, &carol, invite), RC_OK);
	assert_int_equal(part(kit, id, kit->alice.id).state, PARTICIPATION_INVITED);
	assert_int_equal(kit_receive(kit, &carol, invite), RC_EXISTS);
	/* nobody takes back what another has said */
	assert_int_equal(
		kit_receive(kit, &dave, kit_activity(kit, DAVE "#u/1", "Undo", DAVE, invite.ptr)),
		RC_DENIED);
	assert_int_equal(kit_receive(kit, &carol,
				     kit_activity(kit, CAROL "#u/1", "Undo", CAROL, invite.ptr)),
			 RC_OK);
	assert_int_equal(part(kit, id, kit->alice.id).state, PARTICIPATION_NONE);
}

static void invitations_of_ours_are_answered_by_whom_they_were_for(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0), dave = kit_peer(kit, DAVE, 1);
	struct inviting i = { .kit = kit,
			      .id = hold(kit, EVENT_JOIN_INVITE, 0),
			      .account = carol.id };
	struct jr_doc *doc;
	kit_write(kit, invite_job, &i);
	struct str uri = part(kit, i.id, carol.id).uri;
	struct str event = kit_post_uri(kit, i.id);
	struct federate f = { .what = FEDERATE_INVITE,
			      .actor = kit->alice.id,
			      .status = i.id,
			      .target = carol.id,
			      .uri = uri,
			      .object = uri };
	struct jr invite = built(kit, &f, &doc);
	assert_str_eq(jr_str(jr_get(invite, "type")), STR("Invite"));
	assert_str_eq(jr_str(jr_get(invite, "object")), event);
	assert_str_eq(jr_str(jr_get(invite, "target")), STR(CAROL));
	jr_free(&doc);
	f.what = FEDERATE_INVITE_ACCEPT;
	struct jr answer = built(kit, &f, &doc);
	assert_str_eq(jr_str(jr_get(answer, "type")), STR("Accept"));
	assert_str_eq(jr_str(jr_get(jr_get(answer, "object"), "type")), STR("Invite"));
	assert_str_eq(jr_str(jr_get(jr_get(answer, "object"), "target")), STR(ALICE));
	jr_free(&doc);
	/* by its id, by somebody else, and whole */
	assert_int_equal(send(kit, &dave, "Accept", "1", uri), RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Accept", "1", STR(ALICE "#invites/1")), RC_NOT_FOUND);
	/* another's event in it, or another number */
	assert_int_equal(event_of_act(uri), i.id);
	assert_int_equal(
		send(kit, &carol, "Accept", "1",
		     arena_printf(kit->arena, ALICE "#invites/%llu/1", (unsigned long long)i.id)),
		RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Reject", "1", uri), RC_OK);
	assert_int_equal(part(kit, i.id, carol.id).state, PARTICIPATION_DECLINED);
	struct str whole = invite_json(kit, arena_cstr(kit->arena, uri), ALICE,
				       arena_cstr(kit->arena, event), CAROL);
	assert_int_equal(
		kit_receive(kit, &dave, kit_activity(kit, DAVE "#a/2", "Accept", DAVE, whole.ptr)),
		RC_NOT_FOUND);
	assert_int_equal(kit_receive(kit, &carol,
				     kit_activity(kit, CAROL "#a/2", "Accept", CAROL, whole.ptr)),
			 RC_OK);
	assert_int_equal(part(kit, i.id, carol.id).state, PARTICIPATION_GOING);
	assert_int_equal(counts(kit, i.id).going, 1);
}

/* As former versions made them: the event does not stand in the id. */
static enum rc old_id_job(struct db_txn *txn, void *arg)
{
	struct inviting *i = arg;
	struct participant p;
	if (!participant_get(txn, i->kit->arena, i->id, i->account, &p))
		return RC_NOT_FOUND;
	p.uri = STR(ALICE "#invites/7");
	participant_put(txn, &p);
	return db_txn_rc(txn);
}

static void invitations_of_former_versions_are_answered(void **state)
{
	struct fedkit *kit = *state;
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	struct inviting i = { .kit = kit,
			      .id = hold(kit, EVENT_JOIN_INVITE, 0),
			      .account = carol.id };
	static const char *const others[] = {
		"",	     "#", ALICE "#invites/7/", ALICE "#invites//7", ALICE "#invites/7/x",
		ALICE "/7/8"
	};
	kit_write(kit, invite_job, &i);
	kit_write(kit, old_id_job, &i);
	for (size_t n = 0; n < ARRAY_LEN(others); n++)
		assert_int_equal(event_of_act(str_of(others[n])), 0);
	assert_int_equal(send(kit, &carol, "Accept", "1", STR(ALICE "#invites/8")), RC_NOT_FOUND);
	assert_int_equal(send(kit, &carol, "Accept", "1", STR(ALICE "#invites/7")), RC_OK);
	assert_int_equal(part(kit, i.id, carol.id).state, PARTICIPATION_GOING);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(strangers_join_and_leave, kit_setup, kit_teardown),
		cmocka_unit_test_setup_teardown(what_is_no_event_is_not_joined, kit_setup,
						kit_teardown),
		cmocka_unit_test_setup_teardown(only_who_holds_it_answers_us, kit_setup,
						kit_teardown),
		cmocka_unit_test_setup_teardown(counts_are_told_and_edit_nothing, kit_setup,
						kit_teardown),
		cmocka_unit_test_setup_teardown(what_we_say_is_what_others_read, kit_setup,
						kit_teardown),
		cmocka_unit_test_setup_teardown(only_who_holds_it_invites_ours, kit_setup,
						kit_teardown),
		cmocka_unit_test_setup_teardown(
			invitations_of_ours_are_answered_by_whom_they_were_for, kit_setup,
			kit_teardown),
		cmocka_unit_test_setup_teardown(invitations_of_former_versions_are_answered,
						kit_setup, kit_teardown),
	};
	return cmocka_run_group_tests_name("event", tests, NULL, NULL);
}
