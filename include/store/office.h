/*
 * What those who run the node have laid down: roles and who has them, rules, and who may not sign up.
 * Few rows each, read as a whole.
 */
#ifndef FF_STORE_OFFICE_H
#define FF_STORE_OFFICE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/str.h"
#include "db/db.h"

/* --- roles --- */

/* The bits of Mastodon's Role entity. */
enum permission {
	PERMISSION_ADMINISTRATOR = 1 << 0, /* all of them */
	PERMISSION_DEVOPS = 1 << 1,
	PERMISSION_VIEW_AUDIT_LOG = 1 << 2,
	PERMISSION_VIEW_DASHBOARD = 1 << 3,
	PERMISSION_MANAGE_REPORTS = 1 << 4,
	PERMISSION_MANAGE_FEDERATION = 1 << 5,
	PERMISSION_MANAGE_SETTINGS = 1 << 6,
	PERMISSION_MANAGE_BLOCKS = 1 << 7,
	PERMISSION_MANAGE_TAXONOMIES = 1 << 8,
	PERMISSION_MANAGE_APPEALS = 1 << 9,
	PERMISSION_MANAGE_USERS = 1 << 10,
	PERMISSION_MANAGE_INVITES = 1 << 11,
	PERMISSION_MANAGE_RULES = 1 << 12,
	PERMISSION_MANAGE_ANNOUNCEMENTS = 1 << 13,
	PERMISSION_MANAGE_CUSTOM_EMOJIS = 1 << 14,
	PERMISSION_MANAGE_WEBHOOKS = 1 << 15,
	PERMISSION_INVITE_USERS = 1 << 16,
	PERMISSION_MANAGE_ROLES = 1 << 17,
	PERMISSION_MANAGE_USER_ACCESS = 1 << 18,
	PERMISSION_DELETE_USER_DATA = 1 << 19,
	PERMISSION_VIEW_FEEDS = 1 << 20,
	PERMISSION_INVITE_BYPASS_APPROVAL = 1 << 21,
};

/* Roles that every node has, unless they were changed. */
enum {
	ROLE_EVERYBODY = 0,
	ROLE_MODERATOR = 1,
	ROLE_ADMIN = 2,
	ROLE_OWNER = 3,
};

struct role {
	uint64_t id;
	uint32_t position; /* who stands higher may act upon who stands lower */
	uint32_t permissions;
	bool highlighted; /* shown on profiles */
	struct str name;
	struct str color; /* "#rrggbb" or empty */
};

#define ROLE_NAME_CHARS 100
#define ROLES_MAX 100

/* False when there is none. Strings are copied into arena. */
bool role_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct role *out);
void role_put(struct db_txn *txn, const struct role *role);
/* A built-in one is as it was at first. */
void role_del(struct db_txn *txn, uint64_t id);
/* In order of their ids, built-in ones included. */
size_t role_list(struct db_txn *txn, struct arena *arena, struct role out[ROLES_MAX]);

/* The role of an account; ROLE_EVERYBODY when it was given none. */
uint64_t role_of(struct db_txn *txn, uint64_t account);
void role_give(struct db_txn *txn, uint64_t account, uint64_t role);
/* Accounts that were given a role, in order of their ids after `after`. */
size_t role_holders(struct db_txn *txn, uint64_t after, uint64_t *out, size_t count);

/* --- rules of the node --- */

struct rule {
	uint64_t id;
	uint32_t position;
	struct str text;
	struct str hint;
};
#define RULES_MAX 100
#define RULE_CHARS 1000

bool rule_get(struct db_txn *txn, struct arena *arena, uint64_t id, struct rule *out);
/* Adds (id 0) or replaces; returns the id. */
uint64_t rule_put(struct db_txn *txn, const struct rule *rule);
bool rule_del(struct db_txn *txn, uint64_t id);
/* By position. */
size_t rule_list(struct db_txn *txn, struct arena *arena, struct rule out[RULES_MAX]);

/* --- texts of the node --- */

/* The numbers are stored. */
enum document_kind {
	DOCUMENT_ABOUT = 1,
	DOCUMENT_PRIVACY = 2,
	DOCUMENT_TERMS = 3, /* one for each day from which new terms hold */
};

struct document {
	enum document_kind kind;
	uint64_t from_ms;    /* of terms: the first moment of that day; else 0 */
	uint64_t updated_ms; /* set by document_put() */
	struct str text;     /* Markdown */
};
#define DOCUMENT_BYTES_MAX ((size_t)200 << 10)
#define DOCUMENTS_MAX 100 /* of one kind */

bool document_get(struct db_txn *txn, struct arena *arena, enum document_kind kind,
		  uint64_t from_ms, struct document *out);
/* Adds or replaces. */
void document_put(struct db_txn *txn, const struct document *document);
bool document_del(struct db_txn *txn, enum document_kind kind, uint64_t from_ms);
/* All of a kind, by their days. */
size_t document_list(struct db_txn *txn, struct arena *arena, enum document_kind kind,
		     struct document out[DOCUMENTS_MAX]);

/* --- who may not sign up, or come at all --- */

/* The numbers are stored. */
enum bar_kind {
	BAR_EMAIL_DOMAIN = 1, /* and all below it */
	BAR_EMAIL_CANONICAL =
		2,  /* the SHA-256 of an address without dots and "+", in hexadecimal */
	BAR_IP = 3, /* an address or prefix */
};
enum bar_severity {
	BAR_SIGN_UP_APPROVAL,
	BAR_SIGN_UP_BLOCK,
	BAR_NO_ACCESS,
};

struct bar {
	uint64_t id;
	enum bar_kind kind;
	enum bar_severity severity;
	struct str value;
	struct str comment;
	uint64_t expires_ms; /* 0: never */
	uint64_t account;    /* of which a canonical address was taken; 0: none */
	uint64_t created_ms; /* set by bar_put() */
};

bool bar_get(struct db_txn *txn, struct arena *arena, enum bar_kind kind, uint64_t id,
	     struct bar *out);
/* Adds (id 0) or replaces. 0 when there is one of this value already. */
uint64_t bar_put(struct db_txn *txn, struct arena *arena, const struct bar *bar);
bool bar_del(struct db_txn *txn, enum bar_kind kind, uint64_t id);
/* Newest first, below max_id (0: from the newest) and above min_id. */
size_t bar_list(struct db_txn *txn, struct arena *arena, enum bar_kind kind, uint64_t max_id,
		uint64_t min_id, struct bar *out, size_t count);
/* The bar of exactly this value. */
bool bar_find(struct db_txn *txn, struct arena *arena, enum bar_kind kind, struct str value,
	      struct bar *out);

/* Integrity: bars and their values mirror each other; roles are those of accounts that are there. */
void office_check(struct db_txn *txn, struct arena *arena, void (*bad)(void *arg, struct str what),
		  void *arg);

#endif
