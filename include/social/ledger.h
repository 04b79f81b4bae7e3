/*
 * What is shared and decided in a joint community, on every partner's node: resources with all versions and
 * files, consultations with what was voted on each. What is done here is written into the ledger
 * (store/ledger.h) by a job, signed by the group, and partners are told to read it; what they have written is
 * read by another, and taken by the rules below. Which wire that goes over is not known here.
 *
 *   version       stays for ever; several that were made at once stand by their times
 *   drop          a resource goes on all nodes, and does not come back
 *   consultation  called on one node; members vote on their own
 *   papers        what was voted on one node, told when it has closed, and fixed from then on
 */
#ifndef FF_SOCIAL_LEDGER_H
#define FF_SOCIAL_LEDGER_H

#include "social/consultation.h"
#include "social/resource.h"
#include "store/ledger.h"
#include "store/medium.h"

#define LEDGER_PAPERS_PER_PAGE 1000
#define LEDGER_PAGES_MAX 64 /* of one node's papers */
#define LEDGER_NODES_MAX 64 /* that take part in a consultation */

struct ledger_papers {
	uint32_t page, pages; /* from 1 */
	uint32_t voters, members;
	struct str digest; /* SHA-256 over all lines, in hexadecimal */
	struct str lines;  /* of this page: a receipt's digest and choices each */
};

/* A record as it is read or to be written. */
struct ledger_entry {
	enum ledger_kind kind;
	struct str id;	  /* its own */
	struct str actor; /* the group's id */
	struct str thing; /* id of the resource or consultation */
	uint64_t at_ms;
	uint64_t local; /* of ours: the thing here */
	bool first;	/* of a version: of a new resource */
	struct resource_version version;
	struct medium_file file; /* of a version; without a type: it is a link */
	struct consultation consultation;
	struct ledger_papers papers;
};

/* --- writing: JOB_LEDGER_WRITE --- */

/* The numbers are part of the stored format. */
enum ledger_look {
	LEDGER_LOOK_RESOURCES = 1,
	LEDGER_LOOK_CONSULTATIONS = 2,
	LEDGER_LOOK_DROP = 3,
};

/* What is to be looked at for what is not in the ledger yet. */
struct ledger_task {
	uint64_t community;
	enum ledger_look look;
	uint64_t after; /* of a walk through all: what was done last */
	uint64_t only;	/* this one; 0: all resources, then all consultations */
	struct str uri; /* of a drop */
};
void ledger_task_encode(struct buf *out, const struct ledger_task *task);
/* The string points into payload. */
bool ledger_task_decode(struct str payload, struct ledger_task *out);
/* Adds the job, where the community has partners. */
void ledger_look(struct social *s, const struct ledger_task *task, uint64_t due_ms);

enum ledger_found {
	LEDGER_FOUND,	/* *out is to be written */
	LEDGER_GO_ON,	/* nothing yet: *task has moved on */
	LEDGER_NOTHING, /* all is written */
};
/* Only reads. The community's group is gone: LEDGER_NOTHING. */
enum ledger_found ledger_lacking(struct db_txn *txn, struct ctx *ctx, const struct site *site,
				 uint64_t now_ms, struct ledger_task *task,
				 struct ledger_entry *out);
/* It was composed and signed. RC_NOT_FOUND: what it is about has gone meanwhile; RC_BUSY: it is not
 * right any more; RC_EXISTS. */
enum rc ledger_written(struct social *s, uint64_t community, const struct ledger_entry *entry,
		       struct str bytes) NODISCARD;
/* Partners are asked to read, but for one (0: all are). */
void ledger_tell(struct social *s, uint64_t community, uint64_t but);
/* This one is. */
void ledger_tell_one(struct social *s, uint64_t community, uint64_t partner);

/* --- reading: JOB_LEDGER_READ --- */

struct ledger_errand {
	uint64_t community, partner;
	struct str url; /* of its ledger */
};
void ledger_errand_encode(struct buf *out, const struct ledger_errand *errand);
bool ledger_errand_decode(struct str payload, struct ledger_errand *out);
/* A partner says that there is something: it is read, unless we have as much. RC_DENIED for who is none. */
enum rc ledger_told(struct social *s, const struct account *partner, struct str url,
		    const struct ledger_sum *theirs) NODISCARD;
/*
 * A record that bears its group's proof; file, when it has one, is kept and recorded here by this. RC_OK;
 * RC_EXISTS: it is here, or of something gone; RC_NOT_FOUND, RC_BUSY: not yet; anything else: it is not
 * taken, and remembered as that, with the reason in ctx (RC_CONFLICT: its group says two things).
 */
enum rc ledger_take(struct social *s, uint64_t community, const struct account *origin,
		    const struct ledger_entry *entry, struct str bytes) NODISCARD;

/* --- from elsewhere in this module --- */

/* A partner has agreed: it is told of all there is. */
void ledger_agreed(struct social *s, uint64_t community);
/* The daily look after a community: what was not compared for a day is. */
void ledger_keep(struct social *s, uint64_t community);
/* Before a resource goes: its versions leave the ledger, and partners hear of it. */
void ledger_resource_goes(struct social *s, const struct resource *resource);
/* Ids on the wire. */
struct str ledger_resource_uri(struct social *s, const struct resource *resource);
struct str ledger_version_uri(struct social *s, const struct resource *resource, uint64_t id);

/* What the nodes of a consultation have told of it; gathered for its result. */
enum ledger_node_state {
	LEDGER_NODE_IN,
	LEDGER_NODE_MISSING,
	LEDGER_NODE_LATE,    /* told after the time: they do not count */
	LEDGER_NODE_DAMAGED, /* they are not what their digest says: they do not count */
};
/* "in", "missing", "late", "damaged". */
const char *ledger_node_state_name(enum ledger_node_state state);
struct ledger_node {
	uint64_t account; /* its group */
	enum ledger_node_state state;
	bool contradicted; /* it has told other papers, too, which were refused */
	uint32_t papers, members;
	uint32_t pages;
	struct digest digest;
};
/* How many; 0: the consultation is of this node alone. */
size_t ledger_nodes(struct db_txn *txn, const struct consultation *consultation,
		    struct ledger_node out[LEDGER_NODES_MAX]);
/* Reads a line, a receipt's digest and choices; false at the end, or for one that is none. */
bool ledger_line_read(struct str *rest, unsigned option_count, struct consultation_paper *out);

#endif
