/* E-mail addresses and networks that are kept out. Inside transactions, but for what is pure. */
#include "social/bar.h"

#include "bar_int.h"
#include "core/enc.h"
#include "crypt/digest.h"

/* --- e-mail addresses --- */

struct str bar_canonical(struct arena *arena, struct str email)
{
	struct buf plain CLEANUP(buf_free) = BUF_INIT(1024);
	struct buf hex = BUF_INIT((size_t)2 * DIGEST_SIZE);
	size_t at = str_rindex(email, '@');
	struct str user = str_take(str_take(email, at), str_index(str_take(email, at), '+'));
	for (size_t i = 0; i < user.len + (email.len - at); i++) {
		char c = i < user.len ? user.ptr[i] : email.ptr[at + i - user.len];
		if (i < user.len && c == '.')
			continue;
		buf_add_chr(&plain, c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c);
	}
	struct digest digest = digest_sha256(buf_str(&plain));
	enc_hex(&hex, str_n(digest.bytes, DIGEST_SIZE));
	return arena_take_buf(arena, &hex);
}

static enum barred barred_by(const struct bar *bar)
{
	return (enum barred)((unsigned)bar->severity + BARRED_APPROVAL);
}

static bool is_over(struct db_txn *txn, const struct bar *bar)
{
	return bar->expires_ms != 0 && bar->expires_ms <= db_txn_now(txn);
}

enum barred barred_email(struct db_txn *txn, struct arena *arena, const struct email *email)
{
	struct str domain = str_skip(email->key, str_rindex(email->key, '@') + 1);
	enum barred most = BARRED_NOT;
	struct bar bar;
	if (bar_find(txn, arena, BAR_EMAIL_CANONICAL, bar_canonical(arena, email->key), &bar) &&
	    !is_over(txn, &bar))
		most = barred_by(&bar);
	while (domain.len != 0) {
		if (bar_find(txn, arena, BAR_EMAIL_DOMAIN, domain, &bar) && !is_over(txn, &bar) &&
		    barred_by(&bar) > most)
			most = barred_by(&bar);
		domain = str_skip(domain, str_index(domain, '.') + 1);
	}
	return most;
}

/* --- networks --- */

bool network_read(struct str text, struct network *out)
{
	char zero[INET6_ADDRSTRLEN];
	struct str address, length;
	bool has_length = str_split(text, '/', &address, &length);
	*out = (struct network){ .v6 = str_index(address, ':') < address.len };
	uint64_t most = out->v6 ? 128 : 32, bits = most;
	if (address.len >= sizeof(zero))
		return false;
	memcpy(zero, address.ptr, address.len);
	zero[address.len] = '\0';
	if (inet_pton(out->v6 ? AF_INET6 : AF_INET, zero, out->bytes) != 1 ||
	    (has_length && !str_to_u64(length, &bits)) || bits > most)
		return false;
	out->bits = (unsigned)bits;
	network_clear(out, out->bits);
	return true;
}

void network_clear(struct network *n, unsigned bits)
{
	for (unsigned i = bits / 8; i < sizeof(n->bytes); i++)
		n->bytes[i] &= i == bits / 8 ? (unsigned char)~(0xffU >> (bits % 8)) : 0;
	n->bits = bits;
}

bool bar_network_parse(struct arena *arena, struct str text, struct str *out)
{
	char host[INET6_ADDRSTRLEN];
	struct network n;
	if (!network_read(text, &n) ||
	    inet_ntop(n.v6 ? AF_INET6 : AF_INET, n.bytes, host, sizeof(host)) == NULL)
		return false;
	*out = arena_printf(arena, "%s/%u", host, n.bits);
	return out->ptr != NULL;
}
