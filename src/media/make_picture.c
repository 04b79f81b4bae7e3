/* Pictures: one helper, which says what it made. Workers. */
#include <stdio.h>

#include "helper.h"
#include "helper_int.h"
#include "make.h"

#define OUT_MAX ((size_t)64 << 20)
#define SMALL_MAX ((size_t)8 << 20)
#define DEADLINE_MS (30 * MS_PER_SECOND)

void made_init(struct made *made)
{
	*made = (struct made){ .file.bytes = BUF_INIT(OUT_MAX),
			       .small.bytes = BUF_INIT(SMALL_MAX) };
}

void made_free(struct made *made)
{
	buf_free(&made->file.bytes);
	buf_free(&made->small.bytes);
}

static bool ends_in_nul(const char *text, size_t size)
{
	return memchr(text, '\0', size) != NULL;
}

/* Is what came out what was asked for? The helper may have been taken over by what it read. */
static bool is_kind(const struct buf *bytes, const struct media_type *type)
{
	return type != NULL && !bytes->failed && media_sniff(buf_str(bytes)) == type;
}

static bool is_sound(const struct helper_report *r)
{
	return r->magic == HELPER_MAGIC && ends_in_nul(r->small_type, sizeof(r->small_type)) &&
	       ends_in_nul(r->blurhash, sizeof(r->blurhash)) &&
	       ends_in_nul(r->reason, sizeof(r->reason)) && r->width <= UINT16_MAX &&
	       r->height <= UINT16_MAX && r->small_width <= UINT16_MAX &&
	       r->small_height <= UINT16_MAX;
}

static enum rc refuse(struct err *err, const struct helper_report *r, bool sound)
{
	struct str reason = sound ? str_of(r->reason) : STR_NONE;
	for (size_t i = 0; i < reason.len; i++) {
		if (reason.ptr[i] < ' ' || reason.ptr[i] > '~')
			reason = STR_NONE;
	}
	return err_set(err, RC_INVALID, "%s",
		       reason.len != 0 ? reason.ptr : "the picture cannot be read");
}

static enum rc accept(struct err *err, const struct make *order, const struct helper_report *r,
		      struct made *out)
{
	out->file.type = media_type_by_name(str_of(order->type->writer));
	out->small.type = media_type_by_name(str_of(r->small_type));
	if (!is_kind(&out->file.bytes, out->file.type) ||
	    !is_kind(&out->small.bytes, out->small.type) || r->width == 0 || r->height == 0 ||
	    !blurhash_valid(str_of(r->blurhash)))
		return err_set(err, RC_INVALID, "the picture cannot be read");
	out->file.width = r->width;
	out->file.height = r->height;
	out->small.width = r->small_width;
	out->small.height = r->small_height;
	memcpy(out->blurhash, r->blurhash, sizeof(out->blurhash));
	return RC_OK;
}

enum rc make_picture(struct err *err, const struct make *order, struct made *out)
{
	struct buf answer CLEANUP(buf_free) = BUF_INIT(2 * sizeof(struct helper_report));
	struct helper_report report = { .ok = 0 };
	char pixels[24], width[12], height[12];
	int status;
	snprintf(pixels, sizeof(pixels), "%llu", (unsigned long long)order->settings->pixels);
	snprintf(width, sizeof(width), "%u", order->width);
	snprintf(height, sizeof(height), "%u", order->height);
	const struct helper_job job = {
		.program = order->program,
		.args = { "picture", order->type->name, pixels, width, height },
		.input = order->bytes,
		.deadline_ms = DEADLINE_MS,
		.stop = order->stop,
		.answer = &answer,
		.out = &out->file.bytes,
		.small = &out->small.bytes,
	};
	enum rc rc = helper_run(err, &job, &status);
	if (rc != RC_OK && rc != RC_INVALID)
		return rc;
	bool whole = !answer.failed && answer.len == sizeof(report);
	if (whole)
		memcpy(&report, answer.ptr, sizeof(report));
	whole = whole && is_sound(&report);
	if (rc != RC_OK || !whole || report.ok != 1)
		return refuse(err, &report, whole);
	return accept(err, order, &report, out);
}
