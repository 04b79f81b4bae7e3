/* What the service has said, for the next who asks; what nobody asked for longest goes first. */
#include <stdlib.h>

#include "translate_int.h"

#define BYTES_MAX ((size_t)8 << 20)

static struct str key_of(const struct digest *key)
{
	return str_n(key->bytes, DIGEST_SIZE);
}

static void detach(struct answers *answers, struct answer *a)
{
	*(a->newer != NULL ? &a->newer->older : &answers->newest) = a->older;
	*(a->older != NULL ? &a->older->newer : &answers->oldest) = a->newer;
}

static void push(struct answers *answers, struct answer *a)
{
	a->newer = NULL;
	a->older = answers->newest;
	*(a->older != NULL ? &a->older->newer : &answers->oldest) = a;
	answers->newest = a;
}

static void forget(struct answers *answers, struct answer *a)
{
	map_del(&answers->map, key_of(&a->key));
	detach(answers, a);
	answers->bytes -= a->len + sizeof(*a);
	free(a->bytes);
	free(a);
}

const struct answer *answers_get(struct answers *answers, const struct digest *key)
{
	struct answer *a = map_get(&answers->map, key_of(key));
	if (a != NULL) {
		detach(answers, a);
		push(answers, a);
	}
	return a;
}

void answers_put(struct answers *answers, const struct digest *key, struct str bytes)
{
	struct answer *there = map_get(&answers->map, key_of(key));
	if (there != NULL)
		forget(answers, there);
	struct answer *a = calloc(1, sizeof(*a));
	char *copy = malloc(bytes.len + 1);
	/* it is asked for once more then */
	if (a == NULL || copy == NULL || !map_put(&answers->map, key_of(key), a)) {
		free(copy);
		free(a);
		return;
	}
	memcpy(copy, bytes.ptr, bytes.len);
	*a = (struct answer){ .key = *key, .bytes = copy, .len = bytes.len };
	push(answers, a);
	answers->bytes += a->len + sizeof(*a);
	while (answers->bytes > BYTES_MAX)
		forget(answers, answers->oldest);
}

void answers_free(struct answers *answers)
{
	while (answers->oldest != NULL)
		forget(answers, answers->oldest);
	map_free(&answers->map);
}
