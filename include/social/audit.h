/*
 * Recording what moderators and administrators do, those of communities and teams among them: in the write of the act itself, so that neither is
 * there without the other. store/audit.h says how the record is kept.
 */
#ifndef FF_SOCIAL_AUDIT_H
#define FF_SOCIAL_AUDIT_H

#include "social/social.h"
#include "store/audit.h"

/* constant, its name in the record: what it is about, and what was done */
#define AUDIT_ACTS(X)                                         \
	X(ACCOUNT_WARN, "account.warn")                       \
	X(ACCOUNT_SENSITIVE, "account.sensitive")             \
	X(ACCOUNT_DISABLE, "account.disable")                 \
	X(ACCOUNT_SILENCE, "account.silence")                 \
	X(ACCOUNT_SUSPEND, "account.suspend")                 \
	X(ACCOUNT_UNSENSITIVE, "account.unsensitive")         \
	X(ACCOUNT_ENABLE, "account.enable")                   \
	X(ACCOUNT_UNSILENCE, "account.unsilence")             \
	X(ACCOUNT_UNSUSPEND, "account.unsuspend")             \
	X(ACCOUNT_DELETE, "account.delete")                   \
	X(ACCOUNT_CREATE, "account.create")                   \
	X(ACCOUNT_APPROVE, "account.approve")                 \
	X(ACCOUNT_REJECT, "account.reject")                   \
	X(ACCOUNT_EDIT, "account.edit")                       \
	X(ACCOUNT_PASSWORD, "account.password")               \
	X(ACCOUNT_EMAIL, "account.email")                     \
	X(ACCOUNT_FACTORS, "account.factors")                 \
	X(ACCOUNT_KEYS, "account.keys")                       \
	X(ACCOUNT_ROLE, "account.role")                       \
	X(ACCOUNT_ALIAS, "account.alias")                     \
	X(ACCOUNT_MOVE, "account.move")                       \
	X(ACCOUNT_IMPORT, "account.import")                   \
	X(ACCOUNT_IDENTITY, "account.identity")               \
	X(ACCOUNT_ATTRIBUTES, "account.attributes")           \
	X(QUEUE_RETRY, "queue.retry")                         \
	X(QUEUE_DROP, "queue.drop")                           \
	X(STATUSES_MARK, "statuses.mark")                     \
	X(STATUSES_DELETE, "statuses.delete")                 \
	X(APPEAL_APPROVE, "appeal.approve")                   \
	X(APPEAL_REJECT, "appeal.reject")                     \
	X(REPORT_ASSIGN, "report.assign")                     \
	X(REPORT_UNASSIGN, "report.unassign")                 \
	X(REPORT_RESOLVE, "report.resolve")                   \
	X(REPORT_REOPEN, "report.reopen")                     \
	X(REPORT_SORT, "report.sort")                         \
	X(HOST_DECIDE, "host.decide")                         \
	X(BAR_ADD, "bar.add")                                 \
	X(BAR_REMOVE, "bar.remove")                           \
	X(TREND_REVIEW, "trend.review")                       \
	X(RULE_ADD, "rule.add")                               \
	X(RULE_REMOVE, "rule.remove")                         \
	X(TEXT_SET, "text.set")                               \
	X(TEXT_REMOVE, "text.remove")                         \
	X(PRESET_ADD, "preset.add")                           \
	X(PRESET_REMOVE, "preset.remove")                     \
	X(ANNOUNCEMENT_ADD, "announcement.add")               \
	X(ANNOUNCEMENT_REMOVE, "announcement.remove")         \
	X(EMOJI_ADD, "emoji.add")                             \
	X(EMOJI_REMOVE, "emoji.remove")                       \
	X(RELAY_ADD, "relay.add")                             \
	X(RELAY_REMOVE, "relay.remove")                       \
	X(SIEVE_PUT, "sieve.put")                             \
	X(SIEVE_MODE, "sieve.mode")                           \
	X(SIEVE_REMOVE, "sieve.remove")                       \
	X(HELD_RELEASE, "held.release")                       \
	X(HELD_REFUSE, "held.refuse")                         \
	X(WAVE_ROLL_BACK, "wave.roll-back")                   \
	X(WAVE_UNDO, "wave.undo")                             \
	X(BLOCKLIST_ADD, "blocklist.add")                     \
	X(BLOCKLIST_REMOVE, "blocklist.remove")               \
	X(BLOCKLIST_ACCEPT, "blocklist.accept")               \
	X(REPORT_ESCALATE, "report.escalate")                 \
	X(REPORT_HAND_DOWN, "report.hand-down")               \
	X(REPORT_NOTE, "report.note")                         \
	X(REPORT_UNNOTE, "report.unnote")                     \
	X(APPEAL_ESCALATE, "appeal.escalate")                 \
	X(COMMUNITY_CREATE, "community.create")               \
	X(COMMUNITY_CHANGE, "community.change")               \
	X(COMMUNITY_CLOSE, "community.close")                 \
	X(COMMUNITY_ROLE, "community.role")                   \
	X(COMMUNITY_ROLE_DROP, "community.role-drop")         \
	X(COMMUNITY_ADMIT, "community.admit")                 \
	X(COMMUNITY_REFUSE, "community.refuse")               \
	X(COMMUNITY_EXPEL, "community.expel")                 \
	X(COMMUNITY_APPOINT, "community.appoint")             \
	X(COMMUNITY_TRANSFER, "community.transfer")           \
	X(COMMUNITY_BAN, "community.ban")                     \
	X(COMMUNITY_UNBAN, "community.unban")                 \
	X(COMMUNITY_INVITE, "community.invite")               \
	X(COMMUNITY_UNINVITE, "community.uninvite")           \
	X(COMMUNITY_APPROVE, "community.approve")             \
	X(COMMUNITY_REJECT, "community.reject")               \
	X(COMMUNITY_REMOVE, "community.remove")               \
	X(COMMUNITY_RESTORE, "community.restore")             \
	X(COMMUNITY_LOCK, "community.lock")                   \
	X(COMMUNITY_UNLOCK, "community.unlock")               \
	X(COMMUNITY_PIN, "community.pin")                     \
	X(COMMUNITY_UNPIN, "community.unpin")                 \
	X(COMMUNITY_FLAIR, "community.flair")                 \
	X(COMMUNITY_STRIKE, "community.strike")               \
	X(COMMUNITY_PRESET_ADD, "community.preset-add")       \
	X(COMMUNITY_PRESET_REMOVE, "community.preset-remove") \
	X(TEAM_ACT, "team.act")                               \
	X(DRAFT_DISMISS, "draft.dismiss")                     \
	X(JOINT_OFFER, "joint.offer")                         \
	X(JOINT_ACCEPT, "joint.accept")                       \
	X(JOINT_REFUSE, "joint.refuse")                       \
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
	struct str name;    /* where there is no id */
	uint64_t community; /* in which it was done: its staff reads it; 0: none */
	uint64_t team;	    /* for which it was done; 0: none */
	const struct audit_detail *details;
	size_t detail_count;
};
#define AUDIT_ABOUT(number) (&(const struct audit_about){ .id = (number) })
#define AUDIT_NAMED(text) (&(const struct audit_about){ .name = (text) })
#define AUDIT_IN(place, number) \
	(&(const struct audit_about){ .id = (number), .community = (place) })

/* by is NULL for the operator at the command line. */
void audit(struct social *s, const struct account *by, enum audit_act act,
	   const struct audit_about *about);
/* The act of somebody of whom no more than the id is at hand; 0: the operator, or the node itself. */
void audit_by(struct social *s, uint64_t by, enum audit_act act, const struct audit_about *about);
/* A number as a detail says it. */
struct str audit_number(struct social *s, uint64_t number);

#endif
