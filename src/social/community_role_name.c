/* How roles may be called. Inside transactions that may only read. */
#include "community_int.h"
#include "core/utf8.h"
#include "text/words.h"

#define LOOK_MAX 128

/* Small letters and digits that are drawn like others of the Latin alphabet: of confusables.txt (UTS 39) those that
 * the names of the four roles are made of. Accents and forms of compatibility are folded before. */
static const struct {
	uint32_t code;
	char like;
} alike[] = {
	{ '0', 'o' },	 { '1', 'l' },	  { '3', 'e' },	   { 0x0430, 'a' }, { 0x0435, 'e' },
	{ 0x043e, 'o' }, { 0x0440, 'p' }, { 0x0455, 's' }, { 0x0442, 't' }, { 0x043c, 'm' },
	{ 0x0432, 'b' }, { 0x0501, 'd' }, { 0x051d, 'w' }, { 0x0461, 'w' }, { 0x0433, 'r' },
	{ 0x0261, 'g' }, { 0x0581, 'g' }, { 0x03b1, 'a' }, { 0x03bf, 'o' }, { 0x03c1, 'p' },
	{ 0x03c4, 't' }, { 0x03c5, 'u' }, { 0x03c9, 'w' }, { 0x03b7, 'n' }, { 0x0578, 'n' },
	{ 0x057c, 'n' }, { 0x0585, 'o' }, { 0x057d, 'u' }, { 0x0131, 'i' }, { 0x0456, 'i' },
};

static uint32_t like(uint32_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(alike); i++) {
		if (alike[i].code == code)
			return (uint32_t)alike[i].like;
	}
	return code;
}

/* The Latin letters that somebody sees; all others but marks and blanks are "?". */
static struct str look_of(struct str folded, char out[LOOK_MAX])
{
	size_t n = 0;
	uint32_t code;
	while (n < LOOK_MAX && utf8_next(&folded, &code)) {
		code = like(code);
		if (code >= 'a' && code <= 'z')
			out[n++] = (char)code;
		else if (code >= 0x80 && !(code >= 0x2000 && code < 0x2070) && code != 0xfeff)
			out[n++] = '?';
	}
	return str_n(out, n);
}

static bool fold(struct social *s, struct str name, struct str *out)
{
	struct ctx quiet = { .arena = s->ctx->arena };
	return text_fold(&quiet, str_trim(name), out) == RC_OK;
}

/* Who reads "Owner" on a card takes them for one. */
static bool looks_like_one_of_the_four(struct str folded, uint64_t id)
{
	static const struct {
		enum community_role_id id;
		struct str name;
	} four[] = {
		{ COMMUNITY_GUEST, STR_INIT("guest") },
		{ COMMUNITY_MEMBER, STR_INIT("member") },
		{ COMMUNITY_MODERATOR, STR_INIT("moderator") },
		{ COMMUNITY_OWNER, STR_INIT("owner") },
	};
	char bytes[LOOK_MAX];
	struct str look = look_of(folded, bytes);
	for (size_t i = 0; i < ARRAY_LEN(four); i++) {
		if (id != four[i].id && str_eq(look, four[i].name))
			return true;
	}
	return false;
}

bool community_role_misleads(struct social *s, uint64_t community,
			     const struct community_role *role)
{
	struct community_role *roles =
		ARENA_ARRAY(s->ctx->arena, COMMUNITY_ROLES_MAX, struct community_role);
	struct str name, other;
	if (roles == NULL || !fold(s, role->name, &name) ||
	    looks_like_one_of_the_four(name, role->id))
		return true;
	size_t n = community_roles(s->txn, s->ctx->arena, community, roles);
	for (size_t i = 0; i < n; i++) {
		if (roles[i].id != role->id && fold(s, roles[i].name, &other) &&
		    str_eq(name, other))
			return true;
	}
	return false;
}
