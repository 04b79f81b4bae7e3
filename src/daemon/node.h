/*
 * The node as a process sees it: settings, names, sealing key, database. serve and the commands
 * beside it open the same one.
 */
#ifndef FF_DAEMON_NODE_H
#define FF_DAEMON_NODE_H

#include <stdbool.h>

#include "command.h"
#include "crypt/secret.h"
#include "db/db.h"
#include "settings.h"
#include "social/social.h"
#include "store/node.h"

struct reach;

struct node {
	struct settings settings;
	struct str config; /* the file the settings came from */
	struct site site;
	struct seal_key seal;
	struct node_record record;
	struct db *db;
	struct reach *reach; /* made when it is first needed */
};

/* Rows of the process itself: what /health writes. */
extern struct db_table daemon_table_health;

enum node_access {
	NODE_READ,
	NODE_WRITE,
};

/*
 * Opens all of it. Failures end the command with EXIT_SETTINGS or EXIT_STORAGE, the reason is in
 * cli->ctx. Close with node_close() in any case.
 */
enum rc node_open(struct cli *cli, enum node_access mode, struct node *node) NODISCARD;
void node_close(struct node *node);

/* The parts of node_open() that init and restore take one by one. */
enum rc node_load_settings(struct cli *cli, const char *path, struct node *node) NODISCARD;
enum rc node_load_seal(struct ctx *ctx, struct node *node) NODISCARD;
enum rc node_open_db(struct ctx *ctx, struct node *node, enum node_access mode) NODISCARD;
/* Opens the database of some folder, for looking into a backup. */
enum rc node_open_db_at(struct ctx *ctx, struct node *node, struct str path, enum node_access mode,
			struct db **out) NODISCARD;

/* What is where in the data folder. */
const char *node_path(struct arena *arena, const struct node *node, const char *name);
struct str node_seal_path(struct arena *arena, const struct node *node);

/* What the media of this node are made of; the secret is made here, and lives as long as they do. */
struct digest;
struct fetch;
struct media_parts;
enum rc node_media_parts(struct ctx *ctx, const struct node *node, struct fetch *fetch,
			 struct digest *secret, struct media_parts *out) NODISCARD;

/*
 * The right to serve, restore or make this data folder, held by one process at a time until it ends.
 * RC_BUSY when another one has it.
 */
enum rc node_lock(struct ctx *ctx, const struct node *node, int *fd) NODISCARD;

/* Writes and waits, in the room that is kept for those who administer (S-114). */
enum rc node_write(struct node *node, enum rc (*job)(struct db_txn *txn, void *arg),
		   void *arg) NODISCARD;
/* Returns when no write of fed's is left, so that it can be freed; nothing may ask it for more. */
void node_drain(struct node *node);
/*
 * Runs an act in a write and wakes the running node's queue. run may be called again; what it fails
 * with is in cli->ctx.
 */
enum rc node_act(struct cli *cli, struct node *node, enum rc (*run)(struct social *s, void *arg),
		 void *arg) NODISCARD;

/*
 * A command that removes what its first argument is the id of, which run gets as const uint64_t *; named says so to
 * whoever gives none: "a rule is named by its id".
 */
enum rc node_decide(struct cli *cli, const char *named, enum rc (*run)(struct social *s, void *arg),
		    const char *done) NODISCARD;
/* The same, of what is "removed". */
enum rc node_remove(struct cli *cli, const char *named,
		    enum rc (*run)(struct social *s, void *arg)) NODISCARD;

/* A command that only shows something: opens the node, and prints from one snapshot of it. */
enum rc node_show(struct cli *cli, void (*print)(struct cli *cli, const struct node *node,
						 struct db_txn *txn)) NODISCARD;

/* What a running node is told through its control socket. */
#define POKE_WAKE "wake"     /* there are new jobs */
#define POKE_POLL "poll "    /* and an id: somebody has looked at this poll */
#define POKE_RELOAD "reload" /* accounts, keys, policies or lanes changed */
#define POKE_LOOK "look "    /* and a status's id: somebody looks at it */
#define POKE_LIVE "live "    /* and what has happened: live_format() */
#define POKE_MAX 4096	     /* bytes of one word with what it is about */

/* Nothing happens when no node runs. */
void node_poke(const struct node *node, const char *word);
/* A db_effects_fn: tells the running node what a command has done; arg is the struct node. */
void node_poke_live(void *arg, const struct db_effect *effects, size_t count);
void node_poke_about(const struct node *node, const char *word, uint64_t id);
/* The address of the control socket; a long path goes through /proc/self/fd, so fd stays open while
 * it is used. False when it cannot be. */
struct sockaddr_un;
bool node_control_address(const struct node *node, struct sockaddr_un *address, int *fd);

#endif
