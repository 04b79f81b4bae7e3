/*
 * struct streams: all open streams with the thread that serves them. Locks, in the order in which they
 * are taken: a stream's own guards its descriptor and what waits to be sent; the list's guards the
 * list, the counts and nothing else, and is never held while an owner is called.
 */
#ifndef FF_HTTPD_STREAM_INT_H
#define FF_HTTPD_STREAM_INT_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/clock.h"
#include "core/rc.h"
#include "httpd/stream.h"
#include "piece_int.h"
#include "tally_int.h"
#include "ws_int.h"

/* A comment of one line, so that clients that take an empty line for the end of an event see none. */
#define HTTPD_BEAT ":thump\n"

#define STREAM_MAGIC 0x7374726du

struct streams {
	const struct clock *clock;
	uint64_t max;
	uint64_t beat_ms;
	int epoll;
	int wake; /* an eventfd */
	_Atomic bool ending;
	bool started;
	pthread_t thread;
	struct httpd_piece *beats[2]; /* by kind */
	struct httpd_piece *going_away;

	pthread_mutex_t mutex;
	struct httpd_stream *first, *last; /* in the order of their next beats */
	uint64_t count;
	struct tally tally;
};

struct httpd_stream {
	unsigned magic;
	_Atomic unsigned holders;
	enum httpd_stream_kind kind;
	int fd;
	struct streams *streams;
	struct httpd_stream_owner owner;
	struct address client;
	bool counted; /* for its client */

	/* with the list's lock */
	struct httpd_stream *prev, *next;
	uint64_t beat_ms;

	/* the streams' thread */
	struct ws *ws;	  /* of a WebSocket within a message */
	size_t turn;	  /* bytes that were read in this one */
	bool heard;	  /* since the last beat */
	bool was_within;  /* a message, at the last beat */
	bool was_waiting; /* for the reader, at the last beat */

	pthread_mutex_t mutex;	  /* of what follows */
	struct httpd_piece *head; /* of one that has not begun */
	bool ended;
	bool armed; /* epoll tells when there is room to send */
	struct httpd_piece **queue;
	size_t queue_first, queue_count, queue_cap;
	size_t sent;	/* of the first */
	size_t waiting; /* bytes */
};

struct streams_settings {
	uint64_t max;
	uint64_t per_client;
	uint64_t beat_ms;
	const struct prefixes *exempt;
	const struct clock *clock;
};

/* RC_NO_MEMORY, RC_IO with the reason in err. */
enum rc streams_start(struct err *err, const struct streams_settings *settings,
		      struct streams **out) NODISCARD;
/* Ends all streams; their owners have heard of it when this returns. Nothing is added any more. */
void streams_stop(struct streams **streams);

/*
 * A stream on fd, which is taken over, that will begin with head; *out has it before its owner is called.
 * RC_BUSY when there are too many, at all or of this client; RC_NO_MEMORY. fd is closed then.
 */
enum rc streams_add(struct streams *streams, int fd, enum httpd_stream_kind kind,
		    const struct address *client, const struct httpd_stream_owner *owner,
		    struct str head, struct httpd_stream **out) NODISCARD;
/* Whether it would be RC_BUSY now. */
bool streams_have_room(struct streams *streams, const struct address *client);

/* stream.c, for the thread */
/* Sends what waits. */
void stream_flush(struct httpd_stream *stream);
/* Closes the descriptor and forgets what waits. */
void stream_close(struct httpd_stream *stream);

#endif
