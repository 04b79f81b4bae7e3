/* Pictures, films and sounds in an archive: files named by what is in them, as their addresses are. */
#include "ap/actor.h"
#include "archive_int.h"
#include "media/media.h"
#include "social/account.h"
#include "social/media.h"

#define WORN_MOST 8

static struct str name_of_path(struct str path)
{
	size_t slash = str_rindex(path, '/');
	return slash < path.len ? str_skip(path, slash + 1) : path;
}

/* --- writing --- */

void archive_note_media(struct export *x, const struct status *status)
{
	for (unsigned i = 0; i < status->attachment_count; i++) {
		if (status->attachments[i].medium != 0 && x->found_count < ARCHIVE_MEDIA_MOST)
			x->found[x->found_count++] = status->attachments[i].medium;
	}
}

static enum rc load(struct export *x, struct arena *arena, uint64_t id, struct medium *out)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(x->fed->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(x->ctx, rc, "the database cannot be read");
	bool found = medium_get(txn, arena, id, out);
	rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(x->ctx, rc, "the database cannot be read");
	return found && out->state == MEDIUM_READY ? RC_OK : RC_NOT_FOUND;
}

/* A file that is lost is said, and keeps the rest from nobody. */
static enum rc put_file(struct export *x, struct arena *arena, const struct medium_file *file)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(ARCHIVE_MEDIA_MAX);
	struct err err = { 0 };
	struct str path = media_file_path(arena, file);
	if (path.ptr == NULL)
		return RC_OK;
	struct str name = arena_join(arena, STR(ARCHIVE_MEDIA), name_of_path(path));
	const char *text = arena_cstr(arena, name);
	if (text == NULL)
		return ctx_fail(x->ctx, RC_NO_MEMORY, "out of memory");
	if (map_get(&x->written, name) != NULL)
		return RC_OK;
	if (!map_put(&x->written, name, x))
		return ctx_fail(x->ctx, RC_NO_MEMORY, "out of memory");
	if (media_read(x->sink->media, &err, file, &bytes) != RC_OK) {
		x->totals->media_lost++;
		return RC_OK;
	}
	x->totals->media++;
	return archive_put_file(x, &x->media, text, buf_str(&bytes));
}

static enum rc put_medium(struct export *x, uint64_t id)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	struct medium m;
	if (arena == NULL)
		return ctx_fail(x->ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = load(x, arena, id, &m);
	if (rc == RC_OK)
		rc = put_file(x, arena, &m.file);
	arena_free(&arena);
	return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc archive_put_media(struct export *x)
{
	enum rc rc = RC_OK;
	for (size_t i = 0; i < x->found_count && rc == RC_OK && x->sink->media != NULL; i++)
		rc = put_medium(x, x->found[i]);
	x->found_count = 0;
	return rc;
}

enum rc archive_put_worn(struct export *x)
{
	struct db_txn *txn;
	enum rc rc = db_read_begin(x->fed->db, &txn);
	if (rc != RC_OK)
		return ctx_fail(x->ctx, rc, "the database cannot be read");
	x->found_count = medium_held_by(txn, x->account.id, x->found, WORN_MOST);
	db_read_end(&txn);
	return archive_put_media(x);
}

/* --- reading --- */

void archive_know_medium(struct archive_import *import, struct archive_medium *medium)
{
	medium->next = import->media;
	import->media = medium;
}

static uint64_t medium_at(const struct archive_import *import, struct str url)
{
	struct str name = name_of_path(url);
	for (const struct archive_medium *m = import->media; m != NULL; m = m->next) {
		if (str_eq(m->name, name))
			return m->id;
	}
	return 0;
}

void archive_find_media(const struct archive_import *import, struct status *status)
{
	for (unsigned i = 0; i < status->attachment_count; i++)
		status->attachments[i].medium = medium_at(import, status->attachments[i].url);
}

struct wearing {
	struct fed *fed;
	const struct archive_import *import;
	uint64_t avatar, header;
};

/* What somebody has chosen here stays. */
static enum rc wear_job(struct db_txn *txn, void *arg)
{
	const struct wearing *w = arg;
	struct ctx ctx = { .arena = arena_new(WORK_ARENA_MAX) };
	struct social s = { .txn = txn, .ctx = &ctx, .site = w->fed->site };
	struct account account;
	enum rc rc = ctx.arena != NULL ? RC_OK : RC_NO_MEMORY;
	if (rc == RC_OK && !account_get(txn, ctx.arena, w->import->account, &account))
		rc = RC_NOT_FOUND;
	bool avatar = rc == RC_OK && w->avatar != 0 && account.avatar.len == 0;
	bool header = rc == RC_OK && w->header != 0 && account.header.len == 0;
	if (avatar)
		rc = media_wear(&s, &account, MEDIUM_AVATAR, account.id, w->avatar);
	if (header && rc == RC_OK)
		rc = media_wear(&s, &account, MEDIUM_HEADER, account.id, w->header);
	if ((avatar || header) && rc == RC_OK)
		rc = account_change(&s, &account);
	arena_free(&ctx.arena);
	return rc;
}

enum rc archive_import_profile(struct fed *fed, struct ctx *ctx, struct str actor,
			       const struct archive_import *import)
{
	const struct ap_reader reader = { ctx, fed->site->iri_flags };
	struct ap_actor decoded;
	struct jr_doc *doc;
	enum rc rc = jr_parse(ctx, actor, &jr_limits_peer, &doc);
	if (rc != RC_OK)
		return rc;
	struct wearing w = { .fed = fed, .import = import };
	rc = ap_actor_decode(&reader, jr_root(doc), &decoded);
	if (rc == RC_OK) {
		w.avatar = medium_at(import, decoded.icon);
		w.header = medium_at(import, decoded.image);
	}
	jr_free(&doc);
	if (rc != RC_OK)
		return rc;
	if (w.avatar == 0 && w.header == 0)
		return RC_OK;
	rc = db_write(fed->db, wear_job, &w);
	return rc == RC_OK ? rc
			   : ctx_fail(ctx, rc, "the pictures of the profile cannot be taken over");
}
