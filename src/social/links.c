/* Verified links of profiles. Inside transactions only. */
#include "social/links.h"

#include "act_int.h"
#include "core/random.h"
#include "db/rec.h"
#include "queue/queue.h"
#include "store/card.h"
#include "store/graph.h"
#include "text/html.h"
#include "text/iri.h"

#define AGAIN_MS (30 * MS_PER_DAY)
#define STAMPEDE_MS (60 * MS_PER_SECOND)
#define TASK_VERSION 1

/* --- what a field links to --- */

static struct str without_scheme(struct str url)
{
	size_t at = str_find(url, STR("://"));
	struct str rest = at != url.len ? str_skip(url, at + 3) : url;
	/* a root is written with and without its slash */
	return str_has_suffix(rest, STR("/")) ? str_take(rest, rest.len - 1) : rest;
}

struct str links_of_field(struct ctx *ctx, const struct site *site,
			  const struct account_field *field)
{
	struct ctx quiet = { .arena = ctx->arena };
	struct str rest = field->value.markup, whole;
	struct html_link link, more;
	struct iri iri;
	if (!html_link_next(&quiet, &rest, &link) || html_link_next(&quiet, &rest, &more) ||
	    !link.me || html_to_text(&quiet, field->value, &whole) != RC_OK)
		return STR_NONE;
	/* S-087: one reads where it leads, and nothing else */
	if (!str_eq(str_trim(whole), link.text) ||
	    !str_eq(without_scheme(link.text), without_scheme(link.href)) ||
	    iri_parse(&quiet, link.href, site->iri_flags, &iri) != RC_OK)
		return STR_NONE;
	return iri_document(&iri);
}

/* --- asking --- */

static const struct account_field *find_same(const struct account *before,
					     const struct account_field *field)
{
	for (unsigned i = 0; i < before->field_count; i++) {
		if (str_eq(before->fields[i].value.markup, field->value.markup))
			return &before->fields[i];
	}
	return NULL;
}

/* Somebody is there to see it. */
static bool is_wanted(struct social *s, const struct account *a)
{
	uint64_t one;
	return account_is_local(a) ||
	       follow_followers(s->txn, a->id, 0, FOLLOW_ACCEPTED, &one, 1) != 0;
}

static void job_add(struct social *s, const struct links_task *task, uint64_t wait_ms)
{
	struct buf payload CLEANUP(buf_free) = BUF_INIT(2 * IRI_MAX);
	links_task_encode(&payload, task);
	/* the same page once at a time; those that wait for long hold up nobody */
	uint64_t page = card_id(task->href);
	const struct queue_new row = { .kind = JOB_LINKS,
				       .order = wait_ms < AGAIN_MS ? page : ~page,
				       .payload = buf_str(&payload),
				       .due_ms = db_txn_now(s->txn) + wait_ms };
	queue_add(s->txn, &row);
	s->enqueued = true;
}

static void consider(struct social *s, const struct account *a, struct account_field *field)
{
	uint64_t now = db_txn_now(s->txn);
	struct str href = links_of_field(s->ctx, s->site, field);
	if (href.ptr == NULL || site_owns_text(s->site, href)) {
		field->verified_ms = field->asked_ms = 0;
		return;
	}
	if (field->asked_ms != 0 && field->asked_ms + AGAIN_MS > now)
		return;
	field->asked_ms = now;
	const struct links_task task = { a->id, now, href };
	/* all nodes hear of a change at once */
	job_add(s, &task, account_is_local(a) ? 0 : random_below(STAMPEDE_MS));
}

void links_consider(struct social *s, const struct account *before, struct account *next)
{
	bool wanted = is_wanted(s, next);
	for (unsigned i = 0; i < next->field_count; i++) {
		struct account_field *field = &next->fields[i];
		const struct account_field *same = find_same(before, field);
		field->verified_ms = same != NULL ? same->verified_ms : 0;
		field->asked_ms = same != NULL ? same->asked_ms : 0;
		if (wanted)
			consider(s, next, field);
	}
}

/* --- the job --- */

void links_task_encode(struct buf *out, const struct links_task *task)
{
	rec_add_u8(out, TASK_VERSION);
	rec_add_u64(out, task->account);
	rec_add_u64(out, task->asked_ms);
	rec_add_str(out, task->href);
}

bool links_task_decode(struct str payload, struct links_task *out)
{
	struct rec r = rec_open(payload);
	uint8_t version = rec_u8(&r);
	out->account = rec_u64(&r);
	out->asked_ms = rec_u64(&r);
	out->href = rec_str(&r);
	return version == TASK_VERSION && rec_ok(&r);
}

static struct account_field *field_of(struct ctx *ctx, const struct site *site, struct account *a,
				      const struct links_task *task)
{
	for (unsigned i = 0; i < a->field_count; i++) {
		if (a->fields[i].asked_ms == task->asked_ms &&
		    str_eq(links_of_field(ctx, site, &a->fields[i]), task->href))
			return &a->fields[i];
	}
	return NULL;
}

bool links_task_is_open(struct db_txn *txn, struct ctx *ctx, const struct site *site,
			const struct links_task *task, struct account *out)
{
	return account_get(txn, ctx->arena, task->account, out) && !account_is_gone(out) &&
	       field_of(ctx, site, out, task) != NULL;
}

enum rc links_settle(struct social *s, const struct links_task *task, enum links_found found)
{
	uint64_t now = db_txn_now(s->txn);
	struct account a;
	if (!links_task_is_open(s->txn, s->ctx, s->site, task, &a))
		return act_end(s, RC_OK);
	/* of two fields that say the same, each has its own job */
	struct account_field *field = field_of(s->ctx, s->site, &a, task);
	if (found == LINKS_NOT)
		field->verified_ms = 0;
	else if (found == LINKS_BACK && field->verified_ms == 0)
		field->verified_ms = now;
	/* two times are never the same, so that no older job fits */
	field->asked_ms = now > task->asked_ms ? now : task->asked_ms + 1;
	if (!account_put(s->txn, s->ctx->arena, &a))
		return act_end(s, RC_NOT_FOUND);
	const struct links_task next = { a.id, field->asked_ms, task->href };
	if (account_is_local(&a))
		job_add(s, &next, AGAIN_MS);
	return act_end(s, RC_OK);
}
