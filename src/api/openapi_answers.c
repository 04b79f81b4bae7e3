/*
 * What our own API answers, as OpenAPI: the column `answer` of its rows, the statuses that all routes have, and
 * the entities of schemas/entities/. Pure.
 */
#include "openapi_int.h"

#define JSON_TYPE "application/json"
#define SCHEMAS "#/components/schemas/"
#define RESPONSES "#/components/responses/"
#define SCHEMAS_MAX ((size_t)1 << 20)

/* Made of schemas/entities/: the members of one object, piece by piece up to a NULL. */
extern const char *const entity_lines[];

/* --- statuses --- */

enum when {
	ALWAYS,
	WITH_TOKEN,  /* where one is looked at */
	WITH_BODY,   /* of what is no GET */
	WITH_PARAMS, /* or where a person must ask */
	WHEN_SAID,   /* by the row */
};

/* As call.c and reply_rc() answer. */
static const struct {
	const char *status, *name;
	enum when when;
	const char *text;
} refusals[] = {
	{ "400", "Malformed", ALWAYS, "The query or the body cannot be read." },
	{ "401", "NoToken", WITH_TOKEN, "There is no token, or it is not valid." },
	{ "403", "Forbidden", WITH_TOKEN,
	  "The role or the scope does not permit it; the reason is in error." },
	{ "404", "NotFound", ALWAYS, "There is none that the caller may know of." },
	{ "409", "Conflict", WHEN_SAID, "It is not so that this can be done now." },
	{ "413", "TooLarge", WITH_BODY, "The body is too large." },
	{ "415", "BodyType", WITH_BODY,
	  "The body is neither JSON nor a form (multipart or URL encoded)." },
	{ "422", "Invalid", WITH_PARAMS, "A parameter is wrong; the reason is in error." },
	{ "429", "TooMany", ALWAYS,
	  "Too many requests; X-RateLimit-Reset says when there may be more." },
	{ "500", "Failure", ALWAYS, "Something went wrong on the node." },
	{ "503", "Busy", ALWAYS, "The node is busy; Retry-After says when to ask again." },
	{ "507", "Full", WITH_BODY, "The node has no room left." },
};

static bool applies(const struct api_route *r, enum when when)
{
	switch (when) {
	case ALWAYS:
		return true;
	case WITH_TOKEN:
		return r->auth != AUTH_NONE;
	case WITH_BODY:
		return r->method != HTTP_GET;
	case WITH_PARAMS:
		return r->params != NULL || r->auth >= AUTH_USER;
	case WHEN_SAID:
		return false;
	}
	return false;
}

/* Does the row say the word behind what it answers? */
static bool says(const struct api_route *r, const char *wanted)
{
	struct str rest = str_of(r->answer), word;
	for (bool first = true; str_next(&rest, ' ', &word); first = false) {
		if (!first && str_eq(word, str_of(wanted)))
			return true;
	}
	return false;
}

static void member_ref(struct jw *w, const char *base, struct str name)
{
	struct buf ref CLEANUP(buf_free) = BUF_INIT(256);
	buf_addf(&ref, "%s%.*s", base, STR_ARG(name));
	jw_member_str(w, "$ref", buf_str(&ref));
}

/* --- what is asked for --- */

static void add_entity(struct jw *w, struct str name)
{
	jw_object(w);
	member_ref(w, SCHEMAS, name);
	jw_end(w);
}

static void add_choice(struct jw *w, struct str names)
{
	struct str name;
	jw_object(w);
	jw_name(w, "anyOf");
	jw_array(w);
	while (str_next(&names, '|', &name))
		add_entity(w, name);
	jw_end(w);
	jw_end(w);
}

static void add_schema(struct jw *w, struct str what)
{
	if (str_has_prefix(what, STR("["))) {
		jw_object(w);
		jw_member_str(w, "type", STR("array"));
		jw_name(w, "items");
		add_entity(w, str_take(str_skip(what, 1), what.len - 2));
		jw_end(w);
	} else if (str_contains(what, STR("|"))) {
		add_choice(w, what);
	} else {
		add_entity(w, what);
	}
}

static void add_link(struct jw *w)
{
	jw_name(w, "headers");
	jw_object(w);
	jw_name(w, "Link");
	jw_object(w);
	jw_member_str(w, "description",
		      STR("Where the next page is, while there may be one (RFC 8288)."));
	jw_name(w, "schema");
	jw_object(w);
	jw_member_str(w, "type", STR("string"));
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

static void add_done(struct jw *w, const struct api_route *r)
{
	struct str rest = str_of(r->answer), what;
	bool named = str_next(&rest, ' ', &what);
	must(named);
	bool entity = !str_contains(what, STR("/"));
	jw_name(w, "200");
	jw_object(w);
	jw_member_str(w, "description", STR("Done; or what was asked for."));
	if (says(r, "Link"))
		add_link(w);
	jw_name(w, "content");
	jw_object(w);
	jw_name_str(w, entity ? STR(JSON_TYPE) : what);
	jw_object(w);
	if (entity) {
		jw_name(w, "schema");
		add_schema(w, what);
	}
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

void openapi_add_responses(struct jw *w, const struct api_route *r)
{
	/* the unit test asks for it by name */
	must(r->answer != NULL);
	jw_name(w, "responses");
	jw_object(w);
	add_done(w, r);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		if (!applies(r, refusals[i].when) && !says(r, refusals[i].status))
			continue;
		jw_name(w, refusals[i].status);
		jw_object(w);
		member_ref(w, RESPONSES, str_of(refusals[i].name));
		jw_end(w);
	}
	jw_end(w);
}

/* --- what is referred to --- */

static void add_refusals(struct jw *w)
{
	jw_name(w, "responses");
	jw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		jw_name(w, refusals[i].name);
		jw_object(w);
		jw_member_str(w, "description", str_of(refusals[i].text));
		jw_name(w, "content");
		jw_object(w);
		jw_name(w, JSON_TYPE);
		jw_object(w);
		jw_name(w, "schema");
		add_entity(w, STR("Error"));
		jw_end(w);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}

void openapi_add_shared(struct jw *w)
{
	struct buf schemas CLEANUP(buf_free) = BUF_INIT(SCHEMAS_MAX);
	add_refusals(w);
	buf_add_chr(&schemas, '{');
	for (const char *const *line = entity_lines; *line != NULL; line++)
		buf_add(&schemas, str_of(*line));
	buf_add(&schemas, STR("}\n"));
	jw_name(w, "schemas");
	jw_raw(w, buf_str(&schemas));
}
