/*
 * What the tests of the client share: two servers on loopback, a client that may reach them, and outcomes
 * that keep what done() was told. The paths that the servers answer are a table in net.c.
 */
#ifndef FF_FETCH_TEST_NET_H
#define FF_FETCH_TEST_NET_H

#include <semaphore.h>
#include <stdatomic.h>

#include "fetch/fetch.h"
#include "loopback.h"
#include "testkit.h"

#define BODY_MAX ((size_t)64 * 1024)
/* What a request may take in all; far more than any answer here takes. */
#define PATIENCE_MS 20000
/* The deadline where a deadline is what is tested. */
#define SHORT_MS 150

extern struct loopback *server, *other;
extern struct fetch *client;
/* The wall stands at 2026-11-20T11:00:00Z; what runs down is real. */
extern const struct clock test_time;

/* What both servers answer. */
loopback_answer net_answer;

/* Group fixtures: open and close the two servers and the client. */
int net_setup(void **state);
int net_teardown(void **state);

struct outcome {
	sem_t told;
	atomic_uint calls;
	enum rc rc;
	unsigned status;
	uint64_t retry_after_s;
	char *reason, *url, *content_type, *location, *accept_signature, *body;
	size_t body_len;
	unsigned signed_hops;
	char signed_urls[512];
};

void outcome_init(struct outcome *o);
/* Waits for done() and checks that it came once. */
void outcome_wait(struct outcome *o);
void outcome_free(struct outcome *o);
/* fetch_request's done for an outcome. */
void on_done(void *arg, const struct fetch_result *result);

/* "http://127.0.0.1:PORT/path" of server, in space. */
struct str url_of(char *space, size_t size, const char *path);
/* A GET with the tests' limits that tells o. */
struct fetch_request request_of(struct outcome *o, struct str url);
/* Submits it to client and waits. */
void get_url(struct outcome *o, struct str url);
void get(struct outcome *o, const char *path);

struct fetch_settings settings_of_tests(void);
struct fetch *client_new(struct fetch_settings settings);

/* The last request that server received. */
struct str last_request(void);

#endif
