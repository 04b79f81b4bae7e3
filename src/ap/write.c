/* Encoding of what we send. Pure. */
#include "ap/write.h"

#include "ap/ap.h"
#include "ap/capability.h"

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

struct term {
	const char *name;
	const char *iri;
	const char *type; /* "@id", "@json", "@list" for the container, or NULL */
};

static const struct term object_terms[] = {
	{ "toot", "http://joinmastodon.org/ns#", NULL },
	{ "schema", "http://schema.org#", NULL },
	{ "Hashtag", "as:Hashtag", NULL },
	{ "sensitive", "as:sensitive", NULL },
	{ "blurhash", "toot:blurhash", NULL },
	{ "focalPoint", "toot:focalPoint", "@list" },
	/* FEP-044f, and the older forms of quotes */
	{ "quote", "https://w3id.org/fep/044f#quote", "@id" },
	{ "quoteAuthorization", "https://w3id.org/fep/044f#quoteAuthorization", "@id" },
	{ "QuoteRequest", "https://w3id.org/fep/044f#QuoteRequest", NULL },
	{ "QuoteAuthorization", "https://w3id.org/fep/044f#QuoteAuthorization", NULL },
	{ "quoteUrl", "as:quoteUrl", NULL },
	{ "quoteUri", "http://fedibird.com/ns#quoteUri", NULL },
	{ "_misskey_quote", "https://misskey-hub.net/ns#_misskey_quote", NULL },
	/* GoToSocial's interaction controls */
	{ "gts", "https://gotosocial.org/ns#", NULL },
	{ "interactionPolicy", "gts:interactionPolicy", "@id" },
	{ "canQuote", "gts:canQuote", "@id" },
	{ "canReply", "gts:canReply", "@id" },
	{ "canLike", "gts:canLike", "@id" },
	{ "canAnnounce", "gts:canAnnounce", "@id" },
	{ "automaticApproval", "gts:automaticApproval", "@id" },
	{ "manualApproval", "gts:manualApproval", "@id" },
	{ "interactingObject", "gts:interactingObject", "@id" },
	{ "interactionTarget", "gts:interactionTarget", "@id" },
	{ "replyAuthorization", "gts:replyAuthorization", "@id" },
	{ "announceAuthorization", "gts:announceAuthorization", "@id" },
	{ "LikeRequest", "gts:LikeRequest", NULL },
	{ "ReplyRequest", "gts:ReplyRequest", NULL },
	{ "AnnounceRequest", "gts:AnnounceRequest", NULL },
	{ "LikeAuthorization", "gts:LikeAuthorization", NULL },
	{ "ReplyAuthorization", "gts:ReplyAuthorization", NULL },
	{ "AnnounceAuthorization", "gts:AnnounceAuthorization", NULL },
	/* FEP-9098 */
	{ "Emoji", "toot:Emoji", NULL },
	{ "misskey", "https://misskey-hub.net/ns#", NULL },
	{ "_misskey_reaction", "misskey:_misskey_reaction", NULL },
	/* FEP-268d */
	{ "searchableBy", "http://fedibird.com/ns#searchableBy", "@id" },
	{ "votersCount", "toot:votersCount", NULL },
};

static const struct term actor_terms[] = {
	{ "toot", "http://joinmastodon.org/ns#", NULL },
	{ "schema", "http://schema.org#", NULL },
	{ "PropertyValue", "schema:PropertyValue", NULL },
	{ "value", "schema:value", NULL },
	{ "manuallyApprovesFollowers", "as:manuallyApprovesFollowers", NULL },
	{ "featured", "toot:featured", "@id" },
	{ "featuredTags", "toot:featuredTags", "@id" },
	{ "Emoji", "toot:Emoji", NULL },
	{ "discoverable", "toot:discoverable", NULL },
	{ "indexable", "toot:indexable", NULL },
	{ "suspended", "toot:suspended", NULL },
	/* FEP-7628; alsoKnownAs is a term of did/v1 */
	{ "movedTo", "as:movedTo", "@id" },
	/* FEP-2c59 */
	{ "webfinger", "https://purl.archive.org/socialweb/webfinger#webfinger", NULL },
	/* FEP-c390 */
	{ "VerifiableIdentityStatement", "https://w3id.org/fep/c390/VerifiableIdentityStatement",
	  NULL },
	/* FEP-844e */
	{ "implements", "https://w3id.org/fep/844e/implements", "@id" },
};

static void write_terms(struct jw *w, const struct term *terms, size_t count)
{
	jw_object(w);
	for (size_t i = 0; i < count; i++) {
		jw_name(w, terms[i].name);
		if (terms[i].type == NULL) {
			jw_str(w, str_of(terms[i].iri));
			continue;
		}
		jw_object(w);
		jw_member_str(w, "@id", str_of(terms[i].iri));
		bool list = strcmp(terms[i].type, "@list") == 0;
		jw_member_str(w, list ? "@container" : "@type", str_of(terms[i].type));
		jw_end(w);
	}
	jw_end(w);
}

/* more: a further context, or NULL. */
static void write_context(struct jw *w, enum ap_context context, const char *more)
{
	jw_name(w, "@context");
	if (context == AP_CONTEXT_PLAIN && more == NULL) {
		jw_str(w, STR("https://www.w3.org/ns/activitystreams"));
		return;
	}
	jw_array(w);
	jw_str(w, STR("https://www.w3.org/ns/activitystreams"));
	if (context == AP_CONTEXT_ACTOR) {
		jw_str(w, STR("https://w3id.org/security/v1"));
		jw_str(w, STR("https://w3id.org/security/multikey/v1"));
		jw_str(w, STR("https://www.w3.org/ns/did/v1"));
	}
	if (more != NULL)
		jw_str(w, str_of(more));
	if (context == AP_CONTEXT_ACTOR)
		write_terms(w, actor_terms, ARRAY_LEN(actor_terms));
	else if (context == AP_CONTEXT_OBJECT)
		write_terms(w, object_terms, ARRAY_LEN(object_terms));
	jw_end(w);
}

void ap_write_context(struct jw *w, enum ap_context context)
{
	write_context(w, context, NULL);
}

static void write_image(struct jw *w, const char *name, struct str url)
{
	if (url.len == 0)
		return;
	jw_name(w, name);
	jw_object(w);
	jw_member_str(w, "type", STR("Image"));
	jw_member_str(w, "url", url);
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

static void write_actor_emojis(struct jw *w, const struct ap_actor_view *a)
{
	if (a->emoji_count == 0)
		return;
	jw_name(w, "tag");
	jw_array(w);
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

void ap_write_actor(struct jw *w, const struct ap_actor_view *a, bool with_context)
{
	jw_object(w);
	if (with_context)
		write_context(w, AP_CONTEXT_ACTOR, a->identity_count != 0 ? PROOF_CONTEXT : NULL);
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
	jw_member_bool(w, "manuallyApprovesFollowers", a->locked);
	jw_member_bool(w, "discoverable", a->discoverable);
	jw_member_bool(w, "indexable", a->indexable);
	jw_member_opt(w, "movedTo", a->moved_to);
	if (a->alias_count != 0)
		add_iris(w, "alsoKnownAs", a->aliases, a->alias_count);
	if (a->suspended)
		jw_member_bool(w, "suspended", true);
	if (a->published_ms != 0)
		jw_member_date(w, "published", a->published_ms);
	if (a->updated_ms != 0)
		jw_member_date(w, "updated", a->updated_ms);
	write_image(w, "icon", a->icon);
	write_image(w, "image", a->image);
	write_fields(w, a);
	write_actor_emojis(w, a);
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

void ap_write_note(struct jw *w, const struct ap_note_view *n, bool with_context)
{
	jw_object(w);
	if (with_context)
		ap_write_context(w, AP_CONTEXT_OBJECT);
	jw_member_str(w, "id", n->id);
	jw_member_str(w, "type", n->type);
	jw_member_str(w, "attributedTo", n->attributed_to);
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

void ap_write_items(struct jw *w, struct str id, const char *type, uint64_t total,
		    enum ap_context context)
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
		   enum ap_context context)
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
