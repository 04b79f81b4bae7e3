/*
 * Connections: whose they are, how many a client may have, and how long one may take to send a
 * request (SECURITY S-051). libmicrohttpd closes what is silent; what drips is cut here.
 */
#ifndef FF_HTTPD_CONN_INT_H
#define FF_HTTPD_CONN_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "client_int.h"
#include "core/clock.h"
#include "core/rc.h"

struct conns;
struct conn;

struct conns_settings {
	uint64_t per_client; /* open connections of one IPv4 address or IPv6 /64; 0: no limit */
	uint64_t idle_ms;
	uint64_t request_ms;
	const struct prefixes *exempt; /* proxies: their connections are those of many clients */
	const struct clock *clock;
};

/* Starts the thread that cuts overdue connections. */
enum rc conns_new(struct err *err, const struct conns_settings *settings,
		  struct conns **out) NODISCARD;
/* Every connection has been closed before. */
void conns_free(struct conns **conns);

/* Whether the client at this address may open one more. */
bool conns_may_open(struct conns *conns, const struct sockaddr *peer);

/* NULL when memory is exhausted. fd stays open until conn_close. */
struct conn *conn_open(struct conns *conns, int fd, const struct sockaddr *peer);
void conn_close(struct conn **conn);

const struct address *conn_peer(const struct conn *conn);
/* The peer's address as text; lives as long as the connection. */
struct str conn_peer_text(const struct conn *conn);

/* The marks that a request sets on its way; now_ms is steady time. */
void conn_request_begins(struct conn *conn, uint64_t now_ms);
/* A body of so many bytes may come; a long one gets more time. */
void conn_expects(struct conn *conn, uint64_t body_max);
void conn_received(struct conn *conn, size_t bytes);
void conn_request_complete(struct conn *conn);
void conn_request_ends(struct conn *conn, uint64_t now_ms);

#endif
