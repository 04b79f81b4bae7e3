/* The tree of scopes. Pure. */
#include "social/scope.h"

#include "core/attr.h"

static const struct str leaves[] = {
#define X(constant, name) STR_INIT(name),
	SCOPE_LEAVES(X)
#undef X
};

/* What holds every leaf that begins with its own name and a colon. */
static const struct str branches[] = {
	STR_INIT("read"),
	STR_INIT("write"),
	STR_INIT("admin:read"),
	STR_INIT("admin:write"),
};

/* "follow" is older than the leaves it stands for. */
static const scope_set follow = SCOPE(READ_BLOCKS) | SCOPE(READ_FOLLOWS) | SCOPE(READ_MUTES) |
				SCOPE(WRITE_BLOCKS) | SCOPE(WRITE_FOLLOWS) | SCOPE(WRITE_MUTES);

static scope_set below(struct str branch)
{
	scope_set set = 0;
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		if (str_has_prefix(leaves[i], branch) && leaves[i].ptr[branch.len] == ':')
			set |= (scope_set)1 << i;
	}
	return set;
}

/* 0 when it is unknown. */
static scope_set one(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(leaves); i++) {
		if (str_eq(name, leaves[i]))
			return (scope_set)1 << i;
	}
	for (size_t i = 0; i < ARRAY_LEN(branches); i++) {
		if (str_eq(name, branches[i]))
			return below(branches[i]);
	}
	return str_eq(name, STR("follow")) ? follow : 0;
}

bool scopes_parse(struct str text, scope_set *out)
{
	scope_set set = 0;
	for (struct str name; str_next(&text, ' ', &name);) {
		if (name.len == 0)
			continue;
		scope_set found = one(name);
		if (found == 0)
			return false;
		set |= found;
	}
	*out = set;
	return set != 0;
}

struct str scope_name(size_t index)
{
	if (index < ARRAY_LEN(branches))
		return branches[index];
	index -= ARRAY_LEN(branches);
	if (index == 0)
		return STR("follow");
	return index <= ARRAY_LEN(leaves) ? leaves[index - 1] : STR_NONE;
}
