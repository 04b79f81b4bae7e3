/* Reading a rule of the sieve. Pure. Recursive descent over a bounded text, with a bounded depth. */
#include <stdio.h>

#include "core/must.h"
#include "sieve_int.h"
#include "text/html.h"
#include "text/iri.h"
#include "text/words.h"

enum token {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_STRING,
	TOKEN_NUMBER,
	TOKEN_SIGN, /* ( ) , < <= > >= = != */
	TOKEN_WRONG,
};

#define SETTLES_MAX 8

struct parser {
	struct ctx *ctx;
	struct str text;
	size_t at;	/* behind the token */
	size_t begin;	/* of the token */
	size_t line_at; /* the first byte of its line */
	unsigned line;
	enum token token;
	struct str word;  /* of the token as it stands there */
	struct str value; /* of a string */
	uint64_t number;
	struct str unit; /* of a number */
	unsigned depth, ops, items;
	bool guesses; /* it asks what the classifier believes */
	enum rc rc;
	struct sieve_place *place;
};

/* --- tables --- */

struct field_row {
	struct str name;
	enum sieve_kind kind;
};
static const struct field_row fields[] = {
#define X(constant, name, kind) { STR_INIT(name), SIEVE_##kind },
	SIEVE_FIELDS(X)
#undef X
};

static const char *const actions[] = {
	[SIEVE_TAG] = "tag",   [SIEVE_FLAG] = "flag",	  [SIEVE_LIMIT] = "limit",
	[SIEVE_HOLD] = "hold", [SIEVE_REJECT] = "reject",
};

const char *sieve_compare_name(enum sieve_compare compare)
{
	static const char *const names[] = {
		[SIEVE_IS_SO] = "",	[SIEVE_LESS] = "<",	 [SIEVE_AT_MOST] = "<=",
		[SIEVE_MORE] = ">",	[SIEVE_AT_LEAST] = ">=", [SIEVE_EQUAL] = "=",
		[SIEVE_UNEQUAL] = "!=", [SIEVE_IS] = "is",	 [SIEVE_UNDER] = "under",
		[SIEVE_HAS] = "has",
	};
	must((size_t)compare < ARRAY_LEN(names));
	return names[compare];
}

const struct sieve_unit sieve_units[SIEVE_UNITS] = {
	{ STR_INIT("d"), MS_PER_DAY },
	{ STR_INIT("h"), MS_PER_HOUR },
	{ STR_INIT("min"), MS_PER_MINUTE },
	{ STR_INIT("s"), MS_PER_SECOND },
};

struct str sieve_field_name(enum sieve_field field)
{
	must((size_t)field < ARRAY_LEN(fields));
	return fields[field].name;
}

enum sieve_kind sieve_field_kind(enum sieve_field field)
{
	must((size_t)field < ARRAY_LEN(fields));
	return fields[field].kind;
}

const char *sieve_action_name(enum sieve_action action)
{
	must((size_t)action < ARRAY_LEN(actions) && actions[action] != NULL);
	return actions[action];
}

bool sieve_action_parse(struct str name, enum sieve_action *out)
{
	for (size_t i = SIEVE_TAG; i < ARRAY_LEN(actions); i++) {
		if (str_eq(name, str_of(actions[i]))) {
			*out = (enum sieve_action)i;
			return true;
		}
	}
	return false;
}

/* --- failing --- */

/* The first failure counts. Columns are of characters. */
static void fail(struct parser *p, enum rc rc, const char *what)
{
	unsigned column = 1;
	if (p->rc != RC_OK)
		return;
	for (size_t i = p->line_at; i < p->begin; i++)
		column += ((unsigned char)p->text.ptr[i] & 0xc0U) != 0x80U;
	*p->place = (struct sieve_place){ p->line, column };
	p->rc = ctx_fail(p->ctx, rc, "line %u, column %u: %s", p->line, column, what);
	p->token = TOKEN_WRONG;
}

static bool fails(struct parser *p, const char *what)
{
	fail(p, RC_INVALID, what);
	return false;
}

/* --- tokens --- */

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == '.' || c == '_';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char peek(const struct parser *p)
{
	return p->at < p->text.len ? p->text.ptr[p->at] : '\0';
}

static void line_end(struct parser *p)
{
	p->line++;
	p->line_at = p->at;
}

/* Blanks, and comments from # to the end of the line. */
static void skip_blanks(struct parser *p)
{
	bool comment = false;
	while (p->at < p->text.len && (comment || is_blank(peek(p)) || peek(p) == '#')) {
		char c = p->text.ptr[p->at++];
		comment = c != '\n' && (comment || c == '#');
		if (c == '\n')
			line_end(p);
	}
}

/* \" and \\ are what can be escaped. */
static void read_string(struct parser *p)
{
	struct buf out = BUF_INIT(SIEVE_TEXT_MAX + 1);
	bool closed = false;
	p->at++;
	while (p->at < p->text.len && !closed && peek(p) != '\n') {
		char c = p->text.ptr[p->at++];
		closed = c == '"';
		if (c == '\\' && (peek(p) == '"' || peek(p) == '\\'))
			c = p->text.ptr[p->at++];
		if (!closed)
			buf_add_chr(&out, c);
	}
	p->value = arena_take_buf(p->ctx->arena, &out);
	p->token = TOKEN_STRING;
	if (!closed)
		fail(p, RC_INVALID, "the text in quotes does not end on this line");
}

static void read_number(struct parser *p)
{
	size_t from = p->at, unit;
	while (is_digit(peek(p)))
		p->at++;
	unit = p->at;
	while (is_letter(peek(p)) || peek(p) == '%')
		p->at++;
	p->token = TOKEN_NUMBER;
	p->unit = str_n(p->text.ptr + unit, p->at - unit);
	if (!str_to_u64(str_n(p->text.ptr + from, unit - from), &p->number) ||
	    p->number > SIEVE_NUMBER_MAX)
		fail(p, RC_INVALID, "the number is too large");
}

static void read_sign(struct parser *p)
{
	char c = p->text.ptr[p->at++];
	bool wide = (c == '<' || c == '>' || c == '!') && peek(p) == '=';
	p->at += wide;
	p->token = TOKEN_SIGN;
	if (strchr("(),<>=", c) == NULL && !wide)
		fail(p, RC_INVALID, "this character means nothing here");
}

static void next(struct parser *p)
{
	if (p->rc != RC_OK)
		return;
	skip_blanks(p);
	p->begin = p->at;
	char c = peek(p);
	if (p->at == p->text.len)
		p->token = TOKEN_END;
	else if (c == '"')
		read_string(p);
	else if (is_digit(c))
		read_number(p);
	else if (is_letter(c)) {
		p->token = TOKEN_WORD;
		while (is_letter(peek(p)))
			p->at++;
	} else
		read_sign(p);
	p->word = str_n(p->text.ptr + p->begin, p->at - p->begin);
}

static bool is_word(const struct parser *p, const char *word)
{
	return p->token == TOKEN_WORD && str_eq(p->word, str_of(word));
}

static bool is_sign(const struct parser *p, const char *sign)
{
	return p->token == TOKEN_SIGN && str_eq(p->word, str_of(sign));
}

static bool take_word(struct parser *p, const char *word)
{
	bool is = is_word(p, word);
	if (is)
		next(p);
	return is;
}

/* --- values --- */

/* What is compared without case, forms and accents; of several words one blank between each. */
static enum rc fold_words(struct ctx *ctx, struct str text, struct str *out)
{
	struct buf line = BUF_INIT(SIEVE_TEXT_MAX);
	struct words words;
	enum rc rc = text_words(ctx, text, &words);
	for (size_t i = 0; rc == RC_OK && i < words.count; i++) {
		if (i != 0)
			buf_add_chr(&line, ' ');
		buf_add(&line, words.list[i]);
	}
	*out = arena_take_buf(ctx->arena, &line);
	return rc != RC_OK ? rc : out->ptr != NULL ? RC_OK : RC_NO_MEMORY;
}

enum rc sieve_fold(struct ctx *ctx, struct str text, struct str *out)
{
	return text_fold(ctx, str_trim(text), out);
}

/* A long word is cut, and what is left may part otherwise: until it stays as it is. */
static enum rc settle_words(struct ctx *ctx, struct str text, struct str *out)
{
	enum rc rc = fold_words(ctx, text, out);
	for (unsigned i = 0; rc == RC_OK && i < SETTLES_MAX && !str_eq(*out, text); i++) {
		text = *out;
		rc = fold_words(ctx, text, out);
	}
	return rc != RC_OK || str_eq(*out, text) ? rc : RC_INVALID;
}

static enum rc item_words(struct parser *p, struct str text, struct str *out)
{
	bool begins = text.len > 1 && text.ptr[text.len - 1] == '*';
	struct str words;
	enum rc rc = settle_words(p->ctx, str_take(text, text.len - begins), &words);
	if (rc != RC_OK || words.len == 0)
		return rc != RC_OK ? rc : RC_INVALID;
	*out = begins ? arena_join(p->ctx->arena, words, STR("*")) : words;
	return RC_OK;
}

/* A host's name is compared in its canonical form. One label alone is all below it: "xyz". */
static enum rc item_host(struct parser *p, struct str text, struct str *out)
{
	struct ctx quiet = { .arena = p->ctx->arena };
	return iri_authority(&quiet, text, IRI_LITERAL, out);
}

static enum rc item_fold(struct parser *p, enum sieve_kind kind, struct str text, struct str *out)
{
	struct ctx quiet = { .arena = p->ctx->arena };
	switch (kind) {
	case SIEVE_HOST:
	case SIEVE_HOSTS:
		return item_host(p, text, out);
	case SIEVE_TAGS:
		return text_tag_fold(&quiet, str_skip(text, text.len != 0 && text.ptr[0] == '#'),
				     out);
	case SIEVE_WORDS:
		return item_words(p, text, out);
	case SIEVE_NAME:
	case SIEVE_FLAGGED:
	case SIEVE_COUNT:
	case SIEVE_TIME:
	case SIEVE_PERCENT:
		break;
	}
	enum rc rc = sieve_fold(&quiet, text, out);
	return rc == RC_OK && out->len == 0 ? RC_INVALID : rc;
}

static bool parse_item(struct parser *p, struct sieve_node *test, struct str **items)
{
	static const char *const wrong[] = {
		[SIEVE_NAME] = "this is no text to compare with",
		[SIEVE_HOST] = "this is no name of a host",
		[SIEVE_HOSTS] = "this is no name of a host",
		[SIEVE_TAGS] = "this is no hashtag",
		[SIEVE_WORDS] = "there is no word in it",
	};
	enum sieve_kind kind = sieve_field_kind(test->field);
	if (p->token != TOKEN_STRING)
		return fails(p, "a text in quotes is missing");
	if (p->items++ == SIEVE_ITEMS_MAX) {
		fail(p, RC_TOO_LARGE, "a rule has at most 1000 texts");
		return false;
	}
	enum rc rc = item_fold(p, kind, p->value, &(*items)[test->item_count]);
	if (rc == RC_NO_MEMORY)
		fail(p, rc, "out of memory");
	else if (rc != RC_OK)
		fail(p, RC_INVALID, wrong[kind]);
	else
		test->item_count++;
	next(p);
	return p->rc == RC_OK;
}

static bool parse_items(struct parser *p, struct sieve_node *test)
{
	struct str *items = ARENA_ARRAY(p->ctx->arena, SIEVE_ITEMS_MAX - p->items + 1, struct str);
	if (items == NULL) {
		fail(p, RC_NO_MEMORY, "out of memory");
		return false;
	}
	test->items = items;
	while (p->rc == RC_OK && parse_item(p, test, &items)) {
		if (!is_sign(p, ","))
			return p->rc == RC_OK;
		next(p);
	}
	return false;
}

static bool parse_time(struct parser *p, uint64_t *out)
{
	for (size_t i = 0; i < SIEVE_UNITS; i++) {
		if (str_eq(p->unit, sieve_units[i].name)) {
			*out = p->number * sieve_units[i].ms;
			return true;
		}
	}
	return fails(p, "a time is written like 7d, 12h, 30min or 10s");
}

static bool parse_number(struct parser *p, struct sieve_node *test)
{
	enum sieve_kind kind = sieve_field_kind(test->field);
	bool percent = str_eq(p->unit, STR("%"));
	if (p->token != TOKEN_NUMBER)
		return fails(p, "a number is missing");
	test->number = p->number;
	if (kind == SIEVE_TIME && !parse_time(p, &test->number))
		return false;
	if (kind == SIEVE_PERCENT && ((p->unit.len != 0 && !percent) || p->number > 100))
		return fails(p, "this is compared with a number from 0 to 100");
	if (kind == SIEVE_COUNT && p->unit.len != 0)
		return fails(p, "this is compared with a number without a unit");
	next(p);
	return p->rc == RC_OK;
}

/* --- tests --- */

static bool parse_field(struct parser *p, enum sieve_field *out)
{
	for (size_t i = 0; p->token == TOKEN_WORD && i < ARRAY_LEN(fields); i++) {
		if (str_eq(p->word, fields[i].name)) {
			*out = (enum sieve_field)i;
			p->guesses = p->guesses || *out == SIEVE_FIELD_SPAM;
			next(p);
			return p->rc == RC_OK;
		}
	}
	return fails(p, p->token == TOKEN_WORD ? "there is no such condition"
					       : "a condition is missing");
}

static bool parse_compare(struct parser *p, enum sieve_compare first, enum sieve_compare last,
			  enum sieve_compare *out, const char *missing)
{
	for (unsigned c = first; c <= (unsigned)last; c++) {
		if ((p->token == TOKEN_SIGN || p->token == TOKEN_WORD) &&
		    str_eq(p->word, str_of(sieve_compare_name((enum sieve_compare)c)))) {
			*out = (enum sieve_compare)c;
			next(p);
			return p->rc == RC_OK;
		}
	}
	return fails(p, missing);
}

static bool parse_rest(struct parser *p, struct sieve_node *test)
{
	switch (sieve_field_kind(test->field)) {
	case SIEVE_FLAGGED:
		test->compare = SIEVE_IS_SO;
		return true;
	case SIEVE_COUNT:
	case SIEVE_TIME:
	case SIEVE_PERCENT:
		return parse_compare(p, SIEVE_LESS, SIEVE_UNEQUAL, &test->compare,
				     "<, <=, >, >=, = or != is missing") &&
		       parse_number(p, test);
	case SIEVE_NAME:
		return parse_compare(p, SIEVE_IS, SIEVE_IS, &test->compare, "\"is\" is missing") &&
		       parse_items(p, test);
	case SIEVE_HOST:
		return parse_compare(p, SIEVE_IS, SIEVE_UNDER, &test->compare,
				     "\"is\" or \"under\" is missing") &&
		       parse_items(p, test);
	case SIEVE_HOSTS:
	case SIEVE_TAGS:
	case SIEVE_WORDS:
		return parse_compare(p, SIEVE_HAS, SIEVE_HAS, &test->compare,
				     "\"has\" is missing") &&
		       parse_items(p, test);
	}
	return false;
}

/* --- the tree --- */

static struct sieve_node *node_new(struct parser *p, unsigned what)
{
	struct sieve_node *node = ARENA_NEW(p->ctx->arena, struct sieve_node);
	if (node == NULL)
		fail(p, RC_NO_MEMORY, "out of memory");
	else if (p->ops++ == SIEVE_OPS_MAX)
		fail(p, RC_TOO_LARGE, "a rule has at most 200 conditions and words between them");
	if (p->rc != RC_OK)
		return NULL;
	node->what = what;
	return node;
}

static struct sieve_node *parse_or(struct parser *p);

static struct sieve_node *parse_test(struct parser *p)
{
	struct sieve_node *test = node_new(p, SIEVE_TEST);
	return test != NULL && parse_field(p, &test->field) && parse_rest(p, test) ? test : NULL;
}

static struct sieve_node *parse_inner(struct parser *p)
{
	next(p);
	struct sieve_node *node = parse_or(p);
	if (node != NULL && !is_sign(p, ")"))
		fail(p, RC_INVALID, "\")\" is missing");
	next(p);
	return p->rc == RC_OK ? node : NULL;
}

static struct sieve_node *parse_not(struct parser *p)
{
	struct sieve_node *node;
	bool opens = is_sign(p, "("), denies = is_word(p, "not");
	if (!opens && !denies)
		return parse_test(p);
	if (p->depth++ == SIEVE_DEPTH_MAX) {
		fail(p, RC_TOO_LARGE, "too much within each other");
		return NULL;
	}
	if (opens)
		node = parse_inner(p);
	else {
		next(p);
		node = node_new(p, SIEVE_NOT);
		if (node != NULL && (node->left = parse_not(p)) == NULL)
			node = NULL;
	}
	p->depth--;
	return node;
}

/* Left to right: "a and b and c" is ((a and b) and c). */
static struct sieve_node *parse_chain(struct parser *p, const char *word, unsigned what,
				      struct sieve_node *(*part)(struct parser *p))
{
	struct sieve_node *left = part(p);
	while (left != NULL && take_word(p, word)) {
		struct sieve_node *both = node_new(p, what), *right = both != NULL ? part(p) : NULL;
		if (right == NULL)
			return NULL;
		both->left = left;
		both->right = right;
		left = both;
	}
	return p->rc == RC_OK ? left : NULL;
}

static struct sieve_node *parse_and(struct parser *p)
{
	return parse_chain(p, "and", SIEVE_AND, parse_not);
}

static struct sieve_node *parse_or(struct parser *p)
{
	return parse_chain(p, "or", SIEVE_OR, parse_and);
}

/* --- the rule --- */

static void parse_label(struct parser *p, struct sieve_rule *out)
{
	out->label = STR("");
	if (p->token != TOKEN_STRING)
		return;
	enum rc rc =
		text_clean(p->ctx, p->value, SIEVE_LABEL_CHARS, 4 * SIEVE_LABEL_CHARS, &out->label);
	if (rc != RC_OK || str_index(out->label, '\n') != out->label.len) {
		p->ctx->err = (struct err){ .rc = RC_OK };
		fail(p, rc == RC_NO_MEMORY ? rc : RC_INVALID,
		     "a label is one line of at most 100 characters");
	}
	next(p);
}

static void parse_rule(struct parser *p, struct sieve_rule *out)
{
	if (p->token != TOKEN_WORD || !sieve_action_parse(p->word, &out->action)) {
		fail(p, RC_INVALID, "a rule begins with tag, flag, limit, hold or reject");
		return;
	}
	next(p);
	parse_label(p, out);
	if (out->action == SIEVE_TAG && out->label.len == 0)
		fail(p, RC_INVALID, "tag needs a label in quotes");
	if (!take_word(p, "when"))
		fail(p, RC_INVALID, "\"when\" is missing");
	out->when = parse_or(p);
	if (p->rc == RC_OK && p->token != TOKEN_END)
		fail(p, RC_INVALID, "\"and\" or \"or\" is missing");
	/* what was only learnt proposes: a person decides */
	if (p->guesses && (out->action == SIEVE_REJECT || out->action == SIEVE_LIMIT))
		fail(p, RC_INVALID, "\"spam\" is a guess, which may tag, flag or hold only");
}

static bool is_utf8(struct ctx *ctx, struct str text)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str clean;
	return text_clean(&quiet, text, SIEVE_TEXT_MAX, SIEVE_TEXT_MAX, &clean) == RC_OK;
}

enum rc sieve_parse(struct ctx *ctx, struct str text, struct sieve_rule *out,
		    struct sieve_place *place)
{
	struct sieve_place unused;
	struct parser p = {
		.ctx = ctx, .text = text, .line = 1, .place = place != NULL ? place : &unused
	};
	*out = (struct sieve_rule){ .label = STR("") };
	*p.place = (struct sieve_place){ 1, 1 };
	if (text.len > SIEVE_TEXT_MAX)
		fail(&p, RC_TOO_LARGE, "a rule has at most 32 KiB");
	else if (!is_utf8(ctx, text))
		fail(&p, RC_INVALID, "the rule is not UTF-8");
	next(&p);
	if (p.rc == RC_OK)
		parse_rule(&p, out);
	if (p.rc == RC_OK && arena_failed(ctx->arena))
		fail(&p, RC_NO_MEMORY, "out of memory");
	return p.rc;
}
