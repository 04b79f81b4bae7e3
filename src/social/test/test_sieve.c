/* The language of the sieve: read, printed, compiled, followed. */
#include "social/sieve.h"

#include <stdio.h>
#include <stdlib.h>

#include "testkit.h"

#define ARENA_MAX ((size_t)16 << 20)

struct world {
	struct ctx ctx;
	struct str hosts[200], tags[200];
};

static void world_init(struct world *w)
{
	*w = (struct world){ .ctx = { .arena = arena_new(ARENA_MAX) } };
	assert_non_null(w->ctx.arena);
}

static void world_free(struct world *w)
{
	arena_free(&w->ctx.arena);
}

/* --- reading and printing --- */

static void a_rule_prints_as_itself(void **state UNUSED)
{
	static const struct {
		const char *text, *printed; /* NULL: as it is */
	} rows[] = {
		{ "reject when remote", NULL },
		{ "tag \"new\" when first and not reply", NULL },
		{ "hold when account.age < 7d and links > 2", NULL },
		{ "hold when account.age<48h", "hold when account.age < 2d" },
		{ "limit when host.age <= 90min", NULL },
		{ "flag when similar >= 80%", "flag when similar >= 80" },
		{ "flag when spam > 95", NULL },
		{ "reject when host is \"A.Example\", \"b.example:8443\"",
		  "reject when host is \"a.example\", \"b.example:8443\"" },
		{ "reject when host under \"example\"", NULL },
		{ "hold when link has \"spam.example\" or hashtag has \"#Crypto\"",
		  "hold when link has \"spam.example\" or hashtag has \"crypto\"" },
		{ "hold when word has \"Casin*\", \"BUY  Now!\", \"caf\xc3\xa9\"",
		  "hold when word has \"casin*\", \"buy now\", \"cafe\"" },
		{ "tag \"say \\\"hi\\\" \\\\\" when local", NULL },
		{ "hold when (local or remote) and (first)",
		  "hold when (local or remote) and first" },
		{ "hold when local or remote and first", NULL },
		{ "hold when local and (remote and first)", NULL },
		{ "hold when not (local or reply)", NULL },
		{ "hold when not not local", NULL },
		{ "# why\nhold\twhen # and\n\tremote\n", "hold when remote" },
		{ "hold when language is \"DE\" and visibility is \"direct\"",
		  "hold when language is \"de\" and visibility is \"direct\"" },
		{ "hold when mentions != 0 and length = 0", NULL },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
		struct sieve_rule rule;
		struct str text = str_of(rows[i].text);
		if (sieve_parse(&w.ctx, text, &rule, NULL) != RC_OK)
			fail_msg("%s: %s", rows[i].text, err_text(&w.ctx.err));
		sieve_print(&out, &rule);
		if (!str_eq(buf_str(&out),
			    str_of(rows[i].printed != NULL ? rows[i].printed : rows[i].text)))
			fail_msg("%s: printed as %.*s", rows[i].text, STR_ARG(buf_str(&out)));
	}
}

static void what_is_wrong_is_said_with_its_place(void **state UNUSED)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *says;
	} rows[] = {
		{ "", 1, 1, "begins with" },
		{ "drop when remote", 1, 1, "begins with" },
		{ "hold remote", 1, 6, "\"when\" is missing" },
		{ "tag when remote", 1, 5, "needs a label" },
		{ "hold when", 1, 10, "condition is missing" },
		{ "hold when\n  remot", 2, 3, "no such condition" },
		{ "hold when mentions", 1, 19, "<, <=" },
		{ "hold when mentions > many", 1, 22, "number is missing" },
		{ "hold when mentions > 3d", 1, 22, "without a unit" },
		{ "hold when account.age < 3", 1, 25, "like 7d" },
		{ "hold when account.age < 3w", 1, 25, "like 7d" },
		{ "hold when spam > 101", 1, 18, "from 0 to 100" },
		{ "hold when mentions > 99999999999", 1, 22, "too large" },
		{ "hold when host has \"a.example\"", 1, 16, "\"is\" or \"under\"" },
		{ "hold when word is \"a\"", 1, 16, "\"has\" is missing" },
		{ "hold when word has a", 1, 20, "in quotes is missing" },
		{ "hold when word has \"a", 1, 20, "does not end" },
		{ "hold when word has \"a\",", 1, 24, "in quotes is missing" },
		{ "hold when word has \"!?\"", 1, 20, "no word" },
		{ "hold when host is \"a b\"", 1, 19, "no name of a host" },
		{ "hold when language is \" \"", 1, 23, "no text to compare" },
		{ "hold when hashtag has \"1\"", 1, 23, "no hashtag" },
		{ "hold when (remote", 1, 18, "\")\" is missing" },
		{ "hold when remote)", 1, 17, "\"and\" or \"or\"" },
		{ "hold when remote first", 1, 18, "\"and\" or \"or\"" },
		{ "hold when remote & first", 1, 18, "means nothing" },
		{ "\xc3\xb6 when remote", 1, 1, "means nothing" },
		{ "tag \"\xc3\xa4\xc3\xb6\" when remot", 1, 15, "no such condition" },
		{ "hold when \xff", 1, 1, "not UTF-8" },
		{ "reject when spam > 90", 1, 22, "is a guess" },
		{ "limit when remote and not spam < 5", 1, 35, "is a guess" },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ctx ctx = { .arena = w.ctx.arena };
		struct sieve_rule rule;
		struct sieve_place place;
		assert_int_equal(sieve_parse(&ctx, str_of(rows[i].text), &rule, &place),
				 RC_INVALID);
		if (place.line != rows[i].line || place.column != rows[i].column ||
		    !str_contains(str_of(err_text(&ctx.err)), str_of(rows[i].says)))
			fail_msg("%s: %s", rows[i].text, err_text(&ctx.err));
	}
}

static enum rc parse_many(struct world *w, const char *head, const char *each, unsigned times,
			  const char *tail)
{
	struct buf text = BUF_INIT(1 << 20);
	struct sieve_rule rule;
	buf_add(&text, str_of(head));
	for (unsigned i = 0; i < times; i++)
		buf_add(&text, str_of(each));
	buf_add(&text, str_of(tail));
	enum rc rc = sieve_parse(&w->ctx, buf_str(&text), &rule, NULL);
	buf_free(&text);
	return rc;
}

static void a_rule_is_bounded(void **state UNUSED)
{
	static const struct {
		const char *head, *each;
		unsigned times;
		const char *tail;
		enum rc rc;
	} rows[] = {
		{ "hold when ", "local and ", 100, "local", RC_TOO_LARGE },
		{ "hold when ", "local and ", 99, "local", RC_OK },
		{ "hold when ", "not ", 31, "local", RC_OK },
		{ "hold when ", "not ", 32, "local", RC_OK },
		{ "hold when ", "not ", 33, "local", RC_TOO_LARGE },
		{ "hold when ", "(", 100000, "local", RC_TOO_LARGE },
		{ "hold when ", "(", 33, "local", RC_TOO_LARGE },
		{ "hold when word has ", "\"a\",", 999, "\"a\"", RC_OK },
		{ "hold when word has ", "\"a\",", 1000, "\"a\"", RC_TOO_LARGE },
		{ "hold when local", " ", 40000, "", RC_TOO_LARGE },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct world w CLEANUP(world_free);
		world_init(&w);
		enum rc rc =
			parse_many(&w, rows[i].head, rows[i].each, rows[i].times, rows[i].tail);
		if (rc != rows[i].rc)
			fail_msg("row %zu: %s: %s", i, rc_name(rc), err_text(&w.ctx.err));
	}
}

/* --- following --- */

static struct str some_words[] = { STR_INIT("buy"), STR_INIT("casino"), STR_INIT("now") };
static struct str some_hosts[] = { STR_INIT("b.example"), STR_INIT("www.spam.example") };
static struct str some_tags[] = { STR_INIT("crypto") };

/* A post of somebody new: asked for is counted. */
static void find(struct sieve_facts *f, enum sieve_field field, void *arg)
{
	unsigned *asked = arg;
	asked[field]++;
	f->flags[SIEVE_FIELD_REMOTE] = f->flags[SIEVE_FIELD_FIRST] = true;
	f->numbers[SIEVE_FIELD_MENTIONS] = 5;
	f->numbers[SIEVE_FIELD_ACCOUNT_AGE] = UINT64_C(3) * 86400000;
	f->numbers[SIEVE_FIELD_SPAM] = 97;
	f->texts[SIEVE_FIELD_HOST] = STR("social.spam.example");
	f->texts[SIEVE_FIELD_LANGUAGE] = STR("en");
	f->hosts = some_hosts;
	f->host_count = ARRAY_LEN(some_hosts);
	f->tags = some_tags;
	f->tag_count = ARRAY_LEN(some_tags);
	f->words = some_words;
	f->word_count = ARRAY_LEN(some_words);
	f->text = STR(" buy casino now ");
}

static bool run(struct world *w, const char *text, unsigned *asked, struct sieve_facts *facts)
{
	struct buf program CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct sieve_rule rule;
	*facts = (struct sieve_facts){ .find = find, .arg = asked };
	if (sieve_parse(&w->ctx, str_of(text), &rule, NULL) != RC_OK)
		fail_msg("%s: %s", text, err_text(&w->ctx.err));
	sieve_compile(&program, &rule);
	assert_true(sieve_program_ok(buf_str(&program)));
	return sieve_run(buf_str(&program), facts);
}

static void a_program_says_what_its_rule_says(void **state UNUSED)
{
	static const struct {
		const char *when;
		bool fits;
	} rows[] = {
		{ "remote", true },
		{ "local", false },
		{ "not local", true },
		{ "remote and local", false },
		{ "local or remote", true },
		{ "local or local or remote", true },
		{ "local and remote or remote", true },
		{ "local and (remote or remote)", false },
		{ "not (local or remote)", false },
		{ "not (local and remote) and first", true },
		{ "mentions < 5", false },
		{ "mentions <= 5", true },
		{ "mentions > 4 and mentions < 6", true },
		{ "mentions >= 6 or mentions = 5", true },
		{ "mentions != 5", false },
		{ "account.age < 4d and account.age > 71h", true },
		{ "spam >= 97", true },
		{ "host is \"spam.example\"", false },
		{ "host is \"x.example\", \"social.spam.example\"", true },
		{ "host under \"spam.example\"", true },
		{ "host under \"am.example\"", false },
		{ "host under \"example\"", true },
		{ "language is \"de\", \"en\"", true },
		{ "link has \"spam.example\"", true },
		{ "link has \"pam.example\"", false },
		{ "link has \"c.example\", \"b.example\"", true },
		{ "hashtag has \"#CRYPTO\"", true },
		{ "hashtag has \"cryp\"", false },
		{ "word has \"Casino\"", true },
		{ "word has \"casin\"", false },
		{ "word has \"casin*\"", true },
		{ "word has \"zebra*\"", false },
		{ "word has \"buy casino\"", true },
		{ "word has \"buy now\"", false },
		{ "word has \"casino no*\"", true },
		{ "word has \"uy casino\"", false },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		unsigned asked[SIEVE_FIELD_COUNT] = { 0 };
		char text[256];
		struct sieve_facts facts;
		snprintf(text, sizeof(text), "hold when %s", rows[i].when);
		if (run(&w, text, asked, &facts) != rows[i].fits)
			fail_msg("%s", rows[i].when);
	}
}

static void only_what_matters_is_asked_for_and_once(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	unsigned asked[SIEVE_FIELD_COUNT] = { 0 };
	struct sieve_facts facts;
	world_init(&w);
	assert_false(
		run(&w, "hold when local and word has \"a\" or local and spam > 9", asked, &facts));
	assert_int_equal(asked[SIEVE_FIELD_LOCAL], 1);
	assert_int_equal(asked[SIEVE_FIELD_WORD], 0);
	assert_int_equal(asked[SIEVE_FIELD_SPAM], 0);
	assert_true(run(&w, "hold when word has \"now\" and word has \"buy\"", asked, &facts));
	assert_int_equal(asked[SIEVE_FIELD_WORD], 1);
}

static void too_much_work_fits_nothing(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 20);
	unsigned asked[SIEVE_FIELD_COUNT] = { 0 };
	struct sieve_facts facts;
	world_init(&w);
	/* phrases cost more than words */
	buf_add(&text, STR("hold when word has \"a b\""));
	for (int i = 0; i < 900; i++)
		buf_add(&text, STR(", \"a b\""));
	buf_add(&text, STR(" or remote"));
	assert_false(run(&w, buf_str(&text).ptr, asked, &facts));
	assert_true(facts.exhausted);
	assert_true(facts.steps <= SIEVE_STEPS_MAX + 100);
}

static void find_many_hosts(struct sieve_facts *f, enum sieve_field field UNUSED, void *arg)
{
	struct world *w = arg;
	f->hosts = w->hosts;
	f->tags = w->tags;
	f->host_count = f->tag_count = ARRAY_LEN(w->hosts);
}

/* Whoever writes the post does not say how far the rules come: a list of a thousand hosts costs as much for
 * two hundred links as for one. */
static void links_and_tags_cost_no_steps(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct buf program CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct sieve_rule rule;
	world_init(&w);
	for (size_t i = 0; i < ARRAY_LEN(w.hosts); i++)
		w.hosts[i] = w.tags[i] = arena_printf(w.ctx.arena, "l%zu.example", i);
	assert_int_equal(sieve_sort(w.tags, ARRAY_LEN(w.tags)), ARRAY_LEN(w.tags));
	assert_int_equal(sieve_sort_hosts(w.hosts, ARRAY_LEN(w.hosts)), ARRAY_LEN(w.hosts));
	buf_add(&text, STR("hold when link has \"b.test\""));
	for (int i = 0; i < 900; i++)
		buf_addf(&text, ", \"b%d.test\"", i);
	buf_add(&text, STR(" or hashtag has \"x\" or link has \"l7.example\""));
	assert_int_equal(sieve_parse(&w.ctx, buf_str(&text), &rule, NULL), RC_OK);
	sieve_compile(&program, &rule);
	struct sieve_facts facts = { .find = find_many_hosts, .arg = &w };
	assert_true(sieve_run(buf_str(&program), &facts));
	assert_true(facts.steps < 1000);
}

static void hosts_stand_before_those_below_them(void **state UNUSED)
{
	struct str hosts[] = { STR("b.example"),     STR("a.b.example"), STR("b-c.example"),
			       STR("ab.example"),    STR("b.example"),	 STR("x.a.b.example"),
			       STR("b.example.com"), STR("example") };
	static const struct {
		struct str above;
		bool has;
	} rows[] = {
		{ STR_INIT("b.example"), true },     { STR_INIT("a.b.example"), true },
		{ STR_INIT("b.b.example"), false },  { STR_INIT("com"), true },
		{ STR_INIT("c.example"), false },    { STR_INIT("xample"), false },
		{ STR_INIT("x.a.b.example"), true }, { STR_INIT("y.x.a.b.example"), false },
		{ STR_INIT("zz"), false },	     { STR_INIT("ab.example"), true },
	};
	struct world w CLEANUP(world_free);
	world_init(&w);
	size_t count = sieve_sort_hosts(hosts, ARRAY_LEN(hosts));
	assert_int_equal(count, ARRAY_LEN(hosts) - 1);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct buf program CLEANUP(buf_free) = BUF_INIT(1 << 16);
		struct sieve_rule rule;
		struct sieve_facts facts = { .known = UINT32_MAX,
					     .hosts = hosts,
					     .host_count = count };
		struct str text = arena_printf(w.ctx.arena, "hold when link has \"%.*s\"",
					       STR_ARG(rows[i].above));
		assert_int_equal(sieve_parse(&w.ctx, text, &rule, NULL), RC_OK);
		sieve_compile(&program, &rule);
		if (sieve_run(buf_str(&program), &facts) != rows[i].has)
			fail_msg("row %zu", i);
	}
}

/* Whatever bytes are followed, there is an end, and nothing outside is read. */
static void a_damaged_program_is_not_followed(void **state UNUSED)
{
	struct world w CLEANUP(world_free);
	struct buf program CLEANUP(buf_free) = BUF_INIT(1 << 16);
	unsigned asked[SIEVE_FIELD_COUNT] = { 0 };
	struct sieve_rule rule;
	world_init(&w);
	assert_int_equal(sieve_parse(&w.ctx,
				     STR("hold when remote and (mentions > 3 or word has \"x\")"),
				     &rule, NULL),
			 RC_OK);
	sieve_compile(&program, &rule);
	for (size_t len = 0; len < program.len; len++) {
		struct sieve_facts facts = { .find = find, .arg = asked };
		char *copy = malloc(len + 1);
		assert_non_null(copy);
		memcpy(copy, program.ptr, len);
		sieve_run(str_n(copy, len), &facts);
		free(copy);
	}
	for (size_t at = 0; at < program.len; at++) {
		struct sieve_facts facts = { .find = find, .arg = asked };
		struct buf bent CLEANUP(buf_free) = BUF_INIT(1 << 16);
		buf_add(&bent, buf_str(&program));
		bent.ptr[at] = (char)(bent.ptr[at] ^ 0x55);
		sieve_run(buf_str(&bent), &facts);
		assert_true(facts.steps <= SIEVE_STEPS_MAX);
	}
	assert_false(sieve_program_ok(STR("")));
	assert_false(sieve_program_ok(str_take(buf_str(&program), program.len - 1)));
}

static void actions_have_names(void **state UNUSED)
{
	for (enum sieve_action a = SIEVE_TAG; a <= SIEVE_REJECT; a++) {
		enum sieve_action again;
		assert_true(sieve_action_parse(str_of(sieve_action_name(a)), &again));
		assert_int_equal(again, a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_prints_as_itself),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(a_rule_is_bounded),
		cmocka_unit_test(a_program_says_what_its_rule_says),
		cmocka_unit_test(only_what_matters_is_asked_for_and_once),
		cmocka_unit_test(too_much_work_fits_nothing),
		cmocka_unit_test(links_and_tags_cost_no_steps),
		cmocka_unit_test(hosts_stand_before_those_below_them),
		cmocka_unit_test(a_damaged_program_is_not_followed),
		cmocka_unit_test(actions_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
