/* FZ-03: whatever the page, what is read of it is text in its limits, and addresses are https;
 * and whether it links back is found out. */
#include <stdint.h>

#include "core/must.h"
#include "core/utf8.h"
#include "text/iri.h"
#include "text/page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void try_text(struct str text, size_t chars)
{
	must(utf8_valid(text) && utf8_count(text) <= chars && str_index(text, '\n') == text.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new((size_t)8 << 20);
	struct ctx ctx = { .arena = arena };
	struct page_meta m;
	must(arena != NULL);
	if (page_meta_read(&ctx, str_n(data, size), STR("https://a.example/b"), IRI_STRICT, &m) ==
	    RC_OK) {
		must(m.title.len != 0);
		try_text(m.title, 200);
		try_text(m.description, 500);
		try_text(m.site_name, 100);
		try_text(m.author, 100);
		try_text(m.image_alt, 500);
		must(m.image.len == 0 || str_has_prefix(m.image, STR("https://")));
		must(m.creator.len == 0 || str_index(m.creator, '@') != m.creator.len);
	}
	const struct str mine = STR("https://a.example/@a");
	bool found;
	if (page_says_me(&ctx, str_n(data, size), STR("https://b.example/"), IRI_STRICT, &mine, 1,
			 &found) != RC_OK)
		must(!found);
	arena_free(&arena);
	return 0;
}
