/* The pages of sign-in and consent: plain forms, which work without a script. Pure. */
#include "page.h"
#include "sign_in_int.h"

static void begin(struct buf *out, const struct web *web, enum word title)
{
	const struct page_head head = { .title = word(title), .type = "website", .hidden = true };
	page_begin(out, web, &head);
	tag(out, "<section class=\"card sign-in\">\n<h1>");
	html_add_text(out, word(title));
	tag(out, "</h1>\n");
}

static void end(struct buf *out, const struct web *web)
{
	tag(out, "</section>\n");
	page_end(out, web);
}

static void open_form(struct buf *out, const struct consent_view *view, const char *step)
{
	tag(out, "<form method=\"post\" action=\"/oauth/authorize?");
	html_add_text(out, view->query);
	tag(out, "\">\n<input type=\"hidden\" name=\"step\"");
	page_attribute(out, "value", str_of(step));
	tag(out, ">\n<input type=\"hidden\" name=\"token\"");
	page_attribute(out, "value", view->token);
	tag(out, ">\n");
}

static void add_field(struct buf *out, enum word label, const char *name, const char *attributes,
		      struct str value)
{
	tag(out, "<p><label for=\"");
	tag(out, name);
	tag(out, "\">");
	html_add_text(out, word(label));
	tag(out, "</label>\n<input id=\"");
	tag(out, name);
	tag(out, "\" name=\"");
	tag(out, name);
	tag(out, "\" ");
	tag(out, attributes);
	page_attribute(out, "value", value);
	tag(out, "></p>\n");
}

static void add_button(struct buf *out, enum word label, const char *class)
{
	tag(out, "<button type=\"submit\"");
	page_attribute(out, "class", str_of(class));
	tag(out, ">");
	html_add_text(out, word(label));
	tag(out, "</button>\n");
}

void render_sign_in(struct buf *out, const struct web *web, const struct consent_view *view)
{
	begin(out, web, W_SIGN_IN);
	tag(out, "<p>");
	word_fill(out, W_SIGN_IN_FOR, view->app->name);
	tag(out, "</p>\n");
	if (view->complaint != W_LANGUAGE) {
		tag(out, "<p class=\"complaint\" role=\"alert\">");
		html_add_text(out, word(view->complaint));
		tag(out, "</p>\n");
	}
	open_form(out, view, "sign_in");
	add_field(out, W_USER_NAME, "login",
		  "type=\"text\" autocomplete=\"username\" autocapitalize=\"none\" "
		  "spellcheck=\"false\" maxlength=\"320\" required",
		  view->login);
	add_field(out, W_PASSWORD, "password",
		  "type=\"password\" autocomplete=\"current-password\" maxlength=\"256\" required",
		  STR(""));
	add_button(out, W_SIGN_IN, "main");
	tag(out, "</form>\n");
	end(out, web);
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

void render_consent(struct buf *out, const struct web *web, const struct consent_view *view)
{
	begin(out, web, W_CONSENT);
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
	open_form(out, view, "consent");
	add_button(out, W_ALLOW, "main");
	tag(out, "</form>\n");
	open_form(out, view, "deny");
	add_button(out, W_DENY, "quiet");
	tag(out, "</form>\n");
	open_form(out, view, "switch");
	add_button(out, W_SWITCH, "quiet");
	tag(out, "</form>\n");
	end(out, web);
}

void render_code(struct buf *out, const struct web *web, struct str code)
{
	begin(out, web, W_CODE);
	tag(out, "<p>");
	html_add_text(out, word(W_CODE_MORE));
	tag(out, "</p>\n<p><code class=\"code\" dir=\"ltr\">");
	html_add_text(out, code);
	tag(out, "</code></p>\n");
	end(out, web);
}

void render_refusal(struct buf *out, const struct web *web, struct str why)
{
	begin(out, web, W_REFUSED);
	tag(out, "<p>");
	html_add_text(out, why);
	tag(out, "</p>\n");
	end(out, web);
}
