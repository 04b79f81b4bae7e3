/* A community over HTTP, for the tests of what communities have. */
#include "groupkit.h"

static enum rc found_job(struct social *s, void *arg)
{
	struct scene *w = arg;
	const struct account_secrets none = { .key_count = 0 };
	const struct new_account account = { .username = STR("tea"),
					     .display_name = STR("Tea"),
					     .note = STR("") };
	struct community settings = { .sight = w->sight,
				      .given = COMMUNITY_GIVES_SIGHT,
				      .kind = STR("") };
	return community_create(s, &w->alice, &account, &none, &settings, &w->group);
}

void scene_init(struct scene *w, enum community_sight sight)
{
	w->sight = sight;
	w->kit = apikit_new();
	w->alice = test_store_local(&w->kit->t, "alice");
	w->bob = test_store_local(&w->kit->t, "bob");
	w->carol = test_store_local(&w->kit->t, "carol");
	w->alice_token = apikit_sign_in(w->kit, &w->alice, "read write");
	w->bob_token = apikit_sign_in(w->kit, &w->bob, "read write");
	w->carol_token = apikit_sign_in(w->kit, &w->carol, "read write");
	test_store_write(&w->kit->t, found_job, w);
	w->group = test_store_account(&w->kit->t, w->group.id);
	test_store_follow(&w->kit->t, &w->bob, &w->group);
}

void scene_free(struct scene *w)
{
	apikit_free(&w->kit);
}

const char *scene_path(struct scene *w, const char *what, uint64_t id, const char *rest)
{
	return arena_cstr(w->kit->t.d.arena, arena_printf(w->kit->t.d.arena, API "/%s/%llu%s", what,
							  (unsigned long long)id, rest));
}
