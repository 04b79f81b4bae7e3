/* Decoding of activities. Pure. */
#include "ap/activity.h"

#include "field_int.h"

/* S-004: exactly one id; an array of one is how some servers write it. */
static struct str actor_decode(const struct ap_reader *reader, struct jr field)
{
	if (jr_one_count(field) != 1)
		return STR_NONE;
	return ap_id(reader, field);
}

enum rc ap_activity_decode(const struct ap_reader *reader, struct jr root, struct ap_activity *out)
{
	struct jr type = jr_get(root, "type");
	*out = (struct ap_activity){
		.type = ap_type_activity(type),
		.type_text = jr_str(jr_one_at(type, 0)),
		.id = ap_id(reader, jr_get(root, "id")),
		.actor = actor_decode(reader, jr_get(root, "actor")),
		.object = jr_get(root, "object"),
		.object_id = ap_id(reader, jr_get(root, "object")),
		.target = jr_get(root, "target"),
		.instrument = jr_get(root, "instrument"),
		.result = jr_get(root, "result"),
		.content = ap_text(root, "content", NULL, NULL),
		.published_ms = ap_time(jr_get(root, "published")),
		.root = root,
	};
	/* Lemmy gives its reason as a summary */
	if (out->content.ptr == NULL && out->type == AP_FLAG)
		out->content = ap_text(root, "summary", NULL, NULL);
	if (jr_type(root) != JR_OBJECT || out->type_text.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "not an activity: no type");
	if (out->actor.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "the actor is not one valid id");
	/* ActivityPub section 3: null is an id that was left out on purpose */
	struct jr id = jr_get(root, "id");
	if (jr_type(id) != JR_ABSENT && jr_type(id) != JR_NULL && out->id.ptr == NULL)
		return ctx_fail(reader->ctx, RC_INVALID, "the activity's id is not valid");
	if (out->id.ptr != NULL && !ap_same_origin(reader, out->id, out->actor))
		return ctx_fail(reader->ctx, RC_INVALID,
				"the activity's id is not on its actor's host");
	if (out->type != AP_OTHER && jr_one_count(out->object) == 0)
		return ctx_fail(reader->ctx, RC_INVALID, "an activity without an object");
	return ap_complete(reader);
}
