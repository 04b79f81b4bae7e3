/*
 * courier: what goes out to people of here besides the pages and the API: web push and e-mail. It
 * runs JOB_PUSH, JOB_MAIL, JOB_STATEMENT, JOB_EVENT_WAKE, JOB_ATTRIBUTE and JOB_SEVER, and holds the key that push services know the node by.
 */
#ifndef FF_SOCIAL_COURIER_H
#define FF_SOCIAL_COURIER_H

#include "core/clock.h"
#include "core/ctx.h"
#include "crypt/secret.h"
#include "db/db.h"
#include "fetch/fetch.h"
#include "fetch/mail.h"
#include "queue/queue.h"
#include "social/site.h"

struct courier_parts {
	struct db *db;
	struct fetch *fetch;
	struct mailer *mailer;
	const struct clock *clock;
	const struct site *site;
	const struct seal_key *seal;
	struct str mail_from; /* the address that letters come from */
};

struct courier;

/* Makes the node's push key when there is none yet. What parts points to must live as long. RC_IO,
 * RC_CORRUPT (the key cannot be unsealed), RC_NO_MEMORY, with the reason in err. */
enum rc courier_new(struct err *err, const struct courier_parts *parts,
		    struct courier **out) NODISCARD;
/* After the queue has stopped, and fetch and mailer have called back. */
void courier_free(struct courier **courier);

/* The rows of the job-kind table that it runs; returns how many. */
size_t courier_job_kinds(struct courier *courier, struct queue_kind *out, size_t max);

#endif
