/* Writing a rule of the sieve: as text, and as a program. Pure. */
#include "core/must.h"
#include "db/rec.h"
#include "sieve_int.h"
#include "sieve_program_int.h"

/* --- text --- */

static void print_string(struct buf *out, struct str s)
{
	buf_add_chr(out, '"');
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '"' || s.ptr[i] == '\\')
			buf_add_chr(out, '\\');
		buf_add_chr(out, s.ptr[i]);
	}
	buf_add_chr(out, '"');
}

/* In the longest unit that says it exactly, unless the number would be too large to be read again
 * in none. */
static void print_time(struct buf *out, uint64_t ms)
{
	size_t i = 0;
	while (i + 1 < SIEVE_UNITS && ms % sieve_units[i].ms != 0)
		i++;
	buf_add_u64(out, ms / sieve_units[i].ms);
	buf_add(out, sieve_units[i].name);
}

static void print_test(struct buf *out, const struct sieve_node *test)
{
	enum sieve_kind kind = sieve_field_kind(test->field);
	buf_add(out, sieve_field_name(test->field));
	if (test->compare == SIEVE_IS_SO)
		return;
	buf_addf(out, " %s ", sieve_compare_name(test->compare));
	if (kind == SIEVE_TIME)
		print_time(out, test->number);
	else if (test->item_count == 0)
		buf_add_u64(out, test->number);
	for (unsigned i = 0; i < test->item_count; i++) {
		if (i != 0)
			buf_add(out, STR(", "));
		print_string(out, test->items[i]);
	}
}

/* How strongly a word binds; what binds less strongly than what is around it stands in parentheses. */
static int strength(const struct sieve_node *node)
{
	return node->what == SIEVE_OR ? 0 : node->what == SIEVE_AND ? 1 : 2;
}

static void print_node(struct buf *out, const struct sieve_node *node, int least)
{
	bool inner = strength(node) < least;
	if (inner)
		buf_add_chr(out, '(');
	switch (node->what) {
	case SIEVE_TEST:
		print_test(out, node);
		break;
	case SIEVE_NOT:
		buf_add(out, STR("not "));
		print_node(out, node->left, 2);
		break;
	case SIEVE_AND:
	case SIEVE_OR:
		print_node(out, node->left, strength(node));
		buf_add(out, node->what == SIEVE_AND ? STR(" and ") : STR(" or "));
		print_node(out, node->right, strength(node) + 1);
		break;
	}
	if (inner)
		buf_add_chr(out, ')');
}

void sieve_print(struct buf *out, const struct sieve_rule *rule)
{
	buf_add(out, str_of(sieve_action_name(rule->action)));
	if (rule->label.len != 0) {
		buf_add_chr(out, ' ');
		print_string(out, rule->label);
	}
	buf_add(out, STR(" when "));
	print_node(out, rule->when, 0);
}

/* --- a program --- */

struct compiler {
	struct buf *out;
	uint32_t count; /* of instructions */
};

static void add_op(struct compiler *c, enum sieve_op op)
{
	rec_add_u8(c->out, (uint8_t)op);
	c->count++;
}

/* A jump to what is not there yet: where its distance is to be written. */
static size_t add_jump(struct compiler *c, enum sieve_op op)
{
	add_op(c, op);
	size_t at = c->out->len;
	rec_add_u32(c->out, 0);
	return at;
}

/* The distance in bytes from behind the jump to here. */
static void land(struct compiler *c, size_t at)
{
	struct buf distance CLEANUP(buf_free) = BUF_INIT(8);
	if (c->out->failed)
		return;
	rec_add_u32(&distance, (uint32_t)(c->out->len - at - 4));
	if (!distance.failed)
		memcpy(c->out->ptr + at, distance.ptr, 4);
	else
		buf_fail(c->out);
}

static void compile_test(struct compiler *c, const struct sieve_node *test)
{
	add_op(c, SIEVE_OP_TEST);
	rec_add_u8(c->out, (uint8_t)test->field);
	rec_add_u8(c->out, (uint8_t)test->compare);
	rec_add_num(c->out, test->number);
	rec_add_num(c->out, test->item_count);
	for (unsigned i = 0; i < test->item_count; i++)
		rec_add_str(c->out, test->items[i]);
}

static void compile_node(struct compiler *c, const struct sieve_node *node)
{
	size_t at;
	switch (node->what) {
	case SIEVE_TEST:
		compile_test(c, node);
		break;
	case SIEVE_NOT:
		compile_node(c, node->left);
		add_op(c, SIEVE_OP_NOT);
		break;
	case SIEVE_AND:
	case SIEVE_OR:
		compile_node(c, node->left);
		at = add_jump(c, node->what == SIEVE_AND ? SIEVE_OP_UNLESS : SIEVE_OP_IF);
		compile_node(c, node->right);
		land(c, at);
		break;
	}
}

void sieve_compile(struct buf *out, const struct sieve_rule *rule)
{
	struct compiler c = { .out = out };
	must(out->len == 0);
	rec_add_u8(out, SIEVE_PROGRAM_VERSION);
	compile_node(&c, rule->when);
}
