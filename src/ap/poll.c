/* Decoding and encoding of polls and votes. Pure. */
#include "ap/poll.h"

#include "core/utf8.h"

#define NAME_BYTES (AP_POLL_NAME_CHARS * 4)

static uint32_t count_of(struct jr v)
{
	int64_t n;
	if (!jr_i64(v, &n) || n < 0)
		return 0;
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static bool has_option(const struct ap_poll *p, struct str name)
{
	for (unsigned i = 0; i < p->option_count; i++) {
		if (str_eq(p->options[i].name, name))
			return true;
	}
	return false;
}

/* Misskey repeats the number under a name of its own; where replies tell it, too, they agree. */
static uint32_t option_votes(struct jr option)
{
	struct jr total = jr_get(jr_get(option, "replies"), "totalItems");
	return count_of(jr_type(total) != JR_ABSENT ? total : jr_get(option, "_misskey_votes"));
}

static void option_decode(struct jr option, struct ap_poll *out)
{
	struct str name = ap_text(option, "name", "nameMap", NULL);
	name = utf8_take(name, AP_POLL_NAME_CHARS, NAME_BYTES);
	/* a vote names its option: a second one of that name could not be chosen */
	if (name.len == 0 || has_option(out, name))
		return;
	out->options[out->option_count++] = (struct ap_poll_option){ name, option_votes(option) };
}

static void options_decode(struct jr list, struct ap_poll *out)
{
	size_t count = jr_one_count(list);
	for (size_t i = 0; i < count && out->option_count < AP_POLL_OPTIONS_MAX; i++)
		option_decode(jr_one_at(list, i), out);
}

/* `closed` may be a time, a boolean, or anything that is there (Activity Vocabulary section 4). */
static void closed_decode(struct jr closed, struct ap_poll *out)
{
	out->closed_ms = ap_time(closed);
	if (jr_type(closed) == JR_BOOL)
		out->closed = jr_bool(closed, false);
	else
		out->closed = out->closed_ms == 0 && jr_type(closed) != JR_ABSENT &&
			      jr_type(closed) != JR_NULL;
}

bool ap_poll_decode(struct jr object, struct ap_poll *out)
{
	*out = (struct ap_poll){ .multiple = false };
	options_decode(jr_get(object, "oneOf"), out);
	/* Pleroma and Akkoma have both lists, one of them empty */
	if (out->option_count == 0) {
		out->multiple = true;
		options_decode(jr_get(object, "anyOf"), out);
	}
	if (out->option_count == 0)
		return false;
	closed_decode(jr_get(object, "closed"), out);
	out->ends_ms = ap_time(jr_get(object, "endTime"));
	/* FEP-9967: Pleroma and Akkoma tell the end in advance under the other name */
	if (out->ends_ms == 0)
		out->ends_ms = out->closed_ms;
	struct jr voters = jr_get(object, "votersCount");
	out->voters_known = jr_type(voters) == JR_NUMBER;
	out->voters = count_of(voters);
	return true;
}

void ap_write_poll(struct jw *w, const struct ap_poll *p)
{
	jw_name(w, p->multiple ? "anyOf" : "oneOf");
	jw_array(w);
	for (unsigned i = 0; i < p->option_count; i++) {
		jw_object(w);
		jw_member_str(w, "type", STR("Note"));
		jw_member_str(w, "name", p->options[i].name);
		jw_name(w, "replies");
		jw_object(w);
		jw_member_str(w, "type", STR("Collection"));
		jw_member_u64(w, "totalItems", p->options[i].votes);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
	jw_member_u64(w, "votersCount", p->voters);
	if (p->ends_ms != 0)
		jw_member_date(w, "endTime", p->ends_ms);
	if (p->closed_ms != 0)
		jw_member_date(w, "closed", p->closed_ms);
}

/* --- votes --- */

bool ap_is_vote(struct jr object)
{
	struct str type = jr_str(jr_one_at(jr_get(object, "type"), 0));
	/* Pleroma's own name for it has been seen on the wire, too */
	return (str_eq(type, STR("Note")) || str_eq(type, STR("Answer"))) &&
	       jr_str(jr_get(object, "name")).len != 0 &&
	       ap_text(object, "content", "contentMap", NULL).len == 0 &&
	       jr_one_count(jr_get(object, "inReplyTo")) == 1 &&
	       jr_one_count(jr_get(object, "attachment")) == 0;
}

bool ap_vote_decode(const struct ap_reader *reader, struct jr object, struct ap_vote *out)
{
	if (!ap_is_vote(object))
		return false;
	*out = (struct ap_vote){
		.id = ap_id(reader, jr_get(object, "id")),
		.author = ap_id(reader, jr_get(object, "attributedTo")),
		.poll = ap_id(reader, jr_get(object, "inReplyTo")),
		.name = jr_str(jr_get(object, "name")),
	};
	return out->poll.ptr != NULL;
}

void ap_write_vote(struct jw *w, const struct ap_vote *vote, struct str to)
{
	jw_object(w);
	jw_member_str(w, "id", vote->id);
	jw_member_str(w, "type", STR("Note"));
	jw_member_str(w, "attributedTo", vote->author);
	jw_member_str(w, "inReplyTo", vote->poll);
	jw_member_str(w, "to", to);
	jw_member_str(w, "name", vote->name);
	jw_end(w);
}
