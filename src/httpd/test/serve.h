/* A listener on loopback with a small route table, and raw sockets to talk to it. Tests only. */
#ifndef FF_HTTPD_TEST_SERVE_H
#define FF_HTTPD_TEST_SERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/str.h"
#include "httpd/httpd.h"

struct serve;

/* request_seconds and the trusted proxies are what tests vary. */
struct serve *serve_start(uint64_t request_seconds, const char *trusted);
void serve_stop(struct serve **serve, uint64_t wait_ms);
uint16_t serve_port(const struct serve *serve);

/* The request that POST /hold keeps suspended; waits until there is one. */
struct httpd_request *serve_held(struct serve *serve);
/* Threads for POST /wait, whose handlers stay until serve_release(). */
#define SERVE_WORKERS 3
/* Until so many of them were begun. */
void serve_await_waiting(struct serve *serve, unsigned count);
void serve_release(struct serve *serve);
/*
 * The requests of POST /leave, which have left their workers: waits until there are count of them, and
 * takes them. Each is to go on with serve_rest(), which answers what was sent; "twice" leaves once more
 * before.
 */
#define SERVE_LEFT_MAX 16
void serve_left(struct serve *serve, struct httpd_request *left[SERVE_LEFT_MAX], unsigned count);
void serve_rest(void *req);
/* How many were answered by serve_rest(), in this process. */
unsigned serve_rested(void);
/* How many requests reached a handler. */
unsigned serve_handled(const struct serve *serve);

/* How often a request of POST /hold has ended, in this process. */
unsigned serve_ended(void);

int serve_connect(const struct serve *serve);
void serve_send(int fd, struct str bytes);
/* Reads until the server closes; fails the test after ten seconds. False when it reset. */
bool serve_read_all(int fd, struct buf *out);
/* Reads one reply with Content-Length, and no byte more. */
void serve_read_one(int fd, struct buf *out);
/* Sends on a connection of its own and reads until it is closed. */
void serve_ask(const struct serve *serve, struct str bytes, struct buf *out);

#endif
