/* Decoding of actors and their keys. Pure. */
#include "ap/actor.h"

#include "ap/capability.h"
#include "ap/vocab.h"
#include "field_int.h"
#include "text/acct.h"

/* S-057: what is longer is cut; more does not fit into a profile. */
#define NAME_MAX_BYTES 2000
#define VALUE_MAX_BYTES 3000
#define TAGS_LOOKED_MAX 200

/* Controlled Identifiers section 2.2. An end that is no time has come already. */
static uint64_t key_end(struct jr object)
{
	static const char *const names[] = { "expires", "revoked" };
	uint64_t end = 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct jr field = jr_get(object, names[i]);
		uint64_t ms = ap_time(field);
		if (jr_type(field) == JR_ABSENT)
			continue;
		if (end == 0 || ms < end)
			end = ms != 0 ? ms : 1;
	}
	return end;
}

enum rc ap_key_decode(const struct ap_reader *reader, struct jr object, struct ap_key *out)
{
	*out = (struct ap_key){
		.id = ap_id(reader, jr_get(object, "id")),
		.owner = ap_id(reader, jr_get(object, "owner")),
		.pem = jr_str(jr_get(object, "publicKeyPem")),
		.multibase = jr_str(jr_get(object, "publicKeyMultibase")),
		.ends_ms = key_end(object),
	};
	if (out->owner.ptr == NULL)
		out->owner = ap_id(reader, jr_get(object, "controller"));
	if (out->id.ptr == NULL || out->owner.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "a key without id or owner");
	if (out->pem.ptr == NULL && out->multibase.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "a key document without a key");
	return RC_OK;
}

static bool key_listed(const struct ap_actor *actor, struct str id)
{
	for (unsigned i = 0; i < actor->key_count; i++) {
		if (str_eq(actor->keys[i].id, id))
			return true;
	}
	return false;
}

/* Only keys that name this actor as their owner, so that a key leads back to the actor that lists
 * it (S-013). One that stands in both lists is taken once, as it is said first. */
static void keys_decode(const struct ap_reader *reader, struct jr list, struct ap_actor *out)
{
	struct ctx quiet = { .arena = reader->ctx->arena };
	const struct ap_reader silent = { &quiet, reader->iri_flags };
	for (size_t i = 0; i < jr_one_count(list) && out->key_count < AP_ACTOR_KEYS_MAX; i++) {
		struct ap_key *key = &out->keys[out->key_count];
		if (ap_key_decode(&silent, jr_one_at(list, i), key) == RC_OK &&
		    str_eq(key->owner, out->id) && ap_same_origin(reader, key->id, out->id) &&
		    !key_listed(out, key->id))
			out->key_count++;
	}
}

/*
 * What an actor asserts by proofs is signed with these (FEP-521a); a key for requests alone proves
 * nothing. One may be named by its id, when it stands elsewhere in the document.
 */
static void assertions_mark(const struct ap_reader *reader, struct jr list, struct ap_actor *out)
{
	for (size_t i = 0; i < jr_one_count(list) && i < 2 * AP_ACTOR_KEYS_MAX; i++) {
		struct str id = ap_id(reader, jr_one_at(list, i));
		for (unsigned k = 0; k < out->key_count && id.ptr != NULL; k++)
			out->keys[k].assertion |= str_eq(out->keys[k].id, id);
	}
}

static void fields_decode(struct jr list, struct ap_actor *out)
{
	for (size_t i = 0; i < jr_one_count(list) && out->field_count < AP_ACTOR_FIELDS_MAX; i++) {
		struct jr one = jr_one_at(list, i);
		/* FEP-fb2a */
		if (!str_eq(jr_str(jr_one_at(jr_get(one, "type"), 0)), STR("PropertyValue")))
			continue;
		out->fields[out->field_count++] = (struct ap_field){
			.name = ap_cut(jr_str(jr_get(one, "name")), NAME_MAX_BYTES),
			.value = ap_cut(jr_str(jr_get(one, "value")), VALUE_MAX_BYTES),
		};
	}
}

/* FEP-c390. Each costs a verification, so no more are tried than are kept. */
static void identities_decode(const struct ap_reader *reader, struct jr list, struct ap_actor *out)
{
	unsigned tried = 0;
	for (size_t i = 0; i < jr_one_count(list) && tried < AP_IDENTITIES_MAX; i++) {
		struct ctx quiet = { .arena = reader->ctx->arena };
		const struct ap_reader silent = { &quiet, reader->iri_flags };
		struct jr one = jr_one_at(list, i);
		if (!str_eq(jr_str(jr_one_at(jr_get(one, "type"), 0)),
			    STR("VerifiableIdentityStatement")))
			continue;
		tried++;
		if (ap_identity_decode(&silent, one, out->id,
				       &out->identities[out->identity_count]) == RC_OK)
			out->identity_count++;
	}
}

static void aliases_decode(const struct ap_reader *reader, struct jr list, struct ap_actor *out)
{
	for (size_t i = 0; i < jr_one_count(list) && out->alias_count < AP_ACTOR_ALIASES_MAX; i++) {
		struct str alias = ap_id(reader, jr_one_at(list, i));
		if (alias.ptr != NULL)
			out->aliases[out->alias_count++] = alias;
	}
}

#define HOST_BYTES_MAX 253

/* toot:attributionDomains. What is no name of a host is left out. */
static void attribution_decode(struct jr list, struct ap_actor *out)
{
	for (size_t i = 0; i < jr_one_count(list); i++) {
		struct str host = str_trim(jr_str(jr_one_at(list, i)));
		if (out->attribution_count == AP_ACTOR_ATTRIBUTION_MAX)
			return;
		if (host.len != 0 && host.len <= HOST_BYTES_MAX && !str_contains(host, STR("/")))
			out->attribution[out->attribution_count++] = host;
	}
}

static bool is_group(struct jr object)
{
	return str_eq(ap_type_name(jr_get(object, "type")), STR("Group"));
}

/* ActivityStreams Vocabulary section 3 has `tag` of any object. A person's are those of its biography. */
static void hashtags_decode(struct jr object, struct ap_actor *out)
{
	struct jr tags = jr_get(object, "tag");
	const size_t many = is_group(object) ? jr_one_count(tags) : 0;
	for (size_t i = 0; i < many && i < TAGS_LOOKED_MAX; i++) {
		struct str name = ap_hashtag(jr_one_at(tags, i));
		if (out->hashtag_count == AP_ACTOR_TAGS_MAX)
			return;
		if (name.ptr != NULL)
			out->hashtags[out->hashtag_count++] = name;
	}
}

/* FEP-1b12; `moderators` is Lemmy's before 0.17. Who is named instead of a collection owns the group. */
static struct str moderators_decode(const struct ap_reader *reader, struct jr object)
{
	struct jr field = jr_get(object, "attributedTo");
	if (!is_group(object))
		return STR_NONE;
	return jr_type(field) == JR_STRING ? ap_id(reader, field)
					   : ap_id(reader, jr_get(object, "moderators"));
}

static enum rc actor_required(const struct ap_reader *reader, const struct ap_actor *a)
{
	if (a->id.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "an actor without an id");
	if (a->inbox.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "an actor without an inbox");
	if (!acct_user_valid(a->username))
		return ctx_fail(reader->ctx, RC_INVALID,
				"an actor without a usable preferredUsername");
	if (!ap_same_origin(reader, a->id, a->inbox))
		return ctx_fail(reader->ctx, RC_INVALID, "an actor whose inbox is on another host");
	return RC_OK;
}

enum rc ap_actor_decode(const struct ap_reader *reader, struct jr object, struct ap_actor *out)
{
	*out = (struct ap_actor){
		.id = ap_id(reader, jr_get(object, "id")),
		.type = ap_type_name(jr_get(object, "type")),
		.username = jr_str(jr_get(object, "preferredUsername")),
		.name = ap_cut(ap_text(object, "name", "nameMap", NULL), NAME_MAX_BYTES),
		.summary = ap_text(object, "summary", "summaryMap", NULL),
		.url = ap_page_url(reader, jr_get(object, "url")),
		.inbox = ap_id(reader, jr_get(object, "inbox")),
		.shared_inbox = ap_id(reader, jr_get(jr_get(object, "endpoints"), "sharedInbox")),
		.outbox = ap_id(reader, jr_get(object, "outbox")),
		.followers = ap_id(reader, jr_get(object, "followers")),
		.following = ap_id(reader, jr_get(object, "following")),
		.featured = ap_id(reader, jr_get(object, "featured")),
		.featured_tags = ap_id(reader, jr_get(object, "featuredTags")),
		.featured_collections = ap_id(reader, jr_get(object, "featuredCollections")),
		.moderators = moderators_decode(reader, object),
		.icon = ap_picture(reader, jr_get(object, "icon")),
		.image = ap_picture(reader, jr_get(object, "image")),
		.icon_name = ap_picture_name(jr_get(object, "icon")),
		.image_name = ap_picture_name(jr_get(object, "image")),
		.moved_to = ap_id(reader, jr_get(object, "movedTo")),
		.webfinger = jr_str(jr_get(object, "webfinger")),
		.capabilities = ap_capabilities_decode(reader, object),
		.locked = jr_bool(jr_get(object, "manuallyApprovesFollowers"), false),
		.discoverable = jr_bool(jr_get(object, "discoverable"), false),
		.indexable = jr_bool(jr_get(object, "indexable"), false),
		.memorial = jr_bool(jr_get(object, "memorial"), false),
		.no_media = !jr_bool(jr_get(object, "showMedia"), true),
		.no_media_replies = !jr_bool(jr_get(object, "showRepliesInMedia"), true),
		.no_featured = !jr_bool(jr_get(object, "showFeatured"), true),
		.published_ms = ap_time(jr_get(object, "published")),
	};
	if (ap_type_class(jr_get(object, "type")) != AP_CLASS_ACTOR)
		return ctx_fail(reader->ctx, RC_INVALID, "not an actor");
	enum rc rc = actor_required(reader, out);
	if (rc != RC_OK)
		return rc;
	/* a shared inbox elsewhere would send our people's posts to a third party */
	if (!ap_same_origin(reader, out->id, out->shared_inbox))
		out->shared_inbox = STR_NONE;
	struct str *const parts[] = { &out->outbox,	   &out->followers,
				      &out->following,	   &out->featured,
				      &out->featured_tags, &out->featured_collections,
				      &out->moderators };
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!ap_same_origin(reader, out->id, *parts[i]))
			*parts[i] = STR_NONE;
	}
	out->feature = ap_feature_policy_decode(reader, object, out->followers, out->following);
	keys_decode(reader, jr_get(object, "publicKey"), out);
	keys_decode(reader, jr_get(object, "assertionMethod"), out);
	assertions_mark(reader, jr_get(object, "assertionMethod"), out);
	fields_decode(jr_get(object, "attachment"), out);
	identities_decode(reader, jr_get(object, "attachment"), out);
	aliases_decode(reader, jr_get(object, "alsoKnownAs"), out);
	attribution_decode(jr_get(object, "attributionDomains"), out);
	out->emoji_count =
		ap_emojis_decode(reader, jr_get(object, "tag"), out->emojis, AP_EMOJIS_MAX);
	hashtags_decode(object, out);
	out->searchable_count = ap_searchable_by(reader, object, out->searchable_by);
	return ap_complete(reader);
}
