/*
 * Signing in, and consenting that an application acts for one. Two cookies: one that a form was
 * opened with, so that nobody else fills it in, and one of the session.
 *
 * Every form of these pages says with `step` what it is about. After the password a second factor is
 * asked for where there is one: until then there is no session, and who has given the password is
 * known by what the next form brings back, which ends with the form's cookie and after ten minutes.
 */
#ifndef FF_WEB_SIGN_IN_INT_H
#define FF_WEB_SIGN_IN_INT_H

#include "httpd/multipart.h"
#include "social/factor.h"
#include "social/oauth.h"
#include "social/sign_up.h"
#include "social/team.h"
#include "web_int.h"
#include "words.h"

#define PENDING_LIFE_MS (10 * MS_PER_MINUTE)

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

/* --- sign_in.c: a request for a page that somebody must be signed in for --- */

struct asking {
	const struct web *web;
	struct httpd_request *req;
	const char *path;	      /* of the page; its query is the request's */
	struct oauth_request request; /* /oauth/authorize alone, as is app */
	struct oauth_app app;
	struct account account; /* id 0: nobody is signed in */
	struct web_session session;
	const char *error;	/* what the application is told */
	struct multipart parts; /* of a form with files */
};

/* A team that somebody may act for. */
struct team_choice {
	struct account account;
	enum team_role role;
};

struct consent_view;

/* Who is signed in, for the page of that path. */
enum rc asking_begin(struct asking *a, struct httpd_request *req, void *app,
		     const char *path) NODISCARD;
void asking_read_session(struct asking *a, struct db_txn *txn);
/* The same for a page that nobody else sees, and for its forms: false when the request is answered,
 * because nobody is signed in, or has just done so. */
bool asking_open(struct asking *a, struct httpd_request *req, void *app,
		 const char *path) NODISCARD;
bool asking_open_form(struct asking *a, struct httpd_request *req, void *app, const char *path,
		      const char *purpose) NODISCARD;
/* What a form for who is signed in brings back as `token`, and whether it did. */
struct str asking_token(struct asking *a, const char *purpose);
bool asking_token_fits(struct asking *a, const char *purpose);
/* teams.c: those of who is signed in; how many. */
size_t asking_teams(struct asking *a, struct db_txn *txn, struct team_choice *out, size_t count);
struct str asking_field(struct asking *a, const char *name);
/* A file that came with the form; NULL: none, or an empty one. */
const struct multipart_part *asking_file(const struct asking *a, const char *name);
/* A write with the request's arena, after which the queue hears of what it added. */
enum rc asking_write(struct asking *a, enum rc (*job)(struct social *s, void *arg),
		     void *arg) NODISCARD;
void asking_answer(struct asking *a, unsigned status, struct buf *page);
/* handle.c: whom a handle names that was typed. RC_INVALID, RC_NOT_FOUND with the reason in ctx. */
enum rc page_find_handle(struct social *s, struct str who, uint64_t *account) NODISCARD;
/*
 * What somebody can mend is told on the page itself: with which status, and why, by what the act has said
 * or else a word. 0: it is a failure.
 */
unsigned asking_refusal(struct asking *a, enum rc rc, struct str *why);
void asking_refuse(struct asking *a, unsigned status, struct str why);
void asking_fail(struct asking *a, enum rc rc);
/* Its form may lead on to the application's address. */
void asking_allow_form(struct asking *a);
/* To the page itself, by GET. */
void asking_back(struct asking *a);
struct consent_view asking_view(struct asking *a);
/* The cookie that a form is opened with, given when there is none yet. */
struct str asking_form_cookie(struct asking *a);
/* Who has given a password, as the next form brings it back; account 0: it is nobody, or too long ago. */
struct str asking_pending_make(struct asking *a, uint64_t account);
uint64_t asking_pending_read(struct asking *a);
/* What stands for an answer when somebody tries too often (S-106). */
void asking_refuse_often(struct asking *a);
void asking_show_sign_in(struct asking *a, unsigned status, struct str login, enum word complaint);
/* Takes a step of signing in; false when it is none. On worker threads. */
bool asking_take(struct asking *a, struct str step);

/* --- waiting.c: whoever signed up has given their password, and is not let in yet --- */

void waiting_show(struct asking *a, unsigned status, uint64_t account, enum word complaint);
/* Sends the letter once more, maybe to another address. */
void waiting_take(struct asking *a);

/* --- render_sign_in.c: pure --- */

struct consent_view {
	const char *path;	     /* of the form */
	const struct oauth_app *app; /* NULL: none */
	const struct oauth_request *request;
	const struct account *account;	 /* who is signed in; NULL: nobody */
	struct str query;		 /* of the request, undecoded, for the form's address */
	struct str token;		 /* of the form */
	struct str login;		 /* what was typed before, when that was wrong */
	struct str pending;		 /* who has given a password; empty: nobody */
	struct str passkey;		 /* what the browser is to ask for; empty: nothing */
	enum word complaint;		 /* W_LANGUAGE: none */
	const struct team_choice *teams; /* that they may act for */
	size_t team_count;
};

void render_sign_in(struct buf *out, const struct web *web, const struct consent_view *view);
void render_factor(struct buf *out, const struct web *web, const struct consent_view *view);
void render_consent(struct buf *out, const struct web *web, const struct consent_view *view);
/* A code to be copied by hand. */
void render_code(struct buf *out, const struct web *web, struct str code);
/* What the person is told and the application is not. */
void render_refusal(struct buf *out, const struct web *web, struct str why);

/* --- render_form.c: the pieces of such pages --- */

void form_page_begin(struct buf *out, const struct web *web, enum word title);
/* The same for work on many things: wide, with what was changed just now, or complained about (empty:
 * nothing). */
void form_desk_begin(struct buf *out, const struct web *web, struct str title, bool changed,
		     struct str complaint);
void form_page_end(struct buf *out, const struct web *web);
void form_complaint(struct buf *out, enum word complaint);
void form_text(struct buf *out, enum word text);
/* Opens a form whose step and token are hidden in it. */
void form_open(struct buf *out, const struct consent_view *view, const char *step);
/* The same for one with files. */
void form_open_files(struct buf *out, const struct consent_view *view, const char *step);
void form_hidden(struct buf *out, const char *name, struct str value);
void form_field(struct buf *out, enum word label, const char *name, const char *attributes,
		struct str value);

/* What kind of field it is. */
#define AS_NUMBER "type=\"text\" inputmode=\"numeric\" pattern=\"[0-9]*\" maxlength=\"10\""
#define AS_TEXT "type=\"text\" maxlength=\"300\""
#define AS_HANDLE \
	"type=\"text\" maxlength=\"320\" autocapitalize=\"none\" spellcheck=\"false\" required"

/* A field inside its label: it needs no id, of which a page must have none twice. */
void form_input(struct buf *out, enum word label, const char *name, const char *attributes,
		struct str value);
void form_area(struct buf *out, enum word label, const char *name, struct str value);
/* A picture that may be chosen. */
void form_picture(struct buf *out, enum word label, const char *name);
/* A box that is ticked or not, with the value 1. */
void form_check(struct buf *out, enum word label, const char *name, bool ticked);
/* Opens a paragraph and in it a label, for what is chosen from options. */
void form_label(struct buf *out, enum word label);
void form_option(struct buf *out, struct str value, struct str text, bool chosen);
/* A number that comes back as it is. */
void form_id(struct buf *out, const char *name, uint64_t id);
/* A line of small print. */
void form_small(struct buf *out, enum word w);
/* A part of a page that is opened where it is needed. */
void form_fold(struct buf *out, enum word title);
void form_fold_end(struct buf *out);
/* A form of one button, about what has an id. */
void form_act(struct buf *out, const struct consent_view *form, const char *step, const char *name,
	      uint64_t id, enum word label, const char *class);

/* To where people sign up, if they may. */
void form_sign_up_link(struct buf *out, const struct web *web);
/* Whose password the form is about, for what fills in passwords. */
void form_username(struct buf *out, struct str name);
void form_button(struct buf *out, enum word label, const char *class);
void form_close(struct buf *out);
/* A form that the script fills in, hidden until it runs. */
void form_open_passkey(struct buf *out, const struct consent_view *view, const char *step,
		       const char *act);

#endif
