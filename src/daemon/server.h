/*
 * The running node: its parts in the order in which they are started, and taken down in reverse.
 * serve.c runs it; nothing else has one.
 */
#ifndef FF_DAEMON_SERVER_H
#define FF_DAEMON_SERVER_H

#include "api/api.h"
#include "core/bus.h"
#include "crypt/digest.h"
#include "indexer.h"
#include "media/media.h"
#include "node.h"
#include "queue/queue.h"
#include "social/courier.h"
#include "social/sifter.h"
#include "watch.h"
#include "web/web.h"

#define SERVER_KINDS_MAX 64

struct server {
	struct cli *cli;
	struct node node;
	int lock;	 /* the right to serve this data folder */
	int signals;	 /* signalfd(2) */
	int control;	 /* what commands tell us */
	int failed;	 /* eventfd(2): storage failed */
	struct bus *bus; /* what happens live */
	struct fetch_settings fetch_settings;
	struct fetch *fetch;
	struct mail_settings mail_settings;
	struct mailer *mailer;
	struct courier *courier;
	struct sifter sifter;
	struct fed *fed;
	struct sign_in *sign_in;
	struct gate *gate;
	struct bars *bars;
	struct reception reception;
	struct digest media_secret;
	struct media *media;
	struct web *web;
	struct translator *translator; /* NULL: none */
	struct api *api;
	struct queue_kind kinds[SERVER_KINDS_MAX];
	size_t kind_count;
	struct queue *queue;
	struct indexer *indexer;
	struct httpd *public;
	struct watch watch;
	struct httpd *watchers;
	struct watch_probe probe;
	uint64_t begun_ms; /* steady */
};

/* Starts all parts; RC_UNREACHABLE when an address cannot be listened on. Needs server_stop() in any
 * case. */
enum rc server_start(struct server *server, struct cli *cli) NODISCARD;
/* Finishes what is in hand, hands the rest back, and frees everything, within 20 s. */
void server_stop(struct server *server);
/* After storage failed: answers what is open with an error, nothing more. */
void server_abandon(struct server *server);
/* Reads the settings again and takes over those that may change. */
void server_reload(struct server *server);
/* Reads one word from the control socket and does it. */
void server_control(struct server *server);

#endif
