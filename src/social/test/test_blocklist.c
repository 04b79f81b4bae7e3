/* Lists of blocks: read, taken over, confirmed, taken back. */
#include "social/blocklist.h"

#include "deed.h"
#include "social/moderate.h"
#include "store/tables.h"

/* --- reading --- */

#define HEAD "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"

static void lists_are_read(void **state UNUSED)
{
	static const struct {
		const char *text;
		size_t count, skipped;
		struct block_entry first;
	} rows[] = {
		{ "", 0, 0, { .host = STR_INIT("") } },
		{ HEAD "Spam.Example,suspend,False,False,\"bad, \"\"very\"\" bad\",False\r\n",
		  1,
		  0,
		  { STR_INIT("spam.example"), PEER_BLOCKED, 0, STR_INIT("bad, \"very\" bad"), 0 } },
		{ HEAD "a.example,silence,TRUE,true,,false\n\nb.example,suspend,,,,\n",
		  2,
		  0,
		  { STR_INIT("a.example"), PEER_LIMITED, PEER_REJECT_MEDIA | PEER_REJECT_REPORTS,
		    STR_INIT(""), 0 } },
		{ HEAD "a.example,noop,true,false,,\n",
		  1,
		  0,
		  { STR_INIT("a.example"), PEER_DEFAULT, PEER_REJECT_MEDIA, STR_INIT(""), 0 } },
		{ HEAD
		  "a.example,noop,false,false,,\nb.example,explode,,,,\n*.c.example,suspend,,,,\n",
		  0,
		  3,
		  { .host = STR_INIT("") } },
		{ "domain\na.example",
		  1,
		  0,
		  { STR_INIT("a.example"), PEER_BLOCKED, 0, STR_INIT(""), 0 } },
		{ "b.example\na.example\n",
		  2,
		  0,
		  { STR_INIT("a.example"), PEER_BLOCKED, 0, STR_INIT(""), 0 } },
		/* of one that stands there twice the stricter line counts */
		{ HEAD "a.example,silence,,,,\nA.example,suspend,,,,\n",
		  1,
		  0,
		  { STR_INIT("a.example"), PEER_BLOCKED, 0, STR_INIT(""), 0 } },
		{ "#severity,#domain\nsilence,a.example\n",
		  1,
		  0,
		  { STR_INIT("a.example"), PEER_LIMITED, 0, STR_INIT(""), 0 } },
		{ "\"a.example\" x,y\n",
		  1,
		  0,
		  { STR_INIT("a.example"), PEER_BLOCKED, 0, STR_INIT(""), 0 } },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = arena_new((size_t)32 << 20) };
		struct block_rows out;
		if (blocklist_parse(&ctx, str_of(rows[i].text), &out) != RC_OK ||
		    out.count != rows[i].count || out.skipped != rows[i].skipped)
			fail_msg("row %zu: %zu, %zu %s", i, out.count, out.skipped,
				 err_text(&ctx.err));
		if (out.count != 0) {
			assert_true(str_eq(out.list[0].host, rows[i].first.host));
			assert_int_equal(out.list[0].policy, rows[i].first.policy);
			assert_int_equal(out.list[0].flags, rows[i].first.flags);
			assert_true(str_eq(out.list[0].comment, rows[i].first.comment));
		}
		arena_free(&ctx.arena);
	}
}

static void what_is_no_list_is_refused(void **state UNUSED)
{
	static const char *const texts[] = { "\"a.example", "#severity,#obfuscate\nsuspend,true\n",
					     "a.example\n\xff\n" };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct ctx ctx = { .arena = arena_new((size_t)32 << 20) };
		struct block_rows out;
		assert_int_equal(blocklist_parse(&ctx, str_of(texts[i]), &out), RC_INVALID);
		assert_int_equal(out.count, 0);
		arena_free(&ctx.arena);
	}
}

/* --- what follows --- */

struct world {
	struct test_store t;
	/* of the act */
	struct blocklist list;
	uint64_t id;
	uint32_t generation;
	const struct block_entry *rows;
	size_t count;
	unsigned agree;
	struct str host;
	bool confirm;
	struct peer decision;
};

static void world_init(struct world *w)
{
	*w = (struct world){ .id = 0 };
	test_store_init(&w->t);
}

static void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

static enum rc subscribe_act(struct social *s, void *arg)
{
	struct world *w = arg;
	return blocklist_subscribe(s, NULL, &w->list);
}

static uint64_t subscribe(struct world *w, const char *url, enum blocklist_severity severity)
{
	w->list = (struct blocklist){ .url = str_of(url), .severity = severity };
	test_store_write(&w->t, subscribe_act, w);
	return w->list.id;
}

static enum rc take_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	struct blocklist list;
	struct str after = STR("");
	if (blocklist_get(s->txn, s->ctx->arena, w->id, &list))
		blocklist_take(s, &list, w->generation, w->rows, w->count, w->agree);
	assert_false(blocklist_drop_old(s, w->id, w->generation, &after, w->agree));
	return db_txn_rc(s->txn);
}

static void take(struct world *w, uint64_t id, uint32_t generation, const struct block_entry *rows,
		 size_t count)
{
	w->id = id;
	w->generation = generation;
	w->rows = rows;
	w->count = count;
	test_store_write(&w->t, take_act, w);
}

static enum rc end_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return blocklist_end(s, NULL, w->id);
}

static enum rc draft_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return w->confirm ? block_draft_confirm(s, NULL, w->host)
			  : block_draft_dismiss(s, NULL, w->host);
}

static enum rc draft(struct world *w, const char *host, bool confirm)
{
	w->host = str_of(host);
	w->confirm = confirm;
	return test_store_try(&w->t, draft_act, w);
}

static enum rc decide_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return host_decide(s, NULL, &w->decision);
}

static enum peer_policy policy_of(struct world *w, const char *host)
{
	struct peer peer = { .policy = PEER_DEFAULT };
	struct db_txn *txn = test_store_read(&w->t);
	bool there = peer_get(txn, w->t.d.arena, str_of(host), &peer);
	db_read_end(&txn);
	return there ? peer.policy : PEER_DEFAULT;
}

#define BLOCKS(name)                                                                        \
	{                                                                                   \
		.host = STR_INIT(name), .policy = PEER_BLOCKED, .comment = STR_INIT("spam") \
	}
static const struct block_entry both[] = { BLOCKS("a.example"), BLOCKS("b.example") };

static void a_draft_waits_for_a_moderator(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t id = subscribe(&w, "https://lists.example/a.csv", BLOCKLIST_AS_SAID);
	assert_int_equal(test_store_try(&w.t, subscribe_act, &w), RC_EXISTS);
	take(&w, id, 1, both, 2);
	assert_int_equal(policy_of(&w, "a.example"), PEER_DEFAULT);
	assert_int_equal(test_store_rows(&w.t, &store_block_draft), 2);
	assert_int_equal(draft(&w, "a.example", true), RC_OK);
	assert_int_equal(draft(&w, "b.example", false), RC_OK);
	assert_int_equal(draft(&w, "c.example", true), RC_NOT_FOUND);
	assert_int_equal(policy_of(&w, "a.example"), PEER_BLOCKED);
	assert_int_equal(policy_of(&w, "b.example"), PEER_DEFAULT);
	/* what was dismissed does not come again */
	take(&w, id, 2, both, 2);
	assert_int_equal(policy_of(&w, "b.example"), PEER_DEFAULT);
	assert_int_equal(test_store_rows(&w.t, &store_block_draft), 1);
}

static void what_the_list_drops_is_taken_back(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t one = subscribe(&w, "https://lists.example/a.csv", BLOCKLIST_AS_SAID);
	uint64_t two = subscribe(&w, "https://lists.example/b.csv", BLOCKLIST_LIMIT);
	w.agree = 2;
	take(&w, one, 1, both, 2);
	assert_int_equal(policy_of(&w, "a.example"), PEER_DEFAULT);
	take(&w, two, 1, both, 1);
	/* two agree; the strictest counts */
	assert_int_equal(policy_of(&w, "a.example"), PEER_BLOCKED);
	assert_int_equal(policy_of(&w, "b.example"), PEER_DEFAULT);
	assert_int_equal(test_store_rows(&w.t, &store_block_draft), 1);
	take(&w, one, 2, both + 1, 1);
	/* one that limits at most is left */
	assert_int_equal(policy_of(&w, "a.example"), PEER_LIMITED);
	w.id = two;
	test_store_write(&w.t, end_act, &w);
	take(&w, two, 0, NULL, 0);
	assert_int_equal(policy_of(&w, "a.example"), PEER_DEFAULT);
	assert_int_equal(test_store_rows(&w.t, &store_block_entry), 1);
}

static void what_was_decided_by_hand_stays(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.decision = (struct peer){ .host = STR("a.example"), .policy = PEER_LIMITED };
	test_store_write(&w.t, decide_act, &w);
	uint64_t id = subscribe(&w, "https://lists.example/a.csv", BLOCKLIST_AS_SAID);
	w.agree = 1;
	take(&w, id, 1, both, 2);
	assert_int_equal(policy_of(&w, "a.example"), PEER_LIMITED);
	assert_int_equal(policy_of(&w, "b.example"), PEER_BLOCKED);
	/* a moderator has had a look at the other one, too: it is theirs now */
	w.decision = (struct peer){ .host = STR("b.example"), .policy = PEER_BLOCKED };
	test_store_write(&w.t, decide_act, &w);
	take(&w, id, 2, NULL, 0);
	assert_int_equal(policy_of(&w, "a.example"), PEER_LIMITED);
	assert_int_equal(policy_of(&w, "b.example"), PEER_BLOCKED);
}

static uint64_t acts(struct world *w)
{
	return test_store_rows(&w->t, &store_audit);
}

static void what_is_said_again_is_no_act(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t id = subscribe(&w, "https://lists.example/a.csv", BLOCKLIST_AS_SAID);
	w.agree = 1;
	take(&w, id, 1, both, 2);
	uint64_t before = acts(&w);
	take(&w, id, 2, both, 2);
	assert_int_equal(acts(&w), before);
	/* another word for it is one */
	struct block_entry other = both[0];
	other.comment = STR("worse");
	take(&w, id, 3, &other, 1);
	assert_int_equal(acts(&w), before + 2);
}

static enum rc accept_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	return blocklist_accept(s, NULL, w->id);
}

static enum rc fail_act(struct social *s, void *arg)
{
	struct world *w = arg;
	w->list.error = STR("it names 0 hosts");
	blocklist_put(s->txn, &w->list);
	return db_txn_rc(s->txn);
}

/* A host's page for what is wrong is answered with 200, too. */
static void an_answer_that_is_too_short_waits_for_a_moderator(void **state UNUSED)
{
	static const struct {
		uint64_t hosts;
		size_t count;
		bool is_short;
	} rows[] = { { 0, 0, true },  { 0, 1, false }, { 10, 4, true }, { 10, 5, false },
		     { 10, 0, true }, { 1, 1, false }, { 3, 1, false }, { 10, 20, false } };
	struct world w CLEANUP(world_free);
	struct blocklist list = { .accepted = false };
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct block_rows came = { .count = rows[i].count };
		list.hosts = rows[i].hosts;
		list.accepted = false;
		assert_int_equal(blocklist_is_short(&list, &came), rows[i].is_short);
		list.accepted = true;
		assert_false(blocklist_is_short(&list, &came));
	}
	w.id = subscribe(&w, "https://lists.example/a.csv", BLOCKLIST_AS_SAID);
	assert_int_equal(test_store_try(&w.t, accept_act, &w), RC_CONFLICT);
	test_store_write(&w.t, fail_act, &w);
	assert_int_equal(test_store_try(&w.t, accept_act, &w), RC_OK);
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(blocklist_get(txn, w.t.d.arena, w.id, &list) && list.accepted);
	db_read_end(&txn);
	w.id++;
	assert_int_equal(test_store_try(&w.t, accept_act, &w), RC_NOT_FOUND);
}

static void we_are_on_no_list(void **state UNUSED)
{
	static const struct block_entry us[] = { BLOCKS("example.org"),
						 BLOCKS("social.example.org") };
	struct world w CLEANUP(world_free);
	world_init(&w);
	uint64_t id = subscribe(&w, "https://lists.example/a.csv", BLOCKLIST_AS_SAID);
	w.agree = 1;
	take(&w, id, 1, us, 2);
	assert_int_equal(policy_of(&w, "example.org"), PEER_DEFAULT);
	assert_int_equal(test_store_rows(&w.t, &store_block_draft), 0);
}

static void a_list_comes_by_https(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	w.list = (struct blocklist){ .url = STR("http://lists.example/a.csv") };
	assert_int_equal(test_store_try(&w.t, subscribe_act, &w), RC_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_are_read),
		cmocka_unit_test(what_is_no_list_is_refused),
		cmocka_unit_test(a_draft_waits_for_a_moderator),
		cmocka_unit_test(what_the_list_drops_is_taken_back),
		cmocka_unit_test(what_was_decided_by_hand_stays),
		cmocka_unit_test(what_is_said_again_is_no_act),
		cmocka_unit_test(an_answer_that_is_too_short_waits_for_a_moderator),
		cmocka_unit_test(we_are_on_no_list),
		cmocka_unit_test(a_list_comes_by_https),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
