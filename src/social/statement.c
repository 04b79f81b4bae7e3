/*
 * Letters of reasons: to people about whom a moderator has decided something, to those who decide of
 * appeals, to those who have reported. What they say follows article 17(3) of Regulation (EU)
 * 2022/2065: what was done, because of what, whether by a program, on which ground, and how to
 * appeal.
 */
#include "community_int.h"
#include "core/date.h"
#include "core/enc.h"
#include "db/rec.h"
#include "moderate_int.h"
#include "queue/queue.h"
#include "statement_int.h"

#define JOB_VERSION 1
#define TEXT_MAX ((size_t)48 * 1024)

/* --- the job --- */

void statement_job_encode(struct buf *out, const struct statement_job *job)
{
	rec_add_u8(out, JOB_VERSION);
	rec_add_u8(out, (uint8_t)job->about);
	rec_add_u64(out, job->id);
	rec_add_u64(out, job->to);
}

bool statement_job_decode(struct str payload, struct statement_job *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->about = (enum statement_about)rec_u8(&r);
	out->id = rec_u64(&r);
	out->to = rec_u64(&r);
	return version == JOB_VERSION && rec_ok(&r) && out->about >= STATEMENT_STRIKE &&
	       out->about <= STATEMENT_OWNERLESS;
}

void statement_add(struct social *s, enum statement_about about, uint64_t id, uint64_t to)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(64);
	const struct statement_job job = { about, id, to };
	struct str domain;
	if (!account_domain(s->txn, to, &domain) || domain.len != 0)
		return;
	statement_job_encode(&payload, &job);
	const struct queue_new row = { .kind = JOB_STATEMENT,
				       .order = db_next_id(s->txn),
				       .payload = buf_str(&payload) };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

/* --- the pieces of letters --- */

struct writing {
	struct ctx *ctx;
	struct db_txn *txn;
	const struct site *site;
	struct account to;
	struct str email;
	struct buf text;
};

static void add_day(struct buf *out, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	buf_add(out, str_take(buf_str(&date), 10));
}

/* "2026-12-01, 14:30 UTC" */
static void add_moment(struct buf *out, uint64_t ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_rfc3339(&date, ms);
	buf_addf(out, "%.10s, %.5s UTC", buf_str(&date).ptr, buf_str(&date).ptr + 11);
}

static void add_rules(struct writing *w, const struct strike *strike)
{
	struct rule rule;
	bool any = false;
	for (unsigned i = 0; i < strike->rule_count; i++) {
		if (!rule_get(w->txn, w->ctx->arena, strike->rules[i], &rule))
			continue;
		if (!any)
			buf_add(&w->text, STR("Rules of this place that it is about:\n"));
		any = true;
		buf_addf(&w->text, "- %.*s\n", STR_ARG(rule.text));
	}
	buf_add(&w->text, any ? STR("\n") : STR(""));
}

static void add_statuses(struct writing *w, const struct strike *strike)
{
	if (strike->status_count != 0)
		buf_add(&w->text, STR("Posts that it is about:\n"));
	for (unsigned i = 0; i < strike->status_count; i++) {
		struct str url = site_status_url(w->ctx->arena, w->site, w->to.username,
						 strike->statuses[i]);
		buf_addf(&w->text, "- %.*s\n", STR_ARG(url));
	}
	buf_add(&w->text, strike->status_count != 0 ? STR("\n") : STR(""));
}

/* "Tea", and the node where it is the node that acts, or a community that is gone. */
static struct str name_of(struct writing *w, uint64_t community)
{
	struct account group;
	if (community == 0 || !account_get(w->txn, w->ctx->arena, community, &group))
		return w->site->title;
	return group.display_name.len != 0 ? group.display_name : group.username;
}

static void add_place(struct writing *w, const struct strike *strike)
{
	struct str name = name_of(w, strike->community);
	if (strike->community == 0)
		buf_addf(&w->text, "those who look after %.*s have decided about your account: ",
			 STR_ARG(name));
	else
		buf_addf(&w->text,
			 "those who look after the community %.*s have decided about you in it: ",
			 STR_ARG(name));
}

static void add_until(struct writing *w, const struct strike *strike)
{
	if (strike->action != MODERATE_BAN || strike->until_ms == 0)
		return;
	buf_add(&w->text, STR("The ban ends on "));
	add_moment(&w->text, strike->until_ms);
	buf_add(&w->text, STR(".\n\n"));
}

static void add_origin(struct writing *w, const struct strike *strike)
{
	buf_addf(&w->text, "%s %s\n\n",
		 strike->report != 0 ? "Somebody has reported it."
				     : "Those who look after this place have seen it themselves.",
		 strike->automated ? "A program has decided this; no person has looked at it yet."
				   : "A person has decided this, not a program.");
}

static struct str ticket_make_appeal(struct writing *w, uint64_t ends_ms, struct statement *out)
{
	struct str text = ticket_text(w->ctx->arena, w->to.id);
	out->has_ticket = true;
	out->ticket = (struct ticket){ .digest = digest_sha256(text),
				       .ends_ms = ends_ms,
				       .email = w->email,
				       .sent_ms = db_txn_now(w->txn),
				       .sent = 1 };
	return text;
}

static void add_appeal(struct writing *w, const struct strike *strike, struct statement *out)
{
	if (!strike_is_open(strike, db_txn_now(w->txn)))
		return;
	struct str ticket = ticket_make_appeal(w, strike_deadline(strike), out);
	buf_add(&w->text, STR("If you think that this is wrong, you can appeal until "));
	add_day(&w->text, strike->appeal_until_ms);
	buf_addf(&w->text,
		 ". This page tells more, even while you cannot sign in:\n\n%.*s%s?token=%.*s\n\n",
		 STR_ARG(w->site->base), TICKET_PATH_APPEAL, STR_ARG(ticket));
	buf_add(&w->text, STR("Whoever has this address can appeal for you: keep it to "
			      "yourself.\n\n"));
}

/* --- letters --- */

static const char *const done[] = {
	[MODERATE_NONE] = "you are warned. Nothing else was done",
	[MODERATE_SENSITIVE] = "pictures and films in all your posts are covered from now on",
	[MODERATE_DISABLE] = "you cannot use your account for now. What you have posted stays",
	[MODERATE_SILENCE] = "your posts are shown to your followers only",
	[MODERATE_SUSPEND] =
		"your account is suspended: it is shown to nobody, and you cannot use it",
	[MODERATE_MARK_STATUSES] = "pictures and films in some of your posts are covered",
	[MODERATE_DELETE_STATUSES] = "some of your posts were deleted",
	[MODERATE_REMOVE] = "posts of yours were taken out of it. Elsewhere they stay",
	[MODERATE_LOCK] = "what you have posted takes no more comments",
	[MODERATE_BAN] = "you may not take part in it any more",
};

static enum rc write_strike(struct writing *w, uint64_t id, struct statement *out)
{
	struct strike strike;
	if (!strike_get(w->txn, w->ctx->arena, id, &strike) || strike.account != w->to.id)
		return RC_NOT_FOUND;
	out->letter.subject = strike.community == 0
				      ? STR("A decision about your account")
				      : arena_printf(w->ctx->arena, "A decision in %.*s",
						     STR_ARG(name_of(w, strike.community)));
	add_place(w, &strike);
	buf_addf(&w->text, "%s.\n\n", done[strike.action]);
	add_until(w, &strike);
	if (strike.text.len != 0)
		buf_addf(&w->text, "They say:\n\n%.*s\n\n", STR_ARG(strike.text));
	add_rules(w, &strike);
	add_statuses(w, &strike);
	add_origin(w, &strike);
	add_appeal(w, &strike, out);
	return RC_OK;
}

static enum rc write_appeal(struct writing *w, uint64_t id, struct statement *out)
{
	struct strike strike;
	if (!strike_get(w->txn, w->ctx->arena, id, &strike) || strike.account != w->to.id)
		return RC_NOT_FOUND;
	bool approved = strike.appeal == APPEAL_APPROVED;
	out->letter.subject =
		approved ? STR("Your appeal was approved") : STR("Your appeal was rejected");
	buf_add(&w->text, STR("your appeal of "));
	add_day(&w->text, strike.appealed_ms);
	buf_add(&w->text, STR(" against a decision of "));
	add_day(&w->text, strike.created_ms);
	if (!approved)
		buf_add(&w->text, STR(" was rejected: the decision stands.\n\n"));
	if (!approved && strike_may_go_up(w->site, &strike, db_txn_now(w->txn))) {
		buf_add(&w->text, STR("Until "));
		add_day(&w->text, strike_up_day(w->site, &strike));
		buf_addf(&w->text,
			 " you can ask those who look after %.*s to decide instead:\n\n"
			 "%.*s/disputes/strikes\n\n",
			 STR_ARG(w->site->title), STR_ARG(w->site->base));
	}
	if (!approved)
		return RC_OK;
	if (strike.action == MODERATE_DELETE_STATUSES)
		buf_add(&w->text, STR(" was approved: it counts against you no longer. Posts that "
				      "were deleted cannot be brought back.\n\n"));
	else
		buf_add(&w->text, STR(" was approved: it was taken back.\n\n"));
	return RC_OK;
}

static enum rc write_appealed(struct writing *w, uint64_t id, struct statement *out)
{
	struct strike strike;
	struct account who;
	if (!strike_get(w->txn, w->ctx->arena, id, &strike) || strike.appeal != APPEAL_PENDING ||
	    !account_get(w->txn, w->ctx->arena, strike.account, &who))
		return RC_NOT_FOUND;
	out->letter.subject = STR("Somebody appeals");
	buf_addf(&w->text, "@%.*s appeals against decision %llu (%s):\n\n%.*s\n\n",
		 STR_ARG(who.username), (unsigned long long)id, moderation_name(strike.action),
		 STR_ARG(strike.appeal_text));
	return RC_OK;
}

/* Was anything done because of the report? What exactly is the other's own matter. */
static bool something_was_done(struct writing *w, const struct report *report)
{
	struct strike *strikes = ARENA_ARRAY(w->ctx->arena, 40, struct strike);
	size_t n = strikes != NULL
			   ? strikes_of(w->txn, w->ctx->arena, report->target, 0, strikes, 40)
			   : 0;
	for (size_t i = 0; i < n; i++) {
		if (strikes[i].report == report->id)
			return true;
	}
	return false;
}

static enum rc write_report(struct writing *w, uint64_t id, struct statement *out)
{
	struct report report;
	struct account target;
	if (!report_get(w->txn, w->ctx->arena, id, &report) || report.reporter != w->to.id ||
	    report.resolved_ms == 0 || !account_get(w->txn, w->ctx->arena, report.target, &target))
		return RC_NOT_FOUND;
	struct str domain = target.domain.len != 0 ? target.domain : w->site->domain;
	out->letter.subject = STR("Your report was looked at");
	buf_add(&w->text, STR("on "));
	add_day(&w->text, report.created_ms);
	buf_addf(&w->text,
		 " you have reported @%.*s@%.*s. Those who look after %.*s have looked at "
		 "it, and %s. Thank you.\n\n",
		 STR_ARG(target.username), STR_ARG(domain), STR_ARG(name_of(w, report.lane)),
		 something_was_done(w, &report) ? "have acted"
						: "have found nothing that they had to do");
	return RC_OK;
}

static enum rc write_ownerless(struct writing *w, uint64_t id, struct statement *out)
{
	struct account group;
	if (!account_get(w->txn, w->ctx->arena, id, &group) || account_is_gone(&group) ||
	    !community_exists(w->txn, id) ||
	    community_has_owner(w->txn, w->ctx->arena, id, false, 0))
		return RC_NOT_FOUND;
	out->letter.subject = STR("A community without an owner");
	buf_addf(&w->text,
		 "the community %.*s (@%.*s) has nobody who owns it any more. Appeals against what "
		 "is done in it come to you. Who runs this server gives it another owner by\n\n"
		 "fediflow community appoint %.*s NAME owner\n\n",
		 STR_ARG(name_of(w, id)), STR_ARG(group.username), STR_ARG(group.username));
	return RC_OK;
}

static enum rc reader_load(struct writing *w, uint64_t id)
{
	struct account_secrets secrets;
	if (!account_get(w->txn, w->ctx->arena, id, &w->to) || !account_is_local(&w->to) ||
	    (w->to.flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0 ||
	    !account_secrets_get(w->txn, w->ctx->arena, id, &secrets) || secrets.email.len == 0)
		return RC_NOT_FOUND;
	w->email = secrets.email;
	return RC_OK;
}

enum rc statement_compose(struct ctx *ctx, struct db_txn *txn, const struct site *site,
			  const struct statement_job *job, struct statement *out)
{
	static enum rc (*const writers[])(struct writing *, uint64_t, struct statement *) = {
		[STATEMENT_STRIKE] = write_strike,	 [STATEMENT_APPEAL] = write_appeal,
		[STATEMENT_APPEALED] = write_appealed,	 [STATEMENT_REPORT] = write_report,
		[STATEMENT_OWNERLESS] = write_ownerless,
	};
	struct writing w = { .ctx = ctx, .txn = txn, .site = site, .text = BUF_INIT(TEXT_MAX) };
	*out = (struct statement){ .has_ticket = false };
	enum rc rc = reader_load(&w, job->to);
	if (rc == RC_OK) {
		buf_addf(&w.text, "Hello %.*s,\n\n", STR_ARG(w.to.username));
		rc = writers[job->about](&w, job->id, out);
	}
	buf_addf(&w.text, "%.*s\n%.*s\n", STR_ARG(site->title), STR_ARG(site->base));
	out->letter.to = w.email;
	out->letter.subject = arena_printf(ctx->arena, "%.*s: %.*s", STR_ARG(out->letter.subject),
					   STR_ARG(site->title));
	out->letter.text = arena_take_buf(ctx->arena, &w.text);
	if (db_txn_rc(txn) != RC_OK)
		return db_txn_rc(txn);
	return rc == RC_OK && out->letter.text.ptr == NULL ? RC_TOO_LARGE : rc;
}
