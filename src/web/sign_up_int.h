/* The page where people sign up. */
#ifndef FF_WEB_SIGN_UP_INT_H
#define FF_WEB_SIGN_UP_INT_H

#include "sign_in_int.h"
#include "social/mail.h"
#include "store/office.h"

struct sign_up_view {
	struct consent_view form;
	const struct sign_up_settings *settings;
	struct sign_up_ask ask; /* what was typed before, but for the password */
	struct sign_up_faults faults;
	bool approval;
	const struct rule *rules;
	size_t rule_count;
	struct html terms, privacy; /* empty: there are none */
};

/* render_sign_up.c: pure */
void render_sign_up(struct buf *out, const struct web *web, const struct sign_up_view *view);
void render_sign_up_closed(struct buf *out, const struct web *web);
void render_sign_up_sent(struct buf *out, const struct web *web, struct str email, bool approval);
void render_waiting(struct buf *out, const struct web *web, const struct consent_view *form,
		    unsigned flags, struct str email);

#endif
