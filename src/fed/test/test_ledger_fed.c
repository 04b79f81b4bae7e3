/* Ledgers of joint communities on the wire: who is told, who may read, what is read when a partner tells. */
#include "core/must.h"
#include "fedqueue.h"
#include "ledger_fed_int.h"
#include "queue/queue.h"
#include "store/joint.h"
#include "store/tables.h"

#define TEA HOME "/users/tea"
#define CLUB "https://peer.example/users/club" /* of carol's host */
#define FAKE "https://other.example/users/fake"
#define NOTHING "0000000000000000000000000000000000000000000000000000000000000000"

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
	kit_partner(w->kit, tea.id, &club, true);
	*state = w;
	return 0;
}

struct counting {
	unsigned jobs;
};

static bool count_job(void *arg, const struct queue_job_view *job)
{
	struct counting *c = arg;
	c->jobs += job->kind == JOB_LEDGER_READ;
	return true;
}

static unsigned errands(struct kit_scene *w)
{
	struct counting c = { .jobs = 0 };
	struct db_txn *txn;
	assert_int_equal(db_read_begin(w->kit->db, &txn), RC_OK);
	queue_each_job(txn, false, STR(""), 0, count_job, &c);
	db_read_end(&txn);
	return c.jobs;
}

static enum rc tells(struct kit_scene *w, const struct peer_actor *who, const char *ledger,
		     unsigned count, const char *digest)
{
	static unsigned n;
	return kit_receive(w->kit, who,
			   kit_json(w->kit,
				    "{\"id\":\"%s/acts/%u\",\"type\":\"Update\",\"actor\":\"%s\","
				    "\"object\":{\"id\":\"%s\",\"type\":\"OrderedCollection\","
				    "\"totalItems\":%u,\"ledgerDigest\":\"%s\"}}",
				    who->uri, ++n, who->uri, ledger, count, digest));
}

static void a_partner_is_read_when_it_has_something_else(void **state)
{
	struct kit_scene *w = *state;
	/* as much as here: nothing */
	assert_int_equal(tells(w, &club, CLUB "/ledger", 0, NOTHING), RC_OK);
	assert_int_equal(errands(w), 0);
	assert_int_equal(tells(w, &club, CLUB "/ledger", 1, NOTHING), RC_OK);
	assert_int_equal(errands(w), 1);
	/* not on another host, nor for who is none, nor by who merely lives there */
	assert_int_not_equal(tells(w, &club, FAKE "/ledger", 2, NOTHING), RC_OK);
	assert_int_not_equal(tells(w, &fake, FAKE "/ledger", 2, NOTHING), RC_OK);
	assert_int_not_equal(tells(w, &w->carol, CLUB "/ledger", 2, NOTHING), RC_OK);
	assert_int_not_equal(tells(w, &club, CLUB "/ledger", 2, "00"), RC_OK);
	assert_int_equal(errands(w), 1);
}

static void an_entry_is_the_same_there_and_back(void **state)
{
	struct kit_scene *w = *state;
	struct ctx ctx = { .arena = w->kit->arena };
	const struct ap_reader reader = { &ctx, w->kit->site.iri_flags };
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct ap_ledger_record wire;
	struct jr_doc *doc = NULL;
	struct ledger_entry back;
	const struct ledger_entry e = {
		.kind = LEDGER_CONSULTATION,
		.id = STR(TEA "/ledger/consultations/1"),
		.actor = STR(TEA),
		.thing = STR(TEA "/consultations/1"),
		.at_ms = UINT64_C(1700000000000),
		.file = { .type = STR("") },
		.consultation = { .method = CONSULTATION_RANKED,
				  .flags = CONSULTATION_NAMED,
				  .seats = 1,
				  .quorum = 3,
				  .opens_ms = UINT64_C(1700000000000),
				  .closes_ms = UINT64_C(1700000100000),
				  .papers_until_ms = UINT64_C(1700000200000),
				  .roles = { COMMUNITY_MODERATOR, COMMUNITY_OWNER },
				  .role_count = 2,
				  .question = STR("Which tea?"),
				  .description = STR(""),
				  .options = { STR("Green"), STR("Black") },
				  .option_count = 2 },
	};
	ledger_compose(w->kit->fed, w->kit->arena, &e, &out);
	assert_int_equal(jr_parse(&ctx, buf_str(&out), &jr_limits_peer, &doc), RC_OK);
	assert_int_equal(ap_ledger_decode(&reader, jr_root(doc), &wire), RC_OK);
	assert_int_equal(ledger_entry_of(&ctx, &wire, &back), RC_OK);
	assert_int_equal(back.kind, LEDGER_CONSULTATION);
	assert_str_eq(back.thing, e.thing);
	const struct consultation *c = &back.consultation;
	assert_int_equal(c->method, CONSULTATION_RANKED);
	assert_int_equal(c->flags, CONSULTATION_NAMED);
	assert_true(c->closes_ms == e.consultation.closes_ms &&
		    c->papers_until_ms == e.consultation.papers_until_ms && c->quorum == 3);
	assert_int_equal(c->role_count, 2);
	assert_int_equal(c->roles[1], COMMUNITY_OWNER);
	assert_str_eq(c->options[1], STR("Black"));
	/* roles and methods that nobody knows mean nothing */
	wire.roles[0] = STR("king");
	assert_int_equal(ledger_entry_of(&ctx, &wire, &back), RC_INVALID);
	wire.roles[0] = STR("member");
	wire.method = STR("loudest");
	assert_int_equal(ledger_entry_of(&ctx, &wire, &back), RC_INVALID);
	jr_free(&doc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_partner_is_read_when_it_has_something_else,
						scene_begin, kit_scene_end),
		cmocka_unit_test_setup_teardown(an_entry_is_the_same_there_and_back, scene_begin,
						kit_scene_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
