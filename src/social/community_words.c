/* Communities in words. Pure, but for the look-up of a role. */
#include "social/community_words.h"

#include "core/buf.h"
#include "core/enc.h"
#include "core/random.h"
#include "crypt/digest.h"
#include "social/attribute.h"
#include "text/html.h"

#define DAYS_MAX 36500
#define TAGS_BYTES ((size_t)128 << 10) /* to compare hashtags in */
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

/* "Question", or "Question=#3366cc". */
static enum rc flair_read(struct ctx *ctx, struct str text, struct community_flair *out)
{
	struct str name = text, colour = STR("");
	size_t at = text.len;
	/* a colour stands behind the last mark */
	while (at > 0 && text.ptr[at - 1] != '=')
		at--;
	if (at != 0) {
		name = str_take(text, at - 1);
		colour = str_skip(text, at);
	}
	*out = (struct community_flair){ .name = str_trim(name), .colour = str_trim(colour) };
	if (at != 0 && !is_colour(out->colour))
		return ctx_fail(ctx, RC_INVALID, "\"%.*s\" is no colour, such as #3366cc",
				STR_ARG(str_take(out->colour, 40)));
	return RC_OK;
}

static bool flair_is_taken(const struct community_flair *list, unsigned count, uint32_t id)
{
	for (unsigned i = 0; i < count; i++) {
		if (list[i].id == id)
			return true;
	}
	return false;
}

/*
 * Threads that are marked with one of that name stay so, wherever it stands in the list, and whether the list is
 * the community's or its parent's: a new id is made of the name. Those of old are small numbers.
 */
static uint32_t flair_id(const struct community *now, struct str name,
			 const struct community_flair *list, unsigned count)
{
	for (unsigned i = 0; i < now->flair_count; i++) {
		if (str_eq(now->flairs[i].name, name))
			return now->flairs[i].id;
	}
	struct digest d = digest_sha256(name);
	uint32_t id = ((uint32_t)d.bytes[0] << 24 | (uint32_t)d.bytes[1] << 16 |
		       (uint32_t)d.bytes[2] << 8 | d.bytes[3]) &
		      INT32_MAX;
	if (id <= COMMUNITY_FLAIRS_MAX)
		id += COMMUNITY_FLAIRS_MAX;
	while (flair_is_taken(list, count, id) || flair_is_taken(now->flairs, now->flair_count, id))
		id++;
	return id;
}

static enum rc apply_flairs(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	struct str *names;
	struct community_flair *list;
	unsigned count;
	enum rc rc = copy_list(ctx, &w->flairs, COMMUNITY_FLAIRS_MAX, "flairs", &names, &count);
	if (rc != RC_OK)
		return rc;
	list = ARENA_ARRAY(ctx->arena, count != 0 ? count : 1, struct community_flair);
	if (list == NULL)
		return RC_NO_MEMORY;
	for (unsigned i = 0; i < count; i++) {
		rc = flair_read(ctx, names[i], &list[i]);
		for (unsigned k = 0; k < i && rc == RC_OK; k++) {
			if (str_eq_nocase(list[k].name, list[i].name))
				rc = ctx_fail(ctx, RC_INVALID, "a flair stands there twice");
		}
		if (rc != RC_OK)
			return rc;
		list[i].id = flair_id(c, list[i].name, list, i);
	}
	c->flairs = list;
	c->flair_count = count;
	gives_list(c, count, COMMUNITY_GIVES_FLAIRS);
	return RC_OK;
}

static enum rc apply_languages(struct ctx *ctx, const struct community_words *w,
			       struct community *c)
{
	enum rc rc = copy_list(ctx, &w->languages, COMMUNITY_LANGUAGES_MAX, "languages",
			       &c->languages, &c->language_count);
	for (unsigned i = 0; i < c->language_count && rc == RC_OK; i++) {
		/* BCP 47 */
		if (!text_language_valid(c->languages[i]))
			rc = ctx_fail(ctx, RC_INVALID, "\"%.*s\" is no language, such as en",
				      STR_ARG(str_take(c->languages[i], 40)));
	}
	gives_list(c, c->language_count, COMMUNITY_GIVES_LANGUAGES);
	return rc;
}

static enum rc tag_read(struct ctx *ctx, struct str typed, const struct str *folds, unsigned count,
			struct str *fold)
{
	struct ctx quiet = { .arena = ctx->arena };
	enum rc rc = text_tag_fold(&quiet, typed, fold);
	if (rc == RC_NO_MEMORY)
		return rc;
	if (rc != RC_OK)
		return ctx_fail(ctx, RC_INVALID, "\"%.*s\" is no hashtag",
				STR_ARG(str_take(typed, 40)));
	for (unsigned i = 0; i < count; i++) {
		if (str_eq(folds[i], *fold))
			return ctx_fail(ctx, RC_INVALID, "a hashtag stands there twice");
	}
	return RC_OK;
}

static enum rc apply_tags(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	struct str folds[COMMUNITY_TAGS_MAX];
	enum rc rc =
		copy_list(ctx, &w->tags, COMMUNITY_TAGS_MAX, "hashtags", &c->tags, &c->tag_count);
	for (unsigned i = 0; i < c->tag_count && rc == RC_OK; i++) {
		if (str_has_prefix(c->tags[i], STR("#")))
			c->tags[i] = str_skip(c->tags[i], 1);
		rc = tag_read(ctx, c->tags[i], folds, i, &folds[i]);
	}
	gives_list(c, c->tag_count, COMMUNITY_GIVES_TAGS);
	return rc;
}

static enum rc apply_lists(struct ctx *ctx, const struct community_words *w, struct community *c)
{
	enum rc rc = RC_OK;
	if (w->languages.given)
		rc = apply_languages(ctx, w, c);
	if (rc == RC_OK && w->rules.given) {
		rc = copy_list(ctx, &w->rules, COMMUNITY_RULES_MAX, "rules", &c->rules,
			       &c->rule_count);
		gives_list(c, c->rule_count, COMMUNITY_GIVES_RULES);
	}
	if (rc == RC_OK && w->flairs.given)
		rc = apply_flairs(ctx, w, c);
	if (rc == RC_OK && w->tags.given)
		rc = apply_tags(ctx, w, c);
	return rc;
}

bool community_has_tag(const struct community *c, struct str tag)
{
	struct arena *arena = c->tag_count != 0 ? arena_new(TAGS_BYTES) : NULL;
	struct ctx ctx = { .arena = arena };
	struct str wanted, one;
	bool found = false;
	if (str_has_prefix(tag, STR("#")))
		tag = str_skip(tag, 1);
	if (arena != NULL && text_tag_fold(&ctx, tag, &wanted) == RC_OK) {
		for (unsigned i = 0; i < c->tag_count && !found; i++)
			found = text_tag_fold(&ctx, c->tags[i], &one) == RC_OK &&
				str_eq(one, wanted);
	}
	arena_free(&arena);
	return found;
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
