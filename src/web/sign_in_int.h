/*
 * Signing in, and consenting that an application acts for one. Two cookies: one that a form was
 * opened with, so that nobody else fills it in, and one of the session.
 */
#ifndef FF_WEB_SIGN_IN_INT_H
#define FF_WEB_SIGN_IN_INT_H

#include "social/oauth.h"
#include "web_int.h"
#include "words.h"

/* --- cookie.c --- */

enum cookie { COOKIE_FORM, COOKIE_SESSION };

/* Absent when the browser has none. */
struct str cookie_get(struct httpd_request *req, const struct web *web, enum cookie which);
/* value empty takes it away. */
void cookie_set(struct httpd_request *req, const struct web *web, enum cookie which,
		struct str value);
/* What a form must bring back: only who has the cookie knows it. */
struct str form_token(struct arena *arena, struct str cookie, const char *purpose);
bool form_token_fits(struct arena *arena, struct str cookie, const char *purpose, struct str told);

/* --- render_sign_in.c: pure --- */

struct consent_view {
	const struct oauth_app *app;
	const struct oauth_request *request;
	const struct account *account; /* who is signed in; NULL: nobody */
	struct str query;	       /* of the request, undecoded, for the form's address */
	struct str token;	       /* of the form */
	struct str login;	       /* what was typed before, when that was wrong */
	enum word complaint;	       /* W_LANGUAGE: none */
};

void render_sign_in(struct buf *out, const struct web *web, const struct consent_view *view);
void render_consent(struct buf *out, const struct web *web, const struct consent_view *view);
/* A code to be copied by hand. */
void render_code(struct buf *out, const struct web *web, struct str code);
/* What the person is told and the application is not. */
void render_refusal(struct buf *out, const struct web *web, struct str why);

#endif
