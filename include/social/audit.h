/*
 * Recording what moderators and administrators do: in the write of the act itself, so that neither is
 * there without the other. store/audit.h says how the record is kept.
 */
#ifndef FF_SOCIAL_AUDIT_H
#define FF_SOCIAL_AUDIT_H

#include "social/social.h"
#include "store/audit.h"

/* constant, its name in the record: what it is about, and what was done */
#define AUDIT_ACTS(X)                                 \
	X(ACCOUNT_WARN, "account.warn")               \
	X(ACCOUNT_SENSITIVE, "account.sensitive")     \
	X(ACCOUNT_DISABLE, "account.disable")         \
	X(ACCOUNT_SILENCE, "account.silence")         \
	X(ACCOUNT_SUSPEND, "account.suspend")         \
	X(ACCOUNT_UNSENSITIVE, "account.unsensitive") \
	X(ACCOUNT_ENABLE, "account.enable")           \
	X(ACCOUNT_UNSILENCE, "account.unsilence")     \
	X(ACCOUNT_UNSUSPEND, "account.unsuspend")     \
	X(ACCOUNT_DELETE, "account.delete")           \
	X(ACCOUNT_CREATE, "account.create")           \
	X(ACCOUNT_APPROVE, "account.approve")         \
	X(ACCOUNT_REJECT, "account.reject")           \
	X(ACCOUNT_EDIT, "account.edit")               \
	X(ACCOUNT_PASSWORD, "account.password")       \
	X(ACCOUNT_EMAIL, "account.email")             \
	X(ACCOUNT_FACTORS, "account.factors")         \
	X(ACCOUNT_KEYS, "account.keys")               \
	X(ACCOUNT_ROLE, "account.role")               \
	X(ACCOUNT_ALIAS, "account.alias")             \
	X(ACCOUNT_MOVE, "account.move")               \
	X(ACCOUNT_IMPORT, "account.import")           \
	X(ACCOUNT_IDENTITY, "account.identity")       \
	X(ACCOUNT_ATTRIBUTES, "account.attributes")   \
	X(QUEUE_RETRY, "queue.retry")                 \
	X(QUEUE_DROP, "queue.drop")                   \
	X(STATUSES_MARK, "statuses.mark")             \
	X(STATUSES_DELETE, "statuses.delete")         \
	X(APPEAL_APPROVE, "appeal.approve")           \
	X(APPEAL_REJECT, "appeal.reject")             \
	X(REPORT_ASSIGN, "report.assign")             \
	X(REPORT_UNASSIGN, "report.unassign")         \
	X(REPORT_RESOLVE, "report.resolve")           \
	X(REPORT_REOPEN, "report.reopen")             \
	X(REPORT_SORT, "report.sort")                 \
	X(HOST_DECIDE, "host.decide")                 \
	X(BAR_ADD, "bar.add")                         \
	X(BAR_REMOVE, "bar.remove")                   \
	X(TREND_REVIEW, "trend.review")               \
	X(RULE_ADD, "rule.add")                       \
	X(RULE_REMOVE, "rule.remove")                 \
	X(TEXT_SET, "text.set")                       \
	X(TEXT_REMOVE, "text.remove")                 \
	X(PRESET_ADD, "preset.add")                   \
	X(PRESET_REMOVE, "preset.remove")             \
	X(ANNOUNCEMENT_ADD, "announcement.add")       \
	X(ANNOUNCEMENT_REMOVE, "announcement.remove") \
	X(EMOJI_ADD, "emoji.add")                     \
	X(EMOJI_REMOVE, "emoji.remove")               \
	X(RELAY_ADD, "relay.add")                     \
	X(RELAY_REMOVE, "relay.remove")               \
	X(SIEVE_PUT, "sieve.put")                     \
	X(SIEVE_MODE, "sieve.mode")                   \
	X(SIEVE_REMOVE, "sieve.remove")               \
	X(HELD_RELEASE, "held.release")               \
	X(HELD_REFUSE, "held.refuse")                 \
	X(WAVE_ROLL_BACK, "wave.roll-back")           \
	X(WAVE_UNDO, "wave.undo")                     \
	X(BLOCKLIST_ADD, "blocklist.add")             \
	X(BLOCKLIST_REMOVE, "blocklist.remove")       \
	X(DRAFT_DISMISS, "draft.dismiss")             \
	X(JOINT_OFFER, "joint.offer")                 \
	X(JOINT_ACCEPT, "joint.accept")               \
	X(JOINT_REFUSE, "joint.refuse")               \
	X(JOINT_END, "joint.end")

enum audit_act {
#define X(constant, name) AUDIT_##constant,
	AUDIT_ACTS(X)
#undef X
		AUDIT_ACT_COUNT
};
const char *audit_act_name(enum audit_act act);

/* What an act is about: an id, or a name; and what else is to be known of it. */
struct audit_about {
	uint64_t id;
	struct str name; /* where there is no id */
	const struct audit_detail *details;
	size_t detail_count;
};
#define AUDIT_ABOUT(number) (&(const struct audit_about){ .id = (number) })
#define AUDIT_NAMED(text) (&(const struct audit_about){ .name = (text) })

/* by is NULL for the operator at the command line. */
void audit(struct social *s, const struct account *by, enum audit_act act,
	   const struct audit_about *about);
/* A number as a detail says it. */
struct str audit_number(struct social *s, uint64_t number);

#endif
