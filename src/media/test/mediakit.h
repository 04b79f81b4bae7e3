/*
 * The running part for tests: a database, a network that is none, a listener on loopback, a folder.
 * Helpers are the test program itself.
 */
#ifndef FF_MEDIA_TEST_MEDIAKIT_H
#define FF_MEDIA_TEST_MEDIAKIT_H

#include <pthread.h>

#include "../media_int.h"
#include "testdb.h"
#include "testfetch.h"

#define BASE "https://social.example.org"
#define PICTURE_URL "https://b.example/pictures/1.jpg"

struct world {
	struct test_db t;
	struct test_fetch *net;
	struct media_settings settings;
	char folder[512];
	struct media *media;
	struct httpd *httpd;
	struct account alice;
	/* what came of an upload */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
	enum rc rc;
	char reason[240];
	uint64_t id;
	enum medium_state state;
};

void media_begin(struct world *w);
void listen_begin(struct world *w);
void world_init(struct world *w);
/* Fits CLEANUP(world_free). */
void world_free(struct world *w);
/* A file of fixtures/. */
struct str fixture(struct world *w, const char *name);
/* Uploads as alice and waits; what came of it is in w. */
enum rc upload(struct world *w, struct str bytes, enum medium_use shape);
struct medium medium_of(struct world *w, uint64_t id);
bool is_kept(const struct files *files, const struct digest *name);

#endif
