/*
 * A file on its way from a form to a medium. The handler's thread waits for it. On worker threads.
 */
#include <stdio.h>

#include "view_int.h"

/* What is wrong with a file is for its sender to see; what is wrong here is not. */
static void refuse(struct call *call, enum rc rc, const char *name)
{
	char text[300];
	snprintf(text, sizeof(text), "File is invalid: %s", call->ctx->err.detail);
	if (rc == RC_UNSUPPORTED || rc == RC_INVALID || rc == RC_TOO_LARGE || rc == RC_TIMEOUT)
		reply_invalid(call, name, "ERR_INVALID", text);
	else
		/* that a store refuses this node is none of the sender's faults */
		reply_rc(call, rc == RC_DENIED ? RC_IO : rc);
}

static enum rc read_medium(struct call *call, uint64_t id, struct medium *out)
{
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc != RC_OK)
		return rc;
	rc = medium_get(txn, call->ctx->arena, id, out) ? RC_OK : RC_NOT_FOUND;
	db_read_end(&txn);
	return rc;
}

bool upload_file(struct call *call, const char *name, const struct upload_wish *wish,
		 struct medium *out)
{
	const struct multipart_part *file = call_file(call, name);
	const struct multipart_part *thumbnail = call_file(call, "thumbnail");
	uint64_t id;
	if (file == NULL || call->api->parts.media == NULL) {
		reply_invalid(call, name, "ERR_BLANK", "File can't be blank");
		return false;
	}
	struct media_upload upload = { .owner = call_account(call)->id,
				       .shape = wish->shape,
				       .bytes = file->bytes,
				       .thumbnail = thumbnail != NULL ? thumbnail->bytes : STR(""),
				       .description = STR(""),
				       .finished = wish->finished,
				       .documents = wish->documents };
	enum rc rc = media_submit_wait(call->api->parts.media, call->ctx, &upload, &id);
	if (rc != RC_OK) {
		refuse(call, rc, name);
		return false;
	}
	rc = read_medium(call, id, out);
	if (rc != RC_OK)
		reply_rc(call, rc);
	return rc == RC_OK;
}

bool upload_picture(struct call *call, const char *name, enum medium_use use, uint64_t *id)
{
	struct medium m;
	if (call_file(call, name) == NULL)
		return true;
	if (!upload_file(call, name, &(struct upload_wish){ .shape = use }, &m))
		return false;
	*id = m.id;
	return true;
}

/* --- what is said of it --- */

/* A decimal between -1 and 1, in thousandths; further digits do not matter. */
static bool read_thousandths(struct str text, int *out)
{
	struct str whole, part;
	uint64_t units, thousandths = 0;
	bool negative = str_has_prefix(text, STR("-"));
	text = negative ? str_skip(text, 1) : text;
	bool dot = str_split(text, '.', &whole, &part);
	if (!str_to_u64(whole, &units) || units > 1 || (dot && part.len == 0) || part.len > 20)
		return false;
	for (size_t i = 0; i < part.len; i++) {
		if (part.ptr[i] < '0' || part.ptr[i] > '9')
			return false;
	}
	for (size_t i = 0; i < 3; i++)
		thousandths = thousandths * 10 + (i < part.len ? (uint64_t)(part.ptr[i] - '0') : 0);
	int value = (int)(units * 1000 + thousandths);
	*out = negative ? -value : value;
	return value <= MEDIUM_FOCUS;
}

enum rc media_change_read(struct ctx *ctx, struct str description, struct str focus,
			  struct media_change *out)
{
	struct str x, y;
	*out = (struct media_change){ .description = description };
	if (focus.len == 0)
		return RC_OK;
	out->has_focus = str_split(focus, ',', &x, &y) &&
			 read_thousandths(str_trim(x), &out->focus_x) &&
			 read_thousandths(str_trim(y), &out->focus_y);
	return out->has_focus ? RC_OK
			      : ctx_fail(ctx, RC_INVALID, "Validation failed: Focus is invalid");
}

/*
 * "media_attributes[0][id]" of JSON and of some clients, "media_attributes[][id]" of others: there a
 * name that comes again begins the next one.
 */
struct words_field {
	struct str index, name;
};

static bool words_field_parse(struct str name, struct words_field *out)
{
	if (!str_has_prefix(name, STR("media_attributes[")) || !str_has_suffix(name, STR("]")))
		return false;
	struct str rest = str_skip(name, sizeof("media_attributes[") - 1);
	size_t end = str_find(rest, STR("]["));
	if (end == rest.len)
		return false;
	out->index = str_take(rest, end);
	out->name = str_skip(rest, end + 2);
	out->name.len--;
	return true;
}

struct words_reading {
	struct media_words_list *out;
	struct str index;	       /* of the one that is being read */
	struct str description, focus; /* as they came */
	uint64_t id;
	bool begun, has_id;
};

static enum rc words_end(struct ctx *ctx, struct words_reading *r)
{
	struct media_words_list *out = r->out;
	if (!r->begun)
		return RC_OK;
	if (out->count == POST_MEDIA_MAX)
		return ctx_fail(ctx, RC_INVALID, "media_attributes has too many values");
	struct media_words *words = &out->list[out->count++];
	words->id = r->id;
	enum rc rc = media_change_read(ctx, r->description, r->focus, &words->change);
	*r = (struct words_reading){ .out = out };
	return rc;
}

static void words_take(struct words_reading *r, struct str name, struct str value)
{
	uint64_t id;
	r->begun = true;
	if (str_eq(name, STR("id"))) {
		r->has_id = true;
		r->id = str_to_u64(value, &id) ? id : 0;
	} else if (str_eq(name, STR("description"))) {
		r->description = value;
	} else if (str_eq(name, STR("focus"))) {
		r->focus = value;
	}
}

enum rc media_words_read(struct call *call, struct media_words_list *out)
{
	struct words_reading r = { .out = out };
	struct words_field field;
	enum rc rc = RC_OK;
	*out = (struct media_words_list){ .count = 0 };
	for (size_t i = 0; rc == RC_OK && i < call->fields.count; i++) {
		const struct field *f = &call->fields.list[i];
		if (!words_field_parse(f->name, &field))
			continue;
		bool next = r.begun && (!str_eq(field.index, r.index) ||
					(str_eq(field.name, STR("id")) && r.has_id));
		if (next)
			rc = words_end(call->ctx, &r);
		r.index = field.index;
		words_take(&r, field.name, f->value);
	}
	return rc == RC_OK ? words_end(call->ctx, &r) : rc;
}
