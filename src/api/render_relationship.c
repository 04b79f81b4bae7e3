/* The entity Relationship. Pure. */
#include "own_int.h"

static void render_languages(struct jw *w, const struct relationship *r)
{
	struct str rest = r->follow.languages, one;
	jw_name(w, "languages");
	if (r->follow.state == FOLLOW_NONE || rest.len == 0) {
		jw_null(w);
		return;
	}
	jw_array(w);
	while (str_next(&rest, ',', &one))
		jw_str(w, one);
	jw_end(w);
}

void render_relationship(struct jw *w, const struct relationship *r)
{
	bool follows = r->follow.state != FOLLOW_NONE;
	jw_object(w);
	jw_member_id(w, "id", r->account);
	jw_member_bool(w, "following", r->follow.state == FOLLOW_ACCEPTED);
	jw_member_bool(w, "showing_reblogs", follows && (r->follow.flags & FOLLOW_NO_BOOSTS) == 0);
	jw_member_bool(w, "notifying", follows && (r->follow.flags & FOLLOW_NOTIFY) != 0);
	render_languages(w, r);
	jw_member_bool(w, "followed_by", r->follows == FOLLOW_ACCEPTED);
	jw_member_bool(w, "blocking", r->blocking);
	jw_member_bool(w, "blocked_by", r->blocked_by);
	jw_member_bool(w, "muting", r->muting);
	jw_member_bool(w, "muting_notifications", r->muting_notifications);
	jw_member_time(w, "muting_expires_at", r->mute_ends_ms);
	jw_member_bool(w, "requested", r->follow.state == FOLLOW_PENDING);
	/* apps ask for a decision where it is so */
	jw_member_bool(w, "requested_by", r->follows == FOLLOW_PENDING || r->asks != 0);
	jw_member_bool(w, "domain_blocking", r->domain_blocking);
	jw_member_bool(w, "endorsed", r->endorsed);
	jw_member_str(w, "note", r->note);
	jw_end(w);
}
