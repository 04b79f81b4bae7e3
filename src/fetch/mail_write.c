/*
 * Messages as RFC 5322 wants them. What is not ASCII is encoded words in headers (RFC 2047) and
 * quoted-printable in the body (RFC 2045), so that every mail server takes it. Stateless, any thread.
 */
#include "core/date.h"
#include "core/enc.h"
#include "core/utf8.h"
#include "fetch/mail.h"

#define CRLF "\r\n"
#define WORD_BYTES_MAX 45 /* 60 digits of base64: a word stays below 75 (RFC 2047 section 2) */
#define LINE_MAX_QP 76	  /* RFC 2045 section 6.7, rule 5 */
#define LINE_BYTES_MAX 998

static bool is_ascii_line(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] < ' ' || s.ptr[i] > '~')
			return false;
	}
	return true;
}

/* What stands between angle brackets, or makes a message's id: no byte that ends or adds anything. */
static bool is_bare(struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || strchr("<>()[]\\,;:\"", s.ptr[i]) != NULL)
			return false;
	}
	return s.len != 0;
}

/* How many of the first max bytes make whole characters. */
static size_t whole(struct str s, size_t max)
{
	if (s.len <= max)
		return s.len;
	while (max > 0 && ((unsigned char)s.ptr[max] & 0xc0) == 0x80)
		max--;
	return max;
}

/* RFC 2047 section 4.1; several words are parted by what folds the line. */
static void add_words(struct buf *out, struct str text)
{
	bool first = true;
	while (text.len != 0) {
		size_t n = whole(text, WORD_BYTES_MAX);
		/* bytes that are no UTF-8: anywhere is as good */
		if (n == 0)
			n = WORD_BYTES_MAX;
		if (!first)
			buf_add(out, STR(CRLF " "));
		buf_add(out, STR("=?utf-8?B?"));
		enc_base64(out, str_take(text, n));
		buf_add(out, STR("?="));
		text = str_skip(text, n);
		first = false;
	}
}

/* Text of a header: as it is when that is short and plain, else encoded, line ends included. */
static void add_text(struct buf *out, struct str text)
{
	bool looks_encoded = str_contains(text, STR("=?"));
	if (is_ascii_line(text) && text.len <= LINE_MAX_QP - 20 && !looks_encoded)
		buf_add(out, text);
	else
		add_words(out, text);
}

/* A name in front of an address: quoted, or encoded (RFC 5322 section 3.4). */
static void add_name(struct buf *out, struct str name)
{
	bool plain = is_ascii_line(name) && name.len <= LINE_MAX_QP - 20 &&
		     str_index(name, '"') == name.len && str_index(name, '\\') == name.len &&
		     !str_contains(name, STR("=?"));
	if (name.len == 0)
		return;
	if (plain) {
		buf_add_chr(out, '"');
		buf_add(out, name);
		buf_add_chr(out, '"');
	} else {
		add_words(out, name);
	}
	buf_add(out, STR(CRLF " "));
}

static void add_date(struct buf *out, uint64_t now_ms)
{
	struct buf date CLEANUP(buf_free) = BUF_INIT(64);
	date_add_http(&date, now_ms);
	/* RFC 5322 section 4.3: "GMT" is obsolete there */
	buf_add(out, str_take(buf_str(&date), date.len - 3));
	buf_add(out, STR("+0000"));
}

/* --- quoted-printable: RFC 2045 section 6.7 --- */

struct quoted {
	struct buf *out;
	size_t column;
};

static void put(struct quoted *q, const char *piece, size_t len)
{
	/* room for the "=" of a soft line end */
	if (q->column + len > LINE_MAX_QP - 1) {
		buf_add(q->out, STR("=" CRLF));
		q->column = 0;
	}
	buf_add_bytes(q->out, piece, len);
	q->column += len;
}

static void add_byte(struct quoted *q, unsigned char c, bool last_of_line)
{
	static const char digits[] = "0123456789ABCDEF";
	char escaped[3] = { '=', digits[c >> 4], digits[c & 15] };
	char plain = (char)c;
	bool is_blank = c == ' ' || c == '\t';
	/* a dot that begins a line, or "From ", is nothing that a server would mistake */
	bool at_begin = q->column == 0 && (c == '.' || c == 'F');
	if (c == '=' || c > '~' || (c < ' ' && c != '\t') || (is_blank && last_of_line) || at_begin)
		put(q, escaped, sizeof(escaped));
	else
		put(q, &plain, 1);
}

static void add_body(struct buf *out, struct str text)
{
	struct quoted q = { .out = out };
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n') {
			buf_add(out, STR(CRLF));
			q.column = 0;
			continue;
		}
		add_byte(&q, (unsigned char)text.ptr[i],
			 i + 1 == text.len || text.ptr[i + 1] == '\n');
	}
	if (q.column != 0)
		buf_add(out, STR(CRLF));
}

static void add_headers(struct buf *out, const struct mail_sender *sender, const struct mail *mail,
			uint64_t now_ms)
{
	struct str domain = str_skip(sender->from, str_rindex(sender->from, '@') + 1);
	buf_add(out, STR("Date: "));
	add_date(out, now_ms);
	buf_add(out, STR(CRLF "From: "));
	add_name(out, sender->name);
	buf_addf(out, "<%.*s>" CRLF, STR_ARG(sender->from));
	buf_addf(out, "To: <%.*s>" CRLF "Subject: ", STR_ARG(mail->to));
	add_text(out, mail->subject);
	buf_addf(out, CRLF "Message-ID: <%.*s@%.*s>" CRLF, STR_ARG(mail->id), STR_ARG(domain));
	/* RFC 3834 section 5: nobody's holiday answers it */
	buf_add(out, STR("Auto-Submitted: auto-generated" CRLF "MIME-Version: 1.0" CRLF
			 "Content-Type: text/plain; charset=utf-8" CRLF
			 "Content-Transfer-Encoding: quoted-printable" CRLF CRLF));
}

enum rc mail_write(struct err *err, const struct mail_sender *sender, const struct mail *mail,
		   uint64_t now_ms, struct buf *out)
{
	if (!is_bare(sender->from) || !is_bare(mail->to) || !is_bare(mail->id) ||
	    mail->to.len + mail->id.len + sender->from.len > LINE_BYTES_MAX / 2)
		return err_set(err, RC_INVALID, "an address that cannot stand in a message");
	add_headers(out, sender, mail, now_ms);
	add_body(out, mail->text);
	return out->failed ? err_set(err, RC_NO_MEMORY, "the message is too long") : RC_OK;
}
