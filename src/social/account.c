/* Local accounts: making, changing, suspending, deleting. Inside transactions, but for the keys. */
#include "social/account.h"
#include "social/collection.h"

#include "community_int.h"
#include "core/must.h"
#include "crypt/key.h"
#include "social/attribute.h"
#include "social/community_keep.h"
#include "social/emoji.h"
#include "social/joint.h"
#include "social/keep.h"
#include "social/links.h"
#include "social/oauth.h"
#include "social/sever.h"
#include "social/team.h"
#include "store/conversation.h"
#include "store/dismissed.h"
#include "store/factor.h"
#include "store/medium.h"
#include "store/node.h"
#include "store/relay.h"
#include "store/sign_up.h"
#include "store/subscription.h"
#include "store/ticket.h"
#include "store/year.h"
#include "text/acct.h"
#include "text/email.h"

#define DELETE_CHUNK 200
#define INSTANCE_USER "node" /* where the domain is too long for a name */
#define USER_MAX 60
#define NOTE_CHARS 2000

/* --- keys --- */

static enum rc key_make(struct ctx *ctx, const struct seal_key *seal_with, struct str uri,
			enum key_kind kind, struct str name, uint64_t now_ms, struct local_key *out)
{
	struct buf private_der CLEANUP(buf_free) = BUF_INIT(8192);
	struct buf public_der CLEANUP(buf_free) = BUF_INIT(8192);
	struct buf sealed CLEANUP(buf_free) = BUF_INIT(16384);
	struct key *key = NULL;
	enum rc rc = key_generate(kind, &key);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "no key could be made");
	key_add_private(&private_der, key);
	key_add_public(&public_der, key);
	key_unref(&key);
	struct str context = arena_printf(ctx->arena, "key:%.*s#%.*s", STR_ARG(uri), STR_ARG(name));
	rc = seal(seal_with, context, buf_str(&private_der), &sealed);
	explicit_bzero(private_der.ptr, private_der.len);
	if (rc != RC_OK)
		return ctx_fail(ctx, rc, "the key could not be sealed");
	*out = (struct local_key){ .name = name,
				   .kind = (uint8_t)kind,
				   .created_ms = now_ms,
				   .sealed = arena_str(ctx->arena, buf_str(&sealed)),
				   .public_der = arena_str(ctx->arena, buf_str(&public_der)) };
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

enum rc account_keys_make(struct ctx *ctx, const struct seal_key *seal_with, struct str uri,
			  uint64_t now_ms, struct account_secrets *out)
{
	struct str rsa = arena_printf(ctx->arena, "main-key-%llu", (unsigned long long)now_ms);
	struct str ed = arena_printf(ctx->arena, "ed25519-key-%llu", (unsigned long long)now_ms);
	*out = (struct account_secrets){ .key_count = 2 };
	enum rc rc = key_make(ctx, seal_with, uri, KEY_RSA, rsa, now_ms, &out->keys[0]);
	if (rc == RC_OK)
		rc = key_make(ctx, seal_with, uri, KEY_ED25519, ed, now_ms, &out->keys[1]);
	return rc;
}

enum rc account_key_open(const struct seal_key *seal_with, struct str uri,
			 const struct local_key *stored, struct key **out)
{
	struct buf plain CLEANUP(buf_free) = BUF_INIT(16384);
	struct buf context CLEANUP(buf_free) = BUF_INIT(8192);
	buf_addf(&context, "key:%.*s#%.*s", STR_ARG(uri), STR_ARG(stored->name));
	enum rc rc = unseal(seal_with, buf_str(&context), stored->sealed, &plain);
	if (rc == RC_OK)
		rc = key_from_private(buf_str(&plain), out);
	if (plain.ptr != NULL)
		explicit_bzero(plain.ptr, plain.len);
	return rc;
}

/* --- making --- */

static void addresses_fill(struct social *s, struct account *a)
{
	struct arena *arena = s->ctx->arena;
	a->uri = site_actor_uri(arena, s->site, a->username);
	a->url = site_profile_url(arena, s->site, a->username);
	a->inbox = site_actor_part(arena, s->site, a->username, "inbox");
	a->outbox = site_actor_part(arena, s->site, a->username, "outbox");
	a->followers = site_actor_part(arena, s->site, a->username, "followers");
	a->following = site_actor_part(arena, s->site, a->username, "following");
	a->shared_inbox = site_shared_inbox(arena, s->site);
}

static enum rc text_make(struct ctx *ctx, const struct site *site, struct str text, bool own,
			 struct html *out)
{
	const struct compose_rules rules = { .resolve = NULL,
					     .own = own,
					     .tag_base = site_tag_base(ctx->arena, site),
					     .max_tags = 20,
					     .iri_flags = site->iri_flags };
	struct composed composed;
	*out = (struct html){ STR("") };
	if (text.len == 0)
		return RC_OK;
	enum rc rc = text_clean(ctx, text, 2000, 16000, &text);
	if (rc == RC_OK)
		rc = text_compose(ctx, text, &rules, &composed);
	if (rc == RC_OK)
		*out = composed.html;
	return rc;
}

enum rc account_text_make(struct ctx *ctx, const struct site *site, struct str text,
			  struct html *out)
{
	return text_make(ctx, site, text, false, out);
}

enum rc account_field_make(struct ctx *ctx, const struct site *site, struct str text,
			   struct html *out)
{
	return text_make(ctx, site, text, true, out);
}

static enum rc email_take(struct social *s, const struct new_account *n,
			  struct account_secrets *secrets)
{
	struct email email;
	if (n->email.len == 0)
		return RC_OK;
	enum rc rc = email_parse(s->ctx, n->email, s->site->iri_flags, &email);
	if (rc == RC_OK && account_id_of_email(s->txn, email.text) != 0)
		rc = ctx_fail(s->ctx, RC_EXISTS, "the e-mail address is taken");
	secrets->email = email.text;
	secrets->confirmed_ms = n->unconfirmed ? 0 : db_txn_now(s->txn);
	return rc;
}

enum rc account_create(struct social *s, const struct new_account *n,
		       const struct account_secrets *secrets, struct account *out)
{
	struct account_secrets kept = *secrets;
	if (!acct_local_user_valid(n->username))
		return ctx_fail(s->ctx, RC_INVALID,
				"\"%.*s\" is no user name: a-z, 0-9 and _, at most 30",
				STR_ARG(n->username));
	*out = (struct account){ .kind = n->kind,
				 .flags = ACCOUNT_LOCAL | ACCOUNT_DISCOVERABLE |
					  (n->locked ? ACCOUNT_LOCKED : 0U) | n->waiting,
				 .username = n->username,
				 .domain = STR(""),
				 .created_ms = db_txn_now(s->txn) };
	enum rc rc = text_clean(s->ctx, n->display_name, 100, 400, &out->display_name);
	if (rc == RC_OK)
		rc = text_clean(s->ctx, n->note, NOTE_CHARS, 4 * NOTE_CHARS, &out->note_source);
	if (rc == RC_OK)
		rc = account_text_make(s->ctx, s->site, out->note_source, &out->note);
	if (rc != RC_OK)
		return rc;
	rc = email_take(s, n, &kept);
	if (rc != RC_OK)
		return rc;
	addresses_fill(s, out);
	emojis_of_account(s, out);
	kept.password_hash = n->password_hash;
	kept.email_next = n->email_next;
	if (!account_add(s->txn, s->ctx->arena, out))
		return act_end(s, ctx_fail(s->ctx, RC_EXISTS, "the name %.*s is taken",
					   STR_ARG(n->username)));
	account_secrets_put(s->txn, out->id, &kept);
	if (!account_is_waiting(out))
		node_count(s->txn, 1, 0);
	return act_end(s, RC_OK);
}

enum rc account_create_instance(struct social *s, const struct account_secrets *secrets,
				struct account *out)
{
	struct arena *arena = s->ctx->arena;
	struct str host, port;
	str_split(s->site->domain, ':', &host, &port);
	if (!acct_user_valid(host) || host.len > USER_MAX)
		host = STR(INSTANCE_USER);
	*out = (struct account){ .kind = ACCOUNT_APPLICATION,
				 .flags = ACCOUNT_LOCAL | ACCOUNT_INSTANCE | ACCOUNT_LOCKED,
				 .username = host,
				 .domain = STR(""),
				 .display_name = s->site->title,
				 .created_ms = db_txn_now(s->txn) };
	out->uri = site_instance_uri(arena, s->site);
	out->url = arena_join(arena, s->site->base, STR("/"));
	out->inbox = arena_join(arena, out->uri, STR("/inbox"));
	out->outbox = arena_join(arena, out->uri, STR("/outbox"));
	out->shared_inbox = site_shared_inbox(arena, s->site);
	if (!account_add(s->txn, arena, out))
		return act_end(s, RC_EXISTS);
	account_secrets_put(s->txn, out->id, secrets);
	return act_end(s, RC_OK);
}

/* --- changing --- */

/* The hosts of those whom a leaving account follows know it, too. */
static void followees_hear(struct social *s, const struct account *a, struct federate *f)
{
	uint64_t ids[FEDERATE_EXTRA_MAX];
	size_t n = follow_following(s->txn, a->id, 0, FOLLOW_ACCEPTED, ids, ARRAY_LEN(ids));
	for (size_t i = 0; i < n; i++) {
		struct account followee;
		if (account_get(s->txn, s->ctx->arena, ids[i], &followee))
			act_hears(f, &followee);
	}
}

/* also, which may be NULL, hears of it besides followers. */
static void tell_profile(struct social *s, const struct account *a, enum federate_what what,
			 const struct account *also)
{
	struct federate f = { .what = what,
			      .actor = a->id,
			      .visibility = VISIBILITY_FOLLOWERS,
			      .object = a->uri,
			      .at_ms = db_txn_now(s->txn) };
	/* two changes in one millisecond are two activities */
	f.uri = site_activity_uri(s->ctx->arena, a->uri,
				  what == FEDERATE_ACTOR ? "updates" : "delete",
				  db_next_id(s->txn));
	if (what == FEDERATE_ACTOR_DELETE)
		followees_hear(s, a, &f);
	if (also != NULL)
		act_hears(&f, also);
	federate_add(s, &f);
}

enum rc account_change(struct social *s, const struct account *changed)
{
	return account_change_for(s, changed, NULL);
}

enum rc account_change_for(struct social *s, const struct account *changed,
			   const struct account *also)
{
	struct account next = *changed, before;
	next.updated_ms = db_txn_now(s->txn);
	emojis_of_account(s, &next);
	if (account_get(s->txn, s->ctx->arena, next.id, &before))
		links_consider(s, &before, &next);
	if (!account_put(s->txn, s->ctx->arena, &next))
		return act_end(s, RC_NOT_FOUND);
	tell_profile(s, &next, FEDERATE_ACTOR, also);
	return act_end(s, RC_OK);
}

enum rc account_rotate_keys(struct social *s, const struct account *account,
			    const struct account_secrets *fresh, uint64_t overlap_ms)
{
	struct account_secrets old, next;
	uint64_t now = db_txn_now(s->txn);
	if (!account_secrets_get(s->txn, s->ctx->arena, account->id, &old))
		return act_end(s, RC_NOT_FOUND);
	next = *fresh;
	next.password_hash = old.password_hash;
	next.email = old.email;
	next.confirmed_ms = old.confirmed_ms;
	next.email_next = old.email_next;
	for (unsigned i = 0; i < old.key_count && next.key_count < LOCAL_KEYS_MAX; i++) {
		struct local_key k = old.keys[i];
		if (k.retired_ms == 0)
			k.retired_ms = now + overlap_ms;
		if (k.retired_ms > now)
			next.keys[next.key_count++] = k;
	}
	account_secrets_put(s->txn, account->id, &next);
	return account_change(s, account);
}

enum rc account_suspend(struct social *s, const struct account *account, bool suspended)
{
	struct account next = *account;
	if (suspended)
		live_tell(s->txn, LIVE_ACCOUNT_GONE, account->id, 0, 0);
	if (suspended)
		next.flags |= ACCOUNT_SUSPENDED;
	if (suspended && account_is_local(account))
		sign_out_everywhere(s->txn, account->id, 0);
	if (!suspended)
		next.flags &= ~(unsigned)ACCOUNT_SUSPENDED;
	if (account_is_local(account))
		return account_change(s, &next);
	return account_put(s->txn, s->ctx->arena, &next) ? act_end(s, RC_OK)
							 : act_end(s, RC_NOT_FOUND);
}

/* --- deleting --- */

/* At most a chunk of it, since everybody else waits for the writer meanwhile. */
static size_t delete_statuses(struct social *s, const struct account *a)
{
	struct status_entry entries[DELETE_CHUNK];
	size_t n = status_by_author(s->txn, a->id, 0, 0, entries, DELETE_CHUNK);
	for (size_t i = 0; i < n; i++) {
		act_remove(s, entries[i].id);
		if (account_is_local(a))
			node_count(s->txn, 0, (entries[i].flags & STATUS_BOOST) != 0 ? 0 : -1);
	}
	return n;
}

/* Somebody of here loses an account that moderators delete: told once, of both directions. */
static void sever_both(struct social *s, const struct severance *event, const struct account *local,
		       const struct account *gone)
{
	bool follower = sever_follow(s, event, local, gone, true);
	bool following = sever_follow(s, event, local, gone, false);
	if (follower || following)
		sever_tell(s, local->id, event->event);
}

static size_t delete_relations(struct social *s, const struct account *a, bool followers)
{
	uint64_t ids[DELETE_CHUNK];
	size_t n = 0;
	static const enum follow_state states[] = { FOLLOW_ACCEPTED, FOLLOW_PENDING };
	const struct severance event = { .event = severing_get(s->txn, 0, a->uri),
					 .kind = SEVERANCE_ACCOUNT,
					 .target = sever_handle(s, a) };
	for (size_t k = 0; k < ARRAY_LEN(states) && n < DELETE_CHUNK; k++)
		n += followers ? follow_followers(s->txn, a->id, 0, states[k], ids + n,
						  DELETE_CHUNK - n)
			       : follow_following(s->txn, a->id, 0, states[k], ids + n,
						  DELETE_CHUNK - n);
	for (size_t i = 0; i < n; i++) {
		struct account other;
		/* the follow of one that is lost ends all the same */
		if (!account_get(s->txn, s->ctx->arena, ids[i], &other))
			other = (struct account){ .id = ids[i] };
		if (event.event != 0 && other.uri.len != 0 && account_is_local(&other)) {
			sever_both(s, &event, &other, a);
			continue;
		}
		if (followers)
			follow_del(s->txn, &other, a);
		else
			follow_del(s->txn, a, &other);
	}
	return n;
}

/*
 * There is more to do than one write has time for. Nothing new is added meanwhile; and a job goes on with
 * it, so that the end is certain, whoever began it and is killed.
 */
static enum rc delete_goes_on(struct social *s, const struct account *account)
{
	struct account leaving = *account;
	if ((account->flags & ACCOUNT_CLOSING) != 0)
		return act_end(s, RC_BUSY);
	leaving.flags |= ACCOUNT_SUSPENDED | ACCOUNT_CLOSING;
	community_job_add(s, &(struct community_job){ .task = COMMUNITY_TASK_CLOSE,
						      .community = account->id });
	return act_end(s, account_put(s->txn, s->ctx->arena, &leaving) ? RC_BUSY : RC_NOT_FOUND);
}

enum rc account_delete(struct social *s, const struct account *account)
{
	struct account leaving = *account;
	struct account_secrets secrets;
	bool local = account_is_local(account);
	if ((account->flags & (ACCOUNT_DELETED | ACCOUNT_LEAVING)) != 0)
		return RC_GONE;
	/* nobody has ever heard of them */
	if (account_is_waiting(account)) {
		sign_up_forget(s->txn, account->id);
		return act_end(s, RC_OK);
	}
	live_tell(s->txn, LIVE_ACCOUNT_GONE, account->id, 0, 0);
	if (delete_statuses(s, account) == DELETE_CHUNK)
		return delete_goes_on(s, account);
	if (!local) {
		enum rc rc = account_delete_finish(s, account);
		return rc == RC_BUSY ? delete_goes_on(s, account) : rc;
	}
	leaving.flags |= ACCOUNT_SUSPENDED | ACCOUNT_LEAVING;
	if (!account_put(s->txn, s->ctx->arena, &leaving))
		return act_end(s, RC_NOT_FOUND);
	if (account_secrets_get(s->txn, s->ctx->arena, account->id, &secrets)) {
		secrets.password_hash = secrets.email = secrets.email_next = STR("");
		account_secrets_put(s->txn, account->id, &secrets);
	}
	sign_out_everywhere(s->txn, account->id, 0);
	factors_del(s->txn, account->id);
	tickets_del(s->txn, account->id);
	sign_up_del(s->txn, account->id);
	attributes_forget(s, account->id);
	team_forget(s, account);
	tell_profile(s, account, FEDERATE_ACTOR_DELETE, NULL);
	node_count(s->txn, -1, 0);
	return act_end(s, RC_OK);
}

/* The keys stay: the deliveries that tell of the end are still to be signed. */
enum rc account_delete_finish(struct social *s, const struct account *account)
{
	struct account shell = *account;
	if (delete_relations(s, account, false) == DELETE_CHUNK ||
	    delete_relations(s, account, true) == DELETE_CHUNK ||
	    blocks_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    notices_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    !keep_forget(s, account) ||
	    notice_strangers_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    conversations_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    letters_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    dismissed_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    strikes_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    severances_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    years_del(s->txn, account->id, DELETE_CHUNK) == DELETE_CHUNK ||
	    community_forget(s, account, DELETE_CHUNK) == DELETE_CHUNK ||
	    push_del_all(s->txn, account->id, 0, DELETE_CHUNK) == DELETE_CHUNK)
		return act_end(s, RC_BUSY);
	joint_forget(s, account->id);
	relay_subscriber_del(s->txn, account->id);
	medium_del_held(s->txn, MEDIUM_AVATAR, account->id);
	medium_del_held(s->txn, MEDIUM_HEADER, account->id);
	collections_end(s, account);
	severing_end(s->txn, 0, account->uri);
	shell.flags = (account->flags & (ACCOUNT_LOCAL | ACCOUNT_INSTANCE)) | ACCOUNT_DELETED;
	shell.display_name = shell.avatar = shell.header = STR("");
	shell.note = (struct html){ STR("") };
	shell.note_source = shell.avatar_description = shell.header_description = STR("");
	shell.attribution_count = 0;
	shell.field_count = shell.identity_count = shell.emoji_count = shell.tag_count =
		shell.topic_count = shell.searchable_count = 0;
	shell.featured = shell.featured_tags = STR("");
	shell.featured_ms = 0;
	return account_put(s->txn, s->ctx->arena, &shell) ? act_end(s, RC_OK)
							  : act_end(s, RC_NOT_FOUND);
}
