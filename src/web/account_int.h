/* The page of one's own account: what it shows, and what its forms do. */
#ifndef FF_WEB_ACCOUNT_INT_H
#define FF_WEB_ACCOUNT_INT_H

#include "sign_in_int.h"

/* What the page shows. */
struct account_page {
	struct consent_view form;
	struct account_secrets secrets;
	struct factor_state factors;
	struct passkey passkeys[PASSKEYS_MAX];
	size_t passkey_count;
	struct str handle; /* "alice@example.org" */
	bool changed;	   /* something was, just now */
	bool moderates;	   /* has a desk */
	enum word complaint;
};

void render_account_page(struct buf *out, const struct web *web, const struct account_page *page);
/* An app is being set up: its key, as text and as a link. */
void render_totp(struct buf *out, const struct web *web, const struct account_page *page,
		 struct str key, struct str link);
/* form.passkey says what the browser is to make. */
void render_passkey_add(struct buf *out, const struct web *web, const struct account_page *page);
void render_recovery(struct buf *out, const struct web *web, const struct recovery_codes *codes);

#endif
