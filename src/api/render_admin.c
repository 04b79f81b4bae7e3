/* Admin::Account, Admin::Report, Admin::DomainBlock, Admin::DomainAllow and the blocks of addresses.
 * Pure. */
#include "admin_int.h"

#include "core/enc.h"
#include "crypt/digest.h"

void jw_member_sha256(struct jw *w, const char *name, struct str text)
{
	struct buf hex CLEANUP(buf_free) = BUF_INIT(2 * DIGEST_SIZE + 1);
	struct digest digest = digest_sha256(text);
	enc_hex(&hex, str_n(digest.bytes, sizeof(digest.bytes)));
	jw_member_str(w, name, buf_str(&hex));
}

/* --- accounts --- */

static void member_flag(struct jw *w, const char *name, const struct account *a, unsigned flag)
{
	jw_member_bool(w, name, (a->flags & flag) != 0);
}

/* Admin::Ip: where an account was made from. */
static void render_ip_used(struct jw *w, const struct sign_up *s)
{
	jw_object(w);
	jw_member_str(w, "ip", s->address);
	jw_member_date(w, "used_at", s->asked_ms);
	jw_end(w);
}

/* What only an account of this node has. */
static void render_user(struct jw *w, const struct admin_account_view *view)
{
	bool local = account_is_local(view->view->account);
	if (local)
		jw_member_str(w, "email", view->email);
	else
		jw_member_null(w, "email");
	jw_member_nullable(w, "ip", view->sign_up.address);
	jw_name(w, "ips");
	jw_array(w);
	if (view->sign_up.address.len != 0)
		render_ip_used(w, &view->sign_up);
	jw_end(w);
	jw_member_nullable(w, "locale", view->sign_up.locale);
	jw_member_nullable(w, "invite_request", view->sign_up.reason);
	jw_name(w, "role");
	if (local)
		render_role(w, &view->role);
	else
		jw_null(w);
	unsigned flags = view->view->account->flags;
	jw_member_bool(w, "confirmed", local && (flags & ACCOUNT_UNCONFIRMED) == 0);
	jw_member_bool(w, "approved", local && (flags & ACCOUNT_UNAPPROVED) == 0);
}

void render_admin_account(struct jw *w, const struct site *site,
			  const struct admin_account_view *view)
{
	const struct account *a = view->view->account;
	jw_object(w);
	jw_member_id(w, "id", a->id);
	jw_member_str(w, "username", a->username);
	jw_member_nullable(w, "domain", a->domain);
	jw_member_date(w, "created_at", a->created_ms);
	render_user(w, view);
	member_flag(w, "disabled", a, ACCOUNT_DISABLED);
	member_flag(w, "silenced", a, ACCOUNT_SILENCED);
	member_flag(w, "suspended", a, ACCOUNT_SUSPENDED);
	member_flag(w, "sensitized", a, ACCOUNT_SENSITIVE);
	jw_member_id_opt(w, "created_by_application_id", view->sign_up.app);
	jw_member_null(w, "invited_by_account_id");
	jw_name(w, "account");
	render_account(w, site, view->view);
	jw_end(w);
}

/* --- reports --- */

static void member_account(struct jw *w, const struct site *site, const char *name,
			   const struct admin_account_view *view)
{
	jw_name(w, name);
	if (view != NULL)
		render_admin_account(w, site, view);
	else
		jw_null(w);
}

static void render_handling(struct jw *w, const struct report *r)
{
	jw_member_id(w, "id", r->id);
	jw_member_bool(w, "action_taken", r->resolved_ms != 0);
	jw_name(w, "action_taken_at");
	if (r->resolved_ms != 0)
		jw_date(w, r->resolved_ms);
	else
		jw_null(w);
	jw_member_str(w, "category", str_of(report_category_name(r->category)));
	jw_member_str(w, "comment", r->comment);
	jw_member_bool(w, "forwarded", r->forwarded);
	jw_member_date(w, "created_at", r->created_ms);
	jw_member_date(w, "updated_at", r->updated_ms);
	/* ours: the community whose staff handles it */
	jw_member_id_opt(w, "lane", r->lane);
}

void render_admin_report(struct jw *w, const struct site *site,
			 const struct admin_report_view *view)
{
	jw_object(w);
	render_handling(w, view->report);
	member_account(w, site, "account", view->reporter);
	member_account(w, site, "target_account", view->target);
	member_account(w, site, "assigned_account", view->assigned);
	member_account(w, site, "action_taken_by_account", view->resolver);
	jw_name(w, "statuses");
	jw_array(w);
	for (size_t i = 0; i < view->status_count; i++)
		render_status(w, site, &view->statuses[i]);
	jw_end(w);
	jw_name(w, "rules");
	jw_array(w);
	for (size_t i = 0; i < view->rule_count; i++)
		render_rule(w, &view->rules[i]);
	jw_end(w);
	jw_end(w);
}

/* --- hosts --- */

static const char *severity_of(const struct peer *peer)
{
	if (peer->policy == PEER_BLOCKED)
		return "suspend";
	return peer->policy == PEER_LIMITED ? "silence" : "noop";
}

void render_domain_block(struct jw *w, const struct peer *peer)
{
	jw_object(w);
	jw_member_id(w, "id", peer->decision);
	jw_member_str(w, "domain", peer->host);
	jw_member_sha256(w, "digest", peer->host);
	jw_member_date(w, "created_at", peer->decided_ms);
	jw_member_str(w, "severity", str_of(severity_of(peer)));
	jw_member_bool(w, "reject_media", (peer->flags & PEER_REJECT_MEDIA) != 0);
	jw_member_bool(w, "reject_reports", (peer->flags & PEER_REJECT_REPORTS) != 0);
	jw_member_nullable(w, "private_comment", peer->note);
	jw_member_nullable(w, "public_comment", peer->public_note);
	jw_member_bool(w, "obfuscate", (peer->flags & PEER_OBFUSCATE) != 0);
	jw_end(w);
}

void render_domain_allow(struct jw *w, const struct peer *peer)
{
	jw_object(w);
	jw_member_id(w, "id", peer->decision);
	jw_member_str(w, "domain", peer->host);
	jw_member_date(w, "created_at", peer->decided_ms);
	jw_end(w);
}

/* --- addresses --- */

static void render_email_domain(struct jw *w, const struct bar *bar)
{
	jw_member_str(w, "domain", bar->value);
	jw_member_date(w, "created_at", bar->created_ms);
	jw_member_bool(w, "allow_with_approval", bar->severity == BAR_SIGN_UP_APPROVAL);
	jw_name(w, "history");
	jw_array(w);
	jw_end(w);
}

static void render_ip(struct jw *w, const struct bar *bar)
{
	static const char *const severities[] = {
		[BAR_SIGN_UP_APPROVAL] = "sign_up_requires_approval",
		[BAR_SIGN_UP_BLOCK] = "sign_up_block",
		[BAR_NO_ACCESS] = "no_access",
	};
	jw_member_str(w, "ip", bar->value);
	jw_member_str(w, "severity", str_of(severities[bar->severity]));
	jw_member_str(w, "comment", bar->comment);
	jw_member_date(w, "created_at", bar->created_ms);
	jw_name(w, "expires_at");
	if (bar->expires_ms != 0)
		jw_date(w, bar->expires_ms);
	else
		jw_null(w);
}

void render_bar(struct jw *w, const struct bar *bar)
{
	jw_object(w);
	jw_member_id(w, "id", bar->id);
	switch (bar->kind) {
	case BAR_EMAIL_DOMAIN:
		render_email_domain(w, bar);
		break;
	case BAR_EMAIL_CANONICAL:
		jw_member_str(w, "canonical_email_hash", bar->value);
		break;
	case BAR_IP:
		render_ip(w, bar);
		break;
	}
	jw_end(w);
}
