/* The stored forms of what belongs to one person: what is written is read, and nothing less. */
#include <stdlib.h>

#include "../announcement_int.h"
#include "../filter_int.h"
#include "../list_int.h"
#include "../personal_int.h"
#include "../schedule_int.h"
#include "../shelf_int.h"
#include "testkit.h"

static void encode_shelved(struct buf *out)
{
	const struct shelved item = { .text = STR("cats"),
				      .order = 77,
				      .until_ms = 1700000000000,
				      .flags = SHELVED_NOTIFICATIONS };
	shelved_encode(out, &item);
}

static bool decode_shelved(struct arena *arena UNUSED, struct str value)
{
	struct shelved item;
	return shelved_decode(value, &item) && item.order == 77 && item.until_ms == 1700000000000 &&
	       item.flags == SHELVED_NOTIFICATIONS && str_eq(item.text, STR("cats"));
}

static void encode_list(struct buf *out)
{
	const struct list list = { .replies = REPLIES_TO_FOLLOWED,
				   .exclusive = true,
				   .title = STR("t") };
	list_encode(out, &list);
}

static bool decode_list(struct arena *arena UNUSED, struct str value)
{
	struct list list;
	return list_decode(value, &list) && list.replies == REPLIES_TO_FOLLOWED && list.exclusive &&
	       str_eq(list.title, STR("t"));
}

static void encode_filter(struct buf *out)
{
	struct filter_keyword words[2] = { { 1, true, STR("a") }, { 2, false, STR("b") } };
	struct filter_status posts[1] = { { 3, 4 } };
	const struct filter f = { .contexts = FILTER_PUBLIC,
				  .action = FILTER_HIDE,
				  .expires_ms = 9,
				  .title = STR("t"),
				  .keywords = words,
				  .keyword_count = 2,
				  .statuses = posts,
				  .status_count = 1 };
	filter_encode(out, &f);
}

static bool decode_filter(struct arena *arena, struct str value)
{
	struct filter f;
	return filter_decode(arena, value, &f) && f.contexts == FILTER_PUBLIC &&
	       f.action == FILTER_HIDE && f.expires_ms == 9 && f.keyword_count == 2 &&
	       f.keywords[1].id == 2 && str_eq(f.keywords[1].text, STR("b")) &&
	       f.status_count == 1 && f.statuses[0].status == 4;
}

static void encode_note(struct buf *out)
{
	account_note_encode(out, STR("note"));
}

static bool decode_note(struct arena *arena UNUSED, struct str value)
{
	struct str text;
	return account_note_decode(value, &text) && str_eq(text, STR("note"));
}

static void encode_markers(struct buf *out)
{
	const struct marker markers[MARKERS] = { { 1, 2, 3 }, { 4, 500, 6 } };
	markers_encode(out, markers);
}

static bool decode_markers(struct arena *arena UNUSED, struct str value)
{
	struct marker m[MARKERS];
	return markers_decode(value, m) && m[0].last_read == 1 && m[1].version == 500 &&
	       m[1].updated_ms == 6;
}

static void encode_preference(struct buf *out)
{
	const struct preference p = { .visibility = VISIBILITY_LOCAL,
				      .sensitive = true,
				      .quotes = 3,
				      .language = STR("de"),
				      .expand_media = EXPAND_SHOW_ALL,
				      .expand_spoilers = true };
	preference_encode(out, &p);
}

static bool decode_preference(struct arena *arena UNUSED, struct str value)
{
	struct preference p;
	return preference_decode(value, &p) && p.visibility == VISIBILITY_LOCAL && p.sensitive &&
	       p.expand_spoilers && !p.autoplay && p.quotes == 3 &&
	       p.expand_media == EXPAND_SHOW_ALL && str_eq(p.language, STR("de"));
}

static void encode_scheduled(struct buf *out)
{
	const struct scheduled s = { .due_ms = 8, .params = STR("{\"text\":\"x\"}") };
	scheduled_encode(out, &s);
}

static bool decode_scheduled(struct arena *arena UNUSED, struct str value)
{
	struct scheduled s;
	return scheduled_decode(value, &s) && s.due_ms == 8 && s.params.len == 12;
}

static void encode_idempotent(struct buf *out)
{
	const struct idempotent i = { true, 5, 6 };
	idempotent_encode(out, &i);
}

static bool decode_idempotent(struct arena *arena UNUSED, struct str value)
{
	struct idempotent i;
	return idempotent_decode(value, &i) && i.scheduled && i.id == 5 && i.at_ms == 6;
}

static void encode_announcement(struct buf *out)
{
	const struct announcement a = { .text = STR("t"),
					.content = html_trusted(STR("<p>t</p>")),
					.starts_ms = 1,
					.ends_ms = 2,
					.all_day = true,
					.published_ms = 3,
					.updated_ms = 4 };
	announcement_encode(out, &a);
}

static bool decode_announcement(struct arena *arena UNUSED, struct str value)
{
	struct announcement a;
	return announcement_decode(value, &a) && a.all_day && a.starts_ms == 1 && a.ends_ms == 2 &&
	       a.published_ms == 3 && a.updated_ms == 4 &&
	       str_eq(a.content.markup, STR("<p>t</p>"));
}

static void encode_mark(struct buf *out)
{
	const struct announcement_mark m = { .read = true,
					     .names = { STR_INIT("a"), STR_INIT("b") },
					     .name_count = 2 };
	announcement_mark_encode(out, &m);
}

static bool decode_mark(struct arena *arena UNUSED, struct str value)
{
	struct announcement_mark m;
	return announcement_mark_decode(value, &m) && m.read && m.name_count == 2 &&
	       str_eq(m.names[1], STR("b"));
}

static void encode_counts(struct buf *out)
{
	const struct announcement_count counts[] = { { STR_INIT("a"), 7 }, { STR_INIT("b"), 300 } };
	announcement_counts_encode(out, counts, 2);
}

static bool decode_counts(struct arena *arena UNUSED, struct str value)
{
	struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX];
	size_t n;
	return announcement_counts_decode(value, counts, &n) && n == 2 && counts[1].count == 300 &&
	       str_eq(counts[0].name, STR("a"));
}

static const struct {
	const char *name;
	void (*encode)(struct buf *out);
	bool (*decode)(struct arena *arena, struct str value);
} codecs[] = {
	{ "shelved", encode_shelved, decode_shelved },
	{ "list", encode_list, decode_list },
	{ "filter", encode_filter, decode_filter },
	{ "note", encode_note, decode_note },
	{ "markers", encode_markers, decode_markers },
	{ "preference", encode_preference, decode_preference },
	{ "scheduled", encode_scheduled, decode_scheduled },
	{ "idempotent", encode_idempotent, decode_idempotent },
	{ "announcement", encode_announcement, decode_announcement },
	{ "mark", encode_mark, decode_mark },
	{ "counts", encode_counts, decode_counts },
};

static void what_is_written_is_read_and_nothing_less(void **state UNUSED)
{
	for (size_t c = 0; c < ARRAY_LEN(codecs); c++) {
		struct arena *arena = arena_new(1 << 20);
		struct buf row CLEANUP(buf_free) = BUF_INIT(1 << 16);
		codecs[c].encode(&row);
		if (!codecs[c].decode(arena, buf_str(&row)))
			fail_msg("%s does not come back", codecs[c].name);
		for (size_t len = 0; len < row.len; len++) {
			/* an exact copy, so that one byte too far is seen */
			char *copy = malloc(len != 0 ? len : 1);
			assert_non_null(copy);
			memcpy(copy, row.ptr, len);
			if (codecs[c].decode(arena, str_n(copy, len)))
				fail_msg("%s reads %zu of %zu bytes", codecs[c].name, len, row.len);
			free(copy);
		}
		buf_add_chr(&row, 'x');
		assert_false(codecs[c].decode(arena, buf_str(&row)));
		row.ptr[0] = 99;
		buf_cut(&row, row.len - 1);
		assert_false(codecs[c].decode(arena, buf_str(&row)));
		arena_free(&arena);
	}
}

static void keys_sort_by_owner_and_place(void **state UNUSED)
{
	struct reckey a = shelf_order_key(SHELF_TAGS, 1, 9), b = shelf_order_key(SHELF_TAGS, 2, 1);
	struct reckey c = shelf_order_key(SHELF_TAGS, 2, 0x100),
		      d = shelf_order_key(SHELF_TAGS, 2, 2);
	assert_true(str_cmp(reckey_str(&a), reckey_str(&b)) < 0);
	assert_true(str_cmp(reckey_str(&b), reckey_str(&d)) < 0);
	assert_true(str_cmp(reckey_str(&d), reckey_str(&c)) < 0);
}

static void every_shelf_says_what_stands_on_it(void **state UNUSED)
{
	assert_int_equal(shelf_of(0), SHELF_OF_NOTHING);
	for (unsigned i = 1; i <= SHELF_LAST; i++)
		assert_int_not_equal(shelf_of(i), SHELF_OF_NOTHING);
	assert_int_equal(shelf_of(SHELF_LAST + 1), SHELF_OF_NOTHING);
}

static void names_of_reply_policies_lead_back(void **state UNUSED)
{
	enum replies_policy p;
	for (unsigned i = 0; i <= REPLIES_TO_NOBODY; i++) {
		assert_true(replies_policy_parse(
			str_of(replies_policy_name((enum replies_policy)i)), &p));
		assert_int_equal(p, i);
	}
	assert_false(replies_policy_parse(STR("everybody"), &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_and_nothing_less),
		cmocka_unit_test(keys_sort_by_owner_and_place),
		cmocka_unit_test(every_shelf_says_what_stands_on_it),
		cmocka_unit_test(names_of_reply_policies_lead_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
