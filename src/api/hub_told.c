/* What one person is told live: their notifications and conversations. The hub's thread. */
#include "hub_event_int.h"
#include "told_int.h"

/* What was rendered for an account, to those of its channels that there are. */
static void tell_account(struct matter *m, struct buf *payload, enum topic_kind kind,
			 enum topic_kind also, scope_set scopes)
{
	struct news news CLEANUP(news_free) = { .event = m->event, .payload = buf_str(payload) };
	uint64_t account = m->effect->ids[0];
	if (payload->len != 0 && !payload->failed) {
		news_send_all(&news, hub_channel(m->hub, kind, account, STR("")), scopes);
		if (also != kind)
			news_send_all(&news, hub_channel(m->hub, also, account, STR("")), scopes);
	}
	buf_free(payload);
	arena_reset(m->hub->scratch);
}

static bool listens(const struct matter *m, enum topic_kind kind)
{
	return hub_channel(m->hub, kind, m->effect->ids[0], STR("")) != NULL;
}

/* Nothing when it is gone by now, or clients know no word for it. */
static void render_notice(struct matter *m, struct buf *out)
{
	uint64_t account = m->effect->ids[0];
	struct notification_view view;
	struct notice notice;
	struct call call;
	struct gather g;
	struct jw w;
	if (!hub_look(m, account, &call, &g))
		return;
	bool there = notice_read(g.txn, account, m->effect->ids[1], &notice) &&
		     notification_type(notice.kind) != NULL &&
		     gather_notifications(&g, &notice, 1, &view) == 1;
	if (gather_end(&g, there ? RC_OK : RC_NOT_FOUND) != RC_OK)
		return;
	jw_init(&w, out);
	render_notification(&w, m->hub->api->parts.site, &view);
	jw_done(&w);
}

void hub_tell_notice(struct matter *m)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	if (!listens(m, TOPIC_USER) && !listens(m, TOPIC_NOTIFICATIONS))
		return;
	m->event = STR("notification");
	render_notice(m, &payload);
	tell_account(m, &payload, TOPIC_USER, TOPIC_NOTIFICATIONS, SCOPE(READ_NOTIFICATIONS));
}

static void render_letter(struct matter *m, struct buf *out)
{
	uint64_t account = m->effect->ids[0];
	const struct conversation_view *view = NULL;
	struct conversation one;
	struct call call;
	struct gather g;
	struct jw w;
	if (!hub_look(m, account, &call, &g))
		return;
	if (conversation_get(g.txn, account, m->effect->ids[1], &one))
		view = gather_conversations(&g, &one, 1);
	if (gather_end(&g, view != NULL ? RC_OK : RC_NOT_FOUND) != RC_OK)
		return;
	jw_init(&w, out);
	render_conversation(&w, m->hub->api->parts.site, view);
	jw_done(&w);
}

void hub_tell_conversation(struct matter *m)
{
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	if (!listens(m, TOPIC_DIRECT))
		return;
	m->event = STR("conversation");
	render_letter(m, &payload);
	tell_account(m, &payload, TOPIC_DIRECT, TOPIC_DIRECT, 0);
}
