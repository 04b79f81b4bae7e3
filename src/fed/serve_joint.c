/*
 * What is in a joint community, for its partners to compare: how many items there are by buckets with
 * their digests, and the items of one bucket, by pages; posts, votes, reactions and bans apart. Only hosts of
 * partners are told: among it is what was removed. Of posts ids alone: what stands under them is for each
 * origin to say, and for us where that is gone (copy); of votes and reactions digests of ids.
 */
#include "core/enc.h"
#include "joint_fed_int.h"
#include "routes_int.h"
#include "store/uri.h"

#define PAGE_ITEMS 100
#define PAGE_VOTES 500
#define PAGE_REACTIONS 200

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

static void sums_write(struct db_txn *txn, struct arena *arena, uint64_t community,
		       enum joint_about about, struct jw *w)
{
	struct joint_sum sums[JOINT_BUCKETS];
	uint64_t total = 0;
	for (unsigned i = 0; i < JOINT_BUCKETS; i++) {
		sums[i] = joint_sum(txn, community, about, i);
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

static void item_write(struct db_txn *txn, struct arena *arena, uint64_t community,
		       const struct joint_item *item, struct jw *w)
{
	struct status status;
	if (!status_get(txn, arena, item->status, &status))
		return;
	jw_object(w);
	jw_member_str(w, "id", status.uri);
	jw_member_str(w, "state", letters(arena, item->state));
	jw_member_u64(w, "stateTime", item->state_ms);
	jw_member_u64(w, "edited", item->edited_ms);
	if (item->state != 0)
		jw_member_opt(w, "summary",
			      community_reason_get(txn, arena, community, item->status));
	jw_end(w);
}

struct asked {
	struct fed *fed;
	enum joint_about about;
	bool copy; /* of the post called name */
	bool page;
	uint64_t bucket;
	bool after;
	unsigned char name[JOINT_WORD_NAME]; /* of posts the first JOINT_NAME_SIZE */
};

static bool about_read(struct str of, enum joint_about *out)
{
	for (unsigned i = 0; i < JOINT_ABOUT_COUNT; i++) {
		*out = (enum joint_about)i;
		if (str_eq(of, str_of(joint_about_name(*out))))
			return true;
	}
	return false;
}

static size_t name_size(const struct asked *asked)
{
	return asked->about == JOINT_POSTS ? JOINT_NAME_SIZE : joint_word_name(asked->about);
}

static bool name_read(struct str text, struct asked *out)
{
	struct buf name CLEANUP(buf_free) = BUF_INIT(JOINT_WORD_NAME);
	if (text.len != name_size(out) * 2 || !enc_unhex(&name, text) || name.len != name_size(out))
		return false;
	memcpy(out->name, buf_str(&name).ptr, name.len);
	return true;
}

static bool asked_read(struct httpd_request *req, struct asked *out)
{
	struct str bucket = httpd_query(req, "bucket"), after = httpd_query(req, "after"),
		   of = httpd_query(req, "of"), copy = httpd_query(req, "copy");
	*out = (struct asked){ .copy = copy.ptr != NULL,
			       .page = bucket.ptr != NULL,
			       .after = after.ptr != NULL };
	if (out->copy)
		return !out->page && !out->after && of.ptr == NULL && name_read(copy, out);
	if (of.ptr != NULL && !about_read(of, &out->about))
		return false;
	if (out->page && (!str_to_u64(bucket, &out->bucket) || out->bucket >= JOINT_BUCKETS))
		return false;
	return !out->after || (out->page && name_read(after, out));
}

/* Ours are read where all others are. */
static enum rc copy_write(struct fed *fed, struct httpd_request *req, struct db_txn *txn,
			  const struct account *group, const struct asked *asked, struct str id,
			  struct jw *w)
{
	struct joint_item item;
	struct status status;
	if (!joint_item_get(txn, group->id, asked->name, &item) ||
	    !status_get(txn, req->ctx.arena, item.status, &status) ||
	    (status.flags & (STATUS_LOCAL | STATUS_HELD)) != 0)
		return RC_NOT_FOUND;
	return build_copy(
		fed, txn, &req->ctx, group,
		arena_printf(req->ctx.arena, "%.*s?%.*s", STR_ARG(id), STR_ARG(req->query)),
		&status, w);
}

/* The name of the last of a full page; NULL when nothing comes behind. */
static const unsigned char *posts_write(struct db_txn *txn, struct arena *arena, uint64_t community,
					const struct asked *asked, struct jw *w)
{
	struct joint_item *items = ARENA_ARRAY(arena, PAGE_ITEMS, struct joint_item);
	size_t n = items != NULL ? joint_items(txn, community, (unsigned)asked->bucket,
					       asked->after ? asked->name : NULL, items, PAGE_ITEMS)
				 : 0;
	for (size_t i = 0; i < n; i++)
		item_write(txn, arena, community, &items[i], w);
	return n == PAGE_ITEMS ? items[n - 1].name : NULL;
}

static void vote_write(struct arena *arena, const struct joint_word *word, struct jw *w)
{
	static const char *const votes[] = {
		[JOINT_VOTE_NONE] = "none",
		[JOINT_VOTE_UP] = "up",
		[JOINT_VOTE_DOWN] = "down",
	};
	jw_object(w);
	jw_member_str(w, "post", hex(arena, word->name, JOINT_NAME_SIZE));
	jw_member_str(w, "voter", hex(arena, word->name + JOINT_NAME_SIZE, JOINT_NAME_SIZE));
	jw_member_str(w, "vote", str_of(votes[word->state]));
	jw_member_u64(w, "stateTime", word->at_ms);
	jw_end(w);
}

static bool ban_write(struct db_txn *txn, struct arena *arena, uint64_t community,
		      const struct joint_word *word, struct jw *w)
{
	const struct uri_entry who = uri_find_digest(txn, word->name);
	struct community_member m;
	struct account a;
	/* who is gone needs no ban */
	if (who.kind != URI_ACCOUNT || !account_get(txn, arena, who.id, &a))
		return false;
	jw_object(w);
	jw_member_str(w, "id", a.uri);
	jw_name(w, "banned");
	jw_bool(w, word->state != 0);
	jw_member_u64(w, "stateTime", word->at_ms);
	if (word->state != 0 && word->until_ms != 0)
		jw_member_u64(w, "until", word->until_ms);
	if (word->state != 0 && community_member_get(txn, arena, community, a.id, &m) &&
	    m.reason.len != 0)
		jw_member_str(w, "summary", m.reason);
	jw_end(w);
	return true;
}

static bool word_write(struct fed *fed, struct db_txn *txn, struct arena *arena, uint64_t community,
		       const struct joint_word *word, struct jw *w)
{
	if (word->about == JOINT_BANS)
		return ban_write(txn, arena, community, word, w);
	if (word->about == JOINT_REACTIONS)
		return build_joint_reaction(fed, txn, arena, community, word, w);
	vote_write(arena, word, w);
	return true;
}

static const unsigned char *words_write(struct db_txn *txn, struct arena *arena, uint64_t community,
					const struct asked *asked, struct jw *w)
{
	const size_t max = asked->about == JOINT_VOTES	     ? PAGE_VOTES
			   : asked->about == JOINT_REACTIONS ? PAGE_REACTIONS
							     : PAGE_ITEMS;
	struct joint_word *words = ARENA_ARRAY(arena, max, struct joint_word);
	const unsigned char *after = asked->after ? asked->name : NULL;
	unsigned char last[JOINT_WORD_NAME];
	size_t written = 0, n = 0;
	/* a page that has more behind it is not empty */
	do {
		n = words != NULL ? joint_words(txn, community, asked->about,
						(unsigned)asked->bucket, after, words, max)
				  : 0;
		for (size_t i = 0; i < n; i++)
			written += word_write(asked->fed, txn, arena, community, &words[i], w);
		if (n != 0)
			after = memcpy(last, words[n - 1].name, sizeof(last));
	} while (n == max && written == 0);
	return n == max ? words[n - 1].name : NULL;
}

static void page_write(struct db_txn *txn, struct arena *arena, uint64_t community, struct str id,
		       const struct asked *asked, struct jw *w)
{
	const bool posts = asked->about == JOINT_POSTS;
	jw_member_str(w, "partOf", id);
	jw_name(w, "orderedItems");
	jw_array(w);
	const unsigned char *last =
		(posts ? posts_write : words_write)(txn, arena, community, asked, w);
	jw_end(w);
	if (last == NULL)
		return;
	const struct str name = hex(arena, last, name_size(asked));
	jw_member_str(w, "next",
		      arena_printf(arena, "%.*s%cbucket=%llu&after=%.*s", STR_ARG(id),
				   posts ? '?' : '&', (unsigned long long)asked->bucket,
				   STR_ARG(name)));
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
	asked.fed = fed;
	struct str id = site_actor_part(arena, fed->site, a.username, JOINT_COLLECTION), whole = id;
	if (asked.copy)
		return copy_write(fed, req, txn, &a, &asked, id, w);
	if (asked.about != JOINT_POSTS)
		whole = arena_printf(arena, "%.*s?of=%s", STR_ARG(id),
				     joint_about_name(asked.about));
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_JOINT |
				    (asked.about == JOINT_REACTIONS ? AP_CONTEXT_EMOJI : 0U));
	if (asked.page) {
		jw_member_str(w, "id",
			      arena_printf(arena, "%.*s?%.*s", STR_ARG(id), STR_ARG(req->query)));
		jw_member_str(w, "type", STR("OrderedCollectionPage"));
		page_write(txn, arena, a.id, whole, &asked, w);
	} else {
		jw_member_str(w, "id", whole);
		jw_member_str(w, "type", STR("OrderedCollection"));
		sums_write(txn, arena, a.id, asked.about, w);
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
