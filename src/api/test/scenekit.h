/* Three people over HTTP, two or three of them signed in: what most tests of routes begin with. */
#ifndef FF_API_TEST_SCENEKIT_H
#define FF_API_TEST_SCENEKIT_H

#include "apikit.h"

struct scene {
	struct apikit *kit;
	struct account alice, bob, carol;
	struct str alice_token, bob_token, carol_token;
	uint64_t id; /* of what a test is about */
};

/* Set-ups of tests. carol is of c.example, and not signed in. */
int scene_begin(void **state);
/* bob decides who follows him. */
int scene_begin_locked(void **state);
/* carol is of here, too. */
int scene_begin_here(void **state);
int scene_end(void **state);

#endif
