/* The parts of the description of our own API. */
#ifndef FF_API_OPENAPI_INT_H
#define FF_API_OPENAPI_INT_H

#include "api_int.h"

/* "responses": of an operation, as its row says. */
void openapi_add_responses(struct jw *w, const struct api_route *r);
/* "responses" and "schemas" of the components: what operations refer to. */
void openapi_add_shared(struct jw *w);

#endif
