/* Communities in words. Pure, but for the look-up of a role. */
#include "social/community_words.h"

#include "core/buf.h"
#include "core/enc.h"
#include "core/random.h"
#include "social/attribute.h"

#define DAYS_MAX 36500
#define SLOW_MAX_S (30U * 86400)

/* What nobody gives themselves is the parent's: a setting that is said to be empty. */
static bool is_inherited(struct community *c, struct str word, enum community_given bit)
{
	if (word.len != 0) {
		c->given |= (unsigned)bit;
		return false;
	}
	c->given &= ~(unsigned)bit;
	return true;
}

static enum rc apply_join(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	if (w->join.ptr == NULL || is_inherited(c, w->join, COMMUNITY_GIVES_JOIN) ||
	    community_join_parse(w->join, &c->join))
		return RC_OK;
	return ctx_fail(ctx, RC_INVALID, "one joins: open, request, invitation or attribute");
}

static enum rc apply_sight(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	if (w->sight.ptr == NULL || is_inherited(c, w->sight, COMMUNITY_GIVES_SIGHT) ||
	    community_sight_parse(w->sight, &c->sight))
		return RC_OK;
	return ctx_fail(ctx, RC_INVALID, "who sees it: public, unlisted, local or members");
}

static enum rc apply_posting(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	if (w->posting.ptr == NULL || is_inherited(c, w->posting, COMMUNITY_GIVES_POSTING) ||
	    community_posting_parse(w->posting, &c->posting))
		return RC_OK;
	return ctx_fail(ctx, RC_INVALID, "who posts: anybody, members or appointed");
}

static bool yes_or_no(struct str word, bool *out)
{
	*out = str_eq(word, STR("yes")) || str_eq(word, STR("true")) || str_eq(word, STR("1"));
	return *out || str_eq(word, STR("no")) || str_eq(word, STR("false")) ||
	       str_eq(word, STR("0"));
}

static enum rc apply_premoderation(struct ctx *ctx, const struct community_words *w,
				   struct community *c)
{
	if (w->premoderated.ptr == NULL ||
	    is_inherited(c, w->premoderated, COMMUNITY_GIVES_PREMODERATION) ||
	    yes_or_no(w->premoderated, &c->premoderated))
		return RC_OK;
	return ctx_fail(ctx, RC_INVALID, "whether posts wait for a moderator: yes or no");
}

static enum rc apply_numbers(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	uint64_t n;
	if (w->slow.ptr != NULL && !is_inherited(c, w->slow, COMMUNITY_GIVES_SLOW)) {
		if (!str_to_u64(w->slow, &n) || n > SLOW_MAX_S)
			return ctx_fail(
				ctx, RC_INVALID,
				"the time between two posts is a number of seconds, at most %u",
				SLOW_MAX_S);
		c->slow_s = (uint32_t)n;
	}
	if (w->retention.ptr != NULL && !is_inherited(c, w->retention, COMMUNITY_GIVES_RETENTION)) {
		if (!str_to_u64(w->retention, &n) || n > DAYS_MAX)
			return ctx_fail(ctx, RC_INVALID,
					"how long threads are kept is a number of days, at most %d",
					DAYS_MAX);
		c->retention_days = (uint32_t)n;
	}
	return RC_OK;
}

/* --- lists --- */

static enum rc copy_list(struct ctx *ctx, const struct community_list_words *from, size_t max,
			 const char *what, struct str **out, unsigned *count)
{
	if (from->count > max)
		return ctx_fail(ctx, RC_INVALID, "there are more than %zu %s", max, what);
	*count = 0;
	*out = ARENA_ARRAY(ctx->arena, from->count != 0 ? from->count : 1, struct str);
	if (*out == NULL)
		return RC_NO_MEMORY;
	for (size_t i = 0; i < from->count; i++) {
		struct str one = str_trim(from->list[i]);
		if (one.len != 0)
			(*out)[(*count)++] = one;
	}
	return RC_OK;
}

static void gives_list(struct community *c, unsigned count, enum community_given bit)
{
	c->given = count != 0 ? c->given | (unsigned)bit : c->given & ~(unsigned)bit;
}

static bool is_colour(struct str s)
{
	if (s.len != 7 || s.ptr[0] != '#')
		return false;
	for (size_t i = 1; i < s.len; i++) {
		char ch = s.ptr[i];
		if (!((ch >= '0' && ch <= '9') || (ch >= 'a' && ch <= 'f') ||
		      (ch >= 'A' && ch <= 'F')))
			return false;
	}
	return true;
}

static enum rc apply_flairs(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	struct str *names;
	unsigned count;
	enum rc rc = copy_list(ctx, &w->flairs, COMMUNITY_FLAIRS_MAX, "flairs", &names, &count);
	if (rc != RC_OK)
		return rc;
	c->flairs = ARENA_ARRAY(ctx->arena, count != 0 ? count : 1, struct community_flair);
	if (c->flairs == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		struct str rest = names[i], name;
		struct community_flair *f = &c->flairs[i];
		*f = (struct community_flair){ names[i], STR("") };
		if (rest.len > 8 && rest.ptr[rest.len - 8] == '=' &&
		    is_colour(str_skip(rest, rest.len - 7))) {
			name = str_take(rest, rest.len - 8);
			*f = (struct community_flair){ str_trim(name),
						       str_skip(rest, rest.len - 7) };
		}
	}
	c->flair_count = count;
	gives_list(c, count, COMMUNITY_GIVES_FLAIRS);
	return RC_OK;
}

static enum rc apply_lists(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	enum rc rc = RC_OK;
	if (w->languages.given) {
		rc = copy_list(ctx, &w->languages, COMMUNITY_LANGUAGES_MAX, "languages",
			       &c->languages, &c->language_count);
		gives_list(c, c->language_count, COMMUNITY_GIVES_LANGUAGES);
	}
	if (rc == RC_OK && w->rules.given) {
		rc = copy_list(ctx, &w->rules, COMMUNITY_RULES_MAX, "rules", &c->rules,
			       &c->rule_count);
		gives_list(c, c->rule_count, COMMUNITY_GIVES_RULES);
	}
	if (rc == RC_OK && w->flairs.given)
		rc = apply_flairs(ctx, w, c);
	return rc;
}

/* --- joining by attribute --- */

static enum rc apply_conditions(struct ctx *ctx, const struct community_words *w,
				struct community_terms *t)
{
	struct str *pairs;
	unsigned count;
	enum rc rc = copy_list(ctx, &w->conditions, COMMUNITY_CONDITIONS_MAX, "conditions", &pairs,
			       &count);
	if (rc != RC_OK)
		return rc;
	t->conditions = ARENA_ARRAY(ctx->arena, count + 1, struct community_condition);
	if (t->conditions == NULL)
		return RC_NO_MEMORY;
	for (t->condition_count = 0; t->condition_count < count; t->condition_count++) {
		struct attribute a;
		rc = attribute_read_pair(ctx, pairs[t->condition_count], &a);
		if (rc != RC_OK)
			return rc;
		t->conditions[t->condition_count] = (struct community_condition){ a.name, a.value };
	}
	return RC_OK;
}

/* One of two words; what is not said, or empty, stays. */
static enum rc apply_either(struct ctx *ctx, struct str word, const char *no, const char *yes,
			    const char *what, bool *out)
{
	if (word.len == 0)
		return RC_OK;
	if (!str_eq(word, str_of(no)) && !str_eq(word, str_of(yes)))
		return ctx_fail(ctx, RC_INVALID, "%s: %s or %s", what, no, yes);
	*out = str_eq(word, str_of(yes));
	return RC_OK;
}

static enum rc apply_terms(struct ctx *ctx, const struct community_words *w, struct community *c,
			   bool new)
{
	struct community_terms *t = &c->terms;
	uint64_t days;
	if (new)
		*t = (struct community_terms){ .grace_days = COMMUNITY_GRACE_DEFAULT_DAYS };
	enum rc rc = w->conditions.given ? apply_conditions(ctx, w, t) : RC_OK;
	if (rc == RC_OK)
		rc = apply_either(ctx, w->match, "any", "all", "how many conditions count",
				  &t->all);
	if (rc == RC_OK)
		rc = apply_either(ctx, w->others, "no", "request", "whether others may ask to join",
				  &t->others_ask);
	if (rc != RC_OK)
		return rc;
	if (w->grace.len != 0) {
		if (!str_to_u64(w->grace, &days) || days > COMMUNITY_GRACE_MAX_DAYS)
			return ctx_fail(ctx, RC_INVALID,
					"the time of grace is a number of days, at most %d",
					COMMUNITY_GRACE_MAX_DAYS);
		t->grace_days = (uint32_t)days;
	}
	if (t->condition_count == 0)
		return ctx_fail(ctx, RC_INVALID, "joining by attribute needs a condition");
	return RC_OK;
}

static bool is_by_attribute(const struct community *c)
{
	return (c->given & COMMUNITY_GIVES_JOIN) != 0 && c->join == COMMUNITY_JOIN_BY_ATTRIBUTE;
}

enum rc community_words_apply(struct ctx *ctx, const struct community_words *w,
			      struct community *settings)
{
	struct community next = *settings;
	if (w->kind.ptr != NULL && !is_inherited(&next, str_trim(w->kind), COMMUNITY_GIVES_KIND))
		next.kind = str_trim(w->kind);
	enum rc rc = apply_join(ctx, w, &next);
	if (rc == RC_OK)
		rc = apply_sight(ctx, w, &next);
	if (rc == RC_OK)
		rc = apply_posting(ctx, w, &next);
	if (rc == RC_OK)
		rc = apply_premoderation(ctx, w, &next);
	if (rc == RC_OK)
		rc = apply_numbers(ctx, w, &next);
	if (rc == RC_OK)
		rc = apply_lists(ctx, w, &next);
	if (rc == RC_OK && is_by_attribute(&next))
		rc = apply_terms(ctx, w, &next, !is_by_attribute(settings));
	if (rc == RC_OK)
		*settings = next;
	return rc;
}

/* --- roles, links --- */

bool community_role_named(struct db_txn *txn, struct arena *arena, uint64_t community,
			  struct str word, struct community_role *out)
{
	struct community_role *roles =
		ARENA_ARRAY(arena, COMMUNITY_ROLES_MAX, struct community_role);
	uint64_t id = 0;
	if (roles == NULL || word.len == 0)
		return false;
	if (!str_to_u64(word, &id))
		id = 0;
	size_t n = community_roles(txn, arena, community, roles);
	for (size_t i = 0; i < n; i++) {
		if (roles[i].id != id && !str_eq_nocase(roles[i].name, word))
			continue;
		*out = roles[i];
		return true;
	}
	return false;
}

struct str community_secret_make(struct arena *arena)
{
	unsigned char bytes[COMMUNITY_SECRET_BYTES];
	struct buf text CLEANUP(buf_free) = BUF_INIT(64);
	random_bytes(bytes, sizeof(bytes));
	enc_base64url(&text, str_n((const char *)bytes, sizeof(bytes)));
	return arena_str(arena, buf_str(&text));
}

struct str community_invite_url(struct arena *arena, struct str base, struct str secret)
{
	return arena_printf(arena, "%.*s/communities/join?code=%.*s", STR_ARG(base),
			    STR_ARG(secret));
}
