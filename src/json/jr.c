/*
 * The reader: prescan decides what is let in, json-c builds the tree. A document belongs to one
 * owner; its values may be read by any thread as long as it lives.
 */
#include "json/jr.h"

#include <json-c/json.h>
#include <stdlib.h>

#include "core/must.h"
#include "prescan_int.h"

const struct jr_limits jr_limits_peer = {
	.bytes = (size_t)1 << 20,
	.depth = 32,
	.nodes = 20000,
	.names = 512,
	.string = (size_t)512 << 10,
};

#define DOC_MAGIC 0x4a52646fU

struct jr_doc {
	uint32_t magic;
	struct json_object *root;
};

/* json-c has NULL for null; here NULL is absent, and this address is null. */
static const char null_node;

void jr_free(struct jr_doc **doc)
{
	if (*doc == NULL)
		return;
	MAGIC_CHECK(*doc, DOC_MAGIC);
	(*doc)->magic = 0;
	json_object_put((*doc)->root);
	free(*doc);
	*doc = NULL;
}

static struct jr jr_of(const struct json_object *node)
{
	return (struct jr){ node != NULL ? (const void *)node : &null_node };
}

static struct jr jr_absent(void)
{
	return (struct jr){ NULL };
}

/* The node when it has this type, otherwise NULL. json-c's getters want it without const, but
 * change nothing.
 */
static struct json_object *node_of(struct jr v, enum json_type type)
{
	if (v.node == NULL || v.node == &null_node)
		return NULL;
	struct json_object *node = (struct json_object *)(uintptr_t)v.node;
	return json_object_is_type(node, type) ? node : NULL;
}

struct jr jr_root(const struct jr_doc *doc)
{
	MAGIC_CHECK(doc, DOC_MAGIC);
	return jr_of(doc->root);
}

enum jr_type jr_type(struct jr v)
{
	static const enum jr_type types[] = {
		[json_type_null] = JR_NULL,	[json_type_boolean] = JR_BOOL,
		[json_type_double] = JR_NUMBER, [json_type_int] = JR_NUMBER,
		[json_type_object] = JR_OBJECT, [json_type_array] = JR_ARRAY,
		[json_type_string] = JR_STRING,
	};
	if (v.node == NULL)
		return JR_ABSENT;
	return v.node == &null_node ? JR_NULL : types[json_object_get_type(v.node)];
}

struct jr jr_get(struct jr v, const char *name)
{
	struct json_object *object = node_of(v, json_type_object);
	struct json_object *member;
	if (object == NULL || !json_object_object_get_ex(object, name, &member))
		return jr_absent();
	return jr_of(member);
}

size_t jr_count(struct jr v)
{
	struct json_object *array = node_of(v, json_type_array);
	return array != NULL ? json_object_array_length(array) : 0;
}

struct jr jr_at(struct jr v, size_t index)
{
	if (index >= jr_count(v))
		return jr_absent();
	return jr_of(json_object_array_get_idx(v.node, index));
}

size_t jr_one_count(struct jr v)
{
	switch (jr_type(v)) {
	case JR_ABSENT:
	case JR_NULL:
		return 0;
	case JR_ARRAY:
		return jr_count(v);
	case JR_BOOL:
	case JR_NUMBER:
	case JR_STRING:
	case JR_OBJECT:
		break;
	}
	return 1;
}

struct jr jr_one_at(struct jr v, size_t index)
{
	if (jr_type(v) == JR_ARRAY)
		return jr_at(v, index);
	return index < jr_one_count(v) ? v : jr_absent();
}

bool jr_next(struct jr object, struct jr_iter *it, struct str *name, struct jr *value)
{
	struct json_object *node = node_of(object, json_type_object);
	if (node == NULL)
		return false;
	const struct lh_entry *entry =
		it->begun ? it->at : lh_table_head(json_object_get_object(node));
	it->begun = true;
	if (entry == NULL)
		return false;
	it->at = lh_entry_next(entry);
	*name = str_of(lh_entry_k(entry));
	*value = jr_of(lh_entry_v(entry));
	return true;
}

struct str jr_str(struct jr v)
{
	struct json_object *string = node_of(v, json_type_string);
	if (string == NULL)
		return STR_NONE;
	return str_n(json_object_get_string(string), (size_t)json_object_get_string_len(string));
}

/* Doubles tell integers apart below this; 2^53 itself may have been 2^53 + 1. */
#define EXACT_LIMIT 9007199254740992.0

bool jr_i64(struct jr v, int64_t *out)
{
	const struct json_object *node = node_of(v, json_type_int);
	if (node != NULL) {
		*out = json_object_get_int64(node);
		return true;
	}
	double n;
	if (!jr_double(v, &n) || n <= -EXACT_LIMIT || n >= EXACT_LIMIT)
		return false;
	int64_t whole = (int64_t)n;
	if ((double)whole != n)
		return false;
	*out = whole;
	return true;
}

bool jr_double(struct jr v, double *out)
{
	if (jr_type(v) != JR_NUMBER)
		return false;
	*out = json_object_get_double(v.node);
	return true;
}

bool jr_bool(struct jr v, bool fallback)
{
	const struct json_object *node = node_of(v, json_type_boolean);
	return node != NULL ? json_object_get_boolean(node) : fallback;
}

/* A container of which the members before some place have been visited. */
struct walk {
	struct jr container;
	struct jr_iter it;
	size_t index;
};

static struct jr walk_next(struct walk *walk, struct str *name)
{
	struct jr child = { NULL };
	*name = STR_NONE;
	if (!jr_next(walk->container, &walk->it, name, &child))
		child = jr_at(walk->container, walk->index++);
	return child;
}

/* Nothing of what prescan saw is missing. No recursion: prescan has bounded the depth. */
static bool tree_is_whole(struct jr root, const struct prescan_sum *expected)
{
	struct walk walks[JR_DEPTH_MAX];
	struct prescan_sum sum = { .nodes = 1 };
	size_t depth = 1;
	walks[0] = (struct walk){ .container = root };
	while (depth != 0) {
		struct str name;
		struct jr child = walk_next(&walks[depth - 1], &name);
		enum jr_type type = jr_type(child);
		if (type == JR_ABSENT) {
			depth--;
			continue;
		}
		sum.nodes++;
		sum.text += name.len + jr_str(child).len;
		if (type == JR_ARRAY || type == JR_OBJECT)
			walks[depth++] = (struct walk){ .container = child };
	}
	return sum.nodes == expected->nodes && sum.text == expected->text;
}

/*
 * json-c on bytes that prescan has let through. Its tables keep their default hash, which is
 * seeded: with JSON_C_STR_HASH_PERLLIKE, names that were chosen to collide cost six times as much.
 * Its depth counts an innermost scalar too. json-c 0.16 reports no lack of memory: the tree is
 * missing, or members are, or a string is cut; so the sum must come out.
 */
static enum rc tree_build(struct ctx *ctx, struct str bytes, size_t depth,
			  const struct prescan_sum *sum, struct json_object **out)
{
	struct json_tokener *tokener = json_tokener_new_ex((int)depth + 2);
	if (tokener == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "JSON: out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	struct json_object *root = json_tokener_parse_ex(tokener, bytes.ptr, (int)bytes.len);
	enum json_tokener_error error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	if (error != json_tokener_success) {
		json_object_put(root);
		return ctx_fail(ctx, RC_INVALID, "JSON: %s", json_tokener_error_desc(error));
	}
	if (root == NULL || !tree_is_whole(jr_of(root), sum)) {
		json_object_put(root);
		return ctx_fail(ctx, RC_NO_MEMORY, "JSON: out of memory");
	}
	*out = root;
	return RC_OK;
}

enum rc jr_parse(struct ctx *ctx, struct str bytes, const struct jr_limits *limits,
		 struct jr_doc **out)
{
	*out = NULL;
	struct prescan_sum sum;
	enum rc rc = prescan(&ctx->err, bytes, limits, &sum);
	if (rc != RC_OK)
		return rc;
	struct json_object *root;
	rc = tree_build(ctx, bytes, limits->depth, &sum, &root);
	if (rc != RC_OK)
		return rc;
	struct jr_doc *doc = malloc(sizeof(*doc));
	if (doc == NULL) {
		json_object_put(root);
		return ctx_fail(ctx, RC_NO_MEMORY, "JSON: out of memory");
	}
	*doc = (struct jr_doc){ .magic = DOC_MAGIC, .root = root };
	*out = doc;
	return RC_OK;
}
