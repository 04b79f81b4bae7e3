/*
 * Records of the ledger of a joint community, as partners write and read them: what is shared and what
 * is decided in it. Each is an activity of a group, which proves it (FEP-8b32), so that whoever passes it
 * on can change nothing of it.
 */
#ifndef FF_AP_LEDGER_H
#define FF_AP_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "ap/ap.h"
#include "json/jw.h"

#define AP_LEDGER_OPTIONS_MAX 30
#define AP_LEDGER_ROLES_MAX 4
#define AP_LEDGER_DIGEST_SIZE 32
#define AP_LEDGER_PAPERS_PER_PAGE 1000
#define AP_LEDGER_PAGES_MAX 64

enum ap_ledger_kind {
	AP_LEDGER_VERSION,	/* Create or Update of a Document (a file) or Page (a link) */
	AP_LEDGER_DROP,		/* Delete of it */
	AP_LEDGER_CONSULTATION, /* Create of a Question */
	AP_LEDGER_CANCEL,	/* Undo of it */
	AP_LEDGER_JOIN,		/* Join: a group takes part in it */
	AP_LEDGER_PAPERS,	/* Create of a page of its Papers */
};

struct ap_ledger_file {
	struct str url;
	struct str media_type;
	uint64_t bytes;
	unsigned char digest[AP_LEDGER_DIGEST_SIZE]; /* SHA-256 */
};

struct ap_ledger_record {
	enum ap_ledger_kind kind;
	struct str id;	  /* of the activity */
	struct str actor; /* the group */
	struct str thing; /* id of the resource or consultation */
	uint64_t published_ms;
	/* of a version */
	bool first; /* Create, else Update: it says nothing more */
	struct str title, description, note;
	struct str url; /* of a link */
	bool has_file;
	struct ap_ledger_file file;
	/* of a consultation */
	struct str question;
	struct str method; /* "approval", "ranked" */
	uint64_t opens_ms, closes_ms, papers_until_ms;
	uint32_t seats, quorum;
	bool named;
	struct str roles[AP_LEDGER_ROLES_MAX]; /* by the names that they have everywhere */
	unsigned role_count;
	struct str options[AP_LEDGER_OPTIONS_MAX];
	unsigned option_count;
	/* of papers: of the whole, but for lines */
	uint32_t page, pages; /* pages count from 1 */
	uint32_t voters, members;
	struct str digest; /* SHA-256 over all lines, in hexadecimal */
	struct str lines;  /* of this page */
};

/*
 * RC_INVALID with the reason in reader's context: no such record, something is missing or beyond its
 * bound. Ids are canonical, and all are the actor's but the thing. Strings point into the document or
 * the arena.
 */
enum rc ap_ledger_decode(const struct ap_reader *reader, struct jr root,
			 struct ap_ledger_record *out) NODISCARD;
/* The whole document, without its proof. */
void ap_ledger_write(struct jw *w, const struct ap_ledger_record *record);

#endif
