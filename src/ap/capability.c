/* What servers say that they can do. Pure. */
#include "ap/capability.h"

#define LINKS_MAX 32 /* that are looked at */

static const struct {
	struct str href;
	struct str name;
} capabilities[] = {
#define X(constant, href, name) [AP_CAN_##constant] = { STR_INIT(href), STR_INIT(name) },
	AP_CAPABILITY_TABLE(X)
#undef X
};

static unsigned links_decode(struct jr list)
{
	unsigned bits = 0;
	for (size_t i = 0; i < jr_one_count(list) && i < LINKS_MAX; i++) {
		struct jr one = jr_one_at(list, i);
		struct str href =
			jr_type(one) == JR_OBJECT ? jr_str(jr_get(one, "href")) : jr_str(one);
		for (unsigned k = 0; k < AP_CAPABILITY_COUNT; k++)
			bits |= str_eq(href, capabilities[k].href) ? 1U << k : 0U;
	}
	return bits;
}

unsigned ap_capabilities_decode(const struct ap_reader *reader, struct jr actor)
{
	struct jr generator = jr_one_at(jr_get(actor, "generator"), 0);
	struct jr id = jr_get(generator, "id");
	unsigned bits = 0;
	if (str_eq(jr_str(jr_one_at(jr_get(actor, "type"), 0)), STR("Application")))
		bits = links_decode(jr_get(actor, "implements"));
	/* FEP-fe34: what has an id elsewhere is not told by this document */
	if (jr_type(id) == JR_ABSENT ||
	    ap_same_origin(reader, ap_id(reader, id), ap_id(reader, jr_get(actor, "id"))))
		bits |= links_decode(jr_get(generator, "implements"));
	return bits;
}

static void links_write(struct jw *w)
{
	jw_name(w, "implements");
	jw_array(w);
	for (size_t i = 0; i < AP_CAPABILITY_COUNT; i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("Link"));
		jw_member_str(w, "href", capabilities[i].href);
		jw_member_str(w, "name", capabilities[i].name);
		jw_end(w);
	}
	jw_end(w);
}

void ap_capabilities_write(struct jw *w, struct str actor, struct str server)
{
	if (server.len == 0)
		return;
	if (str_eq(actor, server))
		return links_write(w);
	jw_name(w, "generator");
	jw_object(w);
	jw_member_str(w, "type", STR("Application"));
	jw_member_str(w, "id", server);
	links_write(w);
	jw_end(w);
}
