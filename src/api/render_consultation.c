/* The entities Consultation and ConsultationResult, which are ours. Pure. */
#include "consultation_int.h"
#include "core/enc.h"
#include "social/ledger.h"

static void render_options(struct jw *w, const struct consultation *c)
{
	jw_name(w, "options");
	jw_array(w);
	for (unsigned i = 0; i < c->option_count; i++) {
		jw_object(w);
		jw_member_u64(w, "number", i + 1);
		jw_member_str(w, "title", c->options[i]);
		jw_end(w);
	}
	jw_end(w);
	jw_name(w, "role_ids");
	jw_array(w);
	for (unsigned i = 0; i < c->role_count; i++)
		jw_u64_str(w, c->roles[i]);
	jw_end(w);
}

void render_consultation(struct jw *w, const struct consultation_view *view)
{
	const struct consultation *c = &view->consultation;
	jw_object(w);
	jw_member_id(w, "id", c->id);
	jw_member_id(w, "community_id", c->community);
	jw_member_id(w, "account_id", c->by);
	jw_member_id_opt(w, "partner_id", c->origin);
	jw_member_str(w, "question", c->question);
	jw_member_str(w, "description", c->description);
	jw_member_str(w, "method", str_of(consultation_method_name(c->method)));
	jw_member_str(w, "state", str_of(consultation_state_name(view->state)));
	jw_member_bool(w, "named", (c->flags & CONSULTATION_NAMED) != 0);
	jw_member_u64(w, "seats", c->seats);
	jw_member_u64(w, "quorum", c->quorum);
	jw_member_date(w, "created_at", c->created_ms);
	jw_member_date(w, "opens_at", c->opens_ms);
	jw_member_date(w, "closes_at", c->closes_ms);
	jw_member_time(w, "papers_until", c->papers_until_ms);
	render_options(w, c);
	jw_member_u64(w, "turnout", view->turnout);
	jw_member_bool(w, "may_vote", view->may_vote);
	jw_member_bool(w, "voted", view->voted);
	jw_end(w);
}

static void render_round(struct jw *w, const struct consultation *c,
			 const struct tally_round *round)
{
	jw_object(w);
	jw_name(w, "votes");
	jw_array(w);
	for (unsigned i = 0; i < c->option_count; i++)
		jw_u64(w, round->votes[i]);
	jw_end(w);
	jw_member_u64(w, "exhausted", round->exhausted);
	jw_name(w, "out");
	if (round->out != 0)
		jw_u64(w, round->out);
	else
		jw_null(w);
	jw_end(w);
}

static void render_paper(struct jw *w, const struct consultation_paper *p)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(64);
	enc_hex(&hex, str_n((const char *)p->receipt, CONSULTATION_RECEIPT_SIZE));
	jw_object(w);
	jw_member_str(w, "receipt_digest", buf_str(&hex));
	jw_member_id_opt(w, "account_id", p->account);
	jw_member_id_opt(w, "partner_id", p->node);
	jw_name(w, "choices");
	jw_array(w);
	for (unsigned i = 0; i < p->count; i++)
		jw_u64(w, p->choices[i]);
	jw_end(w);
	jw_end(w);
}

/* What a node has told; account_id is that of its group. */
static void render_node(struct jw *w, const struct ledger_node *n)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	enc_hex(&hex, str_n((const char *)n->digest.bytes, DIGEST_SIZE));
	jw_object(w);
	jw_member_id(w, "account_id", n->account);
	jw_member_str(w, "state", str_of(ledger_node_state_name(n->state)));
	jw_member_bool(w, "contradicted", n->contradicted);
	jw_member_u64(w, "papers", n->papers);
	jw_member_u64(w, "members", n->members);
	jw_member_nullable(w, "digest", n->pages != 0 ? buf_str(&hex) : STR(""));
	jw_end(w);
}

void render_consultation_result(struct jw *w, const struct consultation *c,
				const struct consultation_result *r)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(128);
	enc_hex(&hex, str_n((const char *)r->digest.bytes, DIGEST_SIZE));
	jw_object(w);
	jw_member_id(w, "consultation_id", c->id);
	jw_member_bool(w, "decided", r->decided);
	jw_member_bool(w, "complete", r->complete);
	jw_member_bool(w, "final", r->final);
	jw_name(w, "nodes");
	jw_array(w);
	for (size_t i = 0; i < r->node_count; i++)
		render_node(w, &r->nodes[i]);
	jw_end(w);
	jw_name(w, "winners");
	jw_array(w);
	for (unsigned i = 0; i < c->option_count; i++) {
		if (r->enough && r->tally.winner[i])
			jw_u64(w, i + 1);
	}
	jw_end(w);
	jw_name(w, "rounds");
	jw_array(w);
	for (unsigned i = 0; i < r->tally.round_count; i++)
		render_round(w, c, &r->tally.rounds[i]);
	jw_end(w);
	jw_member_str(w, "digest", buf_str(&hex));
	jw_name(w, "papers");
	jw_array(w);
	for (size_t i = 0; i < r->paper_count; i++)
		render_paper(w, &r->papers[i]);
	jw_end(w);
	jw_end(w);
}
