/* The entities Badge and BadgeAward, which are ours. Pure. */
#include "community_int.h"

void render_badge(struct jw *w, const struct badge *badge)
{
	jw_object(w);
	jw_member_id(w, "id", badge->id);
	jw_member_str(w, "name", badge->name);
	jw_member_str(w, "description", badge->description);
	jw_member_str(w, "emoji", badge->emoji);
	jw_member_date(w, "created_at", badge->created_ms);
	jw_end(w);
}

void render_awards(struct jw *w, const struct community_card *card)
{
	jw_array(w);
	for (size_t i = 0; i < card->award_count; i++) {
		const struct badge_award *award = &card->awards[i];
		jw_object(w);
		jw_member_id(w, "id", award->id);
		jw_name(w, "badge");
		render_badge(w, &card->badges[i]);
		jw_member_id(w, "by_account_id", award->by);
		jw_member_date(w, "given_at", award->given_ms);
		jw_member_str(w, "reason", award->reason);
		jw_end(w);
	}
	jw_end(w);
}
