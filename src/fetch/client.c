/*
 * The client: one thread that owns a curl multi handle and everything on it. Other threads only
 * push requests on a stack without locks and wake it; all callbacks run on its thread.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "address.h"
#include "core/log.h"
#include "core/metric.h"
#include "core/must.h"
#include "easy.h"
#include "lanes.h"
#include "poller.h"
#include "transfer.h"

#define CLIENT_MAGIC 0x66657463u
/* How often the deadlines of waiting requests are looked at; those under way are curl's. */
#define SWEEP_MS 500
#define IDLE_MS 60000
/* Handles kept for the next request. */
#define SPARE_MAX 256

struct client {
	unsigned magic;
	struct fetch fetch;
	struct easy_settings easy_settings;
	struct transfer_settings transfer_settings;
	CURLM *multi;
	struct poller poller;
	pthread_t thread;
	_Atomic(struct transfer *) inbox; /* a stack, the last submitted first */
	_Atomic bool stopping;
	/* the thread's own: */
	struct lanes lanes;
	struct transfer *active; /* a list by next and prev */
	uint64_t swept_ms;
	CURL *spare[SPARE_MAX];
	size_t spare_count;
};

static struct client *client_of(struct fetch *fetch)
{
	struct client *c = CONTAINER_OF(fetch, struct client, fetch);
	MAGIC_CHECK(c, CLIENT_MAGIC);
	return c;
}

static void finish_and_free(struct transfer *t, enum rc rc, struct str reason)
{
	transfer_finish(t, rc, reason);
	transfer_free(&t);
}

static void refuse(const struct fetch_request *req, enum rc rc, struct str reason)
{
	struct fetch_result result = {
		.rc = rc, .reason = reason, .url = req->url, .body = STR("")
	};
	req->done(req->arg, &result);
}

static void client_submit(struct fetch *fetch, const struct fetch_request *req)
{
	struct client *c = client_of(fetch);
	struct err err = { .rc = RC_OK };
	struct transfer *t;
	metric_add(METRIC_FETCHES, 1);
	if (c->stopping) {
		refuse(req, RC_UNREACHABLE, STR("the client is stopping"));
		return;
	}
	if (transfer_new(&err, req, &c->transfer_settings, &t) != RC_OK) {
		refuse(req, err.rc, str_of(err_text(&err)));
		return;
	}
	struct transfer *head = atomic_load_explicit(&c->inbox, memory_order_relaxed);
	do {
		t->next = head;
	} while (!atomic_compare_exchange_weak_explicit(&c->inbox, &head, t, memory_order_release,
							memory_order_relaxed));
	/* who pushed on the empty stack has woken the thread; it empties the stack before it sleeps
	 */
	if (head == NULL && !pthread_equal(pthread_self(), c->thread))
		poller_ring(&c->poller);
}

/* Everything submitted since, in the order of submission. */
static struct transfer *inbox_take(struct client *c)
{
	struct transfer *stack = atomic_exchange_explicit(&c->inbox, NULL, memory_order_acquire);
	struct transfer *list = NULL;
	while (stack != NULL) {
		struct transfer *next = stack->next;
		stack->next = list;
		list = stack;
		stack = next;
	}
	return list;
}

static void wait_in_lane(struct client *c, struct transfer *t)
{
	if (!lanes_put(&c->lanes, t))
		finish_and_free(t, RC_NO_MEMORY, STR("no memory for a request"));
}

static void accept_inbox(struct client *c)
{
	struct transfer *next;
	for (struct transfer *t = inbox_take(c); t != NULL; t = next) {
		next = t->next;
		wait_in_lane(c, t);
	}
}

static void active_add(struct client *c, struct transfer *t)
{
	t->prev = NULL;
	t->next = c->active;
	if (c->active != NULL)
		c->active->prev = t;
	c->active = t;
}

static void active_remove(struct client *c, struct transfer *t)
{
	if (t->prev != NULL)
		t->prev->next = t->next;
	else
		c->active = t->next;
	if (t->next != NULL)
		t->next->prev = t->prev;
	t->next = t->prev = NULL;
}

static CURL *easy_take(struct client *c)
{
	if (c->spare_count != 0)
		return c->spare[--c->spare_count];
	CURL *easy = easy_new(&c->easy_settings);
	if (easy != NULL && !transfer_prepare(easy)) {
		curl_easy_cleanup(easy);
		easy = NULL;
	}
	return easy;
}

static void easy_give_back(struct client *c, CURL *easy)
{
	if (easy == NULL)
		return;
	if (c->spare_count < SPARE_MAX)
		c->spare[c->spare_count++] = easy;
	else
		curl_easy_cleanup(easy);
}

/* t is from lanes_next(). */
static void start(struct client *c, struct transfer *t)
{
	struct err err = { .rc = RC_OK };
	CURL *easy = easy_take(c);
	if (easy == NULL)
		err_set(&err, RC_NO_MEMORY, "no memory for a request");
	else if (transfer_start(&err, t, easy) == RC_OK &&
		 curl_multi_add_handle(c->multi, easy) != CURLM_OK)
		err_set(&err, RC_NO_MEMORY, "curl does not take the request");
	if (err.rc == RC_OK) {
		active_add(c, t);
		return;
	}
	easy_give_back(c, easy);
	lanes_release(&c->lanes, t);
	finish_and_free(t, err.rc, str_of(err_text(&err)));
}

static void start_waiting(struct client *c)
{
	for (struct transfer *t; (t = lanes_next(&c->lanes)) != NULL;)
		start(c, t);
}

static void end_hop(struct client *c, CURL *easy, CURLcode code)
{
	struct transfer *t = NULL;
	must(curl_easy_getinfo(easy, CURLINFO_PRIVATE, &t) == CURLE_OK && t->easy == easy);
	must(curl_multi_remove_handle(c->multi, easy) == CURLM_OK);
	easy_give_back(c, easy);
	active_remove(c, t);
	lanes_release(&c->lanes, t);
	if (transfer_end_hop(t, code))
		wait_in_lane(c, t);
	else
		transfer_free(&t);
}

static void end_finished(struct client *c)
{
	int left;
	for (CURLMsg *msg; (msg = curl_multi_info_read(c->multi, &left)) != NULL;) {
		if (msg->msg == CURLMSG_DONE)
			end_hop(c, msg->easy_handle, msg->data.result);
	}
}

static void finish_list(struct transfer *list, enum rc rc, struct str reason)
{
	struct transfer *next;
	for (struct transfer *t = list; t != NULL; t = next) {
		next = t->next;
		finish_and_free(t, rc, reason);
	}
}

static bool is_expired(const struct transfer *t)
{
	return transfer_time_left(t) == 0;
}

static bool is_any(const struct transfer *t UNUSED)
{
	return true;
}

/* Requests whose host is busy all the time that they have. */
static void sweep(struct client *c)
{
	uint64_t now = clock_steady_ms(c->transfer_settings.clock);
	if (c->lanes.waiting == 0 || now - c->swept_ms < SWEEP_MS)
		return;
	c->swept_ms = now;
	finish_list(lanes_take(&c->lanes, is_expired), RC_TIMEOUT,
		    STR("time was over before it was this request's turn"));
}

static void cancel_all(struct client *c)
{
	struct str reason = STR("the client is stopping");
	while (c->active != NULL) {
		struct transfer *t = c->active;
		must(curl_multi_remove_handle(c->multi, t->easy) == CURLM_OK);
		easy_give_back(c, t->easy);
		active_remove(c, t);
		lanes_release(&c->lanes, t);
		finish_and_free(t, RC_UNREACHABLE, reason);
	}
	finish_list(lanes_take(&c->lanes, is_any), RC_UNREACHABLE, reason);
	finish_list(inbox_take(c), RC_UNREACHABLE, reason);
}

static void *client_run(void *arg)
{
	struct client *c = arg;
	MAGIC_CHECK(c, CLIENT_MAGIC);
	pthread_setname_np(pthread_self(), "fetch");
	while (!c->stopping) {
		accept_inbox(c);
		start_waiting(c);
		int ms = c->lanes.waiting != 0 ? SWEEP_MS : IDLE_MS;
		/* a timer that always has something to do must not keep the sockets from being heard */
		if (poller_run_timer(&c->poller))
			ms = 0;
		poller_wait(&c->poller, ms);
		end_finished(c);
		sweep(c);
	}
	cancel_all(c);
	return NULL;
}

static void client_destroy(struct client *c)
{
	while (c->spare_count != 0)
		curl_easy_cleanup(c->spare[--c->spare_count]);
	if (c->multi != NULL)
		curl_multi_cleanup(c->multi);
	poller_free(&c->poller);
	lanes_free(&c->lanes);
	transfer_spares_free(&c->transfer_settings.spares);
	free(c->easy_settings.ca_file);
	free(c->easy_settings.user_agent);
	free(c->transfer_settings.allow_addresses);
	c->magic = 0;
	free(c);
	curl_global_cleanup();
}

static void client_free(struct fetch *fetch)
{
	struct client *c = client_of(fetch);
	must(!pthread_equal(pthread_self(), c->thread));
	c->stopping = true;
	poller_ring(&c->poller);
	pthread_join(c->thread, NULL);
	client_destroy(c);
}

static const struct fetch_ops client_ops = { client_submit, client_free };

static enum rc settings_check(struct err *err, const struct fetch_settings *s)
{
#ifndef FF_TEST_HOOKS
	if (s->allow_http)
		return err_set(err, RC_DENIED, "plain http is for tests only");
#endif
	if (!address_list_valid(s->allow_addresses))
		return err_set(err, RC_INVALID, "\"%.*s\" is not a list of address prefixes",
			       STR_ARG(s->allow_addresses));
	if (s->connections_max == 0 || s->connections_max > INT32_MAX || s->per_host_max == 0 ||
	    s->connect_ms == 0 || s->connect_ms > INT32_MAX)
		return err_set(err, RC_INVALID, "limits of the fetch client out of range");
	return RC_OK;
}

static bool copy_text(char **to, struct str from)
{
	*to = from.len != 0 ? strndup(from.ptr, from.len) : NULL;
	return from.len == 0 || *to != NULL;
}

static bool client_copy_settings(struct client *c, const struct fetch_settings *s,
				 const struct clock *clock)
{
	c->easy_settings.connect_ms = (long)s->connect_ms;
	c->easy_settings.allow_http = s->allow_http;
	c->easy_settings.poller = &c->poller;
	c->transfer_settings.clock = clock;
	c->transfer_settings.spares = (struct transfer_spares)TRANSFER_SPARES_INIT;
	c->transfer_settings.poller = &c->poller;
	if (s->allow_http)
		c->transfer_settings.iri_flags |= IRI_HTTP;
	/* names without a dot and numbers, where the operator reaches into a network of his own */
	if (s->allow_addresses.len != 0)
		c->transfer_settings.iri_flags |= IRI_LITERAL;
	return copy_text(&c->easy_settings.ca_file, s->ca_file) &&
	       copy_text(&c->easy_settings.user_agent, s->user_agent) &&
	       copy_text(&c->transfer_settings.allow_addresses, s->allow_addresses);
}

static bool client_open_multi(struct client *c, const struct fetch_settings *s)
{
	c->multi = curl_multi_init();
	if (c->multi == NULL || !poller_init(&c->poller, c->multi))
		return false;
	/* settings that curl refuses are found now, not at the first request */
	CURL *easy = easy_take(c);
	easy_give_back(c, easy);
	return easy != NULL &&
	       curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)s->connections_max) ==
		       CURLM_OK &&
	       curl_multi_setopt(c->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) == CURLM_OK;
}

/* Signals are for the program's main thread. */
static int start_thread(struct client *c)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int rc = pthread_create(&c->thread, NULL, client_run, c);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc;
}

enum rc fetch_new(struct err *err, const struct fetch_settings *settings, const struct clock *clock,
		  struct fetch **out)
{
	*out = NULL;
	enum rc rc = settings_check(err, settings);
	if (rc != RC_OK)
		return rc;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, RC_NO_MEMORY, "libcurl does not start");
	struct client *c = calloc(1, sizeof(*c));
	if (c == NULL) {
		curl_global_cleanup();
		return err_set(err, RC_NO_MEMORY, "no memory for the fetch client");
	}
	c->magic = CLIENT_MAGIC;
	c->fetch.ops = &client_ops;
	lanes_init(&c->lanes, settings->connections_max, settings->per_host_max);
	if (!client_copy_settings(c, settings, clock) || !client_open_multi(c, settings) ||
	    start_thread(c) != 0) {
		client_destroy(c);
		return err_set(err, RC_NO_MEMORY, "the fetch client cannot be set up");
	}
	if (settings->allow_addresses.len != 0 || settings->allow_http)
		LOG(FETCH_GUARD_OPEN, F_STR("addresses", settings->allow_addresses),
		    F_CSTR("http", settings->allow_http ? "yes" : "no"));
	*out = &c->fetch;
	return RC_OK;
}
