/* The page of one's own account: plain forms. Pure. */
#include <stdio.h>

#include "account_int.h"
#include "page.h"
#include "qr.h"

static void heading(struct buf *out, enum word w)
{
	tag(out, "<h2>");
	html_add_text(out, word(w));
	tag(out, "</h2>\n");
}

/* A password, and for those who keep it whose it is. */
static void password_field(struct buf *out, const struct account_page *page, const char *name)
{
	form_username(out, page->handle);
	form_field(out, W_PASSWORD_NOW, name,
		   "type=\"password\" autocomplete=\"current-password\" maxlength=\"256\" required",
		   STR(""));
}

static void filled(struct buf *out, enum word w, struct str with)
{
	tag(out, "<p>");
	word_fill(out, w, with);
	tag(out, "</p>\n");
}

/* A form whose act needs the password once more: what a browser left open cannot change. */
static void password_form(struct buf *out, const struct account_page *page, const char *step,
			  const char *id, enum word button)
{
	form_open(out, &page->form, step);
	password_field(out, page, id);
	form_button(out, button, "quiet");
	form_close(out);
}

static void add_email(struct buf *out, const struct account_page *page)
{
	const struct account_secrets *s = &page->secrets;
	heading(out, W_EMAIL);
	if (s->email.len == 0)
		form_text(out, W_ADDRESS_NONE);
	else
		filled(out, s->confirmed_ms != 0 ? W_ADDRESS_CONFIRMED : W_ADDRESS_WAITS, s->email);
	if (s->email_next.len != 0)
		filled(out, W_ADDRESS_WAITS, s->email_next);
	form_open(out, &page->form, "email");
	form_field(out, W_EMAIL, "email",
		   "type=\"email\" autocomplete=\"email\" maxlength=\"254\" required", STR(""));
	password_field(out, page, "password-email");
	form_button(out, W_ADDRESS_CHANGE, "quiet");
	form_close(out);
}

static void add_password(struct buf *out, const struct account_page *page)
{
	heading(out, W_PASSWORD);
	form_open(out, &page->form, "password");
	password_field(out, page, "password-password");
	form_field(out, W_PASSWORD_NEW, "new",
		   "type=\"password\" autocomplete=\"new-password\" minlength=\"8\" "
		   "maxlength=\"256\" required",
		   STR(""));
	form_button(out, W_CHANGE, "quiet");
	form_close(out);
}

static void add_totp(struct buf *out, const struct account_page *page)
{
	if (!page->factors.totp) {
		password_form(out, page, "totp_begin", "password-totp_begin", W_TOTP_SET);
		return;
	}
	form_text(out, W_TOTP_ON);
	form_open(out, &page->form, "totp_remove");
	password_field(out, page, "password-totp_remove");
	form_field(out, W_FACTOR_CODE, "code",
		   "type=\"text\" autocomplete=\"one-time-code\" maxlength=\"20\" required",
		   STR(""));
	form_button(out, W_TOTP_REMOVE, "quiet");
	form_close(out);
}

static void add_passkeys(struct buf *out, const struct account_page *page)
{
	for (size_t i = 0; i < page->passkey_count; i++) {
		const struct passkey *p = &page->passkeys[i];
		char id[24];
		struct buf field CLEANUP(buf_free) = BUF_INIT(64);
		buf_addf(&field, "password-passkey_remove-%zu", i);
		snprintf(id, sizeof(id), "%llu", (unsigned long long)p->id);
		tag(out, "<h3>");
		html_add_text(out, p->name.len != 0 ? p->name : word(W_PASSKEYS));
		tag(out, "</h3>\n");
		form_open(out, &page->form, "passkey_remove");
		form_hidden(out, "id", str_of(id));
		form_hidden(out, "field", buf_str(&field));
		password_field(out, page, field.ptr);
		form_button(out, W_PASSKEY_REMOVE, "quiet");
		form_close(out);
	}
	password_form(out, page, "passkey_add", "password-passkey_add", W_PASSKEY_ADD);
}

static void add_factors(struct buf *out, const struct account_page *page)
{
	heading(out, W_FACTORS);
	form_text(out, W_FACTORS_MORE);
	add_totp(out, page);
	heading(out, W_PASSKEYS);
	add_passkeys(out, page);
	if (!factor_is_needed(&page->factors))
		return;
	heading(out, W_RECOVERY);
	tag(out, "<p>");
	word_count(out, W_RECOVERY_LEFT_ONE, W_RECOVERY_LEFT_MANY, page->factors.recovery_codes);
	tag(out, "</p>\n");
	password_form(out, page, "recovery", "password-recovery", W_RECOVERY_RENEW);
}

static void page_to(struct buf *out, const char *path, enum word name)
{
	tag(out, "<p><a");
	page_attribute(out, "href", str_of(path));
	tag(out, ">");
	html_add_text(out, word(name));
	tag(out, "</a></p>\n");
}

void render_account_page(struct buf *out, const struct web *web, const struct account_page *page)
{
	form_page_begin(out, web, W_ACCOUNT);
	tag(out, "<p class=\"handle\" dir=\"ltr\">@");
	html_add_text(out, page->handle);
	tag(out, "</p>\n");
	if (page->changed) {
		tag(out, "<p role=\"status\">");
		html_add_text(out, word(W_CHANGED));
		tag(out, "</p>\n");
	}
	form_complaint(out, page->complaint);
	page_to(out, "/auth/teams", W_TEAMS);
	page_to(out, "/auth/communities", W_OFFICES);
	page_to(out, "/auth/events", W_EVENTS);
	if (page->moderates)
		page_to(out, "/auth/moderation", W_DESK);
	form_open(out, &page->form, "sign_out");
	form_button(out, W_SIGN_OUT, "quiet");
	form_close(out);
	page_to(out, "/disputes/strikes", W_STRIKES);
	page_to(out, "/severed_relationships", W_SEVERED);
	add_email(out, page);
	add_password(out, page);
	add_factors(out, page);
	form_page_end(out, web);
}

static void back_link(struct buf *out)
{
	tag(out, "<p><a href=\"/auth/account\">");
	html_add_text(out, word(W_BACK));
	tag(out, "</a></p>\n");
}

void render_totp(struct buf *out, const struct web *web, const struct account_page *page,
		 struct str key, struct str link)
{
	form_page_begin(out, web, W_TOTP_SET);
	form_complaint(out, page->complaint);
	form_text(out, W_TOTP_SET_MORE);
	/* the link below says the same to whom there is no picture for */
	if (qr_add_svg(out, link, word(W_TOTP_PICTURE)) == RC_NO_MEMORY)
		buf_fail(out);
	tag(out, "<p><a rel=\"nofollow\"");
	page_attribute(out, "href", link);
	tag(out, ">");
	html_add_text(out, word(W_TOTP_LINK));
	tag(out, "</a></p>\n<p>");
	html_add_text(out, word(W_TOTP_KEY));
	tag(out, " <code class=\"code\" dir=\"ltr\">");
	html_add_text(out, key);
	tag(out, "</code></p>\n");
	form_open(out, &page->form, "totp_confirm");
	form_field(out, W_FACTOR_CODE, "code",
		   "type=\"text\" inputmode=\"numeric\" autocomplete=\"one-time-code\" "
		   "maxlength=\"10\" required",
		   STR(""));
	form_button(out, W_TOTP_SET, "main");
	form_close(out);
	back_link(out);
	form_page_end(out, web);
}

void render_passkey_add(struct buf *out, const struct web *web, const struct account_page *page)
{
	form_page_begin(out, web, W_PASSKEY_ADD);
	form_text(out, W_PASSKEY_ADD_MORE);
	form_open_passkey(out, &page->form, "passkey_made", " data-passkey=\"create\" hidden");
	form_field(out, W_PASSKEY_NAME, "name", "type=\"text\" maxlength=\"50\" required", STR(""));
	form_button(out, W_PASSKEY_ADD, "main");
	form_close(out);
	back_link(out);
	form_page_end(out, web);
}

void render_recovery(struct buf *out, const struct web *web, const struct recovery_codes *codes)
{
	form_page_begin(out, web, W_RECOVERY);
	form_text(out, W_RECOVERY_MORE);
	tag(out, "<ul class=\"rights\" dir=\"ltr\">\n");
	for (unsigned i = 0; i < RECOVERY_CODES; i++) {
		tag(out, "<li><code>");
		html_add_text(out, codes->text[i]);
		tag(out, "</code></li>\n");
	}
	tag(out, "</ul>\n");
	back_link(out);
	form_page_end(out, web);
}
