/* Polls of here and elsewhere. */
#include "fedpoll.h"

struct asking {
	struct fedkit *kit;
	struct draft draft;
};

static enum rc ask_job(struct db_txn *txn, void *arg)
{
	struct asking *a = arg;
	struct ctx ctx = { .arena = a->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &a->kit->site };
	return act_post(&s, &a->draft);
}

struct status poll_ask(struct fedkit *kit, bool multiple, enum visibility visibility,
		       const char *text)
{
	struct ctx ctx = { .arena = kit->arena };
	const struct poll_draft poll = { .options = { STR("red"), STR("green"), STR("blue") },
					 .option_count = 3,
					 .multiple = multiple,
					 .lasts_ms = MS_PER_HOUR };
	struct asking a = { kit,
			    { .author = kit->alice,
			      .visibility = visibility,
			      .text = str_of(text),
			      .poll = &poll } };
	assert_int_equal(act_compose(&ctx, &kit->site, kit->db, NULL, &a.draft), RC_OK);
	kit_write(kit, ask_job, &a);
	return a.draft.status;
}

struct poll poll_of(struct fedkit *kit, uint64_t status)
{
	struct db_txn *txn;
	struct poll p;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_true(poll_get(txn, kit->arena, status, &p));
	db_read_end(&txn);
	return p;
}

void poll_expect(struct fedkit *kit, uint64_t status, uint32_t red, uint32_t green, uint32_t blue,
		 uint32_t voters)
{
	struct poll p = poll_of(kit, status);
	assert_int_equal(p.options[0].votes, red);
	assert_int_equal(p.options[1].votes, green);
	assert_int_equal(p.options[2].votes, blue);
	assert_int_equal(p.voters, voters);
}

struct ending {
	struct fedkit *kit;
	uint64_t status;
};

static enum rc end_job(struct db_txn *txn, void *arg)
{
	const struct ending *e = arg;
	struct poll p;
	must(poll_get(txn, e->kit->arena, e->status, &p));
	p.ends_ms = db_txn_now(txn) - MS_PER_MINUTE;
	if (p.told_ms != 0)
		p.told_ms = p.ends_ms - 1;
	poll_put(txn, e->status, &p);
	return db_txn_rc(txn);
}

void poll_end(struct fedkit *kit, uint64_t status)
{
	struct ending e = { kit, status };
	kit_write(kit, end_job, &e);
}

struct str poll_vote_note(struct fedkit *kit, const char *actor, const char *id, struct str poll,
			  const char *name)
{
	return kit_json(kit,
			"{\"id\":\"%s#votes/%s\",\"type\":\"Note\",\"attributedTo\":\"%s\","
			"\"to\":\"" ALICE "\",\"inReplyTo\":\"%.*s\",\"name\":\"%s\"}",
			actor, id, actor, STR_ARG(poll), name);
}

struct str poll_vote_create(struct fedkit *kit, const char *actor, const char *id,
			    struct str object)
{
	return kit_json(kit,
			"{\"id\":\"%s#votes/%s/activity\",\"type\":\"Create\",\"actor\":\"%s\","
			"\"to\":\"" ALICE "\",\"object\":%.*s}",
			actor, id, actor, STR_ARG(object));
}

enum rc poll_vote_by(struct fedkit *kit, const struct peer_actor *who, const char *id,
		     const struct status *post, const char *name)
{
	struct str note = poll_vote_note(kit, who->uri, id, post->uri, name);
	return kit_receive(kit, who, poll_vote_create(kit, who->uri, id, note));
}

struct str poll_question(struct fedkit *kit, const char *content, const char *more)
{
	return kit_json(kit,
			"{\"id\":\"" POLL "\",\"type\":\"Question\",\"attributedTo\":\"" CAROL
			"\",\"content\":\"%s\",\"published\":\"2026-01-01T00:00:00Z\",\"to\":\"%s\""
			"%s}",
			content, AP_PUBLIC, more);
}

enum rc poll_tell(struct fedkit *kit, const struct peer_actor *who, const char *type,
		  struct str object)
{
	static unsigned n;
	const char *id = kit_json(kit, "%s#polls/%u", who->uri, n++).ptr;
	return kit_receive(kit, who, kit_activity(kit, id, type, who->uri, object.ptr));
}

struct peer_actor poll_followed(struct fedkit *kit, const char *uri, unsigned key)
{
	struct peer_actor peer = kit_peer(kit, uri, key);
	kit_follow(kit, kit->alice.id, peer.id, FOLLOW_ACCEPTED,
		   kit_json(kit, ALICE "#follows/%u", key).ptr);
	return peer;
}

struct status poll_received(struct fedkit *kit, const struct peer_actor *who, const char *more)
{
	struct status status;
	assert_int_equal(poll_tell(kit, who, "Create", poll_question(kit, "Which?", more)), RC_OK);
	assert_true(kit_status(kit, POLL, &status));
	return status;
}
