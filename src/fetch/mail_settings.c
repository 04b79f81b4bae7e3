/* The settings of e-mail. */
#include "core/attr.h"
#include "fetch/mail.h"
#include "text/email.h"
#include "text/iri.h"

static enum rc check_address(struct err *err, struct str value)
{
	struct ctx ctx = { .arena = arena_new(16 * 1024) };
	struct email email;
	if (ctx.arena == NULL)
		return err_set(err, RC_NO_MEMORY, "out of memory");
	enum rc rc = value.len == 0 ? RC_OK : email_parse(&ctx, value, IRI_STRICT, &email);
	arena_free(&ctx.arena);
	return rc == RC_OK ? rc : err_set(err, rc, "an e-mail address, such as node@example.org");
}

#define ROW(row_name, member, ...)                                                              \
	{                                                                                       \
		.name = row_name, .offset = offsetof(struct mail_settings, member), __VA_ARGS__ \
	}

const struct conf_row mail_conf_rows[] = {
	ROW("transport", transport, .type = CONF_ENUM, .fallback = "off",
	    .choices = "off smtp spool",
	    .help = "How e-mail leaves: not at all, by a mail server, or into a folder, for those "
		    "who develop."),
	ROW("host", host, .type = CONF_STR, .fallback = "localhost", .min = 1, .max = 253,
	    .help = "The mail server."),
	ROW("port", port, .type = CONF_U64, .fallback = "587", .min = 1, .max = 65535,
	    .help = "Its port: 587 for STARTTLS, 465 for TLS."),
	ROW("security", security, .type = CONF_ENUM, .fallback = "starttls",
	    .choices = "starttls tls none",
	    .help = "How the way to the mail server is kept secret; `none` is for one on this "
		    "machine."),
	ROW("user", user, .type = CONF_STR, .fallback = "", .max = 200,
	    .help = "The name to sign in to the mail server with; without, nobody signs in."),
	ROW("password_file", password_file, .type = CONF_PATH, .fallback = "", .max = 1000,
	    .help = "The file of the password for it; nobody else may read it."),
	ROW("from", from, .type = CONF_STR, .fallback = "", .max = 254, .check = check_address,
	    .help = "The address that e-mail comes from; without, noreply at the node's domain."),
	ROW("spool", spool, .type = CONF_PATH, .fallback = "", .max = 1000,
	    .help = "The folder for `transport = spool`; without, mail in data_dir."),
	ROW("timeout", timeout_ms, .type = CONF_DURATION, .fallback = "30 s", .min = MS_PER_SECOND,
	    .max = 10 * MS_PER_MINUTE, .help = "How long sending one message may take."),
};
const size_t mail_conf_row_count = ARRAY_LEN(mail_conf_rows);
