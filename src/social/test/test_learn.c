/* Learning from moderators: words, and fingerprints of what was removed. */
#include "deed.h"
#include "social/sift.h"
#include "store/tables.h"

struct world {
	struct test_store t;
	struct account alice, bob;
	/* of the act */
	const struct status *status;
	bool removed;
	int times;
};

static void world_init(struct world *w)
{
	*w = (struct world){ .times = 0 };
	test_store_init(&w->t);
	w->alice = test_store_local(&w->t, "alice");
	w->bob = test_store_remote(&w->t, "bob", "b.example");
}

static void world_free(struct world *w)
{
	test_store_check(&w->t);
	test_store_free(&w->t);
}

static enum rc rule_act(struct social *s, void *arg UNUSED)
{
	struct sieve_row row = { .text = STR("hold when similar >= 90") };
	enum rc rc = sift_rule_put(s, NULL, &row);
	return rc == RC_OK ? sift_rule_mode(s, NULL, row.id, SIEVE_LIVE) : rc;
}

static enum rc learn_act(struct social *s, void *arg)
{
	const struct world *w = arg;
	sift_learn(s, w->status, w->removed, w->times);
	return db_txn_rc(s->txn);
}

#define SPAM "buy our wonderful pills now and be happy for ever and ever number"

static struct status from_bob(struct world *w, const char *text)
{
	return test_store_post(&w->t, &w->bob, VISIBILITY_PUBLIC, text, &w->alice, NULL);
}

static void learn(struct world *w, const struct status *status, bool removed, int times)
{
	w->status = status;
	w->removed = removed;
	w->times = times;
	test_store_write(&w->t, learn_act, w);
}

static struct status text_of(const char *markup, uint64_t id)
{
	return (struct status){ .id = id, .content = html_trusted(str_of(markup)) };
}

static uint8_t believes(struct world *w, const char *markup, struct sift_evidence *evidence,
			unsigned *count)
{
	struct status status = text_of(markup, 1);
	struct ctx ctx = { .arena = w->t.d.arena };
	uint8_t spam;
	struct db_txn *txn = test_store_read(&w->t);
	bool knows = sift_believe(txn, &ctx, &status, &spam, evidence, count);
	db_read_end(&txn);
	return knows ? spam : SIEVE_UNASKED;
}

static void it_believes_what_it_was_taught(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct sift_evidence evidence[SIFT_EVIDENCE_MAX];
	unsigned count;
	world_init(&w);
	const struct status bad = text_of("<p>buy cheap pills at our casino today</p>", 7);
	const struct status good = text_of("<p>the lecture begins at nine today</p>", 8);
	for (int i = 0; i < 9; i++) {
		learn(&w, &bad, true, 1);
		learn(&w, &good, false, 1);
	}
	/* it has not learnt enough to say anything */
	assert_int_equal(believes(&w, "<p>pills</p>", evidence, &count), SIEVE_UNASKED);
	learn(&w, &bad, true, 1);
	learn(&w, &good, false, 1);
	assert_true(believes(&w, "<p>Cheap PILLS!</p>", evidence, &count) > 95);
	assert_int_equal(count, 2);
	assert_true(evidence[0].weight > 0);
	assert_true(believes(&w, "<p>a lecture at nine</p>", evidence, &count) < 20);
	assert_int_equal(believes(&w, "<p>unheard of</p>", evidence, &count), 0);
	/* "today" speaks for neither */
	uint8_t neither = believes(&w, "<p>today</p>", evidence, &count);
	assert_true(neither > 40 && neither < 60);
	for (int i = 0; i < 10; i++) {
		learn(&w, &bad, true, -1);
		learn(&w, &good, false, -1);
	}
	struct db_txn *txn = test_store_read(&w.t);
	struct word_totals t = word_totals_get(txn);
	db_read_end(&txn);
	assert_int_equal(t.words + t.kept_words + t.removed_words + t.kept_posts + t.removed_posts,
			 0);
	assert_int_equal(test_store_rows(&w.t, &store_learned_word), 0);
}

/* Words that sort before all others, and are many, hide none. */
static void padding_hides_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct sift_evidence evidence[SIFT_EVIDENCE_MAX];
	struct buf padded CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct buf kept CLEANUP(buf_free) = BUF_INIT(1 << 16);
	unsigned count;
	world_init(&w);
	buf_add(&padded, STR("<p>"));
	buf_add(&kept, STR("<p>"));
	for (int i = 0; i < 400; i++) {
		buf_addf(&padded, "%03d ", i);
		buf_addf(&kept, "%03d ", i);
	}
	buf_add(&padded, STR("cheap pills</p>"));
	buf_add(&kept, STR("the lecture begins</p>"));
	const struct status bad =
		text_of("<p>buy cheap pills at our casino 000 001 002 today</p>", 7);
	const struct status good = text_of(buf_str(&kept).ptr, 8);
	for (int i = 0; i < 40; i++)
		learn(&w, &bad, true, 1);
	for (int i = 0; i < 10; i++)
		learn(&w, &good, false, 1);
	/* learnt whole, too: what stands behind 300 others in the alphabet */
	assert_true(believes(&w, "<p>the lecture</p>", evidence, &count) < 50);
	assert_int_equal(count, 2);
	assert_true(believes(&w, "<p>cheap pills</p>", evidence, &count) > 90);
	believes(&w, buf_str(&padded).ptr, evidence, &count);
	assert_int_equal(count, SIFT_EVIDENCE_MAX);
	assert_true(str_eq(evidence[0].word, STR("cheap")) ||
		    str_eq(evidence[0].word, STR("pills")));
}

static void likeness_is_of_texts(void **state UNUSED)
{
	static const struct {
		const char *a, *b;
		unsigned least, most;
	} rows[] = {
		{ "Buy our wonderful pills now and be happy",
		  "buy our WONDERFUL pills now & be happy", 30, 100 },
		{ "one two three four five six seven eight nine ten eleven twelve",
		  "one two three four five six seven eight nine ten eleven twelve", 100, 100 },
		{ "one two three four five six seven eight nine ten eleven twelve thirteen "
		  "fourteen "
		  "fifteen sixteen seventeen eighteen nineteen twenty",
		  "one two three four five six seven eight nine ten eleven twelve thirteen "
		  "fourteen "
		  "fifteen sixteen seventeen eighteen nineteen thirty",
		  60, 99 },
		{ "one two three four five six seven eight nine ten eleven twelve",
		  "the lecture begins at nine in the great hall of the old building", 0, 40 },
		{ "too short", "too short", 0, 0 },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	struct ctx ctx = { .arena = w.t.d.arena };
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct status a = text_of(rows[i].a, 1), b = text_of(rows[i].b, 2);
		unsigned is = sift_likeness(sift_print(&ctx, &a), sift_print(&ctx, &b));
		if (is < rows[i].least || is > rows[i].most)
			fail_msg("row %zu: %u", i, is);
	}
}

static void what_was_removed_is_known_again(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	world_init(&w);
	test_store_write(&w.t, rule_act, &w);
	struct status post = from_bob(&w, SPAM " one");
	assert_int_equal(post.flags & STATUS_HELD, 0);
	learn(&w, &post, true, 1);
	struct status again = from_bob(&w, SPAM " one");
	assert_int_not_equal(again.flags & STATUS_HELD, 0);
	struct sieve_mark mark;
	struct db_txn *txn = test_store_read(&w.t);
	assert_true(sieve_mark_get(txn, w.t.d.arena, again.id, &mark));
	db_read_end(&txn);
	assert_int_equal(mark.similar, 100);
	struct status other = from_bob(&w, "the lecture begins at nine in the great hall");
	assert_int_equal(other.flags & STATUS_HELD, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_believes_what_it_was_taught),
		cmocka_unit_test(padding_hides_nothing),
		cmocka_unit_test(likeness_is_of_texts),
		cmocka_unit_test(what_was_removed_is_known_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
