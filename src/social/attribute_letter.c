/* Letters to members whose membership follows from attributes. Reads only. */
#include "act_int.h"
#include "core/date.h"
#include "social/attribute.h"
#include "social/mail.h"
#include "store/graph.h"

#define LETTER_BYTES ((size_t)16 << 10)

/* Things may have changed since the letter was asked for: it is told what is so. */
static bool is_so(struct db_txn *txn, const struct attribute_job *job)
{
	struct attribute_entry entry;
	bool there = attribute_entry_get(txn, job->community, job->account, &entry);
	if (job->news == MEMBERSHIP_ENDED)
		return !follow_accepted(txn, job->account, job->community);
	return there && entry.ends_ms == job->at;
}

static void write_news(struct buf *text, const struct attribute_job *job, struct str name)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_http(&date, job->at);
	if (job->news == MEMBERSHIP_ENDING)
		buf_addf(text,
			 "you are a member of \"%.*s\" because of what your institution says of "
			 "you. It does not say so any more: your membership ends on %.*s, unless "
			 "that changes until then.",
			 STR_ARG(name), STR_ARG(buf_str(&date)));
	else if (job->news == MEMBERSHIP_ENDED)
		buf_addf(text, "you are no member of \"%.*s\" any more, since %.*s.", STR_ARG(name),
			 STR_ARG(buf_str(&date)));
	else
		buf_addf(text, "you stay a member of \"%.*s\": your membership does not end.",
			 STR_ARG(name));
}

enum rc attribute_letter(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			 const struct attribute_job *job, struct letter *out)
{
	static const char *const subjects[] = { [MEMBERSHIP_ENDING] = "your membership will end",
						[MEMBERSHIP_ENDED] = "your membership has ended",
						[MEMBERSHIP_GOES_ON] = "your membership goes on" };
	struct buf text = BUF_INIT(LETTER_BYTES);
	struct account_secrets secrets;
	struct account group, member;
	if (job->news == MEMBERSHIP_NO_NEWS || !is_so(txn, job) ||
	    !account_get(txn, ctx->arena, job->community, &group) || account_is_gone(&group) ||
	    !account_get(txn, ctx->arena, job->account, &member) || account_is_gone(&member) ||
	    !account_secrets_get(txn, ctx->arena, job->account, &secrets) ||
	    secrets.email.len == 0 || secrets.confirmed_ms == 0)
		return db_txn_rc(txn) != RC_OK ? db_txn_rc(txn) : RC_NOT_FOUND;
	struct str name = group.display_name.len != 0 ? group.display_name : group.username;
	buf_addf(&text, "Hello %.*s,\n\n", STR_ARG(member.username));
	write_news(&text, job, name);
	buf_addf(&text, "\n\n%.*s\n\n%.*s\n%.*s\n",
		 STR_ARG(group.url.len != 0 ? group.url : group.uri), STR_ARG(site->title),
		 STR_ARG(site->base));
	out->to = secrets.email;
	out->subject = arena_printf(ctx->arena, "%.*s: %s", STR_ARG(name), subjects[job->news]);
	out->text = arena_take_buf(ctx->arena, &text);
	return out->text.ptr != NULL ? RC_OK : RC_TOO_LARGE;
}
