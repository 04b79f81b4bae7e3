/*
 * What curl waits for: its sockets on an epoll, its one timer, and a bell that other threads ring.
 * The cost of a turn is that of what has happened, however many slow peers are waited for.
 */
#ifndef FF_FETCH_POLLER_H
#define FF_FETCH_POLLER_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/attr.h"

/* A socket as epoll knows it and as curl wants it, in EPOLL bits. */
struct poller_socket {
	uint32_t known;
	uint32_t wanted;
	bool kept; /* a connection: opened and closed through the poller */
};

struct poller {
	int epoll;
	int bell; /* an eventfd */
	CURLM *multi;
	struct poller_socket *sockets; /* by file descriptor */
	size_t socket_count;
	uint64_t due_ms; /* when curl's timer ends; UINT64_MAX: it does not run */
};

/* False when the system refuses; poller_free() is needed all the same, after the multi's clean-up.
 */
bool poller_init(struct poller *p, CURLM *multi) NODISCARD;
void poller_free(struct poller *p);

/* A new socket for a connection; CURL_SOCKET_BAD when there is none. */
curl_socket_t poller_open(struct poller *p, const struct curl_sockaddr *address);
/* CURLOPT_CLOSESOCKETFUNCTION, with the poller as its argument. */
int poller_close(void *poller, curl_socket_t fd);

/* Wakes poller_wait(). Any thread. */
void poller_ring(struct poller *p);
/* Lets curl do what its timer says; true when there was something. */
bool poller_run_timer(struct poller *p);
/* Waits for sockets, the timer or the bell, at most ms, and lets curl work on the sockets. */
void poller_wait(struct poller *p, int ms);

#endif
