/* Acts of moderators about people, with the strikes that they leave. Inside write transactions. */
#include "social/strike.h"

#include "community_int.h"
#include "core/date.h"
#include "lane_int.h"
#include "social/team.h"
#include "strike_int.h"

/* --- the table --- */

/* clang-format off */
static const struct {
	const char *name;
	const char *plain; /* for apps that know only what is the node's */
	unsigned flag; /* of the account; 0: none */
	bool local;    /* only accounts of here have it */
	bool statuses; /* it is about posts */
	enum audit_act act, undo;
} moderations[] = {
	[MODERATE_NONE] = { "none", "none", 0, false, false, AUDIT_ACCOUNT_WARN, AUDIT_ACT_COUNT },
	[MODERATE_SENSITIVE] = { "sensitive", "sensitive", ACCOUNT_SENSITIVE, false, false, AUDIT_ACCOUNT_SENSITIVE, AUDIT_ACCOUNT_UNSENSITIVE },
	[MODERATE_DISABLE] = { "disable", "disable", ACCOUNT_DISABLED, true, false, AUDIT_ACCOUNT_DISABLE, AUDIT_ACCOUNT_ENABLE },
	[MODERATE_SILENCE] = { "silence", "silence", ACCOUNT_SILENCED, false, false, AUDIT_ACCOUNT_SILENCE, AUDIT_ACCOUNT_UNSILENCE },
	[MODERATE_SUSPEND] = { "suspend", "suspend", ACCOUNT_SUSPENDED, false, false, AUDIT_ACCOUNT_SUSPEND, AUDIT_ACCOUNT_UNSUSPEND },
	[MODERATE_MARK_STATUSES] = { "mark_statuses_as_sensitive", "mark_statuses_as_sensitive", 0, false, true, AUDIT_STATUSES_MARK, AUDIT_ACT_COUNT },
	[MODERATE_DELETE_STATUSES] = { "delete_statuses", "delete_statuses", 0, false, true, AUDIT_STATUSES_DELETE, AUDIT_ACT_COUNT },
	/* what a community does is recorded by strike, and besides by post or person */
	[MODERATE_REMOVE] = { "remove", "delete_statuses", 0, false, true, AUDIT_COMMUNITY_STRIKE, AUDIT_ACT_COUNT },
	[MODERATE_LOCK] = { "lock", "none", 0, false, true, AUDIT_COMMUNITY_STRIKE, AUDIT_ACT_COUNT },
	[MODERATE_BAN] = { "ban", "none", 0, false, false, AUDIT_COMMUNITY_STRIKE, AUDIT_ACT_COUNT },
};
/* clang-format on */

const char *moderation_name(enum moderation what)
{
	must((size_t)what < ARRAY_LEN(moderations));
	return moderations[what].name;
}

const char *moderation_plain_name(enum moderation what)
{
	must((size_t)what < ARRAY_LEN(moderations));
	return moderations[what].plain;
}

bool moderation_parse(struct str name, enum moderation *out)
{
	for (size_t i = 0; i < MODERATE_REMOVE; i++) {
		if (str_eq(name, str_of(moderations[i].name))) {
			*out = (enum moderation)i;
			return true;
		}
	}
	return false;
}

bool community_moderation_parse(struct str name, enum moderation *out)
{
	if (str_eq(name, STR("warn")))
		name = STR("none");
	for (size_t i = 0; i < ARRAY_LEN(moderations); i++) {
		*out = (enum moderation)i;
		if (moderation_permission(*out) != 0 && str_eq(name, str_of(moderations[i].name)))
			return true;
	}
	return false;
}

/* --- the account --- */

enum rc moderated_load(struct social *s, const struct account *moderator, uint64_t target,
		       struct account *out)
{
	if (!may_moderate(s, moderator, PERMISSION_MANAGE_USERS))
		return act_end(s, RC_DENIED);
	if (!account_get(s->txn, s->ctx->arena, target, out) ||
	    (out->flags & (ACCOUNT_DELETED | ACCOUNT_INSTANCE)) != 0)
		return act_end(s, RC_NOT_FOUND);
	if (!outranks(s, moderator, out))
		return act_end(s, RC_DENIED);
	/* who is not let in yet is approved or rejected: nothing else makes sense of them */
	return account_is_waiting(out) ? act_end(s, RC_INVALID) : RC_OK;
}

static enum rc account_set(struct social *s, struct account *a, enum moderation what, bool on)
{
	unsigned flag = moderations[what].flag;
	if (flag == 0 || ((a->flags & flag) != 0) == on)
		return RC_OK;
	if (what == MODERATE_SUSPEND)
		return account_suspend(s, a, on);
	/* S-101: what is open ends; tokens are refused until the account is enabled again */
	if (what == MODERATE_DISABLE && on) {
		live_tell(s->txn, LIVE_TOKEN_GONE, a->id, 0, 0);
		team_streams_end(s->txn, a->id, 0);
	}
	a->flags = on ? a->flags | flag : a->flags & ~flag;
	return account_put(s->txn, s->ctx->arena, a) ? act_end(s, RC_OK) : act_end(s, RC_NOT_FOUND);
}

/* --- posts --- */

/* The author covers the post, as far as anybody can tell: peers hear of an edit. */
static enum rc status_cover(struct social *s, const struct account *author, struct status *status,
			    bool on)
{
	if (((status->flags & STATUS_SENSITIVE) != 0) == on || (status->flags & STATUS_BOOST) != 0)
		return RC_OK;
	status->flags ^= STATUS_SENSITIVE;
	if (account_is_local(author) && !account_is_gone(author)) {
		uint64_t now = db_txn_now(s->txn);
		status->edited_ms = now > status->edited_ms ? now : status->edited_ms + 1;
		return act_edit_as(s, EDIT_BY_STAFF, author, status);
	}
	/* when it was edited is its own server's word: a later edit must not seem to be older */
	if (!status_edit(s->txn, status))
		return act_end(s, RC_NOT_FOUND);
	live_tell_status(s->txn, LIVE_STATUS_CHANGED, status, false);
	return act_end(s, RC_OK);
}

/* A post that is gone by now is no failure. */
static enum rc status_act(struct social *s, const struct account *author, enum moderation what,
			  uint64_t id, bool on)
{
	struct status status;
	struct account its;
	enum rc rc = act_load(s, id, &status, &its);
	if (rc == RC_OK && its.id != author->id)
		rc = RC_NOT_FOUND;
	if (rc == RC_OK && what == MODERATE_MARK_STATUSES)
		rc = status_cover(s, author, &status, on);
	else if (rc == RC_OK && on)
		rc = act_delete(s, author, id);
	return rc == RC_NOT_FOUND ? act_end(s, RC_OK) : rc;
}

static enum rc statuses_act(struct social *s, const struct account *author, enum moderation what,
			    const struct strike *strike, bool on)
{
	enum rc rc = RC_OK;
	for (unsigned i = 0; rc == RC_OK && i < strike->status_count; i++)
		rc = status_act(s, author, what, strike->statuses[i], on);
	return rc;
}

/* --- the strike --- */

/* Theirs, and in the community where one acts. */
static bool is_meant(const struct status *status, const struct strike *strike)
{
	return status->account == strike->account &&
	       (strike->community == 0 || status->community == strike->community);
}

static bool is_by(struct social *s, uint64_t id, const struct strike *strike)
{
	struct status status;
	return status_get(s->txn, s->ctx->arena, id, &status) && is_meant(&status, strike);
}

static enum rc take_statuses(struct social *s, const struct sentence *sentence,
			     const struct report *report, struct strike *strike)
{
	struct status status;
	if (sentence->status_count > STRIKE_STATUSES_MAX)
		return RC_TOO_LARGE;
	for (unsigned i = 0; i < sentence->status_count; i++) {
		if (!is_by(s, sentence->statuses[i], strike))
			return ctx_fail(s->ctx, RC_NOT_FOUND, "post %llu is none of theirs",
					(unsigned long long)sentence->statuses[i]);
		strike->statuses[strike->status_count++] = sentence->statuses[i];
	}
	for (unsigned i = 0; sentence->status_count == 0 && i < report->object_count; i++) {
		if (status_find_uri(s->txn, s->ctx->arena, report->objects[i], &status) &&
		    is_meant(&status, strike))
			strike->statuses[strike->status_count++] = status.id;
	}
	if (moderations[sentence->what].statuses && strike->status_count == 0)
		return ctx_fail(s->ctx, RC_INVALID, "it is about no post");
	return RC_OK;
}

static bool preset_find(struct social *s, const struct sentence *sentence, struct preset *out)
{
	return sentence->community != 0
		       ? community_preset_get(s->txn, s->ctx->arena, sentence->community,
					      sentence->preset, out)
		       : preset_get(s->txn, s->ctx->arena, sentence->preset, out);
}

static enum rc take_text(struct social *s, const struct sentence *sentence, struct strike *strike)
{
	struct preset preset = { .text = STR("") };
	struct str text = STR("");
	enum rc rc = RC_OK;
	if (sentence->text.len != 0)
		rc = text_clean(s->ctx, sentence->text, STRIKE_TEXT_CHARS, STRIKE_TEXT_MAX, &text);
	if (rc != RC_OK)
		return rc;
	if (sentence->preset != 0 && !preset_find(s, sentence, &preset))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such preset");
	bool both = preset.text.len != 0 && text.len != 0;
	strike->text = arena_printf(s->ctx->arena, "%.*s%s%.*s", STR_ARG(preset.text),
				    both ? "\n\n" : "", STR_ARG(text));
	return strike->text.len > STRIKE_TEXT_MAX ? RC_TOO_LARGE : RC_OK;
}

static enum rc take_report(struct social *s, const struct sentence *sentence, struct report *report,
			   struct strike *strike)
{
	*report = (struct report){ .object_count = 0 };
	if (sentence->report == 0)
		return RC_OK;
	if (!report_get(s->txn, s->ctx->arena, sentence->report, report) ||
	    report->target != strike->account ||
	    (sentence->community != 0 && lane_of(s->txn, report) != sentence->community))
		return ctx_fail(s->ctx, RC_NOT_FOUND, "there is no such report about them");
	for (unsigned i = 0; i < report->rule_count; i++)
		strike->rules[strike->rule_count++] = report->rules[i];
	return RC_OK;
}

static enum rc strike_fill(struct social *s, const struct account *moderator,
			   const struct account *a, const struct sentence *sentence,
			   struct strike *strike)
{
	struct report report;
	*strike = (struct strike){ .account = a->id,
				   .moderator = moderator != NULL ? moderator->id : 0,
				   .report = sentence->report,
				   .community = sentence->community,
				   .until_ms = sentence->until_ms,
				   .action = sentence->what,
				   .automated = sentence->automated,
				   .appeal_text = STR("") };
	if (account_is_local(a))
		strike->appeal_until_ms = db_txn_now(s->txn) + s->site->appeal_ms;
	enum rc rc = take_report(s, sentence, &report, strike);
	if (rc == RC_OK)
		rc = take_statuses(s, sentence, &report, strike);
	return act_end(s, rc == RC_OK ? take_text(s, sentence, strike) : rc);
}

static void record(struct social *s, const struct account *moderator, const struct strike *strike)
{
	const struct audit_detail details[] = {
		{ "strike", audit_number(s, strike->id) },
		{ "statuses", audit_number(s, strike->status_count) },
		{ "automated", strike->automated ? STR("yes") : STR("no") },
		{ "action", str_of(moderation_name(strike->action)) },
		{ "report", audit_number(s, strike->report) },
	};
	const bool within = strike->community != 0;
	const struct audit_about about = { .id = strike->account,
					   .community = strike->community,
					   .details = details,
					   .detail_count = strike->report != 0 ? 5 : 4 };
	audit(s, moderator, within ? AUDIT_COMMUNITY_STRIKE : moderations[strike->action].act,
	      &about);
}

/* Who is remote is told nothing by the node: there is no word for it on the wire. What a community does
 * has one. */
static void tell(struct social *s, const struct account *a, const struct strike *strike, bool quiet)
{
	if (!account_is_local(a))
		return;
	act_notice(s, a->id,
		   (struct notice){ .kind = NOTICE_WARNING, .from = a->id, .about = strike->id });
	if (!quiet)
		statement_add(s, STATEMENT_STRIKE, strike->id, a->id);
}

static void strike_enter(struct social *s, const struct account *moderator, const struct account *a,
			 struct strike *strike, bool quiet)
{
	strike->id = strike_add(s->txn, strike);
	record(s, moderator, strike);
	tell(s, a, strike, quiet);
	if (strike->community != 0)
		community_strike_count(s, strike, 1);
}

enum rc strike_lay(struct social *s, const struct account *moderator, const struct account *a,
		   const struct sentence *sentence, uint64_t *id)
{
	struct strike strike;
	enum rc rc = strike_fill(s, moderator, a, sentence, &strike);
	if (rc != RC_OK)
		return rc;
	strike_enter(s, moderator, a, &strike, sentence->quiet);
	if (id != NULL)
		*id = strike.id;
	return act_end(s, RC_OK);
}

static enum rc judged_load(struct social *s, const struct account *moderator, uint64_t target,
			   const struct sentence *sentence, struct account *a)
{
	if (sentence->community != 0)
		return community_judged_load(s, moderator, target, sentence, a);
	enum rc rc = moderated_load(s, moderator, target, a);
	if (rc != RC_OK)
		return rc;
	if (sentence->what >= MODERATE_REMOVE)
		return ctx_fail(s->ctx, RC_INVALID, "only a community does that");
	return moderations[sentence->what].local && !account_is_local(a) ? act_end(s, RC_INVALID)
									 : RC_OK;
}

static enum rc sentence_do(struct social *s, const struct account *moderator, struct account *a,
			   const struct strike *strike)
{
	enum rc rc = RC_OK;
	if (strike->community != 0)
		return community_sentence_do(s, moderator, a, strike);
	if (moderations[strike->action].statuses)
		rc = statuses_act(s, a, strike->action, strike, true);
	return rc == RC_OK ? account_set(s, a, strike->action, true) : rc;
}

/* What the node has acted upon is the node's to resolve. */
static enum rc report_end(struct social *s, const struct account *moderator,
			  const struct sentence *sentence)
{
	if (sentence->report == 0)
		return act_end(s, RC_OK);
	return sentence->community != 0
		       ? report_handle(s, moderator, sentence->report, REPORT_RESOLVE)
		       : report_answer(s, moderator, sentence->report);
}

enum rc moderate_account(struct social *s, const struct account *moderator, uint64_t target,
			 const struct sentence *sentence, uint64_t *id)
{
	struct account a;
	struct strike strike;
	enum rc rc = judged_load(s, moderator, target, sentence, &a);
	/* posts are named while they are there */
	if (rc == RC_OK)
		rc = strike_fill(s, moderator, &a, sentence, &strike);
	if (rc == RC_OK)
		rc = sentence_do(s, moderator, &a, &strike);
	if (rc != RC_OK)
		return rc;
	strike_enter(s, moderator, &a, &strike, sentence->quiet);
	if (id != NULL)
		*id = strike.id;
	return report_end(s, moderator, sentence);
}

enum rc moderate_undo(struct social *s, const struct account *moderator, uint64_t target,
		      enum moderation what)
{
	struct account a;
	enum rc rc = moderated_load(s, moderator, target, &a);
	if (rc != RC_OK || (a.flags & moderations[what].flag) == 0)
		return rc;
	/* what is being deleted does not come back */
	if ((a.flags & (ACCOUNT_LEAVING | ACCOUNT_CLOSING)) != 0)
		return act_end(s, RC_INVALID);
	audit(s, moderator, moderations[what].undo, AUDIT_ABOUT(target));
	return account_set(s, &a, what, false);
}

/* --- appeals --- */

uint64_t strike_deadline(const struct strike *strike)
{
	return strike->appeal_until_ms != 0 ? date_day_over(strike->appeal_until_ms) : 0;
}

uint64_t strike_up_day(const struct site *site, const struct strike *strike)
{
	return strike->decided_ms + site->appeal_ms;
}

bool strike_is_open(const struct strike *strike, uint64_t now_ms)
{
	return strike->appeal == APPEAL_NONE && !strike->undone && now_ms < strike_deadline(strike);
}

/* The community that decides; 0: the node does, as where nobody else of this node owns it. */
static uint64_t court_of(struct db_txn *txn, struct arena *arena, const struct strike *strike)
{
	return strike->community != 0 && !strike->escalated &&
			       community_has_owner(txn, arena, strike->community, true,
						   strike->account)
		       ? strike->community
		       : 0;
}

bool strike_may_go_up(const struct site *site, const struct strike *strike, uint64_t now_ms)
{
	return strike->community != 0 && !strike->escalated && strike->appeal == APPEAL_REJECTED &&
	       now_ms < date_day_over(strike_up_day(site, strike));
}

bool strike_may_decide(struct db_txn *txn, struct arena *arena, const struct account *who,
		       const struct strike *strike)
{
	struct community_standing standing;
	uint64_t community = court_of(txn, arena, strike);
	if (who == NULL)
		return true;
	/* nobody decides of what was done about themselves */
	if (who->id == strike->account)
		return false;
	if (community == 0)
		return role_permits(txn, arena, who->id, PERMISSION_MANAGE_APPEALS);
	return community_standing(txn, arena, community, who->id, &standing) &&
	       standing.role == COMMUNITY_OWNER;
}

/* Those who decide of appeals hear of it. A community without an owner of this node has nobody to ask. */
static void tell_deciders(struct social *s, struct strike *strike)
{
	struct arena *arena = s->ctx->arena;
	uint64_t holders[MODERATORS_MAX], community = court_of(s->txn, arena, strike);
	size_t n = community != 0 ? community_owners(s->txn, arena, community, true, 0, holders,
						     MODERATORS_MAX)
				  : role_holders(s->txn, 0, holders, MODERATORS_MAX);
	if (strike->community != 0 && community == 0 && community_exists(s->txn, strike->community))
		strike->escalated = true;
	for (size_t i = 0; i < n; i++) {
		const struct account who = { .id = holders[i] };
		if (strike_may_decide(s->txn, s->ctx->arena, &who, strike))
			statement_add(s, STATEMENT_APPEALED, strike->id, holders[i]);
	}
}

enum rc appeal_file(struct social *s, const struct account *who, uint64_t id, struct str text)
{
	struct strike strike;
	struct str clean;
	if (!strike_get(s->txn, s->ctx->arena, id, &strike) || strike.account != who->id)
		return act_end(s, RC_NOT_FOUND);
	if (strike.appeal != APPEAL_NONE)
		return act_end(s, RC_EXISTS);
	if (!strike_is_open(&strike, db_txn_now(s->txn)))
		return act_end(s, RC_GONE);
	enum rc rc = text_clean(s->ctx, text, APPEAL_CHARS, (size_t)4 * APPEAL_CHARS, &clean);
	if (rc == RC_OK && str_trim(clean).len == 0)
		rc = ctx_fail(s->ctx, RC_INVALID, "an appeal says something");
	if (rc != RC_OK)
		return rc;
	strike.appeal = APPEAL_PENDING;
	strike.appeal_text = clean;
	strike.appealed_ms = db_txn_now(s->txn);
	tell_deciders(s, &strike);
	strike_put(s->txn, &strike);
	return act_end(s, RC_OK);
}

/* Takes back what can be: posts that were deleted are not there any more. */
static enum rc strike_undo(struct social *s, const struct strike *strike)
{
	struct account a;
	if (!account_get(s->txn, s->ctx->arena, strike->account, &a) ||
	    (a.flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0)
		return act_end(s, RC_NOT_FOUND);
	if (strike->community != 0)
		return community_sentence_undo(s, strike);
	if (strike->action == MODERATE_MARK_STATUSES)
		return statuses_act(s, &a, strike->action, strike, false);
	return account_set(s, &a, strike->action, false);
}

enum rc appeal_decide(struct social *s, const struct account *moderator, uint64_t id, bool approve)
{
	struct strike strike;
	if (!strike_get(s->txn, s->ctx->arena, id, &strike))
		return act_end(s, moderator == NULL || may_moderate(s, moderator,
								    PERMISSION_MANAGE_APPEALS)
					  ? RC_NOT_FOUND
					  : RC_DENIED);
	if (!strike_may_decide(s->txn, s->ctx->arena, moderator, &strike))
		return act_end(s, RC_DENIED);
	if (strike.appeal == APPEAL_NONE)
		return act_end(s, RC_NOT_FOUND);
	if (strike.appeal != APPEAL_PENDING)
		return act_end(s, RC_EXISTS);
	enum rc rc = approve ? strike_undo(s, &strike) : RC_OK;
	if (rc != RC_OK)
		return rc;
	strike.appeal = approve ? APPEAL_APPROVED : APPEAL_REJECTED;
	strike.undone = approve;
	strike.decided_ms = db_txn_now(s->txn);
	strike.decided_by = moderator != NULL ? moderator->id : 0;
	strike_put(s->txn, &strike);
	audit(s, moderator, approve ? AUDIT_APPEAL_APPROVE : AUDIT_APPEAL_REJECT,
	      AUDIT_IN(strike.community, id));
	statement_add(s, STATEMENT_APPEAL, id, strike.account);
	return act_end(s, RC_OK);
}

static bool may_escalate(struct social *s, const struct account *who, const struct strike *strike)
{
	return who == NULL || who->id == strike->account ||
	       strike_may_decide(s->txn, s->ctx->arena, who, strike);
}

enum rc appeal_escalate(struct social *s, const struct account *who, uint64_t id)
{
	struct strike strike;
	uint64_t now = db_txn_now(s->txn);
	if (!strike_get(s->txn, s->ctx->arena, id, &strike) || strike.community == 0 ||
	    strike.appeal == APPEAL_NONE)
		return act_end(s, RC_NOT_FOUND);
	if (!may_escalate(s, who, &strike))
		return act_end(s, RC_DENIED);
	if (strike.escalated || strike.appeal == APPEAL_APPROVED)
		return act_end(s, RC_EXISTS);
	/* the person goes up with what was rejected; an owner with what waits */
	const bool own = who != NULL && who->id == strike.account;
	if (own ? !strike_may_go_up(s->site, &strike, now) : strike.appeal != APPEAL_PENDING)
		return act_end(s, RC_GONE);
	strike.escalated = true;
	strike.appeal = APPEAL_PENDING;
	if (own)
		strike.appealed_ms = now;
	else
		audit(s, who, AUDIT_APPEAL_ESCALATE, AUDIT_IN(strike.community, id));
	tell_deciders(s, &strike);
	strike_put(s->txn, &strike);
	return act_end(s, RC_OK);
}
