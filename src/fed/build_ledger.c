/* The records of a joint community as documents, both ways, and what tells a partner of them. */
#include <string.h>

#include "core/enc.h"
#include "ledger_fed_int.h"
#include "media/media.h"

/* --- names --- */

struct str ledger_hex(struct arena *arena, const struct digest *digest)
{
	struct buf hex = BUF_INIT(LEDGER_NAME_LEN);
	enc_hex(&hex, str_n(digest->bytes, DIGEST_SIZE));
	return arena_take_buf(arena, &hex);
}

bool ledger_unhex(struct str hex, struct digest *out)
{
	struct buf bytes CLEANUP(buf_free) = BUF_INIT(DIGEST_SIZE + 4);
	if (hex.len != LEDGER_NAME_LEN || !enc_unhex(&bytes, hex) || bytes.len != DIGEST_SIZE)
		return false;
	memcpy(out->bytes, bytes.ptr, DIGEST_SIZE);
	return true;
}

/* --- records --- */

static const enum ap_ledger_kind kinds[] = {
	[LEDGER_VERSION] = AP_LEDGER_VERSION,
	[LEDGER_DROP] = AP_LEDGER_DROP,
	[LEDGER_CONSULTATION] = AP_LEDGER_CONSULTATION,
	[LEDGER_CANCEL] = AP_LEDGER_CANCEL,
	[LEDGER_JOIN] = AP_LEDGER_JOIN,
	[LEDGER_PAPERS] = AP_LEDGER_PAPERS,
};

/* The names that roles have on every node; those of a community's own never leave. */
static const struct {
	enum community_role_id role;
	const char *name;
} roles[] = {
	{ COMMUNITY_GUEST, "guest" },
	{ COMMUNITY_MEMBER, "member" },
	{ COMMUNITY_MODERATOR, "moderator" },
	{ COMMUNITY_OWNER, "owner" },
};

static void version_compose(struct fed *fed, struct arena *arena, const struct ledger_entry *e,
			    struct ap_ledger_record *r)
{
	r->first = e->first;
	r->title = e->version.title;
	r->description = e->version.description;
	r->note = e->version.note;
	r->url = e->version.url;
	r->has_file = e->file.type.len != 0;
	if (!r->has_file)
		return;
	r->file.url = arena_join(arena, fed->site->base, media_file_path(arena, &e->file));
	r->file.media_type = e->file.type;
	r->file.bytes = e->file.bytes;
	memcpy(r->file.digest, e->file.digest.bytes, DIGEST_SIZE);
}

static void consultation_compose(const struct consultation *c, struct ap_ledger_record *r)
{
	r->question = c->question;
	r->description = c->description;
	r->method = str_of(consultation_method_name(c->method));
	r->opens_ms = c->opens_ms;
	r->closes_ms = c->closes_ms;
	r->papers_until_ms = c->papers_until_ms;
	r->seats = c->seats;
	r->quorum = c->quorum;
	r->named = (c->flags & CONSULTATION_NAMED) != 0;
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		for (unsigned k = 0; k < c->role_count; k++) {
			if (c->roles[k] == roles[i].role)
				r->roles[r->role_count++] = str_of(roles[i].name);
		}
	}
	for (unsigned i = 0; i < c->option_count; i++)
		r->options[r->option_count++] = c->options[i];
}

void ledger_compose(struct fed *fed, struct arena *arena, const struct ledger_entry *e,
		    struct buf *out)
{
	struct ap_ledger_record r = { .kind = kinds[e->kind],
				      .id = e->id,
				      .actor = e->actor,
				      .thing = e->thing,
				      .published_ms = e->at_ms,
				      .page = e->papers.page,
				      .pages = e->papers.pages,
				      .voters = e->papers.voters,
				      .members = e->papers.members,
				      .digest = e->papers.digest,
				      .lines = e->papers.lines };
	struct jw w;
	if (e->kind == LEDGER_VERSION)
		version_compose(fed, arena, e, &r);
	if (e->kind == LEDGER_CONSULTATION) {
		r.first = true;
		consultation_compose(&e->consultation, &r);
	}
	jw_init(&w, out);
	ap_ledger_write(&w, &r);
	jw_done(&w);
}

static enum ledger_kind kind_of(enum ap_ledger_kind kind)
{
	enum ledger_kind found = LEDGER_VERSION;
	for (size_t i = LEDGER_VERSION; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i] == kind)
			found = (enum ledger_kind)i;
	}
	return found;
}

static bool role_parse(struct str name, uint64_t *out)
{
	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		if (str_eq(name, str_of(roles[i].name))) {
			*out = roles[i].role;
			return true;
		}
	}
	return false;
}

static enum rc consultation_read(struct ctx *ctx, const struct ap_ledger_record *r,
				 struct consultation *c)
{
	*c = (struct consultation){ .flags = r->named ? (unsigned)CONSULTATION_NAMED : 0,
				    .seats = r->seats,
				    .quorum = r->quorum,
				    .opens_ms = r->opens_ms,
				    .closes_ms = r->closes_ms,
				    .papers_until_ms = r->papers_until_ms,
				    .question = r->question,
				    .description = r->description,
				    .uri = r->thing };
	if (!consultation_method_parse(r->method, &c->method))
		return ctx_fail(ctx, RC_INVALID, "it is counted by a method that is not known");
	for (unsigned i = 0; i < r->role_count; i++) {
		if (!role_parse(r->roles[i], &c->roles[c->role_count++]))
			return ctx_fail(ctx, RC_INVALID, "it is for a role that is not known");
	}
	for (unsigned i = 0; i < r->option_count && i < CONSULTATION_OPTIONS_MAX; i++)
		c->options[c->option_count++] = r->options[i];
	return RC_OK;
}

enum rc ledger_entry_of(struct ctx *ctx, const struct ap_ledger_record *r, struct ledger_entry *out)
{
	*out = (struct ledger_entry){
		.kind = kind_of(r->kind),
		.id = r->id,
		.actor = r->actor,
		.thing = r->thing,
		.at_ms = r->published_ms,
		.first = r->first,
		.version = { .title = r->title,
			     .description = r->description,
			     .note = r->note,
			     .url = r->has_file ? STR("") : r->url },
		.file = { .type = STR("") },
		.papers = { .page = r->page,
			    .pages = r->pages,
			    .voters = r->voters,
			    .members = r->members,
			    .digest = r->digest,
			    .lines = r->lines },
	};
	return r->kind == AP_LEDGER_CONSULTATION ? consultation_read(ctx, r, &out->consultation)
						 : RC_OK;
}

/* --- heads --- */

void ledger_head_write(struct jw *w, struct arena *arena, struct str id,
		       const struct ledger_sum *sum, bool inner)
{
	jw_object(w);
	if (!inner)
		ap_write_context(w, AP_CONTEXT_LEDGER);
	jw_member_str(w, "id", id);
	jw_member_str(w, "type", STR("OrderedCollection"));
	jw_member_u64(w, "totalItems", sum->count);
	jw_member_str(w, "ledgerDigest", ledger_hex(arena, &sum->digest));
	if (sum->count != 0 && !inner)
		jw_member_str(w, "first", arena_join(arena, id, STR("?before=0")));
	jw_end(w);
}

bool ledger_head_read(struct jr object, struct ledger_sum *out)
{
	int64_t count;
	*out = (struct ledger_sum){ .count = 0 };
	if (!str_eq(jr_str(jr_get(object, "type")), STR("OrderedCollection")) ||
	    !jr_i64(jr_get(object, "totalItems"), &count) || count < 0 ||
	    !ledger_unhex(jr_str(jr_get(object, "ledgerDigest")), &out->digest))
		return false;
	out->count = (uint64_t)count;
	return true;
}

enum rc build_ledger(struct fed *fed, struct db_txn *txn, struct ctx *ctx, const struct federate *f,
		     const struct account *actor, const struct account *target, struct jw *w)
{
	const struct str to[] = { target->uri };
	if (f->what != FEDERATE_LEDGER)
		return RC_UNSUPPORTED;
	struct ledger_sum sum = ledger_sum(txn, actor->id);
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = STR("Update"),
							 .actor = actor->uri,
							 .published_ms = f->at_ms,
							 .to = to,
							 .to_count = 1,
							 .context = AP_CONTEXT_LEDGER });
	jw_name(w, "object");
	ledger_head_write(w, ctx->arena,
			  site_actor_part(ctx->arena, fed->site, actor->username, LEDGER_PART),
			  &sum, true);
	jw_end(w);
	return RC_OK;
}
