/* What partners of a joint community share and decide: written once, taken by who says it, in one order. */
#include "social/ledger.h"

#include "communitykit.h"
#include "core/enc.h"
#include "db/rec.h"
#include "store/joint.h"
#include "store/tables.h"

#define DAY ((uint64_t)24 * 60 * 60 * 1000)
#define PEER "https://peer.example/users/tea"
#define FAR "https://far.example/users/tea"

/* The two groups elsewhere: a partner, and a partner's partner. */
struct ground {
	struct scene w;
	struct account peer, far;
};

struct deed_of {
	struct ground *g;
	enum { ALLY, TAKE, NEXT, CALL, CAST } what;
	const struct account *origin;
	struct ledger_entry e;
	struct str bytes;
	uint64_t id;
	struct consultation *c;
	const char *receipt;
	enum ledger_found found;
	struct ledger_task task;
};

static enum rc ally(struct social *s, struct ground *g)
{
	struct account *groups[] = { &g->peer, &g->far };
	const struct joint j = { .community = g->w.group.id,
				 .partner = g->peer.id,
				 .state = JOINT_AGREED,
				 .offer = STR("https://peer.example/offers/1") };
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		groups[i]->kind = ACCOUNT_GROUP;
		account_put(s->txn, s->ctx->arena, groups[i]);
	}
	return joint_put(s->txn, &j);
}

/* One step of the job that writes. */
static enum rc next(struct social *s, struct deed_of *d)
{
	struct ledger_entry e;
	d->found = ledger_lacking(s->txn, s->ctx, s->site, db_txn_now(s->txn), &d->task, &e);
	if (d->found != LEDGER_FOUND)
		return RC_OK;
	d->e = e;
	d->bytes = arena_printf(d->g->w.t.d.arena, "%.*s %u", STR_ARG(e.id), e.papers.page);
	return ledger_written(s, d->g->w.group.id, &e, d->bytes);
}

static enum rc run(struct social *s, void *arg)
{
	struct deed_of *d = arg;
	const uint8_t choices[] = { 1 };
	switch (d->what) {
	case ALLY:
		return ally(s, d->g);
	case TAKE:
		/* what was refused is remembered: the write stands */
		d->id = (uint64_t)ledger_take(s, d->g->w.group.id, d->origin, &d->e, d->bytes);
		return db_txn_rc(s->txn);
	case NEXT:
		return next(s, d);
	case CALL:
		d->c->community = d->g->w.group.id;
		return consultation_call(s, &d->g->w.alice, d->c);
	case CAST:
		return consultation_cast(s, &d->g->w.bob, d->id, choices, 1, str_of(d->receipt),
					 STR(""));
	}
	return RC_UNSUPPORTED;
}

static enum rc act(struct ground *g, struct deed_of *d)
{
	d->g = g;
	return test_store_try(&g->w.t, run, d);
}

static void ground_init(struct ground *g)
{
	struct deed_of d = { .what = ALLY };
	scene_init(&g->w, &(struct community){ .given = 0 });
	assert_int_equal(scene_join(&g->w, &g->w.bob), RC_OK);
	g->peer = test_store_remote(&g->w.t, "tea", "peer.example");
	g->far = test_store_remote(&g->w.t, "tea", "far.example");
	assert_int_equal(act(g, &d), RC_OK);
}

static void ground_free(struct ground *g)
{
	scene_free(&g->w);
}

static enum rc take(struct ground *g, const struct account *origin, const struct ledger_entry *e,
		    const char *bytes)
{
	struct deed_of d = { .what = TAKE, .origin = origin, .e = *e, .bytes = str_of(bytes) };
	assert_int_equal(act(g, &d), RC_OK);
	return (enum rc)d.id;
}

static struct ledger_entry entry(enum ledger_kind kind, const char *actor, const char *id,
				 const char *thing, uint64_t at_ms)
{
	return (struct ledger_entry){ .kind = kind,
				      .id = str_of(id),
				      .actor = str_of(actor),
				      .thing = str_of(thing),
				      .at_ms = at_ms,
				      .version = { .title = STR("Minutes"),
						   .description = STR(""),
						   .note = STR(""),
						   .url = STR("https://x.example/") },
				      .file = { .type = STR("") } };
}

static uint64_t only_of(struct ground *g, bool resource)
{
	uint64_t id = 0;
	struct db_txn *txn = test_store_read(&g->w.t);
	size_t n = resource ? resources_of(txn, g->w.group.id, &PAGE_ALL, &id, 1)
			    : consultations_of(txn, g->w.group.id, &PAGE_ALL, &id, 1);
	db_read_end(&txn);
	return n != 0 ? id : 0;
}

static size_t refused(struct ground *g)
{
	struct db_txn *txn = test_store_read(&g->w.t);
	size_t n = ledger_sum(txn, g->w.group.id).refused;
	db_read_end(&txn);
	return n;
}

static void versions_of_others_are_taken_and_a_drop_is_for_good(void **state UNUSED)
{
	struct ground g CLEANUP(ground_free);
	struct resource r;
	ground_init(&g);
	struct ledger_entry a = entry(LEDGER_VERSION, PEER, PEER "/v/1", PEER "/r/1", 10);
	struct ledger_entry b = entry(LEDGER_VERSION, FAR, FAR "/v/1", PEER "/r/1", 5);
	assert_int_equal(take(&g, &g.peer, &a, "a"), RC_OK);
	assert_int_equal(take(&g, &g.peer, &a, "a"), RC_EXISTS);
	/* whoever passed it on: it is the far one's, and the older */
	assert_int_equal(take(&g, &g.far, &b, "b"), RC_OK);
	uint64_t id = only_of(&g, true);
	struct db_txn *txn = test_store_read(&g.w.t);
	assert_true(resource_get(txn, id, &r));
	assert_int_equal(r.versions, 2);
	assert_int_equal(r.origin, g.peer.id);
	struct resource_version v;
	assert_true(resource_version_get(txn, g.w.t.d.arena, id, 1, &v));
	assert_int_equal(v.origin, g.far.id);
	db_read_end(&txn);
	/* nobody takes what is no link, or without a title, or of this node and unknown */
	b = entry(LEDGER_VERSION, FAR, FAR "/v/2", PEER "/r/1", 6);
	b.version.url = STR("javascript:alert(1)");
	assert_int_equal(take(&g, &g.far, &b, "c"), RC_INVALID);
	b.version.url = STR("https://x.example/");
	b.version.title = STR(" ");
	assert_int_equal(take(&g, &g.far, &b, "d"), RC_INVALID);
	b = entry(LEDGER_VERSION, FAR, FAR "/v/3",
		  "https://social.example.org/users/tea/resources/9", 6);
	assert_int_equal(take(&g, &g.far, &b, "e"), RC_DENIED);
	assert_int_equal(refused(&g), 3);
	assert_int_equal(take(&g, &g.far, &b, "e"), RC_EXISTS); /* not again */
	/* what comes from the future waits */
	b = entry(LEDGER_VERSION, FAR, FAR "/v/4", PEER "/r/1", TEST_DB_WALL_MS + DAY);
	assert_int_equal(take(&g, &g.far, &b, "f"), RC_BUSY);
	struct ledger_entry drop = entry(LEDGER_DROP, FAR, FAR "/d/1", PEER "/r/1", 20);
	assert_int_equal(take(&g, &g.far, &drop, "g"), RC_OK);
	assert_int_equal(only_of(&g, true), 0);
	/* an older version that comes late does not bring it back */
	b = entry(LEDGER_VERSION, FAR, FAR "/v/5", PEER "/r/1", 7);
	assert_int_equal(take(&g, &g.far, &b, "h"), RC_EXISTS);
	txn = test_store_read(&g.w.t);
	assert_int_equal(ledger_sum(txn, g.w.group.id).count, 1);
	db_read_end(&txn);
}

static struct ledger_entry question(const char *actor, const char *thing)
{
	struct ledger_entry e = entry(LEDGER_CONSULTATION, actor, PEER "/c/act", thing, 10);
	e.consultation = (struct consultation){ .method = CONSULTATION_APPROVAL,
						.seats = 1,
						.opens_ms = TEST_DB_WALL_MS,
						.closes_ms = TEST_DB_WALL_MS + DAY,
						.papers_until_ms = TEST_DB_WALL_MS + 2 * DAY,
						.question = STR("Which tea?"),
						.description = STR(""),
						.options = { STR("Green"), STR("Black") },
						.option_count = 2 };
	return e;
}

/* One of so many pages with as many lines; lines lives as long as the test. */
static struct ledger_entry papers(struct ground *g, const char *actor, const char *thing,
				  uint64_t at_ms, const char *lines, uint32_t voters)
{
	struct ledger_entry e = entry(LEDGER_PAPERS, actor, PEER "/p", thing, at_ms);
	struct digest digest = digest_sha256(str_of(lines));
	struct buf hex = BUF_INIT(64);
	enc_hex(&hex, str_n(digest.bytes, DIGEST_SIZE));
	e.papers = (struct ledger_papers){ .page = 1,
					   .pages = 1,
					   .voters = voters,
					   .members = 3,
					   .digest = arena_take_buf(g->w.t.d.arena, &hex),
					   .lines = str_of(lines) };
	return e;
}

#define LINE_A "00000000000000000000000000000001 2\n"
#define LINE_B "00000000000000000000000000000002 2\n"

static enum rc result(struct ground *g, struct consultation_result *out)
{
	struct ctx ctx = { .arena = g->w.t.d.arena };
	struct consultation c;
	struct db_txn *txn = test_store_read(&g->w.t);
	uint64_t id = only_of(g, false);
	assert_true(consultation_get(txn, g->w.t.d.arena, id, &c));
	enum rc rc = consultation_result(&ctx, txn, g->w.t.d.clock.wall_ms, &c, out);
	db_read_end(&txn);
	return rc;
}

static const struct ledger_node *node_of(const struct consultation_result *r, uint64_t account)
{
	for (size_t i = 0; i < r->node_count; i++) {
		if (r->nodes[i].account == account)
			return &r->nodes[i];
	}
	return NULL;
}

/* The job's steps until nothing is left. */
static unsigned write_all(struct ground *g, uint64_t only)
{
	unsigned written = 0;
	struct deed_of d = { .what = NEXT,
			     .task = { .community = g->w.group.id,
				       .look = LEDGER_LOOK_CONSULTATIONS,
				       .only = only,
				       .uri = STR("") } };
	do {
		assert_int_equal(act(g, &d), RC_OK);
		written += d.found == LEDGER_FOUND;
	} while (d.found != LEDGER_NOTHING);
	return written;
}

static void all_nodes_papers_are_counted_and_none_is_changed(void **state UNUSED)
{
	struct ground g CLEANUP(ground_free);
	struct consultation_result r;
	const char *thing = PEER "/consultations/1";
	ground_init(&g);
	struct ledger_entry ask = question(PEER, thing);
	struct ledger_entry join = entry(LEDGER_JOIN, FAR, FAR "/j", thing, 20);
	/* what it is about has not come yet */
	assert_int_equal(take(&g, &g.far, &join, "j"), RC_NOT_FOUND);
	assert_int_equal(take(&g, &g.peer, &ask, "q"), RC_OK);
	assert_int_equal(take(&g, &g.far, &join, "j"), RC_OK);
	uint64_t id = only_of(&g, false);
	/* this node takes part: it writes so once */
	assert_int_equal(write_all(&g, id), 1);
	struct deed_of cast = { .what = CAST, .id = id, .receipt = "bob" };
	assert_int_equal(act(&g, &cast), RC_OK);
	/* nobody calls off what another has called, nor tells papers before the end */
	struct ledger_entry off = entry(LEDGER_CANCEL, FAR, FAR "/o", thing, 30);
	assert_int_equal(take(&g, &g.far, &off, "o"), RC_DENIED);
	struct ledger_entry early = papers(&g, PEER, thing, TEST_DB_WALL_MS, LINE_A LINE_B, 2);
	assert_int_equal(take(&g, &g.peer, &early, "early"), RC_DENIED);
	g.w.t.d.clock.wall_ms += DAY + 1000;
	assert_int_equal(result(&g, &r), RC_OK);
	assert_int_equal(r.node_count, 3);
	assert_true(!r.complete && !r.final && !r.decided && r.paper_count == 1);
	assert_int_equal(node_of(&r, g.peer.id)->state, LEDGER_NODE_MISSING);
	const uint64_t after = TEST_DB_WALL_MS + DAY + 500;
	/* more than it says, one twice, in no order, of no option, of none who takes part */
	const struct {
		const char *lines;
		uint32_t voters;
	} bad[] = { { LINE_A LINE_B, 1 },
		    { LINE_A, 2 },
		    { LINE_A LINE_A, 2 },
		    { LINE_B LINE_A, 2 },
		    { "00000000000000000000000000000001 3\n", 1 },
		    { "00000000000000000000000000000001 02\n", 1 },
		    { "00000000000000000000000000000001 1 1\n", 1 },
		    { "0000 1\n", 1 },
		    { LINE_A "x", 1 } };
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct ledger_entry e = papers(&g, PEER, thing, after, bad[i].lines, bad[i].voters);
		char bytes[2] = { (char)('A' + (int)i), '\0' };
		assert_int_equal(take(&g, &g.peer, &e, bytes), RC_INVALID);
	}
	struct ledger_entry stranger = papers(&g, "https://s.example/g", thing, after, LINE_A, 1);
	assert_int_equal(take(&g, &g.w.dave, &stranger, "s"), RC_NOT_FOUND);
	struct ledger_entry good = papers(&g, PEER, thing, after, LINE_A LINE_B, 2);
	assert_int_equal(take(&g, &g.peer, &good, "good"), RC_OK);
	struct ledger_entry other = papers(&g, PEER, thing, after + 1, LINE_A, 1);
	assert_int_equal(take(&g, &g.peer, &other, "other"), RC_CONFLICT);
	assert_int_equal(write_all(&g, id), 1);
	assert_int_equal(result(&g, &r), RC_OK);
	assert_true(node_of(&r, g.peer.id)->contradicted);
	assert_int_equal(node_of(&r, g.peer.id)->state, LEDGER_NODE_IN);
	assert_int_equal(node_of(&r, g.w.group.id)->state, LEDGER_NODE_IN);
	assert_true(!r.complete && r.paper_count == 3 && r.tally.rounds[0].votes[1] == 2);
	/* there is an end to waiting; what is told after it counts nowhere */
	g.w.t.d.clock.wall_ms += 2 * DAY;
	assert_int_equal(result(&g, &r), RC_OK);
	assert_true(!r.complete && r.final && r.decided && r.tally.winner[1]);
	struct digest without = r.digest;
	struct ledger_entry late = papers(&g, FAR, thing, TEST_DB_WALL_MS + 2 * DAY + 1, LINE_A, 1);
	assert_int_equal(take(&g, &g.far, &late, "late"), RC_OK);
	assert_int_equal(result(&g, &r), RC_OK);
	assert_int_equal(node_of(&r, g.far.id)->state, LEDGER_NODE_LATE);
	assert_memory_equal(&without, &r.digest, sizeof(without));
}

static void members_read_that_a_partner_has_called_it_off(void **state UNUSED)
{
	struct ground g CLEANUP(ground_free);
	const char *thing = PEER "/consultations/1";
	struct consultation c;
	ground_init(&g);
	struct ledger_entry ask = question(PEER, thing);
	struct ledger_entry off = entry(LEDGER_CANCEL, PEER, PEER "/o", thing, 30);
	assert_int_equal(take(&g, &g.peer, &ask, "q"), RC_OK);
	assert_int_equal(take(&g, &g.peer, &off, "o"), RC_OK);
	uint64_t id = only_of(&g, false);
	struct db_txn *txn = test_store_read(&g.w.t);
	assert_true(consultation_get(txn, g.w.t.d.arena, id, &c));
	db_read_end(&txn);
	assert_true((c.flags & CONSULTATION_CANCELLED) != 0);
	struct status s = test_store_status(&g.w.t, c.thread);
	assert_true(str_contains(s.content.markup, STR("This consultation was called off")));
}

static void papers_that_are_not_what_their_digest_says_do_not_count(void **state UNUSED)
{
	struct ground g CLEANUP(ground_free);
	struct consultation_result r;
	const char *thing = PEER "/consultations/1";
	ground_init(&g);
	struct ledger_entry ask = question(PEER, thing);
	assert_int_equal(take(&g, &g.peer, &ask, "q"), RC_OK);
	g.w.t.d.clock.wall_ms += DAY + 1000;
	struct ledger_entry e = papers(&g, PEER, thing, TEST_DB_WALL_MS + DAY, LINE_A, 1);
	e.papers.lines = STR(LINE_B);
	assert_int_equal(take(&g, &g.peer, &e, "p"), RC_OK);
	assert_int_equal(result(&g, &r), RC_OK);
	assert_int_equal(node_of(&r, g.peer.id)->state, LEDGER_NODE_DAMAGED);
	assert_int_equal(r.paper_count, 0);
}

static void what_is_called_here_is_written_once_and_for_roles_that_all_have(void **state UNUSED)
{
	struct ground g CLEANUP(ground_free);
	ground_init(&g);
	struct consultation c = question(PEER, "").consultation;
	c.opens_ms = 0;
	c.papers_until_ms = 0;
	struct deed_of d = { .what = CALL, .c = &c };
	c.roles[c.role_count++] = COMMUNITY_ROLE_OWN;
	assert_int_equal(act(&g, &d), RC_INVALID);
	c.role_count = 0;
	assert_int_equal(act(&g, &d), RC_OK);
	assert_int_equal(c.papers_until_ms, c.closes_ms + CONSULTATION_WAIT_MS);
	assert_int_equal(write_all(&g, c.id), 1);
	assert_int_equal(write_all(&g, c.id), 0);
	struct deed_of cast = { .what = CAST, .id = c.id, .receipt = "bob" };
	assert_int_equal(act(&g, &cast), RC_OK);
	g.w.t.d.clock.wall_ms += DAY;
	assert_int_equal(write_all(&g, c.id), 1);
	assert_int_equal(write_all(&g, c.id), 0);
	struct consultation_result r;
	assert_int_equal(result(&g, &r), RC_OK);
	assert_true(r.complete && r.final && r.node_count == 1 && r.paper_count == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(versions_of_others_are_taken_and_a_drop_is_for_good),
		cmocka_unit_test(all_nodes_papers_are_counted_and_none_is_changed),
		cmocka_unit_test(members_read_that_a_partner_has_called_it_off),
		cmocka_unit_test(papers_that_are_not_what_their_digest_says_do_not_count),
		cmocka_unit_test(what_is_called_here_is_written_once_and_for_roles_that_all_have),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
