/*
 * Passwords that are among the first guesses (NIST SP 800-63B-4, 3.1.1.2; SECURITY S-104). What is held
 * against the list is the whole password, or what is left of it without digits and signs at its end.
 * Stateless, any thread.
 */
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "core/attr.h"
#include "crypt/secret.h"
#include "weak_int.h"

#define PERIOD_MAX 4 /* "abcdabcd" */
#define RUN_MIN 3    /* "123qwe" is two runs */
#define OWN_MIN 3

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || ((unsigned char)c & 0x80) != 0;
}

/* --- common ones --- */

static int compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* FNV-1a: the list is no secret, and one of a million others that falls on it is no loss. */
static bool is_listed(struct str text)
{
	uint32_t hash = 0x811c9dc5;
	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.ptr[i]) * 0x01000193;
	return bsearch(&hash, weak_common, WEAK_COMMON, sizeof(hash), compare) != NULL;
}

static bool is_common(struct str text)
{
	size_t stem = text.len;
	while (stem > 0 && !is_letter(text.ptr[stem - 1]))
		stem--;
	return is_listed(text) || is_listed(str_take(text, stem));
}

/* --- patterns --- */

static bool is_repeated(struct str text)
{
	for (size_t period = 1; period <= PERIOD_MAX; period++) {
		size_t i = period;
		while (i < text.len && text.ptr[i] == text.ptr[i - period])
			i++;
		if (i == text.len)
			return true;
	}
	return false;
}

/* Of one row, as far as it goes on from its first character; step is 1 or -1. */
static size_t run_along(struct str text, const char *row, int step)
{
	const char *at = strchr(row, text.ptr[0]);
	size_t n = 0;
	if (text.ptr[0] == '\0' || at == NULL)
		return 0;
	while (n < text.len && at >= row && *at != '\0' && text.ptr[n] == *at) {
		n++;
		at += step;
	}
	return n;
}

/* Rows of the alphabet, of digits and of keyboards, one after the other, to and fro. */
static bool is_sequence(struct str text)
{
	static const char *const rows[] = { "abcdefghijklmnopqrstuvwxyz",
					    "1234567890",
					    "0123456789",
					    "qwertyuiop",
					    "qwertzuiop",
					    "azertyuiop",
					    "asdfghjkl",
					    "qsdfghjklm",
					    "zxcvbnm",
					    "yxcvbnm",
					    "wxcvbn" };
	while (text.len != 0) {
		size_t best = 0;
		for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
			size_t forth = run_along(text, rows[i], 1);
			size_t back = run_along(text, rows[i], -1);
			best = forth > best ? forth : best;
			best = back > best ? back : best;
		}
		if (best < RUN_MIN)
			return false;
		text = str_skip(text, best);
	}
	return true;
}

/* --- what is known of the account --- */

static bool is_but_signs(struct str text)
{
	size_t i = 0;
	while (i < text.len && !is_letter(text.ptr[i]))
		i++;
	return i == text.len;
}

/* The word, once or more often, and digits and signs around. */
static bool is_made_of(struct str text, struct str word)
{
	if (word.len < OWN_MIN)
		return false;
	while (text.len != 0 && !str_has_prefix(text, word) && !is_letter(text.ptr[0]))
		text = str_skip(text, 1);
	if (!str_has_prefix(text, word))
		return false;
	while (str_has_prefix(text, word))
		text = str_skip(text, word.len);
	return is_but_signs(text);
}

static bool is_own(struct str text, struct str word)
{
	char folded[PASSWORD_MAX];
	if (word.len > sizeof(folded))
		return false;
	for (size_t i = 0; i < word.len; i++)
		folded[i] = lower(word.ptr[i]);
	return is_made_of(text, str_n(folded, word.len));
}

bool password_is_weak(struct str password, const struct str *own, size_t count)
{
	char folded[PASSWORD_MAX];
	if (password.len > sizeof(folded))
		return false;
	for (size_t i = 0; i < password.len; i++)
		folded[i] = lower(password.ptr[i]);
	struct str text = str_n(folded, password.len);
	bool weak = is_common(text) || is_repeated(text) || is_sequence(text);
	for (size_t i = 0; !weak && i < count; i++)
		weak = is_own(text, own[i]);
	OPENSSL_cleanse(folded, sizeof(folded));
	return weak;
}
