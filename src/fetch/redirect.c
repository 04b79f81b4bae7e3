/* Redirects: resolution of references and the decision whether to follow. Pure; any thread. */
#include "redirect.h"

#include "core/must.h"

/* A reference at its delimiters, RFC 3986 appendix B. What is not there is absent. */
struct reference {
	struct str scheme;
	struct str authority;
	struct str path; /* never absent */
	struct str query;
};

static bool is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 3986 section 3.1 */
static bool is_scheme(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.ptr[i];
		bool inner = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
		if (!is_alpha(c) && (i == 0 || !inner))
			return false;
	}
	return s.len != 0;
}

static struct reference reference_split(struct str text)
{
	struct reference r = { .path = STR_NONE };
	struct str head, tail;
	str_split(text, '#', &text, &tail); /* the fragment is not fetched */
	if (str_split(text, ':', &head, &tail) && is_scheme(head)) {
		r.scheme = head;
		text = tail;
	}
	str_split(text, '?', &text, &r.query);
	if (str_has_prefix(text, STR("//"))) {
		text = str_skip(text, 2);
		r.authority = str_take(text, str_index(text, '/'));
		text = str_skip(text, r.authority.len);
	}
	r.path = text;
	return r;
}

/* RFC 3986 section 5.2.4, by segments; path starts with "/". */
static void add_without_dots(struct buf *out, struct str path)
{
	size_t root = out->len;
	struct str segment;
	path = str_skip(path, 1);
	while (str_next(&path, '/', &segment)) {
		bool last = path.ptr == NULL;
		bool up = str_eq(segment, STR(".."));
		if (up)
			buf_cut(out, root + str_rindex(str_skip(buf_str(out), root), '/'));
		if (!up && !str_eq(segment, STR("."))) {
			buf_add_chr(out, '/');
			buf_add(out, segment);
		} else if (last) {
			buf_add_chr(out, '/');
		}
	}
}

/* RFC 3986 section 5.2.3 */
static void merge(struct buf *out, const struct reference *base, struct str path)
{
	size_t slash = str_rindex(base->path, '/');
	if (slash == base->path.len)
		buf_add_chr(out, '/');
	else
		buf_add(out, str_take(base->path, slash + 1));
	buf_add(out, path);
}

/* RFC 3986 section 5.2.2 */
static struct reference transform(struct arena *arena, const struct reference *base,
				  struct reference r)
{
	struct buf merged CLEANUP(buf_free) = BUF_INIT(4 * IRI_MAX);
	if (r.scheme.ptr != NULL)
		return r;
	r.scheme = base->scheme;
	if (r.authority.ptr != NULL)
		return r;
	r.authority = base->authority;
	if (r.path.len == 0) {
		r.path = base->path;
		if (r.query.ptr == NULL)
			r.query = base->query;
	} else if (r.path.ptr[0] != '/') {
		merge(&merged, base, r.path);
		r.path = arena_take_buf(arena, &merged);
	}
	return r;
}

struct str redirect_resolve(struct arena *arena, struct str base_text, struct str text)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(4 * IRI_MAX);
	struct reference base = reference_split(base_text);
	struct reference r = transform(arena, &base, reference_split(text));
	buf_add(&out, r.scheme);
	buf_add_chr(&out, ':');
	if (r.authority.ptr != NULL) {
		buf_add(&out, STR("//"));
		buf_add(&out, r.authority);
	}
	if (r.path.len != 0 && r.path.ptr[0] == '/')
		add_without_dots(&out, r.path);
	else
		buf_add(&out, r.path);
	if (r.query.ptr != NULL) {
		buf_add_chr(&out, '?');
		buf_add(&out, r.query);
	}
	return arena_take_buf(arena, &out);
}

bool redirect_status(unsigned status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

enum rc redirect_plan(struct ctx *ctx, struct redirect_chain *chain, struct str location,
		      unsigned max, unsigned iri_flags, struct iri *next)
{
	must(chain->count >= 1 && max <= REDIRECTS_MAX);
	struct str from = chain->urls[chain->count - 1];
	if (chain->count > max)
		return ctx_fail(ctx, RC_INVALID, "more than %u redirects", max);
	struct str to = redirect_resolve(ctx->arena, from, location);
	if (to.ptr == NULL)
		return ctx_fail(ctx, RC_INVALID, "redirect to a URL that is too long");
	enum rc rc = iri_parse(ctx, to, iri_flags, next);
	if (rc != RC_OK)
		return rc;
	if (str_has_prefix(from, STR("https:")) && !str_eq(next->scheme, STR("https")))
		return ctx_fail(ctx, RC_INVALID, "redirect from https to plain http");
	struct str document = iri_document(next);
	for (size_t i = 0; i < chain->count; i++) {
		if (str_eq(chain->urls[i], document))
			return ctx_fail(ctx, RC_INVALID, "redirects go in a circle");
	}
	chain->urls[chain->count++] = document;
	return RC_OK;
}
