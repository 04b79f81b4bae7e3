/* What peers describe becomes rows: accounts with their keys, statuses. */
#include "core/utf8.h"
#include "db/rec.h"
#include "fed_int.h"
#include "incoming_int.h"
#include "interact_int.h"
#include "poll_int.h"
#include "remote_int.h"
#include "social/links.h"
#include "social/move.h"
#include "store/graph.h"
#include "store/uri.h"

#define NAME_CHARS 200
#define NAME_BYTES 800
#define ALT_CHARS 5000
#define DESCRIPTION_CHARS 1500
#define HOST_CHARS 253
#define FOLLOWING_MANY 1000
#define ETAG_MAX 256

/* --- accounts --- */

static enum account_kind kind_of(struct str type)
{
	static const struct {
		struct str name;
		enum account_kind kind;
	} kinds[] = {
		{ STR_INIT("Group"), ACCOUNT_GROUP },
		{ STR_INIT("Organization"), ACCOUNT_ORGANIZATION },
		{ STR_INIT("Service"), ACCOUNT_SERVICE },
		{ STR_INIT("Application"), ACCOUNT_APPLICATION },
	};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (str_eq(type, kinds[i].name))
			return kinds[i].kind;
	}
	return ACCOUNT_PERSON;
}

/* Foreign text for people: what cannot be cleaned is left out rather than refused with the whole.
 */
struct str remote_text(struct ctx *ctx, struct str text, size_t chars, size_t bytes)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str out;
	if (text.len == 0 || !utf8_valid(text))
		return STR("");
	return text_clean(&quiet, utf8_take(text, chars, bytes), chars, bytes, &out) == RC_OK
		       ? out
		       : STR("");
}

struct html remote_html(struct ctx *ctx, struct str markup)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct html out;
	if (markup.len == 0 || html_sanitize(&quiet, markup, &out) != RC_OK)
		return (struct html){ STR("") };
	return out;
}

static struct str or_empty(struct str s)
{
	return s.ptr != NULL ? s : STR("");
}

static void aliases_fill(struct ctx *ctx, const struct ap_actor *actor, struct account *a)
{
	a->alias_count = 0;
	a->aliases = ARENA_ARRAY(ctx->arena, actor->alias_count, struct str);
	if (a->aliases == NULL)
		return;
	for (; a->alias_count < actor->alias_count && a->alias_count < ACCOUNT_ALIASES_MAX;
	     a->alias_count++)
		a->aliases[a->alias_count] = actor->aliases[a->alias_count];
}

static void attribution_fill(struct ctx *ctx, const struct ap_actor *actor, struct account *a)
{
	a->attribution_count = 0;
	a->attribution = ARENA_ARRAY(ctx->arena, actor->attribution_count, struct str);
	for (unsigned i = 0; a->attribution != NULL && i < actor->attribution_count; i++)
		a->attribution[a->attribution_count++] =
			remote_text(ctx, actor->attribution[i], HOST_CHARS, HOST_CHARS);
}

static void identities_fill(struct ctx *ctx, const struct ap_actor *actor, struct account *a)
{
	a->identity_count = 0;
	a->identities = ARENA_ARRAY(ctx->arena, actor->identity_count, struct identity);
	for (unsigned i = 0; a->identities != NULL && i < actor->identity_count; i++) {
		const struct ap_identity *one = &actor->identities[i];
		a->identities[a->identity_count++] =
			(struct identity){ one->subject, one->statement, one->expires_ms };
	}
}

static void emojis_fill(struct ctx *ctx, const struct ap_emoji *from, unsigned count,
			struct emoji **out, unsigned *out_count)
{
	*out_count = 0;
	*out = ARENA_ARRAY(ctx->arena, count, struct emoji);
	if (*out == NULL)
		return;
	for (; *out_count < count && *out_count < EMOJIS_MAX; (*out_count)++)
		(*out)[*out_count] =
			(struct emoji){ from[*out_count].shortcode, from[*out_count].url };
}

static void searchable_fill(struct ctx *ctx, const struct str *from, unsigned count,
			    struct str **out, unsigned *out_count)
{
	*out_count = 0;
	*out = ARENA_ARRAY(ctx->arena, count, struct str);
	if (*out == NULL)
		return;
	for (; *out_count < count && *out_count < SEARCHABLE_MAX; (*out_count)++)
		(*out)[*out_count] = from[*out_count];
}

/* What a group says that it is about; each once. */
static void topics_fill(struct ctx *ctx, const struct ap_actor *actor, struct account *a)
{
	a->topics = ARENA_ARRAY(ctx->arena, ACCOUNT_TOPICS_MAX, struct str);
	a->topic_count = 0;
	for (unsigned i = 0; a->topics != NULL && i < actor->hashtag_count; i++) {
		struct str topic = remote_text(ctx, actor->hashtags[i], 100, 255);
		bool again = topic.len == 0 || a->topic_count == ACCOUNT_TOPICS_MAX;
		for (unsigned k = 0; k < a->topic_count && !again; k++)
			again = str_eq_nocase(a->topics[k], topic);
		if (!again)
			a->topics[a->topic_count++] = topic;
	}
}

static void account_fill(struct ctx *ctx, const struct ap_actor *actor, struct account *a)
{
	a->kind = kind_of(actor->type);
	a->flags = (a->flags & ACCOUNT_MODERATED) | (actor->locked ? ACCOUNT_LOCKED : 0U) |
		   (actor->discoverable ? ACCOUNT_DISCOVERABLE : 0U) |
		   (actor->indexable ? ACCOUNT_INDEXABLE : 0U) |
		   (actor->memorial ? ACCOUNT_MEMORIAL : 0U) |
		   (actor->no_media ? ACCOUNT_NO_MEDIA : 0U) |
		   (actor->no_media_replies ? ACCOUNT_NO_MEDIA_REPLIES : 0U) |
		   (actor->no_featured ? ACCOUNT_NO_FEATURED : 0U);
	a->uri = actor->id;
	a->url = or_empty(actor->url);
	a->inbox = actor->inbox;
	a->shared_inbox = or_empty(actor->shared_inbox);
	a->outbox = or_empty(actor->outbox);
	a->followers = or_empty(actor->followers);
	a->following = or_empty(actor->following);
	a->display_name = remote_text(ctx, actor->name, NAME_CHARS, NAME_BYTES);
	a->note = remote_html(ctx, actor->summary);
	a->avatar = or_empty(actor->icon);
	a->header = or_empty(actor->image);
	a->moved_to = or_empty(actor->moved_to);
	a->avatar_description =
		remote_text(ctx, actor->icon_name, DESCRIPTION_CHARS, DESCRIPTION_CHARS * 4);
	a->header_description =
		remote_text(ctx, actor->image_name, DESCRIPTION_CHARS, DESCRIPTION_CHARS * 4);
	attribution_fill(ctx, actor, a);
	aliases_fill(ctx, actor, a);
	emojis_fill(ctx, actor->emojis, actor->emoji_count, &a->emojis, &a->emoji_count);
	searchable_fill(ctx, actor->searchable_by, actor->searchable_count, &a->searchable_by,
			&a->searchable_count);
	if (!str_eq(a->featured, actor->featured))
		a->featured_ms = 0;
	a->featured = or_empty(actor->featured);
	a->featured_tags = or_empty(actor->featured_tags);
	a->featured_collections = or_empty(actor->featured_collections);
	if (!str_eq(a->moderators, actor->moderators))
		a->featured_ms = 0;
	a->moderators = or_empty(actor->moderators);
	a->feature_said = actor->feature.said;
	a->feature_automatic = actor->feature.automatic;
	a->feature_manual = actor->feature.manual;
	a->field_count = 0;
	for (unsigned i = 0; i < actor->field_count && i < ACCOUNT_FIELDS_MAX; i++) {
		a->fields[a->field_count].name = remote_text(ctx, actor->fields[i].name, 255, 1000);
		a->fields[a->field_count++].value = remote_html(ctx, actor->fields[i].value);
	}
	identities_fill(ctx, actor, a);
	topics_fill(ctx, actor, a);
}

/* The compact stored form of a peer's key, in either spelling; absent when we cannot use it
 * (S-014). */
static struct str key_public(struct ctx *ctx, const struct ap_key *k)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct buf der = BUF_INIT(8192);
	struct key *key = NULL;
	enum rc rc = k->pem.ptr != NULL ? key_from_public_pem(&quiet, k->pem, &key)
					: key_from_multibase(&quiet, k->multibase, &key);
	if (rc != RC_OK)
		return STR_NONE;
	key_add_public(&der, key);
	key_unref(&key);
	return arena_take_buf(ctx->arena, &der);
}

/*
 * Whoever lists a key has to be whom the key's id leads to (S-005, S-013): else one could list a
 * neighbour's key id with a key of one's own, and have the neighbour's signatures fail.
 */
static bool key_is_of(struct social *s, const struct ap_actor *actor, struct str id,
		      struct str key_id, uint64_t account)
{
	struct peer_key row;
	return str_eq(str_take(id, str_index(id, '#')), actor->id) || str_eq(id, key_id) ||
	       (peer_key_get(s->txn, s->ctx->arena, id, &row) && row.account == account);
}

static void keys_put(struct social *s, const struct ap_actor *actor, struct str key_id,
		     uint64_t account)
{
	uint64_t now = db_txn_now(s->txn);
	for (unsigned i = 0; i < actor->key_count; i++) {
		const struct ap_key *key = &actor->keys[i];
		/* it is as if it were not listed any more: known_key_load() */
		bool ended = key->ends_ms != 0 && key->ends_ms <= now;
		if (!key_is_of(s, actor, key->id, key_id, account))
			continue;
		struct peer_key row = { .id = key->id,
					.account = account,
					.public_der = key_public(s->ctx, key),
					.fetched_ms = ended ? 0 : now,
					.assertion = key->assertion };
		if (row.public_der.ptr != NULL)
			peer_key_put(s->txn, &row);
	}
}

/*
 * A changed inbox moves a row of every audience that the account is part of, in this write. Who
 * follows thousands here has that done once an hour, not with every Update (S-060).
 */
static bool may_move(struct social *s, const struct account *before, const struct account *now)
{
	return str_eq(account_bulk_inbox(before), account_bulk_inbox(now)) ||
	       account_counts(s->txn, before->id).following <= FOLLOWING_MANY ||
	       before->fetched_ms + MS_PER_HOUR < db_txn_now(s->txn);
}

/* The first account of a host makes the host known, for the operator's list. */
static void host_met(struct social *s, struct str host)
{
	struct peer peer;
	if (!peer_get(s->txn, s->ctx->arena, host, &peer) && db_txn_rc(s->txn) == RC_OK)
		peer_put(s->txn, &peer);
}

/* Who is known by a partner's word alone has a handle until whoever has it says so. */
static bool gives_way(struct social *s, struct account *holder)
{
	if (!account_is_copied(holder))
		return false;
	holder->username =
		arena_printf(s->ctx->arena, COPIED_PREFIX "%llu", (unsigned long long)holder->id);
	return account_put(s->txn, s->ctx->arena, holder);
}

/* S-018: a handle is not changed by describing oneself so, and nobody else's is taken. */
static enum rc handle_take(struct social *s, const struct ap_actor *actor, struct str host,
			   bool fetched, struct account *a)
{
	struct account holder;
	a->username = actor->username;
	a->domain = host;
	if (account_find_handle(s->txn, s->ctx->arena, a->username, a->domain, &holder) &&
	    (a->id == 0 || holder.id != a->id) && !(fetched && gives_way(s, &holder)))
		return ctx_fail(s->ctx, RC_DENIED, "the handle belongs to another account");
	return RC_OK;
}

enum rc remote_account_copied(struct social *s, const struct ap_actor *actor, uint64_t *id)
{
	struct account a = { 0 };
	struct iri iri;
	if (iri_parse(s->ctx, actor->id, s->site->iri_flags, &iri) != RC_OK)
		return RC_INVALID;
	if (site_owns(s->site, &iri))
		return ctx_fail(s->ctx, RC_DENIED, "a peer cannot describe an account of ours");
	if (!uri_is_free(uri_find(s->txn, actor->id)))
		return RC_EXISTS;
	enum rc rc = handle_take(s, actor, iri.authority, false, &a);
	if (rc != RC_OK)
		return rc;
	account_fill(s->ctx, actor, &a);
	a.inbox = a.etag = STR("");
	a.created_ms = db_txn_now(s->txn);
	if (!account_add(s->txn, s->ctx->arena, &a))
		return db_txn_rc(s->txn) != RC_OK ? db_txn_rc(s->txn) : RC_CONFLICT;
	host_met(s, iri.authority);
	*id = a.id;
	return db_txn_rc(s->txn);
}

enum rc remote_account_put(struct social *s, const struct ap_actor *actor, struct str key_id,
			   struct str etag, uint64_t *id)
{
	struct account a = { 0 };
	struct iri iri;
	if (iri_parse(s->ctx, actor->id, s->site->iri_flags, &iri) != RC_OK)
		return RC_INVALID;
	if (site_owns(s->site, &iri))
		return ctx_fail(s->ctx, RC_DENIED, "a peer cannot describe an account of ours");
	enum rc rc = RC_OK;
	struct uri_entry entry = uri_find(s->txn, actor->id);
	bool known = account_find_uri(s->txn, s->ctx->arena, actor->id, &a);
	if (!known && !uri_is_free(entry))
		return ctx_fail(s->ctx, RC_GONE, "this id was something else, or is gone");
	const struct account before = a;
	account_fill(s->ctx, actor, &a);
	if (known && !may_move(s, &before, &a)) {
		a.inbox = before.inbox;
		a.shared_inbox = before.shared_inbox;
	}
	if ((!known || account_is_copied(&before)) &&
	    (rc = handle_take(s, actor, iri.authority, true, &a)) != RC_OK)
		return rc;
	a.fetched_ms = db_txn_now(s->txn);
	a.etag = etag.len <= ETAG_MAX ? or_empty(etag) : STR("");
	if (a.created_ms == 0)
		a.created_ms = actor->published_ms != 0 ? actor->published_ms : a.fetched_ms;
	if (known) {
		featured_consider(s, &a);
		links_consider(s, &before, &a);
	}
	if (!(known ? account_put(s->txn, s->ctx->arena, &a)
		    : account_add(s->txn, s->ctx->arena, &a)))
		return db_txn_rc(s->txn) != RC_OK ? db_txn_rc(s->txn) : RC_CONFLICT;
	if (!known)
		host_met(s, iri.authority);
	keys_put(s, actor, key_id, a.id);
	/* FEP-7628, pull: the document tells of a move that no activity told of */
	if (known && a.moved_to.len != 0 && !str_eq(a.moved_to, before.moved_to))
		(void)!move_consider(s, &a, a.moved_to);
	if (known)
		taken_consider(s, &a);
	*id = a.id;
	return db_txn_rc(s->txn);
}

/* --- statuses --- */

enum visibility remote_visibility(const struct ap_audience *audience, struct str followers)
{
	if (audience->letter)
		return VISIBILITY_DIRECT;
	if (audience->public_to)
		return VISIBILITY_PUBLIC;
	if (audience->public_cc)
		return VISIBILITY_UNLISTED;
	return followers.len != 0 && ap_audience_has(audience, followers) ? VISIBILITY_FOLLOWERS
									  : VISIBILITY_DIRECT;
}

/*
 * Everybody who is addressed counts as mentioned, so that may_see() knows them; those with a
 * Mention first (S-075: a post that comes by the shared inbox is seen by those it addresses and
 * nobody else).
 */
static enum rc mentions_make(struct ctx *ctx, const struct ap_object *o, struct status *out)
{
	unsigned max = o->mention_count + o->audience.count;
	if (max > STATUS_MENTIONS_MAX)
		max = STATUS_MENTIONS_MAX;
	out->mentions = ARENA_ARRAY(ctx->arena, max, struct status_mention);
	if (out->mentions == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < o->mention_count && out->mention_count < max; i++) {
		struct str name = o->mentions[i].name;
		if (name.len != 0 && name.ptr[0] == '@')
			name = str_skip(name, 1);
		out->mentions[out->mention_count++] =
			(struct status_mention){ .uri = o->mentions[i].id,
						 .handle = remote_text(ctx, name, 320, 1000) };
	}
	for (unsigned i = 0; i < o->audience.count && out->mention_count < max; i++) {
		bool there = false;
		for (unsigned k = 0; k < out->mention_count && !there; k++)
			there = str_eq(out->mentions[k].uri, o->audience.ids[i]);
		if (!there)
			out->mentions[out->mention_count++] =
				(struct status_mention){ .uri = o->audience.ids[i],
							 .handle = STR("") };
	}
	return RC_OK;
}

static enum rc lists_make(struct ctx *ctx, const struct ap_object *o, struct status *out)
{
	emojis_fill(ctx, o->emojis, o->emoji_count, &out->emojis, &out->emoji_count);
	searchable_fill(ctx, o->searchable_by, o->searchable_count, &out->searchable_by,
			&out->searchable_count);
	out->tags = ARENA_ARRAY(ctx->arena, o->hashtag_count, struct str);
	out->attachments = ARENA_ARRAY(ctx->arena, o->attachment_count, struct status_attachment);
	if (out->tags == NULL || out->attachments == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < o->hashtag_count && i < STATUS_TAGS_MAX; i++) {
		struct str tag = remote_text(ctx, o->hashtags[i], 100, 255);
		if (tag.len != 0)
			out->tags[out->tag_count++] = tag;
	}
	for (unsigned i = 0; i < o->attachment_count && i < STATUS_ATTACHMENTS_MAX; i++) {
		const struct ap_attachment *a = &o->attachments[i];
		out->attachments[out->attachment_count++] = (struct status_attachment){
			.url = a->url,
			.media_type = remote_text(ctx, a->media_type, 100, 100),
			.description = remote_text(ctx, a->description, ALT_CHARS, ALT_CHARS * 4),
			.blurhash = remote_text(ctx, a->blurhash, 200, 200),
			.width = a->width,
			.height = a->height,
		};
	}
	return mentions_make(ctx, o, out);
}

enum rc remote_status_make(struct ctx *ctx, struct fed *fed, const struct ap_object *o,
			   struct status *out)
{
	uint64_t now = clock_wall_ms(fed->clock);
	uint64_t edited = o->updated_ms > o->published_ms ? o->updated_ms : 0;
	*out = (struct status){
		.flags = o->sensitive ? STATUS_SENSITIVE : 0U,
		.created_ms = o->published_ms != 0 && o->published_ms < now ? o->published_ms : now,
		.edited_ms = edited < now ? edited : now,
		.uri = o->id,
		.url = or_empty(o->url),
		.type = o->type,
		.title = remote_text(ctx, o->name, REMOTE_TITLE_CHARS, REMOTE_TITLE_CHARS * 4),
		.content = remote_content(ctx, o),
		.spoiler = remote_warning(ctx, o),
		.language = text_language_valid(o->language) ? o->language : STR(""),
		.parent_uri = or_empty(o->in_reply_to),
		.context = or_empty(o->context),
		.replies = or_empty(o->replies),
		.source = STR(""),
	};
	out->poll = remote_poll_make(ctx, o->poll, now);
	out->has_poll = out->poll != NULL;
	if (!str_eq(o->type, STR("Note")) && !out->has_poll)
		out->flags |= STATUS_RAW_KEPT;
	if (lists_make(ctx, o, out) != RC_OK || remote_object_fill(ctx, o, out) != RC_OK ||
	    remote_links_add(ctx, fed, o, out) != RC_OK ||
	    remote_interactions_make(ctx, o, out) != RC_OK || arena_failed(ctx->arena))
		return ctx_fail(ctx, RC_NO_MEMORY, "the object is too large");
	return RC_OK;
}
