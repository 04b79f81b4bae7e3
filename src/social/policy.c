/* What an author allows others to do with a post. Reads relations only. */
#include "act_int.h"
#include "core/must.h"
#include "interact_int.h"
#include "store/graph.h"

static const char *const who_names[] = {
	[POLICY_PUBLIC] = "public",
	[POLICY_FOLLOWERS] = "followers",
	[POLICY_ASK] = "ask",
	[POLICY_NOBODY] = "nobody",
};

bool policy_who_parse(struct str name, enum policy_who *out)
{
	for (size_t i = 0; i < ARRAY_LEN(who_names); i++) {
		if (str_eq(name, str_of(who_names[i]))) {
			*out = (enum policy_who)i;
			return true;
		}
	}
	return false;
}

enum rc policy_set(struct arena *arena, struct policy *policy, enum interaction_kind kind,
		   enum policy_who who, const struct account *author)
{
	struct policy_entry *entries = ARENA_ARRAY(arena, policy->count + 1, struct policy_entry);
	if (entries == NULL)
		return RC_NO_MEMORY;
	must(policy->count < INTERACTION_KINDS);
	for (unsigned i = 0; i < policy->count; i++)
		entries[i] = policy->entries[i];
	policy->given |= interaction_bit(kind);
	policy->entries = entries;
	if (who != POLICY_NOBODY)
		entries[policy->count++] = (struct policy_entry){
			.kind = kind,
			.manual = who == POLICY_ASK,
			.uri = who == POLICY_FOLLOWERS ? author->followers : STR(""),
		};
	return RC_OK;
}

/* All but what it says of kind. */
static enum rc policy_without(struct arena *arena, const struct policy *from,
			      enum interaction_kind kind, struct policy *to)
{
	*to = (struct policy){ .given = from->given & ~interaction_bit(kind),
			       .entries = ARENA_ARRAY(arena, from->count, struct policy_entry) };
	if (to->entries == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < from->count; i++) {
		if (from->entries[i].kind != kind)
			to->entries[to->count++] = from->entries[i];
	}
	return RC_OK;
}

bool policy_eq(const struct policy *a, const struct policy *b)
{
	if (a->given != b->given || a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		const struct policy_entry *x = &a->entries[i], *y = &b->entries[i];
		if (x->kind != y->kind || x->manual != y->manual || !str_eq(x->uri, y->uri))
			return false;
	}
	return true;
}

enum rc act_policy(struct social *s, const struct account *actor, uint64_t status,
		   enum interaction_kind kind, enum policy_who who)
{
	struct status post;
	struct account author;
	struct policy next;
	enum rc rc = act_load(s, status, &post, &author);
	if (rc != RC_OK)
		return rc;
	if (author.id != actor->id || !account_is_local(actor) || (post.flags & STATUS_BOOST) != 0)
		return RC_DENIED;
	rc = policy_without(s->ctx->arena, &post.policy, kind, &next);
	if (rc == RC_OK)
		rc = policy_set(s->ctx->arena, &next, kind, who, actor);
	if (rc != RC_OK)
		return rc;
	post.policy = next;
	if (!status_edit(s->txn, &post))
		return act_end(s, RC_NOT_FOUND);
	act_tell_change(s, actor, &post);
	return act_end(s, RC_OK);
}

/* Somebody whom a post names; who is merely addressed is not. */
static bool is_mentioned(const struct status *status, uint64_t account)
{
	for (unsigned i = 0; i < status->mention_count; i++) {
		if (status->mentions[i].account == account && status->mentions[i].handle.len != 0)
			return true;
	}
	return false;
}

/*
 * Who needs no consent, whatever the policy says: one's own post; a reply by whom the post names or
 * answers (GoToSocial, "Implicit assumptions"); a quote by whom it names (FEP-044f, "Verifying
 * third-party quote posts").
 */
static bool is_implied(const struct status *status, const struct account *author,
		       const struct account *actor, enum interaction_kind kind)
{
	if (actor->id == author->id)
		return true;
	if (kind != INTERACTION_REPLY && kind != INTERACTION_QUOTE)
		return false;
	return is_mentioned(status, actor->id) ||
	       (kind == INTERACTION_REPLY && status->parent_account == actor->id);
}

static bool is_given(const struct status *status, enum interaction_kind kind)
{
	return (status->policy.given & interaction_bit(kind)) != 0;
}

/* How narrowly a line fits the actor: by name, by a collection, or as anybody; 0 when it does not.
 * The narrowest line decides (GoToSocial, "Conflicting / Duplicate Values"). */
enum fit {
	FIT_NOT,
	FIT_ANYBODY,
	FIT_COLLECTION,
	FIT_NAME,
};

static enum fit entry_fit(struct db_txn *txn, const struct policy_entry *e,
			  const struct account *author, const struct account *actor)
{
	if (e->uri.len == 0)
		return FIT_ANYBODY;
	if (str_eq(e->uri, actor->uri))
		return FIT_NAME;
	if (str_eq(e->uri, author->followers) && follow_accepted(txn, actor->id, author->id))
		return FIT_COLLECTION;
	if (str_eq(e->uri, author->following) && follow_accepted(txn, author->id, actor->id))
		return FIT_COLLECTION;
	return FIT_NOT;
}

static enum allowance by_entries(struct db_txn *txn, const struct status *status,
				 const struct account *author, const struct account *actor,
				 enum interaction_kind kind)
{
	enum fit best = FIT_NOT;
	enum allowance allowance = ALLOWED_NOT;
	for (unsigned i = 0; i < status->policy.count; i++) {
		const struct policy_entry *e = &status->policy.entries[i];
		if (e->kind != kind)
			continue;
		enum fit fit = entry_fit(txn, e, author, actor);
		enum allowance says = e->manual ? ALLOWED_ASKING : ALLOWED;
		if (fit > best || (fit == best && fit != FIT_NOT && says > allowance)) {
			best = fit;
			allowance = says;
		}
	}
	return allowance;
}

static bool is_for_all(const struct status *status)
{
	return status->visibility == VISIBILITY_PUBLIC || status->visibility == VISIBILITY_UNLISTED;
}

/* A quote shows a post to the quote's readers: what is not for everybody is quoted by its author
 * alone. */
static bool is_quotable(const struct status *status, const struct account *author,
			const struct account *actor)
{
	if (actor->id == author->id)
		return status->visibility != VISIBILITY_DIRECT;
	return is_for_all(status) ||
	       (status->visibility == VISIBILITY_LOCAL && account_is_local(actor));
}

enum allowance policy_allows(struct db_txn *txn, const struct status *status,
			     const struct account *author, const struct account *actor,
			     enum interaction_kind kind)
{
	if (kind == INTERACTION_QUOTE && !is_quotable(status, author, actor))
		return ALLOWED_NOT;
	if (is_implied(status, author, actor, kind))
		return ALLOWED;
	if (is_given(status, kind))
		return by_entries(txn, status, author, actor, kind);
	/* a server that tells no policy of quotes can still be asked */
	if (kind == INTERACTION_QUOTE && !account_is_local(author))
		return ALLOWED_ASKING;
	return ALLOWED;
}

bool policy_is_open(const struct status *status, const struct account *author,
		    const struct account *actor, enum interaction_kind kind)
{
	if (is_implied(status, author, actor, kind))
		return true;
	if (!is_given(status, kind))
		return kind != INTERACTION_QUOTE;
	bool open = false, named = false;
	for (unsigned i = 0; i < status->policy.count; i++) {
		const struct policy_entry *e = &status->policy.entries[i];
		if (e->kind != kind || (e->uri.len != 0 && !str_eq(e->uri, actor->uri)))
			continue;
		if (e->uri.len != 0 && !e->manual)
			return true;
		open = open || (e->uri.len == 0 && !e->manual);
		named = named || e->uri.len != 0;
	}
	return open && !named;
}

/* --- as it is told --- */

struct telling {
	struct policy_entry *out;
	unsigned count, max;
};

static void tell(struct telling *t, enum interaction_kind kind, bool manual, struct str uri)
{
	if (t->count < t->max)
		t->out[t->count++] = (struct policy_entry){ kind, manual, uri };
}

static void tell_kind(struct telling *t, const struct status *s, const struct account *author,
		      enum interaction_kind kind)
{
	const bool spreads = kind == INTERACTION_QUOTE || kind == INTERACTION_BOOST;
	bool anybody = !is_given(s, kind) && is_for_all(s);
	/* who sees a letter may answer it: nothing needs to be said */
	if (!is_given(s, kind) && !spreads && !is_for_all(s))
		return;
	if (anybody)
		tell(t, kind, false, STR(""));
	for (unsigned i = 0; i < s->policy.count; i++) {
		const struct policy_entry *e = &s->policy.entries[i];
		if (e->kind != kind || (spreads && !is_for_all(s)))
			continue;
		tell(t, kind, e->manual, e->uri);
		anybody = anybody || (e->uri.len == 0 && !e->manual);
	}
	if (anybody)
		return;
	/* FEP-044f: an empty list would say nothing at all */
	tell(t, kind, false, author->uri);
	for (unsigned i = 0; i < s->mention_count && kind == INTERACTION_REPLY; i++) {
		if (s->mentions[i].handle.len != 0)
			tell(t, kind, false, s->mentions[i].uri);
	}
}

unsigned policy_told(const struct status *status, const struct account *author,
		     struct policy_entry *out, unsigned count)
{
	struct telling t = { .out = out, .max = count };
	for (unsigned k = 1; k <= INTERACTION_KINDS; k++)
		tell_kind(&t, status, author, (enum interaction_kind)k);
	return t.count;
}
