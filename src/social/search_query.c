/* What a question means. Reads accounts, decides nothing. */
#include <string.h>

#include "core/clock.h"
#include "core/date.h"
#include "core/must.h"
#include "search_int.h"
#include "text/acct.h"
#include "text/words.h"

struct parsing {
	struct ctx *ctx;
	struct db_txn *txn;
	const struct site *site;
	struct viewer viewer;
	struct search_query *query;
};

/* One piece of a question: -key:"value". */
struct piece {
	bool without;
	struct str key; /* absent: none */
	struct str value;
	struct str whole; /* key and value as they stand */
};

static void add_clause(struct parsing *p, struct str *terms, size_t count, bool without)
{
	if (count == 0 || p->query->count == CLAUSES_MAX)
		return;
	p->query->clauses[p->query->count++] = (struct search_clause){ terms, count, without };
}

static void add_term(struct parsing *p, struct str term, bool without)
{
	struct str *one = ARENA_NEW(p->ctx->arena, struct str);
	if (one == NULL || term.len == 0)
		return;
	*one = term;
	add_clause(p, one, 1, without);
}

static enum rc add_words(struct parsing *p, struct str text, bool without)
{
	struct words words;
	enum rc rc = text_words(p->ctx, text, &words);
	if (rc == RC_OK)
		add_clause(p, words.list, words.count, without);
	return rc;
}

/* --- operators --- */

static bool is_ours(const struct site *site, struct str host)
{
	return host.len == 0 || str_eq(host, site->domain) || str_eq(host, site->host);
}

static uint64_t find_person(struct parsing *p, struct str who)
{
	struct ctx quiet = { .arena = p->ctx->arena };
	struct acct acct;
	struct account a;
	if (str_eq(who, STR("me")))
		return p->viewer.account;
	if (acct_parse(&quiet, who, p->site->iri_flags, &acct) != RC_OK)
		return 0;
	struct str host = is_ours(p->site, acct.host) ? STR("") : acct.host;
	return account_find_handle(p->txn, p->ctx->arena, acct.user, host, &a) ? a.id : 0;
}

static void take_from(struct parsing *p, const struct piece *piece)
{
	uint64_t id = find_person(p, piece->value);
	if (id != 0)
		add_term(p, search_from_term(p->ctx->arena, id), piece->without);
	else if (!piece->without)
		p->query->nothing = true;
}

/* What may stand behind has: and is:, and the term that it is; anything else is no status. */
static const struct {
	char kind;
	const char *word, *name;
} marks[] = {
	{ 'h', "media", "media" },	   { 'h', "image", "image" }, { 'h', "video", "video" },
	{ 'h', "audio", "audio" },	   { 'h', "poll", "poll" },   { 'h', "embed", "embed" },
	{ 'h', "link", "link" },	   { 'h', "quote", "quote" }, { 'i', "reply", "reply" },
	{ 'i', "sensitive", "sensitive" },
};

static void take_mark(struct parsing *p, const struct piece *piece, char kind)
{
	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		if (marks[i].kind != kind || !str_eq_nocase(piece->value, str_of(marks[i].word)))
			continue;
		struct str name = str_of(marks[i].name);
		add_term(p, search_mark_term(p->ctx->arena, kind, name), piece->without);
		return;
	}
	p->query->nothing = p->query->nothing || !piece->without;
}

static void take_has(struct parsing *p, const struct piece *piece)
{
	take_mark(p, piece, 'h');
}

static void take_is(struct parsing *p, const struct piece *piece)
{
	take_mark(p, piece, 'i');
}

static void take_language(struct parsing *p, const struct piece *piece)
{
	if (text_language_valid(piece->value))
		add_term(p, search_language_term(p->ctx->arena, piece->value), piece->without);
	else
		p->query->nothing = p->query->nothing || !piece->without;
}

static void take_in(struct parsing *p, const struct piece *piece)
{
	if (str_eq_nocase(piece->value, STR("library")))
		p->query->where = SEARCH_LIBRARY;
	else if (str_eq_nocase(piece->value, STR("public")))
		p->query->where = SEARCH_PUBLIC;
	else
		p->query->where = SEARCH_ALL;
}

/* The first moment of a day, UTC. */
static bool day_of(struct parsing *p, struct str text, uint64_t *ms)
{
	struct str date = arena_printf(p->ctx->arena, "%.*sT00:00:00Z", STR_ARG(text));
	if (text.len == strlen("2026-01-01") && date_parse_rfc3339(date, ms))
		return true;
	p->query->nothing = true;
	return false;
}

static void not_before(struct search_query *q, uint64_t ms)
{
	q->from_ms = q->from_ms > ms ? q->from_ms : ms;
}

static void before(struct search_query *q, uint64_t ms)
{
	q->to_ms = q->to_ms == 0 || ms < q->to_ms ? ms : q->to_ms;
	q->nothing = q->nothing || ms == 0;
}

static void take_before(struct parsing *p, const struct piece *piece)
{
	uint64_t ms;
	if (day_of(p, piece->value, &ms))
		before(p->query, ms);
}

static void take_after(struct parsing *p, const struct piece *piece)
{
	uint64_t ms;
	if (day_of(p, piece->value, &ms))
		not_before(p->query, ms + MS_PER_DAY);
}

static void take_during(struct parsing *p, const struct piece *piece)
{
	uint64_t ms;
	if (!day_of(p, piece->value, &ms))
		return;
	not_before(p->query, ms);
	before(p->query, ms + MS_PER_DAY);
}

static const struct {
	const char *key;
	void (*take)(struct parsing *p, const struct piece *piece);
} operators[] = {
	{ "from", take_from },	 { "has", take_has },		{ "is", take_is },
	{ "in", take_in },	 { "language", take_language }, { "before", take_before },
	{ "after", take_after }, { "during", take_during },
};

/* --- pieces --- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t blank_index(struct str s)
{
	size_t i = 0;
	while (i < s.len && !is_blank(s.ptr[i]))
		i++;
	return i;
}

/* Up to the next blank, or what stands between quotes. */
static struct str take_value(struct str *rest)
{
	struct str value;
	if (rest->len != 0 && rest->ptr[0] == '"') {
		*rest = str_skip(*rest, 1);
		value = str_take(*rest, str_index(*rest, '"'));
		*rest = str_skip(*rest, value.len + 1);
		return value;
	}
	value = str_take(*rest, blank_index(*rest));
	*rest = str_skip(*rest, value.len);
	return value;
}

static bool piece_next(struct str *rest, struct piece *out)
{
	while (rest->len != 0 && is_blank(rest->ptr[0]))
		*rest = str_skip(*rest, 1);
	if (rest->len == 0)
		return false;
	*out = (struct piece){ .without = rest->ptr[0] == '-' };
	if (out->without || rest->ptr[0] == '+')
		*rest = str_skip(*rest, 1);
	struct str start = *rest, word = str_take(*rest, blank_index(*rest));
	size_t colon = str_index(word, ':'), quote = str_index(word, '"');
	if (colon != 0 && colon < word.len && colon < quote) {
		out->key = str_take(word, colon);
		*rest = str_skip(*rest, colon + 1);
	}
	out->value = take_value(rest);
	out->whole = str_take(start, start.len - rest->len);
	return true;
}

static enum rc piece_take(struct parsing *p, const struct piece *piece)
{
	for (size_t i = 0; piece->key.ptr != NULL && i < ARRAY_LEN(operators); i++) {
		if (str_eq_nocase(piece->key, str_of(operators[i].key))) {
			operators[i].take(p, piece);
			return RC_OK;
		}
	}
	if (piece->key.ptr == NULL && str_has_prefix(piece->value, STR("#"))) {
		struct str tag = search_tag_term(p->ctx, str_skip(piece->value, 1));
		if (tag.len != 0) {
			add_term(p, tag, piece->without);
			return RC_OK;
		}
	}
	return add_words(p, piece->key.ptr != NULL ? piece->whole : piece->value, piece->without);
}

enum rc search_query_parse(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			   struct viewer viewer, struct str text, struct search_query *out)
{
	struct parsing p = { ctx, txn, site, viewer, out };
	struct piece piece;
	enum rc rc = RC_OK;
	*out = (struct search_query){ .where = SEARCH_ALL };
	if (text.len > SEARCH_QUERY_MAX)
		return ctx_fail(ctx, RC_TOO_LARGE, "the question is too long");
	while (rc == RC_OK && piece_next(&text, &piece))
		rc = piece_take(&p, &piece);
	if (rc == RC_OK && arena_failed(ctx->arena))
		rc = ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	return rc;
}
