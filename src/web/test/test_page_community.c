/* Pages of communities: what they show to everybody, in which order, and what they do not. */
#include "pagekit.h"
#include "store/community.h"

struct making {
	struct community settings;
	struct community_post places[4];
	size_t count;
};

static enum rc make_job(struct db_txn *txn, void *arg)
{
	const struct making *m = arg;
	struct arena *arena = arena_new(1 << 20);
	assert_int_equal(community_put(txn, arena, &m->settings), RC_OK);
	for (size_t i = 0; i < m->count; i++)
		community_post_add(txn, &m->places[i]);
	arena_free(&arena);
	return db_txn_rc(txn);
}

struct scene {
	struct kit kit;
	struct account group, alice;
	struct status first, second, comment;
};

static struct status post_in(struct scene *s, const char *content, const struct status *parent)
{
	struct status status = kit_status(&s->kit, &s->alice, content);
	status.community = s->group.id;
	if (parent != NULL)
		kit_reply_to(&status, parent);
	kit_add_status(&s->kit, &status);
	return status;
}

static struct community_post place_of(const struct scene *s, const struct status *status,
				      const struct status *root)
{
	return (struct community_post){ .community = s->group.id,
					.status = status->id,
					.root = root->id,
					.flags = status->id != root->id ? COMMUNITY_POST_COMMENT
									: 0U,
					.last_ms = status->created_ms };
}

static void begin(struct scene *s, enum community_sight sight, enum community_join join)
{
	static struct str rules[] = { STR_INIT("Be kind " MARKER) };
	kit_init(&s->kit);
	s->alice = kit_person(&s->kit, "alice");
	s->group = kit_local(&s->kit, "botany");
	s->group.kind = ACCOUNT_GROUP;
	s->group.display_name = STR("Botany");
	kit_add_account(&s->kit, &s->group);
	s->first = post_in(s, "<p>first</p>", NULL);
	s->second = post_in(s, "<p>second</p>", NULL);
	s->comment = post_in(s, "<p>comment</p>", &s->first);
	struct making m = { .settings = { .id = s->group.id,
					  .given = COMMUNITY_GIVES_SIGHT | COMMUNITY_GIVES_JOIN |
						   COMMUNITY_GIVES_KIND | COMMUNITY_GIVES_RULES,
					  .sight = sight,
					  .join = join,
					  .kind = STR("course"),
					  .rules = rules,
					  .rule_count = 1 },
			    .places = { place_of(s, &s->first, &s->first),
					place_of(s, &s->second, &s->second),
					place_of(s, &s->comment, &s->first) },
			    .count = 3 };
	test_db_write(&s->kit.d, make_job, &m);
}

static size_t at(struct str text, const char *part)
{
	return str_find(text, str_of(part));
}

static void its_threads_stand_in_the_order_that_is_asked_for(void **state)
{
	struct scene s;
	(void)state;
	begin(&s, COMMUNITY_PUBLIC, COMMUNITY_JOIN_ON_REQUEST);
	struct str page = kit_page(&s.kit, "/@botany?sort=new");
	assert_has(page, STR("<h2>Threads</h2>"));
	assert_has(page, STR("course"));
	assert_has(page, STR("One asks to join"));
	assert_has(page, STR("href=\"/auth/communities?community="));
	assert_has(page, STR("2 threads"));
	assert_has(page, STR("1 comment<"));
	assert_has(page, STR("Be kind " MARKER_ESCAPED));
	assert_has_not(page, STR(MARKER));
	assert_true(at(page, "<p>second</p>") < at(page, "<p>first</p>"));
	assert_has_not(page, STR("<p>comment</p>"));
	assert_has(page, STR("href=\"/@botany?sort=new\" aria-current=\"true\""));
	page = kit_page(&s.kit, "/@botany?sort=comments");
	assert_true(at(page, "<p>first</p>") < at(page, "<p>second</p>"));
	assert_has(page, STR("span=week"));
	/* what is not known is as if nothing was said */
	page = kit_page(&s.kit, "/@botany?sort=best&span=hour&offset=x");
	assert_has(page, STR("<p>first</p>"));
	page = kit_page(&s.kit, "/@botany?offset=2");
	assert_has_not(page, STR("<p>first</p>"));
	/* a thread says where it is */
	page = kit_page(&s.kit, kit_path(&s.kit, &s.alice, &s.first));
	assert_has(page, STR("in <a href=\"/@botany\">"));
	kit_free(&s.kit);
}

static void what_is_not_for_everybody_is_not_shown(void **state)
{
	static const enum community_sight closed[] = { COMMUNITY_LOCAL, COMMUNITY_MEMBERS };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(closed); i++) {
		struct scene s;
		begin(&s, closed[i], COMMUNITY_JOIN_OPEN);
		struct str page = kit_page(&s.kit, "/@botany");
		assert_has(page, STR("What is said here is not for everybody."));
		assert_has_not(page, STR("<p>first</p>"));
		assert_has_not(page, STR("Be kind"));
		assert_has_not(page, STR("course"));
		assert_has_not(page, STR("2 threads"));
		kit_free(&s.kit);
	}
}

/* Each below the one before; the third of them is not listed. */
static void more_of_them(struct scene *s, unsigned count)
{
	uint64_t above = s->group.id;
	for (unsigned i = 0; i < count; i++) {
		struct str name = arena_printf(s->kit.d.arena, "part%u", i);
		struct account group = kit_local(&s->kit, arena_cstr(s->kit.d.arena, name));
		group.kind = ACCOUNT_GROUP;
		kit_add_account(&s->kit, &group);
		struct making m = { .settings = { .id = group.id,
						  .parent = i < 4 ? above : 0,
						  .given = COMMUNITY_GIVES_SIGHT,
						  .sight = i == 2 ? COMMUNITY_UNLISTED
								  : COMMUNITY_PUBLIC,
						  .kind = STR("") } };
		test_db_write(&s->kit.d, make_job, &m);
		above = group.id;
	}
}

static void all_that_may_be_found_are_listed(void **state)
{
	struct scene s;
	(void)state;
	begin(&s, COMMUNITY_PUBLIC, COMMUNITY_JOIN_ON_REQUEST);
	more_of_them(&s, 40);
	struct str page = kit_page(&s.kit, "/communities");
	assert_has(page, STR("<h1>Communities</h1>"));
	assert_has(page, STR("Botany"));
	assert_has(page, STR("2 threads"));
	assert_has(page, STR("One asks to join"));
	assert_has(page, STR("@part1@"));
	/* what is not listed is named nowhere, and not as what another one belongs to */
	assert_has_not(page, STR("part2<"));
	assert_has_not(page, STR("@part2@"));
	assert_int_equal(count_of(page, STR("\"ltr\">@part3@")), 1);
	assert_int_equal(count_of(page, STR("<strong>Part of</strong>")), 2);
	assert_int_equal(count_of(page, STR("\"ltr\">@part")), 29);
	size_t next = str_find(page, STR("/communities?after="));
	assert_true(next != page.len);
	struct str path = str_skip(page, next);
	path = str_take(path, str_index(path, '"'));
	page = kit_page(&s.kit, arena_cstr(s.kit.d.arena, path));
	assert_int_equal(count_of(page, STR("\"ltr\">@part")), 10);
	assert_has_not(page, STR("/communities?after="));
	assert_has_not(page, STR("Botany"));
	/* the first page of the node has the first of them, and leads to all */
	page = kit_page(&s.kit, "/");
	assert_has(page, STR("<h2>Communities</h2>"));
	assert_has(page, STR("href=\"/communities\">All communities"));
	assert_int_equal(count_of(page, STR("\"ltr\">@part")), 5);
	kit_free(&s.kit);
}

static void none_is_listed_that_does_not_want_it(void **state)
{
	static const enum community_sight hidden[] = { COMMUNITY_UNLISTED, COMMUNITY_LOCAL,
						       COMMUNITY_MEMBERS };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hidden); i++) {
		struct scene s;
		begin(&s, hidden[i], COMMUNITY_JOIN_OPEN);
		struct str page = kit_page(&s.kit, "/communities");
		assert_has(page, STR("There is no community that asks to be listed."));
		assert_has_not(page, STR("otany"));
		assert_has_not(kit_page(&s.kit, "/"), STR("otany"));
		kit_free(&s.kit);
	}
}

static void an_invitation_that_is_none_leads_nowhere(void **state)
{
	struct scene s;
	(void)state;
	begin(&s, COMMUNITY_PUBLIC, COMMUNITY_JOIN_BY_INVITATION);
	assert_int_equal(kit_ask(&s.kit, "/communities/join?code=x", "").status, 404);
	assert_int_equal(kit_ask(&s.kit, "/communities/join", "").status, 404);
	kit_free(&s.kit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_threads_stand_in_the_order_that_is_asked_for),
		cmocka_unit_test(what_is_not_for_everybody_is_not_shown),
		cmocka_unit_test(all_that_may_be_found_are_listed),
		cmocka_unit_test(none_is_listed_that_does_not_want_it),
		cmocka_unit_test(an_invitation_that_is_none_leads_nowhere),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
