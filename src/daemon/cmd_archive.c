/*
 * fediflow account export, account import: what an account takes along when it moves. The archive is
 * read twice: whether it is whole and whose it is, and only then what is in it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "acts.h"
#include "cmd.h"
#include "fed/archive.h"
#include "media/media.h"
#include "reach.h"
#include "social/audit.h"
#include "social/move.h"
#include "target.h"
#include "text/acct.h"
#include "ustar.h"

static enum rc file_failed(struct cli *cli, const char *path)
{
	return ctx_fail(&cli->ctx, RC_IO, "%s: %s", path, strerror(errno));
}

/* --- export --- */

struct packing {
	struct cli *cli;
	FILE *file;
	uint64_t now_s;
};

static enum rc pack_file(void *arg, const char *name, struct str bytes)
{
	struct packing *p = arg;
	enum rc rc = ustar_add(p->file, name, bytes, p->now_s);
	return rc == RC_OK ? rc : ctx_fail(&p->cli->ctx, rc, "the archive cannot be written: %m");
}

static void show_export(struct cli *cli, const char *path, const struct archive_totals *totals)
{
	output_object(&cli->out, NULL);
	output_str(&cli->out, "archive", str_of(path));
	output_num(&cli->out, "posts", totals->posts);
	output_num(&cli->out, "media", totals->media);
	if (totals->media_lost != 0)
		output_num(&cli->out, "media_lost", totals->media_lost);
	output_num(&cli->out, "following", totals->following);
	output_num(&cli->out, "followers", totals->followers);
	output_num(&cli->out, "blocked", totals->blocked);
	output_end(&cli->out);
}

/* Only its owner reads it; half of one is not left behind. */
static enum rc export_to(struct cli *cli, struct node *node, const struct account *account,
			 const char *path)
{
	struct fed *fed;
	struct archive_totals totals;
	struct packing p = { .cli = cli, .now_s = clock_wall_ms(clock_system()) / MS_PER_SECOND };
	struct archive_sink sink = { .put = pack_file, .arg = &p };
	enum rc rc = reach_fed(cli, node, &fed);
	if (rc == RC_OK)
		rc = reach_media(cli, node, &sink.media);
	if (rc != RC_OK)
		return rc;
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	p.file = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (p.file == NULL)
		return file_failed(cli, path);
	rc = archive_export(fed, &cli->ctx, account->id, &sink, &totals);
	if (rc == RC_OK && (ustar_finish(p.file) != RC_OK || fsync(fd) != 0))
		rc = file_failed(cli, path);
	if (fclose(p.file) != 0 && rc == RC_OK)
		rc = file_failed(cli, path);
	if (rc != RC_OK)
		unlink(path);
	else
		show_export(cli, path, &totals);
	return rc;
}

enum rc cmd_account_export(struct cli *cli)
{
	struct node node;
	struct account account;
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL, &account);
	if (rc == RC_OK)
		rc = export_to(cli, &node, &account, cli->arguments[1]);
	node_close(&node);
	return rc;
}

/* --- reading an archive --- */

struct importing {
	struct cli *cli;
	struct node *node;
	struct fed *fed;
	const char *path;
	FILE *file;
	struct account account;
	struct buf manifest;
	struct buf bytes; /* of the file in hand */
	struct archive_import posts;
	struct media *media;
	uint64_t media_taken, media_refused;
	uint64_t followed, blocked, failed;
};

typedef bool wanted(struct str name);
typedef enum rc file_step(struct importing *im, struct str name);

static enum rc damaged(const struct importing *im, enum rc rc)
{
	if (rc == RC_INVALID)
		return ctx_fail(&im->cli->ctx, rc, "%s is no tar file, or damaged", im->path);
	if (rc == RC_TOO_LARGE)
		return ctx_fail(&im->cli->ctx, rc, "%s has a file of more than %zu MiB", im->path,
				ARCHIVE_MEDIA_MAX >> 20);
	return rc == RC_OK ? rc : file_failed(im->cli, im->path);
}

/* Calls each() for every ordinary file that is wanted, with its bytes in im->bytes. */
static enum rc each_file(struct importing *im, wanted *wants, file_step *each)
{
	struct ustar_entry entry;
	rewind(im->file);
	for (;;) {
		enum rc rc = ustar_next(im->file, &entry);
		if (rc == RC_NOT_FOUND)
			return RC_OK;
		buf_reset(&im->bytes);
		bool take = rc == RC_OK && entry.file && wants(str_of(entry.name));
		if (rc == RC_OK)
			rc = ustar_read(im->file, &entry, take ? &im->bytes : NULL);
		if (rc != RC_OK)
			return damaged(im, rc);
		if (take)
			rc = each(im, str_of(entry.name));
		if (rc != RC_OK)
			return rc;
	}
}

static bool is_manifest(struct str name)
{
	return str_eq(name, STR(ARCHIVE_MANIFEST));
}

static bool is_medium(struct str name)
{
	return str_has_prefix(name, STR(ARCHIVE_MEDIA));
}

static bool has_meaning(struct str name)
{
	return str_has_prefix(name, STR(ARCHIVE_OUTBOX)) || str_eq(name, STR(ARCHIVE_FOLLOWING)) ||
	       str_eq(name, STR(ARCHIVE_BLOCKED)) || str_eq(name, STR(ARCHIVE_ACTOR));
}

static bool is_verified(struct str name)
{
	return has_meaning(name) || is_medium(name);
}

static enum rc keep_manifest(struct importing *im, struct str name UNUSED)
{
	if (im->manifest.len == 0)
		buf_add(&im->manifest, buf_str(&im->bytes));
	return RC_OK;
}

static enum rc verify_file(struct importing *im, struct str name)
{
	return archive_verify_file(&im->cli->ctx, buf_str(&im->manifest), name,
				   buf_str(&im->bytes));
}

/* The keys of the account that the archive is of are read now, at its server. */
static enum rc verify_origin(struct importing *im)
{
	struct cli *cli = im->cli;
	struct str manifest = buf_str(&im->manifest);
	uint64_t id;
	if (manifest.len == 0)
		return ctx_fail(&cli->ctx, RC_INVALID, "%s has no " ARCHIVE_MANIFEST, im->path);
	enum rc rc = archive_controller(im->fed, &cli->ctx, manifest, &im->posts.controller);
	if (rc == RC_OK && !account_has_alias(&im->account, im->posts.controller))
		rc = ctx_fail(&cli->ctx, RC_DENIED,
			      "the archive is of %.*s, which is no alias of this account: see "
			      "fediflow account alias",
			      STR_ARG(im->posts.controller));
	if (rc == RC_OK && !site_owns_text(&im->node->site, im->posts.controller))
		rc = reach_refresh(cli, im->node, im->posts.controller, &id);
	return rc == RC_OK ? archive_verify(im->fed, &cli->ctx, manifest) : rc;
}

/* --- import --- */

static void relate(struct importing *im, struct str address, enum acts_relation what,
		   uint64_t *done)
{
	struct cli *cli = im->cli;
	struct err before = cli->ctx.err;
	struct account target;
	/* who cannot be found any more is told, and keeps nobody else away */
	enum rc rc = target_account(cli, im->node, address, TARGET_FETCH, &target);
	if (rc == RC_OK && target.id != im->account.id)
		rc = acts_relate(cli, im->node, what, im->account.id, target.id, NULL);
	if (rc == RC_OK || rc == RC_EXISTS)
		(*done)++;
	else
		im->failed++;
	cli->ctx.err = before;
	cli->exit_code = 0;
}

static enum rc import_list(struct importing *im, enum acts_relation what, uint64_t *done)
{
	struct str rest = arena_str(im->cli->ctx.arena, buf_str(&im->bytes)), address;
	while (archive_next_address(&rest, &address))
		relate(im, address, what, done);
	return RC_OK;
}

/* Made anew like everything that is uploaded: what was signed may be no picture all the same. */
static enum rc import_medium(struct importing *im, struct str name)
{
	struct arena *arena = im->cli->ctx.arena;
	struct ctx quiet = { .arena = arena };
	struct archive_medium *m = ARENA_NEW(arena, struct archive_medium);
	const struct media_upload upload = { .owner = im->account.id,
					     .shape = MEDIUM_OPEN,
					     .bytes = buf_str(&im->bytes),
					     .thumbnail = STR(""),
					     .description = STR("") };
	if (m == NULL)
		return ctx_fail(&im->cli->ctx, RC_NO_MEMORY, "out of memory");
	m->name = arena_str(arena, str_skip(name, strlen(ARCHIVE_MEDIA)));
	if (media_take(im->media, &quiet, &upload, &m->id) == RC_OK) {
		archive_know_medium(&im->posts, m);
		im->media_taken++;
		return RC_OK;
	}
	/* the post shows it where it was */
	im->media_refused++;
	return RC_OK;
}

static enum rc import_file(struct importing *im, struct str name)
{
	if (str_eq(name, STR(ARCHIVE_ACTOR)))
		return archive_import_profile(im->fed, &im->cli->ctx, buf_str(&im->bytes),
					      &im->posts);
	if (str_has_prefix(name, STR(ARCHIVE_OUTBOX)))
		return archive_import_posts(im->fed, &im->cli->ctx, buf_str(&im->bytes),
					    &im->posts);
	if (str_eq(name, STR(ARCHIVE_FOLLOWING)))
		return import_list(im, ACTS_FOLLOW, &im->followed);
	if (str_eq(name, STR(ARCHIVE_BLOCKED)))
		return import_list(im, ACTS_BLOCK, &im->blocked);
	return RC_OK;
}

static void show_import(const struct importing *im)
{
	struct output *out = &im->cli->out;
	output_object(out, NULL);
	output_str(out, "account", target_handle(im->cli->ctx.arena, im->node, &im->account));
	output_str(out, "from", im->posts.controller);
	output_num(out, "posts", im->posts.taken);
	output_num(out, "posts_known", im->posts.known);
	output_num(out, "posts_skipped", im->posts.skipped);
	output_num(out, "media", im->media_taken);
	output_num(out, "media_refused", im->media_refused);
	output_num(out, "followed", im->followed);
	output_num(out, "blocked", im->blocked);
	output_num(out, "not_found", im->failed);
	output_end(out);
}

/* The old server learns where the posts are now. */
static enum rc tell_taken(struct social *s, void *arg)
{
	const struct importing *im = arg;
	struct account account, old;
	if (!account_get(s->txn, s->ctx->arena, im->account.id, &account) ||
	    !account_find_uri(s->txn, s->ctx->arena, im->posts.controller, &old))
		return RC_NOT_FOUND;
	audit(s, NULL, AUDIT_ACCOUNT_IMPORT, AUDIT_ABOUT(account.id));
	return taken_tell(s, &account, &old);
}

static enum rc import_from(struct importing *im)
{
	enum rc rc = each_file(im, is_manifest, keep_manifest);
	if (rc == RC_OK)
		rc = verify_origin(im);
	if (rc == RC_OK)
		rc = each_file(im, is_verified, verify_file);
	if (rc == RC_OK)
		rc = each_file(im, is_medium, import_medium);
	if (rc == RC_OK)
		rc = each_file(im, has_meaning, import_file);
	if (rc == RC_OK && im->posts.taken + im->posts.known != 0)
		rc = node_act(im->cli, im->node, tell_taken, im);
	if (rc == RC_OK) {
		node_poke(im->node, POKE_RELOAD);
		show_import(im);
	}
	return rc;
}

enum rc cmd_account_import(struct cli *cli)
{
	struct node node;
	struct importing im = { .cli = cli, .node = &node, .path = cli->arguments[1] };
	buf_init(&im.manifest, ARCHIVE_FILE_MAX);
	buf_init(&im.bytes, ARCHIVE_MEDIA_MAX);
	enum rc rc = node_open(cli, NODE_WRITE, &node);
	if (rc == RC_OK)
		rc = target_account(cli, &node, command_argument(cli, 0), TARGET_LOCAL,
				    &im.account);
	if (rc == RC_OK)
		rc = reach_fed(cli, &node, &im.fed);
	if (rc == RC_OK)
		rc = reach_media(cli, &node, &im.media);
	if (rc == RC_OK) {
		im.posts.account = im.account.id;
		im.file = fopen(im.path, "rbe");
		rc = im.file != NULL ? import_from(&im) : file_failed(cli, im.path);
	}
	if (im.file != NULL)
		fclose(im.file);
	buf_free(&im.manifest);
	buf_free(&im.bytes);
	node_close(&node);
	return rc;
}
