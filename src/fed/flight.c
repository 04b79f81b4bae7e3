/*
 * What is being fetched and what failed lately: single flight per document, a negative cache
 * (S-016). All bounded. Any thread; callbacks run outside the lock.
 */
#include <stdlib.h>

#include "core/must.h"
#include "fed_int.h"

#define REFUSED_MAX 20000

struct waiter {
	struct waiter *next;
	fed_done *done;
	void *arg;
};

struct flight {
	struct waiter *waiters;
};

struct refusal {
	enum rc rc;
	uint64_t until_ms;
	unsigned times;
};

struct resolver {
	pthread_mutex_t lock;
	struct map flights;  /* purpose, uri -> struct flight */
	struct map refusals; /* the same -> struct refusal */
};

struct resolver *resolver_new(void)
{
	struct resolver *r = calloc(1, sizeof(*r));
	must(r != NULL);
	pthread_mutex_init(&r->lock, NULL);
	return r;
}

static void values_drop(struct map *map)
{
	size_t at = 0;
	struct str name;
	void *value;
	while (map_next(map, &at, &name, &value))
		free(value);
	map_free(map);
}

void resolver_free(struct resolver **resolver)
{
	if (*resolver == NULL)
		return;
	must(map_count(&(*resolver)->flights) == 0);
	map_free(&(*resolver)->flights);
	values_drop(&(*resolver)->refusals);
	pthread_mutex_destroy(&(*resolver)->lock);
	free(*resolver);
	*resolver = NULL;
}

void resolver_forget(struct resolver *r)
{
	pthread_mutex_lock(&r->lock);
	values_drop(&r->refusals);
	pthread_mutex_unlock(&r->lock);
}

/* Purpose and uri as one name; uris are at most IRI_MAX long. */
struct name {
	char bytes[IRI_MAX + 512];
	size_t len;
};

static struct str name_of(struct name *name, char purpose, struct str uri)
{
	must(uri.len < sizeof(name->bytes));
	name->bytes[0] = purpose;
	memcpy(name->bytes + 1, uri.ptr, uri.len);
	return str_n(name->bytes, uri.len + 1);
}

/* Gone and unknown stay so for a day; whatever may pass is asked again soon, less and less often.
 */
static uint64_t refusal_ms(enum rc rc, unsigned times)
{
	if (rc == RC_GONE || rc == RC_NOT_FOUND)
		return MS_PER_DAY;
	uint64_t wait = 10 * MS_PER_SECOND << (times < 8 ? times : 8);
	return wait < MS_PER_HOUR ? wait : MS_PER_HOUR;
}

static void refusal_note(struct fed *fed, struct str name, enum rc rc)
{
	struct resolver *r = fed->resolver;
	struct refusal *refusal = map_get(&r->refusals, name);
	if (rc == RC_OK || rc == RC_BUSY) {
		free(map_del(&r->refusals, name));
		return;
	}
	if (refusal == NULL) {
		if (map_count(&r->refusals) >= REFUSED_MAX)
			values_drop(&r->refusals);
		refusal = calloc(1, sizeof(*refusal));
		if (refusal == NULL || !map_put(&r->refusals, name, refusal)) {
			free(refusal);
			return;
		}
	}
	refusal->rc = rc;
	refusal->until_ms = clock_steady_ms(fed->clock) + refusal_ms(rc, refusal->times++);
}

static bool join(struct flight *flight, fed_done *done, void *arg)
{
	struct waiter *waiter = malloc(sizeof(*waiter));
	if (waiter == NULL)
		return false;
	*waiter = (struct waiter){ flight->waiters, done, arg };
	flight->waiters = waiter;
	return true;
}

/* Starts or joins a flight. RC_OK: started; RC_EXISTS: joined; anything else: refused. */
static enum rc flight_enter(struct fed *fed, struct str name, enum budget what, struct str host,
			    fed_done *done, void *arg)
{
	struct resolver *r = fed->resolver;
	struct flight *flight = map_get(&r->flights, name);
	if (flight != NULL)
		return join(flight, done, arg) ? RC_EXISTS : RC_NO_MEMORY;
	const struct refusal *refusal = map_get(&r->refusals, name);
	if (refusal != NULL && clock_steady_ms(fed->clock) < refusal->until_ms)
		return refusal->rc;
	if (!budget_spend(fed, what, host, fed->settings->key_fetches_per_minute))
		return RC_BUSY;
	flight = calloc(1, sizeof(*flight));
	if (flight == NULL || !join(flight, done, arg) || !map_put(&r->flights, name, flight)) {
		if (flight != NULL)
			free(flight->waiters);
		free(flight);
		return RC_NO_MEMORY;
	}
	return RC_OK;
}

bool flight_begin(struct fed *fed, char purpose, enum budget what, struct str uri, struct str host,
		  fed_done *done, void *arg, bool *answered)
{
	struct name name;
	pthread_mutex_lock(&fed->resolver->lock);
	enum rc rc = flight_enter(fed, name_of(&name, purpose, uri), what, host, done, arg);
	pthread_mutex_unlock(&fed->resolver->lock);
	*answered = rc != RC_OK && rc != RC_EXISTS;
	if (*answered)
		done(arg, rc, 0,
		     rc == RC_BUSY ? STR("too many fetches from this host")
				   : STR("this failed a short while ago"));
	return rc == RC_OK;
}

void flight_land(struct fed *fed, char purpose, struct str uri, enum rc rc, uint64_t id,
		 struct str reason)
{
	struct name name;
	struct str n = name_of(&name, purpose, uri);
	pthread_mutex_lock(&fed->resolver->lock);
	struct flight *flight = map_del(&fed->resolver->flights, n);
	refusal_note(fed, n, rc);
	pthread_mutex_unlock(&fed->resolver->lock);
	must(flight != NULL);
	for (struct waiter *w = flight->waiters; w != NULL;) {
		struct waiter *next = w->next;
		w->done(w->arg, rc, id, reason);
		free(w);
		w = next;
	}
	free(flight);
}
