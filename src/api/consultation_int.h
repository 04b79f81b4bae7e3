/* Consultations of communities as clients see them. */
#ifndef FF_API_CONSULTATION_INT_H
#define FF_API_CONSULTATION_INT_H

#include "own_int.h"
#include "social/consultation.h"

struct consultation_view {
	struct consultation consultation;
	enum consultation_state state;
	uint64_t turnout;
	bool may_vote; /* the viewer */
	bool voted;
};

void render_consultation(struct jw *w, const struct consultation_view *view);
void render_consultation_result(struct jw *w, const struct consultation *consultation,
				const struct consultation_result *result);

#endif
