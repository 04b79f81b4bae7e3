/* Bodies of forms with files. */
#include "httpd/multipart.h"

#include <stdlib.h>

#include "testkit.h"

#define TYPE STR("multipart/form-data; boundary=bound")
#define DISPOSITION "Content-Disposition: form-data; name=\"a\"\r\n"

static int setup(void **state)
{
	struct ctx *ctx = calloc(1, sizeof(*ctx));
	*state = ctx;
	return ctx == NULL || (ctx->arena = arena_new(1 << 24)) == NULL;
}

static int teardown(void **state)
{
	struct ctx *ctx = *state;
	arena_free(&ctx->arena);
	free(ctx);
	return 0;
}

static enum rc parse(struct ctx *ctx, struct str type, struct str body, struct multipart *form)
{
	ctx->err = (struct err){ 0 };
	return multipart_parse(ctx, type, body, form);
}

static void reads_fields_and_files(void **state)
{
	struct multipart form;
	assert_int_equal(parse(*state, TYPE,
			       STR("--bound\r\n"
				   "Content-Disposition: form-data; name=\"description\"\r\n\r\n"
				   "a cat\r\n"
				   "--bound\r\n"
				   "content-disposition: form-data; filename=\"c:\\x.jpg\"; "
				   "name=\"file\"\r\n"
				   "Content-Type: image/jpeg\r\n"
				   "content-transfer-encoding: binary\r\n"
				   "Content-Length: 13\r\n"
				   "X-Other: y\r\n\r\n"
				   "\0\r\n--boun\r\n\r\n\r\n"
				   "--bound--\r\n"),
			       &form),
			 RC_OK);
	assert_int_equal(form.count, 2);
	assert_str_eq(form.parts[0].name, STR("description"));
	assert_str_eq(form.parts[0].bytes, STR("a cat"));
	assert_false(form.parts[0].file);
	assert_null(form.parts[0].filename.ptr);
	assert_null(form.parts[0].type.ptr);
	const struct multipart_part *file = multipart_find(&form, STR("file"));
	assert_ptr_equal(file, &form.parts[1]);
	assert_true(file->file);
	assert_str_eq(file->filename, STR("c:\\x.jpg"));
	assert_str_eq(file->type, STR("image/jpeg"));
	assert_str_eq(file->bytes, STR("\0\r\n--boun\r\n\r\n"));
	assert_null(multipart_find(&form, STR("b")));
}

static void reads_empty_values_and_forms(void **state)
{
	struct multipart form;
	assert_int_equal(
		parse(*state, TYPE, STR("--bound\r\n" DISPOSITION "\r\n\r\n--bound--"), &form),
		RC_OK);
	assert_int_equal(form.count, 1);
	assert_int_equal(form.parts[0].bytes.len, 0);
	assert_int_equal(parse(*state, TYPE, STR("--bound--\r\n"), &form), RC_OK);
	assert_int_equal(form.count, 0);
}

static void takes_an_old_encoded_file_name_for_a_file_without_a_name(void **state)
{
	struct multipart form;
	assert_int_equal(parse(*state, TYPE,
			       STR("--bound\r\nContent-Disposition: form-data; name=a; "
				   "filename*=utf-8''%c3%a4\r\n\r\nx\r\n--bound--"),
			       &form),
			 RC_OK);
	assert_true(form.parts[0].file);
	assert_null(form.parts[0].filename.ptr);
}

static void knows_its_content_type_and_boundary(void **state)
{
	static const struct {
		const char *type;
		enum rc rc;
	} cases[] = {
		{ "multipart/form-data; boundary=bound", RC_OK },
		{ "Multipart/Form-Data ; charset=utf-8; Boundary=\"bound\"", RC_OK },
		{ "multipart/form-data;boundary=bound ", RC_OK },
		{ "multipart/form-data", RC_INVALID },
		{ "multipart/form-data; boundary=", RC_INVALID },
		{ "multipart/form-data; boundary=\"\"", RC_INVALID },
		{ "multipart/form-data; boundary=bound; boundary=bound", RC_INVALID },
		{ "multipart/form-data; boundary=bound, x", RC_INVALID },
		{ "multipart/form-data; boundary=\"bound", RC_INVALID },
		{ "multipart/form-data; boundary=\"bound\\\"\"", RC_INVALID },
		{ "multipart/form-data; boundary=\"bo und\"", RC_INVALID },
		{ "multipart/form-data; boundary=\"bound\"x", RC_INVALID },
		{ "multipart/form-data; boundary=other", RC_INVALID },
		{ "multipart/mixed; boundary=bound", RC_INVALID },
		{ "", RC_INVALID },
		{ "multipart/form-data; boundary="
		  "12345678901234567890123456789012345678901234567890123456789012345678901",
		  RC_INVALID },
	};
	struct multipart form;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(parse(*state, str_of(cases[i].type), STR("--bound--"), &form),
				 cases[i].rc);
	assert_true(multipart_is(STR("Multipart/form-data; boundary=x")));
	assert_true(multipart_is(STR("multipart/form-data")));
	assert_false(multipart_is(STR("multipart/form-datax")));
	assert_false(multipart_is(STR_NONE));
}

static void refuses_what_could_be_read_differently(void **state)
{
	static const struct str bodies[] = {
		STR_INIT(""),
		STR_INIT("preamble\r\n--bound--"),
		STR_INIT("--bound"),
		STR_INIT("--bound\n" DISPOSITION "\r\nx\r\n--bound--"),
		STR_INIT("--bound \r\n" DISPOSITION "\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION "\r\nx\r\n--bound-- "),
		STR_INIT("--bound\r\n" DISPOSITION "\r\nx\r\n--bound--\r\nepilogue"),
		STR_INIT("--bound\r\n" DISPOSITION "\r\nx\r\n--bound"),
		STR_INIT("--bound\r\n" DISPOSITION "\r\nx\r\n--boundary--\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION "\r\nx\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION DISPOSITION "\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\nContent-Type: a/b\r\nContent-Type: a/b\r\n" DISPOSITION
			 "\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION
			 "Content-Transfer-Encoding: base64\r\n\r\neA==\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION "Content-Length: 2\r\n\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION " ; filename=x\r\n\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION "X: \0\r\n\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION "X: a\nb\r\n\r\nx\r\n--bound--"),
		STR_INIT("--bound\r\n" DISPOSITION "X : a\r\n\r\nx\r\n--bound--"),
	};
	struct multipart form;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
		assert_int_equal(parse(*state, TYPE, bodies[i], &form), RC_INVALID);
		assert_int_equal(form.count, 0);
	}
}

static void refuses_odd_dispositions(void **state)
{
	static const char *const dispositions[] = {
		"form-data",
		"form-data; name=\"\"",
		"form-data; name=\"a",
		"form-data; name=\"a\\\"b\"",
		"form-data; name=\"a\\b\"",
		"form-data; name=\"\xff\"",
		"form-data; name=\"a\"; name=\"b\"",
		"form-data; name=\"a\"; filename=\"b\"; filename=\"c\"",
		"form-data; name=\"a\" filename=\"b\"",
		"form-data; name=\"a\"; name*=utf-8''b",
		"form-data; name=\"a\"; filename=\"b\\\"; name=\\\"c\"",
		"form-data; name=\"a\"; filename",
		"form-data, name=\"a\"",
		"attachment; name=\"a\"",
	};
	struct ctx *ctx = *state;
	struct multipart form;
	for (size_t i = 0; i < ARRAY_LEN(dispositions); i++) {
		struct str body = arena_printf(
			ctx->arena, "--bound\r\nContent-Disposition: %s\r\n\r\nx\r\n--bound--",
			dispositions[i]);
		assert_int_equal(parse(ctx, TYPE, body, &form), RC_INVALID);
	}
}

static void refuses_every_truncation(void **state)
{
	const struct str whole = STR("--bound\r\n" DISPOSITION "\r\nx\r\n--bound\r\n" DISPOSITION
				     "Content-Type: text/plain\r\n\r\ny\r\n--bound--");
	struct multipart form;
	assert_int_equal(parse(*state, TYPE, whole, &form), RC_OK);
	for (size_t len = 0; len < whole.len; len++)
		assert_int_equal(parse(*state, TYPE, str_take(whole, len), &form), RC_INVALID);
}

static void bounds_parts_and_their_heads(void **state)
{
	struct ctx *ctx = *state;
	struct multipart form;
	struct buf body = BUF_INIT(1 << 20);
	for (size_t i = 0; i < MULTIPART_PARTS_MAX; i++)
		buf_add(&body, STR("--bound\r\n" DISPOSITION "\r\nx\r\n"));
	size_t most = body.len;
	buf_add(&body, STR("--bound--"));
	assert_int_equal(parse(ctx, TYPE, buf_str(&body), &form), RC_OK);
	assert_int_equal(form.count, MULTIPART_PARTS_MAX);
	buf_cut(&body, most);
	buf_add(&body, STR("--bound\r\n" DISPOSITION "\r\nx\r\n--bound--"));
	assert_int_equal(parse(ctx, TYPE, buf_str(&body), &form), RC_TOO_LARGE);
	buf_reset(&body);
	buf_add(&body, STR("--bound\r\n"));
	for (size_t i = 0; i < 17; i++)
		buf_add(&body, STR("X: y\r\n"));
	buf_add(&body, STR(DISPOSITION "\r\nx\r\n--bound--"));
	assert_int_equal(parse(ctx, TYPE, buf_str(&body), &form), RC_TOO_LARGE);
	buf_reset(&body);
	buf_add(&body, STR("--bound\r\nX: "));
	for (size_t i = 0; i < 9000; i++)
		buf_add_chr(&body, 'x');
	buf_add(&body, STR("\r\n" DISPOSITION "\r\nx\r\n--bound--"));
	assert_int_equal(parse(ctx, TYPE, buf_str(&body), &form), RC_TOO_LARGE);
	buf_free(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_fields_and_files),
		cmocka_unit_test(reads_empty_values_and_forms),
		cmocka_unit_test(takes_an_old_encoded_file_name_for_a_file_without_a_name),
		cmocka_unit_test(knows_its_content_type_and_boundary),
		cmocka_unit_test(refuses_what_could_be_read_differently),
		cmocka_unit_test(refuses_odd_dispositions),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(bounds_parts_and_their_heads),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
