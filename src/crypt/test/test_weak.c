/* Passwords that nobody should take, and those that anybody may. */
#include "../weak_int.h"
#include "crypt/secret.h"
#include "testkit.h"

static bool is_weak(const char *password)
{
	static const struct str own[] = {
		STR_INIT("Clinic"),  STR_INIT("fediflow"), STR_INIT("social.example"),
		STR_INIT("j.smith"), STR_INIT("al"),	   STR_INIT("")
	};
	return password_is_weak(str_of(password), own, ARRAY_LEN(own));
}

static void s104_first_guesses_are_refused(void **state UNUSED)
{
	static const char *const weak[] = {
		/* common, however it is written and whatever digits follow */
		"password",
		"Password",
		"PASSWORD1",
		"password2024!",
		"iloveyou",
		"sunshine",
		"trustno1",
		"qwertyuiop",
		"1qaz2wsx",
		"baseball",
		"xboxlive",
		/* over and over */
		"aaaaaaaa",
		"abababab",
		"12341234",
		"!!!!!!!!!!!!",
		"xyzxyzxyzx",
		/* rows */
		"12345678",
		"87654321",
		"abcdefgh",
		"1234567890",
		"0987654321",
		"asdfghjkl",
		"qwertzuiop",
		"abcd1234",
		"123qweasd",
		"qwerasdf",
		"zxcvbnmlkj",
		"azertyuiop",
		/* names */
		"clinic123",
		"CLINIC2025!",
		"clinicclinic",
		"2025clinic",
		"fediflow",
		"FediFlow1",
		"social.example",
		"j.smith1990",
		"J.Smith!!",
	};
	for (size_t i = 0; i < ARRAY_LEN(weak); i++) {
		if (!is_weak(weak[i]))
			fail_msg("%s", weak[i]);
	}
}

static void others_are_taken(void **state UNUSED)
{
	static const char *const fine[] = {
		"correct horse battery",
		"clinic of my choice",
		"my clinic",
		"quite another one",
		"al1234zz",
		"passwordless days",
		"12345678 elephants",
		"aaaaaaab",
		"abcx1234",
		"p4ssw0rd-is-not-it",
		"j.smithson",
		"\xc3\xa4\xc3\xb6\xc3\xbc und Zucker",
	};
	for (size_t i = 0; i < ARRAY_LEN(fine); i++) {
		if (is_weak(fine[i]))
			fail_msg("%s", fine[i]);
	}
}

static void odd_ones_do_no_harm(void **state UNUSED)
{
	char longest[PASSWORD_MAX + 1];
	memset(longest, 'a', sizeof(longest));
	assert_true(password_is_weak(str_n(longest, PASSWORD_MAX), NULL, 0));
	/* too long: password_hash() refuses it */
	assert_false(password_is_weak(str_n(longest, sizeof(longest)), NULL, 0));
	assert_true(password_is_weak(str_n("\0\0\0\0\0\0\0\0", 8), NULL, 0));
	assert_false(password_is_weak(str_n("a\0b\0c\0d\0e", 9), NULL, 0));
	const struct str word = str_n(longest, sizeof(longest));
	assert_false(password_is_weak(STR("correct horse"), &word, 1));
}

static void the_list_is_sorted(void **state UNUSED)
{
	for (size_t i = 1; i < WEAK_COMMON; i++)
		assert_true(weak_common[i - 1] < weak_common[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(s104_first_guesses_are_refused),
		cmocka_unit_test(others_are_taken),
		cmocka_unit_test(odd_ones_do_no_harm),
		cmocka_unit_test(the_list_is_sorted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
