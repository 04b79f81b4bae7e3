/*
 * What all pages read: statuses in batches, each account once, and only what everybody may see.
 * One short read transaction on the thread that asks.
 */
#include "core/must.h"
#include "core/utf8.h"
#include "social/community.h"
#include "store/joint_copy.h"
#include "store/team.h"
#include "web_int.h"

#define SUMMARY_CHARS 200

enum rc reading_begin(struct reading *r, const struct web *web, struct arena *arena)
{
	*r = (struct reading){ .arena = arena };
	r->people = ARENA_ARRAY(arena, PEOPLE_MAX, const struct account *);
	if (r->people == NULL)
		return RC_NO_MEMORY;
	return db_read_begin(web->db, &r->txn);
}

enum rc reading_end(struct reading *r, enum rc rc)
{
	enum rc failed = db_txn_rc(r->txn);
	db_read_end(&r->txn);
	if (failed != RC_OK)
		return failed;
	return arena_failed(r->arena) ? RC_NO_MEMORY : rc;
}

bool reading_is_spent(const struct reading *r)
{
	return arena_used(r->arena) > READ_BUDGET || db_txn_rc(r->txn) != RC_OK ||
	       arena_failed(r->arena);
}

const struct account *reading_person(struct reading *r, uint64_t id)
{
	for (size_t i = 0; i < r->people_count; i++) {
		if (r->people[i]->id == id)
			return r->people[i];
	}
	if (r->people_count == PEOPLE_MAX)
		return NULL;
	struct account *a = ARENA_NEW(r->arena, struct account);
	if (a == NULL || !account_get(r->txn, r->arena, id, a))
		return NULL;
	r->people[r->people_count++] = a;
	return a;
}

bool reading_local(struct reading *r, struct str name, struct account *out)
{
	return account_find_handle(r->txn, r->arena, name, STR(""), out) &&
	       (out->flags & ACCOUNT_INSTANCE) == 0 && may_see_account(r->txn, VIEWER_ANYBODY, out);
}

static bool is_boost(const struct status *s)
{
	return (s->flags & STATUS_BOOST) != 0;
}

/* Fills *out from a row and, for a boost, from what it boosts. False when it is not for everybody. */
static bool make_post(struct reading *r, const struct status *row, const struct status *original,
		      struct post *out)
{
	const struct account *who = row->id != 0 ? reading_person(r, row->account) : NULL;
	*out = (struct post){ .id = row->id, .status = row, .author = who };
	if (who == NULL)
		return false;
	if (!is_boost(row))
		return may_see(r->txn, VIEWER_ANYBODY, row, who);
	out->status = original;
	out->booster = who;
	out->author = original->id != 0 ? reading_person(r, original->account) : NULL;
	return out->author != NULL && !is_boost(original) &&
	       may_see_boost(r->txn, VIEWER_ANYBODY, row, who, original, out->author);
}

/* Where it is posted, unless nobody else is to know. */
static void add_community(struct reading *r, struct post *post)
{
	uint64_t id = post->status->community;
	if (id != 0 && may_see_community(r->txn, r->arena, VIEWER_ANYBODY, id))
		post->community = reading_person(r, id);
	struct joint_copy copy;
	if ((post->status->flags & STATUS_LOCAL) == 0 &&
	    joint_copy_get(r->txn, post->status->id, &copy))
		post->attested_by = reading_person(r, copy.partner);
}

/* The parent is named only where everybody may see it. */
static void add_parent(struct reading *r, const struct status *parent, struct post *post)
{
	const struct account *author = parent->id != 0 ? reading_person(r, parent->account) : NULL;
	if (author == NULL || !may_see(r->txn, VIEWER_ANYBODY, parent, author))
		return;
	post->parent = parent;
	post->parent_author = author;
}

static void add_reactions(struct reading *r, struct post *post)
{
	struct reaction_count kinds[REACTION_KINDS_MAX];
	size_t n = reaction_counts(r->txn, r->arena, post->status->id, kinds);
	post->reactions = ARENA_ARRAY(r->arena, n, struct reaction_count);
	for (size_t i = 0; post->reactions != NULL && i < n; i++)
		post->reactions[post->reaction_count++] = kinds[i];
}

static const struct poll *read_poll(struct reading *r, const struct status *s)
{
	if (!s->has_poll)
		return NULL;
	struct poll *poll = ARENA_NEW(r->arena, struct poll);
	return poll != NULL && poll_get(r->txn, r->arena, s->id, poll) ? poll : NULL;
}

/* Who wrote a team's post, where the team tells everybody. */
static const struct account *read_writer(struct reading *r, const struct post *post)
{
	struct byline byline;
	struct team team;
	if ((post->author->flags & ACCOUNT_TEAM) == 0 ||
	    !byline_get(r->txn, post->status->id, &byline) || byline.writer == 0 ||
	    !team_get(r->txn, post->author->id, &team) || team.credit == TEAM_CREDIT_MEMBERS)
		return NULL;
	const struct account *writer = reading_person(r, byline.writer);
	return writer != NULL && !account_is_gone(writer) ? writer : NULL;
}

size_t reading_posts(struct reading *r, const uint64_t *ids, size_t count, struct post *out)
{
	struct status *rows = ARENA_ARRAY(r->arena, count, struct status);
	struct status *originals = ARENA_ARRAY(r->arena, count, struct status);
	struct status *parents = ARENA_ARRAY(r->arena, count, struct status);
	uint64_t others[POSTS_CHUNK];
	size_t n = 0;
	must(count <= POSTS_CHUNK);
	if (parents == NULL || !status_get_many(r->txn, r->arena, ids, count, rows))
		return 0;
	for (size_t i = 0; i < count; i++)
		others[i] = rows[i].boost_of;
	if (!status_get_many(r->txn, r->arena, others, count, originals))
		return 0;
	for (size_t i = 0; i < count; i++) {
		if (make_post(r, &rows[i], &originals[i], &out[n]))
			n++;
	}
	for (size_t i = 0; i < n; i++)
		others[i] = out[i].status->parent;
	if (!status_get_many(r->txn, r->arena, others, n, parents))
		return 0;
	for (size_t i = 0; i < n; i++) {
		add_parent(r, &parents[i], &out[i]);
		add_community(r, &out[i]);
		out[i].counts = status_counts(r->txn, out[i].status->id);
		out[i].hints = hint_get(r->txn, out[i].status->id);
		add_reactions(r, &out[i]);
		out[i].poll = read_poll(r, out[i].status);
		out[i].writer = read_writer(r, &out[i]);
	}
	reading_quotes(r, out, n);
	return n;
}

struct str summary_of(struct ctx *ctx, struct html html)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(HTML_OUTPUT_MAX);
	struct ctx scratch = { .arena = ctx->arena };
	struct str text;
	if (html_to_text(&scratch, html, &text) != RC_OK)
		return STR("");
	text = str_trim(text);
	struct str head = utf8_take(text, SUMMARY_CHARS, HTML_OUTPUT_MAX / 2);
	for (size_t i = 0; i < head.len; i++) {
		bool space = head.ptr[i] == ' ' || head.ptr[i] == '\n' || head.ptr[i] == '\t';
		if (!space)
			buf_add_chr(&line, head.ptr[i]);
		else if (line.len != 0 && line.ptr[line.len - 1] != ' ')
			buf_add_chr(&line, ' ');
	}
	if (head.len < text.len)
		buf_add(&line, STR("\xe2\x80\xa6"));
	return arena_take_buf(ctx->arena, &line);
}
