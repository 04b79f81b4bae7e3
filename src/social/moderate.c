/* Moderating accounts, hosts and what they send. Inside write transactions, but for what only
 * reads. */
#include "social/moderate.h"

#include "act_int.h"
#include "core/must.h"
#include "queue/queue.h"
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

static bool may(struct social *s, const struct account *moderator, enum permission permission)
{
	return moderator == NULL || role_permits(s->txn, s->ctx->arena, moderator->id, permission);
}

static bool outranks(struct social *s, const struct account *moderator,
		     const struct account *target)
{
	if (moderator == NULL)
		return true;
	struct arena *arena = s->ctx->arena;
	return moderator->id != target->id &&
	       role_of_account(s->txn, arena, moderator->id).position >
		       role_of_account(s->txn, arena, target->id).position;
}

/* --- accounts --- */

static const struct {
	const char *name;
	unsigned flag;
	bool local; /* only accounts of here have it */
} moderations[] = {
	[MODERATE_NONE] = { "none", 0, false },
	[MODERATE_SENSITIVE] = { "sensitive", ACCOUNT_SENSITIVE, false },
	[MODERATE_DISABLE] = { "disable", ACCOUNT_DISABLED, true },
	[MODERATE_SILENCE] = { "silence", ACCOUNT_SILENCED, false },
	[MODERATE_SUSPEND] = { "suspend", ACCOUNT_SUSPENDED, false },
};

bool moderation_parse(struct str name, enum moderation *out)
{
	for (size_t i = 0; i < ARRAY_LEN(moderations); i++) {
		if (str_eq(name, str_of(moderations[i].name))) {
			*out = (enum moderation)i;
			return true;
		}
	}
	return false;
}

static enum rc account_load(struct social *s, const struct account *moderator, uint64_t target,
			    enum moderation what, struct account *out)
{
	if (!may(s, moderator, PERMISSION_MANAGE_USERS))
		return act_end(s, RC_DENIED);
	if (!account_get(s->txn, s->ctx->arena, target, out) ||
	    (out->flags & (ACCOUNT_DELETED | ACCOUNT_INSTANCE)) != 0)
		return act_end(s, RC_NOT_FOUND);
	if (!outranks(s, moderator, out))
		return act_end(s, RC_DENIED);
	/* who is not let in yet is approved or rejected: nothing else makes sense of them */
	if ((moderations[what].local && !account_is_local(out)) || account_is_waiting(out))
		return act_end(s, RC_INVALID);
	return RC_OK;
}

static enum rc account_set(struct social *s, struct account *a, enum moderation what, bool on)
{
	unsigned flag = moderations[what].flag;
	if (what == MODERATE_SUSPEND)
		return account_suspend(s, a, on);
	a->flags = on ? a->flags | flag : a->flags & ~flag;
	return account_put(s->txn, s->ctx->arena, a) ? act_end(s, RC_OK) : act_end(s, RC_NOT_FOUND);
}

enum rc moderate_account(struct social *s, const struct account *moderator, uint64_t target,
			 enum moderation what, uint64_t report)
{
	struct account a;
	enum rc rc = account_load(s, moderator, target, what, &a);
	if (rc == RC_OK && what != MODERATE_NONE && (a.flags & moderations[what].flag) == 0)
		rc = account_set(s, &a, what, true);
	if (rc == RC_OK && report != 0)
		rc = report_handle(s, moderator, report, REPORT_RESOLVE);
	return rc;
}

enum rc moderate_undo(struct social *s, const struct account *moderator, uint64_t target,
		      enum moderation what)
{
	struct account a;
	enum rc rc = account_load(s, moderator, target, what, &a);
	if (rc != RC_OK || (a.flags & moderations[what].flag) == 0)
		return rc;
	/* what is being deleted does not come back */
	if ((a.flags & ACCOUNT_LEAVING) != 0)
		return act_end(s, RC_INVALID);
	return account_set(s, &a, what, false);
}

enum rc moderate_delete(struct social *s, const struct account *moderator, uint64_t target)
{
	struct account a;
	if (!may(s, moderator, PERMISSION_DELETE_USER_DATA))
		return act_end(s, RC_DENIED);
	enum rc rc = account_load(s, moderator, target, MODERATE_SUSPEND, &a);
	if (rc != RC_OK)
		return rc;
	/* what cannot be taken back needs a first step that can */
	if ((a.flags & ACCOUNT_SUSPENDED) == 0)
		return act_end(s, RC_INVALID);
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

enum rc host_decide(struct social *s, const struct account *moderator, const struct peer *decision)
{
	struct peer peer;
	if (!may(s, moderator, PERMISSION_MANAGE_FEDERATION))
		return act_end(s, RC_DENIED);
	if (decision->host.len == 0 || decision->host.len > DB_KEY_MAX ||
	    str_eq(decision->host, s->site->host) || str_eq(decision->host, s->site->domain))
		return act_end(s, RC_INVALID);
	if (!peer_get(s->txn, s->ctx->arena, decision->host, &peer))
		peer = (struct peer){ .host = decision->host };
	if (!peer_is_judged(&peer))
		peer.decided_ms = 0;
	peer.policy = decision->policy;
	peer.flags = decision->flags;
	peer.note = decision->note;
	peer.public_note = decision->public_note;
	peer_put(s->txn, &peer);
	/* nothing goes out to a blocked host; what was given up can be put back */
	if (peer.policy == PEER_BLOCKED)
		queue_drop_lane(s->txn, peer.host, STR("the host was blocked"));
	return act_end(s, RC_OK);
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
