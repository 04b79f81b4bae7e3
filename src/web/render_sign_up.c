/* The pages of signing up: plain forms, which work without a script. Pure. */
#include "page.h"
#include "sign_up_int.h"

/* --- what is wrong, in words --- */

static const struct {
	enum sign_up_field field;
	const char *code; /* NULL: whatever it is */
	enum word word;
} complaints[] = {
	{ SIGN_UP_AGREEMENT, NULL, W_AGREE_FAULT },
	{ SIGN_UP_PASSWORD, "ERR_INVALID", W_PASSWORD_WEAK },
	{ SIGN_UP_PASSWORD, NULL, W_PASSWORD_SHORT },
	{ SIGN_UP_USERNAME, "ERR_BLANK", W_FILL_IN },
	{ SIGN_UP_USERNAME, "ERR_RESERVED", W_NAME_RESERVED },
	{ SIGN_UP_USERNAME, "ERR_TAKEN", W_NAME_TAKEN },
	{ SIGN_UP_USERNAME, NULL, W_NAME_RULE },
	{ SIGN_UP_EMAIL, "ERR_BLANK", W_FILL_IN },
	{ SIGN_UP_EMAIL, "ERR_BLOCKED", W_ADDRESS_BARRED },
	{ SIGN_UP_EMAIL, NULL, W_ADDRESS_WRONG },
	{ SIGN_UP_REASON, "ERR_BLANK", W_FILL_IN },
	{ SIGN_UP_REASON, NULL, W_REASON_RULE },
	{ SIGN_UP_DATE_OF_BIRTH, "ERR_BLANK", W_FILL_IN },
	{ SIGN_UP_DATE_OF_BIRTH, "ERR_BELOW_LIMIT", W_BIRTH_YOUNG },
	{ SIGN_UP_DATE_OF_BIRTH, NULL, W_BIRTH_WRONG },
};

static const struct sign_up_fault *fault_of(const struct sign_up_view *view,
					    enum sign_up_field field)
{
	for (unsigned i = 0; i < view->faults.count; i++) {
		if (view->faults.list[i].field == field)
			return &view->faults.list[i];
	}
	return NULL;
}

static enum word word_of(const struct sign_up_fault *fault)
{
	for (size_t i = 0; i < ARRAY_LEN(complaints); i++) {
		if (complaints[i].field == fault->field &&
		    (complaints[i].code == NULL || strcmp(complaints[i].code, fault->code) == 0))
			return complaints[i].word;
	}
	return W_FILL_IN;
}

/* --- fields: a label, what is said about it, what is wrong with it --- */

struct field {
	enum sign_up_field field;
	enum word label;
	const char *open; /* "<input type=\"text\"" */
	struct str value;
	enum word hint; /* W_LANGUAGE: none */
	struct str hint_with;
};

static void add_fault(struct buf *out, const struct sign_up_view *view, enum sign_up_field field)
{
	const struct sign_up_fault *fault = fault_of(view, field);
	if (fault == NULL)
		return;
	buf_addf(out, "<span class=\"fault\" id=\"%s-fault\">", sign_up_field_name(field));
	html_add_text(out, word(word_of(fault)));
	tag(out, "</span>\n");
}

/* WCAG 2.2, 3.3.1: what is wrong is said by its field, and belongs to it. */
static void add_described(struct buf *out, const struct sign_up_view *view,
			  enum sign_up_field field, bool hint)
{
	const char *name = sign_up_field_name(field);
	bool wrong = fault_of(view, field) != NULL;
	if (wrong)
		tag(out, " aria-invalid=\"true\"");
	if (wrong && hint)
		buf_addf(out, " aria-describedby=\"%s-hint %s-fault\"", name, name);
	else if (wrong || hint)
		buf_addf(out, " aria-describedby=\"%s-%s\"", name, wrong ? "fault" : "hint");
}

static void begin_field(struct buf *out, const struct field *f)
{
	buf_addf(out, "<p class=\"field\"><label for=\"%s\">", sign_up_field_name(f->field));
	html_add_text(out, word(f->label));
	tag(out, "</label>\n");
}

static void end_field(struct buf *out, const struct sign_up_view *view, const struct field *f)
{
	if (f->hint != W_LANGUAGE) {
		buf_addf(out, "<span class=\"hint\" id=\"%s-hint\">", sign_up_field_name(f->field));
		word_fill(out, f->hint, f->hint_with);
		tag(out, "</span>\n");
	}
	add_fault(out, view, f->field);
	tag(out, "</p>\n");
}

static void add_input(struct buf *out, const struct sign_up_view *view, const struct field *f)
{
	const char *name = sign_up_field_name(f->field);
	begin_field(out, f);
	buf_addf(out, "%s id=\"%s\" name=\"%s\"", f->open, name, name);
	add_described(out, view, f->field, f->hint != W_LANGUAGE);
	if (f->value.len != 0)
		page_attribute(out, "value", f->value);
	tag(out, ">\n");
	end_field(out, view, f);
}

static void add_reason(struct buf *out, const struct sign_up_view *view)
{
	bool required = view->settings->reason_required;
	const struct field f = { .field = SIGN_UP_REASON,
				 .label = required ? W_REASON : W_REASON_OPTIONAL,
				 .hint = W_REASON_RULE };
	if (!view->approval)
		return;
	begin_field(out, &f);
	tag(out, "<textarea id=\"reason\" name=\"reason\" rows=\"4\" maxlength=\"420\"");
	if (required)
		tag(out, " required");
	add_described(out, view, f.field, true);
	tag(out, ">\n"); /* the first line end is none of the text */
	html_add_text(out, view->ask.reason);
	tag(out, "</textarea>\n");
	end_field(out, view, &f);
}

static void add_birth(struct buf *out, const struct sign_up_view *view)
{
	struct buf years CLEANUP(buf_free) = BUF_INIT(32);
	if (view->settings->min_age == 0)
		return;
	buf_add_u64(&years, view->settings->min_age);
	const struct field f = { .field = SIGN_UP_DATE_OF_BIRTH,
				 .label = W_BIRTH,
				 .open = "<input type=\"date\" autocomplete=\"bday\" "
					 "min=\"1900-01-01\" required",
				 .value = view->ask.date_of_birth,
				 .hint = W_BIRTH_RULE,
				 .hint_with = buf_str(&years) };
	add_input(out, view, &f);
}

static void add_fields(struct buf *out, const struct sign_up_view *view)
{
	const struct field fields[] = {
		{ .field = SIGN_UP_USERNAME,
		  .label = W_USER_NAME,
		  .open = "<input type=\"text\" autocomplete=\"username\" autocapitalize=\"none\" "
			  "spellcheck=\"false\" maxlength=\"30\" pattern=\"[A-Za-z0-9_]+\" "
			  "required",
		  .value = view->ask.username,
		  .hint = W_NAME_RULE },
		{ .field = SIGN_UP_EMAIL,
		  .label = W_EMAIL,
		  .open = "<input type=\"email\" autocomplete=\"email\" maxlength=\"254\" required",
		  .value = view->ask.email,
		  .hint = W_EMAIL_RULE },
		{ .field = SIGN_UP_PASSWORD,
		  .label = W_PASSWORD,
		  .open = "<input type=\"password\" autocomplete=\"new-password\" minlength=\"8\" "
			  "maxlength=\"256\" required",
		  .hint = W_PASSWORD_RULE },
	};
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		add_input(out, view, &fields[i]);
	add_birth(out, view);
	add_reason(out, view);
}

/* --- rules and terms --- */

static void add_rules(struct buf *out, const struct sign_up_view *view)
{
	if (view->rule_count == 0)
		return;
	page_heading(out, W_RULES);
	tag(out, "<ol class=\"rules\">\n");
	for (size_t i = 0; i < view->rule_count; i++) {
		tag(out, "<li>");
		html_add_text(out, view->rules[i].text);
		if (view->rules[i].hint.len != 0) {
			tag(out, "<br><span class=\"hint\">");
			html_add_text(out, view->rules[i].hint);
			tag(out, "</span>");
		}
		tag(out, "</li>\n");
	}
	tag(out, "</ol>\n");
}

static void add_document(struct buf *out, enum word title, struct html text)
{
	if (text.markup.len == 0)
		return;
	tag(out, "<details class=\"document\"><summary>");
	html_add_text(out, word(title));
	tag(out, "</summary>\n<div class=\"text\">");
	buf_add(out, text.markup);
	tag(out, "</div></details>\n");
}

static void add_agreement(struct buf *out, const struct sign_up_view *view)
{
	bool something = view->rule_count != 0 || view->terms.markup.len != 0 ||
			 view->privacy.markup.len != 0;
	tag(out, "<p class=\"field agree\"><input type=\"checkbox\" id=\"agreement\" "
		 "name=\"agreement\" value=\"1\" required");
	if (view->ask.agreed)
		tag(out, " checked");
	add_described(out, view, SIGN_UP_AGREEMENT, false);
	tag(out, ">\n<label for=\"agreement\">");
	html_add_text(out, word(something ? W_AGREE : W_AGREE_PLAIN));
	tag(out, "</label>\n");
	add_fault(out, view, SIGN_UP_AGREEMENT);
	tag(out, "</p>\n");
}

/* --- pages --- */

void render_sign_up(struct buf *out, const struct web *web, const struct sign_up_view *view)
{
	form_page_begin(out, web, W_SIGN_UP);
	tag(out, "<p>");
	word_fill(out, W_SIGN_UP_MORE, web->site->domain);
	tag(out, "</p>\n");
	if (view->approval)
		form_text(out, W_SIGN_UP_APPROVAL);
	form_complaint(out, view->faults.count != 0 ? W_LOOK_AGAIN : view->form.complaint);
	form_open(out, &view->form, "sign_up");
	add_fields(out, view);
	add_rules(out, view);
	add_document(out, W_TERMS, view->terms);
	add_document(out, W_PRIVACY, view->privacy);
	add_agreement(out, view);
	form_button(out, W_SIGN_UP, "main");
	form_close(out);
	tag(out, "<p><a href=\"/auth/account\">");
	html_add_text(out, word(W_SIGN_IN));
	tag(out, "</a></p>\n");
	form_page_end(out, web);
}

void render_sign_up_closed(struct buf *out, const struct web *web)
{
	const struct sign_up_settings *settings = web->reception->settings;
	bool elsewhere = page_is_link(settings->url);
	form_page_begin(out, web, W_SIGN_UP);
	form_text(out, elsewhere ? W_SIGN_UP_ELSEWHERE : W_SIGN_UP_CLOSED);
	if (settings->message.len != 0) {
		tag(out, "<p class=\"lead\">");
		html_add_text(out, settings->message);
		tag(out, "</p>\n");
	}
	if (elsewhere) {
		tag(out, "<p>");
		page_link_out(out, settings->url, "nofollow");
		html_add_text(out, word(W_SIGN_UP_LINK));
		tag(out, "</a></p>\n");
	}
	form_page_end(out, web);
}

void render_sign_up_sent(struct buf *out, const struct web *web, struct str email, bool approval)
{
	form_page_begin(out, web, W_SENT);
	tag(out, "<p>");
	word_fill(out, W_SIGN_UP_SENT, email);
	tag(out, "</p>\n");
	form_text(out, approval ? W_SIGN_UP_THEN_WAIT : W_SIGN_UP_THEN_READY);
	form_text(out, W_SIGN_UP_NOTHING);
	tag(out, "<p><a href=\"/auth/account\">");
	html_add_text(out, word(W_SIGN_IN));
	tag(out, "</a></p>\n");
	form_page_end(out, web);
}

void render_waiting(struct buf *out, const struct web *web, const struct consent_view *form,
		    unsigned flags, struct str email)
{
	form_page_begin(out, web, W_WAITING);
	form_complaint(out, form->complaint);
	if ((flags & ACCOUNT_UNCONFIRMED) == 0) {
		form_text(out, W_WAITING_APPROVAL);
		form_page_end(out, web);
		return;
	}
	tag(out, "<p>");
	word_fill(out, W_WAITING_CONFIRM, email);
	tag(out, "</p>\n");
	form_text(out, W_WAITING_AGAIN);
	form_open(out, form, "letter");
	form_hidden(out, "pending", form->pending);
	form_field(out, W_EMAIL, "email",
		   "type=\"email\" autocomplete=\"email\" maxlength=\"254\" required", email);
	form_button(out, W_SEND, "main");
	form_close(out);
	form_page_end(out, web);
}

void form_sign_up_link(struct buf *out, const struct web *web)
{
	const struct sign_up_settings *settings = web->reception->settings;
	if (settings->mode == SIGN_UP_CLOSED && !page_is_link(settings->url))
		return;
	tag(out, "<p><a href=\"/auth/sign_up\">");
	html_add_text(out, word(W_SIGN_UP));
	tag(out, "</a></p>\n");
}
