/* What is uploaded. Uploads and changes are on worker threads. */
#include "view_int.h"

#include "social/media.h"

#define DESCRIPTION_BYTES_MAX ((size_t)64 << 10)
#define FOCUS_BYTES_MAX 64

/* --- parameters --- */

struct media_params {
	struct str description, focus;
	enum tri resource; /* it is for a community to share: a document will do */
};

#define WORDS_ROWS                                                                         \
	PARAM_STR(struct media_params, description, "description", DESCRIPTION_BYTES_MAX), \
		PARAM_STR(struct media_params, focus, "focus", FOCUS_BYTES_MAX)

static const struct param upload_rows[] = { PARAM_FILE("file"), PARAM_FILE("thumbnail"), WORDS_ROWS,
					    PARAM_BOOL(struct media_params, resource, "resource") };
PARAM_TABLE_FILES(upload_params, struct media_params, upload_rows);
static const struct param media_rows[] = { PARAM_FILE("thumbnail"), WORDS_ROWS };
PARAM_TABLE_FILES(media_params, struct media_params, media_rows);

static enum rc read_change(struct call *call, struct media_change *out)
{
	const struct media_params *p = call->params;
	return media_change_read(call->ctx, p->description, p->focus, out);
}

/* --- answers --- */

static void reply_medium(struct call *call, const struct medium *m, unsigned status)
{
	struct media_view view = view_medium(call, m);
	render_medium(reply_begin(call), &view);
	reply_end(call, status);
}

static void reply_failed(struct call *call, const struct medium *m)
{
	struct str text =
		arena_printf(call->ctx->arena, "File is invalid: %.*s", STR_ARG(m->reason));
	reply_invalid(call, "file", "ERR_INVALID", text.ptr != NULL ? text.ptr : "");
}

static unsigned status_of(const struct medium *m, unsigned processing)
{
	return m->state == MEDIUM_PROCESSING ? processing : 200;
}

/* --- uploading --- */

struct describing {
	uint64_t owner, id;
	struct media_change change;
	struct medium m;
};

static enum rc describe_job(struct social *s, void *arg)
{
	struct describing *d = arg;
	return media_describe(s, d->owner, d->id, &d->change, &d->m);
}

static enum rc record_job(struct social *s, void *arg UNUSED)
{
	return db_txn_rc(s->txn);
}

/* What is wrong with the words is told before anything is made of the file. */
static void upload(struct call *call, bool finished)
{
	const struct media_params *p = call->params;
	const struct upload_wish wish = { .finished = finished,
					  .documents = p->resource == TRI_YES };
	struct describing d = { .owner = call_account(call)->id };
	enum rc rc = read_change(call, &d.change);
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return;
	}
	if (!upload_file(call, "file", &wish, &d.m))
		return;
	if (d.m.state == MEDIUM_FAILED) {
		reply_failed(call, &d.m);
		return;
	}
	d.id = d.m.id;
	/* the trail of a team has an entry of every file, described or not */
	if (d.change.description.ptr != NULL || d.change.has_focus)
		rc = call_write(call, describe_job, &d);
	else if (call->bearer.person.id != 0)
		rc = call_write(call, record_job, &d);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_medium(call, &d.m, status_of(&d.m, 202));
}

static void post_media(struct call *call)
{
	upload(call, false);
}

/* The old form answers when everything is done. */
static void post_media_v1(struct call *call)
{
	upload(call, true);
}

/* --- before it is held --- */

static void get_medium(struct call *call)
{
	struct medium m;
	struct db_txn *txn;
	enum rc rc = call_read(call, &txn);
	if (rc == RC_OK) {
		bool there = medium_get(txn, call->ctx->arena, call_id(call, 0), &m) &&
			     m.owner == call_account(call)->id && m.use == MEDIUM_OPEN;
		rc = there ? RC_OK : RC_NOT_FOUND;
		db_read_end(&txn);
	}
	if (rc != RC_OK)
		reply_rc(call, rc);
	else if (m.state == MEDIUM_FAILED)
		reply_failed(call, &m);
	else
		reply_medium(call, &m, status_of(&m, 206));
}

struct taking {
	struct describing d;
	uint64_t thumbnail; /* 0: none was sent */
};

static enum rc change_job(struct social *s, void *arg)
{
	struct taking *t = arg;
	enum rc rc = RC_OK;
	if (t->thumbnail != 0)
		rc = media_take_thumbnail(s, t->d.owner, t->d.id, t->thumbnail);
	return rc == RC_OK ? describe_job(s, &t->d) : rc;
}

static void put_medium(struct call *call)
{
	struct taking t = { .d = { .owner = call_account(call)->id, .id = call_id(call, 0) } };
	struct medium thumbnail;
	enum rc rc = read_change(call, &t.d.change);
	if (rc == RC_OK && call_file(call, "thumbnail") != NULL) {
		if (!upload_file(call, "thumbnail", &(struct upload_wish){ .finished = false },
				 &thumbnail))
			return;
		t.thumbnail = thumbnail.id;
	}
	if (rc == RC_OK)
		rc = call_write(call, change_job, &t);
	if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_medium(call, &t.d.m, 200);
}

static enum rc delete_job(struct social *s, void *arg)
{
	const struct describing *d = arg;
	return media_delete(s, d->owner, d->id);
}

static void delete_medium(struct call *call)
{
	struct describing d = { .owner = call_account(call)->id, .id = call_id(call, 0) };
	enum rc rc = call_write(call, delete_job, &d);
	if (rc == RC_CONFLICT)
		reply_error(call, 422, "Media attachment is currently used by a status");
	else if (rc != RC_OK)
		reply_rc(call, rc);
	else
		reply_empty(call);
}

#define MEDIA SCOPE(WRITE_MEDIA)
#define MEDIUM "/api/v1/media/:id"

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_POST, "/api/v2/media", AUTH_USER, MEDIA, RATE_MEDIA, &upload_params, post_media },
	{ HTTP_POST, "/api/v1/media", AUTH_USER, MEDIA, RATE_MEDIA, &upload_params, post_media_v1 },
	{ HTTP_GET, MEDIUM, AUTH_USER, MEDIA, RATE_COMMON, NULL, get_medium },
	{ HTTP_PUT, MEDIUM, AUTH_USER, MEDIA, RATE_COMMON, &media_params, put_medium },
	{ HTTP_DELETE, MEDIUM, AUTH_USER, MEDIA, RATE_COMMON, NULL, delete_medium },
};
API_ROWS_END
const struct api_route_table media_api = { routes, ARRAY_LEN(routes) };
