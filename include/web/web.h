/*
 * web: pages for people. Whoever opens the address of an account or of a post in a browser sees it,
 * with its thread; the first page introduces the node.
 *
 *   struct web   what the pages need: the database, the node's names, the style sheet
 *   routes       pages by content negotiation (HTTP_HTML), the style sheet and the icon
 *
 * Pages show what anybody may see (may_see() with VIEWER_ANYBODY). What is invisible is absent: the
 * answer is the same 404 page, byte for byte (S-071). A page is gathered in one read transaction,
 * which is over when the page is written.
 */
#ifndef FF_WEB_WEB_H
#define FF_WEB_WEB_H

#include <stddef.h>

#include "core/clock.h"
#include "core/rc.h"
#include "crypt/secret.h"
#include "db/db.h"
#include "httpd/httpd.h"
#include "queue/queue.h"
#include "social/oauth.h"
#include "social/search.h"
#include "social/sign_up.h"
#include "social/site.h"
#include "social/thread.h"

struct media; /* media/media.h */
struct web;

/* All of it outlives the web. */
struct web_parts {
	struct db *db;
	const struct clock *clock;
	const struct site *site;
	struct look_port look;	    /* told of every thread that is shown */
	struct look_port poll_look; /* told of polls that are shown and out of date */
	struct sign_in *sign_in;    /* who checks passwords */
	const struct seal_key *seal;
	struct queue *queue;		   /* is told of new jobs; NULL in tests */
	const struct reception *reception; /* how people sign up, and how often one may try */
	struct media *media;		   /* takes pictures; NULL in tests: none */
	struct search_port search;	   /* asks other hosts for what is not known here */
};

/* RC_NO_MEMORY. */
enum rc web_new(const struct web_parts *parts, struct web **out) NODISCARD;
void web_free(struct web **web);

/* The route tables; app is the web. Those of the second wait. */
extern const struct httpd_route web_routes[];
extern const size_t web_route_count;
extern const struct httpd_route web_waiting_routes[];
extern const size_t web_waiting_route_count;
/* What both say of a form that is larger than they take. */
void web_too_large(struct httpd_request *req, void *app);

#endif
