/* Resources of communities. Owns tables resource, resource_of and resource_version. Inside transactions
 * only. */
#include "resource_int.h"

#include "check_int.h"
#include "core/attr.h"
#include "page_int.h"
#include "store/community.h"
#include "store/medium.h"
#include "store/tables.h"
#include "store_int.h"

/* The second ones have an origin; what is ours alone is written as it always was. */
#define RESOURCE_VERSION 1
#define RESOURCE_VERSION_JOINT 2
#define VERSION_VERSION 1
#define VERSION_VERSION_JOINT 2
#define ROW_MAX_BYTES (64 * 1024)

/* --- codecs --- */

void resource_encode(struct buf *out, const struct resource *r, struct str uri)
{
	bool joint = r->origin != 0;
	rec_add_u8(out, joint ? RESOURCE_VERSION_JOINT : RESOURCE_VERSION);
	rec_add_u64(out, r->community);
	rec_add_num(out, r->by);
	rec_add_num(out, r->created_ms);
	rec_add_num(out, r->versions);
	if (joint) {
		rec_add_num(out, r->origin);
		rec_add_str(out, uri);
	}
}

bool resource_decode(struct str value, struct resource *out, struct str *uri)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	bool joint = version == RESOURCE_VERSION_JOINT;
	out->community = rec_u64(&r);
	out->by = rec_num(&r);
	out->created_ms = rec_num(&r);
	out->versions = store_num32(&r);
	out->origin = joint ? rec_num(&r) : 0;
	*uri = joint ? rec_str(&r) : STR("");
	return (joint || version == RESOURCE_VERSION) && rec_ok(&r) && out->versions != 0 &&
	       out->versions <= RESOURCE_VERSIONS_JOINT_MAX && joint == (out->origin != 0);
}

void resource_version_encode(struct buf *out, const struct resource_version *v)
{
	bool joint = v->origin != 0 || v->uri.len != 0;
	rec_add_u8(out, joint ? VERSION_VERSION_JOINT : VERSION_VERSION);
	rec_add_num(out, v->by);
	rec_add_num(out, v->at_ms);
	rec_add_num(out, v->medium);
	rec_add_str(out, v->url);
	rec_add_str(out, v->title);
	rec_add_str(out, v->description);
	rec_add_str(out, v->note);
	if (joint) {
		rec_add_num(out, v->origin);
		rec_add_str(out, v->uri);
	}
}

bool resource_version_decode(struct str value, struct resource_version *out)
{
	struct rec r = rec_open(value);
	uint8_t version = rec_u8(&r);
	bool joint = version == VERSION_VERSION_JOINT;
	out->by = rec_num(&r);
	out->at_ms = rec_num(&r);
	out->medium = rec_num(&r);
	out->url = rec_str(&r);
	out->title = rec_str(&r);
	out->description = rec_str(&r);
	out->note = rec_str(&r);
	out->origin = joint ? rec_num(&r) : 0;
	out->uri = joint ? rec_str(&r) : STR("");
	return (joint || version == VERSION_VERSION) && rec_ok(&r) &&
	       (out->medium == 0) == (out->url.len != 0) &&
	       joint == (out->origin != 0 || out->uri.len != 0);
}

/* --- resources --- */

/* uri points into the transaction. */
static bool row_get(struct db_txn *txn, uint64_t id, struct resource *out, struct str *uri)
{
	struct reckey key = reckey_u64(id);
	struct str value;
	*out = (struct resource){ .id = id };
	*uri = STR("");
	if (!db_get(txn, &store_resource, reckey_str(&key), &value))
		return false;
	if (resource_decode(value, out, uri))
		return true;
	db_txn_fail(txn, RC_CORRUPT);
	return false;
}

bool resource_get(struct db_txn *txn, uint64_t id, struct resource *out)
{
	struct str uri;
	return row_get(txn, id, out, &uri);
}

struct str resource_uri(struct db_txn *txn, struct arena *arena, uint64_t id)
{
	struct resource r;
	struct str uri;
	return row_get(txn, id, &r, &uri) ? arena_str(arena, uri) : STR("");
}

size_t resources_of(struct db_txn *txn, uint64_t community, const struct page *page, uint64_t *out,
		    size_t count)
{
	struct reckey prefix = reckey_u64(community);
	return page_ids(txn, &store_resource_of, &prefix, page, NULL, out, count);
}

static bool head_put(struct db_txn *txn, const struct resource *r, struct str uri)
{
	struct reckey key = reckey_u64(r->id);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	resource_encode(&row, r, uri);
	return store_put(txn, &store_resource, &key, &row);
}

static bool version_put(struct db_txn *txn, uint64_t id, const struct resource_version *v)
{
	struct reckey key = reckey_u64_u64(id, v->number);
	struct buf row CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	resource_version_encode(&row, v);
	return store_put(txn, &store_resource_version, &key, &row);
}

bool resource_add(struct db_txn *txn, struct resource *r, struct str uri,
		  struct resource_version *v)
{
	if (r->id == 0)
		r->id = db_next_id(txn);
	struct reckey of = reckey_u64_u64(r->community, r->id);
	r->versions = v->number = 1;
	return db_put(txn, &store_resource_of, reckey_str(&of), STR("")) && head_put(txn, r, uri) &&
	       version_put(txn, r->id, v);
}

/* One version more. */
static enum rc grow(struct db_txn *txn, uint64_t id, uint32_t most, uint32_t *versions)
{
	struct resource r;
	struct str uri;
	if (!row_get(txn, id, &r, &uri))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	if (r.versions >= most)
		return RC_TOO_LARGE;
	*versions = ++r.versions;
	/* encoded before it is written: uri is the row's own */
	head_put(txn, &r, uri);
	return db_txn_rc(txn);
}

enum rc resource_revise(struct db_txn *txn, uint64_t id, struct resource_version *v)
{
	enum rc rc = grow(txn, id, RESOURCE_VERSIONS_MAX, &v->number);
	if (rc == RC_OK)
		version_put(txn, id, v);
	return rc == RC_OK ? db_txn_rc(txn) : rc;
}

/* The row as it is; absent when there is none. */
static struct str version_row(struct db_txn *txn, uint64_t id, uint32_t number)
{
	struct reckey key = reckey_u64_u64(id, number);
	struct str value;
	return db_get(txn, &store_resource_version, reckey_str(&key), &value) ? value : STR_NONE;
}

static bool stands_before(const struct resource_version *a, const struct resource_version *b)
{
	return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : str_cmp(a->uri, b->uri) < 0;
}

/* Where it is to stand among so many; 0: it is there, or the transaction has failed. */
static uint32_t place_of(struct db_txn *txn, uint64_t id, uint32_t versions,
			 const struct resource_version *v)
{
	uint32_t place = 1;
	for (uint32_t n = 1; n <= versions; n++) {
		struct resource_version there;
		if (!resource_version_decode(version_row(txn, id, n), &there)) {
			db_txn_fail(txn, RC_CORRUPT);
			return 0;
		}
		if (str_eq(there.uri, v->uri))
			return 0;
		if (stands_before(&there, v))
			place = n + 1;
	}
	return place;
}

static void move_up(struct db_txn *txn, uint64_t id, uint32_t number)
{
	struct reckey to = reckey_u64_u64(id, number + 1);
	struct buf copy CLEANUP(buf_free) = BUF_INIT(ROW_MAX_BYTES);
	buf_add(&copy, version_row(txn, id, number));
	store_put(txn, &store_resource_version, &to, &copy);
}

enum rc resource_insert(struct db_txn *txn, uint64_t id, struct resource_version *v)
{
	struct resource r;
	uint32_t versions;
	if (!resource_get(txn, id, &r))
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	uint32_t place = place_of(txn, id, r.versions, v);
	if (place == 0)
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_EXISTS;
	enum rc rc = grow(txn, id, RESOURCE_VERSIONS_JOINT_MAX, &versions);
	if (rc != RC_OK)
		return rc;
	for (uint32_t n = r.versions; n >= place; n--)
		move_up(txn, id, n);
	v->number = place;
	version_put(txn, id, v);
	return db_txn_rc(txn);
}

void resource_version_name(struct db_txn *txn, struct arena *arena, uint64_t id, uint32_t number,
			   struct str uri)
{
	struct resource_version v;
	if (resource_version_get(txn, arena, id, number, &v)) {
		v.uri = uri;
		version_put(txn, id, &v);
	}
}

bool resource_version_get(struct db_txn *txn, struct arena *arena, uint64_t id, uint32_t number,
			  struct resource_version *out)
{
	struct reckey key = reckey_u64_u64(id, number);
	struct str value;
	*out = (struct resource_version){ .number = number };
	if (!db_get(txn, &store_resource_version, reckey_str(&key), &value))
		return false;
	return resource_version_decode(arena_str(arena, value), out) || store_undecoded(txn, arena);
}

bool resource_del(struct db_txn *txn, uint64_t id)
{
	struct resource r;
	if (!resource_get(txn, id, &r))
		return false;
	struct reckey key = reckey_u64(id), of = reckey_u64_u64(r.community, id);
	for (uint32_t n = 1; n <= r.versions; n++) {
		struct reckey row = reckey_u64_u64(id, n);
		db_del(txn, &store_resource_version, reckey_str(&row));
	}
	medium_del_held(txn, MEDIUM_RESOURCE, id);
	medium_del_held(txn, MEDIUM_COPY, id);
	db_del(txn, &store_resource_of, reckey_str(&of));
	return db_del(txn, &store_resource, reckey_str(&key));
}

size_t resources_clear(struct db_txn *txn, uint64_t community, size_t count)
{
	uint64_t id;
	size_t n = 0;
	while (n < count && resources_of(txn, community, &PAGE_ALL, &id, 1) != 0 &&
	       resource_del(txn, id))
		n++;
	return n;
}

/* --- integrity --- */

static void check_resource(const struct check *c, struct str key, struct str value)
{
	struct resource r;
	struct str there, uri;
	uint64_t id = 0;
	if (!reckey_read_u64(key, 0, &id) || !resource_decode(value, &r, &uri)) {
		check_say(c, "resource", id, "cannot be decoded");
		return;
	}
	struct reckey of = reckey_u64_u64(r.community, id);
	if (!db_get(c->txn, &store_resource_of, reckey_str(&of), &there))
		check_say(c, "resource", id, "is not among its community's");
	if (!community_exists(c->txn, r.community))
		check_say(c, "resource", id, "is of no community");
	if (check_count(c, &store_resource_version, id) != r.versions)
		check_say(c, "resource", id, "has not as many versions as it says");
}

static void check_of(const struct check *c, struct str key, struct str value UNUSED)
{
	struct resource r;
	uint64_t community = 0, id = 0;
	if (!reckey_read_u64(key, 0, &community) || !reckey_read_u64(key, 8, &id) ||
	    !resource_get(c->txn, id, &r) || r.community != community)
		check_say_pair(c, "resource of community", community, id, "is not there");
}

static void check_version(const struct check *c, struct str key, struct str value)
{
	struct resource_version v;
	struct medium m;
	struct resource r;
	uint64_t id = 0, number = 0;
	if (!reckey_read_u64(key, 0, &id) || !reckey_read_u64(key, 8, &number) ||
	    !resource_version_decode(value, &v)) {
		check_say_pair(c, "version of resource", id, number, "cannot be decoded");
		return;
	}
	uint64_t medium = v.medium;
	if (!resource_get(c->txn, id, &r) || number == 0 || number > r.versions)
		check_say_pair(c, "version of resource", id, number, "belongs to none");
	if (medium != 0 && (!medium_get(c->txn, c->arena, medium, &m) ||
			    (m.use != MEDIUM_RESOURCE && m.use != MEDIUM_COPY) || m.holder != id))
		check_say_pair(c, "version of resource", id, number, "does not hold its file");
}

void resource_check(struct db_txn *txn, struct arena *arena,
		    void (*bad)(void *arg, struct str what), void *arg)
{
	const struct check c = { txn, arena, bad, arg };
	check_walk(&c, &store_resource, 8, check_resource);
	check_walk(&c, &store_resource_of, 16, check_of);
	check_walk(&c, &store_resource_version, 16, check_version);
}
