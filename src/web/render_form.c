/* The pieces of pages with forms, which work without a script. Pure. */
#include "page.h"
#include "sign_in_int.h"

void form_page_begin(struct buf *out, const struct web *web, enum word title)
{
	const struct page_head head = { .title = word(title), .type = "website", .hidden = true };
	page_begin(out, web, &head);
	tag(out, "<section class=\"card sign-in\">\n<h1>");
	html_add_text(out, word(title));
	tag(out, "</h1>\n");
}

void form_desk_begin(struct buf *out, const struct web *web, struct str title, bool changed,
		     struct str complaint)
{
	const struct page_head head = { .title = title, .type = "website", .hidden = true };
	page_begin(out, web, &head);
	tag(out, "<section class=\"card sign-in office\">\n<h1>");
	html_add_text(out, title);
	tag(out, "</h1>\n");
	if (changed) {
		tag(out, "<p role=\"status\">");
		html_add_text(out, word(W_CHANGED));
		tag(out, "</p>\n");
	}
	if (complaint.len == 0)
		return;
	tag(out, "<p class=\"complaint\" role=\"alert\">");
	html_add_text(out, complaint);
	tag(out, "</p>\n");
}

void form_page_end(struct buf *out, const struct web *web)
{
	tag(out, "</section>\n");
	page_end(out, web);
}

void form_complaint(struct buf *out, enum word complaint)
{
	if (complaint == W_LANGUAGE)
		return;
	tag(out, "<p class=\"complaint\" role=\"alert\">");
	html_add_text(out, word(complaint));
	tag(out, "</p>\n");
}

void form_text(struct buf *out, enum word text)
{
	tag(out, "<p>");
	html_add_text(out, word(text));
	tag(out, "</p>\n");
}

/* attributes: of a passkey's form those that the script reads, or of one with files its type; "": none. */
static void open_form(struct buf *out, const struct consent_view *view, const char *step,
		      const char *attributes)
{
	tag(out, "<form method=\"post\" action=\"");
	html_add_text(out, str_of(view->path));
	if (view->query.len != 0) {
		tag(out, "?");
		html_add_text(out, view->query);
	}
	tag(out, "\"");
	tag(out, attributes);
	if (view->passkey.len != 0 && attributes[0] != '\0') {
		page_attribute(out, "data-options", view->passkey);
		page_attribute(out, "data-failed", word(W_PASSKEY_FAILED));
	}
	tag(out, ">\n");
	form_hidden(out, "step", str_of(step));
	form_hidden(out, "token", view->token);
}

void form_open(struct buf *out, const struct consent_view *view, const char *step)
{
	open_form(out, view, step, "");
}

void form_open_files(struct buf *out, const struct consent_view *view, const char *step)
{
	open_form(out, view, step, " enctype=\"multipart/form-data\"");
}

void form_hidden(struct buf *out, const char *name, struct str value)
{
	tag(out, "<input type=\"hidden\"");
	page_attribute(out, "name", str_of(name));
	page_attribute(out, "value", value);
	tag(out, ">\n");
}

void form_field(struct buf *out, enum word label, const char *name, const char *attributes,
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

void form_username(struct buf *out, struct str name)
{
	tag(out, "<input type=\"text\" name=\"username\" autocomplete=\"username\" hidden");
	page_attribute(out, "value", name);
	tag(out, ">\n");
}

void form_button(struct buf *out, enum word label, const char *class)
{
	tag(out, "<button type=\"submit\"");
	page_attribute(out, "class", str_of(class));
	tag(out, ">");
	html_add_text(out, word(label));
	tag(out, "</button>\n");
}

void form_close(struct buf *out)
{
	tag(out, "</form>\n");
}

void form_open_passkey(struct buf *out, const struct consent_view *view, const char *step,
		       const char *act)
{
	tag(out, "<noscript><p>");
	html_add_text(out, word(W_PASSKEY_SCRIPT));
	tag(out, "</p></noscript>\n<script src=\"/passkey.js\" defer></script>\n");
	open_form(out, view, step, act);
	form_hidden(out, "answer", STR(""));
	tag(out, "<p class=\"complaint\" role=\"alert\" hidden></p>\n");
}

void form_id(struct buf *out, const char *name, uint64_t id)
{
	struct buf digits CLEANUP(buf_free) = BUF_INIT(32);
	buf_add_u64(&digits, id);
	form_hidden(out, name, buf_str(&digits));
}

/* A label around its field: no id is needed, of which a page must have none twice. */
void form_label(struct buf *out, enum word label)
{
	tag(out, "<p><label>");
	html_add_text(out, word(label));
	tag(out, "\n");
}

void form_input(struct buf *out, enum word label, const char *name, const char *attributes,
		struct str value)
{
	form_label(out, label);
	tag(out, "<input");
	page_attribute(out, "name", str_of(name));
	tag(out, " ");
	tag(out, attributes);
	page_attribute(out, "value", value);
	tag(out, "></label></p>\n");
}

void form_area(struct buf *out, enum word label, const char *name, struct str value)
{
	form_label(out, label);
	tag(out, "<textarea rows=\"4\"");
	page_attribute(out, "name", str_of(name));
	/* the first line end behind the tag is no part of the text (HTML, section 4.10.11) */
	tag(out, ">\n");
	html_add_text(out, value);
	tag(out, "</textarea></label></p>\n");
}

void form_picture(struct buf *out, enum word label, const char *name)
{
	form_label(out, label);
	tag(out, "<input type=\"file\" accept=\"image/*\"");
	page_attribute(out, "name", str_of(name));
	tag(out, "></label></p>\n");
}

void form_check(struct buf *out, enum word label, const char *name, bool ticked)
{
	tag(out, "<p><label class=\"choice\"><input type=\"checkbox\" value=\"1\"");
	page_attribute(out, "name", str_of(name));
	tag(out, ticked ? " checked> " : "> ");
	html_add_text(out, word(label));
	tag(out, "</label></p>\n");
}

void form_option(struct buf *out, struct str value, struct str text, bool chosen)
{
	tag(out, "<option");
	page_attribute(out, "value", value);
	tag(out, chosen ? " selected>" : ">");
	html_add_text(out, text);
	tag(out, "</option>\n");
}

void form_small(struct buf *out, enum word w)
{
	tag(out, "<p class=\"soft\">");
	html_add_text(out, word(w));
	tag(out, "</p>\n");
}

void form_fold(struct buf *out, enum word title)
{
	tag(out, "<details>\n<summary>");
	html_add_text(out, word(title));
	tag(out, "</summary>\n");
}

void form_fold_end(struct buf *out)
{
	tag(out, "</details>\n");
}

void form_act(struct buf *out, const struct consent_view *form, const char *step, const char *name,
	      uint64_t id, enum word label, const char *class)
{
	form_open(out, form, step);
	form_id(out, name, id);
	form_button(out, label, class);
	form_close(out);
}
