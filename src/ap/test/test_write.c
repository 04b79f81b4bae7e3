/* What we say: documents byte by byte, and what a reader makes of them. */
#include "ap/write.h"

#include "ap/activity.h"
#include "ap/actor.h"
#include "ap/object.h"
#include "apkit.h"

static const struct ap_write_field fields[] = {
	{ STR_INIT("Web"), STR_INIT("<a href=\"https://x.example/\">x</a>") },
};

static const struct ap_actor_key keys[] = {
	{ STR_INIT("https://a.example/u/a#main-key"), false, STR_INIT("PEM\n"), STR_INIT("z4MX") },
	{ STR_INIT("https://a.example/u/a#ed25519-key"), true, { NULL, 0 }, STR_INIT("z6Mk") },
	{ STR_INIT("https://a.example/u/a#old-key"), false, STR_INIT("OLD\n"),
	  STR_INIT("z4MXold") },
};

static const struct ap_write_emoji emojis[] = {
	{ STR_INIT("https://a.example/emojis/owl"), STR_INIT("owl"),
	  STR_INIT("https://a.example/owl.png"), STR_INIT("image/png"), 1795172168000 },
	{ .shortcode = STR_INIT("cat"), .url = STR_INIT("https://a.example/cat.png") },
};

static const struct ap_actor_view actor = {
	.id = STR_INIT("https://a.example/u/a"),
	.type = STR_INIT("Person"),
	.username = STR_INIT("a"),
	.name = STR_INIT("A \"quoted\""),
	.summary = STR_INIT("<p>s</p>"),
	.url = STR_INIT("https://a.example/@a"),
	.inbox = STR_INIT("https://a.example/u/a/inbox"),
	.shared_inbox = STR_INIT("https://a.example/inbox"),
	.outbox = STR_INIT("https://a.example/u/a/outbox"),
	.followers = STR_INIT("https://a.example/u/a/followers"),
	.following = STR_INIT("https://a.example/u/a/following"),
	.featured = STR_INIT("https://a.example/u/a/featured"),
	.featured_tags = STR_INIT("https://a.example/u/a/tags"),
	.emojis = emojis,
	.emoji_count = 1,
	.icon = STR_INIT("https://a.example/i.png"),
	.webfinger = STR_INIT("a@a.example"),
	.server = STR_INIT("https://a.example/actor"),
	.fields = fields,
	.field_count = 1,
	.keys = keys,
	.key_count = 3,
	.locked = true,
	.discoverable = true,
	.published_ms = 1795172168000,
	.updated_ms = 1795172169000,
};

static const struct str to[] = { STR_INIT("https://www.w3.org/ns/activitystreams#Public") };
static const struct str cc[] = { STR_INIT("https://a.example/u/a/followers"),
				 STR_INIT("https://b.example/u/b") };
static const struct ap_write_mention mentions[] = {
	{ STR_INIT("https://b.example/u/b"), STR_INIT("@b@b.example") },
};
static const struct ap_write_tag tags[] = {
	{ STR_INIT("https://a.example/tags/x"), STR_INIT("X") },
};
static const struct ap_write_attachment attachments[] = {
	{ STR_INIT("https://a.example/1.png"), STR_INIT("image/png"), STR_INIT("alt"),
	  STR_INIT("Lxx"), 640, 480, true, 500, -250 },
	{ .url = STR_INIT("https://a.example/2.mp3") },
};

static const struct ap_note_view note = {
	.id = STR_INIT("https://a.example/u/a/statuses/1"),
	.type = STR_INIT("Note"),
	.attributed_to = STR_INIT("https://a.example/u/a"),
	.url = STR_INIT("https://a.example/@a/1"),
	.content = STR_INIT("<p>hi</p>"),
	.summary = STR_INIT("cw"),
	.language = STR_INIT("en"),
	.in_reply_to = STR_INIT("https://b.example/n/2"),
	.context = STR_INIT("https://a.example/contexts/1"),
	.sensitive = true,
	.published_ms = 1795172168000,
	.updated_ms = 1795172169000,
	.to = to,
	.to_count = 1,
	.cc = cc,
	.cc_count = 2,
	.mentions = mentions,
	.mention_count = 1,
	.tags = tags,
	.tag_count = 1,
	.emojis = emojis,
	.emoji_count = 2,
	.searchable_by = to,
	.searchable_count = 1,
	.attachments = attachments,
	.attachment_count = 2,
	.replies = STR_INIT("https://a.example/u/a/statuses/1/replies"),
	.reply_total = 3,
	.likes = STR_INIT("https://a.example/u/a/statuses/1/likes"),
	.like_total = 2,
};

#define ID_TERM(name, iri) "'" name "':{'@id':'" iri name "','@type':'@id'},"
#define FEP "https://w3id.org/fep/044f#"
#define INTERACTION_TERMS                                                                        \
	ID_TERM("quote", FEP)                                                                    \
	ID_TERM("quoteAuthorization", FEP)                                                       \
	"'QuoteRequest':'" FEP "QuoteRequest','QuoteAuthorization':'" FEP "QuoteAuthorization'," \
	"'quoteUrl':'as:quoteUrl','quoteUri':'http://fedibird.com/ns#quoteUri',"                 \
	"'_misskey_quote':'https://misskey-hub.net/ns#_misskey_quote',"                          \
	"'gts':'https://gotosocial.org/ns#'," ID_TERM("interactionPolicy", "gts:") ID_TERM(      \
		"canQuote", "gts:") ID_TERM("canReply", "gts:") ID_TERM("canLike", "gts:")       \
		ID_TERM("canAnnounce", "gts:") ID_TERM("automaticApproval", "gts:") ID_TERM(     \
			"manualApproval", "gts:") ID_TERM("interactingObject",                   \
							  "gts:") ID_TERM("interactionTarget",   \
									  "gts:")                \
			ID_TERM("replyAuthorization", "gts:") ID_TERM(                           \
				"announceAuthorization",                                         \
				"gts:") "'LikeRequest':'gts:LikeRequest','ReplyRequest':'gts:"   \
					"ReplyRequest',"                                         \
					"'AnnounceRequest':'gts:AnnounceRequest','"              \
					"LikeAuthorization':'gts:LikeAuthorization',"            \
					"'ReplyAuthorization':'gts:ReplyAuthorization',"         \
					"'AnnounceAuthorization':'gts:AnnounceAuthorization'"
#define FIRST_TERMS                                                                         \
	"'toot':'http://joinmastodon.org/ns#','Emoji':'toot:Emoji','Hashtag':'as:Hashtag'," \
	"'sensitive':'as:sensitive','blurhash':'toot:blurhash','focalPoint':{'@id':"        \
	"'toot:focalPoint','@container':'@list'}"
#define SEARCH_TERM "'searchableBy':{'@id':'http://fedibird.com/ns#searchableBy','@type':'@id'}"
#define EVENT_TERMS                                                                   \
	"'timezone':'https://w3id.org/fep/8a8e/timezone',"                            \
	"'organizers':'https://w3id.org/fep/8a8e/organizers',"                        \
	"'attendees':'https://w3id.org/fep/8a8e/attendees',"                          \
	"'eventStatus':'https://w3id.org/fep/8a8e/eventStatus',"                      \
	"'externalParticipationUrl':{'@id':'https://w3id.org/fep/8a8e/"               \
	"externalParticipationUrl','@type':'@id'},"                                   \
	"'VirtualLocation':'https://schema.org/VirtualLocation',"                     \
	"'address':'https://schema.org/address',"                                     \
	"'maximumAttendeeCapacity':'https://schema.org/maximumAttendeeCapacity',"     \
	"'remainingAttendeeCapacity':'https://schema.org/remainingAttendeeCapacity'," \
	"'joinMode':'https://joinmobilizon.org/ns#joinMode',"                         \
	"'participationMessage':'https://joinmobilizon.org/ns#participationMessage'," \
	"'participantCount':'https://joinmobilizon.org/ns#participantCount',"         \
	"'status':'http://www.w3.org/2002/12/cal/ical#status'"
/* of that note: with an emoji, files and for searches, but no quote, policy or poll */
#define NOTE_CONTEXT \
	"'@context':['https://www.w3.org/ns/activitystreams',{" FIRST_TERMS "," SEARCH_TERM "}]"
#define PROVED_CONTEXT                                                                      \
	"'@context':['https://www.w3.org/ns/activitystreams',"                              \
	"'https://w3id.org/security/data-integrity/v1',{" FIRST_TERMS "," INTERACTION_TERMS \
	",'misskey':'https://misskey-hub.net/ns#','_misskey_reaction':"                     \
	"'misskey:_misskey_reaction'," SEARCH_TERM                                          \
	",'votersCount':'toot:votersCount'," EVENT_TERMS "}]"
#define EMOJI                                                                 \
	"{'id':'https://a.example/emojis/owl','type':'Emoji','name':':owl:'," \
	"'updated':'2026-11-20T10:56:08.000Z','icon':{'type':'Image',"        \
	"'mediaType':'image/png','url':'https://a.example/owl.png'}}"
#define PLAIN_CONTEXT "'@context':'https://www.w3.org/ns/activitystreams'"

/* In expected ' stands for ". */
static void expect(const struct buf *got, const char *expected)
{
	struct buf json CLEANUP(buf_free) = BUF_INIT(65536);
	for (const char *c = expected; *c != '\0'; c++)
		buf_add_chr(&json, *c == '\'' ? '"' : *c);
	assert_str_eq(buf_str(got), buf_str(&json));
}

#define IMPLEMENTS                                                                             \
	"'implements':[{'type':'Link','href':'https://datatracker.ietf.org/doc/html/rfc9421'," \
	"'name':'RFC-9421: HTTP Message Signatures'},{'type':'Link','href':"                   \
	"'https://datatracker.ietf.org/doc/html/rfc9421#name-eddsa-using-curve-edwards25',"    \
	"'name':'RFC-9421 signatures using the Ed25519 algorithm'},{'type':'Link',"            \
	"'href':'https://w3id.org/fep/8b32','name':'FEP-8b32: Object Integrity Proofs'}]"

static void an_actor_is_written(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct jw w;
	jw_init(&w, &out);
	ap_write_actor(&w, &actor, true);
	jw_done(&w);
	expect(&out, "{'@context':['https://www.w3.org/ns/activitystreams',"
		     "'https://w3id.org/security/v1','https://w3id.org/security/multikey/v1',"
		     "'https://www.w3.org/ns/did/v1',{'toot':'http://joinmastodon.org/ns#',"
		     "'schema':'http://schema.org#','PropertyValue':'schema:PropertyValue',"
		     "'value':'schema:value',"
		     "'manuallyApprovesFollowers':'as:manuallyApprovesFollowers',"
		     "'featured':{'@id':'toot:featured','@type':'@id'},"
		     "'featuredTags':{'@id':'toot:featuredTags','@type':'@id'},"
		     "'Emoji':'toot:Emoji',"
		     "'discoverable':'toot:discoverable','indexable':'toot:indexable',"
		     "'memorial':'toot:memorial',"
		     "'attributionDomains':{'@id':'toot:attributionDomains','@container':'@set'},"
		     "'showFeatured':'toot:showFeatured','showMedia':'toot:showMedia',"
		     "'showRepliesInMedia':'toot:showRepliesInMedia',"
		     "'suspended':'toot:suspended',"
		     "'movedTo':{'@id':'as:movedTo','@type':'@id'},"
		     "'webfinger':'https://purl.archive.org/socialweb/webfinger#webfinger',"
		     "'VerifiableIdentityStatement':"
		     "'https://w3id.org/fep/c390/VerifiableIdentityStatement',"
		     "'implements':{'@id':'https://w3id.org/fep/844e/implements','@type':'@id'},"
		     "'gts':'https://gotosocial.org/"
		     "ns#','interactionPolicy':{'@id':'gts:interactionPolicy','@type':'@id'},"
		     "'automaticApproval':{'@id':'gts:automaticApproval','@type':'@id'},"
		     "'manualApproval':{'@id':'gts:manualApproval','@type':'@id'},"
		     "'canFeature':{'@id':'https://w3id.org/fep/7aa9#canFeature','@type':'@id'},"
		     "'featuredCollections':{'@id':'https://w3id.org/fep/"
		     "7aa9#featuredCollections','@type':'@id'}}],"
		     "'id':'https://a.example/u/a','type':'Person','preferredUsername':'a',"
		     "'name':'A \\'quoted\\'','summary':'<p>s</p>','url':'https://a.example/@a',"
		     "'webfinger':'a@a.example','inbox':'https://a.example/u/a/inbox',"
		     "'outbox':'https://a.example/u/a/outbox',"
		     "'followers':'https://a.example/u/a/followers',"
		     "'following':'https://a.example/u/a/following',"
		     "'featured':'https://a.example/u/a/featured',"
		     "'featuredTags':'https://a.example/u/a/tags','manuallyApprovesFollowers':true,"
		     "'discoverable':true,'indexable':false,'published':'2026-11-20T10:56:08.000Z',"
		     "'updated':'2026-11-20T10:56:09.000Z','icon':{'type':'Image',"
		     "'url':'https://a.example/i.png'},'attachment':[{'type':'PropertyValue',"
		     "'name':'Web','value':'<a href=\\'https://x.example/\\'>x</a>'}],"
		     "'tag':[" EMOJI "],'endpoints':{'sharedInbox':'https://a.example/inbox'},"
		     "'generator':{'type':'Application','id':'https://a.example/actor'," IMPLEMENTS
		     "},'publicKey':{'id':'https://a.example/u/a#main-key',"
		     "'owner':'https://a.example/u/a','publicKeyPem':'PEM\\n'},"
		     "'assertionMethod':[{'id':'https://a.example/u/a#main-key',"
		     "'type':'Multikey','controller':'https://a.example/u/a',"
		     "'publicKeyMultibase':'z4MX'},{'id':'https://a.example/u/a#ed25519-key',"
		     "'type':'Multikey','controller':'https://a.example/u/a',"
		     "'publicKeyMultibase':'z6Mk'},{'id':'https://a.example/u/a#old-key',"
		     "'type':'Multikey','controller':'https://a.example/u/a',"
		     "'publicKeyMultibase':'z4MXold'}]}");
}

static void what_is_empty_is_left_out(void **state UNUSED)
{
	static const struct ap_actor_view bare = { .id = STR_INIT("https://a.example/actor"),
						   .type = STR_INIT("Application"),
						   .username = STR_INIT("a.example"),
						   .name = STR_INIT(""),
						   .summary = STR_INIT(""),
						   .inbox = STR_INIT("https://a.example/actor/in"),
						   .suspended = true };
	static const struct ap_note_view short_note = { .id = STR_INIT("https://a.example/1"),
							.type = STR_INIT("Note"),
							.attributed_to =
								STR_INIT("https://a.example/u"),
							.content = STR_INIT("") };
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct jw w;
	jw_init(&w, &out);
	ap_write_actor(&w, &bare, false);
	jw_done(&w);
	expect(&out,
	       "{'id':'https://a.example/actor','type':'Application',"
	       "'preferredUsername':'a.example','name':'','summary':'',"
	       "'inbox':'https://a.example/actor/in','manuallyApprovesFollowers':false,"
	       "'discoverable':false,'indexable':false,'suspended':true,'assertionMethod':[]}");
	buf_reset(&out);
	jw_init(&w, &out);
	ap_write_note(&w, &short_note, false);
	jw_done(&w);
	expect(&out,
	       "{'id':'https://a.example/1','type':'Note',"
	       "'attributedTo':'https://a.example/u','sensitive':false,"
	       "'published':'1970-01-01T00:00:00.000Z','to':[],'cc':[],'content':'','tag':[]}");
}

static void a_note_is_written(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct jw w;
	jw_init(&w, &out);
	ap_write_note(&w, &note, true);
	jw_done(&w);
	expect(&out, "{" NOTE_CONTEXT ",'id':'https://a.example/u/a/statuses/1','type':'Note',"
		     "'attributedTo':'https://a.example/u/a','summary':'cw','sensitive':true,"
		     "'inReplyTo':'https://b.example/n/2','context':'https://a.example/contexts/1',"
		     "'published':'2026-11-20T10:56:08.000Z','updated':'2026-11-20T10:56:09.000Z',"
		     "'url':'https://a.example/@a/1',"
		     "'to':['https://www.w3.org/ns/activitystreams#Public'],"
		     "'cc':['https://a.example/u/a/followers','https://b.example/u/b'],"
		     "'searchableBy':['https://www.w3.org/ns/activitystreams#Public'],"
		     "'content':'<p>hi</p>','contentMap':{'en':'<p>hi</p>'},"
		     "'tag':[{'type':'Mention','href':'https://b.example/u/b',"
		     "'name':'@b@b.example'},{'type':'Hashtag','href':'https://a.example/tags/x',"
		     "'name':'#X'}," EMOJI ",{'type':'Emoji','name':':cat:','icon':"
		     "{'type':'Image','url':'https://a.example/"
		     "cat.png'}}],'attachment':[{'type':'Document','mediaType':'image/png',"
		     "'url':'https://a.example/1.png','name':'alt','blurhash':'Lxx','width':640,"
		     "'height':480,'focalPoint':[0.5,-0.25]},"
		     "{'type':'Document','url':'https://a.example/2.mp3'}],"
		     "'replies':{'id':'https://a.example/u/a/statuses/1/replies',"
		     "'type':'Collection','totalItems':3},"
		     "'likes':{'id':'https://a.example/u/a/statuses/1/likes','type':'Collection',"
		     "'totalItems':2}}");
}

static void a_note_names_the_terms_that_it_uses(void **state UNUSED)
{
	static const struct ap_poll poll = { 0 };
	static const struct ap_event event = { 0 };
	static const struct ap_policy_entry policy = { .kind = AP_INTERACTION_QUOTE };
	const struct {
		struct ap_note_view note;
		unsigned more;
	} rows[] = {
		{ { .sensitive = true }, 0 },
		{ { .tags = tags, .tag_count = 1 }, 0 },
		{ { .attachments = attachments, .attachment_count = 1 }, AP_CONTEXT_MEDIA },
		{ { .emojis = emojis, .emoji_count = 1 }, AP_CONTEXT_EMOJI },
		{ { .searchable_by = to, .searchable_count = 1 }, AP_CONTEXT_SEARCH },
		{ { .poll = &poll }, AP_CONTEXT_POLL },
		{ { .event = &event }, AP_CONTEXT_EVENT },
		{ { .interactions.quote = STR("https://b.example/1") }, AP_CONTEXT_QUOTE },
		{ { .interactions.quote_authorization = STR("https://b.example/1") },
		  AP_CONTEXT_QUOTE },
		{ { .interactions.reply_authorization = STR("https://b.example/1") },
		  AP_CONTEXT_CONSENT },
		{ { .interactions = { .policy = &policy, .policy_count = 1 } }, AP_CONTEXT_POLICY },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(ap_note_context(&rows[i].note), AP_CONTEXT_POST | rows[i].more);
}

static void expect_event(const struct ap_event *event, const char *expected)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	ap_write_event(&w, event, STR("https://a.example/u/a"));
	jw_end(&w);
	jw_done(&w);
	expect(&out, expected);
}

static void an_event_is_written(void **state UNUSED)
{
	const struct ap_event here = { .start_ms = 1796148000000,
				       .end_ms = 1796151600000,
				       .place = STR("Hall"),
				       .address = STR("Way 1"),
				       .join = AP_JOIN_RESTRICTED,
				       .capacity = 9,
				       .timezone = STR("Europe/Rome"),
				       .has_participants = true,
				       .participants = 10 };
	const struct ap_event online = { .start_ms = 1796148000000,
					 .url = STR("https://meet.example/x"),
					 .join = AP_JOIN_EXTERNAL,
					 .state = AP_EVENT_CANCELLED };
	expect_event(
		&here,
		"{'startTime':'2026-12-01T18:00:00.000Z','endTime':'2026-12-01T19:00:00.000Z',"
		"'timezone':'Europe/Rome','location':{'type':'Place','name':'Hall',"
		"'address':'Way 1'},'organizers':{'type':'Collection','totalItems':1,'items':["
		"'https://a.example/u/a']},'eventStatus':'EventScheduled','status':'CONFIRMED',"
		"'joinMode':'restricted','maximumAttendeeCapacity':9,"
		"'remainingAttendeeCapacity':0,'participantCount':10,"
		"'attendees':{'type':'Collection','totalItems':10}}");
	expect_event(&online,
		     "{'startTime':'2026-12-01T18:00:00.000Z','location':{'type':'VirtualLocation',"
		     "'name':'https://meet.example/x','url':'https://meet.example/x'},"
		     "'organizers':{'type':'Collection','totalItems':1,'items':["
		     "'https://a.example/u/a']},'eventStatus':'EventCancelled',"
		     "'status':'CANCELLED','joinMode':'external',"
		     "'externalParticipationUrl':'https://meet.example/x'}");
}

static void activities_tombstones_and_collections_are_written(void **state UNUSED)
{
	static const struct ap_activity_view create = {
		.id = STR_INIT("https://a.example/1/activity"),
		.type = STR_INIT("Create"),
		.actor = STR_INIT("https://a.example/u/a"),
		.published_ms = 1795172168000,
		.to = to,
		.to_count = 1,
		.context = AP_CONTEXT_OBJECT,
	};
	static const struct ap_activity_view inner = { .type = STR_INIT("Like"),
						       .actor = STR_INIT("https://a.example/u/a"),
						       .inner = true };
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct jw w;
	jw_init(&w, &out);
	jw_array(&w);
	ap_write_activity(&w, &create);
	jw_name(&w, "object");
	ap_write_activity(&w, &inner);
	jw_end(&w);
	jw_end(&w);
	ap_write_tombstone(&w, STR("https://a.example/1"), STR("Note"), 1795172168000, true);
	ap_write_tombstone(&w, STR("https://a.example/1"), STR(""), 0, false);
	ap_write_collection(&w, STR("https://a.example/c"), 7, STR("https://a.example/c?page=1"));
	ap_write_collection(&w, STR("https://a.example/c"), 0, STR(""));
	ap_write_page(&w, STR("https://a.example/c?page=1"), STR("https://a.example/c"),
		      STR("https://a.example/c?page=2"), 7, AP_CONTEXT_PLAIN);
	jw_str(&w, STR("https://a.example/1"));
	ap_write_page_end(&w);
	jw_end(&w);
	jw_done(&w);
	expect(&out,
	       "[{" PROVED_CONTEXT ",'id':'https://a.example/1/activity','type':'Create',"
	       "'actor':'https://a.example/u/a','published':'2026-11-20T10:56:08.000Z',"
	       "'to':['https://www.w3.org/ns/activitystreams#Public'],'object':{'type':'Like',"
	       "'actor':'https://a.example/u/a'}},{" PLAIN_CONTEXT
	       ",'id':'https://a.example/1','type':'Tombstone','formerType':'Note',"
	       "'deleted':'2026-11-20T10:56:08.000Z'},{'id':'https://a.example/1',"
	       "'type':'Tombstone'},{" PLAIN_CONTEXT
	       ",'id':'https://a.example/c','type':'OrderedCollection','totalItems':7,"
	       "'first':'https://a.example/c?page=1'},{" PLAIN_CONTEXT ",'id':'https://a.example/"
	       "c','type':'OrderedCollection','totalItems':0},{" PLAIN_CONTEXT
	       ",'id':'https://a.example/c?page=1','type':'OrderedCollectionPage',"
	       "'partOf':'https://a.example/c','totalItems':7,"
	       "'next':'https://a.example/c?page=2','orderedItems':['https://a.example/1']}]");
}

static void a_reader_finds_the_actor_that_was_written(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct ap_actor read;
	struct jw w;
	const struct str aliases[] = { STR("https://b.example/u/a"), STR("https://c.example/u/a") };
	const struct str hosts[] = { STR("blog.example"), STR("news.example:8443") };
	struct ap_actor_view moved = actor;
	moved.featured_collections = STR("https://a.example/u/a/collections");
	moved.icon_name = STR("a cat");
	moved.show_media = moved.memorial = true;
	moved.attribution = hosts;
	moved.attribution_count = 2;
	moved.moved_to = STR("https://d.example/u/a");
	moved.aliases = aliases;
	moved.alias_count = 2;
	kit_init(&kit);
	jw_init(&w, &out);
	ap_write_actor(&w, &moved, true);
	assert_int_equal(ap_actor_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &read),
			 RC_OK);
	assert_str_eq(read.id, actor.id);
	assert_str_eq(read.type, actor.type);
	assert_str_eq(read.username, actor.username);
	assert_str_eq(read.name, actor.name);
	assert_str_eq(read.summary, actor.summary);
	assert_str_eq(read.url, actor.url);
	assert_str_eq(read.inbox, actor.inbox);
	assert_str_eq(read.shared_inbox, actor.shared_inbox);
	assert_str_eq(read.outbox, actor.outbox);
	assert_str_eq(read.followers, actor.followers);
	assert_str_eq(read.following, actor.following);
	assert_str_eq(read.icon, actor.icon);
	assert_str_eq(read.icon_name, moved.icon_name);
	assert_true(!read.no_media && read.no_media_replies && read.no_featured && read.memorial);
	assert_int_equal(read.attribution_count, 2);
	assert_str_eq(read.attribution[1], hosts[1]);
	assert_true(read.locked && read.discoverable && !read.indexable);
	assert_str_eq(read.moved_to, moved.moved_to);
	assert_int_equal(read.alias_count, 2);
	assert_str_eq(read.aliases[1], aliases[1]);
	assert_int_equal(read.published_ms, actor.published_ms);
	assert_int_equal(read.field_count, 1);
	assert_str_eq(read.fields[0].value, fields[0].value);
	/* one RSA key as PEM, since peers expect one object there; every key once */
	assert_int_equal(read.key_count, 3);
	assert_str_eq(read.keys[0].id, keys[0].id);
	assert_str_eq(read.keys[0].pem, keys[0].pem);
	assert_str_eq(read.keys[1].multibase, keys[1].multibase);
	assert_str_eq(read.keys[2].id, keys[2].id);
	assert_str_eq(read.keys[2].multibase, keys[2].multibase);
}

static void a_reader_finds_the_note_that_was_written(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct ap_object *read;
	struct jw w;
	kit_init(&kit);
	jw_init(&w, &out);
	ap_write_note(&w, &note, true);
	assert_int_equal(ap_object_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &read),
			 RC_OK);
	assert_str_eq(read->id, note.id);
	assert_str_eq(read->attributed_to, note.attributed_to);
	assert_str_eq(read->content, note.content);
	assert_str_eq(read->language, note.language);
	assert_str_eq(read->summary, note.summary);
	assert_str_eq(read->url, note.url);
	assert_str_eq(read->in_reply_to, note.in_reply_to);
	assert_true(read->sensitive);
	assert_int_equal(read->published_ms, note.published_ms);
	assert_int_equal(read->updated_ms, note.updated_ms);
	assert_true(read->audience.public_to);
	assert_int_equal(read->audience.count, 2);
	assert_str_eq(read->audience.ids[1], cc[1]);
	assert_int_equal(read->mention_count, 1);
	assert_str_eq(read->mentions[0].name, mentions[0].name);
	assert_int_equal(read->hashtag_count, 1);
	assert_str_eq(read->hashtags[0], STR("X"));
	assert_int_equal(read->attachment_count, 2);
	assert_str_eq(read->attachments[0].blurhash, STR("Lxx"));
	assert_int_equal(read->attachments[0].height, 480);
	assert_null(read->attachments[1].media_type.ptr);
}

static void overlong_tags_are_cut(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf out CLEANUP(buf_free) = BUF_INIT(65536);
	struct ap_object *read;
	char name[400];
	struct jw w;
	kit_init(&kit);
	memset(name, 'x', sizeof(name));
	struct ap_note_view long_tag = note;
	const struct ap_write_tag tag = { STR("https://a.example/t"), str_n(name, sizeof(name)) };
	long_tag.tags = &tag;
	jw_init(&w, &out);
	ap_write_note(&w, &long_tag, true);
	assert_int_equal(ap_object_decode(&kit.reader, kit_parse_bytes(&kit, buf_str(&out)), &read),
			 RC_OK);
	assert_int_equal(read->hashtag_count, 0);
	assert_int_equal(read->mention_count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_actor_is_written),
		cmocka_unit_test(what_is_empty_is_left_out),
		cmocka_unit_test(a_note_is_written),
		cmocka_unit_test(an_event_is_written),
		cmocka_unit_test(a_note_names_the_terms_that_it_uses),
		cmocka_unit_test(activities_tombstones_and_collections_are_written),
		cmocka_unit_test(a_reader_finds_the_actor_that_was_written),
		cmocka_unit_test(a_reader_finds_the_note_that_was_written),
		cmocka_unit_test(overlong_tags_are_cut),
	};
	return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
