/* Composing posts: what is a link, a mention, a hashtag, and what is not; and that sanitising changes nothing. */
#include "html_check.h"
#include "testkit.h"
#include "text/html.h"
#include "text/iri.h"

#define OURS "rel=\"nofollow noopener noreferrer\" target=\"_blank\""
#define LINK(href, shown)                                                                   \
	"<a href=\"" href "\" " OURS " translate=\"no\"><span class=\"invisible\">https://" \
	"</span><span>" shown "</span></a>"
#define LONG_LINK(href, shown, hidden)                                                      \
	"<a href=\"" href "\" " OURS " translate=\"no\"><span class=\"invisible\">https://" \
	"</span><span class=\"ellipsis\">" shown "</span><span class=\"invisible\">" hidden \
	"</span></a>"
#define MENTION(url, user)                                       \
	"<span class=\"h-card\" translate=\"no\"><a href=\"" url \
	"\" class=\"u-url mention\" " OURS ">@<span>" user "</span></a></span>"
#define TAG(folded, tag)                                                              \
	"<a href=\"https://home.example/tags/" folded "\" class=\"mention hashtag\" " \
	"rel=\"tag nofollow noopener noreferrer\" target=\"_blank\">#<span>" tag "</span></a>"
#define ALICE MENTION("https://home.example/@alice", "alice")
#define BOB MENTION("https://away.example/@bob", "bob")

struct row {
	struct str text;
	struct str html;
};

#define ROW(text, html)                         \
	{                                       \
		STR_INIT(text), STR_INIT(html), \
	}

/* Knows alice here, and everybody at away.example. */
static bool resolve(void *arg, struct ctx *ctx, struct mention *mention)
{
	unsigned *calls = arg;
	++*calls;
	if (mention->host.ptr == NULL && !str_eq_nocase(mention->user, STR("alice")))
		return false;
	if (mention->host.ptr != NULL && !str_eq(mention->host, STR("away.example")))
		return false;
	struct str host = mention->host.ptr != NULL ? mention->host : STR("home.example");
	mention->url = arena_printf(ctx->arena, "https://%.*s/@%.*s", STR_ARG(host),
				    STR_ARG(mention->user));
	mention->uri = arena_printf(ctx->arena, "https://%.*s/users/%.*s", STR_ARG(host),
				    STR_ARG(mention->user));
	return true;
}

struct fixture {
	struct ctx ctx;
	unsigned calls;
	struct compose_rules rules;
	struct composed out;
};

static void start(struct fixture *f)
{
	*f = (struct fixture){ .ctx.arena = arena_new((size_t)16 << 20) };
	f->rules = (struct compose_rules){
		.resolve = resolve,
		.tag_base = STR("https://home.example/tags/"),
		.max_mentions = 50,
		.max_tags = 100,
	};
}

static void stop(struct fixture *f)
{
	arena_free(&f->ctx.arena);
}

static struct str composed(struct fixture *f, struct str text)
{
	struct html again;
	f->rules.arg = &f->calls;
	assert_int_equal(text_compose(&f->ctx, text, &f->rules, &f->out), RC_OK);
	assert_int_equal(html_sanitize(&f->ctx, f->out.html.markup, &again), RC_OK);
	assert_str_eq(again.markup, f->out.html.markup);
	const char *wrong = html_check(again.markup);
	if (wrong != NULL)
		fail_msg("\"%.*s\" becomes \"%.*s\": %s", STR_ARG(text), STR_ARG(again.markup),
			 wrong);
	return again.markup;
}

static void check_rows(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct fixture f;
		start(&f);
		assert_str_eq(composed(&f, rows[i].text), rows[i].html);
		stop(&f);
	}
}

static const struct row plain_rows[] = {
	ROW("", ""),
	ROW("a", "<p>a</p>"),
	ROW("a\nb", "<p>a<br>b</p>"),
	ROW("a\n\nb", "<p>a</p><p>b</p>"),
	ROW("\n\na\n\n\n\nb\n", "<p>a</p><p>b</p>"),
	ROW("  ", ""),
	ROW("a\n\n  \n\nb", "<p>a</p><p>b</p>"),
	ROW("a\n b", "<p>a<br> b</p>"),
	ROW("<b>&\"'", "<p>&lt;b&gt;&amp;&quot;&#39;</p>"),
	ROW("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
	ROW("\327\251\327\234\327\225\327\235 \360\237\230\200",
	    "<p>\327\251\327\234\327\225\327\235 \360\237\230\200</p>"),
};

static void text_becomes_paragraphs_and_lines(void **state UNUSED)
{
	check_rows(plain_rows, ARRAY_LEN(plain_rows));
}

static const struct row link_rows[] = {
	ROW("https://a.example", "<p>" LINK("https://a.example", "a.example") "</p>"),
	ROW("see https://a.example/b, or",
	    "<p>see " LINK("https://a.example/b", "a.example/b") ", or</p>"),
	ROW("https://a.example/b.", "<p>" LINK("https://a.example/b", "a.example/b") ".</p>"),
	ROW("https://a.example/b?!", "<p>" LINK("https://a.example/b", "a.example/b") "?!</p>"),
	ROW("(https://a.example/b)", "<p>(" LINK("https://a.example/b", "a.example/b") ")</p>"),
	ROW("(https://a.example/b_(c)).",
	    "<p>(" LINK("https://a.example/b_(c)", "a.example/b_(c)") ").</p>"),
	ROW("[https://a.example/]", "<p>[" LINK("https://a.example/", "a.example/") "]</p>"),
	ROW("<https://a.example/>", "<p>&lt;" LINK("https://a.example/", "a.example/") "&gt;</p>"),
	ROW("\"https://a.example/\"",
	    "<p>&quot;" LINK("https://a.example/", "a.example/") "&quot;</p>"),
	ROW("\342\200\236https://a.example/\342\200\234",
	    "<p>\342\200\236" LINK("https://a.example/", "a.example/") "\342\200\234</p>"),
	ROW("https://a.example/\343\200\202",
	    "<p>" LINK("https://a.example/", "a.example/") "\343\200\202</p>"),
	ROW("https://a.example/\303\274",
	    "<p>" LINK("https://a.example/%C3%BC", "a.example/\303\274") "</p>"),
	ROW("https://b\303\274r.example/",
	    "<p>" LINK("https://xn--br-xka.example/", "xn--br-xka.example/") "</p>"),
	ROW("HTTPS://A.example:443/", "<p>" LINK("https://a.example/", "a.example/") "</p>"),
	ROW("https://a.example/?a=b&c=d#e",
	    "<p>" LINK("https://a.example/?a=b&amp;c=d#e", "a.example/?a=b&amp;c=d#e") "</p>"),
	ROW("https://a.example/@bob#tag",
	    "<p>" LINK("https://a.example/@bob#tag", "a.example/@bob#tag") "</p>"),
	ROW("https://a.example/0123456789012345678901234",
	    "<p>" LONG_LINK("https://a.example/0123456789012345678901234",
			    "a.example/01234567890123456789", "01234") "</p>"),
	/* S-087: the host is shown whole */
	ROW("https://a-very-long-name-of-a-host.evil.example/path",
	    "<p>" LONG_LINK("https://a-very-long-name-of-a-host.evil.example/path",
			    "a-very-long-name-of-a-host.evil.example", "/path") "</p>"),
	/* none */
	ROW("https://", "<p>https://</p>"),
	ROW("https://localhost/", "<p>https://localhost/</p>"),
	ROW("https://192.0.2.1/", "<p>https://192.0.2.1/</p>"),
	ROW("https://user@a.example/", "<p>https://user@a.example/</p>"),
	ROW("xhttps://a.example/", "<p>xhttps://a.example/</p>"),
	ROW("a.example", "<p>a.example</p>"),
	ROW("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
	ROW("ftp://a.example/", "<p>ftp://a.example/</p>"),
	ROW("https://a_b/ https://a.example/",
	    "<p>https://a_b/ " LINK("https://a.example/", "a.example/") "</p>"),
};

static void s087_links_show_their_host(void **state UNUSED)
{
	check_rows(link_rows, ARRAY_LEN(link_rows));
}

static const struct row mention_rows[] = {
	ROW("@alice", "<p>" ALICE "</p>"),
	ROW("hi @alice!", "<p>hi " ALICE "!</p>"),
	ROW(".@alice, @bob@away.example.", "<p>." ALICE ", " BOB ".</p>"),
	ROW("@bob@AWAY.example", "<p>" BOB "</p>"),
	ROW("@bob@away.example:443: hi", "<p>" BOB ": hi</p>"),
	ROW("(@bob@away.example)", "<p>(" BOB ")</p>"),
	ROW("@alice\n@alice", "<p>" ALICE "<br>" ALICE "</p>"),
	ROW("\360\237\230\200@alice\360\237\230\200",
	    "<p>\360\237\230\200" ALICE "\360\237\230\200</p>"),
	ROW("\327\251\327\234\327\225\327\235 @alice \327\251",
	    "<p>\327\251\327\234\327\225\327\235 " ALICE " \327\251</p>"),
	ROW("@alice-", "<p>" ALICE "-</p>"),
	ROW("@alice@", "<p>" ALICE "@</p>"),
	/* nobody */
	ROW("@nobody", "<p>@nobody</p>"),
	ROW("@bob@nowhere.example", "<p>@bob@nowhere.example</p>"),
	ROW("@alice@127.0.0.1", "<p>@alice@127.0.0.1</p>"),
	ROW("@alice@localhost", "<p>@alice@localhost</p>"),
	ROW("mail alice@away.example", "<p>mail alice@away.example</p>"),
	ROW("first.last@away.example", "<p>first.last@away.example</p>"),
	ROW("\303\251@alice", "<p>\303\251@alice</p>"),
	ROW("@alice\303\251", "<p>@alice\303\251</p>"),
	ROW("/@alice", "<p>/@alice</p>"),
	ROW("@@alice", "<p>@@alice</p>"),
	ROW("@", "<p>@</p>"),
	ROW("@ alice", "<p>@ alice</p>"),
	ROW("@.alice", "<p>@.alice</p>"),
	ROW("@<b>", "<p>@&lt;b&gt;</p>"),
};

static void mentions_are_of_people_who_are_known(void **state UNUSED)
{
	check_rows(mention_rows, ARRAY_LEN(mention_rows));
}

static const struct row tag_rows[] = {
	ROW("#Tag", "<p>" TAG("tag", "Tag") "</p>"),
	ROW("a #Tag, b", "<p>a " TAG("tag", "Tag") ", b</p>"),
	ROW("(#tag)", "<p>(" TAG("tag", "tag") ")</p>"),
	ROW("#Stra\303\237e", "<p>" TAG("strasse", "Stra\303\237e") "</p>"),
	ROW("#\303\234ber", "<p>" TAG("%C3%BCber", "\303\234ber") "</p>"),
	ROW("#\346\227\245\346\234\254",
	    "<p>" TAG("%E6%97%A5%E6%9C%AC", "\346\227\245\346\234\254") "</p>"),
	ROW("\357\274\203\346\227\245", "<p>" TAG("%E6%97%A5", "\346\227\245") "</p>"),
	ROW("#2026x", "<p>" TAG("2026x", "2026x") "</p>"),
	ROW("#a_b", "<p>" TAG("a_b", "a_b") "</p>"),
	ROW("#col\302\267lega\302\267",
	    "<p>" TAG("col%C2%B7lega", "col\302\267lega") "\302\267</p>"),
	ROW("#tag\360\237\230\200", "<p>" TAG("tag", "tag") "\360\237\230\200</p>"),
	ROW("\342\235\244\357\270\217#tag", "<p>\342\235\244\357\270\217" TAG("tag", "tag") "</p>"),
	ROW("\327\251 #\327\251\327\234\327\225\327\235",
	    "<p>\327\251 " TAG("%D7%A9%D7%9C%D7%95%D7%9D",
			       "\327\251\327\234\327\225\327\235") "</p>"),
	ROW("#a-b", "<p>" TAG("a", "a") "-b</p>"),
	ROW("#a\n#b", "<p>" TAG("a", "a") "<br>" TAG("b", "b") "</p>"),
	/* none */
	ROW("#1", "<p>#1</p>"),
	ROW("#1_2", "<p>#1_2</p>"),
	ROW("#", "<p>#</p>"),
	ROW("##a", "<p>##a</p>"),
	ROW("a#b", "<p>a#b</p>"),
	ROW("&#x41;", "<p>&amp;#x41;</p>"),
	ROW("#\357\270\217\342\203\243", "<p>#\357\270\217\342\203\243</p>"),
	ROW("# a", "<p># a</p>"),
	ROW("/#a", "<p>/#a</p>"),
};

static void hashtags_are_words_with_a_letter(void **state UNUSED)
{
	check_rows(tag_rows, ARRAY_LEN(tag_rows));
}

static void people_and_tags_are_told_once(void **state UNUSED)
{
	struct fixture f;
	start(&f);
	composed(&f, STR("@alice @Alice @bob@away.example @bob@AWAY.example @no @no #A #a "
			 "#\357\274\241 #b"));
	assert_int_equal(f.calls, 3);
	assert_int_equal(f.out.mention_count, 2);
	assert_str_eq(f.out.mentions[0].user, STR("alice"));
	assert_null(f.out.mentions[0].host.ptr);
	assert_str_eq(f.out.mentions[0].uri, STR("https://home.example/users/alice"));
	assert_str_eq(f.out.mentions[1].user, STR("bob"));
	assert_str_eq(f.out.mentions[1].host, STR("away.example"));
	assert_str_eq(f.out.mentions[1].url, STR("https://away.example/@bob"));
	assert_int_equal(f.out.tag_count, 2);
	assert_str_eq(f.out.tags[0], STR("A"));
	assert_str_eq(f.out.tags[1], STR("b"));
	stop(&f);
}

static void s056_surplus_mentions_and_tags_stay_text(void **state UNUSED)
{
	struct fixture f;
	start(&f);
	f.rules.max_mentions = 2;
	f.rules.max_tags = 1;
	struct str html = composed(
		&f, STR("@x @a@away.example @b@away.example @alice @a@away.example #a #b #A"));
	assert_int_equal(f.calls, 2);
	assert_int_equal(f.out.mention_count, 1);
	assert_int_equal(f.out.tag_count, 1);
	assert_true(str_contains(html, STR(" @b@away.example @alice ")));
	assert_true(str_contains(html, STR(" #b ")));
	assert_true(str_has_suffix(html, STR("#<span>A</span></a></p>")));
	stop(&f);
}

static void a_link_that_is_none_makes_a_mention_text(void **state UNUSED)
{
	struct fixture f;
	start(&f);
	f.rules.tag_base = STR("javascript:");
	assert_str_eq(composed(&f, STR("#a")), STR("<p>#a</p>"));
	f.rules.resolve = NULL;
	assert_str_eq(composed(&f, STR("@alice")), STR("<p>@alice</p>"));
	stop(&f);
}

static void hosts_without_a_dot_are_for_tests(void **state UNUSED)
{
	struct fixture f;
	start(&f);
	f.rules.iri_flags = IRI_LITERAL;
	composed(&f, STR("@a@localhost:3000"));
	assert_int_equal(f.calls, 1);
	f.rules.iri_flags = IRI_STRICT;
	composed(&f, STR("@a@localhost:3000"));
	assert_int_equal(f.calls, 1);
	stop(&f);
}

static void s052_adversarial_text_is_read_once(void **state UNUSED)
{
	static const struct str units[] = {
		STR_INIT("http://"),
		STR_INIT("@a"),
		STR_INIT("@a@b "),
		STR_INIT("#"),
		STR_INIT("#a"),
		STR_INIT("@"),
		STR_INIT("https://a.b/("),
		STR_INIT("a.@"),
		STR_INIT("\302\267"),
		STR_INIT("#a "),
		STR_INIT("\n"),
		STR_INIT("http://a,"),
		STR_INIT("@a.b-"),
		STR_INIT("#a\302\267"),
		STR_INIT("@a@b.c:1"),
		STR_INIT(")"),
	};
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct fixture f;
		struct buf text = BUF_INIT(1 << 20);
		start(&f);
		f.rules.arg = &f.calls;
		buf_add(&text, STR("https://a.example/"));
		while (text.len + units[i].len <= 2000)
			buf_add(&text, units[i]);
		composed(&f, buf_str(&text));
		while (text.len + units[i].len <= 1 << 20)
			buf_add(&text, units[i]);
		enum rc rc = text_compose(&f.ctx, buf_str(&text), &f.rules, &f.out);
		assert_true(rc == RC_OK || rc == RC_TOO_LARGE);
		assert_true(f.calls <= 4 * f.rules.max_mentions);
		buf_free(&text);
		stop(&f);
	}
}

static void memory_that_ends_is_told(void **state UNUSED)
{
	unsigned calls = 0;
	const struct compose_rules rules = { .resolve = resolve, .arg = &calls, .max_tags = 10 };
	for (size_t size = 8; size < 1000; size += 100) {
		struct ctx ctx = { .arena = arena_new(size) };
		struct composed out;
		enum rc rc = text_compose(&ctx, STR("some text #that ends"), &rules, &out);
		assert_true(rc == RC_NO_MEMORY || (rc == RC_OK && size > 400));
		arena_free(&ctx.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_becomes_paragraphs_and_lines),
		cmocka_unit_test(s087_links_show_their_host),
		cmocka_unit_test(mentions_are_of_people_who_are_known),
		cmocka_unit_test(hashtags_are_words_with_a_letter),
		cmocka_unit_test(people_and_tags_are_told_once),
		cmocka_unit_test(s056_surplus_mentions_and_tags_stay_text),
		cmocka_unit_test(a_link_that_is_none_makes_a_mention_text),
		cmocka_unit_test(hosts_without_a_dot_are_for_tests),
		cmocka_unit_test(s052_adversarial_text_is_read_once),
		cmocka_unit_test(memory_that_ends_is_told),
	};
	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
