/*
 * Requests for consent, their answers, authorizations, and what a post says of its quote and its
 * policy, as documents. Reads in the caller's transaction.
 */
#include "interact_int.h"

#include <stdio.h>

#include "core/must.h"
#include "text/html.h"

/* The numbers of both enums are the same. */
_Static_assert((int)AP_INTERACTION_QUOTE == (int)INTERACTION_QUOTE &&
		       (int)AP_INTERACTION_REPLY == (int)INTERACTION_REPLY &&
		       (int)AP_INTERACTION_LIKE == (int)INTERACTION_LIKE &&
		       (int)AP_INTERACTION_ANNOUNCE == (int)INTERACTION_BOOST,
	       "kinds of interactions");

/* --- posts --- */

/* Refused or unproven it is a link and no quote; what was taken back stays one without its proof, so
 * that those who have it understand. */
static bool is_told(const struct status_quote *q)
{
	return q->uri.len != 0 &&
	       (q->state == INTERACTION_ACCEPTED || q->state == INTERACTION_PENDING ||
		q->state == INTERACTION_REVOKED);
}

/* FEP-044f, "Backward compatibility considerations": whom quotes mean nothing gets a link. */
static struct str with_link(struct db_txn *txn, struct ctx *ctx, const struct status *s)
{
	struct buf out = BUF_INIT(2 * HTML_OUTPUT_MAX);
	struct status quoted;
	struct str url = s->quote.uri;
	if (status_get(txn, ctx->arena, s->quote.status, &quoted) && quoted.url.len != 0)
		url = quoted.url;
	buf_add(&out, STR("<p class=\"quote-inline\">RE: <a href=\""));
	html_add_text(&out, url);
	buf_add(&out, STR("\" target=\"_blank\" rel=\"nofollow noopener noreferrer\">"));
	html_add_text(&out, url);
	buf_add(&out, STR("</a></p>"));
	buf_add(&out, s->content.markup);
	return arena_take_buf(ctx->arena, &out);
}

enum rc build_note_interactions(struct db_txn *txn, struct ctx *ctx, const struct status *s,
				const struct account *author, struct ap_note_view *view)
{
	const unsigned max = s->policy.count + s->mention_count + 2 * INTERACTION_KINDS;
	struct policy_entry *told = ARENA_ARRAY(ctx->arena, max, struct policy_entry);
	struct ap_policy_entry *lines = ARENA_ARRAY(ctx->arena, max, struct ap_policy_entry);
	if (told == NULL || lines == NULL)
		return RC_NO_MEMORY;
	unsigned count = policy_told(s, author, told, max);
	for (unsigned i = 0; i < count; i++)
		lines[i] = (struct ap_policy_entry){
			.kind = (enum ap_interaction)told[i].kind,
			.manual = told[i].manual,
			.id = told[i].uri.len != 0 ? told[i].uri : STR(AP_PUBLIC),
		};
	view->interactions = (struct ap_note_interactions){
		.policy = lines,
		.policy_count = count,
		.reply_authorization = s->approval.authorization,
	};
	if (s->quote.uri.len != 0)
		view->content = with_link(txn, ctx, s);
	if (is_told(&s->quote))
		view->interactions.quote = s->quote.uri;
	if (s->quote.state == INTERACTION_ACCEPTED)
		view->interactions.quote_authorization = s->quote.authorization;
	return RC_OK;
}

/* --- what a job is about --- */

struct matter {
	struct interaction i;
	struct status status; /* what it is done with */
	struct account owner, from;
};

static enum rc matter_read(struct db_txn *txn, struct ctx *ctx, uint64_t id, struct matter *out)
{
	bool found = interaction_get(txn, ctx->arena, id, &out->i) &&
		     status_get(txn, ctx->arena, out->i.status, &out->status) &&
		     account_get(txn, ctx->arena, out->i.owner, &out->owner) &&
		     account_get(txn, ctx->arena, out->i.from, &out->from);
	return found ? RC_OK : RC_NOT_FOUND;
}

static struct str request_type(struct ctx *ctx, const struct interaction *i)
{
	return arena_printf(ctx->arena, "%sRequest",
			    ap_interaction_word((enum ap_interaction)i->kind));
}

/* A Like or an Announce that is yet to be allowed. */
static void write_reaction(struct jw *w, const struct matter *m)
{
	bool boost = m->i.kind == INTERACTION_BOOST;
	const struct str wide[] = { STR(AP_PUBLIC), m->from.followers };
	const struct str to[] = { m->owner.uri };
	bool open = boost && m->i.visibility <= VISIBILITY_UNLISTED;
	ap_write_activity(w,
			  &(struct ap_activity_view){ .id = m->i.uri,
						      .type = boost ? STR("Announce") : STR("Like"),
						      .actor = m->from.uri,
						      .to = open ? wide : to,
						      .to_count = open ? 2 : 1,
						      .cc = to,
						      .cc_count = open ? 1 : 0,
						      .inner = true });
	jw_member_str(w, "object", m->status.uri);
	jw_end(w);
}

/*
 * What is to be allowed goes along whole: its author may want to look at it (FEP-044f, "Requesting,
 * obtaining and validating approval"), and cannot fetch what is for followers.
 */
static enum rc write_instrument(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
				const struct matter *m, struct jw *w)
{
	struct status s;
	jw_name(w, "instrument");
	if (m->i.kind == INTERACTION_LIKE || m->i.kind == INTERACTION_BOOST) {
		write_reaction(w, m);
		return RC_OK;
	}
	if (!status_find_uri(txn, ctx->arena, m->i.uri, &s) || s.account != m->from.id)
		return RC_NOT_FOUND;
	return build_note(fed, txn, ctx, &s, &m->from, w, false);
}

static enum rc write_request(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			     const struct matter *m, struct jw *w)
{
	const struct str to[] = { m->owner.uri };
	ap_write_activity(w, &(struct ap_activity_view){ .id = m->i.request,
							 .type = request_type(ctx, &m->i),
							 .actor = m->from.uri,
							 .to = to,
							 .to_count = 1,
							 .context = AP_CONTEXT_OBJECT });
	jw_member_str(w, "object", m->status.uri);
	enum rc rc = write_instrument(fed, txn, ctx, m, w);
	if (rc == RC_OK)
		jw_end(w);
	return rc;
}

/* --- answers --- */

/* What was asked; or, where nobody asked, what was done (GoToSocial, "Broadcasting Accepts"). */
static void write_asked(struct ctx *ctx, const struct matter *m, struct jw *w)
{
	jw_name(w, "object");
	if (m->i.request.len == 0) {
		jw_str(w, m->i.uri);
		jw_member_str(w, "target", m->status.uri);
		return;
	}
	jw_object(w);
	jw_member_str(w, "id", m->i.request);
	jw_member_str(w, "type", request_type(ctx, &m->i));
	jw_member_str(w, "actor", m->from.uri);
	jw_member_str(w, "object", m->status.uri);
	jw_member_str(w, "instrument", m->i.uri);
	jw_end(w);
}

static enum rc write_answer(struct fed *fed, struct ctx *ctx, const struct federate *f,
			    const struct matter *m, struct jw *w)
{
	const struct str to[] = { m->from.uri };
	const struct str cc[] = { STR(AP_PUBLIC), m->owner.followers };
	bool yes = f->what == FEDERATE_APPROVE;
	bool wide = f->visibility <= VISIBILITY_UNLISTED;
	ap_write_activity(w,
			  &(struct ap_activity_view){ .id = f->uri,
						      .type = yes ? STR("Accept") : STR("Reject"),
						      .actor = m->owner.uri,
						      .to = to,
						      .to_count = 1,
						      .cc = cc,
						      .cc_count = wide ? 2 : 0,
						      .context = AP_CONTEXT_CONSENT });
	write_asked(ctx, m, w);
	if (yes)
		jw_member_str(
			w, "result",
			interact_authorization_uri(ctx->arena, fed->site, &m->owner, m->i.id));
	jw_end(w);
	return RC_OK;
}

/* FEP-044f: neither what was quoted nor what quotes it is told again. */
static void write_revocation(const struct federate *f, const struct account *actor,
			     const struct account *target, struct jw *w)
{
	bool wide = f->visibility <= VISIBILITY_UNLISTED;
	const struct str to[] = { wide ? STR(AP_PUBLIC) : target->uri };
	const struct str cc[] = { target->uri };
	ap_write_activity(w, &(struct ap_activity_view){ .id = f->uri,
							 .type = STR("Delete"),
							 .actor = actor->uri,
							 .to = to,
							 .to_count = 1,
							 .cc = cc,
							 .cc_count = wide ? 1 : 0 });
	jw_name(w, "object");
	ap_write_tombstone(w, f->object, STR_NONE, 0, false);
	jw_end(w);
}

bool build_is_interaction(enum federate_what what)
{
	return what >= FEDERATE_REQUEST && what <= FEDERATE_QUOTE_REVOKE;
}

enum rc build_interaction(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			  const struct federate *f, const struct account *actor,
			  const struct account *target, struct jw *w)
{
	struct matter *m = ARENA_NEW(ctx->arena, struct matter);
	if (m == NULL)
		return RC_NO_MEMORY;
	if (f->what == FEDERATE_QUOTE_REVOKE) {
		write_revocation(f, actor, target, w);
		return RC_OK;
	}
	enum rc rc = matter_read(txn, ctx, f->status, m);
	if (rc != RC_OK)
		return rc;
	if (f->what == FEDERATE_REQUEST)
		return write_request(fed, txn, ctx, m, w);
	return write_answer(fed, ctx, f, m, w);
}

/* --- the document of an authorization --- */

enum rc build_authorization(struct fed *fed, struct db_txn *txn, struct ctx *ctx,
			    struct viewer viewer, const struct account *owner, uint64_t id,
			    struct jw *w)
{
	struct matter *m = ARENA_NEW(ctx->arena, struct matter);
	if (m == NULL)
		return RC_NO_MEMORY;
	enum rc rc = matter_read(txn, ctx, id, m);
	if (rc != RC_OK)
		return rc;
	/* it names both posts: for those who may know that the one it is about exists (S-071) */
	if (m->i.owner != owner->id || m->i.state != INTERACTION_ACCEPTED ||
	    !may_see(txn, viewer, &m->status, owner))
		return RC_NOT_FOUND;
	const struct ap_authorization a = {
		.kind = (enum ap_interaction)m->i.kind,
		.id = interact_authorization_uri(ctx->arena, fed->site, owner, id),
		.attributed_to = owner->uri,
		.object = m->i.uri,
		.target = m->status.uri,
	};
	ap_write_authorization(w, &a);
	return RC_OK;
}
