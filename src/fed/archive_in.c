/* Reading what an account brought along: whose it is, and its posts. */
#include "archive_int.h"

#include "ap/proof.h"
#include "core/enc.h"

#define BATCH_POSTS 25
#define ADDRESS_MAX 400

static const struct jr_limits limits = { .bytes = ARCHIVE_FILE_MAX,
					 .depth = 32,
					 .nodes = 4000000,
					 .names = 100000,
					 .string = 512 * 1024 };

/* --- the manifest --- */

static enum rc manifest_parse(struct ctx *ctx, struct str manifest, struct jr_doc **doc)
{
	enum rc rc = jr_parse(ctx, manifest, &limits, doc);
	if (rc == RC_INVALID)
		return ctx_fail(ctx, RC_UNSUPPORTED,
				"the archive's manifest was not written by a FediFlow node");
	if (rc == RC_OK && !str_eq(jr_str(jr_get(jr_root(*doc), "ubc-version")), STR("0.1"))) {
		jr_free(doc);
		return ctx_fail(ctx, RC_UNSUPPORTED,
				"the archive's manifest is of another version");
	}
	return rc;
}

static struct str controller_of(const struct ap_reader *reader, struct jr root)
{
	return ap_id(reader, jr_get(jr_get(jr_get(root, "meta"), "createdBy"), "controller"));
}

enum rc archive_controller(struct fed *fed, struct ctx *ctx, struct str manifest, struct str *out)
{
	const struct ap_reader reader = { ctx, fed->site->iri_flags };
	struct jr_doc *doc;
	enum rc rc = manifest_parse(ctx, manifest, &doc);
	if (rc != RC_OK)
		return rc;
	struct str id = controller_of(&reader, jr_root(doc));
	*out = id.ptr != NULL ? arena_str(ctx->arena, id) : STR_NONE;
	jr_free(&doc);
	if (out->ptr == NULL)
		return ctx_fail(ctx, RC_INVALID, "the archive does not say whose it is");
	return RC_OK;
}

static uint64_t local_id(struct fed *fed, struct str uri)
{
	struct db_txn *txn;
	if (db_read_begin(fed->db, &txn) != RC_OK)
		return 0;
	uint64_t id = account_id_of_uri(txn, uri);
	db_read_end(&txn);
	return id;
}

/* The key of that id, when it is the controller's. */
static struct key *controllers_key(struct fed *fed, struct ctx *ctx, struct str id,
				   struct str controller)
{
	struct known_key known;
	struct signing_key own;
	if (site_owns_text(fed->site, controller)) {
		uint64_t account = local_id(fed, controller);
		if (account == 0 || keyring_get(fed, ctx, account, KEY_ED25519, &own) != RC_OK)
			return NULL;
		if (!str_eq(own.id, id))
			key_unref(&own.key);
		return own.key;
	}
	if (!known_key_load(fed, ctx->arena, id, &known))
		return NULL;
	if (!known.assertion || !str_eq(known.owner, controller))
		key_unref(&known.key);
	return known.key;
}

static bool proved_by(struct fed *fed, struct ctx *ctx, struct jr root, struct str controller)
{
	const struct ap_reader reader = { ctx, fed->site->iri_flags };
	struct ap_proof proof;
	struct iri method;
	if (ap_proof_decode(&reader, jr_one_at(jr_get(root, "proof"), 0), &proof) != RC_OK ||
	    iri_parse(ctx, proof.method, reader.iri_flags, &method) != RC_OK)
		return false;
	struct key *key = controllers_key(fed, ctx, method.text, controller);
	bool right = key != NULL && ap_proof_verify(ctx->arena, root, &proof, key);
	key_unref(&key);
	return right;
}

enum rc archive_verify(struct fed *fed, struct ctx *ctx, struct str manifest)
{
	struct ctx quiet = { .arena = ctx->arena };
	const struct ap_reader reader = { ctx, fed->site->iri_flags };
	struct jr_doc *doc;
	enum rc rc = manifest_parse(ctx, manifest, &doc);
	if (rc != RC_OK)
		return rc;
	struct str controller = controller_of(&reader, jr_root(doc));
	bool right = controller.ptr != NULL && proved_by(fed, &quiet, jr_root(doc), controller);
	jr_free(&doc);
	if (!right)
		return ctx_fail(ctx, RC_UNAUTHENTICATED,
				"the archive's proof is not by a key of the account that it names");
	return RC_OK;
}

enum rc archive_verify_file(struct ctx *ctx, struct str manifest, struct str name, struct str bytes)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	struct jr_doc *doc;
	struct digest d = digest_sha256(bytes);
	enum rc rc = manifest_parse(ctx, manifest, &doc);
	if (rc != RC_OK)
		return rc;
	size_t slash = str_rindex(name, '/');
	char *folder = arena_cstr(ctx->arena, str_take(name, slash));
	char *member = arena_cstr(ctx->arena, str_skip(name, slash + 1));
	struct jr contents = jr_get(jr_root(doc), "contents");
	struct jr files = jr_get(jr_get(contents, folder != NULL ? folder : ""), "contents");
	enc_hex(&hex, str_n((const char *)d.bytes, sizeof(d.bytes)));
	bool same = member != NULL &&
		    str_eq(jr_str(jr_get(jr_get(files, member), "sha256")), buf_str(&hex));
	jr_free(&doc);
	if (!same)
		return ctx_fail(ctx, RC_INVALID, "%.*s is not as the archive's manifest says",
				STR_ARG(name));
	return RC_OK;
}

/* --- posts --- */

struct taken {
	struct status status;
	struct ap_audience audience;
	enum rc result;
};

struct batch {
	struct fed *fed;
	struct ctx ctx; /* an arena for these posts */
	struct archive_import *import;
	struct taken *posts;
	size_t count;
};

/* What is said about the old id from now on is said about the new post (S-010): an id that may be a
 * neighbour's is not taken. */
static bool is_below(struct str id, struct str controller)
{
	return str_has_prefix(id, controller) && id.len > controller.len + 1 &&
	       id.ptr[controller.len] == '/';
}

/* A Create of the account's own Note: as much of it as would be believed from its server. */
static bool post_take(struct batch *b, struct jr activity, struct taken *out)
{
	struct ctx quiet = { .arena = b->ctx.arena };
	const struct ap_reader reader = { &quiet, b->fed->site->iri_flags };
	struct ap_object *object;
	if (ap_type_activity(jr_get(activity, "type")) != AP_CREATE ||
	    ap_object_decode(&reader, jr_one_at(jr_get(activity, "object"), 0), &object) != RC_OK ||
	    !str_eq(object->attributed_to, b->import->controller) ||
	    !is_below(object->id, b->import->controller) ||
	    remote_status_make(&quiet, b->fed, object, &out->status) != RC_OK)
		return false;
	out->audience = object->audience;
	out->status.origin = object->id;
	archive_find_media(b->import, &out->status);
	/* what is only understood in part is kept as it came; here it is ours, and told as such */
	out->status.flags &= ~(unsigned)STATUS_RAW_KEPT;
	return true;
}

static enum rc post_write(struct social *s, const struct account *author, struct str followers,
			  const struct taken *post)
{
	struct status status = post->status;
	status.visibility = remote_visibility(&post->audience, followers);
	/* a letter is its readers', too */
	if (status.visibility == VISIBILITY_DIRECT)
		return RC_DENIED;
	return act_import_post(s, author, &status);
}

static enum rc batch_job(struct db_txn *txn, void *arg)
{
	struct batch *b = arg;
	struct ctx ctx = { .arena = b->ctx.arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = b->fed->site };
	struct account author, old = { .followers = STR("") };
	if (!account_get(txn, ctx.arena, b->import->account, &author))
		return RC_NOT_FOUND;
	if (!account_find_uri(txn, ctx.arena, b->import->controller, &old) &&
	    db_txn_rc(txn) != RC_OK)
		return db_txn_rc(txn);
	for (size_t i = 0; i < b->count; i++) {
		struct taken *post = &b->posts[i];
		post->result = post_write(&s, &author, old.followers, post);
		if (db_txn_rc(txn) != RC_OK)
			return db_txn_rc(txn);
		if (post->result == RC_NO_MEMORY || post->result == RC_GONE)
			return post->result;
	}
	return db_txn_rc(txn);
}

static enum rc batch_write(struct batch *b, struct ctx *ctx)
{
	enum rc rc = b->count != 0 ? db_write(b->fed->db, batch_job, b) : RC_OK;
	for (size_t i = 0; i < b->count && rc == RC_OK; i++) {
		if (b->posts[i].result == RC_OK)
			b->import->taken++;
		else if (b->posts[i].result == RC_EXISTS)
			b->import->known++;
		else
			b->import->skipped++;
	}
	b->count = 0;
	arena_reset(b->ctx.arena);
	b->posts = ARENA_ARRAY(b->ctx.arena, BATCH_POSTS, struct taken);
	if (rc == RC_OK && b->posts == NULL)
		rc = RC_NO_MEMORY;
	return rc == RC_OK ? rc : ctx_fail(ctx, rc, "the posts cannot be written: %s", rc_text(rc));
}

static bool is_collection(struct jr root)
{
	struct str type = jr_str(jr_one_at(jr_get(root, "type"), 0));
	return str_eq(type, STR("OrderedCollection")) ||
	       str_eq(type, STR("OrderedCollectionPage")) || str_eq(type, STR("Collection")) ||
	       str_eq(type, STR("CollectionPage"));
}

/* Oldest first, so that an answer finds what it answers. */
static enum rc items_import(struct batch *b, struct ctx *ctx, struct jr items)
{
	enum rc rc = batch_write(b, ctx);
	for (size_t i = jr_count(items); i != 0 && rc == RC_OK; i--) {
		if (post_take(b, jr_at(items, i - 1), &b->posts[b->count]))
			b->count++;
		else
			b->import->skipped++;
		if (b->count == BATCH_POSTS)
			rc = batch_write(b, ctx);
	}
	return rc == RC_OK ? batch_write(b, ctx) : rc;
}

enum rc archive_import_posts(struct fed *fed, struct ctx *ctx, struct str outbox,
			     struct archive_import *import)
{
	struct batch b = { .fed = fed, .import = import };
	struct jr_doc *doc;
	enum rc rc = jr_parse(ctx, outbox, &limits, &doc);
	if (rc != RC_OK)
		return rc;
	struct jr items = jr_get(jr_root(doc), "orderedItems");
	if (jr_type(items) != JR_ARRAY)
		items = jr_get(jr_root(doc), "items");
	b.ctx.arena = arena_new(WORK_ARENA_MAX * 2);
	if (b.ctx.arena == NULL)
		rc = ctx_fail(ctx, RC_NO_MEMORY, "out of memory");
	else if (!is_collection(jr_root(doc)) || jr_type(items) != JR_ARRAY)
		rc = ctx_fail(ctx, RC_INVALID, "this is no outbox");
	else
		rc = items_import(&b, ctx, items);
	arena_free(&b.ctx.arena);
	jr_free(&doc);
	return rc;
}

/* --- lists --- */

/* "user@host" in the first column, with or without an @ in front. */
static bool is_address(struct str text)
{
	size_t at = str_index(text, '@');
	return at != 0 && at + 1 < text.len && text.len <= ADDRESS_MAX &&
	       str_index(text, ' ') == text.len;
}

bool archive_next_address(struct str *csv, struct str *out)
{
	struct str line;
	while (str_next(csv, '\n', &line)) {
		struct str first = str_trim(str_take(line, str_index(line, ',')));
		if (first.len != 0 && first.ptr[0] == '@')
			first = str_skip(first, 1);
		if (!is_address(first))
			continue;
		*out = first;
		return true;
	}
	return false;
}
