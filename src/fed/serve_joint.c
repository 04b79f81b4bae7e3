/*
 * What is in a joint community, for its partners to compare: how many items there are by buckets with
 * their digests, and the items of one bucket, by pages. Only hosts of partners are told: among it is
 * what was removed. Ids alone: what stands under them is for each origin to say.
 */
#include "core/enc.h"
#include "joint_fed_int.h"
#include "routes_int.h"

#define PAGE_ITEMS 100

/* Whoever asks does so as the actor of its node: is that the host of a partner with which the past is
 * ready to be compared? */
static bool is_partners_host(struct db_txn *txn, struct arena *arena, uint64_t community,
			     uint64_t viewer)
{
	struct joint *rows = ARENA_ARRAY(arena, JOINT_PARTNERS_MAX, struct joint);
	struct account asks, group;
	size_t n = rows != NULL ? joints(txn, arena, community, rows) : 0;
	if (viewer == 0 || !account_get(txn, arena, viewer, &asks))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].state == JOINT_AGREED && rows[i].indexed &&
		    account_get(txn, arena, rows[i].partner, &group) &&
		    str_eq(uri_authority(group.uri), uri_authority(asks.uri)))
			return true;
	}
	return false;
}

static struct str hex(struct arena *arena, const unsigned char *bytes, size_t size)
{
	struct buf out = BUF_INIT(128);
	enc_hex(&out, str_n(bytes, size));
	return arena_take_buf(arena, &out);
}

static void sums_write(struct db_txn *txn, struct arena *arena, uint64_t community, struct jw *w)
{
	struct joint_sum sums[JOINT_BUCKETS];
	uint64_t total = 0;
	for (unsigned i = 0; i < JOINT_BUCKETS; i++) {
		sums[i] = joint_sum(txn, community, i);
		total += sums[i].count;
	}
	jw_member_u64(w, "totalItems", total);
	jw_name(w, "buckets");
	jw_array(w);
	for (unsigned i = 0; i < JOINT_BUCKETS; i++) {
		if (sums[i].count == 0)
			continue;
		jw_object(w);
		jw_member_u64(w, "bucket", i);
		jw_member_u64(w, "totalItems", sums[i].count);
		jw_member_str(w, "digest", hex(arena, sums[i].digest.bytes, DIGEST_SIZE));
		jw_end(w);
	}
	jw_end(w);
}

static struct str letters(struct arena *arena, unsigned state)
{
	return arena_printf(arena, "%s%s%s", (state & JOINT_REMOVED) != 0 ? "r" : "",
			    (state & JOINT_LOCKED) != 0 ? "l" : "",
			    (state & JOINT_PINNED) != 0 ? "p" : "");
}

static void item_write(struct db_txn *txn, struct arena *arena, const struct joint_item *item,
		       struct jw *w)
{
	struct status status;
	if (!status_get(txn, arena, item->status, &status))
		return;
	jw_object(w);
	jw_member_str(w, "id", status.uri);
	jw_member_str(w, "state", letters(arena, item->state));
	jw_member_u64(w, "stateTime", item->state_ms);
	jw_member_u64(w, "edited", item->edited_ms);
	jw_end(w);
}

struct asked {
	bool page;
	uint64_t bucket;
	bool after;
	unsigned char name[JOINT_NAME_SIZE];
};

static bool asked_read(struct httpd_request *req, struct asked *out)
{
	struct str bucket = httpd_query(req, "bucket"), after = httpd_query(req, "after");
	struct buf name CLEANUP(buf_free) = BUF_INIT(JOINT_NAME_SIZE);
	*out = (struct asked){ .page = bucket.ptr != NULL, .after = after.ptr != NULL };
	if (out->page && (!str_to_u64(bucket, &out->bucket) || out->bucket >= JOINT_BUCKETS))
		return false;
	if (!out->after)
		return true;
	if (!out->page || after.len != JOINT_NAME_SIZE * 2 || !enc_unhex(&name, after) ||
	    name.len != JOINT_NAME_SIZE)
		return false;
	memcpy(out->name, buf_str(&name).ptr, JOINT_NAME_SIZE);
	return true;
}

static void page_write(struct db_txn *txn, struct arena *arena, uint64_t community, struct str id,
		       const struct asked *asked, struct jw *w)
{
	struct joint_item items[PAGE_ITEMS];
	size_t n = joint_items(txn, community, (unsigned)asked->bucket,
			       asked->after ? asked->name : NULL, items, PAGE_ITEMS);
	jw_member_str(w, "partOf", id);
	jw_name(w, "orderedItems");
	jw_array(w);
	for (size_t i = 0; i < n; i++)
		item_write(txn, arena, &items[i], w);
	jw_end(w);
	if (n == PAGE_ITEMS)
		jw_member_str(
			w, "next",
			arena_printf(arena, "%.*s?bucket=%llu&after=%.*s", STR_ARG(id),
				     (unsigned long long)asked->bucket,
				     STR_ARG(hex(arena, items[n - 1].name, JOINT_NAME_SIZE))));
}

static enum rc items_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			   struct viewer viewer, struct jw *w)
{
	struct arena *arena = req->ctx.arena;
	struct asked asked;
	struct account a;
	enum rc rc = serve_account(req, txn, viewer, &a);
	if (rc != RC_OK)
		return rc;
	if (!asked_read(req, &asked) || !community_exists(txn, a.id) ||
	    !is_partners_host(txn, arena, a.id, viewer.account))
		return RC_NOT_FOUND;
	struct str id = site_actor_part(arena, fed->site, a.username, JOINT_COLLECTION);
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_JOINT);
	if (asked.page) {
		jw_member_str(w, "id",
			      arena_printf(arena, "%.*s?%.*s", STR_ARG(id), STR_ARG(req->query)));
		jw_member_str(w, "type", STR("OrderedCollectionPage"));
		page_write(txn, arena, a.id, id, &asked, w);
	} else {
		jw_member_str(w, "id", id);
		jw_member_str(w, "type", STR("OrderedCollection"));
		sums_write(txn, arena, a.id, w);
	}
	jw_end(w);
	return arena_failed(arena) ? RC_NO_MEMORY : db_txn_rc(txn);
}

static void serve_items(struct fed *fed, struct httpd_request *req, struct viewer viewer)
{
	serve_by(fed, req, viewer, items_write);
}

void joint_get_items(struct httpd_request *req, void *app)
{
	serve_signed(req, app, serve_items);
}
