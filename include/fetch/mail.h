/*
 * E-mail to people of this node: written as RFC 5322 wants it, and handed to a mail server (SMTP), or
 * put into a folder where somebody who develops can read it.
 *
 *   struct mail          what to say to whom
 *   struct mail_settings how it is sent, from the section [mail]
 *   struct mailer        sends; one thread of its own, one message after another
 */
#ifndef FF_FETCH_MAIL_H
#define FF_FETCH_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conf/conf.h"
#include "core/clock.h"
#include "core/ctx.h"
#include "core/str.h"

enum mail_transport {
	MAIL_OFF,
	MAIL_SMTP,
	MAIL_SPOOL,
};

enum mail_security {
	MAIL_STARTTLS, /* RFC 3207, and nothing is said without it */
	MAIL_TLS,      /* RFC 8314: from the first byte */
	MAIL_NONE,     /* for a server on this machine */
};

struct mail_settings {
	unsigned transport; /* enum mail_transport */
	struct str host;
	uint64_t port;
	unsigned security; /* enum mail_security */
	struct str user;   /* empty: no authentication */
	struct str password_file;
	struct str from; /* an address */
	struct str spool;
	uint64_t timeout_ms; /* of one message */
	struct str ca_file;  /* not a setting of [mail]: absent, the system's */
};

extern const struct conf_row mail_conf_rows[];
extern const size_t mail_conf_row_count;

struct mail {
	struct str to;	    /* email_parse()'s text */
	struct str subject; /* UTF-8, one line */
	struct str text;    /* UTF-8, lines end in LF */
	struct str id;	    /* what tells it from all others: letters, digits, dots */
};

/* Who sends, as people see it. */
struct mail_sender {
	struct str name; /* UTF-8 */
	struct str from; /* an address */
};

/*
 * Appends the message with CRLF line ends. Nothing in mail can add a header: RC_INVALID when an
 * address has bytes that no address has. RC_NO_MEMORY when out is full.
 */
enum rc mail_write(struct err *err, const struct mail_sender *sender, const struct mail *mail,
		   uint64_t now_ms, struct buf *out) NODISCARD;

struct mail_result {
	enum rc rc; /* RC_OK: taken over; RC_DENIED: refused for good; else try again some time */
	unsigned code;	   /* of SMTP's last answer; 0 without */
	struct str reason; /* for people */
};

/* A mailer is a table of operations, so that tests put another one in its place. */
struct mailer {
	const struct mailer_ops *ops;
};

struct mailer_ops {
	/* Copies. done is called exactly once, on the mailer's thread or, for what is refused, on
	 * this one. */
	void (*submit)(struct mailer *mailer, struct str to, struct str message,
		       void (*done)(void *arg, const struct mail_result *result), void *arg);
	/* What waits is told RC_UNREACHABLE. */
	void (*free)(struct mailer *mailer);
};

/*
 * RC_INVALID when a setting is missing, RC_IO when the password cannot be read; the reason in err. The
 * mailer for MAIL_OFF refuses everything with RC_UNSUPPORTED.
 */
enum rc mailer_new(struct err *err, const struct mail_settings *settings, const struct clock *clock,
		   struct mailer **out) NODISCARD;

static inline void mailer_free(struct mailer **mailer)
{
	if (*mailer != NULL)
		(*mailer)->ops->free(*mailer);
	*mailer = NULL;
}

#endif
