/*
 * struct ws: what a WebSocket's client sends, taken out of its frames (RFC 6455 section 5) by wslay. Not
 * every stream needs one all the time: between two messages nothing is to be kept.
 */
#ifndef FF_HTTPD_WS_INT_H
#define FF_HTTPD_WS_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/str.h"
#include "httpd/httpd.h"

struct ws;

struct ws_peer {
	/* How many bytes came, 0: none now, -1: there will be no more. */
	ssize_t (*recv)(void *arg, void *buf, size_t len);
	/* Control frames. False when they cannot be sent. */
	bool (*send)(void *arg, struct str bytes);
	void (*said)(void *arg, struct str text);
	void *arg;
};

enum ws_state {
	WS_BETWEEN, /* two messages: all that came was taken */
	WS_WITHIN,  /* a message or a frame */
	WS_OVER,    /* it is to be closed: whatever had to be said about it was sent */
};

/* NULL when memory is exhausted. */
struct ws *ws_new(const struct ws_peer *peer);
void ws_free(struct ws **ws);
/* Takes what there is. */
enum ws_state ws_run(struct ws *ws);

/*
 * The client's opening handshake (section 4.2.1): 0, or the status to refuse it with, and why. *accept
 * is the value of Sec-WebSocket-Accept.
 */
unsigned ws_handshake(struct httpd_request *req, struct str *accept, const char **reason);

#endif
