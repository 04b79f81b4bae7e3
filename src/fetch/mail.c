/* The mailer that is asked for; and the one of a node that sends nothing. */
#include <stdlib.h>

#include "mail_int.h"

void mail_tell(mail_done *done, void *arg, enum rc rc, unsigned code, struct str reason)
{
	const struct mail_result result = { .rc = rc, .code = code, .reason = reason };
	done(arg, &result);
}

bool mail_copy(char **to, struct str from)
{
	*to = from.len != 0 ? strndup(from.ptr, from.len) : NULL;
	return from.len == 0 || *to != NULL;
}

static void off_submit(struct mailer *mailer UNUSED, struct str to UNUSED,
		       struct str message UNUSED, mail_done *done, void *arg)
{
	mail_tell(done, arg, RC_UNSUPPORTED, 0, STR("this node sends no e-mail"));
}

static void off_free(struct mailer *mailer)
{
	free(mailer);
}

static const struct mailer_ops off_ops = { off_submit, off_free };

enum rc mailer_new(struct err *err, const struct mail_settings *settings, const struct clock *clock,
		   struct mailer **out)
{
	*out = NULL;
	if (settings->transport == MAIL_SMTP)
		return mail_smtp_new(err, settings, out);
	if (settings->transport == MAIL_SPOOL)
		return mail_spool_new(err, settings, clock, out);
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return err_set(err, RC_NO_MEMORY, "no memory for e-mail");
	(*out)->ops = &off_ops;
	return RC_OK;
}
