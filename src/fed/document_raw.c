/* Fetching a document as it is, for an administrator who wants to see it. */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

struct looking {
	struct ctx ctx;
	void (*done)(void *arg, enum rc rc, const struct fed_document *doc, struct str reason);
	void *arg;
};

static void came(void *arg, enum rc rc, struct document *doc)
{
	struct looking *l = arg;
	struct arena *arena = l->ctx.arena;
	struct fed_document out = { 0 };
	if (rc == RC_OK)
		out = (struct fed_document){ doc->url, STR(AP_MEDIA_TYPE), doc->bytes };
	l->done(l->arg, rc, rc == RC_OK ? &out : NULL, str_of(err_text(&l->ctx.err)));
	arena_free(&arena);
}

void fed_fetch_document(struct fed *fed, struct str url,
			void (*done)(void *arg, enum rc rc, const struct fed_document *doc,
				     struct str reason),
			void *arg)
{
	struct arena *arena = arena_new(WORK_ARENA_MAX);
	must(arena != NULL);
	struct looking *l = ARENA_NEW(arena, struct looking);
	must(l != NULL);
	l->ctx.arena = arena;
	l->done = done;
	l->arg = arg;
	document_fetch(fed, &l->ctx, url, came, l);
}
