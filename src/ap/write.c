/* Encoding of what we send. Pure. */
#include "ap/write.h"

#include "ap/ap.h"
#include "ap/capability.h"
#include "write_int.h"

static void add_iris(struct jw *w, const char *name, const struct str *ids, unsigned count)
{
	jw_name(w, name);
	jw_array(w);
	for (unsigned i = 0; i < count; i++)
		jw_str(w, ids[i]);
	jw_end(w);
}

/* The first version is the one that all who know proofs have at hand. */
#define PROOF_CONTEXT "https://w3id.org/security/data-integrity/v1"

static void write_image(struct jw *w, const char *name, struct str url, struct str description)
{
	if (url.len == 0)
		return;
	jw_name(w, name);
	jw_object(w);
	jw_member_str(w, "type", STR("Image"));
	jw_member_str(w, "url", url);
	jw_member_opt(w, "name", description);
	jw_end(w);
}

/* What a profile shows besides posts (Mastodon 4.6), and which hosts may name it as an author. */
static void write_profile(struct jw *w, const struct ap_actor_view *a)
{
	jw_member_bool(w, "showMedia", a->show_media);
	jw_member_bool(w, "showRepliesInMedia", a->show_media_replies);
	jw_member_bool(w, "showFeatured", a->show_featured);
	if (a->memorial)
		jw_member_bool(w, "memorial", true);
	if (a->attribution_count == 0)
		return;
	jw_name(w, "attributionDomains");
	jw_array(w);
	for (unsigned i = 0; i < a->attribution_count; i++)
		jw_str(w, a->attribution[i]);
	jw_end(w);
}

static void write_rsa_key(struct jw *w, const struct ap_actor_view *a)
{
	for (unsigned i = 0; i < a->key_count; i++) {
		const struct ap_actor_key *k = &a->keys[i];
		if (k->ed25519)
			continue;
		jw_name(w, "publicKey");
		jw_object(w);
		jw_member_str(w, "id", k->id);
		jw_member_str(w, "owner", a->id);
		jw_member_str(w, "publicKeyPem", k->pem);
		jw_end(w);
		/* peers expect one object here; older keys are found in assertionMethod */
		return;
	}
}

/* FEP-521a */
static void write_multikeys(struct jw *w, const struct ap_actor_view *a)
{
	jw_name(w, "assertionMethod");
	jw_array(w);
	for (unsigned i = 0; i < a->key_count; i++) {
		if (a->keys[i].multibase.len == 0)
			continue;
		jw_object(w);
		jw_member_str(w, "id", a->keys[i].id);
		jw_member_str(w, "type", STR("Multikey"));
		jw_member_str(w, "controller", a->id);
		jw_member_str(w, "publicKeyMultibase", a->keys[i].multibase);
		jw_end(w);
	}
	jw_end(w);
}

static void write_fields(struct jw *w, const struct ap_actor_view *a)
{
	if (a->field_count == 0 && a->identity_count == 0)
		return;
	jw_name(w, "attachment");
	jw_array(w);
	for (unsigned i = 0; i < a->field_count; i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("PropertyValue"));
		jw_member_str(w, "name", a->fields[i].name);
		jw_member_str(w, "value", a->fields[i].value);
		jw_end(w);
	}
	for (unsigned i = 0; i < a->identity_count; i++)
		jw_raw(w, a->identities[i]);
	jw_end(w);
}

static void write_actor_tags(struct jw *w, const struct ap_actor_view *a)
{
	if (a->emoji_count == 0 && a->tag_count == 0)
		return;
	jw_name(w, "tag");
	jw_array(w);
	for (unsigned i = 0; i < a->tag_count; i++)
		ap_write_hashtag(w, &a->tags[i]);
	for (unsigned i = 0; i < a->emoji_count; i++)
		ap_write_emoji(w, &a->emojis[i], false);
	jw_end(w);
}

static void write_endpoints(struct jw *w, const struct ap_actor_view *a)
{
	if (a->shared_inbox.len == 0)
		return;
	jw_name(w, "endpoints");
	jw_object(w);
	jw_member_str(w, "sharedInbox", a->shared_inbox);
	jw_end(w);
}

unsigned ap_actor_context(const struct ap_actor_view *a)
{
	unsigned context = AP_CONTEXT_ACTOR;
	if (a->moderators.len != 0)
		context |= AP_CONTEXT_GROUP;
	if (a->tag_count != 0)
		context |= AP_CONTEXT_POST; /* Hashtag is among these */
	return context;
}

/* FEP-1b12, and what Lemmy has beside it. */
static void write_community(struct jw *w, const struct ap_actor_view *a)
{
	if (a->moderators.len == 0)
		return;
	jw_member_str(w, "attributedTo", a->moderators);
	jw_member_bool(w, "postingRestrictedToMods", a->posting_restricted);
	if (a->partner_count != 0)
		add_iris(w, "partners", a->partners, a->partner_count);
	/* ActivityPub section 3.3 */
	if (a->source.len != 0) {
		jw_name(w, "source");
		jw_object(w);
		jw_member_str(w, "content", a->source);
		jw_member_str(w, "mediaType", STR("text/plain"));
		jw_end(w);
	}
	jw_name(w, "language");
	jw_array(w);
	for (unsigned i = 0; i < a->language_count; i++) {
		jw_object(w);
		jw_member_str(w, "identifier", a->languages[i]);
		jw_member_str(w, "name", a->languages[i]);
		jw_end(w);
	}
	jw_end(w);
}

void ap_write_actor(struct jw *w, const struct ap_actor_view *a, bool with_context)
{
	jw_object(w);
	if (with_context)
		write_context(w, ap_actor_context(a),
			      a->identity_count != 0 ? PROOF_CONTEXT : NULL);
	jw_member_str(w, "id", a->id);
	jw_member_str(w, "type", a->type);
	jw_member_str(w, "preferredUsername", a->username);
	jw_member_str(w, "name", a->name);
	jw_member_str(w, "summary", a->summary);
	jw_member_opt(w, "url", a->url);
	jw_member_opt(w, "webfinger", a->webfinger);
	jw_member_str(w, "inbox", a->inbox);
	jw_member_opt(w, "outbox", a->outbox);
	jw_member_opt(w, "followers", a->followers);
	jw_member_opt(w, "following", a->following);
	jw_member_opt(w, "featured", a->featured);
	jw_member_opt(w, "featuredTags", a->featured_tags);
	write_community(w, a);
	jw_member_bool(w, "manuallyApprovesFollowers", a->locked);
	jw_member_bool(w, "discoverable", a->discoverable);
	jw_member_bool(w, "indexable", a->indexable);
	if (a->featured_collections.len != 0) {
		jw_member_str(w, "featuredCollections", a->featured_collections);
		ap_write_feature_policy(w, &a->feature, a->id, a->followers, a->following);
		write_profile(w, a);
	}
	if (a->streams.len != 0)
		add_iris(w, "streams", &a->streams, 1);
	jw_member_opt(w, "movedTo", a->moved_to);
	if (a->alias_count != 0)
		add_iris(w, "alsoKnownAs", a->aliases, a->alias_count);
	if (a->suspended)
		jw_member_bool(w, "suspended", true);
	if (a->published_ms != 0)
		jw_member_date(w, "published", a->published_ms);
	if (a->updated_ms != 0)
		jw_member_date(w, "updated", a->updated_ms);
	write_image(w, "icon", a->icon, a->icon_name);
	write_image(w, "image", a->image, a->image_name);
	write_fields(w, a);
	write_actor_tags(w, a);
	write_endpoints(w, a);
	ap_capabilities_write(w, a->id, a->server);
	write_rsa_key(w, a);
	write_multikeys(w, a);
	jw_end(w);
}

static void write_tags(struct jw *w, const struct ap_note_view *n)
{
	jw_name(w, "tag");
	jw_array(w);
	for (unsigned i = 0; i < n->mention_count; i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("Mention"));
		jw_member_str(w, "href", n->mentions[i].id);
		jw_member_str(w, "name", n->mentions[i].name);
		jw_end(w);
	}
	for (unsigned i = 0; i < n->tag_count; i++)
		ap_write_hashtag(w, &n->tags[i]);
	for (unsigned i = 0; i < n->emoji_count; i++)
		ap_write_emoji(w, &n->emojis[i], false);
	ap_write_quote_tag(w, n->interactions.quote);
	jw_end(w);
}

static void write_focus(struct jw *w, const struct ap_write_attachment *a)
{
	if (!a->has_focus)
		return;
	jw_name(w, "focalPoint");
	jw_array(w);
	jw_double(w, a->focus_x / 1000.0);
	jw_double(w, a->focus_y / 1000.0);
	jw_end(w);
}

static void write_attachments(struct jw *w, const struct ap_note_view *n)
{
	if (n->attachment_count == 0)
		return;
	jw_name(w, "attachment");
	jw_array(w);
	for (unsigned i = 0; i < n->attachment_count; i++) {
		const struct ap_write_attachment *a = &n->attachments[i];
		jw_object(w);
		jw_member_str(w, "type", STR("Document"));
		jw_member_opt(w, "mediaType", a->media_type);
		jw_member_str(w, "url", a->url);
		jw_member_opt(w, "name", a->description);
		jw_member_opt(w, "blurhash", a->blurhash);
		if (a->width != 0 && a->height != 0) {
			jw_member_u64(w, "width", a->width);
			jw_member_u64(w, "height", a->height);
		}
		write_focus(w, a);
		jw_end(w);
	}
	jw_end(w);
}

static void write_language(struct jw *w, const struct ap_note_view *n)
{
	if (n->language.len == 0)
		return;
	jw_name(w, "contentMap");
	jw_object(w);
	jw_name_str(w, n->language);
	jw_str(w, n->content);
	jw_end(w);
}

/* FEP-b2b8: a note in place of an article. It has no id of its own and so is never a post. */
static void write_preview(struct jw *w, const struct ap_note_view *n)
{
	if (n->preview.len == 0)
		return;
	jw_name(w, "preview");
	jw_object(w);
	jw_member_str(w, "type", STR("Note"));
	jw_member_str(w, "attributedTo", n->attributed_to);
	jw_member_str(w, "content", n->preview);
	jw_member_date(w, "published", n->published_ms);
	jw_end(w);
}

/* A collection of which only the number is told where it stands; its members are at its own
 * address. */
static void write_total(struct jw *w, const char *name, struct str id, uint64_t total)
{
	if (id.len == 0)
		return;
	jw_name(w, name);
	jw_object(w);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", STR("Collection"));
	jw_member_u64(w, "totalItems", total);
	jw_end(w);
}

unsigned ap_note_context(const struct ap_note_view *n)
{
	const struct ap_note_interactions *i = &n->interactions;
	unsigned context = AP_CONTEXT_POST;
	if (n->attachment_count != 0)
		context |= AP_CONTEXT_MEDIA;
	if (n->emoji_count != 0)
		context |= AP_CONTEXT_EMOJI;
	if (n->searchable_count != 0)
		context |= AP_CONTEXT_SEARCH;
	if (n->poll != NULL)
		context |= AP_CONTEXT_POLL;
	if (n->event != NULL)
		context |= AP_CONTEXT_EVENT;
	if (i->quote.len != 0 || i->quote_authorization.len != 0)
		context |= AP_CONTEXT_QUOTE;
	if (i->reply_authorization.len != 0)
		context |= AP_CONTEXT_CONSENT;
	if (i->policy_count != 0)
		context |= AP_CONTEXT_POLICY;
	return context;
}

static void write_author(struct jw *w, const struct ap_note_view *n)
{
	if (n->author == NULL) {
		jw_member_str(w, "attributedTo", n->attributed_to);
		return;
	}
	jw_name(w, "attributedTo");
	jw_object(w);
	jw_member_str(w, "id", n->attributed_to);
	jw_member_str(w, "type", n->author->type);
	jw_member_str(w, "preferredUsername", n->author->username);
	jw_member_opt(w, "name", n->author->name);
	jw_member_opt(w, "url", n->author->url);
	jw_end(w);
}

void ap_write_note(struct jw *w, const struct ap_note_view *n, bool with_context)
{
	jw_object(w);
	if (with_context)
		ap_write_context(w, ap_note_context(n));
	jw_member_str(w, "id", n->id);
	jw_member_str(w, "type", n->type);
	write_author(w, n);
	jw_member_opt(w, "name", n->name);
	jw_member_opt(w, "summary", n->summary);
	jw_member_bool(w, "sensitive", n->sensitive);
	jw_member_opt(w, "inReplyTo", n->in_reply_to);
	jw_member_opt(w, "context", n->context);
	jw_member_date(w, "published", n->published_ms);
	if (n->updated_ms != 0)
		jw_member_date(w, "updated", n->updated_ms);
	jw_member_opt(w, "url", n->url);
	add_iris(w, "to", n->to, n->to_count);
	add_iris(w, "cc", n->cc, n->cc_count);
	jw_member_opt(w, "audience", n->audience);
	if (n->searchable_count != 0)
		add_iris(w, "searchableBy", n->searchable_by, n->searchable_count);
	jw_member_str(w, "content", n->content);
	write_language(w, n);
	write_preview(w, n);
	write_tags(w, n);
	write_attachments(w, n);
	ap_write_note_interactions(w, &n->interactions);
	if (n->poll != NULL)
		ap_write_poll(w, n->poll);
	if (n->event != NULL)
		ap_write_event(w, n->event, n->attributed_to);
	write_total(w, "replies", n->replies, n->reply_total);
	write_total(w, "likes", n->likes, n->like_total);
	write_total(w, "shares", n->shares, n->share_total);
	jw_end(w);
}

void ap_write_tombstone(struct jw *w, struct str id, struct str former_type, uint64_t deleted_ms,
			bool with_context)
{
	jw_object(w);
	if (with_context)
		ap_write_context(w, AP_CONTEXT_PLAIN);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", STR("Tombstone"));
	jw_member_opt(w, "formerType", former_type);
	if (deleted_ms != 0)
		jw_member_date(w, "deleted", deleted_ms);
	jw_end(w);
}

void ap_write_activity(struct jw *w, const struct ap_activity_view *a)
{
	jw_object(w);
	/* the terms of the proof that is added before it is sent (FEP-8b32) */
	if (!a->inner)
		write_context(w, a->context, PROOF_CONTEXT);
	jw_member_opt(w, "id", a->id);
	jw_member_str(w, "type", a->type);
	jw_member_str(w, "actor", a->actor);
	if (a->published_ms != 0)
		jw_member_date(w, "published", a->published_ms);
	if (a->to_count != 0)
		add_iris(w, "to", a->to, a->to_count);
	if (a->cc_count != 0)
		add_iris(w, "cc", a->cc, a->cc_count);
	jw_member_opt(w, "audience", a->audience);
}

void ap_write_collection(struct jw *w, struct str id, uint64_t total, struct str first)
{
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_PLAIN);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", STR("OrderedCollection"));
	jw_member_u64(w, "totalItems", total);
	jw_member_opt(w, "first", first);
	jw_end(w);
}

void ap_write_items(struct jw *w, struct str id, const char *type, uint64_t total, unsigned context)
{
	jw_object(w);
	ap_write_context(w, context);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", str_of(type));
	jw_member_u64(w, "totalItems", total);
	jw_name(w, str_has_prefix(str_of(type), STR("Ordered")) ? "orderedItems" : "items");
	jw_array(w);
}

void ap_write_page(struct jw *w, struct str id, struct str part_of, struct str next, uint64_t total,
		   unsigned context)
{
	jw_object(w);
	ap_write_context(w, context);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", STR("OrderedCollectionPage"));
	jw_member_str(w, "partOf", part_of);
	jw_member_u64(w, "totalItems", total);
	jw_member_opt(w, "next", next);
	jw_name(w, "orderedItems");
	jw_array(w);
}

void ap_write_page_end(struct jw *w)
{
	jw_end(w);
	jw_end(w);
}
