/* Streams: the one address of WebSockets, and those of server-sent events. Listener threads. */
#include "hub_int.h"

#define STREAMING "/api/v1/streaming"

struct stream_params {
	struct str stream, tag, list;
	enum tri only_media;
};

#define STREAM_ROW PARAM_STR(struct stream_params, stream, "stream", 64)
#define TAG_ROW PARAM_STR(struct stream_params, tag, "tag", 1024)
#define LIST_ROW PARAM_STR(struct stream_params, list, "list", 32)
#define MEDIA_ROW PARAM_BOOL(struct stream_params, only_media, "only_media")

/* A topic has its own; the one address of WebSockets takes what any of them needs. */
static const struct param socket_rows[] = { STREAM_ROW, TAG_ROW, LIST_ROW };
PARAM_TABLE(socket_table, struct stream_params, socket_rows);
static const struct param public_rows[] = { MEDIA_ROW };
PARAM_TABLE(public_table, struct stream_params, public_rows);
static const struct param tag_rows[] = { TAG_ROW };
PARAM_TABLE(tag_table, struct stream_params, tag_rows);
static const struct param list_rows[] = { LIST_ROW };
PARAM_TABLE(list_table, struct stream_params, list_rows);
static const struct param_table plain_table = { NULL, 0, sizeof(struct stream_params), false };

/* Parses, and asks for the scope; answers with what is wrong. */
static bool find_topic(struct call *call, struct str name, struct topic *out)
{
	const struct stream_params *p = call->params;
	const struct topic_wish wish = { name, p->tag, p->list };
	enum rc rc = topic_parse(call->ctx, &wish, call_account(call)->id, out);
	if (rc == RC_INVALID || rc == RC_NOT_FOUND) {
		reply_error(call, rc == RC_NOT_FOUND ? 404 : 400, err_text(&call->ctx->err));
		return false;
	}
	if (rc != RC_OK) {
		reply_rc(call, rc);
		return false;
	}
	if (scopes_hold(call->bearer.scopes, topic_rows[out->kind].scope))
		return true;
	reply_error(call, 403, "This action is outside the authorized scopes");
	return false;
}

/* A browser cannot send a token but as a protocol; it wants to see it chosen. */
static struct str protocol_of(const struct call *call)
{
	struct str all = httpd_header(call->req, "sec-websocket-protocol"), first;
	return str_next(&all, ',', &first) ? str_trim(first) : STR("");
}

static void get_socket(struct call *call)
{
	const struct stream_params *p = call->params;
	struct topic topic;
	/* whether streams are at another host is asked so */
	if (httpd_header(call->req, "upgrade").ptr == NULL) {
		reply_error(call, 404, "Not found");
		return;
	}
	if (p->stream.len != 0 && !find_topic(call, p->stream, &topic))
		return;
	hub_open(call, HTTPD_WEBSOCKET, p->stream.len != 0 ? &topic : NULL, protocol_of(call));
}

static const struct topic_row *row_of(const struct call *call)
{
	struct str path = str_skip(str_of(call->route->path), sizeof(STREAMING "/") - 1);
	size_t kind = 0;
	while (!str_eq(path, str_of(topic_rows[kind].path))) {
		kind++;
		must(kind < TOPIC_KINDS);
	}
	return &topic_rows[kind];
}

static void get_events(struct call *call)
{
	const struct stream_params *p = call->params;
	struct topic topic;
	if (!find_topic(call, str_of(row_of(call)->name), &topic))
		return;
	if (p->only_media == TRI_YES)
		topic = topic_of(call->ctx->arena, topic_with_media(topic.kind), topic.id,
				 topic.tag);
	hub_open(call, HTTPD_EVENTS, &topic, STR(""));
}

static void get_health(struct call *call)
{
	httpd_reply_str(call->req, 200, "text/plain; charset=utf-8", STR("OK"));
}

#define STATUSES SCOPE(READ_STATUSES)
#define ANY_SCOPE (STATUSES | SCOPE(READ_NOTIFICATIONS))
#define EVENTS(path, scopes, params)                                                            \
	{                                                                                       \
		HTTP_GET, STREAMING path, AUTH_STREAM, scopes, RATE_COMMON, &params, get_events \
	}

API_ROWS_BEGIN
static const struct api_route routes[] = {
	{ HTTP_GET, STREAMING, AUTH_STREAM, ANY_SCOPE, RATE_COMMON, &socket_table, get_socket },
	{ HTTP_GET, STREAMING "/health", AUTH_NONE, 0, RATE_COMMON, NULL, get_health },
	EVENTS("/user", ANY_SCOPE, plain_table),
	EVENTS("/user/notification", SCOPE(READ_NOTIFICATIONS), plain_table),
	EVENTS("/public", STATUSES, public_table),
	EVENTS("/public/local", STATUSES, public_table),
	EVENTS("/public/remote", STATUSES, public_table),
	EVENTS("/hashtag", STATUSES, tag_table),
	EVENTS("/hashtag/local", STATUSES, tag_table),
	EVENTS("/list", STATUSES, list_table),
	EVENTS("/direct", STATUSES, plain_table),
};
API_ROWS_END

const struct api_route_table streaming_api = { routes, ARRAY_LEN(routes) };
