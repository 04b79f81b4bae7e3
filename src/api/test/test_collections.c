/* Collections of accounts over HTTP, and what their renderers write. */
#include <stdlib.h>

#include "../own_int.h"
#include "scenekit.h"
#include "social/collection.h"

#define COLLECTIONS "/api/v1/collections"

static const char *text(struct scene *s, const char *format, uint64_t a, uint64_t b)
{
	struct arena *arena = s->kit->t.d.arena;
	struct str out = str_of(format), id;
	for (int i = 0; i < 2; i++) {
		size_t at = str_find(out, STR(":id"));
		id = arena_printf(arena, "%llu", (unsigned long long)(i == 0 ? a : b));
		if (at != out.len)
			out = arena_printf(arena, "%.*s%.*s%.*s", STR_ARG(str_take(out, at)),
					   STR_ARG(id), STR_ARG(str_skip(out, at + 3)));
	}
	return arena_cstr(arena, out);
}

static struct answer ask(struct scene *s, const char *method, struct str token, const char *path,
			 uint64_t a, uint64_t b, const char *body)
{
	return api_ask(s->kit, method, token, text(s, path, a, b), body);
}

/* alice's, with bob in it. */
static uint64_t make(struct scene *s, uint64_t *item)
{
	struct answer a = api_post(
		s->kit, s->alice_token, COLLECTIONS,
		text(s,
		     "{\"name\":\"Nice people\",\"description\":\"<b>very</b> nice\","
		     "\"language\":\"en\",\"tag_name\":\"#People\",\"account_ids\":[\":id\"]}",
		     s->bob.id, 0));
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "collection.name"), STR("Nice people"));
	assert_str_eq(answer_str(&a, "collection.description"), STR("<b>very</b> nice"));
	assert_str_eq(answer_str(&a, "collection.tag.name"), STR("People"));
	assert_int_equal(answer_num(&a, "collection.item_count"), 1);
	struct jr first = jr_at(answer_at(&a, "collection.items"), 0);
	assert_str_eq(jr_str(jr_get(first, "state")), STR("accepted"));
	assert_true(str_to_u64(jr_str(jr_get(first, "id")), item));
	uint64_t id;
	assert_true(str_to_u64(answer_str(&a, "collection.id"), &id));
	return id;
}

static void a_collection_is_made_changed_and_deleted(void **state)
{
	struct scene *s = *state;
	uint64_t item, id = make(s, &item);
	struct answer a = ask(s, "GET", STR_NONE, COLLECTIONS "/:id", id, 0, NULL);
	assert_int_equal(a.status, 200);
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 2);
	a = ask(s, "PATCH", s->alice_token, COLLECTIONS "/:id", id, 0,
		"{\"name\":\"Good people\",\"discoverable\":false,\"tag_name\":\"\"}");
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "collection.name"), STR("Good people"));
	assert_str_eq(answer_str(&a, "collection.description"), STR("<b>very</b> nice"));
	assert_int_equal(jr_type(answer_at(&a, "collection.tag")), JR_NULL);
	/* somebody else's */
	a = ask(s, "PATCH", s->bob_token, COLLECTIONS "/:id", id, 0, "{\"name\":\"x\"}");
	assert_int_equal(a.status, 403);
	assert_int_equal(ask(s, "DELETE", s->bob_token, COLLECTIONS "/:id", id, 0, NULL).status,
			 403);
	assert_int_equal(ask(s, "DELETE", s->alice_token, COLLECTIONS "/:id", id, 0, NULL).status,
			 200);
	assert_int_equal(ask(s, "GET", STR_NONE, COLLECTIONS "/:id", id, 0, NULL).status, 404);
}

static void accounts_are_put_in_taken_out_and_leave(void **state)
{
	struct scene *s = *state;
	uint64_t item, id = make(s, &item);
	const char *carol = text(s, "account_id=:id", s->carol.id, 0);
	struct answer a = ask(s, "POST", s->bob_token, COLLECTIONS "/:id/items", id, 0, carol);
	assert_int_equal(a.status, 403);
	a = ask(s, "POST", s->alice_token, COLLECTIONS "/:id/items", id, 0, carol);
	assert_int_equal(a.status, 200);
	assert_str_eq(answer_str(&a, "collection_item.state"), STR("accepted"));
	uint64_t other;
	assert_true(str_to_u64(answer_str(&a, "collection_item.id"), &other));
	assert_int_equal(
		ask(s, "POST", s->alice_token, COLLECTIONS "/:id/items", id, 0, carol).status, 422);
	a = ask(s, "POST", s->alice_token, COLLECTIONS "/:id/items", id, 0, "");
	assert_int_equal(a.status, 422);
	assert_str_eq(answer_str(&a, "error"), STR("`account_id` parameter is missing"));
	/* only who is recommended leaves, only whose it is removes */
	const char *one = COLLECTIONS "/:id/items/:id",
		   *leave = COLLECTIONS "/:id/items/:id/revoke";
	assert_int_equal(ask(s, "POST", s->carol_token, leave, id, item, NULL).status, 404);
	assert_int_equal(ask(s, "POST", s->bob_token, leave, id, item, NULL).status, 200);
	assert_int_equal(ask(s, "DELETE", s->bob_token, one, id, other, NULL).status, 403);
	assert_int_equal(ask(s, "DELETE", s->alice_token, one, id, other, NULL).status, 200);
	assert_int_equal(ask(s, "DELETE", s->alice_token, one, id, other, NULL).status, 404);
	a = ask(s, "GET", STR_NONE, COLLECTIONS "/:id", id, 0, NULL);
	assert_int_equal(answer_num(&a, "collection.item_count"), 0);
	assert_int_equal(jr_count(answer_at(&a, "collection.items")), 0);
}

static struct answer notices(struct scene *s, const char *type)
{
	struct answer a = api_get(s->kit, s->bob_token, "/api/v1/notifications?types[]=%s", type);
	assert_int_equal(a.status, 200);
	return a;
}

static void who_is_in_it_is_told(void **state)
{
	struct scene *s = *state;
	uint64_t item, id = make(s, &item);
	struct answer a = notices(s, "added_to_collection");
	assert_int_equal(jr_count(a.json), 1);
	struct jr first = jr_at(a.json, 0);
	assert_str_eq(jr_str(jr_get(jr_get(first, "collection"), "name")), STR("Nice people"));
	assert_int_equal(jr_count(notices(s, "collection_update").json), 0);
	ask(s, "PATCH", s->alice_token, COLLECTIONS "/:id", id, 0, "{\"name\":\"Good people\"}");
	a = notices(s, "collection_update");
	assert_int_equal(jr_count(a.json), 1);
	first = jr_at(a.json, 0);
	assert_str_eq(jr_str(jr_get(jr_get(first, "collection"), "name")), STR("Good people"));
	a = api_get(s->kit, s->bob_token, "/api/v2/notifications?types[]=added_to_collection");
	assert_true(str_contains(a.body, STR("\"name\":\"Good people\"")));
	/* what is gone is not told of */
	ask(s, "DELETE", s->alice_token, COLLECTIONS "/:id", id, 0, NULL);
	assert_int_equal(jr_count(notices(s, "added_to_collection").json), 0);
}

static size_t listed(struct scene *s, struct str token, const char *path, uint64_t account)
{
	struct answer a = ask(s, "GET", token, path, account, 0, NULL);
	assert_int_equal(a.status, 200);
	return jr_count(answer_at(&a, "collections"));
}

static void those_of_an_account_are_listed_to_whom_they_are_for(void **state)
{
	struct scene *s = *state;
	const char *made = "/api/v1/accounts/:id/collections",
		   *with = "/api/v1/accounts/:id/in_collections";
	uint64_t item, id = make(s, &item);
	make(s, &item);
	assert_int_equal(listed(s, STR_NONE, made, s->alice.id), 2);
	assert_int_equal(listed(s, STR_NONE, with, s->bob.id), 2);
	assert_int_equal(listed(s, STR_NONE, with, s->alice.id), 0);
	/* what is not to be found */
	ask(s, "PATCH", s->alice_token, COLLECTIONS "/:id", id, 0, "{\"discoverable\":false}");
	assert_int_equal(listed(s, STR_NONE, made, s->alice.id), 1);
	assert_int_equal(listed(s, s->alice_token, made, s->alice.id), 2);
	assert_int_equal(listed(s, s->carol_token, with, s->bob.id), 1);
	assert_int_equal(listed(s, s->bob_token, with, s->bob.id), 2);
	/* pages */
	struct answer a =
		ask(s, "GET", s->alice_token, "/api/v1/accounts/:id/collections?limit=1&offset=1",
		    s->alice.id, 0, NULL);
	assert_int_equal(jr_count(answer_at(&a, "collections")), 1);
	struct str link = answer_header(&a, "Link");
	assert_true(str_contains(link, STR("offset=0>; rel=\"prev\"")));
	assert_false(str_contains(link, STR("next")));
	assert_int_equal(ask(s, "GET", STR_NONE, made, 12345, 0, NULL).status, 404);
	/* S-066: whom one blocks is in none that one sees */
	ask(s, "POST", s->carol_token, "/api/v1/accounts/:id/block", s->bob.id, 0, NULL);
	a = ask(s, "GET", s->carol_token, COLLECTIONS "/:id", id, 0, NULL);
	assert_int_equal(jr_count(answer_at(&a, "collection.items")), 0);
	assert_int_equal(jr_count(answer_at(&a, "accounts")), 1);
}

static void what_is_wrong_is_said(void **state)
{
	struct scene *s = *state;
	static const struct {
		const char *body, *field;
	} cases[] = {
		{ "{}", "name" },
		{ "{\"name\":\"  \"}", "name" },
		{ "{\"name\":\"12345678901234567890123456789012345678901\"}", "name" },
		{ "{\"name\":\"x\",\"language\":\"no language\"}", "name" },
		{ "{\"name\":\"x\",\"account_ids\":[\"7\"]}", "account_ids" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answer a = api_post(s->kit, s->alice_token, COLLECTIONS, cases[i].body);
		assert_int_equal(a.status, 422);
		assert_int_equal(jr_count(jr_get(answer_at(&a, "error.details"), cases[i].field)),
				 1);
	}
	assert_int_equal(listed(s, s->alice_token, "/api/v1/accounts/:id/collections", s->alice.id),
			 0);
	assert_int_equal(api_post(s->kit, STR_NONE, COLLECTIONS, "{\"name\":\"x\"}").status, 401);
}

static void a_collection_to_the_byte(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1 << 16);
	struct jw w;
	const struct site site = { .base = STR("https://home.example") };
	const struct account owner = { .id = 3, .flags = ACCOUNT_LOCAL };
	const struct account_view owner_view = { .account = &owner };
	struct collection_item items[] = { { .id = 8,
					     .account = 9,
					     .state = COLLECTION_PENDING,
					     .created_ms = UINT64_C(1700000000000) } };
	const struct collection_view view = {
		.collection = { .id = 7,
				.account = 3,
				.flags = COLLECTION_DISCOVERABLE,
				.uri = STR("https://home.example/users/a/featured_collections/7"),
				.url = STR(""),
				.name = STR("Owls"),
				.language = STR(""),
				.tag = STR("b\xc3\xa4r"),
				.created_ms = UINT64_C(1700000000000),
				.updated_ms = UINT64_C(1700000000000) },
		.owner = &owner_view,
		.local = true,
		.description = STR("Hoo"),
		.items = items,
		.count = 1,
	};
	jw_init(&w, &out);
	render_collection(&w, &site, &view);
	jw_done(&w);
	assert_str_eq(
		buf_str(&out),
		STR("{\"id\":\"7\",\"account_id\":\"3\","
		    "\"uri\":\"https://home.example/users/a/featured_collections/7\",\"url\":null,"
		    "\"name\":\"Owls\",\"description\":\"Hoo\",\"language\":null,\"local\":true,"
		    "\"sensitive\":false,\"discoverable\":true,\"tag\":{\"name\":\"b\xc3\xa4r\","
		    "\"url\":\"https://home.example/tags/b%C3%A4r\"},\"item_count\":0,\"items\":["
		    "{\"id\":\"8\",\"account_id\":\"9\",\"state\":\"pending\","
		    "\"created_at\":\"2023-11-14T22:13:20.000Z\"}],"
		    "\"created_at\":\"2023-11-14T22:13:20.000Z\","
		    "\"updated_at\":\"2023-11-14T22:13:20.000Z\"}"));
}

int main(void)
{
#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, scene_begin_here, scene_end)
	const struct CMUnitTest tests[] = {
		IN_SCENE(a_collection_is_made_changed_and_deleted),
		IN_SCENE(accounts_are_put_in_taken_out_and_leave),
		IN_SCENE(those_of_an_account_are_listed_to_whom_they_are_for),
		IN_SCENE(who_is_in_it_is_told),
		IN_SCENE(what_is_wrong_is_said),
		cmocka_unit_test(a_collection_to_the_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
