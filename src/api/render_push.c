/* Entity WebPushSubscription. Pure. */
#include "push_int.h"

void render_push(struct jw *w, const struct push_subscription *s, struct str server_key)
{
	jw_object(w);
	jw_member_id(w, "id", s->id);
	jw_member_str(w, "endpoint", s->endpoint);
	jw_member_bool(w, "standard", s->standard);
	jw_name(w, "alerts");
	jw_object(w);
	for (unsigned alert = 0; alert < PUSH_ALERT_COUNT; alert++)
		jw_member_bool(w, push_alert_name((enum push_alert)alert),
			       (s->alerts & 1U << alert) != 0);
	jw_end(w);
	jw_member_str(w, "policy", str_of(push_policy_name(s->policy)));
	jw_member_str(w, "server_key", server_key);
	jw_end(w);
}
