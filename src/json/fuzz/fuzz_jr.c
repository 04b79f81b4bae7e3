/*
 * jr on any bytes. What it takes is written again by jw and must read back equal; prescan and
 * json-c must agree on every input.
 */
#include "json/jr.h"

#include <stdint.h>

#include "../prescan_int.h"
#include "core/must.h"
#include "json/jw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One of a container that is being walked. */
struct walk {
	struct jr container;
	struct jr_iter it;
	size_t index;
};

/* The next child of a container; name is absent in an array. */
static bool walk_next(struct walk *walk, struct str *name, struct jr *child)
{
	*name = STR_NONE;
	if (jr_type(walk->container) == JR_OBJECT)
		return jr_next(walk->container, &walk->it, name, child);
	*child = jr_at(walk->container, walk->index++);
	return jr_type(*child) != JR_ABSENT;
}

static bool is_container(struct jr v)
{
	return jr_type(v) == JR_OBJECT || jr_type(v) == JR_ARRAY;
}

static void write_number(struct jw *w, struct jr v)
{
	int64_t n;
	double d;
	if (jr_i64(v, &n)) {
		jw_i64(w, n);
		return;
	}
	must(jr_double(v, &d));
	jw_double(w, d);
}

static void write_value(struct jw *w, struct jr v)
{
	switch (jr_type(v)) {
	case JR_NULL:
		jw_null(w);
		return;
	case JR_BOOL:
		jw_bool(w, jr_bool(v, false));
		return;
	case JR_NUMBER:
		write_number(w, v);
		return;
	case JR_STRING:
		jw_str(w, jr_str(v));
		return;
	case JR_ARRAY:
		jw_array(w);
		return;
	case JR_OBJECT:
		jw_object(w);
		return;
	case JR_ABSENT:
		break;
	}
	must(jr_type(v) != JR_ABSENT);
}

static void rewrite(struct buf *out, struct jr root)
{
	struct walk walks[JW_DEPTH] = { { .container = root } };
	size_t depth = 1;
	struct jw w;
	jw_init(&w, out);
	write_value(&w, root);
	while (depth != 0) {
		struct str name;
		struct jr child;
		if (!walk_next(&walks[depth - 1], &name, &child)) {
			jw_end(&w);
			depth--;
			continue;
		}
		if (name.ptr != NULL)
			jw_name_str(&w, name);
		write_value(&w, child);
		if (is_container(child))
			walks[depth++] = (struct walk){ .container = child };
	}
	jw_done(&w);
}

static bool same_scalar(struct jr a, struct jr b)
{
	double da = 0, db = 0;
	if (jr_type(a) != jr_type(b))
		return false;
	if (jr_double(a, &da) && (!jr_double(b, &db) || da < db || da > db))
		return false;
	return str_eq(jr_str(a), jr_str(b)) && jr_bool(a, false) == jr_bool(b, false);
}

static void must_be_equal(struct jr a, struct jr b)
{
	struct walk left[JW_DEPTH] = { { .container = a } };
	struct walk right[JW_DEPTH] = { { .container = b } };
	size_t depth = 1;
	must(jr_type(a) == jr_type(b));
	while (depth != 0) {
		struct str name_a, name_b;
		struct jr child_a, child_b;
		bool more = walk_next(&left[depth - 1], &name_a, &child_a);
		must(more == walk_next(&right[depth - 1], &name_b, &child_b));
		if (!more) {
			depth--;
			continue;
		}
		must(str_eq(name_a, name_b) && same_scalar(child_a, child_b));
		if (is_container(child_a)) {
			left[depth] = (struct walk){ .container = child_a };
			right[depth++] = (struct walk){ .container = child_b };
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { 0 };
	struct jr_doc *doc, *again;
	struct jr_limits wider = jr_limits_peer;
	enum rc rc = jr_parse(&ctx, str_n(data, size), &jr_limits_peer, &doc);
	must((rc == RC_OK) == (doc != NULL) && rc == ctx.err.rc);
	must(prescan(NULL, str_n(data, size), &jr_limits_peer, NULL) == rc);
	if (rc != RC_OK)
		return 0;
	struct buf out CLEANUP(buf_free) = BUF_INIT(JR_BYTES_MAX);
	rewrite(&out, jr_root(doc));
	wider.bytes = JR_BYTES_MAX;
	must(jr_parse(&ctx, buf_str(&out), &wider, &again) == RC_OK);
	must_be_equal(jr_root(doc), jr_root(again));
	jr_free(&again);
	jr_free(&doc);
	return 0;
}
