/* Decoding of objects that people read. Pure. */
#include "ap/object.h"

#include "ap/vocab.h"
#include "field_int.h"
#include "object_int.h"

#define AUTHORS_MAX 16 /* that are looked at */

static void recipients_add(const struct ap_reader *reader, struct jr list, bool *is_public,
			   struct ap_audience *out)
{
	for (size_t i = 0; i < jr_one_count(list); i++) {
		struct jr one = jr_one_at(list, i);
		if (ap_is_public(one)) {
			*is_public = true;
			continue;
		}
		/* of thousands of others none is even parsed */
		if (out->count == AP_RECIPIENTS_MAX)
			continue;
		struct str id = ap_id(reader, one);
		if (id.ptr != NULL && !ap_audience_has(out, id))
			out->ids[out->count++] = id;
	}
}

void ap_audience_decode(const struct ap_reader *reader, struct jr object, struct ap_audience *out)
{
	bool ignored = false;
	*out = (struct ap_audience){ 0 };
	recipients_add(reader, jr_get(object, "to"), &out->public_to, out);
	recipients_add(reader, jr_get(object, "cc"), &out->public_cc, out);
	recipients_add(reader, jr_get(object, "audience"), &ignored, out);
	if (out->public_to)
		out->public_cc = false;
}

bool ap_audience_has(const struct ap_audience *audience, struct str id)
{
	for (unsigned i = 0; i < audience->count; i++) {
		if (str_eq(audience->ids[i], id))
			return true;
	}
	return false;
}

static void tag_decode(const struct ap_reader *reader, struct jr tag, struct ap_object *out)
{
	struct str type = jr_str(jr_one_at(jr_get(tag, "type"), 0));
	struct str name = jr_str(jr_get(tag, "name"));
	if (str_eq(type, STR("Mention")) && out->mention_count < AP_TAGS_MAX) {
		struct ap_mention m = { ap_id(reader, jr_get(tag, "href")), name };
		if (m.id.ptr != NULL)
			out->mentions[out->mention_count++] = m;
	} else if (str_eq(type, STR("Hashtag")) && out->hashtag_count < AP_TAGS_MAX) {
		if (name.len != 0 && name.ptr[0] == '#')
			name = str_skip(name, 1);
		if (name.len != 0 && name.len <= 256)
			out->hashtags[out->hashtag_count++] = name;
	}
}

static void tags_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out)
{
	struct jr tags = jr_get(object, "tag");
	out->emoji_count = ap_emojis_decode(reader, tags, out->emojis, AP_EMOJIS_MAX);
	out->searchable_count = ap_searchable_by(reader, object, out->searchable_by);
	for (size_t i = 0; i < jr_one_count(tags); i++)
		tag_decode(reader, jr_one_at(tags, i), out);
}

/* attributedTo may list several (PeerTube: the person and the channel): the first on the object's
 * own origin. */
static struct str attributed_decode(const struct ap_reader *reader, struct jr field, struct str id)
{
	for (size_t i = 0; i < jr_one_count(field) && i < AUTHORS_MAX; i++) {
		struct str author = ap_id(reader, jr_one_at(field, i));
		if (ap_same_origin(reader, author, id))
			return author;
	}
	return STR_NONE;
}

/* Mobilizon: an event of a group names as its actor the member who made it, signs for it and may
 * change it. */
static struct str author_decode(const struct ap_reader *reader, struct jr object,
				struct ap_object *o)
{
	struct str maker = ap_id(reader, jr_get(object, "actor"));
	if (str_eq(o->type, STR("Event")) && ap_same_origin(reader, maker, o->id))
		return maker;
	return attributed_decode(reader, jr_get(object, "attributedTo"), o->id);
}

/* What other servers know of the conversation around it. */
static void thread_decode(const struct ap_reader *reader, struct jr object, struct ap_object *out)
{
	out->context = ap_id(reader, jr_get(object, "context"));
	out->replies = ap_id(reader, jr_get(object, "replies"));
	if (!ap_same_origin(reader, out->replies, out->id))
		out->replies = STR_NONE;
	if (str_eq(out->context, STR(AP_PUBLIC)))
		out->context = STR_NONE;
	out->reply_total = ap_total(jr_get(object, "replies"));
	out->like_total = ap_total(jr_get(object, "likes"));
	out->share_total = ap_total(jr_get(object, "shares"));
}

/* Few posts are one: it has memory of its own only then. */
static const struct ap_poll *poll_decode(const struct ap_reader *reader, struct jr object)
{
	if (!str_eq(ap_type_name(jr_get(object, "type")), STR("Question")))
		return NULL;
	struct ap_poll *poll = ARENA_NEW(reader->ctx->arena, struct ap_poll);
	return poll != NULL && ap_poll_decode(object, poll) ? poll : NULL;
}

static enum rc object_required(const struct ap_reader *reader, const struct ap_object *o)
{
	if (o->id.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "an object without an id");
	if (o->attributed_to.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID,
				"an object whose author is not on its own host");
	return RC_OK;
}

enum rc ap_object_decode(const struct ap_reader *reader, struct jr object,
			 struct ap_object **result)
{
	struct ap_object *out = ARENA_NEW(reader->ctx->arena, struct ap_object);
	if (out == NULL)
		return ctx_fail(reader->ctx, RC_NO_MEMORY, "the object is too large to decode");
	*result = out;
	if (ap_type_class(jr_get(object, "type")) != AP_CLASS_POST)
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "not a post");
	if (ap_is_vote(object))
		return ctx_fail(reader->ctx, RC_UNSUPPORTED, "a vote is not a post");
	struct str map_language;
	out->id = ap_id(reader, jr_get(object, "id"));
	out->type = ap_type_name(jr_get(object, "type"));
	out->attributed_to = author_decode(reader, object, out);
	out->content = ap_text(object, "content", "contentMap", &map_language);
	out->language = map_language;
	out->summary = ap_text(object, "summary", "summaryMap", NULL);
	out->name = ap_text(object, "name", "nameMap", NULL);
	out->url = ap_page_url(reader, jr_get(object, "url"));
	out->in_reply_to = ap_id(reader, jr_get(object, "inReplyTo"));
	out->sensitive = jr_bool(jr_get(object, "sensitive"), false);
	out->published_ms = ap_time(jr_get(object, "published"));
	out->updated_ms = ap_time(jr_get(object, "updated"));
	ap_audience_decode(reader, object, &out->audience);
	out->audience.letter = str_eq(out->type, STR("ChatMessage"));
	tags_decode(reader, object, out);
	object_media_decode(reader, object, out);
	object_words_decode(object, out);
	object_event_decode(reader, object, out);
	out->poll = poll_decode(reader, object);
	out->quote = ap_quote_decode(reader, object);
	out->quote_authorization = ap_authorization_of(reader, object, AP_INTERACTION_QUOTE);
	out->reply_authorization = ap_authorization_of(reader, object, AP_INTERACTION_REPLY);
	ap_policy_decode(reader, object, &out->policy);
	thread_decode(reader, object, out);
	enum rc rc = object_required(reader, out);
	return rc == RC_OK ? ap_complete(reader) : rc;
}
