/* Cookies of sign-in. Any thread. */
#include "core/enc.h"
#include "crypt/digest.h"
#include "sign_in_int.h"

#define SESSION_SECONDS (365 * 24 * 3600)

static const struct row {
	const char *name, *plain; /* plain: in tests, without TLS */
	unsigned seconds;	  /* 0: until the browser ends */
} rows[] = {
	[COOKIE_FORM] = { "__Host-fediflow-form", "fediflow-form", 0 },
	[COOKIE_SESSION] = { "__Host-fediflow", "fediflow", SESSION_SECONDS },
};

static bool is_secure(const struct web *web)
{
	return str_has_prefix(web->site->base, STR("https:"));
}

static struct str name_of(const struct web *web, enum cookie which)
{
	return str_of(is_secure(web) ? rows[which].name : rows[which].plain);
}

/* RFC 6265 section 4.2. */
struct str cookie_get(struct httpd_request *req, const struct web *web, enum cookie which)
{
	struct str list = httpd_header(req, "Cookie"), pair, name, value;
	struct str wanted = name_of(web, which);
	while (str_next(&list, ';', &pair)) {
		if (str_split(str_trim(pair), '=', &name, &value) && str_eq(name, wanted))
			return value;
	}
	return STR_NONE;
}

void cookie_set(struct httpd_request *req, const struct web *web, enum cookie which,
		struct str value)
{
	struct buf line CLEANUP(buf_free) = BUF_INIT(1024);
	buf_addf(&line, "%.*s=%.*s; Path=/; HttpOnly; SameSite=Lax", STR_ARG(name_of(web, which)),
		 STR_ARG(value));
	if (is_secure(web))
		buf_add(&line, STR("; Secure"));
	if (value.len == 0)
		buf_add(&line, STR("; Max-Age=0"));
	else if (rows[which].seconds != 0)
		buf_addf(&line, "; Max-Age=%u", rows[which].seconds);
	httpd_add_header(req, "Set-Cookie", buf_str(&line));
}

struct str form_token(struct arena *arena, struct str cookie, const char *purpose)
{
	struct buf hex = BUF_INIT((size_t)DIGEST_SIZE * 2);
	struct digest digest = digest_hmac(cookie, str_of(purpose));
	enc_hex(&hex, str_n(digest.bytes, DIGEST_SIZE));
	return arena_take_buf(arena, &hex);
}

bool form_token_fits(struct arena *arena, struct str cookie, const char *purpose, struct str told)
{
	return cookie.len != 0 && str_eq_secret(form_token(arena, cookie, purpose), told);
}
