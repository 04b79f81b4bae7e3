/* Scenes for tests of communities over HTTP. */
#include "clubkit.h"

const char *text(struct scene *s, const char *format, uint64_t a, uint64_t b)
{
	struct arena *arena = s->kit->t.d.arena;
	struct str out = str_of(format);
	for (int i = 0; i < 2; i++) {
		size_t at = str_find(out, STR(":id"));
		if (at == out.len)
			break;
		out = arena_printf(arena, "%.*s%llu%.*s", STR_ARG(str_take(out, at)),
				   (unsigned long long)(i == 0 ? a : b),
				   STR_ARG(str_skip(out, at + 3)));
	}
	return arena_cstr(arena, out);
}

struct answer ask(struct scene *s, const char *method, struct str token, const char *path,
		  uint64_t b, const char *body)
{
	return api_ask(s->kit, method, token, text(s, path, s->id, b), body);
}

struct answer get(struct scene *s, struct str token, const char *path, uint64_t b)
{
	return ask(s, "GET", token, path, b, NULL);
}

struct answer post(struct scene *s, struct str token, const char *path, uint64_t b,
		   const char *body)
{
	return ask(s, "POST", token, path, b, body != NULL ? body : "");
}

void make(struct scene *s, const char *more)
{
	struct arena *arena = s->kit->t.d.arena;
	const char *body = arena_cstr(
		arena, arena_printf(arena, "{\"name\":\"botany\",\"title\":\"Botany\",%s}", more));
	struct answer a = api_ask(s->kit, "POST", s->alice_token, BASE, body);
	assert_int_equal(a.status, 200);
	s->id = answer_id(&a);
	assert_true(s->id != 0);
}

uint64_t say(struct scene *s, struct str token, const char *words)
{
	struct arena *arena = s->kit->t.d.arena;
	const char *body =
		arena_cstr(arena, arena_printf(arena, "{\"status\":\"%s\",\"group_id\":\"%llu\"}",
					       words, (unsigned long long)s->id));
	struct answer a = api_ask(s->kit, "POST", token, "/api/v1/statuses", body);
	return a.status == 200 ? answer_id(&a) : 0;
}

size_t count(const struct answer *a)
{
	assert_int_equal(a->status, 200);
	return jr_count(a->json);
}
