/* The files of an account that moves: gathered page by page in short transactions. */
#include "archive_int.h"

#include "ap/proof.h"
#include "ap/write.h"
#include "core/enc.h"
#include "store/attribute.h"
#include "store/graph.h"
#include "text/csv.h"

#define LIST_CHUNK 200
#define SPEC "https://codeberg.org/fediverse/fep/src/branch/main/fep/6fcd/fep-6fcd.md#manifest-file"

static void name_sha256(struct buf *out, struct str bytes)
{
	struct digest d = digest_sha256(bytes);
	enc_hex(out, str_n((const char *)d.bytes, sizeof(d.bytes)));
}

enum rc archive_put_file(struct export *x, struct archive_folder *folder, const char *name,
			 struct str bytes)
{
	struct jw *list = &folder->list;
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	struct str path = str_of(name);
	name_sha256(&hex, bytes);
	jw_name_str(list, str_skip(path, str_rindex(path, '/') + 1));
	jw_object(list);
	jw_member_str(list, "sha256", buf_str(&hex));
	jw_member_u64(list, "size", bytes.len);
	jw_end(list);
	return x->sink->put(x->sink->arg, name, bytes);
}

static enum rc read_begin(struct export *x, struct db_txn **txn)
{
	enum rc rc = db_read_begin(x->fed->db, txn);
	return rc == RC_OK ? rc : ctx_fail(x->ctx, rc, "the database cannot be read");
}

/* --- actor.json --- */

static enum rc put_actor(struct export *x)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(ARCHIVE_FILE_MAX);
	struct db_txn *txn;
	struct jw w;
	enum rc rc = read_begin(x, &txn);
	if (rc != RC_OK)
		return rc;
	jw_init(&w, &out);
	rc = build_actor(x->fed, txn, x->ctx, &x->account, &w, true);
	db_read_end(&txn);
	if (rc != RC_OK)
		return ctx_fail(x->ctx, rc, "the account cannot be written");
	jw_done(&w);
	return archive_put_file(x, &x->posts, ARCHIVE_ACTOR, buf_str(&out));
}

/* --- outbox --- */

/* One page of the walk: what is written of it, and where the next one begins (0: nowhere). */
static enum rc page_gather(struct export *x, uint64_t max_id, struct jw *w, uint64_t *next)
{
	struct status_entry entries[ARCHIVE_PAGE_POSTS];
	struct ctx ctx = { .arena = arena_new(WORK_ARENA_MAX) };
	struct db_txn *txn;
	if (ctx.arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = read_begin(x, &txn);
	if (rc == RC_OK) {
		size_t n = status_by_author(txn, x->account.id, max_id, 0, entries,
					    ARCHIVE_PAGE_POSTS);
		*next = n == ARCHIVE_PAGE_POSTS ? entries[n - 1].id : 0;
		for (size_t i = 0; i < n && rc == RC_OK; i++) {
			struct status s;
			if (visibility_stays(entries[i].visibility) ||
			    !status_get(txn, ctx.arena, entries[i].id, &s))
				continue;
			archive_note_media(x, &s);
			rc = build_status_activity(x->fed, txn, &ctx, &s, &x->account, w, true);
			x->totals->posts += rc == RC_OK && s.boost_of == 0;
			rc = rc == RC_NOT_FOUND ? RC_OK : rc; /* a boost of what is gone */
		}
		rc = db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : rc;
		db_read_end(&txn);
	}
	arena_free(&ctx.arena);
	return rc;
}

/* outbox.json has the newest, outbox-2.json what is older, and so on; each is a page of its own. */
static const char *page_name(struct export *x, unsigned number, struct str *id)
{
	if (number == 1) {
		*id = x->account.outbox;
		return ARCHIVE_OUTBOX ".json";
	}
	*id = arena_printf(x->ctx->arena, "%.*s?page=%u", STR_ARG(x->account.outbox), number);
	return arena_printf(x->ctx->arena, ARCHIVE_OUTBOX "-%u.json", number).ptr;
}

static enum rc put_page(struct export *x, unsigned number, uint64_t *max_id, uint64_t total)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(ARCHIVE_FILE_MAX);
	struct str id;
	struct jw w;
	uint64_t next = 0;
	const char *name = page_name(x, number, &id);
	if (name == NULL)
		return ctx_fail(x->ctx, RC_NO_MEMORY, "out of memory");
	jw_init(&w, &out);
	jw_object(&w);
	ap_write_context(&w, AP_CONTEXT_OBJECT);
	jw_member_str(&w, "id", id);
	jw_member_str(&w, "type",
		      number == 1 ? STR("OrderedCollection") : STR("OrderedCollectionPage"));
	jw_member_u64(&w, "totalItems", total);
	jw_name(&w, "orderedItems");
	jw_array(&w);
	enum rc rc = page_gather(x, *max_id, &w, &next);
	if (rc != RC_OK)
		return ctx_fail(x->ctx, rc, "the posts cannot be read");
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
	if (out.failed)
		return ctx_fail(x->ctx, RC_TOO_LARGE, "a page of posts is too large");
	*max_id = next;
	rc = archive_put_file(x, &x->posts, name, buf_str(&out));
	return rc == RC_OK ? archive_put_media(x) : rc;
}

static enum rc put_outbox(struct export *x)
{
	uint64_t max_id = 0;
	struct db_txn *txn;
	enum rc rc = read_begin(x, &txn);
	if (rc != RC_OK)
		return rc;
	uint64_t total = account_counts(txn, x->account.id).statuses;
	db_read_end(&txn);
	for (unsigned number = 1; rc == RC_OK && (number == 1 || max_id != 0); number++)
		rc = put_page(x, number, &max_id, total);
	return rc;
}

/* --- lists --- */

typedef size_t list_next(struct db_txn *txn, uint64_t account, uint64_t after, uint64_t *out,
			 size_t count);

static size_t following_next(struct db_txn *txn, uint64_t account, uint64_t after, uint64_t *out,
			     size_t count)
{
	return follow_following(txn, account, after, FOLLOW_ACCEPTED, out, count);
}

static size_t followers_next(struct db_txn *txn, uint64_t account, uint64_t after, uint64_t *out,
			     size_t count)
{
	return follow_followers(txn, account, after, FOLLOW_ACCEPTED, out, count);
}

static void add_address(struct export *x, struct db_txn *txn, struct arena *arena, uint64_t id,
			const char *tail, struct buf *out)
{
	struct account a;
	if (!account_get(txn, arena, id, &a) || account_is_gone(&a))
		return;
	struct str host = a.domain.len != 0 ? a.domain : x->fed->site->domain;
	buf_addf(out, "%.*s@%.*s%s\n", STR_ARG(a.username), STR_ARG(host), tail);
}

/* The columns are those of Mastodon's exports, which every importer reads. */
static enum rc put_list(struct export *x, const char *name, const char *heading, const char *tail,
			list_next *list, uint64_t *total)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(ARCHIVE_FILE_MAX);
	uint64_t ids[LIST_CHUNK], after = 0;
	size_t n = LIST_CHUNK;
	buf_add(&out, str_of(heading));
	while (n == LIST_CHUNK) {
		struct arena *arena = arena_new(WORK_ARENA_MAX);
		struct db_txn *txn;
		if (arena == NULL)
			return ctx_fail(x->ctx, RC_NO_MEMORY, "out of memory");
		enum rc rc = read_begin(x, &txn);
		if (rc == RC_OK) {
			n = list(txn, x->account.id, after, ids, LIST_CHUNK);
			for (size_t i = 0; i < n; i++)
				add_address(x, txn, arena, ids[i], tail, &out);
			db_read_end(&txn);
		}
		arena_free(&arena);
		if (rc != RC_OK)
			return rc;
		*total += n;
		after = n != 0 ? ids[n - 1] : 0;
	}
	if (out.failed)
		return ctx_fail(x->ctx, RC_TOO_LARGE, "%s is too large", name);
	return archive_put_file(x, &x->posts, name, buf_str(&out));
}

/* What the institution says of them is theirs to know. */
static enum rc put_attributes(struct export *x)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(ARCHIVE_FILE_MAX);
	struct attribute *list = ARENA_ARRAY(x->ctx->arena, ATTRIBUTES_MAX, struct attribute);
	struct db_txn *txn;
	if (list == NULL)
		return RC_NO_MEMORY;
	enum rc rc = read_begin(x, &txn);
	if (rc != RC_OK)
		return rc;
	size_t n = attributes_get(txn, x->ctx->arena, x->account.id, list);
	db_read_end(&txn);
	if (n == 0)
		return RC_OK;
	buf_add(&out, STR("name,value\n"));
	for (size_t i = 0; i < n; i++) {
		csv_add(&out, list[i].name, true);
		csv_add(&out, list[i].value, false);
		csv_end_row(&out);
	}
	return archive_put_file(x, &x->posts, ARCHIVE_ATTRIBUTES, buf_str(&out));
}

static enum rc put_lists(struct export *x)
{
	enum rc rc = put_list(x, ARCHIVE_FOLLOWING,
			      "Account address,Show boosts,Notify on new posts,Languages\n",
			      ",true,false,", following_next, &x->totals->following);
	if (rc == RC_OK)
		rc = put_list(x, ARCHIVE_FOLLOWERS, "Account address\n", "", followers_next,
			      &x->totals->followers);
	if (rc == RC_OK)
		rc = put_list(x, ARCHIVE_BLOCKED, "", "", blocks_of, &x->totals->blocked);
	if (rc == RC_OK)
		rc = put_attributes(x);
	return rc;
}

/* --- the manifest --- */

static void folder_begin(struct archive_folder *folder)
{
	buf_init(&folder->json, ARCHIVE_FILE_MAX);
	jw_init(&folder->list, &folder->json);
	jw_object(&folder->list);
}

static void folder_end(struct archive_folder *folder)
{
	jw_end(&folder->list);
	jw_done(&folder->list);
}

static void write_folder(struct jw *w, const char *name, const struct archive_folder *folder)
{
	jw_name(w, name);
	jw_object(w);
	jw_name(w, "contents");
	jw_raw(w, buf_str(&folder->json));
	jw_end(w);
}

/* FEP-6fcd: version, meta and contents; the digests and the proof are ours. */
static enum rc put_manifest(struct export *x)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(ARCHIVE_FILE_MAX);
	struct jw w;
	folder_end(&x->posts);
	folder_end(&x->media);
	jw_init(&w, &out);
	jw_object(&w);
	jw_member_str(&w, "ubc-version", STR("0.1"));
	jw_name(&w, "meta");
	jw_object(&w);
	jw_member_date(&w, "created", clock_wall_ms(x->fed->clock));
	jw_name(&w, "createdBy");
	jw_object(&w);
	jw_member_str(&w, "controller", x->account.uri);
	jw_name(&w, "client");
	jw_object(&w);
	jw_member_str(&w, "name", STR("FediFlow"));
	jw_member_str(&w, "url", x->fed->site->base);
	jw_end(&w);
	jw_end(&w);
	jw_end(&w);
	jw_name(&w, "contents");
	jw_object(&w);
	jw_name(&w, ARCHIVE_MANIFEST);
	jw_object(&w);
	jw_member_str(&w, "url", STR(SPEC));
	jw_end(&w);
	write_folder(&w, "activitypub", &x->posts);
	write_folder(&w, "media", &x->media);
	jw_end(&w);
	jw_end(&w);
	jw_done(&w);
	if (out.failed || x->posts.json.failed || x->media.json.failed)
		return ctx_fail(x->ctx, RC_TOO_LARGE, "the manifest is too large");
	enum rc rc = proof_attach(x->fed, x->ctx, x->account.id, &out);
	return rc == RC_OK ? x->sink->put(x->sink->arg, ARCHIVE_MANIFEST, buf_str(&out)) : rc;
}

static enum rc put_all(struct export *x)
{
	enum rc rc = put_actor(x);
	if (rc == RC_OK)
		rc = archive_put_worn(x);
	if (rc == RC_OK)
		rc = put_outbox(x);
	if (rc == RC_OK)
		rc = put_lists(x);
	return rc == RC_OK ? put_manifest(x) : rc;
}

enum rc archive_export(struct fed *fed, struct ctx *ctx, uint64_t account,
		       const struct archive_sink *sink, struct archive_totals *out)
{
	struct export x = { .fed = fed, .ctx = ctx, .sink = sink, .totals = out };
	struct db_txn *txn;
	*out = (struct archive_totals){ 0 };
	x.found = ARENA_ARRAY(ctx->arena, ARCHIVE_MEDIA_MOST, uint64_t);
	if (x.found == NULL)
		return ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	enum rc rc = read_begin(&x, &txn);
	if (rc != RC_OK)
		return rc;
	bool found = account_get(txn, ctx->arena, account, &x.account);
	db_read_end(&txn);
	if (!found || !account_is_local(&x.account) || account_is_gone(&x.account))
		return ctx_fail(ctx, RC_NOT_FOUND, "there is no such account of this node");
	folder_begin(&x.posts);
	folder_begin(&x.media);
	rc = put_all(&x);
	buf_free(&x.posts.json);
	buf_free(&x.media.json);
	map_free(&x.written);
	return rc;
}
