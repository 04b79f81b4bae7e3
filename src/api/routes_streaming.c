/* Streams: the one address of WebSockets, and those of server-sent events. Listener threads. */
#include "hub_int.h"

#define STREAMING "/api/v1/streaming"

struct stream_params {
	struct str stream, tag, list;
	enum tri only_media;
};

static const struct param stream_rows[] = {
	PARAM_STR(struct stream_params, stream, "stream", 64),
	PARAM_STR(struct stream_params, tag, "tag", 1024),
	PARAM_STR(struct stream_params, list, "list", 32),
	PARAM_BOOL(struct stream_params, only_media, "only_media"),
};
PARAM_TABLE(stream_table, struct stream_params, stream_rows);

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

#define ANY_SCOPE (SCOPE(READ_STATUSES) | SCOPE(READ_NOTIFICATIONS))
#define EVENTS(path)                                                                          \
	{                                                                                     \
		HTTP_GET, STREAMING path, AUTH_STREAM, ANY_SCOPE, RATE_COMMON, &stream_table, \
			get_events                                                            \
	}

static const struct api_route routes[] = {
	{ HTTP_GET, STREAMING, AUTH_STREAM, ANY_SCOPE, RATE_COMMON, &stream_table, get_socket },
	{ HTTP_GET, STREAMING "/health", AUTH_NONE, 0, RATE_COMMON, NULL, get_health },
	EVENTS("/user"),
	EVENTS("/user/notification"),
	EVENTS("/public"),
	EVENTS("/public/local"),
	EVENTS("/public/remote"),
	EVENTS("/hashtag"),
	EVENTS("/hashtag/local"),
	EVENTS("/list"),
	EVENTS("/direct"),
};

const struct api_route_table streaming_api = { routes, ARRAY_LEN(routes) };
