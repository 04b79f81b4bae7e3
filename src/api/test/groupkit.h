/* A community over HTTP: alice owns it, bob is its member, carol is not. */
#ifndef FF_API_TEST_GROUPKIT_H
#define FF_API_TEST_GROUPKIT_H

#include "apikit.h"
#include "social/community.h"

#define API "/api/fediflow/v1"

struct scene {
	struct apikit *kit;
	struct account alice, bob, carol, group;
	struct str alice_token, bob_token, carol_token;
	enum community_sight sight;
};

void scene_init(struct scene *w, enum community_sight sight);
/* Fits CLEANUP(scene_free). */
void scene_free(struct scene *w);
/* API "/what/id", and rest behind it; lives as long as the kit. */
const char *scene_path(struct scene *w, const char *what, uint64_t id, const char *rest);

#endif
