/* Formulas as text (FEP-dc88, "Replacing a math element with text"). Owned by its caller. */
#include "html_int.h"

#define TEX_MAX ((size_t)4096)

void html_math_init(struct html_math *m)
{
	buf_init(&m->tex, TEX_MAX);
	m->block = m->semantics = m->reading = m->is_tex = false;
}

void html_math_free(struct html_math *m)
{
	buf_free(&m->tex);
}

void html_math_begin(struct html_math *m, const unsigned char **list)
{
	buf_reset(&m->tex);
	m->semantics = m->reading = m->is_tex = false;
	m->block = str_eq_nocase(html_attribute(list, "display"), STR("block"));
}

/* What is no annotation within semantics within math has no say. */
void html_math_open(struct html_math *m, size_t depth, const char *name, const unsigned char **list)
{
	struct str encoding = html_attribute(list, "encoding");
	bool is_tex = str_eq_nocase(encoding, STR("application/x-tex"));
	/* an annotation is plain text */
	if (m->reading) {
		m->reading = false;
		buf_reset(&m->tex);
	}
	if (depth == 2)
		m->semantics = strcmp(name, "semantics") == 0;
	if (depth != 3 || !m->semantics || strcmp(name, "annotation") != 0 || m->is_tex)
		return;
	if (!is_tex && (!str_eq_nocase(encoding, STR("text/plain")) || m->tex.len != 0))
		return;
	buf_reset(&m->tex);
	m->reading = true;
	m->is_tex = is_tex;
}

void html_math_text(struct html_math *m, struct str text)
{
	if (m->reading)
		buf_add(&m->tex, text);
}

void html_math_close(struct html_math *m, size_t depth)
{
	if (depth <= 3)
		m->reading = false;
}

void html_math_end(struct html_math *m, struct html_writer *w)
{
	struct str tex = str_trim(buf_str(&m->tex));
	struct str sign = m->block ? STR("$$") : STR("$");
	if (m->tex.failed || tex.len == 0)
		return;
	if (m->is_tex)
		html_writer_text(w, sign);
	html_writer_text(w, tex);
	if (m->is_tex)
		html_writer_text(w, sign);
}
