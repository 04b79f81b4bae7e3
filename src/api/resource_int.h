/* What communities share, as clients see it. */
#ifndef FF_API_RESOURCE_INT_H
#define FF_API_RESOURCE_INT_H

#include "own_int.h"
#include "social/resource.h"

struct version_view {
	struct resource_version version;
	bool has_medium;
	struct media_view medium;
};

struct resource_view {
	struct resource resource;
	struct version_view newest;
	bool may_change, may_drop;
};

void render_resource(struct jw *w, const struct resource_view *view);
void render_resource_version(struct jw *w, const struct version_view *view);

#endif
