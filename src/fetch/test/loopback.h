/* A small HTTP server on 127.0.0.1 for tests: a thread per connection, answers are written by the
 * test. */
#ifndef FF_FETCH_TEST_LOOPBACK_H
#define FF_FETCH_TEST_LOOPBACK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/str.h"

struct loopback;

struct loopback_request {
	unsigned connection; /* counts from 1 */
	struct str head;     /* with the empty line */
	struct str target;
	struct str body;
};

/* Writes the answer to fd; false closes the connection. Called on the connection's thread. */
typedef bool loopback_answer(int fd, const struct loopback_request *request);

struct loopback *loopback_new(loopback_answer *answer);
/* Ends all connections and threads. */
void loopback_free(struct loopback **loopback);

unsigned loopback_port(const struct loopback *loopback);
/* How many connections were accepted, how many requests came. */
size_t loopback_connections(struct loopback *loopback);
size_t loopback_requests(struct loopback *loopback);
/* The nth request, from 0, head and body as they came; lives as long as the server. */
struct str loopback_request(struct loopback *loopback, size_t n);

/* Writes all of it; false when the peer is gone. */
bool loopback_write(int fd, struct str bytes);
/* Waits up to ms for the peer to close; true when it has. */
bool loopback_closed(int fd, int ms);

#endif
