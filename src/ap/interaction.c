/* Policies, authorizations and quotes as they are read and written. Pure. */
#include "ap/interaction.h"

#include <stdio.h>

#include "ap/write.h"
#include "core/must.h"
#include "field_int.h"

#define TAGS_SEEN 200

struct kind_row {
	const char *word;
	const char *policy;	   /* the sub-policy */
	const char *authorization; /* the property that names a proof */
};

static const struct kind_row kinds[AP_INTERACTION_COUNT] = {
	[AP_INTERACTION_QUOTE] = { "Quote", "canQuote", "quoteAuthorization" },
	[AP_INTERACTION_REPLY] = { "Reply", "canReply", "replyAuthorization" },
	[AP_INTERACTION_LIKE] = { "Like", "canLike", "likeAuthorization" },
	[AP_INTERACTION_ANNOUNCE] = { "Announce", "canAnnounce", "announceAuthorization" },
};

const char *ap_interaction_word(enum ap_interaction kind)
{
	must(kind > AP_INTERACTION_NONE && kind < AP_INTERACTION_COUNT);
	return kinds[kind].word;
}

static enum ap_interaction kind_of(struct str name, struct str ending)
{
	for (unsigned k = AP_INTERACTION_NONE + 1; k < AP_INTERACTION_COUNT; k++) {
		struct str word = str_of(kinds[k].word);
		if (str_has_prefix(name, word) && str_eq(str_skip(name, word.len), ending))
			return (enum ap_interaction)k;
	}
	return AP_INTERACTION_NONE;
}

static enum ap_interaction kind_of_type(struct jr type, struct str ending)
{
	for (size_t i = 0; i < jr_one_count(type); i++) {
		enum ap_interaction kind = kind_of(jr_str(jr_one_at(type, i)), ending);
		if (kind != AP_INTERACTION_NONE)
			return kind;
	}
	return AP_INTERACTION_NONE;
}

enum ap_interaction ap_interaction_request(struct jr type)
{
	return kind_of_type(type, STR("Request"));
}

static enum ap_interaction kind_of_authorization(struct jr type)
{
	enum ap_interaction kind = kind_of_type(type, STR("Authorization"));
	/* GoToSocial before 0.20 called it so */
	return kind != AP_INTERACTION_NONE ? kind : kind_of_type(type, STR("Approval"));
}

/* --- policies --- */

static void entries_decode(const struct ap_reader *reader, struct jr list, enum ap_interaction kind,
			   bool manual, struct ap_policy *out)
{
	for (size_t i = 0; i < jr_one_count(list) && out->count < AP_POLICY_MAX; i++) {
		struct str id = ap_id(reader, jr_one_at(list, i));
		if (id.ptr != NULL)
			out->entries[out->count++] = (struct ap_policy_entry){ kind, manual, id };
	}
}

/* The older names of GoToSocial before 0.21 count where the newer ones are not there. */
static void sub_policy_decode(const struct ap_reader *reader, struct jr sub,
			      enum ap_interaction kind, struct ap_policy *out)
{
	struct jr automatic = jr_get(sub, "automaticApproval");
	struct jr manual = jr_get(sub, "manualApproval");
	if (jr_type(automatic) == JR_ABSENT && jr_type(manual) == JR_ABSENT) {
		automatic = jr_get(sub, "always");
		manual = jr_get(sub, "approvalRequired");
	}
	/* one that says nothing is one that is not there: null, {} and, in JSON-LD, empty arrays */
	if (jr_one_count(automatic) == 0 && jr_one_count(manual) == 0)
		return;
	out->given |= 1U << kind;
	entries_decode(reader, automatic, kind, false, out);
	entries_decode(reader, manual, kind, true, out);
}

void ap_policy_decode(const struct ap_reader *reader, struct jr object, struct ap_policy *out)
{
	struct jr policy = jr_get(object, "interactionPolicy");
	*out = (struct ap_policy){ 0 };
	for (unsigned k = AP_INTERACTION_NONE + 1; k < AP_INTERACTION_COUNT; k++)
		sub_policy_decode(reader, jr_get(policy, kinds[k].policy), (enum ap_interaction)k,
				  out);
}

/* --- quotes --- */

/* FEP-e232: the media type of an ActivityPub object, or the relation that Misskey gave the name. */
static bool is_quote_link(struct jr tag)
{
	struct str rel = jr_str(jr_one_at(jr_get(tag, "rel"), 0));
	if (!str_eq(jr_str(jr_one_at(jr_get(tag, "type"), 0)), STR("Link")))
		return false;
	/* the FEP's draft has it with a slash, its users without */
	if (str_eq(rel, STR("https://misskey-hub.net/ns#_misskey_quote")) ||
	    str_eq(rel, STR("https://misskey-hub.net/ns/#_misskey_quote")))
		return true;
	return rel.ptr == NULL && ap_media_type(jr_str(jr_get(tag, "mediaType"))) &&
	       str_has_prefix(jr_str(jr_get(tag, "name")), STR("RE:"));
}

struct str ap_quote_decode(const struct ap_reader *reader, struct jr object)
{
	static const char *const names[] = { "quote", "quoteUrl", "quoteUri", "quoteURL",
					     "_misskey_quote" };
	struct jr tags = jr_get(object, "tag");
	struct str id;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		id = ap_id(reader, jr_get(object, names[i]));
		if (id.ptr != NULL && !str_eq(id, STR(AP_PUBLIC)))
			return id;
	}
	for (size_t i = 0; i < jr_one_count(tags) && i < TAGS_SEEN; i++) {
		struct jr tag = jr_one_at(tags, i);
		id = is_quote_link(tag) ? ap_id(reader, jr_get(tag, "href")) : STR_NONE;
		if (id.ptr != NULL && !str_eq(id, STR(AP_PUBLIC)))
			return id;
	}
	return STR_NONE;
}

struct str ap_authorization_of(const struct ap_reader *reader, struct jr object,
			       enum ap_interaction kind)
{
	struct str id = ap_id(reader, jr_get(object, kinds[kind].authorization));
	/* GoToSocial before 0.20 had one name for all of its kinds */
	if (id.ptr == NULL && kind != AP_INTERACTION_QUOTE)
		id = ap_id(reader, jr_get(object, "approvedBy"));
	return id;
}

/* --- authorizations --- */

enum rc ap_authorization_decode(const struct ap_reader *reader, struct jr document,
				struct ap_authorization *out)
{
	*out = (struct ap_authorization){
		.kind = kind_of_authorization(jr_get(document, "type")),
		.id = ap_id(reader, jr_get(document, "id")),
		.attributed_to = ap_id(reader, jr_get(document, "attributedTo")),
		.object = ap_id(reader, jr_get(document, "interactingObject")),
		.target = ap_id(reader, jr_get(document, "interactionTarget")),
	};
	/* one document authorises one thing: of several nobody knows which was looked at */
	bool single = jr_one_count(jr_get(document, "attributedTo")) == 1 &&
		      jr_one_count(jr_get(document, "interactingObject")) == 1 &&
		      jr_one_count(jr_get(document, "interactionTarget")) == 1;
	if (out->kind == AP_INTERACTION_NONE)
		return ctx_fail(reader->ctx, RC_INVALID, "not an authorization");
	if (!single || out->id.ptr == NULL || out->attributed_to.ptr == NULL ||
	    out->object.ptr == NULL || out->target.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID,
				"an authorization that does not say who, what and of what");
	return ap_complete(reader);
}

/* FEP-044f: what is authorised and what it is done with are never embedded. */
void ap_write_authorization(struct jw *w, const struct ap_authorization *a)
{
	char type[64];
	snprintf(type, sizeof(type), "%sAuthorization", kinds[a->kind].word);
	jw_object(w);
	ap_write_context(w, AP_CONTEXT_CONSENT);
	jw_member_str(w, "id", a->id);
	jw_member_str(w, "type", str_of(type));
	jw_member_str(w, "attributedTo", a->attributed_to);
	jw_member_str(w, "interactingObject", a->object);
	jw_member_str(w, "interactionTarget", a->target);
	jw_end(w);
}

/* --- posts --- */

static void write_entries(struct jw *w, const char *name, const struct ap_note_interactions *n,
			  enum ap_interaction kind, bool manual)
{
	bool open = false;
	for (unsigned i = 0; i < n->policy_count; i++) {
		if (n->policy[i].kind != kind || n->policy[i].manual != manual)
			continue;
		if (!open) {
			jw_name(w, name);
			jw_array(w);
		}
		open = true;
		jw_str(w, n->policy[i].id);
	}
	if (open)
		jw_end(w);
}

static bool is_told(const struct ap_note_interactions *n, enum ap_interaction kind)
{
	for (unsigned i = 0; i < n->policy_count; i++) {
		if (n->policy[i].kind == kind)
			return true;
	}
	return false;
}

static void write_policy(struct jw *w, const struct ap_note_interactions *n)
{
	jw_name(w, "interactionPolicy");
	jw_object(w);
	for (unsigned k = AP_INTERACTION_NONE + 1; k < AP_INTERACTION_COUNT; k++) {
		if (!is_told(n, (enum ap_interaction)k))
			continue;
		jw_name(w, kinds[k].policy);
		jw_object(w);
		write_entries(w, "automaticApproval", n, (enum ap_interaction)k, false);
		write_entries(w, "manualApproval", n, (enum ap_interaction)k, true);
		jw_end(w);
	}
	jw_end(w);
}

void ap_write_note_interactions(struct jw *w, const struct ap_note_interactions *n)
{
	if (n->quote.len != 0) {
		jw_member_str(w, "quote", n->quote);
		/* FEP-044f, "Compatibility with other quote implementations" */
		jw_member_str(w, "quoteUrl", n->quote);
		jw_member_str(w, "quoteUri", n->quote);
		jw_member_str(w, "_misskey_quote", n->quote);
	}
	jw_member_opt(w, "quoteAuthorization", n->quote_authorization);
	jw_member_opt(w, "replyAuthorization", n->reply_authorization);
	if (n->policy_count != 0)
		write_policy(w, n);
}

void ap_write_quote_tag(struct jw *w, struct str quote)
{
	if (quote.len == 0)
		return;
	jw_object(w);
	jw_member_str(w, "type", STR("Link"));
	jw_member_str(w, "mediaType",
		      STR("application/ld+json; "
			  "profile=\"https://www.w3.org/ns/activitystreams\""));
	jw_member_str(w, "rel", STR("https://misskey-hub.net/ns#_misskey_quote"));
	jw_member_str(w, "href", quote);
	jw_end(w);
}
