/*
 * Streams of the API over loopback, as clients read them.
 *
 *   struct listener l = listen_events(kit, token, "/api/v1/streaming/user");
 *   struct told t = next_told(kit, &l);
 *   assert_str_eq(t.event, STR("update"));
 *
 * What does not arrive is seen by what arrives next.
 */
#ifndef FF_API_TEST_STREAMKIT_H
#define FF_API_TEST_STREAMKIT_H

#include "apikit.h"

struct listener {
	int fd;
	unsigned status; /* of the answer */
	struct str head;
	bool socket; /* a WebSocket */
};

/* token may be absent; the answer was read up to the end of its head. */
struct listener listen_events(struct apikit *kit, struct str token, const char *path);
/* headers are further lines, each with its end. */
struct listener listen_socket(struct apikit *kit, struct str token, const char *path,
			      const char *headers);
/* Fits CLEANUP(listener_close). */
void listener_close(struct listener *l);

struct told {
	struct str stream; /* "hashtag Cats": of a WebSocket */
	struct str event;
	struct str payload; /* absent when there is none */
	struct jr json;	    /* the payload, where it is JSON */
	struct jr whole;    /* of a WebSocket */
};
/* Waits for the next event; event is absent when the stream has ended. */
struct told next_told(struct apikit *kit, struct listener *l);
/* The next one is this, about this status. */
void expect_told(struct apikit *kit, struct listener *l, const char *event, uint64_t status);
void expect_ended(struct apikit *kit, struct listener *l);

void say(const struct listener *l, const char *json);
/* Says it, and waits until it was heard. */
void subscribe(struct apikit *kit, struct listener *l, const char *json);

#define USER "/api/v1/streaming/user"

struct scene {
	struct apikit *kit;
	struct account alice, bob, eve, carol; /* bob follows alice, eve nobody; carol is remote */
	struct str alice_token, bob_token, eve_token;
};

int scene_begin(void **state);
int scene_end(void **state);
/* A new post of alice, by the form of POST /api/v1/statuses. */
uint64_t scene_post(struct scene *s, const char *form);
/* The address of a post, or of what can be done with it: "/favourite". */
const char *scene_path(struct scene *s, uint64_t status, const char *act);

#endif
