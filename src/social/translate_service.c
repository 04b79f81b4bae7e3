/*
 * What LibreTranslate and its like are asked and say
 * (https://docs.libretranslate.com/api/operations/translate, .../languages). Pure.
 */
#include "translate_int.h"
#include "json/jr.h"
#include "json/jw.h"

#define LANGUAGES_MAX 400
#define LANGUAGES_ARENA ((size_t)2 << 20)

/* --- languages --- */

/* Their codes come back to it in questions: only what looks like one is taken. */
static struct str code_of(struct arena *arena, struct jr value)
{
	struct str code = jr_str(value);
	return text_language_valid(code) ? arena_str(arena, code) : STR_NONE;
}

static bool read_pair(struct arena *arena, struct jr row, struct translation_pair *out)
{
	struct jr targets = jr_get(row, "targets");
	size_t count = jr_count(targets);
	*out = (struct translation_pair){ .source = code_of(arena, jr_get(row, "code")) };
	if (out->source.len == 0 || count > LANGUAGES_MAX)
		return false;
	out->targets = ARENA_ARRAY(arena, count, struct str);
	for (size_t i = 0; out->targets != NULL && i < count; i++) {
		struct str target = code_of(arena, jr_at(targets, i));
		if (target.len != 0 && !str_eq(target, out->source))
			out->targets[out->target_count++] = target;
	}
	return true;
}

static enum rc read_rows(struct jr root, struct languages *out)
{
	size_t count = jr_count(root);
	if (count == 0 || count > LANGUAGES_MAX)
		return RC_INVALID;
	out->pairs = ARENA_ARRAY(out->arena, count, struct translation_pair);
	for (size_t i = 0; out->pairs != NULL && i < count; i++)
		out->count += read_pair(out->arena, jr_at(root, i), &out->pairs[out->count]);
	if (arena_failed(out->arena))
		return RC_NO_MEMORY;
	return out->count != 0 ? RC_OK : RC_INVALID;
}

enum rc service_read_languages(struct str body, struct languages *out)
{
	struct jr_doc *doc = NULL;
	*out = (struct languages){ .arena = arena_new(LANGUAGES_ARENA) };
	struct ctx ctx = { .arena = out->arena };
	if (out->arena == NULL)
		return RC_NO_MEMORY;
	enum rc rc = jr_parse(&ctx, body, &jr_limits_peer, &doc);
	if (rc == RC_OK)
		rc = read_rows(jr_root(doc), out);
	jr_free(&doc);
	if (rc != RC_OK)
		arena_free(&out->arena);
	return rc;
}

static struct str find_exact(const struct languages *l, struct str tag)
{
	for (size_t i = 0; i < l->count; i++) {
		if (str_eq_nocase(l->pairs[i].source, tag))
			return l->pairs[i].source;
	}
	return STR_NONE;
}

static struct str primary(struct str tag)
{
	return str_take(tag, str_index(tag, '-'));
}

/* Which script a country writes in is not in its name; older services have one letter for it. */
static struct str find_chinese(const struct languages *l, struct str tag)
{
	static const struct {
		struct str tag, code;
	} rows[] = {
		{ STR_INIT("zh-TW"), STR_INIT("zh-Hant") },
		{ STR_INIT("zh-TW"), STR_INIT("zt") },
		{ STR_INIT("zh-HK"), STR_INIT("zh-Hant") },
		{ STR_INIT("zh-HK"), STR_INIT("zt") },
		{ STR_INIT("zh-Hant"), STR_INIT("zt") },
		{ STR_INIT("zh-CN"), STR_INIT("zh-Hans") },
	};
	struct str found = STR_NONE;
	for (size_t i = 0; i < ARRAY_LEN(rows) && found.len == 0; i++) {
		if (str_eq_nocase(rows[i].tag, tag))
			found = find_exact(l, rows[i].code);
	}
	return found;
}

struct str service_language(const struct languages *l, struct str tag)
{
	struct str found = find_exact(l, tag);
	if (found.len == 0)
		found = find_chinese(l, tag);
	if (found.len == 0)
		found = find_exact(l, primary(tag));
	for (size_t i = 0; i < l->count && found.len == 0 && tag.len != 0; i++) {
		if (str_eq_nocase(primary(l->pairs[i].source), primary(tag)))
			found = l->pairs[i].source;
	}
	return found;
}

static bool pair_has(const struct translation_pair *pair, struct str target)
{
	for (size_t i = 0; i < pair->target_count; i++) {
		if (str_eq(pair->targets[i], target))
			return true;
	}
	return false;
}

bool service_translates(const struct languages *l, struct str source, struct str target)
{
	for (size_t i = 0; i < l->count; i++) {
		bool from = str_eq(source, STR("auto")) || str_eq(source, l->pairs[i].source);
		if (from && pair_has(&l->pairs[i], target))
			return true;
	}
	return false;
}

/* --- translations --- */

void service_add_question(struct buf *out, const struct service_question *question)
{
	struct jw w;
	jw_init(&w, out);
	jw_object(&w);
	jw_name(&w, "q");
	jw_array(&w);
	for (size_t i = 0; i < question->count; i++)
		jw_str(&w, question->texts[i]);
	jw_end(&w);
	jw_member_str(&w, "source", question->source);
	jw_member_str(&w, "target", question->target);
	jw_member_str(&w, "format", STR("html"));
	jw_member_opt(&w, "api_key", question->key);
	jw_end(&w);
	jw_done(&w);
}

/* Many texts have many languages; the first is the post's own. */
static struct str language_found(struct arena *arena, struct jr root)
{
	return code_of(arena, jr_get(jr_one_at(jr_get(root, "detectedLanguage"), 0), "language"));
}

enum rc service_read_answer(struct ctx *ctx, struct str body, size_t count, struct str *texts,
			    struct str *source)
{
	struct jr_doc *doc = NULL;
	enum rc rc = jr_parse(ctx, body, &jr_limits_peer, &doc);
	if (rc != RC_OK)
		return rc;
	struct jr list = jr_get(jr_root(doc), "translatedText");
	if (jr_type(list) != JR_ARRAY || jr_count(list) != count)
		rc = ctx_fail(ctx, RC_INVALID, "the answer has not as many texts as the question");
	for (size_t i = 0; rc == RC_OK && i < count; i++) {
		texts[i] = arena_str(ctx->arena, jr_str(jr_at(list, i)));
		if (texts[i].ptr == NULL)
			rc = ctx_fail(ctx, RC_INVALID, "the answer has something else than texts");
	}
	*source = language_found(ctx->arena, jr_root(doc));
	jr_free(&doc);
	return rc;
}
