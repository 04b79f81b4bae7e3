/* The settings of the whole program: one struct per section, and the tables that fill them. */
#ifndef FF_DAEMON_SETTINGS_H
#define FF_DAEMON_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "api/api.h"
#include "conf/conf.h"
#include "core/log.h"
#include "db/db.h"
#include "fed/fed.h"
#include "fetch/fetch.h"
#include "fetch/mail.h"
#include "httpd/httpd.h"
#include "media/media.h"
#include "queue/queue.h"
#include "social/sifter.h"
#include "social/sign_up.h"
#include "social/site.h"
#include "social/translate.h"

struct node_settings {
	struct str domain;
	struct str host; /* empty: the domain */
	struct str title;
	struct str description;
	struct str contact;
	struct str contact_account;
	struct str data_dir;
	struct str sealing_key; /* empty: in data_dir */
	uint64_t post_max_chars;
	uint64_t poll_max_options;
	uint64_t poll_tell_ms;
	uint64_t appeal_ms;
};

struct metrics_settings {
	struct str listen;
};

struct log_settings {
	unsigned level;	 /* enum log_level */
	unsigned format; /* 0: logfmt, 1: JSON */
};

struct test_settings {
	bool plain_http;
	bool literal_hosts;
	struct str allow_addresses;
};

#define SETTINGS_TABLES_MAX 24

struct settings {
	struct node_settings node;
	struct httpd_settings http;
	struct metrics_settings metrics;
	struct db_settings database;
	struct fetch_settings fetch;
	struct api_settings api;
	struct sign_up_settings registrations;
	struct gate_settings sign_in;
	struct fed_settings federation;
	struct fed_relay_settings relay;
	struct sift_settings moderation;
	struct queue_settings queue;
	struct media_settings media;
	struct mail_settings mail;
	struct translation_settings translation;
	struct log_settings log;
	struct test_settings test;
	struct conf_table tables[SETTINGS_TABLES_MAX]; /* point into this struct */
	size_t table_count;
};

/* Empties settings and points its tables at it; it must not be moved afterwards. */
void settings_init(struct settings *settings);

/*
 * Where the file is: the given one, else ./fediflow.conf, else /etc/fediflow/fediflow.conf. NULL when
 * there is none.
 */
const char *settings_path(const char *given);

/*
 * Reads the file and checks what lies between rows. RC_INVALID with everything that is wrong in
 * report; strings live in ctx's arena.
 */
enum rc settings_load(struct ctx *ctx, const char *path, struct settings *settings,
		      struct conf_report *report) NODISCARD;

/* What other modules get of them. Strings are in arena, which may be the one they were loaded in. */
void settings_site(struct arena *arena, const struct settings *settings, struct site *out);
struct fetch_settings settings_fetch(struct arena *arena, const struct settings *settings,
				     const struct site *site);
struct mail_settings settings_mail(struct arena *arena, const struct settings *settings);
unsigned settings_iri_flags(const struct settings *settings);
void settings_apply_log(const struct settings *settings);

/* The tables for those who run a node: without the section that only tests use. */
size_t settings_public_tables(const struct settings *settings);
/* Was the program built with the settings that only tests may use? */
bool settings_have_test_hooks(void);

#endif
