/* The entity Poll. Pure. */
#include "view_int.h"

/* No counts: they are told when the poll is over. */
static void render_options(struct jw *w, const struct poll *poll, bool counted)
{
	jw_name(w, "options");
	jw_array(w);
	for (unsigned i = 0; i < poll->option_count; i++) {
		jw_object(w);
		jw_member_str(w, "title", poll->options[i].name);
		if (counted)
			jw_member_u64(w, "votes_count", poll->options[i].votes);
		else
			jw_member_null(w, "votes_count");
		jw_end(w);
	}
	jw_end(w);
}

static void render_own(struct jw *w, const struct poll_view *view)
{
	jw_member_bool(w, "voted", view->voted);
	jw_name(w, "own_votes");
	jw_array(w);
	for (unsigned i = 0; i < view->poll->option_count; i++) {
		if ((view->own_votes & (1U << i)) != 0)
			jw_u64(w, i);
	}
	jw_end(w);
}

void render_poll(struct jw *w, const struct poll_view *view, const struct status *status)
{
	const struct poll *poll = view->poll;
	bool multiple = (poll->flags & POLL_MULTIPLE) != 0;
	uint64_t votes = 0;
	for (unsigned i = 0; i < poll->option_count; i++)
		votes += poll->options[i].votes;
	jw_object(w);
	jw_member_id(w, "id", view->status);
	jw_name(w, "expires_at");
	if (poll->ends_ms != 0)
		jw_date(w, poll->ends_ms);
	else
		jw_null(w);
	jw_member_bool(w, "expired", view->over);
	jw_member_bool(w, "multiple", multiple);
	jw_member_u64(w, "votes_count", votes);
	/* of one choice each, voters are votes, whether they were told or not */
	if (multiple && poll->voters == 0 && votes != 0)
		jw_member_null(w, "voters_count");
	else
		jw_member_u64(w, "voters_count", multiple ? poll->voters : votes);
	render_options(w, poll, view->over || (poll->flags & POLL_SECRET) == 0);
	jw_name(w, "emojis");
	render_emojis(w, status->emojis, status->emoji_count);
	if (view->known_viewer)
		render_own(w, view);
	jw_end(w);
}
