/*
 * api: the client API of Mastodon, so that people use this node with the apps that they have, and
 * OAuth's endpoints for programs. Pages for consent are module web's.
 *
 *   struct api   what the endpoints need
 *   tables       routes for httpd, compiled from the rows of src/api/routes_*.c
 *
 * A row says who may call (token, scopes), how often, and which parameters there are; the handler
 * gets them decoded. A handler gathers a view in one read transaction, or writes through social, and
 * then renders. Errors are {"error": ...} with the words that clients know.
 */
#ifndef FF_API_API_H
#define FF_API_API_H

#include <stddef.h>

#include "conf/conf.h"
#include "core/bus.h"
#include "core/clock.h"
#include "core/rc.h"
#include "crypt/secret.h"
#include "db/db.h"
#include "httpd/httpd.h"
#include "media/media.h"
#include "queue/queue.h"
#include "social/act.h"
#include "social/moderate.h"
#include "social/search.h"
#include "social/sign_up.h"
#include "social/site.h"
#include "social/thread.h"
#include "social/translate.h"

struct api;

/* Rows of the section [api]. */
struct api_settings {
	/* how often a token, or an address without one, may ask */
	uint64_t rate;		   /* in five minutes */
	uint64_t rate_media;	   /* uploads in half an hour */
	uint64_t rate_delete;	   /* deletions in half an hour */
	uint64_t rate_sign_up;	   /* new accounts in half an hour */
	uint64_t rate_token;	   /* tokens asked for in five minutes */
	uint64_t rate_translation; /* translations in half an hour */
	unsigned annual_reports;   /* enum year_offer */
};

extern const struct conf_row api_conf_rows[];
extern const size_t api_conf_row_count;

/* All of it outlives the api. */
struct api_parts {
	struct db *db;
	const struct clock *clock;
	const struct site *site;
	const struct api_settings *settings;
	const struct seal_key *seal; /* for what must not stand in the database as it is */
	struct queue *queue;	     /* is told of new jobs; NULL in tests */
	struct bus *bus;	     /* what happens live; NULL: there are no streams */
	struct look_port look;	     /* told of every thread that is shown */
	/* how often at most missing posts of a thread are asked for because of that; NULL: never */
	const uint64_t *thread_refresh_ms;
	struct look_port poll_look; /* told of polls that are shown and out of date */
	struct media *media;	    /* NULL: nothing is uploaded; for tests, like the next */
	const struct media_settings *media_settings;
	struct search_port search;	   /* asks other hosts for what is not known here */
	struct translator *translator;	   /* NULL: nothing is translated */
	struct policy_port policies;	   /* is told that something was decided of a host */
	const struct reception *reception; /* how people sign up, and who may not */
};

/* RC_NO_MEMORY. */
enum rc api_new(const struct api_parts *parts, struct api **out) NODISCARD;
/* After the listener was stopped: streams have ended. */
void api_free(struct api **api);

/* Routes that answer at once, those that wait, those for browsers that ask first (CORS). */
#define API_TABLES 3
void api_tables(struct api *api, struct httpd_route_table out[API_TABLES]);
/* For httpd's settings: large bodies are read of people who may send them. */
httpd_admit api_admit;

#endif
