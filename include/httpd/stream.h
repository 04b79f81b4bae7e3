/*
 * Streams: answers that do not end, as server-sent events (WHATWG HTML, section 9.2) or as a WebSocket
 * (RFC 6455). A stream has left its listener thread and costs little more than its descriptor: one
 * thread reads, beats the heart of all of them and closes those whose readers do not read.
 *
 *   struct httpd_stream  one open stream, held by its owner and by the thread
 *   struct httpd_piece   bytes as they go out, shared by all streams that they are sent on
 *
 * An event that many hear is framed once, and then sent, by any thread, on each of their streams.
 */
#ifndef FF_HTTPD_STREAM_H
#define FF_HTTPD_STREAM_H

#include <stdbool.h>

#include "core/str.h"
#include "httpd/httpd.h"

struct httpd_stream;
struct httpd_piece;

enum httpd_stream_kind {
	HTTPD_EVENTS,
	HTTPD_WEBSOCKET,
};

/* Called on the streams' thread, never two at once; short. */
struct httpd_stream_owner {
	/* What the client of a WebSocket says, as UTF-8 of at most HTTPD_SAID_MAX bytes. */
	void (*said)(void *arg, struct str text);
	/* The last call: whatever is sent from now on goes nowhere. */
	void (*ended)(void *arg);
	void *arg;
};
#define HTTPD_SAID_MAX 4096

/*
 * Answers req with a stream, from its handler, on the thread that it was called on. The client hears
 * nothing before httpd_stream_begin(), what is sent earlier waits: so its owner can see to it first
 * that nothing is missed. *out is set before the owner is called; release it after `ended`. Headers that were added go out
 * with it. protocol, which may be empty, is the one of Sec-WebSocket-Protocol that is chosen.
 * False when there is none: req is answered then (400 or 426 no handshake, 503 too many streams, or
 * a HEAD), and the owner is never called.
 */
bool httpd_stream_open(struct httpd_request *req, enum httpd_stream_kind kind,
		       const struct httpd_stream_owner *owner, struct str protocol,
		       struct httpd_stream **out) NODISCARD;

/* --- any thread --- */

/*
 * Sends, or keeps what cannot be sent yet. False when the stream has ended, or ends with this: its
 * reader leaves more unread than HTTPD_BACKLOG_MAX bytes.
 */
bool httpd_stream_send(struct httpd_stream *stream, struct httpd_piece *piece);
#define HTTPD_BACKLOG_MAX ((size_t)256 << 10)
void httpd_stream_begin(struct httpd_stream *stream);
/* Ends it, soon, by `ended`. */
void httpd_stream_end(struct httpd_stream *stream);
void httpd_stream_release(struct httpd_stream **stream);

/* An event with data, which may have several lines. NULL when memory is exhausted. */
struct httpd_piece *httpd_piece_event(struct str event, struct str data);
/* A text message. */
struct httpd_piece *httpd_piece_message(struct str text);
void httpd_piece_hold(struct httpd_piece *piece);
/* Lets go; the last who does frees it. Fits CLEANUP(httpd_piece_release). */
void httpd_piece_release(struct httpd_piece **piece);

#endif
