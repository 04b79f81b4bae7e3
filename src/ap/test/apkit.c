/* Documents for the tests of ap. */
#include "apkit.h"

#include <stdlib.h>

#include "core/must.h"

#define ARENA_MAX ((size_t)16 << 20)
#define HUGE_LEN 300000

void kit_init(struct kit *kit)
{
	*kit = (struct kit){ .ctx = { .arena = arena_new(ARENA_MAX) } };
	must(kit->ctx.arena != NULL);
	kit->reader = (struct ap_reader){ &kit->ctx, IRI_STRICT };
}

void kit_free(struct kit *kit)
{
	jr_free(&kit->doc);
	arena_free(&kit->ctx.arena);
}

void kit_reset(struct kit *kit)
{
	arena_reset(kit->ctx.arena);
	kit->ctx.err = (struct err){ 0 };
}

struct jr kit_parse_bytes(struct kit *kit, struct str bytes)
{
	jr_free(&kit->doc);
	kit_reset(kit);
	if (jr_parse(&kit->ctx, bytes, &jr_limits_peer, &kit->doc) != RC_OK)
		fail_msg("%s: %.200s", err_text(&kit->ctx.err), bytes.ptr);
	return jr_root(kit->doc);
}

struct jr kit_parse(struct kit *kit, const char *text)
{
	struct buf json CLEANUP(buf_free) = BUF_INIT(1 << 20);
	for (const char *c = text; *c != '\0'; c++)
		buf_add_chr(&json, *c == '\'' ? '"' : *c);
	return kit_parse_bytes(kit, buf_str(&json));
}

static void each_odd(struct kit *kit, const char *around, const char *odd,
		     void (*each)(struct kit *kit, struct jr root, const char *odd))
{
	struct buf text CLEANUP(buf_free) = BUF_INIT(1 << 20);
	const char *hole = strstr(around, "%s");
	must(hole != NULL);
	buf_add(&text, str_n(around, (size_t)(hole - around)));
	buf_add(&text, str_of(odd));
	buf_add(&text, str_of(hole + 2));
	must(!text.failed);
	each(kit, kit_parse(kit, text.ptr), odd);
}

void kit_each_odd(struct kit *kit, const char *around,
		  void (*each)(struct kit *kit, struct jr root, const char *odd))
{
	static const char *const odd[] = {
		"null",
		"true",
		"false",
		"0",
		"1",
		"-1",
		"1e300",
		"0.5",
		"''",
		"' '",
		"'x'",
		"'1'",
		"'/users/admin'",
		"'javascript:alert(1)'",
		"[]",
		"{}",
		"[[]]",
		"[{}]",
		"[null]",
		"[1,2]",
		"['']",
		"[[['https://a.example/x']]]",
		"{'id':1}",
		"{'id':null}",
		"{'id':['https://a.example/x']}",
		"{'href':{'href':'https://a.example/x'}}",
		"{'@id':'https://a.example/x'}",
		"{'type':[],'id':[]}",
	};
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		each_odd(kit, around, odd[i], each);
	char *huge = malloc(HUGE_LEN + 3);
	must(huge != NULL);
	memset(huge, 'a', HUGE_LEN + 2);
	huge[0] = huge[HUGE_LEN + 1] = '\'';
	huge[HUGE_LEN + 2] = '\0';
	each_odd(kit, around, huge, each);
	free(huge);
}
