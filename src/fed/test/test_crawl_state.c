/* The state of a crawl: its stored form, its list, its limits. */
#include "crawl_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testkit.h"

static struct crawl *any_crawl(void)
{
	struct crawl *c = calloc(1, sizeof(*c));
	must(c != NULL);
	crawl_init(c, CRAWL_LOOK, 4);
	c->id = 5;
	c->context = STR("https://a.example/context");
	c->context_state = CRAWL_CONTEXT_ASKED;
	c->requests = 300;
	c->bytes = UINT64_C(1) << 40;
	c->spent_ms = 7;
	c->later_count = 1;
	c->later[0] = (struct crawl_entry){ .kind = CRAWL_PAGE,
					    .source = CRAWL_OF_CONTEXT,
					    .uri = STR("https://a.example/p?2") };
	return c;
}

static void a_crawl_comes_back_as_it_was(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 22);
	struct buf payload CLEANUP(buf_free) = BUF_INIT(CRAWL_PAYLOAD_MAX);
	struct crawl *c = any_crawl(), *read = any_crawl();
	const struct crawl_entry entry = { CRAWL_PAGE, CRAWL_OF_REPLIES,	  1, 2, 3, 0,
					   77,	       STR("https://b.example/r") };
	crawl_push(c, arena, &entry);
	crawl_push(c, arena, &entry); /* once is enough */
	crawl_note_slow(c, STR("b.example"));
	assert_int_equal(c->count, 1);
	crawl_encode(&payload, c);
	assert_true(crawl_decode(arena, buf_str(&payload), read));
	assert_true(read->mode == c->mode && read->id == 5 && read->root == 4);
	assert_true(read->bytes == c->bytes && read->context_state == c->context_state);
	assert_str_eq(read->later[0].uri, c->later[0].uri);
	assert_true(read->count == 1 && read->entries[0].owner == 77 && read->entries[0].page == 2);
	assert_str_eq(read->entries[0].uri, entry.uri);
	assert_true(crawl_is_slow(read, STR("b.example")));
	crawl_push(read, arena, &entry); /* it has been seen */
	assert_int_equal(read->count, 1);
	for (size_t n = 0; n < payload.len; n++)
		assert_false(crawl_decode(arena, str_n(payload.ptr, n), read));
	free(c);
	free(read);
	arena_free(&arena);
}

static void s057_a_list_of_long_addresses_is_cut_not_lost(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 24);
	struct buf payload CLEANUP(buf_free) = BUF_INIT(CRAWL_PAYLOAD_MAX);
	struct crawl *c = any_crawl(), *read = any_crawl();
	char uri[IRI_MAX];
	memset(uri, 'a', sizeof(uri));
	for (unsigned i = 0; i < 3000; i++) {
		snprintf(uri, 40, "https://b.example/%08u", i);
		uri[26] = 'a';
		const struct crawl_entry entry = { .kind = CRAWL_POST,
						   .source = CRAWL_OF_REPLIES,
						   .uri = str_n(uri, sizeof(uri)) };
		crawl_push(c, arena, &entry);
	}
	assert_int_equal(c->count, CRAWL_ENTRIES_MAX);
	crawl_encode(&payload, c);
	assert_false(payload.failed);
	assert_true(crawl_decode(arena, buf_str(&payload), read));
	assert_true(read->count > 200 && read->count < CRAWL_ENTRIES_MAX);
	free(c);
	free(read);
	arena_free(&arena);
}

static struct ap_collection page_of(unsigned count, const char *next)
{
	static const char *const item = "https://b.example/p/%u";
	static char texts[AP_ITEMS_MAX][40];
	struct ap_collection page = { .item_count = count };
	for (unsigned i = 0; i < count; i++) {
		snprintf(texts[i], sizeof(texts[i]), item, i);
		page.items[i] = str_of(texts[i]);
	}
	if (next != NULL)
		page.next = str_of(next);
	return page;
}

static void s054_what_was_too_long_goes_on_another_time(void **state UNUSED)
{
	static const struct {
		struct crawl_entry entry;
		unsigned items;
		bool goes_on, resumes;
	} cases[] = {
		{ { CRAWL_PAGE, CRAWL_OF_REPLIES, 0, 0, 0, 0, 4, STR_INIT("x") }, 50, true, false },
		{ { CRAWL_PAGE, CRAWL_OF_REPLIES, 0, 0, 50, 0, 4, STR_INIT("x") },
		  50,
		  false,
		  true },
		{ { CRAWL_PAGE, CRAWL_OF_REPLIES, 0, 9, 9, 0, 4, STR_INIT("x") }, 1, false, true },
		/* only those of the thread itself */
		{ { CRAWL_PAGE, CRAWL_OF_REPLIES, 3, 9, 9, 0, 77, STR_INIT("x") },
		  1,
		  false,
		  false },
		{ { CRAWL_PAGE, CRAWL_OF_CONTEXT, 0, 0, 100, 0, 4, STR_INIT("x") },
		  50,
		  true,
		  false },
		{ { CRAWL_PAGE, CRAWL_OF_CONTEXT, 0, 0, 480, 0, 4, STR_INIT("x") },
		  50,
		  false,
		  true },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena *arena = arena_new(1 << 20);
		struct crawl *c = any_crawl();
		const struct ap_collection page = page_of(cases[i].items, "https://b.example/next");
		c->later_count = 0;
		crawl_read_page(c, arena, &cases[i].entry, &page);
		bool goes_on = c->entries[c->count - 1].kind == CRAWL_PAGE;
		assert_int_equal(goes_on, cases[i].goes_on);
		assert_int_equal(c->later_count, cases[i].resumes);
		assert_int_equal(c->count, cases[i].items + goes_on);
		free(c);
		arena_free(&arena);
	}
}

static void s055_too_deep_a_reply_is_not_put_on_the_list(void **state UNUSED)
{
	struct arena *arena = arena_new(1 << 20);
	struct crawl *c = any_crawl();
	const struct crawl_entry entry = { .kind = CRAWL_PAGE,
					   .source = CRAWL_OF_REPLIES,
					   .depth = CRAWL_DEPTH_MAX,
					   .uri = STR("https://b.example/r") };
	const struct ap_collection page = page_of(3, NULL);
	crawl_read_page(c, arena, &entry, &page);
	assert_int_equal(c->count, 0);
	free(c);
	arena_free(&arena);
}

static void s061_every_mode_has_its_end(void **state UNUSED)
{
	static const enum crawl_mode modes[] = { CRAWL_CLIMB, CRAWL_LOOK, CRAWL_OUTBOX };
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		const struct crawl_limits *l = crawl_limits(modes[i]);
		struct crawl *c = any_crawl();
		c->mode = modes[i];
		c->requests = c->bytes = c->spent_ms = 0;
		assert_true(crawl_may_go_on(c, l->requests - 1, l->bytes - 1, l->ms - 1));
		assert_false(crawl_may_go_on(c, l->requests, 0, 0));
		assert_false(crawl_may_go_on(c, 0, l->bytes, 0));
		assert_false(crawl_may_go_on(c, 0, 0, l->ms));
		c->requests = 1;
		assert_false(crawl_may_go_on(c, l->requests - 1, 0, 0));
		free(c);
	}
	assert_int_equal(crawl_limits(CRAWL_CLIMB)->requests, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crawl_comes_back_as_it_was),
		cmocka_unit_test(s057_a_list_of_long_addresses_is_cut_not_lost),
		cmocka_unit_test(s054_what_was_too_long_goes_on_another_time),
		cmocka_unit_test(s055_too_deep_a_reply_is_not_put_on_the_list),
		cmocka_unit_test(s061_every_mode_has_its_end),
	};
	return cmocka_run_group_tests_name("crawl-state", tests, NULL, NULL);
}
