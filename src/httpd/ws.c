/*
 * Frames from the client, by wslay, which answers pings and closes by itself. It keeps 8 KiB for each
 * connection; so we count what it was fed and what its frames made of it, to know when it keeps nothing.
 */
#include "ws_int.h"

#include <stdlib.h>
#include <wslay/wslay.h>

#include "core/must.h"
#include "httpd/stream.h"

struct ws {
	struct ws_peer peer;
	wslay_event_context_ptr ctx;
	uint64_t fed, eaten; /* bytes */
	uint64_t frame;	     /* the size of the one that is being read */
	bool control;	     /* which is a control frame */
	bool last;	     /* or the last of its message */
	bool within;	     /* a message of several frames */
	bool dry;	     /* nothing more came */
	bool broken;	     /* the connection, not what was said on it */
};

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t len, int flags UNUSED,
		       void *arg)
{
	struct ws *ws = arg;
	ssize_t n = ws->peer.recv(ws->peer.arg, buf, len);
	if (n > 0) {
		ws->fed += (uint64_t)n;
		return n;
	}
	ws->dry = true;
	ws->broken = n < 0;
	wslay_event_set_error(ctx, n == 0 ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data, size_t len,
		       int flags UNUSED, void *arg)
{
	struct ws *ws = arg;
	if (ws->peer.send(ws->peer.arg, str_n(data, len)))
		return (ssize_t)len;
	wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
	return -1;
}

static void on_frame(wslay_event_context_ptr ctx UNUSED,
		     const struct wslay_event_on_frame_recv_start_arg *frame, void *arg)
{
	struct ws *ws = arg;
	/* section 5.2: flags and length, what the length goes on with, the mask, the payload */
	uint64_t more = frame->payload_length < 126	      ? 0
			: frame->payload_length <= UINT16_MAX ? 2
							      : 8;
	ws->frame = 2 + more + 4 + frame->payload_length;
	ws->control = wslay_is_ctrl_frame(frame->opcode);
	ws->last = frame->fin != 0;
}

static void on_frame_end(wslay_event_context_ptr ctx UNUSED, void *arg)
{
	struct ws *ws = arg;
	ws->eaten += ws->frame;
	if (!ws->control)
		ws->within = !ws->last;
}

static void on_message(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *msg,
		       void *arg)
{
	struct ws *ws = arg;
	if (msg->opcode == WSLAY_TEXT_FRAME)
		ws->peer.said(ws->peer.arg, str_n(msg->msg, msg->msg_length));
	else if (msg->opcode == WSLAY_BINARY_FRAME)
		wslay_event_queue_close(ctx, WSLAY_CODE_UNSUPPORTED_DATA, NULL, 0);
}

struct ws *ws_new(const struct ws_peer *peer)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = on_recv,
		.send_callback = on_send,
		.on_frame_recv_start_callback = on_frame,
		.on_frame_recv_end_callback = on_frame_end,
		.on_msg_recv_callback = on_message,
	};
	struct ws *ws = calloc(1, sizeof(*ws));
	if (ws == NULL)
		return NULL;
	ws->peer = *peer;
	if (wslay_event_context_server_init(&ws->ctx, &callbacks, ws) != 0) {
		free(ws);
		return NULL;
	}
	wslay_event_config_set_max_recv_msg_length(ws->ctx, HTTPD_SAID_MAX);
	return ws;
}

void ws_free(struct ws **at)
{
	struct ws *ws = *at;
	if (ws == NULL)
		return;
	wslay_event_context_free(ws->ctx);
	free(ws);
	*at = NULL;
}

/* Section 7.4.1: it leaves out why when a head was wrong. */
static void close_wrong(struct ws *ws)
{
	ws->peer.send(ws->peer.arg, STR("\x88\x02\x03\xea"));
}

/* wslay stops where a head came in parts. False when it found something wrong. */
static bool take_all(struct ws *ws)
{
	ws->dry = false;
	while (!ws->dry && wslay_event_want_read(ws->ctx)) {
		if (wslay_event_recv(ws->ctx) != 0)
			return false;
	}
	return true;
}

enum ws_state ws_run(struct ws *ws)
{
	if (!take_all(ws)) {
		if (!ws->broken)
			close_wrong(ws);
		return WS_OVER;
	}
	bool sent = !wslay_event_want_write(ws->ctx) || wslay_event_send(ws->ctx) == 0;
	if (!sent || !wslay_event_want_read(ws->ctx) || wslay_event_get_close_sent(ws->ctx))
		return WS_OVER;
	return ws->fed == ws->eaten && !ws->within ? WS_BETWEEN : WS_WITHIN;
}
