/* Objects that people read, and whom they address. */
#include "ap/object.h"

#include <stdio.h>

#include "apkit.h"

#define HEAD "'id':'https://a.example/n/1','type':'Note','attributedTo':'https://a.example/u/a'"

static enum rc decode(struct kit *kit, const char *json, struct ap_object **out)
{
	return ap_object_decode(&kit->reader, kit_parse(kit, json), out);
}

static void a_note_is_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	assert_int_equal(
		decode(&kit,
		       "{" HEAD ",'content':'<p>hi</p>','contentMap':{'en':'<p>hi</p>'},"
		       "'summary':'cw','name':'title','sensitive':true,"
		       "'inReplyTo':{'id':'https://b.example/n/2'},"
		       "'published':'2026-11-20T10:56:08Z','updated':'2026-11-20T11:56:08Z',"
		       "'url':[{'type':'Link','href':'https://a.example/v','mediaType':'video/"
		       "mp4'},"
		       "{'type':'Link','href':'https://a.example/page','mediaType':'text/html'}],"
		       "'to':['as:Public'],'cc':'https://a.example/u/a/followers',"
		       "'tag':[{'type':'Mention','href':'https://b.example/u/"
		       "b','name':'@b@b.example'},"
		       "{'type':'Hashtag','href':'https://a.example/t/x','name':'#X'},"
		       "{'type':'Hashtag','name':'bare'},{'type':'Emoji','name':':x:'}],"
		       "'attachment':{'type':'Document','url':'https://a.example/1.png',"
		       "'mediaType':'image/png','name':'alt','blurhash':'Lxx','width':640,"
		       "'height':480.0}}",
		       &o),
		RC_OK);
	assert_str_eq(o->id, STR("https://a.example/n/1"));
	assert_str_eq(o->type, STR("Note"));
	assert_str_eq(o->attributed_to, STR("https://a.example/u/a"));
	assert_str_eq(o->content, STR("<p>hi</p>"));
	assert_str_eq(o->language, STR("en"));
	assert_str_eq(o->summary, STR("cw"));
	assert_str_eq(o->name, STR("title"));
	assert_true(o->sensitive);
	assert_str_eq(o->in_reply_to, STR("https://b.example/n/2"));
	assert_str_eq(o->url, STR("https://a.example/page"));
	assert_int_equal(o->published_ms, 1795172168000);
	assert_int_equal(o->updated_ms, 1795175768000);
	assert_true(o->audience.public_to && !o->audience.public_cc);
	assert_int_equal(o->audience.count, 1);
	assert_int_equal(o->mention_count, 1);
	assert_str_eq(o->mentions[0].id, STR("https://b.example/u/b"));
	assert_str_eq(o->mentions[0].name, STR("@b@b.example"));
	assert_int_equal(o->hashtag_count, 2);
	assert_str_eq(o->hashtags[0], STR("X"));
	assert_str_eq(o->hashtags[1], STR("bare"));
	assert_int_equal(o->attachment_count, 1);
	assert_str_eq(o->attachments[0].url, STR("https://a.example/1.png"));
	assert_str_eq(o->attachments[0].description, STR("alt"));
	assert_int_equal(o->attachments[0].width, 640);
	assert_int_equal(o->attachments[0].height, 480);
}

static void s009_the_author_is_on_the_objects_own_origin(void **state UNUSED)
{
	static const char *const good[] = {
		"'https://a.example/u/b'",
		"['https://b.example/u/b','https://a.example/u/b']",
		"[{'id':'https://b.example/g'},{'id':'https://a.example/u/b'}]",
	};
	static const char *const bad[] = { "1",
					   "'1'",
					   "'/users/admin'",
					   "'https://b.example/u/a'",
					   "'https://a.example:444/u/a'",
					   "'https://a.example.b.example/u/a'",
					   "'http://a.example/u/a'",
					   "null",
					   "[]",
					   "[1,'https://b.example/u/a']" };
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[400];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		snprintf(json, sizeof(json),
			 "{'type':'Note','id':'https://a.example/1','attributedTo':%s}", good[i]);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_str_eq(o->attributed_to, STR("https://a.example/u/b"));
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(json, sizeof(json),
			 "{'type':'Note','id':'https://a.example/1','attributedTo':%s}", bad[i]);
		if (decode(&kit, json, &o) != RC_INVALID)
			fail_msg("%s", bad[i]);
	}
	assert_int_equal(decode(&kit, "{'type':'Note','attributedTo':'https://a.example/u/a'}", &o),
			 RC_INVALID);
}

static void a_video_is_its_best_file(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	assert_int_equal(
		decode(&kit,
		       "{'id':'https://a.example/v/1','type':'Video','attributedTo':["
		       "{'type':'Person','id':'https://a.example/u/a'},"
		       "{'type':'Group','id':'https://a.example/c/a'}],'name':'Film',"
		       "'mediaType':'text/markdown','content':'**x**',"
		       "'language':{'identifier':'de','name':'Deutsch'},"
		       "'icon':[{'type':'Image','url':'https://a.example/s.jpg','width':200},"
		       "{'type':'Image','url':'https://a.example/l.jpg','width':800}],"
		       "'url':[{'type':'Link','mediaType':'text/html','href':'https://a.example/"
		       "w'},"
		       "{'type':'Link','mediaType':'application/x-mpegURL',"
		       "'href':'https://a.example/m.m3u8','tag':[{'type':'Infohash','name':'x'},"
		       "{'type':'Link','mediaType':'application/json','href':'https://a.example/"
		       "j'},"
		       "{'type':'Link','mediaType':'video/mp4','href':'https://a.example/f.mp4',"
		       "'height':1080,'width':1920}]}]}",
		       &o),
		RC_OK);
	assert_str_eq(o->url, STR("https://a.example/w"));
	assert_str_eq(o->media_type, STR("text/markdown"));
	assert_str_eq(o->language, STR("de"));
	assert_int_equal(o->attachment_count, 1);
	assert_str_eq(o->attachments[0].url, STR("https://a.example/f.mp4"));
	assert_str_eq(o->attachments[0].preview, STR("https://a.example/l.jpg"));
	assert_int_equal(o->attachments[0].height, 1080);
}

static void files_are_posts_of_their_own(void **state UNUSED)
{
	static const struct {
		const char *rest;
		struct str url, media_type;
	} rows[] = {
		{ "'type':'Audio','url':[{'type':'Link','mediaType':'audio/ogg',"
		  "'href':'https://a.example/1.ogg'},{'type':'Link','mediaType':'text/html',"
		  "'href':'https://a.example/t/1'}]",
		  STR_INIT("https://a.example/1.ogg"), STR_INIT("audio/ogg") },
		{ "'type':'Image','mediaType':'image/png','url':'https://a.example/1.png'",
		  STR_INIT("https://a.example/1.png"), STR_INIT("image/png") },
		{ "'type':'Document','mediaType':'application/pdf','url':'https://a.example/1.pdf'",
		  STR_INIT("https://a.example/1.pdf"), STR_INIT("application/pdf") },
		/* a lone address of who knows what is a page */
		{ "'type':'Video','url':'https://a.example/1'", STR_INIT(""), STR_INIT("") },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[600];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(json, sizeof(json),
			 "{'id':'https://a.example/1','attributedTo':'https://a.example/u',%s}",
			 rows[i].rest);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_int_equal(o->attachment_count, rows[i].url.len != 0);
		if (o->attachment_count == 0)
			continue;
		assert_str_eq(o->attachments[0].url, rows[i].url);
		assert_str_eq(o->attachments[0].media_type, rows[i].media_type);
	}
}

static void a_page_is_about_another_page(void **state UNUSED)
{
	static const struct {
		const char *rest;
		unsigned count;
		struct str url, preview;
	} rows[] = {
		{ "'url':'https://far.example/p'", 1, STR_INIT("https://far.example/p"),
		  STR_INIT("") },
		{ "'url':'https://a.example/post/1'", 0, STR_INIT(""), STR_INIT("") },
		{ "'attachment':[{'type':'Link','href':'https://far.example/p'}],"
		  "'image':{'type':'Image','url':'https://a.example/t.png'}",
		  1, STR_INIT("https://far.example/p"), STR_INIT("https://a.example/t.png") },
		{ "'attachment':[{'type':'Link','href':'https://a.example/t.png'}],"
		  "'image':{'type':'Image','url':'https://a.example/t.png'}",
		  1, STR_INIT("https://a.example/t.png"), STR_INIT("") },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[600];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(json, sizeof(json),
			 "{'type':'Page','id':'https://a.example/1','attributedTo':"
			 "'https://a.example/u',%s}",
			 rows[i].rest);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_int_equal(o->attachment_count, rows[i].count);
		if (rows[i].count == 0)
			continue;
		assert_str_eq(o->attachments[0].url, rows[i].url);
		assert_true(str_eq(o->attachments[0].preview, rows[i].preview));
	}
}

static void an_event_has_time_and_place(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	assert_int_equal(decode(&kit,
				"{'type':'Event','id':'https://a.example/1','attributedTo':"
				"'https://a.example/u','startTime':'2026-12-01T18:00:00Z',"
				"'endTime':'2026-12-01T17:00:00Z','location':["
				"{'type':'Place','name':'Hall','address':{'type':'PostalAddress',"
				"'streetAddress':'Way 1','addressLocality':'Town','postalCode':7}},"
				"{'type':'VirtualLocation','url':'https://meet.example/x'}]}",
				&o),
			 RC_OK);
	assert_int_equal(o->event.start_ms, 1796148000000);
	/* it does not end before it begins */
	assert_int_equal(o->event.end_ms, 0);
	assert_str_eq(o->event.place, STR("Hall"));
	assert_str_eq(o->event.address, STR("Way 1, Town"));
	assert_str_eq(o->event.url, STR("https://meet.example/x"));
	assert_int_equal(decode(&kit,
				"{'type':'Event','id':'https://a.example/1','attributedTo':"
				"'https://a.example/u','location':'Upstairs','startTime':7}",
				&o),
			 RC_OK);
	assert_str_eq(o->event.place, STR("Upstairs"));
	assert_int_equal(o->event.start_ms, 0);
}

static void an_event_says_how_one_takes_part(void **state UNUSED)
{
	static const struct {
		const char *members;
		enum ap_join join;
		enum ap_event_state state;
		uint32_t capacity;
		int participants; /* -1: not told */
		const char *timezone;
	} rows[] = {
		{ "'joinMode':'free','maximumAttendeeCapacity':9,'participantCount':3",
		  AP_JOIN_FREE, AP_EVENT_SCHEDULED, 9, 3, "" },
		{ "'joinMode':'restricted','ical:status':'CANCELLED','timezone':'Europe/Rome'",
		  AP_JOIN_RESTRICTED, AP_EVENT_CANCELLED, 0, -1, "Europe/Rome" },
		{ "'status':'tentative','eventStatus':'EventCancelled'", AP_JOIN_UNSAID,
		  AP_EVENT_CANCELLED, 0, -1, "" },
		{ "'eventStatus':'https://w3id.org/fep/8a8e/EventPostponed','attendees':"
		  "{'type':'Collection','totalItems':84}",
		  AP_JOIN_UNSAID, AP_EVENT_POSTPONED, 0, 84, "" },
		{ "'joinMode':'external','status':'CONFIRMED'", AP_JOIN_EXTERNAL,
		  AP_EVENT_SCHEDULED, 0, -1, "" },
		{ "'joinMode':['free'],'maximumAttendeeCapacity':-1,'participantCount':'x',"
		  "'timezone':'a b;c','eventStatus':7",
		  AP_JOIN_UNSAID, AP_EVENT_SCHEDULED, 0, -1, "" },
		{ "'maximumAttendeeCapacity':99999999999,'status':'NotEventCancelled'",
		  AP_JOIN_UNSAID, AP_EVENT_SCHEDULED, 0, -1, "" },
	};
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kit kit CLEANUP(kit_free);
		struct ap_object *o;
		char json[600];
		kit_init(&kit);
		snprintf(json, sizeof(json),
			 "{'type':'Event','id':'https://a.example/1','attributedTo':"
			 "'https://a.example/g','actor':'https://a.example/u',%s}",
			 rows[i].members);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_int_equal(o->event.join, rows[i].join);
		assert_int_equal(o->event.state, rows[i].state);
		assert_int_equal(o->event.capacity, rows[i].capacity);
		assert_int_equal(o->event.has_participants ? (int)o->event.participants : -1,
				 rows[i].participants);
		assert_true(str_eq(o->event.timezone, str_of(rows[i].timezone)));
		assert_str_eq(o->event.group, STR("https://a.example/g"));
	}
}

static void an_event_is_its_makers(void **state UNUSED)
{
	static const struct {
		const char *actor, *author;
	} rows[] = {
		{ "'https://a.example/@maker'", "https://a.example/@maker" },
		{ "'https://b.example/@maker'", "https://a.example/@group" },
		{ "7", "https://a.example/@group" },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[300];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(json, sizeof(json),
			 "{'type':'Event','id':'https://a.example/1','attributedTo':"
			 "'https://a.example/@group','actor':%s}",
			 rows[i].actor);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_str_eq(o->attributed_to, str_of(rows[i].author));
	}
}

static void languages_are_all_kept(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	assert_int_equal(decode(&kit,
				"{" HEAD ",'content':'hi','contentMap':{'de':'hallo','en':'hi',"
				"'fr':7},'nameMap':{'de':'T'},'summaryMap':{'de':'S'}}",
				&o),
			 RC_OK);
	assert_str_eq(o->language, STR("en"));
	assert_int_equal(o->word_count, 2);
	assert_str_eq(o->words[0].language, STR("de"));
	assert_str_eq(o->words[0].content, STR("hallo"));
	assert_str_eq(o->words[0].name, STR("T"));
	assert_str_eq(o->words[0].summary, STR("S"));
	/* one entry that is rendered in another way tells the language all the same */
	assert_int_equal(
		decode(&kit, "{" HEAD ",'content':'a','contentMap':{'it':'<bdi>a</bdi>'}}", &o),
		RC_OK);
	assert_str_eq(o->language, STR("it"));
}

static void focal_points_are_within_the_picture(void **state UNUSED)
{
	static const struct {
		const char *json;
		bool there;
		int x, y;
	} rows[] = {
		{ "[0.5,-0.25]", true, 500, -250 },
		{ "[-1,1]", true, -1000, 1000 },
		{ "[0,0]", true, 0, 0 },
		{ "[1.1,0]", false, 0, 0 },
		{ "[0]", false, 0, 0 },
		{ "['0','0']", false, 0, 0 },
		{ "{}", false, 0, 0 },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[600];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(json, sizeof(json),
			 "{" HEAD ",'attachment':[{'type':'Image','url':'https://a.example/p.png',"
			 "'summary':'alt','focalPoint':%s}]}",
			 rows[i].json);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_int_equal(o->attachment_count, 1);
		assert_str_eq(o->attachments[0].description, STR("alt"));
		assert_int_equal(o->attachments[0].has_focus, rows[i].there);
		assert_int_equal(o->attachments[0].focus_x, rows[i].x);
		assert_int_equal(o->attachments[0].focus_y, rows[i].y);
	}
}

static void a_chat_message_is_a_letter(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	assert_int_equal(decode(&kit,
				"{'type':'ChatMessage','id':'https://a.example/1','attributedTo':"
				"'https://a.example/u','to':['as:Public'],'source':'typed'}",
				&o),
			 RC_OK);
	assert_true(o->audience.letter);
	assert_str_eq(o->source, STR("typed"));
	assert_str_eq(o->source_type, STR("text/plain"));
}

static void what_nobody_reads_is_unsupported(void **state UNUSED)
{
	static const char *const types[] = { "'Person'", "'Create'", "'Tombstone'", "'Collection'",
					     "'note'",	 "7",	     "null" };
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[200];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		snprintf(json, sizeof(json),
			 "{'id':'https://a.example/1','attributedTo':'https://a.example/"
			 "u','type':%s}",
			 types[i]);
		assert_int_equal(decode(&kit, json, &o), RC_UNSUPPORTED);
	}
}

static void s068_bto_and_bcc_are_never_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_audience to;
	kit_init(&kit);
	ap_audience_decode(&kit.reader,
			   kit_parse(&kit, "{'bto':'https://a.example/1','bcc':['as:Public']}"),
			   &to);
	assert_int_equal(to.count, 0);
	assert_false(to.public_to || to.public_cc);
}

static void the_audience_is_whom_to_cc_and_audience_name(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_audience to;
	kit_init(&kit);
	ap_audience_decode(&kit.reader,
			   kit_parse(&kit,
				     "{'to':['https://a.example/1',{'id':'https://a.example/2'}],"
				     "'cc':['Public','https://a.example/1','nonsense'],"
				     "'audience':'https://a.example/g'}"),
			   &to);
	assert_int_equal(to.count, 3);
	assert_true(ap_audience_has(&to, STR("https://a.example/2")));
	assert_true(ap_audience_has(&to, STR("https://a.example/g")));
	assert_false(ap_audience_has(&to, STR("https://a.example/3")));
	assert_false(to.public_to);
	assert_true(to.public_cc);
	/* public in an `audience` alone makes nothing public */
	ap_audience_decode(&kit.reader, kit_parse(&kit, "{'audience':'as:Public'}"), &to);
	assert_false(to.public_to || to.public_cc);
}

/* Writes `count` times a text with a number in it, as elements of an array. */
static void add_many(struct buf *json, unsigned count, const char *before, const char *after)
{
	for (unsigned i = 0; i < count; i++)
		buf_addf(json, "%s%s%u%s", i != 0 ? "," : "", before, i, after);
}

static void s056_surplus_is_left_out_and_the_rest_kept(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct ap_object *o;
	kit_init(&kit);
	buf_addf(&json, "{" HEAD ",'to':[");
	add_many(&json, 1500, "'https://a.example/u/", "'");
	buf_addf(&json, ",'as:Public'],'tag':[");
	add_many(&json, 1000, "{'type':'Mention','href':'https://a.example/u/", "'}");
	buf_addf(&json, ",");
	add_many(&json, 1000, "{'type':'Hashtag','name':'#t", "'}");
	buf_addf(&json, "],'attachment':[");
	add_many(&json, 1000, "{'type':'Image','url':'https://a.example/i/", "'}");
	buf_addf(&json, "]}");
	assert_false(json.failed);
	assert_int_equal(decode(&kit, json.ptr, &o), RC_OK);
	assert_int_equal(o->audience.count, AP_RECIPIENTS_MAX);
	/* though it comes behind all the others */
	assert_true(o->audience.public_to);
	assert_int_equal(o->mention_count, AP_TAGS_MAX);
	assert_int_equal(o->hashtag_count, AP_TAGS_MAX);
	assert_int_equal(o->attachment_count, AP_ATTACHMENTS_MAX);
}

static void attachments_are_found_where_servers_put_them(void **state UNUSED)
{
	static const char *const shapes[] = {
		"{'url':'https://a.example/1.png'}",
		"['https://a.example/no',{'url':['https://a.example/1.png']}]",
		"{'url':[{'href':'https://a.example/1.png','mediaType':'image/png'}]}",
		"{'href':'https://a.example/1.png','mediaType':'image/png'}",
		"[{'name':'no url'},{'url':'javascript:x'},{'url':'https://a.example/1.png'}]",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[400];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		snprintf(json, sizeof(json), "{" HEAD ",'attachment':%s}", shapes[i]);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_int_equal(o->attachment_count, 1);
		assert_str_eq(o->attachments[0].url, STR("https://a.example/1.png"));
	}
}

static void sizes_out_of_range_are_unknown(void **state UNUSED)
{
	static const char *const sizes[] = { "0", "-1", "65536", "1e300", "0.5", "'640'", "null" };
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	char json[300];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		snprintf(json, sizeof(json),
			 "{" HEAD ",'attachment':{'url':'https://a.example/1','width':%s}}",
			 sizes[i]);
		assert_int_equal(decode(&kit, json, &o), RC_OK);
		assert_int_equal(o->attachments[0].width, 0);
	}
}

static void decodes_or_refuses(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_object *o;
	enum rc rc = ap_object_decode(&kit->reader, root, &o);
	assert_true(rc == RC_OK || rc == RC_INVALID || rc == RC_UNSUPPORTED);
	assert_int_equal(kit->ctx.err.rc, rc);
	if (rc != RC_OK)
		return;
	assert_true(o->id.len != 0 && o->attributed_to.len != 0 && o->type.len != 0);
	assert_true(o->mention_count <= AP_TAGS_MAX && o->hashtag_count <= AP_TAGS_MAX);
}

static void s049_any_field_of_any_type(void **state UNUSED)
{
	static const char *const fields[] = {
		"'id':%s",
		"'type':%s",
		"'attributedTo':%s",
		"'content':%s",
		"'contentMap':%s",
		"'contentMap':{'en':%s}",
		"'summary':%s",
		"'name':%s",
		"'url':%s",
		"'url':[{'mediaType':%s}]",
		"'inReplyTo':%s",
		"'sensitive':%s",
		"'published':%s",
		"'updated':%s",
		"'to':%s",
		"'cc':%s",
		"'tag':%s",
		"'tag':[{'type':%s}]",
		"'tag':[{'type':'Mention','href':%s}]",
		"'tag':[{'type':'Hashtag','name':%s}]",
		"'attachment':%s",
		"'attachment':{'url':%s}",
		"'attachment':{'url':'https://a.example/1','name':%s}",
		"'attachment':{'url':'https://a.example/1','height':%s}",
	};
	struct kit kit CLEANUP(kit_free);
	char around[300];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		snprintf(around, sizeof(around), "{%s%s%s%s}", fields[i],
			 i == 0 ? "" : ",'id':'https://a.example/n/1'",
			 i == 1 ? "" : ",'type':'Note'",
			 i == 2 ? "" : ",'attributedTo':'https://a.example/u/a'");
		kit_each_odd(&kit, around, decodes_or_refuses);
	}
}

static void too_little_memory_is_told_whatever_is_missing(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_object *o;
	kit_init(&kit);
	struct jr root = kit_parse(&kit, "{" HEAD ",'tag':[{'type':'Mention','href':"
					 "'https://a.example/u/a'}],'to':'https://a.example/u/b'}");
	struct arena *all = kit.ctx.arena;
	size_t max = sizeof(*o) - 64;
	enum rc rc;
	do {
		kit.ctx.arena = arena_new(max);
		kit.ctx.err = (struct err){ 0 };
		rc = ap_object_decode(&kit.reader, root, &o);
		/* never a part of it for the whole */
		if (rc == RC_OK)
			assert_true(o->mention_count == 1 && o->audience.count == 1);
		arena_free(&kit.ctx.arena);
		max += 16;
	} while (rc != RC_OK);
	kit.ctx.arena = all;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_note_is_read),
		cmocka_unit_test(s009_the_author_is_on_the_objects_own_origin),
		cmocka_unit_test(what_nobody_reads_is_unsupported),
		cmocka_unit_test(a_video_is_its_best_file),
		cmocka_unit_test(files_are_posts_of_their_own),
		cmocka_unit_test(a_page_is_about_another_page),
		cmocka_unit_test(an_event_has_time_and_place),
		cmocka_unit_test(an_event_says_how_one_takes_part),
		cmocka_unit_test(an_event_is_its_makers),
		cmocka_unit_test(languages_are_all_kept),
		cmocka_unit_test(focal_points_are_within_the_picture),
		cmocka_unit_test(a_chat_message_is_a_letter),
		cmocka_unit_test(s068_bto_and_bcc_are_never_read),
		cmocka_unit_test(the_audience_is_whom_to_cc_and_audience_name),
		cmocka_unit_test(s056_surplus_is_left_out_and_the_rest_kept),
		cmocka_unit_test(attachments_are_found_where_servers_put_them),
		cmocka_unit_test(sizes_out_of_range_are_unknown),
		cmocka_unit_test(s049_any_field_of_any_type),
		cmocka_unit_test(too_little_memory_is_told_whatever_is_missing),
	};
	return cmocka_run_group_tests_name("object", tests, NULL, NULL);
}
