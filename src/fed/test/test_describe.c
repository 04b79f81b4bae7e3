/* The tables of the federation document are whole: whatever they claim has its proof. */
#include "../describe_int.h"

#include <string.h>

#include "ap/vocab.h"
#include "fed/describe.h"
#include "testkit.h"

static void a_row_is_complete(const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_true(cells[i][0] != '\0');
		assert_null(strchr(cells[i], '|'));
	}
}

static void every_yes_has_its_proof(void **state UNUSED)
{
	for (size_t i = 0; i < capability_table_count; i++) {
		const struct capability_row *c = &capability_table[i];
		const char *const cells[] = { c->chapter, c->what };
		a_row_is_complete(cells, ARRAY_LEN(cells));
		if ((c->support != SUPPORT_NO) != (c->test[0] != '\0'))
			fail_msg("%s", c->what);
	}
	for (size_t i = 0; i < fep_table_count; i++) {
		const struct fep_row *f = &fep_table[i];
		const char *const cells[] = { f->id, f->title, f->how, f->test };
		a_row_is_complete(cells, ARRAY_LEN(cells));
		assert_int_equal(strlen(f->id), 4);
		assert_true(i == 0 || strcmp(fep_table[i - 1].id, f->id) < 0);
	}
}

static void every_quirk_says_where_it_is_handled(void **state UNUSED)
{
	for (size_t i = 0; i < quirk_table_count; i++) {
		const struct quirk_row *q = &quirk_table[i];
		const char *const cells[] = { q->software, q->versions, q->what, q->where,
					      q->test };
		a_row_is_complete(cells, ARRAY_LEN(cells));
		assert_true(strncmp(q->where, "src/", 4) == 0);
	}
}

static void every_type_of_post_is_described(void **state UNUSED)
{
	for (size_t i = 0; i < object_table_count; i++) {
		const struct object_row *o = &object_table[i];
		const char *const cells[] = { o->type, o->what, o->test };
		a_row_is_complete(cells, ARRAY_LEN(cells));
		assert_str_eq(str_of(o->type), ap_post_type(i));
	}
	assert_null(ap_post_type(object_table_count).ptr);
}

static void the_page_has_its_chapters(void **state UNUSED)
{
	static const char *const parts[] = { "# Federation\n",
					     "## Supported federation protocols and standards\n",
					     "## Supported FEPs\n",
					     "## ActivityPub\n",
					     "| Create | a post | whose object it is |",
					     "| Undo | Follow | whose activity it was |",
					     "### Objects\n",
					     "## Peers and what they do in another way\n",
					     "## Capabilities\n",
					     "## Additional documentation\n" };
	struct buf page CLEANUP(buf_free) = BUF_INIT(1 << 20);
	fed_describe(&page);
	assert_false(page.failed);
	struct str rest = buf_str(&page);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t at = str_find(rest, str_of(parts[i]));
		if (at == rest.len)
			fail_msg("%s", parts[i]);
		rest = str_skip(rest, at);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_yes_has_its_proof),
		cmocka_unit_test(every_quirk_says_where_it_is_handled),
		cmocka_unit_test(every_type_of_post_is_described),
		cmocka_unit_test(the_page_has_its_chapters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
