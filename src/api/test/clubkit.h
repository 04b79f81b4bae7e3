/* A community over HTTP that each test makes as it needs it, with the people of scenekit.h; alice makes it. Paths are
 * with ":id", of the community first. */
#ifndef FF_API_TEST_CLUBKIT_H
#define FF_API_TEST_CLUBKIT_H

#include "scenekit.h"

#define BASE "/api/fediflow/v1/communities"

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
