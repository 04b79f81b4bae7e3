/*
 * The strict reader of raw bytes, in one pass and without recursion: its stack is an array. Owns
 * nothing beyond one call; any thread.
 */
#include "prescan_int.h"

#include "core/must.h"
#include "lex_int.h"
#include "names_int.h"

/* What may come next. */
enum expect {
	EXPECT_VALUE,
	EXPECT_VALUE_OR_END, /* behind [ */
	EXPECT_NAME,
	EXPECT_NAME_OR_END, /* behind { */
	EXPECT_COMMA_OR_END,
	EXPECT_NOTHING,
};

struct level {
	bool object;
	uint32_t number; /* tells objects apart in the table of names */
	size_t names;
};

struct prescan {
	struct lex lex;
	const unsigned char *start;
	const struct jr_limits *limits;
	struct err *err;
	enum rc rc;
	enum expect expect;
	struct prescan_sum sum;
	size_t depth;
	struct level levels[JR_DEPTH_MAX];
	struct buf unescaped; /* the names that had escapes */
	struct names names;
};

static bool refuse_at(struct prescan *p, enum rc rc, const unsigned char *at, const char *what)
{
	p->rc = err_set(p->err, rc, "JSON: %s at byte %zu", what, (size_t)(at - p->start));
	return false;
}

static bool refuse(struct prescan *p, enum rc rc, const char *what)
{
	return refuse_at(p, rc, p->lex.at, what);
}

static bool refuse_token(struct prescan *p)
{
	return refuse(p, RC_INVALID, p->lex.wrong);
}

static inline void skip_space(struct lex *lex)
{
	while (lex->at < lex->end &&
	       (*lex->at == ' ' || *lex->at == '\n' || *lex->at == '\r' || *lex->at == '\t'))
		lex->at++;
}

static bool take_string(struct prescan *p, struct lex_string *string)
{
	const unsigned char *start = p->lex.at++;
	if (!lex_string(&p->lex, string))
		return refuse_token(p);
	if (string->len > p->limits->string)
		return refuse_at(p, RC_TOO_LARGE, start, "string too long");
	p->sum.text += string->len;
	return true;
}

/* The decoded name, which lives as long as the scan. */
static bool name_text(struct prescan *p, const struct lex_string *string, struct str *name)
{
	if (!string->escaped) {
		*name = str_n(string->raw, string->raw_len);
		return true;
	}
	/* decoding never lengthens, so room for the rest of the text is enough and nothing moves */
	if (p->unescaped.cap == 0 &&
	    !buf_reserve(&p->unescaped, (size_t)(p->lex.end - string->raw)))
		return refuse(p, RC_NO_MEMORY, "out of memory");
	size_t from = p->unescaped.len;
	lex_unescape(&p->unescaped, string);
	*name = str_skip(buf_str(&p->unescaped), from);
	return true;
}

static bool take_name(struct prescan *p)
{
	struct level *level = &p->levels[p->depth - 1];
	const unsigned char *start = p->lex.at;
	struct lex_string string;
	struct str name;
	if (*start != '"')
		return refuse(p, RC_INVALID, "expected a member name");
	if (level->names == p->limits->names)
		return refuse(p, RC_TOO_LARGE, "too many members in an object");
	if (!take_string(p, &string) || !name_text(p, &string, &name))
		return false;
	level->names++;
	/* RFC 7493 section 2.3: no duplicates, compared after unescaping */
	switch (names_add(&p->names, level->number, name)) {
	case NAMES_NEW:
		break;
	case NAMES_DUPLICATE:
		return refuse_at(p, RC_INVALID, start, "duplicate member name");
	case NAMES_NO_MEMORY:
		return refuse(p, RC_NO_MEMORY, "out of memory");
	}
	skip_space(&p->lex);
	if (p->lex.at == p->lex.end || *p->lex.at != ':')
		return refuse(p, RC_INVALID, "expected a colon");
	p->lex.at++;
	p->expect = EXPECT_VALUE;
	return true;
}

static bool open_container(struct prescan *p, bool object)
{
	if (p->depth == p->limits->depth)
		return refuse(p, RC_TOO_LARGE, "nested too deep");
	p->lex.at++;
	p->levels[p->depth++] =
		(struct level){ .object = object, .number = (uint32_t)p->sum.nodes };
	p->expect = object ? EXPECT_NAME_OR_END : EXPECT_VALUE_OR_END;
	return true;
}

static bool close_container(struct prescan *p)
{
	p->lex.at++;
	p->depth--;
	p->expect = p->depth != 0 ? EXPECT_COMMA_OR_END : EXPECT_NOTHING;
	return true;
}

static bool take_literal(struct prescan *p, struct str word)
{
	if ((size_t)(p->lex.end - p->lex.at) < word.len ||
	    memcmp(p->lex.at, word.ptr, word.len) != 0)
		return refuse(p, RC_INVALID, "expected a value");
	p->lex.at += word.len;
	return true;
}

static bool take_scalar(struct prescan *p)
{
	struct lex_string string;
	unsigned char c = *p->lex.at;
	if (c == '"')
		return take_string(p, &string);
	if (c == '-' || (c >= '0' && c <= '9'))
		return lex_number(&p->lex) || refuse_token(p);
	if (c == 't')
		return take_literal(p, STR("true"));
	if (c == 'f')
		return take_literal(p, STR("false"));
	return take_literal(p, STR("null"));
}

static bool take_value(struct prescan *p)
{
	unsigned char c = *p->lex.at;
	bool container = c == '{' || c == '[';
	if (p->depth == 0 && !container)
		return refuse(p, RC_INVALID, "expected an object or an array");
	if (p->sum.nodes == p->limits->nodes)
		return refuse(p, RC_TOO_LARGE, "too many values");
	p->sum.nodes++;
	if (container)
		return open_container(p, c == '{');
	p->expect = EXPECT_COMMA_OR_END;
	return take_scalar(p);
}

static bool take_comma_or_end(struct prescan *p)
{
	bool object = p->levels[p->depth - 1].object;
	unsigned char c = *p->lex.at;
	if (c == (object ? '}' : ']'))
		return close_container(p);
	if (c != ',')
		return refuse(p, RC_INVALID, "expected a comma or the end of a container");
	p->lex.at++;
	p->expect = object ? EXPECT_NAME : EXPECT_VALUE;
	return true;
}

static bool step(struct prescan *p)
{
	switch (p->expect) {
	case EXPECT_VALUE_OR_END:
		return *p->lex.at == ']' ? close_container(p) : take_value(p);
	case EXPECT_VALUE:
		return take_value(p);
	case EXPECT_NAME_OR_END:
		return *p->lex.at == '}' ? close_container(p) : take_name(p);
	case EXPECT_NAME:
		return take_name(p);
	case EXPECT_COMMA_OR_END:
		return take_comma_or_end(p);
	case EXPECT_NOTHING:
		break;
	}
	return refuse(p, RC_INVALID, "bytes behind the end");
}

static void scan(struct prescan *p)
{
	for (;;) {
		skip_space(&p->lex);
		if (p->lex.at == p->lex.end)
			break;
		if (!step(p))
			return;
	}
	if (p->expect != EXPECT_NOTHING)
		refuse(p, RC_INVALID, "end of the text too early");
}

enum rc prescan(struct err *err, struct str bytes, const struct jr_limits *limits,
		struct prescan_sum *sum)
{
	must(limits->bytes <= JR_BYTES_MAX && limits->depth <= JR_DEPTH_MAX);
	if (bytes.len > limits->bytes)
		return err_set(err, RC_TOO_LARGE, "JSON: more than %zu bytes", limits->bytes);
	/* field by field: the arrays need no zeroing */
	struct prescan p;
	p.start = (const unsigned char *)(bytes.len != 0 ? bytes.ptr : "");
	p.lex = (struct lex){ .at = p.start,
			      .end = p.start + bytes.len,
			      .long_integers = limits->long_integers };
	p.limits = limits;
	p.err = err;
	p.rc = RC_OK;
	p.expect = EXPECT_VALUE;
	p.sum = (struct prescan_sum){ 0 };
	p.depth = 0;
	buf_init(&p.unescaped, bytes.len);
	names_init(&p.names);
	scan(&p);
	names_free(&p.names);
	buf_free(&p.unescaped);
	if (p.rc == RC_OK && sum != NULL)
		*sum = p.sum;
	return p.rc;
}
