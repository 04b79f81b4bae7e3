/* What is told to clients, in the two forms that streams have, made when it is first needed. */
#include "hub_int.h"

#define NEWS_MAX ((size_t)4 << 20)

void news_free(struct news *news)
{
	httpd_piece_release(&news->as_event);
	httpd_piece_release(&news->as_message);
}

static struct httpd_piece *event_piece(struct news *news)
{
	if (news->as_event == NULL)
		news->as_event = httpd_piece_event(
			news->event, news->payload.ptr != NULL ? news->payload : STR("undefined"));
	return news->as_event;
}

static void add_id(struct jw *w, uint64_t id)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&text, id);
	jw_str(w, buf_str(&text));
}

static struct httpd_piece *message_make(const struct news *news, const struct hub_link *link)
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(NEWS_MAX);
	struct jw w;
	jw_init(&w, &text);
	jw_object(&w);
	jw_name(&w, "stream");
	jw_array(&w);
	jw_str(&w, str_of(topic_rows[link->channel->kind].name));
	if (topic_rows[link->channel->kind].about == TOPIC_OF_TAG)
		jw_str(&w, link->tag);
	if (topic_rows[link->channel->kind].about == TOPIC_OF_LIST)
		add_id(&w, link->channel->id);
	jw_end(&w);
	jw_member_str(&w, "event", news->event);
	if (news->payload.ptr != NULL)
		jw_member_str(&w, "payload", news->payload);
	jw_end(&w);
	jw_done(&w);
	return text.failed ? NULL : httpd_piece_message(buf_str(&text));
}

/* The last one serves all who call the topic the same. */
static struct httpd_piece *message_piece(struct news *news, const struct hub_link *link)
{
	const struct hub_channel *channel = link->channel;
	if (news->as_message != NULL && (news->kind != channel->kind || news->id != channel->id ||
					 !str_eq(news->tag, link->tag)))
		httpd_piece_release(&news->as_message);
	if (news->as_message != NULL)
		return news->as_message;
	news->as_message = message_make(news, link);
	news->kind = channel->kind;
	news->id = channel->id;
	news->tag = link->tag;
	return news->as_message;
}

void news_send(struct news *news, const struct hub_link *link)
{
	struct httpd_piece *piece =
		link->client->kind == HTTPD_EVENTS ? event_piece(news) : message_piece(news, link);
	if (piece != NULL)
		httpd_stream_send(link->client->stream, piece);
}

void news_send_all(struct news *news, const struct hub_channel *channel, scope_set scopes)
{
	if (channel == NULL)
		return;
	for (const struct hub_link *link = channel->links; link != NULL; link = link->next) {
		if (scopes_hold(link->client->scopes, scopes))
			news_send(news, link);
	}
}

void news_send_kind(struct hub *hub, struct news *news, enum topic_kind kind)
{
	for (const struct hub_channel *c = hub->by_kind[kind]; c != NULL; c = c->next)
		news_send_all(news, c, 0);
}
