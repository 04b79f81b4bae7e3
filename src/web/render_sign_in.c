/* The pages of sign-in and consent: plain forms, which work without a script. Pure. */
#include "page.h"
#include "sign_in_int.h"

void render_sign_in(struct buf *out, const struct web *web, const struct consent_view *view)
{
	form_page_begin(out, web, W_SIGN_IN);
	if (view->app != NULL) {
		tag(out, "<p>");
		word_fill(out, W_SIGN_IN_FOR, view->app->name);
		tag(out, "</p>\n");
	}
	form_complaint(out, view->complaint);
	form_open(out, view, "sign_in");
	form_field(out, W_USER_NAME, "login",
		   "type=\"text\" autocomplete=\"username\" autocapitalize=\"none\" "
		   "spellcheck=\"false\" maxlength=\"320\" required",
		   view->login);
	form_field(out, W_PASSWORD, "password",
		   "type=\"password\" autocomplete=\"current-password\" maxlength=\"256\" required",
		   STR(""));
	form_button(out, W_SIGN_IN, "main");
	form_close(out);
	form_open(out, view, "passkey_ask");
	form_button(out, W_PASSKEY_INSTEAD, "quiet");
	form_close(out);
	tag(out, "<p><a href=\"/auth/password\">");
	html_add_text(out, word(W_PASSWORD_LOST));
	tag(out, "</a></p>\n");
	form_sign_up_link(out, web);
	form_page_end(out, web);
}

void render_factor(struct buf *out, const struct web *web, const struct consent_view *view)
{
	form_page_begin(out, web, W_FACTOR);
	form_complaint(out, view->complaint);
	if (view->passkey.len != 0) {
		form_text(out, W_PASSKEY_USE_MORE);
		form_open_passkey(out, view, "passkey", " data-passkey=\"get\" hidden");
		form_hidden(out, "pending", view->pending);
		form_button(out, W_PASSKEY_USE, "main");
		form_close(out);
	}
	if (view->pending.len != 0) {
		form_text(out, W_FACTOR_MORE);
		form_open(out, view, "factor");
		form_hidden(out, "pending", view->pending);
		form_field(out, W_FACTOR_CODE, "code",
			   "type=\"text\" autocomplete=\"one-time-code\" autocapitalize=\"none\" "
			   "spellcheck=\"false\" maxlength=\"20\" required",
			   STR(""));
		form_button(out, W_SIGN_IN, "main");
		form_close(out);
	}
	form_page_end(out, web);
}

/* What the scopes let the application do, in words: one line for what reads, one for what writes. */
static void add_rights(struct buf *out, struct str scopes)
{
	struct str scope;
	tag(out, "<ul class=\"rights\">\n");
	while (str_next(&scopes, ' ', &scope)) {
		if (scope.len == 0)
			continue;
		enum word w = W_MAY_USE;
		if (str_has_prefix(scope, STR("read")))
			w = W_MAY_READ;
		else if (str_has_prefix(scope, STR("write")) || str_eq(scope, STR("follow")))
			w = W_MAY_WRITE;
		else if (str_has_prefix(scope, STR("admin")))
			w = W_MAY_ADMINISTER;
		else if (str_eq(scope, STR("push")))
			w = W_MAY_PUSH;
		else if (str_eq(scope, STR("profile")))
			w = W_MAY_PROFILE;
		tag(out, "<li>");
		html_add_text(out, word(w));
		tag(out, " <code>");
		html_add_text(out, scope);
		tag(out, "</code></li>\n");
	}
	tag(out, "</ul>\n");
}

static void add_choice(struct buf *out, const struct account *a, struct str role, bool chosen)
{
	buf_addf(
		out,
		"<label class=\"choice\"><input type=\"radio\" name=\"account\" value=\"%llu\"%s> ",
		(unsigned long long)a->id, chosen ? " checked" : "");
	page_name(out, a);
	tag(out, " <span class=\"handle\">(");
	if (role.len == 0)
		html_add_text(out, word(W_ACT_AS_SELF));
	else
		word_fill(out, W_ACT_AS_ROLE, role);
	tag(out, ")</span></label>\n");
}

/* Who is in no team has nothing to choose. */
static void add_choices(struct buf *out, const struct consent_view *view)
{
	if (view->team_count == 0)
		return;
	tag(out, "<fieldset class=\"choices\">\n<legend>");
	html_add_text(out, word(W_ACT_AS));
	tag(out, "</legend>\n");
	add_choice(out, view->account, STR(""), true);
	for (size_t i = 0; i < view->team_count; i++)
		add_choice(out, &view->teams[i].account,
			   str_of(team_role_name(view->teams[i].role)), false);
	tag(out, "</fieldset>\n");
}

void render_consent(struct buf *out, const struct web *web, const struct consent_view *view)
{
	form_page_begin(out, web, W_CONSENT);
	tag(out, "<p>");
	word_fill(out, W_CONSENT_FOR, view->app->name);
	tag(out, "</p>\n<p class=\"who\">");
	page_badge(out, view->account);
	tag(out, "<span class=\"names\">");
	page_name(out, view->account);
	tag(out, " <span class=\"handle\" dir=\"ltr\">");
	page_handle(out, web, view->account);
	tag(out, "</span></span></p>\n");
	add_rights(out, view->request->scopes);
	form_open(out, view, "consent");
	add_choices(out, view);
	form_button(out, W_ALLOW, "main");
	form_close(out);
	form_open(out, view, "deny");
	form_button(out, W_DENY, "quiet");
	form_close(out);
	form_open(out, view, "switch");
	form_button(out, W_SWITCH, "quiet");
	form_close(out);
	form_page_end(out, web);
}

void render_code(struct buf *out, const struct web *web, struct str code)
{
	form_page_begin(out, web, W_CODE);
	tag(out, "<p>");
	html_add_text(out, word(W_CODE_MORE));
	tag(out, "</p>\n<p><code class=\"code\" dir=\"ltr\">");
	html_add_text(out, code);
	tag(out, "</code></p>\n");
	form_page_end(out, web);
}

void render_refusal(struct buf *out, const struct web *web, struct str why)
{
	form_page_begin(out, web, W_REFUSED);
	tag(out, "<p>");
	html_add_text(out, why);
	tag(out, "</p>\n");
	form_page_end(out, web);
}
