/*
 * Uploads: pictures are made and recorded before their sender is answered; films and sounds are
 * recorded as they came and made afterwards, also after a crash. Workers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "make.h"
#include "media_int.h"

#define ARENA_MAX ((size_t)4 << 20)
#define RESUME_MAX 10000

struct upload {
	struct work work;
	struct media_upload in;
	struct ctx ctx;
};

static const struct {
	enum medium_use use;
	uint32_t width, height;
} shapes[] = {
	{ MEDIUM_AVATAR, 400, 400 },
	{ MEDIUM_HEADER, 1500, 500 },
};

static void upload_free(struct upload *u)
{
	arena_free(&u->ctx.arena);
	free(u);
}

static void answer(struct upload *u, enum rc rc, const struct medium *medium)
{
	u->in.done(u->in.arg, rc, rc == RC_OK ? "" : err_text(&u->ctx.err), medium);
}

/* --- files --- */

/* Written and pinned: unpin() when the record is durable. */
static enum rc keep(struct media *media, struct err *err, const struct made_file *made,
		    struct medium_file *out)
{
	struct str bytes = buf_str(&made->bytes);
	*out = (struct medium_file){ .type = STR("") };
	if (made->type == NULL)
		return RC_OK;
	*out = (struct medium_file){ .type = str_of(made->type->name),
				     .digest = digest_sha256(bytes),
				     .bytes = bytes.len,
				     .width = made->width,
				     .height = made->height };
	pin(media, &out->digest);
	return keep_file(media, err, &out->digest, bytes);
}

/* After the record was written, or not. */
static void let_go(struct media *media, const struct medium_file *file, bool recorded)
{
	if (file->type.len == 0)
		return;
	unpin(media, &file->digest);
	if (!recorded)
		collect_file(media, &file->digest);
}

/* --- records --- */

static enum rc add_job(struct db_txn *txn, void *arg)
{
	struct medium *m = arg;
	return medium_add(txn, m) ? RC_OK : db_txn_rc(txn);
}

static struct medium record_of(const struct upload *u, enum medium_state state)
{
	return (struct medium){ .owner = u->in.owner,
				.state = state,
				.has_focus = u->in.has_focus,
				.focus_x = u->in.focus_x,
				.focus_y = u->in.focus_y,
				.blurhash = STR(""),
				.description = u->in.description,
				.reason = STR(""),
				.file = { .type = STR("") },
				.small = { .type = STR("") } };
}

static void fill_made(struct medium *m, const struct made *made)
{
	m->state = MEDIUM_READY;
	m->duration_ms = made->duration_ms;
	m->blurhash = str_of(made->blurhash);
}

/* --- pictures --- */

static enum rc record_picture(struct media *media, struct upload *u, const struct made *made,
			      struct medium *m)
{
	*m = record_of(u, MEDIUM_READY);
	fill_made(m, made);
	enum rc rc = keep(media, &u->ctx.err, &made->file, &m->file);
	if (rc == RC_OK)
		rc = keep(media, &u->ctx.err, &made->small, &m->small);
	if (rc == RC_OK)
		rc = db_write(media->parts.db, add_job, m);
	let_go(media, &m->file, rc == RC_OK);
	let_go(media, &m->small, rc == RC_OK);
	return rc == RC_OK ? rc : ctx_fail(&u->ctx, rc, "the picture cannot be kept");
}

static void run_picture(struct media *media, struct upload *u, const struct media_type *type)
{
	struct made made CLEANUP(made_free);
	struct medium m = { .id = 0 };
	struct make order = { .settings = media->parts.settings,
			      .program = media->parts.program,
			      .type = type,
			      .bytes = u->in.bytes,
			      .stop = &media->ending };
	made_init(&made);
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		if (shapes[i].use == u->in.shape) {
			order.width = shapes[i].width;
			order.height = shapes[i].height;
		}
	}
	enum rc rc = make_picture(&u->ctx.err, &order, &made);
	if (rc == RC_OK)
		rc = record_picture(media, u, &made, &m);
	answer(u, rc, &m);
}

/* --- documents --- */

/* As it came: nothing here opens it. */
static void run_document(struct media *media, struct upload *u, const struct media_type *type)
{
	struct medium m = record_of(u, MEDIUM_READY);
	m.file = (struct medium_file){ .type = str_of(type->name),
				       .digest = digest_sha256(u->in.bytes),
				       .bytes = u->in.bytes.len };
	pin(media, &m.file.digest);
	enum rc rc = keep_file(media, &u->ctx.err, &m.file.digest, u->in.bytes);
	if (rc == RC_OK)
		rc = db_write(media->parts.db, add_job, &m);
	let_go(media, &m.file, rc == RC_OK);
	answer(u, rc == RC_OK ? rc : ctx_fail(&u->ctx, rc, "the document cannot be kept"), &m);
}

/* --- films and sounds --- */

struct finish {
	uint64_t id;
	struct medium made; /* file, small, state, blurhash, duration, reason */
	bool gone;
};

static enum rc finish_job(struct db_txn *txn, void *arg)
{
	struct finish *f = arg;
	struct arena *arena = arena_new(ARENA_MAX);
	struct medium m;
	if (arena == NULL)
		return RC_NO_MEMORY;
	f->gone = !medium_get(txn, arena, f->id, &m);
	if (!f->gone) {
		m.state = f->made.state;
		m.file = f->made.file;
		m.small = f->made.small;
		m.duration_ms = f->made.duration_ms;
		m.blurhash = f->made.blurhash;
		m.reason = f->made.reason;
		medium_put(txn, &m);
	}
	arena_free(&arena);
	return db_txn_rc(txn);
}

/* What it became, into the record that waits for it. */
static void finish_film(struct media *media, struct ctx *ctx, uint64_t id, enum rc rc,
			const struct made *made)
{
	struct finish f = { .id = id };
	f.made = (struct medium){ .state = MEDIUM_FAILED,
				  .file = { .type = STR("") },
				  .small = { .type = STR("") },
				  .blurhash = STR(""),
				  .reason = STR("") };
	if (rc == RC_OK)
		rc = keep(media, &ctx->err, &made->file, &f.made.file);
	if (rc == RC_OK)
		rc = keep(media, &ctx->err, &made->small, &f.made.small);
	struct medium_file file = f.made.file, small = f.made.small;
	if (rc == RC_OK) {
		fill_made(&f.made, made);
	} else {
		f.made.file.type = f.made.small.type = STR("");
		f.made.reason = str_of(err_text(&ctx->err));
	}
	bool written = db_write(media->parts.db, finish_job, &f) == RC_OK && !f.gone;
	bool recorded = written && rc == RC_OK;
	let_go(media, &file, recorded);
	let_go(media, &small, recorded);
}

/* Out of the folder of what came in. A record without its file has failed for good. */
static enum rc make_staged(struct media *media, struct ctx *ctx, const struct medium *m,
			   struct str thumbnail)
{
	struct made made CLEANUP(made_free);
	uint64_t size = 0;
	int fd;
	made_init(&made);
	enum rc rc = files_get(&media->staged, &m->file.digest, &fd, &size);
	void *bytes = MAP_FAILED;
	if (rc == RC_OK && size != 0)
		bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (rc == RC_OK)
		close(fd);
	if (bytes == MAP_FAILED) {
		rc = ctx_fail(ctx, RC_IO, "the file was lost");
	} else {
		const struct make order = { .settings = media->parts.settings,
					    .program = media->parts.program,
					    .type = media_sniff(str_n(bytes, size)),
					    .bytes = str_n(bytes, size),
					    .thumbnail = thumbnail,
					    .stop = &media->ending };
		rc = order.type != NULL ? make_film(ctx, &order, &made)
					: ctx_fail(ctx, RC_INVALID, "the file is damaged");
		munmap(bytes, size);
	}
	/* what was stopped is taken up at the next start */
	if (rc != RC_UNREACHABLE)
		finish_film(media, ctx, m->id, rc, &made);
	return rc;
}

/* Durable as it came, before its sender is answered. */
static enum rc stage(struct media *media, struct upload *u, const struct media_type *type,
		     struct medium *m)
{
	*m = record_of(u, MEDIUM_PROCESSING);
	m->file = (struct medium_file){ .type = str_of(type->name),
					.digest = digest_sha256(u->in.bytes),
					.bytes = u->in.bytes.len };
	pin(media, &m->file.digest);
	enum rc rc = files_put(&media->staged, &u->ctx.err, &m->file.digest, u->in.bytes);
	if (rc == RC_OK)
		rc = db_write(media->parts.db, add_job, m);
	let_go(media, &m->file, rc == RC_OK);
	return rc == RC_OK ? rc : ctx_fail(&u->ctx, rc, "the file cannot be kept");
}

static void run_film(struct media *media, struct upload *u, const struct media_type *type)
{
	const struct media_settings *settings = media->parts.settings;
	char *ffmpeg = arena_cstr(u->ctx.arena, settings->ffmpeg);
	struct medium m = { .id = 0 };
	enum rc rc = RC_OK;
	struct str thumbnail = arena_str(u->ctx.arena, u->in.thumbnail);
	if (u->in.shape != MEDIUM_OPEN)
		rc = ctx_fail(&u->ctx, RC_UNSUPPORTED, "a picture is wanted here");
	else if (ffmpeg == NULL || access(ffmpeg, X_OK) != 0)
		rc = ctx_fail(&u->ctx, RC_UNSUPPORTED,
			      "films and sounds are not taken here: ffmpeg is not installed");
	if (rc == RC_OK)
		rc = stage(media, u, type, &m);
	bool later = rc == RC_OK && u->in.finished;
	if (!later)
		answer(u, rc, &m);
	if (rc == RC_OK)
		rc = make_staged(media, &u->ctx, &m, thumbnail);
	/* what became of it is in its record */
	if (later)
		answer(u, rc == RC_UNREACHABLE ? rc : RC_OK, &m);
}

/* --- the work --- */

static void upload_make(struct media *media, struct upload *u)
{
	const struct media_settings *settings = media->parts.settings;
	const struct media_type *type = media_sniff(u->in.bytes);
	if (type == NULL && u->in.documents && u->in.shape == MEDIUM_OPEN)
		type = media_document_sniff(u->in.bytes);
	bool picture = type != NULL && type->kind == MEDIA_IMAGE;
	bool document = type != NULL && type->kind == MEDIA_DOCUMENT;
	uint64_t most = picture	   ? settings->image_bytes
			: document ? settings->document_bytes
				   : settings->film_bytes;
	if (type == NULL)
		answer(u, ctx_fail(&u->ctx, RC_UNSUPPORTED, "files of this kind are not taken"),
		       NULL);
	else if (u->in.bytes.len > most)
		answer(u, ctx_fail(&u->ctx, RC_TOO_LARGE, "the file is too large"), NULL);
	else if (document)
		run_document(media, u, type);
	else if (picture)
		run_picture(media, u, type);
	else
		run_film(media, u, type);
}

static void upload_run(struct media *media, struct work *work)
{
	struct upload *u = CONTAINER_OF(work, struct upload, work);
	upload_make(media, u);
	upload_free(u);
}

static void upload_drop(struct media *media UNUSED, struct work *work)
{
	struct upload *u = CONTAINER_OF(work, struct upload, work);
	answer(u, ctx_fail(&u->ctx, RC_UNREACHABLE, "the node is stopping"), NULL);
	upload_free(u);
}

static struct upload *upload_new(void)
{
	struct upload *u = calloc(1, sizeof(*u));
	if (u == NULL)
		return NULL;
	/* a thumbnail is copied, since it is needed longer than its sender waits */
	u->ctx.arena = arena_new(ARENA_MAX + ((size_t)16 << 20));
	if (u->ctx.arena == NULL) {
		free(u);
		return NULL;
	}
	return u;
}

void media_submit(struct media *media, const struct media_upload *upload)
{
	struct upload *u = upload_new();
	if (u == NULL) {
		upload->done(upload->arg, RC_NO_MEMORY, "out of memory", NULL);
		return;
	}
	u->in = *upload;
	u->work = (struct work){ .run = upload_run, .drop = upload_drop };
	if (work_add(media, &u->work))
		return;
	answer(u, ctx_fail(&u->ctx, RC_BUSY, "too much is being uploaded; try again"), NULL);
	upload_free(u);
}

/* --- without workers --- */

struct taken {
	struct ctx *ctx;
	enum rc rc;
	uint64_t id;
};

static void keep_answer(void *arg, enum rc rc, const char *reason, const struct medium *medium)
{
	struct taken *taken = arg;
	taken->rc = rc == RC_OK ? rc : ctx_fail(taken->ctx, rc, "%s", reason);
	taken->id = rc == RC_OK ? medium->id : 0;
}

/* What the record is now, and whether its file is still there: a node that runs beside us may have
 * collected what it found without a record. */
static enum rc check_taken(struct media *media, struct ctx *ctx, uint64_t id)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(media_upload_max(media->parts.settings) * 2);
	struct db_txn *txn;
	struct medium m;
	enum rc rc = db_read_begin(media->parts.db, &txn);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "the database cannot be read");
	bool found = medium_get(txn, ctx->arena, id, &m);
	db_read_end(&txn);
	if (!found)
		return ctx_fail(ctx, RC_IO, "the file was lost");
	if (m.state != MEDIUM_READY)
		return ctx_fail(ctx, RC_INVALID, "%.*s", STR_ARG(m.reason));
	return media_read(media, &ctx->err, &m.file, &bytes);
}

enum rc media_take(struct media *media, struct ctx *ctx, const struct media_upload *upload,
		   uint64_t *id)
{
	struct taken taken = { .ctx = ctx };
	struct upload *u = upload_new();
	if (u == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	u->in = *upload;
	u->in.finished = true;
	u->in.done = keep_answer;
	u->in.arg = &taken;
	upload_make(media, u);
	upload_free(u);
	*id = taken.id;
	return taken.rc == RC_OK ? check_taken(media, ctx, taken.id) : taken.rc;
}

enum rc media_read(struct media *media, struct err *err, const struct medium_file *file,
		   struct buf *out)
{
	size_t from = out->len;
	enum rc rc = read_file(media, err, &file->digest, out);
	if (rc != RC_OK)
		return rc;
	struct digest is = digest_sha256(str_skip(buf_str(out), from));
	if (memcmp(is.bytes, file->digest.bytes, DIGEST_SIZE) != 0)
		return err_set(err, RC_CORRUPT, "a file is not what it was");
	return RC_OK;
}

/* --- after a crash --- */

struct resumed {
	struct work work;
	struct medium m;
};

static void resumed_run(struct media *media, struct work *work)
{
	struct resumed *r = CONTAINER_OF(work, struct resumed, work);
	struct ctx ctx = { .arena = arena_new(ARENA_MAX) };
	if (ctx.arena != NULL)
		(void)!make_staged(media, &ctx, &r->m, STR_NONE);
	arena_free(&ctx.arena);
	free(r);
}

/* It stays as it is, for the next start. */
static void resumed_drop(struct media *media UNUSED, struct work *work)
{
	free(CONTAINER_OF(work, struct resumed, work));
}

static enum rc resume_one(struct media *media, struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct medium m;
	if (!medium_get(txn, arena, id, &m) || m.state != MEDIUM_PROCESSING)
		return RC_OK;
	struct resumed *r = calloc(1, sizeof(*r));
	if (r == NULL)
		return RC_NO_MEMORY;
	r->work = (struct work){ .run = resumed_run, .drop = resumed_drop };
	/* of the record only the id and the digest are needed: no text */
	r->m.id = m.id;
	r->m.file.digest = m.file.digest;
	if (!work_add(media, &r->work))
		free(r);
	return RC_OK;
}

enum rc upload_resume(struct media *media)
{
	struct db_txn *txn;
	struct arena *arena = arena_new(ARENA_MAX);
	uint64_t ids[64], after = 0;
	size_t n, seen = 0;
	if (arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = db_read_begin(media->parts.db, &txn);
	if (rc == RC_OK) {
		while (rc == RC_OK && seen < RESUME_MAX &&
		       (n = medium_open(txn, after, ids, ARRAY_LEN(ids))) != 0) {
			for (size_t i = 0; rc == RC_OK && i < n; i++)
				rc = resume_one(media, txn, arena, ids[i]);
			after = ids[n - 1];
			seen += n;
			arena_reset(arena);
		}
		db_read_end(&txn);
	}
	arena_free(&arena);
	return rc;
}
