/* Moderating accounts, hosts and what they send. Inside write transactions, but for what only
 * reads. */
#include "social/moderate.h"

#include "moderate_int.h"
#include "queue/queue.h"
#include "social/audit.h"
#include "social/sever.h"
#include "store/graph.h"

/* --- who may --- */

#define PERMISSIONS_ALL ((PERMISSION_INVITE_BYPASS_APPROVAL << 1) - 1)

struct role role_of_account(struct db_txn *txn, struct arena *arena, uint64_t account)
{
	struct role role;
	if (!role_get(txn, arena, role_of(txn, account), &role) &&
	    !role_get(txn, arena, ROLE_EVERYBODY, &role))
		role = (struct role){ .name = STR(""), .color = STR("") };
	if ((role.permissions & PERMISSION_ADMINISTRATOR) != 0)
		role.permissions = PERMISSIONS_ALL;
	return role;
}

bool role_permits(struct db_txn *txn, struct arena *arena, uint64_t account,
		  enum permission permission)
{
	struct role role = role_of_account(txn, arena, account);
	return account != 0 && (role.permissions & (uint32_t)permission) != 0;
}

bool may_moderate(struct social *s, const struct account *moderator, enum permission permission)
{
	return moderator == NULL || role_permits(s->txn, s->ctx->arena, moderator->id, permission);
}

bool outranks(struct social *s, const struct account *moderator, const struct account *target)
{
	if (moderator == NULL)
		return true;
	struct arena *arena = s->ctx->arena;
	return moderator->id != target->id &&
	       role_of_account(s->txn, arena, moderator->id).position >
		       role_of_account(s->txn, arena, target->id).position;
}

/* --- accounts --- */

/* What follows is lost with the account is told to those who lose it. */
enum rc moderate_delete(struct social *s, const struct account *moderator, uint64_t target)
{
	struct account a;
	if (!may_moderate(s, moderator, PERMISSION_DELETE_USER_DATA))
		return act_end(s, RC_DENIED);
	enum rc rc = moderated_load(s, moderator, target, &a);
	if (rc != RC_OK)
		return rc;
	/* what cannot be taken back needs a first step that can */
	if ((a.flags & ACCOUNT_SUSPENDED) == 0)
		return act_end(s, RC_INVALID);
	/* the first of its steps */
	if (severing_get(s->txn, 0, a.uri) == 0) {
		severing_begin(s->txn, 0, a.uri);
		audit(s, moderator, AUDIT_ACCOUNT_DELETE, AUDIT_ABOUT(target));
	}
	rc = account_delete(s, &a);
	return rc == RC_GONE ? act_end(s, RC_OK) : rc;
}

bool is_silenced(struct db_txn *txn, struct arena *arena, const struct account *account)
{
	struct peer peer;
	if ((account->flags & ACCOUNT_SILENCED) != 0)
		return true;
	return account->domain.len != 0 && peer_judgement(txn, arena, account->domain, &peer) &&
	       peer.policy == PEER_LIMITED;
}

bool may_hear_of(struct db_txn *txn, struct arena *arena, struct viewer viewer,
		 const struct account *account)
{
	if (!is_silenced(txn, arena, account))
		return true;
	return viewer.account != 0 &&
	       (viewer.account == account->id || follow_accepted(txn, viewer.account, account->id));
}

/* --- hosts --- */

static void record(struct social *s, const struct account *moderator, const struct peer *peer)
{
	static const char *const policies[] = { [PEER_DEFAULT] = "none",
						[PEER_BLOCKED] = "suspend",
						[PEER_ALLOWED] = "allow",
						[PEER_LIMITED] = "silence" };
	const struct {
		unsigned flag;
		const char *name;
	} flags[] = { { PEER_REJECT_MEDIA, "reject_media" },
		      { PEER_REJECT_REPORTS, "reject_reports" },
		      { PEER_OBFUSCATE, "obfuscate" },
		      { PEER_FROM_LIST, "from_list" } };
	struct audit_detail details[1 + ARRAY_LEN(flags)] = { { "severity",
								str_of(policies[peer->policy]) } };
	size_t n = 1;
	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		if ((peer->flags & flags[i].flag) != 0)
			details[n++] = (struct audit_detail){ flags[i].name, STR("yes") };
	}
	const struct audit_about about = { .name = peer->host,
					   .details = details,
					   .detail_count = n };
	audit(s, moderator, AUDIT_HOST_DECIDE, &about);
}

static enum rc host_write(struct social *s, const struct account *moderator,
			  const struct peer *decision, unsigned flags)
{
	struct peer peer;
	if (decision->host.len == 0 || decision->host.len > DB_KEY_MAX ||
	    str_eq(decision->host, s->site->host) || str_eq(decision->host, s->site->domain))
		return act_end(s, RC_INVALID);
	if (!peer_get(s->txn, s->ctx->arena, decision->host, &peer))
		peer = (struct peer){ .host = decision->host };
	if (!peer_is_judged(&peer))
		peer.decided_ms = 0;
	bool was_blocked = peer.policy == PEER_BLOCKED;
	peer.policy = decision->policy;
	peer.flags = flags;
	peer.note = decision->note;
	peer.public_note = decision->public_note;
	peer_put(s->txn, &peer);
	record(s, moderator, &peer);
	/* nothing goes out to a blocked host; what was given up can be put back */
	if (peer.policy == PEER_BLOCKED)
		queue_drop_lane(s->txn, peer.host, STR("the host was blocked"));
	if (peer.policy == PEER_BLOCKED && !was_blocked)
		sever_later(s);
	return act_end(s, RC_OK);
}

enum rc host_decide(struct social *s, const struct account *moderator, const struct peer *decision)
{
	if (!may_moderate(s, moderator, PERMISSION_MANAGE_FEDERATION))
		return act_end(s, RC_DENIED);
	return host_write(s, moderator, decision, decision->flags & ~(unsigned)PEER_FROM_LIST);
}

enum rc host_decide_listed(struct social *s, const struct account *moderator,
			   const struct peer *decision)
{
	bool judged = peer_is_judged(decision);
	return host_write(s, moderator, decision, judged ? decision->flags | PEER_FROM_LIST : 0U);
}

void moderate_post(struct social *s, const struct account *author, struct status *status)
{
	struct peer peer;
	if (status->attachment_count == 0)
		return;
	if ((author->flags & ACCOUNT_SENSITIVE) != 0)
		status->flags |= STATUS_SENSITIVE;
	if (author->domain.len != 0 &&
	    peer_judgement(s->txn, s->ctx->arena, author->domain, &peer) &&
	    (peer.flags & PEER_REJECT_MEDIA) != 0)
		status->attachment_count = 0;
}
