/* Ranges and entity tags (RFC 9110 sections 14.1.2 and 8.8.3). Pure; any thread. */
#include "httpd/file.h"

/* "-n": the last n bytes. */
static enum range_verdict parse_suffix(struct str text, uint64_t size, uint64_t *first,
				       uint64_t *last)
{
	uint64_t n;
	if (!str_to_u64(text, &n))
		return RANGE_WHOLE;
	if (n == 0 || size == 0)
		return RANGE_NONE;
	*first = n < size ? size - n : 0;
	*last = size - 1;
	return RANGE_PART;
}

enum range_verdict range_parse(struct str header, uint64_t size, uint64_t *first, uint64_t *last)
{
	struct str unit, spec, from, to;
	if (!str_split(header, '=', &unit, &spec) || !str_eq_nocase(str_trim(unit), STR("bytes")))
		return RANGE_WHOLE;
	spec = str_trim(spec);
	if (!str_split(spec, '-', &from, &to))
		return RANGE_WHOLE;
	if (from.len == 0)
		return parse_suffix(to, size, first, last);
	*last = UINT64_MAX;
	if (!str_to_u64(from, first) || (to.len != 0 && !str_to_u64(to, last)) || *last < *first)
		return RANGE_WHOLE;
	if (*first >= size)
		return RANGE_NONE;
	if (*last >= size)
		*last = size - 1;
	return RANGE_PART;
}

bool etag_listed(struct str header, struct str etag)
{
	struct str one;
	if (str_eq(str_trim(header), STR("*")))
		return true;
	/* tags of ours have no comma in them */
	while (str_next(&header, ',', &one)) {
		one = str_trim(one);
		if (str_has_prefix(one, STR("W/")))
			one = str_skip(one, 2);
		if (str_eq(one, etag))
			return true;
	}
	return false;
}
