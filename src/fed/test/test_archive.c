/* What an account takes along: all of it that may leave, proved, and taken over once (FEP-6fcd). */
#include "fed/archive.h"
#include "fedkit.h"
#include "store/graph.h"
#include "store/tables.h"

#define FILES_MAX 16

struct files {
	struct arena *arena;
	const char *names[FILES_MAX];
	struct str bytes[FILES_MAX];
	size_t count;
};

static enum rc keep(void *arg, const char *name, struct str bytes)
{
	struct files *files = arg;
	assert_true(files->count < FILES_MAX);
	files->names[files->count] = arena_str(files->arena, str_of(name)).ptr;
	files->bytes[files->count++] = arena_str(files->arena, bytes);
	return RC_OK;
}

static struct str file(const struct files *files, const char *name)
{
	for (size_t i = 0; i < files->count; i++) {
		if (strcmp(files->names[i], name) == 0)
			return files->bytes[i];
	}
	fail_msg("there is no %s", name);
	return STR_NONE;
}

static struct files exported(struct fedkit *kit, struct archive_totals *totals)
{
	struct files files = { .arena = kit->arena };
	struct ctx ctx = { .arena = kit->arena };
	const struct archive_sink sink = { .put = keep, .arg = &files };
	if (archive_export(kit->fed, &ctx, kit->alice.id, &sink, totals) != RC_OK)
		fail_msg("%s", err_text(&ctx.err));
	return files;
}

struct answer {
	struct fedkit *kit;
	struct draft draft;
};

static enum rc answer_job(struct db_txn *txn, void *arg)
{
	struct answer *a = arg;
	struct ctx ctx = { .arena = a->kit->arena };
	struct social s = { .txn = txn, .ctx = &ctx, .site = &a->kit->site };
	return act_post(&s, &a->draft);
}

static uint64_t answer(struct fedkit *kit, uint64_t parent, const char *text)
{
	struct ctx ctx = { .arena = kit->arena };
	struct answer a = { kit, { .author = kit->alice, .parent = parent, .text = str_of(text) } };
	assert_int_equal(act_compose(&ctx, &kit->site, kit->db, NULL, &a.draft), RC_OK);
	kit_write(kit, answer_job, &a);
	return a.draft.status.id;
}

/* alice, with some of everything */
struct past {
	uint64_t first, reply, letter;
};

static struct past make_past(struct fedkit *kit)
{
	struct past past = { 0 };
	struct peer_actor carol = kit_peer(kit, CAROL, 0);
	past.first = kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "the first");
	past.reply = answer(kit, past.first, "the second");
	kit_post(kit, &kit->alice, VISIBILITY_FOLLOWERS, "for followers");
	past.letter = kit_post(kit, &kit->alice, VISIBILITY_DIRECT, "a letter");
	kit_post(kit, &kit->alice, VISIBILITY_LOCAL, "within these walls");
	kit_follow(kit, kit->alice.id, carol.id, FOLLOW_ACCEPTED, ALICE "#follows/1");
	kit_follow(kit, kit->bob.id, kit->alice.id, FOLLOW_ACCEPTED, "");
	return past;
}

static bool contains(struct str text, const char *part)
{
	return str_find(text, str_of(part)) != text.len;
}

static void all_that_may_leave_is_written(void **state)
{
	struct fedkit *kit = *state;
	struct archive_totals totals;
	make_past(kit);
	struct files files = exported(kit, &totals);
	struct str outbox = file(&files, "activitypub/outbox.json");
	assert_int_equal(totals.posts, 4);
	assert_int_equal(totals.following, 1);
	assert_int_equal(totals.followers, 1);
	assert_true(contains(outbox, "the first") && contains(outbox, "the second") &&
		    contains(outbox, "for followers") && contains(outbox, "a letter"));
	assert_false(contains(outbox, "within these walls"));
	assert_str_eq(file(&files, ARCHIVE_FOLLOWING),
		      STR("Account address,Show boosts,Notify on new posts,Languages\n"
			  "carol@peer.example,true,false,\n"));
	assert_str_eq(file(&files, ARCHIVE_FOLLOWERS), STR("Account address\nbob@home.example\n"));
	assert_str_eq(file(&files, ARCHIVE_BLOCKED), STR(""));
	assert_true(contains(file(&files, "activitypub/actor.json"), "\"" ALICE "\""));
	/* the manifest comes last, since it tells of all others */
	assert_string_equal(files.names[files.count - 1], ARCHIVE_MANIFEST);
	assert_int_equal(files.count, 6);
}

static void many_posts_are_pages(void **state)
{
	struct fedkit *kit = *state;
	struct archive_totals totals;
	struct archive_import import = { .account = kit->bob.id, .controller = STR(ALICE) };
	struct ctx ctx = { .arena = kit->arena };
	for (unsigned i = 0; i < 450; i++)
		kit_post(kit, &kit->alice, VISIBILITY_PUBLIC, "again");
	struct files files = exported(kit, &totals);
	assert_int_equal(totals.posts, 450);
	const char *const pages[] = { "activitypub/outbox.json", "activitypub/outbox-2.json",
				      "activitypub/outbox-3.json" };
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		assert_int_equal(
			archive_import_posts(kit->fed, &ctx, file(&files, pages[i]), &import),
			RC_OK);
	assert_int_equal(import.taken, 450);
}

static void an_archive_proves_whose_it_is(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct archive_totals totals;
	struct str controller;
	make_past(kit);
	struct files files = exported(kit, &totals);
	struct str manifest = file(&files, ARCHIVE_MANIFEST);
	assert_int_equal(archive_controller(kit->fed, &ctx, manifest, &controller), RC_OK);
	assert_str_eq(controller, STR(ALICE));
	assert_int_equal(archive_verify(kit->fed, &ctx, manifest), RC_OK);
	for (size_t i = 0; i + 1 < files.count; i++) {
		struct str name = str_of(files.names[i]), bytes = files.bytes[i];
		assert_int_equal(archive_verify_file(&ctx, manifest, name, bytes), RC_OK);
		/* one byte more, another name */
		struct str longer = arena_join(kit->arena, bytes, STR(" "));
		assert_int_equal(archive_verify_file(&ctx, manifest, name, longer), RC_INVALID);
	}
	assert_int_equal(archive_verify_file(&ctx, manifest, STR("activitypub/x.json"), STR("")),
			 RC_INVALID);
	/* a manifest that was changed: another owner, another digest, no proof */
	struct str forged = kit_json(kit, "%.*s", STR_ARG(manifest));
	size_t at = str_find(forged, STR("users/alice"));
	memcpy((char *)(uintptr_t)forged.ptr + at, "users/bobby", 11);
	assert_int_equal(archive_verify(kit->fed, &ctx, forged), RC_UNAUTHENTICATED);
	forged = kit_json(kit, "%.*s", STR_ARG(manifest));
	at = str_find(forged, STR("sha256\":\"")) + 9;
	char *digit = (char *)(uintptr_t)forged.ptr + at;
	*digit = *digit == '0' ? '1' : '0';
	assert_int_equal(archive_verify(kit->fed, &ctx, forged), RC_UNAUTHENTICATED);
	assert_int_equal(archive_verify(kit->fed, &ctx, STR("{\"ubc-version\":\"0.1\"}")),
			 RC_UNAUTHENTICATED);
	assert_int_equal(archive_verify(kit->fed, &ctx, STR("ubc-version: 0.1\n")), RC_UNSUPPORTED);
	assert_int_equal(archive_verify(kit->fed, &ctx, STR("{\"ubc-version\":\"0.2\"}")),
			 RC_UNSUPPORTED);
}

static void posts_come_over_once_in_their_time_and_in_silence(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct archive_totals totals;
	struct status first, reply;
	struct archive_import import = { .account = kit->bob.id, .controller = STR(ALICE) };
	struct past past = make_past(kit);
	struct files files = exported(kit, &totals);
	struct str outbox = file(&files, "activitypub/outbox.json");
	uint64_t jobs = kit_rows(kit, &queue_table_job), notices = kit_rows(kit, &store_notice);
	assert_int_equal(archive_import_posts(kit->fed, &ctx, outbox, &import), RC_OK);
	assert_int_equal(import.taken, 3);
	assert_int_equal(import.skipped, 1); /* the letter */
	assert_int_equal(kit_rows(kit, &store_status_origin), 3);
	assert_int_equal(kit_rows(kit, &queue_table_job), jobs);
	assert_int_equal(kit_rows(kit, &store_notice), notices);
	struct db_txn *txn;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	struct str uri = kit_post_uri(kit, past.first), reply_uri = kit_post_uri(kit, past.reply);
	assert_true(status_get(txn, kit->arena, status_of_origin(txn, uri), &first));
	assert_true(status_get(txn, kit->arena, status_of_origin(txn, reply_uri), &reply));
	db_read_end(&txn);
	assert_int_equal(first.account, kit->bob.id);
	assert_true((first.flags & STATUS_LOCAL) != 0);
	assert_true(str_has_prefix(first.uri, STR(BOB "/statuses/")));
	assert_str_eq(first.origin, uri);
	assert_int_equal(reply.parent, first.id);
	assert_str_eq(reply.parent_uri, first.uri);
	assert_true(contains(first.content.markup, "the first"));
	/* again: nothing */
	import.taken = import.skipped = 0;
	assert_int_equal(archive_import_posts(kit->fed, &ctx, outbox, &import), RC_OK);
	assert_int_equal(import.taken, 0);
	assert_int_equal(import.known, 3);
}

static void an_old_post_stands_among_the_old_ones(void **state)
{
	struct fedkit *kit = *state;
	struct ctx ctx = { .arena = kit->arena };
	struct status_entry entries[4];
	struct archive_import import = { .account = kit->bob.id, .controller = STR(CAROL) };
	uint64_t today = kit_post(kit, &kit->bob, VISIBILITY_PUBLIC, "today");
	struct str outbox = STR(
		"{\"type\":\"OrderedCollection\",\"orderedItems\":["
		"{\"type\":\"Create\",\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" CAROL
		"/notes/2\",\"type\":\"Note\",\"attributedTo\":\"" CAROL "\",\"content\":\"new\","
		"\"published\":\"2019-05-02T10:00:00Z\",\"to\":\"" AP_PUBLIC "\"}},"
		"{\"type\":\"Create\",\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" CAROL
		"/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" CAROL "\",\"content\":\"old"
		"<script>x</script>\",\"published\":\"2019-05-02T10:00:00Z\",\"to\":\"" AP_PUBLIC
		"\"}},"
		/* not theirs, not a post, not an object at all */
		"{\"type\":\"Create\",\"actor\":\"" CAROL "\",\"object\":{\"id\":\"" DAVE
		"/notes/1\",\"type\":\"Note\",\"attributedTo\":\"" DAVE "\",\"content\":\"x\","
		"\"to\":\"" AP_PUBLIC "\"}},"
		"{\"type\":\"Announce\",\"actor\":\"" CAROL "\",\"object\":\"" DAVE "/notes/1\"},"
		"7]}");
	assert_int_equal(archive_import_posts(kit->fed, &ctx, outbox, &import), RC_OK);
	assert_int_equal(import.taken, 2);
	assert_int_equal(import.skipped, 3);
	struct db_txn *txn;
	struct status s;
	assert_int_equal(db_read_begin(kit->db, &txn), RC_OK);
	assert_int_equal(status_by_author(txn, kit->bob.id, 0, 0, entries, 4), 3);
	assert_int_equal(entries[0].id, today);
	assert_true(status_get(txn, kit->arena, entries[2].id, &s));
	db_read_end(&txn);
	assert_str_eq(s.origin, STR(CAROL "/notes/1"));
	assert_str_eq(s.content.markup, STR("old"));
	assert_int_equal(entries[2].id >> 16, s.created_ms);
	assert_int_equal(entries[1].id, entries[2].id + 1); /* of the same moment */
}

static void what_is_no_outbox_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		"[]",
		"{}",
		"{\"type\":\"OrderedCollection\"}",
		"{\"type\":\"OrderedCollection\",\"orderedItems\":{}}",
		"{\"type\":\"Note\",\"orderedItems\":[]}",
		"{\"type\":\"OrderedCollection\",\"orderedItems\":[}",
	};
	struct fedkit *kit = *state;
	struct archive_import import = { .account = kit->bob.id, .controller = STR(CAROL) };
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct ctx ctx = { .arena = kit->arena };
		assert_int_equal(archive_import_posts(kit->fed, &ctx, str_of(texts[i]), &import),
				 RC_INVALID);
	}
	struct ctx ctx = { .arena = kit->arena };
	struct str empty = STR("{\"type\":\"OrderedCollection\",\"orderedItems\":[]}");
	assert_int_equal(archive_import_posts(kit->fed, &ctx, empty, &import), RC_OK);
	import.account = 12345;
	assert_int_equal(archive_import_posts(kit->fed, &ctx, empty, &import), RC_OK);
	assert_int_equal(import.taken + import.known + import.skipped, 0);
}

static void addresses_of_lists_are_found(void **state UNUSED)
{
	struct str csv = STR("Account address,Show boosts\r\n@a@b.example,true\n"
			     "c@d.example\n\nnobody\n@\nx @y\n a@e.example , false\n@f@g.example");
	struct str address;
	const char *const expected[] = { "a@b.example", "c@d.example", "a@e.example",
					 "f@g.example" };
	for (size_t i = 0; i < ARRAY_LEN(expected); i++) {
		assert_true(archive_next_address(&csv, &address));
		assert_str_eq(address, str_of(expected[i]));
	}
	assert_false(archive_next_address(&csv, &address));
}

int main(void)
{
#define WITH_KIT(test) cmocka_unit_test_setup_teardown(test, kit_setup, kit_teardown)
	const struct CMUnitTest tests[] = {
		WITH_KIT(all_that_may_leave_is_written),
		WITH_KIT(many_posts_are_pages),
		WITH_KIT(an_archive_proves_whose_it_is),
		WITH_KIT(posts_come_over_once_in_their_time_and_in_silence),
		WITH_KIT(an_old_post_stands_among_the_old_ones),
		WITH_KIT(what_is_no_outbox_is_refused),
		cmocka_unit_test(addresses_of_lists_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
