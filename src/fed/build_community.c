/*
 * What communities of this node say: their documents, what was done in them, passed on (FEP-1b12),
 * and what moderators do, in the shapes that Lemmy gave them. Reads in the caller's transaction but
 * for composing.
 */
#include "ap/write.h"
#include "community_fed_int.h"
#include "core/must.h"
#include "joint_fed_int.h"
#include "store/report.h"

#define INNER_MAX ((size_t)512 * 1024)
#define RULES_MAX ((size_t)256 * 1024)

/* --- which group --- */

struct str build_group_uri(struct db_txn *txn, struct ctx *ctx, uint64_t group)
{
	struct account a;
	return group != 0 && account_get(txn, ctx->arena, group, &a) ? a.uri : STR("");
}

/* What is gone names no community any more: then whoever hears of it does. */
static struct str group_among(struct db_txn *txn, struct ctx *ctx, const struct federate *f)
{
	for (unsigned i = f->extra_count; i-- > 0;) {
		struct account a;
		if (account_get(txn, ctx->arena, f->extra[i], &a) && a.kind == ACCOUNT_GROUP)
			return a.uri;
	}
	return STR("");
}

/* Acts that are about a post by its status. */
static bool is_about_status(enum federate_what what)
{
	return what == FEDERATE_LIKE || what == FEDERATE_UNLIKE || what == FEDERATE_DISLIKE ||
	       what == FEDERATE_UNDISLIKE || what == FEDERATE_REACT || what == FEDERATE_UNREACT;
}

struct str build_group_of(struct db_txn *txn, struct ctx *ctx, const struct federate *f)
{
	struct status s;
	if (is_about_status(f->what) && status_get(txn, ctx->arena, f->status, &s))
		return visibility_is_open(s.visibility) ? build_group_uri(txn, ctx, s.community)
							: STR("");
	if ((f->what == FEDERATE_DELETE && visibility_is_open(f->visibility)) ||
	    f->what == FEDERATE_FLAG)
		return group_among(txn, ctx, f);
	return STR("");
}

/* --- the actor --- */

/* Where Lemmy has a community's rules: behind what it says of itself. */
static struct str with_rules(struct ctx *ctx, const struct community *c, struct str summary)
{
	struct buf out = BUF_INIT(RULES_MAX);
	if (c->rule_count == 0)
		return summary;
	buf_add(&out, summary);
	buf_add(&out, STR("<ol>"));
	for (unsigned i = 0; i < c->rule_count; i++) {
		buf_add(&out, STR("<li>"));
		html_add_text(&out, c->rules[i]);
		buf_add(&out, STR("</li>"));
	}
	buf_add(&out, STR("</ol>"));
	return arena_take_buf(ctx->arena, &out);
}

/* ActivityStreams Vocabulary section 3 has `tag` of any object: what it is about. */
static void build_tags(struct fed *fed, struct ctx *ctx, const struct community *c,
		       struct ap_actor_view *view)
{
	struct ap_write_tag *tags = ARENA_ARRAY(ctx->arena, c->tag_count + 1, struct ap_write_tag);
	for (unsigned i = 0; tags != NULL && i < c->tag_count; i++)
		tags[i] = (struct ap_write_tag){ build_tag_href(fed, ctx, c->tags[i]), c->tags[i] };
	view->tags = tags;
	view->tag_count = tags != NULL ? c->tag_count : 0;
}

enum rc build_community(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			const struct account *a, struct ap_actor_view *view)
{
	struct community c;
	if (a->kind != ACCOUNT_GROUP || !community_effective(txn, ctx->arena, a->id, &c))
		return db_txn_rc(txn);
	/* of one whose posts stay here, nobody elsewhere is told how it is run */
	if (c.sight >= COMMUNITY_LOCAL)
		return RC_OK;
	view->moderators =
		site_actor_part(ctx->arena, fed->site, a->username, COMMUNITY_MODERATORS);
	view->posting_restricted = c.posting == COMMUNITY_POST_APPOINTED;
	view->languages = c.languages;
	view->language_count = c.language_count;
	build_tags(fed, ctx, &c, view);
	view->source = a->note_source;
	view->summary = with_rules(ctx, &c, view->summary);
	view->partners = build_partners(txn, ctx, a->id, &view->partner_count);
	return arena_failed(ctx->arena) ? RC_NO_MEMORY : RC_OK;
}

/* --- what moderators do --- */

enum about {
	ABOUT_POST,
	ABOUT_PERSON,
};
enum into {
	INTO_NOTHING,
	INTO_FEATURED,
	INTO_MODERATORS,
	INTO_GROUP,
};

struct moderation_row {
	enum federate_what what;
	const char *type;
	bool undo; /* what is told is that it is taken back */
	enum about about;
	enum into into;
};

/* clang-format off */
static const struct moderation_row moderation_rows[] = {
	{ FEDERATE_COMMUNITY_LOCK, "Lock", false, ABOUT_POST, INTO_NOTHING },
	{ FEDERATE_COMMUNITY_UNLOCK, "Lock", true, ABOUT_POST, INTO_NOTHING },
	/* Lemmy: a Delete with a reason, be it empty, is a moderator's */
	{ FEDERATE_COMMUNITY_REMOVE, "Delete", false, ABOUT_POST, INTO_NOTHING },
	{ FEDERATE_COMMUNITY_RESTORE, "Delete", true, ABOUT_POST, INTO_NOTHING },
	{ FEDERATE_COMMUNITY_PIN, "Add", false, ABOUT_POST, INTO_FEATURED },
	{ FEDERATE_COMMUNITY_UNPIN, "Remove", false, ABOUT_POST, INTO_FEATURED },
	{ FEDERATE_COMMUNITY_BAN, "Block", false, ABOUT_PERSON, INTO_GROUP },
	{ FEDERATE_COMMUNITY_UNBAN, "Block", true, ABOUT_PERSON, INTO_GROUP },
	{ FEDERATE_COMMUNITY_APPOINT, "Add", false, ABOUT_PERSON, INTO_MODERATORS },
	{ FEDERATE_COMMUNITY_DISMISS, "Remove", false, ABOUT_PERSON, INTO_MODERATORS },
};
/* clang-format on */

static const struct moderation_row *moderation_row(enum federate_what what)
{
	for (size_t i = 0; i < ARRAY_LEN(moderation_rows); i++) {
		if (moderation_rows[i].what == what)
			return &moderation_rows[i];
	}
	return NULL;
}

/* The collection that it is put into; absent when the group has not said which that is. */
static struct str collection_of(struct fed *fed, struct ctx *ctx, const struct account *group,
				enum into into)
{
	bool here = account_is_local(group);
	switch (into) {
	case INTO_FEATURED:
		return here ? site_actor_part(ctx->arena, fed->site, group->username,
					      COMMUNITY_FEATURED)
			    : group->featured;
	case INTO_MODERATORS:
		return here ? site_actor_part(ctx->arena, fed->site, group->username,
					      COMMUNITY_MODERATORS)
			    : group->moderators;
	case INTO_GROUP:
		return group->uri;
	case INTO_NOTHING:
		break;
	}
	return STR("");
}

/* The act itself, be it told or taken back. */
struct moderation {
	const struct moderation_row *row;
	const struct federate *f;
	const struct account *actor, *group;
	struct str object, target;
};

static void moderation_write(struct jw *w, const struct moderation *m, bool inner)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	const struct str cc[] = { m->group->uri };
	const bool post = m->row->about == ABOUT_POST, ban = m->row->into == INTO_GROUP;
	uint64_t until_ms = 0;
	ap_write_activity(w, &(struct ap_activity_view){ .id = m->f->uri,
							 .type = str_of(m->row->type),
							 .actor = m->actor->uri,
							 .to = to,
							 .to_count = 1,
							 .cc = cc,
							 .cc_count = 1,
							 .audience = m->group->uri,
							 .context = AP_CONTEXT_GROUP,
							 .inner = inner });
	jw_member_str(w, "object", m->object);
	if (m->target.len != 0)
		jw_member_str(w, "target", m->target);
	if ((post && m->row->into == INTO_NOTHING) || ban)
		/* an empty one counts, too */
		jw_member_str(w, "summary", m->f->text.len != 0 ? m->f->text : STR(""));
	if (ban)
		jw_member_bool(w, "removeData", false);
	if (ban && str_to_u64(m->f->object, &until_ms) && until_ms != 0)
		jw_member_date(w, "endTime", until_ms);
	jw_end(w);
}

static void undo_write(struct jw *w, struct ctx *ctx, const struct moderation *m)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	const struct str cc[] = { m->group->uri };
	ap_write_activity(w, &(struct ap_activity_view){
				     .id = arena_join(ctx->arena, m->f->uri, STR("/undo")),
				     .type = STR("Undo"),
				     .actor = m->actor->uri,
				     .to = to,
				     .to_count = 1,
				     .cc = cc,
				     .cc_count = 1,
				     .audience = m->group->uri,
				     .context = AP_CONTEXT_GROUP });
	jw_name(w, "object");
	moderation_write(w, m, true);
	jw_end(w);
}

/* Lemmy's: the report stands in it as it came. */
static enum rc resolve_write(struct db_txn *txn, struct ctx *ctx, const struct federate *f,
			     const struct account *group, const struct account *reporter,
			     struct jw *w)
{
	const struct str to[] = { reporter->uri }, flagged[] = { group->uri };
	struct report report;
	if (!report_get(txn, ctx->arena, f->status, &report) || report.object_count == 0)
		return RC_NOT_FOUND;
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = STR("Resolve"),
							 .actor = group->uri,
							 .to = to,
							 .to_count = 1,
							 .audience = group->uri,
							 .context = AP_CONTEXT_GROUP });
	jw_name(w, "object");
	ap_write_activity(w, &(struct ap_activity_view){ .id = report.uri,
							 .type = STR("Flag"),
							 .actor = reporter->uri,
							 .to = flagged,
							 .to_count = 1,
							 .inner = true });
	jw_member_str(w, "object", report.objects[0]);
	jw_member_str(w, "summary", report.comment);
	jw_end(w);
	jw_end(w);
	return RC_OK;
}

enum rc build_moderation(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			 const struct federate *f, const struct account *actor,
			 const struct account *target, struct jw *w)
{
	const struct moderation_row *row = moderation_row(f->what);
	struct account group;
	if (f->what == FEDERATE_COMMUNITY_RESOLVE)
		return resolve_write(txn, ctx, f, actor, target, w);
	if (row == NULL)
		return RC_UNSUPPORTED;
	if (f->extra_count == 0 || !account_get(txn, ctx->arena, f->extra[0], &group))
		return RC_NOT_FOUND;
	const struct moderation m = {
		.row = row,
		.f = f,
		.actor = actor,
		.group = &group,
		.object = row->about == ABOUT_POST ? f->object : target->uri,
		.target = collection_of(fed, ctx, &group, row->into),
	};
	if (m.object.len == 0 || (row->into != INTO_NOTHING && m.target.len == 0))
		return RC_NOT_FOUND;
	if (row->undo)
		undo_write(w, ctx, &m);
	else
		moderation_write(w, &m, false);
	return RC_OK;
}

/* --- passing on --- */

bool community_passes_bytes(const struct federate *f)
{
	return f->what == FEDERATE_COMMUNITY_PASS && f->text.len == 0 && f->status != 0;
}

void build_group_announce(struct jw *w, struct str id, const struct account *group,
			  uint64_t published_ms, bool inner)
{
	const struct str to[] = { STR(AP_PUBLIC) };
	const struct str cc[] = { group->followers };
	ap_write_activity(w, &(struct ap_activity_view){ .id = id,
							 .type = STR("Announce"),
							 .actor = group->uri,
							 .published_ms = published_ms,
							 .to = to,
							 .to_count = 1,
							 .cc = cc,
							 .cc_count = 1,
							 .audience = group->uri,
							 .inner = inner });
	jw_name(w, "object");
}

/* What a local author did, as it is told to everybody else: with the author's own proof. */
static enum rc compose_ours(struct fed *fed, struct ctx *ctx, struct db_txn *txn,
			    const struct federate *f, struct federate *inner, struct buf *out)
{
	if (!federate_decode(ctx->arena, f->text, inner))
		return ctx_fail(ctx, RC_CORRUPT, "what is passed on cannot be decoded");
	if (inner->what == FEDERATE_COMMUNITY_PASS)
		return ctx_fail(ctx, RC_CORRUPT, "a community passes nothing on twice");
	/* it is the community's, wherever its post is by now */
	if (moderation_row(inner->what) == NULL && inner->extra_count < FEDERATE_EXTRA_MAX)
		inner->extra[inner->extra_count++] = f->actor;
	return build_activity(fed, txn, ctx, inner, out);
}

static enum rc compose_inner(struct fed *fed, struct ctx *ctx, const struct federate *f,
			     struct account *group, struct buf *out)
{
	struct federate inner = { .actor = 0 };
	struct db_txn *txn;
	enum rc rc = db_read_begin(fed->db, &txn);
	if (rc != RC_OK)
		return rc;
	if (!account_get(txn, ctx->arena, f->actor, group) || account_is_gone(group))
		rc = RC_NOT_FOUND;
	else if (f->text.len != 0)
		rc = compose_ours(fed, ctx, txn, f, &inner, out);
	else
		buf_add(out, queue_body_get(txn, f->status));
	if (db_txn_rc(txn) != RC_OK)
		rc = db_txn_rc(txn);
	db_read_end(&txn);
	if (rc == RC_OK && inner.actor != 0)
		rc = proof_attach(fed, ctx, inner.actor, out);
	return rc == RC_OK && out->len == 0 ? RC_NOT_FOUND : rc;
}

enum rc community_compose(struct fed *fed, struct ctx *ctx, const struct federate *f,
			  struct buf *out)
{
	struct buf inner CLEANUP(buf_free) = BUF_INIT(INNER_MAX);
	struct account group;
	struct jw w;
	enum rc rc = compose_inner(fed, ctx, f, &group, &inner);
	if (rc != RC_OK)
		return rc;
	if (inner.failed)
		return RC_NO_MEMORY;
	jw_init(&w, out);
	build_group_announce(&w, f->uri, &group, f->at_ms, false);
	jw_raw(&w, buf_str(&inner));
	jw_end(&w);
	jw_done(&w);
	if (out->failed || arena_failed(ctx->arena))
		return RC_NO_MEMORY;
	/* what no reader would take to verify is passed on all the same */
	rc = proof_attach(fed, ctx, f->actor, out);
	return rc == RC_INVALID ? RC_OK : rc;
}
