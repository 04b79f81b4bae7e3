/* A community over HTTP that each test makes as it needs it, and three people: alice, who makes it, bob and
 * carol. Paths are with ":id", of the community first. */
#ifndef FF_API_TEST_CLUBKIT_H
#define FF_API_TEST_CLUBKIT_H

#include "apikit.h"

#define BASE "/api/fediflow/v1/communities"

struct scene {
	struct apikit *kit;
	struct account alice, bob, carol;
	struct str alice_token, bob_token, carol_token;
	uint64_t id; /* alice's community */
};

/* As setup and teardown of a test. */
int club_begin(void **state);
int club_end(void **state);
/* Each ":id" is the next of two numbers. */
const char *text(struct scene *s, const char *format, uint64_t a, uint64_t b);
/* The first ":id" of the path is the community's, the second is b. */
struct answer ask(struct scene *s, const char *method, struct str token, const char *path,
		  uint64_t b, const char *body);
struct answer get(struct scene *s, struct str token, const char *path, uint64_t b);
struct answer post(struct scene *s, struct str token, const char *path, uint64_t b,
		   const char *body);
/* Alice makes "botany"; more are members of the request's object. */
void make(struct scene *s, const char *more);
/* A thread in it; 0: refused. */
uint64_t say(struct scene *s, struct str token, const char *words);
/* How many a list has that was answered with 200. */
size_t count(const struct answer *a);

#endif
