/*
 * Decoding of what peers send, under any bytes: whatever comes out keeps the promises of the headers, and the same bytes come out the
 * same twice.
 */
#include <stddef.h>
#include <stdint.h>

#include "ap/activity.h"
#include "ap/actor.h"
#include "ap/object.h"
#include "core/must.h"
#include "text/emoji.h"

#define ARENA_MAX ((size_t)32 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An id that was handed out is canonical: reading it again changes nothing. */
static void must_be_id(const struct ap_reader *reader, struct str id)
{
	struct ctx quiet = { .arena = reader->ctx->arena };
	struct iri iri;
	must(id.ptr != NULL);
	enum rc rc = iri_parse(&quiet, id, reader->iri_flags, &iri);
	must(rc == RC_NO_MEMORY || (rc == RC_OK && str_eq(iri.text, id)));
}

static void try_object(const struct ap_reader *reader, struct jr v)
{
	struct ap_object *o;
	if (ap_object_decode(reader, v, &o) != RC_OK)
		return;
	must_be_id(reader, o->id);
	must_be_id(reader, o->attributed_to);
	must(ap_same_origin(reader, o->id, o->attributed_to));
	must(o->audience.count <= AP_RECIPIENTS_MAX && o->mention_count <= AP_TAGS_MAX);
	must(o->hashtag_count <= AP_TAGS_MAX && o->attachment_count <= AP_ATTACHMENTS_MAX);
	must(!(o->audience.public_to && o->audience.public_cc));
	must(o->context.ptr == NULL || o->context.len != 0);
	must(o->replies.ptr == NULL || ap_same_origin(reader, o->replies, o->id));
	for (unsigned i = 0; i < o->audience.count; i++)
		must_be_id(reader, o->audience.ids[i]);
	for (unsigned i = 0; i < o->mention_count; i++)
		must_be_id(reader, o->mentions[i].id);
	for (unsigned i = 0; i < o->attachment_count; i++)
		must_be_id(reader, o->attachments[i].url);
	must(o->poll == NULL ||
	     (o->poll->option_count != 0 && o->poll->option_count <= AP_POLL_OPTIONS_MAX));
}

static void try_vote(const struct ap_reader *reader, struct jr v)
{
	struct ap_vote vote;
	if (!ap_vote_decode(reader, v, &vote))
		return;
	must_be_id(reader, vote.poll);
	must(vote.name.len != 0 && ap_is_vote(v));
}

static void try_emojis(const struct ap_reader *reader, struct jr v)
{
	struct ap_emoji list[AP_EMOJIS_MAX];
	struct ap_reaction r;
	unsigned n = ap_emojis_decode(reader, jr_get(v, "tag"), list, AP_EMOJIS_MAX);
	for (unsigned i = 0; i < n; i++) {
		must(emoji_shortcode_valid(list[i].shortcode));
		must_be_id(reader, list[i].url);
	}
	if (ap_reaction_decode(reader, v, &r) == RC_OK)
		must(emoji_shortcode_of(r.text).ptr != NULL ? r.emoji.url.ptr != NULL
							    : r.text.len <= 2 * EMOJI_BYTES_MAX);
}

static void try_actor(const struct ap_reader *reader, struct jr v)
{
	struct ap_actor a;
	if (ap_actor_decode(reader, v, &a) != RC_OK)
		return;
	must_be_id(reader, a.id);
	must(ap_same_origin(reader, a.id, a.inbox));
	must(a.shared_inbox.ptr == NULL || ap_same_origin(reader, a.id, a.shared_inbox));
	must(a.key_count <= AP_ACTOR_KEYS_MAX && a.field_count <= AP_ACTOR_FIELDS_MAX);
	for (unsigned i = 0; i < a.key_count; i++) {
		must_be_id(reader, a.keys[i].id);
		must(str_eq(a.keys[i].owner, a.id));
	}
}

static void try_collection(const struct ap_reader *reader, struct jr v)
{
	struct ap_collection *c;
	must(ap_total(v) <= AP_TOTAL_MAX || ap_total(v) == AP_TOTAL_NONE);
	if (ap_collection_decode(reader, v, &c) != RC_OK)
		return;
	must_be_id(reader, c->id);
	must(c->item_count <= AP_ITEMS_MAX);
	must(c->next.ptr == NULL || ap_same_origin(reader, c->next, c->id));
	for (unsigned i = 0; i < c->item_count; i++)
		must_be_id(reader, c->items[i]);
}

static void try_activity(const struct ap_reader *reader, struct jr v)
{
	struct ap_activity a;
	if (ap_activity_decode(reader, v, &a) != RC_OK)
		return;
	must_be_id(reader, a.actor);
	must(a.id.ptr == NULL || ap_same_origin(reader, a.id, a.actor));
	must(a.type == AP_OTHER || jr_one_count(a.object) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ctx ctx = { .arena = arena_new(ARENA_MAX) };
	const struct ap_reader reader = { &ctx, IRI_STRICT };
	struct jr_doc *doc;
	must(ctx.arena != NULL);
	ap_media_type(str_n(data, size));
	if (jr_parse(&ctx, str_n(data, size), &jr_limits_peer, &doc) == RC_OK) {
		struct jr root = jr_root(doc), inner = jr_one_at(jr_get(root, "object"), 0);
		try_activity(&reader, root);
		try_object(&reader, root);
		try_object(&reader, inner);
		try_collection(&reader, root);
		try_collection(&reader, jr_get(root, "replies"));
		try_emojis(&reader, root);
		try_emojis(&reader, inner);
		try_vote(&reader, inner);
		try_actor(&reader, root);
		try_actor(&reader, inner);
		jr_free(&doc);
	}
	arena_free(&ctx.arena);
	return 0;
}
