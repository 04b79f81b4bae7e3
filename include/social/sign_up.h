/*
 * Signing up: who may, what is wrong with what they said, and how they are let in. An account that was
 * signed up for waits until its e-mail address is confirmed and, where that is asked, until a
 * moderator has let it in; meanwhile nobody sees it, and it does nothing.
 *
 * Nobody learns by signing up whether somebody here has an e-mail address (S-109): an address belongs
 * to whoever confirms it first, and who has one already is told by a letter to it. Names are public.
 */
#ifndef FF_SOCIAL_SIGN_UP_H
#define FF_SOCIAL_SIGN_UP_H

#include "conf/conf.h"
#include "social/account.h"
#include "social/bar.h"
#include "social/gate.h"
#include "social/oauth.h"
#include "store/sign_up.h"

struct ticket_letter; /* social/mail.h */

enum sign_up_mode { SIGN_UP_OPEN, SIGN_UP_APPROVAL, SIGN_UP_CLOSED };

/* Rows of the section [registrations]. */
struct sign_up_settings {
	unsigned mode; /* enum sign_up_mode */
	bool reason_required;
	struct str message; /* plain text, shown when it is closed; empty: none */
	struct str url;	    /* where people sign up instead; empty: here */
	uint64_t min_age;   /* in years; 0: nobody is asked */
	struct str reserved;
	uint64_t per_client, tries_per_client; /* in half an hour */
	uint64_t per_day;
};

extern const struct conf_row sign_up_conf_rows[];
extern const size_t sign_up_conf_row_count;

/* What receiving people takes. All of it outlives it. */
struct reception {
	struct db *db;
	const struct clock *clock;
	const struct site *site;
	const struct seal_key *seal;
	const struct sign_up_settings *settings;
	struct sign_in *sign_in;
	struct gate *gate; /* NULL in tests: nothing is limited */
	struct bars *bars; /* NULL: nobody is barred by where they come from */
};

/* --- what was asked --- */

#define SIGN_UP_REASON_CHARS 420

struct sign_up_ask {
	struct str username, email, password;
	struct str reason, locale;
	struct str date_of_birth; /* "2001-12-31" */
	bool agreed;		  /* to rules and terms */
	struct str client;	  /* httpd's */
	uint64_t app;		  /* 0: the node's own page */
};

/* name of the parameter, as people call it */
#define SIGN_UP_FIELDS(X)                              \
	X(USERNAME, "username", "Username")            \
	X(EMAIL, "email", "E-mail address")            \
	X(PASSWORD, "password", "Password")            \
	X(AGREEMENT, "agreement", "Service agreement") \
	X(LOCALE, "locale", "Locale")                  \
	X(REASON, "reason", "Reason")                  \
	X(DATE_OF_BIRTH, "date_of_birth", "Date of birth")

enum sign_up_field {
#define X(field, name, title) SIGN_UP_##field,
	SIGN_UP_FIELDS(X)
#undef X
		SIGN_UP_FIELD_COUNT,
};
const char *sign_up_field_name(enum sign_up_field field);
const char *sign_up_field_title(enum sign_up_field field);

/* What is wrong with a field; `code` is what clients know (methods/accounts#create). */
struct sign_up_fault {
	enum sign_up_field field;
	const char *code;
	const char *text; /* "can't be blank": stands behind the field's title */
};
#define SIGN_UP_FAULTS_MAX 16
struct sign_up_faults {
	struct sign_up_fault list[SIGN_UP_FAULTS_MAX];
	unsigned count;
};

/* --- signing up --- */

/* What comes of what was asked, made outside of writes. Strings are in ctx's arena. */
struct sign_up_plan {
	struct new_account wanted;
	struct account_secrets secrets;
	struct sign_up row;
	struct str email;
	bool needs_approval;
	struct sign_up_faults faults;
};

/*
 * Checks and prepares; slow on purpose, never on a listener thread. RC_INVALID: plan->faults say what
 * is wrong. RC_DENIED: nobody signs up here, or nobody from where they come from. RC_BLOCKED: too
 * often, or too many. RC_BUSY: too much at once.
 */
enum rc sign_up_prepare(const struct reception *r, struct ctx *ctx, const struct sign_up_ask *ask,
			struct sign_up_plan *plan) NODISCARD;
/* Makes the account. RC_EXISTS: somebody else was faster with the name. */
enum rc sign_up_make(struct social *s, const struct sign_up_plan *plan,
		     struct account *out) NODISCARD;
/*
 * The letter that is to confirm an address for an account that waits, outside of writes; ticket_send()
 * sends it. When somebody has the address already, the letter tells them so instead.
 */
enum rc sign_up_letter(const struct reception *r, struct ctx *ctx, const struct account *account,
		       struct str email, struct ticket_letter *out) NODISCARD;
/* Is it a name that people do not give themselves, nor to what they make, such as "support"? */
bool sign_up_is_reserved(const struct reception *r, struct str name);
/* Nobody asks from so far: closed, or barred by network. */
bool sign_up_is_closed(const struct reception *r, struct str client);
/* Another address for somebody who waits. RC_INVALID, RC_BLOCKED (by what is barred). */
enum rc sign_up_readdress(struct social *s, uint64_t account, struct str email) NODISCARD;

/* --- being let in --- */

/* Letters to those who may let somebody in, made outside of writes. */
#define SIGN_UP_TOLD_MAX 20
struct sign_up_news {
	struct str packed[SIGN_UP_TOLD_MAX];
	unsigned count;
};
/* When account waits to be approved; else there are none. */
enum rc sign_up_news_make(const struct reception *r, struct ctx *ctx, uint64_t account,
			  struct sign_up_news *out) NODISCARD;
/*
 * The ticket of a confirmation came back: email_confirm(), and whoever signed up with the address is
 * let in, or moderators hear of them. *waits: there is still an approval to wait for.
 */
enum rc sign_up_confirm(struct social *s, struct str ticket, const struct sign_up_news *news,
			uint64_t *account, bool *waits) NODISCARD;
/* The same when somebody else says that the address is theirs. */
enum rc sign_up_confirmed(struct social *s, uint64_t account, const struct sign_up_news *news,
			  bool *waits) NODISCARD;

/* The letter that tells somebody what was decided, outside of writes; empty when none can be sent. */
enum rc sign_up_answer_make(const struct reception *r, struct ctx *ctx, uint64_t account,
			    bool approved, struct str *packed) NODISCARD;
/* A moderator, or the operator (NULL), lets somebody in or does not; who is turned away is forgotten.
 * RC_DENIED, RC_NOT_FOUND, RC_INVALID: they do not wait for that. */
enum rc sign_up_approve(struct social *s, const struct account *moderator, uint64_t account,
			struct str answer) NODISCARD;
enum rc sign_up_reject(struct social *s, const struct account *moderator, uint64_t account,
		       struct str answer) NODISCARD;

#endif
