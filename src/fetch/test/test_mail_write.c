/* Messages: what people read, and nothing that they or anybody else could have put into a header. */
#include "fetch/mail.h"
#include "testkit.h"

#define NOW UINT64_C(1795173368123) /* 2026-11-20T11:16:08.123Z */

static const struct mail_sender sender = { STR_INIT("City"), STR_INIT("noreply@example.org") };

static struct mail mail_of(struct str subject, struct str text)
{
	return (struct mail){
		.to = STR("alice@example.net"), .subject = subject, .text = text, .id = STR("17.9")
	};
}

static void a_message_is_as_rfc_5322_wants_it(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(8192);
	struct err err = { .rc = RC_OK };
	struct mail mail = mail_of(STR("Gr\xc3\xbc\xc3\x9f"
				       "e"),
				   STR("Hello,\n\nh\xc3\xa9 = 1 \n.\nFrom here\n"));
	assert_int_equal(mail_write(&err, &sender, &mail, NOW, &out), RC_OK);
	assert_str_eq(buf_str(&out), STR("Date: Fri, 20 Nov 2026 11:16:08 +0000\r\n"
					 "From: \"City\"\r\n <noreply@example.org>\r\n"
					 "To: <alice@example.net>\r\n"
					 "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n"
					 "Message-ID: <17.9@example.org>\r\n"
					 "Auto-Submitted: auto-generated\r\n"
					 "MIME-Version: 1.0\r\n"
					 "Content-Type: text/plain; charset=utf-8\r\n"
					 "Content-Transfer-Encoding: quoted-printable\r\n"
					 "\r\n"
					 "Hello,\r\n"
					 "\r\n"
					 "h=C3=A9 =3D 1=20\r\n"
					 "=2E\r\n"
					 "=46rom here\r\n"));
}

/* The lines of the header, a folded one as one. */
static size_t header_lines(struct str message)
{
	struct str head = str_take(message, str_find(message, STR("\r\n\r\n")));
	size_t n = 1;
	for (size_t i = 0; i + 2 < head.len; i++)
		n += head.ptr[i] == '\r' && head.ptr[i + 1] == '\n' && head.ptr[i + 2] != ' ';
	return n;
}

static void s107_nothing_adds_a_header(void **state UNUSED)
{
	static const struct str evil[] = {
		STR_INIT("x\r\nBcc: eve@evil.test"), STR_INIT("x\nBcc: eve@evil.test"),
		STR_INIT("x\rBcc: eve@evil.test"),   STR_INIT("x\0y"),
		STR_INIT("x\r\n\r\nbody"),	     STR_INIT("=?utf-8?q?=0d=0aBcc:?="),
		STR_INIT("a\" <eve@evil.test>, \""),
	};
	for (size_t i = 0; i < ARRAY_LEN(evil); i++) {
		struct buf out CLEANUP(buf_free) = BUF_INIT(8192);
		struct err err = { .rc = RC_OK };
		struct mail mail = mail_of(evil[i], STR("x"));
		struct mail_sender from = { evil[i], sender.from };
		assert_int_equal(mail_write(&err, &from, &mail, NOW, &out), RC_OK);
		assert_int_equal(header_lines(buf_str(&out)), 9);
		assert_false(str_contains(buf_str(&out), STR("eve")) && i < 6);
		/* in an address, where it cannot be spelt otherwise, it is refused */
		buf_reset(&out);
		mail.to = evil[i];
		assert_int_equal(mail_write(&err, &sender, &mail, NOW, &out), RC_INVALID);
		mail = mail_of(STR("x"), STR("x"));
		mail.id = evil[i];
		assert_int_equal(mail_write(&err, &sender, &mail, NOW, &out), RC_INVALID);
		from = (struct mail_sender){ STR("City"), evil[i] };
		mail = mail_of(STR("x"), STR("x"));
		assert_int_equal(mail_write(&err, &from, &mail, NOW, &out), RC_INVALID);
	}
}

static void long_lines_are_broken(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(64 * 1024),
		       text CLEANUP(buf_free) = BUF_INIT(8192);
	struct err err = { .rc = RC_OK };
	for (int i = 0; i < 500; i++)
		buf_add(&text, STR("\xe2\x82\xac"
				   "a b"));
	struct mail mail = mail_of(buf_str(&text), buf_str(&text));
	assert_int_equal(mail_write(&err, &sender, &mail, NOW, &out), RC_OK);
	struct str rest = buf_str(&out), line;
	while (str_next(&rest, '\n', &line) && rest.ptr != NULL) {
		assert_true(line.len <= 90);
		assert_true(line.len != 0 && line.ptr[line.len - 1] == '\r');
		/* a word of RFC 2047, and no character cut in two: the first of each begins one */
		assert_true(!str_has_prefix(line, STR(" =?")) || line.len <= 77);
	}
	assert_int_equal(header_lines(buf_str(&out)), 9);
}

static void a_full_buffer_is_said(void **state UNUSED)
{
	struct buf out CLEANUP(buf_free) = BUF_INIT(100);
	struct err err = { .rc = RC_OK };
	struct mail mail = mail_of(STR("x"), STR("x"));
	assert_int_equal(mail_write(&err, &sender, &mail, NOW, &out), RC_NO_MEMORY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_as_rfc_5322_wants_it),
		cmocka_unit_test(s107_nothing_adds_a_header),
		cmocka_unit_test(long_lines_are_broken),
		cmocka_unit_test(a_full_buffer_is_said),
	};
	return cmocka_run_group_tests_name("mail write", tests, NULL, NULL);
}
