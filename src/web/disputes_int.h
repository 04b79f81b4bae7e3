/* The pages of what was decided about somebody: what they show. */
#ifndef FF_WEB_DISPUTES_INT_H
#define FF_WEB_DISPUTES_INT_H

#include "sign_in_int.h"
#include "social/strike.h"
#include "store/office.h"
#include "store/severance.h"

#define STRIKES_SHOWN 40
#define SEVERANCES_SHOWN 100

struct strike_view {
	struct strike strike;
	struct rule rules[REPORT_RULES_MAX];
	unsigned rule_count;
	bool open;	      /* it can be appealed */
	struct str community; /* in which it was done; empty: by the node */
	uint64_t
		up_until_ms; /* what it rejected can be taken to the node; 0: not, or not any more */
};

struct strikes_page {
	struct consent_view form;
	struct str ticket; /* empty: who reads it is signed in */
	const struct account *account;
	struct strike_view *strikes;
	size_t count;
	enum word told; /* W_LANGUAGE: nothing */
	enum word complaint;
};

void render_strikes(struct buf *out, const struct web *web, const struct strikes_page *page);
void render_severances(struct buf *out, const struct web *web, const struct severance *list,
		       size_t count);

#endif
