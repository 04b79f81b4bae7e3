/* Languages that a post can be said to be in. */
#ifndef FF_API_LANGUAGES_INT_H
#define FF_API_LANGUAGES_INT_H

#include <stddef.h>

struct language {
	const char *code;
	const char *name;
};
extern const struct language languages[];
extern const size_t language_count;

#endif
