/*
 * What a moderator elsewhere makes a community of this node say of itself: Lemmy's Update with the whole
 * Group in it. Of that only counts what is for moderators to say; the community passes it on as it came
 * (FEP-1b12) where nothing else in it is another than it is.
 */
#include "community_fed_int.h"
#include "core/utf8.h"
#include "crypt/key.h"
#include "social/community_profile.h"
#include "store/graph.h"
#include "text/html.h"

#define NAME_CHARS 200
#define TEXT_CHARS 2000
#define PEM_MAX 4096

struct community_update {
	struct str name;       /* absent: it says nothing of it */
	struct str text;       /* as it was typed */
	struct str *languages; /* NULL: likewise */
	unsigned language_count;
	bool says_posting, restricted;
	bool passes;
};

/* --- reading --- */

static struct str text_take(struct str text, size_t chars)
{
	return text.ptr != NULL && utf8_valid(text) ? utf8_take(text, chars, chars * 4) : STR_NONE;
}

/* Rules stand behind what a community says (build_community.c), and come back with it. */
static struct str without_rules(struct str text, const struct community *c)
{
	text = str_trim(text);
	for (unsigned i = c->rule_count; i-- > 0;) {
		struct str rule = c->rules[i];
		if (rule.len == 0 || text.len < rule.len ||
		    !str_eq(str_skip(text, text.len - rule.len), rule))
			break;
		size_t end = text.len - rule.len;
		while (end > 0 && text.ptr[end - 1] != '\n')
			end--;
		/* no more than the number or the dot of a list before it */
		if (text.len - rule.len - end > 5)
			break;
		text = str_trim(str_take(text, end));
	}
	return text;
}

static struct str text_read(struct incoming *in, struct jr group, const struct community *c)
{
	struct ctx quiet = { .arena = in->ctx->arena };
	struct jr source = jr_get(group, "source");
	struct str typed = jr_str(jr_get(source, "content")), markup, text;
	struct html html;
	if (typed.ptr != NULL)
		return without_rules(text_take(typed, TEXT_CHARS), c);
	markup = jr_str(jr_get(group, "summary"));
	if (markup.ptr == NULL || html_sanitize(&quiet, markup, &html) != RC_OK ||
	    html_to_text(&quiet, html, &text) != RC_OK)
		return STR_NONE;
	return without_rules(text_take(text, TEXT_CHARS), c);
}

static void languages_read(struct incoming *in, struct jr group, struct community_update *u)
{
	struct jr list = jr_get(group, "language");
	if (jr_type(list) == JR_ABSENT)
		return;
	u->languages = ARENA_ARRAY(in->ctx->arena, COMMUNITY_LANGUAGES_MAX, struct str);
	for (size_t i = 0; u->languages != NULL && u->language_count < COMMUNITY_LANGUAGES_MAX;
	     i++) {
		struct jr one = jr_one_at(list, i);
		if (jr_type(one) == JR_ABSENT)
			break;
		struct str tag = jr_str(jr_get(one, "identifier"));
		if (text_language_valid(tag))
			u->languages[u->language_count++] = tag;
	}
}

/* --- is everything else as it is? --- */

static bool same_or_unsaid(struct str said, struct str is)
{
	return said.len == 0 || str_eq(said, is);
}

static bool is_own_key(const struct account_secrets *secrets, const struct ap_key *key)
{
	for (unsigned i = 0; i < secrets->key_count; i++) {
		struct buf pem CLEANUP(buf_free) = BUF_INIT(PEM_MAX);
		struct buf multibase CLEANUP(buf_free) = BUF_INIT(PEM_MAX);
		struct str der = secrets->keys[i].public_der;
		if (key->pem.len != 0 && secrets->keys[i].kind != KEY_ED25519 &&
		    key_pem_of_public(der, &pem) == RC_OK &&
		    str_eq(str_trim(key->pem), str_trim(buf_str(&pem))))
			return true;
		if (key->pem.len == 0 && key_multibase_of_public(der, &multibase) == RC_OK &&
		    str_eq(key->multibase, buf_str(&multibase)))
			return true;
	}
	return false;
}

static bool is_otherwise_same(struct incoming *in, struct db_txn *txn, struct jr object,
			      const struct account *group)
{
	struct ctx quiet = { .arena = in->ctx->arena };
	struct ap_reader reader = { &quiet, in->fed->site->iri_flags };
	struct ap_actor *actor = ARENA_NEW(in->ctx->arena, struct ap_actor);
	struct account_secrets secrets;
	struct str moderators = site_actor_part(in->ctx->arena, in->fed->site, group->username,
						COMMUNITY_MODERATORS);
	struct str featured =
		site_actor_part(in->ctx->arena, in->fed->site, group->username, COMMUNITY_FEATURED);
	if (actor == NULL || ap_actor_decode(&reader, object, actor) != RC_OK ||
	    !account_secrets_get(txn, in->ctx->arena, group->id, &secrets))
		return false;
	for (unsigned i = 0; i < actor->key_count; i++) {
		if (!is_own_key(&secrets, &actor->keys[i]))
			return false;
	}
	return str_eq(actor->id, group->uri) && str_eq(actor->type, STR("Group")) &&
	       str_eq(actor->username, group->username) && str_eq(actor->inbox, group->inbox) &&
	       same_or_unsaid(actor->shared_inbox, group->shared_inbox) &&
	       same_or_unsaid(actor->outbox, group->outbox) &&
	       same_or_unsaid(actor->followers, group->followers) &&
	       same_or_unsaid(actor->following, group->following) &&
	       same_or_unsaid(actor->moderators, moderators) &&
	       same_or_unsaid(actor->featured, featured) && actor->moved_to.len == 0 &&
	       actor->alias_count == 0 && actor->identity_count == 0;
}

bool community_update_read(struct incoming *in, struct db_txn *txn, struct moderating *m)
{
	struct jr object = jr_one_at(in->activity.object, 0), restricted;
	struct community c;
	struct account group;
	uint64_t id = in->activity.object_id.ptr != NULL
			      ? account_id_of_uri(txn, in->activity.object_id)
			      : 0;
	if (id == 0 || !community_effective(txn, in->ctx->arena, id, &c) ||
	    !account_get(txn, in->ctx->arena, id, &group))
		return false;
	m->community = id;
	m->update = ARENA_NEW(in->ctx->arena, struct community_update);
	if (m->update == NULL)
		return false;
	*m->update = (struct community_update){
		.name = text_take(jr_str(jr_get(object, "name")), NAME_CHARS),
		.text = text_read(in, object, &c),
		.passes = is_otherwise_same(in, txn, object, &group),
	};
	languages_read(in, object, m->update);
	restricted = jr_get(object, "postingRestrictedToMods");
	m->update->says_posting = jr_type(restricted) == JR_BOOL;
	m->update->restricted = jr_bool(restricted, false);
	return true;
}

bool community_update_passes(const struct community_update *u)
{
	return u->passes;
}

/* --- doing --- */

enum rc community_update_do(struct social *s, const struct account *actor, uint64_t community,
			    const struct community_update *u)
{
	struct community c, now;
	struct community_profile profile;
	if (!community_get(s->txn, s->ctx->arena, community, &c) ||
	    !community_effective(s->txn, s->ctx->arena, community, &now))
		return RC_NOT_FOUND;
	if (u->says_posting && u->restricted != (now.posting == COMMUNITY_POST_APPOINTED)) {
		c.posting = u->restricted ? COMMUNITY_POST_APPOINTED : COMMUNITY_POST_MEMBERS;
		c.given |= COMMUNITY_GIVES_POSTING;
	}
	if (u->languages != NULL) {
		c.languages = u->languages;
		c.language_count = u->language_count;
		c.given |= COMMUNITY_GIVES_LANGUAGES;
	}
	enum rc rc = community_profile_make(s->ctx, s->site, u->name, u->text, &profile);
	return rc == RC_OK ? community_change_all(s, actor, &c, &profile) : rc;
}
