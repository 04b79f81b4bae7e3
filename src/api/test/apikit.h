/*
 * The API over loopback, on the node of teststore.h: requests as a client sends them, answers as
 * JSON that was read back.
 *
 *   struct apikit *kit = apikit_new();
 *   struct str token = apikit_sign_in(kit, &alice, "read write");
 *   struct answer a = api_get(kit, token, "/api/v1/accounts/verify_credentials");
 *   assert_int_equal(a.status, 200);
 *   assert_str_eq(answer_str(&a, "username"), STR("alice"));
 */
#ifndef FF_API_TEST_APIKIT_H
#define FF_API_TEST_APIKIT_H

#include "api/api.h"
#include "social/oauth.h"
#include "store/tables.h"
#include "testfetch.h"
#include "teststore.h"
#include "json/jr.h"

#define KIT_TRANSLATOR "https://translate.example"

struct apikit {
	struct test_store t;
	struct api_settings settings;
	struct bus *bus;	/* what acts tell goes there */
	struct test_fetch *net; /* what other servers have */
	struct media_settings media_settings;
	char media_folder[512];
	struct media *media;
	struct translation_settings translation_settings;
	struct translator *translator; /* asks KIT_TRANSLATOR of net */
	struct seal_key seal;
	struct sign_up_settings registrations; /* open */
	struct sign_in *sign_in;
	struct gate *gate; /* NULL: nothing is limited */
	struct bars *bars;
	struct reception reception;
	struct api *api;
	struct httpd *httpd;
	struct oauth_app app;
	struct str app_secret;
	uint64_t looked_at;   /* the last thread that was shown */
	const char *header;   /* one more line of the head of requests; NULL: none */
	struct jr_doc **docs; /* of all answers */
	size_t doc_count;
};

struct apikit *apikit_new(void);
void apikit_free(struct apikit **kit);

/* A token of the kit's app for an account, NULL for the app's own. */
struct str apikit_sign_in(struct apikit *kit, const struct account *account, const char *scopes);

/* One with which a person acts for a team. */
struct str apikit_act_as(struct apikit *kit, const struct account *team,
			 const struct account *person, const char *scopes);

/* A connection to it. */
int apikit_connect(const struct apikit *kit);

struct answer {
	unsigned status;
	struct str head; /* status line and headers */
	struct str body;
	struct jr json; /* absent when the body is no JSON */
};

/* token may be absent; body is JSON when it begins with "{", else a form. */
struct answer api_ask(struct apikit *kit, const char *method, struct str token, const char *path,
		      const char *body);
/* Any body; the type may be NULL without one. */
struct answer api_send(struct apikit *kit, const char *method, struct str token, const char *path,
		       const char *type, struct str body);
/* The head of a request with a body of that length, of which no byte is sent. */
struct answer api_send_head(struct apikit *kit, const char *method, struct str token,
			    const char *path, size_t length);
struct answer api_get(struct apikit *kit, struct str token, const char *path, ...)
	PRINTF_LIKE(3, 4);
struct answer api_post(struct apikit *kit, struct str token, const char *path, const char *body);
/* A header of the answer; absent when there is none. */
struct str answer_header(const struct answer *a, const char *name);
/* A member of an answer that is an object; "a.b" is b in a. */
struct jr answer_at(const struct answer *a, const char *path);
struct str answer_str(const struct answer *a, const char *path);
/* -1 when it is no number. */
int64_t answer_num(const struct answer *a, const char *path);
/* The member id as a number; 0 when there is none. */
uint64_t answer_id(const struct answer *a);

#endif
