/* What partners have written into the ledger of a joint community is taken here, by what it says and who
 * says it. Inside transactions. */
#include "act_int.h"
#include "community_int.h"
#include "core/clock.h"
#include "core/enc.h"
#include "ledger_int.h"
#include "store/joint.h"
#include "text/iri.h"

#define AHEAD_MS MS_PER_HOUR /* that a clock elsewhere may be */
#define TITLE_CHARS 200
#define TEXT_CHARS 10000
#define NOTE_CHARS 500
#define OPTION_CHARS 500
#define YEAR_MS (366 * MS_PER_DAY)
#define PAPERS_WAIT_MOST_MS (60 * MS_PER_DAY)
#define HEX_LEN ((size_t)2 * CONSULTATION_RECEIPT_SIZE)

struct taking {
	struct social *s;
	uint64_t community;
	const struct account *origin;
	const struct ledger_entry *e;
	struct ledger_thing thing; /* what it is about */
	bool known;		   /* it has been heard of */
	uint64_t id;		   /* of the thing, once it is sure */
};

static enum rc refuse(struct taking *t, enum rc rc, const char *why)
{
	return ctx_fail(t->s->ctx, rc, "%s", why);
}

static bool clean(struct taking *t, struct str *text, size_t most)
{
	if (text_clean(t->s->ctx, *text, most, most * 4, text) != RC_OK)
		return false;
	*text = text->ptr != NULL ? str_trim(*text) : STR("");
	return true;
}

/* --- resources --- */

static bool version_clean(struct taking *t, struct resource_version *v)
{
	struct ctx quiet = { .arena = t->s->ctx->arena };
	struct iri iri;
	if (!clean(t, &v->title, TITLE_CHARS) || v->title.len == 0 ||
	    !clean(t, &v->description, TEXT_CHARS) || !clean(t, &v->note, NOTE_CHARS))
		return false;
	if (t->e->file.type.len != 0) {
		v->url = STR("");
		return true;
	}
	if (iri_parse(&quiet, v->url, t->s->site->iri_flags, &iri) != RC_OK)
		return false;
	v->url = iri.text;
	return true;
}

/* The copy that was made of its file belongs to the resource. */
static uint64_t file_record(struct taking *t, uint64_t resource)
{
	struct medium m = { .owner = t->origin->id,
			    .state = MEDIUM_READY,
			    .use = MEDIUM_COPY,
			    .holder = resource,
			    .file = t->e->file,
			    .small = { .type = STR("") },
			    .blurhash = STR(""),
			    .description = STR(""),
			    .reason = STR("") };
	return medium_add(t->s->txn, &m) ? m.id : 0;
}

static enum rc version_new(struct taking *t, struct resource_version *v)
{
	struct resource r = { .id = db_next_id(t->s->txn),
			      .community = t->community,
			      .by = t->origin->id,
			      .created_ms = t->e->at_ms,
			      .origin = t->origin->id };
	struct ctx quiet = { .arena = t->s->ctx->arena };
	struct iri iri;
	/* what was ours and is not here any more is not made anew by others */
	if (iri_parse(&quiet, t->e->thing, t->s->site->iri_flags, &iri) != RC_OK ||
	    site_owns(t->s->site, &iri))
		return refuse(t, RC_DENIED, "it is a resource of this node that is not there");
	if (t->e->file.type.len != 0)
		v->medium = file_record(t, r.id);
	resource_add(t->s->txn, &r, t->e->thing, v);
	ledger_thing_put(t->s->txn, t->community, t->e->thing, r.id);
	t->id = r.id;
	return db_txn_rc(t->s->txn);
}

static enum rc version_take(struct taking *t)
{
	struct resource_version v = t->e->version;
	struct resource r;
	v.by = v.origin = t->origin->id;
	v.at_ms = t->e->at_ms;
	v.medium = 0;
	v.uri = t->e->id;
	if (!version_clean(t, &v))
		return refuse(t, RC_INVALID, "a version has a title, and a link or a file");
	if (!t->known)
		return version_new(t, &v);
	if (t->thing.id == 0)
		return RC_EXISTS; /* it has gone */
	if (!resource_get(t->s->txn, t->thing.id, &r))
		return refuse(t, RC_DENIED, "it is no resource");
	if (r.versions >= RESOURCE_VERSIONS_JOINT_MAX)
		return refuse(t, RC_TOO_LARGE, "the resource has too many versions");
	if (t->e->file.type.len != 0)
		v.medium = file_record(t, r.id);
	t->id = r.id;
	return resource_insert(t->s->txn, r.id, &v);
}

static void versions_del(struct taking *t, uint64_t resource)
{
	struct digest name;
	uint64_t after = 0;
	while (ledger_of(t->s->txn, t->community, resource, &after, &name, 1) == 1)
		ledger_del(t->s->txn, t->community, &name);
}

/* By the role that somebody has there: a partner's word counts for all that is joint. */
static enum rc drop_take(struct taking *t)
{
	struct resource r;
	if (t->known && t->thing.id != 0) {
		if (!resource_get(t->s->txn, t->thing.id, &r))
			return refuse(t, RC_DENIED, "it is no resource");
		versions_del(t, r.id);
		resource_del(t->s->txn, r.id);
	}
	ledger_thing_put(t->s->txn, t->community, t->e->thing, 0);
	return db_txn_rc(t->s->txn);
}

/* --- consultations --- */

static bool words_clean(struct taking *t, struct consultation *c)
{
	if (!clean(t, &c->question, OPTION_CHARS) || c->question.len == 0 ||
	    !clean(t, &c->description, TEXT_CHARS) || c->option_count < 2)
		return false;
	for (unsigned i = 0; i < c->option_count; i++) {
		if (!clean(t, &c->options[i], OPTION_CHARS) || c->options[i].len == 0)
			return false;
		for (unsigned k = 0; k < i; k++) {
			if (str_eq(c->options[i], c->options[k]))
				return false;
		}
	}
	return true;
}

static bool makes_sense(const struct consultation *c)
{
	return c->opens_ms < c->closes_ms && c->closes_ms - c->opens_ms <= YEAR_MS &&
	       c->closes_ms <= c->papers_until_ms &&
	       c->papers_until_ms - c->closes_ms <= PAPERS_WAIT_MOST_MS && c->seats != 0 &&
	       c->seats < c->option_count;
}

static enum rc consultation_take(struct taking *t)
{
	struct consultation c = t->e->consultation;
	if (t->known)
		return refuse(t, RC_CONFLICT, "it is known as something else");
	if (!words_clean(t, &c) || !makes_sense(&c))
		return refuse(t, RC_INVALID, "the consultation makes no sense");
	c.community = t->community;
	c.by = c.origin = t->origin->id;
	c.flags &= (unsigned)CONSULTATION_NAMED;
	c.created_ms = t->e->at_ms;
	c.uri = t->e->thing;
	consultation_add(t->s->txn, &c);
	ledger_thing_put(t->s->txn, t->community, t->e->thing, c.id);
	t->id = c.id;
	/* this node takes part, if there is time */
	const struct ledger_task task = { .community = t->community,
					  .look = LEDGER_LOOK_CONSULTATIONS,
					  .only = c.id,
					  .uri = STR("") };
	if (db_txn_now(t->s->txn) < c.closes_ms)
		ledger_look(t->s, &task, 0);
	return consultation_opens(t->s, c.id);
}

/* That what it is about is here. RC_NOT_FOUND: not yet. */
static enum rc consultation_find(struct taking *t, struct consultation *c)
{
	if (!t->known)
		return RC_NOT_FOUND;
	if (t->thing.id == 0 || !consultation_get(t->s->txn, t->s->ctx->arena, t->thing.id, c))
		return refuse(t, RC_DENIED, "it is no consultation");
	t->id = c->id;
	return RC_OK;
}

static bool is_kept(struct taking *t, enum ledger_kind kind, uint32_t page)
{
	struct digest name;
	const struct ledger_entry e = {
		.kind = kind, .actor = t->e->actor, .thing = t->e->thing, .papers = { .page = page }
	};
	return ledger_find(t->s->txn, t->community, ledger_slot(t->s->ctx->arena, &e), &name);
}

static enum rc cancel_take(struct taking *t)
{
	struct consultation c;
	enum rc rc = consultation_find(t, &c);
	if (rc != RC_OK)
		return rc;
	if (c.origin != t->origin->id)
		return refuse(t, RC_DENIED, "only who has called a consultation calls it off");
	if (t->e->at_ms >= c.closes_ms || is_kept(t, LEDGER_PAPERS, 1))
		return refuse(t, RC_DENIED, "a consultation that is over is not called off");
	c.flags |= CONSULTATION_CANCELLED;
	consultation_put(t->s->txn, &c);
	return consultation_ends_thread(t->s, &c);
}

static enum rc join_take(struct taking *t)
{
	struct ledger_node nodes[LEDGER_NODES_MAX];
	struct consultation c;
	enum rc rc = consultation_find(t, &c);
	if (rc != RC_OK)
		return rc;
	if (t->e->at_ms >= c.closes_ms)
		return refuse(t, RC_DENIED, "nobody joins a consultation that is over");
	if (ledger_nodes(t->s->txn, &c, nodes) == LEDGER_NODES_MAX)
		return refuse(t, RC_TOO_LARGE, "too many nodes take part");
	return RC_OK;
}

/* --- papers --- */

bool ledger_line_read(struct str *rest, unsigned option_count, struct consultation_paper *out)
{
	struct buf receipt CLEANUP(buf_free) = BUF_INIT(CONSULTATION_RECEIPT_SIZE + 4);
	struct str line, word;
	bool seen[CONSULTATION_OPTIONS_MAX + 1] = { false };
	*out = (struct consultation_paper){ .count = 0 };
	if (rest->len == 0 || !str_split(*rest, '\n', &line, rest) || line.len <= HEX_LEN ||
	    line.ptr[HEX_LEN] != ' ' || !enc_unhex(&receipt, str_take(line, HEX_LEN)))
		return false;
	memcpy(out->receipt, receipt.ptr, CONSULTATION_RECEIPT_SIZE);
	line = str_skip(line, HEX_LEN + 1);
	while (str_next(&line, ' ', &word)) {
		uint64_t option;
		/* as it would be written: its digest is over the text */
		if (word.len == 0 || word.ptr[0] == '0' || !str_to_u64(word, &option) ||
		    option > option_count || seen[option])
			return false;
		seen[option] = true;
		out->choices[out->count++] = (uint8_t)option;
	}
	return out->count != 0;
}

/* Every line one paper, in the order of their receipts, none twice; as many as it says. */
static bool lines_are_right(const struct ledger_papers *p, unsigned option_count)
{
	struct consultation_paper paper, before = { .count = 0 };
	struct str rest = p->lines;
	size_t count = 0, due = LEDGER_PAPERS_PER_PAGE;
	if (p->page == p->pages)
		due = p->voters - (size_t)(p->pages - 1) * LEDGER_PAPERS_PER_PAGE;
	while (rest.len != 0) {
		if (!ledger_line_read(&rest, option_count, &paper) ||
		    (count != 0 &&
		     memcmp(before.receipt, paper.receipt, CONSULTATION_RECEIPT_SIZE) >= 0))
			return false;
		before = paper;
		count++;
	}
	return count == due;
}

static enum rc papers_take(struct taking *t)
{
	const struct ledger_papers *p = &t->e->papers;
	struct consultation c;
	enum rc rc = consultation_find(t, &c);
	if (rc != RC_OK)
		return rc;
	if ((c.flags & CONSULTATION_CANCELLED) != 0)
		return refuse(t, RC_DENIED, "the consultation was called off");
	if (t->e->at_ms < c.closes_ms)
		return refuse(t, RC_DENIED, "papers are told when a consultation is over");
	if (c.origin != t->origin->id && !is_kept(t, LEDGER_JOIN, 0))
		return RC_NOT_FOUND;
	if (p->voters > p->members || p->page == 0 || p->page > p->pages ||
	    p->pages > LEDGER_PAGES_MAX ||
	    p->voters > (uint64_t)p->pages * LEDGER_PAPERS_PER_PAGE ||
	    (p->pages > 1 && p->voters <= (uint64_t)(p->pages - 1) * LEDGER_PAPERS_PER_PAGE))
		return refuse(t, RC_INVALID, "there are not as many papers as it says");
	if (!lines_are_right(p, c.option_count))
		return refuse(t, RC_INVALID, "the papers are not what they should be");
	return ledger_papers_keep(t->s, c.id, t->origin->id, t->e)
		       ? RC_OK
		       : refuse(t, RC_INVALID, "their digest is none");
}

/* --- all of them --- */

static enum rc take(struct taking *t)
{
	switch (t->e->kind) {
	case LEDGER_VERSION:
		return version_take(t);
	case LEDGER_DROP:
		return drop_take(t);
	case LEDGER_CONSULTATION:
		return consultation_take(t);
	case LEDGER_CANCEL:
		return cancel_take(t);
	case LEDGER_JOIN:
		return join_take(t);
	case LEDGER_PAPERS:
		return papers_take(t);
	}
	return RC_INVALID;
}

/* May another attempt come to something else, or is it nothing new? */
static bool is_open_question(enum rc rc)
{
	return rc == RC_EXISTS || rc == RC_NOT_FOUND || rc == RC_BUSY;
}

enum rc ledger_take(struct social *s, uint64_t community, const struct account *origin,
		    const struct ledger_entry *e, struct str bytes)
{
	struct taking t = { .s = s, .community = community, .origin = origin, .e = e };
	struct digest name = digest_sha256(bytes), other;
	struct str slot = ledger_slot(s->ctx->arena, e);
	if (ledger_knows(s->txn, community, &name))
		return act_end(s, RC_EXISTS);
	if (e->at_ms > db_txn_now(s->txn) + AHEAD_MS)
		return act_end(s, RC_BUSY);
	if (ledger_sum(s->txn, community).count >= LEDGER_RECORDS_MAX)
		return act_end(s, RC_BUSY);
	enum rc rc;
	if (ledger_find(s->txn, community, slot, &other)) {
		ledger_contradict(s->txn, community, &other);
		rc = refuse(&t, RC_CONFLICT, "its group has said something else before");
	} else {
		t.known = ledger_thing_get(s->txn, s->ctx->arena, community, e->thing, &t.thing);
		rc = take(&t);
	}
	if (db_txn_rc(s->txn) != RC_OK)
		return db_txn_rc(s->txn);
	if (rc == RC_OK) {
		struct ledger_record record = { .community = community,
						.kind = e->kind,
						.origin = origin->id,
						.thing = t.id,
						.at_ms = e->at_ms,
						.slot = slot,
						.bytes = bytes };
		rc = ledger_add(s->txn, &record);
	} else if (!is_open_question(rc)) {
		ledger_refuse(s->txn, community, &name, str_of(err_text(&s->ctx->err)));
	}
	return act_end(s, rc);
}
