/* Announcements, which all of the node's people hear of. The hub's thread. */
#include "hub_event_int.h"
#include "own_int.h"
#include "social/announce.h"

static struct str text_of(struct matter *m, struct buf *out)
{
	struct str text = out->len != 0 ? arena_str(m->ctx.arena, buf_str(out)) : STR_NONE;
	buf_free(out);
	return text;
}

void hub_tell_announced(struct matter *m)
{
	struct announcement_view *views = NULL;
	struct buf out = BUF_INIT(REPLY_BYTES_MAX);
	struct call call;
	struct gather g;
	struct jw w;
	if (!hub_look(m, 0, &call, &g))
		return;
	struct social s = { .txn = g.txn, .ctx = call.ctx, .site = m->hub->api->parts.site };
	size_t n = announcements_gather(&s, 0, &views);
	if (gather_end(&g, RC_OK) != RC_OK)
		return;
	for (size_t i = 0; i < n; i++) {
		if (views[i].announcement.id != m->effect->ids[0])
			continue;
		jw_init(&w, &out);
		render_announcement(&w, &views[i]);
		jw_done(&w);
	}
	m->everybody.event = STR("announcement");
	m->everybody.payload = text_of(m, &out);
	arena_reset(m->hub->scratch);
	if (m->everybody.payload.ptr != NULL)
		news_send_kind(m->hub, &m->everybody, TOPIC_USER);
}

static uint32_t count_of(const struct announcement_count *counts, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(counts[i].name, name))
			return counts[i].count;
	}
	return 0;
}

static void tell_count(struct matter *m, struct str name, uint32_t count)
{
	struct news news CLEANUP(news_free) = { .event = STR("announcement.reaction") };
	struct buf out = BUF_INIT(REPLY_BYTES_MAX);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	jw_member_str(&w, "name", name);
	jw_member_u64(&w, "count", count);
	jw_member_id(&w, "announcement_id", m->effect->ids[0]);
	jw_end(&w);
	jw_done(&w);
	news.payload = text_of(m, &out);
	if (news.payload.ptr != NULL)
		news_send_kind(m->hub, &news, TOPIC_USER);
}

/* Everybody sees the same counts. */
void hub_tell_reaction(struct matter *m)
{
	struct announcement_count counts[ANNOUNCEMENT_REACTIONS_MAX];
	char room[LIVE_NAME_MAX];
	struct str name = live_name(m->effect, room);
	struct db_txn *txn;
	if (db_read_begin(m->hub->api->parts.db, &txn) != RC_OK)
		return;
	size_t n = announcement_counts(txn, m->ctx.arena, m->effect->ids[0], counts);
	db_read_end(&txn);
	if (name.len != 0)
		tell_count(m, name, count_of(counts, n, name));
	/* a long name was not told: one of these has changed */
	for (size_t i = 0; name.len == 0 && i < n; i++)
		tell_count(m, counts[i].name, counts[i].count);
}

void hub_tell_unannounced(struct matter *m)
{
	m->everybody.event = STR("announcement.delete");
	m->everybody.payload =
		arena_printf(m->ctx.arena, "%llu", (unsigned long long)m->effect->ids[0]);
	news_send_kind(m->hub, &m->everybody, TOPIC_USER);
}
