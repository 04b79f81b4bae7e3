/*
 * Who may not sign up, or not come at all: by e-mail address, and by network (store/office.h has the
 * rows). Networks are asked about at every request, so they are kept in memory.
 */
#ifndef FF_SOCIAL_BAR_H
#define FF_SOCIAL_BAR_H

#include "core/clock.h"
#include "core/rc.h"
#include "db/db.h"
#include "store/office.h"
#include "text/email.h"

/* How far somebody is kept out: the more, the greater. */
enum barred {
	BARRED_NOT,
	BARRED_APPROVAL, /* may sign up, and is let in by a moderator */
	BARRED_SIGN_UP,	 /* may not sign up */
	BARRED_WHOLLY,	 /* may not come at all */
};

/* --- e-mail addresses: inside a transaction --- */

/*
 * The SHA-256 in hexadecimal of an address in lower case without dots and what follows a plus before
 * the "@": the same mailbox at most hosts. In arena.
 */
struct str bar_canonical(struct arena *arena, struct str email);
/* By its domain or one above it, or by itself. */
enum barred barred_email(struct db_txn *txn, struct arena *arena, const struct email *email);

/* --- networks --- */

/* "192.0.2.0/24" with the bits behind the prefix cleared; of one address its whole length. False when
 * text is none. */
bool bar_network_parse(struct arena *arena, struct str text, struct str *out) NODISCARD;

/* The networks as they are now. Any thread. */
struct bars;
/* Reads them. RC_NO_MEMORY, RC_BUSY, RC_IO. */
enum rc bars_new(struct db *db, const struct clock *clock, struct bars **out) NODISCARD;
void bars_free(struct bars **bars);
/* After they were changed, and committed. When they cannot be read, those before stay. */
void bars_reload(struct bars *bars);
/* client is httpd's. bars may be NULL: nobody is barred. */
enum barred barred_client(struct bars *bars, struct str client);

#endif
