/* What one person alone is told: notifications, and letters in conversations. The hub's thread. */
#include "hub_event_int.h"
#include "told_int.h"

static void render_notice(struct matter *m, struct gather *g, struct buf *out)
{
	struct notice notice;
	struct notification_view view;
	struct jw w;
	bool there = notice_read(g->txn, m->effect->ids[0], m->effect->ids[1], &notice) &&
		     !notice.held && gather_notifications(g, &notice, 1, &view) == 1;
	if (gather_end(g, RC_OK) != RC_OK || !there)
		return;
	m->letter = view.status != NULL && view.status->status->visibility == VISIBILITY_DIRECT;
	jw_init(&w, out);
	render_notification(&w, m->hub->api->parts.site, &view);
	jw_done(&w);
}

static void render_letter(struct matter *m, struct gather *g, struct buf *out)
{
	struct conversation conversation;
	const struct conversation_view *view = NULL;
	struct jw w;
	if (conversation_get(g->txn, m->effect->ids[0], m->effect->ids[1], &conversation))
		view = gather_conversations(g, &conversation, 1);
	if (gather_end(g, RC_OK) != RC_OK || view == NULL || view->last == NULL)
		return;
	jw_init(&w, out);
	render_conversation(&w, m->hub->api->parts.site, view);
	jw_done(&w);
}

static void tell(struct matter *m, enum topic_kind kind, scope_set scopes,
		 void (*render)(struct matter *m, struct gather *g, struct buf *out))
{
	uint64_t account = m->effect->ids[0];
	const struct hub_channel *channel = hub_channel(m->hub, kind, account, STR(""));
	struct buf payload = BUF_INIT(REPLY_BYTES_MAX);
	struct call call;
	struct gather g;
	if (channel == NULL || !hub_look(m, account, &call, &g))
		return;
	render(m, &g, &payload);
	hub_tell_rendered(m, channel, &payload, m->letter ? scopes | SCOPE_LETTERS : scopes);
}

void hub_tell_notice(struct matter *m)
{
	m->event = STR("notification");
	tell(m, TOPIC_USER, SCOPE(READ_NOTIFICATIONS), render_notice);
	tell(m, TOPIC_NOTIFICATIONS, SCOPE(READ_NOTIFICATIONS), render_notice);
}

void hub_tell_letter(struct matter *m)
{
	m->event = STR("conversation");
	tell(m, TOPIC_DIRECT, SCOPE_LETTERS, render_letter);
}
