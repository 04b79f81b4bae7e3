/* The canonical spelling of a value (RFC 8785). Its stack is an array; any thread. */
#include "json/jcs.h"

#include <stdlib.h>

#include "core/must.h"
#include "jw_int.h"

struct member {
	struct str name;
	struct jr value;
};

/* A container of which the first `at` members are written. */
struct level {
	struct jr container;
	struct member *members; /* of an object, sorted */
	size_t count;
	size_t at;
};

struct jcs {
	struct arena *arena;
	struct buf *out;
	const struct jcs_change *changes;
	size_t change_count;
	size_t depth;
	struct level levels[JR_DEPTH_MAX];
};

/*
 * RFC 8785 section 3.2.3: by UTF-16 code units. UTF-8 has the same order but that the characters
 * from U+E000 to U+FFFF (lead bytes ee and ef) come behind those that are surrogate pairs in UTF-16
 * (lead bytes f0 to f4).
 */
static int utf16_rank(unsigned char byte)
{
	return byte >= 0xf0 ? byte - 2 : byte >= 0xee ? byte + 5 : byte;
}

static int member_order(const void *a, const void *b)
{
	struct str x = ((const struct member *)a)->name, y = ((const struct member *)b)->name;
	size_t shorter = x.len < y.len ? x.len : y.len, i = 0;
	while (i < shorter && x.ptr[i] == y.ptr[i])
		i++;
	if (i == shorter)
		return (x.len > y.len) - (x.len < y.len);
	return utf16_rank((unsigned char)x.ptr[i]) - utf16_rank((unsigned char)y.ptr[i]);
}

static bool is_changed(const struct jcs *j, struct str name)
{
	for (size_t i = 0; j->depth == 0 && i < j->change_count; i++) {
		if (str_eq(name, str_of(j->changes[i].name)))
			return true;
	}
	return false;
}

static size_t members_max(const struct jcs *j, struct jr object)
{
	size_t n = j->depth == 0 ? j->change_count : 0;
	struct jr_iter it = { 0 };
	struct str name;
	struct jr value;
	while (jr_next(object, &it, &name, &value))
		n++;
	return n;
}

static bool members_take(struct jcs *j, struct level *level)
{
	struct jr_iter it = { 0 };
	struct member m;
	level->members = ARENA_ARRAY(j->arena, members_max(j, level->container), struct member);
	if (level->members == NULL)
		return false;
	while (jr_next(level->container, &it, &m.name, &m.value)) {
		if (!is_changed(j, m.name))
			level->members[level->count++] = m;
	}
	for (size_t i = 0; j->depth == 0 && i < j->change_count; i++) {
		m = (struct member){ str_of(j->changes[i].name), j->changes[i].value };
		if (jr_type(m.value) != JR_ABSENT)
			level->members[level->count++] = m;
	}
	if (level->count > 1)
		qsort(level->members, level->count, sizeof(*level->members), member_order);
	return true;
}

static enum rc container_open(struct jcs *j, struct jr container)
{
	if (j->depth == JR_DEPTH_MAX)
		return RC_TOO_LARGE;
	struct level *level = &j->levels[j->depth];
	*level = (struct level){ .container = container };
	if (jr_type(container) == JR_ARRAY)
		level->count = jr_count(container);
	else if (!members_take(j, level))
		return RC_NO_MEMORY;
	buf_add_chr(j->out, jr_type(container) == JR_ARRAY ? '[' : '{');
	j->depth++;
	return RC_OK;
}

static void number_write(struct jcs *j, struct jr value)
{
	int64_t whole;
	double n;
	if (jr_i64(value, &whole))
		return buf_add_i64(j->out, whole);
	must(jr_double(value, &n));
	jcs_add_number(j->out, n);
}

static enum rc value_write(struct jcs *j, struct jr value)
{
	switch (jr_type(value)) {
	case JR_NULL:
		buf_add(j->out, STR("null"));
		return RC_OK;
	case JR_BOOL:
		buf_add(j->out, jr_bool(value, false) ? STR("true") : STR("false"));
		return RC_OK;
	case JR_NUMBER:
		number_write(j, value);
		return RC_OK;
	case JR_STRING:
		jw_add_string(j->out, jr_str(value));
		return RC_OK;
	case JR_ARRAY:
	case JR_OBJECT:
		return container_open(j, value);
	case JR_ABSENT:
		break;
	}
	return RC_INVALID;
}

/* The next member of the innermost container, or its end. */
static enum rc step(struct jcs *j)
{
	struct level *level = &j->levels[j->depth - 1];
	bool array = level->members == NULL;
	if (level->at == level->count) {
		buf_add_chr(j->out, array ? ']' : '}');
		j->depth--;
		return RC_OK;
	}
	size_t at = level->at++;
	if (at != 0)
		buf_add_chr(j->out, ',');
	if (array)
		return value_write(j, jr_at(level->container, at));
	jw_add_string(j->out, level->members[at].name);
	buf_add_chr(j->out, ':');
	return value_write(j, level->members[at].value);
}

enum rc jcs_write(struct arena *arena, struct jr value, const struct jcs_change *changes,
		  size_t change_count, struct buf *out)
{
	struct jcs j;
	j.arena = arena;
	j.out = out;
	j.changes = changes;
	j.change_count = change_count;
	j.depth = 0;
	enum rc rc = value_write(&j, value);
	while (rc == RC_OK && j.depth != 0)
		rc = step(&j);
	return rc == RC_OK && out->failed ? RC_NO_MEMORY : rc;
}
