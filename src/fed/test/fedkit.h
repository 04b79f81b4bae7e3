/*
 * What the tests of fed share: a node with three people on a database in a temporary folder, a
 * scripted network, a clock that stands still, and remote people with real keys. A listener and a
 * queue are started by those tests that need them.
 */
#ifndef FF_FED_TEST_FEDKIT_H
#define FF_FED_TEST_FEDKIT_H

#include "fed_int.h"
#include "incoming_int.h"
#include "social/community.h"
#include "store/report.h"
#include "store/uri.h"
#include "testfetch.h"
#include "testkit.h"

#define HOME "https://home.example"
#define ALICE HOME "/users/alice"
#define BOB HOME "/users/bob"
#define CAROL "https://peer.example/users/carol"
#define DAVE "https://peer.example/users/dave"
#define ERIN "https://other.example/users/erin"
#define ACTIVITY_JSON "application/activity+json"

struct fedkit {
	uint64_t bytes_max; /* of the database; 0: plenty */
	char *folder;
	struct db *db;
	struct test_clock clock;
	struct test_fetch *net;
	struct site site;
	struct seal_key seal;
	struct fed_settings settings;
	struct fed_relay_settings relay;
	struct fed *fed;
	struct queue *queue;
	struct httpd *httpd;
	struct arena *arena;
	struct account instance, alice, bob; /* bob is locked */
};

void kit_init(struct fedkit *kit);
void kit_free(struct fedkit *kit);
/* For cmocka: a fresh kit in *state, its end. */
int kit_setup(void **state);
int kit_teardown(void **state);
/* With fed's routes on loopback. */
int kit_setup_http(void **state);
/* The same on a database that is soon full. */
int kit_setup_small(void **state);

/* --- remote people --- */

/* The private keys of a remote actor, made once per program; RSA keys come from a small pool. */
struct key *kit_rsa(unsigned n);
struct key *kit_ed25519(unsigned n);

struct peer_actor {
	const char *uri;
	struct key *rsa;
	struct key *ed; /* may be NULL: then its document has none */
	uint64_t id;	/* 0 until it is stored */
};

/* An actor document; the keys are "#main-key" and "#ed". */
struct str kit_actor_json(struct fedkit *kit, const struct peer_actor *peer);
/* Stores the actor as a fetch would have, and has the network answer for it. */
struct peer_actor kit_peer(struct fedkit *kit, const char *uri, unsigned key);
/* Only the network knows it. */
struct peer_actor kit_stranger(struct fedkit *kit, const char *uri, unsigned key);
struct str kit_key_id(struct fedkit *kit, const struct peer_actor *peer, const char *fragment);

/* A group elsewhere, with collections of moderators and of featured posts: "<uri>/moderators",
 * "<uri>/featured". */
struct peer_actor kit_group(struct fedkit *kit, const char *uri, unsigned key);
/* A community of this node; settings->id is set. */
struct account kit_community(struct fedkit *kit, const char *name, const struct account *founder,
			     struct community *settings);
/* A group elsewhere owns the community with us: "<uri>/joint" has what it has. */
void kit_partner(struct fedkit *kit, uint64_t community, const struct peer_actor *group,
		 bool indexed);
enum rc kit_moderate(struct fedkit *kit, const struct account *actor, uint64_t status,
		     enum community_act act);

/* --- what resolving comes to --- */

struct kit_answer {
	enum rc rc;
	uint64_t id;
	char reason[240];
	unsigned times; /* that it was told */
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

#define KIT_ANSWER_INIT                                                                 \
	{                                                                               \
		.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER, \
	}

fed_done kit_answered; /* arg is a struct kit_answer */
enum rc kit_wait(struct kit_answer *answer);
/* 'a': an actor; 'r': the same, asked for anew; 'k': a key; 'o': a post; 'p': a post or an actor. */
struct kit_answer kit_resolve(struct fedkit *kit, char what, const char *uri);

/* --- the database --- */

void kit_write(struct fedkit *kit, enum rc (*job)(struct db_txn *txn, void *arg), void *arg);
uint64_t kit_rows(struct fedkit *kit, const struct db_table *table);
struct uri_entry kit_uri(struct fedkit *kit, const char *uri);
/* Strings live in the kit's arena. False when there is none. */
bool kit_account(struct fedkit *kit, uint64_t id, struct account *out);
void kit_put_account(struct fedkit *kit, const struct account *account);
bool kit_status(struct fedkit *kit, const char *uri, struct status *out);
enum follow_state kit_follow_state(struct fedkit *kit, uint64_t follower, uint64_t followee);
void kit_follow(struct fedkit *kit, uint64_t follower, uint64_t followee, enum follow_state state,
		const char *uri);
/* A post of alice or bob; its id. */
uint64_t kit_post(struct fedkit *kit, const struct account *author, enum visibility visibility,
		  const char *text);
void kit_erase(struct fedkit *kit, const struct account *author, uint64_t status);
/* The account is deleted; peers are told. */
void kit_leave(struct fedkit *kit, const struct account *account);
struct str kit_post_uri(struct fedkit *kit, uint64_t id);
uint64_t kit_last_commit(struct fedkit *kit);
/* So many reports of somebody else's, by peers that nobody knows. */
void kit_reports(struct fedkit *kit, size_t count);
struct report kit_report(struct fedkit *kit, uint64_t id);
void kit_policy(struct fedkit *kit, const char *host, enum peer_policy policy);

/* --- activities without the wire --- */

/* Formats into the kit's arena. */
struct str kit_json(struct fedkit *kit, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* {"id":…,"type":…,"actor":…,"object":object}; object is JSON, id may be NULL. */
struct str kit_activity(struct fedkit *kit, const char *id, const char *type, const char *actor,
			const char *object);
/* A public Create{Note} by actor; the note's id is "<actor>/notes/<n>". */
struct str kit_create(struct fedkit *kit, const char *actor, unsigned n, const char *more);
/*
 * What the inbox does after verification: opens, prepares, applies. Returns the first refusal, else
 * the result; RC_UNSUPPORTED when the activity has no meaning here, RC_BUSY when something would be
 * fetched first.
 */
enum rc kit_receive(struct fedkit *kit, const struct peer_actor *signer, struct str json);

/* --- requests --- */

struct kit_reply {
	unsigned status;
	struct str head;
	struct str body;
};

struct kit_signing {
	enum httpsig_scheme scheme;
	const struct key *key;
	struct str key_id;
	uint64_t now_s; /* 0: the clock's */
	const char *content_type;
	struct httpsig_header also; /* signed with the rest */
	const char *extra;	    /* header lines that are not, each with its end */
};

struct kit_signing kit_signed_by(struct fedkit *kit, const struct peer_actor *peer);
/* signing NULL: unsigned. */
struct kit_reply kit_request(struct fedkit *kit, const char *method, const char *target,
			     const struct kit_signing *signing, struct str body);
struct kit_reply kit_get(struct fedkit *kit, const char *target, const struct kit_signing *signing);
struct kit_reply kit_post_inbox(struct fedkit *kit, const struct peer_actor *peer, struct str body);
/* The value of a header of the reply; absent when there is none. */
struct str kit_header(const struct kit_reply *reply, const char *name);

#endif
