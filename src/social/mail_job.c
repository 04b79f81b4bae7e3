/* JOB_MAIL: one letter to the mailer. */
#include <stdio.h>

#include "act_int.h"
#include "core/must.h"
#include "courier_int.h"
#include "social/mail.h"

#define ARENA_MAX ((size_t)512 * 1024)
#define MESSAGE_MAX ((size_t)256 * 1024)

struct posting {
	struct courier *courier;
	struct queue_job *job;
	struct arena *arena;
};

static void posting_after(void *arg, enum rc rc UNUSED)
{
	struct posting *p = arg;
	struct arena *arena = p->arena;
	arena_free(&arena);
}

static void posting_end(struct posting *p, enum queue_verdict verdict, unsigned code,
			struct str reason)
{
	struct queue_end end = { .outcome = { .verdict = verdict, .code = code },
				 .after = posting_after,
				 .arg = p };
	snprintf(end.outcome.reason, sizeof(end.outcome.reason), "%.*s", STR_ARG(reason));
	queue_finish(p->job, &end);
}

static void taken(void *arg, const struct mail_result *result)
{
	enum queue_verdict verdict = QUEUE_DEFER;
	if (result->rc == RC_OK)
		verdict = QUEUE_DELIVERED;
	/* a node that sends no e-mail now has none to send later */
	else if (result->rc == RC_DENIED || result->rc == RC_UNSUPPORTED)
		verdict = QUEUE_REJECT;
	posting_end(arg, verdict, result->code, result->reason);
}

static enum rc message_write(struct posting *p, const struct letter *letter, struct buf *out)
{
	const struct courier_parts *parts = &p->courier->parts;
	const struct mail_sender sender = { parts->site->title, parts->mail_from };
	struct err err = { .rc = RC_OK };
	/* the same for each attempt: who gets it twice sees it once */
	const struct mail mail = { .to = letter->to,
				   .subject = letter->subject,
				   .text = letter->text,
				   .id = arena_printf(p->arena, "%llu",
						      (unsigned long long)p->job->id) };
	return mail_write(&err, &sender, &mail, clock_wall_ms(parts->clock), out);
}

void mail_run(struct queue_job *job, void *app)
{
	struct buf message CLEANUP(buf_free) = BUF_INIT(MESSAGE_MAX);
	struct arena *arena = arena_new(ARENA_MAX);
	struct letter letter;
	must(arena != NULL);
	struct posting *p = ARENA_NEW(arena, struct posting);
	must(p != NULL);
	*p = (struct posting){ app, job, arena };
	enum rc rc = letter_unpack(arena, p->courier->parts.seal, job->payload, &letter);
	if (rc == RC_OK)
		rc = message_write(p, &letter, &message);
	if (rc != RC_OK)
		return posting_end(p, rc == RC_NO_MEMORY ? QUEUE_DEFER : QUEUE_REJECT, 0,
				   STR("the letter cannot be written"));
	struct mailer *mailer = p->courier->parts.mailer;
	mailer->ops->submit(mailer, letter.to, buf_str(&message), taken, p);
}
