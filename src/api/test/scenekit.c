/* Scenes for tests of routes. */
#include "scenekit.h"

#include <stdlib.h>

#define SCOPES "read write follow"

static struct scene *scene_new(void **state)
{
	struct scene *s = calloc(1, sizeof(*s));
	assert_non_null(s);
	s->kit = apikit_new();
	s->alice = test_store_local(&s->kit->t, "alice");
	s->alice_token = apikit_sign_in(s->kit, &s->alice, SCOPES);
	*state = s;
	return s;
}

static void add_bob(struct scene *s, bool locked)
{
	s->bob =
		locked ? test_store_locked(&s->kit->t, "bob") : test_store_local(&s->kit->t, "bob");
	s->bob_token = apikit_sign_in(s->kit, &s->bob, SCOPES);
}

int scene_begin(void **state)
{
	struct scene *s = scene_new(state);
	add_bob(s, false);
	s->carol = test_store_remote(&s->kit->t, "carol", "c.example");
	return 0;
}

int scene_begin_locked(void **state)
{
	struct scene *s = scene_new(state);
	add_bob(s, true);
	s->carol = test_store_remote(&s->kit->t, "carol", "c.example");
	return 0;
}

int scene_begin_here(void **state)
{
	struct scene *s = scene_new(state);
	add_bob(s, false);
	s->carol = test_store_local(&s->kit->t, "carol");
	s->carol_token = apikit_sign_in(s->kit, &s->carol, SCOPES);
	return 0;
}

int scene_end(void **state)
{
	struct scene *s = *state;
	apikit_free(&s->kit);
	free(s);
	return 0;
}
