/* The record of acts. Owns tables audit and audit_in. Inside transactions only, but for what is pure. */
#include "store/audit.h"

#include "audit_int.h"
#include "core/date.h"
#include "core/enc.h"
#include "core/must.h"
#include "core/random.h"
#include "db/rec.h"
#include "store/tables.h"
#include "store_int.h"
#include "json/jcs.h"
#include "json/jw.h"

#define AUDIT_VERSION 1
#define CONTENT_MAX ((size_t)16 * 1024)
#define SALT_BYTES 16

void audit_encode(struct buf *out, const struct audit_row *row)
{
	rec_add_u8(out, AUDIT_VERSION);
	rec_add_str(out, str_n(row->hash.bytes, DIGEST_SIZE));
	rec_add_str(out, row->content);
}

bool audit_decode(struct str value, struct audit_row *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	struct str hash = rec_str(&r);
	out->content = rec_str(&r);
	if (version != AUDIT_VERSION || !rec_ok(&r) || hash.len != DIGEST_SIZE)
		return false;
	memcpy(out->hash.bytes, hash.ptr, DIGEST_SIZE);
	return true;
}

/* The details that say whose part a row is, the first before the others. */
static const char *const parts[] = { "community", "team" };

/* --- adding --- */

static void member_date(struct jw *w, const char *name, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	jw_member_str(w, name, buf_str(&date));
}

static void member_id(struct jw *w, const char *name, uint64_t id)
{
	jw_name(w, name);
	if (id != 0)
		jw_u64_str(w, id);
	else
		jw_null(w);
}

static void member_hash(struct jw *w, const char *name, const struct digest *d)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * DIGEST_SIZE + 1);
	enc_hex(&hex, str_n(d->bytes, DIGEST_SIZE));
	jw_member_str(w, name, buf_str(&hex));
}

static void member_salt(struct jw *w)
{
	char salt[SALT_BYTES];
	struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * SALT_BYTES + 1);
	random_bytes(salt, sizeof(salt));
	enc_hex(&hex, str_n(salt, sizeof(salt)));
	jw_member_str(w, "salt", buf_str(&hex));
}

static void content_write(struct buf *out, const struct audit_entry *e,
			  const struct audit_row *before, uint64_t now_ms)
{
	struct jw w;
	jw_init(&w, out);
	jw_object(&w);
	jw_member_str(&w, "act", str_of(e->act));
	member_id(&w, "actor", e->actor);
	member_date(&w, "at", now_ms);
	jw_name(&w, "details");
	jw_object(&w);
	for (size_t i = 0; i < e->detail_count; i++)
		jw_member_str(&w, e->details[i].name, e->details[i].value);
	jw_end(&w);
	jw_member_u64(&w, "number", before->number + 1);
	member_hash(&w, "previous", &before->hash);
	member_salt(&w);
	jw_member_str(&w, "target", e->target.ptr != NULL ? e->target : STR(""));
	jw_end(&w);
	jw_done(&w);
}

/* RFC 8785, whatever the order in which members were written. */
static enum rc canonical(struct arena *arena, struct str json, struct str *out)
{
	struct ctx ctx = { .arena = arena };
	struct buf text = BUF_INIT(CONTENT_MAX);
	struct jr_doc *doc = NULL;
	enum rc rc = jr_parse(&ctx, json, &jr_limits_peer, &doc);
	if (rc == RC_OK)
		rc = jcs_write(arena, jr_root(doc), NULL, 0, &text);
	jr_free(&doc);
	*out = arena_take_buf(arena, &text);
	return rc == RC_OK && out->ptr == NULL ? RC_NO_MEMORY : rc;
}

static uint64_t within_of(const struct audit_entry *e)
{
	uint64_t id = 0;
	for (size_t k = 0; id == 0 && k < ARRAY_LEN(parts); k++) {
		for (size_t i = 0; id == 0 && i < e->detail_count; i++) {
			if (strcmp(e->details[i].name, parts[k]) == 0 &&
			    !str_to_u64(e->details[i].value, &id))
				id = 0;
		}
	}
	return id;
}

void audit_append(struct db_txn *txn, struct arena *arena, const struct audit_entry *e)
{
	struct buf json CLEANUP(buf_free) = BUF_INIT(CONTENT_MAX);
	struct buf value CLEANUP(buf_free) = BUF_INIT(CONTENT_MAX + 64);
	struct audit_row before = { .number = 0 }, row;
	/* the first row has zeros before it */
	(void)audit_before(txn, arena, 0, &before, 1);
	content_write(&json, e, &before, db_txn_now(txn));
	enum rc rc = json.failed ? RC_TOO_LARGE : canonical(arena, buf_str(&json), &row.content);
	if (rc != RC_OK) {
		db_txn_fail(txn, rc);
		return;
	}
	row.hash = digest_sha256(row.content);
	audit_encode(&value, &row);
	struct reckey key = reckey_u64(before.number + 1);
	if (value.failed)
		db_txn_fail(txn, RC_NO_MEMORY);
	else
		db_append(txn, &store_audit, reckey_str(&key), buf_str(&value));
	uint64_t within = within_of(e);
	if (within == 0)
		return;
	struct reckey in = reckey_u64_u64(within, before.number + 1);
	db_put(txn, &store_audit_in, reckey_str(&in), STR(""));
}

/* --- reading --- */

static size_t audit_walk(struct db_txn *txn, struct arena *arena, enum db_direction direction,
			 uint64_t from, struct audit_row *out, size_t count)
{
	struct reckey start = reckey_u64(from);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key, value;
	size_t n = 0;
	db_iter_open(&it, txn, &store_audit, STR(""), direction, reckey_str(&start));
	while (n < count && db_iter_next(&it, &key, &value)) {
		if (!reckey_read_u64(key, 0, &out[n].number) ||
		    !audit_decode(arena_str(arena, value), &out[n])) {
			store_undecoded(txn, arena);
			return 0;
		}
		n++;
	}
	return n;
}

size_t audit_after(struct db_txn *txn, struct arena *arena, uint64_t after, struct audit_row *out,
		   size_t count)
{
	return audit_walk(txn, arena, DB_FORWARD, after + 1, out, count);
}

size_t audit_before(struct db_txn *txn, struct arena *arena, uint64_t max, struct audit_row *out,
		    size_t count)
{
	return audit_walk(txn, arena, DB_BACKWARD, max != 0 ? max - 1 : UINT64_MAX, out, count);
}

size_t audit_within(struct db_txn *txn, struct arena *arena, uint64_t within, uint64_t max,
		    struct audit_row *out, size_t count)
{
	struct reckey prefix = reckey_u64(within);
	struct reckey from = reckey_u64_u64(within, max != 0 ? max - 1 : UINT64_MAX);
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t number;
	size_t n = 0;
	db_iter_open(&it, txn, &store_audit_in, reckey_str(&prefix), DB_BACKWARD,
		     reckey_str(&from));
	while (n < count && db_iter_next(&it, &key, NULL)) {
		if (reckey_read_u64(key, 8, &number) && number != 0)
			n += audit_after(txn, arena, number - 1, &out[n], 1);
	}
	return n;
}

static bool hash_read(struct str hex, struct digest *out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE);
	if (!enc_unhex(&bytes, hex) || bytes.len != DIGEST_SIZE)
		return false;
	memcpy(out->bytes, bytes.ptr, DIGEST_SIZE);
	return true;
}

static uint64_t within_read(struct jr details)
{
	uint64_t id = 0;
	for (size_t i = 0; id == 0 && i < ARRAY_LEN(parts); i++) {
		if (!str_to_u64(jr_str(jr_get(details, parts[i])), &id))
			id = 0;
	}
	return id;
}

static bool said_read(struct ctx *ctx, struct jr root, struct audit_said *out)
{
	struct arena *arena = ctx->arena;
	struct buf details = BUF_INIT(CONTENT_MAX);
	int64_t number = 0;
	*out = (struct audit_said){ .act = arena_str(arena, jr_str(jr_get(root, "act"))) };
	out->actor = arena_str(arena, jr_str(jr_get(root, "actor")));
	out->at = arena_str(arena, jr_str(jr_get(root, "at")));
	out->target = arena_str(arena, jr_str(jr_get(root, "target")));
	enum rc rc = jcs_write(arena, jr_get(root, "details"), NULL, 0, &details);
	out->details = arena_take_buf(arena, &details);
	out->within = within_read(jr_get(root, "details"));
	out->salted = jr_str(jr_get(root, "salt")).len == (size_t)2 * SALT_BYTES;
	bool numbered = jr_i64(jr_get(root, "number"), &number);
	out->number = (uint64_t)number;
	return rc == RC_OK && numbered && number > 0 && out->act.len != 0 && out->at.len != 0 &&
	       hash_read(jr_str(jr_get(root, "previous")), &out->previous);
}

enum rc audit_read(struct ctx *ctx, const struct audit_row *row, struct audit_said *out)
{
	struct jr_doc *doc = NULL;
	enum rc rc = jr_parse(ctx, row->content, &jr_limits_peer, &doc);
	if (rc == RC_OK && !said_read(ctx, jr_root(doc), out))
		rc = ctx_fail(ctx, arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_INVALID,
			      "row %llu says nothing", (unsigned long long)row->number);
	jr_free(&doc);
	return rc;
}

/* --- verifying --- */

const char *audit_fault_text(enum audit_fault fault)
{
	static const char *const texts[] = {
		[AUDIT_SOUND] = "it is sound",
		[AUDIT_GAP] = "the row before it is missing",
		[AUDIT_CONTENT] = "its hash is not that of its content",
		[AUDIT_UNREADABLE] = "its content cannot be read",
		[AUDIT_CHAIN] = "it names another row before it than there is",
		[AUDIT_HEAD] = "its hash is not the one that was noted",
		[AUDIT_HIDDEN] = "the record of its community or team lacks it",
		[AUDIT_STRAY] = "it is in the record of a community or team that it is not about",
	};
	must((size_t)fault < ARRAY_LEN(texts));
	return texts[fault];
}

static bool same(const struct digest *a, const struct digest *b)
{
	return memcmp(a->bytes, b->bytes, DIGEST_SIZE) == 0;
}

enum audit_fault audit_chain_next(struct ctx *ctx, struct audit_chain *chain,
				  const struct audit_row *row)
{
	struct audit_said said;
	struct digest hash = digest_sha256(row->content);
	if (row->number != chain->number + 1)
		return AUDIT_GAP;
	if (!same(&hash, &row->hash))
		return AUDIT_CONTENT;
	if (audit_read(ctx, row, &said) != RC_OK || said.number != row->number)
		return AUDIT_UNREADABLE;
	if (!same(&said.previous, &chain->head))
		return AUDIT_CHAIN;
	if (chain->noted == row->number && !same(&hash, &chain->expected))
		return AUDIT_HEAD;
	chain->number = row->number;
	chain->head = hash;
	return AUDIT_SOUND;
}

enum audit_fault audit_placed(struct db_txn *txn, const struct audit_said *said)
{
	struct reckey in = reckey_u64_u64(said->within, said->number);
	struct str none;
	return said->within == 0 || db_get(txn, &store_audit_in, reckey_str(&in), &none)
		       ? AUDIT_SOUND
		       : AUDIT_HIDDEN;
}

/* A row that cannot be read is told of by the chain. */
static bool is_stray(struct db_txn *txn, struct arena *arena, uint64_t within, uint64_t number)
{
	struct ctx ctx = { .arena = arena };
	struct audit_row row;
	struct audit_said said;
	if (number == 0 || audit_after(txn, arena, number - 1, &row, 1) == 0 ||
	    row.number != number)
		return true;
	return audit_read(&ctx, &row, &said) == RC_OK && said.within != within;
}

uint64_t audit_strays(struct db_txn *txn, struct arena *arena, uint64_t *first)
{
	struct db_iter it CLEANUP(db_iter_close);
	struct str key;
	uint64_t within = 0, number = 0, strays = 0;
	db_iter_open(&it, txn, &store_audit_in, STR(""), DB_FORWARD, STR_NONE);
	while (db_iter_next(&it, &key, NULL)) {
		arena_reset(arena);
		bool read = key.len == 16 && reckey_read_u64(key, 0, &within) &&
			    reckey_read_u64(key, 8, &number);
		if (read && !is_stray(txn, arena, within, number))
			continue;
		if (strays++ == 0)
			*first = read ? number : 0;
	}
	return strays;
}
