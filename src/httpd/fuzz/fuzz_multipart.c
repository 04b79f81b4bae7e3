/*
 * FZ-06: any body under any boundary. The first line of the input is the content type, the rest the
 * body. Oracle: what was accepted is the same form when it is written anew from its parts, and no
 * shorter body is a form, too.
 */
#include <stdint.h>

#include "core/must.h"
#include "httpd/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct str canonical(struct arena *arena, const struct multipart *form, struct str body)
{
	struct buf out = BUF_INIT(1 << 22);
	struct str boundary = str_take(body, str_find(body, STR("\r\n")));
	for (size_t i = 0; i < form->count; i++) {
		const struct multipart_part *part = &form->parts[i];
		buf_add(&out, boundary);
		buf_add(&out, STR("\r\nContent-Disposition: form-data; name=\""));
		buf_add(&out, part->name);
		buf_add(&out, STR("\""));
		if (part->filename.ptr != NULL) {
			buf_add(&out, STR("; filename=\""));
			buf_add(&out, part->filename);
			buf_add(&out, STR("\""));
		}
		if (part->type.ptr != NULL) {
			buf_add(&out, STR("\r\nContent-Type: "));
			buf_add(&out, part->type);
		}
		buf_add(&out, STR("\r\n\r\n"));
		buf_add(&out, part->bytes);
		buf_add(&out, STR("\r\n"));
	}
	buf_add(&out, boundary);
	buf_add(&out, STR("--"));
	return arena_take_buf(arena, &out);
}

static void must_be_same(const struct multipart *a, const struct multipart *b)
{
	must(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		must(str_eq(a->parts[i].name, b->parts[i].name));
		must(str_eq(a->parts[i].filename, b->parts[i].filename));
		must(str_eq(a->parts[i].type, b->parts[i].type));
		must(str_eq(a->parts[i].bytes, b->parts[i].bytes));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str type, body;
	struct ctx ctx = { .arena = arena_new(1 << 23) };
	struct multipart form, again;
	must(ctx.arena != NULL);
	if (size == 0 || !str_split(str_n(data, size), '\n', &type, &body))
		type = body = STR("");
	enum rc rc = multipart_parse(&ctx, type, body, &form);
	if (rc != RC_OK) {
		must(form.count == 0 && ctx.err.detail[0] != '\0');
	} else if (form.count != 0 && size < (1 << 20)) {
		struct str written = canonical(ctx.arena, &form, body);
		must(multipart_parse(&ctx, type, written, &again) == RC_OK);
		must_be_same(&form, &again);
		must(multipart_parse(&ctx, type, str_take(written, written.len - 1), &again) !=
		     RC_OK);
	}
	arena_free(&ctx.arena);
	return 0;
}
