/* The terms of the documents that we send, and the contexts that name them. Pure. */
#include "write_int.h"

struct term {
	unsigned of; /* the contexts that it is for */
	const char *name;
	const char *iri;
	const char *type; /* "@id", "@json", "@list" for the container, or NULL */
};

#define POST AP_CONTEXT_POST
#define MEDIA AP_CONTEXT_MEDIA
#define QUOTE AP_CONTEXT_QUOTE
#define POLICY AP_CONTEXT_POLICY
#define CONSENT AP_CONTEXT_CONSENT
#define EMOJI AP_CONTEXT_EMOJI
#define REACTION AP_CONTEXT_REACTION
#define SEARCH AP_CONTEXT_SEARCH
#define POLL AP_CONTEXT_POLL
#define ACTOR AP_CONTEXT_ACTOR
#define FEATURE AP_CONTEXT_FEATURE
#define GROUP AP_CONTEXT_GROUP
#define EVENT AP_CONTEXT_EVENT
#define JOINT AP_CONTEXT_JOINT
#define LEDGER AP_CONTEXT_LEDGER

/* clang-format off */
static const struct term terms[] = {
	{ MEDIA | EMOJI | POLL | ACTOR | FEATURE, "toot", "http://joinmastodon.org/ns#", NULL },
	{ ACTOR, "schema", "http://schema.org#", NULL },
	{ ACTOR, "PropertyValue", "schema:PropertyValue", NULL },
	{ ACTOR, "value", "schema:value", NULL },
	{ ACTOR, "manuallyApprovesFollowers", "as:manuallyApprovesFollowers", NULL },
	{ ACTOR, "featured", "toot:featured", "@id" },
	{ ACTOR, "featuredTags", "toot:featuredTags", "@id" },
	/* FEP-9098 */
	{ EMOJI | ACTOR, "Emoji", "toot:Emoji", NULL },
	{ ACTOR | FEATURE, "discoverable", "toot:discoverable", NULL },
	{ ACTOR, "indexable", "toot:indexable", NULL },
	{ ACTOR, "memorial", "toot:memorial", NULL },
	{ ACTOR, "attributionDomains", "toot:attributionDomains", "@set" },
	{ ACTOR, "showFeatured", "toot:showFeatured", NULL },
	{ ACTOR, "showMedia", "toot:showMedia", NULL },
	{ ACTOR, "showRepliesInMedia", "toot:showRepliesInMedia", NULL },
	{ ACTOR, "suspended", "toot:suspended", NULL },
	/* FEP-7628; alsoKnownAs is a term of did/v1 */
	{ ACTOR, "movedTo", "as:movedTo", "@id" },
	/* FEP-2c59 */
	{ ACTOR, "webfinger", "https://purl.archive.org/socialweb/webfinger#webfinger", NULL },
	/* FEP-c390 */
	{ ACTOR, "VerifiableIdentityStatement", "https://w3id.org/fep/c390/VerifiableIdentityStatement", NULL },
	/* FEP-844e */
	{ ACTOR, "implements", "https://w3id.org/fep/844e/implements", "@id" },
	{ POST, "Hashtag", "as:Hashtag", NULL },
	{ POST, "sensitive", "as:sensitive", NULL },
	{ MEDIA, "blurhash", "toot:blurhash", NULL },
	{ MEDIA, "focalPoint", "toot:focalPoint", "@list" },
	/* FEP-044f, and the older forms of quotes */
	{ QUOTE, "quote", "https://w3id.org/fep/044f#quote", "@id" },
	{ QUOTE, "quoteAuthorization", "https://w3id.org/fep/044f#quoteAuthorization", "@id" },
	{ CONSENT, "QuoteRequest", "https://w3id.org/fep/044f#QuoteRequest", NULL },
	{ CONSENT, "QuoteAuthorization", "https://w3id.org/fep/044f#QuoteAuthorization", NULL },
	{ QUOTE, "quoteUrl", "as:quoteUrl", NULL },
	{ QUOTE, "quoteUri", "http://fedibird.com/ns#quoteUri", NULL },
	{ QUOTE, "_misskey_quote", "https://misskey-hub.net/ns#_misskey_quote", NULL },
	/* GoToSocial's interaction controls */
	{ POLICY | CONSENT | ACTOR, "gts", "https://gotosocial.org/ns#", NULL },
	{ POLICY | ACTOR, "interactionPolicy", "gts:interactionPolicy", "@id" },
	{ POLICY, "canQuote", "gts:canQuote", "@id" },
	{ POLICY, "canReply", "gts:canReply", "@id" },
	{ POLICY, "canLike", "gts:canLike", "@id" },
	{ POLICY, "canAnnounce", "gts:canAnnounce", "@id" },
	{ POLICY | ACTOR, "automaticApproval", "gts:automaticApproval", "@id" },
	{ POLICY | ACTOR, "manualApproval", "gts:manualApproval", "@id" },
	{ CONSENT, "interactingObject", "gts:interactingObject", "@id" },
	{ CONSENT, "interactionTarget", "gts:interactionTarget", "@id" },
	{ CONSENT, "replyAuthorization", "gts:replyAuthorization", "@id" },
	{ CONSENT, "announceAuthorization", "gts:announceAuthorization", "@id" },
	{ CONSENT, "LikeRequest", "gts:LikeRequest", NULL },
	{ CONSENT, "ReplyRequest", "gts:ReplyRequest", NULL },
	{ CONSENT, "AnnounceRequest", "gts:AnnounceRequest", NULL },
	{ CONSENT, "LikeAuthorization", "gts:LikeAuthorization", NULL },
	{ CONSENT, "ReplyAuthorization", "gts:ReplyAuthorization", NULL },
	{ CONSENT, "AnnounceAuthorization", "gts:AnnounceAuthorization", NULL },
	/* reactions in Misskey's form */
	{ REACTION, "misskey", "https://misskey-hub.net/ns#", NULL },
	{ REACTION, "_misskey_reaction", "misskey:_misskey_reaction", NULL },
	/* FEP-268d */
	{ SEARCH, "searchableBy", "http://fedibird.com/ns#searchableBy", "@id" },
	/* FEP-7aa9 */
	{ ACTOR, "canFeature", "https://w3id.org/fep/7aa9#canFeature", "@id" },
	{ ACTOR, "featuredCollections", "https://w3id.org/fep/7aa9#featuredCollections", "@id" },
	{ FEATURE, "FeaturedCollection", "https://w3id.org/fep/7aa9#FeaturedCollection", NULL },
	{ FEATURE, "FeaturedItem", "https://w3id.org/fep/7aa9#FeaturedItem", NULL },
	{ FEATURE, "FeatureRequest", "https://w3id.org/fep/7aa9#FeatureRequest", NULL },
	{ FEATURE, "FeatureAuthorization", "https://w3id.org/fep/7aa9#FeatureAuthorization", NULL },
	{ FEATURE, "featuredObject", "https://w3id.org/fep/7aa9#featuredObject", "@id" },
	{ FEATURE, "featuredObjectType", "https://w3id.org/fep/7aa9#featuredObjectType", NULL },
	{ FEATURE, "featureAuthorization", "https://w3id.org/fep/7aa9#featureAuthorization", "@id" },
	{ FEATURE, "topic", "https://w3id.org/fep/7aa9#topic", "@id" },
	{ POLL, "votersCount", "toot:votersCount", NULL },
	/* communities, as Lemmy names them */
	{ GROUP, "lemmy", "https://join-lemmy.org/ns#", NULL },
	{ GROUP, "sc", "http://schema.org/", NULL },
	{ GROUP, "postingRestrictedToMods", "lemmy:postingRestrictedToMods", NULL },
	{ GROUP, "Lock", "lemmy:Lock", NULL },
	{ GROUP, "Resolve", "lemmy:Resolve", NULL },
	{ GROUP, "removeData", "lemmy:removeData", NULL },
	{ GROUP, "language", "sc:inLanguage", NULL },
	{ GROUP, "identifier", "sc:identifier", NULL },
	/* communities that several nodes own together (joint.md) */
	/* ours: names that nobody else can give out, whatever becomes of domains (RFC 9562, section 4) */
	{ GROUP, "partners", "urn:uuid:56c7effd-eacb-424d-bdd2-acf79f0ef427#partners", "@id" },
	{ JOINT | LEDGER, "fediflow", "urn:uuid:56c7effd-eacb-424d-bdd2-acf79f0ef427#", NULL },
	{ JOINT, "buckets", "fediflow:buckets", NULL },
	{ JOINT, "bucket", "fediflow:bucket", NULL },
	{ JOINT, "digest", "fediflow:digest", NULL },
	{ JOINT, "state", "fediflow:state", NULL },
	{ JOINT, "stateTime", "fediflow:stateTime", NULL },
	{ JOINT, "edited", "fediflow:edited", NULL },
	{ JOINT, "post", "fediflow:post", NULL },
	{ JOINT, "voter", "fediflow:voter", NULL },
	{ JOINT, "vote", "fediflow:vote", NULL },
	{ JOINT, "emoji", "fediflow:emoji", NULL },
	{ JOINT, "host", "fediflow:host", NULL },
	{ JOINT, "banned", "fediflow:banned", NULL },
	{ JOINT, "until", "fediflow:until", NULL },
	/* FEP-8a8e, and Mobilizon */
	{ EVENT, "timezone", "https://w3id.org/fep/8a8e/timezone", NULL },
	{ EVENT, "organizers", "https://w3id.org/fep/8a8e/organizers", NULL },
	{ EVENT, "attendees", "https://w3id.org/fep/8a8e/attendees", NULL },
	{ EVENT, "eventStatus", "https://w3id.org/fep/8a8e/eventStatus", NULL },
	{ EVENT, "externalParticipationUrl", "https://w3id.org/fep/8a8e/externalParticipationUrl", "@id" },
	{ EVENT, "VirtualLocation", "https://schema.org/VirtualLocation", NULL },
	{ EVENT, "address", "https://schema.org/address", NULL },
	{ EVENT, "maximumAttendeeCapacity", "https://schema.org/maximumAttendeeCapacity", NULL },
	{ EVENT, "remainingAttendeeCapacity", "https://schema.org/remainingAttendeeCapacity", NULL },
	{ EVENT, "joinMode", "https://joinmobilizon.org/ns#joinMode", NULL },
	{ EVENT, "participationMessage", "https://joinmobilizon.org/ns#participationMessage", NULL },
	{ EVENT, "participantCount", "https://joinmobilizon.org/ns#participantCount", NULL },
	{ EVENT, "status", "http://www.w3.org/2002/12/cal/ical#status", NULL },
	/* what they share and decide (ledger.md) */
	{ LEDGER, "digestSRI", "https://www.w3.org/2018/credentials#digestSRI", NULL },
	{ LEDGER, "fileSize", "http://schema.org/fileSize", NULL },
	{ LEDGER, "ledgerDigest", "fediflow:ledgerDigest", NULL },
	{ LEDGER, "Papers", "fediflow:Papers", NULL },
	{ LEDGER, "papersUntil", "fediflow:papersUntil", "http://www.w3.org/2001/XMLSchema#dateTime" },
	{ LEDGER, "method", "fediflow:method", NULL },
	{ LEDGER, "seats", "fediflow:seats", NULL },
	{ LEDGER, "quorum", "fediflow:quorum", NULL },
	{ LEDGER, "named", "fediflow:named", NULL },
	{ LEDGER, "eligible", "fediflow:eligible", "@set" },
	{ LEDGER, "pageNumber", "fediflow:pageNumber", NULL },
	{ LEDGER, "pageCount", "fediflow:pageCount", NULL },
	{ LEDGER, "voters", "fediflow:voters", NULL },
	{ LEDGER, "members", "fediflow:members", NULL },
	{ LEDGER, "papersDigest", "fediflow:papersDigest", NULL },
};
/* clang-format on */

static void write_terms(struct jw *w, unsigned context)
{
	jw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(terms); i++) {
		const struct term *t = &terms[i];
		if ((t->of & context) == 0)
			continue;
		jw_name(w, t->name);
		if (t->type == NULL) {
			jw_str(w, str_of(t->iri));
			continue;
		}
		jw_object(w);
		jw_member_str(w, "@id", str_of(t->iri));
		bool container = strcmp(t->type, "@list") == 0 || strcmp(t->type, "@set") == 0;
		jw_member_str(w, container ? "@container" : "@type", str_of(t->type));
		jw_end(w);
	}
	jw_end(w);
}

void write_context(struct jw *w, unsigned context, const char *more)
{
	jw_name(w, "@context");
	if (context == AP_CONTEXT_PLAIN && more == NULL) {
		jw_str(w, STR("https://www.w3.org/ns/activitystreams"));
		return;
	}
	jw_array(w);
	jw_str(w, STR("https://www.w3.org/ns/activitystreams"));
	if ((context & AP_CONTEXT_ACTOR) != 0) {
		jw_str(w, STR("https://w3id.org/security/v1"));
		jw_str(w, STR("https://w3id.org/security/multikey/v1"));
		jw_str(w, STR("https://www.w3.org/ns/did/v1"));
	}
	if (more != NULL)
		jw_str(w, str_of(more));
	if (context != AP_CONTEXT_PLAIN)
		write_terms(w, context);
	jw_end(w);
}

void ap_write_context(struct jw *w, unsigned context)
{
	write_context(w, context, NULL);
}
