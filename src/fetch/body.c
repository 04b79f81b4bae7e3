/* Bodies that several requests send: immutable bytes and a count of references. Any thread. */
#include <stdatomic.h>
#include <stdlib.h>

#include "core/must.h"
#include "fetch/fetch.h"

struct fetch_body {
	_Atomic size_t refs;
	size_t len;
	char bytes[];
};

struct fetch_body *fetch_body_new(struct str bytes)
{
	struct fetch_body *body = malloc(sizeof(*body) + bytes.len + 1);
	if (body == NULL)
		return NULL;
	atomic_init(&body->refs, 1);
	body->len = bytes.len;
	if (bytes.len != 0)
		memcpy(body->bytes, bytes.ptr, bytes.len);
	body->bytes[bytes.len] = '\0';
	return body;
}

struct fetch_body *fetch_body_ref(struct fetch_body *body)
{
	size_t before = atomic_fetch_add_explicit(&body->refs, 1, memory_order_relaxed);
	must(before != 0 && before < SIZE_MAX / 2);
	return body;
}

void fetch_body_unref(struct fetch_body **body)
{
	if (*body != NULL &&
	    atomic_fetch_sub_explicit(&(*body)->refs, 1, memory_order_acq_rel) == 1)
		free(*body);
	*body = NULL;
}

struct str fetch_body_str(const struct fetch_body *body)
{
	return str_n(body->bytes, body->len);
}
