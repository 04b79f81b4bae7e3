/* Actors and their keys. */
#include "ap/actor.h"

#include <stdio.h>

#include "ap/capability.h"
#include "apkit.h"

#define REQUIRED                                        \
	"'id':'https://a.example/u/a','type':'Person'," \
	"'preferredUsername':'alice','inbox':'https://a.example/u/a/in'"

static enum rc decode(struct kit *kit, const char *json, struct ap_actor *out)
{
	return ap_actor_decode(&kit->reader, kit_parse(kit, json), out);
}

static void an_actor_is_read(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	kit_init(&kit);
	assert_int_equal(
		decode(&kit,
		       "{" REQUIRED ",'name':'Alice','summary':'<p>s</p>',"
		       "'url':'https://a.example/@a','outbox':'https://a.example/u/a/out',"
		       "'followers':'https://a.example/u/a/fs','following':'https://a.example/u/a/"
		       "fg',"
		       "'endpoints':{'sharedInbox':'https://a.example/inbox'},"
		       "'icon':[{'type':'Image','url':'https://cdn.example/i.png'}],"
		       "'image':{'type':'Link','href':'https://cdn.example/h.png'},"
		       "'movedTo':'https://b.example/u/a','alsoKnownAs':['https://c.example/u/"
		       "a',7],"
		       "'manuallyApprovesFollowers':true,'discoverable':true,'indexable':true,"
		       "'published':'2026-11-20T10:56:08Z',"
		       "'attachment':[{'type':'PropertyValue','name':'Web','value':'<a>x</a>'},"
		       "{'type':'Note','name':'no'}]}",
		       &a),
		RC_OK);
	assert_str_eq(a.id, STR("https://a.example/u/a"));
	assert_str_eq(a.type, STR("Person"));
	assert_str_eq(a.username, STR("alice"));
	assert_str_eq(a.name, STR("Alice"));
	assert_str_eq(a.summary, STR("<p>s</p>"));
	assert_str_eq(a.url, STR("https://a.example/@a"));
	assert_str_eq(a.inbox, STR("https://a.example/u/a/in"));
	assert_str_eq(a.shared_inbox, STR("https://a.example/inbox"));
	assert_str_eq(a.outbox, STR("https://a.example/u/a/out"));
	assert_str_eq(a.followers, STR("https://a.example/u/a/fs"));
	assert_str_eq(a.following, STR("https://a.example/u/a/fg"));
	assert_str_eq(a.icon, STR("https://cdn.example/i.png"));
	assert_str_eq(a.image, STR("https://cdn.example/h.png"));
	assert_str_eq(a.moved_to, STR("https://b.example/u/a"));
	assert_int_equal(a.alias_count, 1);
	assert_true(a.locked && a.discoverable && a.indexable);
	assert_int_equal(a.published_ms, 1795172168000);
	assert_int_equal(a.field_count, 1);
	assert_str_eq(a.fields[0].name, STR("Web"));
	assert_str_eq(a.fields[0].value, STR("<a>x</a>"));
	/* what says nothing of its profile shows all of it */
	assert_true(!a.no_media && !a.no_media_replies && !a.no_featured && !a.memorial);
	assert_int_equal(a.attribution_count, 0);
	assert_int_equal(a.icon_name.len, 0);
}

static void hosts_of_an_author_are_bounded_and_are_names(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct ap_actor a;
	kit_init(&kit);
	buf_add(&text,
		STR("{" REQUIRED ",'icon':{'url':'https://a.example/i.png','summary':'a cat'},"
		    "'showMedia':false,'attributionDomains':['', ' blog.example ',7,"
		    "'https://no.example/'"));
	for (int i = 0; i < 2 * AP_ACTOR_ATTRIBUTION_MAX; i++)
		buf_addf(&text, ",'h%d.example'", i);
	buf_add(&text, STR("]}"));
	buf_add_chr(&text, '\0');
	assert_int_equal(decode(&kit, text.ptr, &a), RC_OK);
	assert_int_equal(a.attribution_count, AP_ACTOR_ATTRIBUTION_MAX);
	assert_str_eq(a.attribution[0], STR("blog.example"));
	assert_str_eq(a.icon_name, STR("a cat"));
	assert_true(a.no_media);
}

static void an_actor_without_what_it_needs_is_refused(void **state UNUSED)
{
	static const char *const bad[] = {
		"{}",
		"{'id':'https://a.example/u/"
		"a','type':'Note','preferredUsername':'a','inbox':'https://"
		"a.example/in'}",
		"{'type':'Person','preferredUsername':'a','inbox':'https://a.example/in'}",
		"{'id':'https://a.example/u/a','type':'Person','preferredUsername':'a'}",
		"{'id':'https://a.example/u/a','type':'Person','inbox':'https://a.example/in'}",
		"{'id':'https://a.example/u/a','type':'Person','preferredUsername':'a "
		"b','inbox':'https://a.example/in'}",
		"{'id':'https://a.example/u/a','type':'Person','preferredUsername':'../a','inbox':"
		"'https://a.example/in'}",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(decode(&kit, bad[i], &a), RC_INVALID);
}

static void s018_all_addresses_are_on_the_ids_origin(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	kit_init(&kit);
	assert_int_equal(decode(&kit,
				"{'id':'https://a.example/u/a','type':'Person',"
				"'preferredUsername':'a','inbox':'https://b.example/in'}",
				&a),
			 RC_INVALID);
	assert_int_equal(
		decode(&kit,
		       "{" REQUIRED ",'outbox':'https://b.example/1',"
		       "'followers':'https://a.example:444/1','following':'https://b.example/1',"
		       "'endpoints':{'sharedInbox':'https://b.example/inbox'}}",
		       &a),
		RC_OK);
	assert_null(a.outbox.ptr);
	assert_null(a.followers.ptr);
	assert_null(a.following.ptr);
	assert_null(a.shared_inbox.ptr);
	assert_str_eq(a.inbox, STR("https://a.example/u/a/in"));
}

static void keys_come_as_pem_and_as_multikeys(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	kit_init(&kit);
	/* FEP-521a */
	assert_int_equal(decode(&kit,
				"{" REQUIRED ",'publicKey':{'id':'https://a.example/u/a#main-key',"
				"'owner':'https://a.example/u/a','publicKeyPem':'PEM'},"
				"'assertionMethod':[{'id':'https://a.example/u/"
				"a#ed25519-key','type':'Multikey',"
				"'controller':'https://a.example/u/a','publicKeyMultibase':'z6Mk'},"
				"'https://a.example/u/a#other']}",
				&a),
			 RC_OK);
	assert_int_equal(a.key_count, 2);
	assert_str_eq(a.keys[0].id, STR("https://a.example/u/a#main-key"));
	assert_str_eq(a.keys[0].pem, STR("PEM"));
	assert_null(a.keys[0].multibase.ptr);
	assert_str_eq(a.keys[1].owner, STR("https://a.example/u/a"));
	assert_str_eq(a.keys[1].multibase, STR("z6Mk"));
}

static void a_key_in_both_lists_is_taken_once(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	kit_init(&kit);
	assert_int_equal(decode(&kit,
				"{" REQUIRED ",'publicKey':{'id':'https://a.example/u/a#main-key',"
				"'owner':'https://a.example/u/a','publicKeyPem':'PEM'},"
				"'assertionMethod':[{'id':'https://A.example/u/a#main-key',"
				"'type':'Multikey','controller':'https://a.example/u/a',"
				"'publicKeyMultibase':'z4MX'},{'id':'https://a.example/u/a#old',"
				"'type':'Multikey','controller':'https://a.example/u/a',"
				"'publicKeyMultibase':'z4MY'},{'id':'https://a.example/u/a#old',"
				"'type':'Multikey','controller':'https://a.example/u/a',"
				"'publicKeyMultibase':'z4MZ'}]}",
				&a),
			 RC_OK);
	assert_int_equal(a.key_count, 2);
	assert_str_eq(a.keys[0].id, STR("https://a.example/u/a#main-key"));
	assert_str_eq(a.keys[0].pem, STR("PEM"));
	assert_str_eq(a.keys[1].id, STR("https://a.example/u/a#old"));
	assert_str_eq(a.keys[1].multibase, STR("z4MY"));
}

static void s013_keys_of_others_are_left_out(void **state UNUSED)
{
	static const char *const keys[] = {
		"{'id':'https://a.example/k','owner':'https://a.example/u/b','publicKeyPem':'P'}",
		"{'id':'https://b.example/k','owner':'https://a.example/u/a','publicKeyPem':'P'}",
		"{'id':'https://a.example/k','publicKeyPem':'P'}",
		"{'owner':'https://a.example/u/a','publicKeyPem':'P'}",
		"{'id':'https://a.example/k','owner':'https://a.example/u/a'}",
		"{'id':'https://a.example/k','owner':'https://a.example/u/a','publicKeyPem':7}",
		"{'id':'http://a.example/k','owner':'https://a.example/u/a','publicKeyPem':'P'}",
		"'https://a.example/k'",
		"7",
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	char json[500];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		snprintf(json, sizeof(json),
			 "{" REQUIRED ",'publicKey':[%s,{'id':'https://a.example/good',"
			 "'owner':'https://a.example/u/a','publicKeyPem':'P'}]}",
			 keys[i]);
		assert_int_equal(decode(&kit, json, &a), RC_OK);
		assert_int_equal(a.key_count, 1);
		assert_str_eq(a.keys[0].id, STR("https://a.example/good"));
		assert_int_equal(kit.ctx.err.rc, RC_OK);
	}
}

static void a_key_document_of_its_own(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_key key;
	kit_init(&kit);
	struct jr root = kit_parse(&kit, "{'id':'https://a.example/k','type':'Key',"
					 "'owner':'https://a.example/u/a','publicKeyPem':'P'}");
	assert_int_equal(ap_key_decode(&kit.reader, root, &key), RC_OK);
	assert_str_eq(key.owner, STR("https://a.example/u/a"));
	root = kit_parse(&kit, "{'id':'https://a.example/k','type':'Key'}");
	assert_int_equal(ap_key_decode(&kit.reader, root, &key), RC_INVALID);
	assert_int_equal(ap_key_decode(&kit.reader, (struct jr){ NULL }, &key), RC_INVALID);
}

static void s057_surplus_and_overlong_parts_are_cut(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
	struct ap_actor a;
	kit_init(&kit);
	buf_addf(&json, "{" REQUIRED ",'name':'");
	for (int i = 0; i < 5000; i++)
		buf_addf(&json, "ä");
	buf_addf(&json, "','attachment':[");
	for (int i = 0; i < 40; i++) {
		buf_addf(&json, "%s{'type':'PropertyValue','name':'n','value':'",
			 i != 0 ? "," : "");
		for (int k = 0; k < 4000; k++)
			buf_add_chr(&json, 'v');
		buf_addf(&json, "'}");
	}
	buf_addf(&json, "],'alsoKnownAs':[");
	for (int i = 0; i < 40; i++)
		buf_addf(&json, "%s'https://b.example/%d'", i != 0 ? "," : "", i);
	buf_addf(&json, "]}");
	assert_int_equal(decode(&kit, json.ptr, &a), RC_OK);
	assert_int_equal(a.name.len, 2000);
	assert_int_equal(a.field_count, AP_ACTOR_FIELDS_MAX);
	assert_int_equal(a.fields[15].value.len, 3000);
	assert_int_equal(a.alias_count, AP_ACTOR_ALIASES_MAX);
}

static void decodes_or_refuses(struct kit *kit, struct jr root, const char *odd UNUSED)
{
	struct ap_actor a;
	enum rc rc = ap_actor_decode(&kit->reader, root, &a);
	assert_true(rc == RC_OK || rc == RC_INVALID);
	assert_int_equal(kit->ctx.err.rc, rc);
	if (rc == RC_OK)
		assert_true(a.id.len != 0 && a.inbox.len != 0 && a.username.len != 0);
}

static void s049_any_field_of_any_type(void **state UNUSED)
{
	static const char *const fields[] = {
		"'id':%s",
		"'type':%s",
		"'preferredUsername':%s",
		"'inbox':%s",
		"'name':%s",
		"'nameMap':%s",
		"'summary':%s",
		"'url':%s",
		"'outbox':%s",
		"'followers':%s",
		"'endpoints':%s",
		"'endpoints':{'sharedInbox':%s}",
		"'icon':%s",
		"'icon':{'url':%s}",
		"'image':[{'href':%s}]",
		"'movedTo':%s",
		"'alsoKnownAs':%s",
		"'manuallyApprovesFollowers':%s",
		"'published':%s",
		"'attachment':%s",
		"'attachment':[{'type':%s}]",
		"'publicKey':%s",
		"'assertionMethod':%s",
		"'attachment':[{'type':'PropertyValue','name':%s}]",
		("'publicKey':{'id':'https://a.example/k','owner':'https://a.example/u/a',"
		 "'publicKeyPem':%s}"),
		"'publicKey':{'id':%s,'owner':'https://a.example/u/a','publicKeyPem':'x'}",
	};
	struct kit kit CLEANUP(kit_free);
	char around[400];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		snprintf(around, sizeof(around), "{%s%s%s%s%s}", fields[i],
			 i == 0 ? "" : ",'id':'https://a.example/u/a'",
			 i == 1 ? "" : ",'type':'Person'",
			 i == 2 ? "" : ",'preferredUsername':'alice'",
			 i == 3 ? "" : ",'inbox':'https://a.example/u/a/in'");
		kit_each_odd(&kit, around, decodes_or_refuses);
	}
}

static void keys_for_proofs_are_those_in_assertion_method(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	kit_init(&kit);
	assert_int_equal(
		decode(&kit,
		       "{" REQUIRED ",'publicKey':["
		       "{'id':'https://a.example/u/a#rsa','owner':'https://a.example/u/a',"
		       "'publicKeyPem':'x'},"
		       "{'id':'https://a.example/u/a#named','owner':'https://a.example/u/a',"
		       "'publicKeyPem':'y'}],'assertionMethod':['https://A.example/u/a#named',"
		       "'https://a.example/u/a#nothing',7,{'id':'https://a.example/u/a#ed',"
		       "'type':'Multikey','controller':'https://a.example/u/a',"
		       "'publicKeyMultibase':'z6'}]}",
		       &a),
		RC_OK);
	assert_int_equal(a.key_count, 3);
	assert_false(a.keys[0].assertion);
	assert_true(a.keys[1].assertion);
	assert_str_eq(a.keys[2].id, STR("https://a.example/u/a#ed"));
	assert_true(a.keys[2].assertion);
}

static unsigned capabilities(struct kit *kit, const char *more)
{
	struct ap_actor a;
	char json[1024];
	snprintf(json, sizeof(json), "{" REQUIRED "%s}", more);
	kit_reset(kit);
	assert_int_equal(decode(kit, json, &a), RC_OK);
	return a.capabilities;
}

static uint64_t key_end(struct kit *kit, const char *more)
{
	struct ap_key key;
	char json[512];
	snprintf(json, sizeof(json),
		 "{'id':'https://a.example/u/a#k','controller':'https://a.example/u/a',"
		 "'publicKeyMultibase':'z6'%s}",
		 more);
	kit_reset(kit);
	assert_int_equal(ap_key_decode(&kit->reader, kit_parse(kit, json), &key), RC_OK);
	return key.ends_ms;
}

static void a_key_may_have_an_end(void **state UNUSED)
{
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	assert_int_equal(key_end(&kit, ""), 0);
	assert_int_equal(key_end(&kit, ",'expires':'2026-11-20T10:56:08Z'"), 1795172168000);
	assert_int_equal(key_end(&kit, ",'revoked':'2026-11-20T10:56:08Z',"
				       "'expires':'2027-11-20T10:56:08Z'"),
			 1795172168000);
	assert_int_equal(key_end(&kit, ",'revoked':true"), 1);
	assert_int_equal(key_end(&kit, ",'expires':'2026-11-20T10:56:08Z','revoked':null"), 1);
}

#define CAN "https://w3id.org/fep/8b32"

/* FEP-844e */
static void what_a_server_says_of_itself_is_read(void **state UNUSED)
{
	static const char *const none[] = {
		"",
		",'implements':[{'href':'" CAN "'}]",
		",'generator':'https://a.example/actor'",
		",'generator':{'implements':{'href':7}}",
		",'generator':{'implements':[[],null,{},'https://w3id.org/fep/8b3']}",
		",'generator':{'id':'https://b.example/','implements':'" CAN "'}",
		",'generator':{'id':7,'implements':'" CAN "'}",
	};
	struct kit kit CLEANUP(kit_free);
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		assert_int_equal(capabilities(&kit, none[i]), 0);
	assert_int_equal(capabilities(&kit, ",'generator':{'type':'Application','implements':["
					    "{'href':'https://w3id.org/fep/8b32','name':'x'},"
					    "'https://datatracker.ietf.org/doc/html/rfc9421']}"),
			 1U << AP_CAN_PROOFS | 1U << AP_CAN_RFC9421);
	assert_int_equal(capabilities(&kit, ",'generator':[{'id':'https://a.example/actor',"
					    "'implements':'https://w3id.org/fep/8b32'}]"),
			 1U << AP_CAN_PROOFS);
}

/* FEP-1b12: only of a Group, only a collection by its id, only on its own host. */
static void moderators_of_groups(void **state UNUSED)
{
	static const struct {
		const char *json;
		const char *moderators;
	} rows[] = {
		{ "'type':'Group','attributedTo':'https://a.example/u/a/mods'",
		  "https://a.example/u/a/mods" },
		{ "'type':'Group','moderators':'https://a.example/u/a/mods'",
		  "https://a.example/u/a/mods" },
		{ "'type':'Group','attributedTo':'https://b.example/mods'", NULL },
		{ "'type':'Group','attributedTo':[{'type':'Person','id':'https://a.example/u/b'}]",
		  NULL },
		{ "'type':'Group'", NULL },
		{ "'type':'Person','attributedTo':'https://a.example/u/a/mods'", NULL },
	};
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	char json[512];
	kit_init(&kit);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		snprintf(json, sizeof(json),
			 "{'id':'https://a.example/u/a','preferredUsername':'a',"
			 "'inbox':'https://a.example/u/a/in',%s}",
			 rows[i].json);
		assert_int_equal(decode(&kit, json, &a), RC_OK);
		assert_str_eq(a.moderators,
			      rows[i].moderators != NULL ? str_of(rows[i].moderators) : STR_NONE);
	}
}

/* Only of a Group; what is no Hashtag, or has no name, is none. */
static void what_groups_are_about(void **state UNUSED)
{
	static const char tags[] = "'tag':[{'type':'Hashtag','name':'#Moss'},{'type':'Hashtag'},"
				   "{'type':'Mention','name':'@b'},'#loose',"
				   "{'type':['Hashtag'],'name':'lichen'}]";
	struct kit kit CLEANUP(kit_free);
	struct ap_actor a;
	char json[512];
	kit_init(&kit);
	for (unsigned group = 0; group < 2; group++) {
		snprintf(json, sizeof(json),
			 "{'id':'https://a.example/u/a','preferredUsername':'a','type':'%s',"
			 "'inbox':'https://a.example/u/a/in',%s}",
			 group ? "Group" : "Person", tags);
		assert_int_equal(decode(&kit, json, &a), RC_OK);
		assert_int_equal(a.hashtag_count, group ? 2 : 0);
	}
	assert_str_eq(a.hashtags[0], STR("Moss"));
	assert_str_eq(a.hashtags[1], STR("lichen"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_actor_is_read),
		cmocka_unit_test(hosts_of_an_author_are_bounded_and_are_names),
		cmocka_unit_test(moderators_of_groups),
		cmocka_unit_test(what_groups_are_about),
		cmocka_unit_test(an_actor_without_what_it_needs_is_refused),
		cmocka_unit_test(s018_all_addresses_are_on_the_ids_origin),
		cmocka_unit_test(keys_come_as_pem_and_as_multikeys),
		cmocka_unit_test(a_key_may_have_an_end),
		cmocka_unit_test(what_a_server_says_of_itself_is_read),
		cmocka_unit_test(keys_for_proofs_are_those_in_assertion_method),
		cmocka_unit_test(a_key_in_both_lists_is_taken_once),
		cmocka_unit_test(s013_keys_of_others_are_left_out),
		cmocka_unit_test(a_key_document_of_its_own),
		cmocka_unit_test(s057_surplus_and_overlong_parts_are_cut),
		cmocka_unit_test(s049_any_field_of_any_type),
	};
	return cmocka_run_group_tests_name("actor", tests, NULL, NULL);
}
