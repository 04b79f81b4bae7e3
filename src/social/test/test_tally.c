/* Counting: what voters want, whoever counts. */
#include "core/random.h"
#include "social/tally.h"
#include "testkit.h"

#define PAPERS_MAX 40

static unsigned read_number(const char **text)
{
	unsigned n = 0;
	while (**text >= '0' && **text <= '9')
		n = n * 10 + (unsigned)(*(*text)++ - '0');
	return n;
}

/* Papers as text: "3:1>2 2:2>1" is three of one kind and two of another. */
static size_t read_papers(const char *text, struct consultation_paper *out)
{
	size_t n = 0;
	while (*text != '\0') {
		struct consultation_paper paper = { .count = 0 };
		unsigned copies = read_number(&text);
		while (*text == ':' || *text == '>') {
			text++;
			paper.choices[paper.count++] = (uint8_t)read_number(&text);
		}
		for (unsigned i = 0; i < copies; i++)
			out[n++] = paper;
		while (*text == ' ')
			text++;
	}
	return n;
}

static struct tally count(enum consultation_method method, unsigned options, unsigned seats,
			  const char *text)
{
	static struct consultation_paper papers[PAPERS_MAX];
	const struct consultation c = { .method = method, .option_count = options, .seats = seats };
	struct tally t;
	tally_count(&c, papers, read_papers(text, papers), &t);
	return t;
}

static unsigned winners(const struct tally *t)
{
	unsigned set = 0;
	for (unsigned i = 0; i < CONSULTATION_OPTIONS_MAX; i++)
		set |= t->winner[i] ? 1U << i : 0;
	return set;
}

static void approval_counts_every_mark_once(void **state UNUSED)
{
	static const struct {
		const char *papers;
		unsigned seats, winners;
	} rows[] = {
		{ "2:1 3:2 1:3", 1, 2 },
		{ "2:1>2 1:2>2>2", 1, 2 },
		{ "2:1 2:2 1:3", 1, 3 }, /* two are equal: both, and nobody is chosen */
		{ "3:1 2:2 2:3", 2, 7 },
		{ "3:1 2:2 1:3", 2, 3 },
		{ "1:9 1:0", 1, 0 }, /* no such options */
		{ "", 1, 0 },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct tally t = count(CONSULTATION_APPROVAL, 3, rows[i].seats, rows[i].papers);
		assert_int_equal(winners(&t), rows[i].winners);
		assert_int_equal(t.round_count, 1);
	}
}

static void the_weakest_goes_until_enough_are_left(void **state UNUSED)
{
	/* Tennessee's capital, the textbook's example: 42 Memphis, 26 Nashville, 15 Chattanooga, 17
	 * Knoxville, divided by four and rounded to whole papers; Knoxville wins */
	struct tally t =
		count(CONSULTATION_RANKED, 4, 1, "11:1>2>3>4 7:2>3>4>1 4:3>4>2>1 5:4>3>2>1");
	assert_int_equal(t.round_count, 4);
	assert_int_equal(t.rounds[0].out, 3);
	assert_int_equal(t.rounds[1].votes[3], 9);
	assert_int_equal(t.rounds[1].out, 2);
	assert_int_equal(t.rounds[2].votes[3], 16);
	assert_int_equal(t.rounds[2].out, 1);
	assert_int_equal(winners(&t), 8);
	/* two seats: who is left last but one, too */
	t = count(CONSULTATION_RANKED, 4, 2, "11:1>2>3>4 7:2>3>4>1 4:3>4>2>1 5:4>3>2>1");
	assert_int_equal(winners(&t), 9);
}

static void ties_are_broken_by_earlier_rounds_then_by_place(void **state UNUSED)
{
	/* 2 and 3 have one each: the later goes; then 1 and 2 have two each, and 1 had more before */
	struct tally t = count(CONSULTATION_RANKED, 3, 1, "2:1 1:2 1:3>2");
	assert_int_equal(t.rounds[0].out, 3);
	assert_int_equal(t.rounds[1].out, 2);
	assert_int_equal(winners(&t), 1);
}

static void what_has_no_option_left_is_exhausted(void **state UNUSED)
{
	struct tally t = count(CONSULTATION_RANKED, 3, 1, "3:1 2:2>3 1:3 1:7");
	assert_int_equal(t.rounds[0].exhausted, 1);
	assert_int_equal(t.rounds[1].exhausted, 2);
	assert_int_equal(winners(&t), 1);
	t = count(CONSULTATION_RANKED, 3, 1, "");
	assert_int_equal(winners(&t), 0);
	assert_int_equal(t.papers, 0);
}

/* Whatever is voted: each paper counts in each round, and no more win than there are seats. */
static void nothing_is_lost(void **state UNUSED)
{
	for (unsigned n = 0; n < 2000; n++) {
		struct consultation_paper papers[PAPERS_MAX];
		struct consultation c = { .method = CONSULTATION_RANKED,
					  .option_count = 2 + (unsigned)random_below(6),
					  .seats = 1 };
		struct tally t;
		size_t many = random_below(PAPERS_MAX + 1);
		for (size_t i = 0; i < many; i++) {
			papers[i] = (struct consultation_paper){ .count = 0 };
			papers[i].count = (unsigned)random_below(c.option_count + 1);
			for (unsigned k = 0; k < papers[i].count; k++)
				papers[i].choices[k] = (uint8_t)random_below(c.option_count + 2);
		}
		tally_count(&c, papers, many, &t);
		assert_int_equal(t.round_count, c.option_count);
		assert_true(t.winner_count <= 1);
		for (unsigned r = 0; r < t.round_count; r++) {
			uint64_t sum = t.rounds[r].exhausted;
			for (unsigned i = 0; i < c.option_count; i++)
				sum += t.rounds[r].votes[i];
			assert_int_equal(sum, many);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(approval_counts_every_mark_once),
		cmocka_unit_test(the_weakest_goes_until_enough_are_left),
		cmocka_unit_test(ties_are_broken_by_earlier_rounds_then_by_place),
		cmocka_unit_test(what_has_no_option_left_is_exhausted),
		cmocka_unit_test(nothing_is_lost),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
