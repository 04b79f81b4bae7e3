/* What both forms of the routes of filters share. */
#ifndef FF_API_FILTER_INT_H
#define FF_API_FILTER_INT_H

#include "own_int.h"

/* What a client says of a filter besides its words. */
struct filter_params {
	struct str title;
	struct str_list contexts;
	uint32_t action;
	struct str expires_in; /* seconds; empty: never */
};
#define FILTER_ACTION_BLUR_MEDIA 3 /* the other name of one */

/* Applies them. RC_INVALID with the reason in ctx. */
enum rc filter_params_apply(struct call *call, const struct filter_params *p,
			    struct filter *f) NODISCARD;

/* One of the caller's. RC_NOT_FOUND. */
enum rc filter_read(struct call *call, uint64_t id, struct filter *out) NODISCARD;
enum rc filter_read_part(struct call *call, uint64_t id, struct filter_place *out) NODISCARD;
/* Writes it; f->id 0: a new one. */
enum rc filter_save(struct call *call, struct filter *f) NODISCARD;
enum rc filter_drop_part(struct call *call, struct filter_place *place) NODISCARD;
/* 422 with the reason. */
void reply_filter_invalid(struct call *call, enum rc rc);

#endif
