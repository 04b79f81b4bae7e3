/*
 * Clients of the hub: how a request becomes a stream, and what the client of a WebSocket asks for. The
 * listeners' threads, and that of the streams.
 */
#include "hub_int.h"

#include <stdlib.h>

#include "json/jr.h"

#define SAID_ARENA ((size_t)64 << 10)

/* --- what it says --- */

static void complain(const struct hub_client *client, const char *text, unsigned status)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(1024);
	struct jw w;
	jw_init(&w, &out);
	jw_object(&w);
	jw_member_str(&w, "error", str_of(text));
	jw_member_u64(&w, "status", status);
	jw_end(&w);
	jw_done(&w);
	struct httpd_piece *piece CLEANUP(httpd_piece_release) =
		!out.failed ? httpd_piece_message(buf_str(&out)) : NULL;
	if (piece != NULL)
		httpd_stream_send(client->stream, piece);
}

/* An id is written as a string, by some clients as a number. */
static struct str text_of(struct ctx *ctx, struct jr v)
{
	int64_t number;
	if (!jr_i64(v, &number))
		return jr_str(v).ptr != NULL ? jr_str(v) : STR("");
	return arena_printf(ctx->arena, "%lld", (long long)number);
}

static void obey(struct hub_client *client, struct ctx *ctx, struct jr said)
{
	struct str type = jr_str(jr_get(said, "type"));
	bool subscribe = str_eq(type, STR("subscribe"));
	struct topic topic;
	const struct topic_wish wish = { .name = text_of(ctx, jr_get(said, "stream")),
					 .tag = text_of(ctx, jr_get(said, "tag")),
					 .list = text_of(ctx, jr_get(said, "list")) };
	if (!subscribe && !str_eq(type, STR("unsubscribe"))) {
		complain(client, "Unknown message type", 400);
		return;
	}
	enum rc rc = topic_parse(ctx, &wish, client->account, &topic);
	if (rc != RC_OK)
		complain(client, err_text(&ctx->err), rc == RC_NOT_FOUND ? 404 : 400);
	else if (!scopes_hold(client->scopes, topic_rows[topic.kind].scope))
		complain(client, "Access token does not have the required scopes", 401);
	else if (!hub_command(client, subscribe ? HUB_SUBSCRIBE : HUB_UNSUBSCRIBE, &topic))
		httpd_stream_end(client->stream);
}

static const struct jr_limits said_limits = {
	.bytes = HTTPD_SAID_MAX, .depth = 4, .nodes = 64, .names = 32, .string = HTTPD_SAID_MAX
};

static void said(void *arg, struct str text)
{
	struct hub_client *client = arg;
	MAGIC_CHECK(client, HUB_CLIENT_MAGIC);
	struct ctx ctx = { .arena = arena_new(SAID_ARENA) };
	struct jr_doc *doc = NULL;
	if (ctx.arena == NULL) {
		httpd_stream_end(client->stream);
		return;
	}
	if (jr_parse(&ctx, text, &said_limits, &doc) == RC_OK)
		obey(client, &ctx, jr_root(doc));
	else
		complain(client, "Malformed message", 400);
	jr_free(&doc);
	arena_free(&ctx.arena);
}

static void ended(void *arg)
{
	struct hub_client *client = arg;
	MAGIC_CHECK(client, HUB_CLIENT_MAGIC);
	if (atomic_exchange(&client->phase, HUB_OVER) == HUB_OPEN)
		hub_post(client->hub, &client->ended);
}

/* --- how it comes --- */

static struct hub_client *client_new(struct call *call, enum httpd_stream_kind kind)
{
	struct hub_client *client = calloc(1, sizeof(*client));
	if (client == NULL)
		return NULL;
	client->magic = HUB_CLIENT_MAGIC;
	client->hub = call->api->hub;
	client->kind = kind;
	client->account = call_account(call)->id;
	client->token = call->bearer.token.id;
	client->scopes = call->bearer.scopes;
	client->opened = (struct hub_command){ .client = client, .act = HUB_OPENED };
	client->ended = (struct hub_command){ .client = client, .act = HUB_ENDED };
	return client;
}

void hub_open(struct call *call, enum httpd_stream_kind kind, const struct topic *topic,
	      struct str protocol)
{
	struct hub_client *client = call->api->hub != NULL ? client_new(call, kind) : NULL;
	if (client == NULL) {
		reply_rc(call, RC_NO_MEMORY);
		return;
	}
	const struct httpd_stream_owner owner = { said, ended, client };
	if (!httpd_stream_open(call->req, kind, &owner, protocol, &client->stream)) {
		free(client);
		return;
	}
	hub_post(client->hub, &client->opened);
	if (topic != NULL && !hub_command(client, HUB_SUBSCRIBE, topic))
		httpd_stream_end(client->stream);
	httpd_stream_begin(client->stream);
	if (atomic_exchange(&client->phase, HUB_OPEN) == HUB_OVER)
		hub_post(client->hub, &client->ended);
}
