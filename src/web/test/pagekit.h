/*
 * What the tests of web share: a node with a database of its own, its people and posts, and a
 * listener on loopback that serves its pages, with documents for machines at the same addresses.
 */
#ifndef FF_WEB_TEST_PAGEKIT_H
#define FF_WEB_TEST_PAGEKIT_H

#include "httpd/httpd.h"
#include "social/site.h"
#include "store/account.h"
#include "store/status.h"
#include "testdb.h"
#include "web/web.h"

/* 20 November 2026, 10:56:08 UTC */
#define KIT_WALL_MS UINT64_C(1795172168000)
/* In every text field, it must come out as text (S-085). */
#define MARKER "\"><img src=x onerror=1>"
#define MARKER_ESCAPED "&quot;&gt;&lt;img src=x onerror=1&gt;"

struct kit {
	struct test_db d; /* its arena holds what the helpers return */
	struct site site;
	struct sign_up_settings registrations; /* closed */
	struct reception reception;
	struct web *web;
	struct httpd *httpd;
	_Atomic uint64_t looked_at; /* the last thread that was shown */
	_Atomic unsigned looks;
	_Atomic uint64_t poll_looked_at; /* the last poll whose counts are out of date */
};

void kit_init(struct kit *kit);
/* Fits CLEANUP(kit_free). */
void kit_free(struct kit *kit);

/* An account as everybody has it: local, discoverable and indexable, without a display name. */
struct account kit_local(struct kit *kit, const char *username);
struct account kit_remote(struct kit *kit, const char *username, const char *domain);
/* Adds it and sets its id. */
void kit_add_account(struct kit *kit, struct account *account);
void kit_put_account(struct kit *kit, const struct account *account);
/* Both in one. */
struct account kit_person(struct kit *kit, const char *username);

/* A public post of author; content is markup. */
struct status kit_status(struct kit *kit, const struct account *author, const char *content);
void kit_reply_to(struct status *status, const struct status *parent);
/* Adds it and sets its id; ids grow. */
void kit_add_status(struct kit *kit, struct status *status);
struct status kit_post(struct kit *kit, const struct account *author, const char *content);
struct status kit_boost(struct kit *kit, const struct account *booster,
			const struct status *original, enum visibility visibility);
/* The path of its page. */
const char *kit_path(struct kit *kit, const struct account *author, const struct status *status);

struct answer {
	unsigned status;
	struct str head; /* status line and header lines */
	struct str body;
};

/* Asks the listener. headers are further lines, each with its end. */
struct answer kit_ask(struct kit *kit, const char *path, const char *headers);
/* The body of a page that is there. */
struct str kit_page(struct kit *kit, const char *path);
/* Compares with the page of what never was. */
void kit_assert_absent(struct kit *kit, const char *path);

#define assert_has(text, part)                                                                     \
	do {                                                                                       \
		struct str has_text_ = (text), has_part_ = (part);                                 \
		if (!str_contains(has_text_, has_part_))                                           \
			fail_msg("no \"%.*s\" in:\n%.*s", STR_ARG(has_part_), STR_ARG(has_text_)); \
	} while (0)
#define assert_has_not(text, part)                                                              \
	do {                                                                                    \
		struct str has_text_ = (text), has_part_ = (part);                              \
		if (str_contains(has_text_, has_part_))                                         \
			fail_msg("\"%.*s\" in:\n%.*s", STR_ARG(has_part_), STR_ARG(has_text_)); \
	} while (0)

/* How often part is in text. */
size_t count_of(struct str text, struct str part);

#endif
