/*
 * The desk of those who moderate: reports in the lanes that they may see, appeals that they decide, and who
 * waits to be let in; of the node and of communities alike.
 */
#ifndef FF_WEB_DESK_INT_H
#define FF_WEB_DESK_INT_H

#include "sign_in_int.h"
#include "social/moderate.h"
#include "store/community.h"
#include "store/sign_up.h"
#include "store/status.h"

#define DESK_PATH "/auth/moderation"
#define DESK_SHOWN 50

/* Somebody who has signed up. */
struct desk_guest {
	struct account account;
	struct sign_up asked;
};

struct desk_report {
	struct report report;
	struct account target, reporter, assigned; /* id 0: nobody, or gone */
	struct account lane;			   /* id 0: the node's */
	bool mine;				   /* it is for who looks to handle */
};

struct desk_appeal {
	struct strike strike;
	struct account account;	  /* against whom */
	struct account community; /* id 0: the node's */
};

struct desk_event {
	struct report_event event;
	struct account who; /* id 0: the operator, or gone */
};

/* One report with all that there is about it. */
struct desk_case {
	struct desk_report about;
	struct status *posts; /* those of it that are still there */
	size_t post_count;
	struct desk_event *events;
	size_t event_count;
	struct rule *rules;
	size_t rule_count;
	struct preset *presets; /* of its lane */
	size_t preset_count;
	struct account community; /* where it may be handed down; id 0: nowhere */
};

struct desk_page {
	struct consent_view form;
	bool changed;
	struct str complaint;
	/* the list, where there is no case */
	struct desk_guest *guests;
	struct desk_report *reports;
	struct desk_appeal *appeals;
	uint64_t before; /* only reports that are older; 0: all */
	bool more;	 /* there are older ones than these */
	size_t guest_count, report_count, appeal_count;
	struct desk_case *one;
};

/* desk_read.c. report 0: the list. RC_NOT_FOUND for what is not there for who is signed in, who may
 * have no desk at all. */
enum rc desk_read(struct asking *a, uint64_t report, struct desk_page *page) NODISCARD;
/* Has the account anything to look after? */
bool desk_is_there(struct db_txn *txn, struct arena *arena, uint64_t account);
/* render_desk.c: pure */
void render_desk(struct buf *out, const struct web *web, const struct desk_page *page);

#endif
