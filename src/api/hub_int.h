/*
 * struct hub: the streams of clients, and one thread that tells them what happens. Channels, links and
 * clients are that thread's own. Who else wants something done to them, a client that comes, speaks or
 * leaves, puts a command into the thread's queue.
 *
 *   struct hub_client   a client with an open stream
 *   struct hub_channel  a topic that somebody listens to
 *   struct hub_link     one client listening to one channel
 *   struct news         what is told, framed once for each kind of stream
 */
#ifndef FF_API_HUB_INT_H
#define FF_API_HUB_INT_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "api_int.h"
#include "core/bus.h"
#include "core/map.h"
#include "httpd/stream.h"
#include "social/live.h"
#include "topic_int.h"

#define HUB_TOPICS_MAX 100   /* of one client */
#define HUB_COMMANDS_MAX 200 /* of one client that are not carried out yet */

struct hub_reader;

struct hub_link {
	struct hub_client *client;
	struct hub_channel *channel;
	struct hub_link *prev, *next; /* of the channel */
	struct hub_link *sibling;     /* of the client */
	struct str tag;		      /* as the client calls it; follows this struct */
};

struct hub_channel {
	enum topic_kind kind;
	uint64_t id;
	struct hub_channel *prev, *next; /* of the same kind */
	struct hub_link *links;
	struct hub_reader *reader; /* what its person reads; NULL: not asked yet */
	struct str key;		   /* follows this struct */
};

enum hub_act {
	HUB_OPENED,
	HUB_SUBSCRIBE,
	HUB_UNSUBSCRIBE,
	HUB_ENDED,
};

struct hub_command {
	struct hub_command *next;
	struct hub_client *client;
	enum hub_act act;
	struct topic topic; /* its strings follow this struct */
};

/* The stream may end before the handler that has opened it is through: whoever is last says so. */
enum hub_phase { HUB_OPENING, HUB_OPEN, HUB_OVER };

#define HUB_CLIENT_MAGIC 0x68756263u

struct hub_client {
	unsigned magic;
	struct hub *hub;
	enum httpd_stream_kind kind;
	struct httpd_stream *stream;
	uint64_t account, token;
	scope_set scopes;
	_Atomic unsigned waiting; /* commands */
	_Atomic int phase;	  /* enum hub_phase */
	struct hub_command opened, ended;
	/* the thread's */
	struct hub_client *prev, *next;
	struct hub_link *links;
	unsigned link_count;
	bool has_filters;
};

struct hub {
	struct api *api;
	struct bus_subscriber *events;
	struct arena *arena;   /* of one event */
	struct arena *scratch; /* of what one person is told */
	sem_t wake;
	pthread_t thread;
	bool started;

	pthread_mutex_t mutex; /* of what follows */
	struct hub_command *first, **last;
	bool ending;

	/* the thread's */
	struct hub_client *clients;
	struct map channels; /* by key */
	struct hub_channel *by_kind[TOPIC_KINDS];
	size_t channel_count[TOPIC_KINDS];
};

/* RC_NO_MEMORY. */
enum rc hub_new(struct api *api, struct bus *bus, struct hub **out) NODISCARD;
/* After the listener was stopped, which has ended all streams. */
void hub_free(struct hub **hub);

/*
 * Answers a call with a stream that listens to topic, NULL: to nothing yet. protocol is the one of a
 * WebSocket that is chosen.
 */
void hub_open(struct call *call, enum httpd_stream_kind kind, const struct topic *topic,
	      struct str protocol);

/* --- any thread --- */

/* A client's command about a topic. False when it is not taken: too many wait, or no memory. */
bool hub_command(struct hub_client *client, enum hub_act act, const struct topic *topic) NODISCARD;
/* Of those that are part of the client. */
void hub_post(struct hub *hub, struct hub_command *command);

/* --- the thread --- */

/* NULL when nobody listens. */
struct hub_channel *hub_channel(struct hub *hub, enum topic_kind kind, uint64_t id,
				struct str folded);
void hub_end_client(struct hub_client *client);

struct news {
	struct str event;
	struct str payload; /* absent: none */
	struct httpd_piece *as_event;
	struct httpd_piece *as_message;
	enum topic_kind kind; /* which as_message names, with its tag or list */
	struct str tag;
	uint64_t id;
};
/* Fits CLEANUP(news_free). */
void news_free(struct news *news);
void news_send(struct news *news, const struct hub_link *link);
/* To all who listen to a channel, which may be NULL, and may hear of it: scopes 0, all may. */
void news_send_all(struct news *news, const struct hub_channel *channel, scope_set scopes);

/* To all channels of a kind. */
void news_send_kind(struct hub *hub, struct news *news, enum topic_kind kind);

/* hub_reader.c */
void hub_reader_free(struct hub_reader **reader);

/* hub_event.c: tells whoever is to hear of it. */
void hub_tell(struct hub *hub, const struct db_effect *effect);
/* May the client listen to this? */
bool hub_may_hear(struct hub *hub, const struct hub_client *client, const struct topic *topic);
/* Looks at a new client. False when its token is none any more. */
bool hub_meet(struct hub *hub, struct hub_client *client);

#endif
