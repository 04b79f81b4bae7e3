/* The three ways of mail, and what they share. */
#ifndef FF_FETCH_MAIL_INT_H
#define FF_FETCH_MAIL_INT_H

#include "fetch/mail.h"

typedef void mail_done(void *arg, const struct mail_result *result);

void mail_tell(mail_done *done, void *arg, enum rc rc, unsigned code, struct str reason);

/* A copy that ends in NUL; NULL when it is empty. False without memory. */
bool mail_copy(char **to, struct str from);

enum rc mail_smtp_new(struct err *err, const struct mail_settings *settings,
		      struct mailer **out) NODISCARD;
enum rc mail_spool_new(struct err *err, const struct mail_settings *settings,
		       const struct clock *clock, struct mailer **out) NODISCARD;

#endif
