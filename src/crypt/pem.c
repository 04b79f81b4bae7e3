/*
 * PEM (RFC 7468): one block and nothing but white space around it. No headers, no text in front, no
 * second block: what a reader could pick from is ambiguous. Stateless, any thread.
 */
#include "core/enc.h"
#include "key_int.h"

#define LINE_LENGTH 64

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The part of *text up to the next five dashes; *text goes on behind them. */
static bool take_to_dashes(struct str *text, struct str *part)
{
	size_t end = str_find(*text, STR("-----"));
	if (end == text->len)
		return false;
	*part = str_take(*text, end);
	*text = str_skip(*text, end + 5);
	return true;
}

/* "-----BEGIN label-----", which *text must start with; "END" likewise. */
static bool take_boundary(struct str *text, struct str verb, struct str *label)
{
	struct str nothing;
	if (!take_to_dashes(text, &nothing) || nothing.len != 0 || !str_has_prefix(*text, verb))
		return false;
	*text = str_skip(*text, verb.len);
	return take_to_dashes(text, label);
}

/* RFC 7468 section 3, figure 2: white space anywhere between the characters. */
static bool decode_body(struct str body, struct buf *der)
{
	struct buf text = BUF_INIT(2 * KEY_MAX_DER);
	for (size_t i = 0; i < body.len; i++) {
		char c = body.ptr[i];
		if (c == '-' || c == '_') {
			buf_free(&text);
			return false;
		}
		if (!is_space(c))
			buf_add_chr(&text, c);
	}
	bool ok = text.len != 0 && enc_unbase64(der, buf_str(&text));
	buf_free(&text);
	return ok;
}

enum rc pem_read(struct err *err, struct str pem, struct str *label, struct buf *der)
{
	struct str text = str_trim(pem), end_label;
	if (pem.len > KEY_MAX_DER)
		return err_set(err, RC_INVALID, "the key's PEM is larger than 8 KiB");
	if (!take_boundary(&text, STR("BEGIN "), label))
		return err_set(err, RC_INVALID, "the key is not PEM");
	size_t body_len = str_find(text, STR("-----"));
	struct str body = str_take(text, body_len);
	text = str_skip(text, body_len);
	if (!take_boundary(&text, STR("END "), &end_label) || !str_eq(*label, end_label))
		return err_set(err, RC_INVALID, "the key's PEM does not end");
	if (text.len != 0)
		return err_set(err, RC_INVALID, "the PEM holds more than one key");
	if (!decode_body(body, der))
		return err_set(err, RC_INVALID, "the key's PEM is not base64");
	return RC_OK;
}

void pem_add(struct buf *out, struct str label, struct str der)
{
	struct buf text = BUF_INIT(2 * KEY_MAX_DER);
	enc_base64(&text, der);
	buf_addf(out, "-----BEGIN %.*s-----\n", STR_ARG(label));
	for (struct str rest = buf_str(&text); rest.len != 0; rest = str_skip(rest, LINE_LENGTH)) {
		buf_add(out, str_take(rest, LINE_LENGTH));
		buf_add_chr(out, '\n');
	}
	buf_addf(out, "-----END %.*s-----\n", STR_ARG(label));
	buf_free(&text);
}
