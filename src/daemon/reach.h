/*
 * Reaching out from the command line: a fed and a fetch client of this process's own, made when they
 * are first needed, and calls that wait for their callbacks with a limit of time.
 */
#ifndef FF_DAEMON_REACH_H
#define FF_DAEMON_REACH_H

#include "command.h"
#include "fed/fed.h"
#include "social/act.h"

struct media;
struct node;
struct reach;

void reach_free(struct reach **reach);

/* Each stores what it found, and gives its id. RC_TIMEOUT after 60 s. */
enum rc reach_handle(struct cli *cli, struct node *node, struct str user, struct str host,
		     uint64_t *id) NODISCARD;
enum rc reach_actor(struct cli *cli, struct node *node, struct str uri, uint64_t *id) NODISCARD;
/* Asks even when the actor is known. */
enum rc reach_refresh(struct cli *cli, struct node *node, struct str uri, uint64_t *id) NODISCARD;
enum rc reach_object(struct cli *cli, struct node *node, struct str uri, uint64_t *id) NODISCARD;
/* The fed that all of this goes by; it lives as long as node. */
enum rc reach_fed(struct cli *cli, struct node *node, struct fed **out) NODISCARD;
/* The files of the node's media, for media_take() and media_read(); as long. */
enum rc reach_media(struct cli *cli, struct node *node, struct media **out) NODISCARD;
/* Strings are copied into cli's arena. */
enum rc reach_document(struct cli *cli, struct node *node, struct str uri,
		       struct fed_document *out) NODISCARD;

/* For act_compose(): people who are not known yet are looked for. */
struct reach_finder {
	struct cli *cli;
	struct node *node;
};
struct mention_finder reach_mention_finder(struct reach_finder *finder);

#endif
